"""The function `workingDays` of predicates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

MONDAY, FRIDAY = 0, 4


def working_days(start: datetime, end: datetime) -> int:
    """How many Mondays to Fridays lie wholly between *start* and *end*, in UTC: neither's own day counts.

    From a Monday to the Thursday after it there are two, whatever the time of day; backwards there are none.
    """
    first = start.astimezone(UTC).date() + timedelta(days=1)
    last = end.astimezone(UTC).date() - timedelta(days=1)
    if last < first:
        return 0
    return _working_days_until(last) - _working_days_until(first - timedelta(days=1))


def _working_days_until(day: date) -> int:
    """How many Mondays to Fridays there are from the first Monday of the calendar to *day*."""
    weeks, rest = divmod(day.toordinal(), 7)  # day 1 of the calendar was a Monday
    return 5 * weeks + min(rest, 5)
