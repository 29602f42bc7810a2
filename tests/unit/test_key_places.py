"""The key of a block: found above its value, and never taken from elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeylint.key_places import find_key


def place(text: str, line: int, column: int) -> tuple[int, int] | None:
    return find_key(text.split("\n"), line, column)


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        ("a:\n  b: 1", 2, 3, (1, 1)),
        ("a:\n- b", 2, 1, (1, 1)),
        ("a:\n  - b", 2, 3, (1, 1)),
        ("x: 1\n  'a b': # why\n\n    # not here:\n    b: 1", 5, 5, (2, 3)),
        ("- a:\n    b: 1", 2, 5, (1, 3)),
        ("- - a: &x\n      b: 1", 2, 7, (1, 5)),
        ("a: !!map &x\n  b: 1", 2, 3, (1, 1)),
        ("a:\n  text\n  goes on", 2, 3, (1, 1)),
    ],
)
def test_the_key_of_a_block_is_the_line_above_it(text: str, line: int, column: int, expected: tuple[int, int]) -> None:
    assert place(text, line, column) == expected


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: 1", 1, 4),
        ("a: {b: 1}", 1, 4),
        ("a:\n  - b: 1", 2, 5),
        ("a:\n  b: 1\n  c: 2", 3, 3),
        ("a:\nb: 1", 2, 1),
        ("---\nb: 1", 2, 1),
        ("# a:\nb: 1", 2, 1),
        ("-\n  b: 1", 2, 3),
        ("b: 1", 1, 1),
        ("", 1, 1),
        ("a:\n", 7, 1),
        ("a:\n  b: 1", 0, 1),
    ],
)
def test_there_is_none_where_the_value_is_beside_its_key_or_has_no_key(text: str, line: int, column: int) -> None:
    assert place(text, line, column) is None


@given(st.lists(st.text("ab:-# \t&!'{", max_size=8), max_size=6), st.integers(-1, 8), st.integers(1, 9))
def test_a_key_is_above_its_value(lines: list[str], line: int, column: int) -> None:
    found = find_key(lines, line, column)
    assert found is None or (found[0] < line and found[1] <= column)
