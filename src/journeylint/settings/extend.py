"""A configuration together with all that it extends: files found, read, and put on top of each other."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from journeylint.errors import ConfigurationError
from journeylint.settings.read import ReadFile, Source, read_file
from journeylint.settings.values import Place, PluginRules, Settings, SuppressionSettings, Word
from journeylint.suggest import did_you_mean

if TYPE_CHECKING:
    from journeylint.model import JsonObject
    from journeylint.ports import Loader

DEEPEST = 10
"""How many files may extend one another in a row: more is a mistake, or meant to do harm."""

MOST_FILES = 100
"""How many may be extended in all: each file may name many, and those many again."""

PACKAGE = "pkg:"
"""What an item of `extends` begins with that names a file inside an installed package."""


def read_settings(file: Path, *, working_directory: Path, loader: Loader, schema: JsonObject) -> Settings:
    """The settings of *file*, a YAML or TOML file, on top of those that it extends.

    *loader* reads YAML, *schema* is the JSON Schema of a configuration. Raises ConfigurationError with all problems of
    all files, sorted by file and position.
    """
    chain = _Chain(working_directory, loader, schema)
    own = Source(file, _shown_path(file, working_directory), file.absolute().parent)
    settings = chain.read(own, ())
    if chain.problems or chain.unreadable:
        found = sorted(set(chain.problems))
        told = [f"{place}: {message}" for place, message in found]
        raise ConfigurationError([*dict.fromkeys(chain.unreadable), *told])
    return settings._replace(folder=own.folder, path=own.path)


class _Link(NamedTuple):
    """A file on the way from the one that a run has to the one that is read, by its real path."""

    real: str
    path: str


class _NoBaseError(Exception):
    """An item of `extends` means no file; the message says why."""


class _Chain:
    """Reads files that extend each other, and collects what is wrong with any of them."""

    def __init__(self, working_directory: Path, loader: Loader, schema: JsonObject) -> None:
        self._here = working_directory
        self._loader = loader
        self._schema = schema
        self._count = 0
        self.problems: list[tuple[Place, str]] = []
        self.unreadable: list[str] = []

    def read(self, source: Source, above: tuple[_Link, ...]) -> Settings:
        """What *source* says on top of what it extends; *above* are the files that lead to it."""
        links = (*above, _Link(os.path.realpath(source.file), source.path))
        try:
            found = read_file(source, loader=self._loader, schema=self._schema)
        except ConfigurationError as error:
            self.unreadable += error.messages
            return Settings(source.folder)
        self.problems += found.problems
        self._refuse_python(source, found)
        bases = Settings(source.folder)
        for word in found.extends:
            try:
                base = self._find(word, source, links)
            except _NoBaseError as error:
                self.problems.append((word.place, f"extends: {error}"))
            else:
                bases = put_on_top(bases, self.read(base, links))
        return put_on_top(bases, found.settings)

    def _find(self, word: Word, source: Source, links: tuple[_Link, ...]) -> Source:
        """The file that *word* means."""
        if "\0" in word.text or "://" in word.text:
            raise _NoBaseError(f"{word.text!r} is no file: name one on this machine, for nothing is fetched")
        if word.text.startswith(PACKAGE):
            base = self._find_in_package(word, source)
        elif source.path.startswith(PACKAGE):
            base = self._find_beside(word, source)
        else:
            file = Path(os.path.normpath(source.file.absolute().parent / word.text))
            base = Source(file, _shown_path(file, self._here), file.parent, word.place)
        real = os.path.realpath(base.file)
        way = " -> ".join([*(link.path for link in links), base.path])
        if any(link.real == real for link in links):
            raise _NoBaseError(f"{word.text!r} leads back to a file that is being read: {way} - take one of them out")
        if len(links) >= DEEPEST:
            raise _NoBaseError(f"more than {DEEPEST} files extend each other: {way} - make the chain shorter")
        if not _is_file(base.file):
            raise _NoBaseError(_say_missing(word.text, base.file))
        self._count += 1
        if self._count > MOST_FILES:
            raise _NoBaseError(f"more than {MOST_FILES} files are extended in all - take some out")
        return base

    def _find_in_package(self, word: Word, source: Source) -> Source:
        package, _, inside = word.text.removeprefix(PACKAGE).partition("/")
        if not package.isidentifier() or not inside:
            raise _NoBaseError(f"{word.text!r} is no file of a package: expected 'pkg:package/file.yaml'")
        folders = find_package_folders(package)
        if not folders:
            raise _NoBaseError(
                f"there is no installed package {package!r} for {word.text!r} - install it beside journeylint"
            )
        return self._inside(word, package, folders, inside, source)

    def _find_beside(self, word: Word, source: Source) -> Source:
        """What a file inside a package extends stands in the same package."""
        package, _, own = source.path.removeprefix(PACKAGE).partition("/")
        folder = own.rpartition("/")[0]
        inside = os.path.normpath(f"{folder}/{word.text}" if folder else word.text).replace(os.sep, "/")
        return self._inside(word, package, find_package_folders(package), inside, source)

    def _inside(self, word: Word, package: str, folders: list[Path], inside: str, source: Source) -> Source:
        inside = os.path.normpath(inside).replace(os.sep, "/")
        if inside.startswith("../") or inside == ".." or os.path.isabs(inside):  # noqa: PTH117 - text in, text out
            raise _NoBaseError(f"{word.text!r} leads out of the package {package!r}: name a file inside it")
        files = [folder / inside for folder in folders]
        file = next(filter(_is_file, files), files[0])
        if _is_file(file) and not any(_is_below(file, folder) for folder in folders):
            raise _NoBaseError(f"{word.text!r} leads out of the package {package!r}: name a file inside it")
        return Source(file, f"{PACKAGE}{package}/{inside}", source.folder, word.place)

    def _refuse_python(self, source: Source, found: ReadFile) -> None:
        """A package brings plugins by its entry points, where it is seen which distribution they are of."""
        if source.path.startswith(PACKAGE):
            for word in found.settings.plugins.paths:
                message = (
                    "'plugins.paths' cannot be set by a package: give the plugin an entry point in group 'journeylint'"
                )
                self.problems.append((word.place, message))


def put_on_top(base: Settings, own: Settings) -> Settings:
    """*own* on top of *base*: what there is one of is taken from the upper, lists of files and layers add up."""
    allow = base.plugins.allow if own.plugins.allow is None else own.plugins.allow
    return Settings(
        folder=own.folder,
        path=own.path,
        paths=base.paths if own.paths is None else own.paths,
        exclude=(*base.exclude, *own.exclude),
        as_of=own.as_of or base.as_of,
        policy_roots=(*base.policy_roots, *own.policy_roots),
        plugins=PluginRules(
            allow, (*base.plugins.block, *own.plugins.block), (*base.plugins.paths, *own.plugins.paths)
        ),
        layers=(*base.layers, *own.layers),
        files=(*base.files, *own.files),
        suppressions=(*base.suppressions, *own.suppressions),
        suppression_rules=SuppressionSettings._make(
            lower if upper is None else upper
            for lower, upper in zip(base.suppression_rules, own.suppression_rules, strict=True)
        ),
        baseline=own.baseline or base.baseline,
        export_environment=own.export_environment or base.export_environment,
    )


def find_package_folders(package: str) -> list[Path]:
    """The folders of an installed package, found without running any of its code; none where there is no such package."""
    from importlib.util import find_spec  # noqa: PLC0415 - only a configuration that extends a package pays for it

    try:
        spec = find_spec(package)
    except (ImportError, ValueError, AttributeError):  # a finder that fails, or a module without a spec
        return []
    return [Path(folder) for folder in spec.submodule_search_locations or ()] if spec is not None else []


def _is_file(file: Path) -> bool:
    return os.path.isfile(file)  # noqa: PTH113 - Path raises for a name that is too long


def _is_below(file: Path, folder: Path) -> bool:
    return Path(os.path.realpath(file)).is_relative_to(os.path.realpath(folder))


def _say_missing(text: str, file: Path) -> str:
    if os.path.isdir(file):  # noqa: PTH112 - as above
        return f"{text!r} is a folder: name the configuration file in it"
    try:
        names = sorted(one.name for one in file.parent.iterdir())[:2000]
    except (OSError, ValueError):
        names = []
    return f"{text!r} does not exist{did_you_mean(file.name, names)}"


def _shown_path(file: Path, working_directory: Path) -> str:
    try:
        relative = os.path.relpath(file.absolute(), working_directory.absolute())
    except ValueError:  # another drive
        relative = str(file.absolute())
    return os.fsencode(relative.replace(os.sep, "/")).decode("utf-8", "backslashreplace")
