"""Which results a SARIF log can hold: GitHub code scanning refuses one with too many, and one that is too large.

The worst stay. How bad a result is its rank tells, 0 for the worst; of one rank those that come first stay.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from journeylint.builtins.sarif.texts import byte_length

MOST_RESULTS = 25_000
MOST_BYTES = 10_000_000
"""Of the whole log, compressed by gzip."""

_FRAME = 10_000  # more than gzip adds to a log of that size which it cannot make smaller
_CLEARLY = 0.9
_QUICK_LEVEL, _USUAL_LEVEL = 1, 6
_GZIP_FORMAT = 31
_MARGIN = 0.98


def keep_worst(ranks: Sequence[int], most: int = MOST_RESULTS) -> list[int]:
    """The indexes of the *most* worst of the results with these *ranks*, in ascending order."""
    indexes = range(len(ranks))
    if len(ranks) <= most:
        return list(indexes)
    return sorted(sorted(indexes, key=ranks.__getitem__)[:most])


def keep_fitting(
    ranks: Sequence[int], sizes: Sequence[int], measure: Callable[[Sequence[int]], int], most: int = MOST_BYTES
) -> list[int]:
    """The indexes, in ascending order, of the worst results that fit into a log of *most* bytes.

    *sizes* are those of the results before compression; *measure* gives the size of the log with the results at some
    indexes. It is asked as rarely as can be, so that a few more results might fit.
    """
    worst_first = sorted(range(len(ranks)), key=ranks.__getitem__)
    totals = list(accumulate(sizes[index] for index in worst_first))
    frame = measure(())
    kept = len(ranks) if frame < most else 0
    while kept and (size := measure(sorted(worst_first[:kept]))) > most:
        bytes_left = totals[kept - 1] * (most - frame) / (size - frame) * _MARGIN
        kept = min(kept - 1, bisect_right(totals, bytes_left, 0, kept))
    return sorted(worst_first[:kept])


def compressed_size(texts: Sequence[str], most: int = MOST_BYTES) -> int:
    """How many bytes *texts* take after gzip, or a number that is higher but below *most*."""
    bound = byte_length(texts) + _FRAME
    compressor = zlib.compressobj(_QUICK_LEVEL, wbits=_GZIP_FORMAT)
    for text in texts:  # as few as are needed to know that it fits even if the others could not be made smaller
        if bound <= most:
            bound += len(compressor.flush(zlib.Z_SYNC_FLUSH))  # what it holds back
            if bound <= most:
                return bound
        encoded = text.encode()
        bound += len(compressor.compress(encoded)) - len(encoded)
    bound += len(compressor.flush())
    return bound if bound <= most * _CLEARLY else _compress(texts)


def _compress(texts: Iterable[str]) -> int:
    compressor = zlib.compressobj(_USUAL_LEVEL, wbits=_GZIP_FORMAT)
    return sum(len(compressor.compress(text.encode())) for text in texts) + len(compressor.flush())
