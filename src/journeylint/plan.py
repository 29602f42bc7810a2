"""What is evaluated for the manifests of one kind under one set of settings: compiled once, used for each of them.

A *gate* is one expression that gives the verdicts of all policies on the nodes of one selection. Only where it fails (an error
in one predicate, a manifest that could not be judged) are policies evaluated one by one; messages are evaluated for findings
only.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from journeylint.cel import CelCompileError, CelEnvironment, Program, count_nesting, names_in
from journeylint.errors import PolicyError
from journeylint.expressions import (
    FACTS,
    Nodes,
    Sources,
    bind_lets,
    conditions_of,
    kind_variable,
    names_facts,
    nodes_of,
    shared_lets_of_verdict,
    used_lets,
    within_manifest,
)
from journeylint.model import JsonValue, Severity
from journeylint.pointers import tokens_of
from journeylint.policies import FixTemplate, Policy
from journeylint.program_cache import ProgramCache
from journeylint.selection import Selection, Selector, Token, compile_selection, compile_selector

if TYPE_CHECKING:
    from journeylint.turning_points import TurningPoints

NOT_APPLICABLE, PASSED, FAILED = 0, 1, 2
"""The codes in which expressions give verdicts."""

LEFT_OUT = 3
"""The code of a node that another pass over the manifest judges, under other settings."""

MOST_POLICIES = 31
"""Of how many policies the verdicts on a node go into one number of CEL, two bits each."""

DEEPEST_GATE = 30
"""How deep a part of a gate may be nested: CEL allows 32 levels of all kinds, and to be refused takes time."""

_LONGEST_SUM = 6

_Item = TypeVar("_Item")

_LOW_BITS = sum(1 << 2 * position for position in range(MOST_POLICIES))


def put_code(position: int, code: int) -> int:
    """The verdicts on a node of which that at *position* is *code*, and all others are `NOT_APPLICABLE`."""
    return code << 2 * position


def code_at(verdicts: int, position: int) -> int:
    """The verdict at *position* of *verdicts*."""
    return verdicts >> 2 * position & 3


def failing(verdicts: int) -> Iterator[int]:
    """The positions at which *verdicts* are `FAILED`."""
    found = verdicts >> 1 & ~verdicts & _LOW_BITS
    while found:
        lowest = found & -found
        yield lowest.bit_length() >> 1
        found ^= lowest


class Ruling(NamedTuple):
    """A policy as settings have it; `counts` says whether its findings are at or above `fail-on`.

    `notice` is a sentence that its messages end with, or empty. `at` gives the ruling as of another instant, None where the
    policy is off by then; without it, the ruling is the same at all times.
    """

    policy: Policy
    severity: Severity
    params: Mapping[str, JsonValue]
    counts: bool
    notice: str = ""
    at: Callable[[datetime], Ruling | None] | None = None


class RuledPolicy:
    """A ruling with its programs, each compiled when it is first needed."""

    def __init__(self, ruling: Ruling, environment: CelEnvironment, group: SelectionGroup) -> None:
        self.ruling = ruling
        self.policy = ruling.policy
        self.group = group
        self.sources = Sources(ruling.policy, group.nodes, ruling.params)
        self.conditions = conditions_of(ruling.policy)
        self.at = tuple(tokens_of(ruling.policy.at))
        self._environment = environment

    @cached_property
    def shared_lets(self) -> Mapping[str, str]:
        """Those of the pack's `let` that the verdict hangs on."""
        return shared_lets_of_verdict(self.policy)

    @cached_property
    def verdict(self) -> Program:
        """`[code]` for the node of the inquiry."""
        return self._compile(self.sources.verdict())

    @cached_property
    def message(self) -> Program:
        """`[text]` for the node of the inquiry."""
        return self._compile(self.sources.message())

    @cached_property
    def argument_positions(self) -> tuple[int, ...]:
        """Which of the texts that `message` gives fill its gaps; the others are its literal texts that are not empty."""
        literals = self.policy.message.texts[:-1]
        return tuple(position + sum(map(bool, literals[: position + 1])) for position in range(len(literals)))

    @cached_property
    def evidence(self) -> tuple[tuple[str, Program], ...]:
        """`[text]` of each thing that the verdict rests on, with its name."""
        return tuple((name, self._compile(source)) for name, source in self.sources.evidence().items())

    @cached_property
    def fix(self) -> tuple[FixTemplate, Program] | None:
        """The policy's fix, and `[texts, values]` of its title and edits; None where it has none."""
        fix = self.policy.fix
        return None if fix is None else (fix, self._compile(self.sources.fix(fix)))

    @cached_property
    def related(self) -> tuple[Program, ...]:
        """`[kind, name]` of each manifest that the finding points at beside its own."""
        return tuple(self._compile(self.sources.identity(place.manifest)) for place in self.policy.related)

    @cached_property
    def turning_points(self) -> TurningPoints | None:
        """At which instants the verdict on a node changes; None for a policy that does not read `now`."""
        from journeylint.clock_dependence import clock_dependence  # noqa: PLC0415 - only runs that look ahead need it
        from journeylint.turning_points import TurningPoints  # noqa: PLC0415 - as above

        dependence = clock_dependence(self.policy)
        return (
            None if dependence is None else TurningPoints(dependence, self.sources, self._compile, lambda: self.verdict)
        )

    def compile_all(self) -> None:
        """Compile everything now. Raises PolicyError where CEL cannot: then it is nested too deeply."""
        for program in ("verdict", "message", "related", "fix"):
            getattr(self, program)

    def _compile(self, source: str) -> Program:
        try:
            return self._environment.compile(source)
        except CelCompileError as error:
            raise _uncompilable(self.policy, error) from error


