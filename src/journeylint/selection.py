"""The nodes that a policy judges: JSONPath, with a direct walk for plain chains of names, indexes and `[*]`.

A chain may have several names in one place, as in `$.spec['exit', 'goal'].triggers[*]`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
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
        if isinstance(token, str):
            found = [node[token] for node in found if isinstance(node, dict) and token in node]
        else:
            found = [
                child
                for node in found
                for child in (
                    node if token is None and isinstance(node, list) else [one for _, one in _children("", node, token)]
                )
            ]
        if not found:
            break
    return found


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
