"""Traced verdicts against the engine's, for generated conditions over manifests of which one cannot be judged."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeylint.cel_nodes import Logical, Unary
from journeylint.cel_syntax import parse
from journeylint.check_request import CheckRequest
from journeylint.evidence import Trace, Verdict, walk_steps
from journeylint.explain import explain, parse_target
from journeylint.model import JsonObject
from journeylint.pipeline import prepare
from tests.judging import AS_OF, host_over, make_policy, run_check, tally_of, write_pack

FILES: dict[str, str | list[JsonObject] | JsonObject] = {
    "a.yaml": """\
apiVersion: journeylint/v1
kind: Journey
metadata: {name: spring}
spec:
  frequency: ongoing
  segments: [{name: good, role: audience}, {name: bad, role: branch}]
---
apiVersion: journeylint/v1
kind: Segment
metadata: {name: good}
spec: {source: outbound}
---
apiVersion: journeylint/v1
kind: Segment
metadata: {name: bad}
spec: {source: nowhere}
"""
}
SHARED: JsonObject = {
    "kinds": {
        "Journey": {
            "when": "journey.spec.frequency == 'ongoing' || isOdd",
            "let": {"isOdd": "1 / size(journey.spec.segments.filter(use, use.role == 'content')) == 1"},
        }
    }
}
atoms = st.sampled_from(
    [
        *(
            "true",
            "false",
            "isOdd",
            "has(journey.spec.endTime)",
            "journey.spec.startTime == ''",
            "usage.role == 'audience'",
        ),
        *(
            "1 / 0 == 1",
            "lookup('Segment', 'bad') != null",
            "isDefined('Segment', usage.name)",
            "isJourney",
            "used != null",
        ),
        *(
            "usersCount('Segment', 'good', \"user.kind == 'Journey'\") == 0",
            "'outbound' in lookupAll('Segment', '/spec/source')",
            "facts.isComplete",
            "facts.steps['welcome'].isReachable",
            "factsOf('Journey', 'spring').branchDepth == 0",
        ),
    ]
)
HELPERS: JsonObject = {
    "isLate": "has(journey.spec.startTime)",
    "isDraft": "journey.spec.state == 'draft' && !isLate",
    "isJourney": "isDraft || isOdd",
    "used": "isLate ? null : lookup('Segment', usage.name)",
}


LETS = ("isOdd", "isJourney", "used != null")
LOOPS = ("all", "exists", "exists_one")


def operations(inner: st.SearchStrategy[str], loops: tuple[str, ...]) -> list[st.SearchStrategy[str]]:
    return [
        st.lists(inner, min_size=2, max_size=5).map(lambda parts: f"({' && '.join(parts)})"),
        st.lists(inner, min_size=2, max_size=5).map(lambda parts: f"({' || '.join(parts)})"),
        inner.map(lambda one: f"!({one})"),
        st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]} ? {parts[1]} : {parts[2]})"),
        st.tuples(st.sampled_from(loops), inner).map(
            lambda parts: f"journey.spec.segments.{parts[0]}(use, use.name == 'good' || {parts[1]})"
        ),
    ]


def bindings(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(inner, inner).map(lambda parts: f"cel.bind(known, {parts[0]}, known || {parts[1]})")


# Behind a loop that ends early, CEL's runtime (cel-expr-python 0.1.3) takes a wrong value for a name that is bound. So
# conditions have either loops that may, or names that are bound: `let` and `cel.bind`.
with_loops = st.recursive(
    atoms.filter(lambda atom: atom not in LETS), lambda inner: st.one_of(*operations(inner, LOOPS)), max_leaves=6
)
with_bindings = st.recursive(
    atoms, lambda inner: st.one_of(*operations(inner, ("exists_one",)), bindings(inner)), max_leaves=6
)
cases = st.one_of(
    *(st.lists(st.tuples(one, one), min_size=1, max_size=6) for one in (with_loops, with_bindings)),
)


def combined(trace: Trace) -> None:
    """What `&&`, `||` and `!` came to is what their operands came to, as the language says."""
    for step in walk_steps(trace.steps):
        if not step.is_reached or step.operator not in ("&&", "||", "!"):
            continue
        values = [one.value for one in step.steps if one.is_reached]
        if step.operator == "!":
            assert isinstance(parse(step.text), Unary)
            assert step.value == (None if values == [None] else not values[0])
            continue
        decisive = step.operator == "||"
        assert isinstance(parse(step.text), Logical)
        expected = decisive if decisive in values else None if None in values else not decisive
        assert step.value == expected
        assert bool(step.error) == (step.value is None)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cases)
def test_a_verdict_is_traced_as_it_is_judged(tmp_path: Path, made: list[tuple[str, str]]) -> None:
    shutil.rmtree(tmp_path / "packs", ignore_errors=True)
    policies = [
        make_policy(
            number,
            each_="$.spec.segments[*]",
            as_="usage",
            when_=when,
            require=require,
            let=HELPERS,
            message="${usage.name} ${isDraft}",
        )
        for number, (when, require) in enumerate(made, start=1)
    ]
    host = host_over(write_pack(tmp_path / "packs", *policies, shared=SHARED))
    folder = tmp_path / "work"
    report = run_check(folder, host, FILES)
    preparation = prepare(CheckRequest(("a.yaml",), folder, as_of=AS_OF, use_cache=False, focus=True), host)
    for policy in preparation.library.policies:
        explanation = explain(policy, parse_target("a.yaml", None, folder), preparation, host)
        verdicts = [one.verdict for one in explanation.traces]
        passed, failed = (verdicts.count(one) for one in (Verdict.COMPLIES, Verdict.FAILS))
        assert tally_of(report, policy.id) == (passed, failed, len(verdicts) - passed - failed)
        told = {
            (one.location.pointer, one.message) for one in report.failures if one.message.startswith(f"{policy.id} ")
        }
        assert {pointer for pointer, _ in told} == {
            one.pointer for one in explanation.traces if one.verdict is Verdict.ERROR
        }
        for trace in explanation.traces:
            combined(trace)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_the_conditions_reach_every_verdict(tmp_path: Path, verdict: Verdict) -> None:
    requires = {
        Verdict.COMPLIES: "true",
        Verdict.FAILS: "false",
        Verdict.NOT_APPLICABLE: "true",
        Verdict.UNJUDGED: "lookup('Segment', 'bad') != null",
        Verdict.ERROR: "1 / 0 == 1",
    }
    when = "false" if verdict is Verdict.NOT_APPLICABLE else "true"
    policy = make_policy(1, when_=when, require=requires[verdict])
    host = host_over(write_pack(tmp_path / "packs", policy))
    folder = tmp_path / "work"
    run_check(folder, host, FILES)
    preparation = prepare(CheckRequest(("a.yaml",), folder, as_of=AS_OF, use_cache=False, focus=True), host)
    explanation = explain(preparation.library.policies[0], parse_target("a.yaml", None, folder), preparation, host)
    assert [one.verdict for one in explanation.traces] == [verdict]
