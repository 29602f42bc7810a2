"""Tests of `journeylint.formats.json`: RFC 8259 to the letter, with positions."""

from __future__ import annotations

import pytest

from journeylint.formats.json import JsonLoader
from journeylint.formats.limits import DEFAULT_LIMITS, Limits
from journeylint.model import Document, JsonValue, Problem, Span


def only(text: str, limits: Limits = DEFAULT_LIMITS) -> Document:
    (document,) = JsonLoader(limits).load(text)
    assert document.number == 1
    return document


def value(text: str) -> JsonValue:
    document = only(text)
    assert document.problems == ()
    return document.value


def problem(text: str, limits: Limits = DEFAULT_LIMITS) -> Problem:
    (found,) = only(text, limits).problems
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("null", None), (" [ ] ", []), ("{}", {}), ("-0", 0), ("-0.0", -0.0), ("1e3", 1000.0), ("1E-2", 0.01),
        ("true", True), ('"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9"', '"\\/\b\f\n\r\té'), ('"\\ud83d\\uDE00"', "\U0001f600"),
        ('"\x7f\x85\u2028"', "\x7f\x85\u2028"),
        ('{"a": [1, {"b": null}]}', {"a": [1, {"b": None}]}), ("\ufeff1", 1), ('{"": 1}', {"": 1}), ("\t\r\n1\n", 1),
        ('"\\\\ud800"', "\\ud800"), (f'{{"{"k" * 2000}": 1}}', {"k" * 2000: 1}), ("9223372036854775808", 9223372036854775808),
    ],
)  # fmt: skip
def test_all_that_json_allows_is_read(text: str, expected: JsonValue) -> None:
    assert repr(value(text)) == repr(expected)


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("NaN", 1, "'NaN' stands where a value"), ("[Infinity]", 2, "'Infinity'"), ("-Infinity", 1, "'-Infinity'"),
        ("[1,]", 4, "a ',' stands before ']'"), ('{"a": 1,}', 9, "a ',' stands before '}'"), ("01", 1, "'01'"),
        ("1.", 1, "'1.'"), (".5", 1, "'.5'"), ("+1", 1, "'+1'"), ("0x1", 1, "'0x1'"), ("1e", 1, "'1e'"), ("- 1", 1, "'-'"),
        ("'a'", 1, "double quotes"), ("{a: 1}", 2, "a key in double quotes"), ("[1 2]", 4, "'2' stands where ','"),
        ("// c\n1", 1, "comments"), ("/* c */ 1", 1, "comments"), ("# c\n1", 1, "comments"), ("[1] // c", 5, "comments"),
        ('"a\tb"', 3, "control character U+0009"), ('"a\x00"', 3, "control character U+0000"), ('"a\nb"', 1, "not closed"),
        ('"a', 1, "not closed"), ('"\\x41"', 2, "no escape"), ('"\\u12G4"', 2, "no escape"), ('"\\u{41}"', 2, "no escape"),
        ('{"a" 1}', 6, "':' is expected"), ('{"a"}', 5, "':' is expected"), ('{"a":}', 6, "a value is expected"),
        ("[1", 3, "it ends where"), ("{", 2, "it ends where"), ('{"a":', 6, "it ends where a value"),
        ("", 1, "it ends where"), ("{} {}", 4, "the end of the file"), ("1 2", 3, "the end of the file"),
        ("[}", 2, "'}' stands where"),
        ("]", 1, "']' stands"), ("{]", 2, "']' stands"), ("[1}", 3, "'}' stands"), ("True", 1, "'True'"), ("nullx", 1, "'nullx'"),
        (",", 1, "',' stands"),
        ("\xa01", 1, "stands where a value"), ("{1: 2}", 2, "a key in double quotes"), ("[\x0c]", 2, "stands where"),
        ("\ufeff\ufeff1", 1, "stands"),
    ],
)  # fmt: skip
def test_what_json_forbids_is_a_problem_at_its_place(text: str, column: int, words: str) -> None:
    found = problem(text)
    assert words in found.message
    assert (found.span.line, found.span.column) == (1, column)
    assert found.is_fatal


def test_what_was_read_before_an_error_tells_what_the_document_is() -> None:
    found = only('{"apiVersion": "journeylint/v1", "metadata": {"name": "a"},\n "spec": {"state": live}}')
    assert found.value == {"apiVersion": "journeylint/v1", "metadata": {"name": "a"}, "spec": {}}
    assert found.problems[0].span == Span(2, 20, 2, 20)
    assert found.problems[0].pointer == "/spec/state"


def test_a_duplicate_key_is_a_problem_at_the_second_one_and_the_first_value_stays() -> None:
    found = only('{"a": 1,\n "b": {"c": 2, "c": {"d": [3]}, "e": 4},\n "b": 5}')
    assert found.value == {"a": 1, "b": {"c": 2, "e": 4}}
    told = "duplicate key {!r}: it is already set on line 2, keep one of them"
    assert found.problems == (
        Problem(told.format("c"), "/b/c", Span(2, 16, 2, 19)),
        Problem(told.format("b"), "/b", Span(3, 2, 3, 5)),
    )
    assert found.locate("/b/e") == Span(2, 38, 2, 39)


