"""Paths as pages that show a repository need them: relative to its root."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from journeylint.model import Report


_ODD_STEPS = frozenset({"", ".", ".."})


def prefix_of(report: Report) -> str | None:
    """What leads from the root of the repository to the working directory of the run; None outside of one."""
    return None if report.repository is None else report.repository.prefix


def path_from_root(prefix: str | None, path: str) -> str:
    """*path*, relative to the working directory, as seen from the root of the repository (see `prefix_of`).

    One that leads out of the repository keeps the `../` that it needs, and an absolute one stays as it is.
    """
    if prefix is None or not path or posixpath.isabs(path):
        return path
    path = prefix + path
    return path if _ODD_STEPS.isdisjoint(path.split("/")) else posixpath.normpath(path)
