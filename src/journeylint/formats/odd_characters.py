"""Characters that YAML 1.2 does not allow where they stand, told at their place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from journeylint.formats.positions import Cursor, point_at

if TYPE_CHECKING:
    from journeylint.formats.standins import Disguise
    from journeylint.model import Span


class OddCharacters:
    """The characters of a text that are not legal everywhere, in order, handed out document by document."""

    def __init__(self, text: str, disguise: Disguise) -> None:
        self._text = text
        self._rest = disguise.forbidden()
        self._next = next(self._rest, None)
        self._cursor = Cursor(text)

    def has_any_before(self, end: int) -> bool:
        """Whether one that has not been handed out stands before the offset *end*."""
        return self._next is not None and self._next[0] < end

    def describe_before(self, end: int, quoted: Sequence[tuple[int, int]]) -> Iterator[tuple[str, Span]]:
        """What is wrong before the offset *end*, given the offsets of all *quoted* scalars up to there, in order."""
        while self._next is not None and self._next[0] < end:
            offset, quotes_allow = self._next
            self._next = next(self._rest, None)
            if not (quotes_allow and _is_inside(offset, quoted)):
                yield (
                    _describe(self._text[offset], quotes_allow=quotes_allow),
                    point_at(self._cursor.move_to(offset), 1),
                )


def _is_inside(offset: int, ranges: Sequence[tuple[int, int]]) -> bool:
    number = bisect_right(ranges, (offset, offset))
    return number > 0 and offset < ranges[number - 1][1]


def _describe(character: str, *, quotes_allow: bool) -> str:
    name = f"U+{ord(character):04X}"
    if character == "\ufeff":
        return f"an invisible byte order mark ({name}) in the middle of the text: remove it"
    if "\ud800" <= character <= "\udfff":
        return f"half of a surrogate pair ({name}): it is no character, remove it"
    advice = "remove it, or write it as an escape in double quotes"
    return f"the character {name} is not allowed in YAML {'outside quotes' if quotes_allow else 'text'}: {advice}"
