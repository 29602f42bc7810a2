"""Finds the claims that cover a finding, in a time that does not grow with the number of claims about other places."""

from __future__ import annotations

import os
from collections.abc import Sequence

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


class CoverIndex:
    """Claims by what they cover, but for entries of the baseline (see `dealing`); their numbers are the caller's."""

    def __init__(self, patterns: FilePatterns) -> None:
        self._patterns = patterns
        self._lines: dict[tuple[str, int, str], list[tuple[int | None, int]]] = {}
        self._nodes: dict[tuple[str, int, str], list[tuple[PlaceTokens, int]]] = {}
        self._files: dict[str, list[tuple[FileReach, int]]] = {}
        self._in_file: dict[tuple[str, str], list[tuple[PlaceTokens, int]]] = {}

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
                self._files.setdefault(policy, []).append((reach, number))

    def find(self, row: FindingRow) -> set[int]:
        """The numbers of the claims that cover *row*."""
        lines = self._lines.get((row.path, row.line, row.policy), ())
        found = {number for column, number in lines if column in (None, row.column)}
        nodes = self._nodes.get((row.path, row.document, row.policy), ())
        files = self._find_in_file(row.policy, row.path)
        if nodes or files:
            place = tokens_of(row.pointer)
            found.update(number for tokens, number in nodes if covers_place(tokens, place))
            found.update(number for tokens, number in files if covers_place(tokens, _place_for(tokens, row, place)))
        return found

    def _find_in_file(self, policy: str, path: str) -> Sequence[tuple[PlaceTokens, int]]:
        reaches = self._files.get(policy)
        if reaches is None:
            return ()
        if (policy, path) not in self._in_file:
            covering = [(reach.tokens, number) for reach, number in reaches if self._patterns.cover(reach, path)]
            self._in_file[policy, path] = covering
        return self._in_file[policy, path]


class FilePatterns:
    """Tells which paths, relative to *working_directory* as reports have them, reaches mean."""

    def __init__(self, working_directory: str) -> None:
        self._here = working_directory
        self._read: dict[tuple[str, ...], PathPatterns] = {}
        self._ways: dict[tuple[str, str], str] = {}

    def cover(self, reach: FileReach, path: str) -> bool:
        """Whether *reach* means the file at *path*."""
        if not reach.patterns:
            return True
        if reach.patterns not in self._read:
            self._read[reach.patterns] = read_patterns(reach.patterns)
        return self._read[reach.patterns].covers(self._way(reach.folder, path))

    def _way(self, folder: str, path: str) -> str:
        """The way from *folder* to the file at *path*."""
        if (folder, path) not in self._ways:
            full = os.path.normpath(os.path.join(self._here, path)).replace(os.sep, "/")  # noqa: PTH118 - text in and out
            self._ways[folder, path] = relative_to(full, folder)
        return self._ways[folder, path]


def _place_for(tokens: PlaceTokens, row: FindingRow, place: Sequence[str]) -> Sequence[str]:
    """The place of *row* as *tokens* name such places."""
    return tokens_of(stable_pointer(row)) if names_items(tokens) else place
