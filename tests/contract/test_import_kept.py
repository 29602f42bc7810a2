"""What a person wrote where an import only knows that it does not know stays, as long as the row says the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from tests.contract.test_import_unsaid import JOURNEY, KEY, SEGMENT, TRIGGER, load, page, run, texts
from tests.dataverse_rows import make_guid

DELAY = {"type": "Delay", "parameters": {"count": 2, "unit": 3}}
NEXT = {"ab": "Success"}


def journey(actions: dict[str, Any], **columns: Any) -> str:
    definition = {
        "timeZoneWindowsName": "W. Europe Standard Time",
        "trigger": {"type": "OneTime", "audience": make_guid(2)},
        "actions": actions,
    }
    row = {
        "msdynmkt_name": "Welcome",
        "msdynmkt_journeyjson": json.dumps(definition),
        "msdynmkt_triggertype": 2,
        "statuscode": 2,
        "statecode": 1,
    }
    return page(JOURNEY, row | columns)


def rewrite(folder: Path, name: str, change: Any) -> None:
    file = folder / "out" / name
    data = yaml.safe_load(file.read_text("utf-8"))
    change(data["spec"])
    file.write_text(f"# by hand\n{yaml.safe_dump(data, sort_keys=False)}", "utf-8")


def classify(spec: dict[str, Any]) -> None:
    step = next(step for step in spec["flow"]["steps"] if step["type"] == "unknown")
    del step["originalType"]
    step |= {"type": "custom_action", "title": "Compare two subjects"}


UNKNOWN_FIRST = {"ab": {"type": "ABTest"}, "wait": {**DELAY, "runAfter": NEXT}}


def test_a_step_that_a_person_explained_stays(tmp_path: Path) -> None:
    run(tmp_path, journey(UNKNOWN_FIRST))
    rewrite(tmp_path, "journeys/welcome.yaml", classify)
    before = texts(tmp_path)
    _, told = run(tmp_path, journey(UNKNOWN_FIRST))
    assert texts(tmp_path) == before
    assert "0 changed, 1 as they were" in told


def test_a_step_that_a_person_explained_leads_where_the_row_says(tmp_path: Path) -> None:
    run(tmp_path, journey(UNKNOWN_FIRST))
    rewrite(tmp_path, "journeys/welcome.yaml", classify)
    other = {"ab": {"type": "ABTest"}, "pause": {**DELAY, "runAfter": NEXT}}
    run(tmp_path, journey(other))
    first, second = load(tmp_path, "journeys/welcome.yaml")["spec"]["flow"]["steps"]
    assert first == {"id": "ab", "type": "custom_action", "next": "pause", "title": "Compare two subjects"}
    assert second["id"] == "pause"


def test_a_step_that_a_person_explained_leads_nowhere_if_the_row_says_so(tmp_path: Path) -> None:
    run(tmp_path, journey(UNKNOWN_FIRST))
    rewrite(tmp_path, "journeys/welcome.yaml", classify)
    run(tmp_path, journey({"ab": {"type": "ABTest"}}))
    assert "next" not in load(tmp_path, "journeys/welcome.yaml")["spec"]["flow"]["steps"][0]


def test_the_branches_of_a_step_that_a_person_explained_lead_where_the_row_says(tmp_path: Path) -> None:
    def held(target: str) -> dict[str, Any]:
        return {"ab": {"type": "ABTest", "actions": {target: DELAY}}}

    run(tmp_path, journey(held("one")))

    def explain(spec: dict[str, Any]) -> None:
        step = spec["flow"]["steps"][0]
        del step["originalType"]
        step["type"] = "branch"
        step["branches"][0]["condition"] = "half of them"

    rewrite(tmp_path, "journeys/welcome.yaml", explain)
    run(tmp_path, journey(held("two")))
    step = load(tmp_path, "journeys/welcome.yaml")["spec"]["flow"]["steps"][0]
    assert step["type"] == "branch"
    assert step["branches"][0]["next"] == "two"
    assert step["branches"][0]["condition"] == "half of them"


def test_what_the_row_says_now_counts(tmp_path: Path) -> None:
    run(tmp_path, journey(UNKNOWN_FIRST))
    rewrite(tmp_path, "journeys/welcome.yaml", classify)
    _, told = run(tmp_path, journey({"ab": DELAY, "wait": {**DELAY, "runAfter": NEXT}}))
    assert load(tmp_path, "journeys/welcome.yaml")["spec"]["flow"]["steps"][0]["type"] == "wait"
    assert "1 changed" in told


def test_something_else_that_is_not_known_counts(tmp_path: Path) -> None:
    run(tmp_path, journey(UNKNOWN_FIRST))
    rewrite(tmp_path, "journeys/welcome.yaml", classify)
    _, told = run(tmp_path, journey({"ab": {"type": "Series"}, "wait": {**DELAY, "runAfter": NEXT}}))
    step = load(tmp_path, "journeys/welcome.yaml")["spec"]["flow"]["steps"][0]
    assert (step["type"], step["originalType"]) == ("unknown", "Series")
    assert "1 changed" in told


def test_a_state_that_a_person_wrote_over_an_unknown_one_stays(tmp_path: Path) -> None:
    run(tmp_path, journey(UNKNOWN_FIRST, statuscode=99, statecode=99))
    rewrite(tmp_path, "journeys/welcome.yaml", lambda spec: spec.update(state="live"))
    before = texts(tmp_path)
    run(tmp_path, journey(UNKNOWN_FIRST, statuscode=99, statecode=99))
    assert texts(tmp_path) == before
    run(tmp_path, journey(UNKNOWN_FIRST, statuscode=98, statecode=99))
    assert load(tmp_path, "journeys/welcome.yaml")["spec"]["state"] == "unknown"


def test_a_value_that_a_person_wrote_where_the_row_has_one_that_nobody_can_read_stays(tmp_path: Path) -> None:
    row = {"msdynmkt_displayname": "Members", "msdynmkt_source": 12, "msdynmkt_membercount": "many", "statuscode": 1}
    run(tmp_path, page(SEGMENT, row))
    rewrite(tmp_path, "segments/members.yaml", lambda spec: spec.update(memberCount=7))
    before = texts(tmp_path)
    run(tmp_path, page(SEGMENT, row))
    assert texts(tmp_path) == before
    run(tmp_path, page(SEGMENT, row | {"msdynmkt_membercount": "few"}))
    assert "memberCount" not in load(tmp_path, "segments/members.yaml")["spec"]


def test_the_type_of_a_trigger_that_a_person_wrote_stays(tmp_path: Path) -> None:
    row = {"msdynmkt_name": "Odd", "msdynmkt_uniquename": "odd", "msdynmkt_sourceentity": None}
    run(tmp_path, page(TRIGGER, row))
    rewrite(tmp_path, "triggers/odd.yaml", lambda spec: spec.update(type="custom"))
    before = texts(tmp_path)
    run(tmp_path, page(TRIGGER, row))
    assert texts(tmp_path) == before
    run(tmp_path, page(TRIGGER, row | {"msdynmkt_sourceentity": "order"}))
    assert load(tmp_path, "triggers/odd.yaml")["spec"]["type"] == "dataverse"


def test_a_title_that_the_row_does_not_say_stays(tmp_path: Path) -> None:
    run(tmp_path, journey({"wait": DELAY}))
    rewrite(
        tmp_path,
        "journeys/welcome.yaml",
        lambda spec: spec["flow"]["steps"][0].update(title="Give them time"),
    )
    before = texts(tmp_path)
    run(tmp_path, journey({"wait": DELAY}))
    assert texts(tmp_path) == before
    run(tmp_path, journey({"wait": DELAY | {"name": "Two days"}}))
    assert load(tmp_path, "journeys/welcome.yaml")["spec"]["flow"]["steps"][0]["title"] == "Two days"


def test_a_condition_that_the_row_does_not_say_stays(tmp_path: Path) -> None:
    branching = {"type": "ConditionV2", "parameters": {"branches": [{"label": "a", "actions": {"wait": DELAY}}]}}
    run(tmp_path, journey({"choice": branching}))

    def explain(spec: dict[str, Any]) -> None:
        spec["flow"]["steps"][0]["branches"][0]["condition"] = "they bought something"

    rewrite(tmp_path, "journeys/welcome.yaml", explain)
    before = texts(tmp_path)
    run(tmp_path, journey({"choice": branching}))
    assert texts(tmp_path) == before
    assert KEY in before["welcome.yaml"].decode()
