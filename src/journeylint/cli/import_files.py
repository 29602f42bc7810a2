"""The files of an import, written whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from journeylint.cli.file_replacement import replace_content, replacing
from journeylint.cli.outputs import remove_file
from journeylint.cli.streams import tell_reason
from journeylint.importing.outcome import Writer

if TYPE_CHECKING:
    from journeylint.importing.plan import FileChange
    from journeylint.importing.targets import Target


class _Touched(NamedTuple):
    """What a file held before it was touched first, and after it was touched last; None where it was or is not there."""

    before: bytes | None
    after: bytes | None


class ReversibleWriter:
    """Writes and deletes by *writer* below *folder*, and can bring back what the files held before."""

    def __init__(self, writer: Writer, folder: Path) -> None:
        self._writer = writer
        self._root = Path(os.path.realpath(folder))
        self._was_there = folder.is_dir()
        self._created: list[Path] = []
        self._touched: dict[Path, _Touched] = {}

    @property
    def writer(self) -> Writer:
        """Writes, deletes and remembers."""
        return Writer(self._write, self._delete)

    def take_back(self) -> None:
        """Let files hold what they held at first. Those that were not there, and folders that are empty then, are removed.

        What somebody else has written meanwhile stays. Raises OSError and UsageError where that cannot be done.
        """
        for file, touched in self._touched.items():
            held = file.read_bytes() if file.is_file() else None
            if held == touched.after and touched.before is not None:
                with replacing(file) as draft:
                    draft.write_bytes(touched.before)
        for file in reversed(self._created):
            remove_file(
                file, up_to=self._root / file.relative_to(self._root).parts[0] if self._was_there else self._root
            )

    def _write(self, change: FileChange) -> str | None:
        if change.before is None:
            self._created.append(change.file)
        else:
            first = self._touched.get(change.file)
            self._touched[change.file] = _Touched(first.before if first else change.before, change.after)
        return self._writer.write(change)

    def _delete(self, target: Target) -> str | None:
        file = Path(target.file)
        with suppress(OSError):  # what cannot be read is told by the writer
            self._touched[file] = _Touched(file.read_bytes(), None)
        return self._writer.delete(target)


def file_writer(folder: Path, command: str) -> Writer:
    """Writes and deletes files below *folder*; *command* is what is to be run again where one has changed meanwhile."""
    root = Path(os.path.realpath(folder))
    made: set[Path] = set()

    def write(change: FileChange) -> str | None:
        if change.before is not None:
            return replace_content(os.fspath(change.file), change.before, change.after, command=command)
        folder = change.file.parent
        try:
            if folder not in made:
                folder.mkdir(parents=True, exist_ok=True)
                made.add(folder)
            with replacing(change.file) as draft:
                draft.write_bytes(change.after)
        except OSError as error:
            return tell_reason(error)
        return None

    def delete(target: Target) -> str | None:
        file = Path(target.file)
        if not Path(os.path.realpath(file)).is_relative_to(root):
            return "a link leads out of the folder"
        try:
            file.unlink()
        except OSError as error:
            return tell_reason(error)
        return None

    return Writer(write, delete)
