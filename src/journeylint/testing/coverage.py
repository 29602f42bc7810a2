"""What the cases of policies leave untested: each sub-predicate is to be seen both true and false while it is reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from journeylint.evidence import PredicateId, Step, Trace, walk_steps
from journeylint.testing.predicates import Predicate


class Sighting(NamedTuple):
    """A sub-predicate, and which values of it were seen."""

    predicate: Predicate
    seen: frozenset[bool]

    @property
    def missing(self) -> tuple[bool, ...]:
        """The values that no case brings about, true first."""
        return tuple(value for value in (True, False) if value not in self.seen)


class Coverage(NamedTuple):
    """The sub-predicates of some expressions with what was seen of them, in the order of their file."""

    sightings: tuple[Sighting, ...]

    @property
    def total(self) -> int:
        """How many sub-predicates there are."""
        return len(self.sightings)

    @property
    def covered(self) -> int:
        """How many of them were seen both true and false."""
        return sum(not one.missing for one in self.sightings)

    @property
    def percent(self) -> float:
        """The part that is covered; 100 where there is nothing to cover."""
        return 100.0 * self.covered / self.total if self.total else 100.0

    @property
    def gaps(self) -> tuple[Sighting, ...]:
        """The sub-predicates that were not seen both ways."""
        return tuple(one for one in self.sightings if one.missing)


class Sightings:
    """Collects the values that the sub-predicates of traces came to."""

    def __init__(self) -> None:
        self._seen: set[tuple[PredicateId, bool]] = set()

    def add(self, trace: Trace) -> None:
        """Take over what was reached in *trace*."""
        self._seen |= {(step.id, step.value) for step in _reached(trace) if step.value is not None}
        for name in trace.names:
            if isinstance(name.value, bool):
                source = name.part.expression.source
                end = len(source.rstrip())
                start = len(source) - len(source.lstrip())
                key = (name.part.file.path, name.part.expression.pointer, start, end)
                self._seen.add((key, name.value))

    def coverage(self, predicates: Sequence[Predicate]) -> Coverage:
        """What was seen of *predicates*."""
        return Coverage(tuple(Sighting(one, frozenset(self._values(one.id))) for one in predicates))

    def _values(self, key: PredicateId) -> Iterable[bool]:
        return (value for value in (True, False) if (key, value) in self._seen)


def _reached(trace: Trace) -> Iterator[Step]:
    yield from walk_steps(trace.steps)
    for name in trace.names:
        yield from walk_steps(name.steps)
