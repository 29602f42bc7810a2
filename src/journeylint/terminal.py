"""Text for terminals and logs: what they would obey made visible, widths in cells, lines of a fixed width, ANSI styles."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable
from typing import TypeAlias

LINE_WIDTH = 80
ELLIPSIS = "…"

# Control characters, those that reorder or hide text, line separators, tags, and halves of surrogate pairs. The two
# joiners (U+200C, U+200D) are left out: scripts and emoji need them and they move nothing.
_TREACHEROUS = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f\\xad\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff"
    "\\ufff9-\\ufffb\\ud800-\\udfff\\U000e0000-\\U000e007f]"
)
_WIDE = ("W", "F")
# GitHub Actions and Azure Pipelines obey `##[...]` and `##vso[...]` wherever a line has them, and GitHub `::...::` at its
# beginning. They search as people sort, which passes over characters without a weight, such as joiners.
_WEIGHTLESS = (
    "[\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180d\\u200c\\u200d\\ufe00-\\ufe0f\\U000e0100-\\U000e01ef]*"
)
_MARKER = re.compile(f"#(?={_WEIGHTLESS}#{_WEIGHTLESS}(?:\\[|v{_WEIGHTLESS}s{_WEIGHTLESS}o))", re.IGNORECASE)
_MARKED_START = re.compile(r"^([^\S\n]*)::", re.MULTILINE)


class Style(enum.Enum):
    """How a piece of text looks; the value is the ANSI parameter."""

    BOLD = "1"
    DIM = "2"
    ERROR = "1;31"
    WARNING = "1;33"
    INFO = "1;34"
    SUCCESS = "1;32"
    HELP = "1;36"
    GUTTER = "34"


Painter: TypeAlias = Callable[[str, Style], str]


def painter(*, color: bool) -> Painter:
    """A function that gives a text its style: with ANSI sequences if *color*, else as it is."""
    return _paint if color else _leave_plain


def _paint(text: str, style: Style) -> str:
    return f"\x1b[{style.value}m{text}\x1b[0m" if text else text


def _leave_plain(text: str, style: Style) -> str:  # noqa: ARG001 - has the signature of _paint
    return text


def make_visible(text: str) -> str:
    """*text* with every character that a terminal would obey, reorder or hide written out (`␛`, `<U+202E>`).

    What a CI system would take for a command in its log is broken, as `defuse_commands` says.
    """
    shown = text if text.isprintable() else _TREACHEROUS.sub(_write_out, text)
    return defuse_commands(shown) if "#" in shown or "::" in shown else shown


def defuse_commands(text: str) -> str:
    """*text*, one line or many, in which no CI system finds a command: people still read what was there.

    A backslash breaks `##[` and `##vso` wherever they stand (`#\\#[`), and `::` where a line begins with it (`\\::`).
    Lines end with line feeds only; other line breaks are for `make_visible`.
    """
    if "#" in text:
        text = _MARKER.sub("#\\\\", text)
    return _MARKED_START.sub(r"\1\\::", text) if "::" in text else text


def defuse_json(text: str) -> str:
    """*text*, a part of JSON that ends outside of strings, written so that no CI system finds a command in it.

    What `defuse_commands` breaks can only be in strings there, and reads the same with an escape. No line of JSON begins
    with `::`.
    """
    is_harmless = "##" not in text if text.isascii() else "#" not in text
    return text if is_harmless else _MARKER.sub(r"\\u0023", text)


def show_path(path: str) -> str:
    """*path* made visible, to stand at the beginning of a line: one that begins with `::` gets a `./` before it."""
    return make_visible(f"./{path}" if "::" in path and path.lstrip().startswith("::") else path)


def _write_out(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"<U+{code:04X}>"


def cells_of(text: str) -> int:
    """How many terminal cells *text* takes: two for a wide East Asian character or emoji, none for a combining one."""
    if text.isascii():
        return len(text)
    import unicodedata  # noqa: PLC0415 - plain ASCII, the usual case, needs no tables

    cells = 0
    for character in text:
        if unicodedata.east_asian_width(character) in _WIDE:
            cells += 2
        elif unicodedata.category(character) not in {"Mn", "Me", "Cf"}:
            cells += 1
    return cells


def shorten(text: str, cells: int) -> str:
    """The beginning of *text*, made visible, in at most *cells* cells; an ellipsis stands for what is left out."""
    shown = make_visible(text[: cells + 1])
    if len(text) <= cells and cells_of(shown) <= cells:
        return shown
    while shown and cells_of(shown) > cells - 1:
        shown = shown[:-1]
    return shown + ELLIPSIS


def wrap(text: str, *, first: str = "", rest: str = "", width: int = LINE_WIDTH) -> list[str]:
    """The words of *text*, made visible, in lines of at most *width* cells (a longer word stands alone).

    The first line begins with *first*, the others with *rest*. Line breaks in *text* count as blanks. A backslash
    that breaks a command (see `defuse_commands`) comes on top of the width.
    """
    lines: list[str] = []
    line, room, is_empty = first, width - len(first), True
    is_plain = text.isascii() and text.isprintable()  # then a word is as long as it looks
    for raw in text.split():
        word = raw if is_plain else _TREACHEROUS.sub(_write_out, raw)
        cells = len(word) if is_plain else cells_of(word)
        if not is_empty and cells + 1 > room:
            lines.append(line)
            line, room, is_empty = rest, width - len(rest), True
        line += word if is_empty else f" {word}"
        room -= cells if is_empty else cells + 1
        is_empty = False
    lines.append(line if not is_empty else line.rstrip())
    return [defuse_commands(line) for line in lines] if "#" in text or "::" in text else lines


def wrap_paragraphs(text: str, *, first: str = "", rest: str = "", width: int = LINE_WIDTH) -> list[str]:
    """As `wrap`, but each line of *text* begins a line of its own; blank ones stay."""
    lines: list[str] = []
    for paragraph in text.strip().split("\n"):
        lines += wrap(paragraph, first=rest if lines else first, rest=rest, width=width)
    return lines


def count(number: int, noun: str) -> str:
    """*number* and *noun*, in the plural unless it is one: `1 journey`, `12,345 policies`."""
    if number != 1:
        if noun.endswith("y") and noun[-2:-1] not in "aeiou":
            noun = noun[:-1] + "ies"
        else:
            noun += "es" if noun.endswith(("s", "x", "z", "ch", "sh")) else "s"
    return f"{number:,} {noun}"
