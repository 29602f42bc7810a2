"""The program's entry: `journeylint` and `python -m journeylint`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line in `sys.argv` and return its exit code.

    `--version` alone is answered before anything else is imported, so that it costs little more than starting Python.
    """
    if sys.argv[1:] == ["--version"]:
        from journeylint import __version__  # noqa: PLC0415 - keeps this module free of imports

        sys.stdout.write(f"journeylint {__version__}\n")
        return 0
    from journeylint.cli import main as run_command_line  # noqa: PLC0415 - only a real command pays for the imports

    return run_command_line()


if __name__ == "__main__":
    sys.exit(main())
