"""The syntax tree of a compiled CEL expression, decoded from its standard serialised form.

Source: `cel/expr/checked.proto` and `cel/expr/syntax.proto` of the CEL specification (CheckedExpr, Expr, SourceInfo).
Only what field checks, explanations and mutations need is kept; the protobuf wire format is small enough to read by
hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias


class Constant(NamedTuple):
    """A literal; `value` is None for null and for kinds that nobody asks about (double, bytes, uint)."""

    offset: int
    value: bool | int | str | None


class Name(NamedTuple):
    """A variable."""

    offset: int
    name: str


class Select(NamedTuple):
    """`operand.field`; `is_test` for `has(operand.field)`."""

    offset: int
    operand: Node
    field: str
    is_test: bool


class Call(NamedTuple):
    """A function or operator; `target` is the receiver of a member call."""

    offset: int
    function: str
    target: Node | None
    arguments: tuple[Node, ...]


class Elements(NamedTuple):
    """A list literal."""

    offset: int
    items: tuple[Node, ...]


class Entries(NamedTuple):
    """A map literal: keys and values."""

    offset: int
    items: tuple[tuple[Node, Node], ...]


class Comprehension(NamedTuple):
    """What the macros (`all`, `exists`, `map`, `filter`, `cel.bind`, ...) expand to."""

    offset: int
    variable: str
    range: Node
    accumulator: str
    start: Node
    condition: Node
    step: Node
    result: Node

    @property
    def is_bind(self) -> bool:
        """Whether this is `cel.bind(accumulator, start, result)`."""
        return self.variable == "#unused"


Node: TypeAlias = Constant | Name | Select | Call | Elements | Entries | Comprehension

_NOTHING = Constant(0, None)
_MORE = 0x80
"""The bit of a byte of a number that says that more follow."""

_VARINT, _FIXED64, _LENGTH = 0, 1, 2
"""Wire types of the fields of messages."""

_Fields: TypeAlias = dict[int, list[int | bytes]]


def decode(serialized: bytes) -> Node:
    """The tree of a serialised CheckedExpr (wrapped in an Any); offsets are 0-based code points into the source."""
    wrapped = _fields(serialized).get(2, [b""])[0]
    checked = _fields(wrapped) if isinstance(wrapped, bytes) else {}
    positions: dict[int, int] = {}
    for source in _messages(checked, 5):
        for entry in _messages(source, 4):
            positions[_number(entry, 1)] = _number(entry, 2)
    expressions = list(_messages(checked, 4))
    return _node(expressions[0], positions) if expressions else _NOTHING


def walk(node: Node) -> Iterator[Node]:
    """*node* and all nodes below it, parents first."""
    yield node
    for child in children(node):
        yield from walk(child)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below *node*, in source order as far as the tree knows it."""
    match node:
        case Select():
            return (node.operand,)
        case Call():
            return node.arguments if node.target is None else (node.target, *node.arguments)
        case Elements():
            return node.items
        case Entries():
            return tuple(child for pair in node.items for child in pair)
        case Comprehension():
            return (node.range, node.start, node.condition, node.step, node.result)
        case _:
            return ()


def _node(fields: _Fields, positions: dict[int, int]) -> Node:
    offset = positions.get(_number(fields, 2), 0)
    for tag, values in fields.items():
        body, build = values[0], _BUILDERS.get(tag)
        if build is not None and isinstance(body, bytes):
            return build(_fields(body), offset, positions)
    return Constant(offset, None)


def _constant(body: _Fields, offset: int, _: dict[int, int]) -> Node:
    if 2 in body:
        return Constant(offset, bool(_number(body, 2)))
    if 3 in body:
        number = _number(body, 3)
        return Constant(offset, number - (1 << 64) if number >= 1 << 63 else number)
    return Constant(offset, _text(body, 6) if 6 in body else None)


def _name(body: _Fields, offset: int, _: dict[int, int]) -> Node:
    return Name(offset, _text(body, 1))


def _select(body: _Fields, offset: int, positions: dict[int, int]) -> Node:
    return Select(offset, _child(body, 1, positions), _text(body, 2), bool(_number(body, 3)))


def _call(body: _Fields, offset: int, positions: dict[int, int]) -> Node:
    target = _child(body, 1, positions) if 1 in body else None
    return Call(offset, _text(body, 2), target, tuple(_node(argument, positions) for argument in _messages(body, 3)))


def _elements(body: _Fields, offset: int, positions: dict[int, int]) -> Node:
    return Elements(offset, tuple(_node(item, positions) for item in _messages(body, 1)))


def _entries(body: _Fields, offset: int, positions: dict[int, int]) -> Node:
    pairs = ((_child(entry, 3, positions), _child(entry, 4, positions)) for entry in _messages(body, 2))
    return Entries(offset, tuple(pairs))


def _comprehension(body: _Fields, offset: int, positions: dict[int, int]) -> Node:
    start, condition, step, result = (_child(body, tag, positions) for tag in (4, 5, 6, 7))
    return Comprehension(
        offset, _text(body, 1), _child(body, 2, positions), _text(body, 3), start, condition, step, result
    )


_BUILDERS = {3: _constant, 4: _name, 5: _select, 6: _call, 7: _elements, 8: _entries, 9: _comprehension}


def _child(fields: _Fields, tag: int, positions: dict[int, int]) -> Node:
    body = fields.get(tag, (None,))[0]
    return _node(_fields(body), positions) if isinstance(body, bytes) else _NOTHING


def _messages(fields: _Fields, tag: int) -> Iterator[_Fields]:
    return (_fields(value) for value in fields.get(tag, ()) if isinstance(value, bytes))


def _number(fields: _Fields, tag: int) -> int:
    value = fields.get(tag, (0,))[-1]
    return value if isinstance(value, int) else 0


def _text(fields: _Fields, tag: int) -> str:
    value = fields.get(tag, (b"",))[-1]
    return value.decode() if isinstance(value, bytes) else ""


def _fields(data: bytes) -> _Fields:
    """The fields of a message by their tags. Most numbers are one byte long: only the others are worth a call."""
    found: _Fields = {}
    at, end = 0, len(data)
    while at < end:
        key, at = data[at], at + 1
        if key >= _MORE:
            key, at = _varint(data, at - 1)
        value: int | bytes = 0
        wire_type = key & 7
        if wire_type in (_VARINT, _LENGTH):
            number, at = data[at], at + 1
            if number >= _MORE:
                number, at = _varint(data, at - 1)
            value = number
            if wire_type == _LENGTH:
                value, at = data[at : at + number], at + number
        else:
            at += 8 if wire_type == _FIXED64 else 4
        found.setdefault(key >> 3, []).append(value)
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    result = shift = 0
    while True:
        byte = data[at]
        at += 1
        result |= (byte & 0x7F) << shift
        if byte < 0x80:
            return result, at
        shift += 7
