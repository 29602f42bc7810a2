"""Every case of every built-in policy holds, and would not if the policy said something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from journeylint.policies import Expression, Policy
from journeylint.testing import CaseRunner, build_host, find_cases, read_case, read_policies, run_library

POLICIES = Path(__file__).resolve().parents[2] / "policies"
HOST = build_host(())
LIBRARY = read_policies(POLICIES, HOST)
RUNNER = CaseRunner(HOST)
BY_ID = {policy.id: policy for policy in LIBRARY.policies}
CASES = [(policy.id, path) for policy in LIBRARY.policies for path in map(Path.resolve, find_cases(policy))]


def notice(mutant: Policy) -> bool:
    """Whether a case of the policy tells it from *mutant*."""
    return any(not RUNNER.run(read_case(path), mutant).holds for path in find_cases(mutant))


def first_word(path: Path) -> str:
    """The `fails` of `fails.yaml` and of `fails-<what>.yaml`."""
    return re.split("[-.]", path.name)[0]


def with_when(policy: Policy, source: str) -> Policy:
    return policy._replace(when=Expression(source, "/match/when"))


def without_shared_when(policy: Policy) -> Policy:
    return policy._replace(shared=policy.shared._replace(when=None))


def mutants() -> Iterator[tuple[str, Policy]]:
    """Policies with their predicate (for a never-compliant one its condition) replaced by true and by false."""
    for policy in LIBRARY.policies:
        for source in ("true", "false"):
            if policy.require.source != "false":
                yield f"{policy.id}-require-{source}", policy._replace(require=Expression(source, "/require"))
            if policy.when is not None:
                yield f"{policy.id}-when-{source}", with_when(policy, source)
        if policy.shared.when is not None:
            yield f"{policy.id}-every-state", without_shared_when(policy)
            yield f"{policy.id}-everywhere", with_when(without_shared_when(policy), "true")


def moved_boundaries() -> Iterator[tuple[str, Policy]]:
    """Policies that take a boundary for the other side's."""
    for policy in LIBRARY.policies:
        for found in re.finditer(r"<=|>=|<|>", policy.require.source):
            moved = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}[found[0]]
            source = policy.require.source[: found.start()] + moved + policy.require.source[found.end() :]
            yield f"{policy.id}-{found.start()}", policy._replace(require=policy.require._replace(source=source))
        if "canGetMoreTime" in str(policy.source):
            shared = dict(policy.shared.let)
            later = shared["canGetMoreTime"].source.replace(">=", ">")
            shared["canGetMoreTime"] = shared["canGetMoreTime"]._replace(source=later)
            yield f"{policy.id}-start-at-as-of", policy._replace(shared=policy.shared._replace(let=shared))


MUTANTS = dict(mutants())
MOVED = dict(moved_boundaries())


@pytest.mark.parametrize(("policy", "path"), CASES, ids=[f"{policy}-{path.stem}" for policy, path in CASES])
def test_a_policy_finds_exactly_what_its_case_marks(policy: str, path: Path) -> None:
    result = RUNNER.run(read_case(path), BY_ID[policy])

    assert result.holds, result.describe()


@pytest.mark.parametrize("name", MUTANTS)
def test_cases_notice_a_predicate_or_condition_that_says_always_or_never(name: str) -> None:
    assert notice(MUTANTS[name])


@pytest.mark.parametrize("name", MOVED)
def test_cases_notice_a_boundary_that_belongs_to_the_other_side(name: str) -> None:
    assert notice(MOVED[name])


def test_cases_see_every_sub_predicate_both_true_and_false() -> None:
    result = run_library(LIBRARY, HOST)

    assert result.holds
    assert [one.pack.name for one in result.packs] == ["outbound-segments", "references"]
    assert [gap for coverage in result.coverages for gap in coverage.gaps] == []
    assert result.coverage.total > 80


@pytest.mark.parametrize("policy", LIBRARY.policies, ids=lambda policy: policy.id)
def test_a_policy_has_a_failing_and_a_passing_case(policy: Policy) -> None:
    beginnings = {first_word(path) for path in find_cases(policy)}

    assert beginnings == {"fails", "passes"}


@pytest.mark.parametrize(("policy", "path"), CASES, ids=[f"{policy}-{path.stem}" for policy, path in CASES])
def test_a_case_marks_findings_of_its_policy_if_and_only_if_its_name_says_fails(policy: str, path: Path) -> None:
    marked = {marker.policy for marker in read_case(path).expected}

    assert marked == ({policy} if first_word(path) == "fails" else set())


def test_every_folder_of_cases_belongs_to_a_policy() -> None:
    assert {path for _, path in CASES} == set(POLICIES.glob("*/*/cases/*"))


@pytest.mark.parametrize("name", ["fails.yaml", "passes.yaml"])
@pytest.mark.parametrize("policy", LIBRARY.policies, ids=lambda policy: policy.id)
def test_a_policy_has_examples_that_fit_on_a_screen(policy: Policy, name: str) -> None:
    (example,) = (path for path in find_cases(policy) if path.name == name)
    lines = example.read_text(encoding="utf-8").splitlines()

    assert len(lines) <= 40
    assert [line for line in lines if len(line) > 100] == []
