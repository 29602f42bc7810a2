"""What is read of libyaml's events: its binding always sets marks, which its published types leave open."""

from __future__ import annotations

from typing import Protocol


class MarkLike(Protocol):
    """A place in the text: 0-based line, 0-based code-point column and offset."""

    line: int
    column: int
    index: int


class EventLike(Protocol):
    """Any event."""

    start_mark: MarkLike
    end_mark: MarkLike


class AliasLike(EventLike, Protocol):
    """An alias, by the name of its anchor."""

    anchor: str


class CollectionLike(EventLike, Protocol):
    """The beginning of a mapping or list."""

    anchor: str | None
    tag: str | None


class ScalarLike(EventLike, Protocol):
    """A scalar; `style` is empty for plain text, else its quote, `|` or `>`."""

    anchor: str | None
    tag: str | None
    value: str
    style: str | None


class DocumentEndLike(EventLike, Protocol):
    """The end of a document; `explicit` where it is marked by `...`."""

    explicit: bool
