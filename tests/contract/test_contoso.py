"""The example workspace is judged as worked out by hand, from whichever folder it is asked for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
CONTOSO = REPOSITORY / "examples" / "contoso"
EXPECTED = Path(__file__).with_name("contoso_expected.json")
KEYS = ("path", "pointer", "policy", "manifest")


@pytest.fixture(scope="module")
def expected() -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(EXPECTED.read_text(encoding="utf-8"))
    return found


def check(*arguments: str, folder: Path) -> dict[str, Any]:
    """The JSON report of `journeylint check`, which has findings of severity error and no failure."""
    ran = subprocess.run(
        [sys.executable, "-m", "journeylint", "check", *arguments, "-o", "json"],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 1, ran.stderr or ran.stdout
    report: dict[str, Any] = json.loads(ran.stdout)
    return report


@pytest.fixture(scope="module")
def inside() -> dict[str, Any]:
    return check(folder=CONTOSO)


@pytest.fixture(scope="module")
def from_the_root() -> dict[str, Any]:
    return check("examples/contoso", folder=REPOSITORY)


def findings_of(report: dict[str, Any], *, below: str = "") -> list[dict[str, str]]:
    found = [
        {
            "policy": finding["policy"],
            "manifest": finding["manifest"]["name"],
            "path": finding["location"]["path"].removeprefix(below),
            "pointer": finding["location"]["pointer"],
        }
        for finding in report["findings"]
    ]
    return sorted(found, key=lambda row: [row[key] for key in KEYS])


def test_the_table_of_expected_findings_is_sorted_and_has_every_policy_about_journeys(
    expected: list[dict[str, str]],
) -> None:
    assert expected == sorted(expected, key=lambda row: [row[key] for key in KEYS])
    assert {row["policy"] for row in expected} == {
        *(f"OBS{number:03}" for number in range(1, 14)),
        "REF001",
        "REF002",
        "SUP002",
        "SUP003",
    }


def test_one_of_each_is_accepted(inside: dict[str, Any]) -> None:
    forms = [finding["suppression"]["form"] for finding in inside["suppressed"]]
    assert set(forms) == {"comment", "metadata", "configuration", "baseline"}
    assert len(forms) == inside["summary"]["suppressed"]


def test_the_findings_are_those_worked_out_by_hand(inside: dict[str, Any], expected: list[dict[str, str]]) -> None:
    assert findings_of(inside) == expected


def test_every_manifest_can_be_judged(inside: dict[str, Any]) -> None:
    assert inside["failures"] == []
    assert inside["summary"]["skippedDocuments"] == 0


def test_the_instant_comes_from_the_configuration_beside_the_manifests(inside: dict[str, Any]) -> None:
    assert inside["asOf"] == "2025-03-10T08:00:00Z"


def test_the_findings_are_the_same_from_the_repository_root(
    from_the_root: dict[str, Any], expected: list[dict[str, str]]
) -> None:
    assert findings_of(from_the_root, below="examples/contoso/") == expected
    assert from_the_root["asOf"] == "2025-03-10T08:00:00Z"


def test_paths_are_relative_to_the_folder_of_the_run(from_the_root: dict[str, Any]) -> None:
    paths = {finding["location"]["path"] for finding in from_the_root["findings"]}
    assert all(path.startswith("examples/contoso/") for path in paths)


def test_the_journey_by_the_book_has_only_the_note_on_insights(inside: dict[str, Any]) -> None:
    policies = [f["policy"] for f in inside["findings"] if f["location"]["path"] == "journeys/loyalty-welcome.yaml"]
    assert policies == ["OBS012"]
