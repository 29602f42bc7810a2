"""The files of a run: PATHS, globs and standard input turned into a sorted list without doubles."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from journeylint.errors import ConfigurationError, UsageError
from journeylint.model import SourceFile
from journeylint.path_patterns import read_patterns
from journeylint.rooted_patterns import RootedPatterns, relative_to, way_to
from journeylint.suggest import did_you_mean
from journeylint.walk import walk_folder

SUFFIXES = (".json", ".yaml", ".yml")
STANDARD_INPUT = "-"
STANDARD_INPUT_NAME = "<stdin>"


class StdinSource(NamedTuple):
    """What came by standard input, and the path that `--stdin-filename` says it stands for."""

    content: bytes
    filename: str | None = None


def discover(
    paths: Sequence[str],
    *,
    working_directory: Path,
    exclude: Iterable[tuple[Path, str]] = (),
    stdin: StdinSource | None = None,
    suffixes: Iterable[str] = SUFFIXES,
    origins: Mapping[str, str] | None = None,
) -> list[SourceFile]:
    """The files that *paths* (files, folders, globs, `-`) stand for, sorted by path, each file once.

    No paths are the working directory, or with a *stdin* that has a filename just that. *stdin*, where given, is
    always one of the files, in place of the file on disk that it stands for. *exclude* are patterns as in `.gitignore`,
    each with the folder that it is relative to; they hold for named files too, `.gitignore` does not. *suffixes* choose
    among the files of folders and globs. A folder that cannot be listed is in the result as a named file: reading it
    fails, so that the report tells. A link is left out where the file it leads to is there.

    Raises UsageError for paths that stand for nothing, all at once; ConfigurationError where they have an entry in
    *origins*, which says where they were written (`journeylint.yaml:3:5`).
    """
    here = _normal(os.fspath(working_directory.absolute()))
    files = _Files(
        here,
        exclude=RootedPatterns((_absolute(here, os.fspath(folder)), pattern) for folder, pattern in exclude),
        suffixes=tuple(suffix.lower() for suffix in suffixes),
    )
    problems = [
        (path, problem)
        for path in dict.fromkeys(paths or ([] if stdin and stdin.filename else ["."]))
        if (problem := files.add(path, holds_stdin=stdin is not None)) is not None
    ]
    _raise_problems(problems, origins or {})
    if stdin is not None:
        files.put_stdin(stdin)
    return files.sort()


def reads_stdin(paths: Sequence[str], stdin_filename: str | None) -> bool:
    """Whether a command line with these PATHS and `--stdin-filename` has standard input among its files."""
    return STANDARD_INPUT in paths or stdin_filename is not None


def _raise_problems(problems: Sequence[tuple[str, str]], origins: Mapping[str, str]) -> None:
    if configured := [f"{origins[path]}: {problem}" for path, problem in problems if path in origins]:
        raise ConfigurationError(configured)
    if problems:
        raise UsageError(problem for _, problem in problems)


class _Files:
    """The files found so far, each with whether a link led to it, by the real path that makes several names one."""

    def __init__(self, here: str, *, exclude: RootedPatterns, suffixes: tuple[str, ...]) -> None:
        self.here = here
        self.exclude = exclude
        self.suffixes = suffixes
        self.found: dict[str, tuple[bool, SourceFile]] = {}

    def add(self, path: str, *, holds_stdin: bool) -> str | None:
        """Add what *path* stands for; what is wrong with it, or None."""
        if path == STANDARD_INPUT:
            return None if holds_stdin else "'-' asks for standard input, but nothing was read from it"
        if not path:
            return "a PATH is empty: expected a file, a folder or a glob - leave it out to mean the current folder"
        try:
            mode = os.stat(_join(self.here, path)).st_mode  # noqa: PTH116 - Path would drop the slash of `file.yaml/`
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return self._add_glob(path) if set(path) & _GLOB_CHARACTERS else say_missing(path, self.here)
        except OSError as error:
            return f"{path!r} cannot be looked at: {error.strerror}"
        full = _absolute(self.here, path)
        if stat.S_ISDIR(mode):
            self._add_folder(full)
        else:
            self._put(SourceFile(relative_to(full, self.here), full, named=True))
        return None

    def put_stdin(self, stdin: StdinSource) -> None:
        """Add standard input, in place of the file it stands for; one that is excluded is left out."""
        if stdin.filename is None:
            source = SourceFile(STANDARD_INPUT_NAME, STANDARD_INPUT, named=True, content=stdin.content)
            self.found[STANDARD_INPUT] = (False, source)
            return
        full = _absolute(self.here, stdin.filename)
        if not self.exclude.covers(full):
            source = SourceFile(_decode(relative_to(full, self.here)), full, named=True, content=stdin.content)
            self.found[_real(full)] = (False, source)

    def sort(self) -> list[SourceFile]:
        """The files by path."""
        return sorted((file for _, file in self.found.values()), key=attrgetter("path", "file"))

    def _add_folder(self, full: str) -> None:
        exclude = self.exclude
        if not exclude:
            self._add_walked(full, None, None)
        elif not exclude.covers_folder(full):
            self._add_walked(full, lambda way: exclude.covers_folder(f"{full}/{way}"), None)

    def _add_glob(self, pattern: str) -> str | None:
        folder, glob = split_glob(pattern)
        full = _absolute(self.here, folder)
        count = 0
        if os.path.isdir(full):  # noqa: PTH112 - text in, text out
            count = self._add_walked(full, lambda path: not glob.reaches(path), glob.matches)
        if count:
            return None
        return f"{pattern!r} matches no file that ends in {' or '.join(self.suffixes)} - check the pattern"

    def _add_walked(
        self, full: str, is_left_out: Callable[[str], bool] | None, is_wanted: Callable[[str], bool] | None
    ) -> int:
        """Add the files below the folder *full*; how many there were before *exclude*."""
        start = _real(full)
        is_indirect = start != full
        real, given = start.rstrip("/") + "/", full.rstrip("/") + "/"
        count = 0
        for walked in walk_folder(start, suffixes=self.suffixes, is_left_out=is_left_out):
            folder, names, links = walked.folder, walked.files, walked.links
            if is_wanted is not None:
                names, links = ([n for n in some if is_wanted(folder + n)] for some in (names, links))
            count += len(names) + len(links)
            if self.exclude:
                is_excluded = self.exclude.inside(given + folder)
                names = [name for name in names if not is_excluded(name)]
            shown, inside = way_to(given + folder, self.here), real + folder
            for name in names:
                file = inside + name
                self._admit(file, is_indirect, SourceFile(_decode(shown + name), file))
            for name in links:
                if os.path.isfile(inside + name):  # noqa: PTH113 - text in, text out
                    self._put(SourceFile(shown + name, inside + name))
            if not walked.is_readable:
                count += 1
                path = (shown or "./")[:-1]
                self._admit(inside, is_indirect, SourceFile(_decode(path), inside, named=True))
        return count

    def _put(self, file: SourceFile) -> None:
        """Add a file that may be a link or excluded, and whose `path` is not decoded yet."""
        if not (self.exclude and self.exclude.covers(_absolute(self.here, file.path))):
            key = _real(file.file)
            self._admit(key, key != file.file, file._replace(path=_decode(file.path)))

    def _admit(self, key: str, is_indirect: bool, file: SourceFile) -> None:  # noqa: FBT001 - called 10,000 times
        known = self.found.get(key)
        if known is not None:
            candidates = (known, (is_indirect, file))
            is_indirect, best = min(candidates, key=lambda one: (one[0], one[1].path))
            file = best._replace(named=known[1].named or file.named)
        self.found[key] = (is_indirect, file)


_GLOB_CHARACTERS = frozenset("*?[")


class Glob:
    """A pattern of paths below a folder; one that matches a folder stands for all that is in it."""

    def __init__(self, segments: Sequence[str]) -> None:
        open_from = segments.index("**") if "**" in segments else len(segments)
        ways = ["/" + "/".join(segments[: count + 1]) + "/" for count in range(min(open_from, len(segments) - 1))]
        beyond = ["/" + "/".join([*segments[:open_from], "**"])] if open_from < len(segments) else []
        self._wanted = read_patterns(["/" + "/".join(segments)])
        self._way = read_patterns(ways)
        self._beyond = read_patterns(beyond)

    def matches(self, path: str) -> bool:
        """Whether the file *path* is meant."""
        return self._wanted.covers(path)

    def reaches(self, folder: str) -> bool:
        """Whether a file below *folder* (it ends with a slash) can be meant."""
        return bool(self._way.decision("", folder)) or self._beyond.covers(folder) or self._wanted.covers(folder)


def split_glob(pattern: str) -> tuple[str, Glob]:
    """The folder that *pattern* begins with, and the rest of it."""
    segments = [segment for segment in pattern.replace(os.sep, "/").split("/") if segment != "."]
    fixed = next(index for index, segment in enumerate(segments) if set(segment) & _GLOB_CHARACTERS)
    folder = "/".join(segments[:fixed]) or ("/" if fixed else ".")
    return folder, Glob(segments[fixed:])


def say_missing(path: str, here: str) -> str:
    """What to tell a person about a path that is not there, with the nearest name that is."""
    folder, name = os.path.split(path.rstrip("/"))
    try:
        names = sorted(os.listdir(_join(here, folder)))[:2000]
    except (OSError, ValueError):
        names = []
    return f"{path!r} does not exist" + did_you_mean(name, names)


def _join(here: str, path: str) -> str:
    return os.path.join(here, path)  # noqa: PTH118 - Path would drop a last slash


def _normal(path: str) -> str:
    return os.path.normpath(path).replace(os.sep, "/")


def _real(path: str) -> str:
    return os.path.realpath(path).replace(os.sep, "/")


def _absolute(here: str, path: str) -> str:
    """The full path with forward slashes, links kept, unless a `..` after a link means another file without them."""
    raw = _join(here, path)
    full = _normal(raw)
    if ".." in path and os.path.exists(raw) and not _is_same_file(raw, full):  # noqa: PTH110 - text in, text out
        return _real(raw)
    return full


def _is_same_file(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)  # noqa: PTH121 - text in, text out
    except OSError:
        return False


def _decode(path: str) -> str:
    """*path* as UTF-8 text whatever the locale, with bytes that are none written as `\\xff`."""
    return path if path.isascii() else os.fsencode(path).decode("utf-8", "backslashreplace")
