"""A policy's expressions as explanations need them: trees of their sources, and a program for any part of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from journeylint.cel import CelCompileError, CelEnvironment, Program
from journeylint.cel_nodes import Literal, LiteralKind, Node
from journeylint.cel_syntax import CelSyntaxError, parse
from journeylint.evidence import Part, Role
from journeylint.expressions import lets_of
from journeylint.inquiry import Inquiry
from journeylint.manifest_zones import ManifestZones
from journeylint.model import JsonValue, Manifest
from journeylint.plan import KindPlan, Ruling
from journeylint.policies import Policy, PolicyFile
from journeylint.ports import CelFunction

DEEPEST_LOOP = 6
"""Macros inside macros whose items are looked at one by one."""


class TracingTools(NamedTuple):
    """What conditions are evaluated with; `inquiry` has the workspace that they ask.

    *with_message* asks to trace the `let` values that the message of a finding names, too. With *zones* it is found out until
    when verdicts hold.
    """

    inquiry: Inquiry
    functions: tuple[CelFunction, ...]
    user_environment: CelEnvironment
    now: datetime
    with_message: bool = False
    zones: ManifestZones | None = None


class TracedPolicy:
    """One policy under given param values; each part of its expressions is compiled once."""

    def __init__(
        self,
        policy: Policy,
        params: Mapping[str, JsonValue],
        tools: TracingTools,
        *,
        pack_file: PolicyFile | None = None,
    ) -> None:
        self.policy = policy
        self.tools = tools
        ruling = Ruling(policy, policy.severity, params, counts=False)
        indexes = {f"item_{level}_": "int" for level in range(DEEPEST_LOOP)}
        plan = KindPlan(
            policy.kind, [ruling], lambda variables: CelEnvironment({**variables, **indexes}, tools.functions)
        )
        self.plan = plan
        self.group = plan.groups[0]
        self.ruled = self.group.policies[0]
        self.lets = lets_of(policy)
        self._pack_file = pack_file or policy.file
        self._programs: dict[tuple[int, str], Program | None] = {}
        self._trees: dict[str, Node] = {}

    def pointers(self, manifest: Manifest) -> list[str]:
        """The pointers of the nodes that the policy selects in *manifest*, in the order of their indexes."""
        return [pointer for pointer, _ in self.group.selector.find(manifest.data)]

    def parts(self) -> list[Part]:
        """The conditions in the order in which they are asked."""
        policy, pack = self.policy, self._pack_file
        asked = [
            (Role.PACK_WHEN, pack, policy.shared.when),
            (Role.WHEN, policy.file, policy.when),
            (Role.REQUIRE, policy.file, policy.require),
        ]
        return [Part(role, file, expression) for role, file, expression in asked if expression is not None]

    def part_of_let(self, name: str) -> Part:
        """The part that a `let` is."""
        if name in self.policy.let:
            return Part(Role.LET, self.policy.file, self.policy.let[name], name)
        return Part(Role.LET, self._pack_file, self.policy.shared.let[name], name)

    def tree(self, source: str) -> Node:
        """The syntax tree of *source*; one leaf where it is CEL beyond what `cel_syntax` takes apart."""
        if source not in self._trees:
            try:
                self._trees[source] = parse(source)
            except CelSyntaxError:
                self._trees[source] = Literal(0, len(source), LiteralKind.NULL, None)
        return self._trees[source]

    def program(self, environment: CelEnvironment, text: str, within: Callable[[str], str]) -> Program | None:
        """The program of *text* and what *within* puts around it; None where CEL cannot have it, so deeply it is nested."""
        key = id(environment), text
        if key not in self._programs:
            try:
                self._programs[key] = environment.compile(within(text))
            except CelCompileError:
                self._programs[key] = None
        return self._programs[key]
