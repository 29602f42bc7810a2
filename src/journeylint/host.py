"""The plugin host: what all plugins supply, collected once at start.

Every hook of every plugin is called here and never again, so judging a manifest costs no hook call and a plugin at
fault can be named.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, cast

import pluggy

import journeylint
from journeylint import hookspecs
from journeylint.entry_points import EntryPoint, find_entry_points
from journeylint.errors import PluginError
from journeylint.model import JsonObject
from journeylint.ports import CelFunction, Kind, Loader, PolicyRoot, ReporterEntry, Supplied
from journeylint.suggest import did_you_mean

CEL_TYPES = ("bool", "int", "double", "string", "timestamp", "duration", "null", "map", "list", "dyn")

BUILTINS = ("journeylint.builtins.core", "journeylint.schemas", "journeylint.builtins.policies")
"""The modules of the built-in plugins, imported by nobody else."""


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
    policy_roots: tuple[Supplied, ...]
    plugins: tuple[str, ...]
    packs_by_hand: PacksByHand = PacksByHand()


def build_host(entry_points: Sequence[EntryPoint] | None = None) -> Host:
    """Import and register the built-in plugins and those of *entry_points* (default: the installed ones).

    Raises PluginError, naming plugin and distribution, for a plugin that cannot be imported, raises in a hook, returns
    something else than the hook's specification says, misspells a hook, or supplies what another one supplies already.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    titles: dict[object, str] = {}
    own = f"journeylint {journeylint.__version__}"
    offered = [EntryPoint(name.rpartition(".")[2], name, *own.split()) for name in BUILTINS]
    offered += find_entry_points() if entry_points is None else entry_points
    for entry in offered:
        plugin = _attempt(entry.title, "cannot be imported", partial(_import, entry))
        _attempt(
            entry.title,
            "cannot be registered",
            partial(manager.register, plugin, entry.title),
        )
        titles[plugin] = entry.title
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise PluginError(f"plugin {titles.get(error.plugin, error.plugin)}: {_explain_pending(error)}") from error
    return _collect(manager, tuple(entry.title for entry in offered))


def schema_of(name: str) -> JsonObject:
    """The JSON Schema of a kind of file of ours: `policy`, `pack`, `config`, `report`."""
    folder = Path(importlib.import_module("journeylint.schemas").__file__ or "").parent
    schema: JsonObject = json.loads((folder / f"{name}.schema.json").read_text(encoding="utf-8"))
    return schema


def _explain_pending(error: pluggy.PluginValidationError) -> str:
    """What pluggy says, without the plugin's address in memory and with the nearest name of a hook."""
    words = str(error).partition(" in plugin ")[0]
    known = [name for name in vars(hookspecs) if name.startswith(f"{hookspecs.PROJECT}_")]
    return words + did_you_mean(words.rpartition("unknown hook ")[2].strip("'"), known)


def _import(entry: EntryPoint) -> object:
    module, _, attribute = entry.target.partition(":")
    plugin: object = importlib.import_module(module)
    for name in filter(None, attribute.split(".")):
        plugin = getattr(plugin, name)
    return plugin


def _attempt(title: str, what: str, call: Callable[[], Any]) -> Any:
    """What *call* returns; whatever a plugin raises becomes an error that names it."""
    try:
        return call()
    except (Exception, SystemExit) as error:  # a plugin may raise anything, and its name is what the user needs
        raise PluginError(f"plugin {title} {what}: {type(error).__name__}: {error}") from error


def _collect(manager: pluggy.PluginManager, plugins: tuple[str, ...]) -> Host:
    loaders = _supplied(manager, "journeylint_loaders", Loader)
    kinds = _supplied(manager, "journeylint_kinds", Kind)
    functions = _supplied(manager, "journeylint_functions", CelFunction)
    reporters = _supplied(manager, "journeylint_reporters", ReporterEntry)
    reporters = [item if _is_own(item) else _guard(item) for item in reporters]
    roots = _supplied(manager, "journeylint_policy_roots", PolicyRoot)
    _check_types(functions)
    _check_schemas(kinds)
    _check_names("kind", kinds)
    _check_names("CEL function", functions)
    _unique("CEL function", functions, lambda function: [f"{function.name}({', '.join(function.parameters)})"])
    _check_declarations(functions)
    return Host(
        loaders=_unique("loader for", loaders, lambda loader: loader.suffixes),
        kinds=_unique("kind", kinds, lambda kind: [kind.name]),
        functions=tuple(item.value for item in functions if isinstance(item.value, CelFunction)),
        reporters=_unique("report format", reporters, lambda entry: [entry.format]),
        policy_roots=tuple(roots),
        plugins=plugins,
    )


