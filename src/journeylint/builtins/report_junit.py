"""The report as JUnit XML, for the test pages of CI systems: a suite for each file, a case for each policy.

A case fails where a finding counts against the run, so that the test page and the exit code agree; findings that do not
count are the output of a case that passes. What could not be judged is an error. A case all of whose findings are
suppressed is skipped, and says why: it did not pass. Cases of one suite have different names, because pages keep one of
several with the same name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TextIO

from journeylint.builtins.report_text_summary import summary_lines
from journeylint.horizon_words import announced
from journeylint.one_line import join_lines
from journeylint.ports import Want
from journeylint.terminal import count, defuse_commands, painter
from journeylint.xml_text import escape_xml

if TYPE_CHECKING:
    from journeylint.model import Failure, FailureCode, Finding, Location, Report

_WHOLE_RUN = "journeylint"
_BATCH = 200
_LONGEST_REASON, _LONGEST_OWNER = 500, 100
_LINE_BREAK = "\n"  # where it cannot be written: in a replacement field


class _File(NamedTuple):
    """What there is to tell of a file: the policies with a case, and those of them that found something.

    `suppressed` are those of which every finding is suppressed.
    """

    policies: Sequence[str]
    findings: Mapping[str, Sequence[Finding]]
    suppressed: Mapping[str, Sequence[Finding]]
    failures: Mapping[FailureCode, Sequence[Failure]]


class _Counts(NamedTuple):
    """How many cases there are, and how many of them are failures, errors and skipped."""

    tests: int
    failures: int
    errors: int
    skipped: int

    def of_run(self) -> str:
        """The attributes of the whole; the schema of Jenkins' xUnit plugin has no `skipped` there."""
        return f'tests="{self.tests}" failures="{self.failures}" errors="{self.errors}"'

    def of_suite(self) -> str:
        """The attributes of a suite."""
        return f'{self.of_run()} skipped="{self.skipped}"'


class JunitReporter:
    """Writes the report for test pages; suites are sorted by path, cases are in the report's order."""

    format = "junit"
    wants = frozenset({Want.FILES})

    def write(self, report: Report, stream: TextIO, *, color: bool) -> None:  # noqa: ARG002 - XML has no colours
        """Write *report* to *stream* as one XML document that ends with a line break; it has at least one case."""
        files = _sort_by_file(report)
        counts = {path: _count_cases(file) for path, file in files.items()}
        suites: Iterator[str]
        if files:
            total = _Counts(*map(sum, zip(*counts.values(), strict=True)))
            suites = map(_Writer(report).suite, files, files.values(), counts.values())
        else:
            total, suite = _write_whole_run(report)
            suites = iter((suite,))
        stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="{_WHOLE_RUN}" {total.of_run()}>\n')
        while batch := list(islice(suites, _BATCH)):
            stream.write(defuse_commands("".join(batch)))
        stream.write("</testsuites>\n")


def _sort_by_file(report: Report) -> dict[str, _File]:
    """What there is to tell of each file, sorted by path; a file in which no policy judged anything is left out."""
    findings, suppressed = _group((*report.findings, *announced(report))), _group(report.suppressed)
    failures: dict[str, dict[FailureCode, list[Failure]]] = {}
    for failure in report.failures:
        failures.setdefault(failure.location.path, {}).setdefault(failure.code, []).append(failure)
    judged = {file.path: file.policies for file in report.files if file.policies}
    files = {}
    for path in sorted({*judged, *findings, *suppressed, *failures}):
        found = findings.get(path, {})
        left_out = {policy: ones for policy, ones in suppressed.get(path, {}).items() if policy not in found}
        policies = tuple(dict.fromkeys((*judged.get(path, ()), *found, *left_out)))
        files[path] = _File(policies, found, left_out, failures.get(path, {}))
    return files


def _group(findings: Iterable[Finding]) -> dict[str, dict[str, list[Finding]]]:
    """*findings* by path and policy."""
    grouped: dict[str, dict[str, list[Finding]]] = {}
    for finding in findings:
        grouped.setdefault(finding.location.path, {}).setdefault(finding.policy, []).append(finding)
    return grouped


def _count_cases(file: _File) -> _Counts:
    errors = len(file.failures)
    failures = sum(any(finding.counts for finding in found) for found in file.findings.values())
    return _Counts(len(file.policies) + errors, failures, errors, len(file.suppressed))


