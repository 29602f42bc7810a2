"""The JSON that defines a journey. Every definition is synthetic; each test names the fact, and the source, that it rests on.

Sources: A is Microsoft's page on journey templates, B the notes of ai-agent-skills from a live organisation, C what
customer-journey-explorer reads.
"""

from __future__ import annotations

import pytest

from journeylint.import_ports import RowError
from journeylint.model import JsonObject, JsonValue
from tests.dataverse_rows import make_guid, notes_of, origin_of, read_journey, spec_of, steps_of

AUDIENCE, EXCLUDED, SUPPRESSED = make_guid(1), make_guid(2), make_guid(3)
COLUMN = "msdynmkt_journeyjson"


def chain(*actions: JsonObject) -> JsonObject:
    """Actions `a1`, `a2`, … of which each runs after the one before, as B has them."""
    return {
        f"a{number}": action | {"runAfter": {f"a{number - 1}": {"result": "Success"}} if number > 1 else {}}
        for number, action in enumerate(actions, 1)
    }


def email(number: int, **parameters: JsonValue) -> JsonObject:
    return {"type": "Email", "parameters": {"contentId": make_guid(number), **parameters}}


def wait(count: JsonValue, unit: JsonValue) -> JsonObject:
    return {"type": "Delay", "parameters": {"type": "Wait", "count": count, "unit": unit}}


def compare(operator: JsonValue, right: JsonValue = "x", path: str = "firstname") -> JsonObject:
    binding: JsonObject = {
        "source": "CdsProfileDataSource",
        "inputs": {"sourceType": {"value": "contact"}},
        "outputPath": path,
    }
    return {
        "type": "BinaryOperator",
        "operator": operator,
        "leftOperand": {"type": "Dynamic", "binding": binding},
        "rightOperand": {"type": "Static", "value": right},
    }


def condition_of(condition: JsonValue) -> tuple[str, dict[str, str]]:
    """The text of a branch's *condition*, and what was not known of it."""
    branch: JsonObject = {"label": "A", "condition": condition, "actions": {}}
    imported = read_journey({"actions": {"c": {"type": "ConditionV2", "parameters": {"branches": [branch]}}}})
    branches = steps_of(imported)["c"]["branches"]
    assert isinstance(branches, list)
    assert isinstance(branches[0], dict)
    return str(branches[0].get("condition")), notes_of(imported)


def test_fact_a_the_definition_names_its_segments_and_their_roles() -> None:
    """$.trigger.audience, $.trigger.exclusionSegments, $.exitCriteria.suppressionSegments."""
    imported = read_journey(
        {
            "trigger": {"type": "OneTime", "audience": AUDIENCE.upper(), "exclusionSegments": [EXCLUDED, EXCLUDED]},
            "exitCriteria": {"exitEvents": [], "suppressionSegments": ["{" + SUPPRESSED + "}"]},
        }
    )
    assert spec_of(imported)["segments"] == [
        {"name": f"Segment:{AUDIENCE}", "role": "audience"},
        {"name": f"Segment:{EXCLUDED}", "role": "exclusion"},
        {"name": f"Segment:{SUPPRESSED}", "role": "suppression"},
    ]
    assert not notes_of(imported)


def test_fact_how_several_segments_are_written_is_not_known_so_that_a_list_is_read_and_the_rest_noted() -> None:
    imported = read_journey({"trigger": {"type": "OneTime", "audience": [AUDIENCE, 7], "exclusionSegments": {"a": 1}}})
    assert spec_of(imported)["segments"] == [{"name": f"Segment:{AUDIENCE}", "role": "audience"}]
    assert notes_of(imported).keys() == {f"{COLUMN}: trigger.audience[1]", f"{COLUMN}: trigger.exclusionSegments"}


def test_fact_a_start_and_end_are_parameters_of_the_trigger() -> None:
    """$.trigger.parameters.startTime and endTime; with an offset they are instants, B has an empty one for none."""
    parameters: JsonValue = {"startTime": "2026-03-03T08:00:00.000Z", "endTime": "2026-03-31T18:00:00"}
    spec = spec_of(read_journey({"trigger": {"type": "OneTime", "parameters": parameters}}))
    assert (spec["startTime"], spec["endTime"]) == ("2026-03-03T08:00:00Z", "2026-03-31T18:00:00")
    empty = read_journey({"trigger": {"type": "OneTime", "parameters": {"startTime": ""}}})
    assert "startTime" not in spec_of(empty)
    assert not notes_of(empty)


