"""What a configuration file says, as values; each keeps the place where it stands, for what is told about it later."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from journeylint.model import JsonValue, Severity

if TYPE_CHECKING:
    from datetime import datetime


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


class Word(NamedTuple):
    """A name, path or pattern that a configuration file holds."""

    text: str
    place: Place


class ParamSetting(NamedTuple):
    """A param that organisations set: its name, the value, and where each stands."""

    name: Word
    value: JsonValue
    place: Place


class PolicySettings(NamedTuple):
    """What is set for the policies that `target` (an id, a name, or a pack by name or prefix) stands for."""

    target: Word
    severity: Severity | None = None
    enabled: bool | None = None
    params: tuple[ParamSetting, ...] = ()


class Layer(NamedTuple):
    """What may differ from path to path. `select` replaces the policies chosen so far, `ignore` then takes some out."""

    select: tuple[Word, ...] | None = None
    ignore: tuple[Word, ...] = ()
    policies: tuple[PolicySettings, ...] = ()
    fail_on: FailOn | None = None


class Override(NamedTuple):
    """A layer for the files that match one of `files`: patterns as in `.gitignore`, from the configuration's folder."""

    files: tuple[str, ...]
    layer: Layer


class PluginRules(NamedTuple):
    """Which plugins may be loaded: names with version ranges, such as `acme-policies>=1.2,<2`.

    `allow` None lets all in. `paths` are Python files or packages, from the configuration's folder.
    """

    allow: tuple[Word, ...] | None = None
    block: tuple[Word, ...] = ()
    paths: tuple[Word, ...] = ()


class Settings(NamedTuple):
    """A configuration. `folder` is what `paths`, `exclude` and the `files` of overrides are relative to.

    `path` is what reports say, None where there is no configuration file.
    """

    folder: Path
    path: str | None = None
    paths: tuple[Word, ...] | None = None
    exclude: tuple[str, ...] = ()
    as_of: datetime | None = None
    policy_roots: tuple[Word, ...] = ()
    plugins: PluginRules = PluginRules()
    layer: Layer = Layer()
    overrides: tuple[Override, ...] = ()

    @property
    def targets(self) -> tuple[str, ...] | None:
        """`paths` as `discover` takes them: full paths; None where the configuration names none."""
        return None if self.paths is None else tuple(self.full_path(word) for word in self.paths)

    @property
    def origins(self) -> Mapping[str, str]:
        """For each of `targets`, where it stands, as `discover` wants to be told."""
        return {self.full_path(word): str(word.place) for word in self.paths or ()}

    def full_path(self, word: Word) -> str:
        """The path *word* of `paths`, from the configuration's folder."""
        return (self.folder / word.text).as_posix()
