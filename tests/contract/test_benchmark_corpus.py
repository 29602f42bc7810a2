"""The manifests of the benchmark hold what their generator says, by journeylint's own judgement."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from benchmarks.compare_truth import compare_report, find_differences
from benchmarks.gen_corpus import write_corpus
from benchmarks.gen_flows import COUNTED, write_flows
from journeylint.pointers import value_at
from tests.kinds import read_schema


def differences_from_truth(folder: Path, as_of: str) -> list[str]:
    """Where the findings in *folder*/corpus are others than its truth.json says."""
    command = [sys.executable, "-m", "journeylint", "check", "corpus", "--as-of", as_of, "-o", "json=report.json"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 1, ran.stderr
    return compare_report(folder / "report.json", folder / "corpus" / "truth.json")


@pytest.mark.parametrize("suffix", ["yaml", "json"])
def test_every_planted_mistake_is_found_and_nothing_else(tmp_path: Path, suffix: str) -> None:
    write_corpus(tmp_path / "corpus", 150, bad_rate=0.2, suffix=suffix)
    assert differences_from_truth(tmp_path, "2025-01-01") == []


def test_every_mistake_in_a_flow_is_found_and_nothing_else(tmp_path: Path) -> None:
    write_flows(tmp_path / "corpus", 60, bad_rate=0.2)
    assert differences_from_truth(tmp_path, "2026-03-01") == []
    assert set(COUNTED) == {"FLW001", "REF003"}


def test_flows_have_twelve_steps_of_every_type(tmp_path: Path) -> None:
    write_flows(tmp_path, 30)
    journeys = [next(yaml.safe_load_all(file.read_text())) for file in sorted((tmp_path / "d000").iterdir())]
    flows = [journey["spec"]["flow"]["steps"] for journey in journeys]
    assert {len(steps) for steps in flows} == {12}
    types = value_at(
        read_schema("journey"), "/properties/spec/properties/flow/properties/steps/items/properties/type/enum"
    )
    assert isinstance(types, list)
    assert {step["type"] for steps in flows for step in steps} == {*types} - {"unknown"}


def test_the_same_size_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_corpus(tmp_path / name, 20)
    one, other = (
        {file.name: file.read_bytes() for file in (tmp_path / name).rglob("*.*")} for name in ("one", "other")
    )
    assert one == other


def test_a_smaller_corpus_is_the_beginning_of_a_larger_one(tmp_path: Path) -> None:
    write_corpus(tmp_path / "smaller", 10)
    write_corpus(tmp_path / "larger", 20)
    smaller, larger = (sorted((tmp_path / name / "d000").iterdir()) for name in ("smaller", "larger"))
    assert [file.read_bytes() for file in smaller] == [file.read_bytes() for file in larger[:10]]


@pytest.mark.parametrize(
    ("found", "planted", "lines"),
    [
        ({"OBS002": 3}, {"OBS002": 3, "OBS003": 0}, []),
        ({"OBS002": 2}, {"OBS002": 3}, ["OBS002: 2 findings, 3 planted"]),
        ({"OBS001": 1}, {}, ["OBS001: 1 findings, 0 planted"]),
    ],
)
def test_a_count_that_differs_is_told(found: dict[str, int], planted: dict[str, int], lines: list[str]) -> None:
    assert list(find_differences(found, planted)) == lines
