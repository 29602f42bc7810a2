"""The report for people: every finding with its lines, what the verdict rests on, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from journeylint.builtins.code_frame import frame
from journeylint.builtins.report_text_summary import summary_lines
from journeylint.horizon_words import announce, tell_horizon
from journeylint.model import (
    DEFAULT_ENVIRONMENT,
    Detail,
    Failure,
    Finding,
    Fix,
    Horizon,
    Identity,
    Location,
    Outlook,
    Report,
    Severity,
)
from journeylint.ports import Want
from journeylint.terminal import (
    ELLIPSIS,
    LINE_WIDTH,
    Painter,
    Style,
    cells_of,
    defuse_commands,
    make_visible,
    painter,
    shorten,
    show_path,
    wrap,
    wrap_paragraphs,
)
from journeylint.times import format_instant

_INDENT = "  "
_LABEL_INDENT = " " * 8
_LABELLED_WIDTH = LINE_WIDTH - len(_LABEL_INDENT)
_WIDEST_EVIDENCE_NAME = 36
_WIDEST_NAME = 120
_LONGEST_MESSAGE = 2_000  # the JSON report has the whole of it
_STYLES = {Severity.ERROR: Style.ERROR, Severity.WARNING: Style.WARNING, Severity.INFO: Style.INFO}


class TextReporter:
    """Writes the report for a terminal, a log, or a problem matcher (`path:line:column: severity code name`)."""

    format = "text"
    wants = frozenset({Want.LINES, Want.EVIDENCE, Want.HORIZON, Want.FIXES})

    def write(self, report: Report, stream: TextIO, *, color: bool) -> None:
        """Write *report* to *stream*: findings, failures, what is to come if the run looked ahead, then the summary."""
        paint = painter(color=color)
        lines: list[str] = []
        explained: set[str] = set()
        for finding in report.findings:
            lines += _finding_lines(finding, paint)
            lines += _help_lines(finding, report, explained, paint)
            lines.append("")
        for failure in report.failures:
            lines += _failure_lines(failure, paint)
            lines.append("")
        if report.outlook is not None:
            lines += _outlook_lines(report, report.outlook, explained, paint)
        lines += summary_lines(report, paint)
        # The parts are harmless one by one; as a whole too, whatever stands beside what, and source lines, which are
        # printed as they are.
        stream.write(defuse_commands("\n".join(lines)) + "\n")


def _help_lines(finding: Finding, report: Report, explained: set[str], paint: Painter) -> Iterator[str]:
    """What to do, once a policy: *explained* are those that had it."""
    page = report.pages.get(finding.policy)
    if page is not None and finding.policy not in explained:
        explained.add(finding.policy)
        yield from _labelled("help:", wrap_paragraphs(page.remediation, width=_LABELLED_WIDTH), paint, Style.HELP)


def _outlook_lines(report: Report, outlook: Outlook, explained: set[str], paint: Painter) -> Iterator[str]:
    yield paint(f"To come until {format_instant(outlook.until)}, if nothing is changed:", Style.BOLD)
    yield ""
    for finding in outlook.findings:
        announcement = f"{announce(finding, report.pages.get(finding.policy))}."
        yield from _finding_lines(finding, paint, announcement)
        yield from _help_lines(finding, report, explained, paint)
        yield ""
    if not outlook.findings:
        yield from wrap("No more findings than there are now.", first=_INDENT)
        yield ""
    for one in outlook.unknown:
        told = (
            f"{one.policy} {one.name}: nobody can tell what it will say, for its verdict hangs on now by '{one.reads}'."
        )
        yield from wrap(make_visible(told), first=_INDENT, rest=_INDENT)
        yield ""


def _finding_lines(finding: Finding, paint: Painter, announcement: str = "") -> Iterator[str]:
    style = _STYLES[finding.severity]
    title = f"{finding.policy} {finding.name}"
    yield _headline(finding.location, finding.severity.value, title, finding.manifest, paint=paint, style=style)
    if announcement:
        yield from (paint(line, Style.BOLD) for line in _message_lines(announcement))
    yield from _message_lines(finding.message)
    if finding.detail is not None:
        yield from _frame_lines(finding.location, finding.detail, paint=paint, style=style)
        yield from _evidence_lines(finding.detail, paint)
    places = [f"{_place(related.location)}: {make_visible(related.message)}" for related in finding.related]
    yield from _labelled("see:", places, paint)
    if finding.horizon is not None and finding.horizon != Horizon():  # what holds for good goes without saying
        yield from _labelled("time:", [make_visible(tell_horizon(finding.horizon))], paint)
    if finding.detail is not None and finding.detail.fix is not None:
        yield from _labelled("fix:", _wrap_fix(finding.detail.fix), paint, Style.HELP)


def _wrap_fix(fix: Fix) -> list[str]:
    if fix.refusal:
        return wrap(f"journeylint cannot fix this here: {fix.refusal}", width=_LABELLED_WIDTH)
    return wrap(f"{fix.title.rstrip('.')} (journeylint fix{'' if fix.is_safe else ' --unsafe'})", width=_LABELLED_WIDTH)


def _failure_lines(failure: Failure, paint: Painter) -> Iterator[str]:
    title = f"{failure.code.value} {failure.code.label}"
    yield _headline(failure.location, "error", title, failure.manifest, paint=paint, style=Style.ERROR)
    yield from _message_lines(failure.message)
    if failure.detail is not None:
        yield from _frame_lines(failure.location, failure.detail, paint=paint, style=Style.ERROR)
        yield from _evidence_lines(failure.detail, paint)


def _headline(
    location: Location, severity: str, title: str, manifest: Identity | None, *, paint: Painter, style: Style
) -> str:
    line = f"{paint(_place(location), Style.BOLD)}: {paint(f'{severity} {make_visible(title)}', style)}"
    return line if manifest is None else f"{line} {paint(f'in {_name_manifest(manifest)}', Style.DIM)}"


def _name_manifest(manifest: Identity) -> str:
    kind, name, environment = (
        shorten(part, _WIDEST_NAME) for part in (manifest.kind, manifest.name, manifest.environment)
    )
    return f"{kind} {name}" if manifest.environment == DEFAULT_ENVIRONMENT else f"{kind} {name} of {environment}"


def _message_lines(message: str) -> list[str]:
    if len(message) > _LONGEST_MESSAGE:
        message = message[:_LONGEST_MESSAGE] + ELLIPSIS
    return wrap(message, first=_INDENT, rest=_INDENT)


def _place(location: Location) -> str:
    return f"{show_path(location.full_path)}:{location.span.line}:{location.span.column}"


def _frame_lines(location: Location, detail: Detail, *, paint: Painter, style: Style) -> list[str]:
    return frame(detail.lines, detail.first_line, span=location.span, paint=paint, style=style, indent=_INDENT)


def _evidence_lines(detail: Detail, paint: Painter) -> Iterator[str]:
    names = [shorten(name, _WIDEST_EVIDENCE_NAME) for name, _ in detail.evidence]
    widest = max(map(cells_of, names), default=0)
    room = _LABELLED_WIDTH - widest - len(" = ")
    rows = [
        paint(f"{name}{' ' * (widest - cells_of(name))} = {shorten(value, room)}", Style.DIM)
        for name, (_, value) in zip(names, detail.evidence, strict=True)
    ]
    yield from _labelled("with:", rows, paint)


def _labelled(label: str, lines: list[str], paint: Painter, style: Style = Style.BOLD) -> Iterator[str]:
    """*lines* indented, with *label* before the first."""
    gap = " " * (len(_LABEL_INDENT) - len(_INDENT) - len(label))
    for number, line in enumerate(lines):
        lead = _LABEL_INDENT if number else f"{_INDENT}{paint(label, style)}{gap}"
        yield f"{lead}{line}" if line else ""
