"""`journeylint import`: what is written, what is kept, what is told. All exports are synthetic, and so are their tables."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from journeylint.annotations import Field
from journeylint.errors import UsageError
from journeylint.formats.yaml import YamlLoader
from journeylint.host import build_host
from journeylint.importing import patching
from journeylint.importing.patching import key_items
from journeylint.importing.targets import Target, TargetFolder
from tests.contract.command_line import run_in
from tests.exports import JOURNEYS, SEGMENTS, USES, data_xml, identifier, import_into, package, page
from tests.kinds import read_schema

SCHEMA_LINE = "# yaml-language-server: $schema=https://journeylint.dev/schemas/journey.schema.json\n"


def journey(number: int, name: str = "Welcome", **definition: Any) -> dict[str, Any]:
    """A synthetic row of a journey."""
    return {"id": identifier(number), "name": name, "json": json.dumps(definition)}


def segment(number: int, name: str = "VIP", members: int = 12, **columns: Any) -> dict[str, Any]:
    """A synthetic row of a segment."""
    return {"id": identifier(number), "name": name, "members": members, **columns}


def step(name: str, **members: Any) -> dict[str, Any]:
    """A synthetic step of a journey's flow."""
    return {"id": name, "type": "wait", "count": 1, "unit": "days", **members}


def write_page(folder: Path, table: str, rows: list[dict[str, Any]], name: str = "") -> Path:
    """A page with these rows."""
    file = folder / (name or f"{table}.json")
    file.write_text(page(table, rows))
    return file


def contents(folder: Path) -> dict[str, bytes]:
    """All files below *folder*."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def data_of(file: Path) -> Any:
    """The data of the one manifest in *file*."""
    (document,) = YamlLoader().load(file.read_text())
    assert document.problems == ()
    return document.value


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory of the test."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_row_becomes_a_manifest_in_a_file_of_its_own(here: Path) -> None:
    write_page(here, JOURNEYS, [journey(1, state="draft", segments=[[identifier(2), "audience"]])])
    write_page(here, SEGMENTS, [segment(2)])
    code, told = import_into("out", f"{JOURNEYS}.json", f"{SEGMENTS}.json")
    assert code == 0
    assert sorted(contents(here / "out")) == ["journeys/welcome.yaml", "segments/vip.yaml"]
    assert (here / "out/journeys/welcome.yaml").read_text() == (
        SCHEMA_LINE + "apiVersion: journeylint/v1\nkind: Journey\nmetadata:\n  name: welcome\n  title: Welcome\n"
        "spec:\n  frequency: ongoing\n  segments:\n    - name: vip\n      role: audience\n  state: draft\n  origin:\n"
        f"    system: synthetic\n    table: synthetic_journey\n    id: {identifier(1)}\n"
    )
    assert "out/journeys/welcome.yaml: created" in told
    assert "Imported 2 manifests of 2 rows in 2 files into out: 2 created, 0 changed, 0 as they were." in told


def test_a_second_import_leaves_every_file_as_it_is(here: Path) -> None:
    flow = {"steps": [step("a", next="b"), step("b")]}
    write_page(here, JOURNEYS, [journey(1, flow=flow), journey(2, "Zwei\nZeilen", unknown=[["a", "b"], ["c", "d"]])])
    import_into("out", f"{JOURNEYS}.json")
    before = contents(here / "out")
    stamps = {path: path.stat().st_mtime_ns for path in (here / "out").rglob("*.yaml")}
    code, told = import_into("out", f"{JOURNEYS}.json")
    assert (code, contents(here / "out")) == (0, before)
    assert {path: path.stat().st_mtime_ns for path in (here / "out").rglob("*.yaml")} == stamps
    assert "0 created, 0 changed, 2 as they were" in told


def test_the_same_rows_give_the_same_files_whatever_they_come_in(here: Path) -> None:
    rows = [segment(1, "A"), segment(2, "A"), segment(3, "B")]
    (here / "data.zip").write_bytes(package(data_xml({SEGMENTS: rows})))
    (here / "one").mkdir()
    for number, row in enumerate(reversed(rows)):
        write_page(here / "one", SEGMENTS, [row], f"page-{number}.json")
    assert import_into("a", "data.zip")[0] == import_into("b", "one")[0] == 0
    assert contents(here / "a") == contents(here / "b")
    assert len(contents(here / "a")) == 3


HAND_WRITTEN = """\
# Ours since the merger.
apiVersion: journeylint/v1
kind: Journey
spec:
  segments:
    - role: audience
      name: vip
      justification: nobody else has it  # CRM-7
    # journeylint: ignore OBS001 until 2031-01-01 - CRM-8
    - name: staff
      role: exclusion
  frequency: ongoing  # as ever
  state: draft
  origin: {system: synthetic, table: synthetic_journey, id: 00000001-0000-4000-8000-000000000001}
