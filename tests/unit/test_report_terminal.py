"""Text for terminals: made visible, measured, wrapped and shortened."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeylint.terminal import (
    Style,
    cells_of,
    defuse_commands,
    make_visible,
    painter,
    shorten,
    show_path,
    wrap,
    wrap_paragraphs,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "␛[31m"),
        ("\x00\x07\x7f", "␀␇␡"),
        ("a\r\nb\tc", "a␍␊b␉c"),
        ("\x9b31m", "<U+009B>31m"),
        ("\u202eabc\u2066", "<U+202E>abc<U+2066>"),
        ("\u200b\ufeff\u2028", "<U+200B><U+FEFF><U+2028>"),
        ("\udcff", "<U+DCFF>"),
        ("\U000e0041", "<U+E0041>"),
    ],
)
def test_what_a_terminal_would_obey_or_hide_is_written_out(text: str, shown: str) -> None:
    assert make_visible(text) == shown


@pytest.mark.parametrize(
    "text", ["", "plain", "Größe", "漢字", "👩\u200d💻", "a\u00a0b", "e\u0301", "\u0645\u06cc\u200c\u062e"]
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert make_visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a ##[error]b", r"a #\#[error]b"),
        ("###[group]", r"##\#[group]"),
        ("##vso[task.complete]", r"#\#vso[task.complete]"),
        ("##vso", r"#\#vso"),
        ("##VSO[x]", r"#\#VSO[x]"),
        ("#\u200d#\ufe0f[x]", "#\\\u200d#\ufe0f[x]"),
        ("##\u200dv\u200dso[x]", "#\\#\u200dv\u200dso[x]"),
        ("##[a]##[b]", r"#\#[a]#\#[b]"),
        ("::error::x", r"\::error::x"),
        (" \u3000::error::x", " \u3000\\::error::x"),
    ],
)
def test_what_a_ci_system_would_take_for_a_command_is_broken(text: str, shown: str) -> None:
    assert make_visible(text) == defuse_commands(text) == shown


@pytest.mark.parametrize("text", ["# a [b]", "## a", "#[a]", "# # [a]", "##v[a]", "a ::b", "a::b", ":a:", ": :", "#️⃣"])
def test_what_only_looks_like_a_command_stays_as_it_is(text: str) -> None:
    assert make_visible(text) == defuse_commands(text) == text


def test_commands_are_broken_at_the_beginning_of_each_line() -> None:
    assert defuse_commands("a ::b\n\n  ::c::\n::d") == "a ::b\n\n  \\::c::\n\\::d"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("::error::x.yaml", "./::error::x.yaml"),
        (" ::a", "./ ::a"),
        ("a::b", "a::b"),
        ("##[a].yaml", r"#\#[a].yaml"),
        ("\x85::a", "./<U+0085>::a"),
    ],
)
def test_a_path_that_would_start_a_command_is_named_from_its_folder(path: str, shown: str) -> None:
    assert show_path(path) == shown


def test_a_wrapped_line_is_no_command() -> None:
    assert wrap("aaa ::b:: ::c:: ##[d]", first="  ", rest="  ", width=6) == [
        "  aaa",
        r"  \::b::",
        r"  \::c::",
        r"  #\#[d]",
    ]
    assert wrap("a ::b::") == ["a ::b::"]


def test_cells_count_wide_and_combining_characters() -> None:
    assert [cells_of(text) for text in ("", "abc", "漢字", "e\u0301", "\uff41")] == [0, 3, 4, 1, 2]


def test_words_are_wrapped_at_the_width() -> None:
    assert wrap("aaa bbb ccc", first="> ", rest="  ", width=9) == ["> aaa bbb", "  ccc"]
    assert wrap("aaa bbb ccc", first="> ", rest="  ", width=8) == ["> aaa", "  bbb", "  ccc"]


def test_a_word_longer_than_the_line_stands_alone() -> None:
    assert wrap("a " + "b" * 20 + " c", width=8) == ["a", "b" * 20, "c"]


def test_line_breaks_in_a_wrapped_text_are_blanks() -> None:
    assert wrap("a\nb\r\n  c") == ["a b c"]


def test_no_text_is_one_empty_line() -> None:
    assert wrap("", first="  ") == [""]


def test_paragraphs_keep_their_lines() -> None:
    assert wrap_paragraphs("a\n\nb\n", first="> ", rest="  ") == ["> a", "", "  b"]


def test_shortening_leaves_what_fits() -> None:
    assert shorten("abcde", 5) == "abcde"
    assert shorten("abcdef", 5) == "abcd…"
    assert shorten("漢漢漢", 5) == "漢漢…"


def test_styles_are_sequences_only_where_colors_are_welcome() -> None:
    assert painter(color=True)("x", Style.ERROR) == "\x1b[1;31mx\x1b[0m"
    assert painter(color=False)("x", Style.ERROR) == "x"
    assert painter(color=True)("", Style.ERROR) == ""


@settings(deadline=None, max_examples=100)
@given(st.text(), st.integers(2, 40))
def test_a_shortened_text_fits(text: str, cells: int) -> None:
    assert cells_of(shorten(text, cells)) <= cells


@settings(deadline=None, max_examples=100)
@given(st.lists(st.text("abc漢", min_size=1, max_size=12), max_size=20))
def test_wrapping_keeps_every_word(words: list[str]) -> None:
    assert " ".join(wrap(" ".join(words), width=10)).split() == words
