"""The report for people: every finding with its lines, what the verdict rests on, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from journeylint.builtins.code_frame import frame
from journeylint.builtins.report_text_summary import summary_lines
from journeylint.model import DEFAULT_ENVIRONMENT, Detail, Failure, Finding, Identity, Location, Report, Severity
from journeylint.terminal import (
    LINE_WIDTH,
    Painter,
    Style,
    cells_of,
    make_visible,
    painter,
    shorten,
    wrap,
    wrap_paragraphs,
)

_INDENT = "  "
_LABEL_INDENT = " " * 8
_WIDEST_EVIDENCE_NAME = 36
_STYLES = {Severity.ERROR: Style.ERROR, Severity.WARNING: Style.WARNING, Severity.INFO: Style.INFO}


class TextReporter:
    """Writes the report for a terminal, a log, or a problem matcher (`path:line:column: severity code name`)."""

    format = "text"
    wants_detail = True

    def write(self, report: Report, stream: TextIO, *, color: bool) -> None:
        """Write *report* to *stream*: findings, failures, then the summary."""
        paint = painter(color=color)
        lines: list[str] = []
        explained: set[str] = set()
        for finding in report.findings:
            lines += _finding_lines(finding, paint)
            page = report.pages.get(finding.policy)
            if page is not None and finding.policy not in explained:
                explained.add(finding.policy)
                lines += _labelled("help:", wrap_paragraphs(page.remediation, rest=_LABEL_INDENT), paint, Style.HELP)
            lines.append("")
        for failure in report.failures:
            lines += _failure_lines(failure, paint)
            lines.append("")
        lines += summary_lines(report, paint)
        stream.write("\n".join(lines) + "\n")


def _finding_lines(finding: Finding, paint: Painter) -> Iterator[str]:
    style = _STYLES[finding.severity]
    title = f"{finding.policy} {finding.name}"
    yield _headline(finding.location, finding.severity.value, title, finding.manifest, paint=paint, style=style)
    yield from wrap(finding.message, first=_INDENT, rest=_INDENT)
    if finding.detail is not None:
        yield from _frame_lines(finding.location, finding.detail, paint=paint, style=style)
        yield from _evidence_lines(finding.detail, paint)
    places = [f"{_place(related.location)}: {make_visible(related.message)}" for related in finding.related]
    yield from _labelled(
        "see:", [f"{_LABEL_INDENT if number else ''}{place}" for number, place in enumerate(places)], paint
    )


def _failure_lines(failure: Failure, paint: Painter) -> Iterator[str]:
    title = f"{failure.code.value} {failure.code.label}"
    yield _headline(failure.location, "error", title, failure.manifest, paint=paint, style=Style.ERROR)
    yield from wrap(failure.message, first=_INDENT, rest=_INDENT)
    if failure.detail is not None:
        yield from _frame_lines(failure.location, failure.detail, paint=paint, style=Style.ERROR)
        yield from _evidence_lines(failure.detail, paint)


def _headline(
    location: Location, severity: str, title: str, manifest: Identity | None, *, paint: Painter, style: Style
) -> str:
    line = f"{paint(_place(location), Style.BOLD)}: {paint(f'{severity} {make_visible(title)}', style)}"
    return line if manifest is None else f"{line} {paint(f'in {_name_manifest(manifest)}', Style.DIM)}"


def _name_manifest(manifest: Identity) -> str:
    where = "" if manifest.environment == DEFAULT_ENVIRONMENT else f" of {make_visible(manifest.environment)}"
    return f"{make_visible(manifest.kind)} {make_visible(manifest.name)}{where}"


def _place(location: Location) -> str:
    return f"{make_visible(location.path)}:{location.span.line}:{location.span.column}"


def _frame_lines(location: Location, detail: Detail, *, paint: Painter, style: Style) -> list[str]:
    return frame(detail.lines, detail.first_line, span=location.span, paint=paint, style=style, indent=_INDENT)


def _evidence_lines(detail: Detail, paint: Painter) -> Iterator[str]:
    names = [shorten(name, _WIDEST_EVIDENCE_NAME) for name, _ in detail.evidence]
    widest = max(map(cells_of, names), default=0)
    room = LINE_WIDTH - len(_LABEL_INDENT) - widest - len(" = ")
    rows: list[str] = []
    for name, (_, value) in zip(names, detail.evidence, strict=True):
        row = f"{name}{' ' * (widest - cells_of(name))} = {shorten(value, room)}"
        rows.append(f"{_LABEL_INDENT if rows else ''}{paint(row, Style.DIM)}")
    yield from _labelled("with:", rows, paint)


def _labelled(label: str, lines: list[str], paint: Painter, style: Style = Style.BOLD) -> Iterator[str]:
    """*lines* with *label* before the first, whose text begins where that of the others does."""
    for number, line in enumerate(lines):
        yield (
            line
            if number
            else f"{_INDENT}{paint(label, style)}{' ' * (len(_LABEL_INDENT) - len(_INDENT) - len(label))}{line}"
        )
