"""What an import makes of the files that are there: new texts, the least changes of old ones, or a reason why not."""

from __future__ import annotations

import enum
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from journeylint.edits.apply import EditableText, edit_text
from journeylint.edits.emit import emit_yaml
from journeylint.edits.errors import EditError
from journeylint.edits.file_text import content_of, text_of
from journeylint.importing.differences import find_edits
from journeylint.importing.drafts import Draft, Drafts, manifest_of
from journeylint.importing.patching import member_of
from journeylint.importing.targets import Target, TargetFolder
from journeylint.importing.translate import ImportFailure, RowKey
from journeylint.importing.updating import UnsaidError, complete, update
from journeylint.load import tell_os_error
from journeylint.model import Document, JsonObject, JsonValue, Manifest, Span
from journeylint.ports import Kind, Loader
from journeylint.validate import Validator

_MODELINE = "# yaml-language-server: $schema="
_ANY_SCHEMA = "https://journeylint.dev/schemas/manifest.schema.json"


class ChangeKind(enum.Enum):
    """What becomes of a manifest's file; the value is the word for it in reports."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class FileChange(NamedTuple):
    """A row's manifest and its file.

    `file` is the full path, `before` what it holds (None where it is new), `after` what it is to hold.
    """

    kind: ChangeKind
    draft: Draft
    path: str
    file: Path
    before: bytes | None
    after: bytes


class Plan:
    """What an import makes of the folder *target*; `changes` finds it out, one manifest at a time, and writes nothing.

    Where *environment* is given, new manifests belong to it, and only those of it are looked at.
    """

    def __init__(
        self,
        drafts: Drafts,
        target: TargetFolder,
        imported: Sequence[Target],
        *,
        kinds: Mapping[str, Kind],
        environment: str | None = None,
    ) -> None:
        self._drafts, self._target, self._environment = drafts, target, environment
        self._homes: dict[tuple[str, RowKey], list[Target]] = {}
        for one in imported:
            if one.row is not None:
                self._homes.setdefault((one.kind, one.row), []).append(one)
        self._broken = {Path(one.file).stem.lower(): one for one in target.unreadable if one.row is None}
        self._validator = Validator(kinds)
        self._modelines = {name: _modeline_of(kind) for name, kind in kinds.items()}
        self._root = Path(os.path.realpath(target.folder))
        self._real_folders: dict[Path, Path] = {}

    def changes(self) -> Iterator[FileChange | ImportFailure]:
        """What becomes of each draft, in their order."""
        for draft in self._drafts:
            try:
                yield self._plan(draft)
            except _RefusedError as error:
                yield _failure_of(draft, str(error), error.span)

    def _plan(self, draft: Draft) -> FileChange:
        if draft.kind not in self._modelines:
            raise _RefusedError(f"it would become a {draft.kind}, a kind that there is not: a plugin may be missing")
        homes = self._homes.get((draft.kind, draft.row), [])
        if len(homes) > 1:
            raise _RefusedError(
                f"two manifests name this row as their origin, {homes[0].path} and {homes[1].path}: keep one of them"
            )
        return self._change(draft, homes[0]) if homes else self._create(draft)

    def _finish(self, draft: Draft, held: JsonValue) -> tuple[Draft, bytes]:
        """The complete draft, beside a manifest with the spec *held*, and the content of a new file with it. Raises where it
        would be no valid manifest.
        """
        field = self._drafts.field_of(draft.kind)
        try:
            draft = complete(draft, held, member_of(field, "spec"))
        except UnsaidError as error:
            raise _RefusedError(str(error), draft.locate(error.column)) from error
        data = manifest_of(draft, field, self._environment)
        content = self._render(draft.kind, data)
        self._check(draft, data)
        if not content:
            raise _RefusedError("it holds what cannot be written")
        return draft, content

    def _render(self, kind: str, data: JsonObject) -> bytes:
        """*data* as a file of its own. What nobody can write is no valid manifest either, and told as such."""
        try:
            return f"{self._modelines[kind]}{emit_yaml(data)}".encode()
        except (EditError, UnicodeEncodeError, RecursionError):
            return b""

    def _check(self, draft: Draft, data: JsonObject) -> None:
        """Raise where *data*, which gets its defaults by it, would be no valid manifest."""
        admitted = self._validator.admit(draft.path, Document(1, data, draft.find))
        if admitted is None or isinstance(admitted, Manifest):
            return
        first = admitted.failures[0]
        place = f" at {first.location.pointer}" if first.location.pointer else ""
        raise _RefusedError(f"it would be no valid manifest{place}: {first.message}", first.location.span)

    def _create(self, draft: Draft) -> FileChange:
        draft, content = self._finish(draft, None)
        wished = draft.name.removesuffix(f"-{draft.row.id[:8]}")
        broken = self._broken.get(draft.name.lower()) or self._broken.get(wished.lower())
        if broken is not None:
            raise _RefusedError(
                f"it may be in {broken.path} already, which cannot be read: {broken.fault} - mend that first"
            )
        relative = self._target.file_of(draft.kind, draft.name)
        file = self._inside(self._target.folder / relative)
        if file.exists():
            raise _RefusedError(f"{relative.as_posix()} is there already and holds something else: rename that")
        return FileChange(ChangeKind.CREATED, draft, self._told(relative), file, None, content)

    def _told(self, relative: Path) -> str:
        return (Path(self._target.path) / relative).as_posix()

    def _change(self, draft: Draft, home: Target) -> FileChange:
        if home.fault:
            raise _RefusedError(f"{home.path}:{home.span.line}:{home.span.column}: {home.fault} - mend that first")
        file = self._inside(Path(home.file))
        try:
            before = file.read_bytes()
            held = None if draft.is_complete else self._read(home, text_of(before))[1].get("spec")
            draft, content = self._finish(draft, held)
            after = before if before == content else self._edit(draft, home, before)
        except OSError as error:
            raise _RefusedError(f"{home.path} cannot be read: {tell_os_error(error)}") from error
        except (EditError, UnicodeDecodeError) as error:
            raise _RefusedError(
                f"{home.path} cannot be edited here: {error} - edit it by hand, and import again"
            ) from error
        kind = ChangeKind.UNCHANGED if before == after else ChangeKind.CHANGED
        return FileChange(kind, draft, home.path, file, before, after)

    def _edit(self, draft: Draft, home: Target, before: bytes) -> bytes:
        """The content of the file with what the row says; as it is where it says so already."""
        text = text_of(before)
        loader, value = self._read(home, text)
        field = self._drafts.field_of(draft.kind)
        outcome = update(value, draft, field)
        edits = list(find_edits(value, outcome, field))
        if not edits:
            return before
        if before == self._render(draft.kind, value):
            return self._render(draft.kind, outcome)
        return content_of(edit_text(EditableText(text, loader), home.document, edits).text, before)

    def _read(self, home: Target, text: str) -> tuple[Loader, JsonObject]:
        """What reads the file of *home*, with this *text*, and the data of its manifest."""
        loader = self._target.loader_of(home.path, text)
        documents = loader.load(text)
        value = documents[home.document - 1].value if home.document <= len(documents) else None
        if not isinstance(value, dict):
            raise EditError("it has changed since it was read")
        return loader, value

    def _inside(self, file: Path) -> Path:
        """The real path of *file*, which has to be inside the folder, wherever links lead."""
        folder = self._real_folders.get(file.parent)
        if folder is None:
            folder = self._real_folders[file.parent] = Path(os.path.realpath(file.parent))
        real = folder / file.name
        if real.is_symlink():
            real = Path(os.path.realpath(real))
        if not real.is_relative_to(self._root):
            raise _RefusedError(f"{file.name} leads out of the folder by a link: put the file itself there")
        return real


class _RefusedError(ValueError):
    """A draft does not become a file; `span` is where its row is at fault, None for the row."""

    def __init__(self, message: str, span: Span | None = None) -> None:
        super().__init__(message)
        self.span = span


def list_gone(imported: Sequence[Target], rows: set[RowKey]) -> list[Target]:
    """Those of *imported* whose row is not among *rows*, though other rows of its table are."""
    tables = {(row.system, row.table) for row in rows}
    return [
        one
        for one in imported
        if one.row is not None and (one.row.system, one.row.table) in tables and one.row not in rows
    ]


def _failure_of(draft: Draft, message: str, span: Span | None) -> ImportFailure:
    place = draft.locate("") if span is None else span
    return ImportFailure(draft.path, draft.entry, place, message, draft.row, draft.title)


def _modeline_of(kind: Kind) -> str:
    identifier = kind.schema.get("$id")
    schema = identifier if isinstance(identifier, str) and identifier.startswith("http") else _ANY_SCHEMA
    return f"{_MODELINE}{schema}\n"
