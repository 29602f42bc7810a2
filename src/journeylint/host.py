"""The plugin host: what all plugins supply, collected once at start.

Every hook of every plugin is called here and never again, so judging a manifest costs no hook call and a plugin at
fault can be named. What other distributions wrote is called with a bound on its time, and what it supplies is guarded.
"""

from __future__ import annotations

import importlib
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pluggy

import journeylint
from journeylint import hookspecs
from journeylint.entry_points import EntryPoint, find_entry_points, normalize_name
from journeylint.errors import PluginError
from journeylint.import_ports import ImporterEntry, Table
from journeylint.loaded_plugin import LoadedPlugin, PluginCaller, tell_way_out
from journeylint.model import JsonObject
from journeylint.plugin_import import import_plugin
from journeylint.ports import CelFunction, Facts, Kind, Loader, PolicyRoot, ReporterEntry, Supplied
from journeylint.suggest import did_you_mean

BUILTINS = (
    "journeylint.builtins.core",
    "journeylint.schemas",
    "journeylint.builtins.policies",
    "journeylint.builtins.dataverse",
)
"""The modules of the built-in plugins, imported by nobody else."""

HOOKS: Mapping[str, type[Any]] = {
    "policy_roots": PolicyRoot,
    "kinds": Kind,
    "functions": CelFunction,
    "loaders": Loader,
    "reporters": ReporterEntry,
    "importers": ImporterEntry,
    "tables": Table,
}
"""What each hook `journeylint_<name>` supplies."""

S = TypeVar("S")
T = TypeVar("T")


class PacksByHand(NamedTuple):
    """Folders of packs that stand beside those of plugins, and the names of folders whose packs they stand in for.

    `source` is what messages call them.
    """

    folders: tuple[Path, ...] = ()
    replaced: frozenset[str] = frozenset()
    source: str = ""


class Host(NamedTuple):
    """All that plugins supply, each thing under the name by which it is asked for."""

    loaders: Mapping[str, Loader]
    kinds: Mapping[str, Kind]
    functions: tuple[CelFunction, ...]
    reporters: Mapping[str, ReporterEntry]
    importers: Mapping[str, ImporterEntry]
    tables: Mapping[str, Table]
    policy_roots: tuple[Supplied, ...]
    plugins: tuple[LoadedPlugin, ...]
    packs_by_hand: PacksByHand = PacksByHand()

    @property
    def manifest_kinds(self) -> Mapping[str, Kind]:
        """Those of the kinds of which files hold manifests."""
        return {name: kind for name, kind in self.kinds.items() if not kind.is_derived}

    @property
    def facts(self) -> Mapping[str, Facts]:
        """What can be derived from manifests, by their kind."""
        return {name: kind.facts for name, kind in self.kinds.items() if kind.facts is not None}

    @property
    def entry_points(self) -> list[EntryPoint]:
        """Those of the plugins that are not built in: `build_host` makes the same host of them."""
        return [plugin.entry for plugin in self.plugins if not plugin.is_built_in]


def build_host(entry_points: Sequence[EntryPoint] | None = None) -> Host:
    """Import and register the built-in plugins and those of *entry_points* (default: the installed ones).

    Raises PluginError, naming plugin and distribution, for a plugin that cannot be imported, raises in a hook, returns
    something else than the hook's specification says, misspells a hook, supplies what another one supplies already, or
    takes longer than it may.
    """
    own = [
        EntryPoint(f"built-in {name.rpartition('.')[2]}", name, "journeylint", journeylint.__version__)
        for name in BUILTINS
    ]
    others = find_entry_points() if entry_points is None else list(entry_points)
    _check_plugin_names([*own, *others])
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    callers: list[PluginCaller] = [_OwnPlugin(entry) for entry in own]
    if others:
        from journeylint.foreign_plugin import ForeignPlugin  # noqa: PLC0415 - most runs have no plugins but ours

        callers += [ForeignPlugin(entry) for entry in others]
    registered = _try_all(lambda caller: (caller, *_register(caller, manager)), callers)
    _check_hook_names(manager, {id(module): caller.entry for caller, module, _ in registered})
    plugins = tuple(_try_all(lambda one: _collect(*one, manager), registered))
    if others:
        from journeylint.plugin_checks import check_supplied  # noqa: PLC0415 - as above

        check_supplied(plugins)
    return Host(
        loaders={suffix: loader for plugin in plugins for loader in plugin.loaders for suffix in loader.suffixes},
        kinds={kind.name: kind for plugin in plugins for kind in plugin.kinds},
        functions=tuple(function for plugin in plugins for function in plugin.functions),
        reporters={entry.format: entry for plugin in plugins for entry in plugin.reporters},
        importers={entry.format: entry for plugin in plugins for entry in plugin.importers},
        tables={table.name: table for plugin in plugins for table in plugin.tables},
        policy_roots=tuple(Supplied(plugin.title, root) for plugin in plugins for root in plugin.policy_roots),
        plugins=plugins,
    )


