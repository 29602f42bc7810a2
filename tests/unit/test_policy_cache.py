"""The cache of packs that were in order: found again, never trusted with anything that changed, never in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from journeylint import policy_cache
from journeylint.cache_files import keep_cached
from journeylint.errors import PolicyError
from journeylint.model import JsonObject
from journeylint.policy_cache import find_parsed, keep_parsed, key_of_ground, key_of_pack
from journeylint.policy_files import PackSource, PolicySource
from journeylint.policy_library import load_library
from journeylint.ports import CelFunction, Kind
from tests.judging import host_over, make_policy, write_pack

PARSED: dict[str, JsonObject] = {"a/pack.yaml": {"name": "pack"}, "a/one/policy.yaml": {"id": "ABC001"}}
PACK = PolicySource("a/pack.yaml", "a", "name: pack")
SOURCE = PackSource("plugin 1.0", PACK, (PolicySource("a/one/policy.yaml", "one", "id: ABC001"),))
FUNCTION = CelFunction("f", ("string",), "int", len)
KIND = Kind("Journey", {"type": "object"})
SCHEMAS: dict[str, JsonObject] = {"policy": {"type": "object"}}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache/journeylint"


def key(
    *,
    source: PackSource = SOURCE,
    function: CelFunction = FUNCTION,
    kind: Kind = KIND,
    schemas: dict[str, JsonObject] = SCHEMAS,
) -> str:
    return key_of_pack(key_of_ground(schemas, [kind], [function]), source)


def test_what_was_kept_is_found() -> None:
    assert find_parsed(key(), SOURCE) == {}
    keep_parsed(key(), SOURCE, PARSED)
    assert find_parsed(key(), SOURCE) == PARSED


def test_it_is_found_wherever_the_files_are() -> None:
    keep_parsed(key(), SOURCE, PARSED)
    moved = SOURCE._replace(
        pack=PACK._replace(path="b/pack.yaml"), policies=(SOURCE.policies[0]._replace(path="b/one/policy.yaml"),)
    )
    assert find_parsed(key(source=moved), moved) == {
        "b/pack.yaml": {"name": "pack"},
        "b/one/policy.yaml": {"id": "ABC001"},
    }


@pytest.mark.parametrize(
    "other",
    [
        key(source=SOURCE._replace(pack=PACK._replace(text="name: other"))),
        key(source=SOURCE._replace(pack=PACK._replace(folder="b"))),
        key(source=SOURCE._replace(policies=())),
        key(source=SOURCE._replace(policies=(SOURCE.policies[0]._replace(folder="two"),))),
        key(source=SOURCE._replace(policies=(SOURCE.policies[0]._replace(folder="on", text="eid: ABC001"),))),
        key(function=FUNCTION._replace(parameters=("int",))),
        key(function=FUNCTION._replace(result="string")),
        key(kind=KIND._replace(schema={"type": "array"})),
        key(kind=KIND._replace(is_derived=True)),
        key(kind=KIND._replace(is_judged_last=True)),
        key(schemas={"policy": {"type": "array"}}),
    ],
)
def test_whatever_changes_is_checked_anew(other: str) -> None:
    keep_parsed(key(), SOURCE, PARSED)
    assert find_parsed(other, SOURCE) == {}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'[{}, {"name": "other"}]'])
def test_a_damaged_file_counts_as_none(cache: Path, content: bytes) -> None:
    keep_parsed(key(), SOURCE, PARSED)
    (file,) = cache.iterdir()
    file.write_bytes(content)
    assert find_parsed(key(), SOURCE) == {}


def test_a_cache_that_cannot_be_written_is_no_error(cache: Path) -> None:
    cache.parent.mkdir()
    cache.write_text("a file where the folder should be")
    keep_parsed(key(), SOURCE, PARSED)
    assert find_parsed(key(), SOURCE) == {}


def test_nothing_but_the_entry_is_left_behind(cache: Path) -> None:
    keep_parsed(key(), SOURCE, PARSED)
    keep_parsed(key(), SOURCE, PARSED)
    assert [file.suffix for file in cache.iterdir()] == [".cache"]


def test_only_a_pack_that_has_changed_is_checked_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write_pack(tmp_path / "packs", make_policy(1), name="one", prefix="TST")
    write_pack(root, {**make_policy(1), "id": "ABC001", "name": "policy-2"}, name="two", prefix="ABC")
    checked: list[str] = []

    def note(policy: object, *_: object) -> list[str]:
        checked.append(str(getattr(policy, "id", "")))
        return []

    monkeypatch.setattr("journeylint.policy_check.check_policy", note)
    first = load_library(host_over(root), use_cache=True)
    assert sorted(checked) == ["ABC001", "TST001"]
    again = load_library(host_over(root), use_cache=True)
    assert (sorted(checked), again.key) == (["ABC001", "TST001"], first.key)

    write_pack(root, make_policy(1, title="Another"), name="one", prefix="TST")
    changed = load_library(host_over(root), use_cache=True)
    assert sorted(checked) == ["ABC001", "TST001", "TST001"]
    assert changed.key != first.key
    assert [policy.title for policy in changed.policies] == ["A policy", "Another"]


@pytest.mark.parametrize("content", [b"", b"garbage", b"\xff", b"{}", b"[{}]", b"[1, 2]"])
def test_a_file_that_is_whole_and_holds_something_else_counts_as_none(content: bytes) -> None:
    keep_cached(f"pack-{key()}", content)
    assert find_parsed(key(), SOURCE) == {}


def test_another_state_of_a_checkout_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key()
    monkeypatch.setattr(policy_cache, "_own_stamp", lambda: "another")
    assert key() != before


def test_a_mistake_in_one_pack_does_not_have_the_others_checked_again(tmp_path: Path) -> None:
    root = write_pack(tmp_path / "packs", make_policy(1), name="one")
    write_pack(root, {**make_policy(2), "id": "ABC001", "require": "nothing"}, name="two", prefix="ABC")
    with pytest.raises(PolicyError, match="unknown name 'nothing'"):
        load_library(host_over(root), use_cache=True)
    assert len(list((tmp_path / "cache/journeylint").glob("pack-*"))) == 1


def test_packs_that_were_in_order_alone_may_still_disagree(tmp_path: Path) -> None:
    root = write_pack(tmp_path / "first", make_policy(1), name="one")
    other = write_pack(tmp_path / "second", make_policy(2), name="two", prefix="TSTX")
    load_library(host_over(root), use_cache=True)
    with pytest.raises(PolicyError, match="does not begin with the prefix"):
        load_library(host_over(other), use_cache=True)
    write_pack(tmp_path / "second", {**make_policy(2), "id": "TST001"}, name="two", prefix="TST")
    load_library(host_over(other), use_cache=True)

    both = host_over(root)
    both = both._replace(policy_roots=(*both.policy_roots, *host_over(other).policy_roots))
    with pytest.raises(PolicyError, match="policy id 'TST001' is taken already"):
        load_library(both, use_cache=True)


def test_a_pack_whose_folder_cannot_be_listed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write_pack(tmp_path / "packs", make_policy(1))

    def refuse(path: str) -> list[str]:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("journeylint.policy_files.os.listdir", refuse)
    with pytest.raises(PolicyError) as caught:
        load_library(host_over(root))
    assert caught.value.messages == (f"{root}/pack/pack.yaml:1:1: its folder cannot be listed: Permission denied",)
