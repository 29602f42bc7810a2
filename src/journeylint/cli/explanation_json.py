"""The verdicts of a policy, and what they rest on, as data for programs (`schemas/explanation.schema.json`)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from journeylint import __version__
from journeylint.evidence import Role, Standing, Verdict
from journeylint.horizon_words import holds_until_data
from journeylint.model import Identity
from journeylint.policy_places import place_in
from journeylint.suppressions.data import identity_data, location_data, suppression_data
from journeylint.times import format_instant

if TYPE_CHECKING:
    from journeylint.evidence import Consultation, NamedValue, Part, Reading, Step, Trace
    from journeylint.explain import Explanation, Held
    from journeylint.model import JsonObject, JsonValue, Suppression

_ROLES = {Role.PACK_WHEN: "packWhen", Role.WHEN: "when", Role.REQUIRE: "require", Role.LET: "let"}
_VERDICTS = {
    Verdict.COMPLIES: "complies",
    Verdict.FAILS: "fails",
    Verdict.NOT_APPLICABLE: "notApplicable",
    Verdict.UNJUDGED: "unjudgedLookup",
    Verdict.ERROR: "error",
}


def explanation_data(explanation: Explanation) -> JsonObject:
    """What *explanation* says, in version 1 of the format."""
    policy = explanation.policy
    return {
        "schemaVersion": "1",
        "tool": {"name": "journeylint", "version": __version__},
        "asOf": format_instant(explanation.as_of),
        "policy": {"id": policy.id, "name": policy.name},
        "settings": _settings(explanation.held),
        "nodes": [
            {
                **_node(trace, explanation.exceptions.get(trace.pointer, explanation.held)),
                "suppression": _suppression(explanation.suppression_of(trace)),
            }
            for trace in explanation.traces
        ],
        "unselected": [
            {"manifest": identity_data(one.manifest.identity), "location": location_data(one.manifest.location(""))}
            for one in explanation.unselected
        ],
        "failures": [
            {
                "code": one.code.value,
                "name": one.code.label,
                "message": one.message,
                "manifest": None if one.manifest is None else identity_data(one.manifest),
                "location": location_data(one.location),
            }
            for one in explanation.failures
        ],
    }


def _settings(held: Held) -> JsonObject:
    return {
        "severity": held.severity.value,
        "severityOrigin": held.severity_origin,
        "params": [{"name": one.name, "value": one.value, "origin": one.origin} for one in held.params],
        "offBecause": held.off_because,
    }


def _node(trace: Trace, held: Held) -> JsonObject:
    return {
        "settings": _settings(held),
        "manifest": identity_data(trace.manifest.identity),
        "location": location_data(trace.manifest.location(trace.pointer)),
        "pointsAt": trace.points_at,
        "verdict": _VERDICTS[trace.verdict],
        **({} if trace.horizon is None else {"holdsUntil": holds_until_data(trace.horizon)}),
        "message": trace.message,
        "error": trace.error,
        "conditions": [{**_part(step.part), **_step(step)} for step in trace.steps],
        "let": [_named(one) for one in trace.names],
    }


def _suppression(suppression: Suppression | None) -> JsonObject | None:
    return None if suppression is None else suppression_data(suppression)


def _part(part: Part) -> JsonObject:
    line, column = place_in(part.file, part.expression, 0)
    place: JsonObject = {"path": part.file.path, "pointer": part.expression.pointer, "line": line, "column": column}
    return {"part": _ROLES[part.role], "declaredAt": place}


def _step(step: Step) -> JsonObject:
    line, column = place_in(step.part.file, step.part.expression, step.start)
    return {
        "expression": step.text,
        "operator": step.operator,
        "line": line,
        "column": column,
        "item": step.label,
        "reached": step.is_reached,
        "value": step.value,
        "error": step.error,
        "read": [_reading(one) for one in step.readings],
        "asked": [_consultation(one) for one in step.consultations],
        "inside": [_step(one) for one in step.steps],
        "omitted": step.omitted,
    }


def _named(named: NamedValue) -> JsonObject:
    return {
        "name": named.part.name,
        **_part(named.part),
        "expression": named.part.expression.source,
        "value": _value(named.value),
        "error": named.error,
        "read": [_reading(one) for one in named.readings],
        "asked": [_consultation(one) for one in named.consultations],
        "inside": [_step(one) for one in named.steps],
    }


def _reading(reading: Reading) -> JsonObject:
    return {
        "expression": reading.text,
        "standing": reading.standing.value,
        "value": None if reading.standing is Standing.ABSENT else _value(reading.value),
        "error": reading.error,
        "location": None if reading.location is None else location_data(reading.location),
    }


def _consultation(asked: Consultation) -> JsonObject:
    return {
        "expression": asked.text,
        "found": [
            {"manifest": identity_data(one.identity), "location": location_data(one.location(""))}
            for one in asked.manifests
        ],
        "unjudged": asked.is_unjudged,
    }


def _value(value: object) -> JsonValue:
    """*value* as JSON: instants in RFC 3339, durations in seconds as CEL writes them (`1200s`), manifests as who they are."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if value - value == 0 else str(value)  # neither infinite nor NaN, which JSON has not
        case datetime():
            return format_instant(value)
        case timedelta():
            return f"{value.days * 86_400 + value.seconds}s"
        case Identity():
            return identity_data(value)
        case dict():
            metadata, kind = value.get("metadata"), value.get("kind")
            if isinstance(metadata, dict) and "name" in metadata and isinstance(kind, str):
                environment = str(metadata.get("environment", ""))
                return identity_data(Identity(environment, kind, str(metadata["name"])))
            return {str(key): _value(item) for key, item in sorted(value.items())}
        case list():
            return [_value(item) for item in value]
        case _:
            return str(value)
