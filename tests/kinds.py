"""The kinds that ship with the product, and documents without a file, for tests of what comes after loading."""

from __future__ import annotations

import json
from pathlib import Path

from journeylint.model import Document, JsonObject, JsonValue, Problem, Span
from journeylint.pointers import pointer_of
from journeylint.ports import Kind

SCHEMAS = Path(__file__).resolve().parents[1] / "schemas"


def read_schema(name: str) -> JsonObject:
    """The schema in `schemas/NAME.schema.json`."""
    schema: JsonObject = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return schema


def read_kinds() -> dict[str, Kind]:
    """The kinds of manifest, by name."""
    names = ("Journey", "Segment", "Message", "Trigger", "Environment")
    return {name: Kind(name, read_schema(name.lower())) for name in names}


def number_nodes(value: JsonValue) -> dict[str, int]:
    """For the pointer of every node of *value* its place in document order, from 1."""
    found: dict[str, int] = {}

    def visit(node: JsonValue, tokens: tuple[str | int, ...]) -> None:
        found[pointer_of(tokens)] = len(found) + 1
        members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        for token, item in members:
            visit(item, (*tokens, token))

    visit(value, ())
    return found


def make_document(value: JsonValue, problems: tuple[Problem, ...] = ()) -> Document:
    """A document whose nodes stand one a line, in document order."""
    lines = number_nodes(value)

    def locate(pointer: str) -> Span:
        while pointer not in lines:
            pointer = pointer.rpartition("/")[0]
        return Span(lines[pointer], 1, lines[pointer], 2)

    return Document(1, value, locate, problems)


def make_journey(metadata: JsonObject | None = None, **spec: JsonValue) -> JsonObject:
    """A valid one-time journey, with these keys over its metadata and its spec."""
    return {
        "apiVersion": "journeylint/v1",
        "kind": "Journey",
        "metadata": {"name": "spring-sale", **(metadata or {})},
        "spec": {"frequency": "one_time", **spec},
    }


def make_segment(metadata: JsonObject | None = None, **spec: JsonValue) -> JsonObject:
    """A valid real-time segment, with these keys over its metadata and its spec."""
    return {
        "apiVersion": "journeylint/v1",
        "kind": "Segment",
        "metadata": {"name": "vip-customers", **(metadata or {})},
        "spec": {"source": "realtime", **spec},
    }
