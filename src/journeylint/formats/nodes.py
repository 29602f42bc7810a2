"""One YAML document while it is composed: its value, its spans and its problems, node by node."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from journeylint.formats.block_scalars import end_of_block_scalar
from journeylint.formats.positions import point_at
from journeylint.formats.problems import ProblemList
from journeylint.formats.scalars import JsonScalar, ScalarError, name_type, read_tagged, resolve_plain, shorten
from journeylint.formats.spans import Place, SpanTree
from journeylint.model import Document, JsonValue, Span
from journeylint.pointers import pointer_of

if TYPE_CHECKING:
    from journeylint.formats.events import AliasLike, CollectionLike, EventLike, MarkLike, ScalarLike
    from journeylint.formats.limits import Limits
    from journeylint.formats.standins import Disguise

_CORE_PREFIX = "tag:yaml.org,2002:"
_SCALAR_TAGS = frozenset({"str", "null", "bool", "int", "float"})
_TYPE_WORDS = {"null": "empty or null", "bool": "a boolean", "int": "a number", "float": "a number"}


class _Dropped:
    """Stands for a key whose value is read but not kept."""


_DROPPED: Final = _Dropped()


class _Frame:
    """A collection that is not closed yet. `key` is the key of the value to come, None where a key is to come."""

    __slots__ = ("anchor", "container", "end", "is_dropped", "is_key", "key", "label", "node")

    def __init__(self, container: dict[str, JsonValue] | list[JsonValue], label: str | int, node: int, end: Place):
        self.container = container
        self.label = label
        self.node = node
        self.end = end
        self.key: str | _Dropped | None = None
        self.anchor: _Anchor | None = None
        self.is_key = False
        self.is_dropped = False

    @property
    def awaits_key(self) -> bool:
        return self.key is None and isinstance(self.container, dict)


@dataclass(slots=True)
class _Anchor:
    """What an alias stands for; `node` is None where its spans were not kept."""

    value: JsonValue
    node: int | None
    is_open: bool


@dataclass(slots=True)
class FileTally:
    """What the documents of a file have taken of the limits that hold for all of them together."""

    nodes: int = 0
    documents: int = 0


class DocumentComposer:
    """Takes the events between a document's start and end, in order; `finish` gives the document at any time."""

    def __init__(self, number: int, start: Place, text: str, *, limits: Limits, tally: FileTally) -> None:
        self.problems = ProblemList()
        self.disguise: Disguise | None = None
        self.quoted: list[tuple[int, int]] = []
        self._number, self._start, self._text = number, start, text
        self._limits, self._tally = limits, tally
        self._value: JsonValue = None
        self._tree = SpanTree()
        self._stack: list[_Frame] = []
        self._anchors: dict[str, _Anchor] = {}
        self._alias_nodes = 0

    def finish(self) -> Document:
        """The document as far as it has been read."""
        while self._stack:
            self._close(self._stack[-1].end)
        return Document(self._number, self._value, self._tree.locate, tuple(self.problems.found))

    def take_scalar(self, event: ScalarLike) -> None:
        """Add a scalar: a value, an item or a key."""
        start, end = _place(event.start_mark), _place(event.end_mark)
        value = self._read_scalar(event, Span(*start, *end))
        if event.style in ("|", ">"):
            end = end_of_block_scalar(self._text, event.start_mark.index, event.end_mark.index, start)
        elif start == end:
            start = end = self._place_of_nothing(start)
        self._add_scalar(value, start, end, event.anchor)

    def take_alias(self, event: AliasLike) -> None:
        """Add a copy of what an alias stands for."""
        start, end = _place(event.start_mark), _place(event.end_mark)
        anchor = self._anchors.get(event.anchor)
        name = shorten(event.anchor)[1:-1]
        if anchor is None or anchor.is_open:
            told = (
                "stands inside the very node that it refers to" if anchor else "refers to an anchor that is not there"
            )
            self.problems.note(f"the alias '*{name}' {told}", self._pointer(), Span(*start, *end))
            self._add_nothing(start, end)
            return
        value = anchor.value
        if not isinstance(value, dict | list):
            self._add_scalar(value, start, end, None)
        elif self._awaits_key():
            self._refuse_key("a mapping or list", Span(*start, *end))
            self._stack[-1].end = end
        else:
            self._add_copy(anchor, start, end)

    def _add_nothing(self, start: Place, end: Place) -> None:
        if self._awaits_key():
            self._stack[-1].key, self._stack[-1].end = _DROPPED, end
        else:
            self._add_scalar(None, start, end, None)

    def open_collection(self, event: CollectionLike, *, is_mapping: bool) -> None:
        """Begin a mapping or a list."""
        start = _place(event.start_mark)
        self._count_node(start)
        if len(self._stack) >= self._limits.depth:
            message = f"nested more than {self._limits.depth} levels deep: flatten it"
            raise self.problems.stop(message, self._pointer(), point_at(start))
        tag = self._core_tag(event.tag, point_at(start))
        if tag is not None and tag != ("map" if is_mapping else "seq"):
            self.problems.note(
                f"a {'mapping' if is_mapping else 'list'} is tagged '!!{tag}'", self._pointer(), point_at(start)
            )
        container: dict[str, JsonValue] | list[JsonValue] = {} if is_mapping else []
        self._push(container, start, _place(event.end_mark))
        if event.anchor:
            frame = self._stack[-1]
            frame.anchor = self._anchors[event.anchor] = _Anchor(container, frame.node, is_open=True)

    def close_collection(self, event: EventLike) -> None:
        """End the innermost mapping or list: at its bracket, or with its last child."""
        has_bracket = event.start_mark.index != event.end_mark.index
        self._close(_place(event.end_mark) if has_bracket else self._stack[-1].end)

    def _push(self, container: dict[str, JsonValue] | list[JsonValue], start: Place, end: Place) -> None:
        parent = self._stack[-1] if self._stack else None
        is_key = self._awaits_key()
        is_dropped = is_key or (parent is not None and parent.key is _DROPPED)
        if is_key:
            self._refuse_key("a mapping or list", point_at(start))
        label = parent.key if parent is not None and isinstance(parent.key, str) else None
        token = label if label is not None else len(parent.container) if parent is not None else ""
        frame = _Frame(container, token, self._tree.open(label, start), end)
        frame.is_key, frame.is_dropped = is_key, is_dropped
        if not is_dropped:
            self._attach(container)
        self._stack.append(frame)

    def _close(self, end: Place) -> None:
        frame = self._stack.pop()
        self._tree.close(frame.node, end)
        if frame.anchor is not None:
            frame.anchor.is_open = False
        if frame.is_dropped:
            self._tree.drop(frame.node)
            for anchor in self._anchors.values():
                if anchor.node is not None and anchor.node >= frame.node:
                    anchor.node = None
        if self._stack:
            parent = self._stack[-1]
            parent.end = end
            if frame.is_dropped:
                parent.key = _DROPPED if frame.is_key else None

    def _attach(self, value: JsonValue) -> None:
        if not self._stack:
            self._value = value
            return
        frame = self._stack[-1]
        if isinstance(frame.container, list):
            frame.container.append(value)
        elif isinstance(frame.key, str):
            frame.container[frame.key] = value
            frame.key = None

    def _add_scalar(self, value: JsonScalar, start: Place, end: Place, anchor: str | None) -> None:
        self._count_node(start)
        frame = self._stack[-1] if self._stack else None
        node = None
        if frame is not None and frame.key is None and isinstance(frame.container, dict):
            self._take_key(frame, frame.container, value, Span(*start, *end))
        elif frame is not None and frame.key is _DROPPED:
            frame.key = None
        else:
            node = self._tree.open(frame.key if frame is not None and isinstance(frame.key, str) else None, start)
            self._tree.close(node, end)
            self._attach(value)
        if frame is not None:
            frame.end = end
        if anchor is not None:
            self._anchors[anchor] = _Anchor(value, node, is_open=False)

    def _take_key(self, frame: _Frame, container: dict[str, JsonValue], key: JsonScalar, span: Span) -> None:
        if not isinstance(key, str):
            self._refuse_key(_TYPE_WORDS[name_type(key)], span)
        elif key in container:
            first = self._tree.locate(self._pointer(key)).line
            told = f"duplicate key {shorten(key)}: it is already set on line {first}, keep one of them"
            self.problems.note(told, self._pointer(key), span)
            frame.key = _DROPPED
        else:
            frame.key = sys.intern(key)

    def _refuse_key(self, what: str, span: Span) -> None:
        self._stack[-1].key = _DROPPED
        advice = "keys must be text" if what.startswith("a mapping") else "keys must be text: put it in quotes"
        self.problems.note(f"a key that is {what}: {advice}", self._container_pointer(), span)

    def _add_copy(self, anchor: _Anchor, start: Place, end: Place) -> None:
        copied = self._copy(anchor.value, len(self._stack), point_at(start))
        self._push_copy(copied, anchor, start, end)

    def _push_copy(self, copied: JsonValue, anchor: _Anchor, start: Place, end: Place) -> None:
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.key is _DROPPED:
            frame.key, frame.end = None, end
            return
        node = self._tree.open(frame.key if frame is not None and isinstance(frame.key, str) else None, start)
        if anchor.node is not None:
            self._tree.copy_children(anchor.node, node)
        self._tree.close(node, end)
        self._attach(copied)
        if frame is not None:
            frame.end = end

    def _copy(self, value: JsonValue, depth: int, at: Span) -> JsonValue:
        self._alias_nodes += 1
        self._count_node((at.line, at.column))
        if self._alias_nodes > self._limits.alias_nodes:
            told = f"the aliases of this document expand to more than {self._limits.alias_nodes:,} nodes"
            raise self.problems.stop(told, self._pointer(), at)
        if not isinstance(value, dict | list):
            return value
        if depth >= self._limits.depth:
            told = f"aliases expand to more than {self._limits.depth} levels"
            raise self.problems.stop(told, self._pointer(), at)
        if isinstance(value, dict):
            return {key: self._copy(child, depth + 1, at) for key, child in value.items()}
        return [self._copy(child, depth + 1, at) for child in value]

    def _read_scalar(self, event: ScalarLike, span: Span) -> JsonScalar:
        text, longest = event.value, self._limits.number_characters
        if self.disguise is not None:
            first, last = event.start_mark.index, event.end_mark.index
            text = self.disguise.reveal(text, first, last, double_quoted=event.style == '"')
            if event.style in ("'", '"'):
                self.quoted.append((first, last))
        try:
            if event.tag is None:
                return text if event.style else resolve_plain(text, longest)
            tag = self._core_tag(event.tag, span)
            if tag is None:
                return text
            if tag not in _SCALAR_TAGS:
                self.problems.note(f"a scalar is tagged '!!{tag}'", self._pointer(), span)
                return text
            return read_tagged(text, tag, longest)
        except ScalarError as error:
            self.problems.note(str(error), self._pointer(), span)
            return text

    def _core_tag(self, tag: str | None, span: Span) -> str | None:
        """The core type that *tag* names; None for no tag, `!` and (with a problem) one that nobody here knows."""
        if tag is None or tag == "!":
            return None
        name = tag.removeprefix(_CORE_PREFIX)
        if name != tag and (name in _SCALAR_TAGS or name in ("map", "seq")):
            return name
        written = f"!!{name}" if name != tag else tag if tag.startswith("!") else f"!<{tag}>"
        told = (
            f"unknown tag {shorten(written)}: remove it (known are !!str, !!int, !!float, !!bool, !!null, !!map, !!seq)"
        )
        self.problems.note(told, self._pointer(), span)
        return None

    def _place_of_nothing(self, start: Place) -> Place:
        """Where an empty node stands: where libyaml puts it, but on no later line than its key or `---`."""
        if not self._stack:
            return min(start, self._start) if start[0] > self._start[0] else start
        frame = self._stack[-1]
        return frame.end if isinstance(frame.container, dict) and start[0] > frame.end[0] else start

    def _count_node(self, start: Place) -> None:
        self._tally.nodes += 1
        if self._tally.nodes > self._limits.nodes:
            told = f"the file holds more than {self._limits.nodes:,} nodes: split it"
            raise self.problems.stop(told, self._pointer(), point_at(start))

    def _awaits_key(self) -> bool:
        return bool(self._stack) and self._stack[-1].awaits_key

    def _container_pointer(self) -> str:
        return pointer_of(self._tokens())

    def _pointer(self, key: str | None = None) -> str:
        """The pointer of the node that comes next (or of *key* in the innermost mapping)."""
        tokens = self._tokens()
        if self._stack and not self._stack[-1].is_dropped:
            frame = self._stack[-1]
            if key is None and isinstance(frame.key, str):
                key = frame.key
            if key is not None:
                tokens.append(key)
            elif isinstance(frame.container, list):
                tokens.append(len(frame.container))
        return pointer_of(tokens)

    def _tokens(self) -> list[str | int]:
        tokens: list[str | int] = []
        for frame in self._stack:
            if frame.is_dropped:
                break
            if frame is not self._stack[0]:
                tokens.append(frame.label)
        return tokens


def _place(mark: MarkLike) -> Place:
    return mark.line + 1, mark.column + 1
