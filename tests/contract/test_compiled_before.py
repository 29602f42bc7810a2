"""A run that finds in the cache what an earlier one compiled gives the same report, and takes nothing that has changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from journeylint import plan
from tests.contract.command_line import Outcome, check, write

FABRIKAM = Path(__file__).resolve().parents[2] / "examples/fabrikam"
AS_OF = "2026-11-01"


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def judge(folder: Path, *argv: str) -> Outcome:
    return check(folder, "--preset", "all", "--jobs", "1", *argv, as_of=AS_OF)


def test_the_second_run_compiles_no_gate_and_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = judge(FABRIKAM, "--no-cache")
    assert judge(FABRIKAM) == expected
    monkeypatch.setattr(plan, "_parts_of", None)

    assert judge(FABRIKAM) == expected
    assert judge(FABRIKAM, "--no-cache").status == 4  # so that the test can fail


def test_the_first_run_may_have_several_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = judge(FABRIKAM, "--jobs", "2")
    monkeypatch.setattr(plan, "_parts_of", None)

    assert judge(FABRIKAM) == expected


def workspace(folder: Path) -> Path:
    segment = (
        "apiVersion: journeylint/v1\nkind: Segment\nmetadata: {name: a}\nspec: {source: realtime, memberCount: 7}\n"
    )
    policy = """\
id: TST001
name: small-segment
title: Small
severity: error
since: 0.1.0
match: {kind: Segment}
params: {most: {type: integer, default: 5, description: Most.}}
require: segment.spec.memberCount <= params.most
message: It has ${segment.spec.memberCount} members.
rationale: Why.
remediation: How.
"""
    return write(
        folder,
        {
            "a.yaml": segment,
            "journeylint.yaml": "policy-roots: [policies]\n",
            "policies/pack/pack.yaml": "name: pack\nprefix: TST\ntitle: A pack\n",
            "policies/pack/small-segment/policy.yaml": policy,
        },
    )


def found(folder: Path) -> list[str]:
    outcome = check(folder, "--select", "TST001")
    return [one["message"] for one in outcome.findings]


def test_a_param_or_policy_that_changes_is_compiled_anew(tmp_path: Path) -> None:
    folder = workspace(tmp_path / "work")
    assert [found(folder), found(folder)] == [["It has 7 members."]] * 2

    configured = "policy-roots: [policies]\npolicies: {TST001: {params: {most: 7}}}\n"
    write(folder, {"journeylint.yaml": configured})
    assert [found(folder), found(folder)] == [[], []]

    write(folder, {"journeylint.yaml": "policy-roots: [policies]\n"})
    file = folder / "policies/pack/small-segment/policy.yaml"
    file.write_text(file.read_text().replace("<= params.most", "!= params.most"))
    assert found(folder) == []

    shutil.rmtree(tmp_path / "cache")
    assert found(folder) == []
