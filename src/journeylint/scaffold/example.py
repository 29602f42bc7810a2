"""Manifests made up from a kind's schema, and a text in them whose length a first policy can judge."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

from journeylint.model import JsonObject, JsonValue
from journeylint.pointers import pointer_of, value_at
from journeylint.ports import Kind
from journeylint.schema_check import SchemaGate
from journeylint.selection import Token, compile_selector

_LONGEST = 40
_WORDS = "name-that-goes-on-long-after-people-stopped-reading-"
_DEEPEST = 12


class ExampleError(ValueError):
    """No manifest can be made up, or the nodes hold no text; the message says which."""


class Example(NamedTuple):
    """A valid manifest with one node to judge.

    `field` names the text in the node, empty where the node is the text itself; `at` is the text's pointer in the
    document. `limit` is the most characters that are fine for the example's policy; the text of `document` has fewer.
    `is_optional` says that the manifest is valid without the text, too.
    """

    document: JsonObject
    field: tuple[str, ...]
    at: str
    limit: int
    is_optional: bool = False

    def with_length(self, length: int) -> JsonObject:
        """The manifest with a text of *length* characters."""
        return _replace(self.document, self.at, _text_of(length))

    def without(self) -> JsonObject:
        """The manifest without the text."""
        return _remove(self.document, self.at)


def make_example(kind: Kind, each: str) -> Example:
    """An example for the nodes that *each*, a JSONPath, selects in manifests of *kind*; raises ExampleError."""
    tokens = compile_selector(each).tokens
    if tokens is None:
        raise ExampleError(
            f"{each!r} is more than names, indexes and [*]: start from a simpler path, and edit match.each"
        )
    gate = SchemaGate(kind.schema)
    document = _make(kind.schema, kind.schema)
    if not isinstance(document, dict) or not gate.accepts(document):
        raise ExampleError(f"the schema of {kind.name} has no example that a case could be made from")
    node = _reach(document, kind.schema, tokens)
    if node is None:
        raise ExampleError(f"manifests of kind {kind.name} have nothing at {each!r}")
    at, schema = node
    choices = [("metadata", "name")] if not tokens else [*_texts_of(kind.schema, schema)]
    for field in choices:
        pointer = at + pointer_of(field)
        whole = _replace(document, pointer, "a")
        present = len(str(_value_or_none(document, pointer) or ""))
        example = Example(document if present else whole, field, pointer, max(_LONGEST, present + 1))
        if gate.accepts(example.document) and all(
            gate.accepts(example.with_length(length)) for length in (example.limit, example.limit + 1)
        ):
            is_optional = bool(tokens and field) and gate.accepts(example.without())
            return example._replace(is_optional=is_optional)
    raise ExampleError(
        f"what {each!r} selects in {kind.name} holds no free text to judge: leave --each out, and edit it"
    )


def _texts_of(root: JsonObject, schema: JsonObject) -> Iterator[tuple[str, ...]]:
    """The texts of a node with *schema*, as the names that lead to them: the node itself, or its required members first."""
    if schema.get("type") == "string":
        yield ()
    properties = _mapping(schema.get("properties"))
    required = schema.get("required")
    needed = required if isinstance(required, list) else []
    for name in sorted(properties, key=lambda name: name not in needed):
        member = _follow(_mapping(properties[name]), root)
        if member.get("type") == "string" and name.isidentifier() and "enum" not in member:
            yield (name,)


def _reach(document: JsonObject, schema: JsonObject, tokens: Sequence[Token]) -> tuple[str, JsonObject] | None:
    """The pointer of the one node at *tokens*, which is made where it is missing, and its schema."""
    root, pointer = schema, ""
    node: JsonValue = document
    for token in tokens:
        if isinstance(node, dict) and token is not None:
            part = _mapping(_mapping(schema.get("properties")).get(str(token)))
            schema = _follow(part, root)
            node = node.setdefault(str(token), _make(schema, root)) if part else None
            pointer += pointer_of((str(token),))
        elif isinstance(node, list):
            schema = _follow(_mapping(schema.get("items")), root)
            node[:] = node[:1] or [_make(schema, root)]
            node, pointer = node[0], f"{pointer}/0"
        else:
            return None
    return None if node is None else (pointer, schema)


def _make(schema: JsonObject, root: JsonObject, depth: int = 0) -> JsonValue:
    """The first example of *schema*, or a value made up of what it says."""
    schema = _follow(schema, root)
    for word in ("examples", "enum"):
        listed = schema.get(word)
        if isinstance(listed, list) and listed:
            return copy.deepcopy(listed[0])
    for word in ("const", "default"):
        if word in schema:
            return copy.deepcopy(schema[word])
    match schema.get("type", "object"):
        case "string":
            return "example"
        case "integer" | "number":
            return schema.get("minimum", 0)
        case "boolean":
            return True
        case "array":
            return []
        case "object" if depth < _DEEPEST:
            properties, required = _mapping(schema.get("properties")), schema.get("required")
            names = cast("list[str]", required) if isinstance(required, list) else []
            return {name: _make(_mapping(properties.get(name)), root, depth + 1) for name in names}
        case _:
            return None


def _follow(schema: JsonObject, root: JsonObject) -> JsonObject:
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/"):
        try:
            return {**_mapping(value_at(root, reference[1:])), **{k: v for k, v in schema.items() if k != "$ref"}}
        except LookupError:
            return schema
    return schema


def _replace(document: JsonObject, pointer: str, value: JsonValue) -> JsonObject:
    copied = copy.deepcopy(document)
    above, _, name = pointer.rpartition("/")
    parent = value_at(copied, above)
    if isinstance(parent, dict):
        parent[name.replace("~1", "/").replace("~0", "~")] = value
    elif isinstance(parent, list):
        parent[int(name)] = value
    return copied


def _remove(document: JsonObject, pointer: str) -> JsonObject:
    copied = copy.deepcopy(document)
    above, _, name = pointer.rpartition("/")
    parent = value_at(copied, above)
    if isinstance(parent, dict):
        del parent[name.replace("~1", "/").replace("~0", "~")]
    return copied


def _text_of(length: int) -> str:
    """A text of *length* characters that can be a name, too."""
    whole = _WORDS * (length // len(_WORDS) + 1)
    return whole[: length - 1] + "x" if whole[length - 1] == "-" else whole[:length]


def _value_or_none(document: JsonObject, pointer: str) -> JsonValue:
    try:
        return value_at(document, pointer)
    except LookupError:
        return None


def _mapping(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}
