"""Every case of every built-in policy holds, and would not if the policy said something else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from journeylint.policies import Library, Pack, Policy
from journeylint.testing import CaseRunner, build_host, find_cases, read_case, read_policies
from journeylint.testing.mutation import measure_mutation

POLICIES = Path(__file__).resolve().parents[2] / "policies"
HOST = build_host(())
LIBRARY = read_policies(POLICIES, HOST)
RUNNER = CaseRunner(HOST)
BY_ID = {policy.id: policy for policy in LIBRARY.policies}
WITH_EXAMPLES = [policy for policy in LIBRARY.policies if policy.kind in HOST.manifest_kinds]
"""A policy about what a run makes itself has cases, but none that shows people what to write."""
CASES = [(policy.id, path) for policy in LIBRARY.policies for path in map(Path.resolve, find_cases(policy))]


def first_word(path: Path) -> str:
    """The `fails` of `fails.yaml` and of `fails-<what>.yaml`."""
    return re.split("[-.]", path.name)[0]


@pytest.mark.parametrize(("policy", "path"), CASES, ids=[f"{policy}-{path.stem}" for policy, path in CASES])
def test_a_policy_finds_exactly_what_its_case_marks(policy: str, path: Path) -> None:
    result = RUNNER.run(read_case(path), BY_ID[policy])

    assert result.holds, result.describe()


@pytest.mark.parametrize("pack", LIBRARY.packs, ids=lambda pack: pack.name)
def test_cases_notice_every_mutant_of_a_policy_and_of_what_its_pack_shares_that_is_not_argued(pack: Pack) -> None:
    own = Library((pack,), tuple(policy for policy in LIBRARY.policies if policy.pack == pack.name))

    report = measure_mutation(own, HOST, with_search=False)

    left = [f"{one.mutant.place}: {one.mutant.mutated}" for one in report.score.survivors if not one.reason]
    assert (left, report.stale) == ([], ())
    assert set(report.policies) == {policy.id for policy in own.policies}
    assert report.score.total > 2 * len(own.policies)
    assert report.score.argued < 0.03 * report.score.total


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
@pytest.mark.parametrize("policy", WITH_EXAMPLES, ids=lambda policy: policy.id)
def test_a_policy_has_examples_that_fit_on_a_screen(policy: Policy, name: str) -> None:
    (example,) = (path for path in find_cases(policy) if path.name == name)
    lines = example.read_text(encoding="utf-8").splitlines()

    assert len(lines) <= 40
    assert [line for line in lines if len(line) > 100] == []


def test_a_policy_about_what_no_file_holds_has_no_examples() -> None:
    others = [policy for policy in LIBRARY.policies if policy not in WITH_EXAMPLES]
    names = {path.name for policy in others for path in find_cases(policy)}

    assert others
    assert names.isdisjoint({"fails.yaml", "passes.yaml"})
