"""Rows of msdynmkt_journey: columns, options and times. Every row is synthetic; each test names the fact that it rests on."""

from __future__ import annotations

import json

import pytest

from journeylint.import_ports import RowError
from journeylint.model import JsonObject, JsonValue
from tests.dataverse_rows import BY_NAME, ROW, make_guid, make_row, notes_of, origin_of, read_journey, read_row, spec_of

TABLE = "msdynmkt_journey"


def nest_lists(levels: int) -> JsonValue:
    """As many lists in each other as there are *levels*, a text in the innermost."""
    nested: JsonValue = "x"
    for _ in range(levels):
        nested = [nested]
    return nested


def test_fact_the_web_api_calls_the_table_msdynmkt_journeys() -> None:
    """EntitySetName; the misspelt `msdynmkt_journeies` is the collection's schema name and no address."""
    assert BY_NAME[TABLE].collection == "msdynmkt_journeys"
    assert BY_NAME[TABLE].key == "msdynmkt_journeyid"


def test_fact_there_is_no_workflow_definition_column() -> None:
    """`msdynmkt_workflowdefinition` is a guess of others; the flow is in `msdynmkt_journeyjson`."""
    assert "msdynmkt_journeyjson" in BY_NAME[TABLE].columns
    assert not any("workflowdefinition" in column for column in BY_NAME[TABLE].columns)


@pytest.mark.parametrize(("value", "word"), [(0, "recurring"), (1, "ongoing"), (2, "one_time"), (3, "event")])
def test_fact_triggertype_has_these_values(value: int, word: str) -> None:
    """0 Recurring, 1 Ongoing, 2 OneTime, 3 Event; a package writes them as text."""
    for written in (value, str(value)):
        imported = read_journey({"trigger": {}}, {"msdynmkt_triggertype": written})
        assert spec_of(imported)["frequency"] == word
        assert imported.columns["/spec/frequency"] == "msdynmkt_triggertype"


@pytest.mark.parametrize(
    ("value", "word"),
    [
        *[(1, "draft"), (2, "live"), (3, "stopped"), (4, "publishing"), (5, "stopping")],
        *[(6, "deleted"), (7, "completing"), (8, "completed"), (9, "stopping")],
    ],
)
def test_fact_statuscode_of_a_journey_has_these_values(value: int, word: str) -> None:
    """1 Draft to 8 Completed, 5 Draining; 9 Stopping in the newer dump only."""
    assert spec_of(read_journey({}, {"statuscode": value, "statecode": 0}))["state"] == word


@pytest.mark.parametrize(
    ("value", "word"),
    [
        *[(0, "draft"), (1, "live"), (2, "stopped"), (3, "publishing"), (4, "deleted")],
        *[(5, "completing"), (6, "completed"), (8, "stopping")],
    ],
)
def test_fact_statecode_of_a_journey_has_these_values(value: int, word: str) -> None:
    """0 Draft to 6 Completed, and 8 Stopping in the newer dump; it counts where there is no statuscode."""
    imported = read_journey({}, {"statuscode": None, "statecode": value})
    assert spec_of(imported)["state"] == word
    assert imported.columns["/spec/state"] == "statecode"


def test_fact_no_value_for_paused_is_known_so_that_its_label_says_it() -> None:
    """The product can pause journeys since both dumps were made; the formatted value is what the system shows."""
    row = {"msdynmkt_triggertype": 2, "statuscode": 10}
    assert spec_of(read_row(TABLE, row, {"statuscode": "Paused"}))["state"] == "paused"


def test_a_state_that_is_not_known_is_unknown_and_not_the_draft_that_the_default_says() -> None:
    for columns in (
        {"statuscode": 12},
        {"statuscode": 12, "statecode": 99},
        {"statuscode": None},
        {"statuscode": True},
    ):
        imported = read_journey({}, columns)
        assert spec_of(imported)["state"] == "unknown"
        assert "state of the journey is not known" in notes_of(imported)["statuscode"]
    labelled = read_row(TABLE, {"msdynmkt_triggertype": 2, "statuscode": 12}, {"statuscode": "Hibernating"})
    assert notes_of(labelled)["statuscode"].startswith("the value 12 (Hibernating) is not known")


def test_a_status_that_is_not_known_leaves_the_state_to_the_other_column_and_a_note() -> None:
    imported = read_journey({}, {"statuscode": 12, "statecode": 1})
    assert spec_of(imported)["state"] == "live"
    assert notes_of(imported)["statuscode"] == "the value 12 is not known"


