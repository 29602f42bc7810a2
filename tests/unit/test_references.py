"""Which manifests a manifest refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from journeylint.annotations import find_places, keep_fields, read_annotations
from journeylint.model import Identity, Manifest
from journeylint.ports import Kind
from journeylint.references import ReferenceFinder, reference_targets
from tests.kinds import make_document, make_journey, make_segment, read_kinds

if TYPE_CHECKING:
    from journeylint.model import JsonObject

FINDER = ReferenceFinder(read_kinds())


def manifest_of(data: JsonObject, environment: str = "default") -> Manifest:
    return Manifest(Identity(environment, str(data["kind"]), "x"), data, "a.yaml", 1, make_document(data).locate)


def test_a_journey_refers_to_its_segments_in_order_one_key_a_use() -> None:
    journey = make_journey(segments=[{"name": name, "role": "audience"} for name in ("b", "a", "b")])
    assert FINDER.keys_of(manifest_of(journey, "e")) == [
        ("e", "Segment", "b"),
        ("e", "Segment", "a"),
        ("e", "Segment", "b"),
    ]


def test_a_copy_refers_to_its_original() -> None:
    assert FINDER.keys_of(manifest_of(make_segment(copyOf="o"))) == [("default", "Segment", "o")]


@pytest.mark.parametrize("data", [make_journey(), make_journey(segments=[]), make_segment()])
def test_a_manifest_may_refer_to_nobody(data: JsonObject) -> None:
    assert FINDER.keys_of(manifest_of(data)) == []


def test_an_unknown_kind_refers_to_nobody() -> None:
    assert FINDER.read_keys("Jorney", "e", make_journey(segments=[{"name": "a"}])) == []


def test_the_kinds_that_may_be_referred_to_come_from_the_schema() -> None:
    kinds = read_kinds()
    assert reference_targets(kinds["Journey"]) == {"Segment", "Message", "Trigger", "Journey"}
    assert reference_targets(kinds["Message"]) == {"Trigger"}
    assert reference_targets(kinds["Segment"]) == {"Segment"}
    assert reference_targets(Kind("Wave", {})) == frozenset()


REFERENCE: JsonObject = {"type": "string", "x-journeylint-reference": "Segment"}


@pytest.mark.parametrize(
    ("schema", "value", "names"),
    [
        ({"additionalProperties": REFERENCE}, {"a": "x", "b": 5}, ["x"]),
        ({"patternProperties": {"^a": REFERENCE}}, {"a": "x"}, ["x"]),
        ({"items": REFERENCE}, ["x", "y"], ["x", "y"]),
        ({"properties": {"a": {"items": {"items": REFERENCE}}}}, {"a": [["x"], ["y"]]}, ["x", "y"]),
        ({"properties": {"a": {"$ref": "#/$defs/name"}}, "$defs": {"name": REFERENCE}}, {"a": "x"}, ["x"]),
        ({"allOf": [{"properties": {"a": {"type": "string"}}}, {"properties": {"a": REFERENCE}}]}, {"a": "x"}, ["x"]),
        ({"properties": {"a": {"anyOf": [REFERENCE, {"items": REFERENCE}]}}}, {"a": ["x"]}, ["x"]),
        ({"if": {}, "then": {"properties": {"a": REFERENCE}}}, {"a": "x"}, ["x"]),
        ({"properties": {"next": {"$ref": "#"}, "to": REFERENCE}}, {"to": "x", "next": {"to": "y"}}, ["x", "y"]),
    ],
)
def test_a_reference_is_found_wherever_a_schema_may_put_it(
    schema: JsonObject, value: JsonObject, names: list[str]
) -> None:
    found = ReferenceFinder({"Wave": Kind("Wave", schema)}).read_keys("Wave", "e", value)
    assert sorted(name for _, _, name in found) == names


def test_a_schema_that_refers_to_itself_from_two_parts_is_read_to_an_end() -> None:
    schema: JsonObject = {
        "properties": {"a": {"$ref": "#"}, "to": REFERENCE},
        "allOf": [{"properties": {"a": {"$ref": "#"}}}],
    }
    finder = ReferenceFinder({"Wave": Kind("Wave", schema)})
    assert finder.read_keys("Wave", "e", {"a": {"a": {"to": "x"}}}) == [("e", "Segment", "x")]


@pytest.mark.parametrize("reference", ["#/$defs/missing", "https://example.org/x.json", "#nowhere"])
def test_a_reference_of_a_schema_to_nothing_adds_nothing(reference: str) -> None:
    found = read_annotations({"$ref": reference})
    assert (found.defaults, list(found.fields_within())) == ({}, [])


def test_defaults_of_mere_alternatives_are_not_taken() -> None:
    alternatives: JsonObject = {"anyOf": [{"properties": {"a": {"default": 1}}}, {"properties": {"a": {"default": 2}}}]}
    assert read_annotations(alternatives).defaults == {}
    assert read_annotations({"allOf": [{"properties": {"a": {"default": 1}}}]}).defaults == {"a": 1}


def test_a_tree_keeps_only_the_way_to_what_is_wanted() -> None:
    tree = keep_fields(read_annotations(read_kinds()["Journey"].schema), lambda one: one.reference is not None)
    journey = make_journey(segments=[{"name": "a", "role": "audience"}])
    assert [tokens for tokens, _, _ in find_places(tree, journey)] == [
        (),
        ("spec",),
        ("spec", "segments"),
        ("spec", "segments", 0),
        ("spec", "segments", 0, "name"),
    ]
