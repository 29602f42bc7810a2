"""Rows of segments, their definitions and their uses. Every row is synthetic; each test names the fact that it rests on."""

from __future__ import annotations

import json

import pytest

from journeylint.import_ports import OtherHalf, RowError, Table
from journeylint.model import JsonObject, JsonValue
from tests.dataverse_rows import BY_NAME, ROW, make_guid, make_row, notes_of, read_row, spec_of

SEGMENT, DEFINITION, USAGE = "msdynmkt_segment", "msdynmkt_segmentdefinition", "msdynmkt_segmentusage"
OUTBOUND = "msdyncrm_segment"


@pytest.mark.parametrize(("value", "word"), [(10, "outbound"), (11, "data"), (12, "realtime")])
def test_fact_source_of_a_segment_has_these_values(value: int, word: str) -> None:
    """10 Marketing (outbound, inferred), 11 Customer Insights (Data), 12 Real-time journeys."""
    assert spec_of(read_row(SEGMENT, {"msdynmkt_source": value}))["source"] == word


@pytest.mark.parametrize("value", [None, 13, "", [10]])
def test_a_segment_of_which_nobody_says_where_it_lives_is_an_error_of_its_row(value: JsonValue) -> None:
    with pytest.raises(RowError, match="where the segment lives is not known") as raised:
        BY_NAME[SEGMENT].read(make_row(SEGMENT, {"msdynmkt_source": value}))
    assert raised.value.column == "msdynmkt_source"


@pytest.mark.parametrize(("value", "word"), [(10, "static"), (11, "dynamic")])
def test_fact_type_of_a_segment_has_these_values(value: int, word: str) -> None:
    """10 Static, 11 Dynamic."""
    assert spec_of(read_row(SEGMENT, {"msdynmkt_source": 12, "msdynmkt_type": value}))["type"] == word


def test_fact_type_12_expansion_is_known_by_name_only() -> None:
    imported = read_row(SEGMENT, {"msdynmkt_source": 12, "msdynmkt_type": 12}, {"msdynmkt_type": "Expansion"})
    assert "type" not in spec_of(imported)
    assert notes_of(imported) == {"msdynmkt_type": "the value 12 (Expansion) is not known"}


@pytest.mark.parametrize(
    ("value", "word"),
    [
        *[(1, "live"), (2, "draft"), (3, "error"), (4, "deleted"), (5, "exporting")],
        *[(6, "computing"), (11, "error")],
    ],
)
def test_fact_statuscode_of_a_segment_has_these_values(value: int, word: str) -> None:
    """1 Active, 2 Inactive, 3 Error, 4 Deleted, 5 Exporting, 6 Computing; 11 Faulted (tried)."""
    assert spec_of(read_row(SEGMENT, {"msdynmkt_source": 12, "statuscode": value}))["state"] == word


def test_fact_a_segment_that_is_computed_with_warnings_is_inactive_and_not_known_to_be_live() -> None:
    """statuscode 7 belongs to statecode 1, Inactive, by the reference."""
    imported = read_row(SEGMENT, {"msdynmkt_source": 12, "statuscode": 7}, {"statuscode": "ComputedWithWarnings"})
    assert "state" not in spec_of(imported)
    assert notes_of(imported) == {"statuscode": "the value 7 (ComputedWithWarnings) is not known"}


def test_fact_no_value_for_expired_is_known_so_that_its_label_says_it() -> None:
    columns: JsonObject = {"msdynmkt_source": 12, "statuscode": 8}
    assert spec_of(read_row(SEGMENT, columns, {"statuscode": "Expired"}))["state"] == "expired"
    unknown = read_row(SEGMENT, columns)
    assert "state" not in spec_of(unknown)
    assert notes_of(unknown) == {"statuscode": "the value 8 is not known"}


@pytest.mark.parametrize(("value", "word"), [(270_100_000, "organization"), (270_100_001, "business_unit")])
def test_fact_scope_of_a_segment_has_these_values(value: int, word: str) -> None:
    """270100000 Organization, 270100001 Business unit."""
    assert spec_of(read_row(SEGMENT, {"msdynmkt_source": 12, "msdynmkt_scope": value}))["scope"] == word


def test_fact_a_segment_has_these_columns() -> None:
    """msdynmkt_baseentitylogicalname, -membercount, -lastexportedat and -lastusedinjourney, which are in UTC."""
    columns: JsonObject = {
        "msdynmkt_displayname": "VIP",
        "msdynmkt_source": 12,
        "msdynmkt_baseentitylogicalname": "contact",
        "msdynmkt_membercount": "1200",
        "msdynmkt_lastexportedat": "2026-03-01T02:00:00Z",
        "msdynmkt_lastusedinjourney": "2026-03-02T02:00:00",
        "owningbusinessunit": make_guid(1),
    }
    imported = read_row(SEGMENT, columns, {"owningbusinessunit": "Contoso"})
    assert imported.title == "VIP"
    assert spec_of(imported) == {
        "source": "realtime",
        "baseEntity": "contact",
        "memberCount": 1200,
        "lastExportedAt": "2026-03-01T02:00:00Z",
        "lastUsedInJourneyAt": "2026-03-02T02:00:00Z",
        "businessUnit": "Contoso",
    }


