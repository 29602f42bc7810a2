"""Where the nodes of a document stand, kept compactly: 28 bytes a node."""

from __future__ import annotations

from array import array

from journeylint.model import Span
from journeylint.pointers import tokens_of

Place = tuple[int, int]
"""A 1-based line and a 1-based code-point column."""


class SpanTree:
    """The spans of a document's nodes in the order of the text, parents before children.

    `labels` has a node's key, or None for an item of a list; `ends` the number of the first node after its children;
    `marks` its line, column, end line and end column. A reader appends to it while it composes.
    """

    __slots__ = ("ends", "labels", "marks")

    def __init__(self) -> None:
        self.labels: list[str | None] = []
        self.ends = array("I")
        self.marks = array("I")

    def open(self, label: str | None, start: Place) -> int:
        """Append a node that begins at *start*; returns its number."""
        node = len(self.labels)
        self.labels.append(label)
        self.ends.append(0)
        self.marks.extend((*start, *start))
        return node

    def close(self, node: int, end: Place) -> None:
        """Say that *node* ends at *end* and that everything appended since is inside it."""
        self.ends[node] = len(self.labels)
        self.marks[4 * node + 2], self.marks[4 * node + 3] = end

    def add_leaf(self, label: str | None, start: Place, end: Place) -> int:
        """Append a node without children; returns its number."""
        labels = self.labels
        labels.append(label)
        self.ends.append(len(labels))
        self.marks.extend((*start, *end))
        return len(labels) - 1

    def drop(self, node: int) -> None:
        """Forget *node* and everything appended since."""
        del self.labels[node:], self.ends[node:], self.marks[4 * node :]

    def copy_children(self, source: int, target: int) -> None:
        """Append copies of the nodes inside *source*, as the children of *target*, the last node."""
        end, shift = self.ends[source], target - source
        self.labels.extend(self.labels[source + 1 : end])
        self.ends.extend(array("I", [number + shift for number in self.ends[source + 1 : end]]))
        self.marks.extend(self.marks[4 * (source + 1) : 4 * end])

    def span(self, node: int) -> Span:
        """The span of the node with that number."""
        return Span(*self.marks[4 * node : 4 * node + 4])

    def locate(self, pointer: str) -> Span:
        """The span of the node at *pointer*, or of its nearest ancestor that is there."""
        if not self.labels:
            return Span(1, 1, 1, 1)
        node = 0
        for token in tokens_of(pointer):
            child = self._find_child(node, token)
            if child is None:
                break
            node = child
        return self.span(node)

    def _find_child(self, parent: int, token: str) -> int | None:
        node, position, end = parent + 1, 0, self._end(parent)
        while node < end:
            label = self.labels[node]
            if label == token or (label is None and str(position) == token):
                return node
            node, position = self._end(node), position + 1
        return None

    def _end(self, node: int) -> int:
        """The number of the first node after the children of *node*, which may still be open."""
        return self.ends[node] or len(self.labels)
