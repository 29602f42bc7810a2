"""GitHub's fingerprints of lines, `primaryLocationLineHash`: by them code scanning knows an alert again that has moved.

The hash of a line is over the 100 UTF-16 units that follow its beginning, without blanks and tabs and with line breaks
as one unit each; after the text comes the unit 65535 and then zeros. It is the polynomial in 37 with the units as
coefficients, modulo 2**64, and behind it stands how many lines so far have had it (source: github/codeql-action).
"""

from __future__ import annotations

from array import array
from collections.abc import Set as AbstractSet
from operator import mul

_BLOCK = 100
_MODULUS = 1 << 64
_WEIGHTS = tuple(pow(37, _BLOCK - 1 - position, _MODULUS) for position in range(_BLOCK))
_END = "\uffff"
_LAST_OF_ONE_UNIT = "\uffff"


def hash_lines(text: str, wanted: AbstractSet[int]) -> dict[int, str]:
    """The hashes of the *wanted* lines of *text* (1-based; those that are not there are left out)."""
    units = _normalize(text)
    hashes: dict[int, str] = {}
    counts: dict[str, int] = {}
    start, line, last = 0, 1, max(wanted, default=0)
    while line <= last and start < len(units):
        block = units[start : start + _BLOCK]
        counts[block] = occurrence = counts.get(block, 0) + 1
        if line in wanted:
            hashes[line] = f"{_hash(block):x}:{occurrence}"
        start = units.find("\n", start) + 1
        if not start:
            break
        line += 1
    return hashes


def _normalize(text: str) -> str:
    """A character a unit: line breaks as `\\n`, no blanks and tabs, the end marked."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace(" ", "").replace("\t", "")
    if not text.isascii() and max(text) > _LAST_OF_ONE_UNIT:
        text = "".join(map(chr, array("H", text.encode("utf-16", "surrogatepass")[2:])))
    return text + _END


def _hash(block: str) -> int:
    total: int = sum(map(mul, map(ord, block), _WEIGHTS))
    return total % _MODULUS
