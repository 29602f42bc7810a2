"""Mutants: policies that differ from the one that was written in one operator, figure or field.

Each is a replacement in the source of an expression, found on its syntax tree (`cel_syntax`), or another default of a param.
A case that tells a mutant from its policy *kills* it; what survives is something that no case holds the policy to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from difflib import SequenceMatcher
from typing import NamedTuple

from journeylint.cel import quote
from journeylint.cel_nodes import (
    Binary,
    Call,
    Conditional,
    ListLiteral,
    Literal,
    LiteralKind,
    Logical,
    Member,
    Name,
    Node,
    Unary,
    macro_of,
    text_of,
    walk,
)
from journeylint.cel_syntax import CelSyntaxError, parse
from journeylint.model import JsonObject, JsonValue
from journeylint.params import Param
from journeylint.times import TimeError, format_instant, parse_duration, parse_instant

_RELATIONS = {"<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"), "==": ("!=",), "!=": ("==",)}
_ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*"}
_CALLS = {
    "minutes": "hours",
    "hours": "minutes",
    "all": "exists",
    "exists": "all",
    "exists_one": "exists",
    "existsOne": "exists",
    "usersLatest": "usersEarliest",
    "usersEarliest": "usersLatest",
}
_NESTED = ("usersCount", "usersLatest", "usersEarliest")
_BOOLEAN_CALLS = frozenset({"has", "startsWith", "endsWith", "contains", "matches", "isDefined", "all", "exists"})
_ASKING = frozenset({"all", "exists", "exists_one", "existsOne", "filter"})
"""The macros whose body is a condition."""

_CEL_UNITS = "smh"
_PARAM_UNITS = "smhd"
_MOST_SIBLINGS = 3
_SECOND = timedelta(seconds=1)


class Edit(NamedTuple):
    """A replacement in a source: 0-based code points, the end exclusive. `operator` says what kind of mutant it makes."""

    start: int
    end: int
    replacement: str
    operator: str

    def apply(self, source: str) -> str:
        """*source* with the replacement made."""
        return source[: self.start] + self.replacement + source[self.end :]


Siblings = Callable[[str], "tuple[str, ...]"]
"""From the name of a field to those that could stand in its place: of the same type, in the same mapping."""


def edits_of(source: str, siblings: Siblings, *, is_condition: bool) -> list[Edit]:
    """All edits of an expression, each resulting source once, in the order of the source.

    *is_condition* says that it is a `when` or a `require`, which may be replaced as a whole by true and by false.
    """
    try:
        tree = parse(source)
    except CelSyntaxError:
        return []
    if isinstance(tree, Literal) and tree.kind is LiteralKind.BOOL:
        return []  # a policy that never complies says so in its `when`
    edits: list[Edit] = []
    if is_condition or _is_boolean(tree):
        edits += [Edit(0, len(source), word, "always " + word) for word in ("true", "false")]
        edits += _negations(source, [tree])
    edits += sorted(_edits_below(source, tree, siblings))
    seen = {source}
    return [edit for edit in edits if not (edit.apply(source) in seen or seen.add(edit.apply(source)))]  # type: ignore[func-returns-value]  # add gives None, which is what is wanted


def _edits_below(source: str, tree: Node, siblings: Siblings) -> Iterator[Edit]:
    inner = {id(node.operand) for node in walk(tree) if isinstance(node, Member)}
    for node in walk(tree):
        if id(node) not in inner:  # of a chain its last field is swapped
            yield from _edits_at(source, node, siblings)


def _edits_at(source: str, node: Node, siblings: Siblings) -> Iterator[Edit]:
    match node:
        case Binary():
            yield from _binary(source, node)
        case Logical():
            yield from _logical(source, node)
        case Unary(operator="!"):
            yield Edit(node.start, node.end, f"({source[node.start + 1 : node.end]})", "dropped negation")
        case Conditional():
            condition = text_of(source, node.condition)
            yield Edit(node.condition.start, node.condition.end, f"!({condition})", "swapped branches")
        case Literal():
            yield from _literal(node)
        case ListLiteral() if len(node.items) > 1:
            yield from _shorter_lists(source, node)
        case Call():
            yield from _call(source, node, siblings)
        case Member():
            end = node.field_start + len(node.field)
            for name in siblings(node.field):
                yield Edit(node.field_start, end, name, "swapped field")


def _binary(source: str, node: Binary) -> Iterator[Edit]:
    end = node.operator_start + len(node.operator)
    for other in _RELATIONS.get(node.operator, ()):
        yield Edit(node.operator_start, end, other, "other relation")
    if node.operator in _ARITHMETIC:
        yield Edit(node.operator_start, end, _ARITHMETIC[node.operator], "other arithmetic")
    if node.operator == "in":
        yield Edit(node.start, node.end, f"!({text_of(source, node)})", "negated")


def _logical(source: str, node: Logical) -> Iterator[Edit]:
    starts = (node.start, *(start + 2 for start in node.operator_starts))
    ends = (*node.operator_starts, node.end)
    operands = [source[start:end].strip() for start, end in zip(starts, ends, strict=True)]
    other = "||" if node.operator == "&&" else "&&"
    # A line break, for an operand may end in a comment.
    yield Edit(node.start, node.end, f"({_join(operands, other)})", "other connective")
    yield from _negations(source, node.operands)
    for index in range(len(operands)):
        left = operands[:index] + operands[index + 1 :]
        yield Edit(node.start, node.end, f"({_join(left, node.operator)})", "dropped operand")


def _negations(source: str, conditions: Iterable[Node]) -> Iterator[Edit]:
    """Those of *conditions* negated that no other edit negates: names, fields and calls."""
    for node in conditions:
        if isinstance(node, Name | Member | Call):
            yield Edit(node.start, node.end, f"!{text_of(source, node)}", "negated")


def _join(operands: list[str], operator: str) -> str:
    has_comment = any("//" in operand for operand in operands)
    return f"\n{operator} ".join(operands) + "\n" if has_comment else f" {operator} ".join(operands)


def _literal(node: Literal) -> Iterator[Edit]:
    if node.kind in (LiteralKind.INT, LiteralKind.DOUBLE) and isinstance(node.value, int | float):
        for step in (1, -1):
            yield Edit(node.start, node.end, repr(node.value + step), "bound by one")


def _shorter_lists(source: str, node: ListLiteral) -> Iterator[Edit]:
    texts = [text_of(source, item.value) for item in node.items]
    if all(isinstance(item.value, Literal) for item in node.items):
        for index in range(len(texts)):
            yield Edit(node.start, node.end, f"[{', '.join(texts[:index] + texts[index + 1 :])}]", "dropped element")


def _call(source: str, node: Call, siblings: Siblings) -> Iterator[Edit]:
    is_known = node.target is None or macro_of(node) is not None
    if node.function in _CALLS and is_known:
        end = node.name_start + len(node.function)
        yield Edit(node.name_start, end, _CALLS[node.function], "other function")
    if node.function == "has" and node.target is None:
        yield from _negations(source, [node])
    macro = macro_of(node)
    if macro is not None and (macro.function in _ASKING or len(macro.bodies) > 1):
        yield from _negations(source, macro.bodies[:1])
    for argument in node.arguments:
        if not isinstance(argument, Literal) or not isinstance(argument.value, str):
            continue
        if node.function in ("duration", "timestamp") and node.target is None:
            for text in _moments(node.function, argument.value):
                yield Edit(argument.start, argument.end, quote(text), "bound by one")
        if node.function in _NESTED and argument is not node.arguments[0] and argument.text_start is not None:
            yield from _nested(argument, siblings)


def _nested(argument: Literal, siblings: Siblings) -> Iterator[Edit]:
    """Edits of the CEL in a text, where it stands."""
    inner, begin = str(argument.value), argument.text_start or 0
    quotes = {'"', "'", "\\"} if "\\" in inner else ({'"', "'"} & set(inner))
    for edit in edits_of(inner, siblings, is_condition=False):
        if not (set(edit.replacement) - set(inner)) & quotes:
            yield Edit(begin + edit.start, begin + edit.end, edit.replacement, edit.operator)


def _moments(function: str, text: str) -> Iterator[str]:
    if function == "timestamp":
        try:
            moment = parse_instant(text, "UTC")
            yield from (format_instant(moment + step) for step in (_SECOND, -_SECOND))
        except (TimeError, OverflowError):
            return
    else:
        yield from other_durations(text, _CEL_UNITS)


def other_durations(text: str, units: str) -> Iterator[str]:
    """A second more, a second less, and the same figure in the next larger and smaller one of *units*."""
    try:
        span = parse_duration(text)
    except TimeError:
        return
    seconds = span.days * 86_400 + span.seconds
    yield f"{seconds + 1}s"
    if seconds:
        yield f"{seconds - 1}s"
    at = units.find(text[-1])
    if text[:-1].isdigit() and at >= 0 and seconds:
        yield from (text[:-1] + units[near] for near in (at - 1, at + 1) if 0 <= near < len(units))


def other_defaults(param: Param) -> list[JsonValue]:
    """Defaults next to that of *param*, on both sides and, of a duration, in another unit."""
    default = param.default
    match param.type:
        case "integer" | "number" if isinstance(default, int | float) and not isinstance(default, bool):
            return [default + 1, default - 1]
        case "duration":
            return list(other_durations(str(default), _PARAM_UNITS))
        case "date-time":
            try:
                moment = parse_instant(str(default), "UTC")
                return [format_instant(moment + _SECOND), format_instant(moment - _SECOND)]
            except (TimeError, OverflowError):
                return []
        case "boolean":
            return [not default]
        case _:
            return []


def siblings_in(schemas: Mapping[str, JsonObject]) -> Siblings:
    """What tells the fields of *schemas* that could stand in another's place: at most three, the nearest names first."""
    mappings: list[Mapping[str, JsonValue]] = []

    def collect(schema: JsonValue) -> None:
        if isinstance(schema, dict):
            properties = schema.get("properties")
            if isinstance(properties, dict):
                mappings.append(properties)
            for member in schema.values():
                collect(member)
        elif isinstance(schema, list):
            for item in schema:
                collect(item)

    for schema in schemas.values():
        collect(schema)

    def siblings(field: str) -> tuple[str, ...]:
        found = {
            name: SequenceMatcher(None, field, name).ratio()
            for properties in mappings
            if field in properties
            for name, member in properties.items()
            if name != field and _type_of(member) == _type_of(properties[field])
        }
        return tuple(sorted(found, key=lambda name: (-found[name], name))[:_MOST_SIBLINGS])

    return siblings


def _type_of(schema: JsonValue) -> tuple[str, str, bool]:
    if not isinstance(schema, dict):
        return "", "", False
    return str(schema.get("type", "")), str(schema.get("format", "")), "enum" in schema


def _is_boolean(node: Node) -> bool:
    match node:
        case Logical() | Unary(operator="!"):
            return True
        case Binary():
            return node.operator in _RELATIONS or node.operator == "in"
        case Call():
            return node.function in _BOOLEAN_CALLS
        case Name() | _:
            return False
