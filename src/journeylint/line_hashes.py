"""GitHub's fingerprints of lines, `primaryLocationLineHash`: by them code scanning knows an alert again that has moved.

The hash of a line is over the 100 UTF-16 units that follow its beginning, without blanks and tabs and with line breaks
as one unit each; after the text comes the unit 65535 and then zeros. It is the polynomial in 37 with the units as
coefficients, modulo 2**64, and behind it stands how many lines so far have had it (source: github/codeql-action).
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
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
    before = list(accumulate(map(len, units.split("\n", max(wanted, default=0))), initial=0))
    starts = [before[line - 1] + line - 1 for line in range(1, len(before))] if len(wanted) > _FEW else []
    counts = list(_count_blocks(units, starts))
    hashes = {}
    for line in wanted:
        if 0 < line < len(before):
            start = before[line - 1] + line - 1
            block = units[start : start + _BLOCK]
            count = counts[line - 1] if counts else _count_before(units, block, before[:line])
            hashes[line] = f"{_hash(block):x}:{count}"
    return hashes


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


def _count_before(units: str, block: str, before: Sequence[int]) -> int:
    """How many lines up to one have its *block*; *before* are the lengths of the text before each, without breaks."""
    start = before[-1] + len(before) - 1
    if not block or units.find(block, 0, start + len(block) - 1) < 0:
        return 1
    return sum(units[one + line : one + line + _BLOCK] == block for line, one in enumerate(before))


def _count_blocks(units: str, starts: Iterable[int]) -> Iterator[int]:
    """For each line that begins at one of *starts* how many up to it have its block: quicker where many are asked for."""
    seen: Counter[str] = Counter()
    for start in starts:
        block = units[start : start + _BLOCK]
        seen[block] += 1
        yield seen[block]


def _hash(block: str) -> int:
    total: int = sum(map(mul, block.encode() if block.isascii() else map(ord, block), _WEIGHTS))
    if len(block) < _BLOCK:
        total += _END * _WEIGHTS[len(block)]
    return total % _MODULUS
