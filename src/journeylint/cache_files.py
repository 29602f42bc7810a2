"""Files that may be lost at any time: where the system wants caches, and read only if they are as they were written."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

MOST_FILES = 100
"""How many files stay, those that were used last: every change of a policy makes some, and leaves some that nobody asks for."""

_DIGEST_SIZE = 16

_used: set[str] = set()
"""The names of the files that this process read or wrote: they stay, however many there are."""


def digest_of(*parts: str) -> str:
    """What tells *parts* from any others, for a name."""
    digest = blake2b(digest_size=_DIGEST_SIZE)
    for part in parts:
        content = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d " % len(content) + content)
    return digest.hexdigest()


def read_cached(name: str) -> bytes | None:
    """What was kept under *name*; None where nothing was, or it is not whole, or nobody's home."""
    try:
        file = _file_of(name)
        content = file.read_bytes()
    except (OSError, RuntimeError):
        return None
    digest, body = content[:_DIGEST_SIZE], content[_DIGEST_SIZE:]
    if _sum_of(name, body) != digest:
        return None
    _used.add(file.name)
    with suppress(OSError):
        os.utime(file)  # it is in use: others go first
    return body


def keep_cached(name: str, content: bytes) -> None:
    """Keep *content* under *name*; a cache that cannot be written is none."""
    try:
        file = _file_of(name)
    except RuntimeError:  # nobody's home
        return
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(_sum_of(name, content) + content)
        draft.replace(file)
        _used.add(file.name)
        _remove_oldest(file.parent)
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _sum_of(name: str, content: bytes) -> bytes:
    """What stands before *content* in the file *name*, and in no other."""
    digest = blake2b(name.encode() + b"\0", digest_size=_DIGEST_SIZE)
    digest.update(content)
    return digest.digest()


def _remove_oldest(folder: Path) -> None:
    """Remove what was not used for long, and drafts that nobody came to finish."""
    aged = sorted((-file.stat().st_mtime_ns, file.name) for file in folder.glob("*.cache*"))
    for _, name in aged[MOST_FILES:]:
        if name not in _used:
            (folder / name).unlink(missing_ok=True)


def _file_of(name: str) -> Path:
    # Not `.json`: where the cache is below the workspace, a walk must not find it.
    return _folder() / "journeylint" / f"{name}.cache"


def _folder() -> Path:
    """Where the system wants caches; `platformdirs` says the same, and takes 5 ms of a run's 100 to do so."""
    wanted = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if wanted.is_absolute():  # the specification of that variable says to ignore others
        return wanted
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local")
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
