"""HTML out of texts that others wrote: no text can become an element, an attribute or a link of its own."""

from __future__ import annotations

import html
from typing import NewType

from journeylint.terminal import make_visible

Html = NewType("Html", str)
"""A piece of a page in which every text is escaped already."""

_VOID = ("br", "link", "meta")
_LINE_BREAKS = str.maketrans({"\r": " ", "\n": " ", "\t": " "})


def text(words: str) -> Html:
    """*words* as they are read, on one line; characters that hide or reorder others are written out."""
    return Html(html.escape(make_visible(words.translate(_LINE_BREAKS))))


def code_lines(source: str) -> Html:
    """*source*, of one line or many, for inside a `pre`."""
    return Html("\n".join(html.escape(make_visible(line.replace("\t", "    "))) for line in source.splitlines()))


def element(name: str, /, *content: Html, **attributes: str) -> Html:
    """An element; `class_` is the attribute `class`, and `_` in other names is `-`."""
    pairs = "".join(f' {key.rstrip("_").replace("_", "-")}="{html.escape(value)}"' for key, value in attributes.items())
    inner = "".join(content)
    return Html(f"<{name}{pairs}>" if name in _VOID else f"<{name}{pairs}>{inner}</{name}>")


def join(*parts: Html) -> Html:
    """Several pieces after each other, each on a line of its own."""
    return Html("\n".join(part for part in parts if part))


def paragraphs(words: str) -> Html:
    """Each line of *words* as a paragraph."""
    return join(*(element("p", text(line)) for line in words.splitlines() if line.strip()))
