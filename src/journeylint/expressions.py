"""The CEL sources that a policy's parts become: each expression inside the bindings of the names that it uses.

Variables of the environment are the manifest under its kind's name, `now`, and, for selections that CEL cannot spell, a
list of nodes a selection (`nodes_0`, ...). `index_()` says which node is judged. Everything else - `manifest`, the node,
`params`, `let` - is bound around the expression, lazily, so that nothing is evaluated that is not needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from typing import NamedTuple

from journeylint.cel import (
    bind,
    bind_all,
    conjuncts_of,
    count_name,
    macro_variables,
    names_in,
    paths_in,
    quote,
    replace_members,
    replace_name,
)
from journeylint.model import JsonValue
from journeylint.params import map_literal, param_literals
from journeylint.policies import FixTemplate, Policy, Template
from journeylint.selection import Selector

NODE_INDEX = "index_()"

FACTS = "facts"
"""The variable that holds what is derived from the manifest."""


def kind_variable(kind: str) -> str:
    """The name under which predicates know a manifest of *kind*: `journey` for `Journey`."""
    return kind[:1].lower() + kind[1:]


class Nodes(NamedTuple):
    """How CEL spells the nodes of a selection: `whole` the list of them (empty if there is none), `one` the judged one."""

    whole: str
    one: str


def nodes_of(selector: Selector, variable: str, list_variable: str) -> Nodes:
    """The spelling for *selector* over the manifest in *variable*; *list_variable* has the nodes where CEL cannot select."""
    if selector.tokens == ():
        return Nodes(f"[{variable}]", variable)
    path = selector.cel_path
    if path is None:
        return Nodes(list_variable, f"{list_variable}[{NODE_INDEX}]")
    steps = path.split(".")[1:]
    guards = " && ".join(f"has({variable}.{'.'.join(steps[: count + 1])})" for count in range(len(steps)))
    return Nodes(f"({guards} ? {variable}{path} : [])", f"{variable}{path}[{NODE_INDEX}]")


def lets_of(policy: Policy) -> dict[str, str]:
    """The policy's `let` in the order of evaluation: what it uses of its pack's, then its own."""
    own = {name: expression.source for name, expression in policy.let.items()}
    sources = [policy.require.source, *own.values(), *(place.manifest for place in policy.related)]
    sources += [expression.source for expression in policy.message.expressions]
    sources += [when.source for when in (policy.when, policy.shared.when) if when is not None]
    shared = {name: expression.source for name, expression in policy.shared.let.items() if name not in own}
    return {**used_lets(shared, sources), **own}


def lets_of_fix(policy: Policy) -> dict[str, str]:
    """The `let` of the fix in the order of evaluation: what it uses of its policy's and its pack's, then its own."""
    if policy.fix is None:
        return {}
    own = {name: expression.source for name, expression in policy.fix.let.items()}
    lets = {**policy.shared.let, **policy.let}
    others = {name: expression.source for name, expression in lets.items() if name not in own}
    sources = [*(expression.source for expression in policy.fix.expressions), *own.values()]
    return {**used_lets(others, sources), **own}


def shared_lets_of_verdict(policy: Policy) -> dict[str, str]:
    """Those of the pack's `let` that the verdict hangs on, in the order of evaluation."""
    sources = [policy.require.source, *(expression.source for expression in policy.let.values())]
    if policy.when is not None:
        sources.append(policy.when.source)
    shared = {name: expression.source for name, expression in policy.shared.let.items() if name not in policy.let}
    return used_lets(shared, sources)


def names_facts(policy: Policy) -> bool:
    """Whether *policy* names `facts` anywhere; a `let` of that name counts as well."""
    expressions = [*policy.shared.let.values(), *policy.let.values(), *policy.message.expressions, policy.require]
    expressions += [one for one in (policy.shared.when, policy.when) if one is not None]
    if policy.fix is not None:
        expressions += [*policy.fix.expressions, *policy.fix.let.values()]
    return any(FACTS in one.source and FACTS in names_in(one.source) for one in expressions)


def conditions_of(policy: Policy) -> tuple[str, ...]:
    """The parts of the policy's `when` that are joined by `&&`, in order.

    The first, which other policies may share, names nothing that is the policy's own; it is `true` where there is no such.
    """
    if policy.when is None:
        return ("true",)
    conditions = conjuncts_of(policy.when.source)
    is_own = bool(names_in(conditions[0]) & {"params", *policy.let})
    return ("true", *conditions) if is_own else conditions


def used_lets(lets: Mapping[str, str], sources: Iterable[str]) -> dict[str, str]:
    """Those of *lets* that *sources* name, with those that they name themselves, in their order."""
    if not lets:
        return {}
    wanted = set[str]().union(*map(names_in, sources))
    for name in reversed([*lets]):
        if name in wanted:
            wanted |= names_in(lets[name])
    return {name: source for name, source in lets.items() if name in wanted}


def bind_lets(lets: Mapping[str, str], body: str, *, may_inline_into_body: bool) -> str:
    """*body* with those of *lets* bound that it needs.

    CEL allows 32 levels of nesting, and each binding is one, so a `let` that is used once only stands where it is used:
    inside another `let`, and inside *body* where that does not evaluate it more often.
    """
    needed = used_lets(lets, [body])
    for name in reversed(list(needed)):
        users = [other for other in needed if name in names_in(needed[other])]
        source = needed[name]
        if any(name in macro_variables(text) for text in (body, *needed.values())):
            continue
        if not users and may_inline_into_body and count_name(body, name) == 1 and not _captures(body, source):
            body = replace_name(body, name, f"({source}\n)")
        elif len(users) == 1 and name not in names_in(body) and count_name(needed[users[0]], name) == 1:
            user = users[0]
            if _captures(needed[user], source):
                continue
            needed[user] = replace_name(needed[user], name, f"({source}\n)")
        else:
            continue
        del needed[name]
    return bind_all(((name, f"({source}\n)") for name, source in needed.items()), body)


