"""`journeylint impact`: the same manifests by the policies and configuration of a commit, or of a folder, and by today's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.contract.command_line import run_in, write
from tests.judging import make_policy, write_pack
from tests.kinds import read_schema
from tests.plain_git import commit_all, git, use_plain_git

AS_OF = ("--as-of", "2025-03-01T00:00:00Z")
JOURNEY = """\
apiVersion: journeylint/v1
kind: Journey
metadata: {name: spring}
spec:
  frequency: one_time
  startTime: 2025-03-17T12:00
  segments:
    - {name: everybody, role: audience}
---
apiVersion: journeylint/v1
kind: Segment
metadata: {name: everybody}
spec: {source: outbound, memberCount: 600000}
"""
ONLY_SIZE = "select: [OBS004]\n"


@pytest.fixture(autouse=True)
def plain_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_plain_git(tmp_path, monkeypatch)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository whose one commit judges a journey by the size of its segment only."""
    folder = write(tmp_path / "project", {"journeys/spring.yaml": JOURNEY, "journeylint.yaml": ONLY_SIZE})
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit_all(folder)
    return folder


def configure(folder: Path, text: str) -> None:
    write(folder, {"journeylint.yaml": text})


def impact(folder: Path, *words: str, base: str = "main") -> tuple[int, dict[str, Any]]:
    status, out, err = run_in(folder, ["impact", "--base", base, *AS_OF, "-o", "json", *words])
    assert out, err
    data: dict[str, Any] = json.loads(out)
    Draft202012Validator(read_schema("impact")).validate(data)
    return status, data


def changes(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(change["change"], change["policy"]) for change in data["changes"]]


def limit(number: int, severity: str = "error") -> str:
    return f"{ONLY_SIZE}policies: {{OBS004: {{severity: {severity}, params: {{maximumMembers: {number}}}}}}}\n"


def test_nothing_changes_where_nothing_was_changed(project: Path) -> None:
    status, data = impact(project)

    assert (status, changes(data), data["summary"]["stay"]) == (0, [], 0)
    assert data["summary"]["manifests"] == 2
    assert data["after"] == "the working tree"
    assert data["before"].startswith("main (")


def test_a_stricter_param_lets_findings_appear(project: Path) -> None:
    configure(project, limit(600_000))

    status, data = impact(project)

    assert (status, changes(data)) == (1, [("appears", "OBS004")])
    (change,) = data["changes"]
    assert (change["location"]["path"], change["location"]["pointer"]) == ("journeys/spring.yaml", "/spec/segments/0")
    assert change["before"] is None
    assert "600,000" in change["after"]["message"]


def test_a_looser_param_lets_findings_vanish(project: Path) -> None:
    configure(project, limit(600_000))
    commit_all(project)
    configure(project, limit(600_001))

    assert impact(project)[0] == 0
    assert changes(impact(project)[1]) == [("vanishes", "OBS004")]


def test_another_severity_is_a_change_and_counts_where_it_gets_worse(project: Path) -> None:
    configure(project, limit(600_000, "warning"))
    commit_all(project)
    configure(project, limit(600_000, "error"))

    assert impact(project) == (1, impact(project)[1])
    assert changes(impact(project)[1]) == [("changes", "OBS004")]
    assert impact(project, base="HEAD~1")[1]["policies"][0]["appear"] == 1


def test_a_policy_that_is_switched_on_is_new_and_one_switched_off_is_gone(project: Path) -> None:
    configure(project, "select: [OBS006]\n")

    data = impact(project)[1]

    assert [(row["policy"], row["state"], row["appear"]) for row in data["policies"]] == [
        ("OBS004", "gone", 0),
        ("OBS006", "new", 1),
    ]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ([], 1),
        (["--fail-on", "never"], 0),
        (["--max-new", "1"], 0),
        (["--max-new", "0"], 1),
        (["--fail-on", "info"], 1),
    ],
)
def test_the_exit_code_goes_by_the_threshold(project: Path, words: list[str], status: int) -> None:
    configure(project, limit(600_000))

    assert impact(project, *words)[0] == status


def test_a_warning_that_appears_is_below_the_default_threshold(project: Path) -> None:
    configure(project, limit(600_000, "warning"))

    assert impact(project)[0] == 0
    assert impact(project, "--fail-on", "warning")[0] == 1


def test_manifests_are_those_of_the_working_tree_on_both_sides(project: Path) -> None:
    write(project, {"journeys/spring.yaml": JOURNEY.replace("600000", "900000")})

    data = impact(project)[1]

    assert (changes(data), data["summary"]["stay"]) == ([], 1)