metadata:
  title: "Welcome"
  labels: {team: crm}
  name: a-name-of-our-own
  annotations:
    ticket: CRM-9
  suppressions:
    - policy: OBS002
      reason: CRM-10
"""


def test_what_people_wrote_stays_where_the_row_has_changed(here: Path) -> None:
    file = here / "out" / "by-hand.yaml"
    file.parent.mkdir()
    file.write_text(HAND_WRITTEN)
    write_page(here, SEGMENTS, [segment(2), segment(3, "Staff"), segment(4, "New")])
    segments = [[identifier(4), "audience"], [identifier(3), "exclusion"], [identifier(2), "audience"]]
    rows = [journey(1, "Welcome back", state="live", segments=segments)]
    write_page(here, JOURNEYS, rows)
    code, told = import_into("out", f"{JOURNEYS}.json", f"{SEGMENTS}.json")
    assert code == 0
    assert "out/by-hand.yaml: changed" in told
    assert file.read_text() == HAND_WRITTEN.replace('"Welcome"', '"Welcome back"').replace("draft", "live").replace(
        "      role: exclusion\n", "      role: exclusion\n    - name: new\n      role: audience\n"
    )
    assert import_into("out", f"{JOURNEYS}.json", f"{SEGMENTS}.json")[1].count("changed,") == 1
    write_page(here, JOURNEYS, [journey(1, "Welcome", state="draft", segments=segments[1:])])
    import_into("out", f"{JOURNEYS}.json", f"{SEGMENTS}.json")
    assert file.read_text() == HAND_WRITTEN, "what came with the row goes with it, and nothing else"


def test_a_step_that_went_takes_its_own_members_and_no_others(here: Path) -> None:
    write_page(here, JOURNEYS, [journey(1, flow={"steps": [step("a"), step("b"), step("c")]})])
    import_into("out", f"{JOURNEYS}.json")
    file = here / "out/journeys/welcome.yaml"
    text = file.read_text().replace("- id: c\n", "- id: c\n        title: by hand\n").replace("kind:", "# hi\nkind:")
    file.write_text(text)
    write_page(here, JOURNEYS, [journey(1, flow={"steps": [step("c", count=2), step("d"), step("a")]})])
    assert import_into("out", f"{JOURNEYS}.json")[0] == 0
    steps = data_of(file)["spec"]["flow"]["steps"]
    assert [(one["id"], one["count"], one.get("title")) for one in steps] == [
        ("a", 1, None),
        ("c", 2, "by hand"),
        ("d", 1, None),
    ]
    assert "# hi\nkind:" in file.read_text()


def test_a_member_that_the_row_does_not_mention_stays_and_one_that_it_takes_away_goes(here: Path) -> None:
    write_page(here, JOURNEYS, [journey(1, state="draft", targetEntity="contact")])
    import_into("out", f"{JOURNEYS}.json")
    file = here / "out/journeys/welcome.yaml"
    file.write_text(file.read_text().replace("  state:", "  timeZone: UTC\n  state:"))
    write_page(here, JOURNEYS, [journey(1, state=None)])
    import_into("out", f"{JOURNEYS}.json")
    spec = data_of(file)["spec"]
    assert (spec.get("state"), spec["targetEntity"], spec["timeZone"]) == (None, "contact", "UTC")


def test_a_file_that_is_as_we_write_it_stays_so(here: Path) -> None:
    write_page(here, JOURNEYS, [journey(1, flow={"steps": [step("a")]})])
    import_into("out", f"{JOURNEYS}.json")
    write_page(here, JOURNEYS, [journey(1, flow={"steps": [step("a"), step("b")]})])
    import_into("out", f"{JOURNEYS}.json")
    import_into("other", f"{JOURNEYS}.json")
    assert contents(here / "out") == contents(here / "other")


def test_a_manifest_keeps_its_name_and_file_when_its_title_changes(here: Path) -> None:
    write_page(here, SEGMENTS, [segment(1, "VIP")])
    import_into("out", f"{SEGMENTS}.json")
    write_page(here, SEGMENTS, [segment(1, "Very important"), segment(2, "VIP")])
    write_page(here, JOURNEYS, [journey(3, segments=[[identifier(1), "audience"]])])
    import_into("out", f"{SEGMENTS}.json", f"{JOURNEYS}.json")
    assert sorted(contents(here / "out")) == [
        "journeys/welcome.yaml",
        "segments/vip-00000002.yaml",
        "segments/vip.yaml",
    ]
    assert data_of(here / "out/segments/vip.yaml")["metadata"] == {"name": "vip", "title": "Very important"}
    assert data_of(here / "out/journeys/welcome.yaml")["spec"]["segments"] == [{"name": "vip", "role": "audience"}]


def test_a_reference_to_a_row_that_is_not_in_the_import_is_its_manifest_in_the_folder_or_its_key(here: Path) -> None:
    write_page(here, SEGMENTS, [segment(1, "VIP")])
    import_into("out", f"{SEGMENTS}.json")
    write_page(here, JOURNEYS, [journey(3, segments=[[identifier(1), "audience"], [identifier(9), "exclusion"]])])
    import_into("out", f"{JOURNEYS}.json")
    names = [one["name"] for one in data_of(here / "out/journeys/welcome.yaml")["spec"]["segments"]]
    assert names == ["vip", identifier(9)]


def test_a_row_that_another_import_writes_meanwhile_gets_no_second_manifest(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_page(here, JOURNEYS, [journey(1)])
    list_targets = TargetFolder._list_targets

    def be_late(self: TargetFolder, folder: str, working_directory: Path) -> list[Target]:
        found = list(list_targets(self, folder, working_directory))
        monkeypatch.undo()
        monkeypatch.chdir(here)
        assert import_into("out", f"{JOURNEYS}.json")[0] == 0
        return found

    (here / "out").mkdir()
    monkeypatch.setattr(TargetFolder, "_list_targets", be_late)
    code, told = import_into("out", f"{JOURNEYS}.json")
    assert code == 3
    assert "is there already" in told
    assert sorted(contents(here / "out")) == ["journeys/welcome.yaml"]
    assert import_into("out", f"{JOURNEYS}.json")[0] == 0


def test_a_key_that_several_rows_have_leads_to_none_of_them(here: Path) -> None:
    """A name that is not there is told; one that is a guess would be judged as if it were known."""
    write_page(here, SEGMENTS, [segment(2, "Staff", alias="both"), segment(3, "Guests", alias="both")])
    write_page(here, JOURNEYS, [journey(1, segments=[["both", "exclusion"], [identifier(2), "audience"]])])
    for _ in range(2):  # the second one finds manifests of both in the folder
        import_into("out", ".")
        assert data_of(here / "out/journeys/welcome.yaml")["spec"]["segments"] == [
            {"name": "both", "role": "exclusion"},
            {"name": "staff", "role": "audience"},
        ]


def test_a_reference_by_another_key_is_found_in_the_folder_too(here: Path) -> None:
    """Journeys call triggers by their event names: the export of journeys alone must not lose them."""
    write_page(here, SEGMENTS, [segment(2, "Staff", alias="other-key")])
    write_page(here, JOURNEYS, [journey(1, segments=[["other-key", "exclusion"]])])
    import_into("out", ".")
    before = contents(here / "out")
    assert data_of(here / "out/segments/staff.yaml")["spec"]["origin"]["aliases"] == ["other-key"]
    (here / f"{SEGMENTS}.json").unlink()
    import_into("out", f"{JOURNEYS}.json")
    assert contents(here / "out") == before


def test_a_name_that_somebody_else_has_is_left_to_them(here: Path) -> None:
    file = here / "out/segments/vip.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("apiVersion: journeylint/v1\nkind: Segment\nmetadata: {name: vip}\nspec: {source: data}\n")
    (here / "out/segments/gold.yaml").write_text("x: 1\n")
    before = contents(here / "out")
    write_page(here, SEGMENTS, [segment(1), segment(2, "Gold")])
    import_into("out", f"{SEGMENTS}.json")
    after = contents(here / "out")
    assert {name: after[name] for name in before} == before
    assert sorted(after.keys() - before) == ["segments/gold-00000002.yaml", "segments/vip-00000001.yaml"]


def test_uses_in_rows_of_their_own_are_added_to_the_journey(here: Path) -> None:
    write_page(here, JOURNEYS, [journey(1, segments=[[identifier(2), "audience"]])])
    write_page(here, SEGMENTS, [segment(2, alias="other-key"), segment(3, "Staff")])
    uses = [
        {"id": "u1", "journey": identifier(1), "segment": identifier(3)},
        {"id": "u2", "journey": identifier(1), "segment": "other-key", "role": "audience"},
        {"id": "u3", "journey": identifier(8), "segment": identifier(3)},
    ]
    write_page(here, USES, uses)
    code, told = import_into("out", ".")
    assert code == 0
    assert data_of(here / "out/journeys/welcome.yaml")["spec"]["segments"] == [
        {"name": "vip", "role": "audience"},
        {"name": "staff", "role": "exclusion"},
    ]
    assert "Rows about others that are not in the import: 1 row\n  synthetic_use u3" in told


def test_the_list_of_a_journey_is_gone_through_once_for_all_rows_that_add_to_it(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With 10,000 uses of one journey, once for each row took minutes."""
    calls: list[int] = []

    def count(items: list[Any], field: Field) -> dict[Any, Any]:
        calls.append(len(items))
        return key_items(items, field)

    monkeypatch.setattr(patching, "key_items", count)
    write_page(here, JOURNEYS, [journey(1)])
    write_page(
        here, USES, [{"id": identifier(n), "journey": identifier(1), "segment": identifier(n)} for n in range(50)]
    )
    import_into("out", JOURNEYS + ".json", USES + ".json")
    assert sum(calls) < 200
    assert len(data_of(here / "out/journeys/welcome.yaml")["spec"]["segments"]) == 50


