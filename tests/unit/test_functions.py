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


@pytest.mark.parametrize(
    ("numbers", "total"),
    [
        ("[]", 0),
        ("[1, 2, 40]", 43),
        ("[9223372036854775807, -1]", 9223372036854775806),
        ("[9223372036854775807, 1]", 9223372036854775807),
        ("[9223372036854775807, 9223372036854775807, -5]", 9223372036854775807),
        ("[-9223372036854775807, -2]", -9223372036854775808),
    ],
)
def test_sum_is_that_of_whole_numbers_as_far_as_there_are_any(numbers: str, total: int) -> None:
    assert evaluate(f"sum({numbers})") == total


@pytest.mark.parametrize("numbers", ["[1, 2.5]", "['1']", "[true]", "[null]"])
def test_sum_of_anything_else_is_an_error(numbers: str) -> None:
    with pytest.raises(CelError, match="only whole numbers can be added up"):
        evaluate(f"sum({numbers})")


@pytest.mark.parametrize(("count", "numbers"), [("-1", []), ("0", []), ("3", [0, 1, 2])])
def test_range_counts_from_0(count: str, numbers: list[int]) -> None:
    assert evaluate(f"range({count})") == numbers
    assert evaluate(f"size(range({count}).filter(n, n > 0))") == max(len(numbers) - 1, 0)


def test_range_is_no_longer_than_anybody_needs() -> None:
    assert evaluate("size(range(10000))") == 10_000
    with pytest.raises(CelError, match="at most 10,000 numbers"):
        evaluate("range(10001)")


@pytest.mark.parametrize(("clock", "minute"), [("00:00", 0), ("08:09", 489), ("19:30", 1170), ("23:59", 1439)])
def test_the_minute_of_a_time_of_day_is_counted_from_midnight(clock: str, minute: int) -> None:
    assert evaluate(f"minuteOfDay('{clock}')") == minute


@pytest.mark.parametrize("other", ["24:00", "8:30", "12:60", "12:00:00", ""])
def test_the_minute_of_no_time_of_day_is_an_error(other: str) -> None:
    with pytest.raises(CelError, match=f"'{other}' is not a time of day"):
        evaluate(f"minuteOfDay('{other}')")


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59Z"])
def test_the_first_and_the_last_instant_are_instants_like_any_other(text: str) -> None:
    assert evaluate(f"instant('{text}', 'UTC') < timestamp('2025-01-01T00:00:00Z')") is text.startswith("0001")
    assert evaluate(f"text(instant('{text}', 'UTC'))") != ""


def test_only_the_very_ends_of_time_are_moved() -> None:
    assert evaluate("instant('0001-01-01T00:00:00.000001Z', 'UTC') == instant('0001-01-01T00:00:00Z', 'UTC')")
    assert evaluate("instant('0001-01-01T00:00:00.000002Z', 'UTC') > instant('0001-01-01T00:00:00Z', 'UTC')")


@pytest.mark.parametrize(
    ("numbers", "run"),
    [
        ("[]", []),
        ("[5]", [5]),
        ("[3, 1, 2]", [1, 2, 3]),
        ("[1, 2, 4, 5, 6, 9]", [4, 5, 6]),
        ("[1, 2, 8, 9]", [1, 2]),
        ("[[7, 8], [10], [9, 8]]", [7, 8, 9, 10]),
        ("[-1, 0, 1]", [-1, 0, 1]),
    ],
)
def test_the_longest_run_is_of_numbers_that_follow_each_other(numbers: str, run: list[int]) -> None:
    assert evaluate(f"longestRun({numbers})") == run


@pytest.mark.parametrize("numbers", ["['1']", "[1.5]", "[true]"])
def test_nothing_but_whole_numbers_makes_a_run(numbers: str) -> None:
    with pytest.raises(CelError, match="only whole numbers follow each other"):
        evaluate(f"longestRun({numbers})")
