"""Tests of `journeylint.formats.yaml`: what YAML means, where its nodes stand, and what is said of what is wrong."""

from __future__ import annotations

import math

import pytest

from journeylint.formats.limits import DEFAULT_LIMITS, Limits
from journeylint.formats.yaml import YamlLoader
from journeylint.model import Document, JsonValue, Problem, Span


def load(text: str, limits: Limits = DEFAULT_LIMITS) -> list[Document]:
    return YamlLoader(limits).load(text)


def only(text: str, limits: Limits = DEFAULT_LIMITS) -> Document:
    (document,) = load(text, limits)
    return document


def value(text: str) -> JsonValue:
    document = only(text)
    assert document.problems == ()
    return document.value


def problem(text: str, limits: Limits = DEFAULT_LIMITS) -> Problem:
    (found,) = only(text, limits).problems
    return found


def span(text: str, pointer: str) -> tuple[int, int, int, int]:
    found = only(text).locate(pointer)
    return found.line, found.column, found.end_line, found.end_column


# The same text is read by the fast reader as it stands, and by the composer behind a tag.
@pytest.mark.parametrize("prefix", ["k: ", "k: !!str x\nv: "], ids=["fast", "composer"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NO", "NO"), ("no", "no"), ("on", "on"), ("y", "y"), ("22:00", "22:00"), ("1.10", 1.1), ("010", 10),
        ("0o17", 15), ("0x1F", 31), ("0b1", "0b1"), ("1_000", "1_000"), ("+12", 12), ("-0", 0), ("1e3", 1000.0),
        (".5", 0.5), ("5.", 5.0), ("-1.5E-2", -0.015), (".inf", math.inf), ("-.INF", -math.inf), (".Inf", math.inf),
        ("~", None), ("null", None), ("Null", None), ("NULL", None), ("nULL", "nULL"), ("true", True), ("False", False),
        ("TRUE", True), ("tRUE", "tRUE"), ("2025-03-03", "2025-03-03"), ("2025-03-03T04:00:00", "2025-03-03T04:00:00"),
        ("0o8", "0o8"), ("0x", "0x"), (".", "."), ("--", "--"), ("1e", "1e"), ("'1'", "1"), ('"null"', "null"),
        ("1 2", "1 2"), ("=", "="), ("a:b", "a:b"), ("a#b", "a#b"), ("a :b", "a :b"), ("-x", "-x"), ("''", ""),
    ],
)  # fmt: skip
def test_plain_scalars_mean_what_the_core_schema_says(prefix: str, text: str, expected: JsonValue) -> None:
    found = value(prefix + text)
    assert isinstance(found, dict)
    assert repr(found["v" if "v" in found else "k"]) == repr(expected)


def test_not_a_number_is_a_float() -> None:
    found = value("[.nan]")
    assert isinstance(found, list)
    assert isinstance(found[0], float)
    assert math.isnan(found[0])


def test_the_merge_key_is_an_ordinary_key() -> None:
    assert value("a: &a {x: 1}\nb:\n  <<: *a\n") == {"a": {"x": 1}, "b": {"<<": {"x": 1}}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("!!str 5", "5"), ("!!int '5'", 5), ("!!float 5", 5.0), ("!!bool true", True), ("!!null ~", None), ("! 5", "5"),
        ("!!map {a: 1}", {"a": 1}), ("!!seq [1]", [1]), ("!<tag:yaml.org,2002:str> 5", "5"), ("!!str", ""), ("! {}", {}),
    ],
)  # fmt: skip
def test_core_tags_are_understood(text: str, expected: JsonValue) -> None:
    assert repr(value(f"v: {text}")) == repr({"v": expected})


@pytest.mark.parametrize("text", ["!!int x", "!!int 1.0", "!!bool yes", "!!null x", "!!float x", "!!map x", "!!seq {}"])
def test_a_node_that_is_not_what_its_tag_says_is_a_problem(text: str) -> None:
    found = problem(f"a: 1\nv: {text}")
    assert (found.span.line, found.span.column, found.pointer) == (2, 4, "/v")
    assert not found.is_fatal


