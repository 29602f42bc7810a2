"""Where the baseline of a run is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from journeylint.baseline import DEFAULT_FOLDER
from journeylint.errors import ConfigurationError

if TYPE_CHECKING:
    from journeylint.settings.values import Settings


def find_folder(settings: Settings, named: Path | None, working_directory: Path) -> Path:
    """The full path of the baseline's folder, whether it is there or not.

    It is the one that is *named*, else that of *settings*, else the default one in their folder. Raises ConfigurationError
    where it is none that can hold a baseline.
    """
    here = working_directory.absolute()
    if named is not None:
        folder, source = named, f"--baseline {named.as_posix()}"
    elif settings.baseline is not None:
        folder, source = (
            Path(settings.full_path(settings.baseline)),
            f"{settings.baseline.place}: baseline {settings.baseline.text!r}",
        )
    else:
        folder = settings.folder / DEFAULT_FOLDER
        source = DEFAULT_FOLDER
    full = Path(os.path.normpath(here / folder))
    if full.exists() and not full.is_dir():
        raise ConfigurationError(f"{source}: expected a folder, and this is a file - name another one")
    if (here / settings.folder).is_relative_to(full):
        raise ConfigurationError(f"{source}: this folder holds the project - a baseline needs a folder of its own")
    return full
