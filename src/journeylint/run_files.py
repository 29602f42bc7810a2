"""Which files a run looks at, and which of them its report is on."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from journeylint.baseline.folder import find_folder
from journeylint.check_request import CheckRequest
from journeylint.configured_roots import anchor, patterns_of_cases
from journeylint.discover import StdinSource, discover
from journeylint.export_files import find_exports
from journeylint.host import Host
from journeylint.model import SourceFile
from journeylint.settings.values import Settings


def find_run_files(request: CheckRequest, settings: Settings, host: Host) -> tuple[list[SourceFile], list[SourceFile]]:
    """The files to look at, and those that are left out because reports go to them."""
    paths = () if request.focus else request.paths
    if not paths and request.stdin is None:
        paths = settings.targets or ()
    files = discover_paths(paths, request, settings, host)
    if request.focus and request.paths:
        files = _add_exports(files, discover_paths(request.paths, request, settings, host), host)
    contents = request.contents
    if contents:
        files = [one._replace(content=contents.get(one.file, one.content)) for one in files]
    if not request.outputs:
        return files, []
    full = [(request.working_directory / output).absolute() for output in request.outputs]
    # Not `resolve`, which fails where links lead in a circle.
    spelt = [path for output in full for path in (os.path.normpath(output), os.path.realpath(output))]
    outputs = {path.replace(os.sep, "/") for path in spelt}
    return [one for one in files if one.file not in outputs], [one for one in files if one.file in outputs]


def _add_exports(files: list[SourceFile], asked: Iterable[SourceFile], host: Host) -> list[SourceFile]:
    """*files*, and those of *asked* that are exports: an export that a report is to be on has to be judged."""
    known = {one.file for one in files}
    exports = [export.source for export in find_exports((one for one in asked if one.file not in known), host)]
    return sorted((*files, *exports), key=lambda one: (one.path, one.file)) if exports else files


def discover_paths(paths: Sequence[str], request: CheckRequest, settings: Settings, host: Host) -> list[SourceFile]:
    """The files that *paths* stand for under *settings*; see `discover`."""
    return discover(
        paths,
        working_directory=request.working_directory,
        exclude=[
            *_baselines(request, settings),
            *((word.folder, word.text) for word in settings.exclude),
            *((settings.folder, pattern) for pattern in patterns_of_cases(settings)),
        ],
        stdin=None if request.stdin is None else StdinSource(request.stdin, request.stdin_filename),
        suffixes=host.loaders,
        origins=settings.origins,
    )


def _baselines(request: CheckRequest, settings: Settings) -> Iterator[tuple[Path, str]]:
    """Patterns of the folders of baselines: what is in them is no manifest, whether the run heeds it or not."""
    for named in dict.fromkeys((None, request.baseline)):
        folder = find_folder(settings, named, request.working_directory)
        if folder.is_dir():
            yield folder.parent, f"{anchor(folder.name)}/"


def find_focus(request: CheckRequest, settings: Settings, host: Host, files: Iterable[SourceFile]) -> frozenset[str]:
    """The paths of those of *files* that the request's paths stand for."""
    asked: set[str] = set()
    for one in discover_paths(request.paths, request, settings, host) if request.paths else ():
        asked.add(one.file)
        if one.named:  # by a link, perhaps, to one that a walk finds under its own name
            asked.add(os.path.realpath(one.file).replace(os.sep, "/"))
    return frozenset(one.path for one in files if one.file in asked)
