"""Every policy finds what its cases mark, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

import acme_policies
from journeylint.policies import Policy
from journeylint.testing import build_host, find_cases, read_case, read_policies, run_case

HOST = build_host()
POLICIES = read_policies(Path(acme_policies.__file__).parent, HOST).policies
CASES = [(policy, path) for policy in POLICIES for path in find_cases(policy)]


def name_of(value: object) -> str:
    return value.stem if isinstance(value, Path) else getattr(value, "name", "")


@pytest.mark.parametrize(("policy", "path"), CASES, ids=name_of)
def test_a_policy_finds_what_its_case_marks(policy: Policy, path: Path) -> None:
    result = run_case(read_case(path), policy, HOST)
    assert result.holds, result.describe()


@pytest.mark.parametrize("policy", POLICIES, ids=name_of)
def test_a_policy_has_its_two_examples(policy: Policy) -> None:
    assert {"fails.yaml", "passes.yaml"} <= {path.name for path in find_cases(policy)}
