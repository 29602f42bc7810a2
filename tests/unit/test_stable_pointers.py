"""Names of places: the same wherever an item of a list stands, and different for different items."""

from __future__ import annotations

import json

import pytest

from journeylint.model import JsonObject, JsonValue
from journeylint.pointers import tokens_of
from journeylint.ports import Kind
from journeylint.stable_pointers import StablePointers
from tests.kinds import make_journey, make_segment, read_kinds

BUILT_IN = StablePointers(read_kinds())


def use(name: str, role: str = "audience", **more: JsonValue) -> JsonObject:
    return {"name": name, "role": role, **more}


def name_in(uses: list[JsonValue], pointer: str) -> str:
    return BUILT_IN.name("Journey", make_journey(segments=uses), pointer)


def made_up(schema: JsonObject) -> StablePointers:
    """Names in manifests of a kind `Made` with this *schema* of its `spec`."""
    return StablePointers({"Made": Kind("Made", {"type": "object", "properties": {"spec": schema}})})


def keyed(*key: str, **members: JsonValue) -> JsonObject:
    """The schema of a list whose items are told apart by *key* and have these *members*."""
    return {"type": "array", "x-journeylint-key": list(key), "items": {"type": "object", "properties": members}}


def test_an_item_is_named_by_its_key_in_the_order_of_the_schema() -> None:
    uses: list[JsonValue] = [use("a"), {"role": "exclusion", "name": "b"}]
    assert name_in(uses, "/spec/segments/1") == '/spec/segments/[name="b",role="exclusion"]'


def test_an_item_keeps_its_name_where_the_list_is_put_in_another_order() -> None:
    before: list[JsonValue] = [use("a"), use("b"), use("c", "branch")]
    after = [before[2], before[0], before[1]]
    names = [name_in(before, f"/spec/segments/{index}") for index in range(3)]
    assert [name_in(after, f"/spec/segments/{index}") for index in (1, 2, 0)] == names


def test_an_item_keeps_its_name_where_others_are_added_and_taken_away() -> None:
    name = name_in([use("a"), use("b")], "/spec/segments/1")
    assert name_in([use("b")], "/spec/segments/0") == name
    assert name_in([use("x"), use("y"), use("b"), use("a")], "/spec/segments/2") == name


def test_what_is_not_the_key_does_not_change_the_name() -> None:
    plain = name_in([use("a")], "/spec/segments/0")
    assert name_in([use("a", justification="needed")], "/spec/segments/0") == plain


@pytest.mark.parametrize("other", [use("b"), use("a", "exclusion"), use("A"), use("a ")])
def test_items_with_other_keys_have_other_names(other: JsonObject) -> None:
    assert name_in([use("a"), other], "/spec/segments/0") != name_in([use("a"), other], "/spec/segments/1")


def test_of_items_with_one_key_the_later_ones_are_numbered() -> None:
    uses: list[JsonValue] = [use("a"), use("b"), use("a"), use("a", justification="again")]
    names = [name_in(uses, f"/spec/segments/{index}").rpartition("]")[2] for index in range(4)]
    assert names == ["", "", "#2", "#3"]


def test_what_is_inside_an_item_is_named_below_it() -> None:
    uses: list[JsonValue] = [use("a", justification="needed")]
    assert name_in(uses, "/spec/segments/0/justification") == (
        '/spec/segments/[name="a",role="audience"]/justification'
    )


def test_an_item_that_lacks_a_part_of_its_key_is_named_by_the_others() -> None:
    assert name_in([{"name": "a"}], "/spec/segments/0") == '/spec/segments/[name="a"]'


@pytest.mark.parametrize("item", [{}, {"justification": "x"}, "a", 1, None, ["a"]])
def test_an_item_without_any_key_keeps_its_index(item: JsonValue) -> None:
    assert name_in([use("a"), item], "/spec/segments/1") == "/spec/segments/1"


@pytest.mark.parametrize("pointer", ["", "/spec", "/spec/segments", "/metadata/name", "/spec/startTime"])
def test_places_outside_of_lists_are_named_by_their_pointers(pointer: str) -> None:
    assert name_in([use("a")], pointer) == pointer


