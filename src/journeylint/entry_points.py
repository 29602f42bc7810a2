"""The plugins that installed distributions announce, found without importing anything.

`importlib.metadata` would cost a third of a run's start-up; a distribution's folder says all that is needed.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

GROUP = "journeylint"
_HEADING = f"[{GROUP}]".encode()


class EntryPoint(NamedTuple):
    """A plugin on offer: `target` is `module` or `module:attribute`.

    One that is Python in a repository has no distribution: its `target` is the full path of a file or package, and `path`
    is what the configuration calls it.
    """

    name: str
    target: str
    distribution: str
    version: str
    path: str = ""

    @property
    def title(self) -> str:
        """The plugin as messages name it."""
        return f"{self.name} ({self.path or f'{self.distribution} {self.version}'})"

    def is_called(self, name: str) -> bool:
        """Whether *name* is its own or its distribution's: letter case does not count, and `-`, `_` and `.` are one."""
        return normalize_name(name) in (normalize_name(self.name), normalize_name(self.distribution))


def normalize_name(name: str) -> str:
    """*name* of a plugin or distribution in the one way of writing it that PEP 503 has."""
    return re.sub(r"[-_.]+", "-", name).casefold()


def find_entry_points(folders: Sequence[str] | None = None) -> list[EntryPoint]:
    """The entry points in group `journeylint` below *folders* (default: the import path), sorted by name.

    Of a distribution that is there twice, the first on the path counts, as for imports.
    """
    found: dict[tuple[str, str], EntryPoint] = {}
    for folder in sys.path if folders is None else folders:
        for entry in _read_folder(folder):
            found.setdefault((entry.distribution, entry.name), entry)
    return sorted(found.values(), key=lambda entry: (entry.name, entry.distribution))


def _read_folder(folder: str) -> Iterator[EntryPoint]:
    try:
        names = [name for name in os.listdir(folder or ".") if name.endswith((".dist-info", ".egg-info"))]
    except OSError:
        return
    for name in sorted(names):
        try:
            with open(os.path.join(folder, name, "entry_points.txt"), "rb") as file:  # noqa: PTH118, PTH123 - pathlib costs
                content = file.read()
        except OSError:
            continue
        if _HEADING in content:
            stem, _, version = name.rsplit(".", 1)[0].partition("-")
            distribution = _read_name(os.path.join(folder, name)) or stem  # noqa: PTH118 - as above
            yield from _read_entries(content.decode(errors="replace"), distribution, version)


def _read_name(folder: str) -> str:
    """The distribution's name as its author writes it: that of its folder has `_` for `-`. Nothing where it is not told."""
    for name in ("METADATA", "PKG-INFO"):
        try:
            with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:  # noqa: PTH118, PTH123 - as above
                headers = file.read().partition("\n\n")[0].splitlines()
        except OSError:
            continue
        return next((line.partition(":")[2].strip() for line in headers if line.lower().startswith("name:")), "")
    return ""


def _read_entries(text: str, distribution: str, version: str) -> Iterator[EntryPoint]:
    group = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            group = line.strip("[]").strip()
        elif group == GROUP and "=" in line and not line.startswith(("#", ";")):
            name, _, target = line.partition("=")
            yield EntryPoint(name.strip(), target.split("[")[0].strip(), distribution, version)
