"""The schema of a package: which types its fields have, and what that makes of their texts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from journeylint.exports.xml_reading import XmlError, XmlReader
from journeylint.model import JsonValue
from journeylint.row_keys import plain_key

_ENTITY = ("entities", "entity")
_FIELD = (*_ENTITY, "fields", "field")
_MOST_FIELDS = 100_000
_LONGEST_NUMBER = 400


class EntitySchema(NamedTuple):
    """What a schema says of a table: the field with its key, and how to read the texts of fields, by their names."""

    key: str
    readers: Mapping[str, Callable[[str], JsonValue]]


def read_schema(chunks: Iterable[bytes]) -> Mapping[str, EntitySchema]:
    """What each table is like, by its name. Raises XmlError where *chunks* are no schema."""
    schemas: dict[str, EntitySchema] = {}
    readers: dict[str, Callable[[str], JsonValue]] = {}
    count = 0

    def start(path: tuple[str, ...], attributes: dict[str, str]) -> None:
        nonlocal readers, count
        if path[0] != "entities":
            raise XmlError(f"expected <entities> as the root, not <{path[0][:60]}>", reader.span())
        if path not in (_ENTITY, _FIELD):
            return
        count += 1
        if count > _MOST_FIELDS:
            told = f"it has more than {_MOST_FIELDS:,} tables and fields: this is no schema of a package"
            raise XmlError(told, reader.span())
        if path == _ENTITY:
            readers = {}
            schemas[attributes.get("name", "")] = EntitySchema(attributes.get("primaryidfield", ""), readers)
        else:
            readers[attributes.get("name", "")] = _READERS.get(attributes.get("type", "").lower(), str)

    reader = XmlReader(start, lambda _: None)
    for _ in reader.read(chunks, tuple):
        pass
    return schemas


def _read_whole(text: str) -> JsonValue:
    digits = text.strip().removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER else text


def _read_number(text: str) -> JsonValue:
    try:
        value = float(text)
    except ValueError:
        return text
    return value if math.isfinite(value) else text


def _read_truth(text: str) -> JsonValue:
    return {"true": True, "1": True, "false": False, "0": False}.get(text.strip().lower(), text)


_READERS: Mapping[str, Callable[[str], JsonValue]] = {
    **dict.fromkeys(("number", "integer", "bigint", "optionsetvalue", "picklist", "state", "status"), _read_whole),
    **dict.fromkeys(("decimal", "double", "float", "money"), _read_number),
    **dict.fromkeys(("bool", "boolean"), _read_truth),
    **dict.fromkeys(("guid", "entityreference", "lookup", "owner", "customer", "uniqueidentifier"), plain_key),
}
"""How texts of fields are read, by their types; a text that is none of its type stays what it is, for the table to tell."""
