"""Names for what is wrong that stay when lines and items move: SARIF's `journeylint/v1`, GitLab's fingerprints.

A finding's is over its policy, its manifest and the place in it as `Detail.stable_pointer` names it; a failure's over its
code, its manifest (or file, where that is unknown) and its pointer. So reformatting, moving a file or reordering a list
changes none of a finding, and the same mistake in another journey has another. What could not be judged has no such
names for the items of its lists: a failure's fingerprint changes with their order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from journeylint.model import Failure, Finding

_PRIME = 2**128 - 159
"""Fingerprints are texts as numbers modulo this: no secret hangs on them, and `hashlib` takes 4 ms of a run to import."""


class Fingerprints:
    """Fingerprints for one report: 32 hexadecimal digits; the second of the same findings has `:2` behind them."""

    def __init__(self) -> None:
        self._occurrences: dict[str, int] = {}

    def of_finding(self, finding: Finding) -> str:
        """The fingerprint of *finding*, another one each time it is asked for."""
        detail = finding.detail
        pointer = (detail and detail.stable_pointer) or finding.location.pointer
        return self._number("\0".join((finding.policy, *finding.manifest, pointer)))

    def of_failure(self, failure: Failure) -> str:
        """The fingerprint of *failure*, another one each time it is asked for."""
        location = failure.location
        return self._number("\0".join((failure.code.value, *(failure.manifest or (location.path,)), location.pointer)))

    def _number(self, place: str) -> str:
        digest = f"{int.from_bytes(place.encode('utf-8', 'surrogatepass')) % _PRIME:032x}"
        self._occurrences[digest] = occurrence = self._occurrences.get(digest, 0) + 1
        return digest if occurrence == 1 else f"{digest}:{occurrence}"
