"""What a configuration file says, as values; each keeps the place where it stands, for what is told about it later."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from journeylint.model import JsonObject, JsonValue, Location, Severity

if TYPE_CHECKING:
    from datetime import datetime


Value = TypeVar("Value")


class FailOn(enum.Enum):
    """The least severity of a finding that makes a run end with exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"

    def counts(self, severity: Severity) -> bool:
        """Whether a finding of *severity* is at or above this."""
        return self is not FailOn.NEVER and severity.rank <= Severity(self.value).rank


class Place(NamedTuple):
    """Where something stands in a configuration file: line and column 1-based, the column in code points."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class Placed(NamedTuple, Generic[Value]):
    """A value, and where it stands."""

    value: Value
    place: Place


class Word(NamedTuple):
    """A name, path or pattern that a configuration file holds; `folder` is what a path or pattern is relative to."""

    text: str
    place: Place
    folder: Path = Path()


class ParamSetting(NamedTuple):
    """A param that organisations set: its name, the value, and where each stands."""

    name: Word
    value: JsonValue
    place: Place


class PolicySettings(NamedTuple):
    """What is set for the policies that `target` (an id, a name, or a pack by name or prefix) stands for."""

    target: Word
    severity: Placed[Severity] | None = None
    enabled: Placed[bool] | None = None
    params: tuple[ParamSetting, ...] = ()


class PlacePattern(NamedTuple):
    """Places in manifests: in the files that `files` match, what is at or below a pointer of these tokens.

    A token None stands for any one token.
    """

    files: tuple[str, ...]
    tokens: tuple[str | None, ...]

    def covers(self, place: Sequence[str]) -> bool:
        """Whether the place with these tokens is at or below the pointer."""
        return len(place) >= len(self.tokens) and all(
            wanted is None or wanted == token for wanted, token in zip(self.tokens, place, strict=False)
        )


class Scope(NamedTuple):
    """Where an override holds: `written` as it stands in the file, with the folder that patterns are relative to.

    `files` are patterns as in `.gitignore` of files that it holds for as a whole; `places` are for parts of manifests.
    """

    written: tuple[Word, ...]
    files: tuple[str, ...]
    places: tuple[PlacePattern, ...] = ()

    @property
    def folder(self) -> Path:
        """What the patterns are relative to."""
        return self.written[0].folder


class Layer(NamedTuple):
    """Settings that later layers are put on top of.

    `preset` replaces the policies chosen so far by those that are in it, `select` by those that it names; `ignore` takes
    some out.

    `scope` None is everywhere.
    """

    preset: Word | None = None
    select: tuple[Word, ...] | None = None
    ignore: tuple[Word, ...] = ()
    policies: tuple[PolicySettings, ...] = ()
    fail_on: Placed[FailOn] | None = None
    scope: Scope | None = None


class PluginRules(NamedTuple):
    """Which plugins may be loaded: names with version ranges, such as `acme-policies>=1.2,<2`.

    `allow` None lets all in. `paths` are Python files or packages.
    """

    allow: tuple[Word, ...] | None = None
    block: tuple[Word, ...] = ()
    paths: tuple[Word, ...] = ()


class ConfiguredSuppression(NamedTuple):
    """A suppression as a configuration file has it, where it stands, and the folder that its patterns are relative to."""

    data: JsonObject
    location: Location
    folder: Path

    @property
    def place(self) -> Place:
        """Where it begins."""
        return Place(self.location.path, self.location.span.line, self.location.span.column)


_SUPPRESSION_RULES = ("reason-required", "reason-length", "ticket-pattern", "longest-term")


class SuppressionSettings(NamedTuple):
    """What is asked of suppressions; None leaves it as it is. See `suppressions.rules`."""

    is_reason_required: Placed[bool] | None = None
    reason_length: Placed[int] | None = None
    ticket_pattern: Placed[str] | None = None
    longest_term: Placed[str] | None = None

    @property
    def by_key(self) -> dict[str, Placed[bool] | Placed[int] | Placed[str]]:
        """Those that are set, by the keys that a configuration has for them."""
        return {key: rule for key, rule in zip(_SUPPRESSION_RULES, self, strict=True) if rule is not None}


class ConfigurationFile(NamedTuple):
    """A file that was read: `path` is what places say, `extended_at` where another one extends it."""

    path: str
    extended_at: Place | None = None


class Settings(NamedTuple):
    """A configuration, with all that it extends. `folder` is that of its own file, or the working directory.

    `path` is what reports say, None where there is no configuration file. `files` are those that were read, in the
    order in which they count: a later one wins. `layers` are in that order too.
    """

    folder: Path
    path: str | None = None
    paths: tuple[Word, ...] | None = None
    exclude: tuple[Word, ...] = ()
    as_of: Placed[datetime] | None = None
    policy_roots: tuple[Word, ...] = ()
    plugins: PluginRules = PluginRules()
    layers: tuple[Layer, ...] = ()
    files: tuple[ConfigurationFile, ...] = ()
    suppressions: tuple[ConfiguredSuppression, ...] = ()
    suppression_rules: SuppressionSettings = SuppressionSettings()
    baseline: Word | None = None
    export_environment: Placed[str] | None = None

    @property
    def targets(self) -> tuple[str, ...] | None:
        """`paths` as `discover` takes them: full paths; None where the configuration names none."""
        return None if self.paths is None else tuple(self.full_path(word) for word in self.paths)

    @property
    def origins(self) -> Mapping[str, str]:
        """For each of `targets`, where it stands, as `discover` wants to be told."""
        return {self.full_path(word): str(word.place) for word in self.paths or ()}

    def full_path(self, word: Word) -> str:
        """The path that *word* means, one of those that are paths, from the folder that it is relative to."""
        return (self.folder / word.folder / word.text).as_posix()
