"""The last lines of the report for people: what was judged, with which result, and what no policy looked at."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from journeylint.model import Severity, SuppressionForm
from journeylint.terminal import Painter, Style, count, make_visible
from journeylint.times import format_instant

if TYPE_CHECKING:
    from journeylint.model import Finding, JudgedExport, Outlook, Report, Summary

_MOST_TABLES = 10
_LONGEST_LIST = 15
_STYLES = {Severity.ERROR: Style.ERROR, Severity.WARNING: Style.WARNING, Severity.INFO: Style.INFO}


def summary_lines(report: Report, paint: Painter) -> list[str]:
    """The summary of *report* in a few lines; a clean run and an empty one say so."""
    as_of = paint(f"As of {format_instant(report.as_of)}.", Style.DIM)
    summary = report.summary
    if summary.is_empty:
        return [paint(_tell_none_found(summary), Style.WARNING), as_of]
    result = _tell_result(summary, paint)
    lines = [f"{_tell_judged(report)}{f': {result}' if result else ''}."]
    if not report.findings and not summary.failures:
        is_calm = report.outlook is None or not report.outlook.findings
        lines.insert(0, paint("No findings." if is_calm else "No findings yet.", Style.SUCCESS))
    if report.exports:
        lines += _tell_unread(report.exports)
    if summary.elsewhere:
        lines.append(f"{count(summary.elsewhere, 'finding')} in files that this report is not on.")
    if report.suppressed:
        lines.append(_tell_suppressed(report.suppressed))
    if unmatched := _tell_unmatched(report):
        lines.append(unmatched)
    if fixable := _tell_fixable(report):
        lines.append(fixable)
    if report.outlook is not None:
        lines.append(f"{_tell_upcoming(report.outlook, paint)} until {format_instant(report.outlook.until)}.")
    if report.findings:
        example = make_visible(report.findings[0].policy)
        as_of += paint(f" More about a policy: journeylint explain {example}", Style.DIM)
    return [*lines, as_of]


_WRITTEN = {
    SuppressionForm.COMMENT: "by comments",
    SuppressionForm.METADATA: "by their manifests",
    SuppressionForm.CONFIGURATION: "by the configuration",
    SuppressionForm.BASELINE: "by the baseline",
}


def _tell_suppressed(suppressed: Sequence[Finding]) -> str:
    """How many findings each form suppressed, and how to see why: `1 suppressed by comments and 2 by the baseline`."""
    counts = Counter(finding.suppression.form for finding in suppressed if finding.suppression is not None)
    parts = [f"{counts[form]:,} {by}" for form, by in _WRITTEN.items() if counts[form]]
    told = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    return f"Suppressed {told}. Who, why and until when: journeylint suppressions"


def _tell_unread(exports: Sequence[JudgedExport]) -> Iterator[str]:
    """`1 row of tables that nobody reads: account.`, if there are such rows."""
    unread = Counter[str]()
    for export in exports:
        unread.update({table.table: table.rows for table in export.tables if not table.is_read})
    if unread:
        names = sorted(unread)
        more = f" and {len(names) - _MOST_TABLES:,} more" if len(names) > _MOST_TABLES else ""
        told = ", ".join(map(make_visible, names[:_MOST_TABLES]))
        yield f"{count(unread.total(), 'row')} of tables that nobody reads: {told}{more}."


def _tell_unmatched(report: Report) -> str:
    """`3 policies matched nothing: REF002, REF004, RTL007.`, if there are such though manifests of their kind are there.

    A long row of policies of one pack is told by its ends: `RTL001 to RTL031`.
    """
    rows: list[list[str]] = []
    before: str | None = None
    for tally in report.policies:
        if tally.matched or not report.kinds.get(tally.kind, 0):
            before = None
            continue
        prefix = tally.policy.rstrip("0123456789")
        if prefix != before:
            rows.append([])
        rows[-1].append(make_visible(tally.policy))
        before = prefix
    if not rows:
        return ""
    told = ", ".join(f"{row[0]} to {row[-1]}" if len(row) > _LONGEST_LIST else ", ".join(row) for row in rows)
    return f"{count(sum(map(len, rows)), 'policy')} matched nothing: {told}."


def _tell_upcoming(outlook: Outlook, paint: Painter) -> str:
    """`To come: 1 error, 2 warnings`, and of how many policies nobody can tell."""
    counts = Counter(finding.severity for finding in outlook.findings)
    told = [paint(count(counts[one], one.value), style) for one, style in _STYLES.items() if counts[one]]
    unknown = f"; of {count(len(outlook.unknown), 'policy')} nobody can tell what is to come" if outlook.unknown else ""
    return f"To come: {', '.join(told) or 'nothing'}{unknown},"


def _tell_fixable(report: Report) -> str:
    """How many findings can be mended by the program, or nothing."""
    fixes = [finding.detail.fix for finding in report.findings if finding.detail is not None]
    ready = [fix.is_safe for fix in fixes if fix is not None and not fix.refusal]
    safe, unsafe = ready.count(True), ready.count(False)
    if not ready:
        return ""
    if not safe:
        return f"{count(unsafe, 'finding')} can be fixed by journeylint fix --unsafe."
    more = f" ({unsafe:,} more with --unsafe)" if unsafe else ""
    return f"{count(safe, 'finding')} can be fixed by journeylint fix{more}."


def _tell_none_found(summary: Summary) -> str:
    if not summary.files:
        where = "no YAML or JSON file was there that"
    else:
        where = f"none of {count(summary.skipped_documents, 'document')} in {count(summary.files, 'file')}"
    way_out = "Name the folder that holds your journeys, or an export of them."
    return f"No manifest found: {where} says 'apiVersion: journeylint/v1'. {way_out}"


def _tell_judged(report: Report) -> str:
    """`Judged 12 journeys and 21 segments in 9 files (3 documents of other kinds skipped)`."""
    kinds = [count(number, _name_kind(kind)) for kind, number in sorted(report.kinds.items()) if number]
    judged = " and ".join([", ".join(kinds[:-1]), kinds[-1]] if len(kinds) > 1 else kinds) or "nothing"
    skipped = report.summary.skipped_documents
    aside = f" ({count(skipped, 'document')} of other kinds skipped)" if skipped else ""
    return f"Judged {judged} in {count(report.summary.files, 'file')}{aside}"


def _name_kind(kind: str) -> str:
    """The kind as people write it: `EmailTemplate` is an `email template`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", make_visible(kind)).lower()


def _tell_result(summary: Summary, paint: Painter) -> str:
    parts = [
        (summary.errors, "error", Style.ERROR),
        (summary.warnings, "warning", Style.WARNING),
        (summary.infos, "info", Style.INFO),
        (summary.failures, "failure", Style.ERROR),
    ]
    told = [paint(count(number, noun), style) for number, noun, style in parts if number]
    if summary.suppressed:
        told.append(f"{summary.suppressed:,} suppressed")
    return ", ".join(told)
