"""The syntax tree of a CEL source as it is written: macros unexpanded, and every node with its exact place.

`cel_ast` decodes what CEL made of an expression, in which macros are loops and nodes have no end. This tree is for whoever
takes an expression apart where it stands: to explain it, or to change it. `cel_syntax.parse` makes it.

`start` and `end` of a node are 0-based code points into the source, the end exclusive, so that `source[start:end]` is the
node. Parentheses around a node are not part of it, but of the nodes above: in `(a || b) && c` that of `||` ends before `)`
and that of `&&` begins with `(`. So replacing a node's text keeps its parentheses.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias


class LiteralKind(enum.Enum):
    """What a literal is; the value is CEL's name of the type."""

    BOOL = "bool"
    INT = "int"
    UINT = "uint"
    DOUBLE = "double"
    STRING = "string"
    BYTES = "bytes"
    NULL = "null_type"


class Literal(NamedTuple):
    """A literal, the sign of a negative number included.

    `text_start` is where the text of a string begins in the source, so that a place in the value is that many code points
    further on; None for what is no string, and for one with escapes, in which places differ.
    """

    start: int
    end: int
    kind: LiteralKind
    value: bool | int | float | str | bytes | None
    text_start: int | None = None


class Name(NamedTuple):
    """A variable; with a dot before it, `name` has the dot."""

    start: int
    end: int
    name: str


class Member(NamedTuple):
    """`operand.field`, or `operand.?field`; `field` is without backticks, `field_start` where it (or a backtick) stands."""

    start: int
    end: int
    operand: Node
    field: str
    field_start: int
    is_optional: bool = False


class Index(NamedTuple):
    """`operand[key]`, or `operand[?key]`."""

    start: int
    end: int
    operand: Node
    key: Node
    is_optional: bool = False


class Call(NamedTuple):
    """`function(arguments)`, or `target.function(arguments)`: a function or a macro. `name_start` is where its name stands."""

    start: int
    end: int
    target: Node | None
    function: str
    name_start: int
    arguments: tuple[Node, ...]


class Unary(NamedTuple):
    """`!operand` or `-operand`; the operator stands at `start`."""

    start: int
    end: int
    operator: str
    operand: Node


class Binary(NamedTuple):
    """Two operands with an operator of arithmetic, or one that compares (`in` among them), at `operator_start`."""

    start: int
    end: int
    operator: str
    operator_start: int
    left: Node
    right: Node


class Logical(NamedTuple):
    """`a && b && c` or `a || b || c`: two or more operands, and where the operators between them stand."""

    start: int
    end: int
    operator: str
    operator_starts: tuple[int, ...]
    operands: tuple[Node, ...]


class Conditional(NamedTuple):
    """`condition ? yes : no`."""

    start: int
    end: int
    condition: Node
    yes: Node
    no: Node


class Item(NamedTuple):
    """An item of a list literal; optional if written `?value`."""

    value: Node
    is_optional: bool = False


class ListLiteral(NamedTuple):
    """`[items]`."""

    start: int
    end: int
    items: tuple[Item, ...]


class Entry(NamedTuple):
    """An entry of a map literal; optional if written `?key: value`."""

    key: Node
    value: Node
    is_optional: bool = False


class MapLiteral(NamedTuple):
    """`{key: value}`."""

    start: int
    end: int
    entries: tuple[Entry, ...]


Node: TypeAlias = (
    Literal | Name | Member | Index | Call | Unary | Binary | Logical | Conditional | ListLiteral | MapLiteral
)


class Macro(NamedTuple):
    """A call that is a macro: it evaluates `bodies` with the names in `variables` bound.

    `over` is what it takes the variable from: the list or map of `all`, `exists`, `exists_one`, `map` and `filter`, the
    optional of `optMap` and `optFlatMap`, the value of `cel.bind`.
    """

    function: str
    variables: tuple[str, ...]
    over: Node
    bodies: tuple[Node, ...]


LOOPS = frozenset({"all", "exists", "exists_one", "existsOne", "map", "filter"})
"""The macros that evaluate a body for each item."""

_OPTIONAL_MACROS = frozenset({"optMap", "optFlatMap"})


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below *node*, in the order of the source."""
    match node:
        case Literal() | Name():
            return ()
        case Member() | Unary():
            return (node.operand,)
        case Index():
            return (node.operand, node.key)
        case Call():
            return node.arguments if node.target is None else (node.target, *node.arguments)
        case Binary():
            return (node.left, node.right)
        case Logical():
            return node.operands
        case Conditional():
            return (node.condition, node.yes, node.no)
        case ListLiteral():
            return tuple(item.value for item in node.items)
        case MapLiteral():
            return tuple(child for entry in node.entries for child in (entry.key, entry.value))


def walk(node: Node) -> Iterator[Node]:
    """*node* and all nodes below it, parents first, in the order of the source."""
    yield node
    for child in children(node):
        yield from walk(child)


def macro_of(node: Node) -> Macro | None:
    """*node* as the macro that it is, or None; `has` binds nothing and is none of them."""
    if not isinstance(node, Call) or node.target is None or not 2 <= len(node.arguments) <= 3:
        return None
    first, *bodies = node.arguments
    if not isinstance(first, Name):
        return None
    if node.function == "bind":
        is_bind = isinstance(node.target, Name) and node.target.name == "cel" and len(bodies) == 2
        return Macro("bind", (first.name,), bodies[0], (bodies[1],)) if is_bind else None
    if (node.function in LOOPS and (len(bodies) == 1 or node.function == "map")) or (
        node.function in _OPTIONAL_MACROS and len(bodies) == 1
    ):
        return Macro(node.function, (first.name,), node.target, tuple(bodies))
    return None


def text_of(source: str, node: Node) -> str:
    """What *node*, of the tree of *source*, stands for in it."""
    return source[node.start : node.end]
