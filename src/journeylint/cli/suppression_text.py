"""Suppressions as a list for people: what needs attention first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from journeylint.cli.suppression_list import Standing
from journeylint.model import DEFAULT_ENVIRONMENT, SuppressionForm
from journeylint.terminal import ELLIPSIS, Painter, Style, count, shorten, show_path, wrap
from journeylint.times import format_instant

if TYPE_CHECKING:
    from journeylint.cli.suppression_list import Listed
    from journeylint.model import Identity, Report, Suppression

_INDENT = "    "
_LONGEST_TEXT = 500  # the JSON has the whole of it
_WIDEST_NAME = 60
_HEADINGS = {
    Standing.INVALID: ("Not in order, and so suppressing nothing", Style.ERROR),
    Standing.EXPIRED: ("Over, and so suppressing nothing", Style.ERROR),
    Standing.ENDING: ("Soon over", Style.WARNING),
    Standing.UNUSED: ("Not needed: the policy finds nothing there", Style.WARNING),
    Standing.USED: ("In force", Style.SUCCESS),
    Standing.UNCHECKED: ("Not checked: what they are about was not judged", Style.INFO),
}
_FORMS = {
    SuppressionForm.COMMENT: "comment",
    SuppressionForm.METADATA: "metadata",
    SuppressionForm.CONFIGURATION: "configuration",
    SuppressionForm.BASELINE: "baseline",
}


def suppression_lines(listed: Sequence[Listed], report: Report, paint: Painter) -> Iterator[str]:
    """The lines of the list of *listed*, which are those of *report* or some of them.

    Entries of the baseline that are in force and not soon over are counted only: nobody reads hundreds of them.
    """
    for standing, (heading, style) in _HEADINGS.items():
        group = [one for one in listed if one.standing is standing]
        if group:
            yield from _group_lines(f"{heading} ({len(group):,})", group, style, paint)
    yield _tell_total(listed, report)
    yield paint(f"As of {format_instant(report.as_of)}.", Style.DIM)


def _group_lines(heading: str, group: Sequence[Listed], style: Style, paint: Painter) -> Iterator[str]:
    yield paint(heading, style)
    yield ""
    counted = [one for one in group if _is_counted_only(one)]
    for one in sorted(group, key=_by_end):
        if not _is_counted_only(one):
            yield from _suppression_lines(one, paint)
            yield ""
    if counted:
        yield from wrap(_tell_baseline(counted), first="  ", rest=_INDENT)
        yield ""


def _is_counted_only(one: Listed) -> bool:
    return one.suppression.form is SuppressionForm.BASELINE and one.standing is Standing.USED


def _by_end(one: Listed) -> date:
    """Those that end come first; others stay in the order of the report."""
    return one.suppression.until or date.max


def _suppression_lines(one: Listed, paint: Painter) -> Iterator[str]:
    suppression = one.suppression
    span = suppression.location.span
    place = paint(f"{show_path(suppression.location.full_path)}:{span.line}:{span.column}", Style.BOLD)
    policy = shorten(suppression.policy, _WIDEST_NAME) or "no policy"
    yield f"  {place}: {policy}{_tell_scope(suppression)} ({_FORMS[suppression.form]})"
    for problem in suppression.problems:
        yield from wrap(_cut(f"{problem[:1].upper()}{problem[1:]}."), first=_INDENT, rest=_INDENT)
    if suppression.reason:
        yield from wrap(_cut(suppression.reason), first=_INDENT, rest=_INDENT)
    elif not suppression.problems:
        yield paint(f"{_INDENT}no reason given", Style.DIM)
    terms = _tell_terms(one)
    if terms:
        yield from (paint(line, Style.DIM) for line in wrap(terms, first=_INDENT, rest=_INDENT))


def _tell_scope(suppression: Suppression) -> str:
    manifest = "" if suppression.manifest is None else f" in {_name_manifest(suppression.manifest)}"
    if not suppression.scope:
        return manifest or " in all files" if suppression.form is SuppressionForm.CONFIGURATION else manifest
    preposition = "at" if suppression.scope.startswith("/") else "in"
    return f"{manifest} {preposition} {shorten(suppression.scope, _WIDEST_NAME)}"


def _name_manifest(manifest: Identity) -> str:
    kind, name, environment = (
        shorten(part, _WIDEST_NAME) for part in (manifest.kind, manifest.name, manifest.environment)
    )
    return f"{kind} {name}" if manifest.environment == DEFAULT_ENVIRONMENT else f"{kind} {name} of {environment}"


def _tell_terms(one: Listed) -> str:
    """Until when, by whom, and how much: `Until 2027-01-31 (in 66 days), by crm-team, 2 findings`."""
    suppression = one.suppression
    parts = []
    if suppression.until is not None or not suppression.problems:  # what is wrong with a day is among the problems
        parts.append(_tell_end(suppression.until, one.days_left))
    if suppression.owner:
        parts.append(f"by {shorten(suppression.owner, _WIDEST_NAME)}")
    if suppression.findings:
        parts.append(count(suppression.findings, "finding"))
    terms = ", ".join(parts)
    return terms[:1].upper() + terms[1:]


def _tell_end(until: date | None, days_left: int | None) -> str:
    """`until 2027-01-31 (in 66 days)`, with `today` and its like where they are right; `without an end`."""
    if until is None or days_left is None:
        return "without an end"
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days_left)
    far = f"in {count(days_left, 'day')}" if days_left > 0 else f"{count(-days_left, 'day')} ago"
    return f"until {until.isoformat()} ({near or far})"


def _tell_baseline(entries: Sequence[Listed]) -> str:
    files = len({one.suppression.location.path for one in entries})
    findings = sum(one.suppression.findings for one in entries)
    ends = [(one.suppression.until, one.days_left) for one in entries if one.suppression.until is not None]
    when = f"the first of them {_tell_end(*min(ends))}" if ends else "without an end"
    return (
        f"In the baseline: {count(len(entries), 'entry')} for {count(findings, 'finding')} in {count(files, 'file')}, {when}. "
        "`--format json` has each of them."
    )


def _tell_total(listed: Sequence[Listed], report: Report) -> str:
    if not report.suppressions:
        return "Nothing is suppressed."
    counts = {standing: sum(one.standing is standing for one in listed) for standing in Standing}
    words = {Standing.ENDING: "soon over", Standing.USED: "in force", Standing.UNCHECKED: "not checked"}
    parts = [f"{number:,} {words.get(standing, standing.value)}" for standing, number in counts.items() if number]
    total, told = count(len(report.suppressions), "suppression"), f": {', '.join(parts)}" if parts else ""
    if len(listed) < len(report.suppressions):
        return f"{len(listed):,} of {total}{told}."
    return f"{total}{told}; {count(report.summary.suppressed, 'finding')} suppressed."


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + ELLIPSIS
