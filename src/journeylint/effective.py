"""What a configuration comes to: every value that holds, for a run or for a file, and where it was set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from journeylint.check_request import CheckRequest, instant_of
from journeylint.host import Host
from journeylint.model import JsonValue
from journeylint.pointers import pointer_of
from journeylint.policies import Policy
from journeylint.policy_library import load_library
from journeylint.rulings import announce, name_instant
from journeylint.run_files import discover_paths
from journeylint.settings.check import check_against
from journeylint.settings.outdated import find_outdated
from journeylint.settings.resolve import Choices, PlaceKeys, PlanKey, PlanKeys, Resolution, resolve
from journeylint.settings.scopes import ANY_TOKEN
from journeylint.settings.values import Settings

DEFAULT = "default"
"""The origin of what nobody set."""


class Setting(NamedTuple):
    """A value, and where it was set: `journeylint.yaml:3:5`, `default`, or in words."""

    value: JsonValue
    origin: str


class EffectivePolicy(NamedTuple):
    """What holds for a policy; `note` says what time will change about it, or is empty."""

    id: str
    name: str
    enabled: Setting
    severity: Setting
    params: Mapping[str, Setting]
    note: str = ""

    @property
    def settings(self) -> dict[str, Setting]:
        """All of them, by the keys that a configuration has for them (`params.maximumMembers`)."""
        params = {f"params.{name}": setting for name, setting in self.params.items()}
        return {"enabled": self.enabled, "severity": self.severity, **params}


class EffectivePlaces(NamedTuple):
    """What holds at and below the places in a file that a pointer means (`*` in it stands for any one token)."""

    pointer: str
    fail_on: Setting
    preset: Setting
    policies: tuple[EffectivePolicy, ...]


class EffectiveFile(NamedTuple):
    """What holds for a file: `overrides` are indexes of layers, `places` are parts of it that have settings of their own."""

    path: str
    overrides: tuple[int, ...]
    fail_on: Setting
    preset: Setting
    policies: tuple[EffectivePolicy, ...]
    places: tuple[EffectivePlaces, ...]


class EffectiveSettings(NamedTuple):
    """What holds for a run and, if they were asked for, for some of its files; `warnings` are complete lines."""

    settings: Settings
    as_of: datetime
    fail_on: Setting
    preset: Setting
    policies: tuple[EffectivePolicy, ...]
    files: tuple[EffectiveFile, ...]
    warnings: tuple[str, ...]


def find_effective(request: CheckRequest, host: Host, settings: Settings) -> EffectiveSettings:
    """What holds under *settings*, for the run and for the files that its paths stand for.

    Raises JourneylintError as `check` does.
    """
    library = load_library(host, use_cache=request.use_cache)
    check_against(settings, library.policies)
    as_of = instant_of(request, settings)
    files = discover_paths(request.paths, request, settings, host) if request.paths else []
    view = _View(settings, library.policies, as_of)
    keys = PlanKeys(settings, working_directory=request.working_directory)
    fail_on, preset, policies = view.describe(())
    return EffectiveSettings(
        settings,
        as_of,
        fail_on,
        preset,
        policies,
        tuple(view.describe_file(file.path, keys) for file in files),
        find_outdated(settings, Choices(), library.policies),
    )


class _View:
    """Describes what holds under a key."""

    def __init__(self, settings: Settings, policies: Sequence[Policy], as_of: datetime) -> None:
        self._settings = settings
        self._policies = policies
        self._as_of = as_of

    def describe(self, key: PlanKey) -> tuple[Setting, Setting, tuple[EffectivePolicy, ...]]:
        resolution = resolve(self._settings, Choices(), self._policies, key)
        fail_on = Setting(resolution.fail_on.value, _name_origin(resolution.fail_on_origin))
        preset = Setting(resolution.preset, _name_origin(resolution.preset_origin))
        return fail_on, preset, tuple(self._describe_policy(policy, resolution) for policy in self._policies)

    def describe_file(self, path: str, keys: PlanKeys) -> EffectiveFile:
        places = keys.places(path)
        key = keys.key(path)
        parts = {index for index, _ in places.parts} if places is not None else set()
        overrides = tuple(sorted({*key, *parts}))
        return EffectiveFile(path, overrides, *self.describe(key), tuple(self._describe_places(places)))

    def _describe_places(self, keys: PlaceKeys | None) -> Iterable[EffectivePlaces]:
        found = {place.tokens for _, places in keys.parts for place in places} if keys is not None else set()
        for tokens in sorted([ANY_TOKEN if token is None else token for token in tokens] for tokens in found):
            assert keys is not None  # noqa: S101 - there are no tokens without keys
            yield EffectivePlaces(pointer_of(tokens), *self.describe(keys.key(tokens)))

    def _describe_policy(self, policy: Policy, resolution: Resolution) -> EffectivePolicy:
        held = resolution.policies[policy.id]
        origins, period = held.origins, policy.life.effective
        severity = held.severity or policy.severity
        enabled = Setting(held.is_enabled, _name_origin(origins.enabled))
        note = announce(policy, severity, self._as_of)
        if period.end is not None and period.is_over(self._as_of):
            enabled = Setting(value=False, origin=f"effective until {name_instant(period.end)}")
        elif period.end is not None:
            note = f"{note} Off from {name_instant(period.end)}.".strip()
        params = {
            name: Setting(held.params.get(name, param.default), _name_origin(origins.params.get(name)))
            for name, param in policy.params.items()
        }
        return EffectivePolicy(
            policy.id, policy.name, enabled, Setting(severity.value, _name_origin(origins.severity)), params, note
        )


def _name_origin(origin: object) -> str:
    return DEFAULT if origin is None else str(origin)
