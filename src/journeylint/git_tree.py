"""Files of a commit of a git repository, written into a folder.

git is asked for what is in the repository only; it reaches no network, and nothing in the working tree or the index
changes.
"""

from __future__ import annotations

import os
import posixpath
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from journeylint.errors import UsageError
from journeylint.repository import git_environment

_LINK = "120000"
_FILES = ("100644", "100755", _LINK)


class _Entry(NamedTuple):
    mode: str
    object_id: str
    path: str


def find_root(folder: Path) -> Path:
    """The root of the git working tree that *folder* is in; raises UsageError where there is none, or no git."""
    return Path(os.fsdecode(_ask(folder, "rev-parse", "--show-toplevel").rstrip(b"\n")))


def find_commit(root: Path, revision: str) -> str:
    """The full id of the commit that *revision* (a branch, a tag, `HEAD~1`) names; raises UsageError where there is none."""
    try:
        told = _ask(root, "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
    except UsageError:
        raise UsageError(
            f"--base {revision}: there is no such commit in this repository: expected a branch, a tag or a commit"
            " - in CI, fetch it first (a shallow clone has the newest commit only)"
        ) from None
    return told.decode().strip()


def write_files(root: Path, commit: str, into: Path, *, wanted: Callable[[str], bool]) -> None:
    """Write the files of *commit* whose paths (from the repository's root, with slashes) are *wanted* below *into*.

    Links that lead out of the repository are left out. Raises UsageError where git fails.
    """
    entries = [entry for entry in _list(root, commit) if entry.mode in _FILES and wanted(entry.path)]
    for entry, content in zip(entries, _read(root, entries), strict=True):
        file = into / entry.path
        file.parent.mkdir(parents=True, exist_ok=True)
        if entry.mode != _LINK:
            file.write_bytes(content)
        elif _stays_inside(entry.path, target := os.fsdecode(content)):
            file.symlink_to(target)


def _stays_inside(path: str, target: str) -> bool:
    led = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return not target.startswith("/") and led != ".." and not led.startswith("../")


def _list(root: Path, commit: str) -> Iterator[_Entry]:
    for line in filter(None, _ask(root, "ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0")):
        described, _, path = line.partition(b"\t")
        mode, _, object_id = described.decode().split()[:3]
        yield _Entry(mode, object_id, os.fsdecode(path))


def _read(root: Path, entries: Sequence[_Entry]) -> Iterator[bytes]:
    """The contents of *entries*, in their order; git tells all of them at once."""
    asked = "".join(f"{entry.object_id}\n" for entry in entries).encode()
    told = _ask(root, "cat-file", "--batch", say=asked) if entries else b""
    at = 0
    for _ in entries:
        end = told.index(b"\n", at)
        size = int(told[at:end].split()[2])
        yield told[end + 1 : end + 1 + size]
        at = end + 1 + size + 1


def _ask(folder: Path, *words: str, say: bytes = b"") -> bytes:
    """What git says in *folder* to *words*; UsageError, with its reason, where it refuses."""
    try:
        ran = subprocess.run(  # noqa: S603 - fixed words, and a revision behind --end-of-options
            ["git", *words],  # noqa: S607 - git is where the user has it
            cwd=folder,
            env=git_environment(),
            input=say,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise UsageError(f"--base needs git, and it cannot be run: {(error.strerror or str(error)).lower()}") from error
    if ran.returncode != 0:
        reason = os.fsdecode(ran.stderr).strip().splitlines()
        raise UsageError(f"--base: git says: {reason[0] if reason else 'nothing'}")
    return ran.stdout
