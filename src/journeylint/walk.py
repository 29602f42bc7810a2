"""Folders on disk, walked as git sees them: without what `.gitignore` leaves out and without caches."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeAlias

from journeylint.path_patterns import PathPatterns, read_patterns

SKIPPED_FOLDERS = frozenset(
    {
        *(".bzr", ".git", ".hg", ".jj", ".svn"),
        *(".direnv", ".eggs", ".nox", ".terraform", ".tox", ".venv", "__pypackages__", "node_modules"),
        *(".hypothesis", ".journeylint_cache", ".mypy_cache", ".pytest_cache", ".ruff_cache", "__pycache__"),
    }
)


class WalkedFolder(NamedTuple):
    """What a folder holds. `folder` is relative to the walk's start: `""`, or forward slashes with one at the end.

    `files` are regular files, `links` symbolic links to whatever. What an unreadable folder holds is not known.
    """

    folder: str
    files: list[str]
    links: list[str]
    is_readable: bool = True


_Rules: TypeAlias = tuple[tuple[PathPatterns, str], ...]
"""The patterns of each `.gitignore` that counts, with the way from its folder to the one being walked."""


def walk_folder(
    start: str, *, suffixes: tuple[str, ...], is_left_out: Callable[[str], bool] | None = None
) -> Iterator[WalkedFolder]:
    """Every folder below *start* (and itself) with the files whose names end in one of *suffixes* (lower case).

    *start* is an absolute path without symbolic links. Symbolic links to folders are not followed. *is_left_out* is
    asked for every folder, by its path relative to *start* with a slash at the end, whether to stay out of it.
    """
    pending = [("", _read_parents(Path(start)))]
    while pending:
        folder, rules = pending.pop()
        path = start.rstrip("/") + "/" + folder
        try:
            folders, files, links, holds_rules = _list_folder(path, suffixes)
        except OSError:
            yield WalkedFolder(folder, [], [], is_readable=False)
            continue
        if holds_rules:
            rules = _with_rules(rules, f"{path}.gitignore", "")
        if rules:
            folders, files, links = (
                [n for n in names if not _is_ignored(rules, n)] for names in (folders, files, links)
            )
        yield WalkedFolder(folder, files, links)
        for name in folders:
            inside = folder + name
            if not (is_left_out and is_left_out(inside)):
                pending.append((inside, tuple((patterns, way + name) for patterns, way in rules)))


def _list_folder(path: str, suffixes: tuple[str, ...]) -> tuple[list[str], list[str], list[str], bool]:
    """The names of folders (with a slash), files and links, and whether there is a `.gitignore`."""
    folders, files, links, holds_rules = [], [], [], False
    with os.scandir(path) as entries:
        for entry in entries:
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                if name not in SKIPPED_FOLDERS:
                    folders.append(name + "/")
            elif name.lower().endswith(suffixes):
                if entry.is_file(follow_symlinks=False):
                    files.append(name)
                elif entry.is_symlink():
                    links.append(name)
            elif name == ".gitignore" and entry.is_file(follow_symlinks=False):
                holds_rules = True
    return folders, files, links, holds_rules


def _is_ignored(rules: _Rules, name: str) -> bool:
    for patterns, way in reversed(rules):
        decision = patterns.decision(way, name)
        if decision is not None:
            return decision
    return False


def _with_rules(rules: _Rules, file: str | Path, way: str) -> _Rules:
    """*rules* and those of *file*. One that cannot be read has none: then more is looked at, never less."""
    try:
        text = Path(file).read_bytes().removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    except OSError:
        return rules
    patterns = read_patterns(text.split("\n"))
    return (*rules, (patterns, way)) if patterns else rules


def _read_parents(start: Path) -> _Rules:
    """The rules from above *start*, of the repository that it lies in: the least specific first."""
    above = (start, *start.parents)
    depth = next((depth for depth, folder in enumerate(above) if os.path.lexists(folder / ".git")), None)
    if depth is None:
        return ()
    rules = _with_rules((), _find_exclude_file(above[depth] / ".git"), _way(above[depth], start))
    for folder in reversed(above[1 : depth + 1]):
        if _is_regular_file(folder / ".gitignore"):
            rules = _with_rules(rules, folder / ".gitignore", _way(folder, start))
    return rules


def _way(above: Path, below: Path) -> str:
    return "".join(f"{name}/" for name in below.relative_to(above).parts)


def _find_exclude_file(git: Path) -> Path:
    """The `info/exclude` of a repository; in a linked work tree or submodule `.git` is a file that says where it is."""
    if _is_regular_file(git):
        git = git.parent / _first_line(git).removeprefix("gitdir:").strip()
        if _is_regular_file(git / "commondir"):
            git = git / _first_line(git / "commondir").strip()
    return git / "info/exclude"


def _first_line(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return os.fsdecode(stream.readline(65_536)).replace("\0", "")
    except OSError:
        return ""


def _is_regular_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False
