"""Replacements in a text, one after another, told in the end as replacements in the text as it was."""

from __future__ import annotations

from typing import NamedTuple


class Change(NamedTuple):
    """The text between two offsets (code points, the end exclusive) becomes `text`."""

    start: int
    end: int
    text: str


class Patch:
    """A text while it is changed: `text` is what it has become."""

    def __init__(self, original: str) -> None:
        self.text = original
        self._original = original
        # What the text is made up of: pieces of the original as (start, end), and new texts between them.
        self._pieces: list[tuple[int, int] | str] = [(0, len(original))]

    def apply(self, changes: list[Change]) -> None:
        """Make *changes*, which are told in the offsets of `text` as it is now and do not overlap."""
        for change in sorted(changes, key=lambda one: (one.start, one.end), reverse=True):
            self.text = self.text[: change.start] + change.text + self.text[change.end :]
            before, after = self._cut(change.start), self._cut(change.end)
            self._pieces[before:after] = [change.text] if change.text else []

    def changes(self) -> tuple[Change, ...]:
        """What was changed, in the offsets of the original: sorted and disjoint."""
        found: list[Change] = []
        at, new = 0, ""
        for piece in (*self._pieces, (len(self._original), len(self._original))):
            if isinstance(piece, str):
                new += piece
                continue
            start, end = piece
            if new or start > at:
                found.append(Change(at, start, new))
            at, new = end, ""
        return tuple(found)

    def _cut(self, offset: int) -> int:
        """The number of the piece that begins at *offset* of the text, made to begin there if need be."""
        position = 0
        for number, piece in enumerate(self._pieces):
            if position == offset:
                return number
            length = len(piece) if isinstance(piece, str) else piece[1] - piece[0]
            inside = offset - position
            if inside < length:
                if isinstance(piece, str):
                    self._pieces[number : number + 1] = [piece[:inside], piece[inside:]]
                else:
                    middle = piece[0] + inside
                    self._pieces[number : number + 1] = [(piece[0], middle), (middle, piece[1])]
                return number + 1
            position += length
        return len(self._pieces)
