"""`journeylint check`: judge the manifests of a workspace and report."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from journeylint.cli.color import wants_color
from journeylint.cli.exit_status import exit_status
from journeylint.cli.notices import tell_errors, tell_warnings
from journeylint.cli.outputs import parse_outputs, write_file
from journeylint.cli.plugin_options import build_command_host, plugin_options
from journeylint.cli.run_options import (
    HOW,
    REPORT,
    RUN,
    WHAT,
    as_of_option,
    color_option,
    config_option,
    jobs_option,
    no_baseline_option,
    no_cache_option,
    no_suppressions_option,
    preset_option,
    split_words,
)
from journeylint.cli.sections import SectionedCommand, SectionedOption
from journeylint.cli.streams import read_standard_input, write_standard_output
from journeylint.errors import UsageError

if TYPE_CHECKING:
    from datetime import timedelta

    from journeylint.cli.outputs import Output
    from journeylint.model import Report
    from journeylint.plugin_choice import PluginOptions
    from journeylint.ports import Reporter


_FULL_SARIF = "sarif-suppressed"


@click.command(cls=SectionedCommand, short_help="Judge the manifests of a workspace and report.")
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATHS]...")
@config_option()
@click.option(
    "--focus",
    cls=SectionedOption,
    section=WHAT,
    is_flag=True,
    help="Judge the whole project, and report only the findings in PATHS: for the files of a commit.",
)
@as_of_option()
@click.option(
    "--within",
    cls=SectionedOption,
    section=WHAT,
    metavar="DURATION",
    help="Report too what will fail by then if nothing is done, such as 14d or 4h30m.",
)
@click.option(
    "--stdin-filename",
    cls=SectionedOption,
    section=WHAT,
    metavar="NAME",
    help="Judge standard input as if it were this file.",
)
@preset_option()
@click.option(
    "--select",
    cls=SectionedOption,
    section=HOW,
    multiple=True,
    metavar="POLICIES",
    help="Judge by these policies only, whatever their presets: ids, names, packs or tags, separated by commas.",
)
@click.option(
    "--ignore",
    cls=SectionedOption,
    section=HOW,
    multiple=True,
    metavar="POLICIES",
    help="Leave these policies out.",
)
@no_suppressions_option()
@click.option(
    "--fail-on",
    cls=SectionedOption,
    section=HOW,
    type=click.Choice(("error", "warning", "info", "never")),
    help="The least severity of a finding that makes the exit code 1. Default: error.",
)
@click.option(
    "--baseline",
    cls=SectionedOption,
    section=HOW,
    type=click.Path(),
    metavar="DIR",
    help="Leave out what this baseline accepts. Default: the configuration's, or journeylint-baseline beside it.",
)
@no_baseline_option()
@click.option(
    "--strict-baseline",
    cls=SectionedOption,
    section=HOW,
    is_flag=True,
    help="Exit with 1 where an entry of the baseline no longer occurs.",
)
@click.option(
    "--exit-zero",
    cls=SectionedOption,
    section=HOW,
    is_flag=True,
    help="Exit with 0 where it would be 1; failures still exit with 3.",
)
@click.option(
    "--allow-empty",
    cls=SectionedOption,
    section=HOW,
    is_flag=True,
    help="Exit with 0 where no manifest is found, not with 3.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    cls=SectionedOption,
    section=REPORT,
    multiple=True,
    metavar="FORMAT[=FILE]",
    help="Report in this format (text, json, sarif, github, gitlab, junit, markdown, azure, or what a plugin offers), "
    "into FILE or to standard output. Repeat it for several reports. Default: text.",
)
@click.option(
    "--sarif-suppressed",
    cls=SectionedOption,
    section=REPORT,
    is_flag=True,
    help="Show suppressed findings in the SARIF log too, each with what suppresses it: `-o sarif` means "
    "`-o sarif-suppressed`. GitHub code scanning would show them as alerts.",
)
@color_option(
    text="Colour the report on standard output. Default: auto, on a terminal; NO_COLOR and FORCE_COLOR are heeded."
)
@jobs_option(text="Use this many processes. Default: what the machine and the size of the workspace suggest.")
@no_cache_option()
@click.option(
    "--statistics",
    cls=SectionedOption,
    section=RUN,
    is_flag=True,
    help="Tell on standard error, after the report, what each policy found and how long it took. One process is used.",
)
@plugin_options
def check(
    *,
    paths: tuple[str, ...],
    config: str | None,
    focus: bool,
    as_of: str | None,
    within: str | None,
    stdin_filename: str | None,
    preset: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    no_suppressions: bool,
    fail_on: str | None,
    baseline: str | None,
    no_baseline: bool,
    strict_baseline: bool,
    exit_zero: bool,
    allow_empty: bool,
    outputs: tuple[str, ...],
    sarif_suppressed: bool,
    color: str,
    jobs: int | None,
    no_cache: bool,
    statistics: bool,
    plugins: PluginOptions,
) -> int:
    """Judge the manifests in PATHS (files, folders, exports; `-` is standard input; default: this folder).

    \b
    Examples:
      journeylint check
      journeylint check journeys segments --fail-on warning
      journeylint check -o text -o sarif=journeylint.sarif --as-of 2025-03-01
      journeylint check --focus journeys/spring-sale.yaml
      journeylint check data.zip
      journeylint check --select outbound-segments --ignore OBS012

    \b
    Exit codes:
      0  all was judged, and nothing is at or above --fail-on
      1  there are findings at or above --fail-on, now or --within a time, or,
         with --strict-baseline, entries that no longer occur
      2  the command line, configuration, a policy or a plugin is wrong:
         nothing was judged
      3  something could not be judged, or no manifest was found
      4  a bug in journeylint
    """
    from journeylint.check_request import CheckRequest  # noqa: PLC0415 - as above
    from journeylint.discover import reads_stdin  # noqa: PLC0415 - `--help` needs no engine
    from journeylint.pipeline import check as judge  # noqa: PLC0415 - as above

    measured = None
    if statistics:
        from journeylint.statistics import Statistics  # noqa: PLC0415 - few runs are measured

        measured = Statistics()
    has_stdin = reads_stdin(paths, stdin_filename)
    if focus:
        check_focus(paths, has_stdin=has_stdin)
    if no_baseline and (baseline is not None or strict_baseline):
        raise UsageError("--no-baseline leaves the baseline out: it goes with no other option about the baseline")
    if no_suppressions and strict_baseline:
        raise UsageError("--no-suppressions leaves the baseline out: it does not go with --strict-baseline")
    settings, host, _ = build_command_host(plugins, paths=() if focus else paths, config=config)
    words = _take_full_sarif(outputs) if sarif_suppressed else outputs or ("text",)
    wanted = [(output, host.reporters[output.format].create()) for output in parse_outputs(words, host.reporters)]
    request = CheckRequest(
        paths=paths,
        working_directory=Path.cwd(),
        config=None if config is None else Path(config),
        preset=preset,
        select=split_words(select, "--select") if select else None,
        ignore=split_words(ignore, "--ignore"),
        as_of=as_of,
        fail_on=fail_on,
        jobs=jobs,
        focus=focus,
        use_cache=not no_cache,
        heeds_suppressions=not no_suppressions,
        stdin=read_standard_input() if has_stdin else None,
        stdin_filename=stdin_filename,
        wants=frozenset().union(*(reporter.wants for _, reporter in wanted)),
        outputs=tuple(output.file for output, _ in wanted if output.file is not None),
        baseline=None if baseline is None else Path(baseline),
        uses_baseline=not no_baseline,
        within=_parse_within(within),
        statistics=measured,
    )
    report = judge(request, host, settings)
    tell_warnings(report.warnings)
    write_reports(report, wanted, color=color)
    if measured is not None:
        from journeylint.cli.statistics_text import tell_statistics  # noqa: PLC0415 - as above

        tell_statistics(measured, report)
    stale = _count_stale(report) if strict_baseline else 0
    if stale:
        told = "1 entry of the baseline no longer occurs" if stale == 1 else f"{stale:,} entries no longer occur"
        tell_errors([f"--strict-baseline: {told} - run journeylint baseline prune, and commit what it changes"])
    return exit_status(report, allow_empty=allow_empty, exit_zero=exit_zero, fails_anyway=bool(stale))


def _take_full_sarif(outputs: tuple[str, ...]) -> tuple[str, ...]:
    """*outputs*, and for each SARIF log the one that shows what is suppressed too."""
    full = tuple(re.sub(r"^sarif(?==|$)", _FULL_SARIF, word) for word in outputs)
    if not any(word.partition("=")[0] == _FULL_SARIF for word in full):
        raise UsageError(
            "--sarif-suppressed is about the SARIF log: ask for one too, such as -o sarif=journeylint.sarif"
        )
    return full


def _parse_within(text: str | None) -> timedelta | None:
    if text is None:
        return None
    from journeylint.times import TimeError, parse_duration  # noqa: PLC0415 - as for `check`

    try:
        within = parse_duration(text)
    except TimeError as error:
        raise UsageError(f"--within: {error}") from error
    if not within:
        raise UsageError(f"--within: {text!r} leaves no time to look ahead: give a longer one, such as 14d")
    return within


def check_focus(paths: tuple[str, ...], *, has_stdin: bool) -> None:
    """Raise UsageError where `--focus` has nothing to go by."""
    if has_stdin:
        raise UsageError("--focus takes files of the project: it does not go with standard input")
    if not paths:
        raise UsageError("--focus needs PATHS: the files or folders to report on")


def _count_stale(report: Report) -> int:
    """How many entries of the baseline could be checked and no longer occur."""
    from journeylint.model import SuppressionForm, SuppressionState  # noqa: PLC0415 - few runs are strict

    stale = (SuppressionForm.BASELINE, SuppressionState.UNUSED)
    return sum((one.form, one.state) == stale for one in report.suppressions)


def write_reports(report: Report, wanted: Iterable[tuple[Output, Reporter]], *, color: str) -> None:
    """Write *report* once for each pair in *wanted*; *color* (`auto`, `always`, `never`) is for standard output."""
    for output, reporter in wanted:
        if output.file is None:
            write_standard_output(partial(_write, report, reporter, color=wants_color(color, sys.stdout)))
        else:
            write_file(output.file, partial(_write, report, reporter, color=False))


def _write(report: Report, reporter: Reporter, stream: TextIO, *, color: bool) -> None:
    reporter.write(report, stream, color=color)