@pytest.mark.parametrize("count", [-1, 2**63, "many", 1.5])
def test_a_number_of_members_that_cannot_be_one_is_noted(count: JsonValue) -> None:
    imported = read_row(
        SEGMENT, {"msdynmkt_source": 12, "msdynmkt_membercount": count, "msdynmkt_lastexportedat": "soon"}
    )
    assert spec_of(imported) == {"source": "realtime"}
    assert notes_of(imported).keys() == {"msdynmkt_membercount", "msdynmkt_lastexportedat"}


def test_fact_sourcesegmentuid_leads_to_the_definition_of_a_native_segment() -> None:
    """For those of other areas it is not known what it leads to."""
    uid: JsonObject = {"msdynmkt_sourcesegmentuid": make_guid(5).upper()}
    assert read_row(SEGMENT, {"msdynmkt_source": 12, **uid}).aliases == (make_guid(5),)
    assert read_row(SEGMENT, {"msdynmkt_source": 10, **uid}).aliases == ()
    assert read_row(SEGMENT, {"msdynmkt_source": 11, "msdynmkt_sourcesegmentuid": "vip"}).aliases == ()
    assert read_row(SEGMENT, {"msdynmkt_source": 12, "msdynmkt_sourcesegmentuid": ROW}).aliases == ()


@pytest.mark.parametrize(
    ("value", "word"),
    [(0, "live"), (1, "draft"), (2, "going_live"), (3, "deleted"), (4, "live_with_warnings")],
)
def test_fact_statuscode_of_a_definition_has_these_values(value: int, word: str) -> None:
    """723270000 Live, …001 Draft, …002 GoingLive, …003 Deleted, …004 LiveWithWarnings."""
    assert spec_of(read_row(DEFINITION, {"statuscode": 723_270_000 + value})) == {"definitionState": word}


def test_fact_a_definition_has_the_query_the_refresh_and_the_static_groups() -> None:
    """msdynmkt_segmentquery (MQL), -segmentrefreshintervalminutes, -disablesegmentrefresh, -staticlistmembers (JSON text)."""
    groups: list[JsonValue] = [
        {"groupId": "g1", "includeType": "Include", "name": "Speakers", "inputType": "x"},
        {"groupId": "g2", "includeType": "Exclude"},
    ]
    columns: JsonObject = {
        "msdynmkt_segmentquery": "PROFILE(contact).FILTER(ISNOTNULL(address1_county))",
        "msdynmkt_segmentrefreshintervalminutes": 60,
        "msdynmkt_disablesegmentrefresh": "False",
        "msdynmkt_staticlistmembers": json.dumps(groups),
    }
    imported = read_row(DEFINITION, columns)
    assert imported.is_supplement
    assert imported.id == ROW
    assert spec_of(imported) == {
        "query": "PROFILE(contact).FILTER(ISNOTNULL(address1_county))",
        "refreshMinutes": 60,
        "isRefreshDisabled": False,
        "staticGroups": [{"name": "Speakers", "includeType": "include"}, {"name": "g2", "includeType": "exclude"}],
    }
    assert not notes_of(imported)
    assert not notes_of(read_row(DEFINITION, {"msdynmkt_staticlistmembers": "[]"}))


@pytest.mark.parametrize("text", ["[", "{}", "[7]", '[{"name": "a", "includeType": "Both"}]', 7])
def test_static_groups_that_cannot_be_read_are_noted(text: JsonValue) -> None:
    assert len(notes_of(read_row(DEFINITION, {"msdynmkt_staticlistmembers": text}))) == 1


@pytest.mark.parametrize(
    ("value", "role"), [(1, "audience"), (2, "suppression"), (3, "exclusion"), (4, "branch"), (5, "content")]
)
def test_fact_usage_has_these_values(value: int, role: str) -> None:
    """1 Audience, 2 SuppressionSegment, 3 ExclusionSegment, 4 Branch, 5 Content; tells roles without the JSON."""
    columns: JsonObject = {
        "msdynmkt_journeyid": make_guid(1),
        "msdynmkt_targetsegmentid": make_guid(2),
        "msdynmkt_usage": value,
    }
    imported = read_row(USAGE, columns)
    assert (imported.kind, imported.id, imported.is_supplement) == ("Journey", make_guid(1), True)
    assert spec_of(imported) == {"segments": [{"name": f"Segment:{make_guid(2)}", "role": role}]}


@pytest.mark.parametrize("value", [0, 6, None])
def test_a_usage_that_is_no_role_is_noted(value: JsonValue) -> None:
    """0 is NotApplicable, by the reference."""
    columns: JsonObject = {
        "msdynmkt_journeyid": make_guid(1),
        "msdynmkt_segmentid": make_guid(2),
        "msdynmkt_usage": value,
    }
    imported = read_row(USAGE, columns)
    assert spec_of(imported) == {}
    assert len(notes_of(imported)) == 1


