"""`journeylint suppressions`: what is accepted, by whom, why, until when, and what became of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from journeylint.cli.color import wants_color
from journeylint.cli.exit_status import exit_status
from journeylint.cli.notices import tell_warnings
from journeylint.cli.plugin_options import build_command_host, plugin_options
from journeylint.cli.run_options import (
    RUN,
    as_of_option,
    color_option,
    config_option,
    jobs_option,
    no_cache_option,
    split_words,
)
from journeylint.cli.sections import SectionedCommand, SectionedOption
from journeylint.cli.streams import write_standard_output
from journeylint.terminal import count, painter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from journeylint.cli.suppression_list import Listed
    from journeylint.model import Report
    from journeylint.plugin_choice import PluginOptions

_LIST = "The list"


@click.command(cls=SectionedCommand, short_help="List what is suppressed: who, why, until when.")
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATHS]...")
@config_option()
@as_of_option()
@click.option(
    "--state",
    "states",
    cls=SectionedOption,
    section=_LIST,
    multiple=True,
    metavar="STATES",
    help="Only those in these states, separated by commas: used, unused, expired, invalid, unchecked.",
)
@click.option(
    "--until",
    cls=SectionedOption,
    section=_LIST,
    metavar="DAY|TIME",
    help="Only those whose last day is this one or an earlier one: 2027-01-31, or 30d for 30 days from now on.",
)
@click.option(
    "--format",
    "form",
    cls=SectionedOption,
    section=_LIST,
    type=click.Choice(("text", "json", "ics")),
    default="text",
    help="As a list for people, JSON for programs, or a calendar of their ends. Default: text.",
)
@color_option(_LIST, text="Colour the list. Default: auto, on a terminal.")
@jobs_option(RUN)
@no_cache_option(RUN)
@plugin_options
def suppressions(
    *,
    paths: tuple[str, ...],
    config: str | None,
    as_of: str | None,
    states: tuple[str, ...],
    until: str | None,
    form: str,
    color: str,
    jobs: int | None,
    no_cache: bool,
    plugins: PluginOptions,
) -> int:
    """List the suppressions of a check of PATHS: who accepted what, why, until when, and whether it is needed.

    Those that need attention come first: not in order, over, soon over, not needed; then those in force, by their end.

    \b
    Examples:
      journeylint suppressions
      journeylint suppressions --state expired,unused
      journeylint suppressions --until 30d --format json
      journeylint suppressions --format ics > suppressions.ics

    \b
    Exit codes:
      0  here they are, or there are none
      2  the command line, configuration, a policy or a plugin is wrong:
         nothing was judged
      3  something could not be judged, or no manifest was found: the list
         is there, but does not tell everything
    """
    from journeylint.check_request import CheckRequest  # noqa: PLC0415 - as above
    from journeylint.cli.suppression_list import (  # noqa: PLC0415 - `--help` needs no engine
        list_suppressions,
        parse_states,
        parse_until,
    )
    from journeylint.pipeline import check as judge  # noqa: PLC0415 - as above

    wanted = parse_states(split_words(states, "--state", expected="states")) if states else ()
    horizon = None if until is None else parse_until(until)
    settings, host, _ = build_command_host(plugins, paths=paths, config=config)
    request = CheckRequest(
        paths=paths,
        working_directory=Path.cwd(),
        config=None if config is None else Path(config),
        as_of=as_of,
        jobs=jobs,
        use_cache=not no_cache,
    )
    report = judge(request, host, settings)
    tell_warnings([*report.warnings, *_tell_failures(report)])
    text = _write(list_suppressions(report, states=wanted, until=horizon), report, form, color)
    write_standard_output(lambda stream: stream.write(text))
    return exit_status(report, allow_empty=False, exit_zero=True)


def _tell_failures(report: Report) -> Sequence[str]:
    if report.summary.is_empty:
        return ["no manifest was found, so there is nothing that could be suppressed: name the folder of your journeys"]
    if not report.failures:
        return []
    told = f"{count(len(report.failures), 'failure')}: suppressions of what could not be judged are not checked"
    return [f"{told} - see `journeylint check`"]


def _write(listed: Sequence[Listed], report: Report, form: str, color: str) -> str:
    if form == "json":
        from journeylint.cli.suppression_json import write_suppressions_json  # noqa: PLC0415 - one format is enough

        return write_suppressions_json(listed, report)
    if form == "ics":
        from journeylint.cli.suppression_calendar import write_calendar  # noqa: PLC0415 - as above

        return write_calendar(listed, report)
    from journeylint.cli.suppression_text import suppression_lines  # noqa: PLC0415 - as above

    paint = painter(color=wants_color(color, sys.stdout))
    return "\n".join(suppression_lines(listed, report, paint)) + "\n"
