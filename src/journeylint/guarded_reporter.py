"""Reports in formats that other distributions bring: whatever goes wrong in one is told as that plugin's."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING, TextIO

from journeylint.errors import PluginError
from journeylint.guarded_call import (
    CallFailedError,
    call_in_time,
    describe_error,
    output_on_standard_error,
    read_timeout,
)
from journeylint.ports import Reporter, ReporterEntry, Want

if TYPE_CHECKING:
    from journeylint.model import Report


def guard_entry(entry: ReporterEntry, plugin: str) -> ReporterEntry:
    """*entry* with reporters that raise PluginError, naming *plugin*, for whatever is wrong with them."""
    return entry._replace(create=partial(_create, entry, plugin))


def _create(entry: ReporterEntry, plugin: str) -> Reporter:
    told = f"plugin {plugin}: report format {entry.format!r}"
    try:
        reporter, wants, write = call_in_time(partial(_make, entry), read_timeout())
    except CallFailedError as error:
        raise PluginError(f"{told} cannot be used: {error}") from error
    if not isinstance(wants, frozenset) or not all(isinstance(want, Want) for want in wants):
        raise PluginError(f"{told} cannot be used: its `wants` is {wants!r}: expected a frozenset of Want")
    if not callable(write):
        raise PluginError(f"{told} cannot be used: its `write` is {write!r}: expected a method")
    return GuardedReporter(reporter, wants, entry.format, told)


def _make(entry: ReporterEntry) -> tuple[Reporter, object, object]:
    """A reporter, and what it says of itself; asking may run what the plugin's author wrote."""
    reporter = entry.create()
    return reporter, reporter.wants, reporter.write


class GuardedReporter:
    """A reporter of a plugin; PluginError where it raises, and then nothing was written."""

    def __init__(self, reporter: Reporter, wants: frozenset[Want], name: str, told: str) -> None:
        self._reporter = reporter
        self._told = told
        self.format = name
        self.wants = wants

    def write(self, report: Report, stream: TextIO, *, color: bool) -> None:
        """As `Reporter.write`."""
        text = io.StringIO()
        try:
            with output_on_standard_error():
                self._reporter.write(report, text, color=color)
            written = text.getvalue()
        except KeyboardInterrupt:  # a person's, more likely than the plugin's
            raise
        except BaseException as error:  # a plugin may raise anything, and its name is what the user needs
            raise PluginError(f"{self._told} failed: {describe_error(error)}") from error
        stream.write(written)