def test_fact_b_top_level_members_are_known_and_others_are_listed_once() -> None:
    data: JsonObject = {
        "type": 1,
        "typeName": "scheduled",
        "contentVersion": "1.0.0.0",
        "name": "Spring",
        "targetEntityLogicalNames": ["contact"],
        "goal": {},
        "exitCriteria": {"exitEvents": []},
        "trigger": {"type": "OneTime", "audience": AUDIENCE, "parameters": {"startTime": ""}, "exclusionSegments": []},
        "actions": {},
        "uiMetadata": {"zoom": 1},
        "journeyUiFeatureFlags": {"x": True},
        "timeZoneCode": 110,
        "timeZoneWindowsName": "W. Europe Standard Time",
    }
    imported = read_journey(data)
    assert not notes_of(imported)
    assert origin_of(imported) == {}
    assert imported.title == "Spring"
    new: JsonObject = {"abTest": {}, "actions": {"a": email(1, sendMode=1), "b": email(2, sendMode=2) | {"retries": 1}}}
    assert origin_of(read_journey(data | new)) == {"unreadMembers": ["abTest", "Email.sendMode", "Email.retries"]}


@pytest.mark.parametrize("version", ["2.0.0.0", 1, ""])
def test_fact_b_the_content_version_is_1_0_0_0_and_another_is_told(version: JsonValue) -> None:
    assert f"{COLUMN}: contentVersion" in notes_of(read_journey({"contentVersion": version}))


@pytest.mark.parametrize(
    ("names", "entity"), [(["contact"], "contact"), (["lead"], "lead"), (["msdynci_customerprofile"], "profile")]
)
def test_fact_b_target_entity_logical_names_say_whom_the_journey_addresses(names: JsonValue, entity: str) -> None:
    assert spec_of(read_journey({"targetEntityLogicalNames": names}))["targetEntity"] == entity


@pytest.mark.parametrize("names", [["account"], ["contact", "lead"], "contact", [1], {"a": 1}])
def test_whom_a_journey_addresses_is_noted_where_it_is_not_one_that_is_known(names: JsonValue) -> None:
    imported = read_journey({"targetEntityLogicalNames": names})
    assert "targetEntity" not in spec_of(imported)
    assert notes_of(imported).keys() == {f"{COLUMN}: targetEntityLogicalNames"}


def test_fact_c_what_starts_a_journey_by_event_is_named_by_event_name_in_trigger_or_triggers() -> None:
    """trigger{type: Event, parameters{eventName, condition}}, or triggers."""
    one: JsonObject = {
        "type": "Event",
        "parameters": {"eventName": "msdynmkt_LeadCreated", "condition": compare(1, "Form", "subject")},
    }
    expected = [{"name": "Trigger:msdynmkt_leadcreated", "condition": "contact.subject contains 'Form'"}]
    several: list[JsonValue] = [one, {"type": "Event", "parameters": {"eventName": "msdynmkt_x"}}]
    ways: list[JsonObject] = [
        {"trigger": one},
        {"trigger": None, "triggers": {"t": one}},
        {"trigger": None, "triggers": [one, one]},
    ]
    for data in ways:
        imported = read_journey(data)
        assert spec_of(imported)["frequency"] == "event"
        assert spec_of(imported)["flow"] == {"triggers": expected}
        assert not notes_of(imported)
    both = spec_of(read_journey({"trigger": None, "triggers": several}))["flow"]
    assert both == {"triggers": [*expected, {"name": "Trigger:msdynmkt_x"}]}


def test_fact_how_often_a_recurring_journey_starts_is_not_known_so_that_what_says_it_is_noted() -> None:
    parameters: JsonValue = {"startTime": "", "recurrence": {"interval": 1}, "frequency": "Month", "off": False}
    imported = read_journey({"trigger": {"type": "Recurring", "parameters": parameters}})
    assert spec_of(imported)["frequency"] == "recurring"
    assert notes_of(imported) == {
        f"{COLUMN}: trigger.parameters": "what it says of 'frequency', 'recurrence' is not known"
    }


