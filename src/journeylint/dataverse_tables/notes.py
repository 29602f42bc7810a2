"""What a row has that cannot be read, collected while it is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from journeylint.dataverse_tables.texts import clean_line
from journeylint.import_ports import NotAnalysed

Place: TypeAlias = "str | tuple[Place, str | int]"
"""Where something stands: a column, or a place and the member or item of what stands there.

Most places are never told, so they are put into words only when they are.
"""

_MOST_NOTES = 2_000
_MOST_REASONS = 10
_MOST_UNREAD = 100
_LONGEST_NAME = 80


class Notes:
    """Notes in the order in which they were made, one a place; reasons for the same place are joined.

    Apart from them are the members that nobody knows: a JSON that is not documented has many, and most change nothing.
    """

    def __init__(self) -> None:
        self._reasons: dict[str, dict[str, None]] = {}
        self._unread: dict[str, None] = {}

    def add(self, place: Place, reason: str) -> None:
        """Note that what stands at *place* is not known, because of *reason*, a clause without a full stop."""
        told = describe_place(place)
        if told not in self._reasons and len(self._reasons) >= _MOST_NOTES:
            told, reason = "the row", "there is more that is not known than can be listed"
        reasons = self._reasons.setdefault(told, {})
        reasons[reason if len(reasons) < _MOST_REASONS else "and more"] = None

    def __contains__(self, column: object) -> bool:
        """Whether the whole of *column* is noted."""
        return column in self._reasons

    def check_members(self, owner: str, record: Mapping[str, object], known: frozenset[str]) -> None:
        """Remember the members of *record* that are not *known*, each once for all records of this *owner*."""
        if not known.issuperset(record):
            for name in record:
                if name not in known:
                    told = (
                        f"{owner}{clean_line(name)[:_LONGEST_NAME]}" if len(self._unread) < _MOST_UNREAD else "and more"
                    )
                    self._unread[told] = None

    def unread(self) -> list[str]:
        """The members that were read past, in the order in which they were met: 100 at most, and `and more` where there are."""
        return list(self._unread)

    def listed(self) -> tuple[NotAnalysed, ...]:
        """All notes."""
        return tuple(NotAnalysed(place, "; ".join(reasons)) for place, reasons in self._reasons.items())


def describe_place(place: Place) -> str:
    """The *place* for people: `msdynmkt_journeyjson: actions.8f1e.parameters.branches[0]`; items count from 0."""
    names: list[str] = []
    while isinstance(place, tuple):
        place, name = place
        names.append(f"[{name}]" if isinstance(name, int) else f".{clean_line(name)[:_LONGEST_NAME]}")
    if not names:
        return place
    way = "".join(reversed(names))
    return f"{place}: {way.removeprefix('.')}"
