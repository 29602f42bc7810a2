"""From an entry point to the object that holds a plugin's hooks."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

from journeylint.entry_points import EntryPoint
from journeylint.ports import PolicyRoot


def import_plugin(entry: EntryPoint) -> object:
    """What *entry* names; it raises whatever the import raises."""
    if entry.path:
        return _import_file(entry.name, Path(entry.target))
    module, _, attribute = entry.target.partition(":")
    plugin: object = importlib.import_module(module)
    for name in filter(None, attribute.split(".")):
        plugin = getattr(plugin, name)
    return plugin


def find_own_packs(plugin: object) -> list[PolicyRoot]:
    """The folders of *plugin*, if it is a package, that are policy roots: a pack in YAML needs no hook that says so."""
    folders = [Path(folder) for folder in getattr(plugin, "__path__", ())] if isinstance(plugin, ModuleType) else []
    return [PolicyRoot(folder.absolute()) for folder in folders if any(folder.glob("*/pack.yaml"))]


def _import_file(name: str, path: Path) -> ModuleType:
    """The module of a Python file or package that is not on the import path.

    Its name there is one that no installed module has: a file `json.py` must not stand for Python's own.
    """
    import importlib.util  # noqa: PLC0415 - only a run with such a plugin needs it

    full_name = f"journeylint_local_plugins.{name}"
    folders = [str(path)] if path.is_dir() else None
    file = path / "__init__.py" if path.is_dir() else path
    spec = importlib.util.spec_from_file_location(full_name, file, submodule_search_locations=folders)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[full_name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[full_name]
        raise
    return module