def test_several_documents_in_one_file_are_edited_each_on_its_own(here: Path) -> None:
    rows = [segment(1, "One", 5), segment(2, "Two", 6)]
    write_page(here, SEGMENTS, rows)
    import_into("made", f"{SEGMENTS}.json")
    one, two = ((here / f"made/segments/{name}.yaml").read_text() for name in ("one", "two"))
    (here / "out").mkdir()
    file = here / "out/all.yaml"
    file.write_text(f"{one}---\n{two}---\na: note\n")
    write_page(here, SEGMENTS, [rows[0], segment(2, "Two", 7)])
    assert import_into("out", f"{SEGMENTS}.json")[0] == 0
    assert file.read_text() == f"{one}---\n{two}---\na: note\n".replace("memberCount: 6", "memberCount: 7")
    assert list(contents(here / "out")) == ["all.yaml"]


def test_a_manifest_in_json_stays_json(here: Path) -> None:
    write_page(here, SEGMENTS, [segment(1, members=5)])
    import_into("made", f"{SEGMENTS}.json")
    (here / "out").mkdir()
    file = here / "out/vip.json"
    file.write_text(json.dumps(data_of(here / "made/segments/vip.yaml"), indent=1))
    write_page(here, SEGMENTS, [segment(1, members=6)])
    assert import_into("out", f"{SEGMENTS}.json")[0] == 0
    assert json.loads(file.read_text())["spec"]["memberCount"] == 6
    assert list(contents(here / "out")) == ["vip.json"]


