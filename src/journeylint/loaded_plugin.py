"""A plugin in use, with what it supplies, and how a plugin is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, Protocol, TypeVar

from journeylint.entry_points import EntryPoint
from journeylint.import_ports import ImporterEntry, Table
from journeylint.ports import CelFunction, Kind, Loader, PolicyRoot, ReporterEntry

T = TypeVar("T")


class LoadedPlugin(NamedTuple):
    """A plugin in use, and what it supplies; `hooks` are those that it implements."""

    entry: EntryPoint
    is_built_in: bool
    import_seconds: float
    hooks: tuple[str, ...] = ()
    policy_roots: tuple[PolicyRoot, ...] = ()
    kinds: tuple[Kind, ...] = ()
    functions: tuple[CelFunction, ...] = ()
    loaders: tuple[Loader, ...] = ()
    reporters: tuple[ReporterEntry, ...] = ()
    importers: tuple[ImporterEntry, ...] = ()
    tables: tuple[Table, ...] = ()

    @property
    def title(self) -> str:
        """The plugin as messages name it."""
        return self.entry.title


class PluginCaller(Protocol):
    """How a plugin is called. Each raises PluginError, naming the plugin, where that comes to nothing."""

    entry: EntryPoint
    is_built_in: bool

    def attempt(self, what: str, call: Callable[[], T], /) -> T:
        """What *call* returns; *what* says what it means that it fails, such as `cannot be imported`."""
        ...

    def take(self, hook: str, function: Callable[[], Iterable[Any]], expected: type[Any], /) -> tuple[Any, ...]:
        """The values that *function*, which implements *hook*, returns, each an *expected*."""
        ...

    def guard(self, plugin: LoadedPlugin, module: object, /) -> LoadedPlugin:
        """*plugin*, whose hooks are in *module*, ready for use."""
        ...


def tell_way_out(*entries: EntryPoint) -> str:
    """A further line of a message about plugins: how to run without them."""
    return "\n" + " or ".join(f"-p no:{entry.name}" for entry in entries) + " runs without it"
