"""What plugins declare, held against what there is: names and types that predicates can say, and nothing twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from journeylint.cel import RESERVED_WORDS, TYPES, CelCompileError, CelEnvironment
from journeylint.errors import PluginError
from journeylint.expressions import kind_variable
from journeylint.inquiry import Inquiry, ManifestFunctions, typing_functions
from journeylint.loaded_plugin import LoadedPlugin, tell_way_out
from journeylint.ports import CelFunction, Kind
from journeylint.schema_check import SchemaGate
from journeylint.suggest import did_you_mean
from journeylint.wording import join_choices

_TAKEN_VARIABLES = frozenset({"facts", "manifest", "node", "now", "params", "user"})


def check_declared(plugin: LoadedPlugin) -> list[str]:
    """What is wrong with kinds and functions of *plugin* whatever else there is; none of it is called."""
    return [fault for kind in plugin.kinds for fault in _kind_faults(kind)] + [
        fault for function in plugin.functions for fault in _function_faults(function)
    ]


def check_supplied(plugins: Sequence[LoadedPlugin]) -> None:
    """Raise PluginError, with all problems, for what two of *plugins* supply, or CEL and the engine have already."""
    problems = [*_find_doubles(plugins)] or [*_find_refused_functions(plugins)]
    if problems:
        raise PluginError(problems)


def _kind_faults(kind: Kind) -> Iterator[str]:
    if not _is_name(kind.name):
        yield f"kind {kind.name!r} has a name that cannot be used: {_NAME_WORDS}"
        return
    variable = kind_variable(kind.name)
    if variable in _TAKEN_VARIABLES | RESERVED_WORDS:
        yield f"kind {kind.name!r} has a name that cannot be used: predicates know {variable!r} as something else"
    if kind.is_derived or kind.is_judged_last:
        yield f"supplies a kind {kind.name!r} that is derived, but a run makes nothing of it: leave is_derived out"
    schemas = [(f"schema of kind {kind.name!r}", kind.schema)]
    if kind.facts is not None:
        schemas.append((f"schema of the facts about kind {kind.name!r}", kind.facts.schema))
    for words, schema in schemas:
        try:
            SchemaGate(schema)
        except Exception as error:  # noqa: BLE001 - whatever the validator finds wrong with a schema, it is the plugin's
            yield f"supplies a {words} that cannot be used: {type(error).__name__}: {error}"


def _function_faults(function: CelFunction) -> Iterator[str]:
    if not _is_name(function.name):
        yield f"CEL function {function.name!r} has a name that cannot be used: {_NAME_WORDS}"
    elif function.name in RESERVED_WORDS:
        yield f"CEL function {function.name!r} has a name that cannot be used: CEL keeps that word for itself"
    for what, names, known in (
        ("parameter", function.parameters, [name for name in TYPES if name != "dyn"]),
        ("result", (function.result,), list(TYPES)),
    ):
        for name in names:
            if name not in known:
                hint = did_you_mean(name, known) or f": expected {join_choices(known)}"
                yield f"{function.name}() has a {what} of the CEL type {name!r}, which there is not{hint}"


_NAME_WORDS = "expected letters, digits and '_', with a letter first"


def _is_name(name: str) -> bool:
    return name.isascii() and name.isidentifier() and name[0].isalpha()


class _Claim(NamedTuple):
    """That a plugin supplies the thing *words*; claims with one *key* are about the same thing."""

    key: tuple[str, str]
    words: str
    plugin: LoadedPlugin


def _claims(plugin: LoadedPlugin) -> Iterator[_Claim]:
    for loader in plugin.loaders:
        for suffix in loader.suffixes:
            yield _Claim(("loader", suffix), f"loader for {suffix!r}", plugin)
    for kind in plugin.kinds:  # `Wave` and `wave` are one variable
        yield _Claim(("kind", kind_variable(kind.name)), f"kind {kind.name!r}", plugin)
    for function in plugin.functions:
        signature = f"{function.name}({', '.join(function.parameters)})"
        yield _Claim(("function", signature), f"CEL function '{signature}'", plugin)
    for entry in plugin.reporters:
        yield _Claim(("report", entry.format), f"report format {entry.format!r}", plugin)
    for importer in plugin.importers:
        yield _Claim(("importer", importer.format), f"importer {importer.format!r}", plugin)
    for table in plugin.tables:
        yield _Claim(("table", table.name), f"table {table.name!r}", plugin)


def _find_doubles(plugins: Iterable[LoadedPlugin]) -> Iterator[str]:
    first: dict[tuple[str, str], LoadedPlugin] = {}
    for plugin in plugins:
        for key, words, _ in _claims(plugin):
            other = first.get(key)
            if other is None:
                first[key] = plugin
            elif other is plugin:
                yield f"{words} is supplied twice by plugin {plugin.title}{_way_out(plugin)}"
            else:
                yield f"{words} is supplied by two plugins: {other.title} and {plugin.title}{_way_out(other, plugin)}"


def _find_refused_functions(plugins: Sequence[LoadedPlugin]) -> Iterator[str]:
    """Functions that CEL does not take beside its own and ours, such as another `size` or `lookup`."""
    known: list[CelFunction] = [function for plugin in plugins if plugin.is_built_in for function in plugin.functions]
    known += [*typing_functions(), *ManifestFunctions(Inquiry(), known).entries()]
    for plugin in plugins:
        if plugin.is_built_in:
            continue
        for function in plugin.functions:
            try:
                CelEnvironment({}, [*known, function]).compile("true")
            except (RuntimeError, CelCompileError):
                told = f"{function.name}({', '.join(function.parameters)})"
                fault = f"CEL function {told} is there already: choose another name"
                yield f"plugin {plugin.title}: {fault}{_way_out(plugin)}"


def _way_out(*plugins: LoadedPlugin) -> str:
    others: list[Any] = [plugin.entry for plugin in plugins if not plugin.is_built_in]
    return tell_way_out(*others)
