"""What `journeylint baseline` tells people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from journeylint.model import DEFAULT_ENVIRONMENT, Identity
from journeylint.terminal import count, make_visible, shorten, show_path

if TYPE_CHECKING:
    from journeylint.baseline.change import Change, PlacedEntry
    from journeylint.model import Report

_MOST_LINES = 40
_MOST_FAILURES = 10
_WIDEST = 100


def tell_change(change: Change, folder: str, command: str, *, is_dry: bool) -> list[str]:
    """The lines about what *command* (`create`, `update`, `prune`) did to the baseline in *folder*, or would do."""
    lines = list(_tell_done(change, folder, command, is_dry=is_dry))
    if change.over:
        verb = "is" if change.over == 1 else "are"
        lines.append(
            f"{count(change.over, 'entry')} {verb} over: what is accepted no more is reported again. Mend it, or accept it anew: "
            "journeylint baseline update --renew --ttl 30d"
        )
    if change.unchecked:
        lines.append(f"{count(change.unchecked, 'entry')} could not be checked in this run and stay.")
    for policy, number in sorted(change.refused.items()):
        lines.append(f"{count(number, 'finding')} of {make_visible(policy)} cannot be accepted: its policy says so.")
    return lines


def tell_unjudged(report: Report, outcome: str) -> list[str]:
    """Why not everything was judged, and the *outcome*."""
    if report.summary.is_empty:
        return [f"no manifest was found. {outcome}."]
    lines = [
        f"{show_path(one.location.full_path)}:{one.location.span.line}:{one.location.span.column}: {one.code.value} {one.message}"
        for one in report.failures[:_MOST_FAILURES]
    ]
    left = len(report.failures) - len(lines)
    more = [f"{count(left, 'failure')} more: journeylint check tells them"] if left else []
    return [*lines, *more, f"not everything could be judged. {outcome}: mend the failures, then run this again."]


def _tell_done(change: Change, folder: str, command: str, *, is_dry: bool) -> Iterator[str]:
    if not change.added and not change.removed:
        yield _tell_nothing(change, command, folder)
        return
    if command == "create":
        yield from _tally(change.added)
        files = count(len(change.entries), "file")
        yield f"{'Would accept' if is_dry else 'Accepted'} {count(len(change.added), 'finding')}, in {files} in {folder}."
        if not is_dry:
            yield "Commit that folder. From now on `journeylint check` reports what is new."
        return
    yield from _list("+", change.added)
    yield from _list("-", change.removed)
    done = []
    if change.added:
        renewed = f" ({change.renewed} of them anew)" if change.renewed else ""
        done.append(f"{count(len(change.added), 'finding')} accepted{renewed}")
    if change.removed:
        done.append(f"{count(len(change.removed), 'entry')} dropped")
    yield f"{'Would change' if is_dry else 'Changed'} {folder}: {', '.join(done)}, {change.kept:,} kept."


def _tell_nothing(change: Change, command: str, folder: str) -> str:
    if command == "create":
        return "Nothing to accept: there are no findings that a baseline could hold. No file is written."
    if not change.kept:
        return f"There is no baseline in {folder}, and nothing to {'accept' if command == 'update' else 'drop'}."
    return f"Nothing changes: {folder} is up to date, with {count(change.kept, 'entry')}."


def _tally(added: Sequence[PlacedEntry]) -> Iterator[str]:
    tallies = Counter(entry.policy for _, entry in added)
    widest = max(len(f"{number:,}") for number in tallies.values())
    for policy, number in sorted(tallies.items()):
        yield f"  {number:{widest},}  {make_visible(policy)}"


def _list(sign: str, placed: Sequence[PlacedEntry]) -> Iterator[str]:
    for manifest, entry in placed[:_MOST_LINES]:
        value = f" {entry.value}" if entry.value else ""
        yield f"  {sign} {make_visible(entry.policy)}  {_name(manifest)}  {shorten(entry.pointer + value, _WIDEST)}"
    if len(placed) > _MOST_LINES:
        yield f"  {sign} and {len(placed) - _MOST_LINES:,} more"


def _name(manifest: Identity) -> str:
    environment = "" if manifest.environment == DEFAULT_ENVIRONMENT else f" of {make_visible(manifest.environment)}"
    return f"{make_visible(manifest.kind)}/{make_visible(manifest.name)}{environment}"
