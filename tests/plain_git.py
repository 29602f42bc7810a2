"""git as it comes, without what this machine or a hook that runs the tests has set."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest


def use_plain_git(ceiling: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let git heed no settings but a repository's own, know who commits and when, and look for none above *ceiling*."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(ceiling))
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Test")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "test@example.com")
        monkeypatch.setenv(f"GIT_{role}_DATE", "2025-03-01T00:00:00Z")


def git(folder: Path, *words: str) -> str:
    """What git says to *words* in *folder*, which must succeed."""
    ran = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def commit_all(folder: Path, message: str = "Change") -> None:
    """Commit everything in *folder* as it is."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
