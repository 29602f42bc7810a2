"""Keys of rows, in the one way in which they are compared."""

from __future__ import annotations

import re

_GUID = re.compile(r"\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?")


def plain_key(value: str) -> str:
    """*value* in lower case and without braces where it is a GUID, otherwise as it is."""
    found = _GUID.fullmatch(value)
    return value if found is None else found[1].lower()
