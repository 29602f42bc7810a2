"""`check --focus PATHS`: the whole project is judged, and the report is on the files of a commit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.contract.command_line import AS_OF, AUDIENCE, Outcome, check, journey, run_in, segment, write

NATIVE = segment("vip", "source: realtime")
CLEAN = journey("", AUDIENCE, name="clean")
LOST = journey("", "name: gone, role: audience", name="lost")
LARGE = segment("vip", "source: outbound, memberCount: 750000")
BROKEN = "apiVersion: journeylint/v1\nkind: Journey\nmetadata: {name: broken}\nspec: {frequency: often}\n"
HELM = "apiVersion: v1\nkind: ConfigMap\ndata: {{- toYaml .Values | nindent 4 }}\n"
PROJECT = {"journeys/clean.yaml": CLEAN, "journeys/lost.yaml": LOST, "segments/vip.yaml": NATIVE}


def focus(folder: Path, *paths: str) -> Outcome:
    return check(folder, "--focus", *paths)


def reported(outcome: Outcome) -> list[tuple[str, str]]:
    """Policy and file of each finding."""
    return [(finding["policy"], finding["location"]["path"]) for finding in outcome.findings]


def text_of(folder: Path, *paths: str) -> str:
    status, out, err = run_in(folder, ("check", "--focus", "--as-of", AS_OF, *paths))
    assert (status, err) == (0, "")
    return out


# What is reported


def test_a_finding_in_paths_is_reported(tmp_path: Path) -> None:
    outcome = focus(write(tmp_path, PROJECT), "journeys/lost.yaml")
    assert outcome.status == 1
    assert reported(outcome) == [("REF001", "journeys/lost.yaml")]


def test_a_finding_elsewhere_is_not_reported_and_does_not_count(tmp_path: Path) -> None:
    outcome = focus(write(tmp_path, PROJECT), "journeys/clean.yaml")
    assert (outcome.status, outcome.findings, outcome.summary["errors"]) == (0, [], 0)


def test_findings_elsewhere_are_numbered_in_the_summary(tmp_path: Path) -> None:
    write(tmp_path, PROJECT | {"more.yaml": LOST.replace("name: lost", "name: more")})
    assert focus(tmp_path, "journeys/clean.yaml").summary["elsewhere"] == 2
    assert focus(tmp_path, "more.yaml").summary["elsewhere"] == 1
    assert "elsewhere" not in focus(tmp_path, "journeys", "more.yaml").summary
    assert "elsewhere" not in check(tmp_path).summary


def test_findings_elsewhere_are_told_in_a_line_for_people(tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    assert "\nNo findings.\n" in "\n" + text_of(tmp_path, "journeys/clean.yaml")
    assert "\n1 finding in files that this report is not on.\n" in text_of(tmp_path, "journeys/clean.yaml")
    (tmp_path / "journeys/lost.yaml").unlink()
    assert "this report is not on" not in text_of(tmp_path, "journeys/clean.yaml")


def test_only_reported_findings_make_the_exit_code(tmp_path: Path) -> None:
    info = journey("", "name: vip, role: audience", name="info")
    segments = {"segments/vip.yaml": segment("vip", "source: outbound, memberCount: 1")}
    write(tmp_path, PROJECT | segments | {"journeys/info.yaml": info})
    assert check(tmp_path, "--fail-on", "info", "--focus", "segments").status == 0
    assert check(tmp_path, "--fail-on", "info", "--focus", "journeys/info.yaml").status == 1
    assert check(tmp_path, "--fail-on", "error", "--focus", "journeys/info.yaml").status == 0
    assert check(tmp_path, "--exit-zero", "--focus", "journeys/lost.yaml").status == 0


def test_counts_of_what_was_judged_are_those_of_the_project(tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    part, whole = focus(tmp_path, "journeys/clean.yaml"), check(tmp_path)
    assert {key: part.summary[key] for key in ("files", "manifests")} == {"files": 3, "manifests": 3}
    assert part.tally("REF001") == whole.tally("REF001") == (1, 1, 0)


@pytest.mark.parametrize(
    "path", ["journeys", "journeys/", "journeys/*.yaml", "**/lost.yaml", ".", "./journeys/lost.yaml"]
)
def test_folders_and_globs_stand_for_their_files(tmp_path: Path, path: str) -> None:
    outcome = focus(write(tmp_path, PROJECT), path)
    assert reported(outcome) == [("REF001", "journeys/lost.yaml")]


@pytest.mark.parametrize("path", ["segments", "journeys/c*.yaml", "empty"])
def test_folders_and_globs_stand_for_no_other_files(tmp_path: Path, path: str) -> None:
    write(tmp_path, PROJECT)
    (tmp_path / "empty").mkdir()
    assert reported(focus(tmp_path, path)) == []


def test_a_file_is_found_by_its_full_path(tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    assert reported(focus(tmp_path, str(tmp_path / "journeys/lost.yaml"))) == [("REF001", "journeys/lost.yaml")]


def test_a_link_stands_for_the_file_that_it_leads_to(tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    (tmp_path / "lost-too.yaml").symlink_to("journeys/lost.yaml")
    (tmp_path / "here").symlink_to("journeys")
    for path in ("lost-too.yaml", "here/lost.yaml", "here"):
        assert reported(focus(tmp_path, path)) == [("REF001", "journeys/lost.yaml")]
    assert reported(focus(tmp_path, "here/clean.yaml")) == []


def test_a_name_with_characters_of_globs_or_none_of_ascii_stands_for_its_file(tmp_path: Path) -> None:
    names = ("journeys/[l]ost.yaml", "journeys/Frühling 春.yaml")
    lost = {name: LOST.replace("name: lost", f"name: lost-{number}") for number, name in enumerate(names)}
    write(tmp_path, PROJECT | lost)
    for name in names:
        assert reported(focus(tmp_path, name)) == [("REF001", name)]


# What is judged


def test_a_journey_is_judged_by_a_segment_that_is_not_in_paths(tmp_path: Path) -> None:
    write(tmp_path, PROJECT | {"segments/vip.yaml": LARGE})
    findings = focus(tmp_path, "journeys/clean.yaml").findings
    (large,) = [finding for finding in findings if finding["policy"] == "OBS004"]
    assert large["related"][0]["location"]["path"] == "segments/vip.yaml"
    assert reported(focus(tmp_path, "journeys/lost.yaml")) == [("REF001", "journeys/lost.yaml")]


def test_a_segment_that_is_not_in_paths_is_known(tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    assert reported(focus(tmp_path, "journeys/clean.yaml")) == []
    (tmp_path / "segments/vip.yaml").unlink()
    assert reported(focus(tmp_path, "journeys/clean.yaml")) == [("REF001", "journeys/clean.yaml")]


def test_the_finding_of_a_changed_segment_stands_at_its_journey(tmp_path: Path) -> None:
    write(tmp_path, PROJECT | {"segments/vip.yaml": LARGE})
    assert reported(focus(tmp_path, "segments/vip.yaml")) == []
    assert ("OBS004", "journeys/clean.yaml") in reported(focus(tmp_path, "segments/vip.yaml", "journeys/clean.yaml"))


def test_a_copied_segment_is_judged_by_journeys_that_are_not_in_paths(tmp_path: Path) -> None:
    ended = "state: completed\nstartTime: 2025-01-01\nendTime: 2025-01-10"
    files = {
        "copy.yaml": segment("copy", "source: realtime, copyOf: vip"),
        "old.yaml": journey(ended, "name: copy, role: audience", name="old"),
        "new.yaml": journey("startTime: 2025-03-10", "name: copy, role: audience", name="new"),
        "vip.yaml": segment("vip", "source: outbound, memberCount: 1"),
    }
    write(tmp_path, files)
    assert reported(focus(tmp_path, "new.yaml")) == [("OBS011", "new.yaml")]
    (tmp_path / "old.yaml").unlink()
    assert reported(focus(tmp_path, "new.yaml")) == []


@pytest.mark.parametrize("name", ["chart/templates/config.yaml", "chart/values.json"])
def test_files_of_other_tools_in_paths_are_no_failures(tmp_path: Path, name: str) -> None:
    write(tmp_path, PROJECT | {name: HELM, "compose.yml": "services: {web: {image: !Ref x}}\n"})
    outcome = focus(tmp_path, name, "compose.yml", "journeys/clean.yaml")
    assert (outcome.status, outcome.failures) == (0, [])
    assert check(tmp_path, name).codes == ["JL001"]  # without --focus a file that is named is looked at


def test_a_failure_is_reported_wherever_it_is(tmp_path: Path) -> None:
    outcome = focus(write(tmp_path, PROJECT | {"other/broken.yaml": BROKEN}), "journeys/clean.yaml")
    assert (outcome.status, outcome.codes, outcome.findings) == (3, ["JL002"], [])
    assert outcome.failures[0]["location"]["path"] == "other/broken.yaml"
    assert outcome.summary["failures"] == 1


def test_a_second_manifest_of_a_name_is_a_failure_whichever_of_them_is_in_paths(tmp_path: Path) -> None:
    write(tmp_path, PROJECT | {"segments/vip-again.yaml": NATIVE})
    for path in ("segments/vip.yaml", "segments/vip-again.yaml", "journeys/clean.yaml"):
        assert focus(tmp_path, path).codes == ["JL004"]


def test_the_project_are_the_paths_of_the_configuration(tmp_path: Path) -> None:
    outside = {"outside/lost.yaml": LOST.replace("lost", "outside"), "outside/broken.yaml": BROKEN}
    configuration = {"journeylint.yaml": "paths: [journeys, segments]\n"}
    outcome = focus(write(tmp_path, PROJECT | outside | configuration), "journeys/lost.yaml", "outside")
    assert (outcome.status, outcome.codes) == (1, [])
    assert reported(outcome) == [("REF001", "journeys/lost.yaml")]
    assert outcome.summary["files"] == 3


def test_the_project_is_this_folder_without_a_configuration(tmp_path: Path) -> None:
    write(
        tmp_path, {f"inner/{name}": text for name, text in PROJECT.items()} | {"lost.yaml": LOST.replace("lost", "l")}
    )
    assert focus(tmp_path / "inner", "journeys").summary["files"] == 3
    assert focus(tmp_path, "inner/journeys").summary["files"] == 4


def test_the_configuration_is_looked_for_from_this_folder_and_not_from_paths(tmp_path: Path) -> None:
    write(tmp_path, PROJECT | {"journeys/journeylint.yaml": "ignore: [REF001]\n"})
    assert reported(focus(tmp_path, "journeys/lost.yaml")) == [("REF001", "journeys/lost.yaml")]
    assert reported(check(tmp_path, "journeys/lost.yaml")) == []
    assert reported(focus(tmp_path / "journeys", "lost.yaml")) == []


def test_a_configuration_can_be_named(tmp_path: Path) -> None:
    write(tmp_path, PROJECT | {"settings/lenient.yaml": "ignore: [REF001]\n"})
    assert reported(check(tmp_path, "--config", "settings/lenient.yaml", "--focus", "journeys/lost.yaml")) == []


@pytest.mark.parametrize("path", ["drafts/lost.yaml", "drafts", "drafts/*.yaml"])
def test_what_the_configuration_excludes_is_not_reported_though_it_is_named(tmp_path: Path, path: str) -> None:
    write(tmp_path, {"drafts/lost.yaml": LOST, "drafts/broken.yaml": BROKEN, "journeys/clean.yaml": CLEAN})
    write(tmp_path, {"segments/vip.yaml": NATIVE, "journeylint.yaml": "exclude: [drafts/]\n"})
    outcome = focus(tmp_path, path)
    assert (outcome.status, outcome.findings, outcome.failures) == (0, [], [])
    assert outcome.summary["files"] == 2


def test_what_git_ignores_is_not_judged_though_it_is_named(tmp_path: Path) -> None:
    write(tmp_path, PROJECT | {".git/HEAD": "", ".gitignore": "lost.yaml\n"})
    outcome = focus(tmp_path, "journeys/lost.yaml")
    assert (outcome.status, outcome.findings) == (0, [])
    assert "elsewhere" not in outcome.summary


def test_a_project_without_manifests_is_told_unless_it_may_be_empty(tmp_path: Path) -> None:
    write(tmp_path, {"compose.yml": "services: {}\n"})
    assert focus(tmp_path, "compose.yml").status == 3
    assert check(tmp_path, "--focus", "--allow-empty", "compose.yml").status == 0


# Mistakes


def test_a_path_that_does_not_exist_is_a_mistake(tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    outcome = focus(tmp_path, "journeys/lost.yaml", "journeys/clena.yaml", "journyes")
    assert (outcome.status, outcome.report) == (2, None)
    assert outcome.err == (
        "error: 'journeys/clena.yaml' does not exist - did you mean 'clean.yaml'?\n"
        "error: 'journyes' does not exist - did you mean 'journeys'?\n"
    )


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        ((), "--focus needs PATHS: the files or folders to report on"),
        (("-",), "--focus takes files of the project: it does not go with standard input"),
        (("journeys", "-"), "--focus takes files of the project: it does not go with standard input"),
        (("--stdin-filename", "a.yaml"), "--focus takes files of the project: it does not go with standard input"),
    ],
)
def test_focus_goes_with_paths_and_not_with_standard_input(tmp_path: Path, argv: tuple[str, ...], told: str) -> None:
    outcome = focus(write(tmp_path, PROJECT), *argv)
    assert (outcome.status, outcome.report, outcome.err) == (2, None, f"error: {told}\n")


# The same for every way to run


def report_bytes(folder: Path, form: str, *argv: str) -> str:
    return run_in(folder, ("check", "-o", form, "--as-of", AS_OF, "--focus", *argv))[1]


@pytest.mark.parametrize("form", ["json", "text"])
def test_the_report_does_not_depend_on_processes_or_the_order_of_paths(tmp_path: Path, form: str) -> None:
    many = {f"j/{n:02}.yaml": journey("", AUDIENCE, f"name: gone-{n}, role: audience", name=f"j{n}") for n in range(40)}
    write(tmp_path, many | {"segments/vip.yaml": LARGE})
    paths = [f"j/{n:02}.yaml" for n in range(0, 40, 3)]
    one = report_bytes(tmp_path, form, "--jobs", "1", *paths)
    assert one == report_bytes(tmp_path, form, "--jobs", "2", *reversed(paths), *paths)
    assert "j/03.yaml" in one
    assert "j/02.yaml" not in one


def members(report: dict[str, Any], name: str) -> set[str]:
    return {json.dumps(one) for one in report[name]}


def test_reports_on_all_parts_are_together_the_report_on_all(tmp_path: Path) -> None:
    write(tmp_path, PROJECT | {"segments/vip.yaml": LARGE, "other/broken.yaml": BROKEN})
    whole = check(tmp_path)
    parts = [focus(tmp_path, path) for path in ("journeys/clean.yaml", "journeys/lost.yaml", "segments", "other")]
    assert whole.report is not None
    found = [members(part.report or {}, "findings") for part in parts]
    assert set().union(*found) == members(whole.report, "findings")
    assert sum(map(len, found)) == len(whole.findings)
    assert all(members(part.report or {}, "failures") == members(whole.report, "failures") for part in parts)
