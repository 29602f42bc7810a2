"""Source lines with carets: where they stand, for tabs, wide characters and lines that are too long."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeylint.builtins.code_frame import frame
from journeylint.model import Span
from journeylint.terminal import LINE_WIDTH, Style, cells_of, painter

PLAIN = painter(color=False)


def drawn(lines: list[str], span: tuple[int, int, int, int], first_line: int = 1) -> list[str]:
    return frame(lines, first_line, span=Span(*span), paint=PLAIN, style=Style.ERROR, indent="")


def marked(line: str, begin: int, end: int) -> str:
    """What stands above the carets, for code points from 0-based *begin* to *end*."""
    _, code, carets = drawn([line], (1, begin + 1, 1, end + 1))[:3]
    start = carets.index("^")
    return code[start : start + carets.count("^")]


def test_carets_stand_below_the_span() -> None:
    assert drawn(["name: vip"], (1, 7, 1, 10)) == ["  |", "1 | name: vip", "  |       ^^^"]


def test_a_span_of_three_lines_is_shown_whole() -> None:
    assert drawn(["a: b", "c: d", "e: f"], (1, 1, 3, 5)) == ["  |", "1 | a: b", "  | ^^^^", "2 | c: d", "3 | e: f"]


def test_a_longer_span_goes_on_visibly() -> None:
    assert drawn(["a", "b", "c", "d"], (1, 1, 4, 2))[-2:] == ["3 | c", "… |"]


def test_lines_after_the_span_are_not_shown() -> None:
    assert len(drawn(["a", "b", "c"], (1, 1, 1, 2))) == 3


def test_lines_before_the_span_lead_to_it() -> None:
    assert drawn(["a:", "  - b", "  - c"], (10, 3, 11, 6), first_line=9) == [
        "   |",
        " 9 | a:",
        "10 |   - b",
        "   |   ^^^",
        "11 |   - c",
    ]


def test_lines_before_the_span_are_not_counted_among_its_own() -> None:
    assert drawn(["a:", "  # b", "  c", "  d", "  e", "  f"], (3, 3, 6, 4))[1:] == [
        *("1 | a:", "2 |   # b", "3 |   c", "  |   ^", "4 |   d", "5 |   e", "… |")
    ]


@pytest.mark.parametrize("first_line", [2, 9])
def test_there_is_no_frame_without_the_first_line(first_line: int) -> None:
    assert drawn([], (1, 1, 1, 2)) == []
    assert drawn(["a"], (1, 1, 1, 2), first_line=first_line) == []


def test_line_numbers_are_aligned() -> None:
    assert drawn(["a", "b"], (9, 1, 10, 2), first_line=9) == ["   |", " 9 | a", "   | ^", "10 | b"]


def test_an_empty_span_gets_one_caret() -> None:
    assert drawn(["abc"], (1, 2, 1, 2))[2] == "  |  ^"


def test_a_span_past_the_end_of_the_line_gets_a_caret_after_it() -> None:
    assert drawn(["abc"], (1, 9, 1, 9))[2] == "  |    ^"
    assert drawn([""], (1, 1, 1, 1)) == ["  |", "1 |", "  | ^"]


def test_a_tab_is_drawn_to_its_stop() -> None:
    assert drawn(["a\tb"], (1, 3, 1, 4))[1:] == ["1 | a   b", "  |     ^"]


def test_wide_characters_take_two_cells() -> None:
    assert drawn(["名前: 顧客"], (1, 5, 1, 7))[1:] == ["1 | 名前: 顧客", "  |       ^^^^"]


def test_combining_characters_take_none() -> None:
    assert drawn(["e\u0301: x"], (1, 5, 1, 6))[2] == "  |    ^"


def test_control_characters_are_shown_and_counted() -> None:
    assert drawn(["\x1b[31m: x"], (1, 8, 1, 9))[1:] == ["1 | ␛[31m: x", "  |        ^"]


def test_a_line_that_just_fits_is_not_cut() -> None:
    room = LINE_WIDTH - len("1 | ")
    assert drawn(["x" * room], (1, 1, 1, 2))[1] == "1 | " + "x" * room
    assert drawn(["x" * (room + 1)], (1, 1, 1, 2))[1] == "1 | " + "x" * (room - 1) + "…"


@pytest.mark.parametrize("before", [0, 10, 60, 74, 75, 76, 77, 200, 1_000_000])
@pytest.mark.parametrize("after", [0, 1, 70, 1_000_000])
def test_a_long_line_is_cut_around_the_span(before: int, after: int) -> None:
    assert marked("a" * before + "HERE" + "b" * after, before, before + 4) == "HERE"


def test_a_span_that_is_too_long_is_marked_as_far_as_it_is_shown() -> None:
    assert set(marked("a" * 50 + "H" * 500 + "b", 50, 550)) <= {"H", "…"}


@settings(deadline=None, max_examples=150)
@given(st.text(st.characters(exclude_characters="\n"), max_size=250), st.integers(0, 260), st.integers(0, 260))
def test_no_line_is_wider_than_the_terminal(line: str, begin: int, length: int) -> None:
    for row in drawn([line], (1, begin + 1, 1, begin + length + 1)):
        assert cells_of(row) <= LINE_WIDTH + 1


@settings(deadline=None, max_examples=150)
@given(st.text("abc漢é\t ", max_size=250), st.integers(0, 250), st.integers(1, 20))
def test_the_carets_begin_below_the_first_marked_character(line: str, begin: int, length: int) -> None:
    line, begin = f"{line}x", min(begin, len(line))  # blanks at the end of a line are not drawn
    _, code, carets = drawn([line], (1, begin + 1, 1, begin + length + 1))[:3]
    cells = carets.index("^")
    shown = next((at for at in range(len(code) + 1) if cells_of(code[:at]) == cells), None)
    assert shown is not None
    expected = line[begin]
    assert code[shown : shown + 1].strip() == ("" if expected in "\t " else expected)
