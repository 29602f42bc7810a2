"""The last lines of the report for people: what was judged, with which result, and what no policy looked at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from journeylint.terminal import Painter, Style, count, make_visible
from journeylint.times import format_instant

if TYPE_CHECKING:
    from journeylint.model import Report, Summary


def summary_lines(report: Report, paint: Painter) -> list[str]:
    """The summary of *report* in a few lines; a clean run and an empty one say so."""
    as_of = paint(f"As of {format_instant(report.as_of)}.", Style.DIM)
    summary = report.summary
    if summary.is_empty:
        return [paint(_tell_none_found(summary), Style.WARNING), as_of]
    result = _tell_result(summary, paint)
    lines = [f"{_tell_judged(report)}{f': {result}' if result else ''}."]
    if not report.findings and not summary.failures:
        lines.insert(0, paint("No findings.", Style.SUCCESS))
    if summary.elsewhere:
        lines.append(f"{count(summary.elsewhere, 'finding')} in files that this report is not on.")
    unmatched = [tally.policy for tally in report.policies if not tally.matched and report.kinds.get(tally.kind, 0)]
    if unmatched:
        lines.append(f"{count(len(unmatched), 'policy')} matched nothing: {', '.join(map(make_visible, unmatched))}.")
    if fixable := _tell_fixable(report):
        lines.append(fixable)
    if report.findings:
        example = make_visible(report.findings[0].policy)
        as_of += paint(f" More about a policy: journeylint explain {example}", Style.DIM)
    return [*lines, as_of]


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
    return f"No manifest found: {where} says 'apiVersion: journeylint/v1'. Name the folder that holds your journeys."


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
