"""What one run is asked for, and the settings and the instant that follow from it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from journeylint.errors import UsageError
from journeylint.formats.yaml import YamlLoader
from journeylint.host import schema_of
from journeylint.ports import Want
from journeylint.settings.find import find_configuration
from journeylint.settings.instants import parse_as_of
from journeylint.settings.values import Settings
from journeylint.wording import quote_value

if TYPE_CHECKING:
    from journeylint.statistics import Statistics


class CheckRequest(NamedTuple):
    """What one run is asked for; None means that the configuration, or else the default, decides.

    With `focus` the paths are those that the report is on, and what is judged is as if there were none. Without
    `heeds_suppressions` it is as if nothing were suppressed. `outputs` are the files that its reports go to: they are not
    among the files that it looks at. `wants` are the parts of the report that its reporters need. `baseline` names the folder of
    the baseline; it is left out where the run does not `uses_baseline`. `within` is how far to look ahead of the run's instant
    for findings to come. Where there are `statistics`, the run fills them in, in one process whatever `jobs` says.
    `contents` has what is judged instead of what files hold, by
    `SourceFile.file`.
    """

    paths: tuple[str, ...]
    working_directory: Path
    config: Path | None = None
    preset: str | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    as_of: str | None = None
    fail_on: str | None = None
    jobs: int | None = None
    use_cache: bool = True
    stdin: bytes | None = None
    stdin_filename: str | None = None
    focus: bool = False
    heeds_suppressions: bool = True
    wants: frozenset[Want] = frozenset()
    outputs: tuple[Path, ...] = ()
    baseline: Path | None = None
    uses_baseline: bool = True
    within: timedelta | None = None
    contents: Mapping[str, bytes] | None = None
    statistics: Statistics | None = None


def read_run_settings(paths: Sequence[str], *, config: Path | None, working_directory: Path) -> Settings:
    """The settings of a run over *paths*: those of *config*, or of the nearest configuration file, or none.

    It needs no plugin, for the settings say which plugins there are. Raises ConfigurationError where they cannot be used.
    """
    file = config or find_configuration(paths, working_directory=working_directory)
    if file is None:
        return Settings(working_directory)
    from journeylint.settings.extend import read_settings  # noqa: PLC0415 - many runs have no configuration

    return read_settings(
        working_directory / file, working_directory=working_directory, loader=YamlLoader(), schema=schema_of("config")
    )


def settings_of(request: CheckRequest) -> Settings:
    """The configuration that *request* names or that is nearest; ConfigurationError where it cannot be used."""
    paths = () if request.focus else request.paths
    return read_run_settings(paths, config=request.config, working_directory=request.working_directory)


def instant_of(request: CheckRequest, settings: Settings) -> datetime:
    """The run's instant: the command line's, the configuration's, or the clock's to the second, read here only.

    SOURCE_DATE_EPOCH, where it is set, stands for the clock.
    """
    if request.as_of is not None:
        try:
            return parse_as_of(request.as_of)
        except ValueError as error:
            raise UsageError(f"--as-of: {error}") from error
    if settings.as_of is not None:
        return settings.as_of.value
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        if epoch.isascii() and epoch.isdigit():
            return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise UsageError(f"SOURCE_DATE_EPOCH is {quote_value(epoch)}: expected a number of seconds since 1970")


def end_of_sight(request: CheckRequest, as_of: datetime) -> datetime | None:
    """The last instant of which something is foreseen, if the run is to look ahead: none lies behind the year 9999."""
    if request.within is None:
        return None
    latest = datetime.max.replace(tzinfo=UTC)
    return as_of + request.within if request.within < latest - as_of else latest
