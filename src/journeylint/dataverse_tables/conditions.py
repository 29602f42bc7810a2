"""Conditions of the journey JSON as text for people.

Their shape is not documented: types, operators and operands are those that customer-journey-explorer reads (2026). What is
not known is shown as it is and told, so that nobody takes it for read.
"""

from __future__ import annotations

from collections.abc import Iterator

from journeylint.dataverse_tables.notes import Notes, Place
from journeylint.dataverse_tables.row_reader import read_whole
from journeylint.dataverse_tables.texts import clean_line
from journeylint.model import JsonValue
from journeylint.row_keys import read_guid
from journeylint.wording import quote_value

_BINARY = {
    1: "contains",
    2: "equals",
    3: "does not equal",
    4: "ends with",
    6: "starts with",
    7: "does not start with",
    8: "does not contain",
    9: "is less than",
    10: "is at most",
    11: "is greater than",
    12: "is at least",
    17: "is before",
    18: "is on or before",
    19: "is after",
    20: "is on or after",
    21: "is between",
}
_EMPTY, _NOT_EMPTY, _BETWEEN = 3, 4, 21
_UNARY = {_EMPTY: "is empty", _NOT_EMPTY: "is not empty"}
_JOINS = {1: " and ", 2: " or "}
_SOURCES = frozenset({"CdsProfileDataSource", "DataverseDataSource", "EventDataSource"})
_SEGMENT_KEYS = ("segmentId", "segment")


def describe_condition(condition: JsonValue, place: Place, notes: Notes) -> str | None:
    """The *condition* that stands at *place* as text; None where there is none. What is not known of it is noted."""
    if condition is None or condition == {}:
        return None
    text = _describe(condition, place, notes)
    line = clean_line(text)
    if line.endswith("…") and not text.endswith("…"):
        notes.add(place, "the condition is longer than can be told, and cut short")
    return line


def find_segments(condition: JsonValue) -> Iterator[str]:
    """The keys of the segments that *condition* names, as far as they can be told.

    How a branch by segment looks in the JSON is not known. A member `segmentId` or `segment` that holds a GUID is taken for
    one; the condition around it is told as not known all the same.
    """
    waiting = [condition]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield from filter(None, (read_guid(one.get(key)) for key in _SEGMENT_KEYS))
            waiting += reversed(one.values())
        elif isinstance(one, list):
            waiting += reversed(one)


def _describe(condition: JsonValue, place: Place, notes: Notes) -> str:
    kind = condition.get("type") if isinstance(condition, dict) else None
    if isinstance(condition, dict):
        if kind == "Grouping":
            return _describe_group(condition, place, notes)
        if kind == "BinaryOperator":
            return _describe_comparison(condition, place, notes)
        if kind == "UnaryOperator":
            operator = _name_operator(_UNARY, condition.get("operator"), place, notes)
            return f"{_describe_operand(condition.get('operand'), place, notes)} {operator}"
    shown = kind if isinstance(kind, str) else condition
    notes.add(place, f"the condition {quote_value(shown)} is not known")
    return "a condition that is not known"


def _describe_group(condition: dict[str, JsonValue], place: Place, notes: Notes) -> str:
    parts = condition.get("expressions")
    join = _JOINS.get(read_whole(condition.get("conditionType")) or 0)
    if not isinstance(parts, list):
        notes.add(place, "the conditions of a group are missing")
        parts = []
    if join is None:
        notes.add(
            place, f"how a group joins its conditions, {quote_value(condition.get('conditionType'))}, is not known"
        )
        join = " and/or "
    texts = [_describe(part, place, notes) for part in parts]
    return f"({join.join(texts)})" if len(texts) > 1 else "".join(texts) or "no condition"


def _describe_comparison(condition: dict[str, JsonValue], place: Place, notes: Notes) -> str:
    left = _describe_operand(condition.get("leftOperand"), place, notes)
    right = condition.get("rightOperand")
    operator = read_whole(condition.get("operator"))
    if operator == _EMPTY and _is_blank(right):
        return f"{left} {_UNARY[_EMPTY]}"
    if operator == _BETWEEN and isinstance(right, dict) and right.get("type") == "Range":
        return f"{left} is between {quote_value(right.get('start'))} and {quote_value(right.get('end'))}"
    name = _name_operator(_BINARY, condition.get("operator"), place, notes)
    return f"{left} {name} {_describe_operand(right, place, notes)}"


def _is_blank(operand: JsonValue) -> bool:
    """Whether operator 3 has nothing to compare with: then it asks whether the left side is empty."""
    if isinstance(operand, dict):
        return not isinstance(operand.get("binding"), dict) and operand.get("value") in (None, "")
    return operand is None


def _name_operator(names: dict[int, str], operator: JsonValue, place: Place, notes: Notes) -> str:
    number = read_whole(operator)
    if number is not None and number in names:
        return names[number]
    notes.add(place, f"the operator {quote_value(operator)} of a condition is not known")
    return f"[operator {quote_value(operator)}]"


def _describe_operand(operand: JsonValue, place: Place, notes: Notes) -> str:
    if isinstance(operand, dict):
        if isinstance(operand.get("binding"), dict):
            return _describe_binding(operand["binding"], place, notes)
        if "value" in operand:
            return quote_value(operand["value"])
    notes.add(place, "what a condition compares is not known")
    return "[not known]"


def _describe_binding(binding: JsonValue, place: Place, notes: Notes) -> str:
    """`contact.firstname`: the table and the column that a binding names."""
    found = binding if isinstance(binding, dict) else {}
    source, path = found.get("source"), found.get("outputPath")
    if source not in _SOURCES or not isinstance(path, str):
        notes.add(place, f"the data source {quote_value(source)} of a condition is not known")
    return ".".join(part for part in (read_source_type(found), path) if isinstance(part, str)) or "[not known]"


def read_source_type(binding: dict[str, JsonValue]) -> str | None:
    """What a *binding* reads from: `inputs.sourceType`, as text or as a mapping with a `value`."""
    inputs = binding.get("inputs")
    kind = inputs.get("sourceType") if isinstance(inputs, dict) else None
    name = kind.get("value") if isinstance(kind, dict) else kind
    return name if isinstance(name, str) else None
