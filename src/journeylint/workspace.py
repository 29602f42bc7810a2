"""All manifests of a run, and what predicates ask about them: by name, by who uses them, in sums over their users.

A workspace may be one shard of several, each in a process of its own. What a shard does not hold it *wants*: a `Demand`, which
the others answer; judging resumes when the answers are there. A run in one process is one shard that wants nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple, TypeAlias

from journeylint.model import Identity, JsonObject, Location, Manifest

Key: TypeAlias = "tuple[str, str, str]"
"""Environment, kind and name."""


UnjudgedUse: TypeAlias = "tuple[Key, str]"
"""What a manifest that could not be judged refers to, and that manifest's kind."""


class Demand(NamedTuple):
    """Something that another shard may know: `what` is `data`, `users`, `place`, `count`, `latest` or `earliest`.

    `where` and `value` are the CEL sources of a sum over users; for `place`, `where` is the pointer.
    """

    what: str
    key: Key
    where: str = ""
    value: str = ""


Best: TypeAlias = "list[tuple[datetime, Key]]"
"""The two extreme instants among a manifest's users and whose they are: the best of all, and of all but that one."""

Answer: TypeAlias = "JsonObject | list[tuple[str, str, JsonObject]] | Location | int | Best | None"


class WantedError(LookupError):
    """What was asked for is not in this shard; the demand has been noted."""


class Offer(NamedTuple):
    """What a shard tells the others when it has loaded its files; plain data.

    `ranks` maps environment and kind to names and the order of their manifests (by file, then position).
    """

    ranks: Mapping[tuple[str, str], Mapping[str, int]]
    unjudged: frozenset[Key]
    missing: frozenset[Key]


class Settlement(NamedTuple):
    """What all shards together know of the manifests that could not be judged; `is_alone` where there is one shard."""

    unjudged: frozenset[Key]
    unjudged_uses: frozenset[UnjudgedUse]
    is_alone: bool


def key_of(identity: Identity) -> Key:
    """The identity as a key."""
    return identity.environment, identity.kind, identity.name