@pytest.mark.parametrize(("text", "name"), [("!Ref x", "!Ref"), ("!!set {a}", "!!set"), ("!<x:y> 1", "!<x:y>")])
def test_an_unknown_tag_is_a_problem_and_the_rest_is_still_read(text: str, name: str) -> None:
    found = only(f"v: {text}\nw: 1")
    assert isinstance(found.value, dict)
    assert found.value["w"] == 1
    assert found.problems[0].message.startswith(f"unknown tag {name!r}: remove it")
    assert found.problems[0].pointer == "/v"


def test_a_duplicate_key_is_a_problem_at_the_second_one_and_the_first_value_stays() -> None:
    found = only("a: 1\nb:\n  c: 2\n  c: {d: [3]}\n  e: 4\n")
    assert found.value == {"a": 1, "b": {"c": 2, "e": 4}}
    assert found.problems == (
        Problem("duplicate key 'c': it is already set on line 3, keep one of them", "/b/c", Span(4, 3, 4, 4)),
    )
    assert found.locate("/b/e") == Span(5, 6, 5, 7)
    assert found.locate("/b/c") == Span(3, 6, 3, 7)


def test_keys_that_differ_only_in_writing_are_duplicates() -> None:
    assert problem("a: 1\n'a': 2\n").span == Span(2, 1, 2, 4)


@pytest.mark.parametrize(
    ("text", "column", "what"),
    [
        ("1: x", 1, "a number"), ("null: x", 1, "empty or null"), ("true: x", 1, "a boolean"), ("1.5: x", 1, "a number"),
        ("? [a]\n: x", 3, "a mapping or list"), ("{{a: b}: x}", 2, "a mapping or list"),
        ("? &a {b: c}\n: *a", 3, "a mapping or list"),
    ],
)  # fmt: skip
def test_a_key_that_is_no_text_is_a_problem_at_the_key(text: str, column: int, what: str) -> None:
    found = problem(text)
    assert found.message.startswith(f"a key that is {what}: keys must be text")
    assert (found.span.line, found.span.column, found.pointer) == (1, column, "")


def test_quoted_keys_are_text_whatever_they_look_like() -> None:
    assert value("'1': a\n\"null\": b\n!!str 2: c") == {"1": "a", "null": "b", "2": "c"}


def test_all_problems_of_a_document_are_told_and_its_identity_can_be_read() -> None:
    found = only("1: x\nkind: Journey\nmetadata: !x {name: a, name: b}\nspec: *gone\n")
    assert [each.span.line for each in found.problems] == [1, 3, 3, 4]
    assert found.value == {"kind": "Journey", "metadata": {"name": "a"}, "spec": None}


def test_an_alias_becomes_a_copy_of_its_own() -> None:
    found = value("a: &x {b: [1]}\nc: *x\n")
    assert isinstance(found, dict)
    assert found["a"] == found["c"]
    assert found["a"] is not found["c"]


def test_the_span_of_an_alias_is_the_alias_and_inside_it_that_of_the_real_node() -> None:
    text = "a: &x {b: [1, 22]}\nc: *x\nd: 3\n"
    assert span(text, "/c") == (2, 4, 2, 6)
    assert span(text, "/c/b/1") == (1, 15, 1, 17)
    assert span(text, "/a/b/1") == (1, 15, 1, 17)
    assert span(text, "/d") == (3, 4, 3, 5)


def test_an_alias_may_stand_for_a_key_and_for_a_scalar() -> None:
    assert value("&k a: &v 1\nb: {*k : *v}\n") == {"a": 1, "b": {"a": 1}}


def test_an_anchor_that_is_set_anew_stands_for_the_latest() -> None:
    assert value("[&a 1, *a, &a 2, *a]") == [1, 1, 2, 2]


