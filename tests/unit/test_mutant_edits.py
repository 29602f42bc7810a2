"""Which edits each operator makes of an expression, and which it leaves alone."""

from __future__ import annotations

import pytest

from journeylint.model import JsonValue
from journeylint.params import param_from
from journeylint.testing.mutants import edits_of, other_defaults, siblings_in
from tests.kinds import read_schema

SIBLINGS = siblings_in({name: read_schema(name.lower()) for name in ("Journey", "Segment")})


def edited(source: str, *operators: str, is_condition: bool = False) -> list[str]:
    """What the edits of *operators* (default: of all) make of *source*, sorted."""
    edits = edits_of(source, SIBLINGS, is_condition=is_condition)
    return sorted(edit.apply(source) for edit in edits if not operators or edit.operator in operators)


@pytest.mark.parametrize(
    ("source", "operator", "expected"),
    [
        ("a < b", "other relation", ["a <= b", "a >= b"]),
        ("a <= b", "other relation", ["a < b", "a > b"]),
        ("a > b", "other relation", ["a <= b", "a >= b"]),
        ("a >= b", "other relation", ["a < b", "a > b"]),
        ("a == b", "other relation", ["a != b"]),
        ("a != b", "other relation", ["a == b"]),
        ("a in b", "negated", ["!(a in b)"]),
        ("!(a in b)", "dropped negation", ["((a in b))"]),
        ("a && b", "other connective", ["(a || b)"]),
        ("a || b", "other connective", ["(a && b)"]),
        ("(a || b) && c", "other connective", ["((a && b)) && c", "((a || b) || c)"]),
        ("a && b", "dropped operand", ["(a)", "(b)"]),
        ("a || b || c", "dropped operand", ["(a || b)", "(a || c)", "(b || c)"]),
        ("!a", "dropped negation", ["(a)"]),
        ("a && has(b.c)", "negated", ["!a && has(b.c)", "a && !has(b.c)"]),
        ("a.b || f(c)", "negated", ["!a.b || f(c)", "a.b || !f(c)"]),
        ("xs.filter(x, x.ready)", "negated", ["xs.filter(x, !x.ready)"]),
        ("xs.exists(x, x.ready)", "negated", ["!xs.exists(x, x.ready)", "xs.exists(x, !x.ready)"]),
        ("a + b", "other arithmetic", ["a - b"]),
        ("a - b", "other arithmetic", ["a + b"]),
        ("a * b", "other arithmetic", ["a / b"]),
        ("a / b", "other arithmetic", ["a * b"]),
        ("a < 7", "bound by one", ["a < 6", "a < 8"]),
        ("a < -1", "bound by one", ["a < -2", "a < 0"]),
        ("a < 1.5", "bound by one", ["a < 0.5", "a < 2.5"]),
        ("a < duration('4h')", "bound by one", [f'a < duration("{text}")' for text in ("14399s", "14401s", "4m")]),
        ("a < duration('4m')", "bound by one", [f'a < duration("{text}")' for text in ("239s", "241s", "4h", "4s")]),
        ("minutes(a)", "other function", ["hours(a)"]),
        ("hours(a)", "other function", ["minutes(a)"]),
        ("xs.all(x, x > y)", "other function", ["xs.exists(x, x > y)"]),
        ("xs.exists(x, x > y)", "other function", ["xs.all(x, x > y)"]),
        ("xs.exists_one(x, x > y)", "other function", ["xs.exists(x, x > y)"]),
        ("a == b ? c : d", "swapped branches", ["!(a == b) ? c : d"]),
        ("a in ['x', 'y']", "dropped element", ["a in ['x']", "a in ['y']"]),
        (
            "journey.spec.startTime == a",
            "swapped field",
            ["journey.spec.endTime == a", "journey.spec.publishTime == a"],
        ),
    ],
)
def test_an_operator_makes_its_edits(source: str, operator: str, expected: list[str]) -> None:
    assert edited(source, operator) == sorted(expected)


@pytest.mark.parametrize(
    "source",
    [
        "a",
        "'a < b && c'",
        "'x == 1 ? 2 : 3'",
        "lookup('Segment', a)",
        "a.startsWith('<')",
        "a['&&']",
        "text(a) // b && c",
        "['x']",
        "matches(a, '[0-9]+')",
    ],
)
def test_what_only_looks_like_an_operator_is_left_alone(source: str) -> None:
    kinds = ("other relation", "other connective", "dropped operand", "bound by one", "dropped element")

    assert edited(source, *kinds) == []


def test_a_condition_is_also_tried_as_always_and_as_never() -> None:
    assert edited("a", "always true", "always false", is_condition=True) == ["false", "true"]
    assert edited("a", "always true", "always false") == []
    assert edited("a == b", "always true", "always false") == ["false", "true"]


def test_a_policy_that_never_complies_is_not_mutated() -> None:
    assert edited("false", is_condition=True) == []


def test_no_text_is_made_twice() -> None:
    made = edited("!(a in ['x', 'y']) && (b < 1 || b < 1)", is_condition=True)

    assert len(made) == len(set(made))


def test_the_text_that_a_sum_is_given_is_edited_where_it_stands() -> None:
    source = """usersCount('Segment', name, "user.kind == 'Journey' && n > 1")"""

    assert """usersCount('Segment', name, "user.kind != 'Journey' && n > 1")""" in edited(source)
    assert """usersCount('Segment', name, "user.kind == 'Journey' && n >= 1")""" in edited(source)
    assert not any("'Segments'" in text for text in edited(source))


@pytest.mark.parametrize(
    ("kind", "default", "expected"),
    [
        ("integer", 5, [6, 4]),
        ("number", 0.5, [1.5, -0.5]),
        ("boolean", True, [False]),
        ("duration", "4h", ["14401s", "14399s", "4m", "4d"]),
        ("duration", "3d", ["259201s", "259199s", "3h"]),
        ("duration", "1h30m", ["5401s", "5399s"]),
        ("date-time", "2026-05-01T00:00:00Z", ["2026-05-01T00:00:01Z", "2026-04-30T23:59:59Z"]),
        ("string", "abc", []),
    ],
)
def test_a_default_is_moved_by_one_and_to_the_next_units(
    kind: str, default: JsonValue, expected: list[JsonValue]
) -> None:
    param = param_from("p", {"type": kind, "default": default, "description": "d"})

    assert other_defaults(param) == expected
