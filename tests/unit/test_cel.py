"""The expression language: nothing that fails looks like a value, and what is wrong is said in plain words."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeylint.cel import (
    CelCompileError,
    CelEnvironment,
    CelError,
    CelProblem,
    bind_all,
    conjuncts_of,
    count_name,
    count_nesting,
    macro_variables,
    members_of,
    names_in,
    paths_in,
    quote,
    replace_members,
    replace_name,
)
from journeylint.ports import CelFunction


def refuse(_: str) -> bool:
    raise ValueError("bad luck")


FUNCTIONS = (
    CelFunction("refuse", ("string",), "bool", refuse),
    CelFunction("refuseTime", ("string",), "timestamp", refuse),
    CelFunction("refuseAny", ("string",), "dyn", refuse),
    CelFunction("nothing", (), "dyn", lambda: None),
    CelFunction("wrongType", (), "int", lambda: "x"),
    CelFunction("wrongValue", (), "dyn", lambda: datetime(2025, 1, 1, tzinfo=UTC)),
)
ENVIRONMENT = CelEnvironment({"x": "dyn", "m": "map", "l": "list", "now": "timestamp"}, FUNCTIONS)
NOW = datetime(2025, 3, 1, tzinfo=UTC)
SCOPE = ENVIRONMENT.scope({"x": None, "m": {"a": 1, "n": None, "s": {"t": "u"}}, "l": [1, 2, 3], "now": NOW})


def value_of(source: str) -> object:
    (value,) = ENVIRONMENT.compile(f"[{source}]").elements(SCOPE)
    return value


def error_of(source: str) -> str:
    with pytest.raises(CelError) as caught:
        ENVIRONMENT.compile(source).elements(SCOPE)
    return str(caught.value)


def problems_of(source: str) -> tuple[CelProblem, ...]:
    with pytest.raises(CelCompileError) as caught:
        ENVIRONMENT.compile(source)
    return caught.value.problems


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 + 1", 2),
        ("1u", 1),
        ("1.5", 1.5),
        ("'é🎉'", "é🎉"),
        ("null", None),
        ("nothing()", None),
        ("true", True),
        ("[]", []),
        ("{}", {}),
        ("now", NOW),
        ("now - timestamp('2025-02-28T00:00:00Z')", timedelta(days=1)),
        ("m.?zz.orValue(3)", 3),
        ("m.n", None),
        ("dyn(1) == dyn('1')", False),
        ("false && m.zz", False),
        ("m.zz == 1 && false", False),
        ("cel.bind(y, m.zz, 1)", 1),
    ],
)
def test_a_value_is_plain_python(source: str, value: object) -> None:
    found = value_of(source)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("source", ["true", "'ERROR'", "m.a", "m", "null", "refuse('x')", "m.zz", "now"])
def test_what_is_no_list_is_an_error(source: str) -> None:
    assert error_of(source)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("[m.zz]", "there is no 'zz' here (guard it with has())"),
        ("[m['any thing']]", "there is no 'any thing' here (guard it with has())"),
        ("[x.y]", "a field of something without fields, such as null, is asked for (guard it with != null)"),
        ("[has(x.y)]", "a field of something without fields, such as null, is asked for (guard it with != null)"),
        ("[m.a + m.s]", "'+' does not take (int, map)"),
        ("[x + 1]", "'+' does not take (null, int)"),
        ("[m.a < 'x']", "a value is not of the type that is needed"),
        ("[m.a && true]", "'&&' is given a value of a wrong type"),
        ("[m.a ? 1 : 2]", "a value is not of the type that is needed"),
        ("[1/0]", "divide by zero"),
        ("[9223372036854775807 + 1]", "integer overflow"),
        ("[{'a': 1, 'a': 2}]", "duplicate key in map"),
        ("[refuse('a')]", "bad luck"),
        ("[refuseTime('a')]", "bad luck"),
        ("[refuseAny('a')]", "bad luck"),
        ("[wrongType()]", "a function returned a value of type str, not int"),
        ("[wrongValue()]", "a function returned a value of type datetime.datetime"),
        ("[optional.of(1)]", "a value is optional: take it with orValue()"),
        ("[optional.none()]", "a value is optional: take it with orValue()"),
        ("['a'.matches(m.s.t + '(((')]", "invalid regular expression: missing ): u((("),
        ("['a'.matches('(?=a)')]", "invalid regular expression: invalid perl operator: (?="),
    ],
)
def test_an_error_is_said_in_plain_words(source: str, said: str) -> None:
    assert error_of(source) == said


def test_an_error_says_the_same_in_every_run() -> None:
    assert "0x" not in error_of("[wrongType()]")


def test_the_iterations_of_an_evaluation_are_bounded() -> None:
    hundred = f"[{', '.join('1' * 100)}]"
    source = f"{hundred}.map(a, {hundred}.map(b, {hundred}.map(c, 1)))"
    assert error_of(source) == "Iteration budget exceeded"


def test_a_regular_expression_that_would_backtrack_for_ever_does_not() -> None:
    assert value_of("('" + "a" * 5000 + "!').matches('^(a+)+$')") is False


@pytest.mark.parametrize(
    ("source", "line", "column", "said"),
    [
        ("", 1, 1, "the expression ends where more is expected"),
        ("1 +", 1, 4, "the expression ends where more is expected"),
        ("true ? 1", 1, 9, "the expression ends where ':' is expected"),
        ("[1,", 1, 4, "missing ']' at the end"),
        ("zz", 1, 1, "unknown name 'zz'"),
        ("1 == zz.a.b", 1, 6, "unknown name 'zz'"),
        ("\n\n  zz", 3, 3, "unknown name 'zz'"),
        ("'🎉é' + zz", 1, 8, "unknown name 'zz'"),
        ("1 + foo(1)", 1, 5, "unknown name 'foo'"),
        ("m.a.foo()", 1, 5, "unknown name 'foo'"),
        ("now > 3", 1, 5, "'>' does not take (timestamp, int)"),
        ("now - 'a'", 1, 5, "'-' does not take (timestamp, string)"),
        ("!now", 1, 1, "'!' does not take (timestamp)"),
        ("now ? 1 : 2", 1, 5, "'? :' does not take (timestamp, int, int)"),
        ("'a'['b']", 1, 4, "'[ ]' does not take (string, string)"),
        ("1 in 2", 1, 3, "'in' does not take (int, int)"),
        ("if", 1, 1, "reserved identifier: if"),
        ("🎉", 1, 1, "'🎉' is not CEL"),
    ],
)
def test_a_source_that_does_not_compile_is_told_at_its_place(source: str, line: int, column: int, said: str) -> None:
    problem = problems_of(source)[0]
    assert (problem.line, problem.column, problem.message) == (line, column, said)


def test_all_unknown_names_are_told() -> None:
    assert [problem.unknown_name for problem in problems_of("aa == bb && cc() == 1")] == ["aa", "bb", "cc"]


@pytest.mark.parametrize("depth", [31, 500])
def test_a_source_that_is_nested_too_deeply_is_told(depth: int) -> None:
    source = "(" * depth + "1" + ")" * depth if depth > 100 else bind_all(((f"v{n}", f"{n}") for n in range(40)), "v1")
    (problem,) = problems_of(source)
    assert problem.message.startswith("it is nested too deeply: CEL allows 32 levels")


NULLS = """
from journeylint.cel import CelEnvironment
from journeylint.ports import CelFunction
environment = CelEnvironment({"x": "dyn", "m": "map", "l": "list"}, [
    CelFunction("nothing", (), "dyn", lambda: None),
    CelFunction("echo", ("map",), "dyn", lambda value: value["n"]),
    CelFunction("headOf", ("list",), "dyn", lambda value: value[0]),
])
scope = environment.scope({"x": None, "m": {"n": None}, "l": [None] * 100})
program = environment.compile("[x, m, m.n, l, nothing(), echo(m), headOf(l), null, [null], {'a': null}, l.map(i, i)]")
for _ in range(100):
    assert len(program.elements(scope)) == 11
    scope = environment.scope({"x": None, "m": {"n": None}, "l": [None] * 100})
