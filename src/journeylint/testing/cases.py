"""Case files: their manifests, what their comments at the top say, and the lines that are marked."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from journeylint.errors import PolicyError
from journeylint.formats.yaml import YamlLoader
from journeylint.model import JsonValue
from journeylint.policies import Policy
from journeylint.settings.instants import parse_as_of
from journeylint.suggest import did_you_mean, nearest

DEFAULT_AS_OF = datetime(2025, 3, 1, tzinfo=UTC)
"""The instant that a case takes as now unless it says otherwise."""

_HEADERS = ("as-of", "params", "with")
_HEADER = re.compile(r"#\s*([A-Za-z_-]+)\s*:\s*(.*?)\s*$")
_MARKER = re.compile(r"(?:^|\s)#\s*finds:\s*(.*?)\s*$")
_ID = re.compile(r"[A-Z]{2,8}[0-9]{3,}")


class Marker(NamedTuple):
    """What a case expects: a finding of `policy` (an id) whose location begins on `line` (1-based)."""

    line: int
    policy: str


class SideFile(NamedTuple):
    """A file whose manifests stand beside those of a case; nothing is marked in it, and nothing is expected of it."""

    path: str
    content: bytes


class Case(NamedTuple):
    """A file of manifests with its markers, in the order of the file; `params` has only those that the case sets."""

    path: str
    as_of: datetime
    params: Mapping[str, JsonValue]
    text: str
    expected: tuple[Marker, ...]
    beside: tuple[SideFile, ...] = ()
    params_line: int = 1

    @property
    def fails(self) -> bool:
        """Whether the policy is to find something."""
        return bool(self.expected)


def find_cases(policy: Policy) -> list[Path]:
    """The case files of *policy*, sorted by name; relative where the policy was read by a relative path."""
    return sorted(Path(policy.file.path).parent.glob("cases/*.yaml"))


def read_case(path: Path) -> Case:
    """The case in *path*. Raises PolicyError, with all problems, for headers and markers that cannot be understood."""
    shown = path.as_posix()
    lines = _read_text(path).split("\n")
    reading = _CaseReading(path)
    for number, line in enumerate(lines, start=1):
        if not line.startswith("#"):
            break
        reading.read_header(number, line)
    expected = tuple(marker for number, line in enumerate(lines, start=1) for marker in reading.markers(number, line))
    if reading.problems:
        raise PolicyError(reading.problems)
    return Case(
        shown, reading.as_of, reading.params, "\n".join(lines), expected, tuple(reading.beside), reading.params_line
    )


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        told = f"is not UTF-8 (the byte at position {error.start}): save it as UTF-8"
    except OSError as error:
        told = f"cannot be read: {_reason(error)}"
    raise PolicyError(f"{path.as_posix()}:1:1: {told}")


class _CaseReading:
    """What a case's comments say, and what is wrong with them."""

    def __init__(self, path: Path) -> None:
        self.as_of = DEFAULT_AS_OF
        self.params: Mapping[str, JsonValue] = {}
        self.params_line = 1
        self.beside: list[SideFile] = []
        self.problems: list[str] = []
        self._path = path

    def read_header(self, number: int, line: str) -> None:
        """Take over a comment at the top if it is a header; others are just comments."""
        match = _HEADER.match(line)
        if match is None:
            return
        name, value = match.groups()
        if name == "as-of":
            try:
                self.as_of = parse_as_of(value)
            except ValueError as error:
                self._add(number, f"as-of: {error}")
        elif name == "params":
            self._read_params(number, value)
        elif name == "with":
            self._read_beside(number, value)
        elif (meant := nearest(name, _HEADERS)) is not None:
            self._add(number, f"there is no header {name!r} - did you mean {meant!r}?")

    def markers(self, number: int, line: str) -> Iterator[Marker]:
        """The markers on a line."""
        match = _MARKER.search(line)
        if match is None:
            return
        ids = match[1].replace(",", " ").split()
        for word in ids or [""]:
            if _ID.fullmatch(word):
                yield Marker(number, word)
            else:
                self._add(number, f"'finds:' is followed by policy ids such as OBS002, not {word!r}")

    def _read_params(self, number: int, value: str) -> None:
        documents = YamlLoader().load(value)
        params = documents[0].value if len(documents) == 1 and not documents[0].problems else None
        if isinstance(params, dict):
            self.params, self.params_line = params, number
        else:
            self._add(number, f"params: expected a mapping such as {{maximumMembers: 500000}}, not {value!r}")

    def _read_beside(self, number: int, value: str) -> None:
        names = value.replace(",", " ").split()
        if not names:
            self._add(number, "with: expected files, by paths from this one, such as ../shared/segments.yaml")
        for name in names:
            file = self._path.parent / name
            shown = os.path.normpath(file.as_posix()).replace(os.sep, "/")
            try:
                self.beside.append(SideFile(shown, file.read_bytes()))
            except FileNotFoundError:
                there = [one.name for one in file.parent.glob("*") if one.is_file()]
                self._add(number, f"with: there is no file {shown!r}{did_you_mean(file.name, there)}")
            except (OSError, ValueError) as error:
                self._add(number, f"with: {shown!r} cannot be read: {_reason(error)}")

    def _add(self, number: int, message: str) -> None:
        self.problems.append(f"{self._path.as_posix()}:{number}:1: {message}")


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
