"""Keys of rows, in the one way in which they are compared."""

from __future__ import annotations

import re

_GUID = re.compile(r"\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?")


def read_guid(value: object) -> str | None:
    """The GUID that *value* is, in lower case and without braces; None where it is none."""
    found = _GUID.fullmatch(value) if isinstance(value, str) else None
    return found[1].lower() if found is not None else None


def plain_key(value: str) -> str:
    """*value* in lower case and without braces where it is a GUID, otherwise as it is."""
    return read_guid(value) or value
