"""`journeylint policies`: the packs and policies that a run would judge by."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from journeylint.cli.color import CHOICES, wants_color
from journeylint.cli.installed_policies import read_installed_policies, read_now
from journeylint.cli.plugin_options import config_option, plugin_options
from journeylint.cli.policy_page import SEVERITY_STYLES
from journeylint.cli.streams import write_standard_output
from journeylint.policies import DEFAULT_PRESETS, Library
from journeylint.terminal import Painter, Style, count, make_visible, painter, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from journeylint.plugin_choice import PluginOptions
    from journeylint.policies import Pack, Policy


@click.command(short_help="List the packs and their policies.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    help="As a list for people, or as JSON for programs. Default: text.",
)
@click.option(
    "--preset",
    metavar="NAME",
    help="Those of this preset only: recommended, strict, legacy-outbound, all, or one of a plugin.",
)
@click.option(
    "--color", type=click.Choice(CHOICES), default="auto", help="Colour the list. Default: auto, on a terminal."
)
@config_option
@plugin_options
def policies(*, form: str, preset: str | None, color: str, config: str | None, plugins: PluginOptions) -> int:
    """List the packs and their policies: id, severity, name, title and tags, and what is not settled about them.

    Presets are told of policies that are in others than recommended, strict and all.

    \b
    Examples:
      journeylint policies
      journeylint policies --preset strict
      journeylint policies --format json
    """
    library = read_installed_policies(plugins, config)
    if preset is not None:
        library = _choose(library, preset)
    if form == "json":
        text = json.dumps(_as_data(library.packs, library.policies), indent=2, ensure_ascii=False)
    else:
        paint = painter(color=wants_color(color, sys.stdout))
        text = "\n".join(_list_lines(library.packs, library.policies, read_now(), paint))
    write_standard_output(lambda stream: stream.write(text + "\n"))
    return 0


def _choose(library: Library, preset: str) -> Library:
    """What of *library* is in *preset*; packs without any such policy are left out."""
    from journeylint.settings.check import check_preset, is_in_preset  # noqa: PLC0415 - most lists need not pay for it

    check_preset("--preset", preset, library.policies)
    listed = tuple(policy for policy in library.policies if is_in_preset(policy, preset))
    names = {policy.pack for policy in listed}
    return Library(tuple(pack for pack in library.packs if pack.name in names), listed)


def _list_lines(packs: Sequence[Pack], listed: Sequence[Policy], now: datetime, paint: Painter) -> Iterator[str]:
    for pack in packs:
        own = [policy for policy in listed if policy.pack == pack.name]
        yield f"{paint(f'{pack.name} ({pack.prefix})', Style.BOLD)} {make_visible(pack.title)}"
        yield ""
        widest = max((len(policy.id) for policy in own), default=0)
        for policy in own:
            yield from _policy_lines(policy, widest, now, paint)
        yield ""
    yield f"{count(len(listed), 'policy')} in {count(len(packs), 'pack')}. More about one: journeylint explain ID"


def _policy_lines(policy: Policy, widest: int, now: datetime, paint: Painter) -> Iterator[str]:
    from journeylint.cli.life_text import describe_life  # noqa: PLC0415 - other commands need not pay for it

    severity = paint(f"{policy.severity.value:7}", SEVERITY_STYLES[policy.severity])
    yield f"  {policy.id:{widest}}  {severity}  {paint(policy.name, Style.BOLD)}"
    indent = " " * (widest + 13)
    yield from wrap(policy.title, first=indent, rest=indent)
    if policy.presets != DEFAULT_PRESETS:
        yield f"{indent}presets: {', '.join(policy.every_preset)}"
    for label, said in describe_life(policy.life, now):
        yield from wrap(f"{label}: {said}", first=indent, rest=indent)
    if policy.tags:
        yield from (
            paint(line, Style.DIM) for line in wrap(f"tags: {', '.join(policy.tags)}", first=indent, rest=indent)
        )


def _as_data(packs: Sequence[Pack], listed: Sequence[Policy]) -> dict[str, object]:
    return {
        "schemaVersion": "1",
        "packs": [
            {
                "name": pack.name,
                "prefix": pack.prefix,
                "title": pack.title,
                "policies": [_policy_data(policy) for policy in listed if policy.pack == pack.name],
            }
            for pack in packs
        ],
    }


def _policy_data(policy: Policy) -> dict[str, object]:
    from journeylint.cli.life_text import life_data  # noqa: PLC0415 - other commands need not pay for it

    return {
        "id": policy.id,
        "name": policy.name,
        "severity": policy.severity.value,
        "title": policy.title,
        "tags": list(policy.tags),
        "presets": list(policy.every_preset),
        "since": policy.since,
        **life_data(policy.life),
        **({} if policy.fix is None else {"fix": {"isSafe": policy.fix.is_safe}}),
    }
