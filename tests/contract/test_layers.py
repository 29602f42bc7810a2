"""Holds the imports inside the package to the tables of docs/architecture.md."""

from __future__ import annotations

import ast
import graphlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {
    "journeylint": ROOT / "src/journeylint",
    "journeylint.builtins.policies": ROOT / "policies",
    "journeylint.schemas": ROOT / "schemas",
}
PLUGINS_LAYER = 4


def find_modules() -> dict[str, Path]:
    """The file of every module of the package, by its dotted name."""
    found = {}
    for package, folder in SOURCES.items():
        for file in folder.rglob("*.py"):
            parts = file.relative_to(folder).with_suffix("").parts
            found[".".join([package, *parts]).removesuffix(".__init__")] = file
    return found


def read_table(header: str) -> list[list[list[str]]]:
    """The rows below *header* in the document: for each cell its words in backticks, or its text where it has none."""
    lines = (ROOT / "docs/architecture.md").read_text(encoding="utf-8").split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith(header))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([re.findall(r"`(\w+)`", cell) or [cell.strip()] for cell in line.strip("|").split("|")])
    return rows


MODULES = find_modules()
LAYERS = {f"journeylint.{name}": int(layer[0]) for layer, names, _ in read_table("| layer |") for name in names}


def owner_of(module: str) -> str:
    """The name in the table that *module* falls under: its own, or that of a package that holds it."""
    return ".".join(module.split(".")[:2])


def layer_of(module: str) -> int:
    """The layer of *module*; the bare package, which holds the version, is below them all."""
    return 0 if module == "journeylint" else LAYERS[owner_of(module)]


def find_imports(module: str, source: str) -> Iterator[str]:
    """Every module that *source* names in an import, wherever it stands and whether or not it is only for types."""
    package = module if MODULES.get(module, Path()).name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            origin = ".".join([*above, *filter(None, [node.module])])
            for alias in node.names:
                whole = f"{origin}.{alias.name}"
                yield whole if whole in MODULES else origin


def find_faults(module: str, source: str) -> list[str]:
    """What the tables forbid among the imports of *module*, one line each."""
    faults = []
    only_by = {library[0]: {f"journeylint.{name}" for name in names} for library, names in read_table("| library |")}
    for target in find_imports(module, source):
        if owner_of(module) not in only_by.get(target.split(".")[0], {owner_of(module)}):
            faults.append(f"{module} imports {target}")
        if target.split(".")[0] != "journeylint":
            continue
        if layer_of(target) > layer_of(module):
            faults.append(f"{module} (layer {layer_of(module)}) imports {target} (layer {layer_of(target)})")
        if layer_of(target) == PLUGINS_LAYER and owner_of(target) != owner_of(module):
            faults.append(f"{module} imports the plugin {target}: name it as a string")
    return faults


@pytest.mark.parametrize("module", sorted(set(MODULES) - {"journeylint"}))
def test_every_module_stands_in_the_table(module: str) -> None:
    assert owner_of(module) in LAYERS, f"{module} has no layer in docs/architecture.md"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_imports_only_what_its_layer_may(module: str) -> None:
    assert find_faults(module, MODULES[module].read_text(encoding="utf-8")) == []


def test_no_module_imports_itself_through_others() -> None:
    graph = {
        module: {target for target in find_imports(module, file.read_text(encoding="utf-8")) if target in MODULES}
        - {module}
        for module, file in MODULES.items()
    }
    tuple(graphlib.TopologicalSorter(graph).static_order())  # raises CycleError, which names the circle


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("journeylint.model", "from journeylint.ports import Loader"),
        ("journeylint.model", "from journeylint import ports"),
        ("journeylint.model", "from . import ports"),
        ("journeylint.model", "from .ports import Loader"),
        ("journeylint.ports", "def ask():\n    import journeylint.host"),
        ("journeylint.ports", "if TYPE_CHECKING:\n    from journeylint.cli import main"),
        ("journeylint.cli", "import journeylint.builtins"),
        ("journeylint.pipeline", "import click"),
        ("journeylint.pipeline", "from click.core import Command"),
        ("journeylint.evaluate", "from cel_expr_python import cel"),
    ],
)
def test_an_import_against_the_tables_is_found(module: str, source: str) -> None:
    assert find_faults(module, source) != []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("journeylint.ports", "from journeylint.model import Document"),
        ("journeylint.pipeline", "from journeylint import __version__"),
        ("journeylint.cli", "import click"),
        ("journeylint.builtins", "from journeylint.builtins.text import write"),
        ("journeylint.cel", "import cel_expr_python"),
    ],
)
def test_an_import_that_the_tables_allow_is_no_fault(module: str, source: str) -> None:
    assert find_faults(module, source) == []


def test_every_package_is_among_those_that_are_built() -> None:
    built = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    inside = {name for name, file in find_modules().items() if file.name == "__init__.py"}
    assert sorted(inside) == built
