"""From a file to its documents: reads the bytes, tells ours from others', decodes, and picks the loader."""

from __future__ import annotations

import codecs
import os
import re
from typing import TYPE_CHECKING, NamedTuple

from journeylint.encodings import WrongEncodingError, decode_utf8, name_wide_encoding
from journeylint.formats.limits import DEFAULT_LIMITS, Limits
from journeylint.model import Document, Problem, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from journeylint.model import SourceFile
    from journeylint.ports import Loader

_TOP = Span(1, 1, 1, 1)
_CHUNK_BYTES = 1 << 16
_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_DEFAULT_SUFFIX = ".yaml"
_JSON_SUFFIX = ".json"
_BINARY = (
    "is a binary file, neither a manifest nor an export: expected YAML, JSON, or a Configuration Migration package"
)
_REASONS: dict[type[OSError], str] = {
    FileNotFoundError: "it is not there (any more)",
    PermissionError: "permission denied",
    IsADirectoryError: "it is a folder",
}


class LoadedFile(NamedTuple):
    """A file's documents, in order. A file that could not be read at all has one, without value, that says why.

    `text` is the whole of it but for a byte order mark, which `has_mark` tells of; None where it could not be read.
    `is_yaml` says that it was read as YAML, in which there are comments.
    """

    path: str
    documents: list[Document]
    text: str | None = None
    has_mark: bool = False
    is_yaml: bool = False


class FileReader:
    """Reads files by the *loaders* given; a later one wins where two read the same file name ending.

    *kinds* are the names of our kinds: a file that was not named is read only if its text mentions `journeylint/` or
    gives one of them as a `kind`.
    """

    def __init__(self, loaders: Iterable[Loader], kinds: Iterable[str], limits: Limits = DEFAULT_LIMITS) -> None:
        self._loaders = {suffix: loader for loader in loaders for suffix in loader.suffixes}
        self._mentions_kind = _compile_mention(sorted(kinds))
        self._limits = limits

    def read(self, source: SourceFile) -> LoadedFile | None:
        """The documents of *source*, or None for a file that was not named and does not mention ours. Never raises
        for what the file is or holds.
        """
        if source.documents is not None:
            return LoadedFile(source.path, list(source.documents))
        try:
            data = source.content if source.content is not None else _read_bytes(source.file, self._limits.file_bytes)
        except OSError as error:
            return _unreadable(source.path, f"cannot be read: {tell_os_error(error)}", _TOP)
        if len(data) > self._limits.file_bytes:
            told = f"larger than {self._limits.file_bytes:,} bytes, the most that is read: split it"
            return _unreadable(source.path, told, _TOP)
        encoding = name_wide_encoding(data)
        if not (source.named or self._mentions_ours(data, is_wide=encoding is not None)):
            return None
        if encoding is not None:
            return _unreadable(source.path, f"is {encoding}, not UTF-8: save it as UTF-8", _TOP)
        try:
            text = decode_utf8(data)
        except WrongEncodingError as error:
            if b"\0" in data and not self._mentions_ours(data, is_wide=True):
                return _unreadable(source.path, _BINARY, _TOP)
            return _unreadable(source.path, str(error), error.span)
        has_mark = not text.isascii() and data.startswith(codecs.BOM_UTF8)
        documents, loader = self._load(source.path, text)
        return LoadedFile(source.path, documents, text, has_mark, loader is self._loaders[_DEFAULT_SUFFIX])

    def _mentions_ours(self, data: bytes, *, is_wide: bool) -> bool:
        if is_wide:
            data = data.replace(b"\0", b"")
        # JSON may write the slash as an escape.
        if b"journeylint/" in data or b"journeylint\\/" in data:
            return True
        return b"kind" in data and self._mentions_kind.search(data) is not None

    def loader_of(self, path: str, text: str) -> Loader:
        """The loader that reads the file at *path* with this *text*."""
        return self._loaders.get(_suffix_of(path)) or self._load(path, text)[1]

    def _load(self, path: str, text: str) -> tuple[list[Document], Loader]:
        """The documents of *text*, and what read them."""
        loader = self._loaders.get(_suffix_of(path))
        if loader is not None:
            return loader.load(text), loader
        json = self._loaders.get(_JSON_SUFFIX)
        if json is not None and text.lstrip(" \t\r\n").startswith(("{", "[")):
            documents = json.load(text)
            if not any(document.problems for document in documents):
                return documents, json
        loader = self._loaders[_DEFAULT_SUFFIX]
        return loader.load(text), loader


def _suffix_of(path: str) -> str:
    return os.path.splitext(path)[1].lower()  # noqa: PTH122 - pathlib takes four times as long


def _compile_mention(kinds: Sequence[str]) -> re.Pattern[bytes]:
    names = "|".join(re.escape(kind) for kind in kinds) or "(?!)"
    pattern = rf"""(?<![\w.-])kind["']?\s*:\s*["']?(?:{names})(?![\w.-])"""
    return re.compile(pattern.encode())


def _read_bytes(file: str, most: int) -> bytes:
    """The content of *file*, or its first bytes, more than *most*, where it is larger."""
    descriptor = os.open(file, _OPEN_FLAGS)
    try:
        chunks, size = [], 0
        while size <= most and (chunk := os.read(descriptor, _CHUNK_BYTES)):
            chunks.append(chunk)
            size += len(chunk)
    finally:
        os.close(descriptor)
    return b"".join(chunks)


def tell_os_error(error: OSError) -> str:
    """Why a file cannot be read, to go on behind a colon."""
    return _REASONS.get(type(error)) or (error.strerror or "the system gives no reason").lower()


def _unreadable(path: str, told: str, span: Span) -> LoadedFile:
    problem = Problem(told, "", span, is_fatal=True)
    return LoadedFile(path, [Document(1, None, lambda _: span, (problem,))])
