"""`journeylint test`: what it runs, what it says about it, and how it ends."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from journeylint.cli import main
from journeylint.testing import Coverage, build_host, read_policies, run_library
from journeylint.testing.bench import Bench
from journeylint.testing.cases import find_cases, read_case
from journeylint.testing.predicates import own_predicates, shared_predicates
from tests.kinds import read_schema

DATA = Path(__file__).resolve().parents[1] / "data" / "tested_policies"
BUILT_IN = Path(__file__).resolve().parents[2] / "policies"
HOST = build_host(())
POLICY = Path("policies/acme/tiny-audience/policy.yaml")
CASES = POLICY.parent / "cases"
JOURNEY = """apiVersion: journeylint/v1
kind: Journey
metadata: {name: j}
spec: {frequency: ongoing, state: STATE, segments: [{name: s, role: ROLE}]}MARK
---
apiVersion: journeylint/v1
kind: Segment
metadata: {name: s}
spec: {source: SOURCE}
"""


class Ran(NamedTuple):
    status: int
    out: str
    err: str


def run(*arguments: str) -> Ran:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(["test", *arguments])
    return Ran(status, out.getvalue(), err.getvalue())


def run_json(*arguments: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(run(*arguments, "-o", "json").out)
    Draft202012Validator(read_schema("test-report"), format_checker=FormatChecker()).validate(data)
    return data


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the tiny pack in `policies`, as the working directory."""
    shutil.copytree(DATA, tmp_path / "policies")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def write_case(
    name: str, role: str = "audience", source: str = "realtime", state: str = "draft", mark: str = ""
) -> None:
    text = JOURNEY.replace("STATE", state).replace("ROLE", role).replace("SOURCE", source).replace("MARK", mark)
    (CASES / name).write_text(text, encoding="utf-8")


def cover_all() -> None:
    """Write the cases that the tiny pack lacks."""
    write_case("passes-another-role.yaml", role="exclusion")
    write_case("passes-unknown-size.yaml")
    write_case("passes-deleted.yaml", state="deleted")
    write_case("passes-outbound.yaml", source="outbound, memberCount: 1")
    (CASES / "passes-unknown-segment.yaml").write_text(
        (CASES / "passes-unknown-size.yaml").read_text(encoding="utf-8").split("---")[0], encoding="utf-8"
    )


def texts(coverage: Coverage) -> list[tuple[str, tuple[bool, ...]]]:
    return [(one.predicate.text, one.missing) for one in coverage.gaps]


# -- coverage


def test_coverage_says_of_each_sub_predicate_which_values_the_cases_bring_about(scratch: Path) -> None:
    result = run_library(read_policies(Path("policies"), HOST), HOST)

    (policy,), (pack,) = result.policies, result.packs
    assert policy.coverage is not None
    assert (policy.coverage.covered, policy.coverage.total) == (1, 6)
    assert texts(policy.coverage) == [
        ("usage.role == 'audience'", (False,)),
        ("isSized", (False,)),
        ("segment != null", (False,)),
        ("has(segment.spec.memberCount)", (False,)),
        ("segment.spec.source == 'outbound'", (True,)),
    ]
    assert (pack.coverage.covered, pack.coverage.total) == (0, 1)
    assert texts(pack.coverage) == [("journey.spec.state != 'deleted'", (False,))]


def test_cases_that_bring_the_missing_values_about_make_coverage_complete(scratch: Path) -> None:
    cover_all()
    ran = run("--min-coverage", "100")

    assert (ran.status, ran.err) == (0, "")
    assert ran.out.endswith(
        "1 policy, 7 cases: all hold.\nCoverage 100%: 7 of 7 sub-predicates seen both true and false.\n"
    )


@pytest.mark.parametrize(
    ("case", "gap"),
    [
        ("passes-another-role.yaml", "usage.role == 'audience'"),
        ("passes-unknown-size.yaml", "has(segment.spec.memberCount)"),
        ("passes-deleted.yaml", "journey.spec.state != 'deleted'"),
        ("passes-outbound.yaml", "segment.spec.source == 'outbound'"),
        ("passes-unknown-segment.yaml", "segment != null"),
    ],
)
def test_each_missing_case_is_one_gap(scratch: Path, case: str, gap: str) -> None:
    cover_all()
    (CASES / case).unlink()
    result = run_library(read_policies(Path("policies"), HOST), HOST)

    assert [one.predicate.text for coverage in result.coverages for one in coverage.gaps] == [gap]


