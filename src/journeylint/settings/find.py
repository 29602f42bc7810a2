"""Which configuration file a run has: the nearest above what is checked."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from journeylint.discover import STANDARD_INPUT, split_glob

FILE_NAME = "journeylint.yaml"
PROJECT_FILE_NAME = "pyproject.toml"


def find_configuration(paths: Sequence[str], *, working_directory: Path) -> Path | None:
    """The configuration file for a check of *paths* (as on the command line; none are the working directory).

    It is looked for in the folder that all paths have in common and in those above it, then from the working directory
    upwards. The nearest wins, and in one folder `journeylint.yaml` before a `pyproject.toml` with a `tool.journeylint`
    table. Raises ConfigurationError for a `pyproject.toml` that speaks of journeylint and cannot be read.
    """
    here = working_directory.absolute()
    for start in dict.fromkeys((_common_folder(paths, here), here)):
        for folder in (start, *start.parents):
            for file in _candidates(folder):
                return file
    return None


def _candidates(folder: Path) -> Iterator[Path]:
    if _is_there(folder / FILE_NAME):
        yield folder / FILE_NAME
    project = folder / PROJECT_FILE_NAME
    if _is_there(project):
        from journeylint.settings.toml import holds_table  # noqa: PLC0415 - most folders have no such file

        if holds_table(project):
            yield project


def _common_folder(paths: Sequence[str], here: Path) -> Path:
    folders = [_folder_of(path, here) for path in paths if path != STANDARD_INPUT]
    try:
        return Path(os.path.commonpath(folders)) if folders else here
    except ValueError:  # different drives have nothing in common
        return here


def _folder_of(path: str, here: Path) -> str:
    full = os.path.normpath(here / path.replace("\0", ""))
    if os.path.isdir(full):  # noqa: PTH112 - text in, text out
        return full
    if set(path) & set("*?[") and not os.path.lexists(full):
        return _folder_of(split_glob(path)[0], here)
    return os.path.dirname(full)  # noqa: PTH120 - as above


def _is_there(file: Path) -> bool:
    """Whether *file* is meant to be read; a link that leads nowhere is, so that reading it tells."""
    try:
        return not stat.S_ISDIR(file.stat().st_mode)
    except OSError:
        return file.is_symlink()
