"""What a policy asks, step by step, for people who read it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from journeylint.policies import Expression, Policy

_WORD = re.compile(r"[A-Za-z_]\w*")


def predicate_steps(policy: Policy) -> list[tuple[str, str]]:
    """Label and CEL source of each step in the order in which it is asked: the pack's condition first, `require` last.

    Of the named expressions those are there that the verdict or the message rests on.
    """
    steps: list[tuple[str, Expression | None]] = [("applies when", policy.shared.when)]
    steps += [(f"let {name}", expression) for name, expression in _find_used(policy).items()]
    steps += [("applies when", policy.when), ("complies when", policy.require)]
    return [(label, expression.source) for label, expression in steps if expression is not None]


def _find_used(policy: Policy) -> dict[str, Expression]:
    """The named expressions that are needed; a pack shares more than one policy needs."""
    named = {**policy.shared.let, **policy.let}
    asked = [policy.shared.when, policy.when, policy.require, *policy.message.expressions]
    words = {word for expression in asked if expression is not None for word in _WORD.findall(expression.source)}
    words.update(place.manifest for place in policy.related)
    for name in reversed(named):  # an expression names only earlier ones
        if name in words:
            words.update(_WORD.findall(named[name].source))
    return {name: expression for name, expression in named.items() if name in words}
