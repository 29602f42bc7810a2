"""Texts for the fields of reports that are shown as one line."""

from __future__ import annotations

import re

from journeylint.terminal import make_visible

_BREAK = re.compile(r"[\r\n]+")


def put_on_one_line(text: str) -> str:
    """*text*, made visible, with a blank for each run of line breaks and the blanks around it; none at the ends."""
    return make_visible(join_lines(text))


def join_lines(text: str) -> str:
    """*text* as `put_on_one_line` gives it, for those who make it visible themselves."""
    if "\n" in text or "\r" in text:
        text = " ".join(filter(None, (line.strip(" \t") for line in _BREAK.split(text))))
    return text.strip(" ")
