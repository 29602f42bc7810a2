"""The fingerprints of lines are those that GitHub's own way of going through a text, unit by unit, comes to."""

from __future__ import annotations

import struct

from hypothesis import example, given, settings
from hypothesis import strategies as st

from journeylint.line_hashes import hash_lines

BLOCK, MULTIPLIER, MODULUS = 100, 37, 1 << 64
TAB, LINE_FEED, RETURN, BLANK, END = 9, 10, 13, 32, 65535


class RollingHash:
    """A window of the last 100 units; a line is told once the window begins with its first unit."""

    def __init__(self) -> None:
        self.window = [0] * BLOCK
        self.line_at: list[int | None] = [None] * BLOCK
        self.position = 0
        self.value = 0
        self.told: dict[int, str] = {}
        self.counts: dict[int, int] = {}

    def tell_line(self) -> None:
        """Tell the line that begins where the window does, if one does."""
        line = self.line_at[self.position]
        if line is not None:
            self.counts[self.value] = self.counts.get(self.value, 0) + 1
            self.told[line] = f"{self.value:x}:{self.counts[self.value]}"
            self.line_at[self.position] = None

    def push(self, unit: int) -> None:
        """Move the window by *unit*."""
        leaving = self.window[self.position]
        self.window[self.position] = unit
        self.value = (self.value * MULTIPLIER + unit - leaving * MULTIPLIER**BLOCK) % MODULUS
        self.position = (self.position + 1) % BLOCK


def hash_unit_by_unit(text: str) -> dict[int, str]:
    """The hashes of all lines of *text*."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    units = struct.unpack(f"<{len(encoded) // 2}H", encoded)
    rolling, line, at_start, after_return = RollingHash(), 0, True, False
    for unit in (*units, END):
        is_second_half = after_return and unit == LINE_FEED
        after_return = unit == RETURN
        if unit in (BLANK, TAB) or is_second_half:
            continue
        rolling.tell_line()
        if at_start:
            line += 1
            rolling.line_at[rolling.position] = line
        at_start = unit in (RETURN, LINE_FEED)
        rolling.push(LINE_FEED if unit == RETURN else unit)
    for _ in range(BLOCK):
        rolling.tell_line()
        rolling.push(0)
    return rolling.told


BREAKS = ("\n", "\r", "\r\n", "\r \n", "\r\t\n")
CHARACTERS = (" ", "\t", "a", "\U0001f600", "\ufeff", "\ud800", "\udc00", "\x00", "\u2028", "\x85", "é")
LONG = ("x" * 49, "x" * 50, "y" * 99, "z" * 100, "  - {name: vip, role: audience}\n")
PIECES = st.sampled_from((*BREAKS, *CHARACTERS, *LONG))
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=400)


@settings(deadline=None, max_examples=250)
@given(TEXTS)
@example("")
@example("\r \n")
@example("\ufeff# a\r\nb")
@example("x" * 99 + "\n" + "x" * 99 + "\n")
def test_every_line_has_the_hash_that_a_walk_through_the_units_gives(text: str) -> None:
    expected = hash_unit_by_unit(text)
    assert hash_lines(text, set(range(len(text) + 3))) == expected


@settings(deadline=None, max_examples=100)
@given(TEXTS, st.sets(st.integers(-2, 60)))
def test_a_wanted_line_has_its_hash_whatever_else_is_wanted(text: str, wanted: set[int]) -> None:
    every = hash_lines(text, set(range(len(text) + 3)))
    assert hash_lines(text, wanted) == {line: every[line] for line in sorted(wanted) if line in every}
