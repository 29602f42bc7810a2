"""Properties of edits: what comes out reads as it was meant to, and all that is not replaced is the same to the character."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from journeylint.edits.apply import EditableText, EditedText, edit_text
from journeylint.edits.data import apply_edits, is_same
from journeylint.edits.errors import EditError
from journeylint.edits.pieces import cut_yaml
from journeylint.formats.json import JsonLoader
from journeylint.formats.yaml import YamlLoader
from journeylint.model import Document, Edit, JsonValue, Operation
from journeylint.pointers import pointer_of
from journeylint.ports import Loader
from tests.property.test_spans import JSON_VALUES, block_texts, cut, nodes_of

YAML, JSON = YamlLoader(), JsonLoader()

ANCHORED = st.sampled_from(
    [
        "a: &x {b: 1, c: [2]}\nd: *x\ne:\n  f: *x\n",
        "a: &x\n  b: 1\nd: *x\ne: &y z\nf: [*y, *y]\n",
        "- &x a\n- *x\n- b: *x\n  c: 1\n",
        "a: !!str 1\nb: !!map {c: 1}\n",
    ]
)
COMMENTED = st.sampled_from(
    [
        (
            "# top\na: # of a\n  # above b\n  - b: 1 # one\n    # below\n    c: |  # text\n      x\n      # no comment\n\n"
            "  # above d\n  - d\n# end\n"
        ),
        "a: {b: 1, # first\n    c: [1, 2,\n        3] # last\n   }\n",
        "a:\n  - - x\n    - y\n  -\n    b: 1\n  - ? k\n    : v\n",
        "a: >-\n  folded\n  text\n\nb: 'it''s'\nc: \"x\\ty\"\nd:\n\ne: ~\n",
        "a: |+\n  kept\n\n\nb: 1\n...\n---\nc: {}\n---\n[]\n",
    ]
)


@st.composite
def json_texts(draw: st.DrawFn) -> str:
    value = draw(JSON_VALUES)
    indent = draw(st.sampled_from([None, 2, "\t"]))
    compact = draw(st.booleans())
    text = json.dumps(
        value, ensure_ascii=draw(st.booleans()), indent=indent, separators=(",", ":") if compact else (", ", ": ")
    )
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


@st.composite
def flow_texts(draw: st.DrawFn) -> str:
    value = draw(JSON_VALUES)
    return str(yaml.safe_dump(value, default_flow_style=draw(st.sampled_from([True, None])), allow_unicode=True))


@st.composite
def sources(draw: st.DrawFn) -> tuple[str, Loader]:
    if draw(st.integers(0, 3)) == 0:
        return draw(json_texts()), JSON
    text = draw(st.one_of(block_texts(), block_texts(), flow_texts(), ANCHORED, COMMENTED))
    if "\r" not in text and draw(st.integers(0, 4)) == 0:
        text = text.replace("\n", "\r\n")
    return text, YAML


VALUES = JSON_VALUES | st.sampled_from(["plain", "a: b", "# no", "it's", "- x", "2025-03-03T09:00:00", "{}", "", "é\n"])


@st.composite
def edits_of(draw: st.DrawFn, value: JsonValue) -> Edit:
    """An edit that applies to *value*, as far as data goes."""
    places = [(pointer, node) for pointer, node in nodes_of(value) if pointer]
    holders = [(pointer, node) for pointer, node in nodes_of(value) if isinstance(node, dict | list)]
    operation = draw(st.sampled_from(list(Operation)))
    if operation in (Operation.SET, Operation.REMOVE):
        assume(places)
        pointer, _ = draw(st.sampled_from(places))
        return Edit(operation, pointer, draw(VALUES) if operation is Operation.SET else None)
    assume(holders)
    holder, node = draw(st.sampled_from(holders))
    name = draw(st.sampled_from(["new", "on", "a b", "1", "~/x", ""]))
    target = holder + pointer_of(["-" if isinstance(node, list) else name])
    if operation is Operation.INSERT:
        return Edit(operation, target, draw(VALUES))
    assume(places)
    pointer, _ = draw(st.sampled_from(places))
    return Edit(operation, pointer, None, target)


def made_by(text: str, edited: EditedText) -> str:
    """What the changes make of *text*, which are in order and do not overlap."""
    at, parts = 0, []
    for change in edited.changes:
        assert at <= change.start <= change.end <= len(text)
        parts += [text[at : change.start], change.text]
        at = change.end
    return "".join([*parts, text[at:]])


def load(text: str, loader: Loader) -> list[Document]:
    documents = loader.load(text)
    assume(documents and not any(document.problems for document in documents))
    return documents


@settings(deadline=None, max_examples=500)
@given(st.data(), sources())
def test_an_edit_does_what_it_says_and_nothing_else_or_is_refused(
    data: st.DataObject, source: tuple[str, Loader]
) -> None:
    text, loader = source
    documents = load(text, loader)
    number = data.draw(st.integers(1, len(documents)))
    edits = [data.draw(edits_of(documents[number - 1].value))]
    try:
        intended = apply_edits(documents[number - 1].value, edits)
        edited = edit_text(EditableText(text, loader), number, edits)
    except EditError as error:
        event(f"refused: {str(error)[:40]}")
        return
    event(f"made: {edits[0].operation.value}")
    assert made_by(text, edited) == edited.text
    after = loader.load(edited.text)
    assert [document.problems for document in after] == [()] * len(documents)
    for old, new in zip(documents, after, strict=True):
        assert is_same(new.value, intended if old.number == number else old.value)


@settings(deadline=None, max_examples=300)
@given(st.data(), json_texts())
def test_no_edit_of_json_is_refused_that_applies_to_its_data(data: st.DataObject, text: str) -> None:
    (document,) = load(text, JSON)
    edit = data.draw(edits_of(document.value))
    assume(edit.operation is not Operation.MOVE)  # what is written over several lines is not moved
    try:
        apply_edits(document.value, [edit])
    except EditError:
        assume(False)
    edit_text(EditableText(text, JSON), 1, [edit])


@settings(deadline=None, max_examples=300)
@given(st.data(), block_texts())
def test_a_new_scalar_stands_where_the_old_one_stood(data: st.DataObject, text: str) -> None:
    documents = load(text, YAML)
    number = data.draw(st.integers(1, len(documents)))
    document = documents[number - 1]
    scalars = [pointer for pointer, node in nodes_of(document.value) if pointer and not isinstance(node, dict | list)]
    assume(scalars)
    pointer = data.draw(st.sampled_from(scalars))
    edited = edit_text(EditableText(text, YAML), number, [Edit(Operation.SET, pointer, data.draw(VALUES))])
    (change,) = edited.changes
    assert text[change.start : change.end] == cut(text, document.locate(pointer))


@settings(deadline=None, max_examples=300)
@given(st.data(), block_texts())
def test_a_member_that_is_added_is_one_more_line_and_its_removal_leaves_the_text_as_it_was(
    data: st.DataObject, text: str
) -> None:
    text += "" if text.endswith("\n") else "\r\n" if "\r" in text else "\n"
    documents = load(text, YAML)
    number = data.draw(st.integers(1, len(documents)))
    mappings = [pointer for pointer, node in nodes_of(documents[number - 1].value) if isinstance(node, dict)]
    assume(mappings)
    pointer = data.draw(st.sampled_from(mappings)) + "/zz"
    edited = edit_text(EditableText(text, YAML), number, [Edit(Operation.INSERT, pointer, data.draw(VALUES))])
    assert len(edited.changes) == 1
    again = edit_text(EditableText(edited.text, YAML), number, [Edit(Operation.REMOVE, pointer)])
    assert again.text == text


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("break_", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("text", "loader"),
    [
        ("l:\n  # first\n  - a: 1\n    b: 2\n  # second\n  - c # two\n  # third\n  - [d]\nend: x\n", YAML),
        ("l:\n- a\n- b\n- c", YAML),
        ("- - a\n  - b\n  - c\n", YAML),
        ("l: [a, {b: 1}, 'c']\n", YAML),
        ("l: [\n  a,\n  {b: 1},\n  'c',\n]\n", YAML),
        ('{"l": [1, {"b": 2}, "c"]}', JSON),
        ('{\n\t"l": [\n\t\t1,\n\t\t{"b": 2},\n\t\t"c"\n\t]\n}\n', JSON),
    ],
)
def test_items_can_be_removed_one_after_another_until_none_is_left_and_then_added(
    text: str, loader: Loader, break_: str, number: int
) -> None:
    text = text.replace("\n", break_)
    pointer = "/0" if text.startswith("- -") else "/l"
    source = EditableText(text, loader)
    for left in (3, 2, 1):
        edited = edit_text(source, 1, [Edit(Operation.REMOVE, f"{pointer}/{min(number, left - 1)}")])
        source = edited.after
    for item in ("x", 1):
        edited = edit_text(source, 1, [Edit(Operation.INSERT, f"{pointer}/-", item)])
        source = edited.after
    (document,) = loader.load(source.text)
    assert document.value == (
        {"l": ["x", 1], "end": "x"} if "end" in text else {"l": ["x", 1]} if pointer == "/l" else [["x", 1]]
    )
    assert ("\r" in source.text) == (break_ == "\r\n") or break_ not in text


@pytest.mark.parametrize("name", ["a", "b", "c"])
@pytest.mark.parametrize(
    ("text", "loader"),
    [
        ("m:\n  a: 1 # one\n  b: {x: 1}\n  c:\n    - 1\n", YAML),
        ("m: {a: 1, b: {x: 1}, c: [1]}\n", YAML),
        ("- a: 1\n  b:\n    x: 1\n  c: [1]\n", YAML),
        ('{"m": {"a": 1, "b": {"x": 1}, "c": [1]}}', JSON),
    ],
)
def test_members_can_be_removed_set_renamed_and_added_wherever_they_stand(text: str, loader: Loader, name: str) -> None:
    holder = "/0" if text.startswith("-") else "/m"
    for edit in (
        Edit(Operation.REMOVE, f"{holder}/{name}"),
        Edit(Operation.SET, f"{holder}/{name}", "new"),
        Edit(Operation.MOVE, f"{holder}/{name}", to=f"{holder}/d"),
        Edit(Operation.INSERT, f"{holder}/d", [name]),
    ):
        source = EditableText(text, loader)
        edited = edit_text(source, 1, [edit])
        assert is_same(loader.load(edited.text)[0].value, apply_edits(loader.load(text)[0].value, [edit]))


STREAM_PARTS = [
    *("---\n", "---\n", "---", "--- ", "---x\n", "...\n", "%YAML 1.2\n", "# comment\n", "\n", " \n", "a: 1\n"),
    *("b: |\n", "b: |2+\n", "  ---\n", "  x\n", "'", '"', "'\n", "[1,\n", "2]\n", "&x y\n", "\r\n", "\r", "\u2028"),
    *("\x85", "- z\n", "--- {a: 1}\n", "--- |\n", "\t"),
]


@settings(max_examples=600)
@given(st.lists(st.sampled_from(STREAM_PARTS), max_size=12).map("".join))
def test_a_text_in_pieces_holds_the_documents_of_the_whole(text: str) -> None:
    pieces = cut_yaml(text)
    assert "".join(pieces) == text
    if len(pieces) == 1:
        return
    event("in pieces")
    whole = YAML.load(text)
    for number, document in enumerate(whole):
        if not document.problems:
            (alone,) = YAML.load(pieces[number])
            assert not alone.problems
            assert is_same(alone.value, document.value)


@given(st.lists(COMMENTED | ANCHORED, min_size=2, max_size=4), st.sampled_from(["---\n", "--- # next\n"]), st.data())
def test_an_edit_of_one_document_among_others_changes_what_it_would_change_alone(
    texts: list[str], marker: str, data: st.DataObject
) -> None:
    texts = [text.partition("...\n")[0] for text in texts]
    number = data.draw(st.integers(1, len(texts)))
    own = texts[number - 1] if number == 1 else marker + texts[number - 1]
    token = data.draw(st.sampled_from(["a", "b", "c", "d", "0", "1"]))
    edit = data.draw(st.sampled_from([Edit(Operation.REMOVE, f"/{token}"), Edit(Operation.SET, f"/{token}", "new")]))
    try:
        alone = edit_text(EditableText(own, YAML), 1, [edit]).text
    except EditError:
        alone = own
    text = marker.join(texts)
    try:
        edited = edit_text(EditableText(text, YAML), number, [edit])
    except EditError:
        assert alone == own
        return
    event("edited")
    assert made_by(text, edited) == edited.text
    values = [document.value for document in YAML.load(text)]
    values[number - 1] = apply_edits(values[number - 1], [edit])
    assert is_same([document.value for document in YAML.load(edited.text)], values)
    assert alone in edited.text
