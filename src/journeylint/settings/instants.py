"""The instant that a run takes as now, as people write it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_ACCEPTED = (
    "write a date and time with its offset, such as 2025-03-10T08:00:00Z, or a date, such as 2025-03-10 (UTC midnight)"
)
_DATE = r"(\d{4})-(\d\d)-(\d\d)"
_INSTANT = _DATE + r"(?:[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,18}))?(?:([Zz])|([+-])(\d\d):(\d\d)))?\Z"
_WITHOUT_SECONDS = _DATE + r"[Tt]\d\d:\d\d(?:[Zz]|[+-]\d\d:\d\d)\Z"
_WITHOUT_OFFSET = _DATE + r"[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?\Z"


def parse_as_of(text: str) -> datetime:
    """The instant that *text* (RFC 3339, or a date) says, in UTC, cut to microseconds.

    Raises ValueError with a message for people.
    """
    match = re.match(_INSTANT, text, re.ASCII)
    if match is None:
        if re.match(_WITHOUT_SECONDS, text, re.ASCII):
            raise ValueError(f"{text!r} lacks its seconds: {_ACCEPTED}")
        if re.match(_WITHOUT_OFFSET, text, re.ASCII):
            raise ValueError(f"{text!r} lacks its offset from UTC: {_ACCEPTED}")
        raise ValueError(f"{_shown(text)} is not an instant: {_ACCEPTED}")
    year, month, day, hour, minute, second, fraction, _, sign, offset_hour, offset_minute = match.groups()
    if int(offset_hour or 0) > 23 or int(offset_minute or 0) > 59:
        raise ValueError(f"{text!r} has an offset from UTC that does not exist: {_ACCEPTED}")
    offset = timedelta(hours=int(offset_hour or 0), minutes=int(offset_minute or 0)) * (-1 if sign == "-" else 1)
    microsecond = int((fraction or "0")[:6].ljust(6, "0"))
    date, time = (int(year), int(month), int(day)), (int(hour or 0), int(minute or 0), int(second or 0))
    try:
        return datetime(*date, *time, microsecond, timezone(offset)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} does not exist ({error}): {_ACCEPTED}") from error


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
