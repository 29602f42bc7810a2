"""`check data.zip`: an export that is named is judged as the manifests that an import of it would write.

All rows here are synthetic; tables and columns are those of Customer Insights - Journeys.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest

from journeylint import export_files
from journeylint.export_lines import LONGEST_LINE
from tests.contract.command_line import AS_OF, Outcome, check, run_in, segment, write
from tests.judging import make_policy, write_pack

JOURNEY, SEGMENT = "msdynmkt_journey", "msdynmkt_segment"
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "export" / "data.zip"
SPRING, SUMMER = "0000000a-0000-4000-8000-000000000001", "0000000b-0000-4000-8000-000000000002"
VIP, STAFF = "0000000c-0000-4000-8000-000000000003", "0000000d-0000-4000-8000-000000000004"

Fields = Mapping[str, str]


def record(identifier: str, fields: Fields) -> str:
    lines = "".join(f"<field name={quoteattr(name)} value={quoteattr(text)} />\n" for name, text in fields.items())
    return f'<record id="{identifier}">\n{lines}</record>\n'


def data_xml(*records: tuple[str, str, Fields]) -> str:
    """Each of *records* is a table, a key and fields; every field has a line of its own."""
    tables: dict[str, list[str]] = {}
    for table, identifier, fields in records:
        tables.setdefault(table, []).append(record(identifier, fields))
    entities = "".join(
        f'<entity name="{name}">\n<records>\n{"".join(rows)}</records>\n</entity>\n' for name, rows in tables.items()
    )
    return f"<entities>\n{entities}</entities>\n"


def package(*records: tuple[str, str, Fields]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("data_schema.xml", "<entities />")
        archive.writestr("data.xml", data_xml(*records))
    return stream.getvalue()


def a_journey(
    *audience: str, identifier: str = SPRING, title: str = "Spring sale", excluded: tuple[str, ...] = (), **fields: str
) -> tuple[str, str, Fields]:
    definition = {
        "contentVersion": "1.0.0.0",
        "trigger": {"type": "Ongoing", "audience": list(audience), "exclusionSegments": list(excluded)},
        "actions": {},
    }
    written = {"msdynmkt_name": title, "statuscode": "1", "msdynmkt_journeyjson": json.dumps(definition)}
    return JOURNEY, identifier, written | fields


def a_segment(
    identifier: str = VIP, title: str = "VIP customers", source: str = "10", **fields: str
) -> tuple[str, str, Fields]:
    return SEGMENT, identifier, {"msdynmkt_displayname": title, "msdynmkt_source": source, "statuscode": "1"} | fields


PACKAGE = package(a_segment(), a_segment(STAFF, "Staff"), a_journey(VIP, excluded=(STAFF,)))
"""A journey that leaves people out by an outbound segment, which OBS002 finds."""


def page(*rows: Mapping[str, Any]) -> str:
    return json.dumps({"@odata.context": f"https://x.example/$metadata#{JOURNEY}s", "value": rows})


def origin(table: str, identifier: str) -> str:
    return f"origin: {{system: dataverse, table: {table}, id: {identifier}}}"


def told(finding: Mapping[str, Any]) -> tuple[str, ...]:
    """What a finding says, wherever it is."""
    message = finding["message"].partition(" Row '")[0]
    return finding["policy"], finding["manifest"]["name"], finding["location"]["pointer"], message


def reported(outcome: Outcome) -> list[tuple[str, str]]:
    return [(finding["policy"], finding["manifest"]["name"]) for finding in outcome.findings]


def located(outcome: Outcome, policy: str) -> dict[str, Any]:
    (location,) = [finding["location"] for finding in outcome.findings if finding["policy"] == policy]
    found: dict[str, Any] = location
    return found


# What is judged


def test_rows_are_judged_as_manifests_with_names_from_their_titles(tmp_path: Path) -> None:
    outcome = check(write(tmp_path, {"data.zip": PACKAGE}), "data.zip")
    assert outcome.status == 1
    assert ("OBS002", "spring-sale") in reported(outcome)
    assert {key: outcome.summary[key] for key in ("files", "manifests", "skippedDocuments", "failures")} == {
        "files": 1,
        "manifests": 3,
        "skippedDocuments": 0,
        "failures": 0,
    }


def test_rows_of_other_tables_are_counted_as_documents_of_others(tmp_path: Path) -> None:
    data = package(a_segment(), ("account", SPRING, {"name": "Bank"}), ("contact", VIP, {}))
    assert check(write(tmp_path, {"data.zip": data}), "data.zip").summary["skippedDocuments"] == 2


def test_the_data_of_a_package_is_an_export_too_and_its_schema_belongs_to_it(tmp_path: Path) -> None:
    data = data_xml(a_segment(STAFF, "Staff"), a_journey(excluded=(STAFF,)))
    write(tmp_path, {"data.xml": data, "data_schema.xml": "<entities />"})
    for paths in (("data.xml",), ("data.xml", "data_schema.xml")):
        outcome = check(tmp_path, *paths)
        assert ("OBS002", "spring-sale") in reported(outcome)
        assert outcome.failures == []


def test_a_page_of_the_web_api_is_an_export(tmp_path: Path) -> None:
    _, identifier, fields = a_journey(VIP)
    write(tmp_path, {"rows.json": page({"msdynmkt_journeyid": identifier, **fields})})
    outcome = check(tmp_path, "rows.json")
    assert ("REF001", "spring-sale") in reported(outcome)


def test_exports_that_are_named_together_are_one_import(tmp_path: Path) -> None:
    journeys, segments = package(a_journey(VIP, excluded=(STAFF,))), package(a_segment(), a_segment(STAFF, "Staff"))
    write(tmp_path, {"journeys.zip": journeys, "segments.zip": segments})
    assert ("REF001", "spring-sale") in reported(check(tmp_path, "journeys.zip"))
    both = check(tmp_path, "journeys.zip", "segments.zip")
    assert "REF001" not in dict(reported(both))
    assert ("OBS002", "spring-sale") in reported(both)
    assert both.summary["files"] == 2


def test_an_export_without_rows_has_nothing_to_judge(tmp_path: Path) -> None:
    outcome = check(write(tmp_path, {"data.zip": package()}), "data.zip")
    assert (outcome.status, outcome.summary["files"], outcome.summary["manifests"]) == (3, 1, 0)


# Which files are exports


def test_what_is_found_by_walking_is_no_export(tmp_path: Path) -> None:
    write(tmp_path, {"exports/data.xml": data_xml(a_segment()), "exports/data.zip": PACKAGE})
    write(tmp_path, {"exports/rows.json": page(), "vip.yaml": segment()})
    for paths in ((), ("exports", "vip.yaml"), ("exports/*", "vip.yaml")):
        outcome = check(tmp_path, *paths, "--allow-empty")
        assert outcome.report is None or outcome.summary["manifests"] == 1


def test_exports_in_paths_of_the_configuration_are_named(tmp_path: Path) -> None:
    write(tmp_path, {"journeylint.yaml": "paths: [., data.zip]\n", "data.zip": PACKAGE, "more.yaml": segment("more")})
    outcome = check(tmp_path)
    assert ("OBS002", "spring-sale") in reported(outcome)
    assert outcome.summary["manifests"] == 4


def test_an_export_is_judged_though_git_ignores_it_and_not_where_it_is_excluded(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "data.zip\n", "data.zip": PACKAGE})
    assert check(tmp_path, "data.zip").summary["manifests"] == 3
    write(tmp_path, {"journeylint.yaml": "exclude: ['*.zip']\n"})
    assert check(tmp_path, "data.zip").status == 3


def test_standard_input_is_no_export(tmp_path: Path) -> None:
    outcome = check(tmp_path, "--stdin-filename", "data.zip", stdin=PACKAGE)
    assert outcome.codes == ["JL001"]


def test_a_zip_archive_without_data_cannot_be_read(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "x")
    outcome = check(write(tmp_path, {"data.zip": stream.getvalue()}), "data.zip")
    assert (outcome.status, outcome.codes) == (3, ["JL001"])


@pytest.mark.parametrize("first", [0, 40])
def test_a_damaged_entry_is_a_failure_though_its_lines_cannot_be_shown(tmp_path: Path, first: int) -> None:
    content = bytearray(package(a_segment()))
    begin = content.find(b"data.xml") + len("data.xml") + first
    content[begin : begin + 8] = b"\xff" * 8
    outcome = check(write(tmp_path, {"data.zip": bytes(content)}), "data.zip")
    assert (outcome.status, outcome.codes) == (3, ["JL001"])


def test_manifests_that_are_named_are_not_looked_into_for_exports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    read_head = export_files._read_head

    def note(file: str) -> bytes | None:
        looked.append(Path(file).name)
        return read_head(file)

    monkeypatch.setattr(export_files, "_read_head", note)
    write(tmp_path, {"a.yaml": segment(), "folder/b.json": "{}", "folder/c.yml": segment("c")})
    check(tmp_path)
    check(tmp_path, "a.yaml", "folder")
    assert looked == []
    check(tmp_path, "folder/b.json", "--allow-empty")
    assert looked == ["b.json"]


def test_a_run_without_exports_imports_nothing_that_reads_them(tmp_path: Path) -> None:
    manifest = (
        '{"apiVersion": "journeylint/v1", "kind": "Segment", "metadata": {"name": "a"}, "spec": {"source": "data"}}'
    )
    write(tmp_path, {"a.yaml": segment(), "b.json": manifest})
    script = (
        "import sys; from journeylint.cli import main; status = main(['check', 'a.yaml', 'b.json', '.']);"
        "print(status, sorted(m for m in sys.modules if m.startswith(('journeylint.export_s', 'journeylint.importing',"
        "'journeylint.export_facts', 'journeylint.exports', 'zipfile', 'journeylint.export_lines'))))"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "0 []"


# Where findings are


def test_a_place_is_the_field_of_a_row_in_an_entry_of_the_file(tmp_path: Path) -> None:
    location = located(check(write(tmp_path, {"in/data.zip": PACKAGE}), "in/data.zip"), "OBS002")
    assert location["path"] == "in/data.zip"
    assert location["row"] == {"entry": "data.xml", "table": JOURNEY, "id": SPRING, "title": "Spring sale"}
    assert location["document"] == 3
    lines = data_xml(a_segment(), a_segment(STAFF, "Staff"), a_journey(VIP, excluded=(STAFF,))).splitlines()
    assert "msdynmkt_journeyjson" in lines[location["line"] - 1]
    assert (location["column"], location["endLine"]) == (1, location["line"])
    assert location["endColumn"] == len(lines[location["line"] - 1]) + 1


def test_a_place_for_which_no_field_is_known_is_the_row(tmp_path: Path) -> None:
    data = data_xml(a_segment(), a_journey(VIP))
    outcome = check(write(tmp_path, {"data.xml": data}), "data.xml", "--select", "OBS010")
    assert [finding["location"]["row"]["entry"] for finding in outcome.findings] == [""]


def test_a_place_that_could_not_be_read_is_that_of_its_column(tmp_path: Path) -> None:
    write(tmp_path, {"data.xml": data_xml(a_segment(msdynmkt_type="77", msdynmkt_membercount="many"))})
    policy = make_policy(1, kind="Segment", each_="$.spec.origin.notAnalysed[*]", at="/place")
    write_pack(tmp_path / "packs", policy)
    write(tmp_path, {"journeylint.yaml": "policy-roots: [packs]\n"})
    outcome = check(tmp_path, "data.xml", "--select", "TST001")
    lines = (tmp_path / "data.xml").read_text(encoding="utf-8").splitlines()
    shown = [lines[finding["location"]["line"] - 1].split('"')[1] for finding in outcome.findings]
    assert shown == ["msdynmkt_type", "msdynmkt_membercount"]


def test_people_read_the_entry_the_row_and_where_to_find_it(tmp_path: Path) -> None:
    write(tmp_path, {"data.zip": PACKAGE})
    _, out, _ = run_in(tmp_path, ("check", "data.zip", "--as-of", AS_OF, "--select", "OBS002"))
    first, *lines = out.splitlines()
    assert first.startswith("data.zip!/data.xml:21:1: error OBS002 ")
    assert f"Row 'Spring sale' of msdynmkt_journey, {SPRING}." in " ".join(map(str.strip, lines))


def test_short_lines_are_shown_and_long_ones_are_not(tmp_path: Path) -> None:
    for member_count, is_shown in (("x" * 10, True), ("x" * 2_000, False)):
        data = package(a_segment(msdynmkt_source=member_count))
        write(tmp_path, {"data.zip": data})
        _, out, _ = run_in(tmp_path, ("check", "data.zip", "--as-of", AS_OF))
        assert ('<field name="msdynmkt_source"' in out) is is_shown
        assert max(map(len, out.splitlines())) < 300


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("github", ("::error file=data.zip,line=21,", "Row 'Spring sale' of")),
        ("azure", ("sourcepath=data.zip;linenumber=21;", "Row 'Spring sale' of")),
        ("gitlab", ('"path": "data.zip", "lines": {"begin": 21', "Row 'Spring sale' of")),
        ("junit", ('file="data.zip" line="21"', "data.zip!/data.xml:21:1: error")),
        ("markdown", ("`data.zip!/data.xml:21`", "Row 'Spring sale' of")),
        ("sarif", ('"uri":"data.zip"', "Row 'Spring sale' of")),
    ],
)
def test_reports_for_programs_name_the_file_that_is_there(tmp_path: Path, form: str, words: tuple[str, str]) -> None:
    write(tmp_path, {"data.zip": PACKAGE})
    _, out, _ = run_in(tmp_path, ("check", "data.zip", "-o", form, "--as-of", AS_OF, "--select", "OBS002"))
    assert [word for word in words if word not in out] == []


def results(folder: Path) -> list[dict[str, Any]]:
    _, out, _ = run_in(folder, ("check", "data.zip", "-o", "sarif", "--as-of", AS_OF))
    found: list[dict[str, Any]] = json.loads(out)["runs"][0]["results"]
    return found


def test_fingerprints_stay_when_rows_move(tmp_path: Path) -> None:
    rows = [
        a_segment(),
        a_segment(STAFF, "Staff"),
        a_journey(VIP, excluded=(STAFF,)),
        a_journey(VIP, identifier=SUMMER),
    ]
    before = results(write(tmp_path, {"data.zip": package(*rows)}))
    after = results(write(tmp_path, {"data.zip": package(*reversed(rows))}))
    prints = [sorted(str(one["partialFingerprints"]) for one in some) for some in (before, after)]
    assert prints[0] == prints[1]
    assert len(set(prints[0])) == len(before) > 3
    assert [one["locations"] for one in before] != [one["locations"] for one in after]


# What cannot be read


def test_a_row_that_cannot_be_read_is_a_failure_and_all_else_is_judged(tmp_path: Path) -> None:
    rows = [
        a_journey(VIP, msdynmkt_journeyjson='{"trigger": '),
        a_journey(STAFF, identifier=SUMMER, title="Summer"),
        a_segment(),
    ]
    outcome = check(write(tmp_path, {"data.zip": package(*rows)}), "data.zip")
    assert (outcome.status, outcome.codes) == (3, ["JL001"])
    (failure,) = outcome.failures
    assert failure["location"]["row"] == {"entry": "data.xml", "table": JOURNEY, "id": SPRING, "title": "Spring sale"}
    assert f"Row 'Spring sale' of msdynmkt_journey, {SPRING}." in failure["message"]
    assert ("REF001", "summer") in reported(outcome)
    assert outcome.summary["manifests"] == 3


def test_a_row_that_could_not_be_read_is_not_missing(tmp_path: Path) -> None:
    rows = [a_journey(VIP), a_segment(msdynmkt_source="7")]
    outcome = check(write(tmp_path, {"data.zip": package(*rows)}), "data.zip")
    assert outcome.codes == ["JL001"]
    assert outcome.failures[0]["manifest"] == {"kind": "Segment", "name": VIP, "environment": "default"}
    assert "REF001" not in dict(reported(outcome))


def test_a_package_that_ends_early_keeps_the_rows_before(tmp_path: Path) -> None:
    data = data_xml(a_segment(), a_journey(VIP))
    outcome = check(write(tmp_path, {"data.xml": data[: data.index("<record", data.index(JOURNEY))]}), "data.xml")
    assert outcome.codes == ["JL001"]
    assert outcome.summary["manifests"] == 1


# Beside manifests


def test_a_manifest_that_was_imported_lends_its_name_to_rows_that_refer_to_it(tmp_path: Path) -> None:
    kept = segment("our-vips", f"source: outbound, memberCount: 750000, {origin(SEGMENT, VIP)}")
    write(tmp_path, {"data.zip": package(a_journey(VIP)), "segments/vips.yaml": kept})
    outcome = check(tmp_path, "segments", "data.zip")
    assert "REF001" not in dict(reported(outcome))
    assert located(outcome, "OBS004")["path"] == "data.zip"


def test_a_row_takes_the_place_of_the_manifest_that_was_imported_from_it(tmp_path: Path) -> None:
    kept = segment("our-vips", f"source: outbound, memberCount: 10, {origin(SEGMENT, VIP)}")
    write(tmp_path, {"data.zip": package(a_journey(VIP), a_segment(msdynmkt_membercount="750000")), "vips.yaml": kept})
    outcome = check(tmp_path, ".", "data.zip")
    assert outcome.failures == []
    assert outcome.summary["manifests"] == 2
    assert "OBS004" in dict(reported(outcome))
    assert outcome.summary["files"] == 2


def test_what_people_wrote_into_a_manifest_is_kept_where_its_row_is_judged(tmp_path: Path) -> None:
    kept = (
        "apiVersion: journeylint/v1\nkind: Journey\nmetadata:\n  name: our-sale\n  suppressions:\n"
        "  - {policy: OBS002, until: 2026-01-31, reason: it is a list of ten}\nspec:\n  frequency: ongoing\n"
        f"  {origin(JOURNEY, SPRING)}\n  segments:\n  - {{name: staff, role: exclusion}}\n"
    )
    write(tmp_path, {"data.zip": PACKAGE, "sale.yaml": kept})
    outcome = check(tmp_path, ".", "data.zip")
    assert outcome.failures == []
    assert "OBS002" not in dict(reported(outcome))
    assert outcome.report is not None
    (finding,) = outcome.report["suppressed"]
    assert finding["manifest"]["name"] == "our-sale"
    assert finding["location"]["path"] == "data.zip"
    assert finding["suppression"]["location"]["row"]["id"] == SPRING


def test_comments_of_a_manifest_whose_row_is_judged_are_not_told_as_unused(tmp_path: Path) -> None:
    comment = "# journeylint: ignore[OBS002] until 2026-01-31 -- a list of ten\n"
    kept = f"{segment('other')}---\n{comment}{segment('vips', 'source: outbound, ' + origin(SEGMENT, VIP))}"
    write(tmp_path, {"data.zip": PACKAGE, "vips.yaml": kept})
    outcome = check(tmp_path, ".", "data.zip")
    assert [policy for policy, _ in reported(outcome) if policy.startswith("SUP")] == []
    assert "SUP004" in dict(reported(check(tmp_path, ".")))


def test_a_manifest_that_cannot_be_read_is_told_though_its_row_is_judged(tmp_path: Path) -> None:
    kept = segment("vip-customers", f"source: outbound, source: data, {origin(SEGMENT, VIP)}")
    write(tmp_path, {"data.zip": package(a_segment()), "vips.yaml": kept})
    outcome = check(tmp_path, ".", "data.zip")
    assert [(one["code"], one["location"]["path"]) for one in outcome.failures] == [("JL001", "vips.yaml")]
    assert outcome.summary["manifests"] == 2


def test_a_row_does_not_take_the_name_of_a_manifest_that_has_nothing_to_do_with_it(tmp_path: Path) -> None:
    write(tmp_path, {"data.zip": package(a_segment()), "vip.yaml": segment("VIP-customers")})
    outcome = check(tmp_path, ".", "data.zip")
    assert outcome.failures == []
    assert outcome.summary["manifests"] == 2


@pytest.mark.parametrize("is_imported_before", [False, True])
def test_an_export_is_judged_as_what_an_import_of_it_writes(tmp_path: Path, is_imported_before: bool) -> None:
    shutil.copy(EXAMPLE, tmp_path)
    if is_imported_before:
        old = package(a_segment("5ec0ffee-5a1e-4c0d-8e00-000000000004", "Never write to", msdynmkt_membercount="9"))
        write(tmp_path, {"old.zip": old})
        assert run_in(tmp_path, ("import", "old.zip", "-o", "contoso"))[0] == 0
    (tmp_path / "contoso").mkdir(exist_ok=True)
    direct = check(tmp_path, "contoso", "data.zip")
    assert run_in(tmp_path, ("import", "data.zip", "-o", "contoso"))[0] == 3
    imported = check(tmp_path, "contoso")
    of_rows = [
        one for one in direct.findings if one["manifest"]["kind"] != "Export"
    ]  # an import leaves no export behind
    assert sorted(map(told, of_rows)) == sorted(map(told, imported.findings))
    assert len(direct.findings) > 9
    assert direct.summary["manifests"] == imported.summary["manifests"] + len(direct.failures)
    assert ("never-write-to" in str(direct.findings)) is is_imported_before


# Environments


def test_rows_belong_to_the_environment_that_the_configuration_says(tmp_path: Path) -> None:
    write(tmp_path, {"data.zip": package(a_journey(VIP)), "journeylint.yaml": "export-environment: contoso-prod\n"})
    outcome = check(tmp_path, "data.zip")
    assert {finding["manifest"]["environment"] for finding in outcome.findings} == {"contoso-prod"}


@pytest.mark.parametrize(
    ("environments", "expected"),
    [(["prod"], "prod"), (["prod", "prod"], "prod"), (["test", "prod"], "default"), ([], "default")],
)
def test_without_that_they_belong_to_that_of_what_was_imported_from_them(
    tmp_path: Path, environments: list[str], expected: str
) -> None:
    rows = [a_journey(VIP), a_segment(), a_segment(STAFF, "Staff")]
    kept = {
        f"{number}.yaml": segment(f"s{number}", f"source: outbound, {origin(SEGMENT, row)}", environment=environment)
        for number, (row, environment) in enumerate(zip((VIP, STAFF), environments, strict=False))
    }
    write(tmp_path, {"data.zip": package(*rows), **kept})
    outcome = check(tmp_path, ".", "data.zip")
    assert {f["manifest"]["environment"] for f in outcome.findings if f["location"]["path"] == "data.zip"} == {expected}


def test_an_environment_is_a_name(tmp_path: Path) -> None:
    write(tmp_path, {"data.zip": PACKAGE, "journeylint.yaml": "export-environment: con toso\n"})
    status, _, err = run_in(tmp_path, ("check", "data.zip"))
    assert status == 2
    assert "export-environment" in err


# Other commands and options


def test_processes_make_no_difference(tmp_path: Path) -> None:
    others = {f"s/{number}.yaml": segment(f"s{number}") for number in range(40)}
    write(tmp_path, {"data.zip": PACKAGE, **others})
    one, two = (run_in(tmp_path, ("check", "s", "data.zip", "--as-of", AS_OF, "--jobs", jobs))[1] for jobs in "12")
    assert one == two
    script = (
        "import sys\nfrom journeylint import file_parts, pipeline\nfrom journeylint.cli import main\n"
        "if __name__ == '__main__':\n    pipeline.can_fork = file_parts.can_fork = lambda: False\n"
        "    sys.exit(main(sys.argv[1:]))\n"
    )
    write(tmp_path, {"run.py": script})
    words = ("check", "s", "data.zip", "--as-of", AS_OF, "--jobs", "2")
    ran = subprocess.run([sys.executable, "run.py", *words], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.stdout == one, ran.stderr


def test_an_export_is_not_written_over_by_a_report(tmp_path: Path) -> None:
    write(tmp_path, {"data.zip": PACKAGE})
    status, _, err = run_in(tmp_path, ("check", "data.zip", "-o", "json=data.zip"))
    assert status == 2
    assert "'data.zip', which is an export" in err
    assert (tmp_path / "data.zip").read_bytes() == PACKAGE


def test_an_export_cannot_be_fixed(tmp_path: Path) -> None:
    write(tmp_path, {"data.zip": PACKAGE})
    status, out, _ = run_in(tmp_path, ("fix", "--unsafe", "data.zip", "--as-of", AS_OF))
    assert status == 1
    assert "it stands in an export, which is only read" in " ".join(out.split())
    assert (tmp_path / "data.zip").read_bytes() == PACKAGE
    _, out, _ = run_in(tmp_path, ("check", "data.zip", "--as-of", AS_OF))
    assert "can be fixed by" not in out


def test_a_finding_in_an_export_can_be_accepted_by_the_configuration(tmp_path: Path) -> None:
    suppressions = "suppressions:\n- {policy: OBS002, files: '*.zip', until: 2026-01-31, reason: a list of ten}\n"
    write(tmp_path, {"data.zip": PACKAGE, "journeylint.yaml": suppressions})
    outcome = check(tmp_path, "data.zip")
    assert "OBS002" not in dict(reported(outcome))
    assert outcome.summary["suppressed"] == 1


def test_a_baseline_accepts_findings_in_rows_wherever_they_move(tmp_path: Path) -> None:
    write(tmp_path, {"data.zip": PACKAGE, "journeylint.yaml": "paths: [data.zip]\n"})
    status, out, err = run_in(tmp_path, ("baseline", "create", "--as-of", AS_OF))
    assert status == 0, out + err
    assert check(tmp_path).findings == []
    moved = package(a_journey(VIP, excluded=(STAFF,)), a_segment(STAFF, "Staff"), a_segment())
    write(tmp_path, {"data.zip": moved})
    outcome = check(tmp_path, "--strict-baseline")
    assert (outcome.status, outcome.findings) == (0, [])


def test_overrides_are_for_the_file(tmp_path: Path) -> None:
    overrides = "overrides:\n- {files: ['in/*.zip'], ignore: [OBS002]}\n"
    write(tmp_path, {"in/data.zip": PACKAGE, "journeylint.yaml": overrides})
    assert "OBS002" not in dict(reported(check(tmp_path, "in/data.zip")))


def test_a_report_may_be_on_an_export_of_the_project(tmp_path: Path) -> None:
    write(tmp_path, {"journeylint.yaml": "paths: [., data.zip]\n", "data.zip": PACKAGE})
    write(tmp_path, {"more.yaml": segment("more", "source: realtime, copyOf: gone")})
    assert "REF002" not in dict(reported(check(tmp_path, "--focus", "data.zip")))
    assert "OBS002" in dict(reported(check(tmp_path, "--focus", "data.zip")))
    assert "OBS002" not in dict(reported(check(tmp_path, "--focus", "more.yaml")))


def test_a_verdict_on_a_row_is_explained(tmp_path: Path) -> None:
    write(tmp_path, {"data.zip": PACKAGE})
    status, out, err = run_in(tmp_path, ("explain", "OBS002", "data.zip", "--as-of", AS_OF))
    assert status in (0, 1), err
    assert "data.zip!/data.xml:21:1" in out


def test_what_will_fail_is_told_of_rows_too(tmp_path: Path) -> None:
    write(tmp_path, {"data.zip": PACKAGE})
    outcome = check(tmp_path, "data.zip", "--within", "700d")
    assert outcome.report is not None
    assert {finding["location"]["path"] for finding in outcome.report["upcoming"]} == {"data.zip"}


# What the run covers


def coverage_of(outcome: Outcome) -> list[tuple[str, ...]]:
    """The tables of the exports of a run as lines, with path, entry and whether it is whole."""
    return [
        (
            one["path"],
            one["entry"],
            str(one["whole"]),
            *(" ".join(map(str, table.values())) for table in one["tables"]),
        )
        for one in (outcome.report or {})["exports"]
    ]


def test_the_json_report_says_of_each_table_how_many_rows_were_judged(tmp_path: Path) -> None:
    broken = a_journey(identifier=SUMMER, msdynmkt_journeyjson="{")
    usage = {"msdynmkt_journeyid": SPRING, "msdynmkt_targetsegmentid": VIP, "msdynmkt_usage": "534120000"}
    data = package(a_segment(), a_journey(VIP), broken, ("account", STAFF, {}), ("msdynmkt_segmentusage", STAFF, usage))
    outcome = check(write(tmp_path, {"data.zip": data}), "data.zip")
    ((path, entry, whole, *tables),) = coverage_of(outcome)
    assert (path, entry, whole) == ("data.zip", "data.xml", "True")
    assert tables[0] == "account 1 0 0 0 False"
    assert f"{JOURNEY} 2 1 0 1 True" in tables
    assert f"{SEGMENT} 1 1 0 0 True" in tables
    assert "msdynmkt_segmentusage 1 0 1 0 True" in tables
    assert tables == sorted(tables)


def test_a_run_without_exports_says_nothing_of_them(tmp_path: Path) -> None:
    assert "exports" not in (check(write(tmp_path, {"a.yaml": segment("vip")}), ".").report or {})


def test_an_export_that_breaks_off_is_not_whole(tmp_path: Path) -> None:
    data = data_xml(a_segment()).removesuffix("</entities>\n")
    outcome = check(write(tmp_path, {"data.xml": data}), "data.xml")
    assert coverage_of(outcome) == [("data.xml", "", "False", f"{SEGMENT} 1 1 0 0 True")]
    assert outcome.status == 3


def test_an_export_without_rows_covers_nothing(tmp_path: Path) -> None:
    outcome = check(write(tmp_path, {"data.zip": package(), "a.yaml": segment("vip")}), "data.zip", "a.yaml")
    assert coverage_of(outcome) == [("data.zip", "", "True")]


def test_the_text_report_names_the_tables_that_nobody_reads(tmp_path: Path) -> None:
    rows = [a_segment(), ("contact", VIP, {}), ("account", SPRING, {}), ("account", VIP, {})]
    arguments = ["check", "data.zip", "--as-of", AS_OF]
    _, out, _ = run_in(write(tmp_path, {"data.zip": package(*rows)}), arguments)
    assert "3 rows of tables that nobody reads: account, contact.\n" in out
    _, out, _ = run_in(write(tmp_path, {"data.zip": package(a_segment())}), arguments)
    assert "nobody reads" not in out


# Lines of exports


def sarif_of(folder: Path) -> str:
    """The SARIF report on the export there, which is JSON in which nothing is escaped that a test looks for."""
    return run_in(folder, ["check", "data.xml", "--as-of", AS_OF, "--select", "OBS002", "-o", "sarif"])[1]


def with_exclusion(name: str, *, indent: int | None = None) -> str:
    """An export with a finding about a field in which *name* stands, on one line unless there is an *indent*."""
    _, identifier, fields = a_journey()
    definition = {"displayName": name, "trigger": {"type": "Ongoing", "exclusionSegments": [STAFF]}}
    text = json.dumps(definition, indent=indent)
    data = data_xml(a_segment(STAFF, "Staff"), (JOURNEY, identifier, {**fields, "msdynmkt_journeyjson": text}))
    return data.replace("&#10;", "\n")


def test_reports_have_no_lines_that_may_hold_a_whole_journey(tmp_path: Path) -> None:
    room = LONGEST_LINE - max(map(len, with_exclusion("jane").splitlines()))
    for more, is_shown in ((room, True), (room + 1, False)):
        report = sarif_of(write(tmp_path, {"data.xml": with_exclusion("jane" + "x" * more)}))
        assert "OBS002" in report
        assert ("jane" in report) is is_shown


def test_reports_have_no_lines_of_places_that_take_several(tmp_path: Path) -> None:
    report = sarif_of(write(tmp_path, {"data.xml": with_exclusion("mail-of-jane", indent=1)}))
    assert "OBS002" in report
    assert "mail-of-jane" not in report
    assert "msdynmkt_journeyjson" not in report


@pytest.mark.parametrize("jobs", [2, 3, 50])
def test_the_rows_of_an_export_are_dealt_to_processes_and_come_to_the_same(tmp_path: Path, jobs: int) -> None:
    many = [a_journey(VIP, identifier=f"{SPRING[:-2]}{number:02}", excluded=(STAFF,)) for number in range(20)]
    broken = a_journey(identifier=SUMMER, msdynmkt_journeyjson="{")
    data = package(a_segment(STAFF, "Staff"), *many, broken, ("account", STAFF, {}))
    write(tmp_path, {"data.zip": data, "none.zip": package(), "bad.zip": b"no archive"})
    write(tmp_path, {"a.yaml": segment("vip")})
    reports = [
        run_in(
            tmp_path,
            [
                "check",
                "data.zip",
                "none.zip",
                "bad.zip",
                "a.yaml",
                "-o",
                "json",
                "--as-of",
                AS_OF,
                "--jobs",
                str(number),
            ],
        )
        for number in (1, jobs)
    ]
    assert reports[0] == reports[1]
    assert '"files": 3' in reports[0][1]