import gc
gc.collect()
print("alive", None)
"""


def test_an_interpreter_survives_twenty_thousand_nulls() -> None:
    done = subprocess.run([sys.executable, "-c", NULLS], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "alive None\n", "")


@given(st.text())
@settings(deadline=None)
def test_any_text_survives_as_a_literal(text: str) -> None:
    if any("\ud800" <= char <= "\udfff" for char in text):
        return
    assert value_of(quote(text)) == text


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a.b + c('d', \"e\") // f\n + g", "a c g"),
        ("r'\\' + a", "a"),
        ("R\"\\\" + a + 'b'", "a"),
        ("'''x'y''' + b", "b"),
        ('"""x"y\n""" + b', "b"),
        ("'a\\'b' + c", "c"),
        ("1e5 + 2u + 0x1F + b", "b"),
        ("a.?b.c", "a"),
        ("a .\n ? b", "a"),
        ("a . b\n.c", "a"),
        ("a[b].c[?d]", "a b d"),
        ("{'k': v}", "v"),
        ("'//' + d", "d"),
        ("// a", ""),
        ("b'abc' + rb'x' + y", "b y"),
    ],
)
def test_the_names_of_a_source_are_neither_fields_nor_text(source: str, names: str) -> None:
    assert names_in(source) - {"b"} == frozenset(names.split()) - {"b"}


