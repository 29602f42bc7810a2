"""The pages of all tables, kept as files: what `journeylint import` reads afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, Protocol

from journeylint.import_ports import Table
from journeylint.web_api.client import WebApi
from journeylint.web_api.errors import TableMissing, TableUnreadable
from journeylint.web_api.pages import TableReader


class Progress(Protocol):
    """Is shown how far a download is."""

    def show(self, table: str, rows: int, total: int | None) -> None:
        """So many rows of *table* are here, of *total* where that is known."""
        ...


class TableRead(NamedTuple):
    """What came of reading a table.

    `rows` and `files` (names, in order) are those that came; `left_out` the columns that the environment does not have.
    `problem` says why they are not all, `""` where they are. `is_missing` where the environment does not have the table.
    """

    table: str
    rows: int
    files: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    problem: str = ""
    is_missing: bool = False


def download(
    api: WebApi, tables: Iterable[Table], folder: Path, *, page_size: int, progress: Progress
) -> list[TableRead]:
    """Write every page of *tables* into *folder*, a file each, and say what came of each table.

    Files are what the Web API sent, to the byte; their names sort as the pages follow each other. Raises EnvironmentUnusable,
    and OSError where they cannot be written.
    """
    return [_download_table(api, table, folder, page_size=page_size, progress=progress) for table in tables]


def _download_table(api: WebApi, table: Table, folder: Path, *, page_size: int, progress: Progress) -> TableRead:
    reader = TableReader(api, table, page_size=page_size)
    read = TableRead(table.name, 0)
    total = None
    progress.show(table.name, 0, None)
    try:
        for page in reader.pages():
            name = f"{table.collection}-{len(read.files) + 1:05}.json"
            (folder / name).write_bytes(page.content)
            total = total if page.total is None else page.total
            read = read._replace(rows=read.rows + page.rows, files=(*read.files, name))
            progress.show(table.name, read.rows, total)
    except TableMissing as missing:
        return read._replace(problem=str(missing), is_missing=True)
    except TableUnreadable as error:
        read = read._replace(problem=str(error))
    else:
        if total is not None and read.rows < total:
            told = f"{table.collection}: {read.rows:,} rows came where {total:,} were counted - pull again"
            read = read._replace(problem=told)
    return read._replace(left_out=tuple(reader.left_out))
