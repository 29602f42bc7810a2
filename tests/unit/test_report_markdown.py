"""The Markdown report: what it tells, in which order, how much of a long one, and that texts stay texts."""

from __future__ import annotations

import io
import re

import pytest

from journeylint.builtins.report_markdown import LONGEST_REPORT, MarkdownReporter
from journeylint.markdown_text import escape_code, escape_markdown
from journeylint.model import Failure, Finding, Report
from tests.golden.samples import (
    INSIGHTS,
    INVALID,
    OVERSIZED,
    OVERSIZED_AGAIN,
    SHORT_LEAD,
    UNREADABLE,
    clean_report,
    empty_report,
    full_report,
    hostile_report,
    place,
)
from tests.markdown_page import Page

PLAIN_TAGS = {
    *("h2", "p", "table", "thead", "tbody", "tr", "th", "td", "br", "code"),
    *("details", "summary", "ul", "li", "strong", "span"),
}


def written(report: Report) -> str:
    stream = io.StringIO()
    MarkdownReporter().write(report, stream, color=True)
    return stream.getvalue()


def page_of(*findings: Finding, failures: tuple[Failure, ...] = ()) -> Page:
    return Page(written(holding(*findings, failures=failures)))


def holding(*findings: Finding, failures: tuple[Failure, ...] = ()) -> Report:
    report = full_report()
    return report._replace(
        findings=findings, failures=failures, summary=report.summary._replace(failures=len(failures))
    )


def unlike(number: int, message: str = "") -> Finding:
    return OVERSIZED._replace(location=place(f"journeys/{number}.yaml", "", (1, 1, 1, 2)), message=message)


@pytest.mark.parametrize("report", [full_report(), clean_report(), empty_report(), hostile_report()])
def test_every_report_begins_with_its_heading_and_has_no_other_elements(report: Report) -> None:
    text = written(report)
    page = Page(text)
    assert text.startswith("## ")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert len(page.headings) == 1
    assert set(page.tags) <= PLAIN_TAGS


@pytest.mark.parametrize(
    ("report", "heading"),
    [
        (full_report(), "❌ journeylint: 2 failures and 2 findings to mend"),
        (holding(OVERSIZED), "❌ journeylint: 1 finding to mend"),
        (holding(failures=(INVALID,)), "❌ journeylint: 1 failure to mend"),
        (holding(SHORT_LEAD), "✅ journeylint: passed, with 1 finding"),
        (holding(SHORT_LEAD, INSIGHTS), "✅ journeylint: passed, with 2 findings"),
        (clean_report(), "✅ journeylint: passed"),
        (empty_report(), "⚠️ journeylint: no manifest found"),
    ],
)
def test_the_heading_agrees_with_the_exit_code(report: Report, heading: str) -> None:
    assert Page(written(report)).headings == [heading]


def test_the_summary_is_that_of_the_report_for_people() -> None:
    assert Page(written(full_report())).paragraphs[0] == (
        "Judged 12 journeys and 21 segments in 9 files (3 documents of other kinds skipped): 2 errors, 1 warning, 1 info, "
        "2 failures. 2 policies matched nothing: OBS011, REF002. 1 finding can be fixed by journeylint fix "
        "(1 more with --unsafe). As of 2025-03-10T08:00:00Z. "
        "More about a policy: journeylint explain OBS007"
    )


def test_findings_in_other_files_are_told() -> None:
    report = clean_report()
    report = report._replace(summary=report.summary._replace(elsewhere=3))
    assert "3 findings in files that this report is not on." in Page(written(report)).paragraphs[0]


def test_an_empty_run_says_what_to_do() -> None:
    assert Page(written(empty_report())).paragraphs[0].startswith("No manifest found: no YAML or JSON file was there")


@pytest.mark.parametrize("report", [clean_report(), empty_report()])
def test_without_findings_there_is_no_table_and_no_advice(report: Report) -> None:
    text = written(report)
    assert "|" not in text
    assert "<details>" not in text