def test_fact_b_exit_events_are_a_list_whose_items_are_read_where_they_name_an_event() -> None:
    events: list[JsonValue] = [
        {"eventName": "msdynmkt_order"},
        {"type": "Event", "parameters": {"eventName": "msdynmkt_unsubscribed"}},
        "msdynmkt_left",
        {"goal": 1},
    ]
    imported = read_journey({"exitCriteria": {"exitEvents": events}})
    names = ["msdynmkt_order", "msdynmkt_unsubscribed", "msdynmkt_left"]
    assert spec_of(imported)["exit"] == {"triggers": [{"name": f"Trigger:{name}"} for name in names]}
    assert notes_of(imported).keys() == {f"{COLUMN}: exitCriteria.exitEvents[3]"}


def test_fact_b_the_goal_is_a_mapping_of_which_no_more_is_known() -> None:
    named = read_journey({"goal": {"name": "Buy", "eventName": "msdynmkt_order", "off": None}})
    assert spec_of(named)["goal"] == {"name": "Buy", "triggers": [{"name": "Trigger:msdynmkt_order"}]}
    assert not notes_of(named)
    unknown = read_journey({"goal": {"name": "Buy", "target": 12}})
    assert spec_of(unknown)["goal"] == {"name": "Buy"}
    assert notes_of(unknown) == {f"{COLUMN}: goal": "what reaches the goal is not known"}
    assert notes_of(read_journey({"goal": [1]})).keys() == {f"{COLUMN}: goal"}


def test_fact_b_actions_are_a_mapping_ordered_by_run_after() -> None:
    imported = read_journey({"actions": dict(reversed(chain(email(1), wait(2, 3), email(2)).items()))})
    steps = steps_of(imported)
    assert list(steps) == ["a1", "a2", "a3"]
    assert [step.get("next") for step in steps.values()] == ["a2", "a3", None]
    assert not notes_of(imported)


def test_fact_a_the_keys_of_actions_are_guids_which_become_the_ids_of_steps() -> None:
    """$.actions['<guid>']."""
    assert list(steps_of(read_journey({"actions": {AUDIENCE: email(1)}}))) == [AUDIENCE]


@pytest.mark.parametrize(
    ("name", "kind", "channel"),
    [("contentId", "Email", "email"), ("smsId", "Whatever", "text"), ("pushNotificationId", "Whatever", "push")],
)
def test_fact_a_a_message_is_named_by_content_id_sms_id_or_push_notification_id(
    name: str, kind: str, channel: str
) -> None:
    """The types of text and push messages are not known; what they name tells them."""
    imported = read_journey({"actions": {"a": {"type": kind, "parameters": {name: make_guid(9)}}}})
    step = {"id": "a", "type": "message", "message": f"Message:{make_guid(9)}", "channel": channel}
    assert steps_of(imported) == {"a": step}
    assert not notes_of(imported)


def test_fact_b_a_message_says_which_quiet_time_holds() -> None:
    step = steps_of(read_journey({"actions": {"a": email(1, quietTimeSettingsSelectedOption="ApplyDefaultQuietTime")}}))
    assert step["a"]["quietTime"] == "ApplyDefaultQuietTime"


def test_fact_c_the_name_of_an_email_is_in_the_state_of_the_designer() -> None:
    """persistedUIState.cachedEmailEntity.msdynmkt_name; a name of the action's own counts first."""
    cached: JsonValue = {"cachedEmailEntity": {"msdynmkt_name": "Welcome"}}
    assert steps_of(read_journey({"actions": {"a": email(1, persistedUIState=cached)}}))["a"]["title"] == "Welcome"
    named = email(1, persistedUIState=cached) | {"displayName": "First mail"}
    assert steps_of(read_journey({"actions": {"a": named}}))["a"]["title"] == "First mail"


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({}, "no message is chosen"),
        ({"contentId": ""}, "no message is chosen"),
        ({"contentId": "welcome"}, "'welcome' cannot be read: expected the key of a message"),
        ({"contentId": 7}, "7 cannot be read: expected the key of a message"),
    ],
)
def test_an_email_without_a_message_that_can_be_told_is_noted(parameters: JsonObject, reason: str) -> None:
    imported = read_journey({"actions": {"a": {"type": "Email", "parameters": parameters}}})
    assert steps_of(imported)["a"] == {"id": "a", "type": "message", "channel": "email"}
    assert notes_of(imported) == {f"{COLUMN}: actions.a.parameters.contentId": reason}


