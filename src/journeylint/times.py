"""Instants, spans and durations: read from manifests and policies, written into messages and reports.

An instant is written as RFC 3339 writes it, seconds optional, or as a bare date. With an offset it stands for itself;
without, it is the local time of a zone.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from journeylint.wording import quote_value
from journeylint.zones import ZoneError, zone_exists, zone_named

__all__ = [
    "TimeError",
    "ZoneError",
    "check_instant",
    "format_instant",
    "format_span",
    "parse_duration",
    "parse_instant",
    "zone_exists",
    "zone_named",
]

# Cached texts and instants: some 300 bytes each, enough for all times of a few thousand manifests.
_CACHE_SIZE = 16_384

_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?)?"
)
_LOOSE_INSTANT = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
    r"(?:(?P<between>[Tt]|\s+)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{1,2})(?::(?P<second>[0-9]{1,2})(?:\.[0-9]+)?)?"
    r"(?P<offset>\s*(?:[Zz]|[+-][0-9:]+))?)?"
)
_DURATION = re.compile(r"(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?")
_LONGEST_DURATION = timedelta(days=3_652_059)
_ACCEPTED = (
    "expected a date and time such as 2025-03-01T09:00:00, with or without an offset (Z, +01:00), "
    "or a date such as 2025-03-01"
)


class TimeError(ValueError):
    """Text that is no instant or duration, or an instant that never was; its text is a message for a person."""


def parse_instant(text: str, zone: str) -> datetime:
    """The instant that *text* stands for, in UTC; without an offset it is local in *zone* (a Windows id or IANA name).

    Fractions are cut to microseconds. Of a local time that occurs twice it is the earlier. Raises TimeError for what is
    no RFC 3339 date-time or date, for a local time that the zone's clocks skip, for an unknown zone, and for an
    instant outside the years 0001 to 9999.
    """
    return _resolve(text, zone)


def check_instant(text: str) -> None:
    """Raise TimeError as `parse_instant` does, but for what only a zone can tell."""
    _read(text)


def format_instant(moment: datetime) -> str:
    """*moment* in UTC as `2025-03-01T00:00:00Z`; microseconds only where there are any."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


