"""docs/flows.md: it has a row for each fact, in the words of the schema, and the conditions that it shows can be asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from journeylint.policy_library import load_library
from tests.judging import host_over, make_policy, write_pack
from tests.kinds import read_schema

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "flows.md").read_text(encoding="utf-8")
WORDS = {"boolean": "true or false", "integer": "whole number", "string": "text", "array": "list", "object": "mapping"}


def properties() -> Iterator[tuple[str, Any]]:
    schema: Any = read_schema("journey-facts")
    yield from schema["properties"].items()
    yield from schema["properties"]["steps"]["additionalProperties"]["properties"].items()


@pytest.mark.parametrize(("name", "schema"), list(properties()))
def test_every_fact_has_a_row(name: str, schema: Any) -> None:
    assert f"| `{name}` | {WORDS[schema['type']]} | {schema['description']} |\n" in PAGE


CONDITIONS = re.findall(r"^\| [^|]+ \| `(.+)` \|$", PAGE.partition("Further conditions")[2], re.MULTILINE)


def test_conditions_are_shown() -> None:
    assert len(CONDITIONS) == 5


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_of_the_page_can_be_asked(tmp_path: Path, condition: str) -> None:
    policy = make_policy(each_="$.spec.flow.steps[*]", as_="step", require=condition)
    assert len(load_library(host_over(write_pack(tmp_path, policy))).policies) == 1
