"""Files replaced whole or not at all, and some of them only if they still hold what they held when they were read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from journeylint.cli.streams import tell_reason


def replace_content(file: str, before: bytes, after: bytes, *, command: str = "fix") -> str | None:
    """Let *file*, which held *before*, hold *after*; the reason where that was not done, else None. *command* is to be run again.

    A reader sees the old content or the new one, never a part, and so does whoever looks after the program was ended. A link
    stays a link, permissions stay as they are.
    """
    target = Path(os.path.realpath(file))
    try:
        if target.read_bytes() != before:
            return f"it has changed since it was read: run journeylint {command} again"
        if not os.access(target, os.W_OK):
            return "it may not be written to"
        with replacing(target) as draft:
            draft.write_bytes(after)
    except OSError as error:
        return f"it cannot be written: {tell_reason(error)}"
    return None


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A new file to fill, which takes the place of *target*, and its permissions, unless the block raises.

    Whatever happens, nothing else is left. *target* is no link, and need not be there. Raises OSError.
    """
    draft = _make_draft(target.parent)
    try:
        yield draft
        with suppress(FileNotFoundError):  # there is no older file whose permissions the new one should keep
            draft.chmod(stat.S_IMODE(target.stat().st_mode))
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _make_draft(folder: Path) -> Path:
    """A new, empty file in *folder*. Its name is short, whatever that of its target: file systems count bytes."""
    for number in count():
        draft = folder / f".journeylint.{os.getpid()}.{number}.tmp"
        with suppress(FileExistsError):  # what an ended program with the same number has left
            draft.touch(exist_ok=False)
            break
    return draft
