"""The cache of policies that were in order: found again, never trusted with anything that changed, never in the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from journeylint.model import JsonObject
from journeylint.policy_cache import find_parsed, keep_parsed, key_of_policies
from journeylint.policy_files import PackSource, PolicySource
from journeylint.ports import CelFunction, Kind

PARSED: dict[str, JsonObject] = {"pack.yaml": {"name": "pack"}}
PACK = PolicySource("pack.yaml", "pack", "name: pack")
SOURCE = PackSource("plugin 1.0", PACK, (PolicySource("policy.yaml", "policy", "id: ABC001"),))
FUNCTION = CelFunction("f", ("string",), "int", len)
KIND = Kind("Journey", {"type": "object"})


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "journeylint"


def key(
    *, source: PackSource = SOURCE, function: CelFunction = FUNCTION, kind: Kind = KIND, plugin: str = "p 1"
) -> str:
    return key_of_policies([source], [(kind.name, kind.schema)], [function], [plugin])


def test_what_was_kept_is_found() -> None:
    assert find_parsed(key()) is None
    keep_parsed(key(), PARSED)
    assert find_parsed(key()) == PARSED


@pytest.mark.parametrize(
    "other",
    [
        key(source=SOURCE._replace(pack=PACK._replace(text="name: other"))),
        key(source=SOURCE._replace(policies=())),
        key(source=SOURCE._replace(plugin="plugin 1.1")),
        key(function=FUNCTION._replace(parameters=("int",))),
        key(function=FUNCTION._replace(result="string")),
        key(kind=KIND._replace(schema={"type": "array"})),
        key(plugin="p 2"),
    ],
)
def test_whatever_changes_is_checked_anew(other: str) -> None:
    keep_parsed(key(), PARSED)
    assert find_parsed(other) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"key": "other", "parsed": {}}', '{"parsed": {}}'])
def test_a_damaged_file_counts_as_none(cache: Path, content: str) -> None:
    keep_parsed(key(), PARSED)
    (file,) = cache.iterdir()
    file.write_text(content)
    assert find_parsed(key()) is None


def test_a_file_of_the_same_name_with_another_key_is_not_taken(cache: Path) -> None:
    keep_parsed(key(), PARSED)
    (file,) = cache.iterdir()
    kept = json.loads(file.read_text())
    file.write_text(json.dumps({**kept, "key": kept["key"] + " "}))
    assert find_parsed(key()) is None


def test_a_cache_that_cannot_be_written_is_no_error(cache: Path) -> None:
    cache.write_text("a file where the folder should be")
    keep_parsed(key(), PARSED)
    assert find_parsed(key()) is None


def test_nothing_but_the_entry_is_left_behind(cache: Path) -> None:
    keep_parsed(key(), PARSED)
    keep_parsed(key(), PARSED)
    assert [file.suffix for file in cache.iterdir()] == [".cache"]
