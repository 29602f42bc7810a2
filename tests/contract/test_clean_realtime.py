"""Twenty journeys that follow Microsoft's documentation have no finding, and use whatever a journey can have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from journeylint.formats.yaml import YamlLoader
from journeylint.host import schema_of
from journeylint.testing import build_host, read_policies
from tests.contract.command_line import Outcome, check

REPOSITORY = Path(__file__).resolve().parents[2]
WORKSPACE = REPOSITORY / "tests" / "data" / "clean-realtime"
PACKS = {"realtime-limits", "realtime-blockers", "realtime-delivery", "compliance"}
POLICIES = {
    policy.id: policy
    for policy in read_policies(REPOSITORY / "policies", build_host(())).policies
    if policy.pack in PACKS
}


class Stricter(NamedTuple):
    """Where a policy asks for more than the documentation does, and why it may."""

    manifests: tuple[str, ...]
    reason: str


STRICTER = {
    "RTD028": Stricter(
        ("birthday", "sunday-ride"), "runs are 24 hours apart by the documentation, whatever the clocks show"
    ),
    "RTL023": Stricter(
        ("staff", "recalled-brakes"), "one page allows 200,000 members of a static group, another one 100"
    ),
    "RTL003": Stricter(
        ("winter-tyres",), "one page of the documentation allows 15 audience segments, another one only"
    ),
}
"""What `preset: all` finds though `recommended` does not."""

WITHOUT_A_NODE: dict[str, str] = {
    "CMP020": "whatever it judges is a finding: no consent is checked for commercial push notifications",
    "RTL016": "it judges nothing but journeys that nest branches deeper than they can",
}
"""Policies that have nothing to judge in journeys that are in order, and why."""


@cache
def outcome(*argv: str) -> Outcome:
    """The run over the workspace, at the instant that its configuration fixes."""
    return check(WORKSPACE, *argv, as_of=None)


@cache
def documents() -> list[Any]:
    """All manifests of the workspace."""
    found: list[Any] = []
    for file in sorted(WORKSPACE.glob("*/*.yaml")):
        found += [document.value for document in YamlLoader().load(file.read_text(encoding="utf-8"))]
    return found


def specs(kind: str) -> list[dict[str, Any]]:
    return [document["spec"] for document in documents() if document["kind"] == kind]


def steps() -> Iterator[dict[str, Any]]:
    return (step for spec in specs("Journey") for step in spec["flow"]["steps"])


def choices(kind: str, *way: str) -> set[str]:
    """The words that a field of *kind* may have."""
    shape: Any = schema_of(kind)
    for name in ("spec", *way):
        shape = shape["items"] if name == "[]" else shape["properties"][name]
    return set(shape["enum"])


def test_nothing_is_found_in_it() -> None:
    run = outcome()

    assert run.status == 0
    assert (run.findings, run.failures) == ([], [])
    assert run.summary["suppressed"] == 0


def test_what_policies_find_that_ask_for_more_is_known() -> None:
    run = outcome("--preset", "all")

    found = {(finding["policy"], finding["manifest"]["name"]) for finding in run.findings}
    assert found == {(policy, name) for policy, stricter in STRICTER.items() for name in stricter.manifests}
    assert run.failures == []


def test_every_policy_but_those_that_have_nothing_to_judge_judges_something() -> None:
    report = outcome("--preset", "all").report

    assert report is not None
    idle = {row["policy"] for row in report["policies"] if row["policy"] in POLICIES and row["matched"] == 0}
    assert idle == set(WITHOUT_A_NODE)
    assert set(POLICIES) <= {row["policy"] for row in report["policies"]}


def test_it_has_twenty_journeys() -> None:
    assert Counter(document["kind"] for document in documents())["Journey"] == 20


def test_every_type_of_step_occurs() -> None:
    assert {step["type"] for step in steps()} == choices("journey", "flow", "steps", "[]", "type") - {"unknown"}


def test_every_frequency_and_target_occurs() -> None:
    assert {spec["frequency"] for spec in specs("Journey")} == choices("journey", "frequency")
    assert {spec["targetEntity"] for spec in specs("Journey") if "targetEntity" in spec} == choices(
        "journey", "targetEntity"
    )


def test_every_use_of_segments_occurs() -> None:
    uses = [use for spec in specs("Journey") for use in spec.get("segments", [])]

    # Content of messages is chosen by segments inside of messages, which say nothing of that here.
    assert {use["role"] for use in uses} == choices("journey", "segments", "[]", "role") - {"content"}


def test_every_channel_and_type_of_purpose_occurs() -> None:
    assert {spec["channel"] for spec in specs("Message")} == choices("message", "channel")
    assert {spec["purposeType"] for spec in specs("Message")} == choices("message", "purposeType")


def test_every_type_of_trigger_and_source_of_segments_but_the_removed_one_occurs() -> None:
    assert {spec["type"] for spec in specs("Trigger")} == choices("trigger", "type") - {"unknown"}
    assert {spec["source"] for spec in specs("Segment")} == choices("segment", "source") - {"outbound"}


def test_every_unit_occurs() -> None:
    waits = {step["unit"] for step in steps() if "unit" in step}
    recurrences = {spec["entry"]["recurrence"]["unit"] for spec in specs("Journey") if spec["frequency"] == "recurring"}

    assert waits == choices("journey", "flow", "steps", "[]", "unit")
    assert recurrences == choices("journey", "entry", "recurrence", "unit")


@pytest.mark.parametrize(
    "key",
    ["until", "timeout", "expiresAt", "quietTime", "ccRecipients", "body", "mappedAttributes", "entity", "bindingId"],
)
def test_every_setting_of_steps_occurs(key: str) -> None:
    assert any(key in step for step in steps())


@pytest.mark.parametrize(
    "key", ["exit", "goal", "version", "businessUnit", "frequencyCap", "pausedAt", "entry", "publishTime", "endTime"]
)
def test_every_setting_of_journeys_occurs(key: str) -> None:
    assert any(key in spec for spec in specs("Journey"))


@pytest.mark.parametrize("key", ["segment", "condition", "percent", "count", "label"])
def test_every_way_to_tell_branches_apart_occurs(key: str) -> None:
    assert any(key in branch for step in steps() for branch in step.get("branches", []))


def test_nothing_leads_nowhere() -> None:
    """A name that nothing has would leave policies without anything to judge."""
    report = outcome("--preset", "all").report

    assert report is not None
    failed = {row["policy"]: row["failed"] for row in report["policies"] if row["policy"].startswith(("REF", "FLW"))}
    assert failed == dict.fromkeys(failed, 0)
