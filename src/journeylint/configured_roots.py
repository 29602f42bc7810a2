"""The folders of packs that a configuration names: policies that nobody has to install."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from journeylint.errors import ConfigurationError
from journeylint.host import Host
from journeylint.ports import PolicyRoot, Supplied

if TYPE_CHECKING:
    from journeylint.settings.values import Settings, Word


def add_configured_roots(host: Host, settings: Settings) -> Host:
    """*host* with the packs of the folders that *settings* names beside those of plugins.

    A folder that a plugin supplies already, as that of a pack that is installed from where it is written, counts once.
    Raises ConfigurationError, with all places, for folders that are not there or hold no pack.
    """
    if not settings.policy_roots:
        return host
    roots = list(host.policy_roots)
    known = {os.path.realpath(one.value.folder) for one in roots if isinstance(one.value, PolicyRoot)}
    problems = []
    for word in settings.policy_roots:
        folder = Path(settings.full_path(word))
        if fault := _fault_of(folder):
            problems.append(f"{word.place}: policy-roots: {word.text!r} {fault}")
        elif os.path.realpath(folder) not in known:
            known.add(os.path.realpath(folder))
            roots.append(Supplied(name_root(word), PolicyRoot(folder)))
    if problems:
        raise ConfigurationError(problems)
    return host._replace(policy_roots=tuple(roots))


def name_root(word: Word) -> str:
    """Who supplies the packs of a folder, as messages name it."""
    return f"policy-roots of {word.place.path}"


def patterns_of_cases(settings: Settings) -> tuple[str, ...]:
    """Patterns, as in `exclude`, of the cases in the folders of packs: manifests that are wrong on purpose."""
    base = settings.folder.absolute()
    ways = (os.path.relpath(settings.full_path(word), base).replace(os.sep, "/") for word in settings.policy_roots)
    return tuple(f"{anchor(way)}/*/*/cases/" for way in ways if way != ".." and not way.startswith("../"))


def anchor(way: str) -> str:
    """A pattern of just the path *way*, which a folder's patterns are relative to; nothing for that folder itself."""
    return "" if way == "." else "/" + re.sub(r"([\\*?\[\]!# ])", r"\\\1", way)


def _fault_of(folder: Path) -> str:
    layout = "expected <root>/<pack>/pack.yaml"
    if not folder.is_dir():
        return f"is no folder: {layout}, from the folder of this configuration"
    if any(folder.glob("*/pack.yaml")):
        return ""
    if (folder / "pack.yaml").is_file():
        return f"is a pack, not a folder of packs: {layout} - name the folder that it is in"
    return f"holds no pack: {layout}"
