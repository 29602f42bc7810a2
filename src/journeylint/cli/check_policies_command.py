"""`journeylint check-policies`: tell everything that is wrong with policy files, without judging a manifest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from journeylint.cli.plugin_options import build_command_host, config_option, plugin_options
from journeylint.cli.streams import write_standard_output
from journeylint.errors import PolicyError, UsageError
from journeylint.terminal import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from journeylint.host import Host
    from journeylint.model import SourceFile
    from journeylint.plugin_choice import PluginOptions
    from journeylint.policies import Library

_PACK = "pack.yaml"
_POLICY = "policy.yaml"
_LAYOUT = f"expected <root>/<pack>/{_PACK} and <root>/<pack>/<policy>/{_POLICY}"


@click.command("check-policies", short_help="Check the policy files that you write.")
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATHS]...")
@config_option
@plugin_options
def check_policies(*, paths: tuple[str, ...], config: str | None, plugins: PluginOptions) -> int:
    """Check the packs that PATHS belong to: pack.yaml and policy.yaml files, or folders to search (default: this one).

    What is wrong with any of their files is told at once, each problem with its line: misspelt keys and fields, types that
    do not fit, ids that are taken. The installed packs are read with them, but a pack of PATHS replaces the installed
    one whose folder has the same name.

    \b
    Examples:
      journeylint check-policies
      journeylint check-policies policies/acme/tiny-audience/policy.yaml

    \b
    Exit codes:
      0  all are in order
      2  there are problems, or there is no policy in PATHS
    """
    files = _find_files(paths)
    folders, strays = _sort_into_packs(files)
    library = _check_packs(folders, strays, build_command_host(plugins, config=config).host)
    are = "is" if len(library.policies) == 1 else "are"
    told = f"{count(len(library.policies), 'policy')} in {count(len(library.packs), 'pack')} {are} in order."
    write_standard_output(lambda stream: stream.write(f"{told}\n"))
    return 0


def _find_files(paths: Sequence[str]) -> list[SourceFile]:
    """The policy and pack files of *paths*, and whatever else they name; UsageError where there is none."""
    from journeylint.discover import discover  # noqa: PLC0415 - `--help` needs no engine

    found = discover(paths, working_directory=Path.cwd(), suffixes=(_PACK, _POLICY))
    files = [one for one in found if one.named or Path(one.file).name in (_PACK, _POLICY)]
    if not files:
        where = ", ".join(map(repr, paths)) or "this folder"
        raise UsageError(f"no policy or pack file found in {where}: {_LAYOUT}")
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


def _check_packs(folders: Sequence[Path], strays: Sequence[str], host: Host) -> Library:
    """What the packs in *folders* hold; PolicyError with *strays* and all that is wrong with them."""
    from journeylint.policy_files import sort_messages  # noqa: PLC0415 - `--help` needs no engine
    from journeylint.policy_library import check_packs  # noqa: PLC0415 - as above

    problems = list(strays)
    try:
        library = check_packs(folders, host)
    except PolicyError as error:
        problems += error.messages
    if problems:
        raise PolicyError(sort_messages(problems))
    return library


def _show(path: Path) -> str:
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()
