"""Why a verdict is what it is, as values: the conditions in the order in which they were asked, and what they read."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from journeylint.model import Horizon, Location, Manifest
from journeylint.policies import Expression, PolicyFile

PredicateId: TypeAlias = "tuple[str, str, int, int]"
"""The path of the policy or pack file, the pointer of the expression in it, and the span in the expression's source."""


class Role(enum.Enum):
    """What an expression is to its policy."""

    PACK_WHEN = "the pack applies when"
    WHEN = "applies when"
    REQUIRE = "complies when"
    LET = "let"


class Part(NamedTuple):
    """An expression of a policy, or of what its pack shares; `name` is that of a `let`."""

    role: Role
    file: PolicyFile
    expression: Expression
    name: str = ""


class Verdict(enum.Enum):
    """What became of a node; the value is how reports say it."""

    COMPLIES = "complies"
    FAILS = "does not comply"
    NOT_APPLICABLE = "not applicable"
    UNJUDGED = "not applicable: a manifest that it looked up could not be judged"
    ERROR = "could not be judged"


class Standing(enum.Enum):
    """How a value comes to be where it was read."""

    WRITTEN = "written"
    DEFAULT = "default"
    ABSENT = "absent"
    COMPUTED = "computed"
    PARAM = "param"
    LET = "let"


class Reading(NamedTuple):
    """Something that a condition read, such as `segment.spec.memberCount`.

    `value` is a plain value, an instant or a duration, the identity of a manifest that was read as a whole, and None where it
    is absent. `location` is that of the value, or of the nearest node above it that is written. `error` says why it could not
    be read.
    """

    text: str
    standing: Standing
    value: object = None
    location: Location | None = None
    error: str = ""


class Consultation(NamedTuple):
    """What a function found out about other manifests: those that it met, and the one that could not be judged, if any."""

    text: str
    manifests: tuple[Manifest, ...] = ()
    missing: str = ""
    is_unjudged: bool = False


class Step(NamedTuple):
    """A part of an expression and what it came to.

    `start` and `end` are code points into the source of `part`, and `text` is what stands there. `operator` is `&&`, `||`, `!`,
    `?:`, `let`, the name of a macro or of a sum over users, and empty for a condition that is asked whole. `value` is None
    where the step was not reached, failed (then `error` says why) or is no condition. `label` names the item of a macro, or the
    user, that a step is about; `omitted` counts those that are left out.
    """

    part: Part
    start: int
    end: int
    text: str
    operator: str = ""
    value: bool | None = None
    error: str = ""
    is_reached: bool = True
    label: str = ""
    steps: tuple[Step, ...] = ()
    readings: tuple[Reading, ...] = ()
    consultations: tuple[Consultation, ...] = ()
    omitted: int = 0

    @property
    def id(self) -> PredicateId:
        """What tells the place of the step from all others; items of a macro share it."""
        return self.part.file.path, self.part.expression.pointer, self.start, self.end


class NamedValue(NamedTuple):
    """A `let` whose value is no condition, with the conditions that it rests on."""

    part: Part
    value: object
    error: str = ""
    steps: tuple[Step, ...] = ()
    readings: tuple[Reading, ...] = ()
    consultations: tuple[Consultation, ...] = ()


class Trace(NamedTuple):
    """One node under one policy: the verdict, and what it rests on.

    `pointer` is that of the node, `points_at` of what a finding points at. `steps` are the conditions, one a part of the
    policy, in the order in which they are asked; `names` are the `let` values that they rest on. `error` says why it
    could not be judged, `message` what a finding says. `horizon` is until when the verdict holds, where the policy reads
    `now` and somebody asked.
    """

    manifest: Manifest
    pointer: str
    points_at: str
    verdict: Verdict
    steps: tuple[Step, ...]
    names: tuple[NamedValue, ...] = ()
    message: str = ""
    error: str = ""
    horizon: Horizon | None = None

    def predicates(self) -> Iterator[Step]:
        """Every condition that was reached and came to true, false or an error, those inside others included."""
        for root in (*self.steps, *(step for one in self.names for step in one.steps)):
            yield from (step for step in walk_steps((root,)) if step.value is not None or step.error)


def walk_steps(steps: Iterable[Step]) -> Iterator[Step]:
    """*steps* and all steps inside them, outer ones first."""
    for step in steps:
        yield step
        yield from walk_steps(step.steps)
