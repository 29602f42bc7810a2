"""A column that the source does not have says nothing: what a manifest has from elsewhere stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from journeylint.host import build_host
from tests.dataverse_rows import BY_NAME, make_guid
from tests.exports import import_into, package, schema_xml

SEGMENT, JOURNEY, TRIGGER = "msdynmkt_segment", "msdynmkt_journey", "msdynmkt_eventmetadata"
KEY = make_guid(1)
FULL: dict[str, dict[str, Any]] = {
    SEGMENT: {
        "msdynmkt_displayname": "Members",
        "msdynmkt_source": 12,
        "msdynmkt_membercount": 27_500,
        "statuscode": 1,
    },
    JOURNEY: {
        "msdynmkt_name": "Welcome",
        "msdynmkt_journeyjson": json.dumps(
            {
                "timeZoneWindowsName": "W. Europe Standard Time",
                "trigger": {"type": "OneTime", "audience": make_guid(2)},
                "actions": {"a": {"type": "ABTest"}, "b": {"type": "Delay", "parameters": {"count": 2, "unit": 3}}},
                "oddMember": 1,
            }
        ),
        "msdynmkt_triggertype": 0,
        "msdynmkt_journeystarttime": "2025-03-10T09:00:00Z",
        "msdynmkt_versionnumber": 1,
        "msdynmkt_versiondescription": "first",
        "statuscode": 2,
        "statecode": 1,
    },
    TRIGGER: {"msdynmkt_name": "Ordered", "msdynmkt_uniquename": "ordered", "msdynmkt_sourceentity": "order"},
}


def page(table: str, *rows: dict[str, Any]) -> str:
    collection, key = BY_NAME[table].collection, BY_NAME[table].key
    value = [{key: row.pop("id", KEY), **row} for row in map(dict, rows)]
    return json.dumps({"@odata.context": f"https://x/api/data/v9.2/$metadata#{collection}", "value": value}, indent=1)


def load(folder: Path, name: str) -> dict[str, Any]:
    loaded = yaml.safe_load((folder / "out" / name).read_text("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def run(folder: Path, content: str | bytes, name: str = "page.json", **asked: Any) -> tuple[int, str]:
    source = folder / name
    source.write_bytes(content.encode() if isinstance(content, str) else content)
    return import_into(folder / "out", source, host=build_host([]), **asked)


def texts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "out").rglob("*.yaml"))}


def without(table: str, *columns: str) -> dict[str, Any]:
    return {name: value for name, value in FULL[table].items() if name not in columns}


@pytest.mark.parametrize(("table", "column"), [(table, column) for table, row in FULL.items() for column in row])
def test_a_page_that_lacks_a_column_takes_nothing_away(tmp_path: Path, table: str, column: str) -> None:
    run(tmp_path, page(table, {**dict.fromkeys(BY_NAME[table].columns), **FULL[table]}))
    before = texts(tmp_path)
    both = (column, "msdynmkt_triggertype") if column == "msdynmkt_journeyjson" else (column,)
    run(tmp_path, page(table, without(table, *both)))
    if column == "msdynmkt_journeyjson":  # in which zone the column is, is not said
        assert [line for line in before["welcome.yaml"].splitlines() if b"startTime" not in line] == [
            line
            for line in texts(tmp_path)["welcome.yaml"].splitlines()
            if b"journeystarttime" not in line and b"time zone" not in line and b"startTime" not in line
        ]
    else:
        assert texts(tmp_path) == before


def test_a_column_that_is_null_takes_away_what_it_said(tmp_path: Path) -> None:
    run(tmp_path, page(SEGMENT, FULL[SEGMENT]))
    assert load(tmp_path, "segments/members.yaml")["spec"]["memberCount"] == 27_500
    run(tmp_path, page(SEGMENT, {**FULL[SEGMENT], "msdynmkt_membercount": None}))
    assert "memberCount" not in load(tmp_path, "segments/members.yaml")["spec"]


def test_a_label_alone_says_nothing(tmp_path: Path) -> None:
    unit, value = "owningbusinessunit", "_owningbusinessunit_value"
    label = {f"{value}@OData.Community.Display.V1.FormattedValue": "Contoso"}
    run(tmp_path, page(SEGMENT, {**FULL[SEGMENT], value: make_guid(7), **label}))
    before = texts(tmp_path)
    other = {f"{value}@OData.Community.Display.V1.FormattedValue": "Fabrikam"}
    run(tmp_path, page(SEGMENT, {**FULL[SEGMENT], **other}))
    assert texts(tmp_path) == before, unit


def test_a_field_of_the_schema_that_a_record_lacks_is_null_and_one_that_the_schema_lacks_is_not_said(
    tmp_path: Path,
) -> None:
    types = {"msdynmkt_displayname": "string", "msdynmkt_source": "number", "msdynmkt_membercount": "number"}
    fields = {"msdynmkt_displayname": "Members", "msdynmkt_source": 12}

    def make(known: dict[str, str] | None, values: dict[str, Any]) -> bytes:
        record = "".join(f'<field name="{name}" value="{value}" />' for name, value in values.items())
        data = f'<entities><entity name="{SEGMENT}"><records><record id="{KEY}">{record}</record></records></entity></entities>'
        return package(data, None if known is None else schema_xml({SEGMENT: known}))

    def count(content: bytes) -> Any:
        run(tmp_path, make(types, {**fields, "msdynmkt_membercount": 5}), "data.zip")
        assert load(tmp_path, "segments/members.yaml")["spec"]["memberCount"] == 5
        run(tmp_path, content, "data.zip")
        return load(tmp_path, "segments/members.yaml")["spec"].get("memberCount")

    smaller = {name: kind for name, kind in types.items() if name != "msdynmkt_membercount"}
    assert count(make(types, fields)) is None
    assert count(make(smaller, fields)) == 5
    assert count(make(None, fields)) == 5


def test_a_new_manifest_needs_what_no_default_fits(tmp_path: Path) -> None:
    code, told = run(tmp_path, page(SEGMENT, without(SEGMENT, "msdynmkt_source")))
    assert code == 3
    assert "the source does not have msdynmkt_source" in " ".join(told.split())
    code, told = run(tmp_path, page(JOURNEY, without(JOURNEY, "msdynmkt_journeyjson", "msdynmkt_triggertype")))
    assert code == 3
    assert "the source does not have msdynmkt_triggertype and msdynmkt_journeyjson" in " ".join(told.split())
    assert texts(tmp_path) == {}


def test_the_state_of_a_new_manifest_that_nothing_says_is_unknown(tmp_path: Path) -> None:
    code, _ = run(tmp_path, page(JOURNEY, without(JOURNEY, "statuscode", "statecode")))
    spec = load(tmp_path, "journeys/welcome.yaml")["spec"]
    assert (code, spec["state"]) == (0, "unknown")
    assert "statuscode" in [note["place"] for note in spec["origin"]["notAnalysed"]]


def test_steps_that_nothing_says_are_told_of_a_new_manifest(tmp_path: Path) -> None:
    run(tmp_path, page(JOURNEY, without(JOURNEY, "msdynmkt_journeyjson")))
    spec = load(tmp_path, "journeys/welcome.yaml")["spec"]
    assert "flow" not in spec
    assert "msdynmkt_journeyjson" in [note["place"] for note in spec["origin"]["notAnalysed"]]
    run(tmp_path, page(JOURNEY, FULL[JOURNEY]))
    assert len(load(tmp_path, "journeys/welcome.yaml")["spec"]["flow"]["steps"]) == 3


def test_uses_of_segments_are_added_to_those_of_a_definition_that_is_not_there(tmp_path: Path) -> None:
    use = {"msdynmkt_journeyid": KEY, "msdynmkt_targetsegmentid": make_guid(3), "msdynmkt_usage": 3}
    run(tmp_path, page(JOURNEY, FULL[JOURNEY]))
    audience = load(tmp_path, "journeys/welcome.yaml")["spec"]["segments"]
    (tmp_path / "uses").mkdir()
    lookups = {f"_{name}_value" if name != "msdynmkt_usage" else name: value for name, value in use.items()}
    (tmp_path / "uses/uses.json").write_text(page("msdynmkt_segmentusage", lookups), "utf-8")
    (tmp_path / "uses/journeys.json").write_text(page(JOURNEY, without(JOURNEY, "msdynmkt_journeyjson")), "utf-8")
    import_into(tmp_path / "out", tmp_path / "uses", host=build_host([]))
    segments = load(tmp_path, "journeys/welcome.yaml")["spec"]["segments"]
    assert segments[: len(audience)] == audience


def test_columns_that_the_source_lacks_are_told_once_a_table(tmp_path: Path) -> None:
    rows = [{**FULL[SEGMENT], "id": make_guid(number)} for number in range(3)]
    del rows[1]["msdynmkt_membercount"]
    _, told = run(tmp_path, page(SEGMENT, *rows))
    lines = [" ".join(part.split()) for part in told.split("\n\n")]
    notes = [line for line in lines if line.startswith("Columns that the source does not have")]
    assert len(notes) == 1
    assert "msdynmkt_membercount in 1 of 3 rows" in notes[0]
    assert "msdynmkt_type," in notes[0]
    _, told = run(tmp_path, page(SEGMENT, {**dict.fromkeys(BY_NAME[SEGMENT].columns), **FULL[SEGMENT]}))
    assert "Columns that the source does not have" not in told


def test_programs_are_told_of_columns_that_the_source_lacks(tmp_path: Path) -> None:
    _, told = run(tmp_path, page(SEGMENT, FULL[SEGMENT]), format="json")
    missing = json.loads(told)["missingColumns"]
    assert {"table": SEGMENT, "column": "msdynmkt_type", "rows": 1} in missing
    assert SEGMENT in {one["table"] for one in missing}
