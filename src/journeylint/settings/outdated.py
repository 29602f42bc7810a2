"""Names in settings that still mean a policy but will not for ever: former ids and names, and deprecated policies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from journeylint.policies import Stage

if TYPE_CHECKING:
    from journeylint.settings.check import SelectablePolicy
    from journeylint.settings.resolve import Choices
    from journeylint.settings.values import Settings, Word


def find_outdated(settings: Settings, choices: Choices, policies: Sequence[SelectablePolicy]) -> tuple[str, ...]:
    """A complete line for each former id or name and each deprecated policy that is named, each once.

    Those of configuration files come first, sorted by file and position, then those of the command line.
    """
    placed = sorted({(word.place, word.text) for word in _words(settings)})
    named = [
        *((str(place), text) for place, text in placed),
        *(("--select", word) for word in choices.select or ()),
        *(("--ignore", word) for word in choices.ignore),
    ]
    told = (f"{origin}: {line}" for origin, word in named for line in describe_outdated(word, policies))
    return tuple(dict.fromkeys(told))


def describe_outdated(word: str, policies: Iterable[SelectablePolicy]) -> Iterator[str]:
    """What is to be told of somebody who names a policy *word*: nothing where that is its id or name, and it will stay."""
    for policy in policies:
        life = policy.life
        yield from describe_former(word, policy)
        is_named = word in (policy.id, policy.name, *life.former_ids, *life.former_names)
        if is_named and life.stage is Stage.DEPRECATED:
            instead = f" - use {life.replaced_by} in its place" if life.replaced_by else ""
            yield f"{policy.id} {policy.name} is deprecated and will go{instead}"


def describe_former(word: str, policy: SelectablePolicy) -> Iterator[str]:
    """What is to be told of somebody who names *policy* by *word*, if it was called so before; nothing otherwise."""
    if word in policy.life.former_ids:
        yield f"{word!r} is a former id of {policy.id} {policy.name} - write {policy.id!r}"
    elif word in policy.life.former_names:
        yield f"{word!r} is a former name of {policy.id} {policy.name} - write {policy.name!r}"


def _words(settings: Settings) -> Iterator[Word]:
    for layer in settings.layers:
        yield from layer.select or ()
        yield from layer.ignore
        yield from (one.target for one in layer.policies)
