"""What the engine asks of the things that plugins supply."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, TextIO

from journeylint.model import Document, JsonObject, Report


class Loader(Protocol):
    """Reads one file format. Never raises for what a file holds: what is wrong becomes a document's `problems`."""

    @property
    def suffixes(self) -> Sequence[str]:
        """The file name endings that it reads, lower case, with their dot."""
        ...

    def load(self, text: str) -> list[Document]:
        """The documents of a decoded file in order; after one that cannot be read on, no further ones."""
        ...


class Want(enum.Enum):
    """A part of the report that takes time to find out, so that it is there only if a reporter asks for it."""

    LINES = "lines"
    """`Detail.first_line` and `lines`: the source lines of findings and failures."""
    EVIDENCE = "evidence"
    """`Detail.evidence`: what each verdict rests on."""
    ARGUMENTS = "arguments"
    """`Detail.arguments`: what fills the gaps of each message."""
    STABLE_POINTERS = "stable pointers"
    """`Detail.stable_pointer` of findings."""
    LINE_HASHES = "line hashes"
    """`Detail.line_hash` of findings and failures."""
    VALUES = "values"
    """`Detail.value` of findings."""
    HORIZON = "horizon"
    """`Finding.horizon`: until when findings of policies that read `now` hold."""
    FIXES = "fixes"
    """`Detail.fix` of findings: how they can be mended, in terms of data."""
    REPLACEMENTS = "replacements"
    """`Fix.replacements` of the fixes that `FIXES` asks for, or why the file cannot be edited."""
    EXAMPLES = "examples"
    """`PolicyPage.failing_example` and `passing_example`."""
    FILES = "files"
    """`Report.files`: which policies judged something in which file."""
    REPOSITORY = "repository"
    """`Report.repository`: where in git the run took place."""


class Reporter(Protocol):
    """Writes a report in one format. It sees the report and nothing else."""

    @property
    def format(self) -> str:
        """The word after `-o`."""
        ...

    @property
    def wants(self) -> frozenset[Want]:
        """What it needs beyond what every report has."""
        ...

    def write(self, report: Report, stream: TextIO, *, color: bool) -> None:
        """Write the whole *report* to *stream*; *color* says whether ANSI colours are welcome."""
        ...


class ReporterEntry(NamedTuple):
    """A report format on offer: `create` is called only when the format is asked for.

    `is_log` says that it writes lines for people or for a CI system's log, of which several may follow each other on
    standard output; a report for programs has standard output to itself.
    """

    format: str
    summary: str
    create: Callable[[], Reporter]
    is_log: bool = False


class Facts(NamedTuple):
    """What can be found out about one manifest of a kind from its own data.

    `derive` gets the manifest's document, with the defaults of its schema filled in, and returns the facts as plain JSON
    values; it must be pure and leave the document as it is. `schema` is their JSON Schema: field paths of predicates are held
    against it.
    """

    schema: JsonObject
    derive: Callable[[JsonObject], JsonObject]


class Kind(NamedTuple):
    """A kind of manifest: its name and the JSON Schema (2020-12) of the whole document.

    What `is_derived` is made by a run of what it finds out; policies judge it as they judge manifests, but no file can hold one.
    What `is_judged_last` is made when all manifests have been judged: policies about it can look nothing up, and what they find
    cannot be suppressed. `facts` are worked out where a policy asks for them.
    """

    name: str
    schema: JsonObject
    is_derived: bool = False
    facts: Facts | None = None
    is_judged_last: bool = False


class CelFunction(NamedTuple):
    """A function for predicates.

    `parameters` and `result` are CEL type names: `bool`, `int`, `double`, `string`, `timestamp`, `duration`, `map`,
    `list`, or `dyn` (result only). `call` gets and returns plain Python values and should be pure. Several entries
    with one name and different parameters are overloads.
    """

    name: str
    parameters: tuple[str, ...]
    result: str
    call: Callable[..., object]
    summary: str = ""


class PolicyRoot(NamedTuple):
    """A folder of packs: `<root>/<pack>/pack.yaml`, `<root>/<pack>/<policy>/policy.yaml`."""

    folder: Path


class Supplied(NamedTuple):
    """Something a plugin supplies, and by whom: `plugin` reads `name (distribution version)`."""

    plugin: str
    value: object


Schemas = Mapping[str, Kind]
