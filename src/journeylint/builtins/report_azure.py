"""Issues for Azure Pipelines: errors and warnings as logging commands, infos as plain lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from journeylint.builtins.log_commands import (
    LONGEST_MESSAGE,
    NONE_FOUND,
    Issue,
    keep_first_equals,
    one_line,
    related_lines,
    sort_issues,
)
from journeylint.builtins.repository_paths import path_from_root, prefix_of
from journeylint.model import Severity
from journeylint.ports import Want
from journeylint.terminal import count, make_visible, show_path

if TYPE_CHECKING:
    from journeylint.model import Report

MOST_OF_A_LEVEL = 10
_TYPES = {Severity.ERROR: "error", Severity.WARNING: "warning"}
_LONGEST_CODE = 255


class AzureReporter:
    """Writes what Azure Pipelines lists on the page of a run: `##vso[task.logissue type=error;…]message`.

    Of a task it lists the first 10 errors and 10 warnings and colours all others in the log: so all are written,
    failures before findings, findings that count before others, and a last line says so where there are more. There
    is no issue less than a warning: infos are plain lines. Paths lead from the root of the repository; columns count
    code points, as in the text report. A clean run writes nothing; one that found no manifest is not clean, and
    writes a warning.

    Percent signs are written `%AZP25`, which agents read since 2021 unless DECODE_PERCENTS is set to false.
    """

    format = "azure"
    wants = frozenset({Want.REPOSITORY})

    def write(self, report: Report, stream: TextIO, *, color: bool) -> None:  # noqa: ARG002 - commands have no colours
        """Write the logging commands for *report* to *stream*, one a line."""
        stream.writelines(f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    if report.summary.is_empty:
        yield _command({"type": "warning"}, NONE_FOUND)
        return
    issues = sort_issues(report)
    for level, found in issues.items():
        tell = _log_issue if level in _TYPES else _tell_info
        for issue in found:
            yield tell(issue, prefix_of(report))
    if any(len(issues[level]) > MOST_OF_A_LEVEL for level in _TYPES):
        numbers = " and ".join([count(len(issues[level]), level.value) for level in _TYPES if issues[level]])
        yield (
            f"journeylint: {numbers}. Azure Pipelines lists the first {MOST_OF_A_LEVEL} of each level; "
            "this log has all of them."
        )


def _log_issue(issue: Issue, prefix: str | None) -> str:
    properties = {
        "type": _TYPES[issue.level],
        "sourcepath": keep_first_equals(path_from_root(prefix, issue.location.path), "./"),
        "linenumber": str(issue.location.span.line),
        "columnnumber": str(issue.location.span.column),
        "code": keep_first_equals(one_line(issue.code, _LONGEST_CODE), " "),
    }
    return _command(properties, f"{one_line(issue.name, _LONGEST_CODE)}: {_message(issue, prefix)}")


def _tell_info(issue: Issue, prefix: str | None) -> str:
    path = show_path(path_from_root(prefix, issue.location.full_path))
    span = issue.location.span
    title = one_line(f"{issue.level.value} {issue.code} {issue.name}", _LONGEST_CODE)
    return f"{path}:{span.line}:{span.column}: {title}: {_message(issue, prefix)}"


def _message(issue: Issue, prefix: str | None) -> str:
    message = one_line(issue.message, LONGEST_MESSAGE)
    return f"{message} (see {'; '.join(related_lines(issue, prefix))})" if issue.related else message


def _command(properties: dict[str, str], message: str) -> str:
    written = ";".join([make_visible(f"{name}={_escape(value)}") for name, value in properties.items() if value])
    return f"##vso[task.logissue {written}]{_escape(message)}"


def _escape(text: str) -> str:
    """*text* as the agent unescapes it, which is in the other order: `%AZP25` comes last there."""
    escaped = text.replace("%", "%AZP25").replace(";", "%3B")
    return escaped.replace("\r", "%0D").replace("\n", "%0A").replace("]", "%5D")
