"""XML of strangers, read piece by piece with the standard library's expat, and places in it.

Documents with a DOCTYPE are refused, so there are no entities but the five that XML itself has, nothing outside is read,
and nothing grows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar
from xml.parsers import expat

from journeylint.model import Span

CHUNK_BYTES = 1 << 16
_MOST_TAG_BYTES = 16 << 20
_DEEPEST = 64
_ENCODINGS = ("utf-8", "utf-16", "us-ascii")

T = TypeVar("T")


class XmlError(ValueError):
    """A document cannot be read from `span` on; the text says why."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.span = span


class XmlReader:
    """Hands the elements of a document to its two functions as they come.

    *start* gets the path of the element, names from the root on, and its attributes; *end* gets the path. Places are 1-based
    lines and code-point columns.
    """

    def __init__(
        self,
        start: Callable[[tuple[str, ...], dict[str, str]], None],
        end: Callable[[tuple[str, ...]], None],
    ) -> None:
        self._start, self._end = start, end
        self._path: tuple[str, ...] = ()
        self._unseen = 0
        self.bytes_read = 0
        self._parser = parser = expat.ParserCreate()
        parser.StartElementHandler = self._open
        parser.EndElementHandler = self._close
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.XmlDeclHandler = self._check_declaration

    @property
    def place(self) -> tuple[int, int]:
        """Where what is handed over begins: an element at its start, and at its end the end of its tag if it is empty."""
        return self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1

    def span(self, width: int = 0) -> Span:
        """From there, so many columns on."""
        line, column = self.place
        return Span(line, column, line, column + width)

    def read(self, chunks: Iterable[bytes], take: Callable[[], Iterable[T]]) -> Iterator[T]:
        """Go through *chunks*; after each, hand on what *take* has. Raises XmlError where the document is not in order."""
        pending = b""
        for chunk in chunks:
            self.bytes_read += len(chunk)
            self._unseen += len(chunk)
            if self._unseen > _MOST_TAG_BYTES:
                raise XmlError(f"an element takes more than {_MOST_TAG_BYTES >> 20} MiB: export it anew", self.span())
            pending += chunk
            if 2 * len(pending) < self._unseen:
                continue  # a long tag: older versions of expat begin it anew with each piece, which must not be many
            self._parse(pending, is_last=False)
            pending = b""
            yield from take()
        self._parse(pending, is_last=True)
        yield from take()

    def _parse(self, chunk: bytes, *, is_last: bool) -> None:
        try:
            self._parser.Parse(chunk, is_last)
        except expat.ExpatError as error:
            told = expat.ErrorString(error.code) or "it cannot be read"
            span = Span(error.lineno, error.offset + 1, error.lineno, error.offset + 1)
            raise XmlError(f"not valid XML: {told} - export it anew", span) from error

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        self._unseen = 0
        if len(self._path) >= _DEEPEST:
            raise XmlError(f"nested more than {_DEEPEST} levels deep: this is no package", self.span())
        self._path = (*self._path, name)
        self._start(self._path, attributes)

    def _close(self, _name: str) -> None:
        self._unseen = 0
        self._end(self._path)
        self._path = self._path[:-1]

    def _refuse_doctype(self, *_: object) -> None:
        raise XmlError("it has a DOCTYPE, which no package has, and which is not read: export it anew", self.span())

    def _check_declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise XmlError(f"it is in the encoding {encoding[:40]!r}: expected UTF-8 or UTF-16", self.span())
