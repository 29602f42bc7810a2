"""Every schema that ships: complete for editors, strict, and with formats that really fail on a bad value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from journeylint.manifest_schema import combine_schemas
from journeylint.pointers import pointer_of, value_at
from journeylint.ports import Kind
from journeylint.schema_check import SchemaGate
from journeylint.schema_formats import FORMAT_CHECKS
from tests.kinds import SCHEMAS, make_journey, make_segment, read_kinds, read_schema

if TYPE_CHECKING:
    from journeylint.model import JsonObject, JsonValue

NAMES = sorted(path.name.removesuffix(".schema.json") for path in SCHEMAS.glob("*.schema.json"))
WRITTEN_BY_PROGRAM = {"explanation", "impact", "import", "test-report"}
MANIFESTS = ["environment", "journey", "message", "segment", "trigger"]

BAD_VALUES = {
    "instant": ["2025-02-30", "2025-03-01 09:00", "soon", ""],
    "time-zone": ["Berlin", "../../etc/passwd", ""],
    "date": ["2025-02-30", "2025-3-1", ""],
    "date-time": ["2025-02-30T00:00:00Z", "2025-03-01", "2025-03-01T09:00:00", ""],
    "regex": ["(", "[a"],
    "uri": ["not a uri", "//example.org", "x"],
    "uri-reference": ["\\\\x", "a b"],
    "duration": ["3d", ""],
    "json-pointer": ["a", "/~2"],
}


def find_subschemas(schema: JsonValue, tokens: tuple[str | int, ...] = ()) -> Iterator[tuple[str, JsonObject]]:
    """Every subschema of *schema* with its pointer, itself first."""
    if not isinstance(schema, dict):
        return
    yield pointer_of(tokens), schema
    for keyword in ("properties", "patternProperties", "$defs", "dependentSchemas"):
        members = schema.get(keyword)
        for name, member in members.items() if isinstance(members, dict) else ():
            yield from find_subschemas(member, (*tokens, keyword, name))
    for keyword in ("items", "additionalProperties", "propertyNames", "not", "if", "then", "else", "contains"):
        yield from find_subschemas(schema.get(keyword), (*tokens, keyword))
    for keyword in ("allOf", "anyOf", "oneOf", "prefixItems"):
        parts = schema.get(keyword)
        for index, part in enumerate(parts if isinstance(parts, list) else ()):
            yield from find_subschemas(part, (*tokens, keyword, index))


def find_properties(schema: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    """Every property with its pointer; one that refers to a definition has what that says, too."""
    for pointer, part in find_subschemas(schema):
        properties = part.get("properties")
        for name, member in properties.items() if isinstance(properties, dict) else ():
            if isinstance(member, dict):
                yield f"{pointer}/properties/{name}", {**follow(member, schema), **member}


def follow(part: JsonObject, schema: JsonObject) -> JsonObject:
    """What *part* of *schema* refers to; nothing where it does not."""
    reference = part.get("$ref")
    found = value_at(schema, reference.removeprefix("#")) if isinstance(reference, str) else {}
    assert isinstance(found, dict)
    return found


def gate_of(part: JsonObject, schema: JsonObject) -> SchemaGate:
    """A gate for *part*, which may refer to definitions of *schema*."""
    return SchemaGate({**part, "$defs": schema.get("$defs", {})})


USED_FORMATS = sorted(
    {
        str(part["format"])
        for name in NAMES
        for _, part in find_subschemas(read_schema(name))
        if isinstance(part.get("format"), str)
    }
)


def make_reference_validator(schema: JsonObject) -> Draft202012Validator:
    formats = FormatChecker()
    for name, check in FORMAT_CHECKS.items():
        formats.checks(name)(lambda value, check=check: not isinstance(value, str) or check(value))
    return Draft202012Validator(schema, format_checker=formats)


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_valid_json_schema_and_can_be_compiled(name: str) -> None:
    schema = read_schema(name)
    Draft202012Validator.check_schema(schema)
    SchemaGate(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"https://journeylint.dev/schemas/{name}.schema.json"


@pytest.mark.parametrize("name", USED_FORMATS)
def test_every_format_that_a_schema_uses_fails_on_bad_values(name: str) -> None:
    gate = SchemaGate({"format": name})
    assert [value for value in BAD_VALUES[name] if gate.accepts(value)] == []


@pytest.mark.parametrize("name", sorted(FORMAT_CHECKS))
def test_our_formats_fail_in_the_reference_validator_too(name: str) -> None:
    validator = make_reference_validator({"format": name})
    assert [value for value in BAD_VALUES[name] if validator.is_valid(value)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_property_of_a_schema_has_a_description_and_examples_where_people_write_it(name: str) -> None:
    """What only says when something else holds - below `if` and `dependentSchemas` - is not where people write it."""
    properties = {
        pointer: part
        for pointer, part in find_properties(read_schema(name))
        if not re.search(r"/(if|dependentSchemas/[^/]+)/properties/", pointer)
    }
    wanted = ("description",) if name in WRITTEN_BY_PROGRAM else ("description", "examples")
    assert properties
    assert [pointer for pointer, part in properties.items() if not all(map(part.get, wanted))] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_example_in_a_schema_is_valid_where_it_stands(name: str) -> None:
    schema = read_schema(name)
    for pointer, part in find_subschemas(schema):
        examples = part.get("examples")
        for example in examples if isinstance(examples, list) else ():
            assert gate_of(part, schema).accepts(example), pointer


@pytest.mark.parametrize("name", NAMES)
def test_every_default_is_valid_where_it_stands(name: str) -> None:
    schema = read_schema(name)
    for pointer, part in find_subschemas(schema):
        assert "default" not in part or gate_of(part, schema).accepts(part["default"]), pointer


@pytest.mark.parametrize("name", MANIFESTS)
def test_every_mapping_of_a_manifest_is_closed_but_labels_and_annotations(name: str) -> None:
    mappings = {
        pointer: part.get("additionalProperties")
        for pointer, part in find_subschemas(read_schema(name))
        if part.get("type") == "object"
    }
    assert {pointer.rpartition("/")[2] for pointer, rest in mappings.items() if rest is not False} == {
        "labels",
        "annotations",
    }
    assert all(rest in (False, {"type": "string"}) for rest in mappings.values())


def test_the_defaults_are_those_that_are_promised() -> None:
    found = {
        name: {
            p.rpartition("/")[2]: part["default"] for p, part in find_properties(read_schema(name)) if "default" in part
        }
        for name in MANIFESTS
    }
    assert found == {
        "environment": {"environment": "default"},
        "journey": {"environment": "default", "state": "draft", "timeZone": "UTC", "steps": []},
        "message": {"environment": "default"},
        "segment": {"environment": "default"},
        "trigger": {"environment": "default"},
    }


def test_metadata_takes_the_same_in_every_kind() -> None:
    def rules_of(name: str) -> JsonValue:
        properties = read_schema(name)["properties"]
        assert isinstance(properties, dict)
        return strip_words(properties["metadata"])

    def strip_words(schema: JsonValue) -> JsonValue:
        if not isinstance(schema, dict):
            return schema
        return {key: strip_words(part) for key, part in schema.items() if key not in ("description", "examples")}

    assert all(rules_of(name) == rules_of("journey") for name in MANIFESTS)


@pytest.mark.parametrize(
    ("name", "manifest", "required"),
    [
        (
            "journey",
            make_journey(),
            ["/apiVersion", "/kind", "/metadata", "/metadata/name", "/spec", "/spec/frequency"],
        ),
        ("segment", make_segment(), ["/apiVersion", "/kind", "/metadata", "/metadata/name", "/spec", "/spec/source"]),
    ],
)
def test_the_smallest_manifest_needs_each_of_its_keys(name: str, manifest: JsonObject, required: list[str]) -> None:
    gate = SchemaGate(read_schema(name))
    assert gate.accepts(manifest)
    for pointer in required:
        parent, _, key = pointer.rpartition("/")
        smaller: JsonObject = json.loads(json.dumps(manifest))
        inner = smaller[parent[1:]] if parent else smaller
        assert isinstance(inner, dict)
        del inner[key]
        assert not gate.accepts(smaller), pointer


@pytest.mark.parametrize(
    ("name", "key", "words"),
    [
        ("journey", "frequency", "one_time ongoing recurring event"),
        ("journey", "state", "draft publishing live paused stopping stopped completing completed deleted"),
        ("journey", "targetEntity", "contact lead profile"),
        ("segment", "source", "outbound realtime data"),
        ("segment", "type", "static dynamic"),
        ("segment", "state", "draft live exporting computing error expired deleted"),
    ],
)
def test_the_words_are_those_that_are_promised(name: str, key: str, words: str) -> None:
    gate = SchemaGate(read_schema(name))
    make = make_journey if name == "journey" else make_segment
    assert all(gate.accepts(make(None, **{key: word})) for word in words.split())
    assert not gate.accepts(make(None, **{key: words.split(maxsplit=1)[0].upper()}))
    assert not gate.accepts(make(None, **{key: None}))


def test_the_full_manifests_of_the_format_are_accepted() -> None:
    journey = make_journey(
        {"environment": "contoso-prod", "title": "Spring", "labels": {"team": "crm"}, "annotations": {}},
        state="draft",
        targetEntity="contact",
        publishTime="2025-03-03T04:00:00",
        startTime="2025-03-03T09:00:00",
        endTime="2025-03-31T18:00:00",
        timeZone="W. Europe Standard Time",
        segments=[{"name": "vip", "role": "audience", "justification": "needs it"}],
    )
    segment = make_segment(
        type="dynamic",
        state="live",
        baseEntity="contact",
        memberCount=420_000,
        copyOf="vip-outbound",
        lastExportedAt="2025-03-01T02:00:00Z",
    )
    assert SchemaGate(read_schema("journey")).accepts(journey)
    assert SchemaGate(read_schema("segment")).accepts(segment)


def test_schemas_are_written_as_one_would_write_them_again() -> None:
    for name in MANIFESTS:
        text = Path(SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")
        assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"


def test_the_schema_of_all_manifests_is_that_of_the_built_in_kinds() -> None:
    """Written anew by: journeylint schema manifest > schemas/manifest.schema.json"""
    assert read_schema("manifest") == combine_schemas(read_kinds().values())


MISFITS: list[tuple[JsonObject, list[str]]] = [
    (make_journey(frequency="often"), ["/spec/frequency"]),
    (make_journey(source="outbound"), ["/spec"]),
    (make_segment(frequency="ongoing"), ["/spec"]),
    ({**make_journey(), "kind": "Jorney"}, ["/kind"]),
    ({**make_journey(), "apiVersion": "v1"}, ["/apiVersion"]),
    ({"apiVersion": "journeylint/v1", "kind": "Segment"}, ["", ""]),
    ({"apiVersion": "journeylint/v1"}, [""]),
]


@pytest.mark.parametrize(("manifest", "places"), MISFITS)
def test_what_is_wrong_with_a_manifest_is_told_by_the_schema_of_its_kind(
    manifest: JsonObject, places: list[str]
) -> None:
    errors = make_reference_validator(read_schema("manifest")).iter_errors(manifest)
    assert sorted({pointer_of(error.absolute_path) for error in errors}) == sorted(set(places))


@pytest.mark.parametrize("manifest", [make_journey(), make_segment()])
def test_a_manifest_of_each_kind_meets_the_schema_of_all(manifest: JsonObject) -> None:
    assert SchemaGate(read_schema("manifest")).accepts(manifest)


def test_references_inside_the_schema_of_a_plugin_s_kind_keep_their_meaning() -> None:
    mail = Kind(
        "Mail~Shot",
        {
            "$id": "https://acme.example/mail.json",
            "type": "object",
            "properties": {
                "kind": {"const": "Mail~Shot"},
                "reply": {"$ref": "#"},
                "default": {"$ref": "#/$defs/size"},
                "note": {"const": {"$ref": "#/$defs/size"}},
            },
            "$defs": {"size": {"type": "integer"}},
        },
    )
    gate = SchemaGate(combine_schemas([*read_kinds().values(), mail]))
    document: JsonObject = {"apiVersion": "journeylint/v1", "kind": "Mail~Shot"}
    assert gate.accepts({**document, "default": 5, "reply": {"default": 6}, "note": {"$ref": "#/$defs/size"}})
    assert not gate.accepts({**document, "default": "5"})
    assert not gate.accepts({**document, "reply": {"default": "5"}})
    assert not gate.accepts({**document, "note": 5})
    assert not gate.accepts({**document, "kind": "Journey"})
