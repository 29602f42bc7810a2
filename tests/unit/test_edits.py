"""Edits of texts, one by one: what the text becomes, or why the edit is not made."""

from __future__ import annotations

import pytest

from journeylint.edits.apply import EditableText, edit_text
from journeylint.edits.errors import EditError
from journeylint.formats.json import JsonLoader
from journeylint.formats.yaml import YamlLoader
from journeylint.model import Document, Edit, JsonValue, Operation


def made(text: str, *edits: Edit, document: int = 1, is_json: bool = False) -> str:
    loader = JsonLoader() if is_json else YamlLoader()
    return edit_text(EditableText(text, loader), document, edits).text


def put(pointer: str, value: JsonValue) -> Edit:
    return Edit(Operation.SET, pointer, value)


def remove(pointer: str) -> Edit:
    return Edit(Operation.REMOVE, pointer)


def insert(pointer: str, value: JsonValue) -> Edit:
    return Edit(Operation.INSERT, pointer, value)


def move(pointer: str, to: str) -> Edit:
    return Edit(Operation.MOVE, pointer, to=to)


@pytest.mark.parametrize(
    ("text", "pointer", "value", "new"),
    [
        ("a:\n  - b: 1\n", "/a/-", {"b": 2, "c": [3]}, "a:\n  - b: 1\n  - b: 2\n    c:\n      - 3\n"),
        ("a:\n- b: 1\nz: 1\n", "/a/-", {"b": 2, "c": "on"}, 'a:\n- b: 1\n- b: 2\n  c: "on"\nz: 1\n'),
        ("a:\n  - b: 1\n  - {b: 2}\n", "/a/-", {"b": 3}, "a:\n  - b: 1\n  - {b: 2}\n  - {b: 3}\n"),
        ("a:\n  - {b: 2}\n  - b: 1\n", "/a/-", {"b": 3}, "a:\n  - {b: 2}\n  - b: 1\n  - b: 3\n"),
        ("a:\n  - 1\n", "/a/-", {"b": 3}, "a:\n  - 1\n  - {b: 3}\n"),
        ("a:\n  - b: 1\n", "/a/-", {}, "a:\n  - b: 1\n  - {}\n"),
        ("a:\r\n  - b: 1\r\nz: 1\r\n", "/a/-", {"b": 2, "c": 3}, "a:\r\n  - b: 1\r\n  - b: 2\r\n    c: 3\r\nz: 1\r\n"),
        ("a:\n  - b: 1  # c\n    # d", "/a/-", {"b": 2}, "a:\n  - b: 1  # c\n    # d\n  - b: 2"),
        ("a:\n  - b: 1\n", "/a/-", {"b": "x\ny"}, "a:\n  - b: 1\n  - b: |-\n      x\n      y\n"),
        ("a:\n  b: 1\n", "/c", {"d": 2}, "a:\n  b: 1\nc:\n  d: 2\n"),
        ("a: {b: 1}\n", "/c", {"d": 2}, "a: {b: 1}\nc: {d: 2}\n"),
        ('a:\n  - "b": 1\n', "/a/-", {"b": 2}, 'a:\n  - "b": 1\n  - b: 2\n'),
    ],
)
def test_what_has_items_is_added_in_a_block_where_its_neighbours_are_blocks(
    text: str, pointer: str, value: JsonValue, new: str
) -> None:
    assert made(text, insert(pointer, value)) == new


@pytest.mark.parametrize(
    ("old", "value", "new"),
    [
        ("a: x # c", "y", "a: y # c"),
        ("a: x", "10", 'a: "10"'),
        ("a: x", "no: way", 'a: "no: way"'),
        ("a: x", "- y", 'a: "- y"'),
        ("a: x", "2025-03-03T09:00:00", "a: 2025-03-03T09:00:00"),
        ("a: 'x'", "it's", "a: 'it''s'"),
        ("a: 'x'", "two\nlines", 'a: "two\\nlines"'),
        ('a: "x"', "y", 'a: "y"'),
        ('a: "x"', 5, "a: 5"),
        ("a: 1", None, "a: null"),
        ("a:", "x", "a: x"),
        ("a:   # nothing yet", "x", "a: x   # nothing yet"),
        ("a: |\n  x\n  y\nb: 1", "z", "a: z\nb: 1"),
        ("a: >-\n  x\n  y", "z", "a: z"),
        ("a:\n  - 1\n  - 2\nb: 1", [3], "a: [3]\nb: 1"),
        ("a: {b: 1}", {"c": "d e"}, "a: {c: d e}"),
        ("a: [1]", "x, y", "a: x, y"),
        ("{a: x}", "x, y", '{a: "x, y"}'),
        ("{a: 2025-03-03T09:00}", "2025-03-03T10:00", "{a: 2025-03-03T10:00}"),
    ],
)
def test_a_value_is_written_in_the_style_of_the_old_one(old: str, value: JsonValue, new: str) -> None:
    assert made(old, put("/a", value)) == new


