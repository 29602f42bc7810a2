"""What `journeylint fix` tells: what it mended, what it took back and why, what is left; and the changes as a diff."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from journeylint.edits.file_text import text_of
from journeylint.terminal import Painter, Style, count, defuse_commands, make_visible, show_path, wrap

if TYPE_CHECKING:
    from journeylint.fixing.values import FixedFile, FixOutcome
    from journeylint.model import Finding, Fix, Location

_CONTEXT_LINES = 3
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_NO_BREAK = "\\ No newline at end of file\n"


def outcome_lines(outcome: FixOutcome, unwritten: Sequence[tuple[str, str]], paint: Painter) -> Iterator[str]:
    """The account of a run whose files, but for those *unwritten* (with the reason), were written."""
    kept = {path for path, _ in unwritten}
    written = [one for one in outcome.files if one.source.path not in kept]
    for one in written:
        fixes = sorted(one.fixes, key=lambda fix: fix.finding.location.span)
        told = paint(f"{count(len(fixes), 'finding')} fixed", Style.SUCCESS)
        yield f"{paint(show_path(one.source.path), Style.BOLD)}: {told}"
        for fixed in fixes:
            finding = fixed.finding
            yield from _item(f"{finding.policy} {finding.name}: {_sentence(fixed.fix.title)}")
        yield ""
    for path, reason in unwritten:
        yield f"{paint(show_path(path), Style.BOLD)}: {paint('not written', Style.ERROR)}"
        yield from _item(reason)
        yield ""
    for back in outcome.taken_back:
        yield _headline(back.finding, paint)
        yield from _item(f"Not fixed: {back.reason}")
        yield ""
    for finding in _not_tried(outcome):
        yield _headline(finding, paint)
        yield from _item(_why_left(finding))
        yield ""
    for failure in outcome.report.failures:
        yield f"{_place(failure.location)}: {paint(f'error {failure.code.value} {failure.code.label}', Style.ERROR)}"
        yield from _item(failure.message)
        yield ""
    yield from _summary(outcome, written)


def diff_lines(files: Sequence[FixedFile]) -> Iterator[str]:
    """The changes of *files* as a unified diff, whose lines keep their line breaks; `git apply -p0` takes it."""
    for one in files:
        path = show_path(one.source.path)
        before, after = (_LINE.findall(text_of(content)) for content in (one.before, one.after))
        for line in difflib.unified_diff(before, after, path, path, n=_CONTEXT_LINES):
            yield defuse_commands(line) if line.endswith("\n") else f"{line}\n{_NO_BREAK}"


def diff_summary(outcome: FixOutcome) -> str:
    """One line for standard error: how much would be fixed, and of how much more there is something to say."""
    fixed = sum(len(one.fixes) for one in outcome.files)
    told = f"Would fix {count(fixed, 'finding')} in {count(len(outcome.files), 'file')}" if fixed else "Nothing to fix"
    others = len(outcome.taken_back) + sum(1 for _ in _not_tried(outcome))
    hint = f"; {count(others, 'finding')} not: journeylint fix says why" if others else ""
    return f"{told}{hint}."


def _not_tried(outcome: FixOutcome) -> Iterator[Finding]:
    """The findings that are left and have a fix that was not tried."""
    tried = {id(back.finding) for back in outcome.taken_back}
    places = {(back.finding.policy, back.finding.manifest, back.finding.location) for back in outcome.taken_back}
    for finding in outcome.left:
        has_fix = _fix_of(finding) is not None and id(finding) not in tried
        if has_fix and (finding.policy, finding.manifest, finding.location) not in places:
            yield finding


def _why_left(finding: Finding) -> str:
    fix = _fix_of(finding)
    if fix is None:
        return ""
    if fix.refusal:
        return f"Cannot be fixed here: {fix.refusal}"
    return f"With --unsafe: {_sentence(fix.title)}"


def _summary(outcome: FixOutcome, written: Sequence[FixedFile]) -> Iterator[str]:
    fixed = sum(len(one.fixes) for one in written)
    told = f"Fixed {count(fixed, 'finding')} in {count(len(written), 'file')}" if fixed else "Fixed nothing"
    if outcome.taken_back:
        told += f"; {count(len(outcome.taken_back), 'fix')} taken back"
    yield f"{told}."
    unsafe = sum(1 for one in _not_tried(outcome) if (fix := _fix_of(one)) is not None and not fix.refusal)
    left = len(outcome.left)
    if not left and not outcome.report.failures:
        yield f"No findings are left{_tell_suppressed(outcome)}."
    else:
        parts = [f"{count(left, 'finding')} left"]
        if outcome.report.failures:
            parts.append(count(len(outcome.report.failures), "failure"))
        hint = f", {unsafe} of them fixed by journeylint fix --unsafe" if unsafe else ""
        yield f"{', '.join(parts)}{hint}. More: journeylint check"


def _tell_suppressed(outcome: FixOutcome) -> str:
    suppressed = outcome.report.summary.suppressed
    return (
        f" but {count(suppressed, 'finding')} that {'is' if suppressed == 1 else 'are'} suppressed"
        if suppressed
        else ""
    )


def _fix_of(finding: Finding) -> Fix | None:
    return finding.detail.fix if finding.detail is not None else None


def _headline(finding: Finding, paint: Painter) -> str:
    style = {"error": Style.ERROR, "warning": Style.WARNING, "info": Style.INFO}[finding.severity.value]
    title = f"{finding.severity.value} {finding.policy} {make_visible(finding.name)}"
    return f"{_place(finding.location)}: {paint(title, style)}"


def _place(location: Location) -> str:
    return f"{show_path(location.full_path)}:{location.span.line}:{location.span.column}"


def _item(text: str) -> list[str]:
    return wrap(text, first="  ", rest="  ")


def _sentence(title: str) -> str:
    title = title.strip()
    return title if title.endswith((".", "!", "?")) else f"{title}."