def test_a_file_that_cannot_be_edited_is_left_alone_and_told(here: Path) -> None:
    write_page(here, SEGMENTS, [segment(1, members=5), segment(2, "Other")])
    import_into("out", f"{SEGMENTS}.json")
    file = here / "out/segments/vip.yaml"
    file.write_text(file.read_text().replace("spec:", "spec: &spec"))
    before = file.read_bytes()
    write_page(here, SEGMENTS, [segment(1, members=6), segment(2, "Else")])
    code, told = import_into("out", f"{SEGMENTS}.json")
    assert (code, file.read_bytes()) == (3, before)
    assert "cannot be edited here" in told
    assert "edit it by hand, and import again" in " ".join(told.split())
    assert data_of(here / "out/segments/other.yaml")["metadata"]["title"] == "Else"


def test_a_broken_manifest_is_not_imported_a_second_time(here: Path) -> None:
    write_page(here, SEGMENTS, [segment(1)])
    import_into("out", f"{SEGMENTS}.json")
    file = here / "out/segments/vip.yaml"
    file.write_text(file.read_text() + "\t{broken")
    before = contents(here / "out")
    code, told = import_into("out", f"{SEGMENTS}.json")
    assert (code, contents(here / "out")) == (3, before)
    assert "mend that first" in " ".join(told.split())