def test_notes_about_several_uses_of_a_journey_stand_at_places_of_their_own() -> None:
    columns: JsonObject = {"msdynmkt_journeyid": make_guid(1), "msdynmkt_segmentid": make_guid(2), "msdynmkt_usage": 9}
    assert list(notes_of(read_row(USAGE, columns))) == [f"msdynmkt_segmentusage {ROW}: msdynmkt_usage"]


def test_a_use_of_a_segment_by_a_segment_is_no_matter_of_a_journey() -> None:
    """msdynmkt_dependententityid leads to a journey or to a segment."""
    columns: JsonObject = {"msdynmkt_dependententityid": make_guid(1), "msdynmkt_targetsegmentid": make_guid(2)}
    assert BY_NAME[USAGE].read(make_row(USAGE, columns)) is None


@pytest.mark.parametrize(
    ("columns", "column"),
    [
        ({"msdynmkt_targetsegmentid": make_guid(2), "msdynmkt_usage": 1}, "msdynmkt_journeyid"),
        ({"msdynmkt_journeyid": "x", "msdynmkt_targetsegmentid": make_guid(2)}, "msdynmkt_journeyid"),
        ({"msdynmkt_journeyid": make_guid(2), "msdynmkt_usage": 1}, "msdynmkt_targetsegmentid"),
    ],
)
def test_a_use_of_which_nobody_says_who_uses_what_is_an_error_of_its_row(columns: JsonObject, column: str) -> None:
    with pytest.raises(RowError, match="is not known") as raised:
        BY_NAME[USAGE].read(make_row(USAGE, columns))
    assert raised.value.column == column


@pytest.mark.parametrize(
    ("value", "word"),
    [(192_350_000, "draft"), (1, None), (192_350_001, "live"), (192_350_004, "expired"), (192_350_005, "error")],
)
def test_fact_statuscode_of_an_outbound_segment_has_these_values(value: int, word: str | None) -> None:
    """192350000 Draft, …1 Live, …4 Expired, …5 Error; for Stopped, Live editable, Going live and Stopping we have no word."""
    imported = read_row(OUTBOUND, {"statuscode": value})
    assert spec_of(imported).get("state") == word
    assert bool(notes_of(imported)) == (word is None)


@pytest.mark.parametrize(("value", "word"), [(192_350_000, "dynamic"), (192_350_001, "static"), (192_350_002, None)])
def test_fact_segmenttype_of_an_outbound_segment_has_these_values(value: int, word: str | None) -> None:
    """192350000 Dynamic, …1 Static; …2 Compound has no word of ours."""
    assert spec_of(read_row(OUTBOUND, {"msdyncrm_segmenttype": value})).get("type") == word


def test_fact_of_an_outbound_segment_the_query_survives() -> None:
    """Outbound marketing was removed in May 2026: the rows are there, and membership is gone."""
    columns: JsonObject = {
        "msdyncrm_segmentname": "Old VIP",
        "msdyncrm_segmentquery": "PROFILE(contact)",
        "msdyncrm_segmentsize": 800_000,
    }
    imported = read_row(OUTBOUND, columns)
    assert imported.title == "Old VIP"
    assert spec_of(imported) == {"source": "outbound", "memberCount": 800_000, "query": "PROFILE(contact)"}


def test_fact_outbound_journeys_are_dead_rows_and_no_table_of_ours() -> None:
    """msdyncrm_customerjourney cannot run since May 2026."""
    assert "msdyncrm_customerjourney" not in BY_NAME


# What an export has to hold beside a row


@pytest.mark.parametrize(
    ("columns", "half"),
    [
        ({"msdynmkt_source": 12, "msdynmkt_sourcesegmentuid": make_guid(9)}, OtherHalf(DEFINITION, make_guid(9))),
        ({"msdynmkt_source": 12, "msdynmkt_sourcesegmentuid": None}, OtherHalf(DEFINITION)),
        ({"msdynmkt_source": 12}, OtherHalf(DEFINITION)),
        ({"msdynmkt_source": 11, "msdynmkt_sourcesegmentuid": make_guid(9)}, None),
        ({"msdynmkt_source": 10}, None),
    ],
)
def test_a_segment_of_real_time_journeys_has_its_definition_for_its_other_half(
    columns: dict[str, JsonValue], half: OtherHalf | None
) -> None:
    assert read_row(SEGMENT, columns).other_half == half


def test_a_definition_has_its_segment_for_its_other_half() -> None:
    imported = read_row(DEFINITION, {"msdynmkt_segmentquery": "PROFILE(contact)"})
    assert imported.other_half == OtherHalf(SEGMENT, imported.id)


@pytest.mark.parametrize("table", [one for one in BY_NAME.values() if one.state])
def test_the_state_of_a_row_is_a_member_that_its_table_can_say(table: Table) -> None:
    codes = {
        "statuscode": 1,
        "msdynmkt_eventmetadatastatus": 534_120_000,
        "msdynmkt_source": 12,
        "msdynmkt_triggertype": 1,
    }
    if table.name.startswith("msdynmkt_segmentdef"):
        codes["statuscode"] = 723_270_000
    if table.name == "msdyncrm_segment":
        codes["statuscode"] = 192_350_000
    assert isinstance(spec_of(read_row(table.name, dict(codes)))[table.state], str)
