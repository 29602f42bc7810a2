"""The stage of a run between finding files and reading them: exports become documents, as an import of them would write.

All exports of a run are one import: rows of one are found by those of another. What an import would do to the manifests of
the run happens here too, without a file being written: one that was imported from a row before lends that its name and what
people wrote into it, and steps aside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from journeylint.export_facts import ExportFacts, manifest_about, name_exports
from journeylint.import_ports import SourceItem, SourcePage, SourceProblem
from journeylint.importing.drafts import Draft, Drafts, manifest_of
from journeylint.importing.names import KnownNames, name_of_id
from journeylint.importing.patching import member_of
from journeylint.importing.targets import aliases_of
from journeylint.importing.translate import ImportFailure, RowKey, Translation
from journeylint.importing.updating import UnsaidError, complete, update
from journeylint.model import (
    DEFAULT_ENVIRONMENT,
    Document,
    ExportedRow,
    ExportedTable,
    JsonObject,
    JsonValue,
    JudgedExport,
    Problem,
    SourceFile,
    Span,
)
from journeylint.references import ReferenceFinder
from journeylint.validate import API_VERSION

if TYPE_CHECKING:
    from journeylint.export_files import Export
    from journeylint.host import Host
    from journeylint.import_ports import ImportFile
    from journeylint.load import FileReader

_SILENT = Document(0, None, lambda _: Span(1, 1, 1, 1))
"""What a row of a table that nobody reads comes to, and one that adds to another which is not there."""


def take_exports(
    exports: Sequence[Export], files: Sequence[SourceFile], host: Host, reader: FileReader, *, environment: str | None
) -> list[SourceFile]:
    """*files*, with the documents of those that are *exports*.

    *reader* reads the others, in which manifests may stand that were imported from the same rows: those are replaced. Rows
    belong to *environment*; if none is given, to the one that all manifests are of that were imported from them, else to the
    default.
    """
    rows = _Rows(host)
    for export in exports:
        rows.take(export.file, export.importer.read(export.file))
    formats = {export.source.path: export.format for export in exports}
    taken = {export.source.file for export in exports}
    others = [source for source in files if source.file not in taken]
    known = [one for source in others for one in _list_known(source, reader)]
    if environment is None:
        homes = {one.environment for one in known if one.row in rows.translation.rows}
        environment = homes.pop() if len(homes) == 1 else DEFAULT_ENVIRONMENT
    kept = _Kept(one for one in known if one.environment == environment)
    documents = _Documents(rows, kept, host, environment)
    documents.add_exports(formats)
    return [
        source._replace(documents=documents.of(source.path), exports=tuple(documents.judged[source.path]))
        if source.file in taken
        else source._replace(replaced=frozenset(kept.replaced.get(source.file, ())))
        for source in files
    ]


def _span_of(item: SourceItem) -> Span:
    if isinstance(item, SourcePage):
        return Span(1, 1, 1, 1)
    return item.span if isinstance(item, SourceProblem) else item.locate("")


_Place: TypeAlias = "tuple[str, str, str]"
"""The path of an export, an entry in it, and the name of a table."""


class _Rows:
    """What the rows of all exports say, and which number each has in its file.

    `counts` has how many there are in each file, `by_table` in each place, and `failed` how many of those could not be read;
    `firsts` has where the first one of each place stands, and `facts` what policies about exports can ask for.
    """

    def __init__(self, host: Host) -> None:
        self.facts = ExportFacts(self.number_of)
        self.translation = Translation(host.tables, self.facts.take)
        self.counts: dict[str, int] = {}
        self.by_table: Counter[_Place] = Counter()
        self.failed: Counter[_Place] = Counter()
        self.firsts: dict[_Place, SourceItem] = {}
        self._numbers: dict[tuple[str, str, str], int] = {}

    def take(self, file: ImportFile, rows: Iterable[SourceItem]) -> None:
        """Read all of *file*."""
        self.counts[file.path] = self.translation.take(file, self._number(file.path, rows))

    def number_of(self, path: str, row: RowKey | None) -> int:
        """The number of *row* in the export at *path*; that behind the last row where it is not known."""
        behind = self.counts.get(path, 0) + 1
        return behind if row is None else self._numbers.get((path, row.table, row.id), behind)

    def _number(self, path: str, rows: Iterable[SourceItem]) -> Iterator[SourceItem]:
        failures, number = self.translation.failures, 0
        for row in rows:
            if isinstance(row, SourcePage):
                yield row
                continue
            if not isinstance(row, SourceProblem) or row.counts:
                number += 1
                self._numbers.setdefault((path, row.table, row.id), number)
            known = len(failures)
            yield row
            place = (path, row.entry, row.table)
            self.firsts.setdefault(place, row)
            self.by_table[place] += 1
            self.failed[place] += len(failures) - known


class _Known(NamedTuple):
    """A manifest in another file: which document of it it is, what is in it, and the row that it was imported from, if any."""

    source: SourceFile
    number: int
    data: JsonObject
    kind: str
    environment: str
    name: str
    row: RowKey | None
    aliases: tuple[str, ...] = ()


def _list_known(source: SourceFile, reader: FileReader) -> Iterator[_Known]:
    loaded = reader.read(source)
    for document in loaded.documents if loaded is not None else ():
        data = document.value
        if not isinstance(data, dict) or data.get("apiVersion") != API_VERSION:
            continue
        kind, metadata, spec = data.get("kind"), data.get("metadata"), data.get("spec")
        if not isinstance(kind, str) or not isinstance(metadata, dict):
            continue
        name, environment = metadata.get("name"), metadata.get("environment", DEFAULT_ENVIRONMENT)
        if isinstance(name, str) and isinstance(environment, str):
            # One that cannot be read is told, and does not step aside.
            origin = spec.get("origin") if isinstance(spec, dict) and not document.problems else None
            yield _Known(source, document.number, data, kind, environment, name, _row_of(origin), aliases_of(origin))


class _Kept:
    """The manifests in the other files of the run, all of one environment, as far as an import has to know them."""

    def __init__(self, known: Iterable[_Known]) -> None:
        self._by_row: dict[tuple[str, RowKey], _Known] = {}
        self._taken: dict[str, set[str]] = {}
        self.replaced: dict[str, set[int]] = {}
        for one in known:
            self._taken.setdefault(one.kind, set()).add(one.name.lower())
            if one.row is not None:
                self._by_row.setdefault((one.kind, one.row), one)

    @property
    def names(self) -> KnownNames:
        """The names that are given."""
        by_row = {place: one.name for place, one in self._by_row.items()}
        known = sorted(self._by_row.items(), reverse=True)
        by_alias = {(one.kind, alias): one.name for _, one in known for alias in one.aliases}
        return KnownNames(by_row, {kind: frozenset(names) for kind, names in self._taken.items()}, by_alias)

    def take(self, draft: Draft) -> JsonObject | None:
        """The data of the manifest that was imported from the row of *draft* before, which is not judged any more."""
        known = self._by_row.get((draft.kind, draft.row))
        if known is None:
            return None
        self.replaced.setdefault(known.source.file, set()).add(known.number)
        return known.data


def _row_of(origin: JsonValue) -> RowKey | None:
    members = [origin.get(name) for name in RowKey._fields] if isinstance(origin, dict) else []
    words = [word for word in members if isinstance(word, str)]
    return RowKey._make(words) if len(words) == len(RowKey._fields) else None


class _Documents:
    """The documents that rows make, by the path of their export; `judged` is what became of the rows."""

    def __init__(self, rows: _Rows, kept: _Kept, host: Host, environment: str) -> None:
        self._rows = rows
        self._environment = environment
        self._references = ReferenceFinder(host.manifest_kinds)
        self._kinds: dict[str, str] = {}
        self._kinds_by_name: dict[str, str] = {}
        self._made: dict[str, list[Document]] = {path: [] for path in rows.counts}
        self._known = host.tables.keys()
        translated = rows.translation.manifests
        drafts = Drafts(translated, host.manifest_kinds, known=kept.names)
        for draft in drafts:
            self._add(draft, drafts, kept.take(draft))
        for failure in rows.translation.failures:
            self._add_failure(failure)
        failed = [one.path for one in rows.translation.failures if one.is_row]
        said = Counter([one.path for one in translated] + failed)
        said.subtract(one.path for one in drafts.lost)
        lost = {one.row for one in drafts.lost}
        placed = [
            (one.is_supplement, (one.path, one.entry, one.row.table)) for one in translated if one.row not in lost
        ]
        self._manifests = Counter(place for is_supplement, place in placed if not is_supplement)
        self._supplements = Counter(place for is_supplement, place in placed if is_supplement)
        self._silent = {path: max(0, count - said[path]) for path, count in rows.counts.items()}
        self.judged = dict(self._account())

    def add_exports(self, formats: Mapping[str, str]) -> None:
        """Add a document about each export that holds rows; *formats* has what each is, by its path."""
        rows = self._rows
        exports = [export for judged in self.judged.values() for export in judged if export.tables]
        names = name_exports(exports)
        last_pages = {
            table: max((path for path in paths if (path, "", table) in rows.by_table), default="")
            for table, paths in rows.translation.incomplete.items()
        }
        for export in exports:
            firsts = {
                table.table: partial(_span_of, rows.firsts[export.path, export.entry, table.table])
                for table in export.tables
            }
            unended = [table for table, path in last_pages.items() if path == export.path]
            spec, locate = rows.facts.describe(export, formats[export.path], firsts, unended=unended)
            data = manifest_about(names[export.path, export.entry], self._environment, spec)
            row, number = ExportedRow(export.entry), rows.number_of(export.path, None)
            self._made[export.path].append(Document(number, data, locate, (), row, is_derived=True))

    def of(self, path: str) -> tuple[Document, ...]:
        """Those of the export at *path*, in the order of its rows, and one that is not ours for each row that says nothing."""
        made = sorted(self._made[path], key=lambda document: document.number)
        return (*made, *([_SILENT] * self._silent[path]))

    def _account(self) -> Iterator[tuple[str, list[JudgedExport]]]:
        """What became of the rows of each export, an entry at a time, by its path."""
        by_path: dict[str, list[_Place]] = {path: [] for path in self._rows.counts}
        for place in sorted(self._rows.by_table):
            by_path[place[0]].append(place)
        for path, places in by_path.items():
            exports = []
            for entry in dict.fromkeys(place[1] for place in places) or ("",):
                tables = [self._account_for_table(place) for place in places if place[1] == entry and place[2]]
                exports.append(JudgedExport(path, entry, not self._rows.failed[path, entry, ""], tuple(tables)))
            yield path, exports

    def _account_for_table(self, place: _Place) -> ExportedTable:
        rows, table = self._rows, place[2]
        made, added = self._manifests[place], self._supplements[place]
        return ExportedTable(table, rows.by_table[place], made, added, rows.failed[place], table in self._known)

    def _add(self, draft: Draft, drafts: Drafts, kept: JsonObject | None) -> None:
        field = drafts.field_of(draft.kind)
        try:
            draft = complete(draft, (kept or {}).get("spec"), member_of(field, "spec"))
        except UnsaidError as error:
            span = draft.locate(error.column)
            self._add_failure(ImportFailure(draft.path, draft.entry, span, str(error), draft.row, draft.title))
            return
        environment = None if self._environment == DEFAULT_ENVIRONMENT else self._environment
        data = manifest_of(draft, field, environment) if kept is None else update(kept, draft, field)
        self._kinds.setdefault(draft.row.table, draft.kind)
        named = [(kind, name) for _, kind, name in self._references.read_keys(draft.kind, self._environment, data)]
        self._kinds_by_name.update((name, kind) for kind, name in named)
        self._rows.facts.refer(draft, named)
        row = ExportedRow(draft.entry, draft.row.table, draft.row.id, draft.title)
        number = self._rows.number_of(draft.path, draft.row)
        self._made[draft.path].append(Document(number, data, draft._replace(spec={}, added={}).find, (), row))

    def _add_failure(self, failure: ImportFailure) -> None:
        """What could not be read. Where others refer to it, it is told as whose it is, so that they do not miss it."""
        value: JsonValue = None
        row = ExportedRow(failure.entry, title=failure.title)
        if failure.row is not None:
            value = self._describe(failure.row)
            row = row._replace(table=failure.row.table, id=failure.row.id)
        span = failure.span
        problem = Problem(failure.message, "", span, is_fatal=True)
        number = self._rows.number_of(failure.path, failure.row)
        self._made[failure.path].append(Document(number, value, lambda _: span, (problem,), row))

    def _describe(self, row: RowKey) -> JsonObject:
        name = name_of_id(row.id)
        kind = self._kinds_by_name.get(name) or self._kinds.get(row.table)
        if kind is None:
            return {"apiVersion": API_VERSION}
        metadata: JsonObject = {"name": name, "environment": self._environment}
        return {"apiVersion": API_VERSION, "kind": kind, "metadata": metadata}
