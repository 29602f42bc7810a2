"""Policies and packs as values: what their files say, not yet compiled."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from journeylint.model import JsonObject, JsonValue, Operation, Severity, Span
from journeylint.params import Param

ASKING = ("lookup", "lookupAll", "factsOf", "isDefined", "usersOf", "usersCount", "usersLatest", "usersEarliest")
"""The functions by which predicates ask about other manifests."""

_ASKS = re.compile(rf"\b(?:{'|'.join(ASKING)})\s*\(")


class Expression(NamedTuple):
    """A CEL source and where it stands: the pointer of its node in the policy (or pack) file."""

    source: str
    pointer: str


class PlaceInManifest(NamedTuple):
    """A further place of a finding: `manifest` names the variable that holds the manifest, `at` a pointer inside it."""

    manifest: str
    at: str
    message: str


class Template(NamedTuple):
    """A message: literal texts around expressions, `texts` one longer than `expressions`."""

    texts: tuple[str, ...]
    expressions: tuple[Expression, ...]

    @property
    def is_unclosed(self) -> bool:
        """Whether an expression has no end, so that it was taken for literal text."""
        return any("${" in text for text in self.texts)


class EditTemplate(NamedTuple):
    """An edit of a fix, not yet worked out.

    `pointer` and `to` begin at the judged node, or at the manifest's root where `is_of_manifest`; `place` is the pointer
    of the edit in the policy file.
    """

    operation: Operation
    pointer: str
    value: Expression | None
    to: str
    is_of_manifest: bool
    place: str


class FixTemplate(NamedTuple):
    """How a policy's findings are mended: a fix that is safe keeps what the journey is meant to do.

    Where `when` is there and false, the fix is not right, and `otherwise` says why. `let` are names for the fix alone.
    """

    title: Template
    is_safe: bool
    edits: tuple[EditTemplate, ...]
    when: Expression | None = None
    otherwise: str = ""
    let: Mapping[str, Expression] = MappingProxyType({})

    @property
    def values(self) -> tuple[Expression, ...]:
        """What the edits that write something write, in their order."""
        return tuple(edit.value for edit in self.edits if edit.value is not None)

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Everything that is evaluated, but for `let`."""
        return (*self.title.expressions, *self.values, *(() if self.when is None else (self.when,)))


class Shared(NamedTuple):
    """What a pack's policies over one kind share."""

    when: Expression | None
    let: Mapping[str, Expression]


class PolicyFile(NamedTuple):
    """A policy or pack file, for telling where something in it stands."""

    path: str
    text: str
    span: Callable[[str], Span]
    """From a pointer to the span of its node."""

    def problem(self, pointer: str, message: str) -> str:
        """A complete line about the node at *pointer*."""
        span = self.span(pointer)
        return f"{self.path}:{span.line}:{span.column}: {message}"


ALL = "all"
"""The preset that every policy is in, whatever it says."""

RECOMMENDED = "recommended"
"""The preset that a run judges by unless a configuration names another."""

PRESETS = (RECOMMENDED, "strict", "legacy-outbound", ALL)
"""The presets that come with journeylint; packs may have others."""

DEFAULT_PRESETS = (RECOMMENDED, "strict")
"""The presets of a policy that states none."""


class Stage(enum.Enum):
    """How settled a policy is: a preview is off until it is asked for, a deprecated one will go."""

    PREVIEW = "preview"
    STABLE = "stable"
    DEPRECATED = "deprecated"


class Period(NamedTuple):
    """When a policy holds: from the first instant on, until before the second; None is without end."""

    begin: datetime | None = None
    end: datetime | None = None

    def is_ahead(self, instant: datetime) -> bool:
        """Whether the period has not begun at *instant*; it has at its very first instant."""
        return self.begin is not None and instant < self.begin

    def is_over(self, instant: datetime) -> bool:
        """Whether the period has ended at *instant*; it has at its `end`."""
        return self.end is not None and instant >= self.end


class Change(NamedTuple):
    """What a version of the pack's distribution changed in a policy."""

    version: str
    change: str


class Life(NamedTuple):
    """Where a policy comes from and where it goes; `replaced_by` is an id, or empty. `history` is newest first."""

    stage: Stage = Stage.STABLE
    replaced_by: str = ""
    former_ids: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    effective: Period = Period()
    history: tuple[Change, ...] = ()


class Pack(NamedTuple):
    """A folder of policies with one id prefix."""

    name: str
    prefix: str
    title: str
    description: str
    plugin: str
    file: PolicyFile
    tags: tuple[str, ...] = ()
    references: tuple[Mapping[str, str], ...] = ()
    shared: Mapping[str, Shared] = MappingProxyType({})
    presets: Mapping[str, JsonValue] = MappingProxyType({})


class Policy(NamedTuple):
    """One policy as its file says it; `tags` and `references` include those of its pack.

    `presets` are those that it is in, beside `all`. Findings of one that is not `is_suppressible` can be neither suppressed
    nor put into a baseline. `deadline` is what to do before a verdict that holds for some time only becomes a finding, or
    empty.
    """

    id: str
    name: str
    pack: str
    prefix: str
    title: str
    severity: Severity
    since: str
    tags: tuple[str, ...]
    kind: str
    each: str
    as_name: str
    when: Expression | None
    let: Mapping[str, Expression]
    params: Mapping[str, Param]
    require: Expression
    at: str
    related: tuple[PlaceInManifest, ...]
    message: Template
    rationale: str
    remediation: str
    references: tuple[Mapping[str, str], ...]
    shared: Shared
    file: PolicyFile
    source: JsonObject
    life: Life = Life()
    is_suppressible: bool = True
    deadline: str = ""
    fix: FixTemplate | None = None
    presets: tuple[str, ...] = DEFAULT_PRESETS

    @property
    def sort_key(self) -> tuple[str, int]:
        """Ids in the order in which people count them."""
        return self.prefix, int(self.id[len(self.prefix) :])

    @property
    def every_preset(self) -> tuple[str, ...]:
        """All presets that it is in, the widest last."""
        return (*self.presets, ALL)

    @property
    def not_recommended(self) -> str:
        """For a policy that is off unless another preset is named: `in strict`, or `in all only`; empty for others."""
        if RECOMMENDED in self.presets:
            return ""
        return f"in {', '.join(self.presets)}" if self.presets else f"in {ALL} only"

    @property
    def asks_about_others(self) -> bool:
        """Whether its verdict on a manifest can rest on other manifests."""
        conditions = (self.require, self.when, self.shared.when, *self.let.values(), *self.shared.let.values())
        return any(one is not None and _ASKS.search(one.source) is not None for one in conditions)


class Library(NamedTuple):
    """All packs and their policies, sorted by id.

    `key` tells them, and all that their check hangs on, from any others; empty where that was not asked for.
    """

    packs: tuple[Pack, ...]
    policies: tuple[Policy, ...]
    key: str = ""
