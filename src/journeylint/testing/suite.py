"""All cases of some policies, judged: what differs from the markers, which cases lack, and what they leave untested."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from journeylint.errors import PolicyError
from journeylint.host import Host
from journeylint.policies import Library, Pack, Policy
from journeylint.policy_files import sort_messages
from journeylint.testing.bench import Bench
from journeylint.testing.cases import Case, find_cases, read_case
from journeylint.testing.coverage import Coverage, Sightings
from journeylint.testing.predicates import own_predicates, shared_predicates
from journeylint.testing.runner import CaseResult, compare, params_problems


class PolicyResult(NamedTuple):
    """What became of a policy's cases.

    `lacks` says, a line each, which cases it should have and has not; `coverage` is that of its own expressions. Both are
    left out (empty, None) where only some of its cases were asked for.
    """

    policy: Policy
    cases: tuple[CaseResult, ...]
    lacks: tuple[str, ...] = ()
    coverage: Coverage | None = None

    @property
    def holds(self) -> bool:
        """Whether every case holds and none lacks."""
        return not self.lacks and all(case.holds for case in self.cases)


class PackResult(NamedTuple):
    """What the cases of all of a pack's policies leave untested of what they share."""

    pack: Pack
    coverage: Coverage


class LibraryResult(NamedTuple):
    """What became of the cases of some policies; `packs` are those that share expressions and were tested as a whole."""

    policies: tuple[PolicyResult, ...]
    packs: tuple[PackResult, ...]

    @property
    def holds(self) -> bool:
        """Whether every case of every policy holds and none lacks."""
        return all(one.holds for one in self.policies)

    @property
    def coverages(self) -> tuple[Coverage, ...]:
        """The coverage of each policy and of each pack."""
        own = [one.coverage for one in self.policies if one.coverage is not None]
        return (*own, *(one.coverage for one in self.packs))

    @property
    def coverage(self) -> Coverage:
        """All of them together."""
        return Coverage(tuple(sighting for one in self.coverages for sighting in one.sightings))


def run_library(
    library: Library,
    host: Host,
    *,
    only: Collection[str] | None = None,
    cases: Mapping[str, Collection[Path]] | None = None,
) -> LibraryResult:
    """Run the cases of the policies of *library*.

    *only* are the ids of those that are asked for. *cases* names, by id, the only cases to run of a policy. Raises
    PolicyError with everything that is wrong with the case files.
    """
    chosen = [policy for policy in library.policies if only is None or policy.id in only]
    read = _read_all(chosen, cases or {})
    bench, sightings = Bench(host), Sightings()
    packs = {pack.name: pack for pack in library.packs}
    results = []
    for policy in chosen:
        judged = tuple(_run(case, policy, packs[policy.pack], bench, sightings) for case in read[policy.id])
        if policy.id in (cases or {}):
            results.append(PolicyResult(policy, judged))
        else:
            results.append(
                PolicyResult(policy, judged, _lacking(judged, policy), sightings.coverage(own_predicates(policy)))
            )
    whole = {one.policy.id for one in results if one.coverage is not None}
    shared = []
    for pack in library.packs:
        members = [policy for policy in library.policies if policy.pack == pack.name]
        predicates = shared_predicates(pack, members)
        if predicates and all(policy.id in whole for policy in members):
            shared.append(PackResult(pack, sightings.coverage(predicates)))
    return LibraryResult(tuple(results), tuple(shared))


def _read_all(policies: Sequence[Policy], only: Mapping[str, Collection[Path]]) -> dict[str, list[Case]]:
    read: dict[str, list[Case]] = {}
    problems: list[str] = []
    for policy in policies:
        read[policy.id] = []
        wanted = {path.resolve() for path in only.get(policy.id, ())}
        for path in find_cases(policy):
            if policy.id in only and path.resolve() not in wanted:
                continue
            try:
                case = read_case(path)
            except PolicyError as error:
                problems += error.messages
                continue
            problems += params_problems(case, policy)
            read[policy.id].append(case)
    if problems:
        raise PolicyError(sort_messages(problems))
    return read


def _run(case: Case, policy: Policy, pack: Pack, bench: Bench, sightings: Sightings) -> CaseResult:
    ready = bench.prepare(case)
    verdict = bench.judge(ready, bench.plan(policy, case.params))
    for trace in bench.traces(ready, policy, pack.file):
        sightings.add(trace)
    return compare(case, policy, verdict)


def _lacking(results: Sequence[CaseResult], policy: Policy) -> tuple[str, ...]:
    folder = f"{Path(policy.file.path).parent.as_posix()}/cases"
    lacks = []
    if not any(one.case.fails for one in results):
        lacks.append(f"has no case in which it finds something: write {folder}/fails.yaml")
    if all(one.case.fails for one in results):
        lacks.append(f"has no case in which it finds nothing: write {folder}/passes.yaml")
    return tuple(f"{policy.file.path}:1: {policy.id} {lack}" for lack in lacks)
