"""From claims to what they come to: which findings are accepted, and what became of each suppression.

This is the one way of all front ends, so that what has expired, or is not in order, counts for nothing wherever it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from journeylint.evaluate import FindingRow
from journeylint.model import Failure, Identity, Suppression, SuppressionForm, SuppressionState
from journeylint.suppressions.claims import Claim, FileReach, KeyReach, LineReach, NodeReach, Reach
from journeylint.suppressions.covering import CoverIndex, FilePatterns
from journeylint.suppressions.dealing import Dealing
from journeylint.suppressions.meaning import Meaning, MeaningReader

if TYPE_CHECKING:
    from journeylint.policies import Policy
    from journeylint.suppressions.rules import SuppressionRules


class Surroundings(NamedTuple):
    """What there is to know of a run for telling what a suppression means in it.

    `is_on` tells for a policy's id and a path whether the policy judges all that is there. `paths` are those that were looked
    at, `failures` what could not be judged; `is_whole` tells whether no manifest of the project was left out, and is
    asked only where it matters, for that can take a while. `places` are the
    paths of the manifests that were judged, if anybody asks for them by their identity. `unjudged` are policies, and paths in
    which they met a manifest that could not be judged. Where *only* is given, entries of the baseline are told to be unused
    in files with these paths only.
    """

    policies: Sequence[Policy]
    as_of: datetime
    rules: SuppressionRules
    working_directory: str
    is_on: Callable[[str, str], bool]
    paths: Sequence[str]
    failures: Sequence[Failure]
    is_whole: Callable[[], bool]
    places: Mapping[Identity, str] = MappingProxyType({})
    unjudged: AbstractSet[tuple[str, str]] = frozenset()
    only: AbstractSet[str] | None = None


class Settled(NamedTuple):
    """The rows that are left, those that are suppressed with the number of the suppression, and all suppressions.

    Numbers are 0-based indexes into `suppressions`, which are sorted by place and policy.
    """

    rows: list[FindingRow]
    suppressed: list[tuple[FindingRow, int]]
    suppressions: tuple[Suppression, ...]


def settle(rows: Iterable[FindingRow], claims: Iterable[Claim], around: Surroundings) -> Settled:
    """Take the *rows* that *claims* cover out; one that several cover is the first one's, but all of these are used.

    The order is that of the forms, so that what stands beside a finding comes before what is said elsewhere.
    """
    covering = _cover(rows, claims, around)
    ordered = covering.claims
    kept: list[FindingRow] = []
    taken: list[tuple[FindingRow, int]] = []
    counts = [0] * len(ordered)
    for row, numbers in covering.rows:
        for number in numbers:
            counts[number] += 1
        if numbers:
            taken.append((row, min(numbers, key=lambda number: (_RANKS[ordered[number].form], number))))
        else:
            kept.append(row)
    ends = _Ends(around, covering.patterns)
    settled = [
        ends.tell(claim, meaning, count, occurs=number in covering.occurring)
        for number, (claim, meaning, count) in enumerate(zip(ordered, covering.meanings, counts, strict=True))
    ]
    return Settled(kept, taken, tuple(settled))


def keep_uncovered(rows: Iterable[FindingRow], claims: Iterable[Claim], around: Surroundings) -> list[FindingRow]:
    """Those of *rows* that none of *claims* covers, in their order."""
    return [row for row, numbers in _cover(rows, claims, around).rows if not numbers]


class _Covering(NamedTuple):
    """Claims in the order of their places, what each means, and which of them cover which row, by their indexes."""

    claims: list[Claim]
    meanings: list[Meaning]
    rows: list[tuple[FindingRow, set[int]]]
    occurring: AbstractSet[int]
    patterns: FilePatterns


def _cover(rows: Iterable[FindingRow], claims: Iterable[Claim], around: Surroundings) -> _Covering:
    ordered = sorted(claims, key=_order)
    reader = MeaningReader(around.policies, around.rules, around.as_of)
    meanings = [reader.read(claim) for claim in ordered]
    patterns = FilePatterns(around.working_directory)
    index, dealing = CoverIndex(patterns), Dealing()
    for number, (claim, meaning) in enumerate(zip(ordered, meanings, strict=True)):
        if isinstance(claim.reach, KeyReach):
            if not meaning.problems:
                dealing.add(meaning.policy, claim.reach, number, is_over=meaning.is_over)
        elif meaning.is_in_force:
            index.add(meaning.policy, claim.reach, number)
    listed = list(rows)
    coverings = [index.find(row) for row in listed]
    dealing.deal(listed, coverings)
    return _Covering(ordered, meanings, list(zip(listed, coverings, strict=True)), dealing.occurring, patterns)


_RANKS = {form: rank for rank, form in enumerate(SuppressionForm)}


def _order(claim: Claim) -> tuple[str, int, int, str, str, str]:
    span = claim.location.span
    return claim.location.path, span.line, span.column, claim.location.pointer, claim.word, claim.scope


class _Ends:
    """Tells what became of claims."""

    def __init__(self, around: Surroundings, patterns: FilePatterns) -> None:
        self._around = around
        self._patterns = patterns
        self._unjudged = {failure.location.path for failure in around.failures}
        self._unjudged_manifests = {failure.manifest for failure in around.failures}

    @cached_property
    def _is_whole(self) -> bool:
        return self._around.is_whole()

    @cached_property
    def _uncertain(self) -> frozenset[str]:
        """The policies that may have found nothing because what they asked about was not there to be judged."""
        if None not in self._unjudged_manifests and self._is_whole:
            return frozenset()
        return frozenset(policy.id for policy in self._around.policies if policy.asks_about_others)

    def tell(self, claim: Claim, meaning: Meaning, count: int, *, occurs: bool) -> Suppression:
        """What *claim* came to, which suppressed *count* findings.

        An entry of the baseline that is over is expired if what it was about still *occurs*: else it is not needed.
        """
        return Suppression(
            claim.form,
            meaning.policy,
            self._state(claim, meaning, count, occurs=occurs),
            claim.reason,
            claim.owner,
            meaning.until,
            claim.location,
            claim.manifest,
            claim.scope,
            count,
            meaning.problems,
        )

    def _state(self, claim: Claim, meaning: Meaning, count: int, *, occurs: bool) -> SuppressionState:
        if meaning.problems:
            return SuppressionState.INVALID
        if meaning.is_over and (occurs or self._is_asked(claim.reach, meaning.policy, claim.location.path)):
            return SuppressionState.EXPIRED
        if count:
            return SuppressionState.USED
        return SuppressionState.UNUSED if self._was_checked(claim, meaning.policy) else SuppressionState.UNCHECKED

    def _is_asked(self, reach: Reach, policy: str, written_in: str) -> bool:
        """Whether *policy* runs anywhere in what *reach* covers; of an entry of the baseline only its finding tells."""
        around = self._around
        match reach:
            case LineReach() | NodeReach():
                return around.is_on(policy, reach.path)
            case FileReach():
                paths = self._patterns.among(reach, around.paths)
                return any(around.is_on(policy, path) for path in paths or [written_in])
            case KeyReach():
                return False

    def _was_checked(self, claim: Claim, policy: str) -> bool:
        """Whether all that *claim* covers was judged by *policy*, which then has nothing more to say there."""
        around, reach = self._around, claim.reach
        match reach:
            case LineReach() | NodeReach():
                return self._was_judged(policy, reach.path)
            case KeyReach():
                path = around.places.get(reach.manifest)
                if path is None:
                    runs = around.only is None and around.is_on(policy, claim.location.path)
                    return runs and self._is_gone(reach.manifest)
                return (around.only is None or path in around.only) and self._was_judged(policy, path)
            case FileReach():
                return self._is_whole and self._were_judged(policy, reach)

    def _was_judged(self, policy: str, path: str) -> bool:
        is_open = path in self._unjudged or policy in self._uncertain or (policy, path) in self._around.unjudged
        return not is_open and self._around.is_on(policy, path)

    def _were_judged(self, policy: str, reach: FileReach) -> bool:
        """Whether *policy* judges in all files that *reach* means, and left nothing open there."""
        around = self._around
        paths = self._patterns.among(reach, around.paths)
        is_on = all(around.is_on(policy, path) for path in paths)
        is_open = policy in self._uncertain or any((policy, path) in around.unjudged for path in paths)
        return is_on and not is_open and self._unjudged.isdisjoint(paths)

    def _is_gone(self, manifest: Identity) -> bool:
        """Whether there is no such manifest any more, not even one that could not be judged."""
        return self._is_whole and self._unjudged_manifests.isdisjoint({manifest, None})
