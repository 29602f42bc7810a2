"""What says that findings are accepted, as it was found, before anybody asks whether it may."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from journeylint.model import Identity, Location, SuppressionForm
from journeylint.stable_pointers import is_named

PlaceTokens: TypeAlias = "tuple[str | None, ...]"
"""The tokens of a pointer: None is any token, and an item may be named by its key, as `[name="vip"]`, not by its index."""


class Spot(NamedTuple):
    """Where findings begin in a file: 1-based; the column None stands for all of the line."""

    line: int
    column: int | None = None


class LineReach(NamedTuple):
    """Findings that begin at one of *spots* in the file at *path*."""

    path: str
    spots: tuple[Spot, ...]


class NodeReach(NamedTuple):
    """Findings in the *document* (1-based) of the file at *path*, at or below one of *places*."""

    path: str
    document: int
    places: tuple[PlaceTokens, ...]


class FileReach(NamedTuple):
    """Findings in files that *patterns*, as in .gitignore, match, at or below the place with *tokens*.

    Patterns are relative to *folder*, a full path; without any, all files are meant.
    """

    folder: str
    patterns: tuple[str, ...]
    tokens: PlaceTokens


class KeyReach(NamedTuple):
    """One finding about a place of a manifest, wherever that stands, as long as the value there is the same.

    *pointer* is a stable one without ordinals, *value* as `Detail.value` has it (see `stable_pointers`).
    """

    manifest: Identity
    pointer: str
    value: str


Reach: TypeAlias = "LineReach | NodeReach | FileReach | KeyReach"


class Claim(NamedTuple):
    """A suppression of one policy as somebody wrote it.

    `word` is how the policy is called, `until` a date as text, `scope` what is covered, as it is written. `problems` are
    those that the front end found: what is wrong with words and dates is found later, in one place for all.
    """

    form: SuppressionForm
    word: str
    reason: str
    owner: str
    until: str
    location: Location
    reach: Reach
    manifest: Identity | None = None
    scope: str = ""
    problems: tuple[str, ...] = ()


def names_items(tokens: PlaceTokens) -> bool:
    """Whether *tokens* name an item of a list by its key."""
    return any(token is not None and token.startswith("[") for token in tokens)


def covers_place(tokens: PlaceTokens, place: Sequence[str]) -> bool:
    """Whether *place* is at or below the place with *tokens*."""
    return len(place) >= len(tokens) and all(
        wanted is None or is_named(token, wanted) for wanted, token in zip(tokens, place, strict=False)
    )