def _guard(item: Supplied) -> Supplied:
    from journeylint.guarded_reporter import guard_entry  # noqa: PLC0415 - most runs have no formats but ours

    return item._replace(value=guard_entry(cast("ReporterEntry", item.value), item.plugin))


def _check_types(functions: Iterable[Supplied]) -> None:
    """Raise PluginError for a function that names a type which CEL functions cannot have."""
    for item in functions:
        function = cast("CelFunction", item.value)
        for name in (*function.parameters, function.result):
            if name not in CEL_TYPES:
                hint = did_you_mean(name, CEL_TYPES) or f": expected one of {', '.join(CEL_TYPES)}"
                raise PluginError(f"plugin {item.plugin}: {function.name}() has the unknown CEL type {name!r}{hint}")


def _check_names(what: str, supplied: Iterable[Supplied]) -> None:
    """Raise PluginError for a name that predicates could not say: kinds name variables there."""
    for item in supplied:
        name: str = cast("Any", item.value).name
        if not (name.isascii() and name.isidentifier() and name[0].isalpha()):
            told = "expected letters, digits and '_', with a letter first"
            raise PluginError(f"plugin {item.plugin}: {what} {name!r} has a name that cannot be used: {told}")


def _check_declarations(functions: Sequence[Supplied]) -> None:
    """Raise PluginError for a function that CEL refuses beside its own and ours, such as another `size` or `lookup`."""
    if all(_is_own(item) for item in functions):
        return
    from journeylint.cel import CelCompileError, CelEnvironment  # noqa: PLC0415 - most runs have no functions but ours
    from journeylint.inquiry import Inquiry, ManifestFunctions, typing_functions  # noqa: PLC0415 - as above

    known = [cast("CelFunction", item.value) for item in functions if _is_own(item)]
    known += [*typing_functions(), *ManifestFunctions(Inquiry(), known).entries()]
    for item in functions:
        function = cast("CelFunction", item.value)
        if not _is_own(item):
            try:
                CelEnvironment({}, [*known, function]).compile("true")
            except (RuntimeError, CelCompileError) as error:
                told = f"{function.name}({', '.join(function.parameters)})"
                raise PluginError(
                    f"plugin {item.plugin}: CEL function {told} is there already: choose another name"
                ) from error


def _is_own(item: Supplied) -> bool:
    return item.plugin.endswith(f"(journeylint {journeylint.__version__})")


def _check_schemas(kinds: Iterable[Supplied]) -> None:
    """Raise PluginError for a schema that cannot be used; the product's own are held by tests, for time counts."""
    for item in kinds:
        kind = cast("Kind", item.value)
        if not _is_own(item):
            from journeylint.schema_check import SchemaGate  # noqa: PLC0415 - most runs have no kinds but ours

            what = f"supplies a schema of kind {kind.name!r} that cannot be used"
            _attempt(item.plugin, what, partial(SchemaGate, kind.schema))


def _supplied(manager: pluggy.PluginManager, hook: str, expected: type[Any]) -> list[Supplied]:
    """What each plugin returns from *hook*, in the order of registration."""
    found: list[Supplied] = []
    for implementation in getattr(manager.hook, hook).get_hookimpls():
        title, what = implementation.plugin_name, f"failed in {hook}"
        values = _attempt(title, what, partial(_call, implementation.function))
        for value in values:
            if not (isinstance(value, expected) if expected is not Loader else _is_loader(value)):
                raise PluginError(f"plugin {title}: {hook} returned {value!r}, not a {expected.__name__}")
            found.append(Supplied(title, value))
    return found


def _call(hook: Callable[[], Iterable[object]]) -> list[object]:
    return list(hook())


def _is_loader(value: object) -> bool:
    return callable(getattr(value, "load", None)) and not isinstance(getattr(value, "suffixes", ""), str)


def _unique(what: str, supplied: Iterable[Supplied], names_of: Callable[[Any], Iterable[str]]) -> dict[str, Any]:
    found: dict[str, Supplied] = {}
    for item in supplied:
        for name in names_of(item.value):
            first = found.setdefault(name, item)
            if first is not item:
                raise PluginError(f"{what} {name!r} is supplied by two plugins: {first.plugin} and {item.plugin}")
    return {name: item.value for name, item in found.items()}
