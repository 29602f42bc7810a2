"""Reads the columns of a row as values of a manifest, and notes what cannot be read.

Containers differ in how they write a value: a Web API gives numbers and booleans, a package gives text. Both are read.
A column that is null is None and no note: the row says that there is nothing. One that the source does not have says
nothing at all, so what it would say is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from journeylint.dataverse_tables.notes import Notes
from journeylint.dataverse_tables.options import OptionSet
from journeylint.dataverse_tables.row_times import read_utc
from journeylint.dataverse_tables.texts import clean_line, clean_text, snake_case
from journeylint.import_ports import ImportedManifest, ImportedValue, NotAnalysed, OtherHalf, Otherwise, SourceRow
from journeylint.model import JsonValue
from journeylint.row_keys import read_guid
from journeylint.wording import quote_value

_FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_GREATEST = 2**63 - 1
_DIGITS = re.compile(r"\s{0,9}[+-]?[0-9]{1,19}\s{0,9}")


class RowReader:
    """The spec that one row comes to, while it is being read."""

    def __init__(self, row: SourceRow) -> None:
        self.row = row
        self.notes = Notes()
        self.spec: dict[str, ImportedValue] = {}
        self.columns: dict[str, str] = {}
        self._otherwise: list[Otherwise] = []

    def has(self, *columns: str) -> bool:
        """Whether the source has all of *columns*."""
        return all(column in self.row.columns for column in columns)

    def put(self, member: str, column: str, value: ImportedValue, *, others: tuple[str, ...] = ()) -> None:
        """Say that the spec's *member* is *value*, read from *column*; None says that the row has none.

        None is not said where the source lacks the column, or one of the *others* that might say it.
        """
        if value is None and not self.has(column, *others):
            return
        self.spec[member] = value
        if (value is not None and not _is_blank(value)) or (value is None and column in self.notes):
            self.columns[f"/spec/{member}"] = column

    def put_members(self, member: str, column: str, members: Mapping[str, tuple[str, ImportedValue]]) -> None:
        """Say what the mapping *member* has, each with its own column; *column* is that of the whole."""
        said = {name: value for name, (source, value) in members.items() if value is not None or self.has(source)}
        if said:
            self.put(member, column, said)

    def say_otherwise(self, member: str, value: JsonValue, *, note: NotAnalysed | None = None) -> None:
        """Say what the spec's *member* is where the source does not have what says it, as `Otherwise` has it."""
        self._otherwise.append(Otherwise(member, value, note))

    def say(self, member: str, value: ImportedValue) -> None:
        """Say what every row of the table says of the spec's *member*."""
        self.spec[member] = value

    def value(self, column: str) -> JsonValue:
        """What stands in *column*, as the container gives it; None for blank text."""
        value = self.row.columns.get(column)
        return None if isinstance(value, str) and not value.strip() else value

    def text(self, column: str) -> str | None:
        """The text of *column*."""
        value = self.value(column)
        if value is None or isinstance(value, str):
            return None if value is None else clean_text(value)
        self._refuse(column, value, "expected text")
        return None

    def line(self, column: str) -> str | None:
        """The text of *column* as one line."""
        text = self.text(column)
        return None if text is None else clean_line(text)

    def title(self, column: str, otherwise: str) -> str:
        """The title in *column*, or *otherwise* where the row has none; `""` where the source does not have the column."""
        return self.line(column) or (otherwise if self.has(column) else "")

    def whole(self, column: str, least: int = 0) -> int | None:
        """The whole number in *column*, which is *least* or more."""
        value = self.value(column)
        number = read_whole(value)
        if value is not None and (number is None or not least <= number <= _GREATEST):
            self._refuse(column, value, f"expected a whole number from {least}")
            return None
        return number

    def flag(self, column: str) -> bool | None:
        """Whether *column* says yes."""
        value = self.value(column)
        if value is None or isinstance(value, bool):
            return value
        found = _FLAGS.get(str(value).strip().lower()) if isinstance(value, str | int) else None
        if found is None:
            self._refuse(column, value, "expected true or false")
        return found

    def word(self, column: str, options: OptionSet) -> str | None:
        """Our word for the option in *column*.

        For a value that is not known it is what the system shows for it, where that is a word of ours; else None, and a note.
        """
        value = self.value(column)
        if value is None:
            return None
        number = read_whole(value)
        if number is not None and number in options.words:
            return options.words[number]
        label = self.row.labels.get(column, value if isinstance(value, str) and number is None else "")
        word = snake_case(label)
        if word in options.choices:
            return word
        shown = f" ({clean_line(label)[:80]})" if label and label != value else ""
        self.notes.add(column, f"the value {quote_value(value)}{shown} is not known")
        return None

    def key(self, column: str) -> str | None:
        """The key of the row that the lookup *column* leads to."""
        value = self.value(column)
        found = read_guid(value)
        if value is not None and found is None:
            self._refuse(column, value, "expected the key of a row")
        return found

    def name_of(self, column: str) -> str | None:
        """What the system shows for the row that the lookup *column* leads to; its key where no container said it."""
        return (self.has(column) and clean_line(self.row.labels.get(column, ""))) or self.key(column)

    def utc(self, column: str) -> str | None:
        """The instant in *column*, which is in UTC whether or not it says so."""
        value = self.value(column)
        found = read_utc(value) if value is not None else None
        if value is not None and found is None:
            self._refuse(column, value, "expected a time")
        return found

    def manifest(
        self,
        kind: str,
        title: str,
        *,
        id: str = "",  # noqa: A002 - what it becomes is called so
        aliases: tuple[str, ...] = (),
        origin: Mapping[str, JsonValue] | None = None,
        is_supplement: bool = False,
        other_half: OtherHalf | None = None,
    ) -> ImportedManifest:
        """What was read, as a manifest of *kind*, or an addition to the one with *id*; *id* is the row's if left out.

        Notes of an addition name its row: several rows may add to a manifest, and have columns of the same name.
        """
        notes = self.notes.listed()
        if is_supplement:
            notes = tuple(NotAnalysed(f"{self.row.table} {self.row.id}: {place}", why) for place, why in notes)
        return ImportedManifest(
            kind,
            id or self.row.id,
            title,
            self.spec,
            self.columns,
            aliases,
            notes,
            origin or {},
            is_supplement,
            tuple(self._otherwise),
            other_half,
        )

    def _refuse(self, column: str, value: JsonValue, expected: str) -> None:
        self.notes.add(column, f"{quote_value(value)} cannot be read: {expected}")


def _is_blank(value: ImportedValue) -> bool:
    return isinstance(value, dict) and all(inner is None for inner in value.values())


def read_whole(value: object) -> int | None:
    """The whole number that *value* is, also as text or as `3.0`; None where it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return int(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else None
