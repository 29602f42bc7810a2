"""The policies of a run: read and checked, so that whatever is wrong is told before the first manifest."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from journeylint.cache_files import digest_of
from journeylint.cel import CelEnvironment
from journeylint.errors import PolicyError
from journeylint.expressions import FACTS, kind_variable
from journeylint.host import Host, PacksByHand, schema_of
from journeylint.inquiry import Inquiry, ManifestFunctions, typing_functions
from journeylint.model import JsonObject
from journeylint.policies import Library
from journeylint.policy_build import check_library
from journeylint.policy_cache import find_parsed, keep_parsed, key_of_ground, key_of_pack
from journeylint.policy_files import (
    PACK_FILE,
    PackSource,
    parse_sources,
    path_of_message,
    read_packs,
    read_sources,
    shown_path,
    sort_messages,
)
from journeylint.ports import CelFunction

if TYPE_CHECKING:
    from journeylint.policy_check import CheckingContext


_LAST: dict[tuple[object, ...], Library] = {}
"""The libraries that this process loaded last, by all that they hang on: `fix` judges several times, `impact` by two."""

_MOST_LIBRARIES = 2


def load_library(
    host: Host, functions: ManifestFunctions | None = None, *, use_cache: bool = False, is_part: bool = False
) -> Library:
    """All packs of the host, checked; with *use_cache* the check is left out for files that passed it before.

    *is_part* says that the host has some of the packs only, so that policies may name others than there are. The library has a
    `key` only with *use_cache*.

    Raises PolicyError with every problem of every file, sorted by file and position.
    """
    asking = functions or ManifestFunctions(Inquiry(), host.functions)
    sources, problems = _read(host)
    loader = host.loaders[".yaml"]
    ground = key_of_ground(_schemas(), host.kinds.values(), _functions(host, asking)) if use_cache else ""
    same = (tuple(sources), ground, is_part)
    if use_cache and not problems and same in _LAST:
        return _LAST[same]
    keys = [key_of_pack(ground, source) for source in sources] if use_cache else []
    kept = dict(zip(keys, sources, strict=False))
    parsed = {path: data for key, source in kept.items() for path, data in find_parsed(key, source).items()}
    new = [source for source in sources if source.pack.path not in parsed]
    if new:
        read, unfit = parse_sources(new, loader, _schemas())
        parsed.update(read)
        problems += unfit
    library, wrong = check_library(sources, parsed, loader, is_part=is_part)
    problems += wrong
    if new:
        problems += _check(library, new, host, asking)
    faulty = set(map(path_of_message, problems))
    for key, source in kept.items():
        if source in new and faulty.isdisjoint(file.path for file in (source.pack, *source.policies)):
            keep_parsed(key, source, parsed)
    if problems:
        raise PolicyError(_name_plugins(sort_messages(problems), sources, host))
    if not use_cache:
        return library
    if len(_LAST) == _MOST_LIBRARIES:
        del _LAST[next(iter(_LAST))]
    _LAST[same] = library._replace(key=digest_of(*keys))
    return _LAST[same]


def check_packs(folders: Iterable[Path], host: Host) -> Library:
    """The packs in *folders*, each of which holds a `pack.yaml`, checked as if they were installed beside the host's.

    Of the host's packs, one whose folder has the name of one of *folders* is left out: it is the installed copy of what
    is checked. Raises PolicyError with every problem of every file, sorted by file and position.
    """
    checked = tuple(dict.fromkeys(folders))
    by_hand = PacksByHand(checked, frozenset(folder.name for folder in checked), "the packs under check")
    library = load_library(host._replace(packs_by_hand=by_hand), use_cache=True)
    files = {shown_path(folder / PACK_FILE) for folder in checked}
    packs = tuple(pack for pack in library.packs if pack.file.path in files)
    names = {pack.name for pack in packs}
    return Library(packs, tuple(policy for policy in library.policies if policy.pack in names))


def _read(host: Host) -> tuple[list[PackSource], list[str]]:
    """The files of all packs of the host, and what is wrong with those that cannot be read."""
    folders, replaced, source = host.packs_by_hand
    installed, problems = read_sources(host.policy_roots, without=replaced)
    by_hand, unreadable = read_packs(folders, source)
    return [*installed, *by_hand], [*problems, *unreadable]


def _name_plugins(messages: Iterable[str], sources: Iterable[PackSource], host: Host) -> list[str]:
    """*messages*, the last one about each plugin's files with a line that says whose they are, and how to run without."""
    entries = {plugin.title: plugin.entry for plugin in host.plugins if not plugin.is_built_in}
    owners = {
        file.path: source.plugin
        for source in sources
        if source.plugin in entries
        for file in (source.pack, *source.policies)
    }
    told: list[str] = []
    named: set[str] = set()
    for message in reversed([*messages]):
        owner = owners.get(path_of_message(message))
        if owner is not None and owner not in named:
            named.add(owner)
            told.append(f"{message}\nthat file is of plugin {owner}: -p no:{entries[owner].name} runs without it")
        else:
            told.append(message)
    return told[::-1]


def _schemas() -> dict[str, JsonObject]:
    return {kind: schema_of(kind) for kind in ("policy", "pack")}


def _functions(host: Host, asking: ManifestFunctions) -> list[CelFunction]:
    return [*host.functions, *typing_functions(), *asking.entries()]


def checking_context(host: Host) -> CheckingContext:
    """What policies are checked against: what *host* has, and the functions over other manifests."""
    asking = ManifestFunctions(Inquiry(), host.functions)
    return _context(host, _functions(host, asking), asking.user_environment)


def _context(host: Host, functions: list[CelFunction], users: CelEnvironment) -> CheckingContext:
    from journeylint.policy_check import CheckingContext  # noqa: PLC0415 - what was checked before need not pay

    environments = {
        name: CelEnvironment(
            {
                kind_variable(name): "map",
                "now": "timestamp",
                "nodes_0": "list",
                **({} if kind.facts is None else {FACTS: "map"}),
            },
            functions,
        )
        for name, kind in host.kinds.items()
    }
    return CheckingContext(host.kinds, environments, users, {})


def _check(library: Library, new: Iterable[PackSource], host: Host, asking: ManifestFunctions) -> list[str]:
    """What is wrong with the expressions of those packs of *library* that are *new*."""
    from journeylint.policy_check import check_pack, check_policy  # noqa: PLC0415 - what was checked before need not pay

    context = _context(host, _functions(host, asking), asking.user_environment)
    packs = {pack.name: pack for pack in library.packs}
    files = {file.path for source in new for file in (source.pack, *source.policies)}
    problems = [
        message for pack in library.packs if pack.file.path in files for message in check_pack(pack, host.kinds)
    ]
    for policy in library.policies:
        if policy.file.path in files:
            problems += check_policy(policy, packs[policy.pack], context)
    return problems
