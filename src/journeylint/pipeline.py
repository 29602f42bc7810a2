"""The one place that knows the order of the stages: settings, policies, files, shards, report."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import NamedTuple

from journeylint.check_request import CheckRequest, end_of_sight, instant_of, settings_of
from journeylint.configured_roots import add_configured_roots
from journeylint.engine import Engine
from journeylint.entry_points import EntryPoint
from journeylint.file_parts import can_fork, count_shards, deal, size_of
from journeylint.file_shard import FileShard, RankedFile, ShardResult
from journeylint.host import Host, build_host
from journeylint.model import Report, Repository, SourceFile
from journeylint.policies import Library, Policy
from journeylint.ports import Want
from journeylint.report import assemble_report
from journeylint.run_files import find_focus, find_run_files
from journeylint.settings.resolve import Resolution
from journeylint.settings.values import Settings
from journeylint.shards import run_shards
from journeylint.times import format_instant


def check(request: CheckRequest, host: Host, settings: Settings | None = None) -> Report:
    """Judge what *request* asks for; raises JourneylintError where the run cannot happen.

    *settings* are those of the request, for a caller that has read them to choose the plugins of *host*.
    """
    return check_under(settings_of(request) if settings is None else settings, request, host)


def check_under(
    settings: Settings, request: CheckRequest, host: Host, *, known_elsewhere: Sequence[Policy] = ()
) -> Report:
    """Judge what *request* asks for under *settings*, whatever configuration there is.

    *settings* may name policies that are *known_elsewhere* only. More than one process is for those settings that
    `settings_of` finds: elsewhere than on Linux a process reads them itself.
    """
    with _without_garbage_collection():
        host = add_configured_roots(host, settings)
        as_of = instant_of(request, settings)
        request = request._replace(as_of=format_instant(as_of))
        engine = Engine(request, settings, host, as_of, known_elsewhere=known_elsewhere)
        engine.read_baseline()
        files, written = find_run_files(request, settings, host)
        engine.spare_manifests(written)
        files = engine.take_exports(files)
        parts = deal(files, 1 if request.statistics else count_shards(request.jobs, size_of(files)))
        if can_fork():
            results: list[ShardResult] = run_shards(engine.shard, parts, start_method="fork")
        else:
            results = run_shards(partial(_shard_from_scratch, request, host.entry_points), parts, start_method="spawn")
        if request.statistics is not None:
            request.statistics.turn_to_report()
        only = find_focus(request, settings, host, files) if request.focus else None
        settled = engine.settle_suppressions(results, files, only)
        engine.keep_programs(results)
        if only is not None and settled is not None:
            from journeylint.suppression_stage import widen_focus  # noqa: PLC0415 - most runs suppress nothing

            places = {identity: path for result in results for identity, path in result.places.items()}
            only = widen_focus(only, request.paths, settled.suppressions, places)
        return assemble_report(
            results,
            engine.policies_that_run(files, results),
            as_of,
            settled=settled,
            warnings=engine.warnings,
            wants=request.wants,
            only=only,
            repository=_repository(request),
            until=end_of_sight(request, as_of),
            exports=(export for source in files for export in source.exports),
        )


class Preparation(NamedTuple):
    """What a run would judge, and by what. `only` are the paths of those of `files` that the request's paths stand for."""

    settings: Settings
    as_of: datetime
    library: Library
    files: list[SourceFile]
    only: frozenset[str]
    resolution_of: Callable[[str, str], Resolution]
    """From the path of a file, and the pointer of a place in it (`""` for the whole), to what holds for the policies there."""


def prepare(request: CheckRequest, host: Host, settings: Settings | None = None) -> Preparation:
    """What `check` would do first with the same arguments; raises JourneylintError where the run could not happen."""
    settings = settings_of(request) if settings is None else settings
    host = add_configured_roots(host, settings)
    as_of = instant_of(request, settings)
    engine = Engine(request, settings, host, as_of)
    files = engine.take_exports(find_run_files(request, settings, host)[0])
    return Preparation(
        settings, as_of, engine.library, files, find_focus(request, settings, host, files), engine.resolution_of
    )


def _repository(request: CheckRequest) -> Repository | None:
    if Want.REPOSITORY not in request.wants:
        return None
    from journeylint.repository import find_repository  # noqa: PLC0415 - reports that need no git do not wait for it

    return find_repository(request.working_directory)


def _shard_from_scratch(
    request: CheckRequest, entry_points: Sequence[EntryPoint], files: Sequence[RankedFile]
) -> FileShard:
    """A shard in a process that has nothing yet, with the plugins of *entry_points*."""
    gc.disable()
    settings = settings_of(request)
    host = add_configured_roots(build_host(entry_points), settings)
    return Engine(request, settings, host, instant_of(request, settings)).shard(files)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """A run makes many values and no cycles: looking for some costs a quarter of its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
