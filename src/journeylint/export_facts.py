"""Exports as something that policies judge: a manifest of kind `Export` for each, which no file holds.

It counts rows in groups: of each table, of each state, of those whose other half is missing, and of those that name a manifest.
A place in it leads to the first row of its group, and tables of other systems are known here by their names alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import NamedTuple, TypeAlias

from journeylint.importing.drafts import Draft
from journeylint.importing.translate import RowKey, Translated
from journeylint.model import JsonObject, JsonValue, JudgedExport, Span
from journeylint.pointers import tokens_of
from journeylint.validate import API_VERSION

KIND = "Export"
"""The kind's name."""

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")
_GROUPS = ("tables", "states", "halves", "references")

_Entry: TypeAlias = "tuple[str, str]"
"""The path of an export and that of what holds the rows in it."""

_Key: TypeAlias = "tuple[str, ...]"
"""What tells a group from others of its list: the table, then what else the list goes by."""


class _First(NamedTuple):
    """The first row of a group: its number, what it is known by, and where it stands."""

    number: int
    id: str
    title: str
    locate: Callable[[], Span]


class _Group:
    """Rows that are alike."""

    __slots__ = ("first", "kind", "names", "rows")

    def __init__(self, kind: str, first: _First) -> None:
        self.kind, self.first, self.rows = kind, first, 0
        self.names: set[str] = set()

    def add(self, row: _First) -> None:
        self.rows += 1
        if row.number < self.first.number:
            self.first = row

    def describe(self, **members: str) -> JsonObject:
        """The group as an item of its list, with these *members* as far as they are known."""
        said: JsonObject = {name: text for name, text in members.items() if text}
        first: JsonObject = {"id": self.first.id}
        if self.first.title:
            first["title"] = self.first.title
        return {**said, "kind": self.kind, "rows": self.rows, "first": first}


class _Half(NamedTuple):
    """A row that is of no use without another one."""

    one: Translated
    row: _First


