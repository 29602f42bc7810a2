"""Annotations for GitHub Actions: which, in which order, where, and in which words."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from journeylint.builtins.report_github import GithubReporter
from journeylint.model import Detail, Failure, Finding, Related, Report, Repository, Severity
from tests.contract.command_line import journey, run_in, write
from tests.golden.samples import (
    INSIGHTS,
    INVALID,
    OVERSIZED,
    SHORT_LEAD,
    UNREADABLE,
    clean_report,
    empty_report,
    full_report,
    hostile_report,
    place,
)


def written(report: Report) -> list[str]:
    stream = io.StringIO()
    GithubReporter().write(report, stream, color=False)
    text = stream.getvalue()
    assert not text or text.endswith("\n")
    return text.split("\n")[:-1]


def of(*findings: Finding, failures: tuple[Failure, ...] = (), repository: Repository | None = None) -> Report:
    return full_report()._replace(findings=findings, failures=failures, repository=repository)


def properties(line: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in line.split("::")[1].partition(" ")[2].split(","))


def message(line: str) -> str:
    return line.split("::", 2)[2]


def many(finding: Finding, number: int) -> list[Finding]:
    """*finding* in *number* files of its own, named after its severity."""
    return [
        finding._replace(location=finding.location._replace(path=f"{finding.severity.value}{index:02}.yaml"))
        for index in range(number)
    ]


def commands(lines: list[str]) -> list[str]:
    return [line.split(" ", 1)[0].removeprefix("::") for line in lines]


def test_a_report_is_annotations_worst_first() -> None:
    assert written(full_report()) == [
        (
            "::error file=journeys/secret.yaml,line=1,endLine=1,title=JL001 unreadable-manifest::"
            "the file cannot be read: permission denied%0AMore: journeylint explain JL001"
        ),
        (
            "::error file=journeys/typo.yaml,line=6,endLine=6,col=3,endColumn=12,title=JL002 invalid-manifest::"
            "unknown property 'frequnecy' - did you mean 'frequency'?%0AMore: journeylint explain JL002"
        ),
        (
            "::error file=journeys/spring-sale.yaml,line=14,endLine=15,title=OBS004 oversized-outbound-segment::"
            "The outbound segment 'agency-prospects' has 1,200,000 members: outbound segments of 750,000 and more do not "
            "export reliably.%0Asegments/agency.yaml:9:16: its size%0AMore: journeylint explain OBS004"
        ),
        (
            "::error file=journeys/weekly-deals.yaml,line=8,endLine=12,title=OBS004 oversized-outbound-segment::"
            "The outbound segment 'everybody' has 2,000,000 members.%0AMore: journeylint explain OBS004"
        ),
        (
            "::warning file=journeys/spring-sale.yaml,line=9,endLine=9,col=14,endColumn=33,"
            "title=OBS007 short-export-lead-time::The journey starts 20 min after it is published, and its outbound "
            "segments need at least 4 h to export.%0AMore: journeylint explain OBS007"
        ),
        (
            "::notice file=journeys/spring-sale.yaml,line=11,endLine=15,title=OBS012 unlinked-segment-insights::"
            "Insights of this journey will link to the exported copy.%0AMore: journeylint explain OBS012"
        ),
    ]


def test_a_clean_run_writes_nothing() -> None:
    assert written(clean_report()) == []


def test_a_run_without_a_manifest_is_a_warning() -> None:
    (line,) = written(empty_report(files=3, skipped=4))
    assert line.startswith("::warning title=journeylint%3A no manifest found::No manifest found, so nothing was judged")


def test_a_run_that_only_failed_tells_the_failure() -> None:
    report = empty_report()._replace(
        failures=(UNREADABLE,), summary=empty_report().summary._replace(manifests=0, failures=1)
    )
    assert commands(written(report)) == ["error"]


def test_findings_that_count_come_before_others_of_their_level() -> None:
    lazy, eager = many(SHORT_LEAD, 2)
    lines = written(of(lazy, eager._replace(counts=True)))
    assert [properties(line)["file"] for line in lines] == ["warning01.yaml", "warning00.yaml"]


def test_failures_come_before_errors_that_count() -> None:
    lines = written(of(OVERSIZED, failures=(INVALID,)))
    assert [properties(line)["title"][:6] for line in lines] == ["JL002 ", "OBS004"]


def test_ten_of_each_level_are_shown_without_further_words() -> None:
    lines = written(of(*many(OVERSIZED, 10), *many(SHORT_LEAD, 10), *many(INSIGHTS, 10)))
    assert commands(lines) == ["error"] * 10 + ["warning"] * 10 + ["notice"] * 10
    assert all("not shown" not in line.casefold() for line in lines)


def test_an_eleventh_error_takes_a_notice_that_tells_what_is_left_out() -> None:
    lines = written(of(*many(OVERSIZED, 11), *many(SHORT_LEAD, 10), *many(INSIGHTS, 10)))
    assert commands(lines) == ["error"] * 10 + ["warning"] * 10 + ["notice"] * 10
    assert properties(lines[-1]) == {"title": "journeylint%3A 2 more than GitHub shows"}
    assert "Not shown: 1 error, 1 info; in error10.yaml (1), info09.yaml (1). The text report" in lines[-1]


def test_an_eleventh_info_leaves_nine_and_the_notice() -> None:
    lines = written(of(*many(INSIGHTS, 11)))
    assert commands(lines) == ["notice"] * 10
    assert "Not shown: 2 infos; in info09.yaml (1), info10.yaml (1)." in lines[-1]


def test_failures_that_are_left_out_are_counted_as_such() -> None:
    lines = written(of(OVERSIZED, failures=(INVALID,) * 12))
    assert commands(lines) == ["error"] * 10 + ["notice"]
    assert "Not shown: 2 failures, 1 error; in journeys/typo.yaml (2), journeys/spring-sale.yaml (1)." in lines[-1]


def test_of_many_files_those_with_the_most_are_named() -> None:
    findings = [*many(OVERSIZED, 14), *[OVERSIZED] * 3]
    lines = written(of(*findings, repository=Repository("crm/")))
    assert "the most in crm/journeys/spring-sale.yaml (3), crm/error10.yaml (1), crm/error11.yaml (1)." in lines[-1]


@pytest.mark.parametrize(
    ("prefix", "path", "file"),
    [
        ("", "journeys/a.yaml", "journeys/a.yaml"),
        ("crm/", "journeys/a.yaml", "crm/journeys/a.yaml"),
        ("crm/deep/", "../a.yaml", "crm/a.yaml"),
        ("crm/", "../../a.yaml", "../a.yaml"),
        ("crm/", "/elsewhere/a.yaml", "/elsewhere/a.yaml"),
        (None, "../a.yaml", "../a.yaml"),
        ("crm/", "a, b: 50%.yaml", "crm/a%2C b%3A 50%25.yaml"),
        (None, "::error::x.yaml", "%3A%3Aerror%3A%3Ax.yaml"),
        (None, "=a.yaml", "./=a.yaml"),
    ],
)
def test_paths_lead_from_the_root_of_the_repository(prefix: str | None, path: str, file: str) -> None:
    finding = OVERSIZED._replace(location=place(path, "", (1, 1, 1, 2)))
    (line,) = written(of(finding, repository=None if prefix is None else Repository(prefix)))
    assert properties(line)["file"] == file


@pytest.mark.parametrize(
    ("detail", "span", "expected"),
    [
        (Detail(3, ("a: b",)), (3, 4, 3, 5), ("4", "5")),
        (Detail(2, ("first", "é𝄞: b")), (3, 5, 3, 6), ("6", "7")),
        (Detail(3, ("a: 𝄞𝄞",)), (3, 4, 3, 6), ("4", "8")),
        (Detail(3, ("a:",)), (3, 3, 3, 3), ("3", None)),
        (Detail(3, ("a: b", "c: d")), (3, 1, 4, 5), (None, None)),
        (Detail(), (3, 4, 3, 5), (None, None)),
        (Detail(1, ("a: b",)), (3, 4, 3, 5), (None, None)),
        (Detail(4, ("a: b",)), (3, 4, 3, 5), (None, None)),
        (None, (3, 4, 3, 5), (None, None)),
    ],
)
def test_columns_are_utf_16_units_of_a_line_that_is_known(
    detail: Detail | None, span: tuple[int, int, int, int], expected: tuple[str | None, str | None]
) -> None:
    (line,) = written(of(OVERSIZED._replace(location=place("a.yaml", "", span), detail=detail)))
    found = properties(line)
    assert (found.get("col"), found.get("endColumn")) == expected
    assert (found["line"], found["endLine"]) == (str(span[0]), str(span[2]))


def test_line_breaks_of_a_message_are_blanks() -> None:
    (line,) = written(of(INSIGHTS._replace(message="one\r\n two\u2028three\n")))
    assert message(line) == "one two three%0AMore: journeylint explain OBS012"


def test_percent_signs_of_a_message_are_escaped_first() -> None:
    (line,) = written(of(INSIGHTS._replace(message="100%0A off")))
    assert message(line).startswith("100%250A off%0A")


def test_a_message_that_begins_with_an_accent_cannot_take_the_colon() -> None:
    (line,) = written(of(INSIGHTS._replace(message="\u0301,file=other::x")))
    assert message(line).startswith("◌\u0301,file=other::x%0A")


def test_a_message_without_end_is_cut_to_what_the_runner_keeps() -> None:
    related = tuple(Related("r" * 500, place("p" * 500, "", (1, 1, 1, 2))) for _ in range(7))
    for character, units in (("x", 1), ("𝄞", 2)):
        (line,) = written(of(OVERSIZED._replace(message=character * 5_000, related=related)))
        text = message(line).replace("%0A", "\n")
        assert len(text.encode("utf-16-le")) // 2 <= 4_096
        assert text.split("\n")[0].count(character) * units > 1_000
        assert text.endswith("\nand 2 more\nMore: journeylint explain OBS004")


def test_a_name_without_end_is_cut_to_what_github_takes() -> None:
    (line,) = written(of(OVERSIZED._replace(name="n" * 300)))
    assert len(properties(line)["title"]) == 254
    assert properties(line)["title"].endswith("n…")


def test_hostile_text_stays_within_its_commands() -> None:
    lines = written(hostile_report())
    assert commands(lines) == ["error"] * 5
    assert all(re.fullmatch(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\u202e]+", line) for line in lines)


def test_infos_are_notices() -> None:
    finding = OVERSIZED._replace(severity=Severity.INFO)
    assert commands(written(of(finding))) == ["notice"]


def test_a_run_annotates_the_line_in_the_repository(tmp_path: Path) -> None:
    use = "justification: 𝄞, name: gone, role: audience"
    write(tmp_path, {".git/HEAD": "ref: refs/heads/main\n", "crm/a.yaml": journey("", use)})
    status, out, err = run_in(tmp_path / "crm", ["check", "-o", "github", "--as-of", "2025-03-01"])
    assert (status, err) == (1, "")
    (line,) = out.splitlines()
    assert line.startswith("::error file=crm/a.yaml,line=7,endLine=7,col=5,endColumn=52,title=REF001 unknown-segment::")
