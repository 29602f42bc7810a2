"""An export itself is judged: which tables it has, in which states their rows are, and what they lack.

All rows here are synthetic; tables and columns are those of Customer Insights - Journeys.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from journeylint.check_request import CheckRequest
from journeylint.pipeline import prepare
from tests.contract.command_line import AS_OF, check, run_in, write
from tests.contract.test_check_export import (
    JOURNEY,
    SEGMENT,
    SPRING,
    STAFF,
    SUMMER,
    VIP,
    Fields,
    a_journey,
    a_segment,
    data_xml,
    package,
    page,
)
from tests.judging import builtin_host, make_policy, write_pack

DEFINITION = "msdynmkt_segmentdefinition"
NATIVE = {"source": "12"}
REST = {"manifests": 0, "supplements": 0, "failed": 0, "isRead": True, "lacksLastPage": False}


def a_definition(identifier: str, statuscode: str = "723270001") -> tuple[str, str, Fields]:
    return DEFINITION, identifier, {"msdynmkt_segmentquery": "PROFILE(contact)", "statuscode": statuscode}


def exports(folder: Path, *paths: str) -> list[dict[str, Any]]:
    """The manifests that a run over the exports at *paths* makes of these."""
    request = CheckRequest(paths, folder, as_of=AS_OF)
    documents = [one for source in prepare(request, builtin_host()).files for one in source.documents or ()]
    return [one.value for one in documents if one.is_derived and isinstance(one.value, dict)]


def spec_of(folder: Path, *records: tuple[str, str, Fields]) -> dict[str, Any]:
    (found,) = exports(write(folder, {"data.zip": package(*records)}), "data.zip")
    spec: dict[str, Any] = found["spec"]
    return spec


def halves(spec: Mapping[str, Any]) -> list[tuple[str, str, int, str]]:
    return [(one["table"], one["lacks"], one["rows"], one["first"]["id"]) for one in spec["halves"]]


# What is known of an export


def test_tables_are_told_with_what_became_of_their_rows(tmp_path: Path) -> None:
    broken = a_journey(identifier=SUMMER, msdynmkt_journeyjson="{")
    spec = spec_of(tmp_path, a_segment(), a_journey(VIP), broken, ("account", STAFF, {"name": "Bank"}))
    assert {name: spec[name] for name in ("format", "path", "entry", "isWhole")} == {
        "format": "configuration-migration",
        "path": "data.zip",
        "entry": "data.xml",
        "isWhole": True,
    }
    assert spec["tables"] == [
        {**REST, "name": "account", "rows": 1, "isRead": False},
        {**REST, "name": JOURNEY, "kind": "Journey", "rows": 2, "manifests": 1, "failed": 1},
        {**REST, "name": SEGMENT, "kind": "Segment", "rows": 1, "manifests": 1},
    ]


def test_rows_are_grouped_by_state_and_the_first_in_the_file_is_named(tmp_path: Path) -> None:
    rows = [a_segment(STAFF, "Staff"), a_segment(VIP), a_segment(SPRING, "", statuscode="2"), a_definition(SUMMER)]
    assert spec_of(tmp_path, *rows)["states"] == [
        {
            "table": SEGMENT,
            "state": "draft",
            "kind": "Segment",
            "rows": 1,
            "first": {"id": SPRING},
        },
        {"table": SEGMENT, "state": "live", "kind": "Segment", "rows": 2, "first": {"id": STAFF, "title": "Staff"}},
        {"table": DEFINITION, "state": "draft", "kind": "Segment", "rows": 1, "first": {"id": SUMMER}},
    ]


@pytest.mark.parametrize("fields", [{}, {"statuscode": "4711"}])
def test_a_state_that_is_not_known_is_not_there(tmp_path: Path, fields: Fields) -> None:
    (group,) = spec_of(tmp_path, (SEGMENT, VIP, {"msdynmkt_source": "10", **fields}))["states"]
    assert "state" not in group


def test_rows_of_a_table_without_states_are_in_no_group(tmp_path: Path) -> None:
    assert spec_of(tmp_path, ("account", VIP, {"statuscode": "1"}))["states"] == []


def test_manifests_that_rows_name_are_told_by_their_kind(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, a_segment(), a_journey(VIP, excluded=(STAFF,)), a_journey(VIP, identifier=SUMMER))
    assert spec["references"] == [
        {
            "table": JOURNEY,
            "to": "Segment",
            "kind": "Journey",
            "rows": 2,
            "first": {"id": SPRING, "title": "Spring sale"},
            "names": [STAFF, "vip-customers"],
        }
    ]


def test_a_row_in_two_exports_counts_in_both(tmp_path: Path) -> None:
    data = package(a_segment(), a_journey(VIP))
    one, two = exports(write(tmp_path, {"a.zip": data, "b.zip": data}), "a.zip", "b.zip")
    assert (one["metadata"]["name"], two["metadata"]["name"]) == ("a.zip", "b.zip")
    assert {**one["spec"], "path": "", "tables": []} == {**two["spec"], "path": "", "tables": []}
    assert [group["rows"] for group in one["spec"]["references"]] == [1]


def test_an_export_is_called_by_its_path(tmp_path: Path) -> None:
    data = package(a_segment())
    write(tmp_path, {"in/a.zip": data, "in-a.zip": data, ".hidden/b c.zip": data})
    found = exports(tmp_path, "in/a.zip", "in-a.zip", ".hidden/b c.zip")
    assert sorted(one["metadata"]["name"] for one in found) == ["hidden-b-c.zip", "in-a.zip", "in-a.zip-2"]


def test_an_export_without_rows_is_none(tmp_path: Path) -> None:
    assert exports(write(tmp_path, {"data.zip": package(), "no.zip": b"PK"}), "data.zip", "no.zip") == []


# Halves


def test_a_segment_has_its_definition_by_the_key_that_it_says(tmp_path: Path) -> None:
    segment = a_segment(VIP, msdynmkt_sourcesegmentuid=STAFF, **NATIVE)
    assert halves(spec_of(tmp_path, segment, a_definition(STAFF))) == []
    assert halves(spec_of(tmp_path, segment)) == [(SEGMENT, DEFINITION, 1, VIP)]
    assert halves(spec_of(tmp_path, a_definition(STAFF))) == [(DEFINITION, SEGMENT, 1, STAFF)]
    assert halves(spec_of(tmp_path, segment, a_definition(SPRING))) == [
        (SEGMENT, DEFINITION, 1, VIP),
        (DEFINITION, SEGMENT, 1, SPRING),
    ]


def test_a_segment_and_its_definition_may_have_one_key(tmp_path: Path) -> None:
    segment = a_segment(VIP, msdynmkt_sourcesegmentuid=VIP, **NATIVE)
    assert halves(spec_of(tmp_path, segment, a_definition(VIP))) == []


def test_where_segments_do_not_say_their_definitions_any_may_be_theirs(tmp_path: Path) -> None:
    segment = a_segment(VIP, **NATIVE)
    assert halves(spec_of(tmp_path, segment, a_definition(STAFF))) == []
    assert halves(spec_of(tmp_path, segment)) == [(SEGMENT, DEFINITION, 1, VIP)]


@pytest.mark.parametrize("source", ["10", "11"])
def test_segments_of_other_sources_have_no_definition(tmp_path: Path, source: str) -> None:
    assert halves(spec_of(tmp_path, a_segment(source=source))) == []


def test_halves_in_two_packages_are_halves(tmp_path: Path) -> None:
    segment = a_segment(VIP, msdynmkt_sourcesegmentuid=STAFF, **NATIVE)
    write(tmp_path, {"a.zip": package(segment), "b.zip": package(a_definition(STAFF))})
    assert [halves(one["spec"]) for one in exports(tmp_path, "a.zip", "b.zip")] == [
        [(SEGMENT, DEFINITION, 1, VIP)],
        [(DEFINITION, SEGMENT, 1, STAFF)],
    ]


# Pages


def a_page(identifier: str, *, leads_on: bool) -> str:
    _, _, fields = a_journey()
    held = json.loads(page({"msdynmkt_journeyid": identifier, **fields}))
    return json.dumps({**held, "@odata.nextLink": "https://x.example/next"} if leads_on else held)


def test_pages_without_a_last_one_are_told_once(tmp_path: Path) -> None:
    write(tmp_path, {"1.json": a_page(SPRING, leads_on=True), "2.json": a_page(SUMMER, leads_on=True)})
    outcome = check(tmp_path, "1.json", "2.json", "--select", "PKG005")
    assert [(one["policy"], one["location"]["path"]) for one in outcome.findings] == [("PKG005", "2.json")]
    assert outcome.findings[0]["location"]["line"] == 1
    write(tmp_path, {"3.json": a_page(VIP, leads_on=False)})
    assert check(tmp_path, "1.json", "2.json", "3.json", "--select", "PKG005").findings == []


def test_a_last_page_without_rows_leaves_it_to_the_one_before(tmp_path: Path) -> None:
    empty = {**json.loads(page()), "@odata.nextLink": "https://x.example/next"}
    write(tmp_path, {"1.json": a_page(SPRING, leads_on=True), "2.json": json.dumps(empty)})
    outcome = check(tmp_path, "1.json", "2.json", "--select", "PKG005")
    assert [one["location"]["path"] for one in outcome.findings] == ["1.json"]


def test_what_the_web_api_returned_is_no_package(tmp_path: Path) -> None:
    _, _, fields = a_journey(statuscode="2")
    write(tmp_path, {"1.json": page({"msdynmkt_journeyid": SPRING, **fields}), "data.xml": data_xml(a_segment())})
    assert check(tmp_path, "1.json", "--preset", "all", "--select", "packages").findings == []
    outcome = check(tmp_path, "data.xml", "--select", "packages")
    assert [one["policy"] for one in outcome.findings] == ["PKG002"]


# How it is judged


def test_a_finding_is_at_the_first_row_of_its_group(tmp_path: Path) -> None:
    rows = a_segment(VIP, statuscode="2"), a_segment(STAFF, "Staff"), a_segment(SPRING)
    outcome = check(write(tmp_path, {"in/data.zip": package(*rows)}), "in/data.zip", "--select", "PKG002")
    (finding,) = outcome.findings
    assert finding["message"].startswith("2 rows of msdynmkt_segment are live")
    assert finding["message"].endswith("The first is 'Staff'.")
    assert finding["manifest"] == {"kind": "Export", "name": "in-data.zip", "environment": "default"}
    lines = data_xml(*rows).splitlines()
    field = next(number for number, line in enumerate(lines, 1) if '"statuscode" value="1"' in line)
    assert (finding["location"]["line"], finding["location"]["pointer"]) == (field, "/spec/states/1/state")
    assert finding["location"]["row"] == {"entry": "data.xml", "table": "", "id": "", "title": ""}


def test_an_export_counts_as_no_manifest(tmp_path: Path) -> None:
    outcome = check(write(tmp_path, {"data.zip": package(a_segment(), ("account", VIP, {}))}), "data.zip")
    assert (outcome.summary["manifests"], outcome.summary["skippedDocuments"]) == (1, 1)
    _, text, _ = run_in(tmp_path, ("check", "data.zip", "--as-of", AS_OF))
    assert "Judged 1 segment in 1 file (1 document of other kinds skipped)" in text
    only = check(write(tmp_path, {"other.zip": package(("account", VIP, {}))}), "other.zip")
    assert (only.status, only.summary["manifests"]) == (3, 0)


def test_no_file_can_hold_one(tmp_path: Path) -> None:
    text = "apiVersion: journeylint/v1\nkind: Export\nmetadata: {name: data.zip}\nspec: {format: web-api}\n"
    outcome = check(write(tmp_path, {"export.yaml": text}), "export.yaml")
    assert outcome.codes == ["JL002"]
    assert "unknown kind 'Export'" in outcome.failures[0]["message"]


def test_its_policies_may_look_manifests_up_in_its_environment(tmp_path: Path) -> None:
    policy = make_policy(
        kind="Export",
        each_="$.spec.references[*].names[*]",
        as_="name",
        require="lookup('Segment', name) != null",
        message="There is no ${name}.",
    )
    write_pack(tmp_path / "policies", policy)
    write(
        tmp_path,
        {
            "data.zip": package(a_segment(), a_journey(VIP, excluded=(STAFF,))),
            "journeylint.yaml": "policy-roots: [policies]\nexport-environment: contoso-prod\n",
        },
    )
    outcome = check(tmp_path, "data.zip", "--select", "TST001")
    assert [one["message"] for one in outcome.findings] == [f"There is no {STAFF}."]
    assert outcome.tally("TST001") == (1, 1, 0)


def test_what_is_found_in_it_can_be_suppressed_and_switched_off(tmp_path: Path) -> None:
    write(tmp_path, {"in/data.zip": package(a_segment())})
    suppressed = "suppressions:\n- {policy: PKG002, files: ['in/*.zip'], reason: 'a backup'}\n"
    outcome = check(write(tmp_path, {"journeylint.yaml": suppressed}), "in/data.zip")
    assert (outcome.status, outcome.summary["suppressed"]) == (0, 1)
    override = "overrides:\n- {files: ['in/*.zip'], ignore: [PKG002]}\n"
    assert check(write(tmp_path, {"journeylint.yaml": override}), "in/data.zip").findings == []


def test_a_baseline_knows_it_by_table_and_state(tmp_path: Path) -> None:
    write(tmp_path, {"data.zip": package(a_segment()), "journeylint.yaml": "paths: [data.zip]\n"})
    assert run_in(tmp_path, ("baseline", "create", "--as-of", AS_OF))[0] == 0
    rows = a_segment(), a_segment(STAFF, "Staff", statuscode="2"), a_segment(SPRING, "More")
    write(tmp_path, {"data.zip": package(*reversed(rows))})
    outcome = check(tmp_path, "--strict-baseline")
    assert (outcome.status, outcome.summary["suppressed"]) == (0, 1)
    write(tmp_path, {"data.zip": package(a_segment(statuscode="2"))})
    assert check(tmp_path, "--strict-baseline").status == 1


def test_a_verdict_on_it_is_explained(tmp_path: Path) -> None:
    write(tmp_path, {"data.zip": package(a_segment())})
    status, out, err = run_in(tmp_path, ("explain", "PKG002", "data.zip", "--as-of", AS_OF))
    assert (status, err) == (0, "")
    assert 'group.state = "live"\n' in out
    assert "the schema's default" not in out


@pytest.mark.parametrize("jobs", ["2", "3", "50"])
def test_more_processes_come_to_the_same(tmp_path: Path, jobs: str) -> None:
    rows = [a_segment(f"0000000c-0000-4000-8000-{number:012}", f"Segment {number}") for number in range(40)]
    write(tmp_path, {"a.zip": package(*rows, a_journey(VIP)), "b.zip": package(*rows[:20], a_definition(STAFF))})
    one, more = (
        run_in(
            tmp_path, ("check", "a.zip", "b.zip", "--preset", "all", "-o", "json", "--as-of", AS_OF, "--jobs", count)
        )
        for count in ("1", jobs)
    )
    assert one == more
    assert "PKG001" in one[1]


def test_a_run_without_exports_has_nothing_of_its_policies(tmp_path: Path) -> None:
    text = "apiVersion: journeylint/v1\nkind: Segment\nmetadata: {name: vip}\nspec: {source: realtime}\n"
    outcome = check(write(tmp_path, {"vip.yaml": text}))
    assert outcome.report is not None
    assert [one for one in outcome.report["policies"] if one["policy"].startswith("PKG")] == []


# What the pack finds in rows


def test_a_package_as_microsoft_asks_for_it_has_no_finding(tmp_path: Path) -> None:
    segment = a_segment(VIP, statuscode="2", msdynmkt_sourcesegmentuid=STAFF, **NATIVE)
    rows = segment, a_definition(STAFF), a_journey(VIP)
    outcome = check(
        write(tmp_path, {"data.zip": package(*rows)}), "data.zip", "--preset", "all", "--select", "packages"
    )
    assert outcome.findings == []
    assert outcome.tally("PKG002") == (3, 0, 0)


def test_each_policy_finds_its_fault_in_rows(tmp_path: Path) -> None:
    definition = {"trigger": {"type": "Event", "parameters": {"eventName": "contoso_order"}}, "actions": {}}
    started = a_journey(identifier=SUMMER, statuscode="2", msdynmkt_journeyjson=json.dumps(definition))
    rows = [
        a_segment(VIP, statuscode="3", **NATIVE),
        a_journey(),
        started,
        ("msdynmkt_journey", STAFF, {"msdynmkt_name": "Bare", "msdynmkt_journeyjson": json.dumps(definition)}),
        ("msdynmkt_email", SPRING, {"msdynmkt_name": "Welcome", "statuscode": "2"}),
        ("msdynmkt_eventmetadata", SPRING, {"msdynmkt_name": "Order", "msdynmkt_uniquename": "contoso_order"}),
        ("msevtmgt_event", SPRING, {}),
    ]
    outcome = check(
        write(tmp_path, {"data.zip": package(*rows)}), "data.zip", "--preset", "all", "--select", "packages"
    )
    found = {one["policy"] for one in outcome.findings}
    assert found == {f"PKG{number:03}" for number in range(1, 12)} - {"PKG005"}
    assert outcome.failures == []
    (named,) = [one for one in outcome.findings if one["policy"] == "PKG003"]
    assert named["message"].startswith("Triggers do not travel as data: order. Journeys in this package name them")
