"""Reads a baseline, and tells all that is wrong with all of its files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from journeylint.baseline.entries import Baseline, BaselineFile, Entry, pointer_to
from journeylint.baseline.file_names import SUFFIX, file_of
from journeylint.baseline.text import SpelledFile, as_data, read_spelled
from journeylint.errors import ConfigurationError
from journeylint.model import DEFAULT_ENVIRONMENT, Document, Identity, JsonObject
from journeylint.rooted_patterns import relative_to
from journeylint.schema_check import SchemaGate
from journeylint.stable_pointers import spell_json

if TYPE_CHECKING:
    from journeylint.ports import Loader

_CONFLICT = re.compile(r"^(?:<{7} |={7}$|>{7} )", re.MULTILINE)
_WHAT = "a file of a baseline, such as `journeylint baseline create` writes"


def read_baseline(folder: Path, *, working_directory: Path, loader: Loader, schema: JsonObject) -> Baseline:
    """What is in *folder*, a full path; nothing where it is not there.

    *loader* reads YAML, *schema* is the JSON Schema of a file. Raises ConfigurationError with all problems of all files.
    """
    gate = SchemaGate(schema)
    here = os.path.normpath(working_directory.absolute()).replace(os.sep, "/")
    files: dict[Identity, BaselineFile] = {}
    problems: list[str] = []
    for file in _list_files(folder):
        path = relative_to(file.replace(os.sep, "/"), here)
        reading = _Reading(path, relative_to(file.replace(os.sep, "/"), folder.as_posix()), gate)
        read = reading.read(file, loader)
        if read is not None:
            files[read.manifest] = read
        problems += reading.problems
    if problems:
        raise ConfigurationError(problems)
    return Baseline(folder, files)


def _list_files(folder: Path) -> Iterator[str]:
    """The full paths of the files, by path."""
    found: list[str] = []
    for root, _, names in os.walk(folder):
        found += [f"{root}{os.sep}{name}" for name in names if name.endswith(SUFFIX)]
    return iter(sorted(found))


class _Reading:
    """One file, and what is wrong with it. *inside* is its path in the baseline's folder."""

    def __init__(self, path: str, inside: str, gate: SchemaGate) -> None:
        self._path = path
        self._inside = inside
        self._gate = gate
        self.problems: list[str] = []

    def read(self, file: str, loader: Loader) -> BaselineFile | None:
        """What the file says; None where it has problems."""
        text = self._read_text(file)
        if text is None:
            return None
        said = read_spelled(text)
        if said is None or not self._gate.accepts(as_data(said)):
            said = self._read_as_yaml(text, loader)
        if said is None:
            return None
        kind, name = said.manifest.kind, said.manifest.name
        if file_of(said.manifest) != self._inside:
            told = f"this is about {kind} {name!r}: expected it at {file_of(said.manifest)!r} in the folder of the baseline"
            self._add(1, 1, f"{told} - move it there")
            return None
        return BaselineFile(self._path, *said)

    def _read_as_yaml(self, text: str, loader: Loader) -> SpelledFile | None:
        document = None if self._find_conflict(text) else self._read_document(text, loader)
        if document is None or not isinstance(document.value, dict):
            return None
        kind, _, name = str(document.value["manifest"]).partition("/")
        identity = Identity(str(document.value.get("environment", DEFAULT_ENVIRONMENT)), kind, name)
        entries = tuple(_entries(document.value))
        spans = tuple(document.locate(pointer_to(number)) for number in range(len(entries)))
        return SpelledFile(identity, entries, spans)

    def _read_text(self, file: str) -> str | None:
        try:
            with open(file, "rb") as stream:  # noqa: PTH123 - 10,000 times
                return stream.read().removeprefix(b"\xef\xbb\xbf").decode("utf-8")
        except OSError as error:
            self._add(1, 1, f"it cannot be read: {error.strerror}")
        except UnicodeDecodeError:
            self._add(1, 1, "it is not UTF-8 - save it as UTF-8")
        return None

    def _find_conflict(self, text: str) -> bool:
        conflict = _CONFLICT.search(text) if "<<<<<<<" in text or "=======" in text or ">>>>>>>" in text else None
        if conflict is None:
            return False
        line = text.count("\n", 0, conflict.start()) + 1
        told = "a merge of two branches left a conflict here"
        self._add(line, 1, f"{told} - take either side, and run journeylint baseline update")
        return True

    def _read_document(self, text: str, loader: Loader) -> Document | None:
        documents = loader.load(text)
        if len(documents) != 1 or documents[0].value is None:
            problems = documents[0].problems if documents else ()
            for problem in problems:
                self._add(problem.span.line, problem.span.column, problem.message)
            if not problems:
                self._add(1, 1, f"{len(documents)} documents: expected one, {_WHAT}")
            return None
        document = documents[0]
        found = document.problems or self._gate.problems(document)
        for problem in found:
            self._add(problem.span.line, problem.span.column, problem.message)
        return None if found else document

    def _add(self, line: int, column: int, message: str) -> None:
        self.problems.append(f"{self._path}:{line}:{column}: {message}")


def _entries(value: JsonObject) -> Iterator[Entry]:
    findings = value["findings"]
    for item in findings if isinstance(findings, list) else ():
        if isinstance(item, dict):
            spelled = spell_json(item["value"]) if "value" in item else ""
            yield Entry(str(item["policy"]), str(item["pointer"]), spelled, str(item.get("until", "")))
