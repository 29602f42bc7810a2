"""What `journeylint test` reports: what became of cases, and what is asked of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from journeylint.testing.coverage import Coverage
    from journeylint.testing.mutation import MutationReport, Score
    from journeylint.testing.suite import LibraryResult


class CasesReport(NamedTuple):
    """The result, the mutation scores if they were asked for, and the least percentages that do, if any are asked for."""

    result: LibraryResult
    mutation: MutationReport | None = None
    min_coverage: float | None = None
    min_score: float | None = None

    def is_too_low(self, coverage: Coverage) -> bool:
        """Whether *coverage* is below what is asked for."""
        return self.min_coverage is not None and coverage.percent < self.min_coverage

    def is_too_weak(self, score: Score) -> bool:
        """Whether *score* is below what is asked for."""
        return self.min_score is not None and score.percent < self.min_score

    @property
    def scores(self) -> tuple[Score, ...]:
        """The score of each policy and of what each pack shares."""
        if self.mutation is None:
            return ()
        return (*self.mutation.policies.values(), *self.mutation.packs.values())

    @property
    def passed(self) -> bool:
        """Whether every case holds, none lacks, no argued survivor is stale, and nothing is below what is asked for."""
        is_stale = self.mutation is not None and bool(self.mutation.stale)
        is_low = any(map(self.is_too_low, self.result.coverages)) or any(map(self.is_too_weak, self.scores))
        return self.result.holds and not is_stale and not is_low