@pytest.mark.parametrize(
    ("text", "edit", "new"),
    [
        ("a: 1", insert("/b", "x"), "a: 1\nb: x"),
        ("a: 1\n", insert("/b", "x"), "a: 1\nb: x\n"),
        ("a:\n  b: 1 # c\n  # end of a\nc: 2\n", insert("/a/d", 1), "a:\n  b: 1 # c\n  d: 1\n  # end of a\nc: 2\n"),
        ("a:\n  b: 1\n    # of b\nc: 2\n", insert("/a/d", 1), "a:\n  b: 1\n    # of b\n  d: 1\nc: 2\n"),
        ("a: 1", insert("/on", True), "a: 1\non: true"),
        ("a: 1", insert("/true", True), 'a: 1\n"true": true'),
        ("- a: 1\n- b", insert("/0/c", 2), "- a: 1\n  c: 2\n- b"),
        ("l:\n- 1\n", insert("/l/-", [2, {"x": "y"}]), "l:\n- 1\n- [2, {x: y}]\n"),
        ("l: []", insert("/l/-", 1), "l: [1]"),
        ("l: [ ]", insert("/l/-", 1), "l: [1]"),
        ("l: [\n  1, # one\n  2  # two\n]", insert("/l/-", 3), "l: [\n  1, # one\n  2,  # two\n  3\n]"),
        ("l: [\n  1,\n]", insert("/l/-", 3), "l: [\n  1,\n  3,\n]"),
        ("l: [1, ]", insert("/l/-", 3), "l: [1, 3 ]"),
        ("m: {'a': 1}", insert("/m/b", "x"), "m: {'a': 1, b: x}"),
        ('m: {"a":1}', insert("/m/b", "x"), 'm: {"a":1,"b":"x"}'),
        ("a: |\n  x\n", insert("/b", 1), "a: |\n  x\nb: 1\n"),
    ],
)
def test_what_is_added_is_written_as_its_neighbours_are(text: str, edit: Edit, new: str) -> None:
    assert made(text, edit) == new


@pytest.mark.parametrize(
    ("text", "edit", "new"),
    [
        (
            "l:\n  # all\n  - a\n  # b's\n  - b # is b\n    # more\n\n  # c's\n  - c\n",
            remove("/l/1"),
            "l:\n  # all\n  - a\n\n  # c's\n  - c\n",
        ),
        ("l:\n  # all\n  - a\n  - b\n", remove("/l/0"), "l:\n  # all\n  - b\n"),
        ("l:\n  # all\n\n  # b\n  - a\n", remove("/l/0"), "l: []\n  # all\n\n"),
        ("a: 1\n# b\nb:\n  c: 1\nd: 1\n", remove("/b"), "a: 1\nd: 1\n"),
        ("- a: 1\n  b: 2\n", remove("/0/a"), "- b: 2\n"),
        ("- a: 1\n", remove("/0/a"), "- {}\n"),
        ("l: [1, 2, 3]", remove("/l/1"), "l: [1, 3]"),
        ("l: [1, 2, 3]", remove("/l/2"), "l: [1, 2]"),
        ("l: [ 1 ]", remove("/l/0"), "l: []"),
        ("a: |\n  x\n\n\nb: 1\n", remove("/a"), "\n\nb: 1\n"),
    ],
)
def test_what_is_removed_takes_its_own_comments_along(text: str, edit: Edit, new: str) -> None:
    assert made(text, edit) == new


@pytest.mark.parametrize(
    ("text", "edit", "new"),
    [
        ("a: 1 # c\nb: 2\n", move("/a", "/z"), "z: 1 # c\nb: 2\n"),
        ("'a': 1\n", move("/a", "/z"), '"z": 1\n'),
        ("a: 0x1F\nb: {}\n", move("/a", "/b/c"), "b: {c: 0x1F}\n"),
        ("a:\n  b: 'x'\nc:\n  d: 1\n", move("/a/b", "/c/e"), "a: {}\nc:\n  d: 1\n  e: 'x'\n"),
        ("l: [1, 2]\nm: [3]\n", move("/l/0", "/m/-"), "l: [2]\nm: [3, 1]\n"),
    ],
)
def test_what_is_moved_is_written_as_it_was(text: str, edit: Edit, new: str) -> None:
    assert made(text, edit) == new


