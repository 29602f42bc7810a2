"""The nodes of a JSON text that has been found to be faultless."""

from __future__ import annotations

import json
import re

from journeylint.edits.errors import EditError
from journeylint.edits.tree import Item, Node, Style

_TOKEN = re.compile(r'[ \t\r\n]*+(?:("(?:[^"\\]|\\.)*+")|([][{},:])|([^][{},:"\s]++))', re.DOTALL)


def read_json_tree(text: str) -> Node:
    """The root of *text*, with everything below it."""
    stack: list[Node] = []
    keys: list[Node | None] = []
    root: Node | None = None
    offset = 0
    while (found := _TOKEN.match(text, offset)) is not None:
        offset = found.end()
        string, mark, _ = found.groups()
        if mark in (":", ","):
            continue
        if mark in ("}", "]"):
            stack.pop().end = offset
            keys.pop()
            continue
        node = _read_node(found, string=string, mark=mark)
        parent = stack[-1] if stack else None
        if parent is None:
            root = node
        elif parent.style is Style.FLOW_MAPPING and keys[-1] is None:
            node.name = str(json.loads(string))
            keys[-1] = node
            continue
        else:
            parent.items.append(Item(keys[-1], node))
            keys[-1] = None
        if node.is_collection:
            stack.append(node)
            keys.append(None)
    if root is None:
        raise EditError("the text holds no value")
    return root


def _read_node(found: re.Match[str], *, string: str | None, mark: str | None) -> Node:
    if mark is not None:
        return Node(Style.FLOW_MAPPING if mark == "{" else Style.FLOW_LIST, found.start(2), found.end())
    style, group = (Style.PLAIN, 3) if string is None else (Style.DOUBLE_QUOTED, 1)
    return Node(style, found.start(group), found.end())
