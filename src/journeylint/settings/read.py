"""Reads one configuration file: what it says, which others it extends, and all that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from journeylint.errors import ConfigurationError
from journeylint.key_places import place_at_keys
from journeylint.model import Document, JsonObject, JsonValue, Location, Problem, Severity
from journeylint.pointers import pointer_of
from journeylint.schema_check import SchemaGate
from journeylint.settings.instants import parse_as_of
from journeylint.settings.scopes import scope_from, scope_problem
from journeylint.settings.values import (
    ConfigurationFile,
    ConfiguredSuppression,
    FailOn,
    Layer,
    ParamSetting,
    Place,
    Placed,
    PluginRules,
    PolicySettings,
    Settings,
    SuppressionSettings,
    Word,
)
from journeylint.times import TimeError, parse_duration

if TYPE_CHECKING:
    from journeylint.ports import Loader

RUN_WIDE = {
    "paths": "what is checked is decided before any file is looked at",
    "exclude": "what is checked is decided before any file is looked at",
    "as-of": "a run has one instant that it takes as now",
    "policy-roots": "which policies there are is decided once a run",
    "plugins": "which plugins there are is decided once a run",
    "extends": "a configuration is extended as a whole",
    "suppressions": "each says itself which files it is for",
    "suppression-rules": "they hold for all suppressions alike",
    "baseline": "a project has one baseline",
    "export-environment": "all exports of a run are of one environment",
}


class Source(NamedTuple):
    """A configuration file to read: `path` is what is said of it, `folder` what its paths and patterns are relative to.

    `extended_at` is where another file extends it.
    """

    file: Path
    path: str
    folder: Path
    extended_at: Place | None = None


class ReadFile(NamedTuple):
    """What a file says by itself, what it `extends`, and what is wrong with it; with problems, settings are empty."""

    settings: Settings
    extends: tuple[Word, ...] = ()
    problems: tuple[tuple[Place, str], ...] = ()


def read_file(source: Source, *, loader: Loader, schema: JsonObject) -> ReadFile:
    """One file: YAML, or TOML (`.toml`) with a `[tool.journeylint]` table. An empty one has no settings.

    *loader* reads YAML, *schema* is the JSON Schema of a configuration. Raises ConfigurationError for a file that cannot
    be read as text, as TOML or as one document.
    """
    path = source.path
    text = _read_text(source)
    document = _read_toml(text, path) if source.file.suffix.lower() == ".toml" else _read_yaml(text, path, loader)
    empty = Settings(source.folder, path, files=(ConfigurationFile(path, source.extended_at),))
    if document is None:
        return ReadFile(empty)
    reading = _Reading(source, document, text)
    reading.check(schema)
    extends = reading.extends()
    if reading.problems:
        problems = tuple((Place(path, one.span.line, one.span.column), one.message) for one in reading.problems)
        return ReadFile(empty, extends, problems)
    return ReadFile(reading.settings(empty), extends)


def _read_text(source: Source) -> str:
    path = source.path
    try:
        content = source.file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except FileNotFoundError:
        raise ConfigurationError(f"{path}: the configuration file does not exist - check --config") from None
    except OSError as error:
        raise ConfigurationError(f"{path}: the configuration file cannot be read: {error.strerror}") from error
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = "not UTF-8: a configuration file is UTF-8 text - save it as UTF-8"
        raise ConfigurationError(f"{path}:{line}:{column}: {message}") from None


def _read_toml(text: str, path: str) -> Document:
    from journeylint.settings.toml import read_table  # noqa: PLC0415 - most configurations are YAML

    document = read_table(text.replace("\r\n", "\n"), path)
    if document is None:
        raise ConfigurationError(f"{path}: there is no [tool.journeylint] table in it - add one, or name another file")
    return document


def _read_yaml(text: str, path: str, loader: Loader) -> Document | None:
    documents = loader.load(text)
    if len(documents) > 1 and not documents[0].problems:
        place = documents[1].locate("")
        message = f"{len(documents)} documents, expected one: a configuration is one mapping - remove the '---'"
        raise ConfigurationError(f"{path}:{place.line}:{place.column}: {message}")
    if not documents or (documents[0].value is None and not documents[0].problems):
        return None
    return documents[0]


class _Reading:
    """One configuration document, and what is wrong with it."""

    def __init__(self, source: Source, document: Document, text: str) -> None:
        self.path = path = source.path
        self.folder = source.folder
        self.document = document
        self._is_toml = path.lower().endswith(".toml")  # there, places are whole lines already
        self._lines = _LINE_BREAK.split(text)
        self.problems: list[Problem] = []

    def check(self, schema: JsonObject) -> None:
        """Collect all problems."""
        self.problems.extend(self.document.problems)
        if any(problem.is_fatal for problem in self.document.problems):
            return
        value = self.document.value
        if not isinstance(value, dict):
            self._add("", "a configuration is a mapping such as 'fail-on: warning', and this is none")
            return
        run_wide = dict(_find_run_wide(value))
        found = [problem for problem in SchemaGate(schema).problems(self.document) if problem.pointer not in run_wide]
        found += [self._problem(pointer, message) for pointer, message in run_wide.items()]
        self.problems.extend(found if self._is_toml else place_at_keys(found, self._lines))
        as_of = value.get("as-of")
        if isinstance(as_of, str):
            try:
                parse_as_of(as_of)
            except ValueError as error:
                self._add("/as-of", f"as-of: {error}")
        self._check_suppression_rules(value)
        for word, pointer in self._patterns(value):
            if (problem := scope_problem(word.text)) is not None:
                self._add(pointer, problem)

    def _patterns(self, value: JsonObject) -> Iterator[tuple[Word, str]]:
        """The `files` of all overrides, and where each stands."""
        for index, item in enumerate(_items(value, "overrides")):
            for number, text in enumerate(_items(_mapping(item), "files")):
                if isinstance(text, str):
                    pointer = pointer_of(("overrides", index, "files", number))
                    yield Word(text, self._place(pointer), self.folder), pointer

    def extends(self) -> tuple[Word, ...]:
        """What the file extends, as far as that can be read."""
        value = _mapping(self.document.value)
        if isinstance(text := value.get("extends"), str):
            return (Word(text, self._place("/extends"), self.folder),) if text else ()
        return tuple(word for word in self._words(value, "", "extends") or () if word.text)

    def settings(self, empty: Settings) -> Settings:
        """The settings of a document without problems."""
        value = _mapping(self.document.value)
        as_of = value.get("as-of")
        layers = (
            self._layer(value, ""),
            *(self._override(_mapping(item), index) for index, item in enumerate(_items(value, "overrides"))),
        )
        return empty._replace(
            paths=self._words(value, "", "paths"),
            exclude=self._words(value, "", "exclude") or (),
            as_of=Placed(parse_as_of(as_of), self._place("/as-of")) if isinstance(as_of, str) else None,
            policy_roots=self._words(value, "", "policy-roots") or (),
            plugins=self._plugin_rules(_mapping(value.get("plugins")), "/plugins"),
            layers=tuple(layer for layer in layers if layer != Layer()),
            suppressions=tuple(self._suppressions(value)),
            suppression_rules=self._suppression_rules(_mapping(value.get("suppression-rules"))),
            baseline=self._baseline(value),
            export_environment=self._export_environment(value),
        )

    def _suppressions(self, value: JsonObject) -> Iterator[ConfiguredSuppression]:
        for index, item in enumerate(_items(value, "suppressions")):
            pointer = pointer_of(("suppressions", index))
            location = Location(self.path, 1, pointer, self.document.locate(pointer))
            yield ConfiguredSuppression(_mapping(item), location, self.folder)

    def _suppression_rules(self, value: JsonObject) -> SuppressionSettings:
        places = {key: self._place(pointer_of(("suppression-rules", key))) for key in value}
        required, length = value.get("reason-required"), value.get("reason-length")
        pattern, longest = value.get("ticket-pattern"), value.get("longest-term")
        return SuppressionSettings(
            Placed(required, places["reason-required"]) if isinstance(required, bool) else None,
            Placed(int(length), places["reason-length"]) if isinstance(length, int | float) else None,
            Placed(pattern, places["ticket-pattern"]) if isinstance(pattern, str) else None,
            Placed(longest, places["longest-term"]) if isinstance(longest, str) else None,
        )

    def _check_suppression_rules(self, value: JsonObject) -> None:
        rules = self._suppression_rules(_mapping(value.get("suppression-rules")))
        if rules.ticket_pattern is not None:
            try:
                re.compile(rules.ticket_pattern.value)
            except re.error as error:
                told = f"ticket-pattern {rules.ticket_pattern.value!r} is no regular expression: {error}"
                self._add("/suppression-rules/ticket-pattern", told)
        if rules.longest_term is not None:
            try:
                parse_duration(rules.longest_term.value)
            except TimeError as error:
                self._add("/suppression-rules/longest-term", f"longest-term: {error}")

    def _export_environment(self, value: JsonObject) -> Placed[str] | None:
        name = value.get("export-environment")
        return Placed(name, self._place("/export-environment")) if isinstance(name, str) else None

    def _baseline(self, value: JsonObject) -> Word | None:
        text = value.get("baseline")
        return Word(text, self._place("/baseline"), self.folder) if isinstance(text, str) else None

    def _override(self, value: JsonObject, index: int) -> Layer:
        pointer = pointer_of(("overrides", index))
        scope = scope_from(self._words(value, pointer, "files") or ())
        return self._layer(value, pointer)._replace(scope=scope)

    def _plugin_rules(self, value: JsonObject, pointer: str) -> PluginRules:
        return PluginRules(
            allow=self._words(value, pointer, "allow"),
            block=self._words(value, pointer, "block") or (),
            paths=self._words(value, pointer, "paths") or (),
        )

    def _layer(self, value: JsonObject, pointer: str) -> Layer:
        fail_on = value.get("fail-on")
        place = self._place(pointer + "/fail-on")
        preset = value.get("preset")
        return Layer(
            preset=Word(preset, self._place(pointer + "/preset")) if isinstance(preset, str) else None,
            select=self._words(value, pointer, "select"),
            ignore=self._words(value, pointer, "ignore") or (),
            policies=tuple(
                self._policy_settings(name, _mapping(item), pointer + pointer_of(("policies", name)))
                for name, item in _mapping(value.get("policies")).items()
            ),
            fail_on=None if fail_on is None else Placed(FailOn(fail_on), place),
        )

    def _policy_settings(self, name: str, value: JsonObject, pointer: str) -> PolicySettings:
        severity, enabled = value.get("severity"), value.get("enabled")
        return PolicySettings(
            target=Word(name, self._key_place(name, pointer)),
            severity=None if severity is None else Placed(Severity(severity), self._place(f"{pointer}/severity")),
            enabled=Placed(enabled, self._place(f"{pointer}/enabled")) if isinstance(enabled, bool) else None,
            params=tuple(
                self._param(param, item, pointer + pointer_of(("params", param)))
                for param, item in _mapping(value.get("params")).items()
            ),
        )

    def _param(self, name: str, value: JsonValue, pointer: str) -> ParamSetting:
        return ParamSetting(Word(name, self._key_place(name, pointer)), value, self._place(pointer))

    def _words(self, value: JsonObject, pointer: str, key: str) -> tuple[Word, ...] | None:
        if key not in value:
            return None
        return tuple(
            Word(text, self._place(pointer + pointer_of((key, index))), self.folder)
            for index, text in enumerate(_items(value, key))
            if isinstance(text, str)
        )

    def _place(self, pointer: str) -> Place:
        span = self.document.locate(pointer)
        return Place(self.path, span.line, span.column)

    def _key_place(self, key: str, pointer: str) -> Place:
        """Where *key* stands: the last time that it is written before the value at *pointer*."""
        place = self._place(pointer)
        if self._is_toml:
            return place
        lines = self._lines[: place.line]
        lines[-1] = lines[-1][: place.column - 1]
        found = ((number, lines[number - 1].rfind(key)) for number in range(len(lines), 0, -1))
        return next((Place(self.path, number, column + 1) for number, column in found if column >= 0), place)

    def _add(self, pointer: str, message: str) -> None:
        self.problems.append(self._problem(pointer, message))

    def _problem(self, pointer: str, message: str) -> Problem:
        return Problem(message, pointer, self.document.locate(pointer))


_LINE_BREAK = re.compile(r"\r\n?|\n")


def _find_run_wide(value: JsonObject) -> Iterator[tuple[str, str]]:
    for index, item in enumerate(_items(value, "overrides")):
        for key in item if isinstance(item, dict) else ():
            if key in RUN_WIDE:
                yield (
                    pointer_of(("overrides", index, key)),
                    f"{key!r} cannot be overridden for some files: {RUN_WIDE[key]} - set it at the top level",
                )


def _mapping(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _items(value: JsonObject, key: str) -> list[JsonValue]:
    items = value.get(key)
    return items if isinstance(items, list) else []