class Chosen(NamedTuple):
    """What the selections of a plan come to in a manifest.

    `groups` has a bit for each selection that has a node, `most` counts the nodes of the one that has most, and `lists` are the
    nodes of those that CEL cannot select.
    """

    groups: int
    most: int
    lists: Mapping[str, list[JsonValue]]


class Cluster(NamedTuple):
    """Policies whose `when` begins with the same condition, which then is asked once for all of them."""

    condition: str
    policies: list[RuledPolicy]


class SelectionGroup:
    """The policies of one pack that judge the same nodes.

    `prefix` is `/spec/segments` where node *i* is `/spec/segments/i`, and None where nodes are found by `selector.find`;
    `policies`, no more than `MOST_POLICIES`, are in the order of their verdicts.
    """

    def __init__(self, selector: Selector, as_name: str, nodes: Nodes, list_variable: str) -> None:
        self.selector = selector
        self.as_name = as_name
        self.nodes = nodes
        self.list_variable = list_variable
        self.prefix = None if selector.cel_path is None else selector.cel_path.replace(".", "/")
        self._steps = () if self.prefix is None else tuple(self.prefix.split("/")[1:])
        self.clusters: list[Cluster] = []
        self.policies: list[RuledPolicy] = []

    def count_nodes(self, data: JsonValue) -> int:
        """How many nodes a manifest has for the group."""
        if self.prefix is None:
            return 1 if self.selector.tokens == () else len(self.selector.values(data))
        for name in self._steps:
            data = data.get(name) if isinstance(data, dict) else None
        return len(data) if isinstance(data, list) else 0

    def add(self, ruled: RuledPolicy) -> None:
        """Take in a policy."""
        condition = ruled.conditions[0]
        for cluster in self.clusters:
            if cluster.condition == condition:
                break
        else:
            cluster = Cluster(condition, [])
            self.clusters.append(cluster)
        cluster.policies.append(ruled)
        self.policies = [one for cluster in self.clusters for one in cluster.policies]

    def part(self, policies: Iterable[RuledPolicy]) -> SelectionGroup:
        """A group over the same nodes with some of the policies."""
        group = SelectionGroup(self.selector, self.as_name, self.nodes, self.list_variable)
        for ruled in policies:
            group.add(ruled)
        return group


class Gate(NamedTuple):
    """What gives lists of parts, each a list of groups, each a list with a number a node: its verdicts.

    Where packs do not apply, one part stands for all of theirs, with the count of nodes in place of each list of numbers.
    """

    program: Program
    groups: tuple[SelectionGroup, ...]


