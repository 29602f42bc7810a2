"""Values as they are written in a text: on one line, in the style of what stood there."""

from __future__ import annotations

import json
import math
import re
from typing import NamedTuple

from journeylint.edits.errors import EditError
from journeylint.edits.tree import Style
from journeylint.formats.limits import DEFAULT_LIMITS
from journeylint.formats.scalars import ScalarError, resolve_plain
from journeylint.model import JsonValue

_PLAIN = re.compile(r"[A-Za-z0-9_./(\u00c0-\u024f+-][^\x00-\x1f]*")
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")
_SEPARATES = re.compile(r":(?= |$)|(?<= )#|(?:^|\s)- |^---|^\.\.\.|^-$|^[-+](?![0-9A-Za-z.])")
_OF_FLOW = re.compile(r"[\[\]{},]|:$")


class Spelling(NamedTuple):
    """How values are written at a place: as JSON, or as YAML inside brackets or outside; `quotes` everything or not."""

    is_json: bool
    is_in_flow: bool
    quotes: bool = False

    def key(self, name: str) -> str:
        """A key."""
        if self.is_json:
            return json.dumps(name, ensure_ascii=False)
        is_plain = not self.quotes and _KEY.fullmatch(name) and _reads_as_itself(name)
        return name if is_plain else _double_quote(name)

    def value(self, value: JsonValue, like: Style | None = None) -> str:
        """*value*, of which text gets the quotes of the style *like*; EditError for a number that nobody can write."""
        if isinstance(value, str):
            return self._text(value, like)
        if isinstance(value, bool) or value is None:
            return json.dumps(value)
        if isinstance(value, int | float):
            if not math.isfinite(value):
                raise EditError(f"the value is {value}, which cannot be written")
            return json.dumps(value)
        inside = self._replace(is_in_flow=True)
        if isinstance(value, list):
            return f"[{', '.join(inside.value(item) for item in value)}]"
        return f"{{{', '.join(f'{inside.key(name)}: {inside.value(item)}' for name, item in value.items())}}}"

    def _text(self, text: str, like: Style | None) -> str:
        if self.is_json:
            return json.dumps(text, ensure_ascii=False)
        if like is Style.SINGLE_QUOTED and text.isprintable():
            doubled = text.replace("'", "''")
            return f"'{doubled}'"
        if like is Style.DOUBLE_QUOTED or (self.quotes and like is None) or not self._may_be_plain(text):
            return _double_quote(text)
        return text

    def _may_be_plain(self, text: str) -> bool:
        if not text.isprintable() or text != text.strip() or _PLAIN.fullmatch(text) is None:
            return False
        if _SEPARATES.search(text) or (self.is_in_flow and _OF_FLOW.search(text)):
            return False
        return _reads_as_itself(text)


def _reads_as_itself(text: str) -> bool:
    try:
        return resolve_plain(text, DEFAULT_LIMITS.number_characters) == text
    except ScalarError:
        return False


def _double_quote(text: str) -> str:
    """*text* in double quotes, as JSON and YAML both read it but for characters above U+FFFF that cannot be printed."""
    return "".join(
        character
        if character.isprintable()
        else (f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}")
        for character in json.dumps(text, ensure_ascii=False)
    )
