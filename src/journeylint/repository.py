"""Where in git a run takes place: what the program `git` says of the working directory.

git is asked for what is in the repository only; it reaches no network. Where it is missing or refuses (a repository of
another user, no commit yet), what it would have said is empty.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from journeylint.model import Repository

_TIMEOUT_SECONDS = 10
_SECURE_SHELL = re.compile(r"(?:[^@/\s]+@)?(?P<host>[^:/\s\[\]]+):(?P<path>(?!//)\S+)")
_WEB = ("http", "https")


def find_repository(folder: Path) -> Repository | None:
    """The git repository that *folder* is in, or None. The folder's `.git` may be a file: a worktree or submodule."""
    folder = folder.absolute()
    for root in (folder, *folder.parents):
        if (root / ".git").exists():
            inside = folder.relative_to(root).as_posix()
            prefix = "" if inside == "." else f"{inside}/"
            revision, _, branch = _ask(folder, "rev-parse", "HEAD", "--abbrev-ref", "HEAD").partition("\n")
            uri = web_address(_ask(folder, "config", "--get", "remote.origin.url"))
            return Repository(prefix, uri, revision, "" if branch == "HEAD" else branch)
    return None


def web_address(remote: str) -> str:
    """The https address of the repository that *remote* leads to, without user name and password, or `""`.

    `git@example.com:team/journeys.git` and `ssh://git@example.com/team/journeys` become
    `https://example.com/team/journeys`. A remote that is a path has no such address.
    """
    match = _SECURE_SHELL.fullmatch(remote)
    if match is not None and "://" not in remote and len(match["host"]) > 1:  # one letter is a drive
        remote = f"ssh://{match['host']}/{match['path'].lstrip('/')}"
    try:
        parts = urlsplit(remote)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if not host or parts.scheme not in (*_WEB, "ssh", "git+ssh", "git"):
        return ""
    place = f"{host}:{port}" if port is not None and parts.scheme in _WEB else host
    scheme = parts.scheme if parts.scheme in _WEB else "https"
    return urlunsplit((scheme, place, parts.path.rstrip("/").removesuffix(".git"), "", ""))


def _ask(folder: Path, *words: str) -> str:
    """What git says in *folder*, or `""`."""
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        run = subprocess.run(  # noqa: S603 - fixed words
            ["git", *words],  # noqa: S607 - git is where the user has it
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return run.stdout.decode("utf-8", "replace").strip() if run.returncode == 0 else ""
