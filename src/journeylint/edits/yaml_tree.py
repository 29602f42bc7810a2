"""The nodes of a YAML document that has been found to be faultless, from libyaml's events."""

from __future__ import annotations

from typing import Any

from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from journeylint.edits.errors import EditError
from journeylint.edits.tree import Item, Node, Style
from journeylint.formats.standins import disguise

_SCALARS = {
    "'": Style.SINGLE_QUOTED,
    '"': Style.DOUBLE_QUOTED,
    "|": Style.BLOCK_TEXT,
    ">": Style.BLOCK_TEXT,
}
_BLANK = " \t\r\n"


def read_yaml_tree(text: str, number: int) -> Node:
    """The root of document *number* (1-based) of *text* (without byte order mark), with everything below it."""
    disguised = disguise(text)
    parser = CParser(text if disguised is None else disguised.text)
    builder = _TreeBuilder(text)
    seen = 0
    while (event := parser.get_event()) is not None:
        if type(event) is DocumentStartEvent:
            seen += 1
        elif seen == number and builder.take(event):
            return builder.root
    raise EditError("the text holds no such document")


class _TreeBuilder:
    """Takes the events of one document; `root` is ready when `take` says so."""

    def __init__(self, text: str) -> None:
        self.root = Node(Style.PLAIN, 0, 0)
        self._text = text
        self._stack: list[Node] = []
        self._keys: list[Node | None] = []

    def take(self, event: Any) -> bool:
        """Whether the document is complete with *event*."""
        kind = type(event)
        if kind is MappingStartEvent or kind is SequenceStartEvent:
            self._open(event, is_mapping=kind is MappingStartEvent)
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            self._close(event)
        elif kind is ScalarEvent:
            self._add(self._scalar(event))
        elif kind is AliasEvent:
            self._add(Node(Style.ALIAS, event.start_mark.index, event.end_mark.index))
        return not self._stack

    def _scalar(self, event: Any) -> Node:
        style = _SCALARS.get(event.style or "", Style.PLAIN)
        start, end = event.start_mark.index, event.end_mark.index
        if style is Style.BLOCK_TEXT:
            end = start + len(self._text[start:end].rstrip(_BLANK))
        node = Node(style, start, end, event.value)
        node.is_anchored, node.is_tagged = event.anchor is not None, event.tag is not None
        return node

    def _open(self, event: Any, *, is_mapping: bool) -> None:
        if event.flow_style:
            style = Style.FLOW_MAPPING if is_mapping else Style.FLOW_LIST
        else:
            style = Style.BLOCK_MAPPING if is_mapping else Style.BLOCK_LIST
        node = Node(style, event.start_mark.index, event.end_mark.index)
        node.is_anchored, node.is_tagged = event.anchor is not None, event.tag is not None
        self._add(node)
        self._stack.append(node)
        self._keys.append(None)

    def _close(self, event: Any) -> None:
        node = self._stack.pop()
        self._keys.pop()
        if node.style.is_flow:
            node.end = event.end_mark.index
        elif node.items:
            node.end = node.items[-1].end

    def _add(self, node: Node) -> None:
        if not self._stack:
            self.root = node
            return
        parent, key = self._stack[-1], self._keys[-1]
        if parent.style.is_mapping and key is None:
            self._keys[-1] = node
            return
        parent.items.append(Item(key, node))
        self._keys[-1] = None
