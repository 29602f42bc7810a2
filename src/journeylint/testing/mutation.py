"""The mutation score: how many mutants of policies their cases tell from the policies that were written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from journeylint.errors import PolicyError
from journeylint.host import Host
from journeylint.plan import KindPlan
from journeylint.policies import Library, Pack, Policy, PolicyFile
from journeylint.policy_check import CheckingContext, check_policy
from journeylint.policy_library import checking_context
from journeylint.testing.bench import Bench
from journeylint.testing.cases import find_cases, read_case
from journeylint.testing.mutants import Siblings, siblings_in
from journeylint.testing.runner import expected_by, holds
from journeylint.testing.survivors import Argued, read_argued
from journeylint.testing.variants import Mutant, Subject, own_mutants, shared_mutants, uses, with_mutant


class Survivor(NamedTuple):
    """A mutant that no case tells from the policy. `reason` says why none can, where that is argued.

    `policies` are those that it is a mutant of; `killer` is the text of a case that would kill it, if a search found one.
    """

    mutant: Mutant
    policies: tuple[Policy, ...]
    reason: str = ""
    killer: str = ""


class Score(NamedTuple):
    """What became of the mutants of a policy, or of what a pack shares."""

    total: int
    survivors: tuple[Survivor, ...]

    @property
    def argued(self) -> int:
        """How many survive for a reason that is given."""
        return sum(bool(one.reason) for one in self.survivors)

    @property
    def killed(self) -> int:
        """How many some case tells from the policy."""
        return self.total - len(self.survivors)

    @property
    def percent(self) -> float:
        """Of those that are not argued, how many are killed, in percent; 100 where there are none."""
        counted = self.total - self.argued
        return 100.0 * self.killed / counted if counted else 100.0


class MutationReport(NamedTuple):
    """The scores by policy id and by pack name. `stale` has a line for each argued survivor that is none."""

    policies: dict[str, Score]
    packs: dict[str, Score]
    stale: tuple[str, ...]

    @property
    def score(self) -> Score:
        """All of them together."""
        scores = [*self.policies.values(), *self.packs.values()]
        return Score(sum(one.total for one in scores), tuple(each for one in scores for each in one.survivors))


def measure_mutation(
    library: Library, host: Host, *, only: Collection[str] | None = None, with_search: bool = True
) -> MutationReport:
    """Try all mutants of the policies of *library*, or of those whose ids are *only*, and of what their packs share.

    What a pack shares is tried by the cases of all its policies, if all of them are asked for. *with_search* looks for a case
    that kills each survivor. Raises PolicyError for case files and `survivors.yaml` that cannot be understood.
    """
    return _Measurement(library, host, with_search=with_search).run(only)


class _Measurement:
    def __init__(self, library: Library, host: Host, *, with_search: bool) -> None:
        self._library = library
        self._host = host
        self._bench = Bench(host)
        self._context: CheckingContext = checking_context(host)
        self._with_search = with_search
        self._last_killer = 0
        self._stale: list[str] = []

    def _siblings_in(self, kinds: Collection[str]) -> Siblings:
        """Those in all manifests, for a policy may look others up, and in *kinds*; in *kinds* alone if these are judged last."""
        own = {name: kind for name, kind in self._host.kinds.items() if kind.is_derived and name in kinds}
        is_alone = any(kind.is_judged_last for kind in own.values())
        held = own if is_alone else {**self._host.manifest_kinds, **own}
        return siblings_in({name: kind.schema for name, kind in held.items()})

    def run(self, only: Collection[str] | None) -> MutationReport:
        packs = {pack.name: pack for pack in self._library.packs}
        subjects = {
            policy.id: self._prepare(policy, packs[policy.pack])
            for policy in self._library.policies
            if only is None or policy.id in only
        }
        own = {
            name: self._score(
                [one], list(own_mutants(one.policy, self._siblings_in([one.policy.kind]))), one.policy.file
            )
            for name, one in subjects.items()
        }
        shared: dict[str, Score] = {}
        for pack in self._library.packs:
            members = [policy.id for policy in self._library.policies if policy.pack == pack.name]
            if pack.shared and all(member in subjects for member in members):
                mutants = list(shared_mutants(pack, self._siblings_in(pack.shared)))
                shared[pack.name] = self._score([subjects[member] for member in members], mutants, pack.file)
        return MutationReport(own, shared, tuple(self._stale))

    def _prepare(self, policy: Policy, pack: Pack) -> Subject:
        cases = [read_case(path) for path in find_cases(policy)]
        ready = [(self._bench.prepare(case), expected_by(case, policy)) for case in cases]
        plans = [self._bench.plan(policy, case.params) for case in cases]
        holding = [  # the others would tell every mutant from the policy, and the policy too
            (one, expected)
            for (one, expected), plan in zip(ready, plans, strict=True)
            if holds(one, self._bench.judge(one, plan), expected)
        ]
        return Subject(policy, pack, tuple(holding))

    def _score(self, subjects: Sequence[Subject], mutants: Sequence[Mutant], file: PolicyFile) -> Score:
        total, left = 0, []
        for mutant in mutants:
            concerned = [one for one in subjects if not mutant.part.startswith("/shared/") or uses(one.policy, mutant)]
            variants = [(one, with_mutant(one.policy, mutant)) for one in concerned]
            if not variants or any(check_policy(policy, one.pack, self._context) for one, policy in variants):
                continue
            try:
                is_killed = any(self._is_killed(one, policy) for one, policy in variants)
            except PolicyError:
                continue  # it is nested too deeply to be asked at all
            total += 1
            if not is_killed:
                left.append(mutant)
        argued = read_argued(Path(file.path).parent, self._host)
        return Score(total, tuple(self._tell_survivors(subjects, left, argued)))

    def _is_killed(self, subject: Subject, variant: Policy) -> bool:
        """Whether a case tells *variant* from the policy; PolicyError where CEL cannot compile it."""
        order = list(range(len(subject.cases)))
        if self._last_killer < len(order):  # what killed the last one is likely to kill this one
            order.insert(0, order.pop(self._last_killer))
        plans: dict[str, KindPlan] = {}
        for index in order:
            ready, expected = subject.cases[index]
            key = repr(sorted(ready.case.params.items(), key=str))
            if key not in plans:
                plans[key] = self._bench.plan(variant, ready.case.params)
            if not holds(ready, self._bench.judge(ready, plans[key]), expected):
                self._last_killer = index
                return True
        return False

    def _tell_survivors(
        self, subjects: Sequence[Subject], left: Sequence[Mutant], argued: Iterable[Argued]
    ) -> Iterator[Survivor]:
        reasons = self._match(argued, left)
        killers: dict[Mutant, str] = {}
        open_ones = [mutant for mutant in left if mutant not in reasons]
        if self._with_search and open_ones:
            from journeylint.testing.kill_search import KillSearch  # noqa: PLC0415 - only survivors need it

            killers = KillSearch(self._bench, self._host).find(subjects, open_ones)
        for mutant in left:
            policies = tuple(
                one.policy for one in subjects if not mutant.part.startswith("/shared/") or uses(one.policy, mutant)
            )
            yield Survivor(mutant, policies, reasons.get(mutant, ""), killers.get(mutant, ""))

    def _match(self, argued: Iterable[Argued], left: Sequence[Mutant]) -> dict[Mutant, str]:
        reasons: dict[Mutant, str] = {}
        for one in argued:
            met = [mutant for mutant in left if one.is_about(mutant)]
            reasons.update(dict.fromkeys(met, one.reason))
            if not met:
                self._stale.append(f"{one.place}: no surviving mutant at {one.at} reads {one.mutant!r}: take it out")
        return reasons