def test_a_name_is_counted_and_replaced_where_it_is_a_variable() -> None:
    source = "a + a.b + x.a + x.?a + x . a + 'a' // a\n+ ba + a1 + {'a': a}['a']"
    assert count_name(source, "a") == 3
    assert replace_name(source, "a", "Z") == "Z + Z.b + x.a + x.?a + x . a + 'a' // a\n+ ba + a1 + {'a': Z}['a']"


def test_a_replacement_is_taken_as_it_is() -> None:
    assert replace_name("a + 1", "a", r"'\1\\g<0>'") == r"'\1\\g<0>' + 1"
    assert replace_members("p.a", "p", {"a": r"'\1'"}) == r"'\1'"


@pytest.mark.parametrize(
    ("source", "replaced"),
    [
        ("p.a + p . b + p.c", "1 + 2 + p.c"),
        ("p\n.\na", "1"),
        ("p.a.b", "1.b"),
        ("p.ab", "p.ab"),
        ("p.a(1)", "p.a(1)"),
        ("'p.a' + p.a // p.a", "'p.a' + 1 // p.a"),
        ("xp.a + x.p.a + x.?p.a", "xp.a + x.p.a + x.?p.a"),
        ("p.?a + p['a']", "p.?a + p['a']"),
        ("has(p.a) && has( p . a )", "has(p.a) && has( p . a )"),
    ],
)
def test_members_are_replaced_where_they_are_selected(source: str, replaced: str) -> None:
    assert replace_members(source, "p", {"a": "1", "b": "2"}) == replaced


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("a && b", ["a", "b"]),
        (" a  &&b ", ["a", "b"]),
        ("a", ["a"]),
        ("a && (b || c) && [d ? e : f]", ["a", "(b || c)", "[d ? e : f]"]),
        ("a && b || c", ["a && b || c"]),
        ("a || b && c", ["a || b && c"]),
        ("a && b ? c : d", ["a && b ? c : d"]),
        ("a ? b : c && d", ["a ? b : c && d"]),
        ("a && '&&' == b", ["a", "'&&' == b"]),
        ("a && '||' == b", ["a", "'||' == b"]),
        ("a // && x || y\n && b", ["a // && x || y", "b"]),
        ("a.?b && c[?d]", ["a.?b", "c[?d]"]),
        ("x.all(i, i && j) && k", ["x.all(i, i && j)", "k"]),
        ("(a && b)", ["(a && b)"]),
        ("{'a': b && c} == d && e", ["{'a': b && c} == d", "e"]),
    ],
)
def test_conjuncts_are_what_may_be_asked_apart(source: str, parts: list[str]) -> None:
    assert list(conjuncts_of(source)) == parts


def test_paths_are_chains_that_are_read() -> None:
    source = "a.b.c + a.b.c + 'd.e' + f.g() + h.i.size() + has(j.k) + l[0].m // n.o"
    assert paths_in(source) == ("a.b.c", "j.k")


@pytest.mark.parametrize(
    ("source", "levels"),
    [
        ("1", 0),
        ("(1)", 1),
        ("(1) + (2)", 1),
        ("f([{'a': (1)}])", 4),
        ("cel.bind(a, 1, (a))", 3),
        ("[cel.bind(a, 1, cel.bind(b, 2, a + b)), (((1)))]", 5),
        ("'((((' + \"[[[\" // (((", 0),
    ],
)
def test_nesting_is_counted_as_cel_counts_it(source: str, levels: int) -> None:
    assert count_nesting(source) == levels


def test_variables_of_macros_are_known() -> None:
    source = "x.map(y, y) + z.exists_one( w , w) + cel.bind(q, 1, q) + 'x.map(n, n)' + x.filter\n(\nr, r)"
    assert macro_variables(source) == {"y", "w", "q", "r"}


@pytest.mark.parametrize(
    ("source", "paths"),
    [
        ("user.spec.state == 'draft'", {"spec.state"}),
        ("has(user.spec.copyOf) && user.kind in ['user.name']", {"spec.copyOf", "kind"}),
        ("user.spec.state.startsWith('x')", {"spec.state"}),
        ("user.spec.size () > 0", {"spec"}),
        ("user.spec['state'] == user.spec.?source.orValue('')", {"spec"}),
        ("users.a == x.user.b // user.c", set()),
        ("user . spec.state == 'draft'", {""}),
        ("user.?spec == x", {""}),
        ("[1].filter(user, user.a == 1)", {"", "a"}),
        ("x. user.a == size(user)", {""}),
    ],
)
def test_members_that_a_source_reads(source: str, paths: set[str]) -> None:
    assert {".".join(path) for path in members_of(source, "user")} == paths
