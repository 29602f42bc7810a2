"""Our reading of CEL sources against CEL's own: what we take an expression to be compiles to the same tree."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from journeylint import cel_ast
from journeylint.cel import CelCompileError, CelEnvironment
from journeylint.cel_nodes import (
    Binary,
    Call,
    Conditional,
    Index,
    ListLiteral,
    Literal,
    LiteralKind,
    Logical,
    MapLiteral,
    Member,
    Name,
    Node,
    Unary,
    children,
    text_of,
    walk,
)
from journeylint.cel_syntax import CelSyntaxError, parse
from journeylint.expressions import kind_variable, lets_of
from journeylint.inquiry import Inquiry, ManifestFunctions, typing_functions
from journeylint.ports import CelFunction
from journeylint.testing import build_host, read_policies

ROOT = Path(__file__).parents[2]
HOST = build_host()
FUNCTIONS = ManifestFunctions(Inquiry(), HOST.functions)
ENVIRONMENT = CelEnvironment(
    dict.fromkeys(("x", "y", "item"), "dyn"), [CelFunction("f", ("dyn", "dyn"), "dyn", lambda left, _: left)]
)


def write_out(node: Node, source: str) -> str:  # noqa: C901 - one case a kind of node
    """The expression again, with parentheses around each part of it."""

    def inner(child: Node) -> str:
        return f"({write_out(child, source)}\n)"

    def optional(*, is_optional: bool) -> str:
        return "?" if is_optional else ""

    match node:
        case Literal():
            return text_of(source, node)
        case Name():
            return node.name
        case Member():
            return (
                f"{inner(node.operand)}.{optional(is_optional=node.is_optional)}{source[node.field_start : node.end]}"
            )
        case Index():
            return f"{inner(node.operand)}[{optional(is_optional=node.is_optional)}{inner(node.key)}]"
        case Call():
            is_plain = node.function in ("has", "bind")
            target = "" if node.target is None else text_of(source, node.target) if is_plain else inner(node.target)
            arguments = [
                write_out(argument, source) if isinstance(argument, Name) or is_plain else inner(argument)
                for argument in node.arguments
            ]
            return f"{target}{'.' if target else ''}{node.function}({', '.join(arguments)})"
        case Unary():
            return f"{node.operator} {inner(node.operand)}"
        case Binary():
            return f"{inner(node.left)} {node.operator} {inner(node.right)}"
        case Logical():
            return f" {node.operator} ".join(map(inner, node.operands))
        case Conditional():
            return f"{inner(node.condition)} ? {inner(node.yes)} : {inner(node.no)}"
        case ListLiteral():
            items = [optional(is_optional=item.is_optional) + inner(item.value) for item in node.items]
            return f"[{', '.join(items)}]"
        case MapLiteral():
            entries = [
                f"{optional(is_optional=one.is_optional)}{inner(one.key)}: {inner(one.value)}" for one in node.entries
            ]
            return f"{{{', '.join(entries)}}}"


def without_places(value: object) -> object:
    """A tree of CEL's own as nested tuples, without its offsets; CEL balances chains of `&&`, so these are flat."""
    if isinstance(value, cel_ast.Call) and value.function in ("_&&_", "_||_"):
        return (value.function, *map(without_places, _operands(value, value.function)))
    if isinstance(value, tuple):
        body = value[1:] if hasattr(value, "offset") else value
        return (type(value).__name__, *map(without_places, body))
    return value


def _operands(node: cel_ast.Node, function: str) -> Iterator[cel_ast.Node]:
    if isinstance(node, cel_ast.Call) and node.function == function:
        for argument in node.arguments:
            yield from _operands(argument, function)
    else:
        yield node


def compiled(environment: CelEnvironment, source: str) -> object:
    return without_places(cel_ast.decode(environment.compile(source).serialized()))


def check_places(source: str, tree: Node) -> None:
    """Each node's text, alone, is that node: nothing of it is cut off, and nothing of another is in it."""
    for node in walk(tree):
        assert 0 <= node.start < node.end <= len(source)
        alone = parse(text_of(source, node))
        assert type(alone) is type(node)
        assert without_numbers(alone) == without_numbers(node)
        inside = children(node)
        assert all(node.start <= child.start and child.end <= node.end for child in inside)
        assert all(before.end <= after.start for before, after in pairwise(inside))


def without_numbers(node: Node) -> object:
    """What a node is but for its places."""
    own = [value for value in node if isinstance(value, str | LiteralKind)]
    return (type(node).__name__, *own, *map(without_numbers, children(node)))


# -- generated expressions: values are `dyn`, so that CEL has no objection to their types

words = st.sampled_from(["x", "y", "item"])
fields = st.sampled_from(["a", "spec", "all", "`a-b`", "if"])
literals = st.sampled_from(
    (
        *(
            "1",
            "-1",
            "0x1F",
            "7u",
            "0xAu",
            "1.5",
            "-.5",
            "1e3",
            "2.5E-1",
            "true",
            "false",
            "null",
            "''",
            "'a\\'b'",
            '"é🎉"',
        ),
        *("'''a'b\n'''", 'r"\\d"', "b'x'", 'bR"y"', "'(&&'", "'\\u00e9\\x41\\101'", '"""a"b"""'),
    )
)
blanks = st.sampled_from(["", " ", "\n", " // && ) '\n", "\t"])


