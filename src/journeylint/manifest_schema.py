"""One JSON Schema for manifests of any kind, so that an editor needs no list of which file holds what."""

from __future__ import annotations

from collections.abc import Iterable

from journeylint.model import JsonObject, JsonValue
from journeylint.pointers import pointer_of
from journeylint.ports import Kind

_DATA = ("const", "default", "enum", "examples")
_NAMED = ("properties", "patternProperties", "$defs", "dependentSchemas")
_OWN = ("$schema", "$id")


def combine_schemas(kinds: Iterable[Kind]) -> JsonObject:
    """The schema of a document of one of *kinds*: its `kind` says which schema holds for all of it.

    A document that has no such `kind` breaks the schema at `kind`. It is written with `if` and `then` rather than
    `oneOf`, for a validator then tells what breaks the schema of that kind, and not that no kind fits.
    """
    ordered = sorted(kinds, key=lambda kind: kind.name)
    names: list[JsonValue] = [kind.name for kind in ordered]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://journeylint.dev/schemas/manifest.schema.json",
        "title": "journeylint manifest",
        "description": "A document that journeylint judges; its kind says what else belongs in it.",
        "type": "object",
        "required": ["apiVersion", "kind"],
        "properties": {
            "apiVersion": {
                "description": "The version of this manifest format.",
                "const": "journeylint/v1",
                "examples": ["journeylint/v1"],
            },
            "kind": {"description": "What the manifest describes.", "enum": names, "examples": names},
        },
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": kind.name}}, "required": ["kind"]},
                "then": {"$ref": f"#{pointer_of(('$defs', kind.name))}"},
            }
            for kind in ordered
        ],
        "examples": [example for kind in ordered for example in _examples_of(kind)],
        "$defs": {kind.name: _as_part(kind) for kind in ordered},
    }


def _examples_of(kind: Kind) -> list[JsonValue]:
    examples = kind.schema.get("examples")
    return examples if isinstance(examples, list) else []


def _as_part(kind: Kind) -> JsonValue:
    own = {key: value for key, value in kind.schema.items() if key not in _OWN}
    return _move_references(own, f"#{pointer_of(('$defs', kind.name))}")


def _move_references(schema: JsonValue, root: str) -> JsonValue:
    """*schema*, in which references to its own root lead to *root*."""
    if isinstance(schema, list):
        return [_move_references(item, root) for item in schema]
    if not isinstance(schema, dict):
        return schema
    moved: JsonObject = {}
    for key, value in schema.items():
        if key == "$ref" and isinstance(value, str) and (value == "#" or value.startswith("#/")):
            moved[key] = root + value[1:]
        elif key in _NAMED and isinstance(value, dict):
            moved[key] = {name: _move_references(part, root) for name, part in value.items()}
        else:
            moved[key] = value if key in _DATA else _move_references(value, root)
    return moved
