"""The packs that the paths of a command line belong to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from journeylint.errors import PolicyError, UsageError

if TYPE_CHECKING:
    from journeylint.host import Host
    from journeylint.model import SourceFile
    from journeylint.policies import Library


class NoPolicyError(UsageError):
    """There is no file of a pack where one was looked for."""


_PACK = "pack.yaml"
_POLICY = "policy.yaml"
_LAYOUT = f"expected <root>/<pack>/{_PACK} and <root>/<pack>/<policy>/{_POLICY}"


def load_packs(paths: Sequence[str], host: Host) -> Library:
    """The packs that the files of *paths* (default: the working directory) belong to, checked beside those of *host*.

    Raises NoPolicyError where *paths* have no file of a pack, and PolicyError with all that is wrong with those files.
    """
    from journeylint.policy_files import sort_messages  # noqa: PLC0415 - `--help` needs no engine
    from journeylint.policy_library import check_packs  # noqa: PLC0415 - as above

    folders, problems = _sort_into_packs(_find_files(paths))
    try:
        library = check_packs(folders, host)
    except PolicyError as error:
        problems += error.messages
    if problems:
        raise PolicyError(sort_messages(problems))
    return library


def _find_files(paths: Sequence[str]) -> list[SourceFile]:
    """The policy and pack files of *paths*, and whatever else they name; NoPolicyError where there is none."""
    from journeylint.discover import discover  # noqa: PLC0415 - `--help` needs no engine

    found = discover(paths, working_directory=Path.cwd(), suffixes=(_PACK, _POLICY))
    files = [one for one in found if one.named or Path(one.file).name in (_PACK, _POLICY)]
    if not files:
        where = ", ".join(map(repr, paths)) or "this folder"
        raise NoPolicyError(f"no policy or pack file found in {where}: {_LAYOUT}")
    return files


def _sort_into_packs(files: Iterable[SourceFile]) -> tuple[list[Path], list[str]]:
    """The folders of the packs that *files* belong to, and a line for each file that belongs to none."""
    folders: dict[Path, None] = {}
    strays: list[str] = []
    for file in files:
        path = Path(file.file)
        folder = path.parent if path.name == _PACK else path.parent.parent
        if path.is_dir():
            strays.append(f"{file.path}:1:1: cannot be listed: permission denied")
        elif path.name not in (_PACK, _POLICY):
            strays.append(f"{file.path}:1:1: is no policy or pack file: {_LAYOUT}")
        elif (folder / _PACK).is_file():
            folders[folder] = None
        else:
            strays.append(f"{file.path}:1:1: {_tell_no_pack(path)}")
    unread = [path for folder in folders for path in sorted(folder.glob("*/policy.yml"))]
    strays += [f"{_show(path)}:1:1: is not read: its name has to be {_POLICY}" for path in unread]
    return list(folders), strays


def _tell_no_pack(policy: Path) -> str:
    if (policy.parent / _PACK).is_file():
        return f"stands beside {_PACK}: move it into a folder with the policy's name"
    return f"belongs to no pack, for there is no {_show(policy.parent.parent / _PACK)}: {_LAYOUT}"


def _show(path: Path) -> str:
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()