def operations(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    binary = st.sampled_from(["<", "<=", ">", ">=", "==", "!=", " in ", "+", "-", "*", "/", "%", "&&", "||"])
    loops = st.sampled_from(["all", "exists", "exists_one", "map", "filter"])
    two = st.tuples(inner, inner)
    three = st.tuples(inner, inner, inner)
    return st.one_of(
        inner.map(lambda one: f"({one}\n)"),
        st.tuples(inner, blanks, binary, blanks, inner).map(lambda p: f"{p[0]}{p[1]}{p[2]} {p[3]}{p[4]}"),
        st.lists(inner, min_size=3, max_size=6).map(" && ".join),
        st.lists(inner, min_size=3, max_size=6).map(" || ".join),
        three.map(lambda p: f"({p[0]}) ? ({p[1]}) : {p[2]}"),
        inner.map(lambda one: f"!({one})"),
        inner.map(lambda one: f"-({one})"),
        st.tuples(words, fields).map(lambda p: f"!{p[0]}.{p[1]}"),
        st.tuples(inner, blanks, fields).map(lambda p: f"dyn({p[0]}){p[1]}.{p[2]}"),
        st.tuples(words, fields).map(lambda p: f"{p[0]}.?{p[1]}"),
        two.map(lambda p: f"dyn({p[0]})[{p[1]}]"),
        two.map(lambda p: f"dyn({p[0]})[?dyn({p[1]})]"),
        two.map(lambda p: f"f({p[0]}, {p[1]})"),
        inner.map(lambda one: f"dyn({one})"),
        st.lists(st.tuples(words, binary), min_size=3, max_size=8).map(lambda p: "".join(map("".join, p)) + "x"),
        st.tuples(words, st.sampled_from(["a", "spec"])).map(lambda p: f"has({p[0]}.{p[1]})"),
        st.tuples(inner, loops, inner).map(lambda p: f"dyn({p[0]}).{p[1]}(item, dyn({p[2]}))"),
        three.map(lambda p: f"dyn({p[0]}).map(item, dyn({p[1]}), {p[2]})"),
        two.map(lambda p: f"cel.bind(item, {p[0]}, {p[1]})"),
        st.tuples(words, inner).map(lambda p: f"{p[0]}.?a.optMap(item, {p[1]}).orValue(dyn(1))"),
        two.map(lambda p: f"dyn([{p[0]}, ?dyn({p[1]}).?a,])"),
        two.map(lambda p: f"dyn({{'k': {p[0]}, ?'o': dyn({p[1]}).?a}})"),
    )


expressions = st.recursive(st.one_of(words, literals.map(lambda text: f"dyn({text})")), operations, max_leaves=12)


@settings(deadline=None, max_examples=400)
@given(expressions)
def test_an_expression_is_read_as_cel_reads_it(source: str) -> None:
    try:
        expected = compiled(ENVIRONMENT, source)
    except CelCompileError as error:
        assert not any(problem.is_syntax for problem in error.problems), source  # noqa: PT017 - types alone are in doubt
        assume(False)
    tree = parse(source)
    assert compiled(ENVIRONMENT, write_out(tree, source)) == expected
    check_places(source, tree)


@settings(deadline=None)
@given(st.text(alphabet="xy.a1 &|!=<>()[]{}?:,'\"\\`-+*%/inrb\n", max_size=60) | st.text(max_size=40))
def test_no_text_ends_in_anything_but_a_tree_or_a_syntax_error(source: str) -> None:
    try:
        tree = parse(source)
    except CelSyntaxError as error:
        assert 0 <= error.offset <= len(source)  # noqa: PT017 - reading it is as good an end
    else:
        assert 0 <= tree.start < tree.end <= len(source)


# -- the expressions of the policies that are shipped


def _shipped() -> Iterator[tuple[str, str, dict[str, str]]]:
    for policy in read_policies(ROOT / "policies", HOST).policies:
        lets = lets_of(policy)
        own = [policy.shared.when, policy.when, policy.require, *policy.message.expressions]
        names = dict.fromkeys((*lets, "params", "manifest", "facts", policy.as_name, "item"), "dyn")
        names.update({kind_variable(policy.kind): "map", "now": "timestamp"})
        for number, source in enumerate([*(one.source for one in own if one is not None), *lets.values()]):
            yield f"{policy.id}-{number}", source, names


SHIPPED = list(_shipped())


@pytest.mark.parametrize(("source", "names"), [one[1:] for one in SHIPPED], ids=[one[0] for one in SHIPPED])
def test_an_expression_that_is_shipped_is_read_as_cel_reads_it(source: str, names: dict[str, str]) -> None:
    environment = CelEnvironment(names, [*HOST.functions, *typing_functions(), *FUNCTIONS.entries()])
    tree = parse(source)
    assert compiled(environment, write_out(tree, source)) == compiled(environment, source)
    check_places(source, tree)


def test_the_policies_have_expressions_to_compare() -> None:
    assert len(SHIPPED) > 100