def test_a_commit_without_a_configuration_stands_for_the_defaults(project: Path) -> None:
    git(project, "rm", "--quiet", "journeylint.yaml")
    commit_all(project)
    configure(project, ONLY_SIZE)

    data = impact(project)[1]

    assert {row["state"] for row in data["policies"]} == {"gone"}
    assert "OBS006" in [row["policy"] for row in data["policies"]]


def test_what_a_configuration_extends_is_that_of_the_commit_too(project: Path) -> None:
    write(project, {"team/journeylint.yaml": "extends: ../base.yaml\n", "base.yaml": limit(700_000)})
    write(project, {"team/spring.yaml": JOURNEY})
    commit_all(project)
    write(project, {"base.yaml": limit(600_000)})

    status, data = impact(project, "team")

    assert (status, [change["location"]["path"] for change in data["changes"]]) == (1, ["team/spring.yaml"])


def test_patterns_of_the_old_configuration_are_about_the_files_of_today(project: Path) -> None:
    configure(project, f"{limit(600_000)}exclude: [old/]\noverrides: [{{files: [live/], ignore: [OBS004]}}]\n")
    commit_all(project)
    configure(project, limit(600_000))
    for name in ("old", "live"):
        write(project, {f"{name}/a.yaml": JOURNEY.replace("spring", name).replace("everybody", f"all-{name}")})

    data = impact(project)[1]

    assert [(change["change"], change["location"]["path"]) for change in data["changes"]] == [
        ("appears", "live/a.yaml"),
        ("appears", "old/a.yaml"),
    ]


def test_it_is_asked_from_a_folder_inside_too(project: Path) -> None:
    configure(project, limit(600_000))

    _, data = impact(project / "journeys")

    assert [change["location"]["path"] for change in data["changes"]] == ["spring.yaml"]


def test_a_configuration_named_by_hand_is_that_of_the_commit_on_its_side(project: Path) -> None:
    write(project, {"strict.yaml": limit(700_000)})
    commit_all(project)
    write(project, {"strict.yaml": limit(600_000)})

    assert changes(impact(project, "--config", "strict.yaml")[1]) == [("appears", "OBS004")]


def test_a_broken_configuration_of_the_commit_says_which_side_it_is_on(project: Path) -> None:
    configure(project, "selekt: [OBS004]\n")
    commit_all(project)
    configure(project, ONLY_SIZE)

    status, out, err = run_in(project, ["impact", "--base", "main"])

    assert (status, out) == (2, "")
    assert "error: on the side of main (" in err
    assert "journeylint.yaml:1:9: 'selekt' is not a known property" in err
    assert "/tmp" not in err


def test_something_that_cannot_be_judged_is_exit_3_and_no_difference(project: Path) -> None:
    write(project, {"journeys/bad.yaml": "apiVersion: journeylint/v1\nkind: Journey\n"})

    status, data = impact(project)

    assert (status, changes(data)) == (3, [])
    assert [failure["isNew"] for failure in data["failures"]] == [False] * len(data["failures"])
    assert data["failures"]


def test_no_manifest_is_exit_3(tmp_path: Path) -> None:
    folder = write(tmp_path / "empty", {"journeylint.yaml": ONLY_SIZE})
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit_all(folder)

    assert impact(folder)[0] == 3


def test_several_reports_are_written_in_one_run(project: Path) -> None:
    configure(project, limit(600_000))

    status, out, _ = run_in(
        project,
        ["impact", "--base", "main", *AS_OF, "-o", "text", "-o", "markdown=out/comment.md", "-o", "json=i.json"],
    )

    assert status == 1
    assert "+ appears  journeys/spring.yaml:8:7: error OBS004 oversized-outbound-segment in Journey spring" in out
    assert "1 finding appears (1 error); 0 stay." in out
    assert (project / "out" / "comment.md").read_text().startswith("## ⚠️ journeylint: 1 finding appears (1 error)")
    assert json.loads((project / "i.json").read_text())["summary"]["appear"] == 1


def test_two_folders_of_packs_are_compared_beside_the_installed_ones(tmp_path: Path) -> None:
    write(tmp_path, {"work/spring.yaml": JOURNEY, "work/journeylint.yaml": "policies: {TST002: {severity: warning}}\n"})
    write_pack(tmp_path / "old", make_policy(1, message="Old."))
    write_pack(tmp_path / "new", make_policy(1, message="New."), make_policy(2))

    status, out, _ = run_in(
        tmp_path / "work", ["impact", *AS_OF, "--policies", "../old", "--policies", "../new/pack", "-o", "json"]
    )
    data = json.loads(out)

    assert (status, changes(data)) == (0, [("changes", "TST001"), ("appears", "TST002")])
    assert data["changes"][1]["after"]["severity"] == "warning"
    assert data["summary"]["stay"] > 0  # of the built-in packs
    assert (data["before"], data["after"]) == ("the policies in ../old", "the policies in ../new/pack")


