"""What the engine asks of the things that plugins supply."""

from __future__ import annotations

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


class Reporter(Protocol):
    """Writes a report in one format. It sees the report and nothing else."""

    @property
    def format(self) -> str:
        """The word after `-o`."""
        ...

    @property
    def wants_detail(self) -> bool:
        """Whether findings should carry their source lines and evidence (`Detail`)."""
        ...

    def write(self, report: Report, stream: TextIO, *, color: bool) -> None:
        """Write the whole *report* to *stream*; *color* says whether ANSI colours are welcome."""
        ...


class ReporterEntry(NamedTuple):
    """A report format on offer: `create` is called only when the format is asked for."""

    format: str
    summary: str
    create: Callable[[], Reporter]


class Kind(NamedTuple):
    """A kind of manifest: its name and the JSON Schema (2020-12) of the whole document."""

    name: str
    schema: JsonObject


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