@pytest.mark.parametrize("text", ["a: &a [*a]", "&a {b: {c: *a}}"])
def test_an_alias_inside_what_it_stands_for_is_a_problem(text: str) -> None:
    assert "stands inside the very node" in problem(text).message


def test_an_alias_without_anchor_is_a_problem_at_the_alias() -> None:
    assert problem("a: 1\nb: *nope") == Problem(
        "the alias '*nope' refers to an anchor that is not there", "/b", Span(2, 4, 2, 9)
    )


def test_an_anchor_of_another_document_is_not_there() -> None:
    first, second = load("a: &x 1\n---\nb: *x\n")
    assert not first.problems
    assert "not there" in second.problems[0].message


def laughs(levels: int) -> str:
    lists = [f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(levels)]
    return "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(lists)


def test_aliases_that_expand_past_the_limit_are_a_problem() -> None:
    assert not only(laughs(3)).problems
    found = problem("kind: Journey\n" + laughs(9))
    assert "expand to more than 100,000 nodes" in found.message
    assert found.is_fatal


@pytest.mark.parametrize(("most", "is_fine"), [(6, True), (5, False)])
def test_the_alias_limit_counts_the_nodes_copied(most: int, is_fine: bool) -> None:
    found = only("a: &a [1, 2]\nb: [*a, *a]", DEFAULT_LIMITS._replace(alias_nodes=most))
    assert (not found.problems) == is_fine


@pytest.mark.parametrize(("depth", "is_fine"), [(64, True), (65, False)])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("- ", "")])
def test_nesting_past_the_limit_is_a_problem(depth: int, is_fine: bool, opening: str, closing: str) -> None:
    found = only(opening * depth + "1" + closing * depth)
    assert (not found.problems) == is_fine


@pytest.mark.parametrize(("extra", "is_fine"), [(0, True), (1, False)])
def test_aliases_count_for_the_depth(extra: int, is_fine: bool) -> None:
    depth = 62 + extra
    found = only(f"a: &a {'[' * depth}{']' * depth}\nb: [*a]")
    assert (not found.problems) == is_fine


@pytest.mark.parametrize("text", ["[", "{", "- ", "? ", "[a, ", "{a: ", "[{", "&a [", "!x [", "- ? "])
def test_very_deep_nesting_is_told_and_does_no_harm(text: str) -> None:
    assert only(text * 20_000).problems


@pytest.mark.parametrize(("digits", "is_fine"), [(400, True), (401, False)])
def test_a_number_past_the_limit_is_a_problem_at_its_place(digits: int, is_fine: bool) -> None:
    found = only("a: 1\nb: " + "9" * digits)
    assert (not found.problems) == is_fine
    assert is_fine or (found.problems[0].span, found.problems[0].pointer) == (Span(2, 4, 2, 405), "/b")


def test_digits_in_quotes_and_text_may_be_long() -> None:
    assert not only(f"a: '{'9' * 500}'\nb: x{'9' * 500}").problems


def test_a_number_that_no_float_can_hold_is_a_problem_not_infinity() -> None:
    assert "too large" in problem("a: 1e999").message


@pytest.mark.parametrize(("nodes", "is_fine"), [(10, True), (5, False)])
def test_a_file_of_too_many_nodes_is_a_problem(nodes: int, is_fine: bool) -> None:
    found = only("[1, 2, 3, 4, 5]", DEFAULT_LIMITS._replace(nodes=nodes))
    assert (not found.problems) == is_fine


@pytest.mark.parametrize("separated", ["a: 1\n---\n", "{a: 1}\n---\n"])
def test_a_file_of_too_many_documents_is_a_problem(separated: str) -> None:
    limits = DEFAULT_LIMITS._replace(documents=3)
    assert not any(each.problems for each in load(separated * 2 + "x: 1", limits))
    assert "more than 3 documents" in load(separated * 3 + "x: 1", limits)[-1].problems[0].message