class _Writer:
    """Writes suites; keeps what recurs in them."""

    def __init__(self, report: Report) -> None:
        names = {tally.policy: tally.name for tally in report.policies}
        self._titles = {policy: escape_xml(f"{policy} {name}") for policy, name in names.items()}
        self._help = {
            policy: f"help: {escape_xml(join_lines(page.remediation))}"
            for policy, page in report.pages.items()
            if page.remediation.strip()
        }
        self._title_lists: dict[tuple[str, ...], Sequence[str]] = {}

    def suite(self, path: str, file: _File, counts: _Counts) -> str:
        shown = escape_xml(path)
        opening = f'    <testcase classname="{shown}" name="'
        closing = f'" file="{shown}"'
        errors = [self._error(opening, closing, shown, found) for found in file.failures.values()]
        cases = [f"{opening}{title}{closing}/>\n" for title in self._titles_of(file.policies)]
        if file.findings or file.suppressed:
            for index, policy in enumerate(file.policies):
                if policy in file.findings:
                    cases[index] = self._found(opening, closing, shown, file.findings[policy])
                elif policy in file.suppressed:
                    cases[index] = self._skipped(opening, closing, file.suppressed[policy])
        return f'  <testsuite name="{shown}" {counts.of_suite()}>\n{"".join(errors)}{"".join(cases)}  </testsuite>\n'

    def _titles_of(self, policies: Sequence[str]) -> Sequence[str]:
        key = tuple(policies)
        titles = self._title_lists.get(key)
        if titles is None:
            titles = self._title_lists[key] = [self._titles.get(policy) or escape_xml(policy) for policy in policies]
        return titles

    def _error(self, opening: str, closing: str, path: str, failures: Sequence[Failure]) -> str:
        first = failures[0]
        title = f"{first.code.value} {first.code.label}"
        messages = [_escape_line(failure.message) for failure in failures]
        lines = [
            f"{_place(path, failure.location)}: error {title}: {message}"
            for failure, message in zip(failures, messages, strict=True)
        ]
        return (
            f'{opening}{title}{closing} line="{first.location.span.line}">\n'
            f"{_outcome('error', 'error', messages[0], lines)}    </testcase>\n"
        )

    def _skipped(self, opening: str, closing: str, findings: Sequence[Finding]) -> str:
        first = findings[0]
        title = self._titles.get(first.policy) or escape_xml(f"{first.policy} {first.name}")
        why = _escape_line(_tell_suppression(findings))
        case = f'{opening}{title}{closing} line="{first.location.span.line}">\n'
        return f'{case}      <skipped message="{why}"/>\n    </testcase>\n'

    def _found(self, opening: str, closing: str, path: str, findings: Sequence[Finding]) -> str:
        first = findings[0]
        policy = first.policy
        title = self._titles.get(policy) or escape_xml(f"{policy} {first.name}")
        case = f'{opening}{title}{closing} line="{first.location.span.line}">\n'
        counting = [finding for finding in findings if finding.counts]
        if counting:
            messages = [_escape_line(finding.message) for finding in counting]
            lines = _tell_findings(path, title, counting, messages)
            if policy in self._help:
                lines.append(self._help[policy])
            case += _outcome("failure", counting[0].severity.value, messages[0], lines)
        if len(counting) < len(findings):
            others = [finding for finding in findings if not finding.counts]
            lines = _tell_findings(path, title, others, [_escape_line(finding.message) for finding in others])
            case += f"      <system-out>{_LINE_BREAK.join(lines)}</system-out>\n"
        return f"{case}    </testcase>\n"


def _tell_suppression(findings: Sequence[Finding]) -> str:
    """Why *findings* are suppressed, for the first of them: `2 findings suppressed until 2027-01-31 by crm-team: …`."""
    told = f"{count(len(findings), 'finding')} suppressed"
    suppression = findings[0].suppression
    if suppression is not None:
        told += "" if suppression.until is None else f" until {suppression.until.isoformat()}"
        told += f" by {suppression.owner[:_LONGEST_OWNER]}" if suppression.owner else ""
        told += f": {suppression.reason[:_LONGEST_REASON]}" if suppression.reason else ""
    return told


def _tell_findings(path: str, title: str, findings: Sequence[Finding], messages: Sequence[str]) -> list[str]:
    return [
        f"{_place(path, finding.location)}: {finding.severity.value} {title}: {message}"
        for finding, message in zip(findings, messages, strict=True)
    ]


def _place(path: str, location: Location) -> str:
    """The place in the file with the escaped *path*, or in what stands in that file."""
    path = path if location.row is None else escape_xml(location.full_path)
    return f"{path}:{location.span.line}:{location.span.column}"


def _escape_line(message: str) -> str:
    return escape_xml(join_lines(message))


def _outcome(element: str, kind: str, message: str, lines: Sequence[str]) -> str:
    """A `failure` or an `error`; *message* and *lines* are escaped."""
    return f'      <{element} message="{message}" type="{kind}">{_LINE_BREAK.join(lines)}</{element}>\n'


def _write_whole_run(report: Report) -> tuple[_Counts, str]:
    """The suite of a run that has no other: an error where there was no manifest, else a case that passes.

    Pages take a report without any case for a mistake, or for a success.
    """
    is_empty = report.summary.is_empty
    counts = _Counts(1, 0, int(is_empty), 0)
    case = f'    <testcase classname="{_WHOLE_RUN}" name="'
    if is_empty:
        lines = [escape_xml(line) for line in summary_lines(report, painter(color=False))]
        case += f'manifests found">\n{_outcome("error", "error", lines[0], lines)}    </testcase>\n'
    else:
        case += 'no policy applies"/>\n'
    return counts, f'  <testsuite name="{_WHOLE_RUN}" {counts.of_suite()}>\n{case}  </testsuite>\n'
