"""What `journeylint baseline` does: judge, change, write, and tell."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from journeylint.baseline.change import Change, prune, update
from journeylint.baseline.entries import Baseline
from journeylint.baseline.folder import find_folder
from journeylint.check_request import CheckRequest
from journeylint.cli.baseline_text import tell_change, tell_unjudged
from journeylint.cli.exit_status import CLEAN, NOT_JUDGED
from journeylint.cli.notices import tell_errors, tell_warnings
from journeylint.cli.plugin_options import build_command_host
from journeylint.cli.run_options import split_words
from journeylint.cli.streams import write_standard_output
from journeylint.engine import load_baseline
from journeylint.errors import UsageError
from journeylint.pipeline import check
from journeylint.ports import Want
from journeylint.terminal import count, show_path
from journeylint.times import TimeError, parse_duration

if TYPE_CHECKING:
    from journeylint.model import Report
    from journeylint.plugin_choice import PluginOptions


class Asked(NamedTuple):
    """What a command line asks for."""

    paths: tuple[str, ...]
    plugins: PluginOptions
    baseline: Path | None
    config: Path | None
    as_of: str | None
    preset: str | None
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    dry_run: bool
    jobs: int | None
    no_cache: bool
    ttl: str | None = None
    renews: bool = False


class _Run(NamedTuple):
    """What a run found, and the baseline that it was with; `shown` is how people find that."""

    report: Report
    baseline: Baseline
    shown: str


def run_create(asked: Asked) -> int:
    """`journeylint baseline create`: the exit code."""
    term = _read_term(asked.ttl)
    run = _judge(asked, is_new=True)
    if _is_unjudged(run.report):
        return _give_up(run.report, "Nothing is written")
    change = update(run.baseline, run.report, _end_of(term, run.report))
    return _finish(asked, run, change, "create")


def run_update(asked: Asked) -> int:
    """`journeylint baseline update`: the exit code."""
    term = _read_term(asked.ttl)
    run = _judge(asked)
    if _is_unjudged(run.report):
        return _give_up(run.report, "Nothing is changed")
    change = update(run.baseline, run.report, _end_of(term, run.report), renews=asked.renews)
    return _finish(asked, run, change, "update")


def run_prune(asked: Asked) -> int:
    """`journeylint baseline prune`: the exit code."""
    run = _judge(asked)
    if run.report.summary.is_empty:
        return _give_up(run.report, "Nothing is changed")
    status = _finish(asked, run, prune(run.baseline, run.report), "prune")
    return _give_up(run.report, "Entries that this leaves in doubt stay") if _is_unjudged(run.report) else status


def _judge(asked: Asked, *, is_new: bool = False) -> _Run:
    here = Path.cwd()
    config = None if asked.config is None else os.fspath(asked.config)
    settings, host, _ = build_command_host(asked.plugins, config=config)
    is_inside = all(_is_in(path, (here, settings.folder)) for path in asked.paths)
    if not is_inside:
        settings, host, _ = build_command_host(asked.plugins, paths=asked.paths, config=config)
    folder = find_folder(settings, asked.baseline, here)
    shown = show_path(
        Path(os.path.relpath(folder, here)).as_posix() if folder.is_relative_to(here) else folder.as_posix()
    )
    baseline = load_baseline(folder, here)
    if is_new and baseline.files:
        there = f"{shown} accepts {count(baseline.entry_count, 'finding')} already"
        raise UsageError(
            f"{there}: `journeylint baseline update` brings it up to date - to begin anew, remove the folder"
        )
    request = CheckRequest(
        paths=asked.paths,
        working_directory=here,
        config=asked.config,
        preset=asked.preset,
        select=split_words(asked.select, "--select") if asked.select else None,
        ignore=split_words(asked.ignore, "--ignore"),
        as_of=asked.as_of,
        jobs=asked.jobs,
        use_cache=not asked.no_cache,
        focus=bool(asked.paths) and is_inside,
        wants=frozenset({Want.STABLE_POINTERS, Want.VALUES}),
        baseline=asked.baseline if folder.is_dir() else None,
    )
    report = check(request, host, settings)
    tell_warnings(report.warnings)
    return _Run(report, baseline, shown)


def _is_in(path: str, folders: tuple[Path, ...]) -> bool:
    full = Path(os.path.abspath(path))  # noqa: PTH100 - links stay, as in the folders
    return any(full.is_relative_to(folder.absolute()) for folder in folders)


def _finish(asked: Asked, run: _Run, change: Change, command: str) -> int:
    if not asked.dry_run:
        _write(run.baseline, change)
    lines = tell_change(change, run.shown, command, is_dry=asked.dry_run)
    write_standard_output(lambda stream: stream.write("\n".join(lines) + "\n"))
    return CLEAN


def _write(baseline: Baseline, change: Change) -> None:
    """Write the files that change, one after the other, each whole or not at all, then remove those that hold nothing."""
    from journeylint.baseline.file_names import file_of  # noqa: PLC0415 - a dry run writes nothing
    from journeylint.baseline.text import spell_file  # noqa: PLC0415 - as above
    from journeylint.cli.outputs import remove_file, write_file  # noqa: PLC0415 - as above

    before = {manifest: tuple(sorted(file.entries)) for manifest, file in baseline.files.items()}
    for manifest, entries in change.entries.items():
        if before.get(manifest) != entries:
            text = spell_file(manifest, entries)
            write_file(baseline.folder / file_of(manifest), lambda stream, text=text: stream.write(text))  # type: ignore[misc]  # mypy sees no default in a lambda
    for manifest in before:
        if manifest not in change.entries:
            remove_file(baseline.folder / file_of(manifest), up_to=baseline.folder)


def _read_term(ttl: str | None) -> timedelta | None:
    if ttl is None:
        return None
    try:
        term = parse_duration(ttl)
    except TimeError as error:
        raise UsageError(f"--ttl: {error}") from error
    if not term or term % timedelta(days=1):
        raise UsageError(f"--ttl {ttl!r}: expected a number of whole days, such as 90d")
    return term


def _end_of(term: timedelta | None, report: Report) -> date | None:
    if term is None:
        return None
    try:
        return report.as_of.date() + term
    except OverflowError:
        raise UsageError(f"--ttl: {term.days} days from now are past the year 9999 - leave it out for no end") from None


def _is_unjudged(report: Report) -> bool:
    return bool(report.failures) or report.summary.is_empty


def _give_up(report: Report, outcome: str) -> int:
    tell_errors(tell_unjudged(report, outcome))
    return NOT_JUDGED