def test_fact_b_a_delay_waits_a_count_of_a_unit_of_which_3_is_days() -> None:
    """Delay, parameters {type: Wait, count, unit}; A: unit 3 is days."""
    step = steps_of(read_journey({"actions": {"a": wait(2, 3)}}))["a"]
    assert step == {"id": "a", "type": "wait", "count": 2, "unit": "days"}


@pytest.mark.parametrize(
    ("unit", "word"), [("Day", "days"), ("hours", "hours"), ("Week", "weeks"), ("minute", "minutes")]
)
def test_units_as_text_can_be_read(unit: str, word: str) -> None:
    assert steps_of(read_journey({"actions": {"a": wait("4", unit)}}))["a"]["unit"] == word


@pytest.mark.parametrize("unit", [0, 1, 2, 4, 5, "fortnight", None, True])
def test_fact_no_other_unit_is_known_and_a_wait_of_an_unknown_length_is_noted(unit: JsonValue) -> None:
    imported = read_journey({"actions": {"a": wait(2, unit)}})
    assert steps_of(imported)["a"] == {"id": "a", "type": "wait"}
    assert list(notes_of(imported)) == [f"{COLUMN}: actions.a.parameters.unit"]


def test_fact_a_a_delay_can_wait_until_an_instant() -> None:
    """$.actions['<guid>'].parameters.waitUntil, local in the journey's zone where it has no offset."""
    actions: JsonObject = {"a": {"type": "Delay", "parameters": {"waitUntil": "2026-04-01T10:00:00"}}}
    assert steps_of(read_journey({"actions": actions}))["a"]["until"] == "2026-04-01T10:00:00"
    unfit = read_journey({"actions": actions, "timeZoneWindowsName": "Nowhere"})
    assert steps_of(unfit)["a"] == {"id": "a", "type": "wait"}
    assert "a time zone that is not known" in notes_of(unfit)[f"{COLUMN}: actions.a.parameters.waitUntil"]
    other = read_journey(
        {"actions": {"a": {"type": "Delay", "parameters": {"type": "UntilBest", "count": 1, "unit": 3}}}}
    )
    assert notes_of(other) == {f"{COLUMN}: actions.a.parameters.type": "the wait 'UntilBest' is not known"}


@pytest.mark.parametrize("is_inside", [True, False])
def test_fact_b_an_event_waits_for_a_trigger_and_has_actions_for_both_ways(is_inside: bool) -> None:
    """Event = wait for a trigger: eventType 2, eventName, waitForType 0, timeoutParameters, succeed- and timeoutActions.

    B does not say whether these stand in the parameters or beside them: both are read.
    """
    members: JsonObject = {
        "eventType": 2,
        "eventName": "msdynmkt_emaillinkclicked",
        "waitForType": 0,
        "timeoutParameters": {"count": 5, "unit": 3},
        "succeedActions": chain(email(2), wait(1, 3)),
        "timeoutActions": {"late": email(3)},
        "resumeCriteria": {"criteria": {}},
    }
    event: JsonObject = {"type": "Event", **({"parameters": members} if is_inside else members)}
    actions: JsonObject = {"w": event, "after": email(4) | {"runAfter": {"w": {"result": "Success"}}}}
    imported = read_journey({"actions": actions})
    steps = steps_of(imported)
    assert steps["w"] == {
        "id": "w",
        "type": "wait_for_trigger",
        "trigger": "Trigger:msdynmkt_emaillinkclicked",
        "timeout": {"count": 5, "unit": "days"},
        "branches": [{"on": "met", "next": "a1"}, {"on": "timeout", "next": "late"}],
    }
    assert [steps[name].get("next") for name in ("a1", "a2", "late", "after")] == ["a2", "after", "after", None]
    assert not notes_of(imported)


def test_an_event_has_both_ways_on_even_where_no_actions_stand_on_them() -> None:
    event: JsonObject = {
        "type": "Event",
        "parameters": {"eventName": "e", "timeoutParameters": {"count": 1, "unit": 3}},
    }
    actions: JsonObject = {"w": event, "after": email(4) | {"runAfter": {"w": {"result": "Success"}}}}
    both = [{"on": "met", "next": "after"}, {"on": "timeout", "next": "after"}]
    assert steps_of(read_journey({"actions": actions}))["w"]["branches"] == both
    assert steps_of(read_journey({"actions": {"w": event}}))["w"]["branches"] == [{"on": "met"}, {"on": "timeout"}]