class KindPlan:
    """All rulings over one kind, in groups, and their gates."""

    def __init__(
        self,
        kind: str,
        rulings: Sequence[Ruling],
        environment_of: Callable[[Mapping[str, str]], CelEnvironment],
        *,
        cache: ProgramCache | None = None,
    ) -> None:
        self.kind = kind
        self._cache = cache
        self.variable = kind_variable(kind)
        selectors = {ruling.policy.each: compile_selector(ruling.policy.each) for ruling in rulings}
        lists = {each: f"nodes_{number}" for number, each in enumerate(selectors)}
        variables = {FACTS: "map", self.variable: "map", "now": "timestamp", **dict.fromkeys(lists.values(), "list")}
        self.environment = environment_of(variables)
        by_group: dict[tuple[str, str, str], SelectionGroup] = {}
        self._groups: dict[int, dict[str, list[SelectionGroup]]] = {}
        self._bits = {each: 1 << number for number, each in enumerate(selectors)}
        self._gates: dict[int, tuple[Gate, ...]] = {}
        for ruling in rulings:
            policy = ruling.policy
            key = (policy.pack, policy.each, policy.as_name)
            if key not in by_group or len(by_group[key].policies) == MOST_POLICIES:
                selector, name = selectors[policy.each], lists[policy.each]
                nodes = nodes_of(selector, self.variable, name)
                by_group[key] = SelectionGroup(selector, policy.as_name, nodes, name)
                of_selection = self._groups.setdefault(self._bits[policy.each], {})
                of_selection.setdefault(policy.pack, []).append(by_group[key])
            by_group[key].add(RuledPolicy(ruling, self.environment, by_group[key]))
        self.asking_facts = sum({self._bits[ruling.policy.each] for ruling in rulings if names_facts(ruling.policy)})
        self.groups = tuple(group for packs in self._groups.values() for groups in packs.values() for group in groups)

    @cached_property
    def _counted(self) -> tuple[tuple[int, SelectionGroup], ...]:
        """One group for each selection that CEL spells and that may have another number of nodes than one, with its bit."""
        groups = {group.selector.source: group for group in self.groups if group.prefix is not None}
        return tuple((self._bits[source], group) for source, group in groups.items())

    @cached_property
    def _listed(self) -> Mapping[str, int]:
        """The bits of the selections that CEL cannot spell, by the variables that hold their nodes."""
        groups = [group for group in self.groups if group.nodes.whole == group.list_variable]
        return {group.list_variable: self._bits[group.selector.source] for group in groups}

    @cached_property
    def _no_nodes(self) -> Mapping[str, list[JsonValue]]:
        return {name: [] for name in self._listed}

    @cached_property
    def _selection(self) -> Selection:
        return compile_selection(
            {group.list_variable: group.selector for group in self.groups if group.list_variable in self._listed}
        )

    def choose(self, data: JsonValue) -> Chosen:
        """The nodes of each selection in a manifest."""
        chosen, most = self._bits.get("$", 0), 1
        lists = self._selection.values(data)
        for name, nodes in lists.items():
            chosen |= self._listed[name]
            most = max(most, len(nodes))
        for bit, group in self._counted:
            count = group.count_nodes(data)
            if count:
                chosen |= bit
                most = max(most, count)
        return Chosen(chosen, most, {**self._no_nodes, **lists})

    def applies_to(self, data: JsonValue) -> bool:
        """Whether any policy may apply to a manifest: not where each asks for a member that is not there."""
        if self._wanted_members is None:
            return True
        for path in self._wanted_members:
            value = data
            for name in path:
                if not isinstance(value, dict) or name not in value:
                    break
                value = value[name]
            else:
                return True
        return False

    @cached_property
    def _wanted_members(self) -> tuple[tuple[str, ...], ...] | None:
        """Paths of members of which a manifest must have one for any policy to apply; None where that cannot be told."""
        paths = [
            _tested_member(cluster.condition, self.variable)
            if group.selector.tokens == ()
            else _first_names(group.selector.tokens)
            for group in self.groups
            for cluster in group.clusters
        ]
        known = [path for path in paths if path is not None]
        return tuple(known) if len(known) == len(paths) else None

    @property
    def gates(self) -> tuple[Gate, ...]:
        """The gates that together judge everything: one a selection, unless CEL finds it too deep."""
        return self.gates_of(sum(self._bits.values()))

    def gates_of(self, chosen: int) -> tuple[Gate, ...]:
        """The gates that together judge everything that selections with these bits have nodes for.

        Which selections have nodes differs from manifest to manifest, and to compile a gate takes as long as to judge dozens:
        so each is about one selection, and compiled once.
        """
        if chosen not in self._gates:
            self._gates[chosen] = (
                tuple(self._gates_of_selection(self._groups[chosen]))
                if chosen in self._groups
                else tuple(gate for bit in self._groups if bit & chosen for gate in self.gates_of(bit))
            )
        return self._gates[chosen]

    def _gates_of_selection(self, packs: Mapping[str, Sequence[SelectionGroup]]) -> Sequence[Gate]:
        """The gates over one selection, as an earlier run made them if it is known how."""
        if self._cache is None:
            return self._compile_gates([part for groups in packs.values() for part in _parts_of(groups)])
        key = self._key_of_gates(packs)
        known = self._cache.find_gates(key)
        if known is None:
            gates = self._compile_gates([part for groups in packs.values() for part in _parts_of(groups)])
            self._cache.keep_gates(key, [(gate.program.source, _ids_of(gate)) for gate in gates])
            return gates
        ruled = {one.policy.id: one for groups in packs.values() for group in groups for one in group.policies}
        return [
            Gate(self.environment.compile(source), tuple(_regroup([ruled[name] for name in names]) for names in groups))
            for source, groups in known
        ]

    def _key_of_gates(self, packs: Mapping[str, Sequence[SelectionGroup]]) -> str:
        """What the gates over a selection hang on, beside the policies themselves."""
        groups = [
            (group.list_variable, [(ruled.policy.id, dict(ruled.ruling.params)) for ruled in group.policies])
            for groups in packs.values()
            for group in groups
        ]
        return json.dumps([self.kind, groups], sort_keys=True)

    def groups_of(self, chosen: int) -> Iterator[SelectionGroup]:
        """The groups whose selections are among those with these bits."""
        return (group for group in self.groups if self._bits[group.selector.source] & chosen)

    def gates_alone(self, ruled: RuledPolicy) -> tuple[Gate, ...]:
        """What gives the verdicts of one policy on all its nodes."""
        return tuple(self._compile_gates([*_parts_of([ruled.group.part([ruled])])]))

    def _compile_gates(self, parts: Sequence[_Part]) -> Sequence[Gate]:
        """*parts* in one gate; where CEL finds it too deep, those in it that are too deep alone are split before."""
        with suppress(CelCompileError):
            return [self._compile_gate(parts)]
        sound = [one for part in parts for one in self._sound_parts(part)]
        try:
            return [self._compile_gate(sound)]
        except CelCompileError:
            return [self._compile_gate([part]) for part in sound]

    def _sound_parts(self, part: _Part) -> Iterator[_Part]:
        try:
            self._compile_gate([part], is_trial=True)
        except CelCompileError as error:
            halves = _split(part.groups)
            if not halves:
                raise _uncompilable(part.groups[0].policies[0].policy, error) from error
            for half in halves:
                for one in _parts_of(half):
                    yield from self._sound_parts(one)
        else:
            yield part

    def _compile_gate(self, parts: Sequence[_Part], *, is_trial: bool = False) -> Gate:
        program = self.environment.compile("[" + ", ".join(_blocks(self.kind, parts)) + "]", is_trial=is_trial)
        return Gate(program, tuple(group for part in parts for group in part.groups))