def test_two_manifests_of_one_row_are_told_and_neither_is_touched(here: Path) -> None:
    write_page(here, SEGMENTS, [segment(1)])
    import_into("out", f"{SEGMENTS}.json")
    text = (here / "out/segments/vip.yaml").read_text()
    (here / "out/segments/copy.yaml").write_text(text.replace("name: vip", "name: copy"))
    write_page(here, SEGMENTS, [segment(1, "Changed")])
    code, told = import_into("out", f"{SEGMENTS}.json")
    assert code == 3
    assert "two manifests name this row as their origin" in " ".join(told.split())
    assert (here / "out/segments/vip.yaml").read_text() == text


def test_a_row_that_fails_is_told_with_its_place_and_the_others_are_imported(here: Path) -> None:
    rows = [
        journey(1, "Good"),
        {**journey(2, "Bad"), "json": "{"},
        {**journey(3), "name": 7},
        journey(4, frequency="daily"),
    ]
    (here / "data.zip").write_bytes(package(data_xml({JOURNEYS: rows[:2], SEGMENTS: [segment(5, members=-1)]})))
    write_page(here, JOURNEYS, rows[2:])
    code, told = import_into("out", "data.zip", f"{JOURNEYS}.json")
    flat = " ".join(told.split())
    assert code == 3
    assert list(contents(here / "out")) == ["journeys/good.yaml"]
    assert "data.zip!/data.xml:5:84: error: not imported synthetic_journey 'Bad' (00000002-" in flat
    assert f"{JOURNEYS}.json:6:12: error: not imported synthetic_journey (00000003-" in flat
    assert "it would be no valid manifest at /spec/frequency" in flat
    assert "it would be no valid manifest at /spec/memberCount" in flat
    assert "4 failures: see above." in told


def test_a_journey_of_one_megabyte_is_imported(here: Path) -> None:
    steps = [step(f"step-{number}", title="x" * 1_100) for number in range(1_000)]
    rows = [journey(1, flow={"steps": steps})]
    (here / "data.zip").write_bytes(package(data_xml({JOURNEYS: rows})))
    assert len(rows[0]["json"]) > 1 << 20
    code, told = import_into("out", "data.zip")
    assert code == 0, told
    assert len(data_of(here / "out/journeys/welcome.yaml")["spec"]["flow"]["steps"]) == 1_000


def test_half_of_a_surrogate_pair_is_a_failure_of_its_row(here: Path) -> None:
    rows = [
        {**journey(1), "json": json.dumps({"flow": {"steps": [step("a", title="\ud83d")]}})},
        {**journey(2), "name": "\ud83d"},
        journey(3, "Fine"),
    ]
    write_page(here, JOURNEYS, rows)
    code, told = import_into("out", f"{JOURNEYS}.json")
    assert (code, list(contents(here / "out"))) == (3, ["journeys/fine.yaml"])
    assert told.count("surrogate pair") == 2, told


@pytest.mark.parametrize("same", [True, False])
def test_a_row_that_is_there_twice_counts_only_if_both_say_the_same(here: Path, same: bool) -> None:
    write_page(here, SEGMENTS, [segment(1), segment(2, "Other")])
    write_page(here, SEGMENTS, [segment(1, members=12 if same else 13)], "again.json")
    code, told = import_into("out", f"{SEGMENTS}.json", "again.json")
    assert code == (0 if same else 3)
    assert ("segments/vip.yaml" in contents(here / "out")) is same
    assert ("this row is also at" in " ".join(told.split())) is not same


def test_rows_that_are_gone_are_told_and_deleted_only_when_asked_for(here: Path) -> None:
    write_page(here, SEGMENTS, [segment(1), segment(2, "Old")])
    write_page(here, JOURNEYS, [journey(3)])
    import_into("out", ".")
    (here / f"{JOURNEYS}.json").unlink()
    write_page(here, SEGMENTS, [segment(1)])
    code, told = import_into("out", f"{SEGMENTS}.json")
    assert (code, len(contents(here / "out"))) == (0, 3)
    assert "out/segments/old.yaml: its row is gone" in told
    assert "journeys" not in told, "nothing is known of a table that the import does not have"
    assert import_into("out", f"{SEGMENTS}.json", prune=True, dry_run=True)[1].count("Would delete 1 manifest") == 1
    assert len(contents(here / "out")) == 3
    code, told = import_into("out", f"{SEGMENTS}.json", prune=True)
    assert sorted(contents(here / "out")) == ["journeys/welcome.yaml", "segments/vip.yaml"]
    assert (code, "out/segments/old.yaml: deleted, for its row is gone" in told) == (0, True)


