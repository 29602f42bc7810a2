"""Annotations for GitHub Actions: the worst as workflow commands, the rest as numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, TextIO

from journeylint.builtins.log_commands import (
    LONGEST_MESSAGE,
    NONE_FOUND,
    Issue,
    keep_first_equals,
    one_line,
    related_lines,
    shorten_path,
    sort_issues,
    stand_alone,
)
from journeylint.builtins.repository_paths import path_from_root, prefix_of
from journeylint.model import Severity
from journeylint.ports import Want
from journeylint.terminal import count, make_visible

if TYPE_CHECKING:
    from journeylint.model import Detail, Report, Span

MOST_OF_A_LEVEL = 10
_LONGEST_TITLE = 255
_LONGEST_ANNOTATION = 4_096  # UTF-16 code units: the runner cuts what is longer
_MOST_FILES = 3
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}

_Properties = Mapping[str, str]


class GithubReporter:
    """Writes what GitHub shows beside the lines of a pull request: `::error file=,line=,…::message`.

    GitHub keeps 10 errors, 10 warnings and 10 notices of a step: failures come before findings, findings that count
    before others, and a last notice says how many more there are of each level, and in which files. Paths lead from
    the root of the repository. Columns are there where the place is in one line and that line is known: GitHub takes
    no others. They count UTF-16 code units, as GitHub's pages do, and `endColumn` is exclusive: GitHub does not
    say so, but what others found by trying and what ruff writes is that. A clean run writes nothing; one
    that found no manifest is not clean, and writes a warning.
    """

    format = "github"
    wants = frozenset({Want.LINES, Want.REPOSITORY})

    def write(self, report: Report, stream: TextIO, *, color: bool) -> None:  # noqa: ARG002 - commands have no colours
        """Write the workflow commands for *report* to *stream*, one a line."""
        stream.writelines(f"{line}\n" for line in _commands(report))


def _commands(report: Report) -> Iterator[str]:
    if report.summary.is_empty:
        yield _command("warning", {"title": "journeylint: no manifest found"}, NONE_FOUND)
        return
    issues = sort_issues(report)
    room = dict.fromkeys(Severity, MOST_OF_A_LEVEL)
    if any(len(found) > room[level] for level, found in issues.items()):
        room[Severity.INFO] -= 1  # the notice that tells of the others takes one
    for level, found in issues.items():
        for issue in found[: room[level]]:
            yield _annotation(issue, prefix_of(report))
    left_out = {level: found[room[level] :] for level, found in issues.items()}
    if any(left_out.values()):
        failures = max(len(report.failures) - room[Severity.ERROR], 0)
        yield _tell_left_out(left_out, failures, prefix_of(report))


def _annotation(issue: Issue, prefix: str | None) -> str:
    span = issue.location.span
    properties = {
        "file": keep_first_equals(path_from_root(prefix, issue.location.path), "./"),
        "line": str(span.line),
        "endLine": str(span.end_line),
        **_columns(span, issue.detail),
        "title": keep_first_equals(one_line(f"{issue.code} {issue.name}", _LONGEST_TITLE - 1), " "),
    }
    rest = "\n".join(("", *related_lines(issue, prefix), f"More: journeylint explain {one_line(issue.code, 80)}"))
    message = _cut(stand_alone(one_line(issue.message, LONGEST_MESSAGE)), _LONGEST_ANNOTATION - _units(rest))
    return _command(_COMMANDS[issue.level], properties, message + rest)


def _columns(span: Span, detail: Detail | None) -> _Properties:
    """`col` and `endColumn` in UTF-16 code units, nothing where the place takes several lines or its line is unknown."""
    at = -1 if detail is None else span.line - detail.first_line
    if detail is None or span.line != span.end_line or not 0 <= at < len(detail.lines):
        return {}
    line = detail.lines[at]
    columns = {"col": str(_utf16_column(line, span.column))}
    if span.end_column > span.column:
        columns["endColumn"] = str(_utf16_column(line, span.end_column))
    return columns


def _utf16_column(line: str, column: int) -> int:
    return column if line.isascii() else column + sum(character > "\uffff" for character in line[: column - 1])


def _tell_left_out(issues: Mapping[Severity, list[Issue]], failures: int, prefix: str | None) -> str:
    """The notice about the *issues* that are not shown, *failures* of which are failures."""
    numbers = {"failure": failures, **{level.value: len(found) for level, found in issues.items()}}
    numbers[Severity.ERROR.value] -= failures
    told = ", ".join(count(number, noun) for noun, number in numbers.items() if number)
    files = Counter(path_from_root(prefix, issue.location.path) for issue in chain(*issues.values()))
    worst = sorted(files.items(), key=lambda entry: (-entry[1], entry[0]))[:_MOST_FILES]
    where = ", ".join(f"{shorten_path(path)} ({number:,})" for path, number in worst)
    return _command(
        "notice",
        {"title": f"journeylint: {sum(map(len, issues.values())):,} more than GitHub shows"},
        f"GitHub shows {MOST_OF_A_LEVEL} annotations of each level. Not shown: {told}; "
        f"{'the most in' if len(files) > _MOST_FILES else 'in'} {where}. "
        "The text report and the SARIF log have all of them.",
    )


def _command(name: str, properties: _Properties, message: str) -> str:
    """The command, its properties made visible only when they are escaped: line breaks in a path are harmless by then."""
    pairs = [make_visible(f"{key}={_escape_property(value)}") for key, value in properties.items() if value]
    return f"::{name} {','.join(pairs)}::{_escape(message)}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _cut(text: str, units: int) -> str:
    """The beginning of *text* in at most *units* UTF-16 code units."""
    if _units(text) <= units:
        return text
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", errors="ignore")
