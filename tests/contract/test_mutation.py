"""The mutation score of policies made up for the test: what survives, what is argued, and the case that would kill it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from journeylint.errors import PolicyError
from journeylint.model import JsonObject
from journeylint.testing import read_policies
from journeylint.testing.mutation import MutationReport, measure_mutation
from tests.contract.command_line import run_in
from tests.judging import builtin_host, make_policy, write_pack
from tests.kinds import read_schema

LIMIT: JsonObject = {
    "kind": "Segment",
    "when_": "has(segment.spec.memberCount)",
    "params": {"most": {"type": "integer", "default": 100, "description": "Most."}},
    "require": "segment.spec.memberCount <= params.most",
}


def segment(count: int | None, marker: str = "") -> str:
    size = "" if count is None else f", memberCount: {count}"
    return f"apiVersion: journeylint/v1  {marker}\nkind: Segment\nmetadata: {{name: a}}\nspec: {{source: realtime{size}}}\n"


def write_cases(root: Path, cases: dict[str, str], policy: str = "policy-1") -> Path:
    folder = root / "pack" / policy / "cases"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in cases.items():
        (folder / f"{name}.yaml").write_text(text)
    return root


def measure(root: Path, *, with_search: bool = True) -> MutationReport:
    return measure_mutation(read_policies(root, builtin_host()), builtin_host(), with_search=with_search)


def survivors(report: MutationReport) -> list[tuple[str, str]]:
    return [(one.mutant.operator, one.mutant.mutated) for one in report.score.survivors]


WHOLE = {
    "fails": segment(101, "# finds: TST001"),
    "passes": segment(100),
    "passes-unknown": segment(None),
}


def test_cases_on_both_sides_of_each_boundary_kill_all_mutants(tmp_path: Path) -> None:
    root = write_cases(write_pack(tmp_path, make_policy(1, **LIMIT)), WHOLE)

    report = measure(root)

    assert survivors(report) == []
    assert (report.score.percent, report.score.killed) == (100.0, report.score.total)
    assert report.score.total > 5


def test_a_boundary_that_no_case_touches_survives_with_the_case_that_would_kill_it(tmp_path: Path) -> None:
    cases = WHOLE | {"fails": segment(102, "# finds: TST001")}
    root = write_cases(write_pack(tmp_path, make_policy(1, **LIMIT)), cases)

    report = measure(root)

    assert survivors(report) == [("param by one", "101")]
    (survivor,) = report.score.survivors
    assert survivor.mutant.place.endswith("policy.yaml:14:15") or ":" in survivor.mutant.place
    assert "memberCount: 101" in survivor.killer
    assert "# finds: TST001" in survivor.killer

    write_cases(root, {"fails-as-found": survivor.killer})
    assert survivors(measure(root)) == []


def test_the_search_can_be_left_out(tmp_path: Path) -> None:
    root = write_cases(write_pack(tmp_path, make_policy(1, **LIMIT)), WHOLE | {"passes": segment(50)})

    found = measure(root, with_search=False).score.survivors

    assert found
    assert {one.killer for one in found} == {""}


def test_the_same_policies_give_the_same_report(tmp_path: Path) -> None:
    root = write_cases(write_pack(tmp_path, make_policy(1, **LIMIT)), {"fails": segment(500, "# finds: TST001")})

    def told() -> list[tuple[str, str]]:
        return [(one.mutant.mutated, one.killer) for one in measure(root).score.survivors]

    assert told() == told()


ARGUED = (
    "- at: /params/most/default\n  mutant: '101'\n  reason: Nobody has so many members in this test of survivors.\n"
)


def test_an_argued_survivor_does_not_count(tmp_path: Path) -> None:
    cases = WHOLE | {"fails": segment(102, "# finds: TST001")}
    root = write_cases(write_pack(tmp_path, make_policy(1, **LIMIT)), cases)
    (root / "pack" / "policy-1" / "survivors.yaml").write_text(ARGUED)

    report = measure(root)

    assert (report.score.percent, report.score.argued, report.stale) == (100.0, 1, ())
    assert report.score.survivors[0].reason.startswith("Nobody has so many")
    assert report.score.survivors[0].killer == ""


def test_an_argued_survivor_that_is_killed_is_stale(tmp_path: Path) -> None:
    root = write_cases(write_pack(tmp_path, make_policy(1, **LIMIT)), WHOLE)
    (root / "pack" / "policy-1" / "survivors.yaml").write_text(ARGUED)

    (line,) = measure(root).stale

    assert line.endswith("survivors.yaml:1:3: no surviving mutant at /params/most/default reads '101': take it out")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- at: /require\n", "'mutant'"),
        ("- {at: /require, mutant: x, reason: short}\n", "reason"),
        ("at: [", "survivors.yaml:1:"),
        ("--- []\n--- []\n", "holds 2 documents"),
    ],
)
def test_survivors_that_cannot_be_understood_are_told(tmp_path: Path, text: str, told: str) -> None:
    root = write_cases(write_pack(tmp_path, make_policy(1, **LIMIT)), WHOLE)
    (root / "pack" / "policy-1" / "survivors.yaml").write_text(text)

    with pytest.raises(PolicyError, match=r"survivors\.yaml:1:") as caught:
        measure(root)
    assert told in str(caught.value)


def test_what_a_pack_shares_is_tried_by_the_cases_of_all_its_policies(tmp_path: Path) -> None:
    shared: JsonObject = {
        "kinds": {"Segment": {"when": "segment.spec.source != 'data'", "let": {"size": "segment.spec.memberCount"}}}
    }
    first = make_policy(1, kind="Segment", when_="has(segment.spec.memberCount)", require="size < 5")
    second = make_policy(2, kind="Segment", when_="has(segment.spec.memberCount)", require="size > 5")
    root = write_pack(tmp_path, first, second, shared=shared)
    write_cases(root, {"fails": segment(5, "# finds: TST001"), "passes": segment(4)})
    data = segment(7).replace("realtime", "data")
    write_cases(root, {"fails": segment(5, "# finds: TST002"), "passes": segment(6), "passes-data": data}, "policy-2")

    report = measure(root, with_search=False)

    assert report.packs["pack"].total > 0
    condition = [one.mutant.mutated for one in report.packs["pack"].survivors if one.mutant.part.endswith("/when")]
    assert condition == ["true"]  # no case of either fails without it
    write_cases(root, {"passes-data": segment(9).replace("realtime", "data")})
    assert measure(root, with_search=False).packs["pack"].survivors == ()


def test_a_let_that_only_the_message_names_is_not_mutated(tmp_path: Path) -> None:
    policy = make_policy(1, **LIMIT, let={"told": "segment.spec.memberCount + 1"}, message="It has ${told}.")
    root = write_cases(write_pack(tmp_path, policy), WHOLE)

    assert survivors(measure(root)) == []


def test_the_command_fails_below_the_least_score(tmp_path: Path) -> None:
    cases = WHOLE | {"fails": segment(102, "# finds: TST001")}
    write_cases(write_pack(tmp_path, make_policy(1, **LIMIT)), cases)

    status, out, _ = run_in(tmp_path, ["test", "--mutate"])
    assert status == 0
    assert "survives: param by one" in out
    assert "this case tells them apart:" in out
    assert run_in(tmp_path, ["test", "--mutate", "--min-score", "100"])[0] == 1
    assert run_in(tmp_path, ["test", "--mutate", "--min-score", "50"])[0] == 0
    assert run_in(tmp_path, ["test", "--min-score", "50"])[0] == 2


def test_the_command_writes_scores_for_programs(tmp_path: Path) -> None:
    cases = WHOLE | {"fails": segment(102, "# finds: TST001")}
    write_cases(write_pack(tmp_path, make_policy(1, **LIMIT)), cases)

    data = json.loads(run_in(tmp_path, ["test", "--mutate", "-o", "json"])[1])

    Draft202012Validator(read_schema("test-report")).validate(data)
    (survivor,) = data["policies"][0]["mutation"]["survivors"]
    assert (survivor["part"], survivor["original"], survivor["mutated"]) == ("/params/most/default", "100", "101")
    junit = run_in(tmp_path, ["test", "--mutate", "--min-score", "100", "-o", "junit"])[1]
    assert 'name="mutation"' in junit
    assert "<failure" in junit


def test_a_stale_argument_fails_the_command(tmp_path: Path) -> None:
    root = write_cases(write_pack(tmp_path, make_policy(1, **LIMIT)), WHOLE)
    (root / "pack" / "policy-1" / "survivors.yaml").write_text(ARGUED)

    status, out, _ = run_in(tmp_path, ["test", "--mutate"])

    assert status == 1
    assert "1 argued survivor that is none." in out
