"""The GitHub Action does what action.yml promises: its steps are run as the runner would run them.

What only a live GitHub could show is not here: that setup-python and upload-sarif do their part. They are answered.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.action_runner import ActionRun, Runner, plain_variables, set_up_python
from tests.runner_protocol import read_commands, read_pairs

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "tests", "benchmarks", "__pycache__")
UPLOAD = "github/codeql-action/upload-sarif"
CLEAN = "apiVersion: journeylint/v1\nkind: Segment\nmetadata: {name: vip}\nspec: {source: realtime}\n"
UNKNOWN_SEGMENT = """\
apiVersion: journeylint/v1
kind: Journey
metadata: {name: spring}
spec:
  frequency: ongoing
  segments:
    - {name: nobody, role: audience}
"""
COUNTS = ("errors", "warnings", "infos", "failures", "suppressed")
PROJECT = """\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "our-rules"
version = "1.0"
[project.entry-points.journeylint]
ours = "our_rules.plugin"
[tool.setuptools]
packages = ["our_rules"]
[tool.setuptools.package-data]
our_rules = ["packs/**/*.yaml"]
"""
PLUGIN = """\
import os
from pathlib import Path
from journeylint import hookimpl
from journeylint.ports import PolicyRoot

class ExitLoader:
    suffixes = (".exit",)

    def load(self, text):
        os.write(1, b"::error::pwned\\n")
        os.write(2, b"::error::pwned\\n")
        if int(text) < 0:
            os.kill(os.getpid(), -int(text))
        os._exit(int(text))

@hookimpl
def journeylint_policy_roots():
    return [PolicyRoot(Path(__file__).parent / "packs")]

@hookimpl
def journeylint_loaders():
    return [ExitLoader()]
"""
POLICY = """\
id: OUR001
name: untitled-segment
title: Segment without a title
severity: error
since: 1.0.0
match:
  kind: Segment
  when: "has(segment.metadata.labels) && segment.metadata.labels == {'team': 'ours'}"
require: has(segment.metadata.title)
message: The segment '${segment.metadata.name}' has no title.
rationale: People look for titles.
remediation: Give it one.
"""
STEPS = """\
inputs:
  word: {default: x}
outputs:
  told: {value: "${{ steps.tell.outputs.word }} again"}
  none: {value: "${{ steps.nothing.outputs.word }}"}
runs:
  steps:
    - {id: tell, shell: bash, env: {WORD: "${{ inputs.word }}"}, run: 'echo "word=$WORD" >> "$GITHUB_OUTPUT"'}
    - {shell: bash, run: "false; true"}
    - {shell: bash, run: "true"}
    - {shell: bash, if: "${{ always() && (inputs.word == 'IT''S $(x)' || false) }}", run: "true | true"}
    - {shell: bash, if: "!cancelled() && steps.tell.outputs.word != inputs.word", run: "true"}
    - {shell: bash, if: failure(), run: 'test "$GITHUB_ACTION_PATH" = "$RUNNER_TEMP"'}
"""
Use = Callable[..., ActionRun]


def put(workspace: Path, name: str, text: str) -> None:
    file = workspace / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.fixture(scope="session")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A distribution in a folder: a policy, and files `*.exit` that end the program as they say."""
    folder = tmp_path_factory.mktemp("tools") / "our rules"
    put(folder, "our_rules/__init__.py", "")
    put(folder, "our_rules/plugin.py", PLUGIN)
    put(folder, "our_rules/packs/ours/pack.yaml", "name: ours\nprefix: OUR\ntitle: Our own rules\n")
    put(folder, "our_rules/packs/ours/untitled-segment/policy.yaml", POLICY)
    put(folder, "pyproject.toml", PROJECT)
    return folder


