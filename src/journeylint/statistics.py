"""What a run takes: the time of its stages, and of each policy where it is asked alone.

One expression judges a manifest by all policies, so that what one of them takes cannot be told from a run itself. Where
statistics are wanted, each policy is asked once more, by an expression of its own, when the verdicts are there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from time import perf_counter
from typing import Any

from journeylint.cel import CelError, Scope
from journeylint.evaluate import MOST_NODES_AT_ONCE, GateResult, Judge
from journeylint.file_shard import FileShard, JudgingParts, RankedFile
from journeylint.model import Manifest
from journeylint.plan import Chosen, Gate, KindPlan, RuledPolicy
from journeylint.workspace import Demand, Offer

STARTING = "starting"
READING = "reading"
FACTS = "facts"
COMPILING = "compiling"
GATES = "conditions"
FINDINGS = "findings"
REPORTING = "reporting"
ALONE = "statistics"
STAGES = (STARTING, READING, FACTS, COMPILING, GATES, FINDINGS, REPORTING)
"""The stages of a run in their order. `ALONE` is none of them: it is what is done for the statistics only."""


class Statistics:
    """Seconds by stage, and by the id of a policy; whoever wants some hands it to a run, which fills it in.

    The clock runs from the beginning, and always for one stage only.
    """

    def __init__(self) -> None:
        self.stages: defaultdict[str, float] = defaultdict(float)
        self.policies: defaultdict[str, float] = defaultdict(float)
        self._running = [STARTING]
        self._since = perf_counter()

    def turn_to_report(self) -> None:
        """Let the clock run for the report from here on."""
        self._count()
        self._running[-1] = REPORTING

    def stop(self) -> None:
        """Count what the last stage took."""
        self._count()

    @contextmanager
    def within(self, stage: str) -> Iterator[None]:
        """Let the clock run for *stage*, and afterwards again for the one before."""
        self._count()
        self._running.append(stage)
        try:
            yield
        finally:
            self._count()
            self._running.pop()

    def shard(self, parts: JudgingParts, files: Sequence[RankedFile]) -> FileShard:
        """A shard over *files* that fills in the statistics."""
        return _MeasuredShard(parts, files, self)

    def _count(self) -> None:
        now = perf_counter()
        self.stages[self._running[-1]] += now - self._since
        self._since = now


class _MeasuredShard(FileShard):
    """A shard whose work is measured."""

    def __init__(self, parts: JudgingParts, files: Sequence[RankedFile], statistics: Statistics) -> None:
        self._statistics = statistics
        super().__init__(parts, files, judge_type=partial(_MeasuredJudge, statistics))

    def load(self) -> Offer:
        with self._statistics.within(READING):
            return super().load()

    def judge(self) -> set[Demand]:
        with self._statistics.within(FINDINGS):
            return super().judge()


class _MeasuredJudge(Judge):
    """A judge that asks each policy alone, too."""

    def __init__(self, statistics: Statistics, *parts: Any, **more: Any) -> None:
        super().__init__(*parts, **more)
        self._statistics = statistics
        self._alone: dict[int, tuple[Gate, ...]] = {}

    def _scope(self, manifest: Manifest, plan: KindPlan, now: datetime, chosen: Chosen | None = None) -> Scope:
        with self._statistics.within(FACTS):
            return super()._scope(manifest, plan, now, chosen)

    def _ask(self, manifest: Manifest, plan: KindPlan, chosen: Chosen, scope: Scope) -> list[GateResult] | None:
        with self._statistics.within(COMPILING):
            plan.gates_of(chosen.groups)
        with self._statistics.within(GATES):
            results = super()._ask(manifest, plan, chosen, scope)
        with self._statistics.within(ALONE):
            met = self._inquiry.met_unjudged
            for group in plan.groups_of(chosen.groups):
                for ruled in group.policies:
                    self._statistics.policies[ruled.policy.id] += self._measure(manifest, plan, ruled, chosen, scope)
            self._inquiry.met_unjudged = met
        return results

    def _measure(self, manifest: Manifest, plan: KindPlan, ruled: RuledPolicy, chosen: Chosen, scope: Scope) -> float:
        """How many seconds it takes to ask a policy about all nodes of *manifest*."""
        if id(ruled) not in self._alone:
            self._alone[id(ruled)] = plan.gates_alone(ruled)
        is_large = chosen.most > MOST_NODES_AT_ONCE
        nodes = range(ruled.group.count_nodes(manifest.data)) if is_large else range(0)
        begun = perf_counter()
        with suppress(CelError):
            for index in nodes:
                self._inquiry.index = index
                ruled.verdict.elements(scope)
            for gate in () if is_large else self._alone[id(ruled)]:
                gate.program.elements(scope)
        return perf_counter() - begun