def test_an_event_of_which_not_all_is_known_is_noted() -> None:
    parameters: JsonObject = {"eventName": "e", "waitForType": 1, "resumeCriteria": {"criteria": {"type": "New"}}}
    imported = read_journey({"actions": {"w": {"type": "Event", "parameters": parameters}}})
    place = f"{COLUMN}: actions.w.parameters."
    assert notes_of(imported).keys() == {f"{place}waitForType", f"{place}timeoutParameters", f"{place}resumeCriteria"}
    nameless = read_journey({"actions": {"w": {"type": "Event", "parameters": {}}}})
    assert steps_of(nameless)["w"]["type"] == "unknown"
    assert f"{place}eventName" in notes_of(nameless)


def test_fact_c_a_condition_has_branches_with_actions_and_actions_for_all_others() -> None:
    """ConditionV2 = parameters.branches[]{label, condition, actions} and parameters.falseActions, nested as deep as one likes."""
    inner: JsonObject = {
        "type": "ConditionV2",
        "parameters": {"branches": [{"label": "B", "condition": compare(2), "actions": {"b": email(1)}}]},
    }
    outer: JsonObject = {
        "type": "ConditionV2",
        "parameters": {
            "branches": [{"label": "A", "condition": compare(2), "actions": {"inner": inner}}],
            "falseActions": {"f": wait(1, 3)},
        },
    }
    actions: JsonObject = {"outer": outer, "after": email(2) | {"runAfter": {"outer": {"result": "Success"}}}}
    imported = read_journey({"actions": actions})
    steps = steps_of(imported)
    text = "contact.firstname equals 'x'"
    assert steps["outer"] == {
        "id": "outer",
        "type": "branch",
        "branches": [
            {"label": "A", "on": "met", "condition": text, "next": "inner"},
            {"on": "otherwise", "next": "f"},
        ],
    }
    assert steps["inner"]["branches"] == [
        {"label": "B", "on": "met", "condition": text, "next": "b"},
        {"on": "otherwise", "next": "after"},
    ]
    assert [steps[name].get("next") for name in ("b", "f", "after")] == ["after", "after", None]
    assert not notes_of(imported)


@pytest.mark.parametrize("kind", ["CreateRecord", "CreateRecordV2"])
def test_fact_b_and_c_records_are_created_in_the_table_that_entity_name_names(kind: str) -> None:
    parameters: JsonObject = {"entityName": "lead", "properties": {"subject": {"x": 1}}, "mappingDefinitions": {}}
    imported = read_journey({"actions": {"a": {"type": kind, "parameters": parameters}}})
    assert steps_of(imported)["a"] == {"id": "a", "type": "create_record", "entity": "lead"}
    assert not notes_of(imported)
    nameless = read_journey({"actions": {"a": {"type": kind, "parameters": {}}}})
    assert steps_of(nameless)["a"] == {"id": "a", "type": "unknown", "originalType": kind}
    assert list(notes_of(nameless)) == [f"{COLUMN}: actions.a.parameters.entityName"]


@pytest.mark.parametrize(
    "kind", ["Split", "Series", "ABTest", "ChannelOptimization", "Condition", "email2", "", "DELAY"]
)
def test_fact_no_other_type_of_action_is_known_and_keys_are_case_sensitive(kind: str) -> None:
    imported = read_journey({"actions": chain(email(1), {"type": kind, "parameters": {"x": 1}}, email(2))})
    assert steps_of(imported)["a2"] == {"id": "a2", "type": "unknown", "originalType": kind, "next": "a3"}
    assert notes_of(imported) == {f"{COLUMN}: actions.a2": f"actions of type {kind!r} are not known"}


def test_fact_c_other_actions_hold_theirs_in_parameters_actions() -> None:
    held: JsonObject = {"type": "Container", "parameters": {"actions": {"inner": email(1)}}}
    imported = read_journey({"actions": chain(held, email(2))})
    steps = steps_of(imported)
    assert steps["a1"]["branches"] == [{"label": "actions", "next": "inner"}]
    assert steps["inner"]["next"] == "a2"
    assert notes_of(imported) == {f"{COLUMN}: actions.a1": "actions of type 'Container' are not known"}


