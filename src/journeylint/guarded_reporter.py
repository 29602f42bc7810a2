"""Reports in formats that other distributions bring: whatever goes wrong in one is told as that plugin's."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TextIO

from journeylint.errors import PluginError
from journeylint.ports import Reporter, ReporterEntry, Want

if TYPE_CHECKING:
    from journeylint.model import Report


def guard_entry(entry: ReporterEntry, plugin: str) -> ReporterEntry:
    """*entry* with reporters that raise PluginError, naming *plugin*, for whatever is wrong with them."""
    return entry._replace(create=partial(_create, entry, plugin))


def _create(entry: ReporterEntry, plugin: str) -> Reporter:
    told = f"plugin {plugin}: report format {entry.format!r}"
    try:
        reporter = entry.create()
        wants = reporter.wants
    except Exception as error:  # a plugin may raise anything, and its name is what the user needs
        raise PluginError(f"{told} cannot be used: {type(error).__name__}: {error}") from error
    if not isinstance(wants, frozenset) or not all(isinstance(want, Want) for want in wants):
        raise PluginError(f"{told} cannot be used: its `wants` is {wants!r}: expected a frozenset of Want")
    return GuardedReporter(reporter, told)


class GuardedReporter:
    """A reporter of a plugin; PluginError where it raises, but for what the operating system refuses."""

    def __init__(self, reporter: Reporter, told: str) -> None:
        self._reporter = reporter
        self._told = told
        self.format = reporter.format
        self.wants = reporter.wants

    def write(self, report: Report, stream: TextIO, *, color: bool) -> None:
        """As `Reporter.write`."""
        try:
            self._reporter.write(report, stream, color=color)
        except OSError:
            raise
        except Exception as error:  # as above
            raise PluginError(f"{self._told} failed: {type(error).__name__}: {error}") from error
