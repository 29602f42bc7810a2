"""`workingDays` counts Mondays to Fridays, and neither of the days on which it begins and ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from acme_policies.working_days import working_days

MONDAY = datetime(2025, 3, 3, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, 0), (1, 0), (2, 1), (3, 2), (4, 3), (5, 4), (6, 4), (7, 4), (8, 5), (14, 9), (-1, 0), (-7, 0)],
)
def test_days_from_a_monday_on(days: int, expected: int) -> None:
    assert working_days(MONDAY, MONDAY + timedelta(days=days)) == expected


@pytest.mark.parametrize("length", range(30))
@pytest.mark.parametrize("weekday", range(7))
def test_it_agrees_with_a_count_of_the_days(weekday: int, length: int) -> None:
    start = MONDAY + timedelta(days=weekday)
    between = [date(2025, 3, 3) + timedelta(days=weekday + day) for day in range(1, length)]
    assert working_days(start, start + timedelta(days=length)) == sum(day.weekday() < 5 for day in between)


def test_the_time_of_day_does_not_count() -> None:
    midnight = MONDAY.replace(hour=0)
    assert working_days(midnight + timedelta(hours=23), midnight + timedelta(days=2)) == 1


def test_days_are_those_of_utc() -> None:
    east = timezone(timedelta(hours=10))
    assert working_days(datetime(2025, 3, 3, 9, tzinfo=east), datetime(2025, 3, 5, 9, tzinfo=east)) == 1
    assert working_days(datetime(2025, 3, 3, 9, tzinfo=east), datetime(2025, 3, 5, 10, tzinfo=east)) == 2
