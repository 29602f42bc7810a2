"""The report as GitHub-flavoured Markdown: a comment on a pull request, or the summary of a step of GitHub Actions.

It has the result, what could not be judged, the findings, the worst first, and what to do about them. GitHub refuses a
comment of more than 65,536 characters, so that what is longer is cut, and how much that was is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, TextIO

from journeylint.builtins.report_text_summary import summary_lines
from journeylint.failure_pages import FAILURE_PAGES
from journeylint.horizon_words import announced
from journeylint.markdown_text import escape_code, escape_markdown
from journeylint.model import DEFAULT_ENVIRONMENT, Severity
from journeylint.ports import Want
from journeylint.terminal import count, painter
from journeylint.wording import join_choices

if TYPE_CHECKING:
    from journeylint.model import Failure, Finding, Identity, Location, Related, Report

LONGEST_REPORT = 60_000  # characters of the whole
_LONGEST_ADVICE = 12_000  # of the list of what to do
_RESERVED = 1_000  # for headers, and for what tells of what is left out
_LONGEST_SUMMARY = 2_000  # these are characters of texts, which take more as Markdown
_LONGEST_REMEDY = 1_000
_LONGEST_MESSAGE = 500
_LONGEST_PATH = 160
_LONGEST_NAME = 60
_LONGEST_RELATED = 80
_MOST_RELATED = 2
_MARKS = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.INFO: "💡"}
_FAILURE_MARK = "⛔"
_ELSEWHERE = "All of them are in the other reports, such as `-o text` and `-o json`."


class MarkdownReporter:
    """Writes the report for a page; of a long one as much as fits into `LONGEST_REPORT` characters."""

    format = "markdown"
    wants: frozenset[Want] = frozenset()

    def write(self, report: Report, stream: TextIO, *, color: bool) -> None:  # noqa: ARG002 - Markdown has no colours
        """Write *report* to *stream* as Markdown that begins with a heading and ends with a line break."""
        findings, upcoming = _sort(report.findings), _sort(announced(report))
        head = f"## {_tell_result(report)}\n\n{_tell_summary(report)}\n"
        advice = _write_advice(report, [*findings, *upcoming])
        room = LONGEST_REPORT - len(head) - len(advice) - _RESERVED
        failures = _write_failures(report.failures, room // 2 if findings or upcoming else room)
        now = _write_findings(findings, (room - len(failures)) // (2 if upcoming else 1))
        later = _write_findings(upcoming, room - len(failures) - len(now), to_come=True)
        stream.write(head + failures + now + later + advice)


def _sort(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (not finding.counts, finding.severity.rank))


def _tell_result(report: Report) -> str:
    """The heading, which agrees with the exit code."""
    summary = report.summary
    if summary.is_empty:
        return "⚠️ journeylint: no manifest found"
    counting = sum(finding.counts for finding in report.findings)
    upcoming = 0 if report.outlook is None else sum(finding.counts for finding in report.outlook.findings)
    told = ((summary.failures, "failure"), (counting, "finding"), (upcoming, "upcoming finding"))
    bad = [count(number, noun) for number, noun in told if number]
    if bad:
        return f"❌ journeylint: {join_choices(bad, last='and')} to mend"
    found = f", with {count(len(report.findings), 'finding')}" if report.findings else ""
    return f"✅ journeylint: passed{found}"


def _tell_summary(report: Report) -> str:
    return escape_markdown(" ".join(summary_lines(report, painter(color=False))), _LONGEST_SUMMARY)


def _write_failures(failures: Sequence[Failure], room: int) -> str:
    """The table of *failures*, as many as fit into *room* characters, or nothing where there are none."""
    rows = [*_fill(map(_failure_row, failures), room)]
    table = _write_table(("Failure", "Where", "Why it could not be judged"), rows)
    left = len(failures) - len(rows)
    return f"{table}\nAnd {count(left, 'more failure')}. {_ELSEWHERE}\n" if left else table


def _write_findings(findings: Sequence[Finding], room: int, *, to_come: bool = False) -> str:
    rows = [*_fill(map(_finding_row, findings), room)]
    table = _write_table(("Upcoming finding" if to_come else "Finding", "Where", "What is wrong"), rows)
    left = Counter(finding.severity for finding in findings[len(rows) :])
    if not left:
        return table
    parts = ", ".join(count(left[severity], severity.value) for severity in Severity if left[severity])
    noun = "more upcoming finding" if to_come else "more finding"
    return f"{table}\nAnd {count(left.total(), noun)}: {parts}. {_ELSEWHERE}\n"


def _write_table(header: Sequence[str], rows: Sequence[str]) -> str:
    if not rows:
        return ""
    return "\n".join(("", f"| {' | '.join(header)} |", f"| {' | '.join('---' for _ in header)} |", *rows, ""))


def _fill(rows: Iterable[str], room: int) -> Iterable[str]:
    """The first of *rows* that fit, with their line breaks, into *room* characters."""
    for row in rows:
        room -= len(row) + 1
        if room < 0:
            return
        yield row


def _failure_row(failure: Failure) -> str:
    title = _name_policy(_FAILURE_MARK, failure.code.value, failure.code.label)
    where = _place(failure.location)
    if failure.manifest is not None:
        where += f"<br>{_name_manifest(failure.manifest)}"
    return f"| {title} | {where} | {escape_markdown(failure.message, _LONGEST_MESSAGE)} |"


def _finding_row(finding: Finding) -> str:
    severity = finding.severity
    title = _name_policy(f"{_MARKS[severity]} {severity.value}", finding.policy, finding.name)
    where = f"{_place(finding.location)}<br>{_name_manifest(finding.manifest)}"
    message = escape_markdown(finding.message, _LONGEST_MESSAGE)
    return f"| {title} | {where} | {message}{''.join(map(_see, finding.related[:_MOST_RELATED]))} |"


def _name_policy(mark: str, policy: str, name: str) -> str:
    return f"{mark} {escape_code(policy, _LONGEST_NAME)}<br>{escape_markdown(name, _LONGEST_NAME)}"


def _name_manifest(manifest: Identity) -> str:
    kind, name, environment = (
        escape_markdown(part, _LONGEST_NAME) for part in (manifest.kind, manifest.name, manifest.environment)
    )
    return f"{kind} {name}" if manifest.environment == DEFAULT_ENVIRONMENT else f"{kind} {name} of {environment}"


def _place(location: Location) -> str:
    return escape_code(f"{location.full_path}:{location.span.line}", _LONGEST_PATH)


def _see(related: Related) -> str:
    return f"<br>See {_place(related.location)}: {escape_markdown(related.message, _LONGEST_RELATED)}"


def _write_advice(report: Report, findings: Iterable[Finding]) -> str:
    """What to do about each code and policy that occurs, in the order of the tables."""
    codes = dict.fromkeys(failure.code for failure in report.failures)
    items = [_advise(code.value, code.label, FAILURE_PAGES[code].remedy) for code in codes]
    for policy in dict.fromkeys(finding.policy for finding in findings):
        page = report.pages.get(policy)
        if page is not None and page.remediation.strip():
            items.append(_advise(policy, page.name, page.remediation))
    if not items:
        return ""
    shown = [*_fill(items, _LONGEST_ADVICE)]
    left = len(items) - len(shown)
    more = (f"- `journeylint explain` tells about {count(left, 'more policy')}.",) if left else ()
    return "\n".join(chain(("", "<details><summary>What to do</summary>", ""), shown, more, ("", "</details>", "")))


def _advise(policy: str, name: str, remedy: str) -> str:
    lines = [escape_markdown(line, _LONGEST_REMEDY) for line in remedy.strip().split("\n") if line.strip()]
    return f"- **{escape_code(policy, _LONGEST_NAME)} {escape_markdown(name, _LONGEST_NAME)}**: {'<br>'.join(lines)}"
