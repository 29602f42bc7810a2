"""Texts as GitHub-flavoured Markdown within a line or a cell of a table: what was written is what is read.

A site goes over a page once more after Markdown has: it turns names after `@` into mentions, which call people, numbers
after `#` into references, and words between colons into emoji. A backslash does not help there. A blank of no width
(`&#8203;`) does, and so does standing as code.
"""

from __future__ import annotations

import re

from journeylint.one_line import put_on_one_line
from journeylint.terminal import ELLIPSIS, make_visible

_NO_WIDTH = "&#8203;"
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "|": "&#124;", "$": "<span>$</span>"}  # two $ make a formula
_BACKSLASHED = "\\`*_[]~"
_ACTIVE = re.compile(
    r"[<>&|$\\`*_\[\]~]"
    r"|@(?=\w)"  # a mention, an e-mail address
    r"|[#!%](?=\d)|\bGH-(?=\d)"  # an issue, a merge request, a milestone
    r"|:(?=//)|www(?=\.)"  # an address of the web
    r"|:(?!\d\d:)(?=[\w+-]+:)",  # an emoji, which the middle of 09:20:00 is not
    re.IGNORECASE,
)
_PLAIN_CODE = re.compile(r"[^\s`|\\](?:[^`|\\]*[^\s`|\\])?")


def escape_markdown(text: str, most: int) -> str:
    """The first *most* characters of *text*, made visible and on one line, as Markdown; an ellipsis says if it is cut."""
    line = put_on_one_line(text)
    return _ACTIVE.sub(_escape, line if len(line) <= most else line[: most - 1] + ELLIPSIS)


def escape_code(text: str, most: int) -> str:
    """The last *most* characters of *text*, made visible, in the type of code: the end of a path tells more."""
    line = make_visible(text)
    if len(line) > most:
        line = ELLIPSIS + line[1 - most :]
    if _PLAIN_CODE.fullmatch(line):
        return f"`{line}`"
    return f"<code>{_ACTIVE.sub(_escape, line)}</code>" if line else ""


def _escape(found: re.Match[str]) -> str:
    text = found[0]
    if text in _BACKSLASHED:
        return f"\\{text}"
    return _ENTITIES.get(text) or text + _NO_WIDTH
