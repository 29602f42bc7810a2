"""Builds the packages from a copy of the checkout, and installs each into an environment of its own.

Nothing is downloaded: the environments see the dependencies of the one that runs the tests, except journeylint itself.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns(
    *(".git", ".venv", "*.egg-info", "build", "dist", "corpus", "__pycache__", ".*_cache", ".hypothesis")
)


@dataclass(frozen=True, slots=True)
class Packages:
    """What was built: the wheel from the checkout, the sdist, and the wheel from the sdist."""

    wheel: Path
    sdist: Path
    wheel_of_sdist: Path


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment with journeylint in it, and an empty folder to work in. `home` holds the files that it runs."""

    python: Path
    home: Path
    folder: Path
    variables: dict[str, str]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run this environment's Python with *arguments*, in the folder."""
        return run_program(self.python, *arguments, cwd=self.folder, env=self.variables)


def run_program(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run *command* in *cwd* and return what it said."""
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)


def clean_variables() -> dict[str, str]:
    """The environment's variables without those that would change what Python or journeylint do."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "JOURNEYLINT", "COV"))}


def demand(ran: subprocess.CompletedProcess[str]) -> None:
    """Fail with all that was said where the program did not succeed."""
    assert ran.returncode == 0, f"{ran.args}\n{ran.stdout}\n{ran.stderr}"


def copy_checkout(to: Path) -> Path:
    """A copy without what git does not know, so that building leaves nothing behind in the checkout."""
    shutil.copytree(ROOT, to, ignore=LEFT_OUT)
    return to


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Packages:
    """The packages, built as `python -m build` builds them."""
    folder = tmp_path_factory.mktemp("packages")
    source = copy_checkout(folder / "source")
    build = (sys.executable, "-m", "build", "--no-isolation")
    demand(run_program(*build, "--wheel", "--outdir", folder / "wheel", cwd=source))
    demand(run_program(*build, "--outdir", folder / "both", cwd=source))
    return Packages(
        wheel=next((folder / "wheel").glob("*.whl")),
        sdist=next((folder / "both").glob("*.tar.gz")),
        wheel_of_sdist=next((folder / "both").glob("*.whl")),
    )


@pytest.fixture(scope="session")
def dependencies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that is installed here but journeylint."""
    folder = tmp_path_factory.mktemp("dependencies")
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if "journeylint" not in entry.name:
            (folder / entry.name).symlink_to(entry)
    return folder


@pytest.fixture(scope="session", params=["wheel", "sdist", "wheel of sdist", "editable"])
def environment(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, packages: Packages, dependencies: Path
) -> Environment:
    """An environment with journeylint installed in one of the ways in which people install it."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder / "venv")
    python = folder / "venv" / "bin" / "python"
    home = folder / "venv"
    match request.param:
        case "wheel":
            target: list[str | Path] = [packages.wheel]
        case "sdist":
            target = [packages.sdist]
        case "wheel of sdist":
            target = [packages.wheel_of_sdist]
        case _:
            home = copy_checkout(folder / "source")
            target = ["--editable", home]
    variables = clean_variables() | {"PYTHONPATH": str(dependencies)}
    install = ("-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation")
    demand(run_program(sys.executable, *install, *target, cwd=folder, env=variables))
    (folder / "empty").mkdir()
    return Environment(python, home, folder / "empty", variables)
