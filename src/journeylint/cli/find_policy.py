"""The policy that a person means by an id or a name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from journeylint.cli.notices import tell_warnings
from journeylint.errors import UsageError
from journeylint.settings.outdated import describe_former
from journeylint.suggest import did_you_mean

if TYPE_CHECKING:
    from journeylint.policies import Policy


def find_policy(word: str, policies: Sequence[Policy]) -> Policy:
    """The policy with the id or name *word* in any letter case; UsageError with the nearest where there is none.

    A former id or name will do, with a warning on standard error.
    """
    folded = word.casefold()
    for policy in policies:
        if folded in (policy.id.casefold(), policy.name.casefold()):
            return policy
    for policy in policies:
        for former in (*policy.life.former_ids, *policy.life.former_names):
            if folded == former.casefold():
                tell_warnings(describe_former(former, policy))
                return policy
    known = [label for policy in policies for label in (policy.id, policy.name)]
    raise UsageError(
        f"there is no policy {word!r}{did_you_mean(word, known)}\n'journeylint policies' lists all there are"
    )
