"""The functions for predicates that journeylint supplies, asked as predicates ask them."""

from __future__ import annotations

from datetime import datetime

import pytest

from journeylint.cel import CelEnvironment, CelError
from tests.judging import builtin_host


def evaluate(source: str) -> object:
    environment = CelEnvironment({}, builtin_host().functions)
    (value,) = environment.compile(f"[{source}]").elements(environment.scope({}))
    return value


@pytest.mark.parametrize(
    ("instant", "zone", "shown"),
    [
        ("2025-03-03T08:00:00Z", "W. Europe Standard Time", "2025-03-03T09:00:00"),
        ("2025-03-30T00:59:59Z", "Europe/Berlin", "2025-03-30T01:59:59"),
        ("2025-03-30T01:00:00Z", "Europe/Berlin", "2025-03-30T03:00:00"),
        ("2025-03-03T00:00:00Z", "Pacific Standard Time", "2025-03-02T16:00:00"),
        ("2025-03-03T08:00:00Z", "UTC", "2025-03-03T08:00:00"),
    ],
)
def test_local_time_is_what_the_clocks_of_a_zone_show(instant: str, zone: str, shown: str) -> None:
    value = evaluate(f"localTime(timestamp('{instant}'), '{zone}')")

    assert isinstance(value, datetime)
    assert value.replace(tzinfo=None) == datetime.fromisoformat(shown)


def test_local_time_gives_hours_and_days_of_windows_zones() -> None:
    assert evaluate("localTime(timestamp('2025-03-02T23:30:00Z'), 'W. Europe Standard Time').getDayOfWeek()") == 1
    assert evaluate("localTime(timestamp('2025-03-02T22:30:00Z'), 'W. Europe Standard Time').getHours()") == 23


def test_local_time_of_no_zone_is_an_error() -> None:
    with pytest.raises(CelError, match="'Berlin' is not a time zone"):
        evaluate("localTime(timestamp('2025-03-02T23:30:00Z'), 'Berlin')")


@pytest.mark.parametrize(("numbers", "expected"), [("[]", 0), ("[3]", 3), ("[1, 2, 3].filter(n, n > 1)", 5)])
def test_whole_numbers_are_added_up(numbers: str, expected: int) -> None:
    assert evaluate(f"sum({numbers})") == expected


@pytest.mark.parametrize("other", ["null", "1.5", "true", "'1'"])
def test_nothing_but_whole_numbers_is_added_up(other: str) -> None:
    with pytest.raises(CelError, match="sum takes whole numbers only"):
        evaluate(f"sum([1, {other}])")


@pytest.mark.parametrize(("clock", "minute"), [("00:00", 0), ("08:09", 489), ("19:30", 1170), ("23:59", 1439)])
def test_the_minute_of_a_time_of_day_is_counted_from_midnight(clock: str, minute: int) -> None:
    assert evaluate(f"minuteOfDay('{clock}')") == minute


@pytest.mark.parametrize("other", ["24:00", "8:30", "12:60", "12:00:00", ""])
def test_the_minute_of_no_time_of_day_is_an_error(other: str) -> None:
    with pytest.raises(CelError, match=f"'{other}' is not a time of day"):
        evaluate(f"minuteOfDay('{other}')")
