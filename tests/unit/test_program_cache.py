"""The cache of compiled programs: what was kept is found, under its own key alone, and a damaged file is none."""

from __future__ import annotations

import marshal
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from journeylint import cache_files, program_cache
from journeylint.cel import CelEnvironment
from journeylint.program_cache import ProgramCache

VARIABLES = {"journey": "map", "now": "timestamp"}
GATES = (("[1]", (("ABC001", "ABC002"), ("ABC003",))),)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "journeylint"


def save(one: ProgramCache) -> None:
    one.save([one.take_used()])


def kept(key: str = "policies") -> Path:
    """Keep a gate and a program, and tell where."""
    one = ProgramCache(key)
    one.keep_gates("gate", GATES)
    one.programs_of(VARIABLES).keep("source", b"program")
    save(one)
    (file,) = (Path(os.environ["XDG_CACHE_HOME"]) / "journeylint").iterdir()
    return file


def test_what_was_kept_is_found_by_the_next_process() -> None:
    kept()

    assert ProgramCache("policies").find_gates("gate") == GATES
    assert ProgramCache("policies").programs_of(dict(reversed(VARIABLES.items()))).find("source") == b"program"


def test_nothing_else_is_found() -> None:
    kept()

    assert ProgramCache("policies").find_gates("other") is None
    assert ProgramCache("others").find_gates("gate") is None
    assert ProgramCache("policies").programs_of({"journey": "map"}).find("source") is None


def test_another_version_of_the_library_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    kept()
    monkeypatch.setattr(program_cache, "library_stamp", lambda: "another")

    assert ProgramCache("policies").find_gates("gate") is None


def test_what_is_added_later_stands_beside_it() -> None:
    kept()
    one = ProgramCache("policies")
    one.keep_gates("another", GATES)
    save(one)

    assert ProgramCache("policies").find_gates("gate") == GATES
    assert ProgramCache("policies").find_gates("another") == GATES


def test_what_several_processes_kept_is_written_at_once() -> None:
    first, second = ProgramCache("policies"), ProgramCache("policies")
    first.keep_gates("gate", GATES)
    second.keep_gates("another", GATES)
    first.save([first.take_used(), second.take_used()])

    found = ProgramCache("policies")
    assert (found.find_gates("gate"), found.find_gates("another")) == (GATES, GATES)
    assert first.find_gates("another") == GATES


@pytest.mark.parametrize("damage", [lambda _: b"", lambda old: old[:-1], lambda old: old[:70] + b"x" + old[71:]])
def test_a_damaged_file_counts_as_none(damage: object) -> None:
    file = kept()
    assert callable(damage)
    file.write_bytes(damage(file.read_bytes()))

    assert ProgramCache("policies").find_gates("gate") is None


def test_nothing_is_written_where_nothing_is_new() -> None:
    file = kept()
    file.unlink()
    save(ProgramCache("policies"))

    assert not file.exists()


def test_a_file_that_would_be_too_long_starts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    length = kept().stat().st_size
    monkeypatch.setattr(program_cache, "MOST_BYTES", length)
    one = ProgramCache("policies")
    assert one.programs_of(VARIABLES).find("source") == b"program"
    one.keep_gates("another", GATES)
    save(one)

    assert ProgramCache("policies").find_gates("gate") is None
    assert ProgramCache("policies").programs_of(VARIABLES).find("source") == b"program"
    assert ProgramCache("policies").find_gates("another") == GATES


def test_what_alone_is_too_long_is_not_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program_cache, "MOST_BYTES", 10)
    one = ProgramCache("policies")
    one.keep_gates("gate", GATES)
    save(one)

    assert not cache.exists()


def test_files_that_nobody_used_for_long_go_when_there_are_many(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_files, "MOST_FILES", 2)
    for number, name in enumerate(("first", "second", "third")):
        monkeypatch.setattr(cache_files, "_used", set())  # as in another process
        assert cache_files.read_cached("first") == (b"" if number else None)
        os.utime(cache / "first.cache", (10, 10)) if number else None
        monkeypatch.setattr(cache_files, "_used", set())
        cache_files.keep_cached(name, b"")
        os.utime(cache / f"{name}.cache", (number, number))

    assert sorted(file.name for file in cache.iterdir()) == ["first.cache", "third.cache"]


def test_what_a_process_uses_stays_however_much_that_is(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_files, "MOST_FILES", 1)
    monkeypatch.setattr(cache_files, "_used", set())
    cache.mkdir(parents=True)
    (cache / "left.cache.4711").touch()
    os.utime(cache / "left.cache.4711", (0, 0))
    for name in ("first", "second", "third"):
        cache_files.keep_cached(name, b"")

    assert sorted(file.name for file in cache.iterdir()) == ["first.cache", "second.cache", "third.cache"]


def test_a_file_is_good_under_its_own_name_only(cache: Path) -> None:
    cache_files.keep_cached("first", b"content")
    (cache / "first.cache").rename(cache / "second.cache")

    assert cache_files.read_cached("second") is None


@pytest.mark.parametrize(
    "content", [b"", b"garbage", marshal.dumps([]), marshal.dumps({"gates": []}), marshal.dumps(1)]
)
def test_a_file_that_is_whole_and_holds_something_else_counts_as_none(content: bytes) -> None:
    name = kept().name.removesuffix(".cache")
    cache_files.keep_cached(name, content)

    assert ProgramCache("policies").find_gates("gate") is None
    kept()
    assert ProgramCache("policies").find_gates("gate") == GATES


def test_a_cache_that_cannot_be_written_is_no_error(cache: Path) -> None:
    cache.write_text("a file where the folder should be")
    one = ProgramCache("policies")
    one.keep_gates("gate", GATES)
    save(one)

    assert ProgramCache("policies").find_gates("gate") is None


SOURCE = "[now > timestamp('2020-01-01T00:00:00Z'), journey.a]"


def environment() -> CelEnvironment:
    one = ProgramCache("policies")
    made = CelEnvironment(VARIABLES, (), kept=one.programs_of(VARIABLES))
    made.compile(SOURCE)
    save(one)
    return made


def test_a_program_that_was_kept_gives_the_same_though_nothing_was_compiled_before() -> None:
    for _ in range(2):
        made = environment()
        program = made.compile(SOURCE)
        assert program.elements(made.scope({"journey": {"a": 1}, "now": NOW})) == [True, 1]


def test_a_program_that_cannot_be_read_is_compiled() -> None:
    one = ProgramCache("policies")
    one.programs_of(VARIABLES).keep(SOURCE, b"\xff\xff")
    save(one)
    made = environment()

    program = made.compile(SOURCE)
    assert program.elements(made.scope({"journey": {"a": 1}, "now": NOW})) == [True, 1]
