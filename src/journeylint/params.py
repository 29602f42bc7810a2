"""The figures that an organisation may set: their types, whether a value fits, and how CEL spells it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from journeylint.cel import quote
from journeylint.model import JsonObject, JsonValue
from journeylint.times import TimeError, format_instant, parse_duration, parse_instant


class Param(NamedTuple):
    """A figure of a policy. `type` is a JSON Schema type, `duration` or `date-time`; `schema` is as the policy has it."""

    name: str
    type: str
    default: JsonValue
    description: str
    schema: JsonObject


def param_from(name: str, schema: JsonObject) -> Param:
    """The param that a policy file declares; `format: duration` and `format: date-time` say the same as the types."""
    kind = str(schema.get("type", "string"))
    if kind == "string" and schema.get("format") in ("duration", "date-time"):
        kind = str(schema["format"])
    return Param(name, kind, schema.get("default"), str(schema.get("description", "")), schema)


def value_problem(param: Param, value: JsonValue) -> str | None:
    """Why *value* does not fit the param, or None where it does."""
    if param.type in ("duration", "date-time"):
        if not isinstance(value, str):
            return f"{_shown(value)} is not text such as {'3d or 4h30m' if param.type == 'duration' else '2026-05-01T00:00:00Z'}"
        try:
            _moment_literal(param, value)
        except TimeError as error:
            return str(error)
        return None
    if (isinstance(value, int) or param.type == "integer") and _is_beyond_64_bits(value):
        return f"{_shown(value)} is out of range"
    return _schema_problem(param, value)


def param_literals(params: Mapping[str, Param], values: Mapping[str, JsonValue]) -> dict[str, str]:
    """How CEL spells the value of each of *params*: that in *values*, else the default."""
    return {name: _literal(param, values.get(name, param.default)) for name, param in params.items()}


def map_literal(literals: Mapping[str, str]) -> str:
    """The CEL map of names and values spelt already."""
    return "{" + ", ".join(f"{quote(name)}: {literal}" for name, literal in literals.items()) + "}"


def _schema_problem(param: Param, value: JsonValue) -> str | None:
    import jsonschema_rs  # noqa: PLC0415 - params with schemas are few

    schema = {key: item for key, item in param.schema.items() if key not in ("default", "description", "format")}
    try:
        jsonschema_rs.validate(schema, value)
    except jsonschema_rs.ValidationError as error:
        return str(error.message)
    except ValueError as error:
        return f"what is said of it is no JSON Schema: {error}"
    return None


def _literal(param: Param, value: JsonValue) -> str:
    if param.type in ("duration", "date-time"):
        return _moment_literal(param, str(value))
    if param.type == "number" and isinstance(value, int | float):
        return repr(float(value))
    if param.type == "integer" and isinstance(value, float):  # 5.0 and 1e3 are whole numbers in JSON Schema
        return repr(int(value))
    return _json_literal(value)


def _is_beyond_64_bits(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not -(1 << 63) <= value < 1 << 63


def _moment_literal(param: Param, text: str) -> str:
    if param.type == "duration":
        return f"duration({quote(f'{_seconds(parse_duration(text))}s')})"
    return f"timestamp({quote(format_instant(parse_instant(text, 'UTC')))})"


def _seconds(span: timedelta) -> int:
    return span.days * 86_400 + span.seconds


def _json_literal(value: JsonValue) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return quote(value)
        case int() | float():
            return repr(value)
        case list():
            return "[" + ", ".join(_json_literal(item) for item in value) + "]"
        case dict():
            return "{" + ", ".join(f"{quote(key)}: {_json_literal(item)}" for key, item in value.items()) + "}"


def _shown(value: JsonValue) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
