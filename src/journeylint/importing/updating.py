"""What becomes of a manifest that is there: what its row says is taken, and what nobody says anything of stays.

Three things stay as they are: what the source has no column for, what no row ever says, and what a person wrote where the
import only knows that it does not know, as long as it would note the same.
"""

from __future__ import annotations

from journeylint.annotations import Field
from journeylint.import_ports import NotAnalysed
from journeylint.importing.drafts import Draft
from journeylint.importing.patching import apply_patch, fill, keep_known, member_of
from journeylint.model import JsonObject, JsonValue

NOTES = "notAnalysed"


class UnsaidError(ValueError):
    """Nothing says what a manifest cannot be without; `column` is the one that would."""

    def __init__(self, message: str, column: str) -> None:
        super().__init__(message)
        self.column = column


def complete(draft: Draft, held: JsonValue, field: Field) -> Draft:
    """*draft* with what the spec *held* (None for a new manifest) has where the source says nothing.

    *field* is what the schema says of the spec. Raises UnsaidError where nothing says what there has to be.
    """
    if draft.is_complete:
        return draft
    there = held if isinstance(held, dict) else {}
    spec, notes = dict(draft.spec), _read_notes(draft.origin)
    for name, items in draft.added.items():
        listed = there.get(name)
        more: JsonObject = {name: [*listed] if isinstance(listed, list) else []}
        fill(more, [{name: items}], field)
        spec[name] = more[name]
    for other in draft.otherwise:
        if there.get(other.member) is not None:
            spec[other.member] = there[other.member]
            continue
        if other.value is None:
            raise UnsaidError(*_explain(other.note, other.member))
        spec[other.member] = other.value
        if other.note is not None:
            notes.setdefault(other.note.place, other.note.reason)
    before = there.get("origin")
    origin = before if isinstance(before, dict) else {}
    if draft.missing:
        kept = {place: why for place, why in _read_notes(origin).items() if _begins_with(place, draft.missing)}
        notes = {**kept, **notes}
        origin = {**origin, **draft.origin}
    else:
        origin = {**draft.origin}
    origin.pop(NOTES, None)
    if notes:
        origin[NOTES] = [{"place": place, "reason": reason} for place, reason in notes.items()]
    origin = {name: value for name, value in origin.items() if value is not None}
    return draft._replace(spec=spec, added={}, otherwise=(), missing=(), origin=origin)


def update(value: JsonObject, draft: Draft, field: Field) -> JsonObject:
    """The data of the manifest *value* with what the complete *draft* says; *field* is what the schema of its kind says."""
    metadata, spec = value.get("metadata"), value.get("spec")
    fields = member_of(field, "spec")
    origin = spec.get("origin") if isinstance(spec, dict) else None
    before = origin if isinstance(origin, dict) else {}
    patch: JsonValue = draft.spec
    notes = _read_notes(draft.origin)
    if notes == _read_notes(before):
        patch = keep_known(spec, _without_unread(draft, notes), fields)
    new_spec = apply_patch(spec, patch, fields)
    assert isinstance(new_spec, dict)  # noqa: S101 - a patch that is a mapping makes one
    new_origin = apply_patch(before, {**dict.fromkeys(before), **draft.origin}, member_of(fields, "origin"))
    new_metadata: JsonObject = dict(metadata) if isinstance(metadata, dict) else {}
    if draft.title:
        new_metadata["title"] = draft.title
    return {**value, "metadata": new_metadata, "spec": {**new_spec, "origin": new_origin}}


def _without_unread(draft: Draft, notes: dict[str, str]) -> JsonObject:
    """The patch without what it takes away only because nobody can read it: nulls of columns that are noted."""
    unread = {f"/spec/{name}" for name, value in draft.spec.items() if value is None}
    unread = {pointer for pointer in unread if draft.columns.get(pointer) in notes}
    return {name: value for name, value in draft.spec.items() if f"/spec/{name}" not in unread}


def _read_notes(origin: JsonObject) -> dict[str, str]:
    """What an origin says that could not be read: reasons by places."""
    notes = origin.get(NOTES)
    found = [note for note in notes if isinstance(note, dict)] if isinstance(notes, list) else []
    return {str(note.get("place")): str(note.get("reason")) for note in found}


def _begins_with(place: str, starts: tuple[str, ...]) -> bool:
    return any(place == start or place.startswith(f"{start}:") for start in starts)


def _explain(note: NotAnalysed | None, member: str) -> tuple[str, str]:
    return (f"the source says nothing of its {member}", "") if note is None else (note.reason, note.place)
