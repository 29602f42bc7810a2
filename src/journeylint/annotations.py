"""What a kind's schema says about its fields beyond what is valid: defaults, whole numbers, instants and references.

The schema is read once, into a tree of `Field`s in the shape of the documents; from then on a walk costs only what the
fields in question cost. Keywords of ours:

- `x-journeylint-reference: KIND`: the text is the `metadata.name` of another manifest, in the same environment;
- `x-journeylint-key: [PROPERTY, …]` (beside `items`): what tells the items of a list apart, wherever they stand in it;
- `x-journeylint-zone: POINTER`: the zone of local times (with `format: instant`), from the document's root.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from journeylint.pointers import tokens_of, value_at

if TYPE_CHECKING:
    from journeylint.model import JsonObject, JsonValue

Tokens: TypeAlias = "tuple[str | int, ...]"

# Two parts of a schema that describe the same member and refer to themselves would be joined for ever.
_MOST_JOINS = 6


@dataclass(slots=True, eq=False)
class Field:
    """What is known of one place in the documents of a kind.

    `defaults` are those of its members; `zone` are the names that lead from the root to the zone of a local time;
    `key` are the properties that tell its items apart; `rest` stands for the members that `members` does not name.
    """

    defaults: dict[str, JsonValue] = field(default_factory=dict)
    members: dict[str, Field] = field(default_factory=dict)
    items: Field | None = None
    rest: Field | None = None
    reference: str | None = None
    zone: tuple[str, ...] | None = None
    key: tuple[str, ...] = ()
    is_integer: bool = False
    _references: frozenset[str] | None = None

    @property
    def references(self) -> frozenset[str]:
        """The kinds that documents of this tree may refer to."""
        if self._references is None:
            self._references = frozenset(one.reference for one in _reach(self) if one.reference is not None)
        return self._references

    def fields_within(self) -> Iterator[Field]:
        """The fields directly below."""
        yield from self.members.values()
        yield from (inner for inner in (self.items, self.rest) if inner is not None)


_TREES: dict[int, tuple[JsonObject, Field]] = {}
"""The trees read so far, by their schema's identity, which stays taken as long as the schema is held here."""

_MOST_TREES = 64
"""Of more schemas than that the trees are read again: a process that makes many hosts would hold them all."""


def read_annotations(schema: JsonObject) -> Field:
    """The tree of the documents that *schema* describes; a schema that refers to itself makes a tree with cycles.

    It is read once for all who ask: neither is to be changed.
    """
    known = _TREES.get(id(schema))
    if known is None:
        if len(_TREES) >= _MOST_TREES:
            _TREES.clear()
        known = _TREES[id(schema)] = (schema, _Reader(schema).read(schema))
    return known[1]


def keep_fields(root: Field, is_wanted: Callable[[Field], bool]) -> Field:
    """The tree of *root* without the branches that hold no wanted field."""
    holders: dict[int, list[Field]] = {}
    waiting = []
    for one in _reach(root):
        if is_wanted(one):
            waiting.append(one)
        for inner in one.fields_within():
            holders.setdefault(id(inner), []).append(one)
    useful: dict[int, Field] = {}
    while waiting:
        one = waiting.pop()
        if id(one) not in useful:
            useful[id(one)] = one
            waiting += holders.get(id(one), ())
    copies = {
        key: Field(one.defaults, reference=one.reference, zone=one.zone, key=one.key) for key, one in useful.items()
    }
    for key, one in useful.items():
        copy = copies[key]
        copy.is_integer = one.is_integer
        copy.members = {name: copies[id(inner)] for name, inner in one.members.items() if id(inner) in useful}
        copy.items = copies[id(one.items)] if one.items is not None and id(one.items) in useful else None
        copy.rest = copies[id(one.rest)] if one.rest is not None and id(one.rest) in useful else None
    return copies.get(id(root)) or Field()


class KeptTrees:
    """For the manifests of each kind the tree of the fields that *is_wanted* asks for, made when the first one comes.

    *schemas* are those of the kinds, by name.
    """

    def __init__(self, schemas: Mapping[str, JsonObject], is_wanted: Callable[[Field], bool]) -> None:
        self._schemas = schemas
        self._is_wanted = is_wanted
        self._trees: dict[str, Field] = {}

    def of(self, kind: str) -> Field | None:
        """The tree of *kind*, or None where there is no such kind."""
        tree = self._trees.get(kind)
        if tree is None and kind in self._schemas:
            tree = self._trees[kind] = keep_fields(read_annotations(self._schemas[kind]), self._is_wanted)
        return tree


