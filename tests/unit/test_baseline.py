"""The parts of the baseline that no command shows by itself."""

from __future__ import annotations

import pytest

from journeylint.baseline.entries import Baseline, BaselineFile, Entry
from journeylint.baseline.file_names import file_of
from journeylint.baseline.text import read_spelled, spell_file
from journeylint.inquiry import Inquiry, ManifestFunctions
from journeylint.model import Identity, JsonValue, Span
from journeylint.policies import ASKING
from journeylint.policy_library import load_library
from journeylint.stable_pointers import spell_json, without_ordinals
from tests.judging import builtin_host

SPRING = Identity("default", "Journey", "spring")


@pytest.mark.parametrize(
    ("manifest", "path"),
    [
        (SPRING, "default/journey/spring.yaml"),
        (Identity("contoso-prod", "EmailTemplate", "A_b.1"), "contoso-prod/email+template/+a_b.1.yaml"),
        (Identity("default", "journey", "spring"), "default/+journey/spring.yaml"),
        (Identity("con", "Journey", "nul.x"), "%63on/journey/%6eul.x.yaml"),
        (Identity("a.", "Journey", "a."), "a%2e/journey/a%2e.yaml"),
        (Identity("..", "Journey", "+%"), "%2e%2e/journey/%2b%25.yaml"),
        (Identity("é", "Journey", "conx"), "%c3%a9/journey/conx.yaml"),
    ],
)
def test_a_file_is_named_by_the_manifest(manifest: Identity, path: str) -> None:
    assert file_of(manifest) == path


def test_a_name_that_is_too_long_is_cut_and_told_apart() -> None:
    one, other = (file_of(Identity("default", "Journey", "x" * 300 + end)) for end in "ab")
    assert one != other
    assert len(one.rpartition("/")[2]) < 210


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ('/spec/segments/[name="a"]#2', '/spec/segments/[name="a"]'),
        ('/spec/segments/[name="a"]#2/justification', '/spec/segments/[name="a"]/justification'),
        ('/spec/segments/[name="a]#2"]', '/spec/segments/[name="a]#2"]'),
        ("/labels/x]#2", "/labels/x]#2"),
        ("/spec", "/spec"),
    ],
)
def test_ordinals_of_items_are_left_out(pointer: str, expected: str) -> None:
    assert without_ordinals(pointer) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5e3, "5000"),
        (5000, "5000"),
        (-0.0, "0"),
        (0.5, "0.5"),
        (2.0**53, "9007199254740992.0"),
        (2.0**53 - 1, "9007199254740991"),
        (True, "true"),
        (None, "null"),
        ("1.0", '"1.0"'),
        ("é\n", '"é\\n"'),
        ({"b": 1.0, "a": [2.0]}, '{"a": [2], "b": 1}'),
    ],
)
def test_a_value_is_spelled_in_one_way(value: JsonValue, expected: str) -> None:
    assert spell_json(value) == expected


def test_texts_that_yaml_would_read_otherwise_stand_in_quotes() -> None:
    manifest = Identity("true", "Journey", "spring")
    text = spell_file(manifest, [Entry("OBS002", "", '"a\u2028b\U000e0001"', ""), Entry("OBS001", "/a b", "1.5")])
    assert text.splitlines()[2:] == [
        'environment: "true"',
        "findings:",
        "  - policy: OBS001",
        '    pointer: "/a b"',
        "    value: 1.5",
        "  - policy: OBS002",
        '    pointer: ""',
        '    value: "a\\u2028b\\U000e0001"',
    ]


def test_the_places_of_entries_are_those_of_yaml() -> None:
    entries = [Entry("OBS002", "/spec"), Entry("OBS007", "/spec/startTime", '"9"', "2027-01-31")]
    read = read_spelled(spell_file(SPRING, entries))
    assert read is not None
    assert read.spans == (Span(4, 5, 5, 19), Span(6, 5, 9, 22))


@pytest.mark.parametrize("change", [("\n", "\r\n"), ("OBS002", "OBS003"), ("findings", "finding"), ("  - ", "- ")])
def test_what_is_not_as_it_was_written_is_not_read_by_lines(change: tuple[str, str]) -> None:
    text = spell_file(SPRING, [Entry("OBS002", "/spec"), Entry("OBS002", "/spec/x")])
    assert read_spelled(text) is not None
    assert read_spelled(text.replace(*change, 1) + ("x" if change[0] == "OBS002" else "")) is None


def test_a_baseline_counts_its_entries() -> None:
    file = BaselineFile("a.yaml", SPRING, (Entry("OBS002", ""), Entry("OBS002", "")), (Span(1, 1, 1, 1),) * 2)
    assert Baseline(None, {SPRING: file}).entry_count == 2  # type: ignore[arg-type]  # the folder does not matter here


def test_the_functions_that_ask_about_others_are_those_that_there_are() -> None:
    there = {function.name for function in ManifestFunctions(Inquiry(), ()).entries()}
    assert set(ASKING) == {name for name in there if not name.endswith("_")}


def test_a_policy_asks_about_others_itself_or_through_its_pack() -> None:
    asks = {policy.id: policy.asks_about_others for policy in load_library(builtin_host()).policies}
    assert (asks["REF001"], asks["OBS012"], asks["SUP001"]) == (True, True, False)
