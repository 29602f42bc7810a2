"""`examples/acme-policies` as its users meet it: built as a wheel, installed beside journeylint, and run."""

from __future__ import annotations

import json
import shutil
import sys
import venv
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contract.test_docs import blocks_of, is_shown, steps_of, trimmed
from tests.packaging.conftest import LEFT_OUT, ROOT, Environment, Packages, clean_variables, demand, run_program

EXAMPLE = ROOT / "examples" / "acme-policies"
CASES = sorted(path.relative_to(EXAMPLE / "src").as_posix() for path in EXAMPLE.glob("src/*/*/*/cases/*.yaml"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the example, built from a copy."""
    folder = tmp_path_factory.mktemp("example")
    shutil.copytree(EXAMPLE, folder / "source", ignore=LEFT_OUT)
    build = (sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", folder)
    demand(run_program(*build, cwd=folder / "source"))
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, packages: Packages, dependencies: Path, wheel: Path) -> Environment:
    """An environment with both wheels, and a folder with the example's journeys and tests, but not its source."""
    folder = tmp_path_factory.mktemp("site")
    venv.create(folder / "venv")
    python = folder / "venv" / "bin" / "python"
    variables = clean_variables() | {"PYTHONPATH": str(dependencies), "XDG_CACHE_HOME": str(folder / "cache")}
    install = ("-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index")
    demand(run_program(sys.executable, *install, packages.wheel, wheel, cwd=folder, env=variables))
    for name in ("journeys", "tests"):
        shutil.copytree(EXAMPLE / name, folder / "work" / name, ignore=LEFT_OUT)
    return Environment(python, folder / "venv", folder / "work", variables)


def test_its_wheel_holds_its_policies_and_of_their_cases_the_two_examples(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    examples = {name for name in CASES if name.rpartition("/")[2] in ("fails.yaml", "passes.yaml")}
    assert len(examples) == 6
    assert {name for name in names if "/cases/" in name} == examples
    assert {"acme_policies/base.yaml", "acme_policies/py.typed", "acme_policies/acme/pack.yaml"} <= names


def test_it_is_listed_with_all_that_it_brings(site: Environment) -> None:
    ran = site.run("-m", "journeylint", "plugins", "--format", "json")
    assert (ran.returncode, ran.stderr) == (0, "")
    (plugin,) = [one for one in json.loads(ran.stdout)["plugins"] if not one["builtIn"]]
    assert (plugin["name"], plugin["distribution"], plugin["version"]) == ("acme", "acme-policies", "1.2.0")
    assert plugin["hooks"] == ["journeylint_functions", "journeylint_reporters"]
    assert [(pack["prefix"], pack["policies"]) for pack in plugin["packs"]] == [("ACME", 3)]
    assert [function["signature"] for function in plugin["functions"]] == ["workingDays(timestamp, timestamp) -> int"]
    assert [report["format"] for report in plugin["reports"]] == ["acme-csv"]


def test_its_policies_are_listed_and_explained(site: Environment) -> None:
    assert "ACME003  error    unsuppressed-audience" in site.run("-m", "journeylint", "policies").stdout
    assert "brand team" in site.run("-m", "journeylint", "explain", "rushed-approval").stdout


def test_its_policies_judge_and_its_report_tells(site: Environment) -> None:
    ran = site.run("-m", "journeylint", "check", "--as-of", "2025-03-10", "-o", "acme-csv", "journeys")
    assert (ran.returncode, ran.stderr) == (1, "")
    header, *rows = ran.stdout.splitlines()
    assert header == "severity,policy,name,kind,manifest,path,line,message"
    assert [row.split(",")[1] for row in rows] == ["ACME001", "ACME002", "ACME003"]


def test_its_configuration_can_be_used(site: Environment) -> None:
    base = next(site.home.glob("lib/*/site-packages/acme_policies/base.yaml"))
    ran = site.run(
        "-m", "journeylint", "check", "--config", str(base), "--as-of", "2025-03-07", "-o", "json", "journeys"
    )
    assert (ran.returncode, ran.stderr) == (1, "")
    messages = [finding["message"] for finding in json.loads(ran.stdout)["findings"] if finding["policy"] == "ACME002"]
    assert [message.rpartition("needed: ")[2] for message in messages] == ["3."]


def test_without_it_a_run_is_as_if_it_were_not_installed(site: Environment) -> None:
    check = ("-m", "journeylint", "check", "--as-of", "2025-03-10", "-o", "json", "journeys")
    without = site.run(*check, "-p", "no:acme-policies")
    journeylint = {**site.variables, "JOURNEYLINT_LOAD_PLUGINS": ""}
    assert without.stdout == run_program(site.python, *check, cwd=site.folder, env=journeylint).stdout
    assert (without.returncode, json.loads(without.stdout)["findings"]) == (0, [])


def test_its_own_tests_pass_against_what_is_installed(site: Environment) -> None:
    demand(site.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"))


def test_its_own_tests_fail_where_a_policy_does(site: Environment, tmp_path: Path) -> None:
    copy = tmp_path / "acme_policies"
    shutil.copytree(EXAMPLE / "src" / "acme_policies", copy, ignore=LEFT_OUT)
    policy = copy / "acme" / "rushed-approval" / "policy.yaml"
    policy.write_text(policy.read_text(encoding="utf-8").replace("daysLeft >=", "daysLeft >"), encoding="utf-8")
    variables = {**site.variables, "PYTHONPATH": f"{tmp_path}:{site.variables['PYTHONPATH']}"}
    ran = replace(site, variables=variables).run("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests")
    assert ran.returncode == 1
    assert "rushed-approval" in ran.stdout


def test_its_readme_shows_what_is_printed(site: Environment) -> None:
    blocks = blocks_of((EXAMPLE / "README.md").read_text(encoding="utf-8"))
    steps = [step for block in blocks for step in steps_of(block) if not step.command.startswith("pip ")]
    assert len(steps) == 4
    path = f"{site.python.parent}:{site.variables.get('PATH', '')}"
    variables = {**site.variables, "PATH": path, "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}
    for step in steps:
        ran = run_program("sh", "-c", step.command, cwd=site.folder, env=variables)
        assert is_shown(step.shown, trimmed(ran.stdout + ran.stderr)), f"{step.command}\n{ran.stdout}{ran.stderr}"


def test_a_configuration_extends_the_one_that_it_brings(site: Environment) -> None:
    folder = site.folder / "extending"
    folder.mkdir(exist_ok=True)
    (folder / "journeylint.yaml").write_text("extends: pkg:acme_policies/base.yaml\n", encoding="utf-8")
    shown = run_program(
        site.python, "-m", "journeylint", "config", "show", "--format", "json", cwd=folder, env=site.variables
    )
    demand(shown)
    assert "pkg:acme_policies/base.yaml" in shown.stdout


def test_its_cases_notice_every_mutant(site: Environment) -> None:
    least = ("--min-coverage", "100", "--mutate", "--min-score", "100")
    ran = site.run("-m", "journeylint", "test", str(EXAMPLE / "src"), *least)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "3 policies, 23 cases: all hold." in ran.stdout
