"""Texts of rows made fit for manifests: rows are written by anybody, and a manifest is read, diffed and printed."""

from __future__ import annotations

import re

from journeylint.one_line import join_lines

_LONGEST_LINE = 1_000
_ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")
_BETWEEN_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")


def clean_text(text: str) -> str:
    """*text* with U+FFFD for what cannot be written or seen: control characters but tab and line breaks, half surrogates."""
    return text if text.isprintable() else _ODD.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def clean_line(text: str) -> str:
    """*text* as one line of 1,000 characters at most, `…` at the end of what is cut; `""` where there is nothing to see."""
    line = text.strip() if text.isprintable() else clean_text(join_lines(text)).strip()
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"


def snake_case(text: str) -> str:
    """*text* as our words are written: `One time` and `OneTime` become `one_time`."""
    return _BETWEEN_WORDS.sub("_", text.strip()).strip("_").lower()
