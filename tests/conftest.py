"""What all tests have: a cache of their own, so that they find nothing of the user's and leave nothing behind."""

from __future__ import annotations

import os
import shutil
import tempfile

import pytest

_FOLDER = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Before the first module is imported, and before the other processes are, which have the same cache."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        config.stash[_FOLDER] = os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="journeylint-cache-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it, whatever came of the tests."""
    if _FOLDER in config.stash:
        shutil.rmtree(config.stash[_FOLDER], ignore_errors=True)