@pytest.fixture(scope="session")
def action(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The action as the runner downloads it: a copy of what git has, here in a folder with blanks and a quote."""
    folder = tmp_path_factory.mktemp("the action's folder") / "journeylint v1"
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    return folder


@pytest.fixture(scope="session")
def temp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """RUNNER_TEMP of a job in which the action is used many times, so that it installs once."""
    return tmp_path_factory.mktemp("runner temp")


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Variables of a job that has its own ideas about Python and pip, none of which is for the action."""
    folder = tmp_path_factory.mktemp("elsewhere")
    for name in ("pip", "journeylint", "json", "venv"):
        put(folder, f"{name}.py", "raise SystemExit(99)\n")
    return {"PYTHONPATH": str(folder), "PYTHONHOME": str(folder), "PIP_TARGET": str(folder / "target"), "PIP_USER": "1"}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "work space"
    folder.mkdir()
    return folder


@pytest.fixture
def use(action: Path, temp: Path, workspace: Path, plugin: Path, settings: dict[str, str]) -> Use:
    """Uses the action, with the plugin, in the workspace; inputs are given as keywords, with `_` for `-`."""

    def run(*, variables: dict[str, str] | None = None, **inputs: str) -> ActionRun:
        inputs = {"plugins": str(plugin)} | inputs
        answers = {"actions/setup-python": set_up_python}
        runner = Runner(workspace, temp, plain_variables() | settings | (variables or {}), answers)
        return runner.run(action, {name.replace("_", "-"): value for name, value in inputs.items()})

    return run


def read_sarif(run: ActionRun) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(Path(run.outputs["sarif-file"]).read_text(encoding="utf-8"))
    return log


def annotated(run: ActionRun, *levels: str) -> list[dict[str, str]]:
    return [
        command.properties for command in run.commands if command.name in (levels or ("error", "warning", "notice"))
    ]


def test_this_runner_obeys_commands_as_github_does() -> None:
    log = "  ::error file=a%2Cb,line=1::bad%0Aworse\nnot ::error::here\nbut ##[warning]here\n::unknown::x\n::error:: \n"
    found = read_commands(log)
    assert [(command.name, command.message) for command in found] == [
        ("error", "bad\nworse"),
        ("warning", "here"),
        ("error", " "),
    ]
    assert found[0].properties == {"file": "a,b", "line": "1"}
    assert read_commands("::stop-commands::x\n::error::no\n::x::\n::error::yes\n")[0].message == "yes"


def test_this_runner_reads_outputs_as_github_does() -> None:
    assert read_pairs("a=b=c\nd<<x\n1\ne=2\n\nx\nf=\n") == {"a": "b=c", "d": "1\ne=2\n", "f": ""}
    with pytest.raises(AssertionError, match="delimiter not found"):
        read_pairs("a<<x\n1\n")


def test_this_runner_decides_on_steps_as_github_does(tmp_path: Path) -> None:
    (tmp_path / "action.yml").write_text(STEPS, encoding="utf-8")
    run = Runner(tmp_path, tmp_path, plain_variables(), {}).run(tmp_path, {"word": "it's $(x)"})
    assert [step.outcome for step in run.steps] == ["success", "failure", "skipped", "success", "skipped", "success"]
    assert run.outputs == {"told": "it's $(x) again", "none": ""}
    assert run.steps[3].status == 0
    assert run.has_failed


def test_findings_end_the_last_step_with_1_and_are_told_everywhere(use: Use, workspace: Path) -> None:
    shutil.copytree(ROOT / "examples" / "contoso", workspace / "contoso")
    run = use(paths="contoso", sarif_file="out/contoso.sarif")
    last = run.steps[-1]
    assert (run.has_failed, last.status, run.outputs["exit-code"]) == (True, 1, "1"), run.log
    assert "as bad as fail-on" in last.log
    assert [step.outcome for step in run.steps] == ["success", "success", "success", "skipped", "failure"]
    assert {name: run.outputs[name] for name in COUNTS} == {
        "errors": "7",
        "warnings": "9",
        "infos": "13",
        "failures": "0",
        "suppressed": "9",
    }
    assert "error OBS002 outbound-exclusion-segment" in run.log
    assert (len(annotated(run, "error")), len(annotated(run, "warning"))) == (7, 9)
    assert "contoso/journeys/outlet-clearance.yaml" in {about["file"] for about in annotated(run, "error")}
    assert run.outputs["sarif-file"] == str(workspace / "out" / "contoso.sarif")
    assert len(read_sarif(run)["runs"][0]["results"]) == 29
    assert "outbound-exclusion-segment" in run.summary


def test_a_clean_workspace_is_green_and_has_no_annotations(use: Use, workspace: Path) -> None:
    put(workspace, "vip.yaml", CLEAN)
    run = use()
    assert not run.has_failed, run.log
    assert [run.outputs[name] for name in (*COUNTS, "exit-code")] == ["0", "0", "0", "0", "0", "0"]
    assert annotated(run) == []
    assert read_sarif(run)["runs"][0]["results"] == []


def test_the_sarif_log_goes_outside_the_checkout_by_default(use: Use, workspace: Path, temp: Path) -> None:
    put(workspace, "vip.yaml", CLEAN)
    run = use()
    assert temp in Path(run.outputs["sarif-file"]).parents
    assert [entry.name for entry in workspace.iterdir()] == ["vip.yaml"]


def test_a_workspace_without_manifests_ends_with_3(use: Use) -> None:
    run = use()
    assert (run.steps[-1].status, run.outputs["exit-code"]) == (3, "3")
    assert "no manifest was found" in run.steps[-1].log


def test_a_workspace_without_manifests_is_green_if_that_is_expected(use: Use) -> None:
    assert use(allow_empty="true").outputs["exit-code"] == "0"


def test_a_failure_ends_with_3(use: Use, workspace: Path) -> None:
    put(workspace, "vip.yaml", CLEAN.replace("realtime", "nowhere"))
    run = use()
    assert (run.steps[-1].status, run.outputs["failures"]) == (3, "1")
    assert [about["title"] for about in annotated(run)] == ["JL002 invalid-manifest"]


def test_a_wrong_configuration_ends_with_2_says_why_and_uploads_nothing(use: Use, workspace: Path) -> None:
    put(workspace, "vip.yaml", CLEAN)
    put(workspace, "strict.yaml", "fail-on: 7\n")
    run = use(config="strict.yaml", upload="true")
    assert (run.steps[-1].status, run.outputs["exit-code"]) == (2, "2")
    assert "fail-on" in run.step("check").log
    [error] = [command for command in run.commands if command.name == "error"]
    assert "strict.yaml" in error.message
    assert run.step(UPLOAD).outcome == "skipped"
    assert run.outputs["sarif-file"] == run.outputs["errors"] == ""


def test_fail_on_decides_what_is_red(use: Use, workspace: Path) -> None:
    put(workspace, "spring.yaml", UNKNOWN_SEGMENT)
    assert use().has_failed
    run = use(fail_on="never")
    assert not run.has_failed
    assert (run.outputs["exit-code"], run.outputs["errors"]) == ("0", "1")


def test_the_log_is_uploaded_under_its_category_though_there_are_findings(use: Use, workspace: Path) -> None:
    put(workspace, "spring.yaml", UNKNOWN_SEGMENT)
    run = use(upload="true", category="shop")
    assert run.step(UPLOAD).given == {"sarif_file": run.outputs["sarif-file"], "category": "shop"}
    assert run.steps[-1].status == 1
    # What goes beside a log that names its analysis is not heeded: the log itself has to say so.
    assert read_sarif(run)["runs"][0]["automationDetails"]["id"] == "shop/"


def test_nothing_is_uploaded_unless_that_is_asked_for(use: Use, workspace: Path) -> None:
    put(workspace, "vip.yaml", CLEAN)
    assert use().step(UPLOAD).outcome == "skipped"


def test_a_run_that_judged_nothing_closes_no_alerts(use: Use) -> None:
    assert use(upload="true").step(UPLOAD).outcome == "skipped"
    assert use(upload="true", allow_empty="true").step(UPLOAD).outcome == "success"


def test_annotations_and_summary_can_be_left_out(use: Use, workspace: Path) -> None:
    put(workspace, "spring.yaml", UNKNOWN_SEGMENT)
    run = use(annotations="false", summary="false")
    assert (annotated(run), run.summary) == ([], "")
    assert "REF001" in run.log


def test_paths_are_one_a_line_and_may_hold_blanks(use: Use, workspace: Path) -> None:
    put(workspace, "north shore/spring.yaml", UNKNOWN_SEGMENT)
    put(workspace, "south/summer.yaml", UNKNOWN_SEGMENT.replace("spring", "summer"))
    put(workspace, "west/autumn.yaml", UNKNOWN_SEGMENT.replace("spring", "autumn"))
    run = use(paths="north shore\r\n\n  south  \n")
    assert sorted(about["file"] for about in annotated(run)) == ["north shore/spring.yaml", "south/summer.yaml"]


def test_focus_judges_the_whole_project_and_reports_on_the_paths(use: Use, workspace: Path) -> None:
    put(workspace, "spring.yaml", UNKNOWN_SEGMENT.replace("nobody", "vip"))
    put(workspace, "summer.yaml", UNKNOWN_SEGMENT.replace("spring", "summer"))
    put(workspace, "vip.yaml", CLEAN)
    run = use(paths="spring.yaml", focus="true")
    assert run.outputs["exit-code"] == "0", run.log


def test_a_hostile_path_is_only_a_path(use: Use, workspace: Path) -> None:
    hostile = [
        *("--exit-zero", "-o=json", "-", "$(touch pwned)", "`touch pwned`", '"; touch pwned; "', "'; touch pwned; '"),
        *(
            "${{ inputs.config }}",
            "%0A::error::pwned",
            "::error::pwned",
            "x##[error]pwned",
            "#1",
            "*",
            "~",
            "\\",
            "ä€😀",
        ),
    ]
    for number, path in enumerate(hostile):
        put(workspace, f"{path}/spring.yaml" if path != "-" else path, UNKNOWN_SEGMENT.replace("spring", f"s{number}"))
    run = use(paths="\n".join(hostile))
    assert (run.outputs["exit-code"], run.outputs["errors"]) == ("1", str(len(hostile))), run.log
    assert not list(workspace.rglob("pwned"))
    assert {command.message for command in run.commands if command.message.startswith("pwned")} == set()


@pytest.mark.parametrize("name", ["config", "fail_on", "as_of", "select", "ignore", "working_directory", "category"])
def test_no_input_can_become_a_command_an_option_or_an_output(name: str, use: Use, workspace: Path) -> None:
    put(workspace, "spring.yaml", UNKNOWN_SEGMENT)
    hostile = (
        '--exit-zero\nexit-code=0\nexit-code<<x\n0\nx\n"; touch pwned; $(touch pwned)\n::error::pwned\n##[error]pwned'
    )
    run = use(**{name: hostile})
    assert run.outputs["exit-code"] == ("1" if name == "category" else "2"), run.log
    assert run.has_failed
    assert not list(workspace.rglob("pwned"))
    assert "pwned" not in [command.message for command in run.commands]


def test_a_path_of_several_lines_stays_one_output(use: Use, workspace: Path) -> None:
    put(workspace, "vip.yaml", CLEAN)
    run = use(sarif_file="out\nexit-code=77\nerrors<<x\n9\nx")
    assert (run.outputs["exit-code"], run.outputs["errors"]) == ("0", "0")
    assert Path(run.outputs["sarif-file"]).exists()


def test_no_text_of_a_manifest_starts_a_workflow_command(use: Use, workspace: Path) -> None:
    put(workspace, "spring.yaml", UNKNOWN_SEGMENT.replace("audience}", "audience} ##[error]pwned"))
    put(workspace, "summer.yaml", 'apiVersion: journeylint/v1\nkind: Journey\n"::error::pwned": "\\n::error::pwned"\n')
    run = use()
    assert run.log.count("pwned") > 1
    assert all(command.message != "pwned" for command in run.commands)


@pytest.mark.parametrize("name", ["upload", "annotations", "summary", "focus", "allow_empty"])
def test_a_switch_that_is_neither_true_nor_false_is_refused(name: str, use: Use, workspace: Path) -> None:
    put(workspace, "vip.yaml", CLEAN)
    run = use(**{name: "yes"})
    assert run.steps[-1].status == 2
    [error] = run.commands
    assert error.message == f"{name.replace('_', '-')}: expected 'true' or 'false', and it is 'yes'"


def test_a_switch_may_be_in_capitals(use: Use, workspace: Path) -> None:
    put(workspace, "vip.yaml", CLEAN)
    assert use(upload="TRUE").step(UPLOAD).outcome == "success"


def test_the_working_directory_is_where_the_other_paths_start(use: Use, workspace: Path) -> None:
    put(workspace, "shop/journeylint.yaml", "fail-on: never\n")
    put(workspace, "shop/journeys/spring.yaml", UNKNOWN_SEGMENT)
    run = use(working_directory="shop", paths="journeys", sarif_file="out.sarif")
    assert (run.outputs["exit-code"], run.outputs["errors"]) == ("0", "1")
    assert run.outputs["sarif-file"] == str(workspace / "shop" / "out.sarif")


def test_annotations_and_alerts_lead_from_the_root_of_the_repository(use: Use, workspace: Path) -> None:
    put(workspace, "shop/spring.yaml", UNKNOWN_SEGMENT)
    subprocess.run(["git", "init", "--quiet", workspace], check=True)
    run = use(working_directory="shop")
    assert [about["file"] for about in annotated(run)] == ["shop/spring.yaml"]
    [result] = read_sarif(run)["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "shop/spring.yaml"


def test_a_working_directory_that_is_not_there_is_told(use: Use) -> None:
    run = use(working_directory="shop")
    assert run.steps[-1].status == 2
    assert [command.message for command in run.commands] == [
        "working-directory: there is no folder 'shop' in the workspace"
    ]


def test_the_job_and_the_action_are_left_alone(
    use: Use, workspace: Path, action: Path, settings: dict[str, str]
) -> None:
    """A `pip.py` of the checkout is not run, nothing is installed into the job, and nothing is built in the action."""
    put(workspace, "vip.yaml", CLEAN)
    for name in ("pip", "journeylint", "json", "venv"):
        put(workspace, f"{name}.py", "raise SystemExit(99)\n")
    run = use()
    assert run.outputs["exit-code"] == "0", run.log
    assert not Path(settings["PIP_TARGET"]).exists()
    assert [*action.rglob("build"), *action.rglob("*.egg-info")] == []


@pytest.mark.parametrize("version", ["--index-url=x", "1.0 --pre", "latest", "1.0;touch", "/tmp"])
def test_a_version_that_is_none_is_refused_before_anything_is_installed(version: str, use: Use) -> None:
    run = use(version=version)
    assert run.step("install").status == 2
    assert [step.outcome for step in run.steps[2:]] == ["skipped", "skipped", "skipped"]
    assert run.commands[0].message.startswith(f"version: {version!r} is no version")


def test_a_released_version_is_asked_for_where_the_job_says(use: Use, tmp_path: Path) -> None:
    nowhere = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path)}
    run = use(version="99.1", plugins="", variables=nowhere)
    assert "journeylint==99.1" in run.step("install").errors
    assert [command.properties["title"] for command in run.commands] == ["journeylint could not be installed"]
    assert (run.has_failed, run.outputs["exit-code"]) == (True, "")


