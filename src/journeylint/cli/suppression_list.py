"""Which suppressions are listed, and what of them needs attention first."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from journeylint.errors import UsageError
from journeylint.model import SuppressionState
from journeylint.suggest import did_you_mean
from journeylint.times import TimeError, parse_duration

if TYPE_CHECKING:
    from journeylint.model import Location, Report, Suppression

Horizon: TypeAlias = "date | timedelta"
"""A day, or how far it is away from the run's instant."""

_SAYS_WHAT_ENDS = "expiring-suppression"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class Standing(enum.Enum):
    """How a suppression stands, what needs attention most first; `ENDING` ones are used, and soon over."""

    INVALID = "invalid"
    EXPIRED = "expired"
    ENDING = "ending"
    UNUSED = "unused"
    USED = "used"
    UNCHECKED = "unchecked"


class Listed(NamedTuple):
    """A suppression and how it stands; `days_left` is 0 on its last day, less afterwards, and None where it has no end."""

    suppression: Suppression
    standing: Standing
    days_left: int | None


def list_suppressions(
    report: Report, *, states: Sequence[SuppressionState] = (), until: Horizon | None = None
) -> list[Listed]:
    """The suppressions of *report* in one of *states*, if any are given, that end on the day *until* or before it, if given.

    They are in the order of the report. What is soon over is what the policies of the run report as such.
    """
    ending = _ending_places(report)
    today = report.as_of.date()
    last = _last_day(until, report)
    listed = []
    for one in report.suppressions:
        if (states and one.state not in states) or (last is not None and (one.until is None or one.until > last)):
            continue
        standing = Standing(one.state.value)
        if standing is Standing.USED and one.location in ending:
            standing = Standing.ENDING
        listed.append(Listed(one, standing, None if one.until is None else (one.until - today).days))
    return listed


def _ending_places(report: Report) -> set[Location]:
    return {finding.location for finding in report.findings if finding.name == _SAYS_WHAT_ENDS}


def _last_day(until: Horizon | None, report: Report) -> date | None:
    if not isinstance(until, timedelta):
        return until
    try:
        return (report.as_of + until).date()
    except OverflowError:
        return date.max


def parse_states(words: Sequence[str]) -> tuple[SuppressionState, ...]:
    """The states that *words* name; UsageError with the nearest name for one that is none."""
    known = [state.value for state in SuppressionState]
    unknown = [word for word in words if word not in known]
    if unknown:
        raise UsageError(
            f"--state {word}: there is no such state{did_you_mean(word, known) or ': expected one of ' + ', '.join(known)}"
            for word in unknown
        )
    return tuple(map(SuppressionState, words))


def parse_until(text: str) -> Horizon:
    """What `--until` *text* says; UsageError where that is neither a day nor a duration."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else parse_duration(text)
    except (TimeError, ValueError):
        raise UsageError(
            f"--until {text!r}: expected a day such as 2027-01-31, or how far it is away, such as 30d"
        ) from None
