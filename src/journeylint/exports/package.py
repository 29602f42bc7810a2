"""Packages of the Configuration Migration tool: `data.zip`, or the `data.xml` of one with its schema beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from journeylint.exports.archive import Archive, ArchiveError
from journeylint.exports.package_schema import EntitySchema, read_schema
from journeylint.exports.package_xml import read_records
from journeylint.exports.problem_limit import stop_at_problems
from journeylint.exports.xml_reading import CHUNK_BYTES, XmlError
from journeylint.import_ports import ImportFile, SourceItem, SourceProblem, SourceRow
from journeylint.load import tell_os_error
from journeylint.model import Span

DATA = "data.xml"
SCHEMA = "data_schema.xml"
MOST_BYTES = 1 << 30
"""How much of a package's content is read, uncompressed."""
_TOP = Span(1, 1, 1, 1)


class PackageImporter:
    """Reads packages without unpacking them, record by record.

    The types of a package's schema make numbers, truth values and keys of its texts. Without a schema all values are text.
    Relations between many and many (`m2mrelationships`) are passed over.
    """

    def recognizes(self, file: ImportFile) -> bool:
        """Whether it is called a zip archive, or XML whose root is `entities`; the schema of a package is a part of it.

        What is called `.zip` and is none, such as half of a download, is a failure: passed over, it would look judged.
        """
        name = file.path.lower()
        if name.endswith(".zip"):
            return True
        return name.endswith(".xml") and b"<entities" in file.head.replace(b"\0", b"")

    def read(self, file: ImportFile) -> Iterator[SourceItem]:
        """The rows of its records; nothing of a schema alone. After 1,000 problems the rest is given up."""
        if file.path.lower().endswith(".zip"):
            return stop_at_problems(_read_archive(file.file))
        path = Path(file.file)
        return iter(()) if path.name.lower() == SCHEMA else stop_at_problems(_read_folder(path))


def _read_archive(file: str) -> Iterator[SourceRow | SourceProblem]:
    entry = ""
    try:
        with Archive(file, (DATA, SCHEMA), MOST_BYTES, required=DATA) as archive:
            entry = SCHEMA
            schema = read_schema(archive.chunks(SCHEMA)) if archive.holds(SCHEMA) else {}
            entry = DATA
            archive.verify(DATA)
            yield from read_records(archive.chunks(DATA), schema, DATA)
    except XmlError as error:
        yield SourceProblem(str(error), entry, error.span)
    except ArchiveError as error:
        yield SourceProblem(str(error), entry, _TOP)


def _read_folder(data: Path) -> Iterator[SourceRow | SourceProblem]:
    beside = data.with_name(SCHEMA)
    schema: Mapping[str, EntitySchema] = {}
    try:
        if beside.is_file():
            schema = read_schema(_chunks_of(beside))
    except (XmlError, OSError) as error:
        told = tell_os_error(error) if isinstance(error, OSError) else f"{error.span.line}:{error.span.column}: {error}"
        yield SourceProblem(f"{SCHEMA} beside it cannot be read: {told}", "", _TOP)
        return
    try:
        yield from read_records(_chunks_of(data), schema, "")
    except XmlError as error:
        yield SourceProblem(str(error), "", error.span)
    except OSError as error:
        yield SourceProblem(f"cannot be read: {tell_os_error(error)}", "", _TOP)


def _chunks_of(path: Path) -> Iterator[bytes]:
    total = 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            total += len(chunk)
            if total > MOST_BYTES:
                raise XmlError(
                    f"it is larger than {MOST_BYTES >> 20:,} MiB, the most that is read: export less at once", _TOP
                )
            yield chunk
