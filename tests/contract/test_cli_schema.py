"""`journeylint schema`: the schemas of what people write, printed for their editors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.contract.command_line import run_in
from tests.kinds import SCHEMAS, read_schema

NAMES = {
    "policy": "policy",
    "pack": "pack",
    "config": "config",
    "baseline": "baseline",
    "report": "report",
    "explanation": "explanation",
    "impact": "impact",
    "import": "import",
    "suppressions": "suppressions",
    "test-report": "test-report",
    "survivors": "survivors",
    "journey-facts": "journey-facts",
    "manifest": "manifest",
    "Environment": "environment",
    "Journey": "journey",
    "Message": "message",
    "Segment": "segment",
    "Trigger": "trigger",
}
MADE_BY_RUNS = {"Export": "export", "Suppression": "suppression"}
"""Nobody writes one: their schemas are for those who write policies about them, who ask for it by name."""


@pytest.mark.parametrize("name", [*NAMES, *MADE_BY_RUNS])
def test_a_schema_is_printed_as_it_ships(tmp_path: Path, name: str) -> None:
    status, out, err = run_in(tmp_path, ["schema", name])
    assert (status, err) == (0, "")
    assert json.loads(out) == read_schema({**NAMES, **MADE_BY_RUNS}[name])


def test_every_schema_that_ships_can_be_printed() -> None:
    files = {*NAMES.values(), *MADE_BY_RUNS.values()}
    assert {path.name for path in SCHEMAS.glob("*.json")} == {f"{file}.schema.json" for file in files}


def test_without_a_name_all_are_listed(tmp_path: Path) -> None:
    status, out, err = run_in(tmp_path, ["schema"])
    assert (status, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines() if line and not line.startswith((" ", "To "))] == list(NAMES)
    assert max(map(len, out.splitlines())) <= 80


def test_capital_letters_do_not_matter(tmp_path: Path) -> None:
    assert run_in(tmp_path, ["schema", "journey"]) == run_in(tmp_path, ["schema", "Journey"])


@pytest.mark.parametrize(
    ("word", "hint"), [("polcy", " - did you mean 'policy'?"), ("zzz", ": expected one of policy,")]
)
def test_an_unknown_schema_is_told_with_the_nearest(tmp_path: Path, word: str, hint: str) -> None:
    status, out, err = run_in(tmp_path, ["schema", word])
    assert (status, out) == (2, "")
    assert err.startswith(f"error: there is no schema {word!r}{hint}")
