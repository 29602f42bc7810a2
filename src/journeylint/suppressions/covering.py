"""Finds the claims that cover a finding, in a time that does not grow with the number of claims about other places."""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from journeylint.evaluate import FindingRow
from journeylint.path_patterns import PathPatterns, read_patterns
from journeylint.pointers import tokens_of
from journeylint.rooted_patterns import relative_to
from journeylint.suppressions.claims import (
    FileReach,
    LineReach,
    NodeReach,
    PlaceTokens,
    covers_place,
    names_items,
)
from journeylint.suppressions.dealing import stable_pointer

_AFTER_SLASH = chr(ord("/") + 1)
_SLASH = re.compile("/")
_PLAIN = re.compile(r"[\w./-]+", re.ASCII)
"""A name without anything that means more in a pattern."""


class CoverIndex:
    """Claims by what they cover, but for entries of the baseline (see `dealing`); their numbers are the caller's."""

    def __init__(self, patterns: FilePatterns) -> None:
        self._patterns = patterns
        self._lines: dict[tuple[str, int, str], list[tuple[int | None, int]]] = {}
        self._nodes: dict[tuple[str, int, str], list[tuple[PlaceTokens, int]]] = {}
        self._files: dict[str, _FileIndex] = {}

    def add(self, policy: str, reach: LineReach | NodeReach | FileReach, number: int) -> None:
        """Put down that what *policy* finds within *reach* is covered by the claim with this *number*."""
        match reach:
            case LineReach():
                for spot in reach.spots:
                    self._lines.setdefault((reach.path, spot.line, policy), []).append((spot.column, number))
            case NodeReach():
                places = [(tokens, number) for tokens in reach.places]
                self._nodes.setdefault((reach.path, reach.document, policy), []).extend(places)
            case FileReach():
                self._files.setdefault(policy, _FileIndex(self._patterns)).add(reach, number)

    def find(self, row: FindingRow) -> set[int]:
        """The numbers of the claims that cover *row*."""
        lines = self._lines.get((row.path, row.line, row.policy), ())
        found = {number for column, number in lines if column in (None, row.column)}
        nodes = self._nodes.get((row.path, row.document, row.policy), ())
        files = self._files[row.policy].find(row.path) if row.policy in self._files else ()
        if nodes or files:
            place = tokens_of(row.pointer)
            found.update(number for tokens, number in nodes if covers_place(tokens, place))
            found.update(number for tokens, number in files if covers_place(tokens, _place_for(tokens, row, place)))
        return found


class _FileIndex:
    """The claims about one policy that are about files; those that name a file or folder are found by its name."""

    def __init__(self, patterns: FilePatterns) -> None:
        self._patterns = patterns
        self._named: dict[str, dict[str, list[tuple[FileReach, int]]]] = {}
        self._others: list[tuple[FileReach, int]] = []
        self._found: dict[str, list[tuple[PlaceTokens, int]]] = {}

    def add(self, reach: FileReach, number: int) -> None:
        """Put *reach* down for the claim with this *number*."""
        name = _name_of(reach)
        if name:
            self._named.setdefault(reach.folder, {}).setdefault(name, []).append((reach, number))
        else:
            self._others.append((reach, number))

    def find(self, path: str) -> Sequence[tuple[PlaceTokens, int]]:
        """The places in the file at *path* that claims are about, with the numbers of these."""
        if path not in self._found:
            possible = [*self._others, *self._find_named(path)]
            self._found[path] = [
                (reach.tokens, number) for reach, number in possible if self._patterns.cover(reach, path)
            ]
        return self._found[path]

    def _find_named(self, path: str) -> Iterator[tuple[FileReach, int]]:
        for folder, named in self._named.items():
            way = self._patterns.way(folder, path)
            ends = [*(match.start() for match in _SLASH.finditer(way)), len(way)]
            for end in ends:
                yield from named.get(way[:end], ())


class FilePatterns:
    """Tells which paths, relative to *working_directory* as reports have them, reaches mean."""

    def __init__(self, working_directory: str) -> None:
        self._here = working_directory
        self._read: dict[tuple[str, ...], PathPatterns] = {}
        self._ways: dict[tuple[str, str], str] = {}
        self._sorted: dict[str, list[tuple[str, str]]] = {}

    def among(self, reach: FileReach, paths: Iterable[str]) -> list[str]:
        """Those of *paths* that *reach* means; they are the same ones whenever this is asked."""
        name = _name_of(reach)
        if not name:
            return [path for path in paths if self.cover(reach, path)]
        if reach.folder not in self._sorted:
            self._sorted[reach.folder] = sorted((self.way(reach.folder, path), path) for path in paths)
        ways = self._sorted[reach.folder]
        begin, end = bisect_left(ways, (name,)), bisect_left(ways, (name + _AFTER_SLASH,))
        return [path for _, path in ways[begin:end] if self.cover(reach, path)]

    def cover(self, reach: FileReach, path: str) -> bool:
        """Whether *reach* means the file at *path*."""
        if not reach.patterns:
            return True
        if reach.patterns not in self._read:
            self._read[reach.patterns] = read_patterns(reach.patterns)
        return self._read[reach.patterns].covers(self.way(reach.folder, path))

    def way(self, folder: str, path: str) -> str:
        """The way from *folder*, a full path, to the file at *path*."""
        if (folder, path) not in self._ways:
            full = os.path.normpath(os.path.join(self._here, path)).replace(os.sep, "/")  # noqa: PTH118 - text in and out
            self._ways[folder, path] = relative_to(full, folder)
        return self._ways[folder, path]


def _place_for(tokens: PlaceTokens, row: FindingRow, place: Sequence[str]) -> Sequence[str]:
    """The place of *row* as *tokens* name such places."""
    return tokens_of(stable_pointer(row)) if names_items(tokens) else place


def _name_of(reach: FileReach) -> str:
    """The way to the file or folder that *reach* names, if it does no more than that."""
    pattern = reach.patterns[0] if len(reach.patterns) == 1 else ""
    return pattern.strip("/") if "/" in pattern[:-1] and _PLAIN.fullmatch(pattern) else ""
