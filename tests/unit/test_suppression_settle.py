"""Claims, rows and what they come to: the one way of all front ends, without files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from journeylint.evaluate import FindingRow
from journeylint.model import Detail, Failure, FailureCode, Identity, Location, Span, Suppression, SuppressionForm
from journeylint.policies import Policy
from journeylint.policy_library import load_library
from journeylint.suppressions.claims import (
    Claim,
    FileReach,
    LineReach,
    NodeReach,
    Reach,
    Spot,
    covers_place,
    names_items,
)
from journeylint.suppressions.covering import CoverIndex, FilePatterns
from journeylint.suppressions.rules import SuppressionRules
from journeylint.suppressions.settle import Settled, Surroundings, settle
from tests.judging import builtin_host, host_over, make_policy, write_pack

HERE = "/work"


@cache
def policies() -> tuple[Policy, ...]:
    return load_library(builtin_host(), use_cache=True).policies


def row(
    path: str = "a.yaml",
    line: int = 1,
    column: int = 1,
    *,
    policy: str = "REF001",
    pointer: str = "/spec",
    stable: str = "",
) -> FindingRow:
    detail = list(Detail(stable_pointer=stable)) if stable else None
    return FindingRow(
        path,
        line,
        column,
        policy,
        line,
        column + 1,
        1,
        pointer,
        "error",
        "It fails.",
        "default",
        "Journey",
        "j",
        (),
        True,
        detail,
    )


def claim(
    reach: Reach, *, word: str = "REF001", form: SuppressionForm = SuppressionForm.COMMENT, line: int = 1, **more: Any
) -> Claim:
    return Claim(
        form, word, "why", "", more.pop("until", ""), Location("a.yaml", 1, "", Span(line, 1, line, 2)), reach, **more
    )


def line(number: int, column: int | None = None, path: str = "a.yaml") -> LineReach:
    return LineReach(path, (Spot(number, column),))


def files(*patterns: str, tokens: tuple[str | None, ...] = (), folder: str = HERE) -> FileReach:
    return FileReach(folder, patterns, tokens)


def settled(rows: Iterable[FindingRow], claims: Iterable[Claim], **around: Any) -> Settled:
    known: dict[str, Any] = {
        "policies": policies(),
        "as_of": datetime(2027, 1, 10, tzinfo=UTC),
        "rules": SuppressionRules(),
        "working_directory": HERE,
        "is_on": lambda _policy, _path: True,
        "paths": ["a.yaml"],
        "failures": [],
        "is_whole": lambda: True,
    }
    return settle(rows, claims, Surroundings(**{**known, **around}))


def states(found: Settled) -> list[str]:
    return [one.state.value for one in found.suppressions]


def test_paths_are_found_among_many_as_they_are_one_by_one() -> None:
    paths = [
        "a/b.yaml",
        "a/b/c.yaml",
        "a/b/d/e.yaml",
        "a/b-c.yaml",
        "a/b0.yaml",
        "b/a/b/c.yaml",
        "a.yaml",
        "../a/b/x.yaml",
    ]
    patterns = FilePatterns(HERE)
    for pattern in ("a/b", "a/b/", "/a/b", "a/b.yaml", "/a", "a/", "a", "*.yaml", "../a/b", "a/b/d/e.yaml", "x/y"):
        for folder in (HERE, f"{HERE}/b", "/"):
            reach = files(pattern, folder=folder)
            assert sorted(patterns.among(reach, paths)) == sorted(path for path in paths if patterns.cover(reach, path))


def covered(reach: LineReach | NodeReach | FileReach, *rows: FindingRow) -> list[bool]:
    index = CoverIndex(FilePatterns(HERE))
    index.add("REF001", reach, 7)
    return [index.find(one) == {7} for one in rows]


# -- what covers what


def test_a_line_covers_what_begins_on_it_and_with_a_column_what_begins_there() -> None:
    rows = [row(line=2), row(line=3), row("b.yaml", 2), row(line=2, column=5), row(line=2, policy="REF002")]
    assert covered(line(2), *rows) == [True, False, False, True, False]
    assert covered(line(2, 5), *rows) == [False, False, False, True, False]


def test_a_node_covers_what_is_at_or_below_one_of_its_places() -> None:
    rows = [row(pointer=pointer) for pointer in ("/spec", "/spec/a", "/spec/a/b", "/spec/ab", "", "/x/y/b")]
    reach = NodeReach("a.yaml", 1, (("spec", "a"), ("x", None, "b")))
    assert covered(reach, *rows) == [False, True, True, False, False, True]
    assert covered(reach._replace(document=2), *rows) == [False] * 6
    assert covered(reach._replace(path="b.yaml"), *rows) == [False] * 6
    assert covered(reach._replace(places=()), *rows) == [False] * 6


def test_files_cover_what_their_patterns_match_below_a_place() -> None:
    rows = [row(path) for path in ("a/x.yaml", "b/x.yaml", "a/b/y.yaml", "../a/x.yaml")]
    assert covered(files("/a/"), *rows) == [True, False, True, False]
    assert covered(files("a/b/"), *rows) == [False, False, True, False]
    assert covered(files("a/x.yaml"), *rows) == [True, False, False, False]
    assert covered(files("a/x.yaml/"), *rows) == [False] * 4
    assert covered(files("x.yaml"), *rows) == [True, True, False, True]
    assert covered(files("/a/*.yaml"), *rows) == [True, False, False, False]
    assert covered(files("*.yaml", "!x.yaml"), *rows) == [False, False, True, False]
    assert covered(files(), *rows) == [True] * 4
    assert covered(files("/x.yaml", folder=f"{HERE}/a"), *rows) == [True, False, False, False]
    assert covered(files(tokens=("spec", "a")), row(), row(pointer="/spec/a")) == [False, True]


def test_items_are_named_by_their_keys_where_a_pointer_does_so() -> None:
    rows = [
        row(pointer="/spec/segments/0", stable='/spec/segments/[name="a",role="audience"]'),
        row(pointer="/spec/segments/1", stable='/spec/segments/[name="ab",role="audience"]'),
    ]
    assert covered(files(tokens=("spec", "segments", '[name="a"]')), *rows) == [True, False]
    assert covered(files(tokens=("spec", "segments", "1")), *rows) == [False, True]


@pytest.mark.parametrize(
    ("tokens", "place", "expected"),
    [
        ((), ("a",), True),
        (("a",), (), False),
        ((None,), ("a",), True),
        ((None, "b"), ("a", "c"), False),
        (("a",), ("a", "b"), True),
    ],
)
def test_a_place_is_covered_from_above(tokens: tuple[str | None, ...], place: Sequence[str], *, expected: bool) -> None:
    assert covers_place(tokens, place) is expected


def test_a_key_of_an_item_is_told_from_other_tokens() -> None:
    assert names_items(("a", '[name="b"]'))
    assert not names_items(("a", None, "0", "b[0]"))


# -- what is left, and what became of each


def test_rows_are_left_or_taken_in_their_order() -> None:
    rows = [row(line=number) for number in range(1, 6)]
    found = settled(rows, [claim(line(2)), claim(line(4), line=2)])
    assert [one.line for one in found.rows] == [1, 3, 5]
    assert [(one.line, number) for one, number in found.suppressed] == [(2, 0), (4, 1)]


def test_of_several_the_one_nearest_to_the_finding_has_it() -> None:
    claims = [
        claim(files(), form=SuppressionForm.CONFIGURATION, line=1),
        claim(NodeReach("a.yaml", 1, ((),)), form=SuppressionForm.METADATA, line=2),
        claim(line(1), line=3),
        claim(line(1), line=4),
    ]
    found = settled([row()], claims)
    assert [number for _, number in found.suppressed] == [2]
    assert [one.findings for one in found.suppressions] == [1, 1, 1, 1]


def test_what_comes_out_does_not_hang_on_the_order_of_claims() -> None:
    claims = [claim(line(number), line=number) for number in range(1, 8)]
    rows = [row(line=number) for number in range(1, 5)]
    assert settled(rows, claims) == settled(rows, reversed(claims))


@pytest.mark.parametrize("form", [SuppressionForm.COMMENT, SuppressionForm.METADATA, SuppressionForm.CONFIGURATION])
@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "used"),
        ({"until": "2027-01-09"}, "expired"),
        ({"until": "2027-01-10"}, "used"),
        ({"problems": ("odd",)}, "invalid"),
    ],
)
def test_only_what_is_used_takes_anything_out(form: SuppressionForm, changes: dict[str, Any], state: str) -> None:
    found = settled([row()], [claim(files(), form=form, **changes)])
    assert (states(found), len(found.suppressed)) == ([state], state == "used")


FAILURE = Failure(
    FailureCode.INVALID_MANIFEST,
    "odd",
    Location("b.yaml", 1, "", Span(1, 1, 1, 1)),
    Identity("default", "Segment", "s"),
)
UNKNOWN = FAILURE._replace(manifest=None)


@pytest.mark.parametrize(
    ("reach", "around", "state"),
    [
        (line(9), {}, "unused"),
        (line(9), {"is_on": lambda policy, path: (policy, path) != ("REF001", "a.yaml")}, "unchecked"),
        (line(9), {"failures": [FAILURE]}, "unused"),
        (line(9), {"failures": [UNKNOWN]}, "unchecked"),
        (line(9, path="b.yaml"), {"failures": [FAILURE]}, "unchecked"),
        (line(9), {"unjudged": {("REF001", "a.yaml")}}, "unchecked"),
        (line(9), {"unjudged": {("REF001", "b.yaml"), ("REF002", "a.yaml")}}, "unused"),
        (line(9), {"is_whole": lambda: False}, "unchecked"),
        (files("x/"), {}, "unused"),
        (files("x/"), {"is_whole": lambda: False}, "unchecked"),
        (files("x/"), {"paths": ["x/a.yaml"], "is_on": lambda _policy, path: path == "x/a.yaml"}, "unused"),
        (
            files("x/"),
            {"paths": ["x/a.yaml", "x/b.yaml"], "is_on": lambda _policy, path: path == "x/a.yaml"},
            "unchecked",
        ),
        (files("b.yaml"), {"paths": ["b.yaml"], "failures": [FAILURE]}, "unchecked"),
        (files("x/"), {"paths": ["x/a.yaml"], "unjudged": {("REF001", "x/a.yaml")}}, "unchecked"),
    ],
)
def test_what_suppresses_nothing_is_unused_only_where_its_policy_could_decide(
    reach: Reach, around: dict[str, Any], state: str
) -> None:
    assert states(settled([], [claim(reach)], **around)) == [state]


def test_a_policy_that_asks_about_no_other_manifest_decides_about_some_files_alone(tmp_path: Path) -> None:
    plain = make_policy(require="size(journey.metadata.name) > 9")
    asking = make_policy(2, require="lookup('Segment', journey.metadata.name) != null")
    both = load_library(host_over(write_pack(tmp_path, plain, asking))).policies

    claims = [claim(line(9), word=word) for word in ("TST001", "TST002")]

    assert states(settled([], claims, policies=both, is_whole=lambda: False)) == ["unused", "unchecked"]


def test_nobody_asks_for_the_whole_project_where_every_suppression_is_used_or_void() -> None:
    def is_whole() -> bool:
        raise AssertionError

    claims = [claim(line(1)), claim(line(9), until="2027-01-09"), claim(line(9), word="REF")]
    assert sorted(states(settled([row()], claims, is_whole=is_whole))) == ["expired", "invalid", "used"]


def test_a_suppression_says_what_was_written() -> None:
    one = claim(line(1), until="2027-01-31", manifest=Identity("default", "Journey", "j"), scope="here")
    (found,) = settled([row(), row()], [one]).suppressions
    assert found == Suppression(
        SuppressionForm.COMMENT,
        "REF001",
        found.state,
        "why",
        "",
        found.until,
        one.location,
        one.manifest,
        "here",
        2,
        (),
    )
    assert str(found.until) == "2027-01-31"


def test_ten_thousand_findings_are_settled_beside_many_suppressions() -> None:
    rows = [row(f"f{number}.yaml", 1) for number in range(10_000)]
    claims = [claim(line(1, path=f"f{number}.yaml"), line=number + 1) for number in range(1_000)]
    claims += [claim(files(f"/f{number}.yaml"), form=SuppressionForm.CONFIGURATION) for number in range(900, 1_100)]
    found = settled(rows, claims, paths=[one.path for one in rows])
    assert (len(found.rows), len(found.suppressed), set(states(found))) == (8_900, 1_100, {"used"})
