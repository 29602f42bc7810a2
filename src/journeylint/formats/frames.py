"""The collections that are open while a YAML document is composed, and the anchors that it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from journeylint.formats.spans import Place
    from journeylint.model import JsonValue


class Dropped:
    """Stands for a key whose value is read but not kept."""


DROPPED: Final = Dropped()


class Frame:
    """A collection that is not closed yet.

    `container` is what it becomes, `token` its own key or index, `node` its number in the span tree, `end` where its
    last child ends. `key` is the key of the value to come, None where a key (or an item of a list) is to come. What
    `is_dropped` is read but not kept; `is_key` says that it stands where a key should.
    """

    __slots__ = ("anchor", "container", "end", "is_dropped", "is_key", "is_list", "key", "node", "token")

    def __init__(
        self, container: dict[str, JsonValue] | list[JsonValue], token: str | int, node: int, end: Place
    ) -> None:
        self.container = container
        self.is_list = isinstance(container, list)
        self.token, self.node, self.end = token, node, end
        self.key: str | Dropped | None = None
        self.anchor: Anchor | None = None
        self.is_key = self.is_dropped = False

    @property
    def awaits_key(self) -> bool:
        """Whether the next node is a key."""
        return self.key is None and not self.is_list

    def attach(self, value: JsonValue) -> None:
        """Add the next item, or the value of the key before."""
        if isinstance(self.container, list):
            self.container.append(value)
        elif isinstance(self.key, str):
            self.container[self.key] = value
            self.key = None


@dataclass(slots=True)
class Anchor:
    """What an alias stands for; `node` is its number in the span tree, None where its spans were not kept."""

    value: JsonValue
    node: int | None
    is_open: bool = False


def tokens_to(stack: Iterable[Frame]) -> list[str | int]:
    """The keys and indexes that lead to the innermost collection that is kept."""
    tokens: list[str | int] = []
    for depth, frame in enumerate(stack):
        if frame.is_dropped:
            break
        if depth:
            tokens.append(frame.token)
    return tokens