@pytest.mark.parametrize(
    ("text", "edit", "reason"),
    [
        ("a: &x 1\nb: *x", put("/a", 2), "stands at an anchor"),
        ("a: &x {c: 1}\nb: *x", put("/a/c", 2), "stands at an anchor"),
        ("a: &x {c: 1}\nb: *x", put("/b", 2), "it is an alias"),
        ("a: &x {c: 1}\nb: *x", put("/b/c", 2), "it is an alias"),
        ("a: {c: &x 1}\nb: *x", remove("/a"), "there is an anchor inside"),
        ("a: !!str 1", put("/a", "2"), "the value has a tag"),
        ("a:\n  # why\n  - 1", put("/a", []), "there is a comment inside"),
        ("l: [1, # one\n  2]", remove("/l/0"), "there is a comment beside it"),
        ("l: [a: 1]", remove("/l/0/a"), "a mapping without brackets"),
        ("- a: 1\n  # why\n  b: 2", remove("/0/a"), "there is a comment below it"),
        ("a: |+\n  x\n\n", insert("/b", 1), "would not read back"),
        ("a: 1", insert("/a", 1), "is there already"),
        ("a: 1", remove("/b"), "there is no '/b'"),
        ("a: 1", put("/b/c", 1), "there is no '/b' in the text"),
        ("a: 1", put("/a/c", 1), "neither mapping nor list"),
        ("a: [1]", put("/a/1", 1), "there is no '/a/1'"),
        ("a: [1]", insert("/a/0", 1), "at the end of a list only"),
        ("a: 1", put("/a", float("inf")), "cannot be written"),
        ("a: 1", put("", {}), "cannot be put in its own place"),
        ("a: {b: 1}", move("/a", "/a/c"), "cannot be moved into itself"),
        ("a:\n  b: 1\nc: {}", move("/a", "/c/a"), "cannot be moved as it is"),
        ("? a\n: 1\n? b\n: 2", remove("/b"), "written in an unusual way"),
    ],
)
def test_what_cannot_be_edited_safely_is_refused_with_the_reason(text: str, edit: Edit, reason: str) -> None:
    with pytest.raises(EditError, match=reason):
        made(text, edit)


def test_only_the_document_that_is_meant_changes() -> None:
    text = "a: 1\n---\na: 1\n...\n---\n# third\na: 1\n"
    assert made(text, put("/a", 2), document=2) == "a: 1\n---\na: 2\n...\n---\n# third\na: 1\n"
    assert made(text, put("/a", 2), document=3) == "a: 1\n---\na: 1\n...\n---\n# third\na: 2\n"


def test_a_document_behind_a_mistake_does_not_hinder_those_before_it() -> None:
    assert made("a: 1\n---\na: [\n", put("/a", 2)) == "a: 2\n---\na: [\n"


def test_json_keeps_its_escapes_and_tabs() -> None:
    text = '{\n\t"a\\/b": "\\u00e9",\n\t"c": [\n\t\t1\n\t]\n}'
    assert made(text, insert("/c/-", "é\n"), is_json=True) == text.replace("1\n", '1,\n\t\t"é\\n"\n')
    assert made(text, put("/a~1b", "x"), is_json=True) == text.replace("\\u00e9", "x")


def test_later_edits_see_what_earlier_ones_did() -> None:
    edits = (remove("/l/0"), remove("/l/0"), insert("/l/-", "x"), move("/l", "/m"))
    assert made("l: [1, 2, 3] # c\n", *edits) == "m: [3, x] # c\n"


def test_files_that_a_plugin_reads_are_not_edited() -> None:
    class Other:
        suffixes = (".toml",)

        def load(self, text: str) -> list[Document]:
            raise NotImplementedError(text)

    with pytest.raises(EditError, match="a plugin reads files of this format"):
        EditableText("", Other())


class CountingLoader(YamlLoader):
    """Counts the characters that it reads."""

    read = 0

    def load(self, text: str) -> list[Document]:
        self.read += len(text)
        return super().load(text)


@pytest.mark.parametrize("first", ["", "# all of them\n\n", "---\n", "# all of them\n---\n"])
def test_edits_of_many_documents_read_each_of_them_and_not_the_others(first: str) -> None:
    text = first + "---\n".join(f"a: {number}\n" for number in range(100))
    loader = CountingLoader()
    source = EditableText(text, loader)
    changes = [edit_text(source, number, [put("/a", "x")]).changes for number in range(1, 101)]
    assert [(text[one.start : one.end], one.text) for (one,) in changes] == [(str(n), "x") for n in range(100)]
    assert loader.read <= 2 * len(text)


def test_edits_of_many_documents_one_after_another_read_each_of_them_and_not_the_others() -> None:
    text = "---\n".join(f"a: {number}\n" for number in range(100))
    loader = CountingLoader()
    source = EditableText(text, loader)
    for number in range(1, 101):
        source = edit_text(source, number, [put("/a", "x")]).after
    assert source.text == "---\n".join(["a: x\n"] * 100)
    assert loader.read <= 2 * len(text)


@pytest.mark.parametrize(
    "text",
    ["a: 1\n...\n---\na: 2\n", "%YAML 1.2\n---\na: 1\n--- {a: 2}", "a: 1\n--- # next\na: 2", "a: |+\n  1\n\n---\na: 2"],
)
def test_the_second_document_is_found_however_it_is_parted_from_the_first(text: str) -> None:
    assert YamlLoader().load(made(text, put("/a", 3), document=2))[1].value == {"a": 3}


def test_there_is_no_document_behind_the_last() -> None:
    for text in ("a: 1\n", "a: 1\n---\nb: 1\n"):
        with pytest.raises(EditError, match="no such document"):
            made(text, put("/a", 1), document=3)
