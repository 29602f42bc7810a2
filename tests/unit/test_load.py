"""Tests of `journeylint.load`: what is read, what is passed over, and what is said of a file that cannot be read."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from journeylint.formats.json import JsonLoader
from journeylint.formats.limits import Limits
from journeylint.formats.yaml import YamlLoader
from journeylint.load import FileReader, LoadedFile
from journeylint.model import JsonValue, Problem, SourceFile, Span
from tests.permissions import bound_by_permissions

READER = FileReader([YamlLoader(), JsonLoader()], ["Journey", "Segment"])


def read(content: bytes, path: str = "a.yaml", *, named: bool = False) -> LoadedFile | None:
    return READER.read(SourceFile(path, path, named=named, content=content))


def values(content: bytes, path: str = "a.yaml") -> list[JsonValue]:
    loaded = read(content, path, named=True)
    assert loaded is not None
    assert not any(document.problems for document in loaded.documents)
    return [document.value for document in loaded.documents]


def only_problem(loaded: LoadedFile | None) -> Problem:
    assert loaded is not None
    (document,) = loaded.documents
    (problem,) = document.problems
    assert document.number == 1
    assert document.locate("/any/where") == Span(1, 1, 1, 1) or document.locate("") == problem.span
    return problem


@pytest.mark.parametrize(
    "content",
    [
        b"apiVersion: journeylint/v1",
        b"# journeylint/ is mentioned",
        b"kind: Journey",
        b"kind : Segment",
        b"'kind': 'Journey'",
        b'{"kind" : "Journey"}',
        b"kind:\n  Journey",
        b'{"apiVersion": "journeylint\\/v1"}',
        "kind: Journey".encode("utf-8-sig"),
    ],
)
def test_a_walked_file_that_mentions_ours_is_read(content: bytes) -> None:
    assert read(content) is not None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"kind: Deployment",
        b"kind: Journeyman",
        b"mankind: Journey",
        b"kind: Journey-x",
        b"a kind Journey",
        b"journeylint",
    ],
)
def test_a_walked_file_that_does_not_mention_ours_is_passed_over(content: bytes) -> None:
    assert read(content) is None


def test_a_walked_file_of_others_is_passed_over_however_broken_it_is() -> None:
    assert read(b"{{- if .Values.x }}\n\xff\xfe\x01") is None


def test_a_named_file_is_read_whatever_its_text() -> None:
    assert values(b"kind: Deployment") == [{"kind": "Deployment"}]


def test_without_kinds_only_the_api_version_is_a_mention() -> None:
    reader = FileReader([YamlLoader()], [])
    assert reader.read(SourceFile("a", "a", content=b"kind: Journey")) is None
    assert reader.read(SourceFile("a", "a", content=b"apiVersion: journeylint/v1")) is not None


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_a_utf_16_or_utf_32_file_that_mentions_ours_is_a_problem(encoding: str) -> None:
    problem = only_problem(read("kind: Journey".encode(encoding)))
    assert problem.message == f"is {encoding[:6].upper()}, not UTF-8: save it as UTF-8"
    assert problem.span == Span(1, 1, 1, 1)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32-be"])
def test_a_utf_16_or_utf_32_file_of_others_is_passed_over_unless_it_is_named(encoding: str) -> None:
    content = "kind: Deployment".encode(encoding)
    assert read(content) is None
    assert "not UTF-8" in only_problem(read(content, named=True)).message


def test_a_byte_order_mark_is_no_column() -> None:
    loaded = read("kind: Journey".encode("utf-8-sig"))
    assert loaded is not None
    assert loaded.documents[0].locate("/kind") == Span(1, 7, 1, 14)
    assert values("[1]".encode("utf-8-sig"), "a.json") == [[1]]


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [(b"\xff", 1, 1), (b"a: \xe9", 1, 4), ("ä: é\r\nb: ".encode() + b"\xe9", 2, 4), (b"a\rb\n\xc3", 3, 1)],
)
def test_a_byte_that_is_not_utf_8_is_told_at_its_line_and_column(content: bytes, line: int, column: int) -> None:
    problem = only_problem(read(content, named=True))
    assert problem.span == Span(line, column, line, column)
    assert "not UTF-8" in problem.message


@pytest.mark.parametrize("content", [b"PK\x03\x04\x14\0\x06\0\x08\xff", b"\x89PNG\r\n\x1a\n\0\0"])
def test_a_named_binary_file_is_told_as_what_it_is(content: bytes) -> None:
    problem = only_problem(read(content, "book.xlsx", named=True))
    assert problem.message.startswith("is a binary file, neither a manifest nor an export: expected YAML")
    assert problem.span == Span(1, 1, 1, 1)
    assert read(content, "book.xlsx") is None


@pytest.mark.parametrize("content", [b"kind: Journey\n\0\xff", b"\xffk\0i\0n\0d\0:\0 \0J\0o\0u\0r\0n\0e\0y\0"])
def test_a_file_that_mentions_ours_is_no_binary_file(content: bytes) -> None:
    assert "is not UTF-8" in only_problem(read(content, named=True)).message


def test_encoded_surrogates_are_not_utf_8() -> None:
    assert "not UTF-8" in only_problem(read(b"a: \xed\xa0\x80", named=True)).message


def test_a_file_of_just_the_limit_is_read_and_one_byte_more_is_not() -> None:
    reader = FileReader([YamlLoader()], ["Journey"], Limits(file_bytes=4))
    fits = reader.read(SourceFile("a", "a", named=True, content=b"a: 1"))
    assert fits is not None
    assert fits.documents[0].value == {"a": 1}
    problem = only_problem(reader.read(SourceFile("a", "a", named=True, content=b"a: 12")))
    assert problem.message == "larger than 4 bytes, the most that is read: split it"


def test_a_file_on_disk_is_bounded_by_the_limit_too(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"a: 12")
    reader = FileReader([YamlLoader()], ["Journey"], Limits(file_bytes=4))
    assert "larger than" in only_problem(reader.read(SourceFile("a.yaml", str(file), named=True))).message


def test_a_file_larger_than_one_read_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("- kind: Journey\n" * 20_000, encoding="utf-8")
    loaded = READER.read(SourceFile("a.yaml", str(file)))
    assert loaded is not None
    assert isinstance(loaded.documents[0].value, list)
    assert len(loaded.documents[0].value) == 20_000


def test_a_file_that_vanished_is_a_problem(tmp_path: Path) -> None:
    problem = only_problem(READER.read(SourceFile("a.yaml", str(tmp_path / "a.yaml"))))
    assert problem.message == "cannot be read: it is not there (any more)"


def test_a_folder_is_a_problem(tmp_path: Path) -> None:
    problem = only_problem(READER.read(SourceFile("a.yaml", str(tmp_path))))
    assert problem.message.startswith("cannot be read: ")


@pytest.mark.skipif(os.name == "nt", reason="permissions are another thing there")
def test_a_file_without_permission_is_a_problem() -> None:
    with bound_by_permissions() as folder:
        file = folder / "a.yaml"
        file.touch(mode=0)
        problem = only_problem(READER.read(SourceFile("a.yaml", str(file))))
    assert problem.message == "cannot be read: permission denied"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def write() -> None:
        with pipe.open("wb", buffering=0) as stream:
            stream.write(b"a: 1\n")
            stream.write(b"b: 2\n")

    writer = threading.Thread(target=write)
    writer.start()
    loaded = READER.read(SourceFile("pipe", str(pipe), named=True))
    writer.join()
    assert loaded is not None
    assert loaded.documents[0].value == {"a": 1, "b": 2}


@pytest.mark.parametrize("path", ["a.json", "a.JSON", "x.y/a.Json"])
def test_a_json_file_is_read_as_json_whatever_the_case_of_its_ending(path: str) -> None:
    assert values(b'{"a": "\\ud83d\\ude00"}', path) == [{"a": "\U0001f600"}]
    assert "not valid JSON" in only_problem(read(b"a: 1", path, named=True)).message


@pytest.mark.parametrize("path", ["a.yaml", "a.YML", "a", "a.txt", "-", "a.json/b"])
def test_other_files_are_read_as_yaml(path: str) -> None:
    assert values(b"a: no\n---\nb: [x,]", path) == [{"a": "no"}, {"b": ["x"]}]


def test_json_without_a_json_ending_is_read_as_json() -> None:
    key = "k" * 2000
    assert values(f' \n{{"{key}": 1}}'.encode(), "-") == [{key: 1}]


def test_what_only_begins_like_json_is_read_as_yaml() -> None:
    assert values(b"{a: 1,}", "-") == [{"a": 1}]
    assert values(b"[a]\n---\nb: 1", "-") == [["a"], {"b": 1}]
