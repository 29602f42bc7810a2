"""Patterns of paths as `.gitignore` writes them, matched as git does.

Written here rather than taken from a library because folders that git would still enter (`kept/**` with `!kept/this/`)
must be told from those that a walk may leave out, and because a walk of 10,000 files asks 10,000 times.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_POSIX_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "\\x21-\\x7e",
    "lower": "a-z",
    "print": "\\x20-\\x7e",
    "punct": "!-/:-@\\[-`{-~",
    "space": " \\t\\n\\r\\f\\v",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
_FOLDERS = "(?:[^/]+/)*?"


class _MatchesNothingError(Exception):
    """A pattern that git takes but that no path can match, such as an unclosed `[`."""


class _Rule(NamedTuple):
    """One line. `body` is a regular expression for the name (`for_name`) or for the whole path of an entry."""

    is_negated: bool
    is_for_folders: bool
    is_for_name: bool
    body: str
    literal: str | None

    def entry_source(self) -> str:
        return self.body + ("/" if self.is_for_folders else "/?")

    def tree_source(self) -> str:
        start = _FOLDERS + r"(?!\.\./)" if self.is_for_name else ""  # `..` is a way, not a name
        return start + self.body + ("/" if self.is_for_folders else r"(?:/|\Z)")


class PathPatterns:
    """The patterns of one list, in order; a later one beats an earlier one, `!` turns one round."""

    __slots__ = ("_any_name", "_any_path", "_entry", "_literals", "_rules", "_tree", "has_negations")

    def __init__(self, rules: tuple[_Rule, ...]) -> None:
        self._rules = rules
        self.has_negations = any(rule.is_negated for rule in rules)
        self._literals = frozenset(form for rule in rules for form in _literal_forms(rule))
        worded = [rule for rule in rules if rule.literal is None]
        self._any_name = _either(rule.entry_source() for rule in worded if rule.is_for_name)
        self._any_path = _either(rule.entry_source() for rule in worded if not rule.is_for_name)
        self._tree: tuple[tuple[bool, re.Pattern[str]], ...] | None = None
        self._entry: tuple[tuple[_Rule, re.Pattern[str]], ...] | None = None

    def __bool__(self) -> bool:
        return bool(self._rules)

    def decision(self, folder: str, name: str) -> bool | None:
        """Whether the entry itself is matched; False where a `!` has the last word, None where no line is about it.

        *folder* is `""` or ends with `/`, as *name* does where the entry is a folder. What is inside a matched folder
        is not asked about: git does not enter it.
        """
        if not (
            name in self._literals
            or (self._any_name is not None and self._any_name.fullmatch(name))
            or (self._any_path is not None and self._any_path.fullmatch(folder + name))
        ):
            return None
        return True if not self.has_negations else self._last_word(folder, name)

    def covers(self, path: str) -> bool:
        """Whether a file is matched, by itself or through a folder above it.

        Unlike in git, `!` can take a file out of a folder that is matched.
        """
        return bool(self.last_word(path))

    def last_word(self, path: str) -> bool | None:
        """As `covers`, but None where no line is about the file."""
        if self._tree is None:
            self._tree = tuple(
                (not rule.is_negated, re.compile(rule.tree_source(), re.DOTALL)) for rule in reversed(self._rules)
            )
        return next((verdict for verdict, pattern in self._tree if pattern.match(path)), None)

    def covers_folder(self, folder: str) -> bool:
        """Whether all that is below *folder* (it ends with `/`) is matched, whatever its name."""
        return not self.has_negations and self.covers(folder)

    def _last_word(self, folder: str, name: str) -> bool | None:
        if self._entry is None:
            self._entry = tuple((rule, re.compile(rule.entry_source(), re.DOTALL)) for rule in reversed(self._rules))
        for rule, pattern in self._entry:
            if pattern.fullmatch(name if rule.is_for_name else folder + name):
                return not rule.is_negated
        return None


def read_patterns(lines: Iterable[str]) -> PathPatterns:
    """The patterns of *lines*, one a line; blank lines, comments and patterns that nothing can match are left out."""
    rules = (_read_line(line) for line in lines)
    return PathPatterns(tuple(rule for rule in rules if rule is not None))


def _literal_forms(rule: _Rule) -> Iterator[str]:
    if rule.literal is not None:
        yield rule.literal + "/"
        if not rule.is_for_folders:
            yield rule.literal


def _either(sources: Iterable[str]) -> re.Pattern[str] | None:
    joined = "|".join(f"(?:{source})" for source in sources)
    return re.compile(joined, re.DOTALL) if joined else None


def _read_line(line: str) -> _Rule | None:
    line = _trim(line.removesuffix("\r"))
    if not line or line.startswith("#"):
        return None
    is_negated = line.startswith("!")
    body = line[is_negated:]
    is_for_folders = body.endswith("/")
    body = body.removesuffix("/")
    is_for_name = "/" not in body
    body = body.removeprefix("/")
    if not body:
        return None
    try:
        tokens = list(_tokens(body))
        source = _segment(tokens) if is_for_name else _path(tokens)
    except _MatchesNothingError:
        return None
    is_literal = is_for_name and not set(body) & set("*?[\\")
    return _Rule(is_negated, is_for_folders, is_for_name, source, body if is_literal else None)


def _trim(line: str) -> str:
    """*line* without trailing blanks; one that a backslash escapes stays."""
    kept = line.rstrip(" ")
    backslashes = len(kept) - len(kept.rstrip("\\"))
    return kept + " " if kept != line and backslashes % 2 else kept


_STAR = "*"
_SLASH = "/"


def _tokens(body: str) -> Iterator[str]:
    """The parts of a pattern: `*`, `**` (or more), `/`, or a regular expression for one character."""
    position = 0
    while position < len(body):
        character = body[position]
        position += 1
        if character == "*":
            end = position
            while body[end : end + 1] == "*":
                end += 1
            yield _STAR * (end - position + 1)
            position = end
        elif character == "/":
            yield _SLASH
        elif character == "?":
            yield "[^/]"
        elif character == "[":
            source, position = _bracket(body, position)
            yield source
        elif character == "\\":
            if position == len(body):
                raise _MatchesNothingError
            yield _SLASH if body[position] == "/" else re.escape(body[position])
            position += 1
        else:
            yield re.escape(character)


def _bracket(body: str, position: int) -> tuple[str, int]:
    """The regular expression of a `[…]` whose inside begins at *position*, and where the pattern goes on."""
    is_negated = body[position : position + 1] in ("!", "^")
    position += is_negated
    items: list[str] = []
    is_first = True
    while is_first or body[position : position + 1] != "]":
        is_first = False
        if named := re.compile(r"\[:([^\]]*?):\]").match(body, position):
            if named[1] not in _POSIX_CLASSES:
                raise _MatchesNothingError
            items.append(_POSIX_CLASSES[named[1]])
            position = named.end()
            continue
        low, position = _bracket_character(body, position)
        if body[position : position + 1] == "-" and body[position + 1 : position + 2] not in ("", "]"):
            high, position = _bracket_character(body, position + 1)
            # Of a range that runs backwards, git still takes the first character.
            items.append(f"{re.escape(low)}-{re.escape(max(low, high))}")
        else:
            items.append(re.escape(low))
    inside = "".join(items)
    return f"(?!/)[{'^' if is_negated else ''}{inside}]", position + 1


def _bracket_character(body: str, position: int) -> tuple[str, int]:
    if body[position : position + 1] == "\\":
        position += 1
    if position >= len(body):
        raise _MatchesNothingError
    return body[position], position + 1


def _segment(tokens: list[str]) -> str:
    """The regular expression of what stands between two slashes."""
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token.startswith(_STAR):
            parts.append([])
        else:
            parts[-1].append(token)
    first, *later = ("".join(part) for part in parts)
    if not later:
        return first
    # Every part but the last may take the first place it finds (atomic): no hostile pattern can take long.
    middle = "".join(f"(?>[^/]*?{part})" for part in later[:-1] if part)
    return f"(?=[^/]){first}{middle}[^/]*{later[-1]}"


def _path(tokens: list[str]) -> str:
    """The regular expression of a pattern with slashes."""
    runs: list[list[str]] = [[]]
    for segment in _split(tokens):
        if segment and len(segment) == 1 and segment[0].startswith("**"):
            runs.append([])
        elif not segment:
            raise _MatchesNothingError
        else:
            runs[-1].append(_segment(segment))
    first, *later = ("/".join(run) for run in runs)
    if not later:
        return first
    source = first + "/" if first else ""
    # As in a segment: what stands between two `**` may take the first place it finds.
    source += "".join(f"(?>{_FOLDERS}{run}/)" for run in later[:-1] if run)
    return source + (_FOLDERS + later[-1] if later[-1] else ".+")


def _split(tokens: list[str]) -> list[list[str]]:
    segments: list[list[str]] = [[]]
    for token in tokens:
        if token == _SLASH:
            segments.append([])
        else:
            segments[-1].append(token)
    return segments
