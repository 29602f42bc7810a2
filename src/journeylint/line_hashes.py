"""GitHub's fingerprints of lines, `primaryLocationLineHash`: by them code scanning knows an alert again that has moved.

The hash of a line is over the 100 UTF-16 units that follow its beginning, without blanks and tabs and with line breaks
as one unit each; after the text comes the unit 65535 and then zeros. It is the polynomial in 37 with the units as
coefficients, modulo 2**64, and behind it stands how many lines so far have had it (source: github/codeql-action).
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from itertools import accumulate
from operator import mul

_BLOCK = 100
_MODULUS = 1 << 64
_WEIGHTS = tuple(pow(37, _BLOCK - 1 - position, _MODULUS) for position in range(_BLOCK))
_END = 0xFFFF
_LAST_OF_ONE_UNIT = "\uffff"
_FEW = 12
"""Of so many lines it is quicker to look for earlier ones that are alike than to count all lines."""


def hash_lines(text: str, wanted: AbstractSet[int]) -> dict[int, str]:
    """The hashes of the *wanted* lines of *text* (1-based; those that are not there are left out)."""
    units = _normalize(text)
    lengths = map(len, units.split("\n", max(wanted, default=0)))
    starts = [total + line for line, total in enumerate(accumulate(lengths, initial=0))][:-1]
    lines = sorted(line for line in wanted if 0 < line <= len(starts))
    count = _count_by_search if len(lines) <= _FEW else _count_all
    occurrences = count(units, starts, lines)
    return {line: f"{_hash(_block(units, starts[line - 1])):x}:{occurrences[line]}" for line in lines}


def _normalize(text: str) -> str:
    """A unit a character: line breaks as `\\n`, no blanks and tabs."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        return text.encode().translate(None, b" \t").decode()  # in a third of the time of two replacements
    text = text.replace(" ", "").replace("\t", "")
    if max(text) <= _LAST_OF_ONE_UNIT:
        return text
    return "".join(map(chr, array("H", text.encode("utf-16", "surrogatepass")[2:])))


def _block(units: str, start: int) -> str:
    return units[start : start + _BLOCK]


def _count_by_search(units: str, starts: list[int], lines: list[int]) -> dict[int, int]:
    """For each of *lines* how many lines up to it have its block."""
    counts = dict.fromkeys(lines, 1)
    for line in lines:
        start = starts[line - 1]
        block = _block(units, start)
        if block and units.find(block, 0, start + len(block) - 1) >= 0:
            counts[line] += sum(_block(units, earlier) == block for earlier in starts[: line - 1])
    return counts


def _count_all(units: str, starts: list[int], lines: list[int]) -> dict[int, int]:
    """As `_count_by_search`, in one pass over all lines."""
    return dict(zip(range(1, lines[-1] + 1), _number(units, starts), strict=False))


def _number(units: str, starts: list[int]) -> Iterator[int]:
    seen: Counter[str] = Counter()
    for start in starts:
        block = _block(units, start)
        seen[block] += 1
        yield seen[block]


def _hash(block: str) -> int:
    total: int = sum(map(mul, block.encode() if block.isascii() else map(ord, block), _WEIGHTS))
    if len(block) < _BLOCK:
        total += _END * _WEIGHTS[len(block)]
    return total % _MODULUS
