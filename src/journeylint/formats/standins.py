"""The characters that libyaml and YAML 1.2 see differently, hidden from libyaml behind others that both see alike.

libyaml takes U+0085, U+2028 and U+2029 for line breaks, drops U+FEFF at the beginning of a line, and refuses a whole
file for one control character in its last comment. Each such character is replaced by a private-use one that the text
has nowhere, so that positions stay what they are, and put back into the values. The escapes `\\ud83d\\ude00`, which
JSON writers make of an emoji and libyaml refuses, are hidden in the same way.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

_ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_LEGAL_ANYWHERE = frozenset("\x85\u2028\u2029")
_LEGAL_NOWHERE = re.compile("[\x00-\x1f\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_PAIR = re.compile(r"(?<!\\)(?:\\\\)*(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})")
_ODD_BLOCKS = range(0xF0000, 0xF0800, 0x100)
_PAIR_BLOCKS = (0xE000, 0xE800, 0xF000)
_SURROGATES = range(0xD800, 0xE000)
_REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True)
class Disguise:
    """A text made fit for libyaml (`text`, as long as the `original`), and the way back."""

    original: str
    text: str
    originals: dict[int, str]
    pair_offsets: tuple[int, ...]
    pair_block: int

    def reveal(self, value: str, start: int, end: int, *, double_quoted: bool) -> str:
        """What *value*, the content of the scalar between two offsets of `text`, is in the original."""
        if self.pair_offsets:
            value = self._join_escapes(value) if double_quoted else self._restore_text(value, start, end)
        return value.translate(self.originals) if self.originals else value

    def forbidden(self) -> Iterator[tuple[int, bool]]:
        """The offsets of the characters that YAML 1.2 does not allow everywhere, and whether it does inside quotes."""
        for found in _ODD.finditer(self.original):
            if found[0] not in _LEGAL_ANYWHERE or not self.originals:
                yield found.start(), bool(self.originals) and not _LEGAL_NOWHERE.match(found[0])

    def _join_escapes(self, value: str) -> str:
        units = re.compile(f"[{chr(self.pair_block)}-{chr(self.pair_block + len(_SURROGATES) - 1)}]{{2}}")
        shift = _SURROGATES.start - self.pair_block

        def join(found: re.Match[str]) -> str:
            high, low = (ord(unit) + shift for unit in found[0])
            return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))

        return units.sub(join, value)

    def _restore_text(self, value: str, start: int, end: int) -> str:
        first, last = bisect_left(self.pair_offsets, start), bisect_left(self.pair_offsets, end)
        for offset in self.pair_offsets[first:last]:
            hidden = self.text[offset : offset + 12]
            value = value.replace(hidden, self.original[offset : offset + 12], 1)
        return value


def disguise(text: str) -> Disguise | None:
    """*text* made fit for libyaml, or None where it is fit as it is."""
    # Ten times faster than the searches, and enough for nearly every text: no odd character is printable.
    if "\\u" not in text and text.replace("\n", "").isprintable():
        return None
    odd, pairs = _ODD.search(text) is not None, _PAIR.search(text) is not None
    if not (odd or pairs):
        return None
    hidden, originals = _hide_odd(text) if odd else (text, {})
    hidden, offsets, block = _hide_pairs(hidden) if pairs else (hidden, (), 0)
    return Disguise(text, hidden, originals, offsets, block)


def _hide_odd(text: str) -> tuple[str, dict[int, str]]:
    text = _SURROGATE.sub(_REPLACEMENT, text)
    block = next((block for block in _ODD_BLOCKS if not _mentions(text, block, 0x100, f"000{block >> 8:x}")), None)
    if block is None:
        return _ODD.sub(_REPLACEMENT, text), {}
    characters = sorted(set(_ODD.findall(text)))
    table = {ord(character): chr(block + number) for number, character in enumerate(characters)}
    return text.translate(table), {ord(hidden): chr(code) for code, hidden in table.items()}


def _hide_pairs(text: str) -> tuple[str, tuple[int, ...], int]:
    for block in _PAIR_BLOCKS:
        high = f"{block >> 12:x}[{'0-7' if block & 0x800 == 0 else '89a-f'}]"
        if not _mentions(text, block, len(_SURROGATES), f"(?:0000)?{high}"):
            break
    else:
        return text, (), 0
    shift = block - _SURROGATES.start

    def hide(found: re.Match[str]) -> str:
        high, low = found[1][2:6], found[1][8:12]
        before = found[0][: -len(found[1])]
        return f"{before}\\u{int(high, 16) + shift:04x}\\u{int(low, 16) + shift:04x}"

    return _PAIR.sub(hide, text), tuple(found.start(1) for found in _PAIR.finditer(text)), block


def _mentions(text: str, block: int, size: int, escape: str) -> bool:
    """Whether *text* holds a character of the block, or an escape that may stand for one."""
    pattern = f"[{chr(block)}-{chr(block + size - 1)}]|\\\\[uU]{escape}"
    return re.search(pattern, text, re.IGNORECASE) is not None