def test_keys_that_are_written_differently_may_be_duplicates() -> None:
    assert "duplicate key 'a'" in problem('{"a": 1, "\\u0061": 2}').message


@pytest.mark.parametrize(
    ("text", "column", "width"),
    [
        ('"x\\ud800"', 3, 6), ('"\\uDE00\\ud83d"', 2, 6), ('"\\ud83d\\ude00\\ud83d"', 14, 6), ('"\\ud83dx"', 2, 6),
        ('"a\ud800"', 3, 1), ('"\\ud83d\\ud83d\\ude00"', 2, 6), ('"\\\\\\ud800"', 4, 6),
    ],
)  # fmt: skip
def test_half_a_surrogate_pair_is_a_problem_at_its_place(text: str, column: int, width: int) -> None:
    found = problem(text)
    assert "half of a surrogate pair" in found.message
    assert found.span == Span(1, column, 1, column + width)
    only_value = only(text).value
    assert isinstance(only_value, str)
    only_value.encode()


def test_half_a_surrogate_pair_may_stand_in_a_key() -> None:
    assert "half of a surrogate pair" in problem('{"\\ud800": 1}').message


@pytest.mark.parametrize(("depth", "is_fine"), [(64, True), (65, False)])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_nesting_past_the_limit_is_a_problem(depth: int, is_fine: bool, opening: str, closing: str) -> None:
    found = only(opening * depth + "1" + closing * depth)
    assert (not found.problems) == is_fine


def test_many_brackets_side_by_side_are_no_nesting() -> None:
    assert value("[" + ",".join(["[]"] * 200) + "]") == [[]] * 200


@pytest.mark.parametrize("text", ["[", '{"a":', "[{", "[[],", '"', "-", "1", "\\"])
def test_very_long_hostile_texts_are_told_and_do_no_harm(text: str) -> None:
    assert only(text * 100_000).problems


@pytest.mark.parametrize(("digits", "is_fine"), [(400, True), (401, False)])
@pytest.mark.parametrize("form", ["{}", "0.{}"])
def test_a_number_past_the_limit_is_a_problem_at_its_place(digits: int, is_fine: bool, form: str) -> None:
    written = form.format("")
    number = written + "1" * (digits - len(written))
    found = only(f'{{"a": {number}}}')
    assert (not found.problems) == is_fine
    assert is_fine or (found.problems[0].span.column, found.problems[0].pointer) == (7, "/a")


@pytest.mark.parametrize("text", ["1e400", "-1e400", "[1E999]"])
def test_a_number_that_no_float_can_hold_is_a_problem_not_infinity(text: str) -> None:
    assert "too large" in problem(text).message


@pytest.mark.parametrize(("nodes", "is_fine"), [(6, True), (5, False)])
def test_a_file_of_too_many_nodes_is_a_problem(nodes: int, is_fine: bool) -> None:
    found = only("[1, 2, 3, 4, 5]", DEFAULT_LIMITS._replace(nodes=nodes))
    assert (not found.problems) == is_fine


TEXT = '{\r\n  "a": [1, "\U0001f600" , {"b": null}],\n  "c/d": {\r    "e~": -1.5e3\n  } }\n'


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("", (1, 1, 5, 6)), ("/a", (2, 8, 2, 30)), ("/a/0", (2, 9, 2, 10)), ("/a/1", (2, 12, 2, 15)), ("/a/2", (2, 18, 2, 29)),
        ("/a/2/b", (2, 24, 2, 28)), ("/c~1d", (3, 10, 5, 4)), ("/c~1d/e~0", (4, 11, 4, 17)), ("/none", (1, 1, 5, 6)),
        ("/a/3", (2, 8, 2, 30)), ("/a/0/x", (2, 9, 2, 10)), ("/a/01", (2, 8, 2, 30)),
    ],
)  # fmt: skip
def test_spans_count_lines_as_editors_do_and_columns_in_code_points(pointer: str, expected: tuple[int, ...]) -> None:
    assert only(TEXT).locate(pointer) == Span(*expected)


def test_two_documents_do_not_mix_up_their_spans() -> None:
    loader = JsonLoader()
    (first,), (second,) = loader.load('{"a": 1}'), loader.load('[ {"a": 1} ]')
    for _ in range(2):
        assert first.locate("/a") == Span(1, 7, 1, 8)
        assert second.locate("/0/a") == Span(1, 9, 1, 10)


def test_spans_do_not_depend_on_what_is_done_to_the_value() -> None:
    document = only('{"a": [1]}')
    assert isinstance(document.value, dict)
    document.value.clear()
    assert document.locate("/a/0") == Span(1, 8, 1, 9)
