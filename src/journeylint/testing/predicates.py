"""The sub-predicates of a policy's and a pack's expressions: what coverage asks to be seen both true and false.

They come from the syntax trees, so that what no case ever reaches is among them. Which parts of an expression they are is
decided as `trace` decides which parts it asks one by one; a property of the built-in policies' traces holds that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from journeylint.cel_nodes import (
    LOOPS,
    Binary,
    Call,
    Conditional,
    Literal,
    LiteralKind,
    Logical,
    Name,
    Node,
    Unary,
    children,
    macro_of,
    text_of,
    walk,
)
from journeylint.cel_syntax import parse
from journeylint.evidence import PredicateId
from journeylint.policies import Expression, Pack, Policy, PolicyFile, Shared
from journeylint.policy_places import place_in
from journeylint.readings import is_chain

SUMS = frozenset({"usersCount", "usersLatest", "usersEarliest"})
"""Functions whose further arguments are texts that are expressions themselves, the first of them a condition."""

_COMPARING = frozenset({"<", "<=", ">", ">=", "==", "!=", "in"})
_BOOLEAN_LOOPS = frozenset({"all", "exists", "exists_one", "existsOne"})
_BOOLEAN_CALLS = frozenset({"has", "isDefined", "matches", "contains", "startsWith", "endsWith", *_BOOLEAN_LOOPS})


class Predicate(NamedTuple):
    """A sub-predicate: where it stands in its file (`line` and `column` are 1-based), and its text."""

    id: PredicateId
    line: int
    column: int
    text: str

    @property
    def path(self) -> str:
        """The file that it stands in."""
        return self.id[0]


def own_predicates(policy: Policy) -> tuple[Predicate, ...]:
    """The sub-predicates of the policy's own `let`, `when` and `require`, in the order of its file."""
    conditions = [one for one in (policy.when, policy.require) if one is not None]
    asked = _names_asked([*conditions, *policy.let.values()], policy.let)
    return _in_order(policy.file, conditions, policy.let, asked)


def shared_predicates(pack: Pack, policies: Iterable[Policy]) -> tuple[Predicate, ...]:
    """The sub-predicates that *pack* shares among those of its *policies*, in the order of its file."""
    members = [policy for policy in policies if policy.pack == pack.name]
    found: list[Predicate] = []
    for kind, shared in pack.shared.items():
        of_kind = [policy for policy in members if policy.kind == kind]
        if of_kind:
            conditions = [shared.when] if shared.when is not None else []
            asked = _names_asked(_every_expression(shared, of_kind), shared.let)
            found += _in_order(pack.file, conditions, shared.let, asked)
    return tuple(sorted(found, key=lambda one: (one.line, one.column, one.id)))


def _every_expression(shared: Shared, policies: Iterable[Policy]) -> Iterator[Expression]:
    yield from filter(None, (shared.when, *shared.let.values()))
    for policy in policies:
        yield from filter(None, (policy.when, policy.require, *policy.let.values()))


def _in_order(
    file: PolicyFile, conditions: Iterable[Expression], lets: Mapping[str, Expression], asked: frozenset[str]
) -> tuple[Predicate, ...]:
    found: dict[PredicateId, Predicate] = {}
    for expression in conditions:
        found |= _predicates(file, expression, is_condition=True)
    for name, expression in lets.items():
        found |= _predicates(file, expression, is_condition=name in asked or _is_boolean(parse(expression.source)))
    return tuple(sorted(found.values(), key=lambda one: (one.line, one.column, one.id)))


def _predicates(file: PolicyFile, expression: Expression, *, is_condition: bool) -> dict[PredicateId, Predicate]:
    source = expression.source
    tree = parse(source)
    places = _conditions(tree, source, 0) if is_condition else _inside(tree, source, 0)
    found = {}
    for start, end, text in places:
        line, column = place_in(file, expression, start)
        key = (file.path, expression.pointer, start, end)
        found[key] = Predicate(key, line, column, " ".join(text.split()))
    return found


def _conditions(node: Node, source: str, offset: int) -> Iterator[tuple[int, int, str]]:
    """Start, end and text of the sub-predicates of *node*, which is a condition in *source*, which begins at *offset*."""
    match node:
        case Logical() | Unary(operator="!"):
            for child in children(node):
                yield from _conditions(child, source, offset)
        case Conditional():
            for child in children(node):
                yield from _conditions(child, source, offset)
        case Literal(kind=LiteralKind.BOOL):
            return
        case Call(function="bind") if (macro := macro_of(node)) is not None:
            yield from _conditions(macro.bodies[0], source, offset)
        case _:
            yield node.start + offset, node.end + offset, text_of(source, node)
            yield from _inside(node, source, offset)


def _inside(node: Node, source: str, offset: int) -> Iterator[tuple[int, int, str]]:  # noqa: C901 - one case a kind
    """The sub-predicates inside *node*, which is no condition or is one as a whole."""
    if isinstance(node, Logical) or (isinstance(node, Unary) and node.operator == "!"):
        yield from _conditions(node, source, offset)
    elif isinstance(node, Conditional):
        yield from _conditions(node.condition, source, offset)
        yield from _inside(node.yes, source, offset)
        yield from _inside(node.no, source, offset)
    elif is_chain(node) or (isinstance(node, Call) and node.target is None and node.function == "has"):
        return
    elif isinstance(node, Call) and (macro := macro_of(node)) is not None:
        yield from _inside(macro.over, source, offset)
        if macro.function == "bind":
            yield from _inside(macro.bodies[0], source, offset)
        elif macro.function in LOOPS and (macro.function != "map" or len(macro.bodies) > 1):
            if macro.function in _BOOLEAN_LOOPS:
                yield node.start + offset, node.end + offset, text_of(source, node)
            yield from _conditions(macro.bodies[0], source, offset)
    elif isinstance(node, Call) and node.target is None and node.function in SUMS:
        for argument in node.arguments[:2]:
            yield from _inside(argument, source, offset)
        yield from _in_texts(node, offset)
    else:
        for child in children(node):
            yield from _inside(child, source, offset)


def _in_texts(node: Call, offset: int) -> Iterator[tuple[int, int, str]]:
    """The sub-predicates of the texts that a sum over users is given."""
    for position, literal in enumerate(node.arguments[2:]):
        if isinstance(literal, Literal) and literal.text_start is not None:
            text, begin = str(literal.value), offset + literal.text_start
            yield from _inside(parse(text), text, begin) if position else _conditions(parse(text), text, begin)


def _names_asked(expressions: Iterable[Expression], lets: Mapping[str, Expression]) -> frozenset[str]:
    """Those of *lets* whose value is a condition wherever *expressions* name them."""
    asked = set()
    for expression in expressions:
        tree = parse(expression.source)
        operands = [child for node in walk(tree) if isinstance(node, Logical) for child in node.operands]
        operands += [node.operand for node in walk(tree) if isinstance(node, Unary) and node.operator == "!"]
        operands += [node.condition for node in walk(tree) if isinstance(node, Conditional)]
        asked |= {node.name for node in (tree, *operands) if isinstance(node, Name) and node.name in lets}
    return frozenset(asked)


def _is_boolean(node: Node) -> bool:
    """Whether *node* comes to true or false whatever its names stand for."""
    match node:
        case Logical() | Unary(operator="!") | Literal(kind=LiteralKind.BOOL):
            return True
        case Binary():
            return node.operator in _COMPARING
        case Conditional():
            return _is_boolean(node.yes) or _is_boolean(node.no)
        case Call():
            return node.function in _BOOLEAN_CALLS
        case _:
            return False
