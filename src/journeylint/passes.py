"""A manifest of which parts have settings of their own is judged in several passes, one for each set of settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from journeylint.model import Manifest
from journeylint.plan import KindPlan
from journeylint.pointers import tokens_of
from journeylint.policies import Policy
from journeylint.selection import Selector, compile_selector
from journeylint.settings.resolve import PlaceKeys, PlanKey


class Pass(NamedTuple):
    """A plan, and which verdicts of it count: `keeps` is asked with the pointer of a node and a policy; None is all."""

    plan: KindPlan
    keeps: Callable[[str, Policy], bool] | None = None

    def judges(self, pointer: str, policy: Policy) -> bool:
        """Whether the verdict of *policy* on the node at *pointer* is this pass's."""
        return self.keeps is None or self.keeps(pointer, policy)


def divide(
    manifest: Manifest, keys: PlaceKeys, policies: Iterable[Policy], plan_for: Callable[[PlanKey], KindPlan | None]
) -> list[Pass]:
    """The passes over *manifest*, whose places have *keys*: together they judge each node by each policy once.

    *policies* are all that could judge the manifest's kind, *plan_for* gives the plan of a key, or None where nothing is
    on. What counts is the place of a policy on a node: the node's pointer and the policy's `at` behind it.
    """

    @cache
    def key_at(pointer: str, at: str) -> PlanKey:
        return keys.key(tokens_of(pointer + at))

    def judged_under(key: PlanKey) -> Callable[[str, Policy], bool]:
        return lambda pointer, policy: key_at(pointer, policy.at) == key

    met = dict.fromkeys(key_at(pointer, at) for pointer, at in _places(manifest, policies))
    plans = ((key, plan_for(key)) for key in met)
    return [Pass(plan, judged_under(key) if len(met) > 1 else None) for key, plan in plans if plan is not None]


def _places(manifest: Manifest, policies: Iterable[Policy]) -> Iterator[tuple[str, str]]:
    """The pointer of each node that one of *policies* selects, with the policy's `at`."""
    for each, at in dict.fromkeys((policy.each, policy.at) for policy in policies):
        for pointer, _ in _selector(each).find(manifest.data):
            yield pointer, at


@cache
def _selector(each: str) -> Selector:
    return compile_selector(each)
