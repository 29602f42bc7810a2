"""The files of an import, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from journeylint.cli.file_replacement import replace_content, replacing
from journeylint.cli.streams import tell_reason
from journeylint.importing.outcome import Writer

if TYPE_CHECKING:
    from journeylint.importing.plan import FileChange
    from journeylint.importing.targets import Target


def file_writer(folder: Path, command: str) -> Writer:
    """Writes and deletes files below *folder*; *command* is what is to be run again where one has changed meanwhile."""
    root = Path(os.path.realpath(folder))

    def write(change: FileChange) -> str | None:
        if change.before is not None:
            return replace_content(os.fspath(change.file), change.before, change.after, command=command)
        try:
            change.file.parent.mkdir(parents=True, exist_ok=True)
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