@pytest.mark.parametrize(
    "pointer",
    [
        "/spec/segments/2",
        "/spec/segments/99",
        "/spec/segments/-",
        "/spec/segments/x",
        "/spec/segments/-1",
        "/spec/segments/0/nope/1",
        "/spec/segments/7/name",
        "/spec/frequency/0",
        "/nope/0/x",
    ],
)
def test_a_pointer_to_something_that_is_not_there_is_told_without_an_invented_name(pointer: str) -> None:
    named = name_in([use("a"), use("b")], pointer)
    assert named == pointer.replace("/segments/0/", '/segments/[name="a",role="audience"]/')


def test_a_manifest_without_the_list_keeps_the_pointer() -> None:
    assert BUILT_IN.name("Journey", make_journey(), "/spec/segments/0") == "/spec/segments/0"
    assert BUILT_IN.name("Journey", make_journey(segments="none"), "/spec/segments/0") == "/spec/segments/0"


def test_a_kind_that_nobody_knows_keeps_its_pointers() -> None:
    data = make_journey(segments=[use("a")])
    assert BUILT_IN.name("Campaign", data, "/spec/segments/0") == "/spec/segments/0"


def test_a_kind_without_keyed_lists_keeps_its_pointers() -> None:
    assert BUILT_IN.name("Segment", make_segment(copyOf="a"), "/spec/copyOf") == "/spec/copyOf"


def test_a_list_without_a_key_keeps_its_indexes_and_what_is_keyed_inside_it_does_not() -> None:
    names = made_up({"type": "object", "properties": {"rows": {"type": "array", "items": keyed("id")}}})
    data: JsonObject = {"spec": {"rows": [[{"id": 1}], [{"id": 2}, {"id": 3}]]}}
    assert names.name("Made", data, "/spec/rows/1") == "/spec/rows/1"
    assert names.name("Made", data, "/spec/rows/1/1") == "/spec/rows/1/[id=3]"


def test_every_keyed_list_on_the_way_is_named() -> None:
    names = made_up(keyed("name", steps=keyed("kind", "number", id={"type": "string"})))
    data: JsonObject = {
        "spec": [{"name": "one"}, {"name": "two", "steps": [{"kind": "mail", "number": 1}, {"kind": "mail"}]}]
    }
    assert names.name("Made", data, "/spec/1/steps/0/id") == '/spec/[name="two"]/steps/[kind="mail",number=1]/id'
    assert names.name("Made", data, "/spec/1/steps/1") == '/spec/[name="two"]/steps/[kind="mail"]'


def test_a_keyed_list_is_found_behind_references_and_in_members_of_any_name() -> None:
    schema: JsonObject = {
        "type": "object",
        "$defs": {"list": keyed("id")},
        "properties": {"spec": {"type": "object", "additionalProperties": {"$ref": "#/$defs/list"}}},
    }
    names = StablePointers({"Made": Kind("Made", schema)})
    assert names.name("Made", {"spec": {"any": [{"id": "x"}]}}, "/spec/any/0") == '/spec/any/[id="x"]'


def test_a_tree_without_end_is_named_level_by_level() -> None:
    schema: JsonObject = {"type": "object", "properties": {"children": keyed("id")}}
    schema["properties"]["children"]["items"] = {"$ref": "#"}  # type: ignore[index,call-overload]  # it is a mapping
    names = StablePointers({"Made": Kind("Made", schema)})
    data: JsonObject = {"children": [{"id": 1, "children": [{"id": 2}, {"id": 3}]}]}
    assert names.name("Made", data, "/children/0/children/1") == "/children/[id=1]/children/[id=3]"


