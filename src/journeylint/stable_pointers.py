"""Names for places in manifests that stay when the items of a list move.

Such a name is a JSON pointer in which an item of a list stands by what tells it apart, `x-journeylint-key` in the
schema of its kind, instead of by its index: `/spec/segments/[name="vip",role="audience"]` for `/spec/segments/1`. Of
items that are alike the second has `#2` at its end. Lists without a key keep their indexes.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from json.encoder import encode_basestring
from typing import TYPE_CHECKING

from journeylint.annotations import Field, KeptTrees
from journeylint.model import JsonObject, JsonValue
from journeylint.pointers import pointer_of, tokens_of

if TYPE_CHECKING:
    from journeylint.ports import Kind

_INDEX = re.compile(r"[0-9]{1,18}")
_ITEM = re.compile(r"/[0-9]+(?=/|$)")
_ORDINAL = re.compile(r"(/\[[^/]*\])#[0-9]+(?=/|$)")
_EXACT = 2**53
"""Up to here a whole number with a fraction of zero is the same as one without."""


class StablePointers:
    """Stable names for places in manifests of these *kinds*; each schema is read once, when it is needed."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._trees = KeptTrees({name: kind.schema for name, kind in kinds.items()}, _has_key)
        self._last: tuple[list[JsonValue], list[str]] = ([], [])

    def name(self, kind: str, data: JsonObject, pointer: str) -> str:
        """The stable name of the node at *pointer* in *data*, a manifest of *kind*."""
        if _ITEM.search(pointer) is None:
            return pointer
        field: Field | None = self._trees.of(kind)
        value: JsonValue = data
        tokens: list[str] = []
        for token in tokens_of(pointer):
            index = int(token) if isinstance(value, list) and token.isascii() and token.isdigit() else -1
            if isinstance(value, list) and field is not None and field.key and 0 <= index < len(value):
                tokens.append(self._name_items(value, field.key)[index])
            else:
                tokens.append(token)
            field, value = _step(field, value, token, index)
        return pointer_of(tokens)

    def find(self, kind: str, data: JsonObject, tokens: Sequence[str | None]) -> Iterator[tuple[str | None, ...]]:
        """The places in *data*, a manifest of *kind*, that *tokens* mean, with indexes in place of the names of items.

        An item may be named by the first parts of its key alone; then there may be several. None, which is any token, stays
        what it is, unless the name of an item comes after it.
        """
        yield from self._find(self._trees.of(kind), data, tokens)

    def _find(
        self, field: Field | None, value: JsonValue, tokens: Sequence[str | None]
    ) -> Iterator[tuple[str | None, ...]]:
        if not tokens:
            yield ()
            return
        token, *rest = tokens
        if token is None and any(one is not None and one.startswith("[") for one in rest):
            for child in _children(value):
                yield from self._find(field, value, [child, *rest])
            return
        if token is not None and token.startswith("[") and isinstance(value, list):
            names = self._name_items(value, field.key) if field is not None else []
            meant = [index for index, name in enumerate(names) if is_named(name, token)]
        elif token is not None and token.startswith("[") and not (isinstance(value, dict) and token in value):
            return
        else:
            meant = [int(token)] if token is not None and _INDEX.fullmatch(token) else [-1]
        for index in meant:
            step = str(index) if isinstance(value, list) and index >= 0 else token
            inner, below = _step(field, value, token or "", index)
            for place in self._find(inner, below, rest):
                yield (step, *place)

    def _name_items(self, items: list[JsonValue], key: tuple[str, ...]) -> list[str]:
        """The names of *items*; they are kept until others are asked for, as findings come manifest by manifest."""
        last, names = self._last
        if last is not items:
            names = list(_name_all(items, key))
            self._last = (items, names)
        return names


def is_named(item: str, token: str) -> bool:
    """Whether *token* names *item*, both as in a stable pointer: by all of its key, or by the first parts of it."""
    if item == token:
        return True
    return token.startswith("[") and token.endswith("]") and item.startswith(f"{token[:-1]},")


def without_ordinals(pointer: str) -> str:
    """The stable *pointer* without what tells items that are named alike apart: their order, which may change."""
    return _ORDINAL.sub(r"\1", pointer) if "]#" in pointer else pointer


def spell_json(value: JsonValue) -> str:
    """*value* as JSON in one way, however it was written: keys are sorted, and `5e3` and `5000.0` are `5000`."""
    if isinstance(value, str):
        return encode_basestring(value)
    return json.dumps(_simplify(value), ensure_ascii=False, sort_keys=True)


def _simplify(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {key: _simplify(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_simplify(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT else value


def _children(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    elif isinstance(value, list):
        yield from map(str, range(len(value)))


def _has_key(one: Field) -> bool:
    return bool(one.key)


def _step(field: Field | None, value: JsonValue, token: str, index: int) -> tuple[Field | None, JsonValue]:
    """What is known of the member *token* or the item *index*, and its value; None where there is none."""
    if isinstance(value, list):
        return field and field.items, value[index] if 0 <= index < len(value) else None
    if isinstance(value, dict):
        return field and field.members.get(token, field.rest), value.get(token)
    return None, None


def _name_all(items: Iterable[JsonValue], key: Iterable[str]) -> Iterator[str]:
    seen: Counter[str] = Counter()
    for index, item in enumerate(items):
        name = _spell(item, key)
        seen[name] += 1
        if not name:
            yield str(index)
        else:
            yield f"[{name}]" if seen[name] == 1 else f"[{name}]#{seen[name]}"


def _spell(item: JsonValue, key: Iterable[str]) -> str:
    if not isinstance(item, dict):
        return ""
    return ",".join([f"{name}={spell_json(item[name])}" for name in key if name in item])
