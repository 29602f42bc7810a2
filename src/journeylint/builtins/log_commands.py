"""What the reporters that write commands into the log of a CI system share: issues, worst first, in safe words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from journeylint.builtins.repository_paths import path_from_root
from journeylint.horizon_words import announced
from journeylint.model import Severity
from journeylint.terminal import ELLIPSIS, make_visible

if TYPE_CHECKING:
    from journeylint.model import Detail, Failure, Finding, Location, Related, Report

LONGEST_MESSAGE = 2_000  # code points; the JSON report has the whole of it
_LONGEST_PATH = 100
_LONGEST_RELATED = 120
_MOST_RELATED = 5
_JOINS_THE_LAST_CHARACTER = ("Mn", "Mc", "Me", "Cf", "Sk", "Lm")

NONE_FOUND = (
    "No manifest found, so nothing was judged: no YAML or JSON file says 'apiVersion: journeylint/v1'. "
    "Name the folder that holds your journeys, or an export of them."
)


class Issue(NamedTuple):
    """A finding or a failure, in what an issue of a CI system has; a failure is an error."""

    level: Severity
    code: str
    name: str
    message: str
    location: Location
    related: tuple[Related, ...]
    detail: Detail | None


def sort_issues(report: Report) -> dict[Severity, list[Issue]]:
    """The failures and findings of *report* by level.

    Failures come first, then findings that count against the run, then the others, each in the order of the report; those to
    come stand behind those that are there.
    """
    issues: dict[Severity, list[Issue]] = {level: [] for level in Severity}
    issues[Severity.ERROR] += map(_issue_of_failure, report.failures)
    for finding in sorted((*report.findings, *announced(report)), key=lambda finding: not finding.counts):
        issues[finding.severity].append(_issue_of_finding(finding))
    return issues


def _issue_of_failure(failure: Failure) -> Issue:
    code = failure.code
    return Issue(Severity.ERROR, code.value, code.label, failure.message, failure.location, (), failure.detail)


def _issue_of_finding(finding: Finding) -> Issue:
    return Issue(
        finding.severity,
        finding.policy,
        finding.name,
        finding.message,
        finding.location,
        finding.related,
        finding.detail,
    )


def one_line(text: str, longest: int) -> str:
    """*text*, made visible, in one line of at most *longest* code points; an ellipsis stands for what is left out."""
    shown = make_visible(" ".join(text[: longest + 1].split()))
    return shown if len(text) <= longest and len(shown) <= longest else shown[: longest - 1] + ELLIPSIS


def stand_alone(text: str) -> str:
    """*text*, with a dotted circle before a first character that would join the one before it.

    .NET finds no `::` before an accent: to it, the accent and the colon are one character.
    """
    if not text or text[0].isascii() or unicodedata.category(text[0]) not in _JOINS_THE_LAST_CHARACTER:
        return text
    return f"◌{text}"


def keep_first_equals(value: str, guard: str) -> str:
    """*value*, with *guard* before a first `=`, which the systems would take for a part of `name=`."""
    return guard + value if value.startswith("=") else value


def name_place(location: Location, prefix: str | None) -> str:
    """`path:line:column` in words for people, the path from the root of the repository (see `prefix_of`)."""
    path = shorten_path(path_from_root(prefix, location.full_path))
    return f"{path}:{location.span.line}:{location.span.column}"


def shorten_path(path: str) -> str:
    """The end of *path*, made visible, in about a hundred code points; an ellipsis stands for what is left out."""
    return make_visible(path if len(path) <= _LONGEST_PATH else ELLIPSIS + path[1 - _LONGEST_PATH :])


def related_lines(issue: Issue, prefix: str | None) -> Iterator[str]:
    """A line for each further place that *issue* points at, a few at most."""
    for related in issue.related[:_MOST_RELATED]:
        yield f"{name_place(related.location, prefix)}: {one_line(related.message, _LONGEST_RELATED)}"
    if (left_out := len(issue.related) - _MOST_RELATED) > 0:
        yield f"and {left_out:,} more"
