"""The command line. The only part of journeylint that knows click, and the only one that prints."""

from __future__ import annotations

from collections.abc import Sequence

from journeylint.cli.exit_status import INTERRUPTED


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line *argv* (default: that of the process) and return its exit code.

    Every mistake of a user is told on standard error in a line that begins with `error:`; only a bug shows a traceback.
    """
    try:
        from journeylint.cli.boundary import run_guarded  # noqa: PLC0415 - an interrupt may come while click is imported

        return run_guarded(argv)
    except KeyboardInterrupt:
        return INTERRUPTED
