"""Places as a SARIF log names them: addresses relative to the root of the repository, regions, logical names."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote as percent_encode

from journeylint.builtins.repository_paths import path_from_root
from journeylint.builtins.sarif.texts import cut, quote

if TYPE_CHECKING:
    from journeylint.model import Detail, Identity, Location, Replacement, Span

ROOT_ID = "SRCROOT"

_ABSOLUTE = re.compile("/|[A-Za-z]:/")
_PLAIN = re.compile(r"[A-Za-z0-9._~/-]+")
_OUTSIDE = "<outside>"
_LONGEST_NAME = 1000
_LONGEST_SNIPPET = 500
_GOES_ON = "..."


class Places:
    """Writes places as JSON. *prefix* leads from the repository's root to the folder that paths are relative to."""

    def __init__(self, prefix: str | None) -> None:
        self._prefix = prefix
        self._artifacts: dict[str, str] = {}
        self._last_identity: tuple[Identity | None, str] = (None, "")

    def physical(self, location: Location, detail: Detail | None = None) -> str:
        """`{"artifactLocation": ..., "region": ...}`, and where *detail* has source lines what stands there."""
        path, span = location.path, location.span
        artifact = self._artifacts.get(path) or self._add_artifact(path)
        if detail is None:
            region = _region(span)
        elif location.row is not None and not detail.lines:
            region = _quote(span, span.line, _GOES_ON, _GOES_ON)  # a line that may hold a whole journey
        else:
            region = _quote_region(span, detail)
        return f'{{"artifactLocation":{artifact},{region}}}'

    def change(self, location: Location, replacements: Sequence[Replacement]) -> str:
        """`{"artifactLocation": ..., "replacements": ...}`: what is replaced in the file of *location*."""
        artifact = self._artifacts.get(location.path) or self._add_artifact(location.path)
        return f'{{"artifactLocation":{artifact},"replacements":[{",".join(map(_replacement, replacements))}]}}'

    def logical(self, identity: Identity, pointer: str) -> str:
        """`{"fullyQualifiedName": ..., "name": ..., "kind": ...}`: the manifest, and the node in it."""
        last, written = self._last_identity
        if identity is not last and identity != last:
            environment, kind, name = identity
            if len(environment) + len(kind) + len(name) > _LONGEST_NAME:
                environment, kind, name = (cut(part, _LONGEST_NAME // 3) for part in identity)
            shown = quote(f"{environment}/{kind}/{name}#")[:-1]
            written = f'{{"name":{quote(name)},"kind":"resource","fullyQualifiedName":{shown}'
            self._last_identity = (identity, written)
        return f"{written}{quote(pointer if len(pointer) <= _LONGEST_NAME else cut(pointer, _LONGEST_NAME))[1:]}}}"

    def _add_artifact(self, path: str) -> str:
        address = quote(relative_address(self._prefix, path))
        artifact = self._artifacts[path] = f'{{"uri":{address},"uriBaseId":"{ROOT_ID}"}}'
        return artifact


def _replacement(replacement: Replacement) -> str:
    line, column, end_line, end_column = replacement.span
    region = f'"startLine":{line},"startColumn":{column},"endLine":{end_line},"endColumn":{end_column}'
    inserted = f',"insertedContent":{{"text":{quote(replacement.text)}}}' if replacement.text else ""
    return f'{{"deletedRegion":{{{region}}}{inserted}}}'


def relative_address(prefix: str | None, path: str) -> str:
    """The address of the file at *path*, relative to the repository's root: percent-encoded, as RFC 3986 has it.

    A file that is not below the root keeps the `../` that lead to it. Of an absolute path, which a file on another
    drive has, only the name of the file is told: the rest is nobody's business.
    """
    path = f"{_OUTSIDE}/{posixpath.basename(path)}" if _ABSOLUTE.match(path) else path_from_root(prefix, path)
    if _PLAIN.fullmatch(path):
        return path
    try:
        return percent_encode(path, errors="surrogateescape")
    except UnicodeEncodeError:  # halves of surrogate pairs that stand for no byte of a file name
        return percent_encode(path, errors="surrogatepass")


def _region(span: Span) -> str:
    line, column, end_line, end_column = span
    return f'"region":{{"startLine":{line},"startColumn":{column},"endLine":{end_line},"endColumn":{end_column}}}'


def _quote_region(span: Span, detail: Detail) -> str:
    """The region with its text, and the lines that it stands in with theirs; a mark where either goes on."""
    line, column, end_line, end_column = span
    first, lines = detail.first_line, detail.lines
    at, last = line - first, end_line - first
    if not 0 <= at < len(lines):
        return _region(span)
    begin, end = column - 1, end_column - 1
    if last >= len(lines):
        lines = (*lines, _GOES_ON)
        inside = [lines[at][begin:], *lines[at + 1 :]]
    elif last == at:
        inside = [lines[at][begin:end]]
    else:
        inside = [lines[at][begin:], *lines[at + 1 : last], lines[last][:end]]
    text, around = "\n".join(inside), "\n".join(lines)
    if len(around) > _LONGEST_SNIPPET:
        text, around = _shorten(inside), _shorten(lines)
    return _quote(span, first, text, around)


def _quote(span: Span, first: int, text: str, around: str) -> str:
    """The region with its *text*, and the lines from *first* on that it stands in with theirs, *around*."""
    line, column, end_line, end_column = span
    return (
        f'"region":{{"startLine":{line},"startColumn":{column},"endLine":{end_line},"endColumn":{end_column},'
        f'"snippet":{{"text":{quote(text)}}}}},'
        f'"contextRegion":{{"startLine":{first},"endLine":{end_line},"snippet":{{"text":{quote(around)}}}}}'
    )


def _shorten(lines: Sequence[str]) -> str:
    """*lines* as one text; of a line that has no end, such as a whole file of JSON, the beginning."""
    return "\n".join([cut(line, _LONGEST_SNIPPET) for line in lines])
