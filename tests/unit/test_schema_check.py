"""Schema problems in plain words, at their places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from journeylint.pointers import tokens_of
from journeylint.schema_check import MOST_PROBLEMS, SchemaGate
from tests.kinds import make_document, make_journey, make_segment, read_schema

if TYPE_CHECKING:
    from journeylint.model import JsonObject, JsonValue

JOURNEY = SchemaGate(read_schema("journey"))
SEGMENT = SchemaGate(read_schema("segment"))


def tell(gate: SchemaGate, value: JsonValue) -> dict[str, str]:
    """The messages of *value*'s problems by pointer; several at one pointer in lines."""
    assert gate.accepts(value) is False
    found: dict[str, str] = {}
    for problem in gate.problems(make_document(value)):
        earlier = found.get(problem.pointer)
        found[problem.pointer] = problem.message if earlier is None else f"{earlier}\n{problem.message}"
    return found


def tell_of(schema: JsonObject, value: JsonValue) -> dict[str, str]:
    return tell(SchemaGate({"properties": {"a": schema}}), {"a": value})


def test_a_valid_document_has_no_problems() -> None:
    assert JOURNEY.accepts(make_journey())
    assert JOURNEY.problems(make_document(make_journey())) == ()


def test_an_unknown_property_is_told_at_itself_with_the_nearest_name() -> None:
    assert tell(JOURNEY, make_journey(strtTime="2025-03-01")) == {
        "/spec/strtTime": "'strtTime' is not a known property of 'spec' - did you mean 'startTime'?"
    }


def test_an_unknown_property_that_is_near_to_none_is_told_with_all_known_ones() -> None:
    assert tell(SEGMENT, make_segment(x=1))["/spec/x"] == (
        "'x' is not a known property of 'spec': expected 'source', 'type', 'state', 'baseEntity', 'memberCount', "
        "'copyOf', 'lastExportedAt', 'businessUnit', 'scope', 'query', 'refreshMinutes', 'isRefreshDisabled', "
        "'lastUsedInJourneyAt', 'isBringYourOwnLake', 'staticGroups', 'definitionState' or 'origin'"
    )


def test_an_unknown_property_of_the_root_is_told() -> None:
    assert tell(JOURNEY, make_journey() | {"specs": 1}) == {
        "/specs": "'specs' is not a known property of the document - did you mean 'spec'?"
    }


def test_several_unknown_properties_of_one_mapping_are_told_each_at_itself() -> None:
    assert tell(JOURNEY, make_journey(x=1, y=2)).keys() == {"/spec/x", "/spec/y"}


def test_the_pointer_of_an_odd_property_name_is_escaped() -> None:
    assert tell(JOURNEY, make_journey({"a/b~c": 1})).keys() == {"/metadata/a~1b~0c"}


def test_a_missing_property_is_told_at_the_mapping_that_lacks_it() -> None:
    journey = make_journey(segments=[{"name": "vip"}])
    del journey["metadata"]
    assert tell(JOURNEY, journey) == {
        "": "the document lacks the required property 'metadata'",
        "/spec/segments/0": "'spec.segments[0]' lacks the required property 'role'",
    }


def test_a_wrong_word_is_told_with_the_words_there_are_and_the_nearest() -> None:
    assert tell(JOURNEY, make_journey(frequency="onetime"))["/spec/frequency"] == (
        "'spec.frequency' is text ('onetime'): expected 'one_time', 'ongoing', 'recurring' or 'event' "
        "- did you mean 'one_time'?"
    )


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (5, "is 5: expected text - put quotes around it"),
        (1.5, "is 1.5: expected text - put quotes around it"),
        (True, "is true: expected text - put quotes around it"),
        (None, "is empty: expected text - give it a value, or leave the key out"),
        ([1], "is a list: expected text"),
        ({}, "is a mapping: expected text"),
    ],
)
def test_what_should_be_text_and_is_not_is_told_with_what_to_do(value: JsonValue, told: str) -> None:
    assert tell(JOURNEY, make_journey({"title": value})) == {"/metadata/title": f"'metadata.title' {told}"}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("12", "is text ('12'): expected a whole number - take the quotes away"),
        ("twelve", "is text ('twelve'): expected a whole number"),
        (1.5, "is 1.5: expected a whole number"),
        (True, "is true: expected a whole number"),
        (-1, "is -1: expected 0 or more"),
        (2**63, "is 9223372036854775808: expected 9223372036854775807 or less"),
        (10**400, "is a number of more than 37 digits: expected 9223372036854775807 or less"),
        (float("nan"), "is nan: expected a whole number"),
        (float("inf"), "is inf: expected a whole number"),
        (-0.5, "is -0.5: expected 0 or more\n'spec.memberCount' is -0.5: expected a whole number"),
    ],
)
def test_what_is_no_member_count_is_told(value: JsonValue, told: str) -> None:
    assert tell(SEGMENT, make_segment(memberCount=value)) == {"/spec/memberCount": f"'spec.memberCount' {told}"}


