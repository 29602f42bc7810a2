"""What unquoted text means: the core schema of YAML 1.2 (section 10.3), to the letter."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Final

JsonScalar = None | bool | int | float | str

_WORDS: Final[dict[str, JsonScalar]] = {
    **dict.fromkeys(["", "~", "null", "Null", "NULL"]),
    **dict.fromkeys(["true", "True", "TRUE"], True),
    **dict.fromkeys(["false", "False", "FALSE"], False),
    **dict.fromkeys([sign + word for sign in ("", "+") for word in (".inf", ".Inf", ".INF")], math.inf),
    **dict.fromkeys(["-.inf", "-.Inf", "-.INF"], -math.inf),
    **dict.fromkeys([".nan", ".NaN", ".NAN"], math.nan),
}
_NUMBER = re.compile(
    r"(?P<int>[-+]?[0-9]+)|0o(?P<oct>[0-7]+)|0x(?P<hex>[0-9a-fA-F]+)"
    r"|(?P<float>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
)
_NUMBER_STARTS = frozenset("-+.0123456789")
_CONVERSIONS: Final[dict[str, Callable[[str], int | float]]] = {
    "int": int,
    "oct": lambda digits: int(digits, 8),
    "hex": lambda digits: int(digits, 16),
    "float": float,
}


class ScalarError(ValueError):
    """A scalar cannot be what it says it is; the text is for a person."""


def resolve_plain(text: str, longest_number: int) -> JsonScalar:
    """What the unquoted *text* stands for. Raises ScalarError for a number that is too long or too large."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    if text.isdecimal() and text.isascii() and len(text) <= longest_number:
        return int(text)
    found = _NUMBER.fullmatch(text)
    return text if found is None else _convert(found, longest_number)


def read_tagged(text: str, tag: str, longest_number: int) -> JsonScalar:
    """*text* as the core type *tag* (`str`, `null`, `bool`, `int`, `float`). Raises ScalarError where it is none."""
    if tag == "str":
        return text
    value = resolve_plain(text, longest_number)
    if tag == "float" and name_type(value) == "int" and not text.startswith(("0o", "0x")):
        value = _finite(float(text), text)
    if name_type(value) != tag:
        raise ScalarError(f"{shorten(text)} is not of the type that its tag '!!{tag}' says: correct one of them")
    return value


def name_type(value: JsonScalar) -> str:
    """The core tag of a scalar, without its prefix: `str`, `null`, `bool`, `int` or `float`."""
    return "null" if value is None else type(value).__name__


def shorten(text: str, longest: int = 60) -> str:
    """*text* in quotes for a message: on one line, control characters escaped, cut where it is long."""
    return repr(text if len(text) <= longest else f"{text[: longest - 1]}…")


def _convert(found: re.Match[str], longest_number: int) -> int | float:
    text = found[0]
    if len(text) > longest_number:
        raise ScalarError(f"a number of {len(text):,} characters: at most {longest_number} are read")
    form = found.lastgroup or "int"
    value = _CONVERSIONS[form](found[form])
    return value if form != "float" else _finite(float(value), text)


def _finite(value: float, text: str) -> float:
    if math.isinf(value):
        raise ScalarError(f"the number {shorten(text)} is too large to be held: quote it if it is text")
    return value
