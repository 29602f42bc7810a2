"""What an answer of the Web API says beside its rows: why it refuses, and how long it wants to be left alone."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from journeylint.one_line import join_lines

_LONGEST_REASON = 300
_UNKNOWN_PROPERTY = re.compile(r"Could not find a property named '([^']+)'")


class Answer(NamedTuple):
    """An answer of a server: `headers` by their names in lower case, and the whole of its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Refusal(NamedTuple):
    """Why a request was refused: `code` is Dataverse's, `""` where there is none, `message` one line."""

    status: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.status}: {self.message}" if self.message else str(self.status)

    @property
    def unknown_property(self) -> str | None:
        """The property of `$select` that the table does not have, if that is why."""
        found = _UNKNOWN_PROPERTY.search(self.message) if self.status == 400 else None
        return found and found[1]


def read_refusal(answer: Answer, *, secret: str) -> Refusal:
    """What *answer*, which is none with rows, says of the reason: no more than a line of it, and *secret* nowhere in it."""
    try:
        error = json.loads(answer.body)["error"]
        code, message = error.get("code"), error.get("message")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        code, message = "", ""
    told = join_lines(message).replace(secret, "***") if isinstance(message, str) else ""
    if len(told) > _LONGEST_REASON:
        told = f"{told[: _LONGEST_REASON - 1]}…"
    return Refusal(answer.status, code if isinstance(code, str) else "", told)


def read_retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """The seconds after which the server wants to be asked again; None where it does not say, or nothing that is clear.

    A time is held against the server's own `date` where there is one, so that a wrong clock on this side does not count.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    until = _read_http_date(text)
    if until is None:
        return None
    return max(0.0, (until - (_read_http_date(headers.get("date", "")) or now)).total_seconds())


def _read_http_date(text: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return read if read.tzinfo is not None else read.replace(tzinfo=UTC)
