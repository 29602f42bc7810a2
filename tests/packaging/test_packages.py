"""What the packages hold, and where what is installed from them finds it."""

from __future__ import annotations

import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.packaging.conftest import ROOT, Environment, Packages

POLICIES = sorted(file.relative_to(ROOT).as_posix() for file in ROOT.glob("policies/*/*/policy.yaml"))
PACKS = sorted(file.relative_to(ROOT).as_posix() for file in ROOT.glob("policies/*/pack.yaml"))
EXAMPLES = sorted(
    file.relative_to(ROOT).as_posix()
    for name in ("fails.yaml", "passes.yaml")
    for file in ROOT.glob(f"policies/*/*/cases/{name}")
)
SCHEMAS = sorted(file.relative_to(ROOT).as_posix() for file in ROOT.glob("schemas/*.json"))
MODULES = sorted(file.relative_to(ROOT / "src").as_posix() for file in ROOT.glob("src/journeylint/**/*.py"))
FIND_DATA = """\
import importlib.resources, json
found = {}
for name in ("journeylint", "journeylint.builtins.policies", "journeylint.schemas"):
    folder = importlib.resources.files(name)
    found[name] = [str(folder), sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())]
print(json.dumps(found))
"""


READ_EXAMPLES = """\
import json
from journeylint.host import build_host
from journeylint.policy_files import read_examples
from journeylint.policy_library import load_library
print(json.dumps({policy.name: read_examples(policy) for policy in load_library(build_host(())).policies}))
"""


def list_wheel(wheel: Path) -> list[str]:
    """The names of the files in *wheel*."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def list_sdist(sdist: Path) -> list[str]:
    """The names of the files in *sdist*, below its one folder."""
    with tarfile.open(sdist) as archive:
        return [member.name.partition("/")[2] for member in archive if member.isfile()]


def test_the_wheel_holds_every_module_policy_and_schema(packages: Packages) -> None:
    policies = {f"journeylint/builtins/{name}" for name in (*POLICIES, *PACKS)}
    wanted = {*MODULES, "journeylint/py.typed", *policies, *(f"journeylint/{name}" for name in SCHEMAS)}
    assert wanted - set(list_wheel(packages.wheel)) == set()


def test_of_cases_the_wheel_holds_the_two_examples_of_each_policy_about_manifests(packages: Packages) -> None:
    held = [name for name in list_wheel(packages.wheel) if "/cases/" in name]
    assert sorted(held) == [f"journeylint/builtins/{name}" for name in EXAMPLES]
    assert len(held) == 2 * len(
        [name for name in POLICIES if "/suppressions/" not in name and "/packages/" not in name]
    )


def test_the_wheel_holds_nothing_beside_the_package(packages: Packages) -> None:
    names = list_wheel(packages.wheel)
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"journeylint"}


def test_the_sdist_holds_what_the_wheel_leaves_out(packages: Packages) -> None:
    names = set(list_sdist(packages.sdist))
    cases = {file.relative_to(ROOT).as_posix() for file in ROOT.glob("policies/*/*/cases/**/*") if file.is_file()}
    assert cases | {"Makefile", "LICENSE", "docs/architecture.md", "tests/packaging/test_packages.py"} <= names


def test_a_package_holds_nothing_that_was_made_on_the_way(packages: Packages) -> None:
    names = [*list_sdist(packages.sdist), *list_wheel(packages.wheel)]
    assert [name for name in names if name.endswith(".pyc") or name.startswith("benchmarks/corpus/")] == []


def test_the_wheel_of_the_sdist_holds_what_the_wheel_of_the_checkout_holds(packages: Packages) -> None:
    assert sorted(list_wheel(packages.wheel_of_sdist)) == sorted(list_wheel(packages.wheel))


def test_policies_and_schemas_come_from_where_it_is_installed(environment: Environment) -> None:
    ran = environment.run("-c", FIND_DATA)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert [folder for folder, _ in found.values() if not Path(folder).is_relative_to(environment.home)] == []
    assert {name.removeprefix("policies/") for name in (*POLICIES, *PACKS)} <= set(
        found["journeylint.builtins.policies"][1]
    )
    assert {name.removeprefix("schemas/") for name in SCHEMAS} <= set(found["journeylint.schemas"][1])


def test_every_policy_comes_with_its_examples(environment: Environment) -> None:
    ran = environment.run("-c", READ_EXAMPLES)
    assert ran.returncode == 0, ran.stderr
    wanted = {
        Path(policy).parent.name: [
            (ROOT / example).read_text(encoding="utf-8") if example in EXAMPLES else ""
            for example in (f"{Path(policy).parent.as_posix()}/cases/{name}" for name in ("fails.yaml", "passes.yaml"))
        ]
        for policy in POLICIES
    }
    assert any(fails and passes for fails, passes in wanted.values())
    assert json.loads(ran.stdout) == wanted


@pytest.mark.parametrize("command", [["-m", "journeylint"], ["{bin}/journeylint"]])
def test_the_version_is_told(environment: Environment, command: list[str]) -> None:
    ran = environment.run(*(part.format(bin=environment.python.parent) for part in command), "--version")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("journeylint ")