def test_a_policy_that_took_a_new_id_is_followed(tmp_path: Path) -> None:
    write(tmp_path, {"work/spring.yaml": JOURNEY})
    write_pack(tmp_path / "old", make_policy(1))
    write_pack(tmp_path / "new", make_policy(2) | {"former-ids": ["TST001"], "former-names": ["policy-1"]})

    _, out, _ = run_in(
        tmp_path / "work", ["impact", *AS_OF, "--policies", "../old", "--policies", "../new", "-o", "json"]
    )

    assert changes(json.loads(out)) == []


def test_policies_of_the_repository_are_those_of_the_commit_on_its_side(project: Path) -> None:
    configure(project, "policy-roots: [policies]\nselect: [TST001, TST002]\n")
    write_pack(project / "policies", make_policy(1, require="journey.spec.frequency == 'one_time'"), make_policy(2))
    commit_all(project)
    write_pack(project / "policies", make_policy(1, require="journey.spec.frequency != 'one_time'"))

    status, data = impact(project)

    assert (status, changes(data), data["summary"]["stay"]) == (1, [("appears", "TST001")], 1)


def test_cases_of_policies_are_no_journeys_on_either_side(project: Path) -> None:
    configure(project, "policy-roots: [policies]\nselect: [TST001]\n")
    write_pack(project / "policies", make_policy(1))
    write(project, {"policies/pack/policy-1/cases/fails.yaml": JOURNEY.replace("spring", "case")})
    commit_all(project)

    assert changes(impact(project)[1]) == []


def test_a_policy_that_the_commit_did_not_have_is_new(project: Path) -> None:
    configure(project, "policy-roots: [policies]\n")
    write_pack(project / "policies", make_policy(1))

    status, data = impact(project)

    assert status == 1
    assert ("TST001", "new", 1) in [(row["policy"], row["state"], row["appear"]) for row in data["policies"]]


def test_a_predicate_that_now_raises_is_a_new_failure(tmp_path: Path) -> None:
    write(tmp_path, {"work/spring.yaml": JOURNEY})
    write_pack(tmp_path / "old", make_policy(1, require="true"))
    write_pack(tmp_path / "new", make_policy(1, require="1 / size(journey.metadata.name.substring(6)) == 0"))

    status, out, _ = run_in(
        tmp_path / "work", ["impact", *AS_OF, "--policies", "../old", "--policies", "../new", "-o", "json"]
    )

    assert status == 3
    assert [(one["code"], one["isNew"]) for one in json.loads(out)["failures"]] == [("JL003", True)]


def test_a_broken_policy_says_which_side_it_is_on(tmp_path: Path) -> None:
    write(tmp_path, {"work/spring.yaml": JOURNEY})
    write_pack(tmp_path / "old", make_policy(1))
    write_pack(tmp_path / "new", make_policy(1, require="journey.spec.nmae == ''"))

    status, _, err = run_in(tmp_path / "work", ["impact", "--policies", "../old", "--policies", "../new"])

    assert status == 2
    assert "error: on the side of the policies in ../new: " in err
    assert "there is no field 'nmae' here" in err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "there is nothing to compare with: name a commit (--base main), or two folders (--policies, twice)"),
        (["--policies", "a"], "--policies is given 1 times: expected the old folder and the new one"),
        (["--policies", "a", "--base", "main"], "--base and --policies do not go together"),
        (["--policies", "nowhere", "--policies", "nowhere"], "--policies nowhere: there is no such folder"),
        (["--policies", ".", "--policies", "."], "--policies .: it holds neither pack.yaml nor a pack"),
        (["--base", "nowhere"], "--base nowhere: there is no such commit in this repository"),
        (
            ["--base", "main", "-o", "sarif"],
            "-o sarif: unknown report format 'sarif': expected one of text, json, markdown",
        ),
        (["--base", "main", "--max-new", "-1"], "-1 is too few: expected 0 or more"),
    ],
)
def test_a_command_line_that_cannot_be_carried_out_is_told(project: Path, words: list[str], told: str) -> None:
    status, out, err = run_in(project, ["impact", *words])

    assert (status, out) == (2, "")
    assert told in err


def test_what_the_baseline_accepts_is_told_as_any_finding(project: Path) -> None:
    configure(project, limit(600_000))
    assert run_in(project, ["baseline", "create", *AS_OF])[0] == 0

    status, data = impact(project)

    assert (status, changes(data)) == (1, [("appears", "OBS004")])
    assert data["summary"]["manifests"] == 2
