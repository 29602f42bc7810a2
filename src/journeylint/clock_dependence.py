"""How a policy's verdict hangs on `now`: at which instants it can change, or why that cannot be told.

As a function of `now` a verdict is constant in pieces. It can change only where the two sides of a comparison of instants
or durations meet, and each side is linear in `now`: `now`, what does not read it, sums and differences of these, `elapsed`,
and either branch of a `? :`. So each pair of branches of the two sides gives one equation `slope * now + terms = 0`, whose
terms do not read `now`. Its solution - a `Root` - is found once for a node and holds for all time. Conditions that pick a
branch are comparisons too, and have roots of their own; roots of branches that are never taken do no harm.

What reads `now` in another way - a time's hours, its text, a loop's body, the conditions of sums over users - is not solved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product
from types import MappingProxyType
from typing import NamedTuple

from journeylint.cel import bind, names_in
from journeylint.cel_nodes import Binary, Call, Conditional, Literal, Macro, Name, Node, children, macro_of, text_of
from journeylint.cel_syntax import CelSyntaxError, parse
from journeylint.expressions import lets_of
from journeylint.policies import Policy

NOW = "now"
MOST_FORMS = 64
"""Branches of one side of a comparison that are followed."""

_COMPARING = frozenset({"<", "<=", ">", ">=", "==", "!="})
_SUMS = frozenset({"usersCount", "usersLatest", "usersEarliest"})
_READERS_OF_TIME = frozenset({"timestamp", "duration"})
_NOW = re.compile(r"(?<![A-Za-z0-9_])now(?![A-Za-z0-9_])")
_LONGEST_SHOWN = 60
_WHOLE_INSTANT = re.compile(r"[^.]*(?:\.[0-9]{1,6})?(?:Z|[+-][0-9:]+)?", re.IGNORECASE)
_WHOLE_DURATION = re.compile(r"-?(?:[0-9]+(?:\.[0-9]{1,3})?(?:h|ms|m|s))+|0")


class Root(NamedTuple):
    """The instant at which `slope * now` and the sum of `terms`, each with its sign, are zero together; `slope` is positive.

    Terms are CEL, as the policy's own expressions are: an instant stands for its distance from 1970. `margin` counts those
    that may be finer than a microsecond.
    """

    slope: int
    terms: tuple[tuple[int, str], ...]
    margin: int


class ClockDependence(NamedTuple):
    """How a verdict hangs on `now`: it can change at `roots` only, unless `reason` says why that cannot be told."""

    roots: tuple[Root, ...]
    reason: str = ""


def reads_clock(policy: Policy) -> bool:
    """Whether *policy* names `now` in what its verdict may rest on, the texts of sums over users included; no tree is read."""
    lets = lets_of(policy)
    return any(_NOW.search(source) for source in (*_conditions(policy), *lets.values()))


def clock_dependence(policy: Policy) -> ClockDependence | None:
    """How the verdict of *policy*, which compiles, hangs on `now`; None where it does not."""
    if not reads_clock(policy):
        return None
    analysis = _Analysis(lets_of(policy))
    try:
        trees = [(parse(source), _Names(source)) for source in _conditions(policy)]
        if not any(analysis.reads_now(node, names) for node, names in trees):
            return None
        for node, names in trees:
            analysis.note(node, names, node)
    except _UnsolvableError as error:
        return ClockDependence((), str(error))
    except CelSyntaxError:  # nested more deeply than trees are read here
        return ClockDependence((), _shortened(policy.require.source))
    return ClockDependence(tuple(analysis.roots))


def _conditions(policy: Policy) -> list[str]:
    asked = (policy.shared.when, policy.when, policy.require)
    return [one.source for one in asked if one is not None]


class _UnsolvableError(Exception):
    """`now` is read in a way from which no instant follows; the text is that of the expression that does."""


class _Names(NamedTuple):
    """What the nodes of a source are read in: the source, what `cel.bind` and loops bind there, and how that is written.

    A name that is bound to None is an item of a loop.
    """

    source: str
    bound: Mapping[str, tuple[Node, _Names] | None] = MappingProxyType({})
    bindings: tuple[tuple[str, str], ...] = ()

    def text(self, node: Node) -> str:
        """*node* as CEL that stands for itself inside the policy's own bindings."""
        text = f"({text_of(self.source, node)}\n)"
        for name, value in reversed(self.bindings):
            text = bind(name, value, text)
        return text

    def with_bind(self, macro: Macro) -> _Names:
        (name,) = macro.variables
        value = f"({text_of(self.source, macro.over)}\n)"
        return _Names(self.source, {**self.bound, name: (macro.over, self)}, (*self.bindings, (name, value)))

    def with_items(self, macro: Macro) -> _Names:
        return self._replace(bound={**self.bound, **dict.fromkeys(macro.variables)})


