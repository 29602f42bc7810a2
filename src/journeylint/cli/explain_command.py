"""`journeylint explain`: one policy as a page, or why it says what it says of a manifest."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from journeylint.cli.color import CHOICES, wants_color
from journeylint.cli.failure_page import failure_page, find_failure_code
from journeylint.cli.plugin_options import build_command_host, plugin_options
from journeylint.cli.streams import write_standard_output
from journeylint.errors import UsageError
from journeylint.terminal import painter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from journeylint.plugin_choice import PluginOptions
    from journeylint.terminal import Painter


@click.command(short_help="Explain a policy, a failure, or a verdict.")
@click.argument("word", metavar="ID|NAME")
@click.argument("target", required=False, metavar="[FILE[#POINTER]]")
@click.argument("pointer", required=False, metavar="[POINTER]")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    help="With FILE: a page for people, or JSON for programs. Default: text.",
)
@click.option("--as-of", metavar="INSTANT", help="With FILE: take this as now, as `check` does.")
@click.option("--config", type=click.Path(), metavar="FILE", help="Read this configuration, as `check` does.")
@click.option(
    "--color", type=click.Choice(CHOICES), default="auto", help="Colour the page. Default: auto, on a terminal."
)
@plugin_options
def explain(
    *,
    word: str,
    target: str | None,
    pointer: str | None,
    form: str,
    as_of: str | None,
    config: str | None,
    color: str,
    plugins: PluginOptions,
) -> int:
    """Tell what a policy, or a failure such as JL002, is about and what to do.

    With FILE, tell what became of the nodes that the policy judges there, as part of the whole project: the
    verdict, what suppresses it, each condition with its value, and what it read. A JSON pointer picks one node or
    those below it, and Kind/name stands for the file of that manifest.

    \b
    Examples:
      journeylint explain OBS004
      journeylint explain oversized-outbound-segment
      journeylint explain OBS004 journeys/spring.yaml
      journeylint explain OBS004 'journeys/spring.yaml#/spec/segments/0'
      journeylint explain OBS004 Journey/spring-sale --format json
    """
    paint = painter(color=wants_color(color, sys.stdout))
    if target is not None:
        asked = _Asked(word, target, pointer, as_of, config, plugins)
        text = _explanation(asked, form, paint)
    else:
        if form != "text" or as_of:
            raise UsageError("--format and --as-of are about a manifest: name its file too")
        text = "\n".join(_page(word, config, plugins, paint))
    write_standard_output(lambda stream: stream.write(text + "\n"))
    return 0


def _page(word: str, config: str | None, plugins: PluginOptions, paint: Painter) -> Iterator[str]:
    code = find_failure_code(word)
    if code is not None:
        return iter(failure_page(code, paint))
    from journeylint.cli.find_policy import find_policy  # noqa: PLC0415 - failures need no policies
    from journeylint.cli.installed_policies import read_installed_policies, read_now  # noqa: PLC0415 - as above
    from journeylint.cli.policy_page import policy_page  # noqa: PLC0415 - as above

    library = read_installed_policies(plugins, config)
    policy = find_policy(word, library.policies)
    pack = next((pack for pack in library.packs if pack.name == policy.pack), None)
    return policy_page(policy, pack, read_now(), paint)


class _Asked(NamedTuple):
    """What is asked about, and as of when and under which configuration."""

    word: str
    target: str
    pointer: str | None
    as_of: str | None
    config: str | None
    plugins: PluginOptions


def _explanation(asked: _Asked, form: str, paint: Painter) -> str:
    import json  # noqa: PLC0415 - a page needs none of these

    from journeylint.check_request import CheckRequest  # noqa: PLC0415 - as above
    from journeylint.cli.explanation_json import explanation_data  # noqa: PLC0415 - as above
    from journeylint.cli.explanation_text import explanation_page  # noqa: PLC0415 - as above
    from journeylint.cli.find_policy import find_policy  # noqa: PLC0415 - as above
    from journeylint.evidence import Verdict  # noqa: PLC0415 - as above
    from journeylint.explain import explain as explain_policy  # noqa: PLC0415 - as above
    from journeylint.explain import names_manifest, parse_target, with_suppressions  # noqa: PLC0415 - as above
    from journeylint.pipeline import check, prepare  # noqa: PLC0415 - as above
    from journeylint.times import format_instant  # noqa: PLC0415 - as above

    if find_failure_code(asked.word) is not None:
        raise UsageError(f"{asked.word} is a failure, which no policy decides: name the policy that you wonder about")
    here = Path.cwd()
    target = parse_target(asked.target, asked.pointer, here)
    # As with --focus, the configuration is that of the project, whatever file is asked about.
    settings, host, _ = build_command_host(asked.plugins, config=asked.config)
    paths = () if names_manifest(target, host, here) else (target.place,)
    request = CheckRequest(paths, here, as_of=asked.as_of, focus=True)
    preparation = prepare(request, host, settings)
    policy = find_policy(asked.word, preparation.library.policies)
    explanation = explain_policy(policy, target, preparation, host)
    if any(trace.verdict is Verdict.FAILS for trace in explanation.traces):
        as_of = format_instant(preparation.as_of)
        whole = CheckRequest(paths, here, select=(policy.id,), as_of=as_of, focus=bool(paths))
        explanation = with_suppressions(explanation, check(whole, host, settings).suppressed)
    if form == "json":
        return json.dumps(explanation_data(explanation), indent=2, ensure_ascii=False)
    return "\n".join(explanation_page(explanation, paint))