def test_what_no_case_reaches_is_a_gap_with_its_place(scratch: Path) -> None:
    edit(POLICY, "isSized\nlet", "isSized && (false && usage.name == 'x' || true)\nlet")
    ran = run()

    assert f"{POLICY.as_posix()}:10:58: never reached: usage.name == 'x'" in ran.out.splitlines()
    assert f"{POLICY.as_posix()}:10:9: never false: usage.role == 'audience'" in ran.out.splitlines()
    assert "policies/acme/pack.yaml:7:13: never false: journey.spec.state != 'deleted'" in ran.out.splitlines()
    assert ran.status == 0


def test_literal_true_and_false_need_no_coverage(scratch: Path) -> None:
    edit(POLICY, "segment.spec.memberCount >= params.fewest || segment.spec.source == 'outbound'", '"false"')
    (policy,) = read_policies(Path("policies"), HOST).policies

    assert "false" not in [one.text for one in own_predicates(policy)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a.x == 1 || !(b.y in [1])", ["a.x == 1", "b.y in [1]"]),
        ("(a.x == 1 ? b.y == 2 : true)", ["a.x == 1", "b.y == 2"]),
        ("a.all(x, x.y && !x.z)", ["a.all(x, x.y && !x.z)", "x.y", "x.z"]),
        ("size(a.filter(x, x == 1)) > 0", ["size(a.filter(x, x == 1)) > 0", "x == 1"]),
        ("size(a.map(x, x.y)) > 0", ["size(a.map(x, x.y)) > 0"]),
        ("cel.bind(n, a.x, n == 1 || n == 2)", ["n == 1", "n == 2"]),
        (
            "usersCount('Segment', a.x, \"user.kind == 'Journey' || user.y\") == 0",
            [
                "usersCount('Segment', a.x, \"user.kind == 'Journey' || user.y\") == 0",
                "user.kind == 'Journey'",
                "user.y",
            ],
        ),
    ],
)
def test_the_sub_predicates_of_an_expression_are_its_boolean_leaves(source: str, expected: list[str]) -> None:
    (policy,) = read_policies(DATA, HOST).policies
    variant = policy._replace(when=None, let={}, require=policy.require._replace(source=source))

    assert sorted(one.text for one in own_predicates(variant)) == sorted(expected)


def test_every_condition_that_the_trace_of_a_built_in_policy_asks_whole_is_a_sub_predicate() -> None:
    library = read_policies(BUILT_IN, HOST)
    packs = {pack.name: pack for pack in library.packs}
    bench, met = Bench(HOST), 0
    shared = {one.id for pack in library.packs for one in shared_predicates(pack, library.policies)}
    for policy in library.policies:
        known = shared | {one.id for one in own_predicates(policy)}
        for path in find_cases(policy)[:4]:
            ready = bench.prepare(read_case(path))
            for trace in bench.traces(ready, policy, packs[policy.pack].file):
                asked = [one for one in trace.predicates() if one.operator in ("", "let") and one.text != "false"]
                assert {one.id for one in asked} <= known
                met += len(asked)
    assert met > 100


# -- exit codes


def test_cases_that_hold_end_with_0(scratch: Path) -> None:
    assert run().status == 0


def test_a_marker_without_finding_ends_with_1_and_says_where(scratch: Path) -> None:
    edit(CASES / "passes.yaml", "role: audience}", "role: audience}  # finds: ACME001")
    ran = run()

    assert ran.status == 1
    assert "policies/acme/tiny-audience/cases/passes.yaml:7: ACME001 is marked here, but finds nothing" in ran.out
    assert "1 failed" in ran.out


def test_a_finding_without_marker_ends_with_1_and_says_where(scratch: Path) -> None:
    edit(CASES / "fails.yaml", "  # finds: ACME001", "")
    write_case("fails-marked.yaml", source="realtime, memberCount: 5", mark="  # finds: ACME001")
    ran = run()

    assert ran.status == 1
    assert (
        "policies/acme/tiny-audience/cases/fails.yaml:7: ACME001 finds something that is not marked: "
        "Segment 'first-buyers' has 99 members." in ran.out
    )


def test_a_case_that_cannot_be_judged_ends_with_1(scratch: Path) -> None:
    write_case("passes-wrong.yaml", role="everybody")
    ran = run()

    assert ran.status == 1
    assert "JL002 invalid-manifest" in ran.out