def find_places(one: Field, value: JsonValue, tokens: Tokens = ()) -> Iterator[tuple[Tokens, Field, JsonValue]]:
    """Every place of *value* that the tree *one* knows, in document order: its tokens, its field and what is there."""
    yield tokens, one, value
    if isinstance(value, dict):
        for name, item in value.items():
            inner = one.members.get(name, one.rest)
            if inner is not None:
                yield from find_places(inner, item, (*tokens, name))
    elif isinstance(value, list) and one.items is not None:
        for index, item in enumerate(value):
            yield from find_places(one.items, item, (*tokens, index))


def find_zone(root: Field) -> tuple[str, ...] | None:
    """The names that lead to the zone of local times in documents of this tree, or None where it has no such times."""
    return min((one.zone for one in _reach(root) if one.zone is not None), default=None)


def _reach(root: Field) -> Iterator[Field]:
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        one = waiting.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting.extend(one.fields_within())


class _Reader:
    """Reads one schema; a part that is referred to from several places makes one field only, so that cycles end."""

    def __init__(self, schema: JsonObject) -> None:
        self._schema = schema
        self._read: dict[int, Field] = {}
        self._joins = 0

    def read(self, schema: JsonValue) -> Field:
        if id(schema) in self._read:
            return self._read[id(schema)]
        one = self._read[id(schema)] = Field()
        self._add(one, schema, is_certain=True, active=set())
        return one

    def _add(self, one: Field, schema: JsonValue, *, is_certain: bool, active: set[int]) -> None:
        """Add what *schema* says about *one*; what only an alternative says is no default and converts nothing."""
        if not isinstance(schema, dict) or id(schema) in active:
            return
        active.add(id(schema))
        self._add_scalar(one, schema, is_certain=is_certain)
        self._add_members(one, schema, is_certain=is_certain)
        if isinstance(reference := schema.get("$ref"), str):
            self._add(one, self._resolve(reference), is_certain=is_certain, active=active)
        for keyword in ("allOf", "anyOf", "oneOf"):
            parts = schema.get(keyword)
            for part in parts if isinstance(parts, list) else ():
                self._add(one, part, is_certain=is_certain and keyword == "allOf", active=active)
        for keyword in ("then", "else"):
            self._add(one, schema.get(keyword), is_certain=False, active=active)

    def _add_scalar(self, one: Field, schema: JsonObject, *, is_certain: bool) -> None:
        if isinstance(kind := schema.get("x-journeylint-reference"), str):
            one.reference = kind
        if schema.get("format") == "instant" and isinstance(zone := schema.get("x-journeylint-zone"), str):
            one.zone = tuple(tokens_of(zone))
        if isinstance(key := schema.get("x-journeylint-key"), list):
            one.key = tuple(name for name in key if isinstance(name, str))
        types = schema.get("type")
        if is_certain and (types == "integer" or (isinstance(types, list) and _means_integer(types))):
            one.is_integer = True

    def _add_members(self, one: Field, schema: JsonObject, *, is_certain: bool) -> None:
        properties = schema.get("properties")
        for name, member in properties.items() if isinstance(properties, dict) else ():
            one.members[name] = self._join(one.members.get(name), member)
            if is_certain and isinstance(member, dict) and "default" in member:
                one.defaults[name] = member["default"]
        if isinstance(schema.get("items"), dict):
            one.items = self._join(one.items, schema["items"])
        patterns = schema.get("patternProperties")
        others = [schema.get("additionalProperties"), *(patterns.values() if isinstance(patterns, dict) else ())]
        for other in others:
            if isinstance(other, dict):
                one.rest = self._join(one.rest, other)

    def _join(self, earlier: Field | None, schema: JsonValue) -> Field:
        if earlier is None:
            return self.read(schema)
        if self._joins >= _MOST_JOINS:
            return earlier
        joined = Field(dict(earlier.defaults), dict(earlier.members), earlier.items, earlier.rest)
        joined.reference, joined.zone, joined.is_integer = earlier.reference, earlier.zone, earlier.is_integer
        joined.key = earlier.key
        self._joins += 1
        self._add(joined, schema, is_certain=True, active=set())
        self._joins -= 1
        return joined

    def _resolve(self, reference: str) -> JsonValue:
        """The part of this schema that *reference* points at, or None where there is none: compiling it says so."""
        if not reference.startswith("#"):
            return None
        try:
            return value_at(self._schema, reference[1:])
        except (LookupError, ValueError):
            return None


def _means_integer(types: list[JsonValue]) -> bool:
    return "integer" in types and "number" not in types
