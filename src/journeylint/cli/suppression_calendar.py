"""The ends of suppressions as a calendar: iCalendar, RFC 5545, which calendars import and subscribe to.

Each suppression that has an end, and is in force or over, is an all-day event on its last day, with a reminder a week before
while that lies ahead. Entries of the baseline that end on the same day are one event together.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from journeylint.model import SuppressionForm, SuppressionState
from journeylint.terminal import count, make_visible

if TYPE_CHECKING:
    from journeylint.cli.suppression_list import Listed
    from journeylint.model import Identity, Report, Suppression

LINE_OCTETS = 75
"""How long a content line may be, in octets of UTF-8 without its line break; longer ones are folded."""

REMINDER_DAYS = 7

_HOME = "https://journeylint.dev/suppressions/"
_LONGEST_TEXT = 2_000
_LONGEST_NAME = 200
_LINE_BREAK = re.compile(r"\r\n|[\r\n]")
_DOUBLE_COLON = re.compile(":(?=:)")  # a folded line that begins with two would be a command to GitHub Actions
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_NO_EVENTS = (  # a calendar without any component is none
    "BEGIN:VTIMEZONE",
    "TZID:UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def write_calendar(listed: Sequence[Listed], report: Report) -> str:
    """The calendar of *listed*, some of the suppressions of *report*: content lines that end with CRLF.

    Events are stamped with the run's instant, so that the same run gives the same bytes, and keep their identity when
    lines move or the day changes.
    """
    stamp = _spell_instant(report.as_of)
    events = [line for lines in _events(listed, report, stamp) for line in lines]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//journeylint//journeylint {_text(report.tool_version)}//EN",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:journeylint suppressions",
        *(events or _NO_EVENTS),
        "END:VCALENDAR",
    ]
    return "".join(f"{fold(line)}\r\n" for line in lines)


def fold(line: str) -> str:
    """The content *line* in lines of at most 75 octets, each but the first with a blank before it."""
    if line.isascii() and len(line) <= LINE_OCTETS:  # as most are
        return line
    parts: list[str] = []
    start, room = 0, LINE_OCTETS
    for position, character in enumerate(line):
        octets = 1 if character < "\x80" else len(character.encode("utf-8", "surrogatepass"))
        if octets > room:
            parts.append(line[start:position])
            start, room = position, LINE_OCTETS - 1
        room -= octets
    return "\r\n ".join((*parts, line[start:]))


def _events(listed: Sequence[Listed], report: Report, stamp: str) -> Iterator[list[str]]:
    occurrences: Counter[str] = Counter()
    today = report.as_of.date()
    entries: dict[date, list[Suppression]] = {}
    for one in listed:
        suppression = one.suppression
        if suppression.until is None or suppression.state is SuppressionState.INVALID:
            continue
        if suppression.form is SuppressionForm.BASELINE:
            entries.setdefault(suppression.until, []).append(suppression)
            continue
        place = _key(suppression)
        occurrences[place] += 1
        key = f"{place}\0{occurrences[place]}"
        yield _event(key, suppression.until, _title(suppression), _description(suppression), stamp=stamp, today=today)
    for until, group in sorted(entries.items()):
        title = f"{count(len(group), 'entry')} of journeylint's baseline {'ends' if len(group) == 1 else 'end'}"
        findings = sum(suppression.findings for suppression in group)
        told = f"Findings that are covered until then: {findings:,}. From the next day on they count again."
        yield _event(f"baseline\0{until.isoformat()}", until, title, told, stamp=stamp, today=today)


def _event(key: str, until: date, title: str, description: str, *, stamp: str, today: date) -> list[str]:
    reminder = [
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(title)}",
        f"TRIGGER:-P{REMINDER_DAYS}D",
        "END:VALARM",
    ]
    return [
        "BEGIN:VEVENT",
        f"UID:{uuid.uuid5(uuid.NAMESPACE_URL, _HOME + key)}",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{_spell_date(until)}",
        f"SUMMARY:{_text(title)}",
        f"DESCRIPTION:{_text(description)}",
        "TRANSP:TRANSPARENT",
        *(reminder if until >= today else ()),
        "END:VEVENT",
    ]


def _key(suppression: Suppression) -> str:
    """What stays of a suppression when lines move, and the day or the reason changes."""
    whose = (suppression.location.path,) if suppression.manifest is None else suppression.manifest
    return make_visible("\0".join((suppression.form.value, suppression.policy, *whose, suppression.scope)))


def _title(suppression: Suppression) -> str:
    manifest = suppression.manifest
    where = suppression.scope or "all files" if manifest is None else _name_manifest(manifest)
    return " ".join(f"Suppression of {suppression.policy[:_LONGEST_NAME]} ends: {where[:_LONGEST_NAME]}".split())


def _name_manifest(manifest: Identity) -> str:
    return f"{manifest.kind} {manifest.name} ({manifest.environment})"


def _description(suppression: Suppression) -> str:
    span = suppression.location.span
    again = {0: "", 1: " A finding counts again."}.get(
        suppression.findings, f" {suppression.findings:,} findings count again."
    )
    lines = [
        suppression.reason,
        f"Accepted by {suppression.owner[:_LONGEST_NAME]}." if suppression.owner else "",
        f"Written in {suppression.location.full_path}:{span.line}:{span.column} ({suppression.form.value}).",
        f"From the next day on it suppresses nothing.{again}",
    ]
    return "\n".join(filter(None, lines))


def _text(text: str) -> str:
    """*text* as the value of a property: line breaks and separators escaped, and nothing that a reader would obey."""
    lines = [make_visible(line) for line in _LINE_BREAK.split(text[:_LONGEST_TEXT])]
    return _DOUBLE_COLON.sub(": ", "\n".join(lines)).translate(_ESCAPED)


def _spell_date(day: date) -> str:
    return day.isoformat().replace("-", "")


def _spell_instant(moment: datetime) -> str:
    return f"{_spell_date(moment.date())}T{moment:%H%M%S}Z"
