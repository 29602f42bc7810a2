"""What Dataverse's Web API returns, saved as files: a row, or a page of rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from journeylint.encodings import WrongEncodingError, decode_utf8, name_wide_encoding
from journeylint.exports.pages import PageEnd, PageRow, read_page
from journeylint.exports.problem_limit import stop_at_problems
from journeylint.formats.limits import DEFAULT_LIMITS
from journeylint.import_ports import ImportFile, SourceItem, SourcePage, SourceProblem, SourceRow, Table
from journeylint.load import tell_os_error
from journeylint.model import JsonObject, JsonValue, Span
from journeylint.row_keys import plain_key
from journeylint.wording import quote_value

_FORMATTED_VALUE = "OData.Community.Display.V1.FormattedValue"
_SET = re.compile(r"\$metadata#(\w+)(?:\([^()]*\)/(\w+))?")
_LOOKUP = re.compile(r"_(\w+)_value")
_BEGINS_PAGE = re.compile(r'\ufeff?\s*\{\s*"value"\s*:\s*\[')
_BEGINS_ERROR = re.compile(r'\ufeff?\s*\{\s*"error"\s*:\s*\{\s*"code"\s*:')
_OURS = re.compile(r'"apiVersion"\s*:\s*"journeylint\\?/')
_TOP = Span(1, 1, 1, 1)


class WebApiImporter:
    """Reads JSON files of rows: one row, `{"value": [...]}` with or without `@odata.context`, or a list of rows.

    A row is of the table that its `@odata.type`, the `@odata.context` of its page, or else its key column says. Lookups
    (`_ownerid_value`) are columns by the name of the column; formatted values are labels. JSON inside a column stays text.
    """

    def __init__(self, tables: Sequence[Table]) -> None:
        self._collections = {table.collection: table.name for table in tables if table.collection}
        self._keys = {table.name: table.key for table in tables}

    def recognizes(self, file: ImportFile) -> bool:
        """Whether it is JSON with annotations of OData, a list `value` at its beginning, or a key of a known table.

        An answer that is an error is recognized too, and a failure: passed over, its rows would look judged, or gone.
        """
        if not file.path.lower().endswith(".json"):
            return False
        encoding = "utf-16" if name_wide_encoding(file.head) == "UTF-16" else "utf-8"
        head = file.head.decode(encoding, "ignore")
        if _OURS.search(head):
            return False
        if '"@odata.' in head or _BEGINS_PAGE.match(head) or _BEGINS_ERROR.match(head):
            return True
        return any(f'"{key}"' in head for key in self._keys.values())

    def read(self, file: ImportFile) -> Iterator[SourceItem]:
        """Its rows; where it is no JSON from some place on, what is wrong there and the rows before.

        After 1,000 problems the rest is given up.
        """
        return stop_at_problems(self._read(file))

    def _read(self, file: ImportFile) -> Iterator[SourceItem]:
        try:
            text = _read_text(file)
        except _UnreadableError as error:
            yield SourceProblem(str(error), "", error.span)
            return
        table = ""
        for row in read_page(file.file, text):
            if isinstance(row, PageRow):
                item = self._translate(row)
                table = item.table or table
                yield item
            elif isinstance(row, PageEnd):
                yield SourcePage(self._table_of(row.context, {}) or table, row.leads_on)
            else:
                yield SourceProblem(row.message, "", row.span)

    def _translate(self, row: PageRow) -> SourceRow | SourceProblem:
        if not isinstance(row.value, dict):
            told = "this is no row: expected an object whose members are columns"
            return SourceProblem(row.problem.message if row.problem else told, "", row.locate(""), is_row=True)
        if row.problem is None and isinstance(row.value.get("error"), dict) and len(row.value) == 1:
            return SourceProblem(_tell_error(row.value["error"]), "", row.locate(""))
        columns, labels = _columns_of(row.value)
        table = self._table_of(row.context, row.value)
        key = columns.get(self._keys.get(table, ""))
        identifier = plain_key(key) if isinstance(key, str) else ""
        if row.problem is not None:
            return SourceProblem(row.problem.message, "", row.problem.span, table, identifier, is_row=True)
        if not table:
            told = "nothing says which table this row is of: expected @odata.context, or a key column"
            example = f" such as {next(iter(self._keys.values()))}" if self._keys else ""
            return SourceProblem(f"{told}{example}", "", row.locate(""), is_row=True)
        if table in self._keys and not identifier:
            told = f"the row has no {self._keys[table]}, by which it is known: select that column, too"
            return SourceProblem(told, "", row.locate(""), table)
        return SourceRow(table, identifier, columns, labels, "", partial(_locate, row.locate))

    def _table_of(self, context: str, row: JsonObject) -> str:
        """The logical name of the row's table; the name of its collection where we do not know it, `""` for nothing."""
        declared = row.get("@odata.type")
        if isinstance(declared, str):
            return declared.rpartition(".")[2]
        own = row.get("@odata.context", context)
        found = _SET.search(own) if isinstance(own, str) else None
        collection = "" if found is None else found[2] or found[1]
        if collection in self._collections:
            return self._collections[collection]
        held = [table for table, key in self._keys.items() if key in row]
        return held[0] if len(held) == 1 else collection


class _UnreadableError(ValueError):
    """A file cannot be read as text; `span` is from where on."""

    def __init__(self, message: str, span: Span = _TOP) -> None:
        super().__init__(message)
        self.span = span


def _read_text(file: ImportFile) -> str:
    most = DEFAULT_LIMITS.file_bytes
    try:
        with Path(file.file).open("rb") as stream:
            data = stream.read(most + 1)
    except OSError as error:
        raise _UnreadableError(f"cannot be read: {tell_os_error(error)}") from error
    if len(data) > most:
        raise _UnreadableError(f"is larger than {most >> 20} MiB: fetch it in pages, one a file")
    if wide := name_wide_encoding(data):
        raise _UnreadableError(f"is {wide}: save it as UTF-8")
    try:
        return decode_utf8(data)
    except WrongEncodingError as error:
        raise _UnreadableError(str(error), error.span) from error


def _tell_error(error: JsonValue) -> str:
    reason = error.get("message") if isinstance(error, dict) else None
    shown = f", {quote_value(reason)}" if isinstance(reason, str) and reason.strip() else ""
    return f"it holds no rows, but an error that the Web API answered with{shown}: fetch it anew"


def _columns_of(row: Mapping[str, JsonValue]) -> tuple[dict[str, JsonValue], dict[str, str]]:
    """The columns of *row* and their labels, by logical name."""
    columns: dict[str, JsonValue] = {}
    labels: dict[str, str] = {}
    lookups: dict[str, JsonValue] = {}
    for name, value in row.items():
        column, _, annotation = name.partition("@")
        lookup = _LOOKUP.fullmatch(column)
        plain = column if lookup is None else lookup[1]
        if annotation == _FORMATTED_VALUE and isinstance(value, str):
            labels[plain] = value
        elif annotation or not column:
            continue
        elif lookup is None:
            columns[plain] = value
        else:
            lookups[plain] = plain_key(value) if isinstance(value, str) else value
    return {**columns, **lookups}, labels


def _locate(locate: Callable[[str], Span], column: str) -> Span:
    """Where *column*, by its logical name, stands, if *locate* knows members by the names that the Web API gives them."""
    whole = locate("")
    if not column:
        return whole
    span = locate(column)
    return locate(f"_{column}_value") if span == whole else span