def test_failures_come_first_then_findings_the_worst_first() -> None:
    failures, findings = Page(written(full_report())).tables
    assert [row[0].split("\n")[0] for row in failures] == ["Failure", "⛔ JL001", "⛔ JL002"]
    assert [row[0].split("\n")[0] for row in findings] == [
        "Finding",
        "❌ error OBS004",
        "❌ error OBS004",
        "⚠️ warning OBS007",
        "💡 info OBS012",
    ]


def test_findings_that_count_come_before_worse_ones_that_do_not() -> None:
    (table,) = page_of(OVERSIZED._replace(counts=False), SHORT_LEAD._replace(counts=True)).tables
    assert [row[0].split("\n")[0] for row in table[1:]] == ["⚠️ warning OBS007", "❌ error OBS004"]


def test_a_row_tells_the_policy_the_place_the_manifest_and_the_related_places() -> None:
    (table,) = page_of(OVERSIZED, OVERSIZED_AGAIN).tables
    assert table[1] == [
        "❌ error OBS004\noversized-outbound-segment",
        "journeys/spring-sale.yaml:14\nJourney spring-sale",
        f"{OVERSIZED.message}\nSee segments/agency.yaml:9: its size",
    ]
    assert table[2][1] == "journeys/weekly-deals.yaml:8\nJourney weekly-deals of contoso-uat"


def test_a_failure_of_unknown_identity_has_its_place_only() -> None:
    (table,) = page_of(failures=(UNREADABLE, INVALID)).tables
    assert [row[1] for row in table[1:]] == ["journeys/secret.yaml:1", "journeys/typo.yaml:6\nJourney typo"]


def test_each_policy_and_code_that_occurs_is_explained_once_in_the_order_of_the_tables() -> None:
    items = page_of(SHORT_LEAD, OVERSIZED, OVERSIZED_AGAIN, failures=(INVALID, INVALID)).items
    assert [item.split(":")[0] for item in items] == [
        "JL002 invalid-manifest",
        "OBS004 oversized-outbound-segment",
        "OBS007 short-export-lead-time",
    ]
    assert items[1].endswith(
        "which has no such limit.\nWhere that cannot be, split it and use the parts one after the other."
    )


def test_a_policy_without_a_page_has_no_advice() -> None:
    page = page_of(OVERSIZED._replace(policy="NEW001", name="new"))
    assert page.items == []
    assert page.tables[0][1][0] == "❌ error NEW001\nnew"


@pytest.mark.parametrize("number", [1, 2, 100])
def test_a_report_that_fits_is_whole(number: int) -> None:
    page = page_of(*map(unlike, range(number)))
    assert len(page.tables[0]) == number + 1
    assert not any("more" in text for text in page.paragraphs[1:])


@pytest.mark.parametrize("message", ["", "w" * 400, "$" * 10_000, "漢字 @team #1 " * 200])
def test_a_long_report_stays_below_what_github_takes_and_tells_what_it_leaves_out(message: str) -> None:
    findings = [unlike(number, message) for number in range(2000)]
    findings += [SHORT_LEAD] * 3
    text = written(holding(*findings, failures=(INVALID._replace(message=message),) * 2000))
    page = Page(text)
    failures, found = page.tables
    assert len(text) <= LONGEST_REPORT
    assert page.paragraphs[1].startswith(f"And {2000 - len(failures) + 1:,} more failures. ")
    left = 2000 - len(found) + 1
    assert page.paragraphs[2].startswith(f"And {left + 3:,} more findings: {left:,} errors, 3 warnings. ")


def test_a_report_at_the_limit_is_whole_and_one_row_more_is_not() -> None:
    most = len(page_of(*map(unlike, range(2000))).tables[0]) - 1
    longest = written(holding(*map(unlike, range(most))))
    assert LONGEST_REPORT - 2_000 < len(longest) <= LONGEST_REPORT
    assert "And 1 more finding: 1 error." in written(holding(*map(unlike, range(most + 1))))


def test_failures_leave_room_for_findings_but_take_all_where_there_are_none() -> None:
    many = (INVALID,) * 2000
    alone = page_of(failures=many).tables[0]
    beside = page_of(OVERSIZED, failures=many).tables
    assert len(alone) > 1.5 * len(beside[0])
    assert len(beside[1]) == 2