def test_the_problems_of_a_hopeless_document_end_at_a_hundred() -> None:
    found = only("a: 1\n" * 1000)
    assert len(found.problems) == 100
    assert [each.is_fatal for each in found.problems].count(True) == 1


def test_documents_before_a_syntax_error_are_returned_and_none_after() -> None:
    first, second = load("a: 1\n---\nkind: Journey\nmetadata: {name: b}\nspec: @x\n---\nc: 3\n")
    assert (first.value, first.problems) == ({"a": 1}, ())
    assert second.value == {"kind": "Journey", "metadata": {"name": "b"}}
    assert second.problems[0].span == Span(5, 7, 5, 7)
    assert second.problems[0].is_fatal


def test_text_after_the_root_that_no_marker_separates_is_an_error_of_that_document() -> None:
    found = only("  kind: Journey\n a: 1\n")
    assert found.value == {"kind": "Journey"}
    assert found.problems[0].span.line == 2


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a:\n\tb: 1", 2, 1, "a tab is used to indent"),
        ("a: b: c", 1, 5, "a ': ' inside an unquoted value"),
        ("a: 'x\nb: 1\n", 1, 4, "never closed"),
        ('a: "x\nb: 1\n', 1, 4, "never closed"),
        ("a: [1, 2\nb: 1\n", 1, 4, "this '[' is not closed"),
        ("a: {b: 1\nc: [", 1, 4, "this '{' is not closed"),
        ("a: @x", 1, 4, "cannot begin with '@'"),
        ("a: `x`", 1, 4, "cannot begin with '`'"),
        ("a: %x", 1, 4, "cannot begin with '%'"),
        ("a: 1\nb\nc: 2\n", 2, 1, "neither 'key: value' nor '- item'"),
        ("a: 1\n  b: 2\n", 2, 4, "wrong indentation"),
        ("a:\n  b: 1\n c: 2\n", 3, 2, "indentation"),
        ("a:\n  - 1\n  b: 2\n", 3, 3, "expected '- '"),
        ("a: - 1", 1, 4, "a '- ' cannot stand here"),
        ("a: 1\n}", 2, 1, "expected 'key: value'"),
        ('a: "\\q"', 1, 5, "unknown escape"),
        ('a: "\\x1"', 1, 7, "hexadecimal"),
        ('a: "\\ud800"', 1, 7, "an escape that is no character"),
        ("a: |\n x\n\ty", 3, 1, "a tab is used to indent"),
        ("a: | x\n", 1, 6, "unexpected text behind"),
        ("%YAML 3.0\n---\na: 1", 1, 1, "unknown YAML version"),
        ("%FOO\n---\na: 1", 1, 1, "unknown directive"),
        ("a: !x!y z", 1, 4, "unknown tag"),
        ("a: & b", 1, 4, "quote a value that begins with '&' or '*'"),
        ("a: **bold**", 1, 4, "quote a value that begins with '&' or '*'"),
        ("k" * 1025 + ": !!str x", 1, 1026, "a key of more than 1,024 characters"),
    ],
)
def test_a_syntax_error_is_told_in_plain_words_at_its_place(text: str, line: int, column: int, words: str) -> None:
    found = problem(text)
    assert words in found.message
    assert (found.span.line, found.span.column) == (line, column)
    assert found.is_fatal


@pytest.mark.parametrize("text", ["a: [1", "a: 'x", "a: {", "a: [1\n\n\n", "[", "a: !"])
def test_an_error_at_the_end_of_the_text_has_a_place_inside_the_text(text: str) -> None:
    for document in load(text):
        for found in document.problems:
            assert found.span.line == 1
            assert found.span.column <= len(text.splitlines()[0]) + 1


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\u2029"])
def test_characters_that_libyaml_takes_for_line_breaks_are_text(character: str) -> None:
    text = f"a: x{character}y\n# {character}\nb: '{character} z'\nc: 1\n"
    assert value(text) == {"a": f"x{character}y", "b": f"{character} z", "c": 1}
    assert span(text, "/a") == (1, 4, 1, 7)
    assert span(text, "/c") == (4, 4, 4, 5)