@pytest.mark.parametrize(
    ("gone", "told"), [("fails", "in which it finds something"), ("passes", "in which it finds nothing")]
)
def test_a_policy_without_a_failing_or_a_passing_case_ends_with_1(scratch: Path, gone: str, told: str) -> None:
    (CASES / f"{gone}.yaml").unlink()
    ran = run()

    assert ran.status == 1
    assert f"{POLICY.as_posix()}:1: ACME001 has no case {told}: write {(CASES / gone).as_posix()}.yaml" in ran.out


def test_a_policy_without_any_case_lacks_both(scratch: Path) -> None:
    shutil.rmtree(CASES)

    assert run().out.count("has no case in which") == 2


@pytest.mark.parametrize(("percent", "status"), [("16.6", 0), ("16.7", 1)])
def test_coverage_below_the_minimum_ends_with_1(scratch: Path, percent: str, status: int) -> None:
    write_case("passes-deleted.yaml", state="deleted")

    ran = run("--min-coverage", percent)

    assert ran.status == status
    assert ran.out.startswith("FAIL ACME001" if status else "ok   ACME001")
    assert (f"; 1 below {percent}%." in ran.out) is bool(status)


@pytest.mark.parametrize(("deleted", "status"), [(False, 1), (True, 0)])
def test_what_a_pack_shares_has_to_be_covered_too(scratch: Path, deleted: bool, status: int) -> None:
    cover_all()
    if not deleted:
        (CASES / "passes-deleted.yaml").unlink()

    assert run("--min-coverage", "100").status == status


@pytest.mark.parametrize("value", ["-1", "101", "nan", "many"])
def test_a_minimum_that_is_no_percentage_ends_with_2(scratch: Path, value: str) -> None:
    assert run(f"--min-coverage={value}").status == 2


def test_a_broken_policy_file_ends_with_2(scratch: Path) -> None:
    edit(POLICY, "usage.role", "usage.rol")
    ran = run()

    assert (ran.status, ran.out) == (2, "")
    assert "did you mean 'role'" in ran.err


def test_broken_headers_of_several_cases_end_with_2_and_are_told_at_once(scratch: Path) -> None:
    edit(
        CASES / "fails.yaml", "apiVersion: journeylint/v1\nkind: J", "# as-off: 1\napiVersion: journeylint/v1\nkind: J"
    )
    edit(
        CASES / "passes.yaml",
        "apiVersion: journeylint/v1\nkind: J",
        "# params: {a: 1}\napiVersion: journeylint/v1\nkind: J",
    )
    ran = run()

    assert (ran.status, ran.out) == (2, "")
    assert "fails.yaml:1:1: there is no header 'as-off'" in ran.err
    assert "passes.yaml:1:1: ACME001 has no param 'a'" in ran.err


def test_a_path_that_is_not_there_ends_with_2(scratch: Path) -> None:
    assert run("polices").status == 2


def test_a_folder_without_policies_ends_with_3(scratch: Path) -> None:
    (scratch / "empty").mkdir()
    ran = run("empty")

    assert (ran.status, ran.out) == (3, "")
    assert "no policy or pack file found in 'empty'" in ran.err


def test_an_unknown_word_ends_with_2_and_names_the_nearest(scratch: Path) -> None:
    ran = run("--select", "ACME01")

    assert ran.status == 2
    assert "--select: there is no policy, pack or tag 'ACME01' - did you mean 'ACME001'?" in ran.err


# -- what is run


@pytest.mark.parametrize(
    "path",
    [
        ".",
        "policies",
        "policies/acme",
        "policies/acme/pack.yaml",
        "policies/acme/tiny-audience",
        POLICY.as_posix(),
        CASES.as_posix(),
    ],
)
def test_folders_and_files_of_a_policy_run_all_its_cases(scratch: Path, path: str) -> None:
    assert [Path(case["path"]).name for case in run_json(path)["policies"][0]["cases"]] == ["fails.yaml", "passes.yaml"]


def test_a_case_that_is_named_runs_alone_without_coverage(scratch: Path) -> None:
    data = run_json((CASES / "fails.yaml").as_posix(), "--min-coverage", "100")

    assert [Path(case["path"]).name for case in data["policies"][0]["cases"]] == ["fails.yaml"]
    assert (data["passed"], data["policies"][0]["lacks"], data["policies"][0]["coverage"], data["packs"]) == (
        True,
        [],
        None,
        [],
    )


