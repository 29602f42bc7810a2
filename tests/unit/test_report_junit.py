"""JUnit XML: which suites and cases there are, which of them fail, and what test pages make of them."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree as ET

import pytest

from journeylint.builtins.report_junit import JunitReporter
from journeylint.model import Failure, Finding, JudgedFile, Report, Severity
from journeylint.ports import Want
from tests.golden.samples import (
    BY_COMMENT,
    INSIGHTS,
    INVALID,
    OVERSIZED,
    OVERSIZED_AGAIN,
    SHORT_LEAD,
    SPRING,
    UNREADABLE,
    clean_report,
    empty_report,
    full_report,
    hostile_report,
    place,
    suppressed_report,
)

PATH = "journeys/spring-sale.yaml"
OTHER = "journeys/weekly-deals.yaml"
# What the schema of Jenkins' xUnit plugin allows, and beside it `file` and `line`, by which GitLab and actions that
# annotate pull requests find the place.
ALLOWED = {
    "testsuites": {"name", "tests", "failures", "errors"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped"},
    "testcase": {"name", "classname", "file", "line"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "skipped": {"message"},
    "system-out": set[str](),
}


def written(report: Report) -> str:
    stream = io.StringIO()
    JunitReporter().write(report, stream, color=True)
    return stream.getvalue()


def parsed(report: Report) -> ET.Element:
    return ET.fromstring(written(report))


def run(*findings: Finding, failures: tuple[Failure, ...] = (), files: tuple[JudgedFile, ...] = ()) -> ET.Element:
    report = full_report()
    summary = report.summary._replace(failures=len(failures))
    return parsed(report._replace(findings=findings, failures=failures, files=files, summary=summary))


def cases(root: ET.Element) -> list[ET.Element]:
    return [*root.iter("testcase")]


def outcome(case: ET.Element) -> list[str]:
    return [child.tag for child in case]


def counts(element: ET.Element) -> tuple[int, int, int]:
    return int(element.attrib["tests"]), int(element.attrib["failures"]), int(element.attrib["errors"])


def check_counts(root: ET.Element) -> None:
    """Hold the numbers in the attributes against the elements, and names against each other."""
    for element in (root, *root.iter("testsuite")):
        inside = cases(element)
        failures, errors = ([*element.iter(tag)] for tag in ("failure", "error"))
        assert counts(element) == (len(inside), len(failures), len(errors))
    for suite in root.iter("testsuite"):
        assert suite.attrib["skipped"] == str(len([*suite.iter("skipped")]))
    names = [(suite.attrib["name"], case.attrib["name"]) for suite in root for case in suite]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "report", [full_report(), clean_report(), empty_report(), hostile_report(), suppressed_report()]
)
def test_every_report_has_only_what_test_pages_know(report: Report) -> None:
    root = parsed(report)
    check_counts(root)
    for element in root.iter():
        assert set(element.attrib) <= ALLOWED[element.tag]
        assert element.attrib.get("name", "some")


def test_a_finding_that_counts_fails_its_case() -> None:
    (case,) = cases(run(OVERSIZED))
    assert case.attrib == {
        "classname": PATH,
        "name": "OBS004 oversized-outbound-segment",
        "file": PATH,
        "line": "14",
    }
    (failure,) = case
    assert failure.attrib == {"message": OVERSIZED.message, "type": "error"}
    finding, remedy = (failure.text or "").splitlines()
    assert finding == f"{PATH}:14:7: error OBS004 oversized-outbound-segment: {OVERSIZED.message}"
    assert remedy == (
        "help: Rebuild the segment as a real-time segment, which has no such limit. "
        "Where that cannot be, split it and use the parts one after the other."
    )


def test_a_finding_that_does_not_count_is_the_output_of_a_case_that_passes() -> None:
    root = run(SHORT_LEAD)
    (case,) = cases(root)
    assert counts(root) == (1, 0, 0)
    assert outcome(case) == ["system-out"]
    assert case[0].text == f"{PATH}:9:14: warning OBS007 short-export-lead-time: {SHORT_LEAD.message}"


def test_the_type_of_a_failure_is_the_severity_of_its_finding() -> None:
    (case,) = cases(run(SHORT_LEAD._replace(counts=True)))
    assert case[0].attrib["type"] == "warning"


def test_findings_of_one_policy_in_one_file_are_one_case() -> None:
    second = OVERSIZED._replace(message="The second.", location=place(PATH, "/spec/segments/2", (17, 7, 18, 1)))
    (case,) = cases(run(OVERSIZED, second))
    assert outcome(case) == ["failure"]
    assert case[0].attrib["message"] == OVERSIZED.message
    assert [line.split(": ")[0] for line in (case[0].text or "").splitlines()] == [
        f"{PATH}:14:7",
        f"{PATH}:17:7",
        "help",
    ]


def test_findings_of_one_policy_of_which_only_some_count_are_told_apart() -> None:
    first = OVERSIZED._replace(counts=False, severity=Severity.INFO, message="Harmless.")
    root = run(first, OVERSIZED)
    (case,) = cases(root)
    assert counts(root) == (1, 1, 0)
    assert outcome(case) == ["failure", "system-out"]
    assert case[0].attrib["message"] == OVERSIZED.message
    assert "Harmless." not in (case[0].text or "")
    assert (case[1].text or "").endswith("info OBS004 oversized-outbound-segment: Harmless.")


def test_a_policy_that_judged_a_file_and_found_nothing_is_a_case_that_passes() -> None:
    root = run(OVERSIZED, files=(JudgedFile(PATH, ("OBS004", "OBS007")), JudgedFile(OTHER, ("OBS004",))))
    assert counts(root) == (3, 1, 0)
    assert [(case.attrib["classname"], case.attrib["name"], outcome(case)) for case in cases(root)] == [
        (PATH, "OBS004 oversized-outbound-segment", ["failure"]),
        (PATH, "OBS007 short-export-lead-time", []),
        (OTHER, "OBS004 oversized-outbound-segment", []),
    ]
    assert "line" not in cases(root)[1].attrib


def test_a_suite_is_a_file_and_suites_are_sorted_by_path() -> None:
    root = run(OVERSIZED_AGAIN, OVERSIZED, failures=(UNREADABLE,), files=(JudgedFile("a.yaml", ("OBS004",)),))
    assert [suite.attrib["name"] for suite in root] == ["a.yaml", "journeys/secret.yaml", PATH, OTHER]
    check_counts(root)


def test_a_file_in_which_no_policy_judged_anything_has_no_suite() -> None:
    root = run(files=(JudgedFile("a.yaml", ()), JudgedFile("b.yaml", ("OBS004",))))
    assert [suite.attrib["name"] for suite in root] == ["b.yaml"]


def test_a_failure_is_an_error_with_its_place() -> None:
    root = run(failures=(INVALID,))
    (case,) = cases(root)
    assert counts(root) == (1, 0, 1)
    assert case.attrib["name"] == "JL002 invalid-manifest"
    assert case.attrib["line"] == "6"
    assert case[0].tag == "error"
    assert case[0].attrib == {"message": INVALID.message, "type": "error"}
    assert case[0].text == f"journeys/typo.yaml:6:3: error JL002 invalid-manifest: {INVALID.message}"


def test_failures_of_one_code_in_one_file_are_one_case_and_come_before_policies() -> None:
    path = INVALID.location.path
    failures = (INVALID, INVALID._replace(message="another"), INVALID._replace(code=UNREADABLE.code))
    root = run(failures=failures, files=(JudgedFile(path, ("OBS004",)),))
    assert [case.attrib["name"][:6] for case in cases(root)] == ["JL002 ", "JL001 ", "OBS004"]
    assert len((cases(root)[0][0].text or "").splitlines()) == 2
    check_counts(root)


def test_a_run_that_found_no_manifest_is_an_error() -> None:
    root = parsed(empty_report(files=2, skipped=3))
    (case,) = cases(root)
    assert counts(root) == (1, 0, 1)
    assert root[0].attrib["name"] == "journeylint"
    assert case[0].attrib["message"].startswith("No manifest found: none of 3 documents in 2 files says")
    assert "As of 2025-03-10T08:00:00Z." in (case[0].text or "")


def test_a_run_over_manifests_that_no_policy_judged_has_a_case_that_passes() -> None:
    root = parsed(clean_report())
    (case,) = cases(root)
    assert counts(root) == (1, 0, 0)
    assert (case.attrib["name"], outcome(case)) == ("no policy applies", [])


def test_a_run_that_found_no_manifest_but_failed_to_read_one_has_only_that_error() -> None:
    report = empty_report(files=1)
    report = report._replace(failures=(UNREADABLE,), summary=report.summary._replace(failures=1))
    (case,) = cases(parsed(report))
    assert case.attrib["name"] == "JL001 unreadable-manifest"


def test_a_policy_without_a_page_or_a_tally_is_told_by_what_is_known() -> None:
    stranger = OVERSIZED._replace(policy="NEW001", name="new")
    root = run(stranger, files=(JudgedFile(PATH, ("NEW001",)), JudgedFile(OTHER, ("NEW002",))))
    assert [case.attrib["name"] for case in cases(root)] == ["NEW001 new", "NEW002"]
    assert "help:" not in (cases(root)[0][0].text or "")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("]]><x a=\"b\" c='d'>&amp;", "]]><x a=\"b\" c='d'>&amp;"),
        ("\x00\x08\ufffe\uffff\ud800", "␀␈<U+FFFE><U+FFFF><U+D800>"),
        ("see [[ATTACHMENT|/etc/passwd]]", r"see [\[ATTACHMENT|/etc/passwd]]"),
        ("one\n  two", "one two"),
    ],
)
def test_text_is_shown_as_it_is_but_for_what_xml_or_a_page_cannot_take(text: str, shown: str) -> None:
    (case,) = cases(run(OVERSIZED._replace(message=text)))
    assert case[0].attrib["message"] == shown
    assert (case[0].text or "").splitlines()[0].endswith(f": {shown}")


def test_no_text_of_a_manifest_attaches_a_file() -> None:
    attach = "[[ATTACHMENT|secrets.txt]]"
    evil = OVERSIZED._replace(message=attach, counts=False, location=place(attach, "", (1, 1, 1, 1)))
    assert not re.search(r"\[\[ATTACHMENT\|.+\]\]", written(full_report()._replace(findings=(evil,), failures=())))


def test_no_line_of_it_is_a_command_in_a_log() -> None:
    path = ":"
    one = OVERSIZED._replace(message="##[error]a ##vso[task.x]b", location=place(path, "", (1, 1, 1, 1)))
    text = written(full_report()._replace(findings=(one, one), failures=()))
    assert not re.search(r"##(\[|vso)|^\s*::", text, re.MULTILINE)
    assert parsed(full_report()._replace(findings=(one, one), failures=()))[0].attrib["name"] == path


def test_more_suites_than_a_batch_are_one_document() -> None:
    files = tuple(JudgedFile(f"{number:04}.yaml", ("OBS004",)) for number in range(401))
    root = run(files=files)
    assert counts(root) == (401, 0, 0)
    check_counts(root)


def test_two_runs_give_the_same_bytes_and_nothing_of_the_clock() -> None:
    assert written(full_report()) == written(full_report())
    assert "time" not in {name for element in parsed(full_report()).iter() for name in element.attrib}


def test_the_reporter_asks_for_what_it_uses() -> None:
    assert JunitReporter.wants == {Want.FILES}


def test_an_info_that_counts_fails_too() -> None:
    (case,) = cases(run(INSIGHTS._replace(counts=True)))
    assert outcome(case) == ["failure"]


def test_a_case_is_skipped_if_all_that_its_policy_finds_is_suppressed() -> None:
    root = parsed(suppressed_report())
    told = {case.attrib["name"]: [one.attrib.get("message") for one in case] for case in root[0]}
    assert told == {
        "OBS007 short-export-lead-time": [None],
        "OBS012 unlinked-segment-insights": ["1 finding suppressed: CRM-1042: split in April"],
        "OBS004 oversized-outbound-segment": [
            "1 finding suppressed until 2025-03-31 by crm-team: CRM-1042: split in April"
        ],
    }
    assert [one.tag for one in root[0].iter("skipped")] == ["skipped", "skipped"]


def test_a_case_is_not_skipped_if_something_that_its_policy_finds_is_not_suppressed() -> None:
    (suppressed,) = (one for one in suppressed_report().suppressed if one.policy == "OBS004" and one.manifest == SPRING)
    report = suppressed_report()._replace(findings=(OVERSIZED,), suppressed=(suppressed,))
    (case,) = cases(parsed(report))
    assert outcome(case) == ["failure"]


def test_a_policy_that_judged_more_of_the_file_still_is_one_case() -> None:
    report = suppressed_report()._replace(files=(JudgedFile(PATH, ("OBS004", "OBS007", "OBS012")),))
    assert [case.attrib["name"][:6] for case in cases(parsed(report))][:3] == ["OBS004", "OBS007", "OBS012"]
    check_counts(parsed(report))


def test_a_reason_cannot_bring_markup_or_commands() -> None:
    evil = '"/><script>]]>\x1b[31m##vso[task.complete]\n::error::' + "x" * 10_000
    suppressed = tuple(
        one._replace(suppression=BY_COMMENT._replace(reason=evil, owner=evil)) for one in suppressed_report().suppressed
    )
    text = written(suppressed_report()._replace(suppressed=suppressed))
    assert "##vso" not in text
    assert "\n::" not in text
    assert "\x1b" not in text
    assert {element.tag for element in ET.fromstring(text).iter()} <= ALLOWED.keys()
    check_counts(ET.fromstring(text))
