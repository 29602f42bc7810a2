"""From libyaml's events to documents. libyaml is asked for one event at a time, so that a limit can end the reading."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from journeylint.errors import JourneylintError
from journeylint.formats.nodes import DocumentComposer
from journeylint.formats.odd_characters import OddCharacters
from journeylint.formats.positions import point_at
from journeylint.formats.problems import DocumentEndsError
from journeylint.formats.standins import disguise
from journeylint.formats.yaml_syntax import NEW_DOCUMENT_EXPECTED, describe_syntax_error

if TYPE_CHECKING:
    from journeylint.formats.events import DocumentEndLike, EventLike
    from journeylint.formats.limits import Limits
    from journeylint.formats.spans import Place
    from journeylint.model import Document

try:
    from yaml._yaml import CParser
except ImportError as error:  # pragma: no cover - the wheels of PyYAML all hold libyaml
    raise JourneylintError(
        "PyYAML was installed without libyaml: install a PyYAML wheel for this platform, or build it with libyaml"
    ) from error


def compose_documents(text: str, limits: Limits) -> list[Document]:
    """The documents of the YAML stream *text* (without byte order mark), problems included."""
    return _StreamComposer(text, limits).compose()


def event_parser(text: str) -> CParser:
    """libyaml's parser of *text*, whose marks are offsets into *text*; values of scalars may have other characters in them."""
    hidden = disguise(text)
    return CParser(text if hidden is None else hidden.text)


class _StreamComposer:
    def __init__(self, text: str, limits: Limits) -> None:
        self._text, self._limits = text, limits
        self._disguise = disguise(text)
        self._odd = OddCharacters(text, self._disguise) if self._disguise is not None else None
        self._parser = CParser(text if self._disguise is None else self._disguise.text)
        self._nodes = 0
        self._documents: list[Document] = []
        self._open: DocumentComposer | None = None
        # The last document while nothing has shown yet that it is complete: no marker ended it.
        self._ended: DocumentComposer | None = None

    def compose(self) -> list[Document]:
        end = len(self._text)
        try:
            while (event := self._parser.get_event()) is not None:
                if type(event) is DocumentStartEvent:
                    self._compose_document(event)
        except DocumentEndsError:
            end = 0
        except MarkedYAMLError as error:
            told, span, end = describe_syntax_error(error, self._text)
            self._composer_at_fault(error.problem).problems.stop(told, "", span)
        except YAMLError as error:
            self._composer_at_fault(None).problems.stop(f"not valid YAML: {error}", "", point_at((1, 1)))
        self._finish_stream(end)
        return self._documents

    def _compose_document(self, begin: Any) -> None:
        composer = self._begin_document(begin)
        get_event, take_scalar = self._parser.get_event, composer.take_scalar
        room = self._limits.nodes - self._nodes
        taken = 0
        while True:
            # The published types of events leave open what libyaml's binding always sets (`events`).
            event: Any = get_event()
            kind = type(event)
            taken += 1
            if kind is ScalarEvent:
                take_scalar(event)
            elif kind is MappingStartEvent:
                composer.open_collection(event, is_mapping=True)
            elif kind is SequenceStartEvent:
                composer.open_collection(event, is_mapping=False)
            elif kind is AliasEvent:
                composer.take_alias(event)
            elif kind is DocumentEndEvent:
                break
            else:
                composer.close_collection(event)
            if taken + composer.copied > room:
                raise composer.stop_before(event, f"the file holds more than {self._limits.nodes:,} nodes: split it")
        self._nodes += taken + composer.copied
        self._end_document(event, composer)

    def _begin_document(self, event: EventLike) -> DocumentComposer:
        self._settle()
        mark = event.end_mark
        composer = self._open = self._new_composer((mark.line + 1, mark.column + 1))
        if len(self._documents) >= self._limits.documents:
            raise composer.stop_before(
                event, f"the file holds more than {self._limits.documents:,} documents: split it"
            )
        return composer

    def _end_document(self, event: DocumentEndLike, composer: DocumentComposer) -> None:
        self._note_odd_characters(composer, event.start_mark.index)
        self._open, self._ended = None, composer
        if event.explicit:
            self._settle()

    def _settle(self) -> None:
        if self._ended is not None:
            self._documents.append(self._ended.finish())
            self._ended = None

    def _composer_at_fault(self, problem: str | None) -> DocumentComposer:
        """The document that a syntax error belongs to."""
        if self._open is None and problem == NEW_DOCUMENT_EXPECTED and self._ended is not None:
            self._open, self._ended = self._ended, None
        self._settle()
        if self._open is None:
            self._open = self._new_composer((1, 1))
        return self._open

    def _finish_stream(self, end: int) -> None:
        """Settle what is unfinished; odd characters behind the last document, before the offset *end*, belong to it."""
        last = self._open or self._ended
        if self._odd is not None and end and (last is not None or self._odd.has_any_before(end)):
            if last is None:
                self._open = last = self._new_composer((1, 1))
            with suppress(DocumentEndsError):
                self._note_odd_characters(last, end)
        self._settle()
        if self._open is not None:
            self._documents.append(self._open.finish())

    def _note_odd_characters(self, composer: DocumentComposer, end: int) -> None:
        if self._odd is not None:
            for told, span in self._odd.describe_before(end, composer.quoted):
                composer.problems.note(told, "", span)

    def _new_composer(self, start: Place) -> DocumentComposer:
        number = len(self._documents) + 1
        return DocumentComposer(number, start, self._text, limits=self._limits, disguise=self._disguise)
