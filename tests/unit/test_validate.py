"""Which documents are ours, which of ours are valid, and what is said of the others."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from journeylint.model import Failure, FailureCode, Identity, Manifest, Problem, Span
from journeylint.ports import Kind
from journeylint.times import parse_instant
from journeylint.validate import Rejected, Validator
from tests.kinds import make_document, make_journey, make_segment, read_kinds

if TYPE_CHECKING:
    from journeylint.model import JsonObject, JsonValue

VALIDATOR = Validator(read_kinds())
EXPECTED_KINDS = "expected 'Environment', 'Journey', 'Message', 'Segment' or 'Trigger'"
PATH = "journeys/spring.yaml"


def admit(value: JsonValue, *problems: Problem) -> Manifest | Rejected | None:
    return VALIDATOR.admit(PATH, make_document(value, problems))


def accept(value: JsonValue) -> Manifest:
    manifest = admit(value)
    assert isinstance(manifest, Manifest)
    return manifest


def refuse(value: JsonValue, *problems: Problem) -> Rejected:
    rejected = admit(value, *problems)
    assert isinstance(rejected, Rejected)
    return rejected


def tell(value: JsonValue, *problems: Problem) -> dict[str, str]:
    return {failure.location.pointer: failure.message for failure in refuse(value, *problems).failures}


def problem_at(pointer: str, *, is_fatal: bool = False) -> Problem:
    return Problem("unreadable", pointer, Span(1, 1, 1, 2), is_fatal)


# -- whose document it is


@pytest.mark.parametrize("value", [make_journey(), make_segment()])
def test_a_valid_document_is_a_manifest(value: JsonObject) -> None:
    manifest = accept(value)
    assert (manifest.path, manifest.document) == (PATH, 1)
    assert manifest.data is value


@pytest.mark.parametrize(
    "value",
    [
        None,
        5,
        "journeylint/v1",
        [],
        [make_journey()],
        {},
        {"apiVersion": "apps/v1", "kind": "Deployment"},
        {"apiVersion": "apps/v1", "kind": "Journey"},
        {"apiVersion": "journeylint.example/v1", "kind": "Journey"},
        {"kind": "Deployment"},
        {"kind": ["Journey"]},
        {"kind": {"Journey": 1}},
        {"apiVersion": None, "kind": None},
        {"apiVersion": 1, "kind": "journey"},
        {"metadata": {"name": "x"}, "spec": {}},
    ],
)
def test_a_document_that_does_not_claim_to_be_ours_is_skipped(value: JsonValue) -> None:
    assert admit(value) is None


@pytest.mark.parametrize("version", [None, 1, True, [], {}, "", " "])
def test_a_kind_of_ours_without_a_usable_version_is_a_failure(version: JsonValue) -> None:
    rejected = refuse(make_journey() | {"apiVersion": version})
    assert [failure.location.pointer for failure in rejected.failures] == ["/apiVersion"]
    assert "expected 'journeylint/v1'" in rejected.failures[0].message
    assert rejected.is_ours


def test_a_kind_of_ours_without_a_version_is_a_failure_at_the_root() -> None:
    journey = make_journey()
    del journey["apiVersion"]
    assert tell(journey) == {"": "the document lacks the required property 'apiVersion'"}


@pytest.mark.parametrize(
    "version", ["journeylint/v2", "journeylint/", "journeylint/v1 ", " journeylint/v1", "journeylint/V1"]
)
@pytest.mark.parametrize("kind", ["Journey", "Segment"])
def test_another_version_of_ours_is_a_failure(version: str, kind: str) -> None:
    rejected = refuse({"apiVersion": version, "kind": kind, "metadata": {"name": "x"}})
    assert [failure.message for failure in rejected.failures] == [
        f"unknown apiVersion {version!r}: expected 'journeylint/v1'"
    ]
    assert rejected.identity == Identity("default", kind, "x")


def test_an_unknown_kind_is_a_failure_that_names_the_nearest() -> None:
    assert tell(make_journey() | {"kind": "Jorney"}) == {
        "/kind": f"unknown kind 'Jorney': {EXPECTED_KINDS} - did you mean 'Journey'?"
    }


def test_a_missing_kind_is_a_failure_at_the_root() -> None:
    assert tell({"apiVersion": "journeylint/v1"}) == {
        "": f"the document lacks the required property 'kind': {EXPECTED_KINDS}"
    }


@pytest.mark.parametrize("kind", [None, 5, [], {}, ["Journey"]])
def test_a_kind_that_is_no_text_is_a_failure(kind: JsonValue) -> None:
    assert tell({"apiVersion": "journeylint/v1", "kind": kind}).keys() == {"/kind"}


def test_an_unknown_kind_of_another_version_is_told_with_both() -> None:
    assert tell({"apiVersion": "journeylint/v2", "kind": "Jorney"}).keys() == {"/apiVersion", "/kind"}


# -- documents that could not be read in full


def test_a_syntax_error_is_a_failure_even_where_nothing_is_known_of_the_document() -> None:
    rejected = refuse(None, problem_at("", is_fatal=True))
    assert [failure.code for failure in rejected.failures] == [FailureCode.UNREADABLE_MANIFEST]
    assert (rejected.identity, rejected.references, rejected.is_ours) == (None, (), False)


def test_a_syntax_error_in_a_foreign_document_is_a_failure_but_no_manifest() -> None:
    assert refuse({"apiVersion": "apps/v1"}, problem_at("", is_fatal=True)).is_ours is False


def test_after_a_syntax_error_nothing_is_said_of_what_is_missing() -> None:
    rejected = refuse({"apiVersion": "journeylint/v1", "kind": "Journey"}, problem_at("/metadata", is_fatal=True))
    assert [failure.code for failure in rejected.failures] == [FailureCode.UNREADABLE_MANIFEST]
    assert rejected.is_ours


@pytest.mark.parametrize("value", [{"apiVersion": "apps/v1"}, {"Resources": {}}, {"kind": "Pod"}, [1], "text"])
def test_a_duplicate_key_or_unknown_tag_in_a_foreign_document_is_skipped(value: JsonValue) -> None:
    assert admit(value, problem_at("/Resources/x")) is None


def test_a_document_of_which_nothing_could_be_read_may_be_ours() -> None:
    assert refuse(None, problem_at("")).is_ours is False


def test_a_duplicate_version_may_hide_that_a_document_is_ours() -> None:
    assert (
        refuse({"apiVersion": "apps/v1", "kind": "Pod"}, problem_at("/apiVersion")).failures[0].message == "unreadable"
    )


def test_a_duplicate_kind_may_hide_that_a_document_is_ours() -> None:
    assert refuse({"kind": "Pod"}, problem_at("/kind")).is_ours


def test_a_duplicate_kind_beside_a_foreign_version_hides_nothing() -> None:
    assert admit({"apiVersion": "apps/v1", "kind": "Pod"}, problem_at("/kind")) is None


def test_what_could_be_read_of_our_document_is_checked_all_the_same() -> None:
    rejected = refuse(make_journey(state="Draft", title=1), problem_at("/spec/title"))
    assert {(failure.code.value, failure.location.pointer) for failure in rejected.failures} == {
        ("JL001", "/spec/title"),
        ("JL002", "/spec/state"),
    }


@pytest.mark.parametrize("pointer", ["/spec/segments/0/name", "/spec/segments/0", "/spec"])
def test_what_an_unreadable_part_may_have_held_is_not_told_as_missing(pointer: str) -> None:
    rejected = refuse(make_journey(segments=[{"role": "audience"}]), problem_at(pointer))
    assert [failure.code for failure in rejected.failures] == [FailureCode.UNREADABLE_MANIFEST]


def test_a_name_that_only_begins_alike_is_another_node() -> None:
    assert tell(make_journey(state="Draft"), problem_at("/spec/sta")).keys() == {"/spec/sta", "/spec/state"}


# -- who it is


def test_identity_is_environment_kind_and_name() -> None:
    assert accept(make_journey({"environment": "contoso"})).identity == Identity("contoso", "Journey", "spring-sale")


def test_without_an_environment_a_manifest_is_in_the_default_one() -> None:
    assert accept(make_segment()).identity == Identity("default", "Segment", "vip-customers")


def test_an_invalid_manifest_keeps_its_identity() -> None:
    rejected = refuse(make_journey({"environment": "contoso"}, state="x"))
    assert rejected.identity == Identity("contoso", "Journey", "spring-sale")
    assert rejected.failures[0].manifest == rejected.identity


@pytest.mark.parametrize(
    "metadata", [None, [], {}, {"name": 5}, {"name": None}, {"name": "a", "environment": 5}, {"name": "\ud800"}]
)
def test_a_manifest_that_does_not_say_who_it_is_has_no_identity(metadata: JsonValue) -> None:
    assert refuse(make_journey() | {"metadata": metadata}).identity is None


def test_a_failure_stands_at_its_node() -> None:
    assert refuse(make_journey(state="x")).failures == (
        Failure(
            FailureCode.INVALID_MANIFEST,
            refuse(make_journey(state="x")).failures[0].message,
            accept(make_journey(state="draft")).location("/spec/state"),
            Identity("default", "Journey", "spring-sale"),
        ),
    )


# -- what is filled in


def test_the_defaults_of_the_schema_are_filled_in() -> None:
    data = accept(make_journey()).data
    assert data["metadata"] == {"name": "spring-sale", "environment": "default"}
    assert data["spec"] == {"frequency": "one_time", "state": "draft", "timeZone": "UTC"}


def test_what_is_written_is_not_replaced_by_a_default() -> None:
    written = make_journey({"environment": "e"}, state="live", timeZone="Europe/Berlin")
    data = accept(written).data
    assert data["metadata"] == {"name": "spring-sale", "environment": "e"}
    assert data["spec"] == {"frequency": "one_time", "state": "live", "timeZone": "Europe/Berlin"}


@pytest.mark.parametrize(
    ("written", "count"), [(5.0, 5), (1e3, 1000), (0.0, 0), (-0.0, 0), (7, 7), (2**63 - 1, 2**63 - 1)]
)
def test_a_whole_number_becomes_an_integer_where_the_schema_asks_for_one(written: JsonValue, count: int) -> None:
    spec = accept(make_segment(memberCount=written)).data["spec"]
    assert isinstance(spec, dict)
    assert spec["memberCount"] == count
    assert type(spec["memberCount"]) is int


@pytest.mark.parametrize(
    "count", [2**63, 9.3e18, 1e300, 10**400, pytest.param(10**5_000, id="huge"), -1, float("inf"), float("nan")]
)
def test_a_count_beyond_64_bits_is_a_failure(count: JsonValue) -> None:
    assert tell(make_segment(memberCount=count)).keys() == {"/spec/memberCount"}


# -- times


def test_a_local_time_that_clocks_skip_is_a_failure_at_its_place() -> None:
    told = tell(make_journey(startTime="2025-03-30T02:30:00", timeZone="W. Europe Standard Time"))
    assert told.keys() == {"/spec/startTime"}
    assert "clocks go from 02:00 to 03:00" in told["/spec/startTime"]


def test_the_same_local_time_exists_in_the_default_zone() -> None:
    accept(make_journey(startTime="2025-03-30T02:30:00"))


def test_a_segment_has_no_zone_of_its_own() -> None:
    accept(make_segment(lastExportedAt="2025-03-30T02:30:00"))


def test_a_skipped_time_is_told_together_with_what_else_is_wrong() -> None:
    told = tell(make_journey(state="x", startTime="2025-03-30T02:30", endTime="2025-02-30", timeZone="Europe/Berlin"))
    assert told.keys() == {"/spec/state", "/spec/startTime", "/spec/endTime"}


def test_an_unknown_zone_is_told_once_and_not_at_every_time() -> None:
    assert tell(make_journey(startTime="2025-03-30T02:30", timeZone="Berlin")).keys() == {"/spec/timeZone"}


def test_an_instant_beyond_the_last_year_is_a_failure() -> None:
    assert tell(make_journey(endTime="9999-12-31T23:59", timeZone="America/New_York")).keys() == {"/spec/endTime"}


def test_a_valid_time_is_left_as_it_is_written() -> None:
    spec = accept(make_journey(startTime="2025-10-26T02:30", timeZone="Europe/Berlin")).data["spec"]
    assert isinstance(spec, dict)
    assert parse_instant(str(spec["startTime"]), "Europe/Berlin") == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)


# -- what an unjudged manifest refers to


def test_an_invalid_journey_still_says_which_segments_it_uses() -> None:
    rejected = refuse(
        make_journey({"environment": "e"}, segments=[{"name": "a"}, {"name": 5}, "b", None, {"name": "c", "x": 1}])
    )
    assert rejected.references == (Identity("e", "Segment", "a"), Identity("e", "Segment", "c"))


def test_a_manifest_of_unknown_environment_refers_to_nobody_known() -> None:
    assert refuse(make_journey({"environment": 5}, segments=[{"name": "a", "role": "audience"}])).references == ()


# -- kinds of others


def test_a_kind_of_a_plugin_is_treated_as_its_schema_says() -> None:
    schema: JsonObject = {
        "properties": {
            "spec": {
                "properties": {
                    "sent": {"type": "array", "items": {"format": "instant", "x-journeylint-zone": "/spec/zone"}},
                    "zone": {"type": "string", "format": "time-zone", "default": "Europe/Berlin"},
                    "sizes": {"additionalProperties": {"type": "integer"}},
                    "limits": {"default": {"most": 1}},
                }
            }
        }
    }
    validator = Validator({"Wave": Kind("Wave", schema)})
    data: JsonObject = {"apiVersion": "journeylint/v1", "kind": "Wave", "metadata": {"name": "w"}}
    first = validator.admit("a", make_document(data | {"spec": {"sent": ["2025-03-30"], "sizes": {"a": 2.0}}}))
    second = validator.admit("a", make_document(data | {"spec": {"sent": ["2025-03-30", "2025-03-30T02:30"]}}))
    assert isinstance(first, Manifest)
    spec = first.data["spec"]
    assert spec == {"sent": ["2025-03-30"], "zone": "Europe/Berlin", "sizes": {"a": 2}, "limits": {"most": 1}}
    assert isinstance(second, Rejected)
    assert [failure.location.pointer for failure in second.failures] == ["/spec/sent/1"]


def test_a_default_that_is_a_mapping_is_no_mans_but_the_manifests() -> None:
    schema: JsonObject = {"properties": {"limits": {"default": {"most": 1}}}}
    validator = Validator({"Wave": Kind("Wave", schema)})

    def limits_of_another() -> JsonValue:
        value: JsonObject = {"apiVersion": "journeylint/v1", "kind": "Wave", "metadata": {"name": "w"}}
        manifest = validator.admit("a", make_document(value))
        assert isinstance(manifest, Manifest)
        return manifest.data["limits"]

    assert limits_of_another() is not limits_of_another()


@pytest.mark.parametrize("metadata", [None, {}, {"name": 5}])
def test_a_manifest_without_a_name_is_a_failure_whatever_its_schema_allows(metadata: JsonValue) -> None:
    validator = Validator({"Wave": Kind("Wave", {})})
    value: JsonObject = {"apiVersion": "journeylint/v1", "kind": "Wave", "metadata": metadata}
    rejected = validator.admit("a", make_document(value))
    assert isinstance(rejected, Rejected)
    assert "has no name" in rejected.failures[0].message


@pytest.mark.parametrize("number", [float("nan"), float("inf"), pytest.param(10**5_000, id="huge"), -(2**63) - 1])
def test_a_number_that_is_no_integer_of_64_bits_is_a_failure_whatever_its_schema_allows(number: JsonValue) -> None:
    validator = Validator({"Wave": Kind("Wave", {"properties": {"size": {"type": ["integer", "null"]}}})})
    value: JsonObject = {"apiVersion": "journeylint/v1", "kind": "Wave", "metadata": {"name": "w"}, "size": number}
    rejected = validator.admit("a", make_document(value))
    assert isinstance(rejected, Rejected)
    assert [failure.location.pointer for failure in rejected.failures] == ["/size"]


def test_a_kind_whose_schema_cannot_be_used_is_refused_when_a_manifest_of_it_comes() -> None:
    validator = Validator({"Wave": Kind("Wave", {"format": "no-such-format"})})
    with pytest.raises(ValueError, match="no-such-format"):
        validator.admit(
            "a.yaml", make_document({"apiVersion": "journeylint/v1", "kind": "Wave", "metadata": {"name": "w"}})
        )
