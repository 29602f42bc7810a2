"""The tree of a CEL source as it is written. That it means what CEL means is a property test's business."""

from __future__ import annotations

import pytest

from journeylint.cel_nodes import (
    Binary,
    Call,
    Conditional,
    Entry,
    Index,
    Item,
    ListLiteral,
    Literal,
    LiteralKind,
    Logical,
    Macro,
    MapLiteral,
    Member,
    Name,
    Node,
    Unary,
    macro_of,
    text_of,
)
from journeylint.cel_syntax import DEEPEST, CelSyntaxError, parse


@pytest.mark.parametrize(
    ("source", "kind", "value"),
    [
        ("true", LiteralKind.BOOL, True),
        ("null", LiteralKind.NULL, None),
        ("7", LiteralKind.INT, 7),
        ("010", LiteralKind.INT, 10),
        ("- 0x1f", LiteralKind.INT, -31),
        ("-9223372036854775808", LiteralKind.INT, -(2**63)),
        ("7u", LiteralKind.UINT, 7),
        ("0xFFU", LiteralKind.UINT, 255),
        ("1.5", LiteralKind.DOUBLE, 1.5),
        ("-.5", LiteralKind.DOUBLE, -0.5),
        ("1e3", LiteralKind.DOUBLE, 1000.0),
        (r"'\n\x41\101\u00e9\U0001F389\'\?\`'", LiteralKind.STRING, "\nAAé🎉'?`"),
        (r"r'\n'", LiteralKind.STRING, r"\n"),
        ("'''a'\nb'''", LiteralKind.STRING, "a'\nb"),
        ("''", LiteralKind.STRING, ""),
        (r"b'\xffé'", LiteralKind.BYTES, b"\xff\xc3\xa9"),
        (r"br'\x'", LiteralKind.BYTES, rb"\x"),
    ],
)
def test_a_literal_has_its_value(source: str, kind: LiteralKind, value: object) -> None:
    node = parse(source)
    assert isinstance(node, Literal)
    assert (node.start, node.end, node.kind, node.value) == (0, len(source), kind, value)


@pytest.mark.parametrize(("source", "start"), [("'a b'", 1), ("r'a b'", 2), ('"""a b"""', 3), ("''", 1)])
def test_the_place_of_a_text_is_told(source: str, start: int) -> None:
    node = parse(source)
    assert isinstance(node, Literal)
    assert node.text_start == start
    assert source[start:].startswith(str(node.value))


@pytest.mark.parametrize("source", [r"'a\'b'", "1", "b'a'"])
def test_the_place_of_a_text_is_not_told_where_escapes_move_it(source: str) -> None:
    node = parse(source)
    assert isinstance(node, Literal)
    assert node.text_start is None


def test_parentheses_belong_to_the_nodes_above_what_they_are_around() -> None:
    source = "(a || b) && !(c)"
    tree = parse(source)
    assert tree == Logical(
        0,
        16,
        "&&",
        (9,),
        (Logical(1, 7, "||", (3,), (Name(1, 2, "a"), Name(6, 7, "b"))), Unary(12, 16, "!", Name(14, 15, "c"))),
    )


def test_a_chain_of_operands_is_one_node_and_a_part_in_parentheses_one_of_its_own() -> None:
    chain, nested = parse("a || b || c"), parse("(a || b) || c")
    assert isinstance(chain, Logical)
    assert (len(chain.operands), chain.operator_starts) == (3, (2, 7))
    assert isinstance(nested, Logical)
    assert [type(one) for one in nested.operands] == [Logical, Name]


def test_members_indexes_and_calls_have_their_places() -> None:
    assert parse("a.`b-c`[0]") == Index(
        0, 10, Member(0, 7, Name(0, 1, "a"), "b-c", 2), Literal(8, 9, LiteralKind.INT, 0)
    )
    assert parse("a.?b") == Member(0, 4, Name(0, 1, "a"), "b", 3, is_optional=True)
    assert parse("a[?b]") == Index(0, 5, Name(0, 1, "a"), Name(3, 4, "b"), is_optional=True)
    assert parse(" f( a )") == Call(1, 7, None, "f", 1, (Name(4, 5, "a"),))
    assert parse("a . f()") == Call(0, 7, Name(0, 1, "a"), "f", 4, ())
    assert parse(".a") == Name(0, 2, ".a")


def test_lists_and_maps_know_what_is_optional() -> None:
    a, b = Name(1, 2, "a"), Name(5, 6, "b")
    assert parse("[a, ?b,]") == ListLiteral(0, 8, (Item(a), Item(b, is_optional=True)))
    assert parse("{a: b, ?c: d}") == MapLiteral(
        0,
        13,
        (Entry(a, Name(4, 5, "b")), Entry(Name(8, 9, "c"), Name(11, 12, "d"), is_optional=True)),
    )
    assert parse("[]") == ListLiteral(0, 2, ())
    assert parse("{}") == MapLiteral(0, 2, ())


