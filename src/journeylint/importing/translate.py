"""Rows translated one at a time, as they come: what each says of a manifest, or why nobody can tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from journeylint.import_ports import (
    ImportedManifest,
    ImportFile,
    NotAnalysed,
    OtherHalf,
    Otherwise,
    RowError,
    SourceItem,
    SourcePage,
    SourceProblem,
    SourceRow,
    Table,
)
from journeylint.importing.frozen import NotJsonError, check_text, freeze
from journeylint.model import JsonValue, Span


class RowKey(NamedTuple):
    """Which row of which table of which system."""

    system: str
    table: str
    id: str


class ImportFailure(NamedTuple):
    """A row that could not be imported, or a file that could not be read from `span` on.

    `path` is the file's, `entry` that of the file inside it (`""` for itself). `row` and `title` are there where they are known;
    `is_row` says whether a row is counted that it is about.
    """

    path: str
    entry: str
    span: Span
    message: str
    row: RowKey | None = None
    title: str = ""
    is_row: bool = False


class Translated(NamedTuple):
    """What a row says, kept small. `spec` is as `frozen.freeze` makes it; `version` is the number of one of several.

    `key` is the row that the manifest is of; of a supplement its id is the one that the other row is known by. `missing` are
    the columns of the table that the source does not have. `state` is which one the row is in, `""` where that is not known;
    rows of a table without any have no `state_column`.
    """

    row: RowKey
    kind: str
    key: RowKey
    title: str
    version: int
    spec: bytes
    origin: Mapping[str, JsonValue]
    columns: Mapping[str, str]
    aliases: tuple[str, ...]
    not_analysed: tuple[NotAnalysed, ...]
    is_supplement: bool
    otherwise: tuple[Otherwise, ...]
    missing: tuple[str, ...]
    path: str
    entry: str
    locate: Callable[[str], Span]
    other_half: OtherHalf | None = None
    state: str = ""
    state_column: str | None = None

    @property
    def full_path(self) -> str:
        """The path of what `locate` counts the lines of: `data.zip!/data.xml` for an entry of a package."""
        return f"{self.path}!/{self.entry}" if self.entry else self.path

    @property
    def content(self) -> tuple[object, ...]:
        """All that it says, wherever it stands."""
        return self[: self._fields.index("path")]


class Translation:
    """Takes the rows of an import and keeps what they say. Its result does not depend on the order of rows and files.

    `failures` has what went wrong so far, `unknown` the number of rows of each table that nobody reads, `rows` all rows of
    known tables that were met, whatever became of them. `missing` counts the rows that lack a column, by table and column,
    and `read` all that were read, by table. *observe* is shown what each row says, also where it was said before.
    """

    def __init__(self, tables: Mapping[str, Table], observe: Callable[[Translated], None] | None = None) -> None:
        self._tables = tables
        self._observe = observe
        self._taken: dict[RowKey, Translated] = {}
        self.failures: list[ImportFailure] = []
        self.unknown: Counter[str] = Counter()
        self.rows: set[RowKey] = set()
        self.missing: Counter[tuple[str, str]] = Counter()
        self.read: Counter[str] = Counter()
        self._columns = {name: frozenset(table.columns) for name, table in tables.items()}
        self._pages: dict[str, list[str]] = {}
        self._ended: set[str] = set()
        self._lacking: dict[frozenset[str], tuple[str, ...]] = {}
        self._doubtful: set[RowKey] = set()

    @property
    def manifests(self) -> list[Translated]:
        """What the rows say that could be read, sorted by their keys."""
        return [one for key, one in sorted(self._taken.items()) if key not in self._doubtful]

    @property
    def incomplete(self) -> dict[str, list[str]]:
        """Of each table of which no page is the last one, the paths of the pages, sorted."""
        return {table: sorted(paths) for table, paths in sorted(self._pages.items()) if table not in self._ended}

    def take(self, file: ImportFile, rows: Iterable[SourceItem]) -> int:
        """Translate the *rows* of *file*; returns how many there were. What is wrong with the file itself is no row."""
        count = 0
        for row in rows:
            if isinstance(row, SourcePage):
                self._take_page(file, row)
                continue
            count += not isinstance(row, SourceProblem) or row.counts
            if isinstance(row, SourceProblem):
                self._take_problem(file, row)
            elif row.table in self._tables:
                self._take_row(file, row, self._tables[row.table])
            else:
                self.unknown[row.table] += 1
        return count

    def _take_page(self, file: ImportFile, page: SourcePage) -> None:
        if page.leads_on:
            self._pages.setdefault(page.table, []).append(file.path)
        else:
            self._ended.add(page.table)

    def _take_problem(self, file: ImportFile, problem: SourceProblem) -> None:
        table = self._tables.get(problem.table)
        key = RowKey(table.system, table.name, problem.id) if table is not None and problem.id else None
        if key is not None:
            self.rows.add(key)
        failure = ImportFailure(file.path, problem.entry, problem.span, problem.message, key, is_row=problem.counts)
        self.failures.append(failure)

    def _take_row(self, file: ImportFile, row: SourceRow, table: Table) -> None:
        key = RowKey(table.system, table.name, row.id)
        self.rows.add(key)
        missing = self._find_missing(row)
        try:
            manifest = table.read(row)
            if manifest is None:
                return
            translated = _add_state(_keep(key, manifest, file, row, missing), manifest, table)
        except RowError as error:
            self._fail(file, row, table, str(error), error.column)
            return
        except NotJsonError as error:
            self._fail(file, row, table, f"it cannot become a manifest: {error}")
            return
        if self._observe is not None:
            self._observe(translated)
        before = self._taken.setdefault(key, translated)
        if before is not translated and before.content != translated.content:
            self._doubtful.add(key)
            span = before.locate("")
            first = f"{before.full_path}:{span.line}:{span.column}"
            told = (
                f"this row is also at {first}, with other content, and nobody can tell which one counts: export it anew"
            )
            self._fail(file, row, table, told)

    def _find_missing(self, row: SourceRow) -> tuple[str, ...]:
        """The columns of the table that *row* lacks, sorted: the same for most rows of an import, and kept once."""
        self.read[row.table] += 1
        lacking = self._columns[row.table].difference(row.columns)
        if not lacking:
            return ()
        self.missing.update((row.table, column) for column in lacking)
        return self._lacking.setdefault(lacking, tuple(sorted(lacking)))

    def _fail(self, file: ImportFile, row: SourceRow, table: Table, message: str, column: str = "") -> None:
        key = RowKey(table.system, table.name, row.id)
        span = row.locate(column)
        title = _title_of(row, table)
        self.failures.append(ImportFailure(file.path, row.entry, span, message, key, title, is_row=True))


def _keep(
    key: RowKey, manifest: ImportedManifest, file: ImportFile, row: SourceRow, missing: tuple[str, ...]
) -> Translated:
    for note in (*manifest.not_analysed, *(one.note for one in manifest.otherwise if one.note is not None)):
        check_text(f"{note.place}{note.reason}")
    return Translated(
        key,
        manifest.kind,
        RowKey(key.system, key.table, manifest.id),
        check_text(manifest.title),
        _version_of(manifest),
        freeze(manifest.spec),
        manifest.origin,
        manifest.columns,
        manifest.aliases,
        manifest.not_analysed,
        manifest.is_supplement,
        manifest.otherwise,
        missing,
        file.path,
        row.entry,
        row.locate,
        manifest.other_half,
    )


def _add_state(one: Translated, manifest: ImportedManifest, table: Table) -> Translated:
    """*one* with the state that its row is in, if rows of *table* have any."""
    if not table.state:
        return one
    state = manifest.spec.get(table.state)
    column = manifest.columns.get(f"/spec/{table.state}", "")
    return one._replace(state=state if isinstance(state, str) else "", state_column=column)


def _version_of(manifest: ImportedManifest) -> int:
    version = manifest.spec.get("version")
    number = version.get("number") if isinstance(version, dict) else None
    return number if isinstance(number, int) else 1


def _title_of(row: SourceRow, table: Table) -> str:
    """What people call *row*: the first of its columns whose name ends in `name`."""
    named = (row.columns.get(column) for column in table.columns if column.endswith("name"))
    return next((value for value in named if isinstance(value, str) and value), "")
