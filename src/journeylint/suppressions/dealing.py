"""Deals entries of the baseline out to findings: each entry accepts one, so that a second one of the same kind is new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from journeylint.evaluate import STABLE_POINTER, VALUE, FindingRow
from journeylint.model import Identity
from journeylint.stable_pointers import without_ordinals
from journeylint.suppressions.claims import KeyReach

_Key: TypeAlias = "tuple[str, Identity, str, str]"


class Dealing:
    """Entries, by what they accept, and which of them are needed. Entries are known by numbers."""

    def __init__(self) -> None:
        self._current: dict[_Key, list[int]] = {}
        self._over: dict[_Key, list[int]] = {}
        self.occurring: set[int] = set()
        """Those that are over, and whose findings are still there: they suppress nothing, but are not stale."""

    def add(self, policy: str, reach: KeyReach, number: int, *, is_over: bool) -> None:
        """Put an entry down. Of several for the same the first is needed first."""
        entries = self._over if is_over else self._current
        entries.setdefault((policy, reach.manifest, reach.pointer, reach.value), []).append(number)

    def deal(self, rows: Sequence[FindingRow], covering: Sequence[set[int]]) -> None:
        """Add to *covering*, the numbers of what covers each of *rows*, those of the entries that do.

        A row that is covered by something else gets one of those that are left when all others have theirs.
        """
        if not (self._current or self._over):
            return
        positions = sorted(range(len(rows)), key=lambda position: bool(covering[position]))
        for position in positions:
            key = _key_of(rows[position])
            if numbers := self._current.get(key):
                covering[position].add(numbers.pop(0))
            elif numbers := self._over.get(key):
                self.occurring.add(numbers.pop(0))


def _key_of(row: FindingRow) -> _Key:
    value = "" if row.detail is None else str(row.detail[VALUE])
    return row.policy, Identity(row.environment, row.kind, row.name), without_ordinals(stable_pointer(row)), value


def stable_pointer(row: FindingRow) -> str:
    """The stable pointer of *row*, or its pointer where it has none."""
    return (row.detail[STABLE_POINTER] if row.detail is not None else "") or row.pointer
