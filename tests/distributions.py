"""Distributions laid out as pip would leave them, in folders to be put on the import path."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.contract.command_line import write


def install(
    site: Path,
    name: str,
    files: Mapping[str, str],
    *,
    version: str = "1.2",
    plugin: str = "",
    target: str = "",
) -> Path:
    """Lay the distribution *name* with *files* out in *site*; its plugin *plugin* (default: *name*) is *target*.

    *target* is by default the module or package with the distribution's name.
    """
    stem = name.replace("-", "_")
    info = f"{stem}-{version}.dist-info"
    return write(
        site,
        {
            **files,
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
            f"{info}/entry_points.txt": f"[journeylint]\n{plugin or name} = {target or stem}\n",
        },
    )


class ImportPath:
    """The import path of this process with a folder in front, and the modules that come from it forgotten at the end."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        monkeypatch.syspath_prepend(str(folder))
        self._folder = str(folder)

    def forget(self) -> None:
        """Let the modules of the folder be imported anew."""
        for name, module in list(sys.modules.items()):
            places = [getattr(module, "__file__", None) or "", *getattr(module, "__path__", ())]
            if any(place.startswith(self._folder) for place in places):
                del sys.modules[name]
