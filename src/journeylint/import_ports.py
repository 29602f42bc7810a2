"""What importers ask of plugins: readers of other systems' files, and what the rows of a table mean.

Two things make a manifest of a row, and both come through hooks. An `Importer` knows a container - a package, a page of a
Web API - and yields the rows in it, whatever they are about. A `Table` knows what one table's rows say about a manifest,
whichever container they came in. Names of manifests are given when all rows are read; until then a manifest refers to
another by the key of its row (`RowReference`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeAlias

from journeylint.model import JsonValue, Span

FIRST_BYTES = 1 << 16
"""How much of a file an importer is shown to recognise it by."""


class ImportFile(NamedTuple):
    """A file that is offered to importers.

    `path` is what reports say, `file` where it is (full), `head` its first bytes, `FIRST_BYTES` at most.
    """

    path: str
    file: str
    head: bytes


class SourceRow(NamedTuple):
    """One row of a table of another system.

    `id` is its key, lower case where it is a GUID. `columns` are its values by the column's logical name: of a lookup the
    key of the row that it leads to. A column that the source does not have is not there, and one without a value is None.
    `labels` are what the system shows for some of them: the names of options and of rows. `entry` is the path of the file,
    inside the `ImportFile`, that holds the row; `""` where that is the file itself. `locate` gives the span of a column in it,
    and of the row for `""` and for a column that is not there.
    """

    table: str
    id: str
    columns: Mapping[str, JsonValue]
    labels: Mapping[str, str]
    entry: str
    locate: Callable[[str], Span]


class SourceProblem(NamedTuple):
    """Why a row, or a file from some place on, cannot be read: a failure, placed as `SourceRow` is.

    `table` and `id` say which row, where that is known: then nothing that was imported from it is taken for deleted. Without
    either, it is about the file and no row, unless it `is_row`.
    """

    message: str
    entry: str
    span: Span
    table: str = ""
    id: str = ""
    is_row: bool = False

    @property
    def counts(self) -> bool:
        """Whether it stands for a row."""
        return self.is_row or bool(self.table or self.id)


class SourcePage(NamedTuple):
    """One of several files that hold the rows of `table` between them ends: `leads_on` says that another one follows.

    If no file of an import is the last one of its table, rows are missing, and nothing of the table is taken for deleted.
    """

    table: str
    leads_on: bool


SourceItem: TypeAlias = "SourceRow | SourceProblem | SourcePage"


class Importer(Protocol):
    """Reads one kind of container. Neither method raises for what a file holds, and neither writes anywhere."""

    def recognizes(self, file: ImportFile) -> bool:
        """Whether *file* is such a container, by its name and its first bytes."""
        ...

    def read(self, file: ImportFile) -> Iterator[SourceItem]:
        """The rows in the order in which they stand, one at a time, so that a large file need not be held."""
        ...


class ImporterEntry(NamedTuple):
    """A container that can be imported: `create` is called only when files are to be imported, with all known tables."""

    format: str
    summary: str
    create: Callable[[Sequence[Table]], Importer]


class RowReference(NamedTuple):
    """Stands in an imported spec for the name of the manifest that the row `id` (or one of its aliases) becomes."""

    kind: str
    id: str


ImportedValue: TypeAlias = "JsonValue | RowReference | list[ImportedValue] | dict[str, ImportedValue]"


class NotAnalysed(NamedTuple):
    """Something of which nothing is known: `place` is a column, or a column and a way into its JSON, for people."""

    place: str
    reason: str


class Otherwise(NamedTuple):
    """What holds where the source does not have the columns that say a `member` of the spec, and the manifest has none either.

    That is mostly a new one. It gets `value`, and `note` is told as not analysed; where `value` is None no manifest can be made
    without it, and `note` says why.
    """

    member: str
    value: JsonValue
    note: NotAnalysed | None = None


class OtherHalf(NamedTuple):
    """A row of `table` without which the row that names it is of no use.

    `id` is its key or an alias, `""` where that is not known.
    """

    table: str
    id: str = ""


class ImportedManifest(NamedTuple):
    """What a row says about a manifest of a kind.

    `id` is the row's key, and `aliases` are other keys by which rows refer to the same thing. `spec` is a merge patch (RFC
    7396) of the manifest's spec: null takes a member away, a member that is not there is left as a person wrote it; it has no
    `origin`, but `origin` here has what that is to say beside the row. Items of lists that have a key (`x-journeylint-key`) are
    patched by it. The text `unknown` says that the row says something of which nobody knows the meaning. `columns` says for
    pointers into the manifest, such as `/spec/startTime`, from which column they come, and for members that are null because
    nobody can read the column, which is `not_analysed` then. `otherwise` is about members that `spec` does not have.
    A row that `is_supplement` adds to the manifest of another row, whose key or alias is `id`: members that are not there
    yet, and items of lists that no other has the key of. `other_half` is what an export has to hold beside the row.
    """

    kind: str
    id: str
    title: str
    spec: Mapping[str, ImportedValue]
    columns: Mapping[str, str] = {}
    aliases: tuple[str, ...] = ()
    not_analysed: tuple[NotAnalysed, ...] = ()
    origin: Mapping[str, JsonValue] = {}
    is_supplement: bool = False
    otherwise: tuple[Otherwise, ...] = ()
    other_half: OtherHalf | None = None


class RowError(ValueError):
    """A row cannot become a manifest: `column` is at fault (`""` for the row), the argument says why."""

    def __init__(self, message: str, column: str = "") -> None:
        super().__init__(message)
        self.column = column


class Table(NamedTuple):
    """What the rows of a table of `system` mean.

    `columns` are those that `read` looks at, in the words of the system; `collection` is what its Web API calls the table,
    `""` where it is not to be had from there. Those of them that are `lookups` have another name there (`_name_value`).
    `read` raises RowError and nothing else. `state` is the member of the spec that says which state a row is in, `""` where
    its rows have none.
    """

    system: str
    name: str
    collection: str
    key: str
    columns: tuple[str, ...]
    read: Callable[[SourceRow], ImportedManifest | None]
    lookups: frozenset[str] = frozenset()
    state: str = ""
