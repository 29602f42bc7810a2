"""`journeylint fix`: mend what policies know how to mend."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from journeylint.cli.check_command import check_focus
from journeylint.cli.color import wants_color
from journeylint.cli.exit_status import CLEAN, FINDINGS, NOT_JUDGED
from journeylint.cli.notices import tell_warnings
from journeylint.cli.plugin_options import build_command_host, plugin_options
from journeylint.cli.run_options import (
    RUN,
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
from journeylint.cli.streams import write_standard_output
from journeylint.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from journeylint.fixing.values import FixOutcome
    from journeylint.plugin_choice import PluginOptions

_WHAT = "What is mended"
_HOW = "By which policies, and how strictly"


@click.command(cls=SectionedCommand, short_help="Mend what policies know how to mend.")
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATHS]...")
@click.option(
    "--unsafe",
    cls=SectionedOption,
    section=_WHAT,
    is_flag=True,
    help="Make the fixes too that somebody has to look at: they change who gets a message, or leave something to complete.",
)
@click.option(
    "--diff",
    cls=SectionedOption,
    section=_WHAT,
    is_flag=True,
    help="Print what would change as a unified diff, and write nothing. The exit code is 1 if something would.",
)
@config_option(_WHAT)
@click.option(
    "--focus",
    cls=SectionedOption,
    section=_WHAT,
    is_flag=True,
    help="Judge the whole project, and mend only the findings in PATHS: for the files of a commit.",
)
@as_of_option(_WHAT)
@preset_option(_HOW)
@click.option(
    "--select",
    cls=SectionedOption,
    section=_HOW,
    multiple=True,
    metavar="POLICIES",
    help="Mend findings of these policies only: ids, names, packs or tags, separated by commas. All others still judge "
    "what a fix does.",
)
@click.option(
    "--ignore",
    cls=SectionedOption,
    section=_HOW,
    multiple=True,
    metavar="POLICIES",
    help="Leave findings of these policies alone.",
)
@no_suppressions_option(_HOW, text="Mend what is suppressed too: by a comment, manifest, configuration or baseline.")
@no_baseline_option(_HOW, text="Mend what the baseline accepts, too.")
@click.option(
    "--fail-on",
    cls=SectionedOption,
    section=_HOW,
    type=click.Choice(("error", "warning", "info", "never")),
    help="The least severity of a finding that, where it is left, makes the exit code 1. Default: error.",
)
@color_option(RUN, text="Colour what is told. Default: auto, on a terminal; NO_COLOR and FORCE_COLOR are heeded.")
@jobs_option(text="Use this many processes. Default: what the machine and the size of the workspace suggest.")
@no_cache_option()
@plugin_options
def fix(
    *,
    paths: tuple[str, ...],
    unsafe: bool,
    diff: bool,
    config: str | None,
    focus: bool,
    as_of: str | None,
    preset: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    no_suppressions: bool,
    no_baseline: bool,
    fail_on: str | None,
    color: str,
    jobs: int | None,
    no_cache: bool,
    plugins: PluginOptions,
) -> int:
    """Mend the findings in PATHS (files or folders; default: this folder) whose policies say how.

    The whole workspace is judged again before anything is written. A fix that brings another finding, or does not help, is
    taken back. Everything else in a file stays as it is, to the byte.

    \b
    Examples:
      journeylint fix
      journeylint fix --diff
      journeylint fix --unsafe --select OBS010 journeys/spring-sale.yaml

    \b
    Exit codes:
      0  nothing at or above --fail-on is left; with --diff, nothing would change
      1  findings at or above --fail-on are left, or a file was not written;
         with --diff, something would change
      2  the command line, configuration, a policy or a plugin is wrong:
         nothing was changed
      3  something could not be judged, or no manifest was found
      4  a bug in journeylint
    """
    from journeylint.check_request import CheckRequest  # noqa: PLC0415 - as above
    from journeylint.fix_workspace import fix_workspace  # noqa: PLC0415 - `--help` needs no engine

    if "-" in paths:
        raise UsageError("fix changes files: it does not go with standard input")
    if focus:
        check_focus(paths, has_stdin=False)
    settings, host, _ = build_command_host(plugins, paths=() if focus else paths, config=config)
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
        uses_baseline=not no_baseline,
    )
    outcome = fix_workspace(request, host, settings, with_unsafe=unsafe)
    tell_warnings(outcome.report.warnings)
    return _show_diff(outcome) if diff else _write_files(outcome, color)


def _show_diff(outcome: FixOutcome) -> int:
    from journeylint.cli.fix_text import diff_lines, diff_summary  # noqa: PLC0415 - not for `--help`

    write_standard_output(partial(_write_lines, list(diff_lines(outcome.files))))
    click.echo(diff_summary(outcome), err=True)
    return _status(outcome, is_left=bool(outcome.files))


def _write_files(outcome: FixOutcome, color: str) -> int:
    from journeylint.cli.file_replacement import replace_content  # noqa: PLC0415 - not for `--help`
    from journeylint.cli.fix_text import outcome_lines  # noqa: PLC0415 - as above
    from journeylint.terminal import defuse_commands, painter  # noqa: PLC0415 - as above

    results = [(one.source.path, replace_content(one.source.file, one.before, one.after)) for one in outcome.files]
    unwritten = [(path, reason) for path, reason in results if reason is not None]
    paint = painter(color=wants_color(color, sys.stdout))
    text = defuse_commands("\n".join(outcome_lines(outcome, unwritten, paint)))
    write_standard_output(partial(_write_lines, [f"{text}\n"]))
    return _status(outcome, is_left=bool(unwritten) or any(finding.counts for finding in outcome.left))


def _status(outcome: FixOutcome, *, is_left: bool) -> int:
    if outcome.report.failures or not outcome.report.summary.manifests:
        return NOT_JUDGED
    return FINDINGS if is_left else CLEAN


def _write_lines(lines: Iterable[str], stream: TextIO) -> None:
    stream.writelines(lines)
