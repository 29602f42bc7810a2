"""What became of cases, as JUnit XML for the test pages of CI systems: a suite for each policy and pack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from journeylint.cli.cases_text import show_mutated, tell_coverage, tell_gap, tell_score
from journeylint.one_line import join_lines
from journeylint.terminal import defuse_commands
from journeylint.xml_text import escape_xml

if TYPE_CHECKING:
    from journeylint.cli.cases_report import CasesReport
    from journeylint.testing.coverage import Coverage
    from journeylint.testing.mutation import Score


class _Entry(NamedTuple):
    """A test of a suite: `failures` are why it fails, `notes` what is told anyway."""

    name: str
    file: str
    failures: Sequence[str] = ()
    notes: Sequence[str] = ()


def cases_junit(report: CasesReport) -> str:
    """The whole document, which ends with a line break."""
    result, mutation = report.result, report.mutation
    suites: list[tuple[str, list[_Entry]]] = []
    for one in result.policies:
        entries = [
            _Entry(
                case.case.path,
                case.case.path,
                [f"{path}:{line}: {join_lines(text)}" for path, line, text in case.differences()],
            )
            for case in one.cases
        ]
        entries += [_Entry(f"cases of {one.policy.id}", one.policy.file.path, one.lacks)] if one.lacks else []
        entries += _coverage_entries(one.coverage, one.policy.file.path, report)
        entries += _score_entries(mutation and mutation.policies.get(one.policy.id), one.policy.file.path, report)
        suites.append((f"{one.policy.id} {one.policy.name}", entries))
    if mutation is not None and mutation.stale:
        suites.append(("survivors", [_Entry("stale survivors", "survivors.yaml", mutation.stale)]))
    for pack in result.packs:
        entries = _coverage_entries(pack.coverage, pack.pack.file.path, report)
        entries += _score_entries(mutation and mutation.packs.get(pack.pack.name), pack.pack.file.path, report)
        suites.append((f"what {pack.pack.name} shares", entries))
    every = [entry for _, entries in suites for entry in entries]
    body = "".join(_suite(name, entries) for name, entries in suites)
    opening = f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="journeylint test" {_counts(every)}>\n'
    return f"{opening}{defuse_commands(body)}</testsuites>\n"


def _coverage_entries(coverage: Coverage | None, file: str, report: CasesReport) -> list[_Entry]:
    if coverage is None:
        return []
    told = [" ".join(tell_coverage(coverage).split()), *map(tell_gap, coverage.gaps)]
    return [_Entry("coverage", file, told, ())] if report.is_too_low(coverage) else [_Entry("coverage", file, (), told)]


def _score_entries(score: Score | None, file: str, report: CasesReport) -> list[_Entry]:
    if score is None:
        return []
    told = [" ".join(tell_score(score).split())]
    told += [
        f"{one.mutant.place}: {one.mutant.operator}: {show_mutated(one.mutant)}"
        for one in score.survivors
        if not one.reason
    ]
    return [_Entry("mutation", file, told, ())] if report.is_too_weak(score) else [_Entry("mutation", file, (), told)]


def _counts(entries: Sequence[_Entry]) -> str:
    return f'tests="{len(entries)}" failures="{sum(bool(one.failures) for one in entries)}" errors="0"'


def _suite(name: str, entries: Sequence[_Entry]) -> str:
    title = escape_xml(name)
    return f'  <testsuite name="{title}" {_counts(entries)}>\n{"".join(_case(title, one) for one in entries)}  </testsuite>\n'


def _case(title: str, entry: _Entry) -> str:
    inside = ""
    if entry.failures:
        lines = [escape_xml(line) for line in entry.failures]
        body = "\n".join(lines)
        inside = f'      <failure message="{lines[0]}" type="failure">{body}</failure>\n'
    if entry.notes:
        inside += f"      <system-out>{escape_xml_lines(entry.notes)}</system-out>\n"
    opening = f'    <testcase classname="{title}" name="{escape_xml(entry.name)}" file="{escape_xml(entry.file)}"'
    return f"{opening}>\n{inside}    </testcase>\n" if inside else f"{opening}/>\n"


def escape_xml_lines(lines: Sequence[str]) -> str:
    """*lines* escaped, each on a line of its own."""
    return "\n".join(map(escape_xml, lines))
