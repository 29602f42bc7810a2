"""The gate: one expression that must come to what each policy alone would come to."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeylint.errors import PolicyError
from journeylint.model import Failure, JsonObject, JsonValue
from tests.judging import host_over, judge, make_policy, messages_of, places_of, run_check, tally_of, write_pack
from tests.kinds import make_journey, make_segment

USES: JsonObject = {
    "a.json": make_journey(
        {"name": "a"},
        segments=[{"name": "s", "role": "audience"}, {"name": "t", "role": "exclusion", "justification": "it must"}],
    ),
    "s.json": make_segment({"name": "s"}, memberCount=5),
}
FILES: dict[str, JsonObject] = {name: data for name, data in USES.items() if isinstance(data, dict)}
EACH: dict[str, JsonValue] = {"each_": "$.spec.segments[*]", "as_": "usage"}
NUMBER: JsonObject = {"type": "integer", "default": 3, "description": "A number."}


def test_a_comment_at_the_end_of_a_condition_ends_with_its_line(tmp_path: Path) -> None:
    when = "usage.role != 'content' // one\n && usage.role != 'branch' // two\n && usage.name == 's' // three"
    report = judge(tmp_path, make_policy(**EACH, when_=when), files=FILES)
    assert tally_of(report) == (0, 1, 1)
    assert places_of(report) == [("TST001", "/spec/segments/0")]


def test_the_first_condition_may_name_a_let_of_the_policy(tmp_path: Path) -> None:
    policy = make_policy(
        **EACH, let={"found": "lookup('Segment', usage.name)"}, when_="found != null && usage.name != ''"
    )
    assert tally_of(judge(tmp_path, policy, files=FILES)) == (0, 1, 1)


def test_the_first_condition_may_name_a_param_and_each_policy_has_its_own(tmp_path: Path) -> None:
    policies = [
        make_policy(number, when_="params.n == 3", params={"n": {**NUMBER, "default": default}})
        for number, default in ((1, 3), (2, 4))
    ]
    report = judge(tmp_path, *policies, files=FILES)
    assert (tally_of(report, "TST001"), tally_of(report, "TST002")) == ((0, 1, 0), (0, 0, 1))


def test_policies_may_call_different_things_by_one_name_in_the_same_first_condition(tmp_path: Path) -> None:
    policies = [
        make_policy(number, when_="yes && journey.kind == 'Journey'", let={"yes": yes})
        for number, yes in ((1, "true"), (2, "false"))
    ]
    report = judge(tmp_path, *policies, files=FILES)
    assert (tally_of(report, "TST001"), tally_of(report, "TST002")) == ((0, 1, 0), (0, 0, 1))


@pytest.mark.parametrize(
    "require",
    [
        "!has(params.n)",
        "!(has(params.n) && params.n == 3)",
        "size(params) != 1",
        "params['n'] != 3",
        "params.?n.orValue(4) != 3",
        "params . n != 3",
        "[4].all(n, n == params.n)",
    ],
)
def test_params_may_be_named_in_any_way(tmp_path: Path, require: str) -> None:
    assert tally_of(judge(tmp_path, make_policy(params={"n": NUMBER}, require=require), files=FILES)) == (0, 1, 0)


@pytest.mark.parametrize(
    "require",
    [
        "[1].all(state, state == 2)",
        "[1].all(state, false)",
        "journey.spec.?state.orValue('x') == state",
        "journey.spec. state == state",
        "journey.spec\n.state == state",
        "{'state': 1}.state == 2 || state == ''",
        "'state' == state",
    ],
)
def test_a_let_does_not_touch_what_else_has_its_name(tmp_path: Path, require: str) -> None:
    policy = make_policy(let={"state": "journey.metadata.name"}, require=require)
    assert tally_of(judge(tmp_path, policy, files=FILES)) == (0, 1, 0)


def test_a_let_keeps_its_meaning_inside_a_macro_whose_variable_has_a_name_that_it_uses(tmp_path: Path) -> None:
    policy = make_policy(**EACH, let={"own": "usage.name"}, require="['x'].all(usage, own == 'z')", message="${own}")
    assert messages_of(judge(tmp_path, policy, files=FILES)) == ["s", "t"]


@pytest.mark.parametrize("let", [{}, {"never": "usage.name == 'nobody'"}])
def test_an_error_beside_a_false_is_false_as_in_cel_itself(tmp_path: Path, let: JsonObject) -> None:
    condition = "never" if let else "journey.spec.frequency == 'event'"
    when = f"usage.justification == 'it must' && {condition}"
    report = judge(tmp_path, make_policy(**EACH, let=let, when_=when), files=FILES)
    assert (tally_of(report), report.failures) == ((0, 0, 2), ())


def test_a_pack_may_ask_its_shared_condition_by_a_shared_let(tmp_path: Path) -> None:
    shared: JsonObject = {"kinds": {"Journey": {"when": "isA", "let": {"isA": "journey.metadata.name == 'a'"}}}}
    files = {**FILES, "b.json": make_journey({"name": "b"})}
    report = judge(tmp_path, make_policy(1), make_policy(2, require="isA"), files=files, shared=shared)
    assert (tally_of(report, "TST001"), tally_of(report, "TST002")) == ((0, 1, 1), (1, 0, 1))


def test_a_shared_let_may_be_about_the_judged_node(tmp_path: Path) -> None:
    shared: JsonObject = {"kinds": {"Journey": {"let": {"own": "usage.name", "other": "own + '!'"}}}}
    report = judge(tmp_path, make_policy(**EACH, message="${other}"), make_policy(2), files=FILES, shared=shared)
    assert messages_of(report) == ["It fails.", "s!", "t!"]


def test_an_own_let_comes_before_a_shared_one_of_the_same_name(tmp_path: Path) -> None:
    shared: JsonObject = {"kinds": {"Journey": {"let": {"word": "'theirs'"}}}}
    policies = [make_policy(1, let={"word": "'mine'"}, message="${word}"), make_policy(2, message="${word}")]
    assert messages_of(judge(tmp_path, *policies, files=FILES, shared=shared)) == ["mine", "theirs"]


@pytest.mark.parametrize("count", [1, 5, 10, 15])
def test_many_lets_are_judged(tmp_path: Path, count: int) -> None:
    lets: JsonObject = {f"v{at}": f"v{at - 1} + v{at - 1}" if at else "1" for at in range(count)}
    policy = make_policy(let=lets, require=f"v{count - 1} + v{count - 1} == 0", message=f"${{v{count - 1}}}")
    assert messages_of(judge(tmp_path, policy, files=FILES)) == [
        f"{2 ** (count - 1):,}" if count > 14 else f"{2 ** (count - 1)}"
    ]


@pytest.mark.parametrize("count", range(20, 36))
def test_more_lets_than_cel_can_nest_are_an_error_that_says_so_or_are_judged(tmp_path: Path, count: int) -> None:
    lets: JsonObject = {f"v{at}": f"v{at - 1} + v{at - 1}" if at else "1" for at in range(count)}
    policy = make_policy(let=lets, require=f"v{count - 1} + v{count - 1} == 0")
    try:
        assert tally_of(judge(tmp_path, policy, files=FILES)) == (0, 1, 0)
    except PolicyError as error:
        (message,) = error.messages
        assert "policy-1/policy.yaml:" in message
        assert "nested too deeply" in message
        assert "32" in message
        assert count > 20


def test_policies_too_deep_for_one_gate_are_judged_in_several(tmp_path: Path) -> None:
    shared_lets: JsonObject = {f"s{at}": f"{at} + size(journey.metadata.name)" for at in range(10)}
    total = " + ".join(f"s{at}" for at in range(5))
    policies = [
        make_policy(
            number,
            let={f"v{at}": f"s{at} + s{at} + {'0' if not at else f'v{at - 1} + v{at - 1}'}" for at in range(8)},
            when_=f"{total} > {number - 3}",
            require=f"v7 + v7 == {number}",
        )
        for number in range(1, 9)
    ]
    shared: JsonObject = {"kinds": {"Journey": {"let": shared_lets}}}
    report = judge(tmp_path, *policies, files=FILES, shared=shared)
    assert [tally_of(report, policy.policy) for policy in report.policies] == [(0, 1, 0)] * 8


def test_policies_too_long_for_one_gate_are_judged_in_several(tmp_path: Path) -> None:
    # CEL takes no source of more than 100,000 characters: not that of five of these, nor of one gate for what is split.
    policies = [
        make_policy(number, require=f"journey.metadata.name != '{'x' * 30_000}{number}'") for number in range(1, 6)
    ]
    report = judge(tmp_path, *policies, files=FILES)
    assert [tally_of(report, f"TST{number:03}") for number in range(1, 6)] == [(1, 0, 0)] * 5
    assert not report.failures


@pytest.mark.parametrize("count", [31, 32, 70])
def test_any_number_of_policies_judge_the_same_nodes(tmp_path: Path, count: int) -> None:
    shared: JsonObject = {"kinds": {"Journey": {"let": {f"n{at}": f"size(usage.name) + {at}" for at in range(20)}}}}
    policies = [
        make_policy(
            number,
            **EACH,
            when_=f"usage.name != 'other-{number % 7}' && n{number % 20} >= 0",
            require=f"usage.name == 's' || {str(number % 3 != 0).lower()}",
        )
        for number in range(1, count + 1)
    ]
    report = judge(tmp_path, *policies, files=FILES, shared=shared)
    for number in range(1, count + 1):
        assert tally_of(report, f"TST{number:03}") == ((1, 1, 0) if number % 3 == 0 else (2, 0, 0))
    assert {place for _, place in places_of(report)} == {"/spec/segments/1"}


def test_a_manifest_without_nodes_for_a_selection_asks_no_gate_of_it(tmp_path: Path) -> None:
    policies = [make_policy(1, **EACH), make_policy(2), make_policy(3, each_="$.spec.flow.steps[*]", as_="step")]
    report = judge(tmp_path, *policies, files=FILES)
    assert [tally_of(report, f"TST00{number}") for number in (1, 2, 3)] == [(0, 2, 0), (0, 1, 0), (0, 0, 0)]


CONDITIONS = (
    "usage.role == 'audience'",
    "usage.role != 'content'",
    "found != null",
    "own",
    "params.n > 2",
    "has(usage.justification)",
    "usage.justification != 'x'",
    "found.spec.memberCount > 4",
    "size(names) > 1 // a comment",
    "(journey.spec.state == 'draft' || own)",
    "now > timestamp('2025-01-01T00:00:00Z')",
    "journey.spec.segments.exists(use, use.name == usage.name && use.role == 'exclusion')",
    "names.all(found, found != '')",
)
LETS: JsonObject = {
    "found": "lookup('Segment', usage.name)",
    "own": "usage.name == 's' // that one",
    "names": "journey.spec.segments.map(use, use.name)",
}


@st.composite
def packs(draw: st.DrawFn) -> list[JsonObject]:
    """Policies over usages, of conditions that may fail, in any order."""
    policies = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        members: dict[str, JsonValue] = {**EACH, "let": LETS, "params": {"n": {**NUMBER, "default": number}}}
        conditions = draw(st.lists(st.sampled_from(CONDITIONS), max_size=4))
        if conditions:
            members["when_"] = draw(st.sampled_from(["\n && ", "\n || "])).join(conditions)
        members["require"] = draw(st.sampled_from(CONDITIONS))
        policies.append(make_policy(number, **members))
    return policies


@settings(max_examples=40, deadline=None)
@given(packs())
def test_policies_judged_together_come_to_what_each_comes_to_alone(policies: list[JsonObject]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        together = run_check(folder / "work", host_over(write_pack(folder / "packs", *policies)), FILES)
        failures: list[Failure] = []
        tallies = {}
        for number, policy in enumerate(policies, 1):
            root = write_pack(folder / f"packs-{number}", policy)
            alone = run_check(folder / "work", host_over(root), {})
            failures += alone.failures
            tallies[str(policy["id"])] = tally_of(alone, str(policy["id"]))
    assert {tally.policy: tally_of(together, tally.policy) for tally in together.policies} == tallies
    assert sorted(one.message for one in together.failures) == sorted(one.message for one in failures)
