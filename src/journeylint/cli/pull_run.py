"""A pull from the address of an environment to the account of it: pages first, then what an import makes of them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

from journeylint.cli.import_run import Asked, Reading, finish_import
from journeylint.cli.notices import tell_warnings
from journeylint.cli.pull_progress import PullProgress
from journeylint.cli.streams import tell_reason
from journeylint.errors import UsageError
from journeylint.importing.sources import Importers
from journeylint.importing.translate import ImportFailure, Translation
from journeylint.model import Span
from journeylint.suggest import did_you_mean
from journeylint.terminal import show_path
from journeylint.web_api.download import TableRead, download
from journeylint.web_api.session import open_web_api

if TYPE_CHECKING:
    from journeylint.host import Host
    from journeylint.import_ports import Table

SYSTEM = "dataverse"
MOST_ROWS = 5_000
"""The rows of a page that Dataverse sends at most, whatever is asked for."""

_TOP = Span(1, 1, 1, 1)


class Source(NamedTuple):
    """What is read, and how: the options of a pull that an import does not have.

    `tables` are the names of those to read, none for all; `pages` is the folder that keeps the pages, if one does.
    """

    url: str
    auth: str = "default"
    tables: tuple[str, ...] = ()
    page_size: int = 200
    pages: str | None = None


def run_pull(source: Source, host: Host, asked: Asked, *, stream: TextIO) -> int:
    """Pull from *source* and tell what came of it; the exit code. No manifest is touched before, and unless, all tables are read.

    Rows of one table add to what those of another say: without them a manifest would lose what it had, and be judged
    as if that were known. Raises UsageError where nothing can be read.
    """
    tables = choose_tables(host.tables, source.tables)
    kept = None if source.pages is None else Path(source.pages)
    with _open_folder(kept) as folder:
        reads = _download(source, tables, folder)
        if all(read.is_missing for read in reads):
            told = ", ".join(read.table for read in reads)
            raise UsageError(f"{source.url} has none of the tables {told}: is it the right environment?")
        pages = folder if kept is None else _keep(folder, kept)
        reading = read_pages(reads, pages, host, called=kept)
        if any(read.problem and not read.is_missing for read in reads):
            asked = asked._replace(dry_run=True)
            told = "let it be read, or name the others with --table"
            tell_warnings(
                [f"nothing is written, for a table that could not be read may say more about what is in others: {told}"]
            )
        return finish_import(reading, host, asked, command="pull", stream=stream)


def choose_tables(known: Mapping[str, Table], names: Sequence[str]) -> list[Table]:
    """The tables of Dataverse that the Web API has: those called *names*, or all. UsageError for a name of none."""
    offered = {name: table for name, table in known.items() if table.system == SYSTEM and table.collection}
    unknown = [name for name in names if name not in offered]
    if unknown:
        expected = f": expected one of {', '.join(offered)}" if offered else ""
        raise UsageError(
            f"--table {name}: there is no such table{did_you_mean(name, offered) or expected}" for name in unknown
        )
    return [table for name, table in offered.items() if not names or name in names]


def read_pages(reads: Sequence[TableRead], folder: Path, host: Host, *, called: Path | None) -> Reading:
    """The rows on the pages in *folder*, which reports call *called*, or by the name of the page alone.

    Tables that could not be read are failures; what the environment does not have is told on standard error.
    """
    importers = Importers(host.importers, host.tables)
    translation = Translation(host.tables)
    rows = 0
    for read in reads:
        for name in read.files:
            path = name if called is None else (called / name).as_posix()
            page = importers.recognize(path, str(folder / name))
            if page is None:
                translation.failures.append(ImportFailure(path, "", _TOP, "this is no page of rows"))
            else:
                rows += translation.take(page.file, page.importer.read(page.file))
        if read.problem and not read.is_missing:
            translation.failures.append(ImportFailure(read.table, "", _TOP, read.problem))
    tell_warnings(_list_missing(reads))
    return Reading(translation, sum(len(read.files) for read in reads), rows)


def _list_missing(reads: Sequence[TableRead]) -> Iterator[str]:
    missing = [read.table for read in reads if read.is_missing]
    if missing:
        tables = f"{'table' if len(missing) == 1 else 'tables'} {', '.join(missing)}"
        yield f"the environment does not have the {tables}: nothing is known of what would be there"
    for read in reads:
        if read.left_out:
            columns = ", ".join(read.left_out)
            yield f"the environment's table {read.table} does not have {columns}: nothing is known of what that would say"


def _download(source: Source, tables: Sequence[Table], folder: Path) -> list[TableRead]:
    progress = PullProgress()
    try:
        with open_web_api(source.url, method=source.auth, tell=progress.tell) as api:
            size = min(source.page_size, MOST_ROWS)
            return download(api, tables, folder, page_size=size, progress=progress)
    except OSError as error:
        raise UsageError(f"the pages cannot be kept in {show_path(str(folder))}: {tell_reason(error)}") from error
    finally:
        progress.end()


@contextmanager
def _open_folder(kept: Path | None) -> Iterator[Path]:
    """A new folder that only this user can read, gone at the end: beside *kept* if there is one, which it may become."""
    if kept is not None and kept.exists() and (not kept.is_dir() or any(kept.iterdir())):
        raise UsageError(f"--keep-pages {kept}: there is something already: name a folder that is new or empty")
    try:
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".journeylint-pages-", dir=None if kept is None else kept.parent))
    except OSError as error:
        raise UsageError(f"there is no place to keep pages: {tell_reason(error)}") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _keep(folder: Path, kept: Path) -> Path:
    """Let *folder* become *kept*, all its pages at once."""
    try:
        if kept.exists():
            kept.rmdir()
        return folder.rename(kept)
    except OSError as error:
        raise UsageError(f"--keep-pages {kept}: {tell_reason(error)}") from error