class _Form(NamedTuple):
    """`slope * now` and the sum of terms, as in a `Root`, but of any slope."""

    slope: int
    terms: tuple[tuple[int, str], ...] = ()
    margin: int = 0

    def minus(self, other: _Form) -> _Form:
        return self.plus(_Form(-other.slope, tuple((-sign, text) for sign, text in other.terms), other.margin))

    def plus(self, other: _Form) -> _Form:
        return _Form(self.slope + other.slope, self.terms + other.terms, self.margin + other.margin)


class _Analysis:
    """Gathers the roots of expressions that see *lets*."""

    def __init__(self, lets: Mapping[str, str]) -> None:
        self._lets = lets
        self._trees: dict[str, tuple[Node, _Names]] = {}
        self._reading: dict[str, bool] = {}
        self._noted: set[str] = set()
        self.roots: dict[Root, None] = {}

    # -- what reads the clock

    def reads_now(self, node: Node, names: _Names) -> bool:
        """Whether the value of *node* may change with `now` alone."""
        match node:
            case Name():
                return self._is_now(node.name, names)
            case Call(target=None) if node.function in _SUMS and any(_asks_now(one) for one in node.arguments):
                return True
            case Call() if (macro := macro_of(node)) is not None:
                if macro.function == "bind":
                    return self.reads_now(macro.bodies[0], names.with_bind(macro))
                inner = names.with_items(macro)
                return self.reads_now(macro.over, names) or any(self.reads_now(one, inner) for one in macro.bodies)
            case _:
                return any(self.reads_now(child, names) for child in children(node))

    def _is_now(self, name: str, names: _Names) -> bool:
        if name in names.bound:
            bound = names.bound[name]
            return bound is not None and self.reads_now(*bound)
        if name in self._lets:
            if name not in self._reading:
                self._reading[name] = self.reads_now(*self._let(name))
            return self._reading[name]
        return name.removeprefix(".") == NOW

    def _named(self, name: str, names: _Names) -> tuple[Node, _Names] | None:
        """What *name* stands for, if that is an expression."""
        if name in names.bound:
            return names.bound[name]
        return self._let(name) if name in self._lets else None

    def _let(self, name: str) -> tuple[Node, _Names]:
        if name not in self._trees:
            self._trees[name] = parse(self._lets[name]), _Names(self._lets[name])
        return self._trees[name]

    # -- what is constant in pieces

    def note(self, node: Node, names: _Names, around: Node) -> None:
        """Note the roots at which the value of *node*, which is no time, can change; *around* is the node that takes it."""
        if not self.reads_now(node, names):
            return
        if self._is_time(node, names):
            raise _unsolvable(around, names)
        match node:
            case Name():
                self._note_name(node, names)
            case Binary() if node.operator in _COMPARING:
                self._note_comparison(node, names)
            case Call() if (macro := macro_of(node)) is not None:
                self._note_macro(node, macro, names)
            case Call(target=None) if node.function in _SUMS and any(_asks_now(one) for one in node.arguments):
                raise _unsolvable(node, names)
            case _:
                for child in children(node):
                    self.note(child, names, node)

    def _note_name(self, node: Name, names: _Names) -> None:
        known = self._named(node.name, names)
        if known is not None and (node.name in names.bound or node.name not in self._noted):
            if node.name not in names.bound:
                self._noted.add(node.name)
            inner, inner_names = known
            self.note(inner, inner_names, inner)

    def _is_time(self, node: Node, names: _Names) -> bool:
        forms = self._forms(node, names)
        return forms is not None and any(form.slope for form in forms)

    def _note_macro(self, node: Call, macro: Macro, names: _Names) -> None:
        if macro.function == "bind":
            self.note(macro.bodies[0], names.with_bind(macro), node)
            return
        inner = names.with_items(macro)
        if any(self.reads_now(body, inner) for body in macro.bodies):
            raise _unsolvable(node, names)
        self.note(macro.over, names, node)

    def _note_comparison(self, node: Binary, names: _Names) -> None:
        left, right = self._forms(node.left, names), self._forms(node.right, names)
        if left is not None and right is not None:
            if len(left) * len(right) > MOST_FORMS:
                raise _unsolvable(node, names)
            for one, other in product(left, right):
                self._add_root(one.minus(other))
            return
        if any(form.slope for forms in (left, right) if forms is not None for form in forms):
            raise _unsolvable(node, names)
        self.note(node.left, names, node)
        self.note(node.right, names, node)

    def _add_root(self, form: _Form) -> None:
        if form.slope:
            sign = 1 if form.slope > 0 else -1
            terms = tuple(sorted((sign * one, text) for one, text in form.terms))
            self.roots[Root(sign * form.slope, terms, form.margin)] = None

    # -- times

    def _forms(self, node: Node, names: _Names) -> list[_Form] | None:
        """What *node* may be as a function of `now`, one form a branch; None where it is no linear one."""
        if not self.reads_now(node, names):
            return [_Form(0, ((1, names.text(node)),), int(self._may_be_fine(node, names)))]
        match node:
            case Name():
                known = self._named(node.name, names)
                return [_Form(1)] if known is None else self._forms(*known)
            case Conditional():
                yes, no = self._forms(node.yes, names), self._forms(node.no, names)
                if yes is None or no is None:
                    return None
                self.note(node.condition, names, node)
                return _bounded([*yes, *no])
            case Binary(operator="+" | "-"):
                return self._combined(node.left, node.right, names, is_sum=node.operator == "+")
            case Call(target=None, function="elapsed", arguments=(begin, end)):
                return self._combined(end, begin, names, is_sum=False)
            case Call(target=None, function="dyn", arguments=(inner,)):
                return self._forms(inner, names)
            case Call(target=None, function="timestamp" | "duration", arguments=(inner,)):
                forms = self._forms(inner, names)  # of a time it is that time; what a text says is not known here
                return forms if forms is not None and all(form.slope for form in forms) else None
            case Call() if (macro := macro_of(node)) is not None and macro.function == "bind":
                return self._forms(macro.bodies[0], names.with_bind(macro))
            case _:
                return None

    def _combined(self, left: Node, right: Node, names: _Names, *, is_sum: bool) -> list[_Form] | None:
        first, second = self._forms(left, names), self._forms(right, names)
        if first is None or second is None or len(first) * len(second) > MOST_FORMS:
            return None
        return _bounded([one.plus(other) if is_sum else one.minus(other) for one, other in product(first, second)])

    def _may_be_fine(self, node: Node, names: _Names) -> bool:
        """Whether the value of *node* may be finer than a microsecond: only CEL itself reads such from a text."""
        match node:
            case Call(target=None, arguments=(inner,)) if node.function in _READERS_OF_TIME:
                if not isinstance(inner, Literal):
                    return True
                shape = _WHOLE_INSTANT if node.function == "timestamp" else _WHOLE_DURATION
                return isinstance(inner.value, str) and shape.fullmatch(inner.value) is None
            case Name():
                known = self._named(node.name, names)
                return known is not None and self._may_be_fine(*known)
            case Call() if (macro := macro_of(node)) is not None and macro.function == "bind":
                return self._may_be_fine(macro.bodies[0], names.with_bind(macro))
            case _:
                return any(self._may_be_fine(child, names) for child in children(node))


def _bounded(forms: list[_Form]) -> list[_Form] | None:
    distinct = list(dict.fromkeys(forms))
    return distinct if len(distinct) <= MOST_FORMS else None


def _asks_now(argument: Node) -> bool:
    """Whether *argument*, the text of a condition, names `now`."""
    return isinstance(argument, Literal) and isinstance(argument.value, str) and NOW in names_in(argument.value)


def _unsolvable(node: Node, names: _Names) -> _UnsolvableError:
    return _UnsolvableError(_shortened(text_of(names.source, node)))


def _shortened(source: str) -> str:
    shown = " ".join(source.split())
    return shown if len(shown) <= _LONGEST_SHOWN else shown[: _LONGEST_SHOWN - 3] + "..."
