"""Runs cases: what a policy finds in one, and how that differs from what is marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from journeylint.errors import PolicyError
from journeylint.evaluate import FindingRow
from journeylint.host import Host
from journeylint.model import Failure, Finding, JsonValue
from journeylint.params import value_problem
from journeylint.plan import KindPlan
from journeylint.policies import Library, Policy
from journeylint.policy_library import load_library
from journeylint.ports import PolicyRoot, Supplied
from journeylint.report import findings_of, sort_failures
from journeylint.settings.outdated import describe_outdated
from journeylint.suggest import did_you_mean
from journeylint.testing.bench import Bench, ReadyCase, Verdict
from journeylint.testing.cases import Case, Marker


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How a policy's findings differ from a case's markers.

    `missing` were marked and not found, `unexpected` found and not marked; `failures` are manifests that could not be
    judged, of which a case has none. `warnings` are complete lines about ids that the policy had before.
    """

    case: Case
    missing: tuple[Marker, ...] = ()
    unexpected: tuple[Finding, ...] = ()
    failures: tuple[Failure, ...] = ()
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    warnings: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the policy found exactly what is marked, and everything could be judged."""
        return not (self.missing or self.unexpected or self.failures)

    def differences(self) -> list[tuple[str, int, str]]:
        """Path, line and text of each difference, in the order of the file."""
        told = [
            (self.case.path, marker.line, f"{marker.policy} is marked here, but finds nothing")
            for marker in self.missing
        ]
        for finding in self.unexpected:
            text = f"{finding.policy} finds something that is not marked: {finding.message}"
            told.append((finding.location.path, finding.location.span.line, text))
        for failure in self.failures:
            text = f"{failure.code.value} {failure.code.label}: {failure.message}"
            told.append((failure.location.path, failure.location.span.line, text))
        return sorted(told)

    def describe(self) -> str:
        """A line `path:line: …` for each difference, in the order of the file; empty where the case holds."""
        return "\n".join(f"{path}:{line}: {text}" for path, line, text in self.differences())


def read_policies(root: Path, host: Host) -> Library:
    """The packs in the folder *root* (`<root>/<pack>/pack.yaml`), checked as they are for a run.

    Raises PolicyError with every problem of every file.
    """
    return load_library(
        host._replace(policy_roots=(Supplied("the folder under test", PolicyRoot(root)),)), is_part=True
    )


def run_case(case: Case, policy: Policy, host: Host) -> CaseResult:
    """What becomes of *case* under *policy*; `CaseRunner` is faster for many."""
    return CaseRunner(host).run(case, policy)


class CaseRunner:
    """Runs cases with what *host* supplies."""

    def __init__(self, host: Host) -> None:
        self._bench = Bench(host)
        self._last: tuple[Policy, str, KindPlan] | None = None

    def run(self, case: Case, policy: Policy) -> CaseResult:
        """What becomes of *case* under *policy*. Raises PolicyError for params that the policy does not take."""
        problems = params_problems(case, policy)
        if problems:
            raise PolicyError(problems)
        verdict = self._bench.judge(self._bench.prepare(case), self._plan(policy, case.params))
        return compare(case, policy, verdict)

    def _plan(self, policy: Policy, params: Mapping[str, JsonValue]) -> KindPlan:
        """That of the case before, if it is of the same policy: the cases of one mostly follow each other."""
        told = repr(params)  # in which 1 is not 1.0
        if self._last is None or self._last[0] is not policy or self._last[1] != told:
            self._last = policy, told, self._bench.plan(policy, params)
        return self._last[2]


def compare(case: Case, policy: Policy, verdict: Verdict) -> CaseResult:
    """How *verdict* differs from what is marked: each marker answers for one finding."""
    open_markers = Counter(expected_by(case, policy))
    found = tuple(findings_of(_own_rows(case, verdict), {policy.id: policy}, case.as_of))
    unexpected = []
    for finding in found:
        marker = Marker(finding.location.span.line, finding.policy)
        if open_markers[marker] > 0:
            open_markers[marker] -= 1
        else:
            unexpected.append(finding)
    missing = tuple(sorted(open_markers.elements()))
    failures = tuple(sort_failures(verdict.failures))
    return CaseResult(case, missing, tuple(unexpected), failures, found, tuple(_warn(case, policy)))


def _warn(case: Case, policy: Policy) -> Iterable[str]:
    for marker in case.expected:
        if marker.policy in policy.life.former_ids:
            for told in describe_outdated(marker.policy, [policy]):
                yield f"{case.path}:{marker.line}: {told}"


def holds(ready: ReadyCase, verdict: Verdict, expected: Sequence[Marker]) -> bool:
    """As `CaseResult.holds`, for those who ask nothing else; *expected* are the markers, sorted."""
    if verdict.failures:
        return False
    return [Marker(row.line, row.policy) for row in _own_rows(ready.case, verdict)] == expected


def expected_by(case: Case, policy: Policy) -> list[Marker]:
    """The markers of *case*, sorted; one that names *policy* by an id that it had before means it."""
    return sorted(
        marker._replace(policy=policy.id) if marker.policy in policy.life.former_ids else marker
        for marker in case.expected
    )


def params_problems(case: Case, policy: Policy) -> list[str]:
    """A line for each param of *case* that *policy* does not take."""
    problems = []
    for name, value in case.params.items():
        param = policy.params.get(name)
        if param is None:
            problems.append(f"{policy.id} has no param {name!r}{did_you_mean(name, policy.params)}")
        elif (problem := value_problem(param, value)) is not None:
            problems.append(f"param {name!r}: {problem}")
    return [f"{case.path}:{case.params_line}:1: {problem}" for problem in problems]


def _own_rows(case: Case, verdict: Verdict) -> Iterable[FindingRow]:
    """What was found in the case itself, and not beside it."""
    return [row for row in verdict.rows if row.path == case.path]