@pytest.mark.parametrize(("value", "word"), [(0, "apply"), (1, "ignore")])
def test_fact_frequencycaptype_has_these_values(value: int, word: str) -> None:
    """0 applies the cap and skips messages, 1 ignores it."""
    assert spec_of(read_journey({}, {"msdynmkt_frequencycaptype": value}))["frequencyCap"] == word


@pytest.mark.parametrize(("value", "word"), [(721_460_000, "marketing"), (721_460_001, "double_opt_in")])
def test_fact_purpose_has_these_values(value: int, word: str) -> None:
    """721460000 Marketing, 721460001 Double opt-in."""
    assert spec_of(read_journey({}, {"msdynmkt_purpose": value}))["purpose"] == word


def test_an_option_that_is_not_known_is_left_out_and_noted() -> None:
    imported = read_journey({}, {"msdynmkt_purpose": 721_460_002, "msdynmkt_frequencycaptype": [1]})
    assert not {"purpose", "frequencyCap"} & spec_of(imported).keys()
    assert notes_of(imported) == {
        "msdynmkt_purpose": "the value 721460002 is not known",
        "msdynmkt_frequencycaptype": "the value a list is not known",
    }


def test_fact_versions_are_sibling_rows_tied_by_baseversionjourneyid_and_versionnumber() -> None:
    """There is no table of versions."""
    columns: dict[str, JsonValue] = {
        "msdynmkt_versionnumber": "2",
        "msdynmkt_baseversionjourneyid": make_guid(7).upper(),
        "msdynmkt_issupersededbylaterversion": "False",
        "msdynmkt_versiondescription": "Shorter\r\nwait",
    }
    imported = read_journey({}, columns)
    version = {"number": 2, "base": f"Journey:{make_guid(7)}", "isSuperseded": False, "description": "Shorter\nwait"}
    assert spec_of(imported)["version"] == version
    assert imported.columns["/spec/version/base"] == "msdynmkt_baseversionjourneyid"
    first = read_journey({}, {"msdynmkt_versionnumber": 1, "msdynmkt_baseversionjourneyid": ROW})
    assert spec_of(first)["version"] == {"number": 1}


@pytest.mark.parametrize("number", [0, -1, "two", 1.5, 2**63])
def test_fact_a_versionnumber_is_one_or_more(number: JsonValue) -> None:
    """msdynmkt_versionnumber, int >= 1."""
    imported = read_journey({}, {"msdynmkt_versionnumber": number, "msdynmkt_baseversionjourneyid": make_guid(7)})
    assert "version" not in spec_of(imported)
    assert "expected a whole number from 1" in notes_of(imported)["msdynmkt_versionnumber"]


def test_fact_start_and_end_do_not_depend_on_a_time_zone_so_that_their_z_is_no_offset() -> None:
    """msdynmkt_journeystarttime and -endtime are TimeZoneIndependent: local in the journey's zone."""
    columns: dict[str, JsonValue] = {
        "msdynmkt_journeystarttime": "2026-03-03T09:00:00Z",
        "msdynmkt_journeyendtime": "2026-03-31T18:00:00.0000000Z",
    }
    spec = spec_of(read_journey({}, columns))
    assert spec["timeZone"] == "W. Europe Standard Time"
    assert (spec["startTime"], spec["endTime"]) == ("2026-03-03T09:00:00", "2026-03-31T18:00:00")


def test_a_start_in_the_definition_that_is_the_same_instant_is_no_disagreement() -> None:
    definition: JsonValue = {"trigger": {"type": "OneTime", "parameters": {"startTime": "2026-03-03T08:00:00.000Z"}}}
    imported = read_journey(definition, {"msdynmkt_journeystarttime": "2026-03-03T09:00:00Z"})
    assert spec_of(imported)["startTime"] == "2026-03-03T09:00:00"
    assert imported.columns["/spec/startTime"] == "msdynmkt_journeystarttime"
    assert not notes_of(imported)


def test_a_start_that_the_definition_has_otherwise_is_the_definitions_and_told() -> None:
    definition: JsonValue = {"trigger": {"type": "OneTime", "parameters": {"startTime": "2026-03-04T08:00:00Z"}}}
    imported = read_journey(definition, {"msdynmkt_journeystarttime": "2026-03-03T09:00:00Z"})
    assert spec_of(imported)["startTime"] == "2026-03-04T08:00:00Z"
    assert imported.columns["/spec/startTime"] == "msdynmkt_journeyjson"
    assert "2026-03-04T08:00:00Z, which counts" in notes_of(imported)["msdynmkt_journeystarttime"]


