"""The calendar of the ends of suppressions, read by the rules of RFC 5545."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeylint.cli.suppression_calendar import LINE_OCTETS, fold, write_calendar
from journeylint.cli.suppression_list import list_suppressions
from journeylint.model import Suppression, SuppressionForm, SuppressionState
from tests.golden.samples import AS_OF, BY_BASELINE, UAT, full_report, listed_report, place, suppression

PARAMETER = r"[A-Za-z0-9-]+=(?:[^\x00-\x1f\x7f\";:,]*|\"[^\"]*\")"
PROPERTY = re.compile(rf"(?P<name>[A-Za-z0-9-]+)(?P<params>(?:;{PARAMETER})*):(?P<value>.*)")
ESCAPE = re.compile(r"\\(.)", re.DOTALL)
TEXTS = {"SUMMARY", "DESCRIPTION", "X-WR-CALNAME"}
REQUIRED = {
    "VCALENDAR": {"PRODID", "VERSION"},
    "VEVENT": {"UID", "DTSTAMP", "DTSTART"},
    "VALARM": {"ACTION", "DESCRIPTION", "TRIGGER"},
    "VTIMEZONE": {"TZID"},
    "STANDARD": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
}


class Component(NamedTuple):
    """A component of a calendar: its properties, of which each is there once, and what is inside."""

    name: str
    properties: dict[str, str]
    inside: list[Component]

    def all(self, name: str) -> list[Component]:
        """The components of that name right inside."""
        return [one for one in self.inside if one.name == name]


def content_lines(text: str) -> list[str]:
    """The unfolded lines; each raw one ends with CRLF, holds no other line break, and is short enough."""
    assert text.endswith("\r\n")
    raw = text[:-2].split("\r\n")
    for line in raw:
        assert len(line.encode()) <= LINE_OCTETS
        assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", line)
    lines: list[str] = []
    for line in raw:
        if line.startswith((" ", "\t")):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return lines


def parse(text: str) -> Component:
    """The calendar in *text*, held against what RFC 5545 asks of it."""
    stack = [Component("", {}, [])]
    for line in content_lines(text):
        match = PROPERTY.fullmatch(line)
        assert match is not None, line
        name, value = match["name"], match["value"]
        if name == "BEGIN":
            stack.append(Component(value, {}, []))
        elif name == "END":
            ended = stack.pop()
            assert ended.name == value
            assert ended.properties.keys() >= REQUIRED[value]
            stack[-1].inside.append(ended)
        else:
            assert name not in stack[-1].properties
            stack[-1].properties[name] = read_text(value) if name in TEXTS else value
            if match["params"]:
                assert (name, match["params"]) == ("DTSTART", ";VALUE=DATE")
    (calendar,) = stack.pop().inside
    assert (calendar.name, calendar.properties["VERSION"]) == ("VCALENDAR", "2.0")
    assert calendar.inside  # a calendar has a component
    uids = [event.properties["UID"] for event in calendar.all("VEVENT")]
    assert len(set(uids)) == len(uids)
    return calendar


def read_text(value: str) -> str:
    """A TEXT value unescaped; separators that are not escaped are against the rules."""
    assert re.fullmatch(r"(?:[^\\;,]|\\[\\;,nN])*", value), value
    return ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def calendar_of(*suppressions: Suppression) -> Component:
    report = full_report()._replace(suppressions=suppressions)
    return parse(write_calendar(list_suppressions(report), report))


def event_of(one: Suppression) -> Component:
    (event,) = calendar_of(one).all("VEVENT")
    return event


def test_each_suppression_that_has_an_end_and_is_in_order_is_an_event_on_its_last_day() -> None:
    days = {
        SuppressionState.USED: date(2025, 3, 31),
        SuppressionState.UNUSED: date(2025, 4, 1),
        SuppressionState.UNCHECKED: date(9999, 12, 31),
        SuppressionState.EXPIRED: date(2024, 2, 29),
        SuppressionState.INVALID: date(2025, 4, 3),
    }
    found = calendar_of(
        *(suppression(state=state, until=until, line=until.day) for state, until in days.items()),
        suppression(until=None, line=99),
    )
    assert [one.properties["DTSTART"] for one in found.all("VEVENT")] == [
        "20250331",
        "20250401",
        "99991231",
        "20240229",
    ]


def test_an_event_says_what_ends_who_accepted_it_and_why() -> None:
    event = event_of(suppression())
    assert event.properties["SUMMARY"] == "Suppression of OBS004 ends: Journey spring-sale (default)"
    assert event.properties["DESCRIPTION"] == (
        "CRM-1042: split in April\n"
        "Accepted by crm-team.\n"
        "Written in journeys/spring-sale.yaml:13:7 (comment).\n"
        "From the next day on it suppresses nothing. A finding counts again."
    )
    assert "DTEND" not in event.properties  # so that it takes that one day


def test_an_event_is_stamped_with_the_instant_of_the_run() -> None:
    assert event_of(suppression()).properties["DTSTAMP"] == AS_OF.strftime("%Y%m%dT%H%M%SZ")


@pytest.mark.parametrize(
    ("until", "reminders"), [(date(2025, 3, 9), 0), (date(2025, 3, 10), 1), (date(2025, 3, 11), 1)]
)
def test_what_is_over_reminds_nobody_any_more(until: date, reminders: int) -> None:
    alarms = event_of(suppression(until=until)).all("VALARM")
    assert len(alarms) == reminders
    assert {alarm.properties["TRIGGER"] for alarm in alarms} <= {"-P7D"}


def uid_of(one: Suppression) -> str:
    return event_of(one).properties["UID"]


@pytest.mark.parametrize(
    "moved",
    [
        suppression(line=99),
        suppression(until=date(2026, 1, 1)),
        suppression(state=SuppressionState.UNUSED),
        suppression(location=place("moved.yaml", "", (1, 1, 1, 2))),
        suppression(reason="another", owner="another"),
    ],
)
def test_an_event_stays_the_same_when_lines_files_days_and_words_change(moved: Suppression) -> None:
    assert uid_of(moved) == uid_of(suppression())


@pytest.mark.parametrize(
    "other",
    [
        suppression(policy="OBS005"),
        suppression(manifest=UAT),
        suppression(manifest=None),
        suppression(SuppressionForm.METADATA),
        suppression(scope="/spec"),
    ],
)
def test_another_suppression_is_another_event(other: Suppression) -> None:
    assert uid_of(other) != uid_of(suppression())


def test_two_of_a_kind_are_two_events() -> None:
    assert len(calendar_of(suppression(line=1), suppression(line=2)).all("VEVENT")) == 2


def test_entries_of_the_baseline_that_end_on_one_day_are_one_event() -> None:
    entries = [BY_BASELINE._replace(until=date(2025, 5, day), findings=2) for day in (1, 1, 2)]
    first, second = calendar_of(*entries).all("VEVENT")
    assert first.properties["SUMMARY"] == "2 entries of journeylint's baseline end"
    assert first.properties["DESCRIPTION"].startswith("Findings that are covered until then: 4. ")
    assert second.properties["SUMMARY"] == "1 entry of journeylint's baseline ends"


def test_a_calendar_without_events_still_is_one() -> None:
    assert [one.name for one in calendar_of().inside] == ["VTIMEZONE"]
    assert [one.name for one in calendar_of(suppression(until=None)).inside] == ["VTIMEZONE"]


def test_hostile_texts_are_in_order_and_start_no_command() -> None:
    report = listed_report()
    text = write_calendar(list_suppressions(report), report)
    parse(text)
    assert "##vso" not in text
    assert not re.search(r"^\s*::", text, re.MULTILINE)


@given(st.text(), st.text())
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_calendar(reason: str, owner: str) -> None:
    event = event_of(suppression(reason=reason, owner=owner, policy=owner, scope=reason))
    text = event.properties["DESCRIPTION"]
    if reason.isprintable() and reason and "::" not in reason and "##" not in reason and len(reason) < 1000:
        assert text.startswith(f"{reason}\n")


@given(st.text(st.sampled_from("ab:é漢\U0001f600\u034f"), max_size=400))
@settings(deadline=None)
def test_a_folded_line_can_be_put_together_again(line: str) -> None:
    folded = fold(line).split("\r\n")
    assert max(len(part.encode()) for part in folded) <= LINE_OCTETS
    assert folded[0] + "".join(part[1:] for part in folded[1:]) == line


@pytest.mark.parametrize(("octets", "parts"), [(75, 1), (76, 2), (75 + 74, 2), (75 + 74 + 1, 3)])
def test_a_line_is_folded_where_it_has_to_be(octets: int, parts: int) -> None:
    assert len(fold("x" * octets).split("\r\n ")) == parts
