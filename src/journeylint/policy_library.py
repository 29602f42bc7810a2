"""The policies of a run: read and checked, so that whatever is wrong is told before the first manifest."""

from __future__ import annotations

from journeylint.cel import CelEnvironment
from journeylint.errors import PolicyError
from journeylint.expressions import kind_variable
from journeylint.host import Host, schema_of
from journeylint.inquiry import Inquiry, ManifestFunctions, typing_functions
from journeylint.policies import Library, build_library, parse_sources, read_sources, sort_messages
from journeylint.policy_cache import find_parsed, keep_parsed, key_of_policies
from journeylint.ports import CelFunction


def load_library(host: Host, functions: ManifestFunctions | None = None, *, use_cache: bool = False) -> Library:
    """All packs of the host, checked; with *use_cache* the check is left out for files that passed it before.

    Raises PolicyError with every problem of every file, sorted by file and position.
    """
    asking = functions or ManifestFunctions(Inquiry(), host.functions)
    own = [*host.functions, *typing_functions(), *asking.entries()]
    loader = host.loaders[".yaml"]
    sources, problems = read_sources(host.policy_roots)
    schemas = {kind: schema_of(kind) for kind in ("policy", "pack")}
    key = key_of_policies(sources, [*host.kinds.values(), *schemas.items()], own, host.plugins) if use_cache else ""
    known = find_parsed(key) if use_cache and not problems else None
    if known is not None:
        return build_library(sources, known, loader)[0]
    parsed, found = parse_sources(sources, loader, schemas)
    problems += found
    library, found = build_library(sources, parsed, loader)
    problems += found
    problems += _check(library, host, own, asking.user_environment)
    if problems:
        raise PolicyError(sort_messages(problems))
    if use_cache:
        keep_parsed(key, parsed)
    return library


def _check(library: Library, host: Host, functions: list[CelFunction], users: CelEnvironment) -> list[str]:
    from journeylint.policy_check import CheckingContext, check_pack, check_policy  # noqa: PLC0415 - what was checked before need not pay

    environments = {
        kind: CelEnvironment({kind_variable(kind): "map", "now": "timestamp", "nodes_0": "list"}, functions)
        for kind in host.kinds
    }
    context = CheckingContext(host.kinds, environments, users)
    packs = {pack.name: pack for pack in library.packs}
    problems = [message for pack in library.packs for message in check_pack(pack, host.kinds)]
    for policy in library.policies:
        problems += check_policy(policy, packs[policy.pack], context)
    return problems
