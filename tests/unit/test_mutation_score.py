"""Which mutants of a small pack its cases kill, what is told of the others, and what does not count."""

from __future__ import annotations

from pathlib import Path

import pytest

from journeylint.errors import PolicyError
from journeylint.model import JsonObject
from journeylint.policies import Policy
from journeylint.testing import read_case, read_policies, run_case
from journeylint.testing.mutation import MutationReport, Score, measure_mutation
from journeylint.testing.variants import with_mutant
from tests.judging import builtin_host, make_policy, write_pack

HOST = builtin_host()
SEGMENT = (
    "apiVersion: journeylint/v1{marker}\nkind: Segment\nmetadata: {{name: vip}}\nspec: {{source: realtime{size}}}\n"
)


def sized_policy(number: int = 1, /, **members: object) -> JsonObject:
    """A policy over segments with a size, of which fewer than the param's 100 are too few."""
    given: JsonObject = {
        "kind": "Segment",
        "when_": "has(segment.spec.memberCount)",
        "params": {"fewest": {"type": "integer", "minimum": 0, "default": 100, "description": "The fewest."}},
        "require": "segment.spec.memberCount >= params.fewest",
        **members,  # type: ignore[dict-item]  # JSON, as the tests write it
    }
    return make_policy(number, **given)


def case_of(size: int | None, *, finds: str = "") -> str:
    marker = f"  # finds: {finds}" if finds else ""
    return SEGMENT.format(marker=marker, size="" if size is None else f", memberCount: {size}")


def write(
    folder: Path, cases: dict[str, str], *policies: JsonObject, shared: JsonObject | None = None, survivors: str = ""
) -> Path:
    """A pack with *policies*, the first of which has *cases*."""
    root = write_pack(folder, *(policies or (sized_policy(),)), shared=shared)
    place = root / "pack" / "policy-1"
    (place / "cases").mkdir()
    for name, text in cases.items():
        (place / "cases" / name).write_text(text, encoding="utf-8")
    if survivors:
        (place / "survivors.yaml").write_text(survivors, encoding="utf-8")
    return root


def measure(root: Path, *, with_search: bool = True) -> MutationReport:
    return measure_mutation(read_policies(root, HOST), HOST, with_search=with_search)


def surviving(score: Score) -> list[str]:
    return [one.mutant.mutated for one in score.survivors]


BOTH_SIDES = {
    "fails.yaml": case_of(99, finds="TST001"),
    "passes.yaml": case_of(100),
    "passes-unknown.yaml": case_of(None),
}


def test_cases_on_both_sides_of_a_bound_kill_every_mutant(tmp_path: Path) -> None:
    score = measure(write(tmp_path, BOTH_SIDES)).policies["TST001"]

    assert surviving(score) == []
    assert (score.killed, score.percent) == (score.total, 100.0)
    assert score.total == 9  # when: true, false, negated; require: true, false, two relations; default: both sides


def test_a_bound_that_no_case_stands_on_shows_as_exactly_that(tmp_path: Path) -> None:
    cases = {**BOTH_SIDES, "passes.yaml": case_of(101)}
    score = measure(write(tmp_path, cases)).policies["TST001"]

    assert surviving(score) == ["segment.spec.memberCount > params.fewest", "101"]
    assert score.percent == pytest.approx(100 * 7 / 9)


def test_a_survivor_comes_with_a_case_that_holds_and_kills_it(tmp_path: Path) -> None:
    root = write(tmp_path, {**BOTH_SIDES, "passes.yaml": case_of(101)})
    (policy,) = read_policies(root, HOST).policies
    survivors = measure(root).policies["TST001"].survivors

    assert len(survivors) == 2
    for number, survivor in enumerate(survivors):
        file = tmp_path / f"killer-{number}.yaml"
        file.write_text(survivor.killer, encoding="utf-8")
        assert run_case(read_case(file), policy, HOST).holds
        assert not run_case(read_case(file), with_mutant(policy, survivor.mutant), HOST).holds


def test_a_survivor_stands_where_its_change_begins(tmp_path: Path) -> None:
    root = write(tmp_path, {**BOTH_SIDES, "passes.yaml": case_of(101)})
    (policy,) = read_policies(root, HOST).policies
    survivor, *_ = measure(root, with_search=False).policies["TST001"].survivors
    path, line, column = survivor.mutant.place.rsplit(":", 2)

    assert path == policy.file.path
    assert policy.file.text.splitlines()[int(line) - 1][int(column) - 1 :].startswith(">= params.fewest")
    assert survivor.killer == ""


