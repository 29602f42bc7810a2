"""What reports say of the lines of exports: those that a person can read, and fingerprints that name the row instead.

A line of an export may be a whole journey, with names of people in it, and where it stands changes with every export. So
nothing is kept of a line of more than `LONGEST_LINE` characters, nor of a place that takes several, and what code scanning
knows a line by is the row and the place in its manifest.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import IO, NamedTuple

from journeylint.evaluate import STABLE_POINTER, DetailRow, FindingRow
from journeylint.model import Failure, Span
from journeylint.ports import Want
from journeylint.source_lines import FIRST_LINE, LINE_HASH, LINES

LONGEST_LINE = 200
"""Lines of more characters are in no report."""

_PRIME = 2**64 - 59


class ExportedDetail(NamedTuple):
    """A place in an export, and what there is to say of it; `row` are the members of a `model.ExportedRow`."""

    row: tuple[str, ...]
    pointer: str
    span: Span
    detail: DetailRow


def exported_details(
    rows: Iterable[FindingRow], failures: Iterable[tuple[Failure, DetailRow]]
) -> dict[str, list[ExportedDetail]]:
    """Those of the details of *rows*, and of *failures* with theirs, that are about rows of exports, by the path of the file."""
    details: dict[str, list[ExportedDetail]] = {}
    for row in rows:
        if row.detail is not None and row.row is not None:
            span = Span(row.line, row.column, row.end_line, row.end_column)
            details.setdefault(row.path, []).append(ExportedDetail(row.row, row.pointer, span, row.detail))
    for failure, detail in failures:
        location = failure.location
        if location.row is not None:
            exported = ExportedDetail(tuple(location.row), location.pointer, location.span, detail)
            details.setdefault(location.path, []).append(exported)
    return details


def add_export_lines(file: str, details: Iterable[ExportedDetail], wants: AbstractSet[Want]) -> None:
    """Fill into *details*, about places in the export *file*, what is wanted of their lines."""
    by_entry: dict[str, list[ExportedDetail]] = {}
    for one in details:
        if Want.LINE_HASHES in wants:
            one.detail[LINE_HASH] = _name_place(one)
        by_entry.setdefault(one.row[0], []).append(one)
    for entry, placed in by_entry.items() if Want.LINES in wants else ():
        lines = _read_lines(file, entry, {one.span.line for one in placed})
        for one in placed:
            if one.span.line == one.span.end_line and one.span.line in lines:
                one.detail[FIRST_LINE], one.detail[LINES] = one.span.line, (lines[one.span.line],)


def _name_place(one: ExportedDetail) -> str:
    """What GitHub knows the place by, in its form: a number in base 16, and that it is the first with that number."""
    named = "\0".join((*one.row[1:3], one.detail[STABLE_POINTER] or one.pointer))
    return f"{int.from_bytes(named.encode('utf-8', 'surrogatepass')) % _PRIME:x}:1"


def _read_lines(file: str, entry: str, wanted: AbstractSet[int]) -> Mapping[int, str]:
    """The *wanted* lines of the *entry* in *file* (of that itself for `""`), as far as they are there and short."""
    try:
        if not entry:
            with open(file, "rb") as stream:  # noqa: PTH123 - text in, text out
                lines = dict(_keep_lines(stream, wanted))
            return {
                number: line for number, line in lines.items() if "\0" not in line
            }  # those of an archive are no text
        with zipfile.ZipFile(file) as package, package.open(entry) as stream:
            return dict(_keep_lines(stream, wanted))
    except (OSError, KeyError, RuntimeError, ValueError, EOFError, zipfile.BadZipFile, zlib.error, struct.error):
        return {}  # no package that is known here, or it has changed since: reports do without


def _keep_lines(stream: IO[bytes], wanted: AbstractSet[int]) -> Iterator[tuple[int, str]]:
    most = 4 * LONGEST_LINE + 5  # bytes that as many characters may take, with a byte order mark and a line break
    last = max(wanted)
    for number in range(1, last + 1):
        line = piece = stream.readline(most)
        while number < last and piece and not piece.endswith(b"\n"):
            piece = stream.readline(most)
        if not line:
            return
        if number in wanted:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8", "replace").rstrip("\r\n")
            if len(text) <= LONGEST_LINE:
                yield number, text
