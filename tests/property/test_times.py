"""Round trips and laws of instants, spans and durations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeylint.times import TimeError, format_instant, format_span, parse_duration, parse_instant
from journeylint.zones import zone_named

ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Tokyo", "Africa/Casablanca"]
UNITS = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}

local_times = st.datetimes(datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2200-01-01"))
moments = local_times.map(lambda local: local.replace(tzinfo=UTC))


@settings(deadline=None)
@given(moments)
def test_what_is_written_is_read_again(moment: datetime) -> None:
    assert parse_instant(format_instant(moment), "UTC") == moment


@settings(deadline=None)
@given(moments, st.sampled_from(ZONES))
def test_an_instant_is_the_same_in_the_writing_of_every_zone(moment: datetime, zone: str) -> None:
    local = moment.astimezone(zone_named(zone))
    offset = local.utcoffset()
    if offset is not None and offset.seconds % 60 == 0:
        assert parse_instant(local.isoformat(), "UTC") == moment


@settings(deadline=None)
@given(moments, st.sampled_from(ZONES))
def test_a_local_time_that_was_on_the_clocks_is_that_instant_or_an_earlier_one(moment: datetime, zone: str) -> None:
    local = moment.astimezone(zone_named(zone)).replace(tzinfo=None)
    read = parse_instant(local.isoformat(), zone)
    assert read <= moment
    assert read.astimezone(zone_named(zone)).replace(tzinfo=None) == local


@settings(deadline=None)
@given(local_times, st.sampled_from(ZONES))
def test_a_local_time_is_read_or_refused_as_skipped(local: datetime, zone: str) -> None:
    try:
        read = parse_instant(local.isoformat(), zone)
    except TimeError as error:
        assert "does not exist" in str(error)  # noqa: PT017 - reading it is as good an end
    else:
        assert read.astimezone(zone_named(zone)).replace(tzinfo=None) == local


@settings(deadline=None)
@given(st.text(max_size=30) | st.from_regex(r"[0-9T:+.Zz -]{8,30}", fullmatch=True), st.sampled_from([*ZONES, "x"]))
def test_no_text_ends_in_anything_but_an_instant_or_a_time_error(text: str, zone: str) -> None:
    try:
        assert parse_instant(text, zone).tzinfo is UTC
    except TimeError as error:
        assert str(error)  # noqa: PT017 - reading it is as good an end


@settings(deadline=None)
@given(st.timedeltas().map(lambda span: span - timedelta(microseconds=span.microseconds)))
def test_a_span_of_whole_seconds_can_be_added_up_again(span: timedelta) -> None:
    words = format_span(span).removeprefix("-").split()
    seconds = sum(int(count) * UNITS[unit] for count, unit in zip(words[::2], words[1::2], strict=True))
    assert abs(span) == timedelta(seconds=seconds) if span != timedelta.min else words == ["999999999", "d"]


@settings(deadline=None)
@given(st.tuples(*(st.none() | st.integers(0, 10**6) for _ in "dhms")))
def test_a_duration_is_the_sum_of_its_parts(counts: tuple[int | None, ...]) -> None:
    text = "".join(f"{count}{unit}" for count, unit in zip(counts, "dhms", strict=True) if count is not None)
    if not text:
        with pytest.raises(TimeError):
            parse_duration(text)
        return
    days, hours, minutes, seconds = (count or 0 for count in counts)
    assert parse_duration(text) == timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
