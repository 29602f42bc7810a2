"""The exceptions that end a run, and the exit code that each stands for.

    JourneylintError
    ├── UsageError            2  a command line that cannot be carried out
    ├── ConfigurationError    2  a configuration that cannot be used
    ├── PolicyError           2  a policy or pack file that cannot be used
    └── PluginError           2  a plugin that cannot be used

What is wrong with a manifest is never an exception: it is a `Failure` in the report.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar


class JourneylintError(Exception):
    """A run cannot go on. `messages` are complete lines for a person, in the order in which they are to be read."""

    exit_code: ClassVar[int] = 2

    def __init__(self, messages: str | Iterable[str]) -> None:
        self.messages = (messages,) if isinstance(messages, str) else tuple(messages)
        super().__init__("\n".join(self.messages))


class UsageError(JourneylintError):
    """A command line that cannot be carried out: a path that does not exist, an unknown policy."""


class ConfigurationError(JourneylintError):
    """A configuration that cannot be used; each message is `path:line:column: what is wrong`."""


class PolicyError(JourneylintError):
    """Policy or pack files that cannot be used; one message a problem, `path:line:column: what is wrong`."""


class PluginError(JourneylintError):
    """A plugin that cannot be used; the message names it and its distribution."""
