"""Where in git a run takes place: what the program `git` says of the working directory.

git is asked for what is in the repository only; it reaches no network. Where it is missing or refuses (a repository of
another user, no commit yet), what it would have said is empty.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from journeylint.model import Repository

_REMOTE = ("config", "--get", "remote.origin.url")
_HEAD = ("rev-parse", "HEAD", "--symbolic-full-name", "HEAD")
_TIMEOUT_SECONDS = 10
_SECURE_SHELL = re.compile(r"(?:[^@/\s]+@)?(?P<host>[^:/\s\[\]]{2,}):(?P<path>(?!//|:).+)")  # one letter is a drive
_HOST = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\]")
_AZURE = re.compile(r"ssh\.dev\.azure\.com/v3/(?P<project>[^/]+/[^/]+)/(?P<name>[^/]+)")
_WEB = ("http", "https")
_ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX")
"""What git sets for its hooks, and what would have it answer for another place than it is asked in."""


def find_repository(folder: Path) -> Repository | None:
    """The git repository that *folder* is in, or None. The folder's `.git` may be a file: a worktree or submodule."""
    folder = folder.absolute()
    for root in (folder, *folder.parents):
        if (root / ".git").exists():
            inside = folder.relative_to(root).as_posix()
            prefix = "" if inside == "." else f"{inside}/"
            remote, head = _ask(folder, _REMOTE, _HEAD)
            revision, _, name = head.partition("\n")
            branch = name.removeprefix("refs/heads/") if name.startswith("refs/heads/") else ""  # `HEAD` is on none
            return Repository(prefix, web_address(remote), revision, branch)
    return None


def web_address(remote: str) -> str:
    """The https address of the repository that *remote* leads to, without user name and password, or `""`.

    `git@example.com:team/journeys.git` and `ssh://git@example.com/team/journeys` become
    `https://example.com/team/journeys`. A remote that is a path has no such address.
    """
    match = None if "://" in remote else _SECURE_SHELL.fullmatch(remote)
    if match is not None:
        remote = f"ssh://{match['host']}/{match['path'].lstrip('/')}"
    try:
        parts = urlsplit(remote)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    host = f"[{host}]" if host and ":" in host else host or ""
    if not _HOST.fullmatch(host) or "@" in parts.path or parts.scheme not in (*_WEB, "ssh", "git+ssh", "git"):
        return ""
    place = f"{host}:{port}" if port is not None and parts.scheme in _WEB else host
    scheme = parts.scheme if parts.scheme in _WEB else "https"
    path = quote(unquote(parts.path), errors="replace").rstrip("/").removesuffix(".git")
    if (azure := _AZURE.fullmatch(f"{host}{path}")) is not None:
        place, path = "dev.azure.com", f"/{azure['project']}/_git/{azure['name']}"
    return urlunsplit((scheme, place, path, "", ""))


def git_environment() -> dict[str, str]:
    """The environment in which git answers for the folder that it is asked in, and asks nothing itself."""
    environment = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    return environment | {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}


def _ask(folder: Path, *questions: Sequence[str]) -> list[str]:
    """What git says in *folder* to each of *questions*, `""` where it says nothing; they are asked all at once."""
    environment = git_environment()
    try:
        processes = [
            subprocess.Popen(  # noqa: S603 - fixed words
                ["git", *words],  # noqa: S607 - git is where the user has it
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            for words in questions
        ]
    except OSError:
        return [""] * len(questions)
    return list(map(_hear, processes))


def _hear(process: subprocess.Popen[bytes]) -> str:
    with process:
        try:
            said, _ = process.communicate(timeout=_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            return ""
    return said.decode("utf-8", "replace").strip() if process.returncode == 0 else ""
