"""The records of a package's data, one at a time, and where each field stands."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping

from journeylint.exports.package_schema import EntitySchema
from journeylint.exports.xml_reading import XmlError, XmlReader
from journeylint.import_ports import SourceProblem, SourceRow
from journeylint.model import JsonValue, Span
from journeylint.row_keys import plain_key

_ENTITY = ("entities", "entity")
_RECORD = (*_ENTITY, "records", "record")
_FIELD = (*_RECORD, "field")
_TAG_WIDTH = len("<record")
_MOST_FIELDS = 5_000
_MOST_BYTES = 64 << 20
_NO_SCHEMA = EntitySchema("", {})


def read_records(
    chunks: Iterable[bytes], schema: Mapping[str, EntitySchema], entry: str
) -> Iterator[SourceRow | SourceProblem]:
    """The rows in *chunks*, which stand in *entry*. Raises XmlError where the document cannot be read on.

    Values are read as *schema* says, and stay text where it does not know their field.
    """
    records = _Records(schema, entry)
    return records.reader.read(chunks, records.take)


class FieldSpans:
    """Where a record and its fields stand, kept compactly: fields by the numbers of lines and columns."""

    __slots__ = ("_marks", "_names", "_record")

    def __init__(self, record: Span) -> None:
        self._record, self._names = record, list[str]()
        self._marks = array("I")

    @property
    def count(self) -> int:
        """How many fields there are so far."""
        return len(self._names)

    def open(self, name: str, place: tuple[int, int]) -> None:
        """The tag of the field *name* begins at *place*."""
        self._names.append(name)
        self._marks.extend((*place, *place))

    def close(self, place: tuple[int, int]) -> None:
        """The tag of the last field ends at *place*."""
        self._marks[-2], self._marks[-1] = place

    def locate(self, column: str) -> Span:
        """The span of the field's tag; of the beginning of the record's where there is no such field."""
        if column not in self._names:
            return self._record
        index = 4 * self._names.index(column)
        return Span(*self._marks[index : index + 4])


class _Records:
    def __init__(self, schema: Mapping[str, EntitySchema], entry: str) -> None:
        self._schemas, self._entry = schema, entry
        self._ready: list[SourceRow | SourceProblem] = []
        self._table, self._schema, self._id, self._fault = "", _NO_SCHEMA, "", ""
        self._columns: dict[str, JsonValue] = {}
        self._seen: set[str] = set()
        self._labels: dict[str, str] = {}
        self._spans = FieldSpans(Span(1, 1, 1, 1))
        self._begin = 0
        self.reader = XmlReader(self._start, self._end)

    def take(self) -> list[SourceRow | SourceProblem]:
        """The rows that are complete since it was asked for last."""
        ready, self._ready = self._ready, []
        return ready

    def _start(self, path: tuple[str, ...], attributes: dict[str, str]) -> None:
        if path == _FIELD:
            self._take_field(attributes)
        elif path == _RECORD:
            self._id = plain_key(attributes.get("id", ""))
            # The tool leaves out fields without a value: one that the schema has is null, not left out of the export.
            self._columns = dict.fromkeys(self._schema.readers)
            self._seen, self._labels, self._fault = set(), {}, ""
            self._spans = FieldSpans(self.reader.span(_TAG_WIDTH))
            self._begin = self.reader.bytes_read
        elif path == _ENTITY:
            self._table = attributes.get("name", "")
            self._schema = self._schemas.get(self._table, _NO_SCHEMA)
        elif path[0] != "entities":
            raise XmlError(f"expected <entities> as the root, not <{path[0][:60]}>", self.reader.span())

    def _take_field(self, attributes: dict[str, str]) -> None:
        name = attributes.get("name", "")
        self._spans.open(name, self.reader.place)
        if self._spans.count > _MOST_FIELDS or self.reader.bytes_read - self._begin > _MOST_BYTES:
            told = f"a record of more than {_MOST_FIELDS:,} fields, or {_MOST_BYTES >> 20} MiB: this is no package"
            raise XmlError(told, self.reader.span())
        if not name:
            self._fault = self._fault or "a field of the record has no name"
        elif name in self._seen:
            self._fault = self._fault or f"the field {name[:60]} stands in the record twice"
        else:
            self._seen.add(name)
            self._read_field(name, attributes)

    def _read_field(self, name: str, attributes: dict[str, str]) -> None:
        if (value := attributes.get("value")) is not None:
            is_lookup = bool(attributes.get("lookupentity"))
            read = plain_key if is_lookup else self._schema.readers.get(name, str)
            self._columns[name] = read(value)
            if label := attributes.get("lookupentityname"):
                self._labels[name] = label

    def _end(self, path: tuple[str, ...]) -> None:
        if path == _FIELD:
            self._spans.close(self.reader.place)
        elif path == _RECORD:
            self._ready.append(self._finish())

    def _finish(self) -> SourceRow | SourceProblem:
        identifier = self._id
        if not identifier:
            key = self._columns.get(self._schema.key)
            identifier = plain_key(key) if isinstance(key, str) else ""
        fault = self._fault
        if not fault and not self._table:
            fault = "the record stands in an entity that has no name"
        if not fault and not identifier:
            fault = "the record has no id, by which it is known"
        if fault:
            told = f"{fault}: export it anew"
            return SourceProblem(told, self._entry, self._spans.locate(""), self._table, identifier, is_row=True)
        return SourceRow(self._table, identifier, self._columns, self._labels, self._entry, self._spans.locate)
