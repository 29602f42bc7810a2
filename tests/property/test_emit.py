"""Data written as YAML reads back as it was: by our reader, by that of YAML 1.1 where they agree, in the same order."""

from __future__ import annotations

import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from journeylint.edits.data import is_same
from journeylint.edits.emit import emit_yaml
from journeylint.formats.yaml import YamlLoader
from journeylint.model import JsonObject

ODD = (
    *(
        "",
        "~",
        "null",
        "Null",
        "true",
        "yes",
        "No",
        "on",
        "OFF",
        "y",
        "N",
        "0o7",
        "010",
        "0x1f",
        "1e5",
        ".inf",
        "-.INF",
    ),
    *(
        ".nan",
        "1_000",
        "1:30",
        "2025-01-01",
        "---",
        "...",
        "--- a",
        "<<",
        "=",
        "-",
        "- a",
        "?",
        "? a",
        ":",
        "a:",
        "a: b",
    ),
    *(
        "a #b",
        "#a",
        "&a",
        "*a",
        "!a",
        "%a",
        "@a",
        "`a",
        "|",
        ">",
        "'",
        '"',
        "{",
        "[a",
        "a]",
        ",",
        "\\",
        "\\n",
        "\t",
        " a",
    ),
    *(
        "a ",
        "a\n",
        "a\nb",
        "\na",
        "a\n\n",
        "a\n\nb\n",
        " a\nb",
        "a\n b",
        "a \nb",
        "a\n---\nb",
        "a\n...\n",
        "a\r\nb",
        "\x85",
    ),
    *(
        "\u2028",
        "\ufeff",
        "\ufeffa",
        "é",
        "\U0001f600",
        "\x00",
        "\x7f",
        "\ufffe",
        "\U0010ffff",
        "a\tb",
        "12",
        "-1",
        "+1",
        "1.",
    ),
)
TEXTS = st.one_of(
    st.sampled_from(ODD),
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.text(" -:#\n\tab|>'\"{}[],&*!%@`?0x1e.~\r\x85", max_size=12),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**40), 10**40),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=12,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=4))
@example({"a": dict.fromkeys(ODD, "x"), "b": list(ODD), "c": [[[], {}], [{"a": []}], {}]})
def test_what_is_written_reads_back_as_it_was(data: JsonObject) -> None:
    (document,) = YamlLoader().load(emit_yaml(data))
    assert document.problems == ()
    assert is_same(document.value, data)
    assert repr(document.value) == repr(data), "members are in their order"


class OlderReader(yaml.SafeLoader):
    """YAML 1.1, but for times, which manifests have without quotes as people write them."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own way
        first: [(tag, found) for tag, found in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@given(st.dictionaries(TEXTS, TEXTS, max_size=4))
@example({text: text for text in ODD if text.isprintable()})
def test_texts_are_texts_for_an_older_reader_too(data: dict[str, str]) -> None:
    assert yaml.load(emit_yaml({**data}), OlderReader) == data


@given(st.dictionaries(TEXTS, VALUES, max_size=4))
def test_the_same_data_is_the_same_text_and_ends_with_a_line_break(data: JsonObject) -> None:
    text = emit_yaml(data)
    assert text == emit_yaml({**data})
    assert text.endswith("\n")
    assert not any(line.endswith(" ") for line in text.split("\n"))
