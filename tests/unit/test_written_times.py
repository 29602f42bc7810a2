"""Times that are moved: the first whole minute that reads back as no earlier, written as the old one was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeylint.times import TimeError, parse_instant
from journeylint.written_times import write_instant

BERLIN = "W. Europe Standard Time"


def at(text: str) -> datetime:
    return parse_instant(text, "UTC")


@pytest.mark.parametrize(
    ("moment", "like", "zone", "written"),
    [
        ("2025-03-03T08:00:00Z", "2025-03-03T05:00:00", BERLIN, "2025-03-03T09:00:00"),
        ("2025-03-03T08:00:00Z", "2025-03-03T05:00", BERLIN, "2025-03-03T09:00"),
        ("2025-03-03T08:00:00Z", "2025-03-03T05:00:00.5", "UTC", "2025-03-03T08:00:00"),
        ("2025-03-03T08:00:00Z", "2025-03-03", "Europe/Berlin", "2025-03-03T09:00:00"),
        ("2025-03-03T08:00:00Z", "2025-03-03T05:00:00Z", BERLIN, "2025-03-03T08:00:00Z"),
        ("2025-03-03T08:00:00Z", "2025-03-03t05:00:00z", BERLIN, "2025-03-03t08:00:00z"),
        ("2025-03-03T08:00:00Z", "2025-03-03T05:00+02:00", BERLIN, "2025-03-03T10:00+02:00"),
        ("2025-03-03T08:00:00Z", "2025-03-03T05:00:00-03:30", BERLIN, "2025-03-03T04:30:00-03:30"),
        ("2025-03-03T08:00:01Z", "2025-03-03T05:00:00", BERLIN, "2025-03-03T09:01:00"),
        ("2025-03-03T07:59:00.000001Z", "2025-03-03T05:00:00Z", BERLIN, "2025-03-03T08:00:00Z"),
    ],
)
def test_a_time_is_written_as_the_other_one(moment: str, like: str, zone: str, written: str) -> None:
    assert write_instant(at(moment), like, zone) == written


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        ("2025-03-30T00:59:00Z", "2025-03-30T01:59"),
        ("2025-03-30T00:59:01Z", "2025-03-30T03:00"),  # 02:00 is there no more
        ("2025-03-30T01:00:00Z", "2025-03-30T03:00"),
        ("2025-10-26T00:30:00Z", "2025-10-26T02:30"),  # the first time that clocks show it
        ("2025-10-26T00:59:00Z", "2025-10-26T02:59"),
        ("2025-10-26T01:00:00Z", "2025-10-26T03:00"),  # 02:00 would read as an hour earlier
        ("2025-10-26T01:30:00Z", "2025-10-26T03:00"),
        ("2025-10-26T02:00:00Z", "2025-10-26T03:00"),
    ],
)
def test_a_local_time_is_neither_one_that_clocks_skip_nor_read_as_an_hour_earlier(moment: str, written: str) -> None:
    assert write_instant(at(moment), "2025-01-01T00:00", "Europe/Berlin") == written
    assert parse_instant(written, "Europe/Berlin") >= at(moment)


@pytest.mark.parametrize("like", ["9999-01-01T00:00", "9999-01-01T00:00Z", "9999-01-01T00:00+23:59"])
def test_a_time_behind_the_last_year_is_refused(like: str) -> None:
    with pytest.raises(TimeError):
        write_instant(datetime.max.replace(tzinfo=UTC), like, "Europe/Berlin")


@pytest.mark.parametrize(("like", "zone"), [("soon", "UTC"), ("2025-01-01T00:00", "Nowhere/City")])
def test_what_is_no_time_and_no_zone_is_refused(like: str, zone: str) -> None:
    with pytest.raises(TimeError):
        write_instant(at("2025-01-01T00:00:00Z"), like, zone)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds are naive
    st.sampled_from(["Europe/Berlin", "America/New_York", "Lord Howe Standard Time", "Asia/Kathmandu", "UTC"]),
    st.sampled_from(["2025-01-01", "2025-01-01T00:00", "2025-01-01T00:00:00Z", "2025-01-01T00:00:00.25+05:45"]),
)
def test_what_is_written_reads_back_as_the_first_minute_that_is_no_earlier(
    moment: datetime, zone: str, like: str
) -> None:
    written = write_instant(moment, like, zone)
    found = parse_instant(written, zone)
    assert moment <= found
    if found - moment >= timedelta(minutes=1):  # then clocks go back, and no earlier text stands for the time
        assert "Z" not in written
        assert "+" not in written
        assert found - moment <= timedelta(minutes=61)
    assert write_instant(found, written, zone) == written