def shape(node: Node) -> str:
    """The tree with parentheses around each operator's part."""
    match node:
        case Binary():
            return f"({shape(node.left)}{node.operator}{shape(node.right)})"
        case Logical():
            return f"({node.operator.join(map(shape, node.operands))})"
        case Conditional():
            return f"({shape(node.condition)}?{shape(node.yes)}:{shape(node.no)})"
        case Unary():
            return f"({node.operator}{shape(node.operand)})"
        case Member():
            return f"{shape(node.operand)}.{node.field}"
        case Name():
            return node.name
        case Literal():
            return str(node.value)
        case _:
            raise AssertionError(node)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a || b && c || d", "(a||(b&&c)||d)"),
        ("a ? b : c ? d : e", "(a?b:(c?d:e))"),
        ("a || b ? c : d", "((a||b)?c:d)"),
        ("a - b - c", "((a-b)-c)"),
        ("a + b * c % d", "(a+((b*c)%d))"),
        ("a < b == c", "((a<b)==c)"),
        ("a in b && c", "((ainb)&&c)"),
        ("inner", "inner"),
        ("!a.b", "(!a.b)"),
        ("!!a", "(!(!a))"),
        ("-a.b + 1", "((-a.b)+1)"),
        ("a-1", "(a-1)"),
        ("a - -1", "(a--1)"),
        ("a // && b\n || c", "(a||c)"),
    ],
)
def test_operators_take_their_operands_in_the_order_of_the_language(source: str, expected: str) -> None:
    assert shape(parse(source)) == expected


def test_places_count_code_points() -> None:
    source = "'🎉' == b"
    tree = parse(source)
    assert isinstance(tree, Binary)
    assert text_of(source, tree.right) == "b"
    assert tree.operator_start == 4


@pytest.mark.parametrize(
    ("source", "offset", "told"),
    [
        ("", 0, "an operand is expected instead of the end"),
        ("a &&", 4, "instead of the end"),
        ("a b", 2, "instead of 'b'"),
        ("(a", 2, "')' is expected"),
        ("[a", 2, "']' is expected"),
        ("{a}", 2, "':' is expected"),
        ("f(a,)", 4, "an operand is expected instead of ')'"),
        ("a ? b", 5, "':' is expected"),
        ("a ? b ? c : d : e", 6, "':' is expected instead of '?'"),
        ("a.in", 2, "a name is expected"),
        ("a.'b'", 2, "a name is expected"),
        ("'a", 0, "is not CEL"),
        ("a = b", 2, "is not CEL"),
        ("a \xa0", 2, "is not CEL"),
        ("!-a", 2, "a number is expected"),
        ("- !a", 2, "an operand is expected"),
        (r"'\q'", 1, "there is no escape"),
        (r"'\UFFFFFFFF'", 1, "is no character"),
        ("Message{a: 1}", 0, "messages"),
        ("a.`b`(c)", 5, "instead of '('"),
    ],
)
def test_what_is_no_cel_is_refused_with_its_place(source: str, offset: int, told: str) -> None:
    with pytest.raises(CelSyntaxError, match=r".") as caught:
        parse(source)
    assert caught.value.offset == offset
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("before", "after"), [("(", ")"), ("[", "]"), ("!", ""), ("a ? b : ", ""), ("a + ", ""), ("a.", ""), ("f(", ")")]
)
def test_nesting_has_a_limit(before: str, after: str) -> None:
    assert parse(before * (DEEPEST - 1) + "a" + after * (DEEPEST - 1))
    for times in (DEEPEST + 1, 10_000):
        with pytest.raises(CelSyntaxError, match="nested too deeply"):
            parse(before * times + "a" + after * times)


def test_a_chain_of_conditions_has_no_limit() -> None:
    tree = parse(" && ".join(["a"] * 5_000))
    assert isinstance(tree, Logical)
    assert len(tree.operands) == 5_000


@pytest.mark.parametrize(
    ("source", "function", "over"),
    [
        ("l.all(i, p)", "all", "l"),
        ("l.exists(i, p)", "exists", "l"),
        ("l.exists_one(i, p)", "exists_one", "l"),
        ("l.filter(i, p)", "filter", "l"),
        ("l.map(i, p)", "map", "l"),
        ("o.optMap(i, p)", "optMap", "o"),
        ("cel.bind(i, v, p)", "bind", "v"),
    ],
)
def test_a_macro_tells_what_it_binds(source: str, function: str, over: str) -> None:
    macro = macro_of(parse(source))
    assert isinstance(macro, Macro)
    assert (macro.function, macro.variables, text_of(source, macro.over)) == (function, ("i",), over)
    assert [text_of(source, body) for body in macro.bodies] == ["p"]


def test_map_with_a_condition_has_two_bodies() -> None:
    macro = macro_of(parse("l.map(i, c, p)"))
    assert macro is not None
    assert len(macro.bodies) == 2


@pytest.mark.parametrize(
    "source", ["has(a.b)", "all(i, p)", "l.all(1, p)", "l.all(i, p, q)", "other.bind(i, v, p)", "a"]
)
def test_what_binds_nothing_is_no_macro(source: str) -> None:
    assert macro_of(parse(source)) is None
