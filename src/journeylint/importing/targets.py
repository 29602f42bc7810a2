"""The folder that is imported into: which manifests it holds, and which of them come from which row."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from journeylint.importing.names import KnownNames
from journeylint.importing.sources import list_files
from journeylint.importing.translate import RowKey
from journeylint.load import FileReader
from journeylint.model import DEFAULT_ENVIRONMENT, Document, JsonValue, SourceFile, Span
from journeylint.ports import Kind, Loader

_TOP = Span(1, 1, 1, 1)


class Target(NamedTuple):
    """A manifest in the folder: `file` is the full path, `document` its number there, of so many.

    `row` is the one that its `origin` names, `aliases` are other keys by which rows refer to it, `fault` is why it cannot be
    read, at `span`.
    """

    path: str
    file: str
    document: int
    documents: int
    kind: str
    name: str
    environment: str
    row: RowKey | None = None
    aliases: tuple[str, ...] = ()
    fault: str = ""
    span: Span = _TOP


class TargetFolder:
    """The manifests of *kinds* below the folder *path*, which is relative to *working_directory* or full.

    `folder` is its full path. `unreadable` are the manifests, or files that may hold some, that are not in order.
    """

    def __init__(
        self, path: str, working_directory: Path, *, loaders: Mapping[str, Loader], kinds: Mapping[str, Kind]
    ) -> None:
        self.path, self.folder = path, working_directory / path
        self._kinds = kinds
        self._reader = FileReader(dict.fromkeys(loaders.values()), kinds)
        self._suffixes = tuple(loaders)
        self._stems = {
            kind: self._list_stems(kind) for kind in kinds
        }  # before manifests: what comes between has no other name
        self.unreadable: list[Target] = []
        self.targets = list(self._list_targets(path, working_directory)) if self.folder.is_dir() else []

    def loader_of(self, path: str, text: str) -> Loader:
        """What reads the file at *path* with this *text*."""
        return self._reader.loader_of(path, text)

    def file_of(self, kind: str, name: str) -> Path:
        """Where a new manifest is written, relative to the folder."""
        return Path(f"{kind.lower()}s") / f"{name}.yaml"

    def in_environment(self, environment: str | None) -> list[Target]:
        """The targets of an environment that come from rows. With none given, those of the default environment, and rows that
        only one other environment knows count as known, too.
        """
        imported = [one for one in self.targets if one.row is not None]
        if environment is not None:
            return [one for one in imported if one.environment == environment]
        homes: dict[tuple[str, RowKey | None], set[str]] = {}
        for one in imported:
            homes.setdefault((one.kind, one.row), set()).add(one.environment)
        chosen = {place: _home(known) for place, known in homes.items()}
        return [one for one in imported if one.environment == chosen[one.kind, one.row]]

    def known_names(self, imported: Iterable[Target]) -> KnownNames:
        """The names that new manifests cannot have, and those that *imported* ones keep."""
        taken: dict[str, set[str]] = {}
        for one in self.targets:
            taken.setdefault(one.kind, set()).add(one.name.lower())
        for kind, stems in self._stems.items():
            taken.setdefault(kind, set()).update(stems)
        rows = [one for one in imported if one.row is not None]
        by_row = {(one.kind, one.row): one.name for one in rows if one.row is not None}
        by_alias = {
            (one.kind, alias): one.name for one in sorted(rows, key=_place_of, reverse=True) for alias in one.aliases
        }
        return KnownNames(by_row, {kind: frozenset(names) for kind, names in taken.items()}, by_alias)

    def _list_stems(self, kind: str) -> list[str]:
        """What the files are called among which new manifests of *kind* are written, in small letters, without suffixes."""
        held = self.folder / self.file_of(kind, "x").parent
        names = os.listdir(held) if held.is_dir() else []
        return [os.path.splitext(name)[0].lower() for name in names]  # noqa: PTH122 - text in, text out

    def _list_targets(self, folder: str, working_directory: Path) -> Iterator[Target]:
        for path, file in list_files(folder, working_directory):
            if not path.lower().endswith(self._suffixes):
                continue
            loaded = self._reader.read(SourceFile(path, file))
            documents: Sequence[Document] = () if loaded is None else loaded.documents
            for document in documents:
                yield from self._targets_of(path, file, document, len(documents))

    def _targets_of(self, path: str, file: str, document: Document, documents: int) -> Iterator[Target]:
        problem = document.problems[0] if document.problems else None
        fault, span = ("", _TOP) if problem is None else (problem.message, problem.span)
        value = document.value
        kind = _text_at(value, "kind")
        if kind in self._kinds:
            metadata, spec = _member(value, "metadata"), _member(value, "spec")
            environment = _text_at(metadata, "environment") or DEFAULT_ENVIRONMENT
            origin = _member(spec, "origin")
            row = _row_of(origin)
            name = _text_at(metadata, "name")
            target = Target(
                path, file, document.number, documents, kind, name, environment, row, aliases_of(origin), fault, span
            )
            yield target
        elif problem is not None:
            target = Target(path, file, document.number, documents, "", "", "", None, (), fault, span)
        else:
            return
        if problem is not None:
            self.unreadable.append(target)


def _place_of(one: Target) -> tuple[str, int]:
    return one.path, one.document


def _home(environments: set[str]) -> str:
    if DEFAULT_ENVIRONMENT in environments or len(environments) > 1:
        return DEFAULT_ENVIRONMENT
    return next(iter(environments))


def _row_of(origin: JsonValue) -> RowKey | None:
    key = RowKey(*(_text_at(origin, name) for name in ("system", "table", "id")))
    return key if all(key) else None


def aliases_of(origin: JsonValue) -> tuple[str, ...]:
    """The other keys that an `origin` has for its row."""
    aliases = _member(origin, "aliases")
    return tuple(one for one in aliases if isinstance(one, str)) if isinstance(aliases, list) else ()


def _member(value: JsonValue, name: str) -> JsonValue:
    return value.get(name) if isinstance(value, dict) else None


def _text_at(value: JsonValue, name: str) -> str:
    text = _member(value, name)
    return text if isinstance(text, str) else ""
