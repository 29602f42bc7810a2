"""What `journeylint import` tells: what it wrote, what it could not read, and what nobody knows anything of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from journeylint.terminal import Painter, Style, count, make_visible, show_path, wrap
from journeylint.wording import quote_value

if TYPE_CHECKING:
    from journeylint.importing.outcome import ImportOutcome, MissingColumn
    from journeylint.importing.translate import ImportFailure

_T = TypeVar("_T")
_MOST_PATHS = 20
_MOST_NOTES = 5


class ImportAccount(NamedTuple):
    """An import as it is told: the outcome, how much it read, and how it was asked for.

    `skipped` are the files that nobody recognised, `rows` those that were read in `files`.
    """

    outcome: ImportOutcome
    folder: str
    files: int
    rows: int
    skipped: Sequence[str] = ()
    is_dry_run: bool = False
    prunes: bool = False

    @property
    def is_about_nothing(self) -> bool:
        """Whether no row of all that were read is of a table that is known."""
        return self.rows == sum(self.outcome.unknown.values())


def account_lines(account: ImportAccount, paint: Painter) -> Iterator[str]:
    """The account for people."""
    outcome = account.outcome
    for failure in outcome.failures:
        yield from _failure_lines(failure, paint)
    yield from _file_lines("created", outcome.created, Style.SUCCESS, paint)
    yield from _file_lines("changed", outcome.changed, Style.SUCCESS, paint)
    deleted = frozenset(outcome.deleted)
    for target in _first(outcome.gone, _MOST_PATHS):
        word = "deleted, for its row is gone" if target.path in deleted else "its row is gone"
        yield f"{show_path(target.path)}: {paint(word, Style.WARNING)}"
    if len(outcome.gone) > _MOST_PATHS:
        yield f"... and {count(len(outcome.gone) - _MOST_PATHS, 'manifest')} more whose rows are gone"
    if outcome.created or outcome.changed or outcome.gone:
        yield ""
    yield from _note_lines(account, paint)
    yield from _summary(account, paint)


def full_path(failure: ImportFailure) -> str:
    """The path of what the failure's span counts the lines of: `data.zip!/data.xml` for an entry of a package."""
    return f"{failure.path}!/{failure.entry}" if failure.entry else failure.path


def _failure_lines(failure: ImportFailure, paint: Painter) -> Iterator[str]:
    place = f"{show_path(full_path(failure))}:{failure.span.line}:{failure.span.column}"
    yield f"{place}: {paint('error: not imported', Style.ERROR)}"
    row = ""
    if failure.row is not None:
        title = f" {quote_value(failure.title)}" if failure.title else ""
        row = f"{failure.row.table}{title} ({failure.row.id}): "
    yield from wrap(f"{row}{failure.message}", first="  ", rest="  ")
    yield ""


def _file_lines(word: str, paths: Sequence[str], style: Style, paint: Painter) -> Iterator[str]:
    for path in _first(paths, _MOST_PATHS):
        yield f"{show_path(path)}: {paint(word, style)}"
    if len(paths) > _MOST_PATHS:
        yield f"... and {count(len(paths) - _MOST_PATHS, 'file')} more {word}"


