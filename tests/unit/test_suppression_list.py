"""Which suppressions are listed, how they stand, and what is said of their ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from journeylint.cli.suppression_list import Horizon, Standing, list_suppressions, parse_states, parse_until
from journeylint.cli.suppression_text import suppression_lines
from journeylint.errors import UsageError
from journeylint.model import Suppression, SuppressionForm, SuppressionState
from journeylint.terminal import painter
from tests.golden.samples import BY_BASELINE, full_report, listed_report, suppressed_report, suppression


def days_of(until: Horizon | None, *ends: date | None) -> list[date | None]:
    report = full_report()._replace(suppressions=tuple(suppression(until=end) for end in ends))
    return [one.suppression.until for one in list_suppressions(report, until=until)]


def lines_of(*suppressions: Suppression) -> list[str]:
    report = full_report()._replace(suppressions=suppressions)
    return list(suppression_lines(list_suppressions(report), report, painter(color=False)))


@pytest.mark.parametrize(
    ("horizon", "days"),
    [
        (date(2025, 3, 12), [11, 12]),
        (date(2025, 3, 11), [11]),
        (timedelta(days=2), [11, 12]),  # it is the 10th
        (timedelta(days=1, hours=15, minutes=59), [11]),
        (timedelta(days=1, hours=16), [11, 12]),  # midnight: the 12th has begun
        (timedelta.max, [11, 12, 13]),
    ],
)
def test_those_are_listed_whose_last_day_has_come_by_then(horizon: Horizon, days: list[int]) -> None:
    found = days_of(horizon, None, *(date(2025, 3, day) for day in (11, 12, 13)))
    assert [day.day for day in found if day] == days


def test_without_a_horizon_those_without_an_end_are_listed_too() -> None:
    assert days_of(None, None, date(2025, 3, 11)) == [None, date(2025, 3, 11)]


@pytest.mark.parametrize(
    ("text", "horizon"),
    [
        ("2027-01-31", date(2027, 1, 31)),
        ("30d", timedelta(days=30)),
        ("0d", timedelta(0)),
        ("12h", timedelta(hours=12)),
    ],
)
def test_a_horizon_is_a_day_or_a_time_from_now(text: str, horizon: Horizon) -> None:
    assert parse_until(text) == horizon


@pytest.mark.parametrize("text", ["", "soon", "2027-02-30", "20270131", "2027-W05", "-3d", "3w", "9" * 50 + "d"])
def test_another_horizon_is_a_mistake(text: str) -> None:
    with pytest.raises(UsageError, match="expected a day such as 2027-01-31"):
        parse_until(text)


def test_unknown_states_are_told_with_the_nearest() -> None:
    assert parse_states(["used", "unchecked"]) == (SuppressionState.USED, SuppressionState.UNCHECKED)
    with pytest.raises(UsageError) as caught:
        parse_states(["usde", "soon"])
    assert caught.value.messages == (
        "--state usde: there is no such state - did you mean 'used'?",
        "--state soon: there is no such state: expected one of used, unused, expired, invalid, unchecked",
    )


def test_what_is_soon_over_is_what_the_policies_report() -> None:
    standings = [one.standing for one in list_suppressions(listed_report())]
    assert standings.count(Standing.ENDING) == 1
    assert Standing.ENDING not in [one.standing for one in list_suppressions(listed_report()._replace(findings=()))]


def test_only_the_states_that_are_asked_for_are_listed() -> None:
    for state in SuppressionState:
        found = list_suppressions(listed_report(), states=(state,))
        assert found
        assert {one.suppression.state for one in found} == {state}


@pytest.mark.parametrize(
    ("until", "told"),
    [
        (date(2025, 3, 8), "Until 2025-03-08 (2 days ago)"),
        (date(2025, 3, 9), "Until 2025-03-09 (yesterday)"),
        (date(2025, 3, 10), "Until 2025-03-10 (today)"),
        (date(2025, 3, 11), "Until 2025-03-11 (tomorrow)"),
        (date(2025, 3, 12), "Until 2025-03-12 (in 2 days)"),
        (None, "Without an end"),
    ],
)
def test_the_days_that_are_left_are_told(until: date | None, told: str) -> None:
    assert f"    {told}, by crm-team, 1 finding" in lines_of(suppression(until=until))


def test_what_needs_attention_comes_first() -> None:
    report = listed_report()
    headings = [
        line.partition(" (")[0].partition(":")[0].partition(",")[0]
        for line in suppression_lines(list_suppressions(report), report, painter(color=False))
        if line[:1].isalpha() and line.endswith(")")
    ]
    assert headings == ["Not in order", "Over", "Soon over", "Not needed", "In force", "Not checked"]


def test_in_a_group_what_ends_first_comes_first() -> None:
    lines = lines_of(*(suppression(until=until) for until in (None, date(2025, 4, 2), date(2025, 4, 1))))
    assert [line.split(",")[0].strip() for line in lines if "crm-team" in line] == [
        "Until 2025-04-01 (in 22 days)",
        "Until 2025-04-02 (in 23 days)",
        "Without an end",
    ]


def test_a_run_without_suppressions_says_so() -> None:
    assert lines_of()[0] == "Nothing is suppressed."


def test_the_last_lines_count() -> None:
    report = suppressed_report()
    assert list(suppression_lines(list_suppressions(report), report, painter(color=False)))[-2] == (
        "3 suppressions: 3 in force; 3 findings suppressed."
    )
    some = list_suppressions(report, until=date(2025, 3, 31))
    assert list(suppression_lines(some, report, painter(color=False)))[-2] == "1 of 3 suppressions: 1 in force."
    none = list_suppressions(report, until=date(2025, 3, 30))
    assert next(iter(suppression_lines(none, report, painter(color=False)))) == "0 of 3 suppressions."


def test_hundreds_of_entries_of_a_baseline_take_two_lines() -> None:
    lines = lines_of(*(BY_BASELINE for _ in range(300)))
    assert len(lines) < 10
    assert "  In the baseline: 300 entries for 300 findings in 1 file, without an end." in "\n".join(lines)


def test_entries_of_a_baseline_that_need_attention_are_listed() -> None:
    lines = lines_of(BY_BASELINE._replace(state=SuppressionState.UNUSED))
    assert (
        "  journeylint-baseline/weekly-deals.yaml:3:5: OBS004 in Journey weekly-deals of contoso-uat (baseline)"
        in lines
    )


@pytest.mark.parametrize(
    ("scope", "told"),
    [("", "OBS004 in all files"), ("/spec", "OBS004 at /spec"), ("journeys/ /spec", "OBS004 in journeys/ /spec")],
)
def test_what_a_suppression_in_the_configuration_covers_is_told(scope: str, told: str) -> None:
    lines = lines_of(suppression(SuppressionForm.CONFIGURATION, manifest=None, scope=scope))
    assert f"  journeys/spring-sale.yaml:13:7: {told} (configuration)" in lines