@pytest.mark.parametrize("character", ["\x7f", "\x80", "\ufeff", "\ufffe", "\uffff"])
def test_characters_that_are_legal_in_quotes_only_are_problems_elsewhere(character: str) -> None:
    assert value(f"a: '{character}'\nb: \"{character}\"\n") == {"a": character, "b": character}
    assert problem(f"a: 1\nb: x{character}").span == Span(2, 5, 2, 6)
    assert problem(f"a: 1\n# {character}\n").span == Span(2, 3, 2, 4)


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x1b", "\x0b", "\ud800"])
def test_control_characters_and_surrogates_are_problems_everywhere(character: str) -> None:
    assert problem(f"a: '{character}'").span == Span(1, 5, 1, 6)
    assert problem(f"a: {character}").span.column == 4


def test_a_forbidden_character_is_a_problem_of_its_own_document_only() -> None:
    first, second, third = load("a: 1\n---\nb: \x01\n---\nc: 3\n")
    assert (len(first.problems), len(second.problems), len(third.problems)) == (0, 1, 0)


def test_text_that_holds_private_characters_is_read_as_it_stands() -> None:
    private = "\ue000\U000f0000\U000f0001\U0010ffff"
    assert value(f'a: "{private}\x7f"\nb: \'\\ud83d\\ude00\'\nc: "\\U000F0100"') == {
        "a": private + "\x7f",
        "b": "\\ud83d\\ude00",
        "c": "\U000f0100",
    }


def test_a_pair_of_surrogate_escapes_is_the_character_that_json_means() -> None:
    text = (
        'a: "\\uD83D\\uDE00 \\\\ud83d" # \\ud83d\\ude00\nb: \\uD83D\\ude00\nc: \'\\ud83d\\ude00\'\nd: "x\\ud83d\\ude00"'
    )
    emoji = "\U0001f600"
    assert value(text) == {"a": f"{emoji} \\ud83d", "b": "\\uD83D\\ude00", "c": "\\ud83d\\ude00", "d": f"x{emoji}"}
    assert span(text, "/d") == (4, 4, 4, 19)


def test_json_is_yaml() -> None:
    assert value('{"a": "\\/\\u00e9", "b":[1,true,null],\n"c":{}}') == {"a": "/é", "b": [1, True, None], "c": {}}


@pytest.mark.parametrize("text", ["", "\n", "# c\n", "   \n\n", "\ufeff", "\ufeff# c"])
def test_a_text_without_content_has_no_documents(text: str) -> None:
    assert load(text) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("---\n", [None]), ("a: 1\n---\n", [{"a": 1}, None]), ("---\n---\n", [None, None]), ("a: 1\n...\n", [{"a": 1}]),
        ("---\na: 1\n---\nb: 2\n", [{"a": 1}, {"b": 2}]), ("x", ["x"]), ("- 1\n---\n- 2\n", [[1], [2]]),
        ("%YAML 1.2\n---\na: 1\n", [{"a": 1}]), ("--- # c\na: 1\n", [{"a": 1}]), ("--- {}\n--- []", [{}, []]),
    ],
)  # fmt: skip
def test_documents_are_separated_as_yaml_says(text: str, values: list[JsonValue]) -> None:
    documents = load(text)
    assert [document.value for document in documents] == values
    assert [document.number for document in documents] == list(range(1, len(values) + 1))