def test_a_case_that_fails_anyway_kills_nothing(tmp_path: Path) -> None:
    cases = {**BOTH_SIDES, "fails-wrongly.yaml": case_of(500, finds="TST001")}
    with_it = measure(write(tmp_path / "a", cases)).policies["TST001"]
    alone = measure(write(tmp_path / "b", {"fails.yaml": cases["fails-wrongly.yaml"]})).policies["TST001"]

    assert with_it.percent == 100.0
    assert (alone.killed, alone.total) == (0, 9)


def test_a_default_that_its_schema_refuses_is_no_mutant(tmp_path: Path) -> None:
    params = {"fewest": {"type": "integer", "minimum": 100, "default": 100, "description": "The fewest."}}
    score = measure(write(tmp_path, {}, sized_policy(params=params))).policies["TST001"]

    assert [text for text in surviving(score) if text.isdigit()] == ["101"]


def test_a_param_that_only_the_message_names_is_not_mutated(tmp_path: Path) -> None:
    members = {"require": "segment.spec.memberCount >= 100", "message": "Less than ${params.fewest}."}
    score = measure(write(tmp_path, BOTH_SIDES, sized_policy(**members))).policies["TST001"]

    assert surviving(score) == []


def test_what_does_not_pass_the_check_of_policies_is_no_mutant(tmp_path: Path) -> None:
    require = "segment.metadata.name + 'x' != 'vipx'"  # texts cannot be subtracted
    score = measure(write(tmp_path, {}, sized_policy(require=require)), with_search=False).policies["TST001"]

    assert not any(" - " in text for text in surviving(score))


def test_what_a_pack_shares_is_tried_by_the_cases_of_all_its_policies(tmp_path: Path) -> None:
    shared: JsonObject = {"kinds": {"Segment": {"let": {"isLarge": "segment.spec.memberCount >= 100"}}}}
    first = sized_policy(1, require="isLarge", params={})
    second = sized_policy(2, require="!isLarge", params={})
    root = write(tmp_path, BOTH_SIDES, first, second, shared=shared)
    report = measure(root)

    assert surviving(report.packs["pack"]) == []
    assert report.packs["pack"].total > 0
    only_one = measure_mutation(read_policies(root, HOST), HOST, only=["TST001"])
    assert only_one.packs == {}


ARGUED = """\
- at: /require
  mutant: "segment.spec.memberCount  >
    params.fewest"
  reason: Nobody has exactly that many members.
- at: /params/fewest/default
  mutant: "101"
  reason: As is said of the one above.
"""


def test_an_argued_survivor_does_not_count_and_says_why(tmp_path: Path) -> None:
    report = measure(write(tmp_path, {**BOTH_SIDES, "passes.yaml": case_of(101)}, survivors=ARGUED))
    score = report.policies["TST001"]

    assert report.stale == ()
    assert (score.argued, score.percent) == (2, 100.0)
    assert [one.reason for one in score.survivors] == [
        "Nobody has exactly that many members.",
        "As is said of the one above.",
    ]
    assert [one.killer for one in score.survivors] == ["", ""]


def test_an_argument_about_what_does_not_survive_is_stale(tmp_path: Path) -> None:
    report = measure(write(tmp_path, BOTH_SIDES, survivors=ARGUED))

    assert len(report.stale) == 2
    assert "survivors.yaml:1" in report.stale[0]
    assert "survivors.yaml:5" in report.stale[1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- {at: /require, mutant: a}\n", "reason"),
        ("- {at: /require, mutant: a, reason: b, reson: c}\n", "did you mean 'reason'?"),
        ("at: /require\n", ":1:1: "),
        ("- [\n", "survivors.yaml:"),
    ],
)
def test_a_file_of_arguments_with_a_mistake_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(PolicyError) as caught:
        measure(write(tmp_path, BOTH_SIDES, survivors=text))

    assert "survivors.yaml:" in caught.value.messages[0]
    assert expected in str(caught.value)


def test_the_same_policies_give_the_same_report(tmp_path: Path) -> None:
    root = write(tmp_path, {"passes.yaml": case_of(200)})

    def told() -> list[tuple[str, str]]:
        return [(one.mutant.mutated, one.killer) for one in measure(root).policies["TST001"].survivors]

    assert told() == told()


def test_a_mutant_changes_one_part_only(tmp_path: Path) -> None:
    root = write(tmp_path, {})
    (policy,) = read_policies(root, HOST).policies
    for survivor in measure(root, with_search=False).policies["TST001"].survivors:
        changed: Policy = with_mutant(policy, survivor.mutant)
        differing = [name for name in policy._fields if getattr(policy, name) != getattr(changed, name)]
        assert len(differing) == 1
