"""The syntax tree of compiled expressions."""

from __future__ import annotations

import pytest

from journeylint.cel import CelEnvironment
from journeylint.cel_ast import (
    Call,
    Comprehension,
    Constant,
    Elements,
    Entries,
    Name,
    Node,
    Select,
    children,
    decode,
    walk,
)

ENVIRONMENT = CelEnvironment({"x": "dyn", "y": "dyn", "m": "map", "l": "list", "b": "bool"}, [])


def tree_of(source: str) -> Node:
    return decode(ENVIRONMENT.compile(source).serialized())


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("true", True),
        ("false", False),
        ("0", 0),
        ("7", 7),
        ("-1", -1),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
        ("'é🎉\\n'", "é🎉\n"),
        ("''", ""),
        ("null", None),
        ("1.5", None),
        ("2u", None),
        ("b'x'", None),
    ],
)
def test_a_literal_has_its_value(source: str, value: object) -> None:
    node = tree_of(source)
    assert isinstance(node, Constant)
    assert node.value == value
    assert type(node.value) is type(value)


@pytest.mark.parametrize(
    ("source", "function", "count"),
    [
        ("x + y", "_+_", 2),
        ("x - y", "_-_", 2),
        ("x * y", "_*_", 2),
        ("x / y", "_/_", 2),
        ("x % y", "_%_", 2),
        ("x == y", "_==_", 2),
        ("x != y", "_!=_", 2),
        ("x < y", "_<_", 2),
        ("x <= y", "_<=_", 2),
        ("x > y", "_>_", 2),
        ("x >= y", "_>=_", 2),
        ("x && y", "_&&_", 2),
        ("x || y", "_||_", 2),
        ("!x", "!_", 1),
        ("-x", "-_", 1),
        ("x in l", "@in", 2),
        ("l[0]", "_[_]", 2),
        ("l[?0]", "_[?_]", 2),
        ("m.?a", "_?._", 2),
        ("b ? x : y", "_?_:_", 3),
        ("size(l)", "size", 1),
    ],
)
def test_an_operator_is_a_call(source: str, function: str, count: int) -> None:
    node = tree_of(source)
    assert isinstance(node, Call)
    assert (node.function, node.target, len(node.arguments)) == (function, None, count)


def test_a_member_call_has_its_receiver() -> None:
    node = tree_of("x.startsWith('a')")
    assert isinstance(node, Call)
    assert isinstance(node.target, Name)
    assert node.target.name == "x"
    assert [type(child) for child in children(node)] == [Name, Constant]


def test_a_selection_and_a_test_for_one_are_told_apart() -> None:
    selected, tested = tree_of("m.a"), tree_of("has(m.a)")
    assert isinstance(selected, Select)
    assert isinstance(tested, Select)
    assert (selected.field, selected.is_test) == ("a", False)
    assert (tested.field, tested.is_test) == ("a", True)


def test_lists_and_maps_have_their_items() -> None:
    elements, entries = tree_of("[x, 1]"), tree_of("{'a': x, y: 2}")
    assert isinstance(elements, Elements)
    assert isinstance(entries, Entries)
    assert [type(item) for item in elements.items] == [Name, Constant]
    assert [(type(key), type(value)) for key, value in entries.items] == [(Constant, Name), (Name, Constant)]


@pytest.mark.parametrize(
    "source",
    [
        "l.all(i, i == 1)",
        "l.exists(i, i == 1)",
        "l.exists_one(i, i == 1)",
        "l.map(i, i)",
        "l.map(i, i == 1, i)",
        "l.filter(i, i == 1)",
    ],
)
def test_a_macro_is_a_comprehension_over_its_range(source: str) -> None:
    node = next(node for node in walk(tree_of(source)) if isinstance(node, Comprehension))
    assert isinstance(node.range, Name)
    assert (node.range.name, node.variable, node.is_bind) == ("l", "i", False)


def test_a_binding_is_known_as_one() -> None:
    node = tree_of("cel.bind(v, x, v)")
    assert isinstance(node, Comprehension)
    assert (node.is_bind, node.accumulator) == (True, "v")
    assert isinstance(node.start, Name)
    assert isinstance(node.result, Name)


@pytest.mark.parametrize(
    ("source", "offset"), [("x", 0), ("   x", 3), ("'🎉' == x", 7), ("\n\nx", 2), ("[\r\nx]", 3), ("// é\nx", 5)]
)
def test_offsets_are_code_points_from_0(source: str, offset: int) -> None:
    assert [node.offset for node in walk(tree_of(source)) if isinstance(node, Name)] == [offset]


def test_the_offset_of_a_selection_is_its_dot() -> None:
    node = tree_of("m . abc")
    assert node.offset == 2


def test_names_in_a_long_source_are_all_found() -> None:
    source = " || ".join(f"x == {number} && y == '{'z' * 200}'" for number in range(20))
    names = [node.name for node in walk(tree_of(source)) if isinstance(node, Name)]
    assert sorted(names) == ["x"] * 20 + ["y"] * 20


def test_nothing_decodes_to_nothing() -> None:
    assert decode(b"") == Constant(0, None)