SPANS = """\
# a comment
a: b  # c

d:   # none
  - x
  -

  - y: "q"  # d
    z:
e: |  # header
  foo
  bar \n

f: >-

g: {h: [1, 'two' ], i: }   # end
j: &k
  l: m
n: long
  text
\U0001f600: \U0001f600x
o: |-2 # nothing

# the end
"""


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("", (2, 1, 23, 7)), ("/a", (2, 4, 2, 5)), ("/d", (5, 3, 9, 7)), ("/d/0", (5, 5, 5, 6)), ("/d/1", (6, 4, 6, 4)),
        ("/d/2", (8, 5, 9, 7)), ("/d/2/y", (8, 8, 8, 11)), ("/d/2/z", (9, 7, 9, 7)), ("/e", (10, 4, 12, 6)),
        ("/f", (15, 4, 15, 6)), ("/g", (17, 4, 17, 25)), ("/g/h", (17, 8, 17, 19)), ("/g/h/1", (17, 12, 17, 17)),
        ("/g/i", (17, 24, 17, 24)), ("/j", (18, 4, 19, 7)), ("/j/l", (19, 6, 19, 7)), ("/n", (20, 4, 21, 7)),
        ("/\U0001f600", (22, 4, 22, 6)), ("/o", (23, 4, 23, 7)), ("/none", (2, 1, 23, 7)), ("/d/2/none/x", (8, 5, 9, 7)),
        ("/d/3", (5, 3, 9, 7)), ("/d/x", (5, 3, 9, 7)), ("/a/b", (2, 4, 2, 5)),
    ],
)  # fmt: skip
def test_spans_end_with_the_last_character_of_their_node(pointer: str, expected: tuple[int, int, int, int]) -> None:
    assert span(SPANS, pointer) == expected


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("line", ["b: [1]", "b: 1"])
def test_lines_are_counted_as_editors_count_them(line_break: str, line: str) -> None:
    text = line_break.join(["a:", "  x: 1", "", line, "c: 3"])
    assert span(text, "/a") == (2, 3, 2, 7)
    assert span(text, "/c") == (5, 4, 5, 5)


@pytest.mark.parametrize("text", ["a: 1\n\r\nb: 2", "a: 1\r\n\nb: 2\r\n", "a: 1\r\r\nb: 2"])
def test_mixed_line_breaks_count_one_each(text: str) -> None:
    assert span(text, "/b") == (3, 4, 3, 5)


def test_a_byte_order_mark_at_the_beginning_is_no_column() -> None:
    assert span("\ufeffa: b", "/a") == (1, 4, 1, 5)
    assert span("\ufeffa: [b]", "/a/0") == (1, 5, 1, 6)


def test_pointers_are_unescaped() -> None:
    assert span("a/b:\n  c~d: 1\n", "/a~1b/c~0d") == (2, 8, 2, 9)


def test_a_list_may_stand_at_the_indentation_of_its_key() -> None:
    text = "a:\n- x\n- y: 1\n  z: 2\nb: 3\n"
    assert value(text) == {"a": ["x", {"y": 1, "z": 2}], "b": 3}
    assert span(text, "/a") == (2, 1, 4, 7)
    assert span(text, "/a/1") == (3, 3, 4, 7)


def test_a_long_key_is_refused_by_both_readers_alike() -> None:
    assert value("k" * 1000 + ": 1") == {"k" * 1000: 1}
    assert "a key of more than 1,024 characters" in problem("k" * 1025 + ": 1").message


def test_documents_of_one_loader_share_no_collections() -> None:
    loader = YamlLoader()
    first, second = loader.load("a: {}\nb:\n  - x: 1\n")[0], loader.load("a: {}\nb:\n  - x: 1\n")[0]
    assert isinstance(first.value, dict)
    first.value["b"] = None
    assert second.value == {"a": {}, "b": [{"x": 1}]}


def test_spans_do_not_depend_on_what_is_done_to_the_value() -> None:
    document = only("a: 1\nb:\n  - 2\n")
    assert isinstance(document.value, dict)
    document.value.clear()
    assert document.locate("/b/0") == Span(3, 5, 3, 6)