def test_a_row_that_failed_is_not_taken_for_deleted(here: Path) -> None:
    write_page(here, JOURNEYS, [journey(1), journey(2, "Two")])
    import_into("out", f"{JOURNEYS}.json")
    write_page(here, JOURNEYS, [{**journey(1), "json": "{"}, {**journey(2), "is_dropped": True}])
    code, told = import_into("out", f"{JOURNEYS}.json", prune=True)
    assert (code, len(contents(here / "out"))) == (3, 2)
    assert "gone" not in told


def test_nothing_is_taken_for_deleted_where_a_file_could_not_be_read(here: Path) -> None:
    write_page(here, SEGMENTS, [segment(1), segment(2, "Old")])
    import_into("out", f"{SEGMENTS}.json")
    write_page(here, SEGMENTS, [segment(1)])
    (here / "more.json").write_text('{"@odata.context": "x/$metadata#synthetic_segments", "value": [')
    code, told = import_into("out", f"{SEGMENTS}.json", "more.json", prune=True)
    assert (code, len(contents(here / "out"))) == (3, 2)
    assert "Which rows are gone cannot be told" in told


def test_a_broken_manifest_is_not_deleted(here: Path) -> None:
    write_page(here, SEGMENTS, [segment(1), segment(2, "Old")])
    import_into("out", f"{SEGMENTS}.json")
    file = here / "out/segments/old.yaml"
    file.write_text(file.read_text().replace("  source: realtime\n", "  source: realtime\n  source: data\n"))
    write_page(here, SEGMENTS, [segment(1)])
    code, told = import_into("out", f"{SEGMENTS}.json", prune=True)
    assert (code, file.exists()) == (3, True)
    assert "it was not deleted, though its row is gone: it cannot be read" in " ".join(told.split())


def test_manifests_beside_exports_are_not_told_as_passed_over(here: Path) -> None:
    write_page(here, SEGMENTS, [segment(1)])
    import_into(".", ".")
    (here / "other.json").write_text("{}")
    assert "Passed over: 1 file in no known format\n  other.json" in import_into(".", ".")[1]


def test_a_manifest_among_others_in_a_file_is_not_deleted(here: Path) -> None:
    write_page(here, SEGMENTS, [segment(1), segment(2, "Old")])
    import_into("made", f"{SEGMENTS}.json")
    (here / "out").mkdir()
    texts = [(here / f"made/segments/{name}.yaml").read_text() for name in ("vip", "old")]
    (here / "out/all.yaml").write_text("---\n".join(texts))
    write_page(here, SEGMENTS, [segment(1)])
    code, told = import_into("out", f"{SEGMENTS}.json", prune=True)
    assert (code, (here / "out/all.yaml").read_text()) == (3, "---\n".join(texts))
    assert "remove this one by hand" in " ".join(told.split())


def test_a_dry_run_writes_nothing_and_tells_the_same(here: Path) -> None:
    write_page(here, SEGMENTS, [segment(1)])
    code, told = import_into("out", f"{SEGMENTS}.json", dry_run=True)
    assert (code, (here / "out").exists()) == (0, False)
    assert "out/segments/vip.yaml: created" in told
    assert "Would write 1 manifest of 1 row" in told


def test_manifests_of_another_environment_are_left_alone(here: Path) -> None:
    write_page(here, SEGMENTS, [segment(1)])
    import_into("out", f"{SEGMENTS}.json", environment="contoso-test")
    before = contents(here / "out")
    assert data_of(here / "out/segments/vip.yaml")["metadata"]["environment"] == "contoso-test"
    write_page(here, SEGMENTS, [segment(1, members=13)])
    import_into("out", f"{SEGMENTS}.json", environment="contoso-prod")
    after = contents(here / "out")
    assert {name: after[name] for name in before} == before
    assert data_of(here / "out/segments/vip-00000001.yaml")["metadata"]["environment"] == "contoso-prod"


