"""Importers and tables of other distributions: what goes wrong is told as that plugin's, and the rest is imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from journeylint.errors import PluginError
from journeylint.guarded_call import (
    CallFailedError,
    call_in_time,
    describe_error,
    output_on_standard_error,
    read_timeout,
)
from journeylint.import_ports import (
    ImportedManifest,
    Importer,
    ImporterEntry,
    ImportFile,
    NotAnalysed,
    OtherHalf,
    Otherwise,
    RowError,
    RowReference,
    SourceItem,
    SourcePage,
    SourceProblem,
    SourceRow,
    Table,
)
from journeylint.model import Span
from journeylint.plugin_values import is_json, show

_TOP = Span(1, 1, 1, 1)


def guard_importer(entry: ImporterEntry, plugin: str) -> ImporterEntry:
    """*entry* with importers that never raise; PluginError, naming *plugin*, where one cannot be made."""
    return entry._replace(create=partial(_create, entry, plugin))


def guard_table(table: Table, plugin: str) -> Table:
    """*table*, which raises RowError alone and names *plugin* for what is wrong with what it says."""
    return table._replace(read=partial(_read_row, table, plugin))


def _create(entry: ImporterEntry, plugin: str, tables: Sequence[Table]) -> Importer:
    told = f"plugin {plugin}: importer {entry.format!r}"
    try:
        importer = call_in_time(partial(entry.create, tables), read_timeout())
    except CallFailedError as error:
        raise PluginError(f"{told} cannot be used: {error}") from error
    for name in ("recognizes", "read"):
        if not callable(getattr(importer, name, None)):
            raise PluginError(f"{told} cannot be used: {show(importer)} has no method `{name}`")
    return GuardedImporter(importer, told)


class GuardedImporter:
    """An importer of a plugin: what it raises, or returns that is not as it should be, is a problem of the file."""

    def __init__(self, importer: Importer, told: str) -> None:
        self._importer, self._told = importer, told

    def recognizes(self, file: ImportFile) -> bool:
        """As `Importer.recognizes`; PluginError where it raises, for nobody can tell then whose the file is."""
        try:
            with output_on_standard_error():
                return bool(self._importer.recognizes(file))
        except KeyboardInterrupt:  # a person's, more likely than the plugin's
            raise
        except BaseException as error:
            raise PluginError(f"{self._told} failed at {file.path}: {describe_error(error)}") from error

    def read(self, file: ImportFile) -> Iterator[SourceItem]:
        """As `Importer.read`."""
        try:
            with output_on_standard_error():
                rows = iter(self._importer.read(file))
            while True:
                with output_on_standard_error():
                    row = next(rows, None)
                if row is None:
                    return
                yield self._checked(row)
        except (KeyboardInterrupt, GeneratorExit):  # a person's, or that nobody wants more rows
            raise
        except BaseException as error:  # noqa: BLE001 - a plugin may raise anything, and other files are to be read
            yield SourceProblem(f"{self._told} raised {describe_error(error)}", "", _TOP)

    def _checked(self, row: object) -> SourceItem:
        if isinstance(row, SourceProblem):
            if all(isinstance(text, str) for text in (row.message, row.entry, row.table, row.id)) and _is_span(
                row.span
            ):
                return row._replace(is_row=bool(row.is_row))
        elif isinstance(row, SourcePage):
            if isinstance(row.table, str) and isinstance(row.leads_on, bool):
                return row
        elif isinstance(row, SourceRow):
            texts = all(isinstance(text, str) for text in (row.table, row.id, row.entry))
            mappings = is_json(row.columns) and isinstance(row.columns, dict) and isinstance(row.labels, dict)
            if texts and mappings and callable(row.locate):
                return row._replace(locate=partial(_locate, row))
        return SourceProblem(
            f"{self._told} returned {show(row)}: expected a SourceRow, SourceProblem or SourcePage", "", _TOP
        )


def _locate(row: SourceRow, column: str) -> Span:
    try:
        span = row.locate(column)
    except Exception:  # noqa: BLE001 - only the place is not known
        return _TOP
    return span if _is_span(span) else _TOP


def _read_row(table: Table, plugin: str, row: SourceRow) -> ImportedManifest | None:
    told = f"the table {table.name!r} of plugin {plugin}"
    try:
        with output_on_standard_error():
            manifest = table.read(row)
    except (RowError, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise RowError(f"{told} raised {describe_error(error)}") from error
    if manifest is None:
        return None
    if not isinstance(manifest, ImportedManifest):
        raise RowError(f"{told} returned {show(manifest)}: expected an ImportedManifest or None")
    if fault := _fault_of(manifest):
        raise RowError(f"{told} returned an ImportedManifest whose {fault}")
    return manifest


def _fault_of(manifest: ImportedManifest) -> str:
    for name in ("kind", "id", "title"):
        if not isinstance(getattr(manifest, name), str):
            return f"{name} is {show(getattr(manifest, name))}: expected text"
    if not (isinstance(manifest.spec, Mapping) and _is_plain(manifest.spec)):
        return "spec is no plain data: expected dicts, lists, texts, numbers, true, false, None and RowReference"
    columns = manifest.columns
    if not (isinstance(columns, Mapping) and all(isinstance(one, str) for pair in columns.items() for one in pair)):
        return f"columns are {show(manifest.columns)}: expected a mapping of texts"
    if not (isinstance(manifest.aliases, tuple) and all(isinstance(one, str) for one in manifest.aliases)):
        return f"aliases are {show(manifest.aliases)}: expected a tuple of texts"
    notes = manifest.not_analysed
    if not (isinstance(notes, tuple) and all(isinstance(one, NotAnalysed) and is_json([*one]) for one in notes)):
        return f"not_analysed is {show(notes)}: expected a tuple of NotAnalysed"
    others = manifest.otherwise
    if not (isinstance(others, tuple) and all(map(_is_otherwise, others))):
        return f"otherwise is {show(others)}: expected a tuple of Otherwise"
    half = manifest.other_half
    if half is not None and not (isinstance(half, OtherHalf) and all(isinstance(one, str) for one in half)):
        return f"other_half is {show(half)}: expected None or an OtherHalf"
    if not (isinstance(manifest.origin, Mapping) and is_json({**manifest.origin})):
        return f"origin is {show(manifest.origin)}: expected plain data"
    return ""


def _is_otherwise(value: object) -> bool:
    if not (isinstance(value, Otherwise) and isinstance(value.member, str) and is_json(value.value)):
        return False
    return value.note is None or (isinstance(value.note, NotAnalysed) and is_json([*value.note]))


def _is_plain(value: object, depth: int = 0) -> bool:
    """Whether *value* is what JSON has, with references."""
    if isinstance(value, RowReference):
        return isinstance(value.kind, str) and isinstance(value.id, str)
    if isinstance(value, Mapping) and depth < 100:
        return all(isinstance(key, str) and _is_plain(item, depth + 1) for key, item in value.items())
    if isinstance(value, list) and depth < 100:
        return all(_is_plain(item, depth + 1) for item in value)
    return not isinstance(value, Mapping | list) and is_json(value)


def _is_span(value: object) -> bool:
    return isinstance(value, Span) and all(isinstance(number, int) and number > 0 for number in value)