def test_an_option_of_pip_is_no_plugin(use: Use, workspace: Path) -> None:
    run = use(plugins="journeylint-acme\n--target=here")
    assert run.step("install").status == 2
    assert "'--target=here' is an option" in run.commands[0].message
    assert run.outputs["exit-code"] == ""


def test_a_plugin_is_installed_beside_it(use: Use, workspace: Path, plugin: Path) -> None:
    put(workspace, "vip.yaml", CLEAN.replace("name: vip", "name: vip, labels: {team: ours}"))
    run = use(plugins=f"# a folder of ours\n\n{os.path.relpath(plugin, workspace)}\n")
    assert [about["title"] for about in annotated(run)] == ["OUR001 untitled-segment"], run.log
    assert run.outputs["exit-code"] == "1"


@pytest.mark.parametrize(("ends", "code"), [("4", 4), ("-9", 137)])
def test_a_crash_is_red_and_uploads_nothing(ends: str, code: int, use: Use, workspace: Path) -> None:
    put(workspace, "end.exit", ends)
    run = use(paths="end.exit", upload="true")
    assert (run.steps[-1].status, run.outputs["exit-code"]) == (code, str(code)), run.log
    assert run.log.count("::error::pwned") == 2
    assert [command.properties["title"] for command in run.commands] == ["journeylint failed"]
    assert run.step(UPLOAD).outcome == "skipped"
    assert run.outputs["sarif-file"] == ""


def test_the_python_that_is_there_is_used_if_none_is_asked_for(use: Use, workspace: Path, tmp_path: Path) -> None:
    put(workspace, "vip.yaml", CLEAN)
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "python").write_text('#!/bin/sh\necho "python: $*" >&2\nexit 9\n', encoding="utf-8")
    (programs / "python").chmod(0o755)
    run = use(python_version="", variables={"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"})
    assert run.step("python").outcome == "skipped"
    assert run.step("install").status == 9
    assert run.step("install").errors.endswith("steps.py install\n")
