"""`journeylint check`: judge the manifests of a workspace and report."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from journeylint.cli.color import CHOICES, wants_color
from journeylint.cli.exit_status import exit_status
from journeylint.cli.notices import tell_warnings
from journeylint.cli.outputs import parse_outputs, write_file
from journeylint.cli.plugin_options import build_command_host, plugin_options
from journeylint.cli.sections import SectionedCommand, SectionedOption
from journeylint.cli.streams import read_standard_input, write_standard_output
from journeylint.errors import UsageError

if TYPE_CHECKING:
    from journeylint.cli.outputs import Output
    from journeylint.model import Report
    from journeylint.plugin_choice import PluginOptions
    from journeylint.ports import Reporter


_WHAT = "What is judged"
_HOW = "Which policies, and how strictly"
_REPORT = "Reports"
_RUN = "The run"


def demand_positive(_context: click.Context, _option: click.Parameter, number: int | None) -> int | None:
    """The *number* of processes that an option gives; BadParameter where it is none."""
    if number is not None and number < 1:
        raise click.BadParameter(f"{number} is not a number of processes: expected 1 or more")
    return number


@click.command(cls=SectionedCommand, short_help="Judge the manifests of a workspace and report.")
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATHS]...")
@click.option(
    "--config",
    cls=SectionedOption,
    section=_WHAT,
    type=click.Path(),
    metavar="FILE",
    help="Read this configuration instead of the nearest journeylint.yaml or pyproject.toml.",
)
@click.option(
    "--focus",
    cls=SectionedOption,
    section=_WHAT,
    is_flag=True,
    help="Judge the whole project, and report only the findings in PATHS: for the files of a commit.",
)
@click.option(
    "--as-of",
    cls=SectionedOption,
    section=_WHAT,
    metavar="INSTANT",
    help="Take this as now: 2025-03-01T09:00:00Z, or 2025-03-01 for its first moment in UTC. Default: the clock.",
)
@click.option(
    "--stdin-filename",
    cls=SectionedOption,
    section=_WHAT,
    metavar="NAME",
    help="Judge standard input as if it were this file.",
)
@click.option(
    "--select",
    cls=SectionedOption,
    section=_HOW,
    multiple=True,
    metavar="POLICIES",
    help="Judge by these policies only: ids, names, packs or tags, separated by commas.",
)
@click.option(
    "--ignore",
    cls=SectionedOption,
    section=_HOW,
    multiple=True,
    metavar="POLICIES",
    help="Leave these policies out.",
)
@click.option(
    "--fail-on",
    cls=SectionedOption,
    section=_HOW,
    type=click.Choice(("error", "warning", "info", "never")),
    help="The least severity of a finding that makes the exit code 1. Default: error.",
)
@click.option(
    "--exit-zero",
    cls=SectionedOption,
    section=_HOW,
    is_flag=True,
    help="Exit with 0 where it would be 1; failures still exit with 3.",
)
@click.option(
    "--allow-empty",
    cls=SectionedOption,
    section=_HOW,
    is_flag=True,
    help="Exit with 0 where no manifest is found, not with 3.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    cls=SectionedOption,
    section=_REPORT,
    multiple=True,
    metavar="FORMAT[=FILE]",
    help="Report in this format (text, json, sarif, github, gitlab, junit, markdown, azure, or what a plugin offers), "
    "into FILE or to standard output. Repeat it for several reports. Default: text.",
)
@click.option(
    "--color",
    cls=SectionedOption,
    section=_REPORT,
    type=click.Choice(CHOICES),
    default="auto",
    help="Colour the report on standard output. Default: auto, on a terminal; NO_COLOR and FORCE_COLOR are heeded.",
)
@click.option(
    "--jobs",
    cls=SectionedOption,
    section=_RUN,
    type=int,
    callback=demand_positive,
    metavar="N",
    help="Use this many processes. Default: what the machine and the size of the workspace suggest.",
)
@click.option("--no-cache", cls=SectionedOption, section=_RUN, is_flag=True, help="Neither read nor write the cache.")
@plugin_options
def check(
    *,
    paths: tuple[str, ...],
    config: str | None,
    focus: bool,
    as_of: str | None,
    stdin_filename: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str | None,
    exit_zero: bool,
    allow_empty: bool,
    outputs: tuple[str, ...],
    color: str,
    jobs: int | None,
    no_cache: bool,
    plugins: PluginOptions,
) -> int:
    """Judge the journeys and segments in PATHS (files or folders; `-` is standard input; default: this folder).

    \b
    Examples:
      journeylint check
      journeylint check journeys segments --fail-on warning
      journeylint check -o text -o sarif=journeylint.sarif --as-of 2025-03-01
      journeylint check --focus journeys/spring-sale.yaml
      journeylint check --select outbound-segments --ignore OBS012

    \b
    Exit codes:
      0  all was judged, and nothing is at or above --fail-on
      1  there are findings at or above --fail-on
      2  the command line, configuration, a policy or a plugin is wrong:
         nothing was judged
      3  something could not be judged, or no manifest was found
      4  a bug in journeylint
    """
    from journeylint.discover import reads_stdin  # noqa: PLC0415 - `--help` needs no engine
    from journeylint.pipeline import CheckRequest  # noqa: PLC0415 - as above
    from journeylint.pipeline import check as judge  # noqa: PLC0415 - as above

    has_stdin = reads_stdin(paths, stdin_filename)
    if focus:
        check_focus(paths, has_stdin=has_stdin)
    settings, host, _ = build_command_host(plugins, paths=() if focus else paths, config=config)
    wanted = [
        (output, host.reporters[output.format].create())
        for output in parse_outputs(outputs or ("text",), host.reporters)
    ]
    request = CheckRequest(
        paths=paths,
        working_directory=Path.cwd(),
        config=None if config is None else Path(config),
        select=split_words(select, "--select") if select else None,
        ignore=split_words(ignore, "--ignore"),
        as_of=as_of,
        fail_on=fail_on,
        jobs=jobs,
        focus=focus,
        use_cache=not no_cache,
        stdin=read_standard_input() if has_stdin else None,
        stdin_filename=stdin_filename,
        wants=frozenset().union(*(reporter.wants for _, reporter in wanted)),
        outputs=tuple(output.file for output, _ in wanted if output.file is not None),
    )
    report = judge(request, host, settings)
    tell_warnings(report.warnings)
    write_reports(report, wanted, color=color)
    return exit_status(report, allow_empty=allow_empty, exit_zero=exit_zero)


def check_focus(paths: tuple[str, ...], *, has_stdin: bool) -> None:
    """Raise UsageError where `--focus` has nothing to go by."""
    if has_stdin:
        raise UsageError("--focus takes files of the project: it does not go with standard input")
    if not paths:
        raise UsageError("--focus needs PATHS: the files or folders to report on")


def write_reports(report: Report, wanted: Iterable[tuple[Output, Reporter]], *, color: str) -> None:
    """Write *report* once for each pair in *wanted*; *color* (`auto`, `always`, `never`) is for standard output."""
    for output, reporter in wanted:
        if output.file is None:
            write_standard_output(partial(_write, report, reporter, color=wants_color(color, sys.stdout)))
        else:
            write_file(output.file, partial(_write, report, reporter, color=False))


def _write(report: Report, reporter: Reporter, stream: TextIO, *, color: bool) -> None:
    reporter.write(report, stream, color=color)


def split_words(values: tuple[str, ...], option: str) -> tuple[str, ...]:
    """The words of a repeatable *option* whose values may hold several, separated by commas."""
    words = tuple(word.strip() for value in values for word in value.split(","))
    if "" in words:
        raise UsageError(f"{option} {','.join(values)!r}: expected ids, names, packs or tags, separated by commas")
    return words
