"""The nodes that a policy judges: JSONPath, with a direct walk for plain chains of names, indexes and `[*]`.

A chain may have several names in one place, as in `$.spec['exit', 'goal'].triggers[*]`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

from journeylint.cel import RESERVED_WORDS
from journeylint.model import JsonValue
from journeylint.pointers import pointer_of

if TYPE_CHECKING:
    from jsonpath_rfc9535 import JSONPathQuery

Token: TypeAlias = "str | int | tuple[str, ...] | None"  # noqa: S105 - a token of a path
"""A name, an index, several names, or None for every child."""

Found: TypeAlias = "tuple[str, JsonValue]"
"""A pointer and the node there."""

_STEP = re.compile(
    r"\.([A-Za-z_][A-Za-z0-9_]*)|\['([^'\\]*)'\]|\[\"([^\"\\]*)\"\]|\[(\d{1,6})\]|(\[\*\]|\.\*)"
    r"|\[\s*('[^'\\]*'(?:\s*,\s*'[^'\\]*')+)\s*\]"
)
_CEL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


class Branch(NamedTuple):
    """Where chains go on by the same token: the names of those that end there, and the branches of those that go on."""

    token: Token
    names: list[str]
    branches: Branches


Branches: TypeAlias = "list[Branch]"


class Selector(NamedTuple):
    """A compiled `each`. `tokens` is its chain, or None where it is more than a chain; `find` selects in a document.

    `values` are the nodes that `find` finds, without their pointers, which takes a third of the time.
    """

    source: str
    tokens: tuple[Token, ...] | None
    find: Callable[[JsonValue], list[Found]]
    values: Callable[[JsonValue], list[JsonValue]]

    @property
    def cel_path(self) -> str | None:
        """For `$.a.b[*]`, how CEL spells the list: `.a.b`; None for any other path (`.*` is for the members of a mapping)."""
        tokens = self.tokens
        if not tokens or tokens[-1] is not None or not self.source.endswith("[*]"):
            return None
        names = [token for token in tokens[:-1] if isinstance(token, str) and _is_cel_name(token)]
        return "".join(f".{name}" for name in names) if len(names) == len(tokens) - 1 and names else None


class Selection(NamedTuple):
    """Several selectors, asked at once: `walk` has those that are chains, and what several chains begin with is walked once."""

    walk: Branches
    others: tuple[tuple[str, Selector], ...]

    def values(self, data: JsonValue) -> dict[str, list[JsonValue]]:
        """The nodes that each selector, by its name, finds in *data*; what finds none is left out."""
        found: dict[str, list[JsonValue]] = {}
        for name, selector in self.others:
            nodes = selector.values(data)
            if nodes:
                found[name] = nodes
        _gather([data], self.walk, found)
        return found


def compile_selection(selectors: Mapping[str, Selector]) -> Selection:
    """The selection of *selectors*, which have names."""
    walk: Branches = []
    for name, selector in selectors.items():
        branches = walk
        for position, token in enumerate(selector.tokens or ()):
            branch = next((one for one in branches if one.token == token), None)
            if branch is None:
                branch = Branch(token, [], [])
                branches.append(branch)
            branches = branch.branches
            if position == len(selector.tokens or ()) - 1:
                branch.names.append(name)
    return Selection(walk, tuple((name, selector) for name, selector in selectors.items() if not selector.tokens))


def _gather(nodes: list[JsonValue], walk: Branches, found: dict[str, list[JsonValue]]) -> None:
    for token, names, branches in walk:
        children = _step(nodes, token)
        if children:
            for name in names:
                found[name] = children
            if branches:
                _gather(children, branches, found)


def compile_selector(source: str) -> Selector:
    """The selector of a JSONPath; raises ValueError, saying why, where it is none."""
    tokens = _chain(source)
    if tokens is not None:
        return Selector(source, tokens, lambda data: _walk(data, tokens), lambda data: _values(data, tokens))
    query = _query(source)
    return Selector(
        source, None, lambda data: _find(query, data), lambda data: cast("list[JsonValue]", query.find(data).values())
    )


def _find(query: JSONPathQuery, data: JsonValue) -> list[Found]:
    return [(pointer_of(node.location), cast("JsonValue", node.value)) for node in query.find(data)]


def _query(source: str) -> JSONPathQuery:
    import jsonpath_rfc9535  # noqa: PLC0415 - 34 ms that plain chains need not pay

    try:
        return jsonpath_rfc9535.compile(source)
    except jsonpath_rfc9535.JSONPathError as error:
        raise ValueError(f"{source!r} is not a JSONPath (RFC 9535): {str(error).splitlines()[0]}") from error


def _chain(source: str) -> tuple[Token, ...] | None:
    if not source.startswith("$"):
        return None
    tokens: list[Token] = []
    at = 1
    while at < len(source):
        match = _STEP.match(source, at)
        if match is None:
            return None
        if match[4] is not None:
            tokens.append(int(match[4]))
        elif match[5] is not None:
            tokens.append(None)
        elif match[6] is not None:
            tokens.append(tuple(re.findall(r"'([^']*)'", match[6])))
        else:
            tokens.append(next(name for name in match.group(1, 2, 3) if name is not None))
        at = match.end()
    return tuple(tokens)


def _walk(data: JsonValue, tokens: Sequence[Token]) -> list[Found]:
    found: list[Found] = [("", data)]
    for token in tokens:
        found = [child for pointer, node in found for child in _children(pointer, node, token)]
    return found


def _values(data: JsonValue, tokens: Sequence[Token]) -> list[JsonValue]:
    found = [data]
    for token in tokens:
        found = _step(found, token)
        if not found:
            break
    return found


def _step(nodes: list[JsonValue], token: Token) -> list[JsonValue]:
    """The children of *nodes* that *token* selects, in order."""
    if isinstance(token, str):
        return [node[token] for node in nodes if isinstance(node, dict) and token in node]
    if isinstance(token, tuple):
        return [node[name] for node in nodes if isinstance(node, dict) for name in token if name in node]
    if token is None and len(nodes) == 1 and isinstance(nodes[0], list):
        return nodes[0]
    return [child for node in nodes for _, child in _children("", node, token)]


def _children(pointer: str, node: JsonValue, token: Token) -> list[Found]:
    match node, token:
        case dict(), None:
            return [(pointer + pointer_of((name,)), value) for name, value in node.items()]
        case list(), None:
            return [(f"{pointer}/{index}", value) for index, value in enumerate(node)]
        case dict(), str() if token in node:
            return [(pointer + pointer_of((token,)), node[token])]
        case dict(), tuple():
            return [(pointer + pointer_of((name,)), node[name]) for name in token if name in node]
        case list(), int() if token < len(node):
            return [(f"{pointer}/{token}", node[token])]
        case _:
            return []


def _is_cel_name(name: str) -> bool:
    return _CEL_NAME.match(name) is not None and name not in RESERVED_WORDS
