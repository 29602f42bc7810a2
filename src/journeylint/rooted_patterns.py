"""Patterns of paths from several folders as one: what is excluded by a configuration and by those that it extends."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from itertools import groupby
from operator import itemgetter

from journeylint.path_patterns import read_patterns


class RootedPatterns:
    """Patterns in order, each with the full path of the folder that it is relative to; a later one beats an earlier one."""

    def __init__(self, patterns: Iterable[tuple[str, str]]) -> None:
        lists = [
            (folder, read_patterns(map(itemgetter(1), group))) for folder, group in groupby(patterns, itemgetter(0))
        ]
        self._lists = [(folder, read) for folder, read in lists if read]
        self._has_negations = any(read.has_negations for _, read in self._lists)

    def __bool__(self) -> bool:
        return bool(self._lists)

    def covers(self, path: str) -> bool:
        """Whether the file with this full path is matched, by itself or through a folder above it."""
        folder, _, name = path.rpartition("/")
        return self.inside(folder or "/")(name)

    def covers_folder(self, folder: str) -> bool:
        """Whether all that is below the full path *folder* is matched, whatever its name."""
        if self._has_negations:
            return False
        return any(patterns.covers_folder(way_to(folder, root)) for root, patterns in self._lists)

    def inside(self, folder: str) -> Callable[[str], bool]:
        """What tells, for the name of a file in the full path *folder*, whether the file is matched."""
        ways = [(way_to(folder, root), patterns) for root, patterns in reversed(self._lists)]
        if len(ways) == 1:
            way, patterns = ways[0]
            return lambda name: patterns.covers(way + name)

        def covers(name: str) -> bool:
            words = (patterns.last_word(way + name) for way, patterns in ways)
            return next((word for word in words if word is not None), False)

        return covers


def relative_to(full: str, base: str) -> str:
    """The way from the folder *base* to *full*, both full paths with forward slashes."""
    if full.startswith(base + "/"):
        return full[len(base) + 1 :]
    try:
        return os.path.relpath(full, base).replace(os.sep, "/")
    except ValueError:  # another drive
        return full


def way_to(folder: str, base: str) -> str:
    """What leads from *base* to the files in *folder*: `""`, or a path with a slash at the end."""
    relative = relative_to(folder.rstrip("/") or "/", base)
    return "" if relative == "." else relative.rstrip("/") + "/"
