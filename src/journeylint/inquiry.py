"""The functions by which predicates ask about other manifests, and the state of the question under way.

`lookup` and `usersOf` give documents, `factsOf` what is derived from one, `isDefined` tells whether there is one; the sums
over users (`usersCount`, `usersLatest`, `usersEarliest`) cost the same for one user and for 100,000: each user is looked at
once a run and sum, and leaving the asker out is a subtraction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import cast

from journeylint.cel import CelEnvironment, CelError, Program, members_of
from journeylint.model import JsonObject, JsonValue, Manifest
from journeylint.pointers import tokens_of
from journeylint.ports import CelFunction, Facts
from journeylint.workspace import Answer, Best, Demand, Fold, Key, Workspace, key_of


class FactsError(LookupError):
    """The facts about a manifest cannot be had; the text says why."""


_OF_JSON = ("string", "int", "double", "bool", "map", "list")
"""Without null, for which CEL would take any timestamp or duration too."""


class Inquiry:
    """Who asks, about which of its nodes, and whether the answer involved a manifest that could not be judged.

    `moments` are the instants as of which verdicts are asked for, where that is not one (see `Sources.verdicts`).
    """

    def __init__(self, facts: Mapping[str, Facts] = MappingProxyType({})) -> None:
        self._facts = facts
        self._derived: tuple[JsonObject | None, JsonObject] = (None, {})
        self.workspace: Workspace | None = None
        self.asker: Manifest | None = None
        self.environment = ""
        self.index = 0
        self.moments: Sequence[datetime] = ()
        self.met_unjudged = False

    def begin(self, asker: Manifest) -> None:
        """Ask for *asker* from now on."""
        self.asker = asker
        self.environment = asker.identity.environment
        self.met_unjudged = False

    def facts_of(self, kind: str, data: JsonObject) -> JsonObject:
        """The facts about a manifest of *kind* with this *data*; those of the last one are kept. Raises FactsError."""
        known, facts = self._derived
        if known is data:
            return facts
        source = self._facts.get(kind)
        if source is None:
            raise FactsError(f"no facts are known about a {kind}")
        try:
            facts = source.derive(data)
        except Exception as error:
            raise FactsError(f"the facts about this {kind} cannot be worked out: {error}") from error
        self._derived = data, facts
        return facts


class ManifestFunctions:
    """The functions themselves, bound to an inquiry."""

    def __init__(self, inquiry: Inquiry, pure_functions: Iterable[CelFunction]) -> None:
        self._inquiry = inquiry
        self._environment = CelEnvironment({"user": "map", "now": "timestamp"}, [*pure_functions, *typing_functions()])
        self._pointers: dict[str, list[str]] = {}
        self._programs: dict[tuple[str, str], Program] = {}
        self._facts: dict[Key, JsonObject] = {}
        self._members: dict[tuple[str, str], tuple[tuple[str, ...], ...]] = {}
        self._seen: dict[tuple[str, str], dict[Key, datetime | bool | None]] = {}
        self.now: datetime | None = None
        self.folds: dict[str, Fold] = {"count": self._count, "latest": self._extreme, "earliest": self._extreme}

    def turn_to(self, workspace: Workspace, now: datetime) -> None:
        """Ask about the manifests of *workspace*, with *now* as the present instant, from here on."""
        self._inquiry.workspace = workspace
        self._seen.clear()
        self._facts.clear()
        self.now = now

    @property
    def user_environment(self) -> CelEnvironment:
        """What the conditions and values of sums may name: `user`, `now` and functions that ask nothing."""
        return self._environment

    def entries(self) -> list[CelFunction]:
        """The functions, for an environment."""
        return [
            CelFunction("lookup", ("string", "string"), "dyn", self._lookup),
            CelFunction("lookup", ("string",) * 3, "dyn", self._lookup_value),
            CelFunction("lookupAll", ("string",) * 2, "list", self._lookup_all),
            CelFunction("isDefined", ("string", "string"), "bool", self._is_defined),
            CelFunction("factsOf", ("string", "string"), "dyn", self._facts_of),
            CelFunction("usersOf", ("string", "string"), "list", self._users_of),
            CelFunction("usersCount", ("string",) * 3, "int", self._users_count),
            CelFunction("usersLatest", ("string",) * 4, "timestamp", self._users_latest),
            CelFunction("usersEarliest", ("string",) * 4, "timestamp", self._users_earliest),
            CelFunction("index_", (), "int", lambda: self._inquiry.index),
            CelFunction("moments_", (), "list", lambda: list(range(len(self._inquiry.moments)))),
            CelFunction("moment_", ("int",), "timestamp", lambda position: self._inquiry.moments[position]),
        ]

    def _key(self, kind: str, name: str) -> Key:
        return self._inquiry.environment, kind, name

    def _lookup(self, kind: str, name: str) -> JsonObject | None:
        inquiry = self._inquiry
        workspace = inquiry.workspace or self._workspace()
        key = (inquiry.environment, kind, name)
        data = workspace.data(key)
        if data is None and workspace.is_unjudged(key):
            inquiry.met_unjudged = True
        return data

    def _lookup_value(self, kind: str, name: str, pointer: str) -> JsonValue:
        """The value at *pointer* in that manifest, or null: as `lookup`, without the whole document to be converted."""
        value: JsonValue = self._lookup(kind, name)
        return value if value is None else self._member(value, pointer)

    def _lookup_all(self, kind: str, pointer: str) -> list[JsonValue]:
        """The values at *pointer* in the manifests of *kind* that the asker refers to, one a reference that leads to one.

        All of them are asked for, so that one that could not be judged is met wherever it stands.
        """
        asker = self._inquiry.asker
        if asker is None:
            return []
        values: list[JsonValue] = []
        for _, kind_of_it, name in self._workspace().references_of(asker):
            value = self._member(self._lookup(kind, name), pointer) if kind_of_it == kind else None
            if value is not None:
                values.append(value)
        return values

    def _member(self, value: JsonValue, pointer: str) -> JsonValue:
        """The member at *pointer* in *value*, or None."""
        tokens = self._pointers.get(pointer)
        if tokens is None:
            tokens = self._pointers[pointer] = tokens_of(pointer)
        for token in tokens:
            if not isinstance(value, dict) or token not in value:
                return None
            value = value[token]
        return value

    def _is_defined(self, kind: str, name: str) -> bool:
        """As `lookup(kind, name) != null`, without the document having to be converted."""
        return self._lookup(kind, name) is not None

    def _facts_of(self, kind: str, name: str) -> JsonObject | None:
        """What `facts` would be for that manifest, or null where there is none."""
        key = self._key(kind, name)
        if key not in self._facts:
            data = self._lookup(kind, name)
            if data is None:
                return None
            self._facts[key] = self._inquiry.facts_of(kind, data)
        return self._facts[key]

    def _users_of(self, kind: str, name: str) -> list[JsonObject]:
        key = self._asked_about_users(kind, name, "true")
        asker = self._inquiry.asker
        own = (asker.identity.kind, asker.identity.name) if asker is not None else None
        return [data for user, name, data in self._workspace().users(key) if (user, name) != own]

    def _users_count(self, kind: str, name: str, where: str) -> int:
        key = self._asked_about_users(kind, name, where)
        count = self._workspace().sum_over_users(Demand("count", key, where), self.folds)
        assert isinstance(count, int)  # noqa: S101 - what the count fold returns
        asker = self._inquiry.asker
        if asker is not None and self._workspace().is_user(asker, key) and self._value(asker, where, "") is not None:
            return count - 1
        return count

    def _users_latest(self, kind: str, name: str, where: str, value: str) -> datetime:
        return self._best_but_own("latest", self._asked_about_users(kind, name, where), where, value)

    def _users_earliest(self, kind: str, name: str, where: str, value: str) -> datetime:
        return self._best_but_own("earliest", self._asked_about_users(kind, name, where), where, value)

    def _best_but_own(self, what: str, key: Key, where: str, value: str) -> datetime:
        best = self._workspace().sum_over_users(Demand(what, key, where, value), self.folds)
        asker = self._inquiry.asker
        own = key_of(asker.identity) if asker is not None else None
        for instant, user in cast("Best", best):
            if user != own:
                return instant
        raise LookupError(f"no user of {key[1]} {key[2]!r} meets the condition: ask usersCount first")

    def _asked_about_users(self, kind: str, name: str, where: str) -> Key:
        key = (self._inquiry.environment, kind, name)
        if any(self._may_meet(user, where) for user in self._workspace().kinds_of_unjudged_users(key)):
            self._inquiry.met_unjudged = True
        return key

    def _may_meet(self, kind: str, where: str) -> bool:
        """Whether a manifest of which nothing but its kind is known may meet *where*."""
        if not kind:
            return True
        try:
            return self._program(where, "").elements(
                self._environment.scope({"user": {"kind": kind}, "now": self.now})
            ) != [False]
        except CelError:
            return True

    def _workspace(self) -> Workspace:
        if self._inquiry.workspace is None:
            raise LookupError("no manifests to ask about")
        return self._inquiry.workspace

    # -- sums

    def _count(self, demand: Demand, users: Iterable[Manifest]) -> Answer:
        return sum(self._value(user, demand.where, "") is not None for user in users)

    def _extreme(self, demand: Demand, users: Iterable[Manifest]) -> Answer:
        found: Best = []
        for user in users:
            instant = self._value(user, demand.where, demand.value)
            if isinstance(instant, datetime):
                found.append((instant, key_of(user.identity)))
        return sorted(found, reverse=demand.what == "latest")[:2]

    def _value(self, user: Manifest, where: str, value: str) -> datetime | bool | None:
        """None where *user* does not meet *where*, else its *value* (True if there is none to take); once a user."""
        if where == "true" and not value:  # to count all users, none of them has to be looked at
            return True
        seen = self._seen.setdefault((where, value), {})
        key = key_of(user.identity)
        if key not in seen:
            seen[key] = self._evaluate(user, where, value)
        return seen[key]

    def _program(self, where: str, value: str) -> Program:
        """`[value]` for a user that meets *where* (true if there is no *value* to take), else `[false]`."""
        program = self._programs.get((where, value))
        if program is None:
            taken = f"timestamp_({value}\n)" if value else "true"
            program = self._environment.compile(f"[bool_({where}\n) ? dyn({taken}) : dyn(false)]")
            self._programs[where, value] = program
        return program

    def _evaluate(self, user: Manifest, where: str, value: str) -> datetime | bool | None:
        program = self._program(where, value)
        members = self._members.get((where, value))
        if members is None:
            members = self._members[where, value] = _members_of_user(f"({where}\n){value}")
        data = _part_of(user.data, members)
        (result,) = program.elements(self._environment.scope({"user": data, "now": self.now}))
        if result is False:
            return None
        if result is True or isinstance(result, datetime):
            return result
        raise CelError(f"a sum over users needs a bool and an instant, not {result!r}")


def _members_of_user(source: str) -> tuple[tuple[str, ...], ...]:
    """The paths of the members of `user` that *source* reads: the empty one where it reads all; none leads into another."""
    paths = members_of(source, "user")
    return tuple(path for path in sorted(paths) if not any(path[:end] in paths for end in range(len(path))))


def _part_of(data: JsonObject, members: Iterable[tuple[str, ...]]) -> JsonObject:
    """*data* with these *members* only, as far as they are there: CEL converts all that it is given."""
    part: JsonObject = {}
    for path in members:
        if not path:
            return data
        value, there = data, part
        for name in path[:-1]:
            inner = value.get(name)
            if not isinstance(inner, dict):
                break
            value, there = inner, cast("JsonObject", there.setdefault(name, {}))
        else:
            name = path[-1]
        if name in value:
            there[name] = value[name]
    return part


def typing_functions() -> list[CelFunction]:
    """`bool_`, `timestamp_` and `json_`: what they are given, if it is of that type; they make the type check strict.

    `json_` takes what a manifest can hold, but null.
    """
    return [
        *(CelFunction("json_", (kind,), "dyn", lambda value: value) for kind in _OF_JSON),
        CelFunction("bool_", ("bool",), "bool", lambda value: value),
        CelFunction("timestamp_", ("timestamp",), "timestamp", lambda value: value),
    ]
