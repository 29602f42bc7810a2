"""Comparisons of fields with words: what a manifest may hold is never told as impossible, what none can hold always is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from journeylint.cel import CelEnvironment
from journeylint.cel_ast import decode
from journeylint.fields import check_fields

if TYPE_CHECKING:
    from journeylint.model import JsonObject

ENVIRONMENT = CelEnvironment({"x": "dyn"}, [])
WORDS = ("", "draft", "live", "ready", "ready_to_send", "x")

words = st.sampled_from(WORDS)
of_words: st.SearchStrategy[JsonObject] = st.one_of(
    st.lists(words, min_size=1, max_size=3, unique=True).map(lambda enum: {"type": "string", "enum": enum}),
    st.lists(words, min_size=1, max_size=3, unique=True).map(
        lambda enum: {"type": ["string", "null"], "enum": [*enum, None]}
    ),
    words.map(lambda word: {"const": word}),
)
others: st.SearchStrategy[JsonObject] = st.sampled_from(
    [{}, {"type": "string"}, {"type": "null"}, {"type": "integer"}, {"type": ["string", "null"]}, {"enum": [1, None]}]
)


def choices(leaves: st.SearchStrategy[JsonObject]) -> st.SearchStrategy[JsonObject]:
    """Schemas of *leaves*, and of one or the other of them."""
    either = st.tuples(st.sampled_from(["anyOf", "oneOf"]), st.lists(leaves, min_size=1, max_size=3))
    return st.one_of(leaves, either.map(lambda pair: {pair[0]: list(pair[1])}))


sources = st.sampled_from(
    [
        "x.field == '{}'",
        "x.field != '{}'",
        "'{}' == x.field",
        "x['field'] == '{}'",
        "x.?field.orValue('{}') == '{}'",
        "x.field in ['{}']",
        "!(x.field in ['{}', '{}'])",
        "x.list.exists(one, one == '{}')",
        "x.list.filter(one, one == '{}') != []",
        "'{}' in x.list",
        "cel.bind(field, x.field, field == '{}')",
        "(true ? x.field : x.field) == '{}'",
        "(true ? x.field : 'other') == 'other'",
        "x.field == x.field + '{}'",
    ]
)


def problems_of(source: str, field: JsonObject) -> list[str]:
    shape: JsonObject = {
        "type": "object",
        "properties": {"field": field, "list": {"type": "array", "items": field}},
        "additionalProperties": False,
    }
    tree = decode(ENVIRONMENT.compile(source).serialized())
    return [problem.message for problem in check_fields(tree, {"x": shape}, lambda _: None)[0]]


@given(choices(st.one_of(of_words, others)), words, sources)
def test_what_a_field_may_be_is_never_told(field: JsonObject, word: str, source: str) -> None:
    told = problems_of(source.replace("{}", word), field)
    if jsonschema.Draft202012Validator(field).is_valid(word):
        assert told == []


@given(of_words, words, sources)
def test_what_a_field_of_words_never_is_is_told(field: JsonObject, word: str, source: str) -> None:
    told = problems_of(source.replace("{}", word), field)
    is_compared = "orValue" not in source and "'{}'" in source and "+" not in source
    is_possible = jsonschema.Draft202012Validator(field).is_valid(word)
    assert bool(told) is (is_compared and not is_possible)


@given(of_words, st.sampled_from([None, "''", "'other'", "null", "7", "x.field", "string(7)"]))
def test_what_stands_in_for_a_field_may_be_another_word(field: JsonObject, fallback: str | None) -> None:
    source = "x.field" if fallback is None else f"x.?field.orValue({fallback})"
    may_be_other = fallback in ("'other'", "string(7)")
    assert bool(problems_of(f"{source} == 'other'", field)) is not may_be_other
