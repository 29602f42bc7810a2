"""The policies of a run: read from all policy roots and checked, so that whatever is wrong is told before the first manifest."""

from __future__ import annotations

from journeylint.cel import CelEnvironment
from journeylint.errors import PolicyError
from journeylint.expressions import kind_variable
from journeylint.host import Host, schema_of
from journeylint.inquiry import Inquiry, ManifestFunctions, typing_functions
from journeylint.policies import Library, read_library, sort_messages
from journeylint.policy_check import CheckingContext, check_policy


def load_library(host: Host, functions: ManifestFunctions | None = None) -> Library:
    """All packs of the host, checked.

    Raises PolicyError with every problem of every file, sorted by file and position.
    """
    library = read_library(
        host.policy_roots, host.loaders[".yaml"], {"policy": schema_of("policy"), "pack": schema_of("pack")}
    )
    asking = functions or ManifestFunctions(Inquiry(), host.functions)
    own = [*host.functions, *typing_functions(), *asking.entries()]
    context = CheckingContext(
        host.kinds,
        {
            kind: CelEnvironment({kind_variable(kind): "map", "now": "timestamp", "nodes_0": "list"}, own)
            for kind in host.kinds
        },
        asking.user_environment,
    )
    packs = {pack.name: pack for pack in library.packs}
    problems = [message for policy in library.policies for message in check_policy(policy, packs[policy.pack], context)]
    if problems:
        raise PolicyError(sort_messages(problems))
    return library