def test_the_same_clock_time_in_column_and_definition_is_no_disagreement_and_the_definition_says_in_which_zone() -> (
    None
):
    definition: JsonValue = {"trigger": {"type": "OneTime", "parameters": {"startTime": "2026-03-03T09:00:00.000Z"}}}
    imported = read_journey(definition, {"msdynmkt_journeystarttime": "2026-03-03T09:00:00Z"})
    assert spec_of(imported)["startTime"] == "2026-03-03T09:00:00Z"
    assert not notes_of(imported)


@pytest.mark.parametrize("value", ["3/3/2026 9:00 AM", "2026-02-30T09:00:00Z", 7, "2026-03-29T02:30:00Z", ["x"]])
def test_what_is_no_time_in_the_journeys_zone_is_left_out_and_noted(value: JsonValue) -> None:
    """On 2026-03-29 the clocks of W. Europe go from 02:00 to 03:00."""
    imported = read_journey({}, {"msdynmkt_journeystarttime": value})
    assert "startTime" not in spec_of(imported)
    assert notes_of(imported).keys() == {"msdynmkt_journeystarttime"}


def test_a_local_time_without_a_known_zone_is_not_taken_for_one_in_utc() -> None:
    for zone in ("", "Central Europe Time"):
        imported = read_journey({"timeZoneWindowsName": zone}, {"msdynmkt_journeystarttime": "2026-03-03T09:00:00Z"})
        assert not {"startTime", "timeZone"} & spec_of(imported).keys()
        assert "a time zone that is not known" in notes_of(imported)["msdynmkt_journeystarttime"]


def test_the_business_unit_is_what_the_system_shows_for_it_and_its_key_where_no_container_said_it() -> None:
    columns: dict[str, JsonValue] = {"msdynmkt_triggertype": 2, "statuscode": 1, "owningbusinessunit": make_guid(3)}
    assert (
        spec_of(read_row(TABLE, columns, {"owningbusinessunit": "Contoso Europe"}))["businessUnit"] == "Contoso Europe"
    )
    assert spec_of(read_row(TABLE, columns))["businessUnit"] == make_guid(3)


def test_a_title_is_one_line_of_a_thousand_characters_at_most() -> None:
    assert read_journey({}, {"msdynmkt_name": " Spring\r\n sale "}).title == "Spring sale"
    assert read_journey({}, {"msdynmkt_name": "a\x00b\ud800c\x1b[31m"}).title == "a\ufffdb\ufffdc\ufffd[31m"
    assert read_journey({}, {"msdynmkt_name": "x" * 1_000}).title == "x" * 1_000
    assert read_journey({}, {"msdynmkt_name": "x" * 1_000_000}).title == "x" * 999 + "…"
    assert read_journey({}, {"msdynmkt_name": ""}).title == ""
    assert read_journey({"name": "From the definition"}).title == "From the definition"


def test_fact_the_trigger_type_of_the_definition_counts_over_the_column_which_is_told() -> None:
    """One source says to set the column to 0 where the definition has OneTime: trust trigger.type, tell the mismatch."""
    imported = read_journey({"trigger": {"type": "OneTime"}}, {"msdynmkt_triggertype": 0})
    assert spec_of(imported)["frequency"] == "one_time"
    assert origin_of(imported) == {"triggerType": "recurring"}
    assert origin_of(read_journey({"trigger": {"type": "OneTime"}}, {"msdynmkt_triggertype": 2})) == {}
    assert origin_of(read_journey({"trigger": {"type": "OneTime"}})) == {}


def test_fact_a_trigger_type_that_did_not_validate_is_not_known() -> None:
    """A hand-written definition with trigger.type `Segment` and `targetEntities` failed msdynmkt_ValidateJourneyJson."""
    data: JsonValue = {"trigger": {"type": "Segment"}, "targetEntities": ["contact"]}
    imported = read_journey(data, {"msdynmkt_triggertype": 1})
    assert spec_of(imported)["frequency"] == "ongoing"
    assert "targetEntity" not in spec_of(imported)
    assert notes_of(imported) == {"msdynmkt_journeyjson: trigger.type": "the type 'Segment' is not known"}
    assert origin_of(imported) == {"unreadMembers": ["targetEntities"]}


@pytest.mark.parametrize("owner", ["trigger", "exitCriteria"])
def test_what_nobody_knows_of_who_comes_in_or_leaves_is_noted(owner: str) -> None:
    data: dict[str, JsonValue] = {"trigger": {"type": "OneTime"}, "exitCriteria": {}}
    known = data[owner]
    assert isinstance(known, dict)
    imported = read_journey({**data, owner: {**known, "audienceSegments": [make_guid(1)], "none": None, "empty": []}})
    assert notes_of(imported).keys() == {f"msdynmkt_journeyjson: {owner}.audienceSegments"}


