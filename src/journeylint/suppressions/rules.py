"""What an organisation asks of every suppression."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple


class SuppressionRules(NamedTuple):
    """What a suppression needs to count; `reason_length` is in code points, `longest_term` counts from the run's instant on.

    `ticket_pattern` is a regular expression that a reason has to match somewhere.
    """

    is_reason_required: bool = True
    reason_length: int = 1
    ticket_pattern: str | None = None
    longest_term: timedelta | None = None
