"""Where policies come from and where they go: read from their files, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TypeAlias

from journeylint.model import JsonObject, JsonValue
from journeylint.policies import Change, Life, Period, Policy, Stage
from journeylint.settings.instants import parse_as_of
from journeylint.suggest import did_you_mean

_Claim: TypeAlias = "tuple[str, str, Policy]"
"""A word (`id` or `name`), a value of it that a policy had before, and the policy."""


def read_life(data: JsonObject) -> Life:
    """The life of a policy; instants that are none are left out here, and told by `find_period_problems`."""
    effective = _mapping(data.get("effective"))
    return Life(
        Stage(data.get("stage", "stable")),
        str(data.get("replaced-by", "")),
        _words(data.get("former-ids")),
        _words(data.get("former-names")),
        Period(_instant_in(effective, "from"), _instant_in(effective, "until")),
        tuple(
            Change(str(change["version"]), str(change["change"]).strip())
            for change in map(_mapping, _items(data.get("history")))
        ),
    )


def find_period_problems(policy: Policy) -> Iterator[str]:
    """What is wrong with when *policy* holds, and with saying that another replaces it."""
    file, life = policy.file, policy.life
    for key, text in _mapping(policy.source.get("effective")).items():
        try:
            parse_as_of(str(text))
        except ValueError as error:
            yield file.problem(f"/effective/{key}", str(error))
    begin, end = life.effective
    if begin is not None and end is not None and begin >= end:
        yield file.problem("/effective/until", "it ends before it begins: `until` has to be later than `from`")
    if life.replaced_by and life.stage is not Stage.DEPRECATED:
        yield file.problem("/replaced-by", "only a deprecated policy is replaced: write `stage: deprecated` too")


def find_life_problems(policies: Sequence[Policy], *, is_part: bool) -> Iterator[str]:
    """What is wrong with how *policies* speak of each other: former ids and names that are taken, what replaces them.

    Where they are a part of what there is, a policy that replaces another may be one of a pack that is not here.
    """
    present = {("id", policy.id): policy for policy in policies}
    present |= {("name", policy.name): policy for policy in policies}
    claimed: dict[tuple[str, str], Policy] = {}
    for word, value, policy in _claims(policies):
        place = f"/former-{word}s/{_former(policy, word).index(value)}"
        holder = present.get((word, value))
        if holder is not None:
            whose = "its own" if holder is policy else f"that of {holder.file.path}"
            yield policy.file.problem(place, f"former {word} {value!r} is {whose} at present - take it out")
        elif claimed.setdefault((word, value), policy) is not policy:
            first = claimed[word, value].file.path
            yield policy.file.problem(place, f"former {word} {value!r} is taken already by {first}")
    prefixes = {policy.id: policy.prefix for policy in policies}
    for policy in policies:
        yield from _find_missing_heir(policy, prefixes, is_part=is_part)


def _find_missing_heir(policy: Policy, known: Mapping[str, str], *, is_part: bool) -> Iterator[str]:
    """What is wrong with the policy that is to replace *policy*; *known* has the prefixes of all, by id."""
    heir = policy.life.replaced_by
    if not heir or (heir in known and heir != policy.id):
        return
    if heir == policy.id:
        yield policy.file.problem("/replaced-by", f"{heir!r} is the policy itself: name the one to use in its place")
    elif not is_part or any(heir.startswith(prefix) for prefix in known.values()):
        hint = did_you_mean(heir, known.keys() - {policy.id})
        yield policy.file.problem("/replaced-by", f"there is no policy {heir!r}{hint}")


def _claims(policies: Iterable[Policy]) -> Iterator[_Claim]:
    for policy in policies:
        for word in ("id", "name"):
            yield from ((word, value, policy) for value in _former(policy, word))


def _former(policy: Policy, word: str) -> tuple[str, ...]:
    return policy.life.former_ids if word == "id" else policy.life.former_names


def _instant_in(period: JsonObject, key: str) -> datetime | None:
    with suppress(ValueError):
        return parse_as_of(str(period[key])) if key in period else None
    return None


def _words(value: JsonValue) -> tuple[str, ...]:
    return tuple(str(item) for item in _items(value))


def _items(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _mapping(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}