@pytest.mark.parametrize("columns", [{}, {"msdynmkt_triggertype": 4}, {"msdynmkt_triggertype": "often"}])
def test_a_journey_of_which_nobody_says_how_often_it_runs_is_an_error_of_its_row(columns: dict[str, JsonValue]) -> None:
    with pytest.raises(RowError, match="how often the journey runs is not known") as raised:
        BY_NAME[TABLE].read(make_row(TABLE, columns | {"msdynmkt_journeyjson": '{"trigger": {"type": "Soon"}}'}))
    assert raised.value.column == "msdynmkt_triggertype"
    assert "the type 'Soon' is not known" in str(raised.value)


def test_a_row_without_a_definition_is_a_journey_of_whose_steps_nothing_is_known() -> None:
    for columns in ({}, {"msdynmkt_journeyjson": None}, {"msdynmkt_journeyjson": " "}):
        imported = read_row(TABLE, {"msdynmkt_triggertype": 2, "statuscode": 1, **columns})
        assert spec_of(imported) == {"frequency": "one_time", "state": "draft", "exit": {}, "goal": {}}
        assert "nothing is known of its steps" in notes_of(imported)["msdynmkt_journeyjson"]


def test_members_that_the_row_does_not_say_are_taken_away_and_those_that_it_cannot_say_are_left() -> None:
    spec = read_row(TABLE, {"msdynmkt_triggertype": 2}).spec
    taken = {name for name, value in spec.items() if value is None}
    assert taken == {
        *{"targetEntity", "timeZone", "startTime", "endTime", "purpose", "businessUnit"},
        *{"version", "frequencyCap", "segments", "flow"},
    }
    assert spec["exit"] == {"triggers": None}
    assert spec["goal"] == {"name": None, "triggers": None}
    assert not {"publishTime", "entry", "pausedAt", "origin"} & spec.keys()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "is no JSON: expecting property name enclosed in double quotes at character 2"),
        ('{\n"a": }', "is no JSON: expecting value at line 2, column 6"),
        ("[]", "holds a list: expected the definition of a journey, a mapping"),
        ("7", "holds 7: expected the definition"),
        ('{"a": NaN}', "is no JSON: NaN is no number of JSON"),
        ('{"a": 1, "b": 2, "a": 3}', "is no JSON: the key 'a' comes twice in a mapping"),
        ('{"b": 1, "a": 2, "a": 3}', "is no JSON: the key 'a' comes twice in a mapping"),
        ('{"a": 1, "b": 2, "b": 3, "c": 4}', "is no JSON: the key 'b' comes twice in a mapping"),
        (json.dumps({"a": nest_lists(200)}), "is nested too deeply: more than 200 levels of lists and mappings"),
        ("[" * 100_000, "is nested too deeply"),
        ('{"a": ' + "9" * 5_000 + "}", "is no JSON: "),
        (json.dumps({"actions": {f"a{number}": {} for number in range(1_001)}}), "has more than 1,000 actions"),
    ],
)
def test_a_definition_that_cannot_be_read_is_an_error_of_its_row(text: str, reason: str) -> None:
    with pytest.raises(RowError) as raised:
        BY_NAME[TABLE].read(make_row(TABLE, {"msdynmkt_triggertype": 2, "msdynmkt_journeyjson": text}))
    assert reason in str(raised.value)
    assert raised.value.column == "msdynmkt_journeyjson"


def test_fact_the_column_holds_1048576_characters_at_most_and_so_much_is_read() -> None:
    """msdynmkt_journeyjson is a memo of 1,048,576 characters; 200 levels and 1,000 actions are read, too."""
    text = json.dumps({"actions": {"first": {"type": "Email"}}, "uiMetadata": nest_lists(199)})
    padded = text[:-1] + " " * (1_048_576 - len(text)) + "}"
    assert spec_of(read_row(TABLE, {"msdynmkt_triggertype": 2, "msdynmkt_journeyjson": padded}))["flow"]
    actions: JsonObject = {
        f"a{number}": {"type": "Email", "runAfter": {f"a{number - 1}": "Success"} if number else {}}
        for number in range(1_000)
    }
    flow = spec_of(read_journey({"actions": actions}))["flow"]
    assert isinstance(flow, dict)
    assert isinstance(flow["steps"], list)
    assert len(flow["steps"]) == 1_000
