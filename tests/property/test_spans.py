"""Properties of reading: the two YAML readers agree in everything, no text makes a reader raise, all spans are inside."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from journeylint.formats.block_yaml import BlockReader
from journeylint.formats.compose import compose_documents
from journeylint.formats.json import JsonLoader
from journeylint.formats.json_scanner import scan_json
from journeylint.formats.limits import DEFAULT_LIMITS, Limits
from journeylint.formats.yaml import YamlLoader
from journeylint.load import FileReader
from journeylint.model import Document, JsonValue, SourceFile, Span
from journeylint.pointers import pointer_of

BLOCK_READER = BlockReader(DEFAULT_LIMITS)
SMALL = Limits(file_bytes=10_000, nodes=60, documents=5, depth=6, alias_nodes=20, number_characters=8)
READERS = [
    FileReader([YamlLoader(limits), JsonLoader(limits)], ["Journey"], limits) for limits in (DEFAULT_LIMITS, SMALL)
]

KEYS = st.sampled_from(["a", "b", "kind", "x.y/z-1", "on", "_", "Name", "k2"])
PLAIN = st.sampled_from(
    [
        "x",
        "1",
        "010",
        "1.10",
        "no",
        "22:00",
        "~",
        "null",
        "-1",
        "-x",
        "a b",
        "a  b",
        "a:b",
        "a#b",
        "a :b",
        "é ü",
        "\U0001f600",
        "\xa0",
        "0x1F",
    ]
)
QUOTED = st.sampled_from(['""', "''", '"x"', "'x'", '"a: b # c"', "'- x'", '"é"', "'\"'", '"\'"', "'null'"])
VALUES = st.one_of(PLAIN, QUOTED)
ENDINGS = st.sampled_from(["", "", "", " ", "  # c", " #", " # a: b"])
FILLERS = st.sampled_from(["", "  ", "# c", "    # c: d", "#"])
ODD = "\t\r\x85\u2028\ufeff\x7f\x00&*!?[]{}|>%@`,'\"\\:#- \n~"


@st.composite
def nodes(draw: st.DrawFn, indent: int = 0, depth: int = 0, is_list: bool | None = None) -> list[str]:
    """Lines of a block mapping or list, mostly in the subset of plain lines."""
    pad = " " * indent
    is_list = draw(st.booleans()) if is_list is None else is_list
    lines: list[str] = []
    for key in draw(st.lists(KEYS, min_size=1, max_size=3, unique=True)):
        if draw(st.integers(0, 9)) == 9:
            lines.append(draw(FILLERS))
        kind = draw(st.integers(0, 5 if depth < 3 else 3))
        ending = draw(ENDINGS)
        if is_list and kind < 4:
            lines.append(f"{pad}- {draw(VALUES)}{ending}")
        elif is_list:
            width = draw(st.sampled_from([2, 2, 2, 4]))
            child = draw(nodes(indent=indent + width, depth=depth + 1, is_list=draw(st.integers(0, 19)) == 19))
            child = [line for line in child if line.strip()[:1] not in ("", "#")]
            lines += [f"{pad}-{child[0][indent + 1 :]}", *child[1:]]
        elif kind < 3:
            lines.append(f"{pad}{key}: {draw(VALUES)}{ending}")
        elif kind == 3:
            lines.append(f"{pad}{key}:{ending}")
        else:
            holds_list = draw(st.booleans())
            deeper = draw(st.sampled_from([0, 2, 4] if holds_list else [1, 2, 4]))
            child = draw(nodes(indent=indent + deeper, depth=depth + 1, is_list=holds_list))
            lines += [f"{pad}{key}:{ending}", *child]
    return lines


@st.composite
def block_texts(draw: st.DrawFn) -> str:
    """Block YAML of one to three documents."""
    documents = draw(st.lists(nodes(), min_size=1, max_size=3))
    before = draw(st.sampled_from(["", "", "---\n", "# c\n---\n", "# c\n\n"]))
    after = draw(st.sampled_from(["", "\n", "\n", "\n\n# c\n", "\n\n", "\n---\n"]))
    text = before + "\n---\n".join("\n".join(lines) for lines in documents) + after
    return text.replace("\n", "\r\n") if draw(st.integers(0, 9)) == 9 else text


CHANGES = st.sampled_from(ODD) | st.sampled_from(["", " ", "  ", "\n", "\n  ", "- ", ": ", "a", "1", "'", "#"])


@st.composite
def mutated(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> str:
    """One of *texts* with a few characters inserted, deleted or replaced."""
    text = draw(texts)
    for _ in range(draw(st.sampled_from([1, 1, 3]))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(CHANGES) + text[at + draw(st.integers(0, 2)) :]
    return text


@st.composite
def with_mutated_line(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> str:
    """One of *texts* with a line indented otherwise, given twice, or left out."""
    lines = draw(texts).split("\n")
    at = draw(st.integers(0, len(lines) - 1))
    line = lines[at]
    changed = [" " + line, "  " + line, line[1:], line[2:], "- " + line, line.lstrip()]
    lines[at : at + 1] = draw(st.sampled_from([[change] for change in changed] + [[line, line], []]))
    return "\n".join(lines)


def walk(value: JsonValue, tokens: tuple[str | int, ...] = ()) -> Iterator[str]:
    """The pointers of all nodes of *value*, and beside each one that is not there."""
    yield pointer_of(tokens)
    yield pointer_of((*tokens, "not/there"))
    if isinstance(value, dict):
        for key, child in value.items():
            yield from walk(child, (*tokens, key))
    elif isinstance(value, list):
        yield pointer_of((*tokens, len(value)))
        for index, child in enumerate(value):
            yield from walk(child, (*tokens, index))


def describe(documents: list[Document]) -> list[object]:
    """All that can be seen of *documents*; repr tells 1 from True and finds not-a-number equal to itself."""
    return [
        (
            document.number,
            repr(document.value),
            [(pointer, document.locate(pointer)) for pointer in walk(document.value)],
        )
        for document in documents
    ]


def assert_readers_agree(text: str) -> None:
    found = BLOCK_READER.read(text)
    if found is None:
        return
    composed = compose_documents(text, DEFAULT_LIMITS)
    assert not [document.problems for document in composed if document.problems]
    assert describe(found) == describe(composed)


@settings(deadline=None, max_examples=200)
@given(block_texts())
def test_the_fast_reader_reads_block_yaml_as_the_composer_does_or_not_at_all(text: str) -> None:
    assert_readers_agree(text)


@settings(deadline=None, max_examples=300)
@given(mutated(block_texts()) | with_mutated_line(block_texts()))
def test_the_fast_reader_reads_damaged_yaml_as_the_composer_does_or_not_at_all(text: str) -> None:
    assert_readers_agree(text)


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="ab1-: #\n'\"é\xa0.~", max_size=40))
def test_the_fast_reader_reads_any_text_as_the_composer_does_or_not_at_all(text: str) -> None:
    assert_readers_agree(text)


TOKENS = KEYS | st.sampled_from(["0", "1", "2", "00", "-1", "", "# c", "- a", "a: x", "a\n b", "~01", "é", "9" * 5000])


@settings(deadline=None, max_examples=300)
@given(block_texts(), st.lists(st.lists(TOKENS, min_size=1, max_size=4).map(pointer_of), min_size=1, max_size=8))
def test_the_fast_reader_finds_any_pointer_where_the_composer_does_in_any_order(text: str, pointers: list[str]) -> None:
    found = BLOCK_READER.read(text) or []
    for pointer in pointers:
        for document, composed in zip(found, compose_documents(text, DEFAULT_LIMITS), strict=False):
            assert document.locate(pointer) == composed.locate(pointer)


@pytest.mark.parametrize("pointer", ["a", "a/b", "#/a", " /a"])
def test_the_fast_reader_refuses_a_pointer_that_does_not_begin_with_a_slash(pointer: str) -> None:
    (document,) = BLOCK_READER.read("a:\n  b: 1\n") or []
    document.locate("/a")
    with pytest.raises(ValueError, match="begins with '/'"):
        document.locate(pointer)


def test_items_of_a_long_list_are_found_in_any_order() -> None:
    (document,) = BLOCK_READER.read("# c\n---\nlist:\n" + "- a: 1\n\n" * 500) or []
    for index in (0, 499, 7, 8, 8, 300, 0):
        assert document.locate(f"/list/{index}") == Span(4 + 2 * index, 3, 4 + 2 * index, 7)
    assert document.locate("/list/500") == Span(4, 1, 1002, 7)


def lines_of(text: str) -> list[str]:
    return re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))


def assert_inside(span: Span, lines: list[str]) -> None:
    assert (span.line, span.column) <= (span.end_line, span.end_column)
    for line, column in ((span.line, span.column), (span.end_line, span.end_column)):
        assert 1 <= line <= len(lines)
        assert 1 <= column <= len(lines[line - 1]) + 1


def assert_sound(documents: list[Document], text: str) -> None:
    """Numbers count up, all spans are in the text, and children's spans inside their parents'."""
    lines = lines_of(text)
    for number, document in enumerate(documents, 1):
        assert document.number == number
        for problem in document.problems:
            assert_inside(problem.span, lines)
            assert problem.message
        for pointer in walk(document.value):
            assert_inside(document.locate(pointer), lines)
        json.dumps(document.value).encode()


YAML_TEXTS = st.one_of(
    st.text(max_size=60),
    mutated(block_texts()),
    st.text(alphabet=ODD + "ab1é\U0001f600\ud800", max_size=40),
    st.lists(
        st.sampled_from(
            [
                "a: ",
                "- ",
                "? ",
                ": ",
                "[",
                "]",
                "{",
                "}",
                ", ",
                "&a ",
                "*a",
                "!!int ",
                "!x ",
                "|\n",
                ">-\n",
                "\n",
                "\n  ",
                "\n ",
                "'",
                '"',
                "x",
                "1",
                "---\n",
                "...\n",
                "%YAML 1.2\n",
                "# c",
                '"\\ud83d\\ude00"',
                "\\ud83d\\ude00",
                "\u2028",
                "\ue000",
                "9" * 9,
            ]
        ),
        max_size=25,
    ).map("".join),
)


@settings(deadline=None, max_examples=400)
@given(YAML_TEXTS, st.sampled_from([DEFAULT_LIMITS, SMALL]))
def test_any_text_is_read_as_yaml_without_raising_and_with_spans_inside_it(text: str, limits: Limits) -> None:
    assert_sound(YamlLoader(limits).load(text), text)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=3), children, max_size=3),
    max_leaves=12,
)
JSON_TEXTS = st.one_of(
    st.text(alphabet='{}[],:"\\ud8 \n\t0123456789.eE+-truefalsn\x00\x7f\ud800é', max_size=40),
    mutated(st.builds(json.dumps, JSON_VALUES, ensure_ascii=st.booleans(), indent=st.sampled_from([None, 1]))),
)


@settings(deadline=None, max_examples=300)
@given(JSON_TEXTS, st.sampled_from([DEFAULT_LIMITS, SMALL]))
def test_any_text_is_read_as_json_without_raising_and_with_spans_inside_it(text: str, limits: Limits) -> None:
    documents = JsonLoader(limits).load(text)
    assert len(documents) == 1
    assert_sound(documents, text)


@settings(deadline=None, max_examples=300)
@given(JSON_TEXTS)
def test_the_standard_parser_and_the_scanner_agree_on_json(text: str) -> None:
    scanned = scan_json(text.removeprefix("\ufeff"), DEFAULT_LIMITS)
    (document,) = JsonLoader().load(text)
    assert repr(document.value) == repr(scanned.value)
    assert document.problems == tuple(scanned.problems)


@settings(deadline=None, max_examples=200)
@given(JSON_VALUES, st.booleans(), st.sampled_from([None, 2]))
def test_what_is_written_as_json_is_read_back(value: JsonValue, ascii_only: bool, indent: int | None) -> None:
    (document,) = JsonLoader().load(json.dumps(value, ensure_ascii=ascii_only, indent=indent))
    assert not document.problems
    assert repr(document.value) == repr(value)


@settings(deadline=None, max_examples=200)
@given(JSON_VALUES, st.booleans())
def test_the_text_at_the_span_of_a_json_node_is_that_node(value: JsonValue, indented: bool) -> None:
    text = json.dumps(value, indent=1 if indented else None, ensure_ascii=False)
    (document,) = JsonLoader().load(text)
    for pointer, node in nodes_of(value):
        assert repr(json.loads(cut(text, document.locate(pointer)))) == repr(node)


@settings(deadline=None, max_examples=200)
@given(JSON_VALUES, st.booleans(), st.booleans())
def test_the_text_at_the_span_of_a_yaml_scalar_is_that_scalar(value: JsonValue, flow: bool, unicode: bool) -> None:
    text = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=unicode)
    (document,) = YamlLoader().load(text)
    if document.problems:
        return
    for pointer, node in nodes_of(document.value):
        if not isinstance(node, dict | list):
            (cut_out,) = YamlLoader().load(cut(text, document.locate(pointer)) or "~")
            assert repr(cut_out.value) == repr(node)


def nodes_of(value: JsonValue, tokens: tuple[str | int, ...] = ()) -> Iterator[tuple[str, JsonValue]]:
    yield pointer_of(tokens), value
    if isinstance(value, dict):
        for key, child in value.items():
            yield from nodes_of(child, (*tokens, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from nodes_of(child, (*tokens, index))


def cut(text: str, span: Span) -> str:
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    start = sum(map(len, lines[: span.line - 1])) + span.column - 1
    end = sum(map(len, lines[: span.end_line - 1])) + span.end_column - 1
    return text[start:end]


@settings(deadline=None, max_examples=200)
@given(
    st.one_of(st.binary(max_size=40), YAML_TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass"))),
    st.sampled_from(["a.yaml", "a.json", "-"]),
    st.booleans(),
    st.sampled_from(READERS),
)
def test_any_bytes_are_read_without_raising(content: bytes, path: str, named: bool, reader: FileReader) -> None:
    loaded = reader.read(SourceFile(path, path, named=named, content=content))
    assert loaded is not None or not named
    for document in loaded.documents if loaded else []:
        text = content.decode("utf-8", "replace")
        for problem in document.problems:
            assert 1 <= problem.span.line <= len(lines_of(text))
            assert problem.span.column >= 1
