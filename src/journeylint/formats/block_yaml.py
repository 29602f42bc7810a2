"""The fast reader of YAML: goes over a file line by line where every line is of the plain sort (`block_lines`).

Most files are written so, and reading them in this way takes a fraction of what libyaml's events take. It reads a whole
file exactly as the composer does, or nothing of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from journeylint.formats.block_lines import OUTSIDE, SEPARATOR, LineReader
from journeylint.formats.block_spans import DocumentLocator, RecentNodes
from journeylint.model import Document

if TYPE_CHECKING:
    from journeylint.formats.limits import Limits
    from journeylint.model import JsonValue

_MOST_NODES_OF_A_LINE = 3


class BlockReader:
    """Reads files of plain lines. One reader may read many files: it remembers what lines mean."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lines = LineReader(limits)
        self._recent = RecentNodes()

    def read(self, text: str) -> list[Document] | None:
        """The documents of *text*, or None where a line is not of the plain sort or something is wrong."""
        lines = text.split("\r\n" if "\r" in text else "\n")
        if len(lines) * _MOST_NODES_OF_A_LINE > self._limits.nodes:
            return None
        roots = self._read_roots(lines)
        if roots is None or len(roots) > self._limits.documents:
            return None
        recent = self._recent
        return [Document(n + 1, root, DocumentLocator(text, n, recent)) for n, root in enumerate(roots)]

    def _read_roots(self, lines: list[str]) -> list[JsonValue] | None:  # noqa: C901, PLR0912 - the hot loop
        """The root of every document."""
        get_known, learn = self._lines.known.get, self._lines.learn
        roots: list[JsonValue] = []
        # The collections that are open, the innermost one apart; the outermost one holds the root.
        container: Any = {}
        pending: str | None = ""
        holder, level, is_begun = container, OUTSIDE, False
        outer: list[tuple[int, Any]] = []
        for text in lines:
            line = get_known(text) or learn(text)
            if line is None:
                return None
            line_level, key, value, line_pending, item_level = line
            if line_level != level:
                if line_level > level:
                    if pending is None:
                        return None
                    child: Any = [] if item_level else {}
                    container[pending] = child
                    outer.append((level, container))
                    container, level = child, line_level
                elif line_level >= 0:
                    while level > line_level:
                        level, container = outer.pop()
                    if level != line_level:
                        return None
                elif line_level == SEPARATOR:
                    if holder:
                        roots.append(holder[""])
                    elif is_begun:
                        return None
                    container = holder = {}
                    level, pending, is_begun = OUTSIDE, "", True
                    outer.clear()
                    continue
                else:
                    continue
            if not item_level:
                if key in container:
                    return None
                container[key] = value
            elif key is None:
                container.append(value)
            else:
                item = {key: value}
                container.append(item)
                outer.append((level, container))
                container, level = item, item_level
            pending = line_pending
        if holder:
            roots.append(holder[""])
        return roots if holder or not is_begun else None
