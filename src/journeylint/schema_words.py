"""What a schema error means, in words for the person who wrote the document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias, cast

from journeylint.schema_formats import FORMATS
from journeylint.suggest import nearest
from journeylint.wording import join_choices, name_place, quote_value

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

    from journeylint.model import JsonObject, JsonValue

Tokens: TypeAlias = "tuple[str | int, ...]"
Told: TypeAlias = "tuple[Tokens, str]"

_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}
_FORMATS = {
    "date": "a date such as 2025-03-01",
    "date-time": "an RFC 3339 date and time with an offset, such as 2025-03-01T09:00:00Z",
    "regex": "a regular expression",
    "uri": "an absolute URI such as https://example.org/page",
    "uri-reference": "a URI",
}
_BOOLEAN_LOOKALIKES = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n"})
_MOST_CHOICES = 30
_MOST_PLACES = 20


def explain_error(error: ValidationError, schema: JsonObject, root: JsonValue) -> Iterator[Told]:
    """What *error* of the document *root* says: for each thing to mend the tokens of its place, and a message."""
    tokens = _locate(error, root)
    keyword = error.kind.name
    detail = error.kind.as_dict()
    parent = _walk(schema, error.schema_path[:-1])
    rule = parent if isinstance(parent, dict) else {}
    value = _walk(root, tokens)
    match keyword:
        case "anyOf" | "oneOf" if "context" in detail:
            yield from _explain_branches(error, schema, root)
        case "additionalProperties" | "unevaluatedProperties":
            for name in detail["unexpected"]:
                yield (*tokens, name), _explain_unknown(name, tokens, rule)
        case "propertyNames":
            name = str(detail["error"].instance)
            yield (
                (*tokens, name),
                f"{quote_value(name)} cannot be a name in {name_place(tokens)}{_expect_pattern(rule)}",
            )
        case _:
            reason = _explain_value(keyword, value, detail, rule) or f"is not accepted: {error.message}"
            yield tokens, f"{name_place(tokens)} {reason}"


def _locate(error: ValidationError, root: JsonValue) -> Tokens:
    """The place of *error*, whose own path leaves out empty names and turns names made of digits into numbers."""
    written = tuple(error.instance_path)
    places = list(islice(_match_path(root, written), _MOST_PLACES))
    return next((place for place in places if _walk(root, place) == error.instance), places[0] if places else written)


def _match_path(node: JsonValue, written: Tokens) -> Iterator[Tokens]:
    """The tokens of every place below *node* that *written* may stand for."""
    if not written:
        yield ()
    elif isinstance(node, dict):
        first = str(written[0])
        for name in node if isinstance(written[0], int) else (first,):
            if name in node and (name == first or (name.isdecimal() and len(name) <= 20 and int(name) == written[0])):
                yield from ((name, *rest) for rest in _match_path(node[name], written[1:]))
    elif isinstance(node, list) and isinstance(written[0], int) and written[0] < len(node):
        yield from ((written[0], *rest) for rest in _match_path(node[written[0]], written[1:]))
    if isinstance(node, dict) and "" in node:
        yield from (("", *rest) for rest in _match_path(node[""], written))


def _walk(data: object, tokens: Sequence[str | int]) -> JsonValue:
    for token in tokens:
        if isinstance(data, dict):
            data = data.get(token)
        elif isinstance(data, list) and isinstance(token, int) and token < len(data):
            data = data[token]
        else:
            return None
    return cast("JsonValue", data)


def _explain_unknown(name: str, tokens: Tokens, rule: JsonObject) -> str:
    properties = rule.get("properties")
    known = list(properties) if isinstance(properties, dict) else []
    place = name_place(tokens)
    near = nearest(name, known)
    if near is not None:
        return f"{quote_value(name)} is not a known property of {place} - did you mean {near!r}?"
    if not known:
        return f"{quote_value(name)} is not a known property of {place}: it takes no such properties"
    return f"{quote_value(name)} is not a known property of {place}: expected {_join_values(known)}"


def _explain_value(keyword: str, value: JsonValue, detail: Mapping[str, object], rule: JsonObject) -> str | None:
    if keyword in _LIMITS:
        return f"{_describe(value)}: expected {_tell_limit(keyword, detail['limit'])}"
    explain = _EXPLAINERS.get(keyword)
    return explain(value, detail, rule) if explain else None


def _tell_limit(keyword: str, limit: object) -> str:
    words = _LIMITS[keyword].format(limit)
    return (
        words
        if limit != 1
        else words.replace("characters", "character").replace("items", "item").replace("properties", "property")
    )


def _describe(value: JsonValue) -> str:
    """`is text ('12')`, `is 5`, `is empty`."""
    if value is None:
        return "is empty"
    return f"is text ({quote_value(value)})" if isinstance(value, str) else f"is {quote_value(value)}"


def _explain_type(value: JsonValue, detail: Mapping[str, object], _: JsonObject) -> str:
    expected = cast("list[str]", detail["types"])
    words = join_choices(_TYPES.get(name, name) for name in expected)
    return f"{_describe(value)}: expected {words}{_hint_at_type(value, expected)}"


def _hint_at_type(value: JsonValue, expected: Sequence[str]) -> str:
    if value is None:
        return " - give it a value, or leave the key out"
    if "string" in expected and isinstance(value, bool | int | float):
        return " - put quotes around it"
    if isinstance(value, str):
        if ("integer" in expected or "number" in expected) and _reads_as_number(value):
            return " - take the quotes away"
        if "boolean" in expected and value.lower() in _BOOLEAN_LOOKALIKES:
            return " - write true or false, without quotes"
    if "array" in expected and isinstance(value, str | dict):
        return " - write each item on its own line after '- '"
    return ""


def _reads_as_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal() and text.isascii()


def _explain_required(_: JsonValue, detail: Mapping[str, object], __: JsonObject) -> str:
    return f"lacks the required property {quote_value(detail['property'])}"


def _explain_choice(value: JsonValue, _: Mapping[str, object], rule: JsonObject) -> str:
    if "const" in rule:
        choices = [rule["const"]]
    else:
        listed = rule.get("enum")
        choices = listed if isinstance(listed, list) else []
    near = nearest(value, [choice for choice in choices if isinstance(choice, str)]) if isinstance(value, str) else None
    hint = f" - did you mean {near!r}?" if near is not None else ""
    if isinstance(value, bool | int | float) and not hint:
        hint = _hint_at_type(value, ["string"]) if quote_value(value) in choices else ""
    return f"{_describe(value)}: expected {_join_values(choices)}{hint}"


def _explain_pattern(value: JsonValue, _: Mapping[str, object], rule: JsonObject) -> str:
    return f"is {quote_value(value)}{_expect_pattern(rule)}"


def _expect_pattern(rule: JsonObject) -> str:
    words = rule.get("x-journeylint-pattern")
    if isinstance(words, str):
        return f": expected {words}"
    return f": expected text that matches {rule['pattern']}" if "pattern" in rule else ""


def _explain_format(value: JsonValue, detail: Mapping[str, object], _: JsonObject) -> str:
    name = str(detail["format"])
    if name in FORMATS and isinstance(value, str):
        try:
            FORMATS[name](value)
        except ValueError as error:
            return f"cannot be used: {error}"
    return f"is {quote_value(value)}: expected {_FORMATS.get(name, f'text in the format {name!r}')}"


def _explain_unique(*_: object) -> str:
    return "has the same item twice: expected each item once"


def _explain_forbidden(*_: object) -> str:
    return "is not allowed here"


_LIMITS = {
    "minimum": "{} or more",
    "maximum": "{} or less",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "minLength": "{} characters or more",
    "maxLength": "{} characters or less",
    "minItems": "{} items or more",
    "maxItems": "{} items or less",
    "minProperties": "{} properties or more",
    "maxProperties": "{} properties or less",
}
_EXPLAINERS: Mapping[str, Callable[[JsonValue, Mapping[str, object], JsonObject], str]] = {
    "type": _explain_type,
    "required": _explain_required,
    "enum": _explain_choice,
    "const": _explain_choice,
    "pattern": _explain_pattern,
    "format": _explain_format,
    "uniqueItems": _explain_unique,
    "falseSchema": _explain_forbidden,
    "not": _explain_forbidden,
}


def _join_values(values: Sequence[JsonValue]) -> str:
    shown = [quote_value(value) for value in values[:_MOST_CHOICES]]
    left_out = len(values) - len(shown)
    return join_choices([*shown, f"{left_out} others"] if left_out else shown)


def _explain_branches(error: ValidationError, schema: JsonObject, root: JsonValue) -> Iterator[Told]:
    """The errors of the alternative that the author most likely meant; one line for all where none is near."""
    tokens = _locate(error, root)
    branches: list[list[ValidationError]] = error.kind.as_dict()["context"]
    at_node = [[e for e in branch if e.instance_path == error.instance_path] for branch in branches]
    types = [e.kind.as_dict()["types"] for errors in at_node for e in errors if e.kind.name == "type"]
    fitting = [branch for branch, errors in zip(branches, at_node, strict=True) if not _miss_node(errors)]
    missing = [e.kind.as_dict()["property"] for errors in at_node for e in errors if e.kind.name == "required"]
    if len(missing) == len(branches) == sum(map(len, branches)):
        names = join_choices(quote_value(name) for name in dict.fromkeys(missing))
        yield tokens, f"{name_place(tokens)} lacks one of the properties {names}"
    elif fitting:
        for inner in min(fitting, key=_distance_of):
            yield from explain_error(inner, schema, root)
    elif len(types) == len(branches):
        expected = list(dict.fromkeys(name for names in types for name in names))
        yield tokens, f"{name_place(tokens)} {_explain_type(_walk(root, tokens), {'types': expected}, {})}"
    else:
        for inner in min(branches, key=_distance_of):
            yield from explain_error(inner, schema, root)


def _miss_node(errors: Sequence[ValidationError]) -> bool:
    return any(error.kind.name == "type" for error in errors)


def _distance_of(branch: Sequence[ValidationError]) -> tuple[int, int]:
    """Smaller is nearer: a constant that differs (`kind: x`) tells alternatives apart better than anything else."""
    return sum(error.kind.name == "const" for error in branch), len(branch)
