"""What people see in their editor: the schemas as yaml-language-server reads them, and the entries for SchemaStore."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from journeylint.pointers import value_at
from tests import yaml_language_server
from tests.kinds import SCHEMAS, read_schema
from tests.yaml_language_server import Diagnostic, Editor

REPOSITORY = Path(__file__).resolve().parents[2]
MANIFESTS = sorted(path for name in ("contoso", "fabrikam") for path in REPOSITORY.glob(f"examples/{name}/*/*.yaml"))
POLICIES = sorted(REPOSITORY.glob("policies/*/*/policy.yaml"))
PACKS = sorted(REPOSITORY.glob("policies/*/pack.yaml"))
CATALOG = json.loads((REPOSITORY / "docs/schemastore/catalog.json").read_text(encoding="utf-8"))
JOURNEY = """\
apiVersion: journeylint/v1
kind: Journey
metadata: {name: spring-sale}
spec:
  frequency: one_time
  startTime: 2025-03-03T09:00:00
  segments:
    - name: vip-customers
      role: audience
"""
# What SchemaStore asks of an entry of its catalog (src/schemas/json/schema-catalog.json there).
ENTRY = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "url", "description"],
    "properties": {
        "name": {"type": "string"},
        "description": {"type": "string"},
        "fileMatch": {"type": "array", "uniqueItems": True, "items": {"type": "string"}},
        "url": {"type": "string", "pattern": "^https://"},
        "versions": {"type": "object", "additionalProperties": {"type": "string", "pattern": "^https://"}},
    },
}


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    if not yaml_language_server.is_installable():
        pytest.skip("npm and node, which yaml-language-server comes from and runs on, are missing")
    folder = Path(sys.prefix) if sys.prefix != sys.base_prefix else tmp_path_factory.mktemp("npm")
    server = yaml_language_server.install(folder / f"npm-yaml-language-server-{yaml_language_server.VERSION}")
    patterns = {
        "manifest": ["journeys/**/*.yaml"],
        "policy": ["**/policy.yaml"],
        "pack": ["**/pack.yaml"],
        "config": ["journeylint.yaml"],
    }
    schemas = {(SCHEMAS / f"{name}.schema.json").as_uri(): files for name, files in patterns.items()}
    with Editor(server, tmp_path_factory.mktemp("project"), schemas) as editor:
        yield editor


def test_the_editor_has_nothing_to_say_of_the_examples(editor: Editor) -> None:
    names = {f"journeys/{path.parents[1].name}/{path.parent.name}/{path.name}": path for path in MANIFESTS}
    told = {name: editor.open(name, path.read_text(encoding="utf-8")) for name, path in names.items()}
    assert len(told) == len(MANIFESTS) >= 40
    assert {name: found for name, found in told.items() if found} == {}


def test_the_editor_has_nothing_to_say_of_the_policies_that_ship(editor: Editor) -> None:
    files = [*POLICIES, *PACKS]
    assert len(files) > 16
    told = {
        name: editor.open(name, path.read_text(encoding="utf-8"))
        for path, name in ((path, path.relative_to(REPOSITORY).as_posix()) for path in files)
    }
    assert {name: found for name, found in told.items() if found} == {}


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("startTime:", "startTmie:", 6, "startTmie"),
        ("one_time", "onetime", 5, '"one_time"'),
        ("role: audience", "role: audiense", 9, '"audience"'),
        ("      role: audience\n", "", 8, '"role"'),
        ("kind: Journey", "kind: Jorney", 2, '"Journey"'),
        ("name: spring-sale", "name: -spring", 3, "pattern"),
        ("  frequency: one_time\n", "", 4, '"frequency"'),
    ],
)
def test_a_slip_in_a_journey_is_underlined_where_it_is(
    editor: Editor, old: str, new: str, line: int, words: str
) -> None:
    (told,) = editor.open("journeys/slip.yaml", JOURNEY.replace(old, new))
    assert (told.line, words in told.message) == (line, True), told


def test_each_document_of_a_file_is_held_against_the_schema_of_its_own_kind(editor: Editor) -> None:
    segment = "apiVersion: journeylint/v1\nkind: Segment\nmetadata: {name: vip-customers}\nspec: {source: realtime}\n"
    both = f"{JOURNEY}---\n{segment}"
    assert editor.open("journeys/both.yaml", both) == []
    (told,) = editor.open(
        "journeys/both-wrong.yaml", both.replace("source: realtime", "frequency: ongoing, source: data")
    )
    assert told.line == 14
    assert "frequency" in told.message


@pytest.mark.parametrize(
    ("name", "text", "line", "words"),
    [
        ("journeylint.yaml", "paths: [journeys]\nfail-on: warn\n", 2, '"warning"'),
        ("journeylint.yaml", "polices: {}\n", 1, "polices"),
        ("journeylint.yaml", "overrides:\n  - files: [a]\n    fail-on: warn\n", 3, '"warning"'),
        ("policies/acme/pack.yaml", "name: acme\nprefix: acme\ntitle: Acme\n", 2, "pattern"),
    ],
)
def test_a_slip_in_a_file_of_ours_is_underlined_where_it_is(
    editor: Editor, name: str, text: str, line: int, words: str
) -> None:
    (told,) = editor.open(name, text)
    assert (told.line, words in told.message) == (line, True), told


def test_the_first_line_of_a_file_says_by_which_schema_it_is_read(editor: Editor) -> None:
    first = f"# yaml-language-server: $schema={(SCHEMAS / 'config.schema.json').as_uri()}\n"
    assert editor.open("anywhere.yaml", f"{first}fail-on: warning\n") == []
    assert editor.open("elsewhere.yaml", f"{first}fail-on: warn\n") == [
        Diagnostic(2, 'Value is not accepted. Valid values: "error", "warning", "info", "never".')
    ]


@pytest.mark.parametrize(
    ("name", "text", "key", "described"),
    [
        ("journeys/a.yaml", JOURNEY, "frequency", "journey#/properties/spec/properties/frequency"),
        ("journeys/a.yaml", JOURNEY, "role", "journey#/properties/spec/properties/segments/items/properties/role"),
        ("journeylint.yaml", "fail-on: info\n", "fail-on", "config#/$defs/fail-on"),
        ("x/policy.yaml", "effective: {from: 2027-01-01}\n", "from", "policy#/properties/effective/properties/from"),
        ("x/policy.yaml", "references: []\n", "references", "policy#/properties/references"),
    ],
)
def test_hovering_over_a_key_shows_what_it_means(
    editor: Editor, name: str, text: str, key: str, described: str
) -> None:
    schema, _, pointer = described.partition("#")
    part = value_at(read_schema(schema), pointer)
    assert isinstance(part, dict)
    before = text[: text.index(key)]
    editor.open(name, text)

    shown = editor.hover(name, before.count("\n") + 1, len(before.rpartition("\n")[2]) + 2)

    assert str(part["description"]) in shown.replace("\\", "")
    assert "Example" in shown


def test_keys_and_words_are_offered_while_one_types(editor: Editor) -> None:
    editor.open("journeys/typing.yaml", JOURNEY.replace("one_time", "") + "  \n")
    assert {"endTime", "publishTime", "state", "targetEntity", "timeZone"} <= set(
        editor.complete("journeys/typing.yaml", 10, 3)
    )
    assert editor.complete("journeys/typing.yaml", 5, 14) == ["event", "one_time", "ongoing", "recurring"]


def test_every_schema_of_files_that_people_write_stands_in_the_catalog() -> None:
    assert CATALOG["$schema"] == "https://json.schemastore.org/schema-catalog.json"
    entries = CATALOG["schemas"]
    for entry in entries:
        Draft7Validator(ENTRY).validate(entry)
    written = {read_schema(name)["$id"] for name in ("config", "manifest", "pack", "policy")}
    assert {entry["url"] for entry in entries} == written
    assert [entry["name"] for entry in entries] == sorted(entry["name"] for entry in entries)
