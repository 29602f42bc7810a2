"""Instants, spans and durations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from journeylint.times import TimeError, check_instant, format_instant, format_span, parse_duration, parse_instant

BERLIN = "W. Europe Standard Time"


def read(text: str, zone: str = "UTC") -> str:
    return format_instant(parse_instant(text, zone))


def complaint_about(text: str, zone: str = "UTC") -> str:
    with pytest.raises(TimeError) as caught:
        parse_instant(text, zone)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2025-03-01T09:00:00Z", "2025-03-01T09:00:00Z"),
        ("2025-03-01t09:00:00z", "2025-03-01T09:00:00Z"),
        ("2025-03-01T09:00Z", "2025-03-01T09:00:00Z"),
        ("2025-03-01T09:00:00+05:30", "2025-03-01T03:30:00Z"),
        ("2025-03-01T09:00:00-23:59", "2025-03-02T08:59:00Z"),
        ("2025-03-01T09:00:00-00:00", "2025-03-01T09:00:00Z"),
        ("2024-02-29", "2024-02-29T00:00:00Z"),
        ("2025-03-01T00:00", "2025-03-01T00:00:00Z"),
        ("2025-03-01T23:59:59", "2025-03-01T23:59:59Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_a_date_time_or_date_is_the_instant_that_it_names(text: str, instant: str) -> None:
    assert read(text) == instant


@pytest.mark.parametrize(
    ("fraction", "kept"),
    [
        (".1", ".100000"),
        (".12345", ".123450"),
        (".123456", ".123456"),
        (".1234567", ".123456"),
        (".999999999", ".999999"),
    ],
)
def test_a_fraction_is_cut_to_microseconds(fraction: str, kept: str) -> None:
    assert read(f"2025-03-01T09:00:00{fraction}Z") == f"2025-03-01T09:00:00{kept}Z"


@pytest.mark.parametrize("zone", [BERLIN, "Europe/Berlin"])
def test_a_time_without_an_offset_is_local(zone: str) -> None:
    assert read("2025-01-15T09:00", zone) == "2025-01-15T08:00:00Z"
    assert read("2025-07-15T09:00", zone) == "2025-07-15T07:00:00Z"


def test_a_bare_date_is_local_midnight() -> None:
    assert read("2025-07-15", "Europe/Berlin") == "2025-07-14T22:00:00Z"


def test_an_offset_wins_over_the_zone() -> None:
    assert read("2025-07-15T09:00Z", BERLIN) == "2025-07-15T09:00:00Z"


def test_a_skipped_local_time_is_an_error_that_says_between_which_times() -> None:
    assert complaint_about("2025-03-30T02:30", BERLIN).startswith(
        "2025-03-30 02:30 does not exist in W. Europe Standard Time: clocks go from 02:00 to 03:00"
    )


@pytest.mark.parametrize("text", ["2025-03-30T02:00:00", "2025-03-30T02:59:59.999999"])
def test_both_ends_of_the_gap_are_skipped(text: str) -> None:
    assert "clocks go from 02:00 to 03:00" in complaint_about(text, "Europe/Berlin")


def test_the_times_just_before_and_after_the_gap_exist() -> None:
    assert read("2025-03-30T01:59:59.999999", "Europe/Berlin") == "2025-03-30T00:59:59.999999Z"
    assert read("2025-03-30T03:00", "Europe/Berlin") == "2025-03-30T01:00:00Z"


def test_a_gap_of_half_an_hour_is_told_as_such() -> None:
    assert "clocks go from 02:00 to 02:30" in complaint_about("2025-10-05T02:15", "Australia/Lord_Howe")


def test_a_skipped_day_is_told_with_dates() -> None:
    told = complaint_about("2011-12-30", "Pacific/Apia")
    assert "clocks go from 2011-12-30 00:00 to 2011-12-31 00:00" in told


def test_a_skipped_time_with_an_offset_is_an_instant() -> None:
    assert read("2025-03-30T02:30+01:00", "Europe/Berlin") == "2025-03-30T01:30:00Z"


def test_a_local_time_that_occurs_twice_is_the_earlier() -> None:
    assert read("2025-10-26T02:30", "Europe/Berlin") == "2025-10-26T00:30:00Z"
    assert read("2025-10-26T02:00", "Europe/Berlin") == "2025-10-26T00:00:00Z"
    assert read("2025-10-26T03:00", "Europe/Berlin") == "2025-10-26T02:00:00Z"


def test_daylight_saving_is_known_beyond_the_table_of_a_zone() -> None:
    assert read("2099-07-01T09:00", "Europe/Berlin") == "2099-07-01T07:00:00Z"


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("0001-01-01T00:00", "Asia/Tokyo"),
        ("0001-01-01T00:00+00:01", "UTC"),
        ("9999-12-31T23:59", "America/New_York"),
        ("9999-12-31T23:59-00:01", "UTC"),
    ],
)
def test_an_instant_beyond_the_first_or_last_year_is_an_error(text: str, zone: str) -> None:
    assert "0001 to 9999" in complaint_about(text, zone)


@pytest.mark.parametrize(
    ("text", "zone"),
    [("0001-01-01T00:00", "America/New_York"), ("9999-12-31T23:59", "Asia/Tokyo"), ("9999-12-31T23:59", "UTC")],
)
def test_the_first_and_the_last_year_can_be_used(text: str, zone: str) -> None:
    assert parse_instant(text, zone).tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2025-03-01T24:00", "hours go from 00 to 23"),
        ("2025-03-01T25:00", "hours go from 00 to 23"),
        ("2025-03-01T09:60", "minutes go from 00 to 59"),
        ("2025-03-01T23:59:60Z", "seconds go from 00 to 59"),
        ("2025-02-30", "2025-02 has 28 days"),
        ("2024-02-30", "2024-02 has 29 days"),
        ("1900-02-29", "1900-02 has 28 days"),
        ("2025-04-31T09:00", "2025-04 has 30 days"),
        ("2025-12-32", "2025-12 has 31 days"),
        ("2025-01-00", "2025-01 has 31 days"),
        ("2025-13-01", "months go from 01 to 12"),
        ("2025-00-01", "months go from 01 to 12"),
        ("0000-01-01", "years go from 0001 to 9999"),
        ("2025-3-1", "two digits"),
        ("2025-03-01T9:00", "two digits"),
        ("2025-03-01 09:00", "a T stands between"),
        ("2025-03-01T09:00:00+24:00", "-23:59 to +23:59"),
        ("2025-03-01T09:00:00+01:60", "-23:59 to +23:59"),
        ("2025-03-01T09:00:00+0100", "-23:59 to +23:59"),
        ("2025-03-01T09:00:00 +01:00", "right after the time"),
    ],
)
def test_an_impossible_time_is_told_with_the_part_that_is_wrong(text: str, reason: str) -> None:
    assert reason in complaint_about(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "now",
        "20250301",
        "2025-W10",
        "2025-060",
        "2025-03-01Z",
        "2025-03-01T",
        "2025-03-01T09",
        "2025-03-01T09Z",
        "2025-03-01T090000",
        "2025-03-01T09:00:00,5Z",
        "2025-03-01T09:00:00.Z",
        "2025-03-01T09:00:00.1234567890Z",
        "2025-03-01\n",
        " 2025-03-01",
        "+2025-03-01",
        "-2025-03-01",
        "12025-03-01",
        "٢٠٢٥-03-01",
        "2025-03-01T09:00:00Z2025-03-01T09:00:00Z",
        "2025-03-01T09:00\0",
        "\ud800",
        "9" * 100_000,
    ],
)
def test_anything_else_is_an_error_that_says_what_is_accepted(text: str) -> None:
    told = complaint_about(text)
    assert "2025-03-01T09:00:00" in told or "an offset is Z" in told
    assert len(told) < 400


def test_a_long_text_is_cut_in_the_message() -> None:
    assert "…" in complaint_about("x" * 1000)


def test_an_unknown_zone_is_an_error_for_local_times_only() -> None:
    assert "did you mean 'Europe/Berlin'?" in complaint_about("2025-03-01T09:00", "Europe/Berlim")
    assert read("2025-03-01T09:00Z", "Europe/Berlim") == "2025-03-01T09:00:00Z"


def test_without_a_zone_a_skipped_time_is_well_formed_and_an_impossible_date_is_not() -> None:
    check_instant("2025-03-30T02:30")
    with pytest.raises(TimeError):
        check_instant("2025-02-30T02:30")


def test_an_instant_is_written_in_utc() -> None:
    east = timezone(timedelta(hours=2))
    assert format_instant(datetime(2025, 3, 1, 1, 0, tzinfo=east)) == "2025-02-28T23:00:00Z"


def test_microseconds_are_written_only_where_there_are_any() -> None:
    assert format_instant(datetime(2025, 3, 1, tzinfo=UTC)) == "2025-03-01T00:00:00Z"
    assert format_instant(datetime(2025, 3, 1, 0, 0, 0, 5, tzinfo=UTC)) == "2025-03-01T00:00:00.000005Z"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(hours=4), "4 h"),
        (timedelta(minutes=48), "48 min"),
        (timedelta(days=3, hours=2, minutes=5), "3 d 2 h 5 min"),
        (timedelta(seconds=20), "20 s"),
        (timedelta(hours=4, seconds=1), "4 h 1 s"),
        (timedelta(0), "0 min"),
        (timedelta(hours=-2), "-2 h"),
        (timedelta(days=-1, hours=-1), "-1 d 1 h"),
        (timedelta(milliseconds=500), "0.5 s"),
        (timedelta(milliseconds=-500), "-0.5 s"),
        (timedelta(seconds=1, milliseconds=500), "1 s"),
        (timedelta.max, "999999999 d 23 h 59 min 59 s"),
        (timedelta.min, "-999999999 d"),
    ],
)
def test_a_span_is_written_for_people(span: timedelta, words: str) -> None:
    assert format_span(span) == words


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("3d", timedelta(days=3)),
        ("4h30m", timedelta(hours=4, minutes=30)),
        ("90s", timedelta(seconds=90)),
        ("1d2h3m4s", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("0s", timedelta(0)),
        ("007m", timedelta(minutes=7)),
        ("3652059d", timedelta(days=3_652_059)),
    ],
)
def test_a_duration_is_whole_days_hours_minutes_and_seconds(text: str, span: timedelta) -> None:
    assert parse_duration(text) == span


@pytest.mark.parametrize(
    "text", ["", "3", "d", "1h2h", "30m4h", "1.5h", "-3d", "+3d", "3D", "3 d", " 3d", "3d\n", "P3D", "٣d"]
)
def test_anything_else_is_no_duration(text: str) -> None:
    with pytest.raises(TimeError, match="such as 3d, 4h30m or 90s"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["3652060d", "3652059d1s", "9" * 30 + "s", "9" * 10_000 + "d"])
def test_a_duration_of_more_than_all_years_is_an_error(text: str) -> None:
    with pytest.raises(TimeError, match="at most 3652059d"):
        parse_duration(text)