def format_span(span: timedelta) -> str:
    """*span* for people: `3 d 2 h 5 min`, `48 min`, `20 s`, `-2 h`, `0 min`; fractions of a second only below one."""
    if span < timedelta(0):
        return f"-{format_span(-span)}"
    minutes, seconds = divmod(span.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(span.days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s")]
    written = " ".join(f"{count} {unit}" for count, unit in parts if count)
    if written:
        return written
    return f"{span.total_seconds():.6f}".rstrip("0") + " s" if span else "0 min"


def parse_duration(text: str) -> timedelta:
    """The length of time that `3d`, `4h30m` or `90s` stands for: whole d, h, m, s in this order, each at most once.

    Raises TimeError for anything else, and for more than 3,652,059 days (the years 0001 to 9999).
    """
    match = _DURATION.fullmatch(text)
    if match is None or not text:
        raise TimeError(_explain_duration(text))
    if len(text) > 40:
        raise TimeError(f"{quote_value(text)} is too long a time: at most 3652059d can be used")
    days, hours, minutes, seconds = (int(count or 0) for count in match.groups())
    if days * 86_400 + hours * 3_600 + minutes * 60 + seconds > _LONGEST_DURATION.days * 86_400:
        raise TimeError(f"{quote_value(text)} is too long a time: at most 3652059d can be used")
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


@lru_cache(maxsize=_CACHE_SIZE)
def _read(text: str) -> datetime:
    """The date-time as written: aware where it has an offset, else naive."""
    if _INSTANT.fullmatch(text) is None:
        raise TimeError(_explain_shape(text))
    try:
        written = datetime.fromisoformat(text.upper())
    except ValueError:
        raise TimeError(_explain_shape(text)) from None
    if written.tzinfo is None:
        return written
    try:
        return written.astimezone(UTC)
    except OverflowError:
        raise TimeError(_explain_overflow(text)) from None


@lru_cache(maxsize=_CACHE_SIZE)
def _resolve(text: str, zone: str) -> datetime:
    written = _read(text)
    if written.tzinfo is not None:
        return written
    try:
        rules = zone_named(zone)
    except ZoneError as error:
        raise TimeError(str(error)) from None
    if rules is UTC:
        return written.replace(tzinfo=UTC)
    try:
        moment = written.replace(tzinfo=rules).astimezone(UTC)
        local = moment.astimezone(rules).replace(tzinfo=None)
    except OverflowError:
        raise TimeError(_explain_overflow(text)) from None
    if local != written:
        raise TimeError(_explain_gap(written, zone, rules))
    return moment


def _explain_gap(written: datetime, zone: str, rules: tzinfo) -> str:
    before, after = (_offset_at(written.replace(tzinfo=rules, fold=fold)) for fold in (0, 1))
    # The clocks change at an instant t with t + before <= written < t + after: halve the seconds between.
    first, last = written - after, written - before
    while last - first > timedelta(seconds=1):
        middle = first + timedelta(seconds=(last - first) // timedelta(seconds=2))
        if _offset_at(middle.replace(tzinfo=UTC).astimezone(rules)) == before:
            first = middle
        else:
            last = middle
    change = last.replace(microsecond=0)
    stops, resumes = change + before, change + after
    layout = "%H:%M" if stops.date() == resumes.date() else "%Y-%m-%d %H:%M"
    return (
        f"{_for_people(written)} does not exist in {zone}: clocks go from "
        f"{stops.strftime(layout)} to {resumes.strftime(layout)} - choose another time, or write its offset"
    )


def _offset_at(moment: datetime) -> timedelta:
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError("only times of a zone have an offset")
    return offset


def _for_people(written: datetime) -> str:
    return written.isoformat(sep=" ", timespec="auto" if written.second or written.microsecond else "minutes")


def _explain_overflow(text: str) -> str:
    return f"{quote_value(text)} is outside the years that can be used: 0001 to 9999 in UTC"


def _explain_shape(text: str) -> str:
    """Why *text* is no instant: the part that is wrong where one can be told, else what is accepted."""
    loose = _LOOSE_INSTANT.fullmatch(text.strip())
    reason = _find_reason(loose) if loose and text == text.strip() else None
    return f"{quote_value(text)} is not a date and time: {reason or _ACCEPTED}"


def _find_reason(loose: re.Match[str]) -> str | None:
    part = loose.groupdict()
    year, month, day = (int(part[name]) for name in ("year", "month", "day"))
    names = ("month", "day", "hour", "minute", "second")
    if any(part[name] is not None and len(part[name]) != 2 for name in names):
        return "month, day, hours, minutes and seconds have two digits each, such as 2025-03-01T09:00:00"
    if year == 0:
        return "years go from 0001 to 9999"
    if not 1 <= month <= 12:
        return "months go from 01 to 12"
    if not 1 <= day <= _days_of(year, month):
        return f"{year:04}-{month:02} has {_days_of(year, month)} days"
    if part["between"] is not None and part["between"] not in "Tt":
        return "a T stands between date and time, such as 2025-03-01T09:00:00"
    return _find_clock_reason(part) if part["hour"] is not None else None


def _find_clock_reason(part: dict[str, str]) -> str | None:
    if int(part["hour"]) > 23:
        return "hours go from 00 to 23; midnight is 00:00 of the day that begins"
    if int(part["minute"]) > 59:
        return "minutes go from 00 to 59"
    if part["second"] is not None and int(part["second"]) > 59:
        return "seconds go from 00 to 59"
    if part["offset"] is not None:
        return "an offset is Z or hours and minutes from -23:59 to +23:59, such as +01:00, right after the time"
    return None


def _days_of(year: int, month: int) -> int:
    if month == 12:
        return 31
    return (datetime(year, month + 1, 1, tzinfo=UTC) - datetime(year, month, 1, tzinfo=UTC)).days


def _explain_duration(text: str) -> str:
    return (
        f"{quote_value(text)} is not a duration: expected whole days, hours, minutes and seconds in this order, "
        "such as 3d, 4h30m or 90s"
    )
