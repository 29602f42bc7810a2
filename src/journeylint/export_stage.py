"""The stage of a run between finding files and reading them: exports become documents, as an import of them would write.

An export is a file that is named, on the command line or in `paths` of the configuration, and that an importer recognises.
All exports of a run are one import: rows of one are found by those of another. What an import would do to the manifests of
the run happens here too, without a file being written: one that was imported from a row before lends that its name and what
people wrote into it, and steps aside.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from journeylint.import_ports import FIRST_BYTES, ImportedManifest, ImportFile, RowError, SourceProblem, SourceRow
from journeylint.model import Document, ExportedRow, Problem, SourceFile, Span

if TYPE_CHECKING:
    from journeylint.host import Host
    from journeylint.import_ports import Importer
    from journeylint.load import FileReader

_OURS = re.compile(rb'"apiVersion"\s*:\s*"journeylint\\?/')


class Export(NamedTuple):
    """A file that is an export, and what reads it."""

    source: SourceFile
    file: ImportFile
    importer: Importer


def find_exports(files: Iterable[SourceFile], host: Host) -> Iterator[Export]:
    """Those of *files* that are exports; each is opened, once, only as far as it takes to tell."""
    importers: list[Importer] | None = None
    for source in files:
        head = _read_head(source.file)
        if head is None or _OURS.search(head):
            continue
        if importers is None:
            importers = [entry.create() for entry in host.importers.values()]
        file = ImportFile(source.path, source.file, head)
        importer = next((one for one in importers if one.recognizes(file)), None)
        if importer is not None:
            yield Export(source, file, importer)


def _read_head(file: str) -> bytes | None:
    """The first bytes of an ordinary *file*; None for another, such as a pipe, which cannot be read twice."""
    try:
        if not stat.S_ISREG(os.stat(file).st_mode):  # noqa: PTH116 - text in, text out
            return None
        with open(file, "rb") as stream:  # noqa: PTH123 - as above
            return stream.read(FIRST_BYTES)
    except OSError:
        return None  # reading it as a manifest fails too, and tells why
