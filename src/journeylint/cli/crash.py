"""What a bug in journeylint shows: the traceback, and a template for reporting it."""

from __future__ import annotations

import platform
import shlex
import traceback
from collections.abc import Sequence

from journeylint import __version__
from journeylint.terminal import make_visible


def describe_crash(error: BaseException, argv: Sequence[str]) -> str:
    """The traceback of *error*, and below it what a report to the maintainers should hold."""
    trace = "".join(traceback.format_exception(error)).rstrip()
    return "\n".join(
        (
            *map(make_visible, trace.split("\n")),
            "",
            "This is a bug in journeylint, not a mistake of yours: the run stopped, and its result does not count.",
            "Please report it with the lines above and these (leave out what others may not see):",
            "",
            f"  journeylint  {__version__}",
            f"  Python       {platform.python_version()} ({platform.python_implementation()})",
            f"  system       {platform.platform()}",
            f"  command      journeylint {make_visible(shlex.join(argv))}",
            "  manifest     (the smallest one that shows it)",
            "  expected     (what you expected instead)",
        )
    )