@pytest.mark.parametrize(
    "one", ["a/b", "a~1b", 'a"b', "a\\b", 'a",role="x', "a]", "a#2", "", " ", "é", "\U0001f600", "a\nb"]
)
def test_a_key_of_any_text_makes_one_token_that_can_be_read_back(one: str) -> None:
    named = name_in([use("other"), use(one)], "/spec/segments/1")
    token = named.removeprefix("/spec/segments/").replace("~1", "/").replace("~0", "~")
    assert "/" not in named.removeprefix("/spec/segments/")
    assert "\n" not in named
    assert token == f'[name={json.dumps(one, ensure_ascii=False)},role="audience"]'


@pytest.mark.parametrize(
    ("one", "other"), [(1, "1"), (1, 1.5), (True, "true"), (None, "null"), (1, True), ([1], "[1]")]
)
def test_values_of_different_types_make_different_names(one: JsonValue, other: JsonValue) -> None:
    names = made_up(keyed("id"))
    data: JsonObject = {"spec": [{"id": one}, {"id": other}]}
    assert names.name("Made", data, "/spec/0") != names.name("Made", data, "/spec/1")


def test_names_of_members_are_escaped_as_in_pointers() -> None:
    data: JsonObject = {"spec": {"a/b": {"c~d": 1}}}
    assert made_up({"type": "object"}).name("Made", data, "/spec/a~1b/c~0d") == "/spec/a~1b/c~0d"


def test_a_member_whose_name_is_a_number_is_no_item() -> None:
    names = made_up({"type": "object", "properties": {"0": keyed("id")}})
    assert names.name("Made", {"spec": {"0": [{"id": "x"}]}}, "/spec/0/0") == '/spec/0/[id="x"]'


def test_a_token_that_only_looks_like_a_number_is_kept() -> None:
    names = StablePointers(read_kinds())
    assert names.name(
        "Journey", {"spec": {"segments": [{"name": "vip", "role": "audience"}]}}, "/spec/segments/²"
    ).endswith("/²")


# -- from names back to places


def find_in(uses: list[JsonValue], pointer: str) -> list[str]:
    tokens = [None if token == "*" else token for token in tokens_of(pointer)]
    places = BUILT_IN.find("Journey", make_journey(segments=uses), tokens)
    return ["/".join(["", *("*" if token is None else token for token in place)]) for place in places]


USES: list[JsonValue] = [use("a"), use("b"), use("a", "exclusion"), use("a"), use('x/"~')]


@pytest.mark.parametrize("index", range(len(USES)))
def test_a_name_leads_back_to_its_item_alone(index: int) -> None:
    place = f"/spec/segments/{index}/name"
    assert find_in(USES, name_in(USES, place)) == [place]


@pytest.mark.parametrize(
    ("pointer", "places"),
    [
        ('/spec/segments/[name="a"]', ["/spec/segments/0", "/spec/segments/2", "/spec/segments/3"]),
        ('/spec/segments/[name="a",role="exclusion"]', ["/spec/segments/2"]),
        ('/spec/segments/[name="b"]/role', ["/spec/segments/1/role"]),
        ('/spec/segments/[name="c"]', []),
        ('/spec/segments/[name="a', []),
        ('/spec/segments/[role="audience"]', []),
        ("/spec/segments/1", ["/spec/segments/1"]),
        ("/spec/segments/*", ["/spec/segments/*"]),
        ('/spec/[name="a"]', []),
        ('/spec/*/[name="b"]', ["/spec/segments/1"]),
        ('/*/segments/[name="b"]/*', ["/spec/segments/1/*"]),
        ("/spec/nothing/0", ["/spec/nothing/0"]),
        (f"/spec/segments/{'9' * 5_000}", [f"/spec/segments/{'9' * 5_000}"]),
        ("", [""]),
    ],
)
def test_names_of_items_stand_for_the_places_where_these_are(pointer: str, places: list[str]) -> None:
    assert find_in(USES, pointer) == places


def test_a_member_whose_name_begins_as_that_of_an_item_is_a_member() -> None:
    data = make_journey()
    data["metadata"] = {"name": "j", "labels": {"[odd": "x"}}
    assert list(BUILT_IN.find("Journey", data, ("metadata", "labels", "[odd"))) == [("metadata", "labels", "[odd")]
