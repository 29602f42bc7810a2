"""The files of an import, and which importer reads each."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from journeylint.import_ports import FIRST_BYTES, Importer, ImporterEntry, ImportFile, Table
from journeylint.walk import SKIPPED_FOLDERS


class Recognized(NamedTuple):
    """A file and the importer that reads it, with the word for its format."""

    file: ImportFile
    format: str
    importer: Importer


class Importers:
    """The importers of *entries*, for rows of *tables*; each is made when the first file is shown to it."""

    def __init__(self, entries: Mapping[str, ImporterEntry], tables: Mapping[str, Table]) -> None:
        self._entries, self._tables = entries, tuple(tables.values())
        self._made: dict[str, Importer] = {}

    def recognize(self, path: str, file: str) -> Recognized | None:
        """Who reads the file at *file* (full), called *path* in reports; None for nobody. Raises OSError.

        The first importer in the order of the plugins counts.
        """
        with Path(file).open("rb") as stream:
            offered = ImportFile(path, file, stream.read(FIRST_BYTES))
        for name, entry in self._entries.items():
            if name not in self._made:
                self._made[name] = entry.create(self._tables)
            if self._made[name].recognizes(offered):
                return Recognized(offered, name, self._made[name])
        return None


def list_files(source: str, working_directory: Path) -> Iterator[tuple[str, str]]:
    """The path for reports and the full path of *source*, or of all files in it in the order of their paths.

    What git ignores counts too: an export is seldom under version control. Links to folders are not followed.
    """
    full = working_directory / source
    if not full.is_dir():
        yield Path(source).as_posix(), os.fspath(full)
        return
    for folder, folders, names in os.walk(full):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
        inside = Path(folder).relative_to(full)
        for name in sorted(names):
            if (Path(folder) / name).is_file():
                yield (Path(source) / inside / name).as_posix(), os.fspath(Path(folder) / name)


def sort_files(sources: Sequence[str], working_directory: Path) -> list[tuple[str, str]]:
    """The files of all *sources*, each once, sorted by path."""
    found: dict[str, tuple[str, str]] = {}
    for source in sources:
        for path, file in list_files(source, working_directory):
            found.setdefault(os.path.realpath(file), (path, file))
    return sorted(found.values())