def _ids_of(gate: Gate) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(ruled.policy.id for ruled in group.policies) for group in gate.groups)


def _regroup(policies: Sequence[RuledPolicy]) -> SelectionGroup:
    """The group of *policies*, all of one group, in their order."""
    return policies[0].group.part(policies)


def _uncompilable(policy: Policy, error: CelCompileError) -> PolicyError:
    return PolicyError(policy.file.problem("", f"{policy.id} cannot be evaluated: {error}"))


def _first_names(tokens: tuple[Token, ...] | None) -> tuple[str, ...] | None:
    """The names that a selection begins with, without which it has no nodes; None where there is none."""
    names: list[str] = []
    for token in tokens or ():
        if not isinstance(token, str):
            break
        names.append(token)
    return tuple(names) or None


def _tested_member(condition: str, variable: str) -> tuple[str, ...] | None:
    """`("spec", "copyOf")` for the condition `has(segment.spec.copyOf)`."""
    match = re.fullmatch(rf"has\(\s*{variable}((?:\.\w+)+)\s*\)", condition)
    return None if match is None else tuple(match[1].split(".")[1:])


class _Part(NamedTuple):
    """Groups of one pack over the nodes of one selection, and what gives a list a group of verdicts.

    `when` is the condition under which the pack applies at all, if it stands outside: parts with the same are asked together.
    """

    groups: Sequence[SelectionGroup]
    source: str
    when: str


def _blocks(kind: str, parts: Sequence[_Part]) -> Iterator[str]:
    """What gives the verdicts of *parts*, in their order: those in a row that share a condition ask for it once."""
    for when, block in groupby(parts, lambda part: part.when):
        together = [*block]
        body = "[" + ", ".join(part.source for part in together) + "]"
        if when:
            counts = _counts([group for part in together for group in part.groups])
            body = within_manifest(kind, f"(({when}\n) ? {body} : dyn([{counts}]))")
        yield body


def _counts(groups: Sequence[SelectionGroup]) -> str:
    """What stands for the verdicts of *groups* where their pack does not apply."""
    return "[" + ", ".join(f"size({group.nodes.whole})" for group in groups) + "]"


