"""No verdict changes when the same manifests are written otherwise, cut into other files, or judged by more processes."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.command_line import check, write

Documents = list[dict[str, Any]]
Verdict = list[tuple[object, ...]]

NAMES = ("vip", "vip-copy", "1.10", "no", "x" * 40)
ENVIRONMENTS = ("default", "prod")
TIMES = (
    "2025-02-20T08:00",
    "2025-03-01",
    "2025-03-01T03:59:59Z",
    "2025-03-30T02:30",
    "2025-03-05T08:00:00+02:00",
    "soon",
)
AWKWARD = st.text(
    st.sampled_from("ab é😀:#-,[]{}&*!|>'\"%@`?~\\0179\t\n")
    | st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]),
    max_size=12,
)


def optional(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=members)


METADATA = st.builds(
    lambda name, more: {"name": name, **more},
    st.sampled_from(NAMES),
    optional(
        environment=st.sampled_from(ENVIRONMENTS), title=AWKWARD, labels=st.dictionaries(AWKWARD, AWKWARD, max_size=2)
    ),
)
SEGMENTS = st.builds(
    lambda metadata, source, more: {
        "apiVersion": "journeylint/v1",
        "kind": "Segment",
        "metadata": metadata,
        "spec": {"source": source, **more},
    },
    METADATA,
    st.sampled_from(["outbound", "outbound", "realtime", "nowhere"]),
    optional(memberCount=st.sampled_from([0, 749_999, 750_000, 2**63 - 1, 2**63]), copyOf=st.sampled_from(NAMES)),
)
USES = st.builds(
    lambda name, role, more: {"name": name, "role": role, **more},
    st.sampled_from(NAMES),
    st.sampled_from(["audience", "exclusion", "branch"]),
    optional(justification=AWKWARD),
)
JOURNEYS = st.builds(
    lambda metadata, frequency, more: {
        "apiVersion": "journeylint/v1",
        "kind": "Journey",
        "metadata": metadata,
        "spec": {"frequency": frequency, **more},
    },
    METADATA,
    st.sampled_from(["ongoing", "one_time", "event"]),
    optional(
        state=st.sampled_from(["draft", "live", "completed", "stopped"]),
        startTime=st.sampled_from(TIMES),
        endTime=st.sampled_from(TIMES),
        publishTime=st.sampled_from(TIMES),
        timeZone=st.sampled_from(["Europe/Berlin", "W. Europe Standard Time"]),
        segments=st.lists(USES, max_size=4),
    ),
)


def unique(document: dict[str, Any]) -> tuple[object, ...]:
    """What makes a manifest the one; which of several is the first depends on where they stand."""
    metadata = document["metadata"]
    return document["kind"], metadata["name"], metadata.get("environment", "default")


WORKSPACES = st.lists(SEGMENTS | JOURNEYS, min_size=1, max_size=8, unique_by=unique)
QUICK = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def verdict_on(files: dict[str, str], *argv: str) -> Verdict:
    """What `check` says about *files*, without where they are."""
    with tempfile.TemporaryDirectory() as name:
        outcome = check(write(Path(name), files), *argv)
    said: Verdict = [
        (
            thing.get("policy") or thing["code"],
            thing.get("severity"),
            json.dumps(thing["manifest"], sort_keys=True),
            thing["location"]["pointer"],
            thing["message"],
            tuple((related["message"], related["location"]["pointer"]) for related in thing.get("related", ())),
        )
        for thing in (*outcome.findings, *outcome.failures)
    ]
    assert outcome.report is not None
    tallies = [tuple(row.values()) for row in outcome.report["policies"]]
    return [*sorted(said, key=repr), *tallies, (outcome.status, outcome.summary["manifests"])]


def write_scalar(value: object, draw: Callable[[int], int]) -> str:
    """*value* in one of the ways in which YAML has it."""
    if not isinstance(value, str):
        return json.dumps(value)
    is_plain = (
        value.replace("-", "").replace("_", "").isalpha()
        and value.isascii()
        and value.lower() not in ("true", "false", "null")
    )
    ways = [json.dumps(value, ensure_ascii=bool(draw(2)) and all(ord(c) < 0x10000 for c in value))]
    if "\n" not in value and "\t" not in value:
        ways.append("'" + value.replace("'", "''") + "'")
    if is_plain and not value.startswith("-"):
        ways.append(value)
    return ways[draw(len(ways))]


def write_flow(value: object, draw: Callable[[int], int]) -> str:
    """*value* in flow style."""
    if isinstance(value, dict):
        items = [f"{write_scalar(key, draw)}: {write_flow(member, draw)}" for key, member in shuffle(value, draw)]
        return "{" + (" , ", ", ", ",\n      ")[draw(3)].join(items) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(write_flow(item, draw) for item in value) + "]"
    return write_scalar(value, draw)


def shuffle(value: dict[str, Any], draw: Callable[[int], int]) -> list[tuple[str, Any]]:
    """The members of *value* in some order."""
    items = list(value.items())
    return [items.pop(draw(len(items))) for _ in value]


def write_block(value: object, draw: Callable[[int], int], indent: str = "") -> str:
    """*value* in block style, or in flow style where chance or emptiness says so, with comments; begins a line."""
    note = ("", "  # a note: {", "\n\n  # one", "")[draw(4)]
    if isinstance(value, dict) and value and draw(4):
        lines = []
        for key, member in shuffle(value, draw):
            lines.append(f"{indent}{write_scalar(key, draw)}:{place_under(member, draw, indent)}")
        return note.lstrip(" ") + "\n" * bool(note) + "\n".join(lines)
    if isinstance(value, list) and value and draw(4):
        return "\n".join(f"{indent}-{place_under(item, draw, indent)}" for item in value)
    return f"{indent}{write_flow(value, draw)}{note}"


def place_under(value: object, draw: Callable[[int], int], indent: str) -> str:
    """*value* after a key or dash: on the same line if it is short, below it otherwise."""
    if isinstance(value, dict | list) and value:
        return "\n" + write_block(value, draw, indent + " " * (1 + draw(3)))
    return " " + write_scalar(value, draw) if not isinstance(value, dict | list) else " " + write_flow(value, draw)


def write_yaml(documents: Documents, draw: Callable[[int], int]) -> str:
    return "\n---\n".join(write_block(document, draw) for document in documents) + "\n"


def write_plainly(documents: Documents) -> dict[str, str]:
    """One JSON text a document, as YAML: the form that all others are held against."""
    return {"all.yaml": "\n---\n".join(json.dumps(document, ensure_ascii=False) for document in documents)}


@QUICK
@given(WORKSPACES, st.data())
def test_writing_yaml_otherwise_changes_no_verdict(documents: Documents, data: st.DataObject) -> None:
    def draw(choices: int) -> int:
        return data.draw(st.integers(0, choices - 1))

    assert verdict_on({"all.yaml": write_yaml(documents, draw)}) == verdict_on(write_plainly(documents))


@QUICK
@given(WORKSPACES, st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_turning_it_into_json_changes_no_verdict(
    documents: Documents, is_ascii: bool, indent: int | str | None
) -> None:
    files = {
        f"{number}.json": json.dumps(document, ensure_ascii=is_ascii, indent=indent)
        for number, document in enumerate(documents)
    }

    assert verdict_on(files) == verdict_on(write_plainly(documents))


@QUICK
@given(WORKSPACES, st.data())
def test_cutting_it_into_files_in_any_order_changes_no_verdict(documents: Documents, data: st.DataObject) -> None:
    files: dict[str, str] = {}
    for document in data.draw(st.permutations(documents)):
        name = data.draw(st.sampled_from(["a.yaml", "b/c.yml", "b/d.yaml", "é.yaml"]))
        files[name] = files.get(name, "") + "---\n" + json.dumps(document, ensure_ascii=False) + "\n"

    assert verdict_on(files) == verdict_on(write_plainly(documents))


@settings(QUICK, max_examples=6)
@given(WORKSPACES)
def test_the_number_of_processes_changes_no_verdict(documents: Documents) -> None:
    files = {f"{number}.yaml": json.dumps(document, ensure_ascii=False) for number, document in enumerate(documents)}

    assert verdict_on(files, "--jobs", "2") == verdict_on(files, "--jobs", "1")


@QUICK
@given(WORKSPACES)
def test_unrelated_manifests_change_no_verdict_but_the_tallies(documents: Documents) -> None:
    stranger = {
        "apiVersion": "journeylint/v1",
        "kind": "Journey",
        "metadata": {"name": "stranger", "environment": "elsewhere"},
        "spec": {"frequency": "event"},
    }

    def findings(files: dict[str, str]) -> Verdict:
        return [row for row in verdict_on(files) if len(row) == 6]

    assert findings(write_plainly([stranger, *documents])) == findings(write_plainly(documents))
