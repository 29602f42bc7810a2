"""Whether a new policy, pack or plugin can be called what a person wants it to be called."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from journeylint.errors import UsageError
from journeylint.suggest import did_you_mean

if TYPE_CHECKING:
    from journeylint.host import Host
    from journeylint.policies import Library
    from journeylint.ports import Kind

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PREFIX = re.compile(r"[A-Z]{2,8}")
_ID = re.compile(r"[A-Z]{2,8}[0-9]{3,}")
_LONGEST_TITLE = 120


def check_name(name: str, what: str) -> None:
    """UsageError unless *name* can be that of a pack, policy or distribution."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be the name of a {what}: expected small letters, digits and '-' between them"
        )


def check_prefix(prefix: str) -> None:
    """UsageError unless ids can begin with *prefix*."""
    if not _PREFIX.fullmatch(prefix):
        raise UsageError(f"--prefix {prefix}: expected 2 to 8 capital letters, such as ACME")


def check_title(title: str) -> None:
    """UsageError unless *title* can be that of a policy."""
    if not 0 < len(title) <= _LONGEST_TITLE or title != " ".join(title.split()):
        raise UsageError(f"--title: expected one line of 1 to {_LONGEST_TITLE} characters")


def check_id(identifier: str, prefix: str, pack: str) -> None:
    """UsageError unless *identifier* can be an id in *pack*, whose ids begin with *prefix*."""
    if not _ID.fullmatch(identifier) or identifier.rstrip("0123456789") != prefix:
        raise UsageError(f"--id {identifier}: expected the prefix of pack {pack}, {prefix}, and three digits or more")


def find_kind(name: str, host: Host) -> Kind:
    """The kind called *name*; UsageError with the nearest."""
    kinds = host.manifest_kinds
    if name not in kinds:
        hint = did_you_mean(name, kinds) or f": expected one of {', '.join(kinds)}"
        raise UsageError(f"--kind {name}: there is no such kind{hint}")
    return kinds[name]


def check_free(library: Library, folder: Path, prefix: str, name: str) -> None:
    """UsageError where a pack other than that in *folder* has its name, its *prefix*, or a policy called *name*."""
    own = folder.resolve()
    others = [pack for pack in library.packs if Path(pack.file.path).resolve().parent != own]
    for other in others:
        if other.name == folder.name:
            raise UsageError(f"pack {folder.name!r} is there already, from {other.plugin}: choose another name")
        if other.prefix == prefix:
            raise UsageError(f"prefix {prefix} is that of the pack {other.name}: give another, with --prefix")
    names = {other.name for other in others}
    for policy in library.policies:
        if policy.name == name and policy.pack in names:
            raise UsageError(f"policy name {name!r} is taken by {policy.id} of the pack {policy.pack}: choose another")
