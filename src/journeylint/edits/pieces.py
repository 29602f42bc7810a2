"""A text cut into its documents, so that an edit of one reads nothing of the others."""

from __future__ import annotations

import re

_MARKER = re.compile(r"(?:(?<=[\r\n])|\A)---(?=[ \t\r\n]|\Z)")
_NO_CONTENT = re.compile(r"(?:[ \t]*+(?:#[^\r\n]*+)?[\r\n])*+")
_UNUSUAL = re.compile(r"(?:(?<=[\r\n])|\A)(?:%|\.\.\.(?=[ \t\r\n]|\Z))")
"""Directives and ends of documents: where there are some, a marker does not tell alone where a document begins."""


def cut_yaml(text: str) -> list[str]:
    """*text*, a YAML stream, in pieces that each are a document; the whole of it where that cannot be told with certainty.

    A line that begins with `---` and a blank begins a document wherever it stands, in quotes and in texts of several lines too.
    """
    starts = [found.start() for found in _MARKER.finditer(text)]
    if not starts or _UNUSUAL.search(text) is not None:
        return [text]
    if _NO_CONTENT.fullmatch(text, 0, starts[0]) is not None:
        starts[0] = 0
    else:
        starts.insert(0, 0)
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def keeps_borders(before: str, after: str, *, is_first: bool, is_last: bool) -> bool:
    """Whether *after* can stand in the place of the piece *before*: beside its neighbours it is a document as it is alone."""
    begins = is_first or _MARKER.match(after) is not None
    return begins and (is_last or after.endswith(("\n", "\r"))) and len(cut_yaml(after)) == len(cut_yaml(before)) == 1
