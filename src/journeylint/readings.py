"""What a condition reads: chains of names such as `segment.spec.memberCount`, their values, and where these stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from journeylint.cel import CelError
from journeylint.cel_nodes import Call, Conditional, Index, Member, Name, Node, text_of
from journeylint.evidence import Reading, Standing
from journeylint.model import JsonValue, Manifest
from journeylint.pointers import pointer_of, value_at

Place: TypeAlias = "tuple[Manifest, str]"
"""A manifest and a pointer in it."""


class Frame(NamedTuple):
    """What a condition is evaluated in: how, and where what its names stand for is to be found.

    `let_tree` gives the tree and source of a `let`; `bound` are the names that macros bind, whose expressions `wrap` puts
    around what is evaluated.
    """

    evaluate_in: Callable[[str, Mapping[str, object]], object]
    places: Mapping[str, Place | None]
    let_tree: Callable[[str], tuple[Node, str] | None]
    manifest_of: Callable[[str, str], Manifest | None]
    bound: frozenset[str] = frozenset()
    wrap: Callable[[str], str] = lambda body: body
    variables: Mapping[str, object] = MappingProxyType({})
    level: int = 0

    def evaluate(self, text: str) -> object:
        """The value of *text*; raises CelError."""
        return self.evaluate_in(self.wrap(f"({text}\n)"), self.variables)

    def is_let(self, name: str) -> bool:
        """Whether *name* is a `let` here."""
        return name not in self.bound and self.let_tree(name) is not None

    def bind(
        self,
        name: str,
        wrap: Callable[[str], str],
        *,
        place: Place | None,
        variables: Mapping[str, object] = MappingProxyType({}),
    ) -> Frame:
        """The frame in which *name* is bound by what *wrap* puts around an expression."""
        outer = self.wrap
        return self._replace(
            places={**self.places, name: place},
            bound=self.bound | {name},
            wrap=lambda body: outer(wrap(body)),
            variables={**self.variables, **variables},
            level=self.level + bool(variables),
        )


def is_chain(node: Node) -> bool:
    """Whether *node* is a name, or members and items of one."""
    while isinstance(node, Member | Index):
        node = node.operand
    return isinstance(node, Name)


def resolve(node: Node, source: str, frame: Frame) -> Place | None:
    """Where in a manifest the value of *node* stands, as far as that can be told."""
    match node:
        case Name():
            if node.name in frame.places:
                return frame.places[node.name]
            known = frame.let_tree(node.name) if frame.is_let(node.name) else None
            return None if known is None else resolve(known[0], known[1], frame)
        case Member():
            return _below(resolve(node.operand, source, frame), node.field)
        case Index():
            key = _value(text_of(source, node.key), frame)
            is_key = isinstance(key, str | int) and not isinstance(key, bool)
            return _below(resolve(node.operand, source, frame), key) if is_key else None  # type: ignore[arg-type]  # as seen
        case Conditional():
            condition = _value(text_of(source, node.condition), frame)
            if not isinstance(condition, bool):
                return None
            return resolve(node.yes if condition else node.no, source, frame)
        case Call(function="lookup", target=None):
            return _looked_up(node, source, frame)
        case _:
            return None


def read_chain(node: Node, source: str, frame: Frame) -> Reading | None:
    """What the chain *node* gives; None for `now` and for names of the engine's own."""
    text = text_of(source, node)
    root = _root(node)
    if root.name == "params":
        return _computed(text, Standing.PARAM, frame) if node is not root else None
    place = resolve(node, source, frame)
    if place is not None:
        return _written(text, place)
    if frame.is_let(root.name):
        return _computed(text, Standing.LET if node is root else Standing.COMPUTED, frame)
    return _computed(text, Standing.COMPUTED, frame)


def read_presence(node: Node, source: str, frame: Frame) -> Reading:
    """What `has(node)` finds."""
    text = text_of(source, node)
    place = resolve(node, source, frame)
    if place is not None:
        return _written(text, place)
    is_there = _value(f"has({text})", frame)
    return _computed(text, Standing.COMPUTED, frame) if is_there is True else Reading(text, Standing.ABSENT)


def _root(node: Node) -> Name:
    while isinstance(node, Member | Index):
        node = node.operand
    assert isinstance(node, Name)  # noqa: S101 - what a chain begins with
    return node


def _written(text: str, place: Place) -> Reading:
    manifest, pointer = place
    location = manifest.location(pointer)
    try:
        value: JsonValue = value_at(manifest.data, pointer)
    except (LookupError, ValueError):
        return Reading(text, Standing.ABSENT, None, location)
    if not pointer:
        return Reading(text, Standing.WRITTEN, manifest.identity, location)
    if manifest.is_derived:
        return Reading(text, Standing.COMPUTED, value)
    parent = pointer.rpartition("/")[0]
    is_written = manifest.locate(pointer) != manifest.locate(parent)
    return Reading(text, Standing.WRITTEN if is_written else Standing.DEFAULT, value, location)


def _computed(text: str, standing: Standing, frame: Frame) -> Reading:
    try:
        return Reading(text, standing, frame.evaluate(text))
    except CelError as error:
        return Reading(text, standing, error=str(error))


def _looked_up(node: Call, source: str, frame: Frame) -> Place | None:
    values = [_value(text_of(source, argument), frame) for argument in node.arguments]
    if not all(isinstance(value, str) for value in values) or len(values) < 2:
        return None
    manifest = frame.manifest_of(str(values[0]), str(values[1]))
    return None if manifest is None else (manifest, str(values[2]) if len(values) > 2 else "")


def _below(place: Place | None, key: str | int) -> Place | None:
    return None if place is None else (place[0], place[1] + pointer_of((key,)))


def _value(text: str, frame: Frame) -> object:
    try:
        return frame.evaluate(text)
    except CelError:
        return None
