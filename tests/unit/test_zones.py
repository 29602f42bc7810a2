"""Time zones by name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from journeylint.zones import ZoneError, iana_names, windows_ids, zone_exists, zone_named


@pytest.mark.parametrize("name", ["UTC", "Etc/UTC"])
def test_utc_is_pythons_own(name: str) -> None:
    assert zone_named(name) is UTC


def test_a_windows_id_has_the_rules_of_its_iana_zone() -> None:
    moment = datetime(2025, 7, 1, tzinfo=zone_named("W. Europe Standard Time"))
    assert moment.utcoffset() == timedelta(hours=2)


def test_every_windows_id_stands_for_a_zone_that_is_there() -> None:
    assert windows_ids().keys() >= {"UTC", "UTC-11", "Pacific Standard Time", "Tokyo Standard Time"}
    assert [name for name, iana in windows_ids().items() if iana not in iana_names()] == []


def test_every_listed_name_can_be_loaded() -> None:
    for name in [*iana_names(), *windows_ids()]:
        assert datetime(2025, 7, 1, tzinfo=zone_named(name)).utcoffset() is not None


def test_old_names_that_link_to_new_ones_exist() -> None:
    assert zone_exists("Europe/Kiev")
    assert zone_exists("US/Pacific")


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../../etc/passwd",
        "../zoneinfo/Europe/Berlin",
        "/usr/share/zoneinfo/Europe/Berlin",
        "Europe",
        "Europe/",
        "Europe/Berlin/",
        "Europe\\Berlin",
        "Europe/Berlin\0",
        "europe/berlin",
        "EUROPE/BERLIN",
        "w. europe standard time",
        " UTC",
        "utc",
        "+01:00",
        "zone.tab",
        "tzdata.zi",
        "__init__.py",
        "\ud800",
        "x" * 100_000,
    ],
)
def test_what_is_not_on_the_list_is_no_zone(name: str) -> None:
    assert not zone_exists(name)
    with pytest.raises(ZoneError, match="is not a time zone"):
        zone_named(name)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("W Europe Standard Time", "W. Europe Standard Time"),
        ("utc", "UTC"),
    ],
)
def test_the_nearest_zone_is_suggested(name: str, near: str) -> None:
    with pytest.raises(ZoneError, match=f"did you mean '{near}'"):
        zone_named(name)


def test_without_a_near_zone_both_sorts_of_name_are_shown() -> None:
    with pytest.raises(ZoneError, match=r"'W. Europe Standard Time' or an IANA name such as 'Europe/Berlin'"):
        zone_named("qqqq")
