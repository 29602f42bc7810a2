"""Which policies hold for a path, at which severity and with which params."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from journeylint.path_patterns import read_patterns
from journeylint.settings.check import SelectablePolicy, closeness, is_selected_by
from journeylint.settings.values import FailOn, Layer, PolicySettings, Settings

if TYPE_CHECKING:
    from journeylint.model import JsonValue, Severity

PlanKey: TypeAlias = tuple[int, ...]
"""The 0-based indexes of the overrides that a path matches, in order: paths with the same key are judged alike."""


class Choices(NamedTuple):
    """What the command line says; it is applied last, over overrides too."""

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    fail_on: FailOn | None = None


class ResolvedPolicy(NamedTuple):
    """What holds for a policy. `severity` None is its own; `params` has only those that are set."""

    is_enabled: bool
    severity: Severity | None
    params: Mapping[str, JsonValue]


class Resolution(NamedTuple):
    """What holds for all paths of one plan key: each policy by its id, and the least severity that fails a run."""

    policies: Mapping[str, ResolvedPolicy]
    fail_on: FailOn


class PlanKeys:
    """Tells the plan key of paths as reports have them: relative to *working_directory*. Build it once a run."""

    def __init__(self, settings: Settings, *, working_directory: Path) -> None:
        self._files = tuple(read_patterns(override.files) for override in settings.overrides)
        self._way = _way(settings.folder, working_directory) if self._files else ""

    def key(self, path: str) -> PlanKey:
        """The indexes of the overrides that *path* matches, in order."""
        if not self._files:
            return ()
        path = os.path.normpath(self._way + path).replace(os.sep, "/")
        return tuple(index for index, patterns in enumerate(self._files) if patterns.covers(path))


def resolve(
    settings: Settings, choices: Choices, policies: Sequence[SelectablePolicy], key: PlanKey = ()
) -> Resolution:
    """What holds for paths with the plan key *key*.

    All policies are on at first. The configuration, each override of *key* in order and the command line then replace
    the set by their `select`, take out their `ignore`, and switch policies on or off by `enabled`. What is switched off
    stays off, unless a later one switches it on or selects it by its very id or name. Of severities and params the
    later wins, and within one the closer: by id, by name, by pack.
    """
    layers = (settings.layer, *(settings.overrides[index].layer for index in key))
    fail_on = choices.fail_on or next((one.fail_on for one in reversed(layers) if one.fail_on), FailOn.ERROR)
    return Resolution({policy.id: _resolve_policy(policy, layers, choices) for policy in policies}, fail_on)


class _Switch:
    """Whether a policy is on: chosen by select and ignore, and not switched off."""

    def __init__(self, policy: SelectablePolicy) -> None:
        self.policy = policy
        self.is_chosen = True
        self.is_off = False

    def choose(self, select: Sequence[str] | None, ignore: Sequence[str]) -> None:
        """Apply one layer's `select` and `ignore`."""
        if select is not None:
            self.is_chosen = any(is_selected_by(self.policy, selector) for selector in select)
            if self.policy.id in select or self.policy.name in select:
                self.is_off = False
        if any(is_selected_by(self.policy, selector) for selector in ignore):
            self.is_chosen = False

    def turn(self, enabled: bool | None) -> None:  # noqa: FBT001 - the word of the configuration
        """Apply one layer's `enabled`."""
        if enabled is not None:
            self.is_off = not enabled
            self.is_chosen = self.is_chosen or enabled


class _Figures:
    """What layers set for a policy; what is put in later wins."""

    def __init__(self) -> None:
        self.enabled: bool | None = None
        self.severity: Severity | None = None
        self.params: dict[str, JsonValue] = {}

    def put(self, setting: PolicySettings, policy: SelectablePolicy) -> None:
        """Take what *setting* says; params that the policy does not have are another's of its pack."""
        self.enabled = self.enabled if setting.enabled is None else setting.enabled
        self.severity = setting.severity or self.severity
        self.params.update({one.name.text: one.value for one in setting.params if one.name.text in policy.params})


def _resolve_policy(policy: SelectablePolicy, layers: Sequence[Layer], choices: Choices) -> ResolvedPolicy:
    switch, figures = _Switch(policy), _Figures()
    for layer in layers:
        figures.enabled = None
        for setting in _nearest_last(policy, layer.policies):
            figures.put(setting, policy)
        switch.choose(None if layer.select is None else [word.text for word in layer.select], _ignored(layer))
        switch.turn(figures.enabled)
    switch.choose(choices.select, choices.ignore)
    return ResolvedPolicy(switch.is_chosen and not switch.is_off, figures.severity, figures.params)


def _ignored(layer: Layer) -> list[str]:
    return [word.text for word in layer.ignore]


def _nearest_last(policy: SelectablePolicy, settings: Sequence[PolicySettings]) -> list[PolicySettings]:
    ranked = [(rank, one) for one in settings if (rank := closeness(policy, one.target.text)) is not None]
    return [one for _, one in sorted(ranked, key=lambda pair: pair[0])]


def _way(base: Path, working_directory: Path) -> str:
    """What leads from *base* to the working directory: `""`, or a relative path with a slash at the end."""
    try:
        way = os.path.relpath(working_directory.absolute(), base.absolute()).replace(os.sep, "/")
    except ValueError:  # another drive: nothing matches but patterns for names
        return ""
    return "" if way == "." else way + "/"
