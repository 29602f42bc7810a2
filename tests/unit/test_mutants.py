"""Each mutation operator: exactly the mutants that it makes, and none where it does not apply."""

from __future__ import annotations

import pytest

from journeylint.model import JsonObject
from journeylint.params import Param
from journeylint.testing.mutants import edits_of, other_defaults, siblings_in


def no_siblings(_: str) -> tuple[str, ...]:
    return ()


def mutants(source: str, operator: str) -> list[str]:
    """The mutants of a `let` (which is not replaced as a whole unless it is plainly a condition)."""
    return [
        edit.apply(source) for edit in edits_of(source, no_siblings, is_condition=False) if edit.operator == operator
    ]


@pytest.mark.parametrize(
    ("source", "operator", "expected"),
    [
        ("a < b", "other relation", ["a <= b", "a >= b"]),
        ("a <= b", "other relation", ["a < b", "a > b"]),
        ("a > b", "other relation", ["a >= b", "a <= b"]),
        ("a >= b", "other relation", ["a > b", "a < b"]),
        ("a == b", "other relation", ["a != b"]),
        ("a != b", "other relation", ["a == b"]),
        ("a in b", "negated", ["!(a in b)"]),
        ("has(a.b)", "negated", ["!has(a.b)"]),
        ("a && b.c || f(d)", "negated", ["!a && b.c || f(d)", "a && !b.c || f(d)", "a && b.c || !f(d)"]),
        ("xs.filter(x, x.ready)", "negated", ["xs.filter(x, !x.ready)"]),
        ("!a", "dropped negation", ["(a)"]),
        ("!(a || b)", "dropped negation", ["((a || b))"]),
        ("a + b", "other arithmetic", ["a - b"]),
        ("a - b", "other arithmetic", ["a + b"]),
        ("a * b", "other arithmetic", ["a / b"]),
        ("a / b", "other arithmetic", ["a * b"]),
        ("a && b", "other connective", ["(a || b)"]),
        ("a || b || c", "other connective", ["(a && b && c)"]),
        ("a && (b || c)", "dropped operand", ["((b || c))", "(a)", "a && ((c))", "a && ((b))"]),
        ("a ? b : c", "swapped branches", ["!(a) ? b : c"]),
        ("f(7)", "bound by one", ["f(6)", "f(8)"]),
        ("f(60.0)", "bound by one", ["f(59.0)", "f(61.0)"]),
        ("x in ['a', 'b']", "dropped element", ["x in ['a']", "x in ['b']"]),
        ("minutes(n)", "other function", ["hours(n)"]),
        ("hours(n)", "other function", ["minutes(n)"]),
        ("l.exists(x, x)", "other function", ["l.all(x, x)"]),
        ("l.all(x, x)", "other function", ["l.exists(x, x)"]),
        ("l.exists_one(x, x)", "other function", ["l.exists(x, x)"]),
        ("duration('4h')", "bound by one", ['duration("14399s")', 'duration("14401s")', 'duration("4m")']),
        ("duration('4m')", "bound by one", [f'duration("{text}")' for text in ("239s", "241s", "4h", "4s")]),
        (
            "timestamp('2026-05-01T00:00:00Z')",
            "bound by one",
            ['timestamp("2026-04-30T23:59:59Z")', 'timestamp("2026-05-01T00:00:01Z")'],
        ),
        ("a && b", "always true", ["true"]),
        ("a == b", "always false", ["false"]),
    ],
)
def test_an_operator_makes_exactly_its_mutants(source: str, operator: str, expected: list[str]) -> None:
    assert sorted(mutants(source, operator)) == sorted(expected)


@pytest.mark.parametrize(
    ("source", "operator"),
    [
        ("'a < b'", "other relation"),
        ("a // < b", "other relation"),
        ("a.minutes(n)", "other function"),
        ("f(x, y)", "always true"),
        ("['a']", "dropped element"),
        ("[a, b]", "dropped element"),
        ("duration(text)", "bound by one"),
        ("duration('soon')", "bound by one"),
        ("-a", "dropped negation"),
        ("a", "always true"),
        ("a.b", "swapped field"),
    ],
)
def test_an_operator_makes_none_where_it_does_not_apply(source: str, operator: str) -> None:
    assert mutants(source, operator) == []


