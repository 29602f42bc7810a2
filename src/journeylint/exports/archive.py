"""Zip archives of strangers: entries are read, never unpacked, and an archive that is up to something is refused."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from types import TracebackType

from journeylint.exports.xml_reading import CHUNK_BYTES
from journeylint.load import tell_os_error
from journeylint.wording import quote_value

_MOST_DIRECTORY_BYTES = 4 << 20
_MOST_ENTRIES = 10_000
_UNREMARKABLE_BYTES = 64 << 20
_MOST_RATIO = 300
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, RuntimeError, ValueError)


class ArchiveError(ValueError):
    """An archive, or an entry of it, cannot be read; the text says why and what to do."""


class Archive:
    """The archive *file*, of which the entries *wanted* may be read, up to *most_bytes* of content each.

    Raises ArchiveError where it is no archive, lacks the entry *required*, names files outside of itself, or holds a wanted
    entry twice, encrypted or compressed in an unusual way. Names are compared without regard to letter case.
    """

    def __init__(self, file: str, wanted: Sequence[str], most_bytes: int, *, required: str) -> None:
        self._most_bytes = most_bytes
        try:
            self._size = os.stat(file).st_size  # noqa: PTH116 - the path is a text already
            self._file = _BoundedFile(file)
        except OSError as error:
            raise ArchiveError(f"cannot be read: {tell_os_error(error)}") from error
        try:
            self._zip = _open_zip(self._file)
            self._entries = _pick_entries(self._zip.infolist(), wanted, required)
        except ArchiveError:
            self._file.close()
            raise

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def holds(self, name: str) -> bool:
        """Whether there is such an entry; *name* is one of those that were wanted."""
        return name in self._entries

    def verify(self, name: str) -> None:
        """Read the entry once, whole. Raises ArchiveError where it is damaged or too large."""
        for _ in self.chunks(name):
            pass

    def chunks(self, name: str) -> Iterator[bytes]:
        """The content of the entry, in pieces. Raises ArchiveError where it is damaged or too large."""
        info, total = self._entries[name], 0
        try:
            with self._zip.open(info) as stream:
                while chunk := stream.read(CHUNK_BYTES):
                    total += len(chunk)
                    self._check_size(name, total, info.compress_size)
                    yield chunk
        except OSError as error:
            raise ArchiveError(f"cannot be read: {tell_os_error(error)}") from error
        except ArchiveError:
            raise
        except _BROKEN as error:
            raise ArchiveError(f"the entry {name} is damaged: {_reason(error)} - export it anew") from error

    def _check_size(self, name: str, total: int, compressed: int) -> None:
        if total > self._most_bytes:
            told = f"the entry {name} is larger than {self._most_bytes >> 20:,} MiB, the most that is read"
            raise ArchiveError(f"{told}: export less at once")
        packed = max(1, min(compressed, self._size))
        if total > _UNREMARKABLE_BYTES and total > _MOST_RATIO * packed:
            told = f"the entry {name} grows to more than {_MOST_RATIO} times its size, as no export does"
            raise ArchiveError(f"{told}: export it anew")


class _BoundedFile(io.FileIO):
    """A file of which no more is read at once than the directory of an honest archive takes."""

    def read(self, size: int | None = -1, /) -> bytes:
        most = _MOST_DIRECTORY_BYTES + 1
        data = super().read(most if size is None or size < 0 else min(size, most)) or b""
        if len(data) == most:
            raise zipfile.BadZipFile(f"its directory takes more than {_MOST_DIRECTORY_BYTES >> 20} MiB")
        return data


def _open_zip(file: _BoundedFile) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except OSError as error:
        raise ArchiveError(f"cannot be read: {tell_os_error(error)}") from error
    except _BROKEN as error:
        raise ArchiveError(f"it is no zip archive that can be read: {_reason(error)} - export it anew") from error


def _pick_entries(infos: Sequence[zipfile.ZipInfo], wanted: Sequence[str], required: str) -> dict[str, zipfile.ZipInfo]:
    if len(infos) > _MOST_ENTRIES:
        raise ArchiveError(f"it holds more than {_MOST_ENTRIES:,} entries: expected a package with a handful")
    picked: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        _check_name(info)
        name = info.filename.lower()
        if name not in wanted:
            continue
        if name in picked:
            raise ArchiveError(f"it holds {name} twice: nobody can tell which one counts - export it anew")
        if info.flag_bits & _ENCRYPTED:
            raise ArchiveError(f"the entry {name} is encrypted: export it without a password")
        if info.compress_type not in _READABLE:
            raise ArchiveError(f"the entry {name} is compressed in a way that is not read: expected deflate, or none")
        picked[name] = info
    if required not in picked and any(info.filename.lower() == "solution.xml" for info in infos):
        told = "it is a solution: journeys and segments are data, which no solution holds"
        raise ArchiveError(f"{told} - export them with the Configuration Migration tool")
    if required not in picked:
        raise ArchiveError(f"it holds no {required} at its top: expected a package of the Configuration Migration tool")
    return picked


def _check_name(info: zipfile.ZipInfo) -> None:
    """Refuse names that lead elsewhere: nothing is unpacked, but who makes such an archive means no good."""
    name = info.orig_filename.replace("\\", "/")
    if name.startswith("/") or name[1:2] == ":" or ".." in name.split("/") or "\0" in name:
        told = f"it holds an entry {quote_value(info.orig_filename)}, which leads out of the package"
        raise ArchiveError(f"{told}: it is not what the Configuration Migration tool makes - export it anew")


def _reason(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return text[0].lower() + text[1:]
