"""Times of rows as instants of manifests."""

from __future__ import annotations

import re

from journeylint.times import TimeError, check_instant, parse_instant

_EMPTY_FRACTION = re.compile(r"\.0+(?=[Zz+-]|\Z)")
_OFFSET = re.compile(r"(?<=[0-9])(?:[Zz]|[+-][0-9]{2}:[0-9]{2})\Z")
_ZERO_OFFSET = re.compile(r"(?<=[0-9])(?:[Zz]|[+-]00:00)\Z")


def read_utc(value: object) -> str | None:
    """The instant *value*, which is in UTC where it has no offset; None where it is no time.

    A bare date stays one: our schemas read it in UTC.
    """
    text = _read(value)
    return f"{text}Z" if text is not None and "T" in text.upper() and _OFFSET.search(text) is None else text


def read_local(value: object) -> str | None:
    """The local time *value* without the `Z` that a Web API writes after it; None where it is no time.

    Columns that do not depend on a time zone hold local times, and the API writes `Z` after them all the same.
    """
    text = _read(value)
    return None if text is None else _ZERO_OFFSET.sub("", text) if "T" in text.upper() else text


def read_instant(value: object) -> str | None:
    """The time *value* as it is, with its offset or without one; None where it is no time."""
    return _read(value)


def has_offset(text: str) -> bool:
    """Whether the instant *text* stands for itself, in whatever zone."""
    return "T" in text.upper() and _OFFSET.search(text) is not None


def explain_unfit(text: str, zone: str | None) -> str:
    """Why the instant *text* means nothing in *zone* (None: not known), for people; `""` where it does mean something."""
    if zone is None:
        return "" if has_offset(text) else f"{text} is local in a time zone that is not known"
    try:
        parse_instant(text, zone)
    except TimeError as error:
        return str(error)
    return ""


def _read(value: object) -> str | None:
    if not isinstance(value, str) or len(value) > 40:
        return None
    text = _EMPTY_FRACTION.sub("", value.strip())
    try:
        check_instant(text)
    except TimeError:
        return None
    return text
