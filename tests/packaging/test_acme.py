"""A third party's distribution, built as a wheel, installed beside journeylint in a fresh environment, and used."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.conftest import LEFT_OUT, ROOT, Environment, demand, run_program


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the distribution, copied so that building leaves nothing behind, with its wheel in `dist`."""
    folder = tmp_path_factory.mktemp("acme") / "acme-policies"
    shutil.copytree(ROOT / "examples" / "acme-policies", folder, ignore=LEFT_OUT)
    demand(
        run_program(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", folder / "dist", cwd=folder)
    )
    return folder


@pytest.fixture(scope="module")
def installed(environment: Environment, acme: Path) -> Iterator[Environment]:
    """The environment with the wheel in it; it stays there for the module's tests only, in their order of environments."""
    wheel = next((acme / "dist").glob("*.whl"))
    install = ("-m", "pip", "--python", environment.python, "install", "--quiet", "--no-deps", "--no-index")
    demand(run_program(sys.executable, *install, wheel, cwd=acme, env=environment.variables))
    yield environment
    remove = ("-m", "pip", "--python", environment.python, "uninstall", "--quiet", "--yes", "acme-policies")
    demand(run_program(sys.executable, *remove, cwd=acme, env=environment.variables))


def test_the_plugin_is_listed_with_all_that_it_brings(installed: Environment) -> None:
    ran = installed.run("-m", "journeylint", "plugins", "--format", "json")
    assert ran.returncode == 0, ran.stderr
    (acme,) = [one for one in json.loads(ran.stdout)["plugins"] if one["name"] == "acme"]
    assert (acme["distribution"], acme["version"]) == ("acme-policies", "1.2.0")
    assert "acmeIsWorkday" in json.dumps(acme["functions"])
    assert "acme-csv" in json.dumps(acme["reports"])
    assert [(pack["name"], pack["prefix"], pack["policies"]) for pack in acme["packs"]] == [("acme", "ACME", 3)]


def test_its_policies_judge_journeys_under_the_configuration_that_it_brings(installed: Environment, acme: Path) -> None:
    ran = installed.run("-m", "journeylint", "check", str(acme / "workspace"), "-o", "json")
    assert ran.returncode == 1, ran.stderr  # base.yaml fails on warnings
    found = {(one["policy"], one["severity"]) for one in json.loads(ran.stdout)["findings"]}
    assert found == {("ACME001", "info"), ("ACME002", "warning"), ("ACME003", "warning")}


def test_its_report_format_is_used(installed: Environment, acme: Path) -> None:
    ran = installed.run("-m", "journeylint", "check", str(acme / "workspace"), "-o", "acme-csv")
    header, *rows = ran.stdout.splitlines()
    assert header == "what,severity,file,line,message"
    assert [row.split(",")[0] for row in rows] == ["ACME003", "ACME002", "ACME001"]


def test_without_it_the_others_are_as_they_were(installed: Environment, acme: Path) -> None:
    journeys = str(acme / "workspace" / "journeys")
    alone = ("check", journeys, "-o", "json", "--as-of", "2025-03-01", "--config", str(acme / "pyproject.toml"))
    (acme / "pyproject.toml").write_text(
        (acme / "pyproject.toml").read_text().partition("[tool.journeylint]")[0] + "[tool.journeylint]\n"
    )
    ran = installed.run("-m", "journeylint", *alone, "-p", "no:acme-policies")
    assert ran.returncode == 0, ran.stderr
    assert "ACME" not in ran.stdout


def test_its_cases_hold_and_notice_every_mutant(installed: Environment, acme: Path) -> None:
    least = ("--min-coverage", "100", "--mutate", "--min-score", "100")
    ran = installed.run("-m", "journeylint", "test", str(acme / "src"), *least)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "3 policies, 23 cases: all hold." in ran.stdout


def test_its_own_tests_pass(installed: Environment, acme: Path) -> None:
    ran = installed.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(acme), str(acme / "tests"))
    assert ran.returncode == 0, ran.stdout + ran.stderr
