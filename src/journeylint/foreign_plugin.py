"""A plugin of another distribution: called with a bound on its time, checked, and guarded where a run calls it later."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

from journeylint.entry_points import EntryPoint
from journeylint.errors import PluginError
from journeylint.guarded_call import CallFailedError, call_in_time, read_timeout
from journeylint.guarded_function import guard_function, guard_kind
from journeylint.guarded_importer import guard_importer, guard_table
from journeylint.guarded_loader import GuardedLoader
from journeylint.guarded_reporter import guard_entry
from journeylint.loaded_plugin import LoadedPlugin, tell_way_out
from journeylint.plugin_checks import check_declared
from journeylint.plugin_import import find_own_packs
from journeylint.plugin_values import take_values

T = TypeVar("T")


class ForeignPlugin:
    """Calls a plugin of which nothing is known, as `PluginCaller` says."""

    is_built_in = False

    def __init__(self, entry: EntryPoint) -> None:
        self.entry = entry
        self._timeout = read_timeout()

    def attempt(self, what: str, call: Callable[[], T]) -> T:
        """What *call* returns."""
        try:
            return call_in_time(call, self._timeout)
        except CallFailedError as error:
            raise self._error(f" {what}: {error}") from error

    def take(self, hook: str, function: Callable[[], Iterable[Any]], expected: type[Any]) -> tuple[Any, ...]:
        """The values that *function* returns, if they are what they have to be."""
        taken = self.attempt(f"failed in {hook}", lambda: take_values(function(), expected))
        if taken.fault:
            raise self._error(f": {hook} returned {taken.fault}")
        return taken.values

    def guard(self, plugin: LoadedPlugin, module: object) -> LoadedPlugin:
        """*plugin* with the packs that a package without the hook has, and with all that a run calls later guarded."""
        roots = plugin.policy_roots
        if "journeylint_policy_roots" not in plugin.hooks:
            roots = tuple(self.attempt("cannot be searched for packs", partial(find_own_packs, module)))
        if faults := check_declared(plugin):
            raise PluginError(f"plugin {plugin.title}: {fault}{tell_way_out(self.entry)}" for fault in faults)
        return plugin._replace(
            policy_roots=roots,
            kinds=tuple(guard_kind(kind, plugin.title) for kind in plugin.kinds),
            functions=tuple(guard_function(function, plugin.title) for function in plugin.functions),
            loaders=tuple(
                self.attempt("failed in journeylint_loaders", partial(GuardedLoader, loader, plugin.title))
                for loader in plugin.loaders
            ),
            reporters=tuple(guard_entry(entry, plugin.title) for entry in plugin.reporters),
            importers=tuple(guard_importer(entry, plugin.title) for entry in plugin.importers),
            tables=tuple(guard_table(table, plugin.title) for table in plugin.tables),
        )

    def _error(self, told: str) -> PluginError:
        return PluginError(f"plugin {self.entry.title}{told}{tell_way_out(self.entry)}")