@pytest.mark.parametrize("count", [0, 2**63 - 1, 5.0, 1e3])
def test_every_count_of_64_bits_is_accepted(count: JsonValue) -> None:
    assert SEGMENT.accepts(make_segment(memberCount=count))


def test_a_truth_value_in_quotes_is_told_to_lose_them() -> None:
    assert tell_of({"type": "boolean"}, "yes") == {
        "/a": "'a' is text ('yes'): expected true or false - write true or false, without quotes"
    }


def test_a_single_item_where_a_list_is_expected_is_told_how_lists_are_written() -> None:
    assert tell(JOURNEY, make_journey(segments={"name": "a", "role": "audience"})) == {
        "/spec/segments": "'spec.segments' is a mapping: expected a list - write each item on its own line after '- '"
    }


@pytest.mark.parametrize("name", ["spring sale", "", "-x", ".x", "é", "a\n", "a/b", "\n"])
def test_a_name_that_is_no_identifier_is_told_in_words(name: str) -> None:
    told = tell(JOURNEY, make_journey({"name": name}))["/metadata/name"]
    assert told.endswith("expected letters, digits, '.', '_' and '-', with a letter or digit first")


@pytest.mark.parametrize("name", ["a", "0", "a.b", "A_b-c", "9..--__"])
def test_an_identifier_is_accepted(name: str) -> None:
    assert JOURNEY.accepts(make_journey({"name": name}))


def test_an_impossible_time_is_told_with_the_reason() -> None:
    assert tell(JOURNEY, make_journey(startTime="2025-02-30")) == {
        "/spec/startTime": "'spec.startTime' cannot be used: '2025-02-30' is not a date and time: 2025-02 has 28 days"
    }


def test_an_unknown_zone_is_told_with_the_nearest() -> None:
    assert tell(JOURNEY, make_journey(timeZone="Europe/Berlim")) == {
        "/spec/timeZone": "'spec.timeZone' cannot be used: 'Europe/Berlim' is not a time zone "
        "- did you mean 'Europe/Berlin'?"
    }


def test_all_problems_are_told_sorted_by_position() -> None:
    journey = make_journey({"name": "a b", "x": 1}, state="Draft", frequency=3, endTime="never")
    problems = JOURNEY.problems(make_document(journey))
    assert [problem.pointer for problem in problems] == [
        "/metadata/name",
        "/metadata/x",
        "/spec/frequency",
        "/spec/state",
        "/spec/endTime",
    ]
    assert [problem.span.line for problem in problems] == sorted(problem.span.line for problem in problems)


def test_one_problem_found_twice_is_told_once() -> None:
    assert tell_of({"allOf": [{"type": "string"}, {"type": "string"}]}, 5) == {
        "/a": "'a' is 5: expected text - put quotes around it"
    }


def test_a_document_of_nonsense_is_told_up_to_a_number_of_problems() -> None:
    value: JsonObject = {f"key{number}": number for number in range(MOST_PROBLEMS * 3)}
    problems = SEGMENT.problems(make_document(value))
    assert len(problems) == MOST_PROBLEMS + 1
    assert problems[0].message == f"more than {MOST_PROBLEMS} problems: those that follow are left out"


def test_values_in_messages_are_cut_and_escaped() -> None:
    told = tell(JOURNEY, make_journey(state="\x1b[31m\n::error::" + "x" * 1000))["/spec/state"]
    assert "\x1b" not in told
    assert "\n" not in told
    assert len(told) < 300


@pytest.mark.parametrize("value", [None, 5, "text", [], [make_journey()]])
def test_what_is_no_mapping_is_told_at_the_root(value: JsonValue) -> None:
    assert tell(JOURNEY, value)[""].startswith("the document is ")


@pytest.mark.parametrize("name", ["", "0", "7", "007", "-1", "1.5", "true", "~0", "a/b", "a.b", " ", "٣"])
def test_a_problem_under_an_odd_name_is_told_at_that_name(name: str) -> None:
    journey = make_journey({"labels": {"x": "fine", name: 5}})
    problems = JOURNEY.problems(make_document(journey))
    assert [tokens_of(problem.pointer) for problem in problems] == [["metadata", "labels", name]]
    assert problems[0].message.endswith("is 5: expected text - put quotes around it")


def test_names_that_are_alike_as_numbers_are_told_apart() -> None:
    assert tell(JOURNEY, make_journey({"labels": {"7": "fine", "07": 5, "": "fine"}})).keys() == {"/metadata/labels/07"}


def test_empty_names_inside_empty_names_are_told() -> None:
    inner: JsonObject = {"additionalProperties": {"type": "string"}}
    assert tell_of({"additionalProperties": inner}, {"": {"": 5, "x": "fine"}}).keys() == {"/a//"}


# -- alternatives


TEXT_OR_TEXTS: JsonObject = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}


def test_a_type_that_no_alternative_takes_is_told_with_all_that_are() -> None:
    assert tell_of(TEXT_OR_TEXTS, {}) == {
        "/a": "'a' is a mapping: expected text or a list - write each item on its own line after '- '"
    }


def test_a_mistake_inside_the_alternative_meant_is_told_there() -> None:
    assert tell_of(TEXT_OR_TEXTS, ["x", 5]) == {"/a/1": "'a[1]' is 5: expected text - put quotes around it"}


