"""Loaders that other distributions bring: a file that one fails on is unreadable, and the others are judged."""

from __future__ import annotations

from collections.abc import Callable

from journeylint.guarded_call import describe_error, output_on_standard_error
from journeylint.model import Document, Problem, Span
from journeylint.plugin_values import is_json, show
from journeylint.ports import Loader

_TOP = Span(1, 1, 1, 1)


class GuardedLoader:
    """*loader* of *plugin*, which never raises: what goes wrong becomes a problem of the file that names the plugin."""

    def __init__(self, loader: Loader, plugin: str) -> None:
        self._loader = loader
        self.suffixes = tuple(loader.suffixes)
        self._told = f"the loader for {', '.join(self.suffixes)} of plugin {plugin}"

    def load(self, text: str) -> list[Document]:
        """As `Loader.load`."""
        try:
            with output_on_standard_error():
                documents = self._loader.load(text)
            if not isinstance(documents, list):
                return [self._unreadable(f"returned {show(documents)}, not a list of Document")]
            return [self._checked(document) for document in documents]
        except KeyboardInterrupt:  # a person's, more likely than the plugin's
            raise
        except BaseException as error:  # noqa: BLE001 - a plugin may raise anything, and others' files are to be judged
            return [self._unreadable(f"raised {describe_error(error)}")]

    def _checked(self, document: object) -> Document:
        if not isinstance(document, Document):
            return self._unreadable(f"returned {show(document)}, not a Document")
        if not (isinstance(document.number, int) and is_json(document.value) and callable(document.locate)):
            return self._unreadable("returned a Document that is not plain data with a number and a way to locate it")
        if not isinstance(document.problems, tuple) or not all(map(_is_problem, document.problems)):
            return self._unreadable("returned a Document whose problems are not a tuple of Problem")
        return document._replace(locate=_guard_locate(document.locate))

    def _unreadable(self, told: str) -> Document:
        return Document(1, None, lambda _: _TOP, (Problem(f"{self._told} {told}", "", _TOP, is_fatal=True),))


def _guard_locate(locate: Callable[[str], Span]) -> Callable[[str], Span]:
    def guarded(pointer: str) -> Span:
        """The span at *pointer*; the top of the file where the plugin has none."""
        try:
            span = locate(pointer)
        except Exception:  # noqa: BLE001 - the finding stands, only its place is not known
            return _TOP
        return span if _is_span(span) else _TOP

    return guarded


def _is_problem(value: object) -> bool:
    return (
        isinstance(value, Problem)
        and isinstance(value.message, str)
        and isinstance(value.pointer, str)
        and _is_span(value.span)
    )


def _is_span(value: object) -> bool:
    return isinstance(value, Span) and all(isinstance(number, int) and number > 0 for number in value)