def _join(conditions: Iterable[str]) -> str:
    """All of *conditions*, each of which may end in a comment."""
    return "\n && ".join(conditions)


def _captures(body: str, source: str) -> bool:
    """Whether a variable of a macro in *body* would take a name that *source* means otherwise."""
    return bool(macro_variables(body) & names_in(source))


class Sources(NamedTuple):
    """The CEL sources of one policy under given param values; each is a list, as `Program.elements` wants it."""

    policy: Policy
    nodes: Nodes
    values: Mapping[str, JsonValue]

    def verdict(self) -> str:
        """`[code]`: 0 not applicable, 1 passed, 2 failed."""
        policy = self.policy
        # Each is asked whole, for in CEL `error && false` is false.
        conditions = [f"({when.source}\n)" for when in (policy.shared.when, policy.when) if when is not None]
        return self.within_node(f"[{self.verdict_code(conditions, lets_of(policy))}]")

    def verdicts(self) -> str:
        """`[code, ...]`, one for each of the moments of the inquiry, which `now` then stands for."""
        policy = self.policy
        conditions = [f"({when.source}\n)" for when in (policy.shared.when, policy.when) if when is not None]
        code = replace_name(self.verdict_code(conditions, lets_of(policy)), "now", "then_")
        return self.within_node(f"moments_().map(place_, {bind('then_', 'moment_(place_)', code)})")

    def verdict_code(self, conditions: Sequence[str], lets: Mapping[str, str], codes: Sequence[int] = (1, 2)) -> str:
        """The bare code where *conditions* hold, with *lets* and params bound where they are needed.

        *codes* are those of what passes and of what fails; what is not applicable has 0. Conditions that need none of *lets* are
        asked first, outside the bindings: most nodes stop there.
        """
        passed, failed = codes
        code = f"(({self.policy.require.source}\n) ? {passed} : {failed})"
        early = list(takewhile(lambda condition: not names_in(condition) & set(lets), conditions))
        late = conditions[len(early) :]
        if late:
            code = f"(({_join(late)}\n) ? {code} : 0)"
        code = bind_lets(lets, code, may_inline_into_body=True)
        return self.within_params(f"(({_join(early)}\n) ? {code} : 0)" if early else code)

    def message(self) -> str:
        """The texts of which the message is made up, its placeholders filled in."""
        return self.within(_texts_of(self.policy.message))

    def fix(self, fix: FixTemplate) -> str:
        """`[texts, values]`: those of which the title of *fix* is made up, and those that its edits write, in order.

        An empty list where the fix is not right.
        """
        values = ", ".join(f"dyn({value.source}\n)" for value in fix.values)
        body = f"[dyn({_texts_of(fix.title)}), dyn([{values}])]"
        if fix.when is not None:
            body = f"(({fix.when.source}\n) ? {body} : [])"
        body = bind_lets(lets_of_fix(self.policy), body, may_inline_into_body=True)
        return self.within_node(self.within_params(body))

    def evidence(self) -> dict[str, str]:
        """What the verdict rests on, by the name that the policy gives it, each as `[text, value]`.

        That is each `let` that a condition names, and each field and param that the requirement reads
        (of a policy that is never compliant: that `when` reads).
        """
        policy = self.policy
        deciding = policy.require.source
        conditions = [deciding] if policy.when is None else [deciding, policy.when.source]
        if not names_in(deciding) - {"false"}:
            deciding = conditions[-1]
        named = set().union(*map(names_in, conditions))
        lets = lets_of(policy)
        roots = {*lets, policy.as_name, "manifest", "params", FACTS, kind_variable(policy.kind)}
        paths = [path for path in paths_in(deciding) if path.split(".")[0] in roots]
        shown = [*(name for name in lets if name in named), *paths]
        return {name: self.within(f"[dyn(text({name})), dyn({name})]") for name in shown}

    def identity(self, name: str) -> str:
        """`[kind, name]` of the manifest in a variable."""
        return self.within(f"[string({name}.kind), string({name}.metadata.name)]")

    def within(self, body: str) -> str:
        """*body* with everything bound that it may name, and only what it names."""
        body = bind_lets(lets_of(self.policy), body, may_inline_into_body=True)
        return self.within_node(self.within_params(body))

    def within_params(self, body: str) -> str:
        """*body* with the params' values in their places, and bound where it names `params` in another way."""
        literals = param_literals(self.policy.params, self.values)
        body = replace_members(body, "params", literals)
        is_named = "params" in body and "params" in names_in(body)
        return bind("params", map_literal(literals), body) if is_named else body

    def within_node(self, body: str) -> str:
        """*body* with the judged node and the manifest bound, if it names them."""
        if self.policy.as_name in names_in(body):
            body = bind(self.policy.as_name, self.nodes.one, body)
        return within_manifest(self.policy.kind, body)


def _texts_of(template: Template) -> str:
    """The list of the texts of which *template* is made up, its placeholders filled in."""
    parts = [quote(template.texts[0])] if template.texts[0] else []
    for expression, literal in zip(template.expressions, template.texts[1:], strict=True):
        parts.append(f"text({expression.source}\n)")
        if literal:
            parts.append(quote(literal))
    return f"[{', '.join(parts)}]"


def within_manifest(kind: str, body: str) -> str:
    """*body* with `manifest` bound, if it names it."""
    return bind("manifest", kind_variable(kind), body) if "manifest" in body and "manifest" in names_in(body) else body