@pytest.mark.parametrize("word", ["acme001", "tiny-audience", "acme"])
def test_policies_are_selected_by_id_name_and_pack(scratch: Path, word: str) -> None:
    shutil.copytree(POLICY.parent, "policies/acme/other-audience")
    other = Path("policies/acme/other-audience/policy.yaml")
    edit(other, "ACME001", "ACME002")
    edit(other, "name: tiny-audience", "name: other-audience")
    edit(other.parent / "cases/fails.yaml", "ACME001", "ACME002")

    chosen = [policy["id"] for policy in run_json("--select", word)["policies"]]
    assert chosen == (["ACME001", "ACME002"] if word == "acme" else ["ACME001"])


def test_what_a_pack_shares_is_measured_only_where_all_of_its_policies_are_tested(scratch: Path) -> None:
    shutil.copytree(POLICY.parent, "policies/acme/other-audience")
    edit(Path("policies/acme/other-audience/policy.yaml"), "ACME001", "ACME002")
    edit(Path("policies/acme/other-audience/policy.yaml"), "name: tiny-audience", "name: other-audience")
    edit(Path("policies/acme/other-audience/cases/fails.yaml"), "ACME001", "ACME002")

    assert run_json(POLICY.parent.as_posix())["packs"] == []
    assert [pack["name"] for pack in run_json("policies")["packs"]] == ["acme"]


def test_without_policies_here_those_of_the_configuration_are_tested(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = scratch / "project"
    project.mkdir()
    (project / "journeylint.yaml").write_text("policy-roots: [../policies]\n", encoding="utf-8")
    monkeypatch.chdir(project)

    assert [policy["id"] for policy in run_json()["policies"]] == ["ACME001"]


# -- reports


def test_json_tells_what_is_wrong(scratch: Path) -> None:
    edit(CASES / "fails.yaml", "  # finds: ACME001", "")
    data = run_json()

    assert data["passed"] is False
    assert data["summary"] == {
        "policies": 1, "cases": 2, "failedCases": 1, "missingCases": 1, "subPredicates": 7, "coveredSubPredicates": 1,
        "mutants": None, "killedMutants": None, "arguedMutants": None,
    }  # fmt: skip
    assert [difference["line"] for difference in data["policies"][0]["cases"][0]["differences"]] == [7]
    assert data["packs"][0]["coverage"]["gaps"] == [
        {
            "path": "policies/acme/pack.yaml",
            "line": 7,
            "column": 13,
            "expression": "journey.spec.state != 'deleted'",
            "neverSeen": [False],
        }
    ]


def test_junit_has_a_case_for_each_case_and_a_failure_for_each_that_differs(scratch: Path) -> None:
    edit(CASES / "fails.yaml", "  # finds: ACME001", "")
    ran = run("-o", "text", "-o", "junit=out/cases.xml", "--min-coverage", "50")
    root = ET.parse("out/cases.xml").getroot()

    assert ran.out.startswith("FAIL ACME001")
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("5", "4", "0")
    suites = root.findall("testsuite")
    assert [suite.get("name") for suite in suites] == ["ACME001 tiny-audience", "what acme shares"]
    failed = [case.get("name") for case in root.iter("testcase") if case.find("failure") is not None]
    assert failed == [(CASES / "fails.yaml").as_posix(), "cases of ACME001", "coverage", "coverage"]


def test_hostile_text_is_harmless_in_every_report(scratch: Path) -> None:
    bad = '\\e[31m]]><x a=\\"&\\u202e##[error]'
    edit(POLICY, "message: Segment '${usage.name}' has ${segment.spec.memberCount} members.", f'message: "{bad}"')
    edit(CASES / "fails.yaml", "  # finds: ACME001", "")
    ran, junit, plain_json = run(), run("-o", "junit"), run("-o", "json")

    for out in (ran.out, junit.out):
        assert "\x1b" not in out
        assert "\u202e" not in out
    for out in (ran.out, junit.out, plain_json.out):
        assert "##[error]" not in out
    (failure,) = [one for one in ET.fromstring(junit.out).iter("failure") if "marked" in str(one.text)]
    assert ']]><x a="&' in str(failure.text)
    assert "\x1b[31m]]>" in json.loads(plain_json.out)["policies"][0]["cases"][0]["differences"][0]["message"]


def test_two_reports_for_programs_cannot_share_standard_output(scratch: Path) -> None:
    ran = run("-o", "json", "-o", "junit")

    assert ran.status == 2
    assert "standard output already carries a report" in ran.err


def test_an_unknown_format_names_those_that_there_are(scratch: Path) -> None:
    assert "expected one of text, json, junit" in run("-o", "sarif").err