def test_without_an_environment_that_which_alone_knows_the_row_counts(here: Path) -> None:
    write_page(here, SEGMENTS, [segment(1)])
    import_into("out", f"{SEGMENTS}.json", environment="contoso-test")
    write_page(here, SEGMENTS, [segment(1, members=13)])
    import_into("out", f"{SEGMENTS}.json")
    assert list(contents(here / "out")) == ["segments/vip.yaml"]
    assert data_of(here / "out/segments/vip.yaml")["spec"]["memberCount"] == 13


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_nothing_is_written_through_a_link_out_of_the_folder(here: Path) -> None:
    (here / "elsewhere").mkdir()
    (here / "out").mkdir()
    (here / "out/segments").symlink_to(here / "elsewhere")
    write_page(here, SEGMENTS, [segment(1)])
    code, told = import_into("out", f"{SEGMENTS}.json")
    assert (code, contents(here / "elsewhere")) == (3, {})
    assert "leads out of the folder by a link" in " ".join(told.split())


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_manifest_that_is_a_link_out_of_the_folder_is_not_edited(here: Path) -> None:
    write_page(here, SEGMENTS, [segment(1)])
    import_into("elsewhere", f"{SEGMENTS}.json")
    (here / "out").mkdir()
    (here / "out/vip.yaml").symlink_to(here / "elsewhere/segments/vip.yaml")
    before = contents(here / "elsewhere")
    write_page(here, SEGMENTS, [segment(1, members=13)])
    assert import_into("out", f"{SEGMENTS}.json")[0] == 3
    write_page(here, SEGMENTS, [segment(2, "Other")])
    assert import_into("out", f"{SEGMENTS}.json", prune=True)[0] == 3
    assert contents(here / "elsewhere") == before


def test_what_is_not_analysed_or_read_is_told(here: Path) -> None:
    unknown = [[f"actions.{number}", "a type that nobody knows"] for number in range(7)]
    write_page(here, JOURNEYS, [journey(1, unknown=unknown, column="one_time")])
    (here / "readme.txt").write_text("x")
    (here / "data.xml").write_text(data_xml({"account": [{"id": "a"}, {"id": "b"}]}))
    code, told = import_into("out", ".")
    flat = " ".join(told.split())
    assert code == 0
    assert "Not analysed: 7 things in 1 manifest" in told
    assert "... and 2 more: spec.origin.notAnalysed has them all" in told
    assert "the row's column says one_time, the journey's definition says ongoing, which counts" in flat
    assert "account: 2 rows" in told
    assert "Passed over: 1 file in no known format\n  readme.txt" in told
    origin = data_of(here / "out/journeys/welcome.yaml")["spec"]["origin"]
    assert [note["place"] for note in origin["notAnalysed"]] == [f"json: actions.{number}" for number in range(7)]


def test_members_that_nobody_knows_are_told(here: Path) -> None:
    """They are in no manifest: whoever reads the account alone has to know that something was read past."""
    definitions = [
        {"trigger": {"type": "OneTime"}, "layout": {}},
        {"trigger": {"type": "OneTime"}, "layout": {}, "pause": {}},
    ]
    rows = [
        {"msdynmkt_journeyid": identifier(number), "msdynmkt_name": "A", "msdynmkt_journeyjson": json.dumps(definition)}
        for number, definition in enumerate(definitions, 1)
    ]
    (here / "page.json").write_text(json.dumps({"value": rows}))
    code, told = import_into("out", "page.json", host=build_host([]))
    assert code == 0
    assert "Members that nobody knows: 2. No policy says anything about them\n  layout: in 2 manifests\n" in told
    assert "  pause: in 1 manifest\n" in told
    report = json.loads(import_into("out", "page.json", host=build_host([]), format="json")[1])
    assert report["unreadMembers"] == [
        {"member": "layout", "manifests": 2},
        {"member": "pause", "manifests": 1},
    ]


def test_the_json_report_is_as_its_schema_says(here: Path) -> None:
    write_page(here, SEGMENTS, [segment(1), segment(2, "Old")])
    import_into("out", f"{SEGMENTS}.json")
    write_page(here, SEGMENTS, [segment(1, members=1), {**segment(3), "members": -1}])
    write_page(here, JOURNEYS, [journey(4, unknown=[["a", "b"]], column="event"), {**journey(5), "json": "["}])
    (here / "data.zip").write_bytes(package(data_xml({"account": [{"id": "a"}], JOURNEYS: [{"id": "x", "json": "1"}]})))
    code, told = import_into("out", f"{SEGMENTS}.json", f"{JOURNEYS}.json", "data.zip", format="json")
    report = json.loads(told)
    Draft202012Validator(read_schema("import")).validate(report)
    assert code == 3
    assert report["summary"] == {
        "files": 3,
        "rows": 6,
        "created": 1,
        "changed": 1,
        "unchanged": 0,
        "gone": 1,
        "deleted": 0,
        "failures": 3,
        "notAnalysed": 1,
    }
    assert report["gone"][0]["path"] == "out/segments/old.yaml"
    assert {failure.get("entry", "") for failure in report["failures"]} == {"", "data.xml"}