def test_actions_where_none_are_known_to_be_are_noted() -> None:
    hidden: JsonObject = {
        "type": "Delay",
        "parameters": {"count": 1, "unit": 3, "x": [{"elseActions": {"lost": email(1)}}]},
    }
    imported = read_journey({"actions": {"a": hidden}})
    assert list(notes_of(imported)) == [f"{COLUMN}: actions.a.parameters.x[0].elseActions"]
    found = read_journey({"actions": {"a": email(1) | {"properties": {"moreActions": [1]}}}})
    assert list(notes_of(found)) == [f"{COLUMN}: actions.a.properties.moreActions"]
    named: JsonObject = {"myActions": email(1), "b": email(2) | {"runAfter": {"myActions": {"result": "Success"}}}}
    assert not notes_of(read_journey({"actions": named}))
    held: JsonObject = {"type": "Email", "parameters": {"contentId": make_guid(1), "actions": {"b": email(2)}}}
    told = read_journey({"actions": {"a": held}})
    assert list(steps_of(told)) == ["a", "b"]
    assert list(notes_of(told)) == [f"{COLUMN}: actions.a"]


def test_an_unknown_action_that_names_a_message_says_which() -> None:
    imported = read_journey({"actions": {"a": {"type": "ABTest", "parameters": {"contentId": make_guid(1)}}}})
    assert make_guid(1) in notes_of(imported)[f"{COLUMN}: actions.a"]
    several = read_journey({"actions": {"a": email(1, smsId=make_guid(2))}})
    assert "it names several messages" in notes_of(several)[f"{COLUMN}: actions.a"]


def test_fact_c_actions_can_be_a_list() -> None:
    """In a list nothing says what runs after what: the order of the list is taken, and told."""
    imported = read_journey({"actions": [email(1), {"id": "w", **wait(1, 3)}, email(2)]})
    steps = steps_of(imported)
    assert list(steps) == ["action-1", "w", "action-3"]
    assert [step.get("next") for step in steps.values()] == ["w", "action-3", None]
    assert list(notes_of(imported)) == [f"{COLUMN}: actions"]
    ordered = read_journey(
        {"actions": [{"id": "b", **email(1), "runAfter": {"a": "Success"}}, {"id": "a", **email(2)}]}
    )
    assert list(steps_of(ordered)) == ["a", "b"]
    assert not notes_of(ordered)
    assert not notes_of(read_journey({"actions": [email(1)]}))


def test_several_actions_that_follow_at_once_are_a_step_of_their_own_that_is_not_known() -> None:
    after: JsonObject = {"runAfter": {"a1": {"result": "Success"}}}
    imported = read_journey({"actions": chain(email(1)) | {"b": email(2) | after, "c": email(3) | after}})
    steps = steps_of(imported)
    assert steps["a1"]["next"] == "several-at-once"
    assert steps["several-at-once"]["type"] == "unknown"
    assert steps["several-at-once"]["branches"] == [{"next": "b"}, {"next": "c"}]
    assert "several actions follow at once" in notes_of(imported)[f"{COLUMN}: actions.a1"]
    starts = read_journey({"actions": {"b": email(2), "c": email(3)}})
    assert list(steps_of(starts)) == ["several-at-once", "b", "c"]


def test_an_action_that_runs_after_two_follows_both() -> None:
    actions = chain(email(1), email(2)) | {"c": email(3) | {"runAfter": {"a2": "Success", "a1": "Success"}}}
    steps = steps_of(read_journey({"actions": actions}))
    assert steps["a2"]["next"] == "c"
    assert steps["several-at-once"]["branches"] == [{"next": "a2"}, {"next": "c"}]


@pytest.mark.parametrize(
    ("after", "place"),
    [
        ({"gone": {"result": "Success"}}, "actions.a.runAfter.gone"),
        (["b"], "actions.a.runAfter"),
        ("b", "actions.a.runAfter"),
        ({"b": {"result": "Failed"}}, "actions.a.runAfter.b"),
        ({"b": None}, "actions.a.runAfter.b"),
    ],
)
def test_an_order_that_is_not_known_is_noted(after: JsonValue, place: str) -> None:
    imported = read_journey({"actions": {"a": email(1) | {"runAfter": after}, "b": email(2)}})
    assert {"a", "b"} <= steps_of(imported).keys()
    assert f"{COLUMN}: {place}" in notes_of(imported)