def _parts_of(groups: Sequence[SelectionGroup]) -> Iterator[_Part]:
    """*groups* in as few parts as keeps each shallow: every part goes through all nodes.

    What makes a part deep is the `let` that it needs, so that policies that need few are put together.
    """
    part = _part(groups)
    if _is_shallow(part) or not _split(groups):
        yield part
    elif len(groups) > 1:
        for half in _split(groups):
            yield from _parts_of(half)
    else:
        group = groups[0]
        policies = sorted(group.policies, key=lambda ruled: (len(ruled.shared_lets), *ruled.shared_lets))
        least, most = 1, len(policies) - 1
        while least < most:
            middle = (least + most + 1) // 2
            if _is_shallow(_part([group.part(policies[:middle])])):
                least = middle
            else:
                most = middle - 1
        yield _part([group.part(policies[:least])])
        yield from _parts_of([group.part(policies[least:])])


def _is_shallow(part: _Part) -> bool:
    return count_nesting(*_blocks(part.groups[0].policies[0].policy.kind, [part])) <= DEEPEST_GATE


def _split(groups: Sequence[SelectionGroup]) -> list[Sequence[SelectionGroup]]:
    """The two halves of *groups*, or of the policies of the only one; nothing where there is only one."""
    if len(groups) > 1:
        return _halves(groups)
    return [[groups[0].part(half)] for half in _halves(groups[0].policies)]


def _halves(items: Sequence[_Item]) -> list[Sequence[_Item]]:
    middle = len(items) // 2
    return [items[:middle], items[middle:]] if middle else []


def _part(groups: Sequence[SelectionGroup]) -> _Part:
    first = groups[0].policies[0].policy
    shared = {name: expression.source for name, expression in first.shared.let.items()}
    of_node = _depending(shared, {group.as_name for group in groups})
    private = _private_lets(groups, shared, of_node)
    inner = {name: source for name, source in shared.items() if name in of_node - private}
    outer = {name: source for name, source in shared.items() if name not in of_node | private}
    body = "[" + ", ".join(_group_gate(group, inner, private) for group in groups) + "]"
    when = "" if first.shared.when is None else first.shared.when.source
    if when and names_in(when) & {*shared}:
        body = f"(({when}\n) ? {body} : dyn({_counts(groups)}))"
        when = ""
    return _Part(groups, within_manifest(first.kind, bind_lets(outer, body, may_inline_into_body=False)), when)


def _private_lets(groups: Sequence[SelectionGroup], shared: Mapping[str, str], of_node: set[str]) -> set[str]:
    """Those of *shared* that one policy only needs: they are bound around its own conditions, and not around all.

    CEL allows 32 levels of nesting, and each binding is one. What is not about a node stays outside where there may be several.
    """
    when = groups[0].policies[0].policy.shared.when
    conditions = [cluster.condition for group in groups for cluster in group.clusters]
    common = used_lets(shared, [*conditions, *(() if when is None else (when.source,))])
    users = Counter(name for group in groups for ruled in group.policies for name in ruled.shared_lets)
    is_single = all(group.selector.tokens == () for group in groups)
    return {
        name for name, count in users.items() if count == 1 and name not in common and (is_single or name in of_node)
    }


def _group_gate(group: SelectionGroup, shared: Mapping[str, str], private: set[str]) -> str:
    positions = {ruled.policy.id: position for position, ruled in enumerate(group.policies)}
    clusters = _sum([_cluster_gate(cluster, positions, private) for cluster in group.clusters])
    body = bind_lets(shared, clusters, may_inline_into_body=False)
    return f"{group.nodes.whole}.map({group.as_name}, {body})"


def _cluster_gate(cluster: Cluster, positions: Mapping[str, int], private: set[str]) -> str:
    verdicts = []
    for ruled in cluster.policies:
        lets = {name: source for name, source in ruled.shared_lets.items() if name in private}
        lets |= {name: expression.source for name, expression in ruled.policy.let.items()}
        codes = [put_code(positions[ruled.policy.id], code) for code in (PASSED, FAILED)]
        verdicts.append(ruled.sources.verdict_code(ruled.conditions[1:], lets, codes))
    return f"(({cluster.condition}\n) ? {_sum(verdicts)} : 0)"


def _sum(terms: Sequence[str]) -> str:
    """The sum of *terms*: of many of them as a sum of sums, for CEL nests a sum as deep as it is long."""
    if len(terms) <= _LONGEST_SUM:
        return " + ".join(terms)
    return " + ".join(f"({' + '.join(terms[at : at + _LONGEST_SUM])})" for at in range(0, len(terms), _LONGEST_SUM))


def _depending(lets: Mapping[str, str], names: set[str]) -> set[str]:
    """Those of *lets* that name one of *names*, or another that does."""
    found: set[str] = set()
    for name, source in lets.items():
        if names_in(source) & (names | found):
            found.add(name)
    return found
