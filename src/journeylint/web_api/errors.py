"""What ends the reading of a table, and what ends a pull.

    UsageError
    └── EnvironmentUnusable   2  signing in, or reaching the environment at all, did not work: no table can be read
    Exception
    ├── NoAnswer                 a request that got no answer; it may be sent again
    ├── AnswerTooLarge           an answer that is not read, for whoever can ask for less
    ├── TableUnreadable          one table cannot be read, or not to its end: a failure, others are read
    └── TableMissing             the environment does not have this table

Those below Exception never leave the package.
"""

from __future__ import annotations

from journeylint.errors import UsageError


class EnvironmentUnusable(UsageError):  # noqa: N818 - as the classes beside it, it says what is so
    """Nothing can be read from the environment; the message names it."""


class NoAnswer(Exception):  # noqa: N818 - as above
    """A request got no answer, for the reason that the argument tells.

    `was_reached` where a connection was made; `may_pass` where the same request may get an answer later.
    """

    def __init__(self, reason: str, *, was_reached: bool = True, may_pass: bool = True) -> None:
        super().__init__(reason)
        self.was_reached = was_reached
        self.may_pass = may_pass


class AnswerTooLarge(Exception):  # noqa: N818 - as above
    """An answer has more bytes than anybody would read; the argument says how many are read."""


class TableUnreadable(Exception):  # noqa: N818 - as above
    """A table cannot be read, or not to its end: the argument says why, and on which page."""


class TableMissing(Exception):  # noqa: N818 - as above
    """The environment has no such collection."""