@pytest.mark.parametrize(
    "actions",
    [
        {"a": {"type": "Email", "runAfter": {"a": {"result": "Success"}}}},
        {
            "start": email(9),
            "a": {"type": "Email", "runAfter": {"c": "Success", "start": "Success"}},
            "b": {"type": "Email", "runAfter": {"a": "Success"}},
            "c": {"type": "Email", "runAfter": {"b": "Success"}},
        },
    ],
)
def test_actions_that_run_after_each_other_in_a_circle_are_an_error_of_the_row(actions: JsonObject) -> None:
    with pytest.raises(RowError, match="actions run after each other in a circle: 'a', then ") as raised:
        read_journey({"actions": actions})
    assert raised.value.column == COLUMN


def test_actions_of_the_same_key_in_two_branches_have_ids_of_their_own() -> None:
    branches: list[JsonValue] = [
        {"label": name, "condition": compare(2), "actions": chain(email(1), email(2))} for name in ("A", "B")
    ]
    steps = steps_of(read_journey({"actions": {"c": {"type": "ConditionV2", "parameters": {"branches": branches}}}}))
    assert list(steps) == ["c", "a1", "a2", "a1~2", "a2~2"]
    assert [steps[name].get("next") for name in ("a1", "a1~2")] == ["a2", "a2~2"]


@pytest.mark.parametrize("value", [None, 7, "x", [1], True])
def test_what_is_no_action_is_a_step_that_is_not_known(value: JsonValue) -> None:
    imported = read_journey({"actions": {"a": value, "b": email(1) | {"runAfter": {"a": "Success"}}}})
    assert steps_of(imported)["a"] == {"id": "a", "type": "unknown", "originalType": "", "next": "b"}
    assert "expected an action" in notes_of(imported)[f"{COLUMN}: actions.a"]


@pytest.mark.parametrize(("value", "place"), [(7, "actions"), ("x", "actions"), (True, "actions")])
def test_what_are_no_actions_is_noted(value: JsonValue, place: str) -> None:
    assert f"{COLUMN}: {place}" in notes_of(read_journey({"actions": value}))


def test_a_step_says_null_for_what_it_does_not_have_and_leaves_what_the_definition_cannot_say() -> None:
    flow = read_journey({"actions": {"a": email(1), "b": wait(1, 3) | {"runAfter": {"a": "Success"}}}}).spec["flow"]
    assert isinstance(flow, dict)
    assert isinstance(flow["steps"], list)
    message, pause = flow["steps"]
    assert isinstance(message, dict)
    assert isinstance(pause, dict)
    assert not {"expiresAt", "ccRecipients"} & message.keys()
    assert message["count"] is None
    assert pause["expiresAt"] is None
    assert pause["message"] is None


BINARY = {
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
}


@pytest.mark.parametrize(("operator", "words"), BINARY.items())
def test_fact_c_binary_operators_have_these_numbers(operator: int, words: str) -> None:
    assert condition_of(compare(operator)) == (f"contact.firstname {words} 'x'", {})


@pytest.mark.parametrize("operator", [0, 5, 13, 16, 22, None, "2.5"])
def test_other_operators_are_noted(operator: JsonValue) -> None:
    text, notes = condition_of(compare(operator))
    assert "[operator " in text
    assert list(notes) == [f"{COLUMN}: actions.c.parameters.branches[0].condition"]


@pytest.mark.parametrize("right", [None, ""])
def test_fact_c_operator_3_without_a_value_asks_for_nothing(right: JsonValue) -> None:
    """3 is not equal, and empty where there is nothing on the right."""
    assert condition_of(compare(3, right))[0] == "contact.firstname is empty"


@pytest.mark.parametrize(("operator", "words"), [(3, "is empty"), (4, "is not empty")])
def test_fact_c_unary_operators_have_these_numbers(operator: int, words: str) -> None:
    operand = compare(2)["leftOperand"]
    unary: JsonObject = {"type": "UnaryOperator", "operator": operator, "operand": operand}
    assert condition_of(unary) == (f"contact.firstname {words}", {})


