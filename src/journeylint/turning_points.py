"""The instants at which a policy's verdict on a node changes, found from the times that its conditions compare.

Values are whole microseconds, so that around each root of the policy (see `clock_dependence`) there are at most two instants
from which on a verdict can be another: the root's own, and the one after it. At each of them the policy itself is asked.
Between them nothing can change, so that what is found is all there is, and found exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from journeylint.cel import CelError, Program, Scope, names_in
from journeylint.clock_dependence import ClockDependence, Root
from journeylint.expressions import Sources, kind_variable, lets_of
from journeylint.inquiry import Inquiry

RAISED = -1
"""The code, beside those of `plan`, for a verdict that could not be told because the policy's expressions failed."""
UNJUDGED = 0
"""The code for a node that looked a manifest up which could not be judged: as of one to which the policy does not apply."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LATEST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
_SAME_FOR_ALL = frozenset(
    {"params", "instant", "timestamp", "duration", "minutes", "hours", "elapsed", "true", "false", "null"}
)
"""Names of which a value is made that is the same for every node."""


class Change(NamedTuple):
    """From `at` on (or from the microsecond after it, if `is_after`) the verdict is `code`."""

    at: datetime
    is_after: bool
    code: int

    @property
    def first(self) -> datetime:
        """The first instant with the new verdict."""
        return self.at + _MICROSECOND if self.is_after else self.at


class TurningPoints:
    """Those of one policy under given param values; `reason` is the expression for which they cannot be told, or empty."""

    def __init__(
        self,
        dependence: ClockDependence,
        sources: Sources,
        compile_source: Callable[[str], Program],
        verdict: Callable[[], Program],
    ) -> None:
        self.reason = dependence.reason
        self._verdict = verdict
        self._sources = sources
        self._compile = compile_source
        self._lets = lets_of(sources.policy)
        self._roots = dependence.roots
        self._terms = list(dict.fromkeys(text for root in dependence.roots for _, text in root.terms))
        self._common: dict[str, int | None] | None = None
        self._known: tuple[datetime | None, datetime | None, dict[datetime, int | None]] = (None, None, {})
        self._programs: dict[tuple[str, ...], Program] = {}
        self._verdicts: Program | None = None

    def changes(
        self, scope: Scope, inquiry: Inquiry, after: datetime, *, until: datetime | None = None
    ) -> list[Change]:
        """The changes of the verdict on the node of *inquiry* behind *after*, up to and with *until* (default: all).

        The codes are those of `plan`, and RAISED. Raises ValueError where `reason` says that nobody can tell, and PolicyError
        or CelError where CEL nests the conditions no more deeply than a verdict needs. Other shards may have to be asked first,
        as for any verdict.
        """
        if self.reason:
            raise ValueError(f"nobody can tell how the verdict hangs on now: {self.reason}")
        met_unjudged = inquiry.met_unjudged
        try:
            candidates = self._candidates(scope, after, until)
            codes = self._codes(scope, inquiry, [after, *candidates]) if candidates else []
            if codes and codes[0] == RAISED and self._is_told(scope):
                raise CelError("the conditions are nested too deeply to be asked as of several instants")
        finally:
            inquiry.met_unjudged = met_unjudged
        return [
            Change(*_name(moment, root), code)
            for (moment, root), code, before in zip(candidates.items(), codes[1:], codes, strict=False)
            if code != before
        ]

    # -- instants

    def _candidates(self, scope: Scope, after: datetime, until: datetime | None) -> dict[datetime, int | None]:
        """The instants, in order, from which on the verdict may be another, with the whole root that each comes of."""
        if self._known[:2] == (after, until):
            return self._known[2]
        values = self._values(scope)
        found = self._solve(values, after, until)
        if not self._terms:  # then they are the same for every node
            self._known = after, until, found
        return found

    def _solve(
        self, values: Mapping[str, int | None], after: datetime, until: datetime | None
    ) -> dict[datetime, int | None]:
        first = (after - _EPOCH) // _MICROSECOND
        last = _LATEST if until is None else (until - _EPOCH) // _MICROSECOND
        found: dict[int, int | None] = {}
        for root in self._roots:
            total = _sum(root, values)
            if total is None:
                continue
            floor, rest = divmod(-total, root.slope)
            for moment in range(floor - root.margin + bool(rest), floor + root.margin + 2):
                if first < moment <= last:
                    found.setdefault(moment, floor if not rest and not root.margin else None)
        return {_EPOCH + timedelta(microseconds=one): found[one] for one in sorted(found)}

    def _values(self, scope: Scope) -> Mapping[str, int | None]:
        """The terms' values in microseconds; None for one that has none here, so that a comparison with it fails always."""
        if self._common is None:
            common = [text for text in self._terms if self._is_common(text)]
            self._common = self._evaluate(scope, common)
            self._terms = [text for text in self._terms if text not in self._common]
        return {**self._common, **self._evaluate(scope, self._terms)} if self._terms else self._common

    def _evaluate(self, scope: Scope, terms: Sequence[str]) -> dict[str, int | None]:
        if not terms:
            return {}
        try:
            return dict(zip(terms, map(_microseconds, self._program(terms).elements(scope)), strict=True))
        except CelError:
            if len(terms) == 1:
                return {terms[0]: None}
            return {text: value for term in terms for text, value in self._evaluate(scope, (term,)).items()}

    def _program(self, terms: Sequence[str]) -> Program:
        key = tuple(terms)
        if key not in self._programs:
            self._programs[key] = self._compile(self._sources.within(f"[{', '.join(f'dyn({one})' for one in key)}]"))
        return self._programs[key]

    def _is_common(self, text: str) -> bool:
        """Whether the value of *text* is the same for every node."""
        names, waiting = set[str](), set(names_in(text))
        while waiting:
            names |= waiting
            waiting = {one for name in waiting if name in self._lets for one in names_in(self._lets[name])} - names
        policy = self._sources.policy
        return names <= {*_SAME_FOR_ALL, *self._lets} - {kind_variable(policy.kind), "manifest", policy.as_name}

    # -- verdicts

    def _is_told(self, scope: Scope) -> bool:
        """Whether the verdict at the scope's own instant can be told."""
        try:
            return bool(self._verdict().elements(scope))
        except CelError:
            return False

    def _codes(self, scope: Scope, inquiry: Inquiry, moments: Sequence[datetime]) -> list[int]:
        """The verdict at each of *moments*: all at once, and one by one where not all can be told."""
        inquiry.met_unjudged, inquiry.moments = False, moments
        if self._verdicts is None:
            self._verdicts = self._compile(self._sources.verdicts())
        try:
            codes = [int(str(code)) for code in self._verdicts.elements(scope)]
        except CelError:
            if len(moments) == 1:
                return [UNJUDGED if inquiry.met_unjudged else RAISED]
        else:
            if not inquiry.met_unjudged:
                return codes
            if len(moments) == 1:
                return [UNJUDGED]
        return [code for moment in moments for code in self._codes(scope, inquiry, (moment,))]


def _sum(root: Root, values: Mapping[str, int | None]) -> int | None:
    total = 0
    for sign, text in root.terms:
        value = values[text]
        if value is None:
            return None
        total += sign * value
    return total


def _microseconds(value: object) -> int | None:
    match value:
        case datetime():
            return (value - _EPOCH) // _MICROSECOND
        case timedelta():
            return value // _MICROSECOND
        case _:
            return None


def _name(moment: datetime, root: int | None) -> tuple[datetime, bool]:
    """How people name *moment*: by the *root* before it, if that is a microsecond earlier."""
    at = moment if root is None else _EPOCH + timedelta(microseconds=root)
    return at, at != moment
