"""What counts as a mutant and as killed, and that the case which is found for a survivor kills it."""

from __future__ import annotations

from pathlib import Path

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


def write(folder: Path, cases: dict[str, str], *policies: JsonObject) -> Path:
    """A pack with *policies*, the first of which has *cases*."""
    root = write_pack(folder, *(policies or (sized_policy(),)))
    place = root / "pack" / "policy-1"
    (place / "cases").mkdir()
    for name, text in cases.items():
        (place / "cases" / name).write_text(text, encoding="utf-8")
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
    assert (alone.killed, alone.total) == (0, 11)


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


def test_a_mutant_changes_one_part_only(tmp_path: Path) -> None:
    root = write(tmp_path, {})
    (policy,) = read_policies(root, HOST).policies
    for survivor in measure(root, with_search=False).policies["TST001"].survivors:
        changed: Policy = with_mutant(policy, survivor.mutant)
        differing = [name for name in policy._fields if getattr(policy, name) != getattr(changed, name)]
        assert len(differing) == 1