class Workspace:
    """The manifests of one shard, indexed."""

    def __init__(self, references_of: Callable[[Manifest], Iterable[Key]]) -> None:
        self._references_of = references_of
        self._manifests: dict[Key, Manifest] = {}
        self._ranks: dict[tuple[str, str], dict[str, int]] = {}
        self._kinds: dict[str, int] = {}
        self._later: list[Manifest] = []
        self._users: dict[Key, list[Manifest]] = {}
        self._unjudged: set[Key] = set()
        self._unjudged_uses: set[UnjudgedUse] = set()
        self._kinds_of_unjudged_users: dict[Key, set[str]] = {}
        self._is_alone = True
        self._answers: dict[Demand, Answer] = {}
        self._asked: tuple[Manifest | None, list[Key]] = (None, [])
        self.wanted: set[Demand] = set()
        self.lacks_answer = False

    # -- loading

    def add(self, manifest: Manifest, rank: int) -> bool:
        """Take in a valid manifest, and whether it is the first of its identity; *rank* grows with file and position."""
        identity = manifest.identity
        if identity in self._manifests:
            self._later.append(manifest)
            return False
        self._manifests[identity] = manifest
        self._ranks.setdefault((identity.environment, identity.kind), {})[identity.name] = rank
        for target in self._references_of(manifest):
            users = self._users.setdefault(target, [])
            if not users or users[-1] is not manifest:
                users.append(manifest)
        return True

    def add_unjudged(self, identity: Identity | None, references: Iterable[Identity]) -> None:
        """Note a manifest that could not be judged, so that nobody takes it for missing."""
        if identity is not None:
            self._unjudged.add(key_of(identity))
        kind = "" if identity is None else identity.kind
        self._unjudged_uses.update((key_of(target), kind) for target in references)

    def offer(self) -> Offer:
        """What the other shards need to know of this one."""
        missing = frozenset(key for key in self._users if key not in self._manifests)
        return Offer(self._ranks, frozenset(self._unjudged), missing)

    def forget(self) -> None:
        """Let go of all manifests."""
        for held in (self._manifests, self._later, self._users, self._answers):
            held.clear()
        self._asked = None, []

    def retract(self, earlier_elsewhere: Iterable[Key]) -> frozenset[UnjudgedUse]:
        """Make later ones of the manifests that another shard has earlier; returns what unjudged manifests refer to."""
        for key in earlier_elsewhere:
            manifest = self._manifests.pop(key)
            del self._ranks[key[:2]][key[2]]
            self._later.append(manifest)
            for target in self._references_of(manifest):
                self._users[target] = [user for user in self._users[target] if user is not manifest]
        later = {
            (target, manifest.identity.kind) for manifest in self._later for target in self._references_of(manifest)
        }
        return frozenset(self._unjudged_uses | later)

    def settle(self, settlement: Settlement) -> None:
        """Take over what all shards together know; what was only on offer is let go."""
        for (_, kind), ranks in self._ranks.items():
            self._kinds[kind] = self._kinds.get(kind, 0) + len(ranks)
        self._ranks = {}
        self._is_alone = settlement.is_alone
        self._unjudged = set(settlement.unjudged)
        for target, kind in settlement.unjudged_uses:
            self._kinds_of_unjudged_users.setdefault(target, set()).add(kind)

    # -- asking

    def among(self, keys: Iterable[Key]) -> list[Manifest]:
        """The manifests of this shard that have one of *keys*."""
        return [self._manifests[key] for key in keys if key in self._manifests]

    @property
    def kinds(self) -> Mapping[str, int]:
        """How many manifests there are to judge, by kind."""
        return self._kinds

    def paths(self) -> dict[Identity, str]:
        """The paths of the manifests that there are to judge."""
        return {manifest.identity: manifest.path for manifest in self._manifests.values()}

    @property
    def later(self) -> Iterable[Manifest]:
        """The manifests whose identity is taken by an earlier one."""
        return self._later

    def is_unjudged(self, key: Key) -> bool:
        """Whether a manifest of that identity is there but could not be judged (and none that could)."""
        return key in self._unjudged and key not in self._manifests

    def kinds_of_unjudged_users(self, key: Key) -> Iterable[str]:
        """The kinds of the manifests that could not be judged and refer to *key*; `""` for one whose kind is not known."""
        return self._kinds_of_unjudged_users.get(key, ())

    def data(self, key: Key) -> JsonObject | None:
        """The document of that identity, or None where there is none; raises WantedError where another shard may have it."""
        manifest = self._manifests.get(key)
        if manifest is not None:
            return manifest.data
        if self._is_alone:
            return None
        answer = self._answer(Demand("data", key))
        return answer if isinstance(answer, dict) else None

    def users(self, key: Key) -> list[tuple[str, str, JsonObject]]:
        """Kind, name and document of the manifests that refer to *key*, sorted; raises WantedError."""
        demand = Demand("users", key)
        answer = self.own_answer(demand, {}) if self._is_alone else self._answer(demand)
        return answer if isinstance(answer, list) else []  # type: ignore[return-value]  # a users demand has that answer

    def place(self, key: Key, pointer: str) -> Location | None:
        """Where the node at *pointer* of that manifest stands; raises WantedError."""
        manifest = self._manifests.get(key)
        if manifest is not None:
            return manifest.location(pointer)
        if self._is_alone:
            return None
        answer = self._answer(Demand("place", key, pointer))
        return answer if isinstance(answer, Location) else None

    def references_of(self, manifest: Manifest) -> Iterable[Key]:
        """What *manifest* refers to, in the order of its document; that of the last one is kept, for it asks several times."""
        asked, keys = self._asked
        if asked is not manifest:
            keys = [*self._references_of(manifest)]
            self._asked = manifest, keys
        return keys

    def is_user(self, manifest: Manifest, key: Key) -> bool:
        """Whether *manifest* refers to *key*."""
        return key in self.references_of(manifest)

    def sum_over_users(self, demand: Demand, folds: Mapping[str, Fold]) -> Answer:
        """The answer to a demand about users; raises WantedError."""
        if not self._is_alone:
            return self._answer(demand)
        if demand not in self._answers:
            self._answers[demand] = self.own_answer(demand, folds)
        return self._answers[demand]

    def _answer(self, demand: Demand) -> Answer:
        if demand in self._answers:
            return self._answers[demand]
        self.wanted.add(demand)
        self.lacks_answer = True
        raise WantedError(demand.what)

    # -- answering

    def own_answer(self, demand: Demand, folds: Mapping[str, Fold]) -> Answer:
        """What this shard can say to *demand*; `merge_answers` makes one answer of all shards'."""
        manifest = self._manifests.get(demand.key)
        match demand.what:
            case "data":
                return manifest.data if manifest is not None else None
            case "place":
                return manifest.location(demand.where) if manifest is not None else None
            case "users":
                users = self._users.get(demand.key, ())
                return sorted(
                    ((user.identity.kind, user.identity.name, user.data) for user in users), key=lambda user: user[:2]
                )
            case _:
                return folds[demand.what](demand, self._users.get(demand.key, ()))

    def learn(self, answers: Mapping[Demand, Answer]) -> None:
        """Take in the merged answers."""
        self._answers.update(answers)


Fold: TypeAlias = Callable[[Demand, Iterable[Manifest]], Answer]
"""A sum over users: from a demand and one shard's users to that shard's part of the answer."""


def earlier_elsewhere(offers: list[Offer]) -> list[set[Key]]:
    """For each shard, in the order of the offers, its names that another shard defines earlier."""
    earlier: list[set[Key]] = [set() for _ in offers]
    for one, first in enumerate(offers):
        for other in range(one + 1, len(offers)):
            for group, ranks in first.ranks.items():
                others = offers[other].ranks.get(group, {})
                for name in ranks.keys() & others.keys():
                    loser = other if ranks[name] < others[name] else one
                    earlier[loser].add((*group, name))
    return earlier


def merge_answers(demand: Demand, answers: list[Answer]) -> Answer:
    """One answer to *demand* of all shards'."""
    match demand.what:
        case "users":
            users = [user for answer in answers if isinstance(answer, list) for user in answer]
            return sorted(users, key=lambda user: user[:2])  # type: ignore[return-value]  # users are triples
        case "count":
            return sum(answer for answer in answers if isinstance(answer, int))
        case "latest" | "earliest":
            best = [item for answer in answers if isinstance(answer, list) for item in answer]
            return sorted(best, reverse=demand.what == "latest")[:2]  # type: ignore[return-value]  # instants
        case _:
            return next((answer for answer in answers if answer is not None), None)