def test_advice_on_too_many_policies_is_cut_and_says_so() -> None:
    report = full_report()
    pages = {f"P{n}": report.pages["OBS004"]._replace(id=f"P{n}", remediation="Mend. " * 100) for n in range(100)}
    findings = tuple(OVERSIZED._replace(policy=policy) for policy in pages)
    text = written(report._replace(findings=findings, pages=pages))
    items = Page(text).items
    assert len(text) <= LONGEST_REPORT
    assert items[-1] == f"journeylint explain tells about {102 - (len(items) - 1)} more policies."


def test_a_long_message_is_cut_at_its_end_and_a_long_path_at_its_beginning() -> None:
    finding = OVERSIZED._replace(message="w" * 501, location=place("p" * 200, "", (7, 1, 7, 1)), related=())
    (table,) = page_of(finding).tables
    assert table[1][2] == "w" * 499 + "…"
    assert table[1][1].split("\n")[0] == "…" + "p" * 157 + ":7"
    (table,) = page_of(finding._replace(message="w" * 500)).tables
    assert table[1][2] == "w" * 500


def test_no_line_of_it_is_a_command_in_a_log() -> None:
    evil = OVERSIZED._replace(message="::error::a ##[error]b", location=place("##vso[task.x]::", "", (1, 1, 1, 1)))
    assert not re.search(r"##(\[|vso)|^\s*::", written(holding(evil)), re.MULTILINE)


def test_two_runs_give_the_same_bytes() -> None:
    assert written(full_report()) == written(full_report())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@team and a@example.com", "@&#8203;team and a@&#8203;example.com"),
        ("fixes #12, GH-3, gh-4, !5 and %6", "fixes #&#8203;12, GH-&#8203;3, gh-&#8203;4, !&#8203;5 and %&#8203;6"),
        ("https://evil.example", "https:&#8203;//evil.example"),
        ("WWW.evil.example", "WWW&#8203;.evil.example"),
        (":x: :+1: :100:", ":&#8203;x: :&#8203;+1: :&#8203;100:"),
        ("$a$", "<span>$</span>a<span>$</span>"),
        ("**a** _b_ ~~c~~ `d`", r"\*\*a\*\* \_b\_ \~\~c\~\~ \`d\`"),
        ("![a](b) <c> &lt;", r"!\[a\](b) &lt;c&gt; &amp;lt;"),
        ("a | b \\| c", r"a &#124; b \\&#124; c"),
        ("one\n\n# two", "one # two"),
    ],
)
def test_what_a_page_would_make_more_of_is_escaped(text: str, expected: str) -> None:
    assert escape_markdown(text, 100) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-10T09:20:00Z, 09:20:00",
        "1,200,000 members: 'vip' (80%), 4 h; # and @ alone! a/b-c.d = \"e\" {f} ^g",
        "Größe 大きい 👩\u200d💻",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert escape_markdown(text, 100) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("journeys/a.yaml:3", "`journeys/a.yaml:3`"),
        ("@team #1 <b> **c** :x:", "`@team #1 <b> **c** :x:`"),
        ("a`b", r"<code>a\`b</code>"),
        ("a|b", "<code>a&#124;b</code>"),
        ("a\\", r"<code>a\\</code>"),
        (" a", "<code> a</code>"),
        ("a\nb", "`a␊b`"),
        ("", ""),
    ],
)
def test_code_is_a_code_span_where_a_cell_can_hold_one(text: str, expected: str) -> None:
    assert escape_code(text, 100) == expected


@pytest.mark.parametrize(("length", "expected"), [(9, "a" * 9), (10, "a" * 10), (11, "a" * 9 + "…")])
def test_text_is_cut_after_so_many_characters(length: int, expected: str) -> None:
    assert escape_markdown("a" * length, 10) == expected


@pytest.mark.parametrize(("length", "expected"), [(10, "a" * 10), (11, "…" + "a" * 9)])
def test_code_is_cut_before_so_many_characters(length: int, expected: str) -> None:
    assert escape_code("a" * length, 10) == f"`{expected}`"
