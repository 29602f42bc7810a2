"""What settings and the instant of a run make of policies: which are judged by, how severely, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from journeylint.model import Severity
from journeylint.plan import Ruling
from journeylint.policies import Policy
from journeylint.settings.resolve import Resolution
from journeylint.terminal import count
from journeylint.times import format_instant

_ARTICLES = {Severity.ERROR: "an error", Severity.WARNING: "a warning"}
_DAY = timedelta(days=1)


def rule(policies: Iterable[Policy], resolution: Resolution, as_of: datetime) -> list[Ruling]:
    """The rulings on those of *policies* that are on and have not ended at *as_of*, in their order.

    Findings of a policy that is not in force yet are infos, whatever severity is configured, and say what they will be.
    """
    rulings = (_rule_one(policy, resolution, as_of) for policy in policies)
    return [ruling for ruling in rulings if ruling is not None]


def _rule_one(policy: Policy, resolution: Resolution, as_of: datetime) -> Ruling | None:
    held = resolution.policies[policy.id]
    if not held.is_enabled or policy.life.effective.is_over(as_of):
        return None
    severity, notice = held.severity or policy.severity, ""
    if policy.life.effective.is_ahead(as_of):
        severity, notice = Severity.INFO, announce(policy, severity, as_of)
    counts = resolution.fail_on.counts(severity)
    return Ruling(policy, severity, held.params, counts, notice, partial(_rule_one, policy, resolution))


def announce(policy: Policy, severity: Severity, as_of: datetime) -> str:
    """`Will be an error from 2027-01-01, in 37 days.` for a policy that is not in force at *as_of*; else nothing.

    *severity* is what its findings will have. Days are rounded up: in the last 24 hours it is `in 1 day`.
    """
    begin = policy.life.effective.begin
    if begin is None or as_of >= begin:
        return ""
    days = -((as_of - begin) // _DAY)
    what = "Holds" if severity is Severity.INFO else f"Will be {_ARTICLES[severity]}"
    return f"{what} from {name_instant(begin)}, in {count(days, 'day')}."


def name_instant(moment: datetime) -> str:
    """*moment*, which is in UTC, as people write it: its date alone where it is midnight."""
    return format_instant(moment).removesuffix("T00:00:00Z")