def schema_of(name: str) -> JsonObject:
    """The JSON Schema of a kind of file of ours: `policy`, `pack`, `config`, `report`."""
    folder = Path(importlib.import_module("journeylint.schemas").__file__ or "").parent
    schema: JsonObject = json.loads((folder / f"{name}.schema.json").read_text(encoding="utf-8"))
    return schema


class _OwnPlugin:
    """A built-in plugin, called without further ado: tests hold that it does what is expected of it."""

    is_built_in = True

    def __init__(self, entry: EntryPoint) -> None:
        self.entry = entry

    def attempt(self, _what: str, call: Callable[[], T]) -> T:
        return call()

    def take(self, _hook: str, function: Callable[[], Iterable[Any]], _expected: type[Any]) -> tuple[Any, ...]:
        return tuple(function())

    def guard(self, plugin: LoadedPlugin, _module: object) -> LoadedPlugin:
        return plugin


def _try_all(call: Callable[[S], T], values: Iterable[S]) -> list[T]:
    """What *call* returns for each of *values*; PluginError with what is wrong with all that it fails for."""
    returned: list[T] = []
    problems: list[str] = []
    for value in values:
        try:
            returned.append(call(value))
        except PluginError as error:
            problems += error.messages
    if problems:
        raise PluginError(problems)
    return returned


def _register(caller: PluginCaller, manager: pluggy.PluginManager) -> tuple[object, float]:
    """The object that holds the plugin's hooks, registered, and the seconds that its import took."""
    begin = time.perf_counter()
    module = caller.attempt("cannot be imported", partial(import_plugin, caller.entry))
    seconds = time.perf_counter() - begin
    caller.attempt("cannot be registered", partial(manager.register, module, caller.entry.title))
    return module, seconds


def _check_hook_names(manager: pluggy.PluginManager, entries: Mapping[int, EntryPoint]) -> None:
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        entry = entries[id(error.plugin)]
        raise PluginError(f"plugin {entry.title}: {_explain_pending(error)}{tell_way_out(entry)}") from error


def _explain_pending(error: pluggy.PluginValidationError) -> str:
    """What pluggy says, without the plugin's address in memory and with the nearest name of a hook."""
    words = str(error).partition(" in plugin ")[0]
    known = [name for name in vars(hookspecs) if name.startswith(f"{hookspecs.PROJECT}_")]
    return words + did_you_mean(words.rpartition("unknown hook ")[2].strip("'"), known)


def _collect(caller: PluginCaller, module: object, seconds: float, manager: pluggy.PluginManager) -> LoadedPlugin:
    """Call every hook of a plugin that is registered."""
    hooks: list[str] = []
    supplied: dict[str, tuple[Any, ...]] = {}
    for name, expected in HOOKS.items():
        hook = f"{hookspecs.PROJECT}_{name}"
        for implementation in getattr(manager.hook, hook).get_hookimpls():
            if implementation.plugin is module:
                hooks.append(hook)
                taken = caller.take(hook, implementation.function, expected)
                supplied[name] = (*supplied.get(name, ()), *taken)
    plugin = LoadedPlugin(caller.entry, caller.is_built_in, seconds, tuple(dict.fromkeys(hooks)), **supplied)
    return caller.guard(plugin, module)


def _check_plugin_names(entries: Iterable[EntryPoint]) -> None:
    """Raise PluginError for plugins that have one name: nobody could say which one is meant."""
    first: dict[str, EntryPoint] = {}
    problems = []
    for entry in entries:
        other = first.setdefault(normalize_name(entry.name), entry)
        if other is not entry:
            told = f"plugin name {entry.name!r} is taken twice, by {other.title} and by {entry.title}"
            names = " or ".join(f"-p no:{one.distribution or one.name}" for one in (other, entry))
            problems.append(f"{told}\n{names} leaves one out")
    if problems:
        raise PluginError(problems)
