"""Pieces of which steps are put together: where a node stands, what a chain of conditions came to, what was found on the way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from journeylint.cel_nodes import Node, text_of
from journeylint.evidence import Consultation, Part, Reading, Step


class Found(NamedTuple):
    """What is inside a condition that is asked whole."""

    steps: list[Step]
    readings: list[Reading]
    consultations: list[Consultation]


class Came(NamedTuple):
    """What a chain of conditions came to so far."""

    value: bool | None = None
    error: str = ""

    def joined(self, step: Step, *, decisive: bool) -> Came:
        """With one more operand: the *decisive* value wins, else the first error."""
        if step.value is decisive:
            return Came(decisive)
        if self.error or step.error:
            return Came(None, self.error or step.error)
        return Came(step.value)


class Spot(NamedTuple):
    """The source that nodes are of, and where it begins in its part's."""

    part: Part
    source: str
    offset: int = 0

    def step(
        self,
        node: Node,
        operator: str = "",
        *,
        value: bool | None = None,
        error: str = "",
        is_reached: bool = True,
        steps: tuple[Step, ...] = (),
        readings: tuple[Reading, ...] = (),
        consultations: tuple[Consultation, ...] = (),
        omitted: int = 0,
    ) -> Step:
        """The step that *node* is."""
        start, end, text = node.start + self.offset, node.end + self.offset, text_of(self.source, node)
        return Step(
            self.part, start, end, text, operator, value, error, is_reached, "", steps, readings, consultations, omitted
        )


def each_once(readings: list[Reading]) -> tuple[Reading, ...]:
    """*readings* in their order, each text once."""
    return tuple({reading.text: reading for reading in reversed(readings)}.values())[::-1]


def each_asked_once(consultations: Iterable[Consultation]) -> tuple[Consultation, ...]:
    """*consultations* in their order, each text once."""
    return tuple({one.text: one for one in consultations}.values())
