"""Names for places in manifests that stay when the items of a list move.

Such a name is a JSON pointer in which an item of a list stands by what tells it apart, `x-journeylint-key` in the
schema of its kind, instead of by its index: `/spec/segments/[name="vip",role="audience"]` for `/spec/segments/1`. Of
items that are alike the second has `#2` at its end. Lists without a key keep their indexes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from journeylint.annotations import Field, keep_fields, read_annotations
from journeylint.model import JsonObject, JsonValue
from journeylint.pointers import pointer_of, tokens_of

if TYPE_CHECKING:
    from journeylint.ports import Kind


class StablePointers:
    """Stable names for places in manifests of these *kinds*; each schema is read once, here."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        trees = ((name, read_annotations(kind.schema)) for name, kind in kinds.items())
        self._trees = {name: keep_fields(tree, _has_key) for name, tree in trees}

    def name(self, kind: str, data: JsonObject, pointer: str) -> str:
        """The stable name of the node at *pointer* in *data*, a manifest of *kind*."""
        field: Field | None = self._trees.get(kind)
        value: JsonValue = data
        tokens: list[str] = []
        for token in tokens_of(pointer):
            if isinstance(value, list) and field is not None and field.key and token.isdigit():
                tokens.append(_name_item(value, int(token), field.key))
            else:
                tokens.append(token)
            field, value = _step(field, value, token)
        return pointer_of(tokens)


def _has_key(one: Field) -> bool:
    return bool(one.key)


def _step(field: Field | None, value: JsonValue, token: str) -> tuple[Field | None, JsonValue]:
    """What is known of the member or item *token*, and its value; None where there is none."""
    if isinstance(value, list):
        index = int(token) if token.isdigit() else len(value)
        return field and field.items, value[index] if index < len(value) else None
    if isinstance(value, dict):
        return field and field.members.get(token, field.rest), value.get(token)
    return None, None


def _name_item(items: list[JsonValue], index: int, key: tuple[str, ...]) -> str:
    if index >= len(items):
        return str(index)
    name = _spell(items[index], key)
    if not name:
        return str(index)
    earlier = sum(_spell(item, key) == name for item in items[:index])
    return f"[{name}]" if not earlier else f"[{name}]#{earlier + 1}"


def _spell(item: JsonValue, key: tuple[str, ...]) -> str:
    if not isinstance(item, dict):
        return ""
    return ",".join(f"{name}={json.dumps(item[name], ensure_ascii=False)}" for name in key if name in item)
