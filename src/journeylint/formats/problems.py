"""The problems of one document while it is being read."""

from __future__ import annotations

from journeylint.model import Problem, Span

MOST_PROBLEMS = 100


class DocumentEndsError(Exception):
    """A document cannot be read on; the reason is among its problems. Never leaves the formats."""


class ProblemList:
    """Collects a document's problems, in the order found, up to a number that a person can still use."""

    __slots__ = ("found",)

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def note(self, message: str, pointer: str, span: Span) -> None:
        """Add a problem. Raises DocumentEndsError when the list is full."""
        is_last = len(self.found) + 1 >= MOST_PROBLEMS
        self.found.append(Problem(message, pointer, span, is_fatal=is_last))
        if is_last:
            raise DocumentEndsError

    def stop(self, message: str, pointer: str, span: Span) -> DocumentEndsError:
        """Add the problem that ends the document; returns the exception for whoever wants to raise it."""
        self.found.append(Problem(message, pointer, span, is_fatal=True))
        return DocumentEndsError()
