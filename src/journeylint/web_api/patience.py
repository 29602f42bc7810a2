"""How long a request is tried, and when it is sent again."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

_LONGEST_PAUSE = 60.0  # seconds, unless the server wants more


class Patience(NamedTuple):
    """How often a request is sent at most - `first_tries` while nothing has been answered at all - and how many seconds
    all requests of a pull may wait in all.
    """

    tries: int = 8
    first_tries: int = 3
    seconds: float = 1800.0


class Clock(NamedTuple):
    """Time as a pull sees it: seconds that only go on, the instant, a pause of some seconds, and chance from 0 up to 1."""

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


PATIENCE = Patience()
"""That of a pull."""

SYSTEM_CLOCK = Clock()
"""Time as it is."""


def pause_after(tries: int, chance: float) -> float:
    """The seconds to wait after *tries* requests without an answer: twice as long each time, the upper half by *chance*.

    Without chance, all who were refused together would come back together.
    """
    longest = min(_LONGEST_PAUSE, 2.0 ** (tries - 1))
    return longest * (0.5 + chance / 2)