def test_nothing_to_import_is_a_mistake_of_the_command_line(here: Path) -> None:
    (here / "readme.txt").write_text("x")
    with pytest.raises(
        UsageError, match=r"nothing in readme.txt is an export: expected configuration-migration \(packages"
    ):
        import_into("out", "readme.txt")
    with pytest.raises(UsageError, match="does not exist"):
        import_into("out", "missing.json")
    os.mkfifo(here / "pipe")
    with pytest.raises(UsageError, match="pipe: it is no ordinary file"):
        import_into("out", "pipe")
    with pytest.raises(UsageError, match="it is a file, expected a folder"):
        import_into("readme.txt", "readme.txt")
    with pytest.raises(UsageError, match="expected letters, digits"):
        import_into("out", "readme.txt", environment="a b")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ([], 2, "name what is to be imported"),
        (["data.zip"], 2, "-o FOLDER is missing"),
        (["missing.zip", "-o", "out"], 2, "does not exist"),
    ],
)
def test_the_command_line_says_what_is_missing(tmp_path: Path, words: list[str], code: int, told: str) -> None:
    status, out, err = run_in(tmp_path, ["import", *words])
    assert (status, out) == (code, "")
    assert told in err


EDITS = st.fixed_dictionaries(
    {
        "label": st.booleans(),
        "comment": st.booleans(),
        "justification": st.booleans(),
    }
)
STATES = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Welcome", "Hello: again", "x\ny"]),
        "state": st.sampled_from(["draft", "live", None]),
        "segments": st.lists(st.integers(1, 4), unique=True, max_size=4),
        "steps": st.lists(st.sampled_from("abcd"), unique=True, max_size=4),
    }
)


def row_of(state: dict[str, Any]) -> dict[str, Any]:
    """The row of a journey in this state."""
    segments = [[f"segment-{number}", "audience"] for number in state["segments"]]
    flow = {"steps": [step(name) for name in state["steps"]]}
    return journey(1, state["name"], state=state["state"], segments=segments, flow=flow)


@settings(max_examples=40, deadline=None)
@given(STATES, EDITS, st.lists(STATES, min_size=1, max_size=3))
def test_whatever_changes_hand_written_keys_and_comments_stay(
    tmp_path_factory: pytest.TempPathFactory,
    first: dict[str, Any],
    edits: dict[str, bool],
    states: list[dict[str, Any]],
) -> None:
    folder = tmp_path_factory.mktemp("import")
    source = write_page(folder, JOURNEYS, [row_of(first)])
    assert import_into(folder / "out", source)[0] == 0
    (file,) = (folder / "out").rglob("*.yaml")
    text = file.read_text()
    if edits["label"]:
        text = text.replace("metadata:\n", "metadata:\n  labels: {team: crm}\n")
    if edits["comment"]:
        text = text.replace("spec:\n", "# journeylint: ignore OBS001 - CRM-1\nspec:\n")
    if edits["justification"]:
        text = text.replace("      role: audience\n", "      role: audience\n      justification: CRM-2\n")
    file.write_text(text)
    kept = set(first["segments"]) if edits["justification"] else set()
    for state in states:
        write_page(folder, JOURNEYS, [row_of(state)])
        code, told = import_into(folder / "out", source)
        assert code == 0, told
        data, after = data_of(file), file.read_text()
        kept &= set(state["segments"])
        assert data["metadata"].get("labels") == ({"team": "crm"} if edits["label"] else None)
        assert ("# journeylint: ignore OBS001 - CRM-1\nspec:" in after) is edits["comment"]
        assert data["metadata"]["title"] == state["name"]
        assert data["spec"].get("state") == state["state"]
        segments = {one["name"]: one.get("justification") for one in data["spec"].get("segments", ())}
        assert segments == {f"segment-{one}": "CRM-2" if one in kept else None for one in state["segments"]}
        assert {one["id"] for one in data["spec"]["flow"]["steps"]} == set(state["steps"])
        assert import_into(folder / "out", source)[0] == 0
        assert file.read_text() == after, "the same rows again change nothing"
