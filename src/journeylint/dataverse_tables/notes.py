"""What a row has that cannot be read, collected while it is read."""

from __future__ import annotations

from journeylint.dataverse_tables.texts import clean_line
from journeylint.import_ports import NotAnalysed

_MOST_NOTES = 2_000
_LONGEST_NAME = 80


class Notes:
    """Notes in the order in which they were made, one a place; reasons for the same place are joined."""

    def __init__(self) -> None:
        self._reasons: dict[str, list[str]] = {}

    def add(self, place: str, reason: str) -> None:
        """Note that what stands at *place* is not known, because of *reason*, a clause without a full stop."""
        place = clean_line(place)
        if place not in self._reasons and len(self._reasons) >= _MOST_NOTES:
            place, reason = "", "there is more that is not known than can be listed"
        reasons = self._reasons.setdefault(place, [])
        if reason not in reasons:
            reasons.append(reason)

    def listed(self) -> tuple[NotAnalysed, ...]:
        """All notes."""
        return tuple(NotAnalysed(place, "; ".join(reasons)) for place, reasons in self._reasons.items())


def below(place: str, name: str | int) -> str:
    """The place of the member or item *name* of what stands at *place*: `column: actions.8f1e`, `….branches[0]`."""
    if isinstance(name, int):
        return f"{place}[{name}]"
    shown = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
    return f"{place}.{shown}" if ": " in place else f"{place}: {shown}"
