"""Files whose content is replaced: each whole, and only if it still holds what it held when it was read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from journeylint.cli.streams import tell_reason


def replace_content(file: str, before: bytes, after: bytes) -> str | None:
    """Let *file*, which held *before*, hold *after*; the reason where that was not done, else None.

    A reader sees the old content or the new one, never a part, and so does whoever looks after the program was ended. A link
    stays a link, permissions stay as they are.
    """
    target = Path(os.path.realpath(file))
    try:
        if target.read_bytes() != before:
            return "it has changed since it was read: run journeylint fix again"
        if not os.access(target, os.W_OK):
            return "it may not be written to"
        _replace(target, after)
    except OSError as error:
        return f"it cannot be written: {tell_reason(error)}"
    return None


def _replace(target: Path, content: bytes) -> None:
    draft = target.with_name(f".{target.name[:200]}.{os.getpid()}.tmp")
    try:
        with draft.open("xb") as stream:
            stream.write(content)
        draft.chmod(stat.S_IMODE(target.stat().st_mode))
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
