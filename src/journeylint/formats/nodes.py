"""One YAML document while it is composed: its value, its spans and its problems, node by node."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from journeylint.formats.block_scalars import end_of_block_scalar
from journeylint.formats.frames import DROPPED, Anchor, Frame, tokens_to
from journeylint.formats.positions import point_at
from journeylint.formats.problems import ProblemList
from journeylint.formats.scalars import JsonScalar, ScalarError, name_type, read_tagged, resolve_plain, shorten
from journeylint.formats.spans import Place, SpanTree
from journeylint.formats.tags import SCALAR_TAGS, name_core_tag
from journeylint.model import Document, JsonValue, Span
from journeylint.pointers import pointer_of

if TYPE_CHECKING:
    from journeylint.formats.events import AliasLike, CollectionLike, EventLike, ScalarLike
    from journeylint.formats.limits import Limits
    from journeylint.formats.standins import Disguise

_TYPE_WORDS = {"null": "empty or null", "bool": "a boolean", "int": "a number", "float": "a number"}


class DocumentComposer:
    """Takes the events between a document's start and end, in order; `finish` gives the document at any time.

    `quoted` has the offsets of the quoted scalars of a text that was given to libyaml in *disguise*; `copied` counts
    the nodes that aliases have added.
    """

    def __init__(self, number: int, start: Place, text: str, *, limits: Limits, disguise: Disguise | None) -> None:
        self.problems = ProblemList()
        self.quoted: list[tuple[int, int]] = []
        self.copied = 0
        self._number, self._start, self._text = number, start, text
        self._limits, self._longest_number, self._disguise = limits, limits.number_characters, disguise
        self._value: JsonValue = None
        self._tree = SpanTree()
        self._stack: list[Frame] = []
        self._anchors: dict[str, Anchor] = {}

    def finish(self) -> Document:
        """The document as far as it has been read."""
        while self._stack:
            self._close(self._stack[-1].end)
        return Document(self._number, self._value, self._tree.locate, tuple(self.problems.found))

    def take_scalar(self, event: ScalarLike) -> None:
        """Add a scalar: a value, an item or a key."""
        style, first, last = event.style, event.start_mark, event.end_mark
        start, end = (first.line + 1, first.column + 1), (last.line + 1, last.column + 1)
        if event.tag is not None or self._disguise is not None:
            value = self._read_unusual_scalar(event)
        elif style:
            value = event.value
        else:
            value = self._resolve(event)
        if style in ("|", ">"):
            end = end_of_block_scalar(self._text, first.index, last.index, start)
        elif start == end:
            start = end = self._place_of_nothing(start)
        node = self._add_scalar(value, start, end)
        if event.anchor is not None:
            self._anchors[event.anchor] = Anchor(value, node)

    def take_alias(self, event: AliasLike) -> None:
        """Add a copy of what an alias stands for."""
        span = _span_of(event)
        start, end = (span.line, span.column), (span.end_line, span.end_column)
        anchor = self._anchors.get(event.anchor)
        if anchor is None or anchor.is_open:
            told = (
                "stands inside the very node that it refers to" if anchor else "refers to an anchor that is not there"
            )
            self.problems.note(f"the alias '*{shorten(event.anchor)[1:-1]}' {told}", self._pointer(), span)
            self._add_nothing(start, end)
        elif not isinstance(anchor.value, dict | list):
            self._add_scalar(anchor.value, start, end)
        elif self._stack and self._stack[-1].awaits_key:
            self._refuse_key("a mapping or list", span)
            self._stack[-1].end = end
        else:
            self._add_copy(self._copy(anchor.value, len(self._stack), span), anchor.node, start, end)

    def open_collection(self, event: CollectionLike, *, is_mapping: bool) -> None:
        """Begin a mapping or a list."""
        first, last = event.start_mark, event.end_mark
        start = first.line + 1, first.column + 1
        if len(self._stack) >= self._limits.depth:
            told = f"nested more than {self._limits.depth} levels deep: flatten it"
            raise self.problems.stop(told, self._pointer(), point_at(start))
        if event.tag is not None:
            self._check_collection_tag(event, is_mapping=is_mapping)
        container: dict[str, JsonValue] | list[JsonValue] = {} if is_mapping else []
        frame = self._push(container, start, (last.line + 1, last.column + 1))
        if event.anchor is not None:
            frame.anchor = self._anchors[event.anchor] = Anchor(container, frame.node, is_open=True)

    def close_collection(self, event: EventLike) -> None:
        """End the innermost mapping or list: at its bracket, or with its last child."""
        last = event.end_mark
        has_bracket = event.start_mark.index != last.index
        self._close((last.line + 1, last.column + 1) if has_bracket else self._stack[-1].end)

    def stop_before(self, event: EventLike, told: str) -> Exception:
        """Add the problem *told*, at *event*, which ends the document; returns the exception to raise."""
        return self.problems.stop(
            told, self._pointer(), point_at((event.start_mark.line + 1, event.start_mark.column + 1))
        )

    def _push(self, container: dict[str, JsonValue] | list[JsonValue], start: Place, end: Place) -> Frame:
        parent = self._stack[-1] if self._stack else None
        if parent is None:
            frame = Frame(container, "", self._tree.open(None, start), end)
            self._value = container
        elif parent.awaits_key:
            self._refuse_key("a mapping or list", point_at(start))
            frame = Frame(container, "", self._tree.open(None, start), end)
            frame.is_key = frame.is_dropped = True
        elif parent.key is DROPPED:
            frame = Frame(container, "", self._tree.open(None, start), end)
            frame.is_dropped = True
        else:
            key = parent.key if isinstance(parent.key, str) else None
            token = len(parent.container) if key is None else key
            frame = Frame(container, token, self._tree.open(key, start), end)
            parent.attach(container)
        self._stack.append(frame)
        return frame

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
                parent.key = DROPPED if frame.is_key else None

    def _add_scalar(self, value: JsonScalar, start: Place, end: Place) -> int | None:
        """Add a value, an item or a key; returns its number in the span tree, None where it has none."""
        if not self._stack:
            self._value = value
            return self._tree.add_leaf(None, start, end)
        frame = self._stack[-1]
        frame.end = end
        key, container = frame.key, frame.container
        if isinstance(container, list):
            container.append(value)
            return self._tree.add_leaf(None, start, end)
        if key is None:
            if isinstance(value, str) and value not in container:
                frame.key = sys.intern(value)
            else:
                self._refuse_scalar_key(value, Span(*start, *end))
            return None
        frame.key = None
        if not isinstance(key, str):
            return None
        container[key] = value
        return self._tree.add_leaf(key, start, end)

    def _add_nothing(self, start: Place, end: Place) -> None:
        """Add an empty value, or pass over a key that nobody can tell."""
        if self._stack and self._stack[-1].awaits_key:
            self._stack[-1].key, self._stack[-1].end = DROPPED, end
        else:
            self._add_scalar(None, start, end)

    def _refuse_scalar_key(self, key: JsonScalar, span: Span) -> None:
        if not isinstance(key, str):
            self._refuse_key(_TYPE_WORDS[name_type(key)], span)
            return
        first = self._tree.locate(self._pointer(key)).line
        self._stack[-1].key = DROPPED
        told = f"duplicate key {shorten(key)}: it is already set on line {first}, keep one of them"
        self.problems.note(told, self._pointer(key), span)

    def _refuse_key(self, what: str, span: Span) -> None:
        self._stack[-1].key = DROPPED
        advice = "keys must be text" if what.startswith("a mapping") else "keys must be text: put it in quotes"
        self.problems.note(f"a key that is {what}: {advice}", pointer_of(tokens_to(self._stack)), span)

    def _add_copy(self, copied: JsonValue, source: int | None, start: Place, end: Place) -> None:
        frame = self._stack[-1] if self._stack else None
        if frame is not None:
            frame.end = end
            if frame.key is DROPPED:
                frame.key = None
                return
        node = self._tree.open(frame.key if frame is not None and isinstance(frame.key, str) else None, start)
        if source is not None:
            self._tree.copy_children(source, node)
        self._tree.close(node, end)
        if frame is not None:
            frame.attach(copied)

    def _copy(self, value: JsonValue, depth: int, span: Span) -> JsonValue:
        self.copied += 1
        if self.copied > self._limits.alias_nodes:
            told = f"the aliases of this document expand to more than {self._limits.alias_nodes:,} nodes"
            raise self.problems.stop(told, self._pointer(), span)
        if not isinstance(value, dict | list):
            return value
        if depth >= self._limits.depth:
            told = f"aliases expand to more than {self._limits.depth} levels: flatten it"
            raise self.problems.stop(told, self._pointer(), span)
        if isinstance(value, dict):
            return {key: self._copy(child, depth + 1, span) for key, child in value.items()}
        return [self._copy(child, depth + 1, span) for child in value]

    def _resolve(self, event: ScalarLike) -> JsonScalar:
        try:
            return resolve_plain(event.value, self._longest_number)
        except ScalarError as error:
            self.problems.note(str(error), self._pointer(), _span_of(event))
            return event.value

    def _read_unusual_scalar(self, event: ScalarLike) -> JsonScalar:
        """What a scalar with a tag, or of a text in disguise, stands for."""
        text = event.value
        if self._disguise is not None:
            first, last = event.start_mark.index, event.end_mark.index
            text = self._disguise.reveal(text, first, last, double_quoted=event.style == '"')
            if event.style in ("'", '"'):
                self.quoted.append((first, last))
        try:
            if event.tag is None:
                return text if event.style else resolve_plain(text, self._longest_number)
            tag = name_core_tag(event.tag)
            if tag is not None and tag not in SCALAR_TAGS:
                self.problems.note(f"a scalar is tagged '!!{tag}': remove the tag", self._pointer(), _span_of(event))
            return read_tagged(text, tag, self._longest_number) if tag in SCALAR_TAGS else text
        except ScalarError as error:
            self.problems.note(str(error), self._pointer(), _span_of(event))
            return text

    def _check_collection_tag(self, event: CollectionLike, *, is_mapping: bool) -> None:
        expected, what = ("map", "mapping") if is_mapping else ("seq", "list")
        try:
            tag = name_core_tag(event.tag)
            if tag is None or tag == expected:
                return
            told = f"a {what} is tagged '!!{tag}': remove the tag"
        except ScalarError as error:
            told = str(error)
        start = event.start_mark
        self.problems.note(told, self._pointer(), point_at((start.line + 1, start.column + 1)))

    def _place_of_nothing(self, start: Place) -> Place:
        """Where an empty node stands: where libyaml puts it, but on no later line than its key or `---`."""
        if not self._stack:
            return self._start if start[0] > self._start[0] else start
        frame = self._stack[-1]
        return frame.end if not frame.is_list and start[0] > frame.end[0] else start

    def _pointer(self, key: str | None = None) -> str:
        """The pointer of the node that comes next (or of *key* in the innermost mapping)."""
        tokens = tokens_to(self._stack)
        if self._stack and not self._stack[-1].is_dropped:
            frame = self._stack[-1]
            if key is None and isinstance(frame.key, str):
                key = frame.key
            if key is not None:
                tokens.append(key)
            elif frame.is_list:
                tokens.append(len(frame.container))
        return pointer_of(tokens)


def _span_of(event: EventLike) -> Span:
    start, end = event.start_mark, event.end_mark
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