def test_the_alternative_meant_is_the_one_whose_constant_is_there() -> None:
    alternatives: JsonObject = {
        "oneOf": [
            {"type": "object", "properties": {"kind": {"const": name}, "size": {"type": size}}, "required": ["kind"]}
            for name, size in (("text", "string"), ("count", "integer"))
        ]
    }
    assert tell_of(alternatives, {"kind": "count", "size": "x"}) == {
        "/a/size": "'a.size' is text ('x'): expected a whole number"
    }


def test_alternatives_that_each_need_a_property_are_told_together() -> None:
    assert tell_of({"anyOf": [{"required": ["p"]}, {"required": ["q"]}]}, {}) == {
        "/a": "'a' lacks one of the properties 'p' or 'q'"
    }


def test_words_from_several_alternatives_are_told() -> None:
    assert tell_of({"oneOf": [{"const": 1}, {"const": 2}]}, 3) != {}


@pytest.mark.parametrize(
    ("schema", "value", "told"),
    [
        ({"minLength": 2}, "x", "'a' is text ('x'): expected 2 characters or more"),
        ({"maxItems": 1}, [1, 2], "'a' is a list: expected 1 item or less"),
        ({"exclusiveMinimum": 0}, 0, "'a' is 0: expected more than 0"),
        ({"uniqueItems": True}, [1, 1], "'a' has the same item twice: expected each item once"),
        ({"not": {"type": "string"}}, "x", "'a' is not allowed here"),
        ({"const": "x"}, "y", "'a' is text ('y'): expected 'x'"),
        ({"enum": ["1", "2"]}, 1, "'a' is 1: expected '1' or '2' - put quotes around it"),
        ({"format": "uri"}, "x", "'a' is 'x': expected an absolute URI such as https://example.org/page"),
        ({"pattern": "^x"}, "y", "'a' is 'y': expected text that matches ^x"),
        ({"contains": {"const": 1}}, [2], None),
    ],
)
def test_the_other_rules_are_told_in_words(schema: JsonObject, value: JsonValue, told: str | None) -> None:
    found = tell_of(schema, value)["/a"]
    assert found == told if told is not None else found.startswith("'a' is not accepted: ")


def test_a_name_that_a_mapping_may_not_have_is_told_at_itself() -> None:
    rule: JsonObject = {"propertyNames": {"pattern": "^x", "x-journeylint-pattern": "a name that begins with x"}}
    assert tell_of(rule, {"y": 1}) == {"/a/y": "'y' cannot be a name in 'a': expected a name that begins with x"}


def test_rules_behind_references_are_told_with_their_words() -> None:
    schema: JsonObject = {
        "$defs": {"point": {"additionalProperties": False, "properties": {"left": {"type": "integer"}}}},
        "properties": {"a": {"$ref": "#/$defs/point"}},
    }
    assert tell(SchemaGate(schema), {"a": {"lft": 1}}) == {
        "/a/lft": "'lft' is not a known property of 'a' - did you mean 'left'?"
    }


# -- hostile values


def test_half_a_surrogate_pair_is_told_where_it_stands() -> None:
    told = tell(JOURNEY, make_journey({"name": "\ud800"}))
    assert "half of a surrogate pair" in told["/metadata/name"]
    for message in told.values():
        message.encode("utf-8")


def test_half_a_surrogate_pair_in_a_key_can_be_reported() -> None:
    for pointer in tell(JOURNEY, make_journey({"\udfff": 1})):
        pointer.encode("utf-8")


def test_a_document_deeper_than_the_validator_goes_is_told_and_not_fatal() -> None:
    deep: JsonValue = 1
    for _ in range(300):
        deep = [deep]
    assert (
        tell(JOURNEY, make_journey({"title": deep}))["/metadata/title"] == "'metadata.title' is a list: expected text"
    )


def test_an_integer_of_any_size_is_told_without_its_digits() -> None:
    assert "a number of more than" in tell_of({"type": "string"}, 10**5_000)["/a"]


# -- schemas that cannot be used


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "txt"},
        {"format": "no-such-format"},
        {"$ref": "https://example.org/schema.json"},
        {"$ref": "file:///etc/passwd"},
        {"$ref": "#/$defs/missing"},
        {"pattern": "("},
    ],
)
def test_a_schema_that_cannot_be_checked_completely_is_refused(schema: JsonObject) -> None:
    with pytest.raises(ValueError, match=r"."):
        SchemaGate(schema)


def test_a_wrong_word_is_told_once_though_another_key_allows_only_some_of_the_words() -> None:
    schema: JsonObject = {
        "properties": {"type": {"enum": ["wait", "message"]}},
        "dependentSchemas": {"message": {"properties": {"type": {"enum": ["message"]}}}},
    }
    assert tell_of(schema, {"type": "mesage", "message": "m"}) == {
        "/a/type": "'a.type' is text ('mesage'): expected 'wait' or 'message' - did you mean 'message'?"
    }
    assert tell_of(schema, {"type": "wait", "message": "m"}).keys() == {"/a/type"}