def test_fact_c_operator_21_is_a_range_from_start_to_end() -> None:
    ranged = compare(21) | {
        "rightOperand": {"type": "Range", "valueType": 4, "start": "2026-09-28", "end": "2026-09-29"}
    }
    assert condition_of(ranged) == ("contact.firstname is between '2026-09-28' and '2026-09-29'", {})


@pytest.mark.parametrize(("kind", "join"), [(1, "and"), (2, "or")])
def test_fact_c_groups_join_all_or_any_of_their_conditions(kind: int, join: str) -> None:
    """Grouping, conditionType 1 all, 2 any."""
    grouped: JsonObject = {"type": "Grouping", "conditionType": kind, "expressions": [compare(2), compare(2, 7, "age")]}
    text = f"(contact.firstname equals 'x' {join} contact.age equals 7)"
    assert condition_of(grouped) == (text, {})
    assert len(condition_of(grouped | {"conditionType": 3})[1]) == 1


@pytest.mark.parametrize("source", ["CdsProfileDataSource", "DataverseDataSource", "EventDataSource"])
def test_fact_a_and_c_operands_are_bound_to_these_sources(source: str) -> None:
    """binding{source, inputs.sourceType.value, outputPath}; A names EventDataSource, too."""
    binding: JsonObject = {"source": source, "inputs": {"sourceType": {"value": "lead"}}, "outputPath": "subject"}
    compared = compare(2) | {"rightOperand": {"type": "Dynamic", "binding": binding}}
    assert condition_of(compared) == ("contact.firstname equals lead.subject", {})
    assert len(condition_of(compared | {"rightOperand": {"binding": binding | {"source": "NewDataSource"}}})[1]) == 1


@pytest.mark.parametrize("condition", [{"type": "New"}, "x", 7, [], {"type": "Grouping"}, {"operator": 2}, None, {}])
def test_a_condition_that_is_not_known_is_noted(condition: JsonValue) -> None:
    assert condition_of(condition)[1]


def test_fact_c_segment_id_names_a_segment_so_that_a_branch_by_segment_is_recognised_and_told() -> None:
    """How such a condition is written is not known: that it names a segment is read, the rest is noted."""
    branch: JsonObject = {"label": "VIP", "condition": {"type": "Membership", "segmentId": AUDIENCE}, "actions": {}}
    data: JsonObject = {"actions": {"c": {"type": "ConditionV2", "parameters": {"branches": [branch]}}}}
    imported = read_journey(data)
    assert spec_of(imported)["segments"] == [{"name": f"Segment:{AUDIENCE}", "role": "branch"}]
    branches = steps_of(imported)["c"]["branches"]
    assert isinstance(branches, list)
    assert isinstance(branches[0], dict)
    assert branches[0]["segment"] == f"Segment:{AUDIENCE}"
    assert len(notes_of(imported)) == 1


def test_a_hostile_definition_takes_no_longer_than_its_size() -> None:
    """What is wrong with one condition is told ten times at most, and 100 levels of branches are read."""
    wrong: JsonObject = {
        "type": "Grouping",
        "conditionType": 1,
        "expressions": [compare(str(n) + "?") for n in range(5_000)],
    }
    text, notes = condition_of(wrong)
    assert text.endswith("…")
    assert next(iter(notes.values())).count("operator") == 10
    assert next(iter(notes.values())).endswith("; and more")
    deep: JsonObject = email(1)
    for number in range(98):
        deep = {"type": "ConditionV2", "falseActions": {f"b{number}": deep}}
    assert len(steps_of(read_journey({"actions": {"top": deep}}))) == 99


def test_texts_of_a_definition_are_made_fit_to_be_written() -> None:
    action = email(1) | {"name": "a\x00\ud800\nb", "type": "Frob\u2028nicate"}
    steps = steps_of(read_journey({"actions": {"k\x07\ud800": action, "x" * 5_000: email(2)}}))
    assert list(steps) == ["several-at-once", "k\ufffd\ufffd", "x" * 200]
    step = steps["k\ufffd\ufffd"]
    assert step["title"] == "a\ufffd\ufffd b"
    assert step["originalType"] == "Frob\ufffdnicate"
