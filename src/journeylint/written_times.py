"""Instants written as others are: how a time that is moved looks in its manifest."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from journeylint.times import TimeError, check_instant, parse_instant
from journeylint.zones import ZoneError, zone_named

_MINUTE = timedelta(minutes=1)
_OFFSET = re.compile(r"(?<=\d)(?:[Zz]|(?P<sign>[+-])(?P<hours>\d\d):(?P<minutes>\d\d))\Z")
_WITHOUT_SECONDS = re.compile(r"[^Tt]*[Tt]\d\d:\d\d(?!:)")


def write_instant(moment: datetime, like: str, zone: str) -> str:
    """The first whole minute at or after *moment*, written as the instant *like* is.

    With an offset where that has one; without, as the local time of *zone*, and one that reads back as no earlier: where the
    clocks show it twice, the earlier counts. Seconds are written where they were. Raises TimeError as `parse_instant` does.
    """
    written = _read_offset(like)
    try:
        if written is not None:
            offset, suffix = written
            local = _next_minute(moment.astimezone(offset).replace(tzinfo=None))
        else:
            suffix, local = "", _next_minute(moment.astimezone(zone_named(zone)).replace(tzinfo=None))
            while not _reads_back(local, moment, zone):
                local += _MINUTE
    except ZoneError as error:
        raise TimeError(str(error)) from None
    except OverflowError:
        raise TimeError("the time is outside the years that can be used: 0001 to 9999") from None
    has_no_seconds = _WITHOUT_SECONDS.match(like) is not None
    mark = "t" if "t" in like else "T"
    return local.isoformat(sep=mark, timespec="minutes" if has_no_seconds else "seconds") + suffix


def _next_minute(moment: datetime) -> datetime:
    whole = moment.replace(second=0, microsecond=0)
    return whole if whole == moment else whole + _MINUTE


def _reads_back(local: datetime, moment: datetime, zone: str) -> bool:
    """Whether the *local* time is there in *zone*, and stands for *moment* or later."""
    try:
        return parse_instant(local.isoformat(), zone) >= moment
    except TimeError:
        return False


def _read_offset(text: str) -> tuple[tzinfo, str] | None:
    """The offset at the end of an instant, and how it is written there; None where there is none."""
    check_instant(text)
    found = _OFFSET.search(text)
    if found is None:
        return None
    if found[0] in "Zz":
        return UTC, found[0]
    hours, minutes = int(found["hours"]), int(found["minutes"])
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if found["sign"] == "-" else 1)
    return timezone(offset), found[0]
