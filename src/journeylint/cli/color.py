"""Whether colours are welcome."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TextIO

CHOICES = ("auto", "always", "never")


def wants_color(choice: str, stream: TextIO | None, environment: Mapping[str, str] | None = None) -> bool:
    """Whether *stream* is to be coloured.

    *choice* (`--color`) decides; `auto` leaves it to NO_COLOR, then FORCE_COLOR (either counts only if it is not
    empty), then to whether *stream* is a terminal that knows colours.
    """
    variables = os.environ if environment is None else environment
    if choice != "auto":
        return choice == "always"
    if variables.get("NO_COLOR"):
        return False
    if variables.get("FORCE_COLOR"):
        return True
    return stream is not None and stream.isatty() and variables.get("TERM") != "dumb"
