"""The nodes of a text as they are written: where each begins and ends, and in which style."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from journeylint.edits.errors import EditError


class Style(enum.Enum):
    """How a node is written. JSON's objects and lists are flow collections, its strings are double quoted."""

    PLAIN = enum.auto()
    SINGLE_QUOTED = enum.auto()
    DOUBLE_QUOTED = enum.auto()
    BLOCK_TEXT = enum.auto()
    BLOCK_MAPPING = enum.auto()
    BLOCK_LIST = enum.auto()
    FLOW_MAPPING = enum.auto()
    FLOW_LIST = enum.auto()
    ALIAS = enum.auto()

    @property
    def is_block(self) -> bool:
        """Whether it is a collection whose items stand on lines of their own."""
        return self in (Style.BLOCK_MAPPING, Style.BLOCK_LIST)

    @property
    def is_flow(self) -> bool:
        """Whether it is a collection in brackets."""
        return self in (Style.FLOW_MAPPING, Style.FLOW_LIST)

    @property
    def is_mapping(self) -> bool:
        """Whether it is a mapping."""
        return self in (Style.BLOCK_MAPPING, Style.FLOW_MAPPING)


class Node:
    """A node between the offsets `start` and `end` (code points, the end exclusive and behind its last character).

    `name` is what a key says. `is_anchored` and `is_tagged` say what stands before it.
    """

    __slots__ = ("end", "is_anchored", "is_tagged", "items", "name", "start", "style")

    def __init__(self, style: Style, start: int, end: int, name: str = "") -> None:
        self.style, self.start, self.end, self.name = style, start, end, name
        self.items: list[Item] = []
        self.is_anchored = self.is_tagged = False

    @property
    def is_collection(self) -> bool:
        """Whether it may have items."""
        return self.style.is_block or self.style.is_flow

    def all_below(self) -> Iterator[Node]:
        """The node and everything in it."""
        yield self
        for item in self.items:
            yield from item.value.all_below()


class Item(NamedTuple):
    """A member of a mapping, or an item of a list, which has no key."""

    key: Node | None
    value: Node

    @property
    def start(self) -> int:
        """Where it begins: with its key, or with its value (behind the dash)."""
        return self.value.start if self.key is None else self.key.start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.value.end if self.key is None else max(self.key.end, self.value.end)


class Place(NamedTuple):
    """A place in a text: `path` has the nodes that lead to it, from the root to the collection that it is in.

    `position` (0-based) is that of the item in this collection, None where there is none; `token` what the pointer ends with.
    """

    path: tuple[Node, ...]
    position: int | None
    token: str

    @property
    def parent(self) -> Node:
        """The collection that the place is in."""
        return self.path[-1]

    @property
    def item(self) -> Item:
        """The item at the place; EditError where there is none."""
        if self.position is None:
            raise EditError(f"there is no {self.token!r} in the text")
        return self.parent.items[self.position]

    @property
    def is_in_flow(self) -> bool:
        """Whether it stands inside brackets."""
        return any(node.style.is_flow for node in self.path)


def find_place(root: Node, tokens: Sequence[str]) -> Place:
    """The place at the end of *tokens*; EditError where no edit may lead, or an edit there would change another place."""
    node = root
    path: list[Node] = []
    for depth, token in enumerate(tokens):
        _check_open(node)
        path.append(node)
        index = _find_item(node, token)
        if depth == len(tokens) - 1:
            return Place(tuple(path), index, token)
        if index is None:
            raise EditError(f"there is no {token!r} in the text")
        node = node.items[index].value
    raise EditError("a manifest cannot be put in its own place")


def check_free(node: Node) -> None:
    """Raise EditError where *node* cannot be changed or removed without another place being changed."""
    _check_open(node, is_target=True)
    if node.is_tagged:
        raise EditError("the value has a tag")
    if any(inner.is_anchored for inner in node.all_below()):
        raise EditError("there is an anchor inside, which an alias may need")


def _check_open(node: Node, *, is_target: bool = False) -> None:
    if node.style is Style.ALIAS:
        raise EditError("it is an alias: what it stands for is written elsewhere")
    if node.is_anchored:
        raise EditError("it stands at an anchor, and its aliases would change too")
    if not is_target and not node.is_collection:
        raise EditError("what should hold it is neither mapping nor list in the text")


def _find_item(node: Node, token: str) -> int | None:
    if not node.style.is_mapping:
        return int(token) if token.isascii() and token.isdigit() and int(token) < len(node.items) else None
    return next((index for index, item in enumerate(node.items) if item.key and item.key.name == token), None)
