"""New files, written only if none of them is there already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from journeylint.cli.outputs import write_file
from journeylint.cli.streams import write_standard_output
from journeylint.errors import UsageError
from journeylint.terminal import show_path


def write_new_files(files: Mapping[Path, str]) -> None:
    """Write *files*; UsageError, and nothing written, where one of them is there already."""
    there = [path for path in files if path.exists() or path.is_symlink()]
    if there:
        raise UsageError(
            [f"{show_path(path.as_posix())} is there already, and nothing is written over" for path in there]
        )
    for path, text in files.items():
        write_file(path, lambda stream, text=text: stream.write(text))  # type: ignore[misc]  # mypy sees no default in a lambda


def tell_written(files: Iterable[Path], further: Iterable[str]) -> None:
    """Say which files are there now, and what to do next."""
    lines = [f"Wrote {show_path(path.as_posix())}" for path in files] + ["", *further]
    write_standard_output(lambda stream: stream.write("\n".join(lines) + "\n"))
