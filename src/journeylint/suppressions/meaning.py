"""What claims mean: which policy, until which day, and what is wrong with them, by the same measure for every front end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from journeylint.model import FailureCode, SuppressionForm
from journeylint.suggest import nearest
from journeylint.suppressions.claims import Claim
from journeylint.terminal import count
from journeylint.times import format_span
from journeylint.wording import quote_value

if TYPE_CHECKING:
    from journeylint.policies import Policy
    from journeylint.suppressions.rules import SuppressionRules

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Meaning(NamedTuple):
    """A claim understood: the policy's id, or the word in its place; the last day on which it holds; what is wrong with it."""

    policy: str
    until: date | None
    problems: tuple[str, ...]
    is_over: bool

    @property
    def is_in_force(self) -> bool:
        """Whether it suppresses what it covers."""
        return not self.problems and not self.is_over


class MeaningReader:
    """Reads what claims say at the instant *as_of*, of which the day in UTC counts."""

    def __init__(self, policies: Sequence[Policy], rules: SuppressionRules, as_of: datetime) -> None:
        self._rules = rules
        self._today = as_of.date()
        self._policies = {
            name: policy
            for policy in policies
            for name in (*policy.life.former_names, *policy.life.former_ids, policy.name, policy.id)
        }
        self._groups = {
            **{tag: "a tag" for policy in policies for tag in policy.tags},
            **{name: "a pack" for policy in policies for name in (policy.prefix, policy.pack)},
        }
        self._ticket = None if rules.ticket_pattern is None else re.compile(rules.ticket_pattern)

    def read(self, claim: Claim) -> Meaning:
        """What *claim* means."""
        policy = self._policies.get(claim.word)
        until = read_date(claim.until)
        problems = [*claim.problems, *self._judge_word(claim, policy), *self._judge_until(claim, until)]
        if claim.form is not SuppressionForm.BASELINE:
            problems += self._judge_reason(claim.reason)
        is_over = until is not None and self._today > until
        return Meaning(claim.word if policy is None else policy.id, until, tuple(problems), is_over)

    def _judge_word(self, claim: Claim, policy: Policy | None) -> list[str]:
        if policy is not None:
            return [] if policy.is_suppressible else [f"{policy.id} says that what it finds cannot be suppressed"]
        return [] if claim.problems and not claim.word else [self._explain_word(claim.word)]

    def _explain_word(self, word: str) -> str:
        if not word:
            return "it names no policy: name one by its id or name"
        if word in {code.value for code in FailureCode} | {code.label for code in FailureCode}:
            return f"{word!r} is a failure: what could not be judged cannot be suppressed"
        if word in self._groups:
            return f"{word!r} is {self._groups[word]}: name each policy by its id or name"
        choice = nearest(word, self._policies)
        hint = "see journeylint policies" if choice is None else f"the nearest is {choice!r}"
        return f"there is no policy {quote_value(word)} - {hint}"

    def _judge_until(self, claim: Claim, until: date | None) -> list[str]:
        if claim.until and until is None:
            return [
                f"{quote_value(claim.until)} is no date: expected a day such as 2027-01-31, the last on which it holds"
            ]
        limit = None if claim.form is SuppressionForm.BASELINE else self._rules.longest_term
        if limit is None or (until is not None and until - self._today <= limit):
            return []
        last = _day_after(self._today, limit)
        if until is None:
            return [f"it has no end, and the longest term is {format_span(limit)} - write 'until {last}'"]
        return [f"it would hold longer than {format_span(limit)} from now on - write 'until {last}'"]

    def _judge_reason(self, reason: str) -> list[str]:
        rules = self._rules
        if not any(map(str.isalnum, reason)):
            return ["it has no reason: say why this is accepted"] if rules.is_reason_required else []
        if len(reason) < rules.reason_length:
            return [f"its reason has {count(len(reason), 'character')}: expected {rules.reason_length} or more"]
        if self._ticket is not None and self._ticket.search(reason) is None:
            return [f"its reason names no ticket: expected something that matches {rules.ticket_pattern!r}"]
        return []


def read_date(text: str) -> date | None:
    """The day that *text* names as `2027-01-31`, None where it names none."""
    if _DATE.fullmatch(text) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _day_after(day: date, term: timedelta) -> date:
    """The day that is *term* after *day*, or the last one that there is."""
    try:
        return day + term
    except OverflowError:
        return date.max
