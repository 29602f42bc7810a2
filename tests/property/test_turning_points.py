"""Where verdicts turn, against asking as of every microsecond, for generated policies whose times lie close together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from journeylint.cel import CelEnvironment, CelError
from journeylint.errors import PolicyError
from journeylint.inquiry import Inquiry, ManifestFunctions, typing_functions
from journeylint.model import Identity, JsonObject, Manifest, Severity, Span
from journeylint.plan import KindPlan, RuledPolicy, Ruling
from journeylint.policies import Expression, Policy, PolicyFile, Shared, Template
from journeylint.turning_points import RAISED
from tests.judging import builtin_host
from tests.kinds import make_journey

BASE = datetime(2026, 11, 26, 12, tzinfo=UTC)
REACH = 24
"""Microseconds to either side of BASE that are asked about one by one; times of policies lie within a third of that."""
COMPARING = ("<", "<=", ">", ">=", "==", "!=")
NOWHERE = Span(1, 1, 1, 1)


def at(microseconds: int) -> datetime:
    return BASE + timedelta(microseconds=microseconds)


def write(microseconds: int) -> str:
    return f"{at(microseconds):%Y-%m-%dT%H:%M:%S.%fZ}"


class Writer:
    """Writes expressions, of a depth of at most a few levels, that may name those of `begin`, `gap` and `isEarly` in *lets*."""

    def __init__(self, random: Random, *lets: str) -> None:
        self._random = random
        self._lets = lets

    def bool(self, depth: int = 3) -> str:
        pick, deeper = self._random.choice, depth - 1
        ways = [
            lambda: f"(now {pick(COMPARING)} {self.instant(deeper)})",
            lambda: f"({self.instant(deeper)} {pick(COMPARING)} {self.instant(deeper)})",
            lambda: f"({self.span(deeper)} {pick(COMPARING)} {self.span(deeper)})",
        ]
        if depth > 0:
            ways += [
                lambda: f"({self.bool(deeper)} {pick(['&&', '||', '==', '!='])} {self.bool(deeper)})",
                lambda: f"!{self.bool(deeper)}",
                lambda: self._choice(self.bool, deeper),
                lambda: pick(["has(journey.spec.publishTime)", "journey.metadata.name == ''"]),
                *([lambda: "isEarly"] if "isEarly" in self._lets else []),
            ]
        return pick(ways)()

    def instant(self, depth: int) -> str:
        pick, deeper = self._random.choice, depth - 1
        published = "(has(journey.spec.publishTime) ? publish : {})"
        names = ["now", "now", "start", "publish", published.format("now"), published.format("start")]
        ways = [lambda: pick([*names, *({"begin"} & {*self._lets})]), self._fine_instant]
        if depth > 0:
            ways += [
                lambda: f"({self.instant(deeper)} {pick('+-')} {self.span(deeper)})",
                lambda: self._choice(self.instant, deeper),
                lambda: f"cel.bind(one, {self.instant(deeper)}, one {pick('+-')} {self.span(deeper)})",
            ]
        return pick(ways)()

    def span(self, depth: int) -> str:
        pick, deeper = self._random.choice, depth - 1
        ways = [
            lambda: f"elapsed(now, {pick(['start', 'publish', 'now'])})",
            lambda: pick(["duration('3us')", "duration('1500ns')", *({"gap"} & {*self._lets})]),
        ]
        if depth > 0:
            ways += [
                lambda: f"elapsed({self.instant(deeper)}, {self.instant(deeper)})",
                lambda: f"({self.instant(deeper)} - {self.instant(deeper)})",
                lambda: f"({self.span(deeper)} {pick('+-')} {self.span(deeper)})",
                lambda: self._choice(self.span, deeper),
            ]
        return pick(ways)()

    def _choice(self, value: object, depth: int) -> str:
        assert callable(value)
        return f"({self.bool(depth)} ? {value(depth)} : {value(depth)})"

    def _fine_instant(self) -> str:
        """An instant in nanoseconds, told at once or only when it is asked for."""
        microseconds, rest = divmod(self._random.randint(-1000 * REACH // 3, 1000 * REACH // 3), 1000)
        text = f"{write(microseconds)[:-1]}{self._random.choice([0, rest]):03}"
        return f"timestamp('{text}Z')" if self._random.random() < 0.5 else f"timestamp('{text}' + 'Z')"


INQUIRY = Inquiry()


@cache
def environment(names: frozenset[tuple[str, str]]) -> CelEnvironment:
    host = builtin_host()
    functions = [*host.functions, *typing_functions(), *ManifestFunctions(INQUIRY, host.functions).entries()]
    return CelEnvironment(dict(names), functions)


def make_policy(random: Random) -> Policy:
    every = Writer(random, "begin", "gap", "isEarly")
    lets = {
        "start": "instant(journey.spec.startTime, journey.spec.timeZone)",
        "publish": "instant(journey.spec.publishTime, journey.spec.timeZone)",
        "begin": Writer(random).instant(2),
        "gap": Writer(random, "begin").span(2),
        "isEarly": Writer(random, "begin", "gap").bool(2),
    }
    return Policy(
        id="TST001", name="one", pack="pack", prefix="TST", title="One", severity=Severity.ERROR, since="0.1.0", tags=(),
        kind="Journey", each="$", as_name="node", when=Expression(random.choice(["true", every.bool()]), "/match/when"),
        let={name: Expression(source, f"/let/{name}") for name, source in lets.items()}, params={},
        require=Expression(every.bool(), "/require"), at="", related=(), message=Template(("It fails.",), ()), rationale="",
        remediation="", references=(), shared=Shared(None, {}), file=PolicyFile("p", "", lambda _: NOWHERE), source={},
    )  # fmt: skip


def rule(policy: Policy) -> tuple[KindPlan, RuledPolicy]:
    ruling = Ruling(policy, policy.severity, {}, counts=True)
    plan = KindPlan("Journey", [ruling], lambda variables: environment(frozenset(variables.items())))
    return plan, plan.groups[0].policies[0]


offsets = st.integers(-REACH // 3, REACH // 3)


@settings(max_examples=400, deadline=None)
@given(seed=st.integers(0, 2**32), start=offsets, publish=st.none() | offsets, after=st.integers(-REACH, REACH // 3))
def test_a_verdict_turns_exactly_where_asking_as_of_every_microsecond_finds_that_it_does(
    seed: int, start: int, publish: int | None, after: int
) -> None:
    policy = make_policy(Random(seed))
    plan, ruled = rule(policy)
    try:
        assert ruled.verdict
    except PolicyError:
        return  # nested more deeply than CEL allows
    spec: JsonObject = {"startTime": write(start), "timeZone": "UTC"}
    data = make_journey(None, **(spec if publish is None else {**spec, "publishTime": write(publish)}))
    INQUIRY.begin(Manifest(Identity("default", "Journey", "spring-sale"), data, "a.yaml", 1, lambda _: NOWHERE))

    def verdict(moment: datetime) -> object:
        try:
            return ruled.verdict.elements(plan.environment.scope({"journey": data, "now": moment}))[0]
        except CelError:
            return RAISED

    moments = [at(offset) for offset in range(after, REACH + 1)]
    codes = [verdict(moment) for moment in moments]
    found = {
        moment: code for moment, code, before in zip(moments[1:], codes[1:], codes, strict=False) if code != before
    }
    points = ruled.turning_points
    if points is None:
        assert found == {}
        return
    if points.reason:
        return  # more branches than are followed
    scope = plan.environment.scope({"journey": data, "now": at(after)})
    try:
        changes = points.changes(scope, INQUIRY, at(after), until=at(REACH))
    except (PolicyError, CelError):
        return  # nested more deeply than CEL allows for several instants
    assert {one.first: one.code for one in changes} == found
    assert [one.first for one in changes] == sorted(found)
