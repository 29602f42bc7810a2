"""The impact of a change as GitHub-flavoured Markdown: a comment on the pull request that makes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from journeylint.cli.impact_text import name_manifest, tell_result, tell_severity
from journeylint.markdown_text import escape_code, escape_markdown
from journeylint.terminal import count

if TYPE_CHECKING:
    from journeylint.impact import FindingChange, Impact
    from journeylint.model import Failure, Location

LONGEST_REPORT = 60_000
"""Characters; GitHub refuses a comment of more than 65,536."""
_LONGEST_NAME = 120
_LONGEST_MESSAGE = 500
_RESERVED = 1_000


def write_impact_markdown(impact: Impact) -> str:
    """The report as Markdown that begins with a heading and ends with a line break; what is too long is cut, and told."""
    head = [
        f"## {_tell_heading(impact)}",
        "",
        escape_markdown(
            f"From {impact.before} to {impact.after}, over {count(impact.manifests, 'manifest')}. {tell_result(impact)}",
            2_000,
        ),
        "",
        *_table(
            ("Policy", "Appear", "Vanish", "Change", "Stay"),
            [
                (
                    f"{escape_code(row.policy, _LONGEST_NAME)} {escape_markdown(row.name, _LONGEST_NAME)}"
                    + (f" ({row.state})" if row.state else ""),
                    *map(str, (row.appear, row.vanish, row.change, row.stay)),
                )
                for row in impact.by_policy
            ],
        ),
    ]
    text = "\n".join(head)
    room = LONGEST_REPORT - _RESERVED - len(text)
    rows = [_change_row(change) for change in impact.changes] + [
        _failure_row(failure, is_new=is_new) for failure, is_new in impact.failures
    ]
    text += _fill(rows, room)
    return text.rstrip("\n") + "\n"


def _tell_heading(impact: Impact) -> str:
    told = tell_result(impact).partition(";")[0]
    mark = "⚠️" if impact.of("appears") or impact.new_failures else "✅"
    return f"{mark} journeylint: {told[:1].lower()}{told[1:]}"


def _fill(rows: Sequence[str], room: int) -> str:
    """A table of as many of *rows* as fit into *room* characters, folded, and how many are left."""
    header = ("", "Finding", "Where", "Message")
    shown = list(_take(rows, room))
    if not shown:
        return ""
    left = len(rows) - len(shown)
    lines = ["", f"<details><summary>{count(len(rows), 'difference')}</summary>", ""]
    lines += [f"| {' | '.join(header)} |", "| --- | --- | --- | --- |", *shown]
    if left:
        lines += ["", f"And {count(left, 'more difference')}: all of them are in `-o text` and `-o json`."]
    return "\n".join([*lines, "", "</details>", ""])


def _take(rows: Iterable[str], room: int) -> Iterator[str]:
    for row in rows:
        room -= len(row) + 1
        if room < 0:
            return
        yield row


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        yield f"| {' | '.join(header)} |"
        yield f"| --- |{' ---: |' * (len(header) - 1)}"
        for row in rows:
            yield f"| {' | '.join(row)} |"
        yield ""


def _change_row(change: FindingChange) -> str:
    finding = change.finding
    policy = f"{tell_severity(change)} {escape_code(finding.policy, _LONGEST_NAME)}"
    message = escape_markdown(finding.message, _LONGEST_MESSAGE)
    if change.before is not None and change.after is not None and change.before.message != change.after.message:
        message += f"<br>Was: {escape_markdown(change.before.message, _LONGEST_MESSAGE)}"
    where = f"{_place(finding.location)}<br>{escape_markdown(name_manifest(finding.manifest), _LONGEST_NAME)}"
    return f"| {change.what} | {policy} | {where} | {message} |"


def _failure_row(failure: Failure, *, is_new: bool) -> str:
    what = "no longer judged" if is_new else "not judged"
    title = escape_code(failure.code.value, _LONGEST_NAME)
    message = escape_markdown(failure.message, _LONGEST_MESSAGE)
    return f"| {what} | {title} | {_place(failure.location)} | {message} |"


def _place(location: Location) -> str:
    return escape_code(f"{location.full_path}:{location.span.line}", _LONGEST_NAME)
