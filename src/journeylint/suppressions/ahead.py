"""What suppressions make of the time ahead: what comes while something covers it, and what comes back when that ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from journeylint.evaluate import FindingRow
from journeylint.foresight import horizon_from, row_of_turn, turn_from
from journeylint.model import Turn
from journeylint.suppressions.claims import Claim
from journeylint.suppressions.meaning import MeaningReader, read_date
from journeylint.suppressions.rules import SuppressionRules
from journeylint.suppressions.settle import Surroundings, keep_uncovered


def look_ahead(
    suppressed: Iterable[FindingRow],
    upcoming: Iterable[FindingRow],
    claims: Sequence[Claim],
    around: Surroundings,
    *,
    until: datetime,
) -> list[FindingRow]:
    """The findings that will begin to be reported up to and with *until*, each with the instant from which on it will be.

    These are those of *upcoming* that nothing covers on the day when they come, and of these and of what is *suppressed* now
    those of which the last suppression ends while they last. What they say is what they say when they come, or now.
    """
    reader = MeaningReader(around.policies, around.rules, around.as_of)
    # One that is not in order now does not become so by waiting, as one with too long a term would.
    claims = [claim for claim in claims if not reader.read(claim).problems]
    around = around._replace(rules=SuppressionRules(is_reason_required=False))
    covered = [(around.as_of, row) for row in suppressed]
    found: list[FindingRow] = []
    by_day: dict[datetime, list[FindingRow]] = {}
    for row in upcoming:
        by_day.setdefault(_day_of(_begin(row)), []).append(row)
    for day, rows in by_day.items():
        kept = _uncovered(rows, claims, around, day)
        found += kept
        known = set(map(id, kept))
        covered += [(_begin(row), row) for row in rows if id(row) not in known]
    for day in _ends(claims, around.as_of, until):
        waiting = [row for begin, row in covered if begin < day and _lasts(row, day)]
        back = _uncovered(waiting, claims, around, day)
        known = set(map(id, back))
        covered = [(begin, row) for begin, row in covered if id(row) not in known]
        found += [row._replace(fails_from=row_of_turn(Turn(day, ends_suppression=True))) for row in back]
    return found


def _uncovered(
    rows: Sequence[FindingRow], claims: Sequence[Claim], around: Surroundings, day: datetime
) -> list[FindingRow]:
    return keep_uncovered(rows, claims, around._replace(as_of=day)) if rows else []


def _ends(claims: Iterable[Claim], after: datetime, until: datetime) -> Iterator[datetime]:
    """The first instants behind *after*, up to and with *until*, at which one of *claims* holds no more, in order."""
    days = {read_date(claim.until) for claim in claims}
    for day in sorted(day for day in days if day is not None and day != date.max):
        end = datetime.combine(day + timedelta(days=1), time(), UTC)
        if after < end <= until:
            yield end


def _begin(row: FindingRow) -> datetime:
    return datetime.max.replace(tzinfo=UTC) if row.fails_from is None else turn_from(row.fails_from).first


def _day_of(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _lasts(row: FindingRow, day: datetime) -> bool:
    """Whether a finding is still there at *day*, as far as can be told."""
    turn = None if row.horizon is None else horizon_from(row.horizon).turn
    return turn is None or day < turn.first
