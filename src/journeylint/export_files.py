"""Which files of a run are exports: those that are named, on the command line or in `paths`, and that an importer recognises.

Manifests that are named must cost next to nothing here: nothing is opened whose name says that it is YAML, and no importer is
loaded for JSON that says that it is a manifest.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Container, Iterable
from typing import TYPE_CHECKING, NamedTuple

from journeylint.import_ports import FIRST_BYTES, ImportFile

if TYPE_CHECKING:
    from journeylint.host import Host
    from journeylint.import_ports import Importer
    from journeylint.model import SourceFile

_JSON = ".json"
_OURS = re.compile(rb'"apiVersion"\s*:\s*"journeylint\\?/')


class Export(NamedTuple):
    """A file that is an export, and what reads it; `format` is the word for the container."""

    source: SourceFile
    file: ImportFile
    format: str
    importer: Importer


def _may_be_export(source: SourceFile, suffixes: Container[str]) -> bool:
    """Whether *source* has to be looked into: it is named, and neither YAML nor what another of the loaders' *suffixes* says."""
    if not source.named or source.content is not None:
        return False
    suffix = os.path.splitext(source.path)[1].lower()  # noqa: PTH122 - as in `load`
    return suffix == _JSON or suffix not in suffixes


def find_exports(files: Iterable[SourceFile], host: Host) -> list[Export]:
    """Those of *files* that are exports; each is opened, once, only as far as it takes to tell."""
    importers: list[tuple[str, Importer]] | None = None
    exports: list[Export] = []
    for source in files:
        head = _read_head(source.file) if _may_be_export(source, host.loaders) else None
        if head is None or _OURS.search(head):
            continue
        if importers is None:
            tables = tuple(host.tables.values())
            importers = [(entry.format, entry.create(tables)) for entry in host.importers.values()]
        file = ImportFile(source.path, source.file, head)
        found = next((one for one in importers if one[1].recognizes(file)), None)
        if found is not None:
            exports.append(Export(source, file, *found))
    return exports


def _read_head(file: str) -> bytes | None:
    """The first bytes of an ordinary *file*; None for another, such as a pipe, which cannot be read twice."""
    try:
        if not stat.S_ISREG(os.stat(file).st_mode):  # noqa: PTH116 - text in, text out
            return None
        with open(file, "rb") as stream:  # noqa: PTH123 - as above
            return stream.read(FIRST_BYTES)
    except OSError:
        return None  # reading it as a manifest fails too, and tells why
