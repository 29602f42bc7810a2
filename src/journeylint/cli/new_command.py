"""`journeylint new`: policies and plugins to start from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from journeylint.cli.new_files import tell_written, write_new_files
from journeylint.cli.new_names import check_name, check_prefix
from journeylint.cli.plugin_options import build_command_host, plugin_options
from journeylint.errors import UsageError

if TYPE_CHECKING:
    from journeylint.plugin_choice import PluginOptions

_SEVERITIES = ("error", "warning", "info")


@click.group(short_help="Begin a policy or a plugin.")
def new() -> None:
    """Begin a policy or a plugin: files that pass every check as they are, to change from there."""


@new.command(short_help="Begin a policy, with its cases.")
@click.argument("place", metavar="[ROOT/]PACK/NAME")
@click.option("--kind", default="Journey", help="The kind of manifest that it judges. Default: Journey.")
@click.option(
    "--each", default="$", metavar="JSONPATH", help="What to judge in each manifest. Default: the manifest itself."
)
@click.option("--title", help="The policy in one line. Default: its name in words.")
@click.option(
    "--severity", type=click.Choice(_SEVERITIES), default="warning", help="How bad a finding is. Default: warning."
)
@click.option("--id", "identifier", metavar="ID", help="Its id. Default: the next that is free in the pack.")
@click.option("--prefix", help="What ids of the pack begin with, if the pack is new. Default: from its name.")
@plugin_options
def policy(
    *,
    place: str,
    kind: str,
    each: str,
    title: str | None,
    severity: str,
    identifier: str | None,
    prefix: str | None,
    plugins: PluginOptions,
) -> int:
    """Write the policy NAME into the pack PACK, which is made if there is none, with a case that fails and one that passes.

    ROOT is the folder that holds the packs: without it, the first of `policy-roots` in the configuration, else `policies`.
    No file is written over.

    \b
    Examples:
      journeylint new policy acme/tiny-audience
      journeylint new policy acme/unnamed-step --each '$.spec.segments[*]' --severity error
    """
    from journeylint.cli.policy_draft import PolicyDraft  # noqa: PLC0415 - `--help` needs no engine

    settings, host, _ = build_command_host(plugins, roots_may_lack_packs=True)
    draft = PolicyDraft(place, kind, each, title, severity, identifier, prefix, settings, host)
    files = draft.files()
    write_new_files(files)
    tell_written(files, draft.next_steps())
    return 0


@new.command(short_help="Begin a distribution with a pack of policies.")
@click.argument("name")
@click.option("--prefix", help="What ids of its pack begin with. Default: from NAME.")
@click.option("--python", "with_python", is_flag=True, help="With a CEL function and a report format in Python, too.")
@plugin_options
def plugin(*, name: str, prefix: str | None, with_python: bool, plugins: PluginOptions) -> int:
    """Write a Python distribution into the folder NAME: a pack with a policy and its cases, tests, and how to ship it.

    A pack needs no Python beyond an empty package. No file is written over.

    \b
    Examples:
      journeylint new plugin acme-policies
      journeylint new plugin acme-policies --prefix ACME --python
    """
    from journeylint.scaffold.plugin import next_steps, plugin_files  # noqa: PLC0415 - `--help` needs no engine
    from journeylint.scaffold.policy import prefix_of  # noqa: PLC0415 - as above

    folder = Path(name)
    check_name(folder.name, "distribution")
    if folder.name[0].isdigit():
        raise UsageError(f"{folder.name!r} cannot be a package's name: begin with a letter")
    chosen = prefix or prefix_of(folder.name.removesuffix("-policies"))
    check_prefix(chosen)
    host = build_command_host(plugins).host
    files = {
        folder / path: text for path, text in plugin_files(folder.name, chosen, host, with_python=with_python).items()
    }
    write_new_files(files)
    tell_written(files, next_steps(folder.as_posix()))
    return 0
