"""The example workspace of real-time journeys is judged as worked out by hand, and every policy finds something somewhere."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from journeylint.policies import Policy
from journeylint.testing import CaseRunner, build_host, find_cases, read_case, read_policies
from tests.contract.command_line import Outcome, check

REPOSITORY = Path(__file__).resolve().parents[2]
FABRIKAM = REPOSITORY / "examples" / "fabrikam"
CONTOSO = REPOSITORY / "examples" / "contoso"
EXPECTED = Path(__file__).with_name("fabrikam_expected.json")
KEYS = ("path", "line", "policy", "manifest")
HOST = build_host(())
LIBRARY = read_policies(REPOSITORY / "policies", HOST)
RUNNER = CaseRunner(HOST)


@cache
def outcome(folder: Path, *argv: str) -> Outcome:
    return check(folder, *argv, as_of=None)


def rows_of(run: Outcome, *, below: str = "") -> list[dict[str, str | int]]:
    """The findings of *run* as the file of expected ones has them."""
    rows: list[dict[str, str | int]] = [
        {
            "path": finding["location"]["path"].removeprefix(below),
            "line": finding["location"]["line"],
            "policy": finding["policy"],
            "manifest": finding["manifest"]["name"],
        }
        for finding in run.findings
    ]
    return sorted(rows, key=lambda row: [row[key] for key in KEYS])


def expected() -> list[dict[str, str | int]]:
    rows: list[dict[str, str | int]] = json.loads(EXPECTED.read_text(encoding="utf-8"))
    return rows


def test_the_findings_are_those_worked_out_by_hand() -> None:
    assert rows_of(outcome(FABRIKAM)) == expected()


def test_every_manifest_can_be_judged_and_nothing_is_suppressed() -> None:
    run = outcome(FABRIKAM)

    assert run.status == 1
    assert run.failures == []
    assert (run.summary["skippedDocuments"], run.summary["suppressed"]) == (0, 0)


def test_the_instant_comes_from_the_configuration_beside_the_manifests() -> None:
    report = outcome(FABRIKAM).report

    assert report is not None
    assert report["asOf"] == "2026-10-05T08:00:00Z"


def test_the_findings_are_the_same_from_the_repository_root() -> None:
    run = check(REPOSITORY, "examples/fabrikam", as_of=None)

    assert rows_of(run, below="examples/fabrikam/") == expected()


def test_every_pack_about_real_time_journeys_has_its_story() -> None:
    packs = {policy.id: policy.pack for policy in LIBRARY.policies}

    assert {packs[str(row["policy"])] for row in expected()} >= {
        "realtime-limits",
        "realtime-blockers",
        "realtime-delivery",
        "compliance",
        "flows",
        "references",
        "outbound-segments",
    }


def test_about_half_of_the_journeys_are_in_order() -> None:
    journeys = {path.relative_to(FABRIKAM).as_posix() for path in (FABRIKAM / "journeys").iterdir()}
    at_fault = {row["path"] for row in expected()} & journeys

    assert len(journeys) == 15
    assert 5 <= len(journeys - at_fault) <= 8


def fires_in_cases(policy: Policy) -> bool:
    """Whether a case of *policy* has a finding of it."""
    return any(
        RUNNER.run(read_case(path), policy).findings for path in find_cases(policy) if path.stem.startswith("fails")
    )


@pytest.mark.parametrize("policy", LIBRARY.policies, ids=lambda policy: policy.id)
def test_every_policy_fires_in_an_example_or_in_its_cases(policy: Policy) -> None:
    found = {
        finding["policy"] for folder in (FABRIKAM, CONTOSO) for finding in outcome(folder, "--preset", "all").findings
    }

    assert policy.id in found or fires_in_cases(policy)
