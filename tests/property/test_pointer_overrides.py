"""Settings for parts of manifests: those for all parts are those for the whole, whatever the manifests and processes."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.test_invariance import QUICK, WORKSPACES, Documents, Verdict, verdict_on

POINTERS = ("", "/spec", "/spec/segments", "/spec/segments/0", "/spec/segments/*", "/spec/startTime", "/metadata", "/*")
THEN = (
    {"policies": {"OBS": {"severity": "info"}}},
    {"ignore": ["OBS002", "REF001"]},
    {"select": ["references", "OBS005"], "fail-on": "warning"},
    {"policies": {"OBS004": {"params": {"maximumMembers": 1}}, "OBS010": {"severity": "error"}}},
)
RULES = st.lists(st.tuples(st.sampled_from(POINTERS), st.sampled_from(THEN)), min_size=1, max_size=3)


def judged(documents: Documents, overrides: list[object], *argv: str) -> Verdict:
    files = {f"{number}.yaml": json.dumps(document, ensure_ascii=False) for number, document in enumerate(documents)}
    return verdict_on({**files, "journeylint.yaml": json.dumps({"overrides": overrides})}, *argv)


@QUICK
@given(WORKSPACES, st.sampled_from(THEN))
def test_an_override_for_all_places_is_one_for_the_file(documents: Documents, then: dict[str, object]) -> None:
    for_files = judged(documents, [{"files": ["*"], **then}])

    assert judged(documents, [{"files": ["*#"], **then}]) == for_files
    assert judged(documents, [{"files": ["*#/*", "*#"], **then}]) == for_files


@QUICK
@given(WORKSPACES, RULES)
def test_overrides_for_parts_that_change_nothing_change_nothing(
    documents: Documents, rules: list[tuple[str, dict[str, object]]]
) -> None:
    empty: list[object] = [{"files": [f"*#{pointer}"], "ignore": []} for pointer, _ in rules]
    assert judged(documents, empty) == judged(documents, [])


@settings(QUICK, max_examples=6)
@given(WORKSPACES, RULES)
def test_the_number_of_processes_changes_no_verdict(
    documents: Documents, rules: list[tuple[str, dict[str, object]]]
) -> None:
    overrides: list[object] = [{"files": [f"*#{pointer}"], **then} for pointer, then in rules]
    assert judged(documents, overrides, "--jobs", "2") == judged(documents, overrides, "--jobs", "1")
