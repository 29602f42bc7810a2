"""An import carried out: every change is planned, handed on to be written, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from journeylint.importing.drafts import Draft, Drafts
from journeylint.importing.plan import ChangeKind, FileChange, Plan, list_gone
from journeylint.importing.targets import Target, TargetFolder
from journeylint.importing.translate import ImportFailure, RowKey, Translation
from journeylint.ports import Kind


class Noted(NamedTuple):
    """Something in the manifest at `path` that an import could not read, as `NotAnalysed` has it."""

    path: str
    place: str
    reason: str


class Disagreement(NamedTuple):
    """The row of the manifest at `path` says another trigger type than the journey's definition, which counts."""

    path: str
    column: str
    definition: str


class MissingColumn(NamedTuple):
    """A column that `rows` of the `of` rows of a table do not have, because the source was made without it."""

    table: str
    column: str
    rows: int
    of: int


class ImportOutcome(NamedTuple):
    """What came of an import. Paths are those of manifests' files, in the order of the keys of their rows.

    `gone` are manifests whose row is not in the import, though others of its table are; those at `deleted` were removed.
    `knows_gone` is false where nobody can tell them, because a part of the import could not be read. `unread` counts the
    manifests whose rows have a member that nobody knows, by its name. `lost` are rows that add to a row which is not there;
    `unknown` counts rows of tables that nobody reads; `missing` are columns that rows lack, and `incomplete` the pages, by
    table, that lead on to others which are not there.
    """

    created: list[str]
    changed: list[str]
    unchanged: int
    gone: list[Target]
    deleted: list[str]
    knows_gone: bool
    failures: list[ImportFailure]
    not_analysed: list[Noted]
    disagreements: list[Disagreement]
    unread: Counter[str]
    lost: list[RowKey]
    unknown: Mapping[str, int]
    missing: Sequence[MissingColumn] = ()
    incomplete: Mapping[str, Sequence[str]] = {}

    @property
    def manifests(self) -> int:
        """How many manifests the import has, written or not."""
        return len(self.created) + len(self.changed) + self.unchanged


class ImportRequest(NamedTuple):
    """Where an import goes: manifests of `environment` (None for the default one); manifests of gone rows go if it `prunes`."""

    environment: str | None = None
    prunes: bool = False


class Writer(NamedTuple):
    """What writes and deletes files: each returns the reason where that was not done, else None."""

    write: Callable[[FileChange], str | None]
    delete: Callable[[Target], str | None]


DRY = Writer(lambda _: None, lambda _: None)
"""Writes nothing."""


def carry_out(
    translation: Translation, target: TargetFolder, request: ImportRequest, *, kinds: Mapping[str, Kind], writer: Writer
) -> ImportOutcome:
    """Bring the rows of *translation* into the folder *target*, for manifests of *kinds*."""
    imported = target.in_environment(request.environment)
    drafts = Drafts(translation.manifests, kinds, known=target.known_names(imported))
    plan = Plan(drafts, target, imported, kinds=kinds, environment=request.environment)
    failures = [*translation.failures, *map(_failure_of, (one for one in target.unreadable if one.row is None))]
    knows_gone = all(failure.row is not None for failure in translation.failures)
    incomplete = translation.incomplete
    whole = {row for row in translation.rows if row.table not in incomplete}
    gone = list_gone(imported, whole) if knows_gone else []
    lost = [one.row for one in drafts.lost]
    unknown = dict(sorted(translation.unknown.items()))
    missing = [
        MissingColumn(table, column, rows, translation.read[table])
        for (table, column), rows in sorted(translation.missing.items())
    ]
    outcome = ImportOutcome(
        [], [], 0, gone, [], knows_gone, failures, [], [], Counter(), lost, unknown, missing, incomplete
    )
    outcome = outcome._replace(unchanged=_write_all(plan, outcome, writer))
    if request.prunes:
        for one in gone:
            _delete(one, outcome, writer)
    failures.sort(key=lambda failure: (failure.path, failure.entry, failure.span, failure.message))
    return outcome


def _write_all(plan: Plan, outcome: ImportOutcome, writer: Writer) -> int:
    """Write what has changed, add it to *outcome*, and return how many manifests stay as they are."""
    unchanged = 0
    for change in plan.changes():
        if isinstance(change, ImportFailure):
            outcome.failures.append(change)
            continue
        reason = None if change.kind is ChangeKind.UNCHANGED else writer.write(change)
        if reason is not None:
            draft = change.draft
            told = f"{change.path} was not written: {reason}"
            place = draft.locate("")
            outcome.failures.append(ImportFailure(draft.path, draft.entry, place, told, draft.row, draft.title))
            continue
        _note(change.draft, change.path, outcome)
        match change.kind:
            case ChangeKind.CREATED:
                outcome.created.append(change.path)
            case ChangeKind.CHANGED:
                outcome.changed.append(change.path)
            case ChangeKind.UNCHANGED:
                unchanged += 1
    return unchanged


def _note(draft: Draft, path: str, outcome: ImportOutcome) -> None:
    """Add what there is to say about *draft* to *outcome*."""
    notes = draft.origin.get("notAnalysed")
    for note in notes if isinstance(notes, list) else ():
        if isinstance(note, dict):
            outcome.not_analysed.append(Noted(path, str(note["place"]), str(note["reason"])))
    unread = draft.origin.get("unreadMembers")
    outcome.unread.update(str(member) for member in (unread if isinstance(unread, list) else ()))
    column, definition = draft.origin.get("triggerType"), draft.spec.get("frequency")
    if isinstance(column, str) and isinstance(definition, str) and column != definition:
        outcome.disagreements.append(Disagreement(path, column, definition))


def _delete(one: Target, outcome: ImportOutcome, writer: Writer) -> None:
    if one.fault:
        reason: str | None = f"it cannot be read: {one.fault}"
    elif one.documents > 1:
        reason = "there are other documents in the file: remove this one by hand"
    else:
        reason = writer.delete(one)
    if reason is None:
        outcome.deleted.append(one.path)
    else:
        told = f"it was not deleted, though its row is gone: {reason}"
        outcome.failures.append(ImportFailure(one.path, "", one.span, told, one.row))


def _failure_of(one: Target) -> ImportFailure:
    return ImportFailure(one.path, "", one.span, f"{one.fault} - mend that, so that nothing is imported twice")
