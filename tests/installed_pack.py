"""A pack installed for this process as a distribution brings it, for tests that call the command line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from journeylint.model import JsonObject
from tests.judging import write_pack

_MODULE = """\
from pathlib import Path

import journeylint
from journeylint.ports import PolicyRoot


@journeylint.hookimpl
def journeylint_policy_roots():
    return [PolicyRoot(Path(__file__).parent / "packs")]
"""


@contextmanager
def installed_pack(folder: Path, *policies: JsonObject) -> Iterator[Path]:
    """The site folder with the package `test_pack_plugin`, whose pack `pack` (prefix TST) holds *policies*."""
    site = folder / "site"
    package = site / "test_pack_plugin"
    write_pack(package / "packs", *policies)
    (package / "__init__.py").write_text(_MODULE)
    announced = site / "test_pack_plugin-1.0.dist-info"
    announced.mkdir()
    (announced / "entry_points.txt").write_text("[journeylint]\ntest-pack = test_pack_plugin\n")
    sys.path.insert(0, str(site))
    try:
        yield site
    finally:
        sys.path.remove(str(site))
        sys.modules.pop("test_pack_plugin", None)
        sys.path_importer_cache.pop(str(site), None)