def _note_lines(account: ImportAccount, paint: Painter) -> Iterator[str]:
    outcome = account.outcome
    if outcome.not_analysed:
        places = len({note.path for note in outcome.not_analysed})
        yield paint(
            f"Not analysed: {count(len(outcome.not_analysed), 'thing')} in {count(places, 'manifest')}", Style.WARNING
        )
        told = (f"{note.path}: {note.place}: {note.reason}" for note in outcome.not_analysed)
        yield from _some(told, len(outcome.not_analysed), "spec.origin.notAnalysed has them all")
    if outcome.disagreements:
        yield paint(f"Trigger types that disagree: {count(len(outcome.disagreements), 'journey')}", Style.WARNING)
        told = (
            f"{one.path}: the row's column says {one.column}, the journey's definition says {one.definition}, which counts"
            for one in outcome.disagreements
        )
        yield from _some(told, len(outcome.disagreements))
    if outcome.unread:
        head = f"Members that nobody knows: {len(outcome.unread):,}. No policy says anything about them"
        yield paint(head, Style.WARNING)
        told = (f"{member}: in {count(number, 'manifest')}" for member, number in sorted(outcome.unread.items()))
        yield from _some(told, len(outcome.unread), "spec.origin.unreadMembers has them all")
    if outcome.unknown:
        yield paint(f"Tables that nobody reads: {count(len(outcome.unknown), 'table')}", Style.WARNING)
        told = (f"{table or 'without a name'}: {count(number, 'row')}" for table, number in outcome.unknown.items())
        yield from _some(told, len(outcome.unknown))
    if outcome.missing:
        tables = list(dict.fromkeys(one.table for one in outcome.missing))
        yield paint(f"Columns that the source does not have: {count(len(tables), 'table')}", Style.WARNING)
        yield from _some((_tell_missing(outcome.missing, table) for table in tables), len(tables))
    if outcome.incomplete:
        number = len(outcome.incomplete)
        yield paint(
            f"Pages that lead on to others, which are not in the import: {count(number, 'table')}", Style.WARNING
        )
        told = (
            f"{table or 'of no known table'}: {paths[-1]} leads on, and no page is the last: rows are missing, and none is gone"
            for table, paths in outcome.incomplete.items()
        )
        yield from _some(told, number)
    if outcome.lost:
        yield paint(f"Rows about others that are not in the import: {count(len(outcome.lost), 'row')}", Style.WARNING)
        yield from _some((f"{row.table} {row.id}" for row in outcome.lost), len(outcome.lost))
    if account.skipped:
        yield paint(f"Passed over: {count(len(account.skipped), 'file')} in no known format", Style.WARNING)
        yield from _some(account.skipped, len(account.skipped))


def _tell_missing(missing: Sequence[MissingColumn], table: str) -> str:
    columns = [
        one.column if one.rows == one.of else f"{one.column} in {one.rows:,} of {count(one.of, 'row')}"
        for one in missing
        if one.table == table
    ]
    return f"{table}: {', '.join(columns)}: what manifests have of them stays as it is"


def _some(lines: Iterable[str], number: int, hint: str = "") -> Iterator[str]:
    for line in _first(lines, _MOST_NOTES):
        yield from wrap(make_visible(line), first="  ", rest="    ")
    if number > _MOST_NOTES:
        yield f"  ... and {number - _MOST_NOTES:,} more{f': {hint}' if hint else ''}"
    yield ""


def _first(items: Iterable[_T], most: int) -> Iterator[_T]:
    for _, item in zip(range(most), items, strict=False):
        yield item


def _summary(account: ImportAccount, paint: Painter) -> Iterator[str]:
    outcome = account.outcome
    read = f"{count(account.rows, 'row')} in {count(account.files, 'file')}"
    parts = [
        f"{len(outcome.created):,} created",
        f"{len(outcome.changed):,} changed",
        f"{outcome.unchanged:,} as they were",
    ]
    verb = "Would write" if account.is_dry_run else "Imported"
    yield f"{verb} {count(outcome.manifests, 'manifest')} of {read} into {show_path(account.folder)}: {', '.join(parts)}."
    if outcome.failures:
        yield paint(f"{count(len(outcome.failures), 'failure')}: see above.", Style.ERROR)
    elif not account.rows:
        yield paint("There is no row in it, so nothing is known: was it exported as it should be?", Style.ERROR)
    elif account.is_about_nothing:
        yield paint("No row in it is of a table that is read: is this the export that you meant?", Style.ERROR)
    left = len(outcome.gone) - len(outcome.deleted)
    if left and account.is_dry_run and account.prunes:
        yield f"Would delete {count(left, 'manifest')} whose {'row is' if left == 1 else 'rows are'} gone."
    elif left:
        told = "whose row is gone: --prune deletes it" if left == 1 else "whose rows are gone: --prune deletes them"
        yield f"{count(left, 'manifest')} {told}."
    if not outcome.knows_gone:
        yield "Which rows are gone cannot be told, for a part of the import could not be read."
