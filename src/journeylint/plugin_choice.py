"""Which of the plugins on offer are loaded, as command line, environment and configuration say, and why others are not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from journeylint.entry_points import EntryPoint, normalize_name
from journeylint.errors import ConfigurationError, UsageError
from journeylint.suggest import did_you_mean

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

    from journeylint.settings.values import PluginRules, Settings, Word

LOAD_VARIABLE = "JOURNEYLINT_LOAD_PLUGINS"
LOCAL_OPTION = "--allow-local-plugins"

_BUILT_IN = ("core", "schemas", "policies", "journeylint")
_NAME_AND_VERSIONS = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*((?:[<>=!~].*)?)\Z", re.DOTALL)


class PluginOptions(NamedTuple):
    """What a person says about plugins: `options` are the values of `-p`, `only` the names in the environment.

    `only` None lets all in. `allows_local` is whether Python that a repository's configuration names may be imported.
    """

    options: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None
    allows_local: bool = False


class LeftOut(NamedTuple):
    """A plugin that is there and not loaded, and why."""

    entry: EntryPoint
    reason: str


class PluginChoice(NamedTuple):
    """The plugins to load, and those that are there beside them."""

    chosen: tuple[EntryPoint, ...]
    left_out: tuple[LeftOut, ...] = ()


class _Rule(NamedTuple):
    """One line of `allow` or `block`; `versions` None are all."""

    word: Word
    name: str
    versions: SpecifierSet | None


def choose_plugins(
    installed: Sequence[EntryPoint],
    rules: PluginRules,
    options: PluginOptions,
    local: Sequence[EntryPoint] = (),
) -> PluginChoice:
    """Which of the *installed* and *local* plugins to load: the command line decides first, then the environment.

    `block` and `allow` of *rules* then take out what the configuration does not want; they are about installed plugins.
    Raises UsageError for names that there are not, ConfigurationError for rules that cannot be understood, for an
    allowed plugin that is installed in another version, and for local plugins that nobody allowed.
    """
    without = _read_options(options.options, [*installed, *local])
    only = _read_only(options.only, installed)
    allow = None if rules.allow is None else _read_rules("allow", rules.allow)
    block = _read_rules("block", rules.block)
    chosen: list[EntryPoint] = []
    left_out: list[LeftOut] = []
    problems: list[str] = []
    for entry in installed:
        try:
            reason = (
                _reason_of_person(entry, without, only) or _reason_of_block(entry, block) or _fail_allow(entry, allow)
            )
        except ConfigurationError as error:
            problems += error.messages
            continue
        if reason:
            left_out.append(LeftOut(entry, reason))
        else:
            chosen.append(entry)
    for entry, word in zip(local, rules.paths, strict=True):
        if _is_called(entry, without):
            left_out.append(LeftOut(entry, _left_out_by(entry, without)))
        elif options.allows_local:
            chosen.append(entry)
        else:
            told = f"{word.text!r} is Python in this repository, which is imported only with {LOCAL_OPTION}"
            problems.append(f"{word.place}: {told} on the command line - give it, or leave it out: -p no:{entry.name}")
    if problems:
        raise ConfigurationError(problems)
    return PluginChoice(tuple(chosen), tuple(left_out))


def find_local_plugins(settings: Settings) -> list[EntryPoint]:
    """The plugins that `plugins.paths` names, in its order; ConfigurationError for what is no Python file or package."""
    entries, problems = [], []
    for word in settings.plugins.paths:
        path = Path(settings.full_path(word))
        if fault := _fault_of_path(path):
            problems.append(f"{word.place}: {word.text!r} {fault}")
        entries.append(EntryPoint(path.stem if path.suffix == ".py" else path.name, str(path), "", "", word.text))
    if problems:
        raise ConfigurationError(problems)
    return entries


def _fault_of_path(path: Path) -> str:
    if path.is_dir():
        is_package = (path / "__init__.py").is_file()
        return "" if is_package else "is no plugin: there is no __init__.py in this folder - name a file or a package"
    if not path.exists():
        return "is not there: name a Python file or package, from the folder of this configuration"
    return "" if path.suffix == ".py" else "is no plugin: name a Python file (.py) or a package"


def _read_options(words: Iterable[str], known: Sequence[EntryPoint]) -> list[str]:
    """The names in the values of `-p`."""
    names, problems = [], []
    for word in words:
        key, colon, name = word.partition(":")
        if not colon or key != "no" or not name:
            called = name or key.removeprefix("no")
            meant = next((entry.name for entry in known if entry.is_called(called)), None)
            hint = f" - to leave that plugin out: -p no:{meant}" if meant else ""
            problems.append(f"-p {word!r}: expected no:NAME, the name of a plugin to leave out{hint}")
        elif fault := _fault_of_name(name, known):
            problems.append(f"-p {word}: {fault}")
        names.append(name)
    if problems:
        raise UsageError(problems)
    return names


def _read_only(words: tuple[str, ...] | None, known: Sequence[EntryPoint]) -> tuple[str, ...] | None:
    problems = [f"{LOAD_VARIABLE}: {fault}" for word in words or () if (fault := _fault_of_name(word, known))]
    if problems:
        raise UsageError(problems)
    return words


def _fault_of_name(name: str, known: Sequence[EntryPoint]) -> str:
    """What is wrong with *name* as that of an installed plugin, or nothing."""
    if any(entry.is_called(name) for entry in known):
        return ""
    if normalize_name(name) in _BUILT_IN:
        return f"{name!r} is built in, and always loaded: --ignore PACK leaves policies out"
    names = dict.fromkeys(name for entry in known for name in (entry.name, entry.distribution) if name)
    hint = did_you_mean(name, names) or ": 'journeylint plugins' lists those that there are"
    return f"there is no plugin {name!r}{hint}"


def _read_rules(key: str, words: Iterable[Word]) -> list[_Rule]:
    rules, problems = [], []
    for word in words:
        match = _NAME_AND_VERSIONS.match(word.text)
        try:
            versions = None if match is None else _read_versions(match[2])
        except ValueError:
            match = None
        if match is not None:
            rules.append(_Rule(word, match[1], versions))
        else:
            told = (
                "expected the name of a plugin or distribution, and perhaps versions, such as 'acme-policies>=1.2,<2'"
            )
            problems.append(f"{word.place}: {key}: {word.text!r} cannot be understood: {told}")
    if problems:
        raise ConfigurationError(problems)
    return rules


def _read_versions(text: str) -> SpecifierSet | None:
    """The versions that *text* means, None where it is empty; ValueError where it is no range."""
    if not text.strip():
        return None
    from packaging.specifiers import SpecifierSet  # noqa: PLC0415 - most configurations name no versions

    return SpecifierSet(text)


def _reason_of_person(entry: EntryPoint, without: Iterable[str], only: tuple[str, ...] | None) -> str:
    if _is_called(entry, without):
        return _left_out_by(entry, without)
    if only is not None and not _is_called(entry, only):
        return f"not in {LOAD_VARIABLE}"
    return ""


def _is_called(entry: EntryPoint, names: Iterable[str]) -> bool:
    return any(entry.is_called(name) for name in names)


def _left_out_by(entry: EntryPoint, names: Iterable[str]) -> str:
    return f"left out by -p no:{next(name for name in names if entry.is_called(name))}"


def _reason_of_block(entry: EntryPoint, block: Iterable[_Rule]) -> str:
    for rule in block:
        if entry.is_called(rule.name) and _covers(rule, entry):
            return f"blocked at {rule.word.place} ({rule.word.text})"
    return ""


def _fail_allow(entry: EntryPoint, allow: Sequence[_Rule] | None) -> str:
    """Why *allow* does not let *entry* in, or nothing; ConfigurationError where it is the version that does not fit."""
    if allow is None:
        return ""
    meant = [rule for rule in allow if entry.is_called(rule.name)]
    if not meant:
        return "not among those that plugins.allow names"
    if any(_covers(rule, entry) for rule in meant):
        return ""
    todo = f"install a version that fits, or leave it out: -p no:{entry.name}"
    raise ConfigurationError(
        f"{rule.word.place}: {rule.word.text!r} is allowed, but installed is {entry.title} - {todo}" for rule in meant
    )


def _covers(rule: _Rule, entry: EntryPoint) -> bool:
    """Whether *rule* is about the version of *entry*; ConfigurationError where that is no version to compare."""
    if rule.versions is None:
        return True
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - most configurations name no versions

    try:
        return rule.versions.contains(Version(entry.version), prereleases=True)
    except InvalidVersion:
        told = f"{entry.title} has a version that cannot be compared"
        raise ConfigurationError(f"{rule.word.place}: {rule.word.text!r}: {told} - name it without versions") from None


def read_only_names(text: str | None) -> tuple[str, ...] | None:
    """The names in the value of JOURNEYLINT_LOAD_PLUGINS; None where it is not set, none where it is empty."""
    return None if text is None else tuple(word.strip() for word in text.split(",") if word.strip())
