"""Policies with one mutant in them: which parts can be mutated, and a policy with that part replaced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from journeylint.cel import names_in
from journeylint.cel_nodes import Member, Name, walk
from journeylint.cel_syntax import parse
from journeylint.model import JsonValue
from journeylint.params import Param, value_problem
from journeylint.pointers import pointer_of, tokens_of
from journeylint.policies import Expression, Pack, Policy, PolicyFile
from journeylint.policy_places import problem_in
from journeylint.testing.bench import ReadyCase
from journeylint.testing.cases import Marker
from journeylint.testing.mutants import Edit, Siblings, edits_of, other_defaults


class Mutant(NamedTuple):
    """A change of a policy, or of what a pack shares: `part` is the pointer of what changes in *file*.

    `original` and `mutated` are the whole expression, or the param's default. `edit` is None for a default.
    """

    file: PolicyFile
    part: str
    operator: str
    original: str
    mutated: str
    edit: Edit | None = None
    value: JsonValue = None

    @property
    def place(self) -> str:
        """`path:line:column` of the change."""
        if self.edit is None:
            span = self.file.span(self.part)
            return f"{self.file.path}:{span.line}:{span.column}"
        told = problem_in(self.file, Expression(self.original, self.part), self.edit.start, "")
        return told.removesuffix(": ")


class Subject(NamedTuple):
    """A policy with its cases made ready, each with the markers that it expects."""

    policy: Policy
    pack: Pack
    cases: tuple[tuple[ReadyCase, list[Marker]], ...]


def own_mutants(policy: Policy, siblings: Siblings) -> Iterator[Mutant]:
    """The mutants of what is the policy's own: `when`, `let`, `require` and the defaults of params."""
    conditions = [one for one in (policy.when, policy.require) if one is not None]
    deciding = deciding_lets(policy)
    lets = {name: one for name, one in policy.let.items() if name in deciding}
    yield from _of_expressions(conditions, lets, policy.file, siblings)
    for name, param in policy.params.items():
        fitting = [value for value in other_defaults(param) if value_problem(param, value) is None]
        for value in fitting if _rests_on(policy, name, deciding) else ():
            part = pointer_of(("params", name, "default"))
            yield Mutant(policy.file, part, "param by one", str(param.default), str(value), value=value)


def shared_mutants(pack: Pack, siblings: Siblings) -> Iterator[Mutant]:
    """The mutants of what the policies of a pack share."""
    for shared in pack.shared.values():
        conditions = [shared.when] if shared.when is not None else []
        yield from _of_expressions(conditions, shared.let, pack.file, siblings)


def with_mutant(policy: Policy, mutant: Mutant) -> Policy:
    """*policy* as *mutant* would have it."""
    tokens = tokens_of(mutant.part)
    changed = Expression(mutant.mutated, mutant.part)
    match tokens:
        case ["match", "when"]:
            return policy._replace(when=changed)
        case ["require"]:
            return policy._replace(require=changed)
        case ["let", name]:
            return policy._replace(let={**policy.let, name: changed})
        case ["params", name, _]:
            param: Param = policy.params[name]._replace(default=mutant.value)
            return policy._replace(params={**policy.params, name: param})
        case ["shared", "kinds", _, "when"]:
            return policy._replace(shared=policy.shared._replace(when=changed))
        case ["shared", "kinds", _, "let", name]:
            return policy._replace(shared=policy.shared._replace(let={**policy.shared.let, name: changed}))
        case _:
            raise ValueError(mutant.part)


def uses(policy: Policy, mutant: Mutant) -> bool:
    """Whether verdicts of *policy* rest on the part that *mutant*, one of its pack, changes."""
    tokens = tokens_of(mutant.part)
    if tokens[2] != policy.kind:
        return False
    return tokens[3] == "when" or tokens[4] in deciding_lets(policy)


def deciding_lets(policy: Policy) -> frozenset[str]:
    """The names of the `let` that the verdict rests on; others are for the message, which cases do not hold."""
    lets = {**policy.shared.let, **policy.let}
    asked = [one for one in (policy.shared.when, policy.when, policy.require) if one is not None]
    names = set().union(*(names_in(one.source) for one in asked))
    for name in reversed(lets):  # an expression names only earlier ones
        if name in names:
            names |= names_in(lets[name].source)
    return frozenset(names & lets.keys())


def _rests_on(policy: Policy, param: str, deciding: frozenset[str]) -> bool:
    """Whether the verdict of *policy* may rest on its *param*, and not its message alone."""
    lets = {**policy.shared.let, **policy.let}
    asked = [one for one in (policy.shared.when, policy.when, policy.require) if one is not None]
    trees = [parse(one.source) for one in (*asked, *(lets[name] for name in deciding))]
    nodes = [node for tree in trees for node in walk(tree)]
    fields = {id(node.operand): node.field for node in nodes if isinstance(node, Member)}
    named = [node for node in nodes if isinstance(node, Name) and node.name == "params"]
    return any(fields.get(id(node), param) == param for node in named)


def _of_expressions(
    conditions: Iterable[Expression], lets: Mapping[str, Expression], file: PolicyFile, siblings: Siblings
) -> Iterator[Mutant]:
    asked = [(one, True) for one in conditions] + [(one, False) for one in lets.values()]
    for expression, is_condition in asked:
        source = expression.source
        for edit in edits_of(source, siblings, is_condition=is_condition):
            yield Mutant(file, expression.pointer, edit.operator, source, edit.apply(source), edit)
