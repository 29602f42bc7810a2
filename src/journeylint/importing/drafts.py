"""The manifests that translated rows make: named, with references resolved and supplements in their places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from journeylint.annotations import Field, read_annotations
from journeylint.import_ports import Otherwise
from journeylint.importing.frozen import thaw
from journeylint.importing.names import NO_NAMES, KnownNames, choose_names, name_of_id
from journeylint.importing.patching import NOTHING_KNOWN, apply_patch, fill, member_of
from journeylint.importing.translate import RowKey, Translated
from journeylint.model import JsonObject, JsonValue, Span
from journeylint.ports import Kind
from journeylint.validate import API_VERSION

_UNREAD = re.compile(r"/spec/origin/notAnalysed/([0-9]{1,9})(?:/|$)")


class Draft(NamedTuple):
    """A manifest as an import makes it.

    `spec` is a merge patch of its spec without `origin`, which is to be as `origin` says. If it is not complete, both wait for
    what the manifest has that is there (`updating.complete`): `added` are items for its lists, `otherwise` is about members
    that nothing says, and `missing` begins the places in rows that the source does not have. `path`, `entry` and `locate` are
    those of its row; `columns` says for pointers into the manifest from which column they come.
    """

    row: RowKey
    kind: str
    name: str
    title: str
    spec: JsonObject
    added: JsonObject
    otherwise: tuple[Otherwise, ...]
    missing: tuple[str, ...]
    origin: JsonObject
    columns: Mapping[str, str]
    path: str
    entry: str
    locate: Callable[[str], Span]

    @property
    def is_complete(self) -> bool:
        """Whether it says all that its table says of a manifest."""
        return not (self.missing or self.added or self.otherwise)

    def find(self, pointer: str) -> Span:
        """Where the row says what stands at *pointer* of the manifest, as far as that is known."""
        unread = _UNREAD.match(pointer)
        if unread is not None:
            return self.locate(self._column_of_note(int(unread[1])))
        place = pointer
        while place:
            if place in self.columns:
                return self.locate(self.columns[place])
            place = place.rpartition("/")[0]
        return self.locate("")

    def _column_of_note(self, index: int) -> str:
        """The column that the note with that *index*, of what could not be read, is about."""
        notes = self.origin.get("notAnalysed")
        note = notes[index] if isinstance(notes, list) and index < len(notes) else None
        place = note.get("place") if isinstance(note, dict) else None
        return place.partition(":")[0] if isinstance(place, str) else ""


class Drafts:
    """The manifests of an import, made one at a time when they are gone over. `lost` are supplements that found no row.

    *known* are the names of the folder that is imported into, for manifests of these *kinds*.
    """

    def __init__(
        self, translated: Sequence[Translated], kinds: Mapping[str, Kind], *, known: KnownNames = NO_NAMES
    ) -> None:
        self._fields = {name: read_annotations(kind.schema) for name, kind in kinds.items()}
        self._main = [one for one in translated if not one.is_supplement]
        self._names = choose_names(self._main, known)
        self._known = {(kind, row.id): name for (kind, row), name in sorted(known.by_row.items(), reverse=True)}
        self._known = {**known.by_alias, **self._known}
        self._rows = _index_rows(self._main)
        self._supplements: dict[tuple[str, RowKey], list[Translated]] = {}
        self.lost: list[Translated] = []
        for one in translated:
            if one.is_supplement:
                self._assign(one)

    def __len__(self) -> int:
        return len(self._main)

    def __iter__(self) -> Iterator[Draft]:
        """The drafts, sorted by the keys of their rows."""
        return map(self._make, self._main)

    def name_of(self, kind: str, identifier: str) -> str:
        """The name of the manifest that the row *identifier* becomes, or is in the folder already; else one of its id."""
        place = (kind, identifier)
        if place in self._rows:
            row = self._rows[place]
            return name_of_id(identifier) if row is None else self._names[kind, row]
        return self._known.get((kind, identifier)) or name_of_id(identifier)

    def field_of(self, kind: str) -> Field:
        """What the schema of *kind* says of its manifests."""
        return self._fields.get(kind, NOTHING_KNOWN)

    def _assign(self, one: Translated) -> None:
        row = self._rows.get((one.kind, one.key.id))
        if row is None:
            self.lost.append(one)
        else:
            self._supplements.setdefault((one.kind, row), []).append(one)

    def _make(self, one: Translated) -> Draft:
        spec = thaw(one.spec, self.name_of)
        field = self.field_of(one.kind).members.get("spec", NOTHING_KNOWN)
        more = self._supplements.get((one.kind, one.key), ())
        said = [thaw(supplement.spec, self.name_of) for supplement in more]
        added: JsonObject = {}
        if one.missing:  # what the row itself would say of a list is not there, and stays as it is
            lists = [
                {name: part.pop(name) for name in [*part] if name not in spec and member_of(field, name).key}
                for part in said
            ]
            fill(added, lists, field)
        fill(spec, said, field)
        missing = (
            *one.missing,
            *(f"{part.row.table} {part.row.id}: {name}" for part in more for name in part.missing),
        )
        origin = _origin_of(one, more, field)
        return Draft(
            one.key,
            one.kind,
            self._names[one.kind, one.key],
            one.title or next((supplement.title for supplement in more if supplement.title), ""),
            spec,
            added,
            tuple(other for other in one.otherwise if other.member not in spec),
            missing,
            origin if missing else {name: value for name, value in origin.items() if value is not None},
            one.columns,
            one.path,
            one.entry,
            one.locate,
        )


def manifest_of(draft: Draft, field: Field, environment: str | None = None) -> JsonObject:
    """The data of a new manifest; *field* is what the schema of its kind says, *environment* the one that it belongs to."""
    metadata: JsonObject = {"name": draft.name}
    if environment is not None:
        metadata["environment"] = environment
    if draft.title:
        metadata["title"] = draft.title
    spec = apply_patch({}, draft.spec, field.members.get("spec", NOTHING_KNOWN))
    assert isinstance(spec, dict)  # noqa: S101 - a patch that is a mapping makes one
    return {
        "apiVersion": API_VERSION,
        "kind": draft.kind,
        "metadata": metadata,
        "spec": {**spec, "origin": draft.origin},
    }


def _index_rows(manifests: Sequence[Translated]) -> dict[tuple[str, str], RowKey | None]:
    """The row of each manifest by its kind and key, or alias; keys go before aliases.

    What several rows have, of two tables or as an alias, leads to None: nobody can tell which one is meant.
    """
    keys = _index_single(((one.kind, one.key.id), one.key) for one in manifests)
    aliases = _index_single(((one.kind, alias), one.key) for one in manifests for alias in one.aliases)
    return {**aliases, **keys}


def _index_single(rows: Iterable[tuple[tuple[str, str], RowKey]]) -> dict[tuple[str, str], RowKey | None]:
    """The row at each place; None where there are several."""
    found: dict[tuple[str, str], RowKey | None] = {}
    for place, row in rows:
        found[place] = row if found.setdefault(place, row) == row else None
    return found


def _origin_of(one: Translated, more: Sequence[Translated], spec: Field) -> JsonObject:
    origin: JsonObject = {"system": one.key.system, "table": one.key.table, "id": one.key.id}
    if one.aliases and "aliases" in spec.members.get("origin", NOTHING_KNOWN).members:
        origin["aliases"] = list(one.aliases)
    for part in (one, *more):
        origin.update({name: value for name, value in part.origin.items() if name not in origin})
    reasons: dict[str, dict[str, None]] = {}
    for part in (one, *more):
        for note in part.not_analysed:
            reasons.setdefault(note.place, {})[note.reason] = None
    if reasons:
        notes: list[JsonValue] = [{"place": place, "reason": "; ".join(told)} for place, told in reasons.items()]
        origin["notAnalysed"] = notes
    return origin