def test_a_literal_condition_has_no_mutants() -> None:
    assert edits_of("false", no_siblings, is_condition=True) == []
    assert edits_of("true", no_siblings, is_condition=True) == []


def test_a_condition_is_replaced_and_negated_as_a_whole_whatever_it_is() -> None:
    found = [edit.apply("ready") for edit in edits_of("ready", no_siblings, is_condition=True)]
    assert found == ["true", "false", "!ready"]


@pytest.mark.parametrize("source", ["'a < b && c'", "lookup('Segment', a)", "a.startsWith('<')", "a['&&']", "['x']"])
def test_what_only_looks_like_an_operator_is_left_alone(source: str) -> None:
    found = {edit.operator for edit in edits_of(source, no_siblings, is_condition=False)}
    assert found <= {"always true", "always false", "negated"}


def test_a_source_that_is_no_cel_has_no_mutants() -> None:
    assert edits_of("a &&", no_siblings, is_condition=True) == []


def test_comments_do_not_swallow_what_follows() -> None:
    source = "a // first\n && b // second\n && c"
    (joined,) = mutants(source, "other connective")
    assert joined == "(a // first\n|| b // second\n|| c\n)"


def test_conditions_in_texts_of_sums_are_mutated_where_they_stand() -> None:
    source = "usersCount('Segment', name, \"user.n < 3\") > 0"
    assert "usersCount('Segment', name, \"user.n <= 3\") > 0" in mutants(source, "other relation")
    assert "usersCount('Segment', name, \"user.n < 4\") > 0" in mutants(source, "bound by one")


def test_each_mutant_is_made_once_and_differs_from_the_source() -> None:
    source = "!(a in ['x', 'y']) && b < 3 && c == 'z' || has(d.e)"
    results = [edit.apply(source) for edit in edits_of(source, no_siblings, is_condition=True)]
    assert len(results) == len(set(results))
    assert source not in results


@pytest.mark.parametrize(
    ("kind", "default", "expected"),
    [
        ("integer", 5, [6, 4]),
        ("number", 0.5, [1.5, -0.5]),
        ("boolean", True, [False]),
        ("duration", "4h", ["14401s", "14399s", "4m", "4d"]),
        ("duration", "0s", ["1s"]),
        ("duration", "1d2h", ["93601s", "93599s"]),
        ("date-time", "2026-05-01T00:00:00Z", ["2026-05-01T00:00:01Z", "2026-04-30T23:59:59Z"]),
        ("string", "x", []),
        ("array", [], []),
    ],
)
def test_defaults_of_params_move_to_both_sides(kind: str, default: object, expected: list[object]) -> None:
    param = Param("p", kind, default, "", {})  # type: ignore[arg-type]  # JSON of every type
    assert other_defaults(param) == expected


SCHEMAS: dict[str, JsonObject] = {
    "Journey": {
        "properties": {
            "startTime": {"type": "string", "format": "instant"},
            "endTime": {"type": "string", "format": "instant"},
            "publishTime": {"type": "string", "format": "instant"},
            "title": {"type": "string"},
            "state": {"type": "string", "enum": ["draft"]},
            "size": {"type": "integer"},
        }
    }
}


def test_fields_are_swapped_for_those_of_the_same_type_in_the_same_mapping() -> None:
    siblings = siblings_in(SCHEMAS)
    assert sorted(siblings("startTime")) == ["endTime", "publishTime"]
    assert siblings("title") == siblings("state") == siblings("size") == siblings("unknown") == ()
    found = [edit.apply("has(a.startTime)") for edit in edits_of("has(a.startTime)", siblings, is_condition=False)]
    assert "has(a.endTime)" in found