class ExportFacts:
    """What the rows of a run's exports come to. `number_of` is which number a row has in the export at a path."""

    def __init__(self, number_of: Callable[[str, RowKey], int]) -> None:
        self._number_of = number_of
        self._seen: set[RowKey] = set()
        self._again: dict[RowKey, list[Translated]] = {}
        self._states: dict[_Entry, dict[_Key, _Group]] = {}
        self._references: dict[_Entry, dict[_Key, _Group]] = {}
        self._kinds: dict[tuple[_Entry, str], str] = {}
        self._halves: dict[_Entry, list[_Half]] = {}
        self._keys: dict[_Entry, dict[str, set[str]]] = {}

    def take(self, one: Translated) -> None:
        """Take what a row says; rows come in the order in which they stand."""
        row = _First(self._number_of(one.path, one.row), one.row.id, one.title, partial(one.locate, ""))
        if one.row in self._seen:
            self._again.setdefault(one.row, []).append(one)
        self._seen.add(one.row)
        entry, table = (one.path, one.entry), one.row.table
        self._kinds.setdefault((entry, table), one.kind)
        column = one.state_column
        if column is not None:
            at_state = row._replace(locate=partial(one.locate, column))
            _put(self._states.setdefault(entry, {}), (table, one.state), one.kind, at_state)
        self._keys.setdefault(entry, {}).setdefault(table, set()).update((one.key.id, *one.aliases))
        if one.other_half is not None:
            self._halves.setdefault(entry, []).append(_Half(one, row))

    def refer(self, draft: Draft, named: Iterable[tuple[str, str]]) -> None:
        """Note that the row of *draft* names these manifests, by kind and name."""
        wanted: dict[str, set[str]] = {}
        for kind, name in named:
            wanted.setdefault(kind, set()).add(name)
        for one in (draft, *self._again.get(draft.row, ())) if wanted else ():
            found = self._references.setdefault((one.path, one.entry), {})
            row = _First(self._number_of(one.path, draft.row), draft.row.id, draft.title, partial(one.locate, ""))
            for kind, names in wanted.items():
                _put(found, (draft.row.table, kind), draft.kind, row).names |= names

    def describe(
        self,
        export: JudgedExport,
        format_name: str,
        firsts: Mapping[str, Callable[[], Span]],
        *,
        unended: Iterable[str],
    ) -> tuple[JsonObject, Callable[[str], Span]]:
        """The spec of *export*, and what finds places in its manifest.

        *firsts* has where the first row of each table stands, and *unended* are the tables of which this is the last file that is
        there, though not the last one that there is.
        """
        entry = (export.path, export.entry)
        listed: dict[str, list[tuple[JsonValue, Callable[[], Span]]]] = {name: [] for name in _GROUPS}
        ends = set(unended)
        for table in export.tables:
            kind = self._kinds.get((entry, table.table))
            described: JsonObject = {
                "name": table.table,
                **({} if kind is None else {"kind": kind}),
                "rows": table.rows,
            }
            described |= {"manifests": table.manifests, "supplements": table.supplements, "failed": table.failed}
            described |= {"isRead": table.is_read, "lacksLastPage": table.table in ends}
            listed["tables"].append((described, firsts[table.table]))
        for (table_name, state), group in sorted(self._states.get(entry, {}).items()):
            listed["states"].append((group.describe(table=table_name, state=state), group.first.locate))
        for (table_name, other), group in sorted(self._find_halves(entry).items()):
            listed["halves"].append((group.describe(table=table_name, lacks=other), group.first.locate))
        for (table_name, to), group in sorted(self._references.get(entry, {}).items()):
            described = group.describe(table=table_name, to=to)
            names: list[JsonValue] = [*sorted(group.names)]
            listed["references"].append(({**described, "names": names}, group.first.locate))
        spec: JsonObject = {"format": format_name, "path": export.path, "isWhole": export.is_whole}
        if export.entry:
            spec["entry"] = export.entry
        spec |= {name: [item for item, _ in items] for name, items in listed.items()}
        places = {name: [find for _, find in items] for name, items in listed.items()}
        return spec, lambda pointer: _locate(places, pointer)

    def _find_halves(self, entry: _Entry) -> dict[_Key, _Group]:
        """The rows whose other half is not in the same place, by their table and that of the other half."""
        found: dict[_Key, _Group] = {}
        halves, keys = self._halves.get(entry, ()), self._keys.get(entry, {})
        vague = {
            half.one.row.table for half in halves if half.one.other_half is not None and not half.one.other_half.id
        }
        for one, row in halves:
            table, identifier = one.other_half or ("", "")
            there = keys.get(table, set())
            # Where no row says which one it belongs to, any may be the one.
            if not there or (identifier and identifier not in there and table not in vague):
                _put(found, (one.row.table, table), one.kind, row)
        return found


def _put(groups: dict[_Key, _Group], key: _Key, kind: str, row: _First) -> _Group:
    """The group with that *key*, with *row* in it."""
    group = groups.get(key)
    if group is None:
        group = groups[key] = _Group(kind, row)
    group.add(row)
    return group


def _locate(places: Mapping[str, list[Callable[[], Span]]], pointer: str) -> Span:
    """Where the first row of the group at *pointer* stands; of another place, the first row that there is."""
    _, name, index, *_ = (*tokens_of(pointer), "", "", "")
    found = places.get(name, [])
    if index.isdigit() and int(index) < len(found):
        return found[int(index)]()
    return next((finders[0]() for finders in (found, places["tables"]) if finders), Span(1, 1, 1, 1))


def name_exports(exports: Iterable[JudgedExport]) -> dict[_Entry, str]:
    """A name for each of *exports*, made of its path, and of the entry where several hold rows."""
    entries = sorted((export.path, export.entry) for export in exports)
    at_path = Counter(path for path, _ in entries)
    names: dict[_Entry, str] = {}
    taken: set[str] = set()
    for path, entry in entries:
        wish = _NOT_IN_NAMES.sub("-", path if at_path[path] == 1 else f"{path}-{entry}").lstrip("._-") or "export"
        number, name = 1, wish
        while name in taken:
            number += 1
            name = f"{wish}-{number}"
        taken.add(name)
        names[path, entry] = name
    return names


def manifest_about(name: str, environment: str, spec: JsonObject) -> JsonObject:
    """The manifest that says *spec* of an export."""
    metadata: JsonObject = {"name": name, "environment": environment}
    return {"apiVersion": API_VERSION, "kind": KIND, "metadata": metadata, "spec": spec}
