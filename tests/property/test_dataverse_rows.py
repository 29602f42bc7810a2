"""Whatever a row holds: no exception but RowError, a valid manifest, and no action of a journey lost in silence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from journeylint.import_ports import RowError
from journeylint.model import JsonValue
from tests.dataverse_rows import BY_NAME, check_imported, make_guid, make_row

Values: TypeAlias = st.SearchStrategy[Any]


def _mapping(required: dict[str, Values], optional: dict[str, Values] | None = None) -> Values:
    """Mappings with all members of *required* and some of *optional*."""
    return st.fixed_dictionaries(required, optional=optional or {})


KEYS = st.sampled_from(
    [
        "type",
        "typeName",
        "contentVersion",
        "name",
        "displayName",
        "title",
        "targetEntityLogicalNames",
        "goal",
        "exitCriteria",
        "exitEvents",
        "trigger",
        "triggers",
        "audience",
        "parameters",
        "startTime",
        "endTime",
        "exclusionSegments",
        "suppressionSegments",
        "eventName",
        "condition",
        "actions",
        "timeZoneWindowsName",
        "runAfter",
        "result",
        "contentId",
        "smsId",
        "pushNotificationId",
        "count",
        "unit",
        "waitUntil",
        "timeoutParameters",
        "succeedActions",
        "timeoutActions",
        "falseActions",
        "branches",
        "label",
        "segmentId",
        "expressions",
        "conditionType",
        "operator",
        "leftOperand",
        "rightOperand",
        "operand",
        "binding",
        "source",
        "inputs",
        "sourceType",
        "value",
        "outputPath",
        "start",
        "end",
        "resumeCriteria",
        "criteria",
        "waitForType",
        "entityName",
        "quietTimeSettingsSelectedOption",
        "persistedUIState",
        "cachedEmailEntity",
        "msdynmkt_name",
        "id",
        "otherActions",
    ]
)
TEXTS = st.one_of(
    st.sampled_from(["a", "b", "c", make_guid(1), make_guid(2)]),
    st.text(max_size=6),
    st.text(st.characters(codec=None), max_size=4),
    st.sampled_from(
        [
            "Email",
            "Delay",
            "Event",
            "ConditionV2",
            "CreateRecord",
            "CreateRecordV2",
            "Sms",
            "OneTime",
            "Recurring",
            "Grouping",
            "BinaryOperator",
            "UnaryOperator",
            "Static",
            "Range",
            "CdsProfileDataSource",
            "EventDataSource",
            "Success",
            "1.0.0.0",
            "contact",
            "lead",
            "UTC",
            "days",
            "hour",
            "msdynmkt_emaillinkclicked",
            "2026-03-03T09:00:00Z",
            "2026-03-29T02:30:00",
            "2026-02-30",
            "ApplyDefaultQuietTime",
        ]
    ),
    st.sampled_from(["W. Europe Standard Time", "\ud800", "\x00", "\u2028", "x" * 5_000, ""]),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 22),
    st.sampled_from([2**63, -(2**63), 10**30, 1e300, 0.5, 3.0]),
    TEXTS,
)
VALUES: Values = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | TEXTS, inner, max_size=4),
    max_leaves=12,
)


GUIDS = st.sampled_from([make_guid(1), make_guid(2), make_guid(3).upper()])
SUCCESS = st.just({"result": "Success"})
CONDITIONS: Values = st.recursive(
    _mapping(
        {"type": st.sampled_from(["BinaryOperator", "UnaryOperator", "Membership"])},
        optional={"operator": SCALARS, "leftOperand": VALUES, "rightOperand": VALUES, "segmentId": GUIDS},
    ),
    lambda inner: _mapping(
        {"type": st.just("Grouping"), "expressions": st.lists(inner, max_size=2)}, optional={"conditionType": SCALARS}
    ),
    max_leaves=3,
)


def _parameters(inner: Values) -> dict[str, Values]:
    """Parameters as the sources show them, by the type of the action; *inner* are the actions that some hold."""
    branch = _mapping(
        {"actions": inner}, optional={"label": SCALARS, "condition": CONDITIONS | VALUES, "elseActions": inner}
    )
    duration = _mapping({}, optional={"count": SCALARS, "unit": SCALARS})
    return {
        "Email": _mapping({}, optional={"contentId": GUIDS | SCALARS, "smsId": GUIDS, "actions": inner}),
        "Delay": _mapping({}, optional={"count": SCALARS, "unit": SCALARS, "waitUntil": TEXTS, "x": inner}),
        "Event": _mapping(
            {"eventName": TEXTS},
            optional={
                "succeedActions": inner,
                "timeoutActions": inner,
                "timeoutParameters": duration | VALUES,
                "resumeCriteria": CONDITIONS | VALUES,
            },
        ),
        "ConditionV2": _mapping({"branches": st.lists(branch, max_size=3)}, optional={"falseActions": inner}),
        "CreateRecordV2": _mapping({}, optional={"entityName": TEXTS, "moreActions": inner}),
        "Sms": _mapping({"smsId": GUIDS | SCALARS}),
        "New": _mapping({}, optional={"actions": inner, "cases": st.lists(branch, max_size=2)}),
    }


def _actions(inner: Values) -> Values:
    """Mappings and lists of actions, most of them as the sources show them."""
    shown = [
        _mapping(
            {"type": st.just(kind), "parameters": parameters},
            optional={"runAfter": st.dictionaries(st.sampled_from("abc"), SUCCESS, max_size=1), "id": TEXTS},
        )
        for kind, parameters in _parameters(inner).items()
    ]
    odd = _mapping({}, optional={"type": SCALARS, "parameters": VALUES, "runAfter": VALUES, "actions": inner})
    action = st.one_of(*shown, odd, SCALARS)
    return st.dictionaries(st.sampled_from("abc") | TEXTS, action, max_size=4) | st.lists(action, max_size=3)


ACTIONS: Values = st.recursive(st.just({}), _actions, max_leaves=20)
JOURNEYS = _mapping(
    {"actions": ACTIONS},
    optional={
        "trigger": VALUES | _mapping({"type": TEXTS, "parameters": VALUES, "audience": VALUES}),
        "triggers": VALUES,
        "exitCriteria": VALUES | _mapping({"exitEvents": VALUES, "suppressionSegments": VALUES}),
        "goal": VALUES,
        "targetEntityLogicalNames": VALUES,
        "timeZoneWindowsName": TEXTS,
        "contentVersion": SCALARS,
        "name": SCALARS,
    },
)


def _read(table: str, columns: dict[str, JsonValue], labels: dict[str, str] | None = None) -> None:
    with suppress(RowError):
        imported = BY_NAME[table].read(make_row(table, columns, labels))
        if imported is not None:
            check_imported(imported)


@given(JOURNEYS)
@settings(max_examples=200, deadline=None)
def test_any_journey_json_comes_to_a_valid_manifest_or_to_a_row_error(data: JsonValue) -> None:
    columns: dict[str, JsonValue] = {
        "msdynmkt_journeyjson": json.dumps(data),
        "msdynmkt_triggertype": 0,
        "statuscode": 2,
    }
    _read("msdynmkt_journey", columns)


@given(VALUES, st.text(max_size=20))
@settings(max_examples=200, deadline=None)
def test_anything_in_the_journey_json_column_comes_to_a_valid_manifest_or_to_a_row_error(
    data: JsonValue, text: str
) -> None:
    values: list[JsonValue] = [data, json.dumps(data), text, json.dumps(data)[:-1]]
    for value in values:
        _read("msdynmkt_journey", {"msdynmkt_journeyjson": value, "msdynmkt_triggertype": 1})


@given(st.sampled_from(sorted(BY_NAME)), st.data())
@settings(max_examples=200, deadline=None)
def test_anything_in_any_column_comes_to_a_valid_manifest_or_to_a_row_error(table: str, data: st.DataObject) -> None:
    columns = BY_NAME[table].columns
    known: Values = st.sampled_from(
        [0, 1, 2, 3, 7, 10, 11, 12, 721_460_000, 534_120_000, 723_270_000, 192_350_000, "true", "False", "2"]
    )
    values = data.draw(st.dictionaries(st.sampled_from(columns), known | VALUES, max_size=len(columns)))
    labels = data.draw(st.dictionaries(st.sampled_from(columns), TEXTS, max_size=3))
    _read(table, values, labels)


def _list_actions(value: JsonValue) -> Iterator[str]:
    """The keys of all actions, by what a person who reads the JSON would take for one: what stands in `…Actions`."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key.lower().endswith("actions") and isinstance(inner, dict):
                yield from inner
            yield from _list_actions(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _list_actions(inner)


def _number(value: JsonValue, counter: Iterator[int]) -> JsonValue:
    """*value* with a name of its own for every action."""
    if isinstance(value, dict):
        return {
            key: {f"action{next(counter)}x": _number(one, counter) for one in inner.values()}
            if key.lower().endswith("actions") and isinstance(inner, dict)
            else _number(inner, counter)
            for key, inner in value.items()
        }
    return [_number(inner, counter) for inner in value] if isinstance(value, list) else value


@given(JOURNEYS)
@settings(max_examples=200, deadline=None)
def test_every_action_is_a_step_or_stands_in_a_note(data: JsonValue) -> None:
    numbered = _number(data, iter(range(100_000)))
    columns: dict[str, JsonValue] = {"msdynmkt_journeyjson": json.dumps(numbered), "msdynmkt_triggertype": 0}
    try:
        imported = BY_NAME["msdynmkt_journey"].read(make_row("msdynmkt_journey", columns))
    except RowError:
        return
    assert imported is not None
    flow = imported.spec["flow"]
    steps = flow["steps"] if isinstance(flow, dict) else None
    ids = {step["id"] for step in steps if isinstance(step, dict)} if isinstance(steps, list) else set()
    told = [note.place.partition(": ")[2] for note in imported.not_analysed]
    for name in _list_actions({"actions": numbered["actions"]} if isinstance(numbered, dict) else {}):
        assert name in ids or any(_is_told(numbered, name, place) for place in told), name


def _is_told(data: JsonValue, name: str, place: str) -> bool:
    """Whether the note at *place* is about what holds the action *name*."""
    names = place.replace("[", ".[").split(".")
    for token in names:
        if isinstance(data, dict) and token in data:
            data = data[token]
        elif isinstance(data, list) and token.startswith("[") and int(token[1:-1]) < len(data):
            data = data[int(token[1:-1])]
        else:
            return False
    return f'"{name}"' in json.dumps(data)
