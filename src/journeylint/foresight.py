"""Until when verdicts hold, and which nodes will fail: what judging adds to its rows for runs that ask for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from journeylint.cel import CelError, Scope
from journeylint.errors import PolicyError
from journeylint.inquiry import Inquiry
from journeylint.manifest_zones import ManifestZones
from journeylint.model import Horizon, Manifest, Outcome, Turn
from journeylint.plan import FAILED, NOT_APPLICABLE, PASSED, RuledPolicy
from journeylint.turning_points import RAISED, Change

TurnRow: TypeAlias = "tuple[int, bool, str, bool]"
"""A `model.Turn` as plain data, the instant in microseconds since 1970."""

HorizonRow: TypeAlias = "tuple[TurnRow | None, str | None, bool]"
"""A `model.Horizon` as plain data."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_OUTCOMES = {
    NOT_APPLICABLE: Outcome.NOT_APPLICABLE.value,
    PASSED: Outcome.PASSED.value,
    FAILED: Outcome.FAILED.value,
    RAISED: Outcome.ERROR.value,
}
_UNKNOWN: HorizonRow = (None, None, False)
_FOR_GOOD: HorizonRow = (None, None, True)


class Stretch(NamedTuple):
    """A time in which a node does not comply: from `first` on, which `begins` names for people, to its horizon."""

    first: datetime
    begins: TurnRow
    horizon: HorizonRow


class Foresight:
    """Looks ahead from *now*, for the node that *inquiry* is about.

    `too_deep` are the ids of the policies whose conditions CEL cannot nest once more, so that nobody can tell.
    """

    def __init__(self, inquiry: Inquiry, now: datetime, zones: ManifestZones) -> None:
        self.too_deep: set[str] = set()
        self._inquiry = inquiry
        self._now = now
        self._zones = zones

    def horizon(self, ruled: RuledPolicy, manifest: Manifest, scope: Scope) -> HorizonRow | None:
        """Until when the present verdict holds; None where the policy does not read `now`."""
        if ruled.turning_points is None:
            return None
        changes = self._changes(ruled, scope)
        return _UNKNOWN if changes is None else self._end(changes[:1], manifest)

    def stretches(self, ruled: RuledPolicy, manifest: Manifest, scope: Scope, until: datetime) -> Iterator[Stretch]:
        """The times of failing that begin behind now, up to and with *until*."""
        if all(one.code != FAILED for one in self._changes(ruled, scope, until) or ()):
            return
        every: list[Change | None] = [*(self._changes(ruled, scope) or ()), None]
        for one, after in pairwise(every):
            if one is not None and one.code == FAILED and one.first <= until:
                yield Stretch(one.first, self._turn(one, manifest), self._end([after] if after else [], manifest))

    def _changes(self, ruled: RuledPolicy, scope: Scope, until: datetime | None = None) -> list[Change] | None:
        """The changes of the verdict, or None where nobody can tell."""
        points = ruled.turning_points
        if points is None or points.reason or ruled.policy.id in self.too_deep:
            return None
        try:
            return points.changes(scope, self._inquiry, self._now, until=until)
        except (PolicyError, CelError):
            self.too_deep.add(ruled.policy.id)
            return None

    def _end(self, changes: Sequence[Change], manifest: Manifest) -> HorizonRow:
        if not changes:
            return _FOR_GOOD
        return self._turn(changes[0], manifest), _OUTCOMES[changes[0].code], True

    def _turn(self, change: Change, manifest: Manifest) -> TurnRow:
        return row_of_turn(Turn(change.at, change.is_after, self._zones.name(manifest)))


def row_of_turn(turn: Turn) -> TurnRow:
    """*turn* as plain data."""
    return (turn.at - _EPOCH) // _MICROSECOND, turn.is_after, turn.zone, turn.ends_suppression


def turn_from(row: TurnRow) -> Turn:
    """The turn that *row* is."""
    at, is_after, zone, ends_suppression = row
    return Turn(_EPOCH + timedelta(microseconds=at), is_after, zone, ends_suppression)


def horizon_from(row: HorizonRow) -> Horizon:
    """The horizon that *row* is."""
    turn, then, is_known = row
    return Horizon(None if turn is None else turn_from(turn), None if then is None else Outcome(then), is_known)
