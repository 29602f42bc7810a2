"""The validator that decides agrees with the reference one, and whatever it refuses can be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeylint.model import Manifest
from journeylint.pointers import pointer_of
from journeylint.schema_check import SchemaGate
from journeylint.validate import Rejected, Validator
from tests.contract.test_schemas import make_reference_validator
from tests.kinds import make_document, make_journey, make_segment, read_kinds, read_schema

if TYPE_CHECKING:
    from journeylint.model import JsonObject, JsonValue

SCHEMAS = {name: read_schema(name) for name in ("journey", "segment")}
GATES = {name: SchemaGate(schema) for name, schema in SCHEMAS.items()}
REFERENCES = {name: make_reference_validator(schema) for name, schema in SCHEMAS.items()}
VALIDATOR = Validator(read_kinds())

# A pattern of Python takes `$` for the place before a last line break, too; JSON Schema does not.
texts = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=8)
numbers = st.one_of(
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0, -1, 2**63 - 1, 2**63, 2**64, 1e3, 5.0, 9.3e18, 1e300, -0.0]),
)
words = st.sampled_from(
    ["draft", "live", "audience", "one_time", "outbound", "2025-03-01", "2025-02-30", "2025-03-30T02:30", "UTC"]
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts, words),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
keys = st.one_of(
    st.sampled_from(["name", "environment", "title", "labels", "kind", "apiVersion", "metadata", "spec"]),
    st.sampled_from(
        ["frequency", "state", "startTime", "timeZone", "segments", "role", "source", "memberCount", "copyOf"]
    ),
)
members = st.dictionaries(keys | texts, values, max_size=3)
hostile = st.recursive(
    st.one_of(
        st.text(max_size=4),
        st.floats(),
        st.integers(),
        st.sampled_from(["\ud800", "\udfff\ud800"]),
        st.just(5_000).map(lambda digits: 10**digits),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def manifests(draw: st.DrawFn) -> tuple[str, JsonObject]:
    """A kind's name and a manifest of it that is more or less valid."""
    name = draw(st.sampled_from(sorted(SCHEMAS)))
    manifest = make_journey() if name == "journey" else make_segment()
    for part in ("metadata", "spec"):
        inner = manifest[part]
        assert isinstance(inner, dict)
        inner.update(draw(members))
    if draw(st.booleans()):
        manifest.update(draw(members))
    return name, manifest


@settings(max_examples=200, deadline=None)
@given(manifests())
def test_both_validators_say_the_same(drawn: tuple[str, JsonObject]) -> None:
    name, manifest = drawn
    assert GATES[name].accepts(manifest) == REFERENCES[name].is_valid(manifest)


@settings(max_examples=150, deadline=None)
@given(manifests())
def test_the_places_told_are_those_that_the_reference_validator_finds(drawn: tuple[str, JsonObject]) -> None:
    name, manifest = drawn
    expected = set()
    for error in REFERENCES[name].iter_errors(manifest):
        place = pointer_of(error.absolute_path)
        unknown = (
            set(error.instance) - set(error.schema["properties"]) if error.validator == "additionalProperties" else ()
        )
        expected |= {place + pointer_of([key]) for key in unknown} or {place}
    assert {problem.pointer for problem in GATES[name].problems(make_document(manifest))} == expected


@settings(max_examples=200, deadline=None)
@given(hostile, st.sampled_from(sorted(SCHEMAS)))
def test_whatever_is_refused_is_told_at_a_place(value: JsonValue, name: str) -> None:
    problems = GATES[name].problems(make_document(value))
    assert problems
    for problem in problems:
        problem.message.encode("utf-8")
        problem.pointer.encode("utf-8")


@settings(max_examples=200, deadline=None)
@given(hostile, st.sampled_from(["title", "labels", "name", "environment", "x"]))
def test_no_value_in_a_manifest_ends_in_an_exception(value: JsonValue, key: str) -> None:
    admitted = VALIDATOR.admit("a.yaml", make_document(make_journey({key: value})))
    assert isinstance(admitted, Manifest) or (isinstance(admitted, Rejected) and admitted.failures)


@settings(max_examples=200, deadline=None)
@given(hostile | values)
def test_no_document_ends_in_an_exception(value: JsonValue) -> None:
    for document in (value, {"apiVersion": "journeylint/v1", "kind": value}, {"apiVersion": value, "kind": "Journey"}):
        admitted = VALIDATOR.admit("a.yaml", make_document(document))
        assert not isinstance(admitted, Manifest)


def test_a_line_break_after_a_name_is_refused_though_pythons_patterns_take_it() -> None:
    assert not GATES["journey"].accepts(make_journey({"name": "a\n"}))
    with pytest.raises(AssertionError):
        assert not REFERENCES["journey"].is_valid(make_journey({"name": "a\n"}))
