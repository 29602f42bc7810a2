"""Until when verdicts hold, and from when on findings will be there: for people in their own time zone, and for programs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from journeylint.model import Outcome
from journeylint.times import format_instant
from journeylint.zones import zone_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from journeylint.model import Finding, Horizon, JsonObject, JsonValue, PolicyPage, Report, Turn

_THEN = {
    Outcome.PASSED: "complies",
    Outcome.FAILED: "does not comply",
    Outcome.NOT_APPLICABLE: "is not judged any more",
    Outcome.ERROR: "cannot be judged any more",
}


def name_turn(turn: Turn) -> str:
    """`2027-02-28 05:00 (W. Europe Standard Time)`: seconds, and fractions of them, only where there are any."""
    local = _local(turn)
    timespec = "auto" if local.second or local.microsecond else "minutes"
    return f"{local.isoformat(sep=' ', timespec=timespec)} ({turn.zone})"


def tell_horizon(horizon: Horizon) -> str:
    """`holds until 2027-02-28 05:00 (W. Europe Standard Time), then complies`, or that it holds for good, or nobody knows."""
    if not horizon.is_known:
        return "nobody can tell until when this holds"
    if horizon.turn is None:
        return "holds until something is changed"
    then = "" if horizon.then is None else f", then {_THEN[horizon.then]}"
    return f"holds until {name_turn(horizon.turn)}{then}"


def tell_deadline(deadline: str, policy: str, turn: Turn) -> str:
    """`Publish the journey by 2027-02-28 05:00 (W. Europe Standard Time), or OBS007 will fail`, for a *deadline* to do so."""
    when = "by" if turn.is_after else "before"
    return f"{deadline[:1].upper()}{deadline[1:]} {when} {name_turn(turn)}, or {policy} will fail"


def announce(finding: Finding, page: PolicyPage | None) -> str:
    """A sentence, without its full stop, about when a finding to come will be there; empty for one that is there now."""
    turn = finding.fails_from
    if turn is None:
        return ""
    if turn.ends_suppression:
        return f"{finding.policy} is no longer suppressed from {name_turn(turn)} on"
    if page is not None and page.deadline:
        return tell_deadline(page.deadline, finding.policy, turn)
    return f"{finding.policy} will fail " + (
        f"after {name_turn(turn)}" if turn.is_after else f"from {name_turn(turn)} on"
    )


def announced(report: Report) -> Iterator[Finding]:
    """The findings to come of *report*, each with the sentence about its begin before its message."""
    for finding in () if report.outlook is None else report.outlook.findings:
        sentence = announce(finding, report.pages.get(finding.policy))
        yield finding._replace(message=f"{sentence}. {finding.message}")


def moment_data(turn: Turn) -> JsonObject:
    """The first instant with the new verdict, exactly, and what clocks in the manifest's zone show then."""
    local = _local(turn._replace(at=turn.first, is_after=False))
    return {"instant": format_instant(turn.first), "local": local.isoformat(), "timeZone": turn.zone}


def holds_until_data(horizon: Horizon) -> JsonValue:
    """The `holdsUntil` of reports for programs: null where the verdict holds for good, `unknown` where nobody can tell."""
    if not horizon.is_known:
        return "unknown"
    turn = horizon.turn
    if turn is None:
        return None
    return {
        "instant": format_instant(turn.at),
        "included": turn.is_after,
        "local": _local(turn).isoformat(),
        "timeZone": turn.zone,
        "then": None if horizon.then is None else horizon.then.value,
    }


def _local(turn: Turn) -> datetime:
    """What clocks in the zone of *turn* show; those of UTC at the ends of time, where others show a year that is none."""
    try:
        return turn.at.astimezone(zone_named(turn.zone)).replace(tzinfo=None)
    except OverflowError:
        return turn.at.astimezone(UTC).replace(tzinfo=None)
