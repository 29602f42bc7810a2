"""Which policies hold for a path and a place in it, at which severity, with which params, and who says so."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from journeylint.path_patterns import PathPatterns, read_patterns
from journeylint.policies import RECOMMENDED, Stage
from journeylint.rooted_patterns import relative_to
from journeylint.settings.check import (
    BY_NAME,
    SelectablePolicy,
    closeness,
    is_in_preset,
    is_selected_by,
    is_selected_by_itself,
)
from journeylint.settings.values import FailOn, Layer, Place, Placed, PlacePattern, PolicySettings, Scope, Settings

if TYPE_CHECKING:
    from journeylint.model import JsonValue, Severity

PlanKey: TypeAlias = tuple[int, ...]
"""The 0-based indexes, among a configuration's layers, of those with a scope that a path or place is in, in order.

Paths and places with the same key are judged alike.
"""

PREVIEW = "stage: preview"
"""The origin of what is off because it is a preview."""

NOT_RECOMMENDED = f"preset: {RECOMMENDED}"
"""The origin of what is off because it is not in the preset that holds where nobody names another."""


class Choices(NamedTuple):
    """What the command line says; it is applied last, over overrides too."""

    preset: str | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    fail_on: FailOn | None = None


class Origins(NamedTuple):
    """Where a policy's settings come from: None is the default, text the command line or the policy itself."""

    enabled: Place | str | None = None
    severity: Place | None = None
    params: Mapping[str, Place] = MappingProxyType({})


class ResolvedPolicy(NamedTuple):
    """What holds for a policy. `severity` None is its own; `params` has only those that are set."""

    is_enabled: bool
    severity: Severity | None
    params: Mapping[str, JsonValue]
    origins: Origins = Origins()


class Resolution(NamedTuple):
    """What holds for all that has one plan key: each policy by its id, the least severity that fails a run, the preset."""

    policies: Mapping[str, ResolvedPolicy]
    fail_on: FailOn
    fail_on_origin: Place | str | None = None
    preset: str = RECOMMENDED
    preset_origin: Place | str | None = None


class PlanKeys:
    """Tells the plan key of paths as reports have them: relative to *working_directory*. Build it once a run.

    `has_places` says whether any layer is for parts of manifests.
    """

    def __init__(self, settings: Settings, *, working_directory: Path) -> None:
        self._scopes = tuple(
            (index, _ScopePatterns(layer.scope, settings.folder, working_directory))
            for index, layer in enumerate(settings.layers)
            if layer.scope is not None
        )
        self.has_places = any(scope.places for _, scope in self._scopes)

    def key(self, path: str) -> PlanKey:
        """The layers that hold for *path* as a whole."""
        return tuple(index for index, scope in self._scopes if scope.covers(path)) if self._scopes else ()

    def places(self, path: str) -> PlaceKeys | None:
        """What tells the keys of places in *path*, or None where all have that of the path."""
        if not self.has_places:
            return None
        parts = [(index, scope.places_in(path)) for index, scope in self._scopes]
        found = PlaceKeys(self.key(path), tuple((index, places) for index, places in parts if places))
        return found if found.parts else None


class PlaceKeys(NamedTuple):
    """The key of a path as a whole, and the layers that hold for parts of it."""

    whole: PlanKey
    parts: tuple[tuple[int, tuple[PlacePattern, ...]], ...]

    def key(self, place: Sequence[str]) -> PlanKey:
        """The layers that hold for the place with these tokens."""
        inside = [index for index, places in self.parts if any(one.covers(place) for one in places)]
        return tuple(sorted({*self.whole, *inside})) if inside else self.whole

    def keys(self) -> Iterator[PlanKey]:
        """Keys of places: one for each of the layers that hold for parts, and one for all of them."""
        for indexes in (*((index,) for index, _ in self.parts), tuple(index for index, _ in self.parts)):
            yield tuple(sorted({*self.whole, *indexes}))


class _ScopePatterns:
    """A scope made ready: its patterns compiled, to be asked about paths relative to the working directory."""

    def __init__(self, scope: Scope, base: Path, working_directory: Path) -> None:
        self._files = read_patterns(scope.files)
        self.places: tuple[tuple[PathPatterns, PlacePattern], ...] = tuple(
            (read_patterns(place.files), place) for place in scope.places
        )
        self._here = os.fspath(working_directory.absolute())
        self._folder = _normal(os.fspath((base / scope.folder).absolute()))

    def covers(self, path: str) -> bool:
        return bool(self._files) and self._files.covers(self._from_folder(path))

    def places_in(self, path: str) -> tuple[PlacePattern, ...]:
        """Those of the places that are in *path*."""
        if not self.places:
            return ()
        path = self._from_folder(path)
        return tuple(place for patterns, place in self.places if patterns.covers(path))

    def _from_folder(self, path: str) -> str:
        return relative_to(_normal(os.path.join(self._here, path)), self._folder)  # noqa: PTH118 - text in, text out


def resolve(
    settings: Settings, choices: Choices, policies: Sequence[SelectablePolicy], key: PlanKey = ()
) -> Resolution:
    """What holds for what has the plan key *key*.

    The policies of the preset `recommended` are on at first, but those that are a preview. Each layer that has no scope or is
    in *key*, in order, and the command line then replace the set by those of their `preset`, or by their `select`, take out
    their `ignore`, and switch policies on or off by `enabled`. What is switched off stays off, unless a later one switches
    it on or selects it by its very id or name; a preview is switched on by its id or name only. Of severities and params the
    later wins, and within one the closer: by id, by name, by pack.
    """
    layers = [layer for index, layer in enumerate(settings.layers) if layer.scope is None or index in key]
    said = next((layer.fail_on for layer in reversed(layers) if layer.fail_on is not None), None)
    resolved = {policy.id: _resolve_policy(policy, layers, choices) for policy in policies}
    resolution = Resolution(resolved, FailOn.ERROR)
    if choices.fail_on is not None:
        resolution = resolution._replace(fail_on=choices.fail_on, fail_on_origin="--fail-on")
    elif said is not None:
        resolution = resolution._replace(fail_on=said.value, fail_on_origin=said.place)
    if choices.preset is not None:
        return resolution._replace(preset=choices.preset, preset_origin=_origin_of_option(choices.preset))
    named = next((layer.preset for layer in reversed(layers) if layer.preset is not None), None)
    return resolution if named is None else resolution._replace(preset=named.text, preset_origin=named.place)


def _origin_of_option(preset: str) -> str:
    return f"--preset {preset}"


class _Switch:
    """Whether a policy is on: chosen by select and ignore, and not switched off; and what made it so."""

    def __init__(self, policy: SelectablePolicy) -> None:
        self._policy = policy
        self._is_chosen = is_in_preset(policy, RECOMMENDED)
        self._is_off = policy.life.stage is Stage.PREVIEW
        self._chosen_by: Place | str | None = None if self._is_chosen else NOT_RECOMMENDED
        self._off_by: Place | str | None = PREVIEW

    @property
    def is_on(self) -> bool:
        return self._is_chosen and not self._is_off

    @property
    def origin(self) -> Place | str | None:
        return self._off_by if self._is_chosen and self._is_off else self._chosen_by

    def choose(self, preset: _Named | None, select: Sequence[_Named] | None, ignore: Sequence[_Named]) -> None:
        """Apply one layer's `preset`, `select` and `ignore`."""
        if preset is not None and (not self._is_chosen or not is_in_preset(self._policy, preset[0])):
            self._is_chosen, self._chosen_by = is_in_preset(self._policy, preset[0]), preset[1]
        if select is not None:
            by = [one for one in select if is_selected_by(self._policy, one[0])]
            self._is_chosen = bool(by)
            self._chosen_by = next(iter(by or select), ("", None))[1]
            itself = [one for one in by if is_selected_by_itself(self._policy, one[0])]
            if itself:
                self._is_off, self._chosen_by = False, itself[0][1]
        for word, origin in ignore:
            if is_selected_by(self._policy, word):
                self._is_chosen, self._chosen_by = False, origin
                break

    def turn(self, enabled: Placed[bool] | None) -> None:
        """Apply one layer's `enabled`."""
        if enabled is None:
            return
        self._is_off = not enabled.value
        if enabled.value:
            self._is_chosen, self._chosen_by = True, enabled.place
        else:
            self._off_by = enabled.place


_Named: TypeAlias = "tuple[str, Place | str]"
"""A selector, and where it stands."""


class _Figures:
    """What layers set for a policy; what is put in later wins."""

    def __init__(self) -> None:
        self.enabled: Placed[bool] | None = None
        self.severity: Placed[Severity] | None = None
        self.params: dict[str, Placed[JsonValue]] = {}

    def put(self, setting: PolicySettings, policy: SelectablePolicy, rank: int) -> None:
        """Take what *setting* says; params that the policy does not have are another's of its pack."""
        enabled = setting.enabled
        is_meant = policy.life.stage is not Stage.PREVIEW or rank >= BY_NAME
        if enabled is not None and (is_meant or not enabled.value):
            self.enabled = enabled
        self.severity = setting.severity or self.severity
        for name, value, place in setting.params:
            if name.text in policy.params:
                self.params[name.text] = Placed(value, place)


def _resolve_policy(policy: SelectablePolicy, layers: Sequence[Layer], choices: Choices) -> ResolvedPolicy:
    switch, figures = _Switch(policy), _Figures()
    for layer in layers:
        figures.enabled = None
        for rank, setting in _nearest_last(policy, layer.policies):
            figures.put(setting, policy, rank)
        preset: _Named | None = None if layer.preset is None else (layer.preset.text, layer.preset.place)
        select = None if layer.select is None else [(word.text, word.place) for word in layer.select]
        switch.choose(preset, select, [(word.text, word.place) for word in layer.ignore])
        switch.turn(figures.enabled)
    preset = None if choices.preset is None else (choices.preset, _origin_of_option(choices.preset))
    selected = None if choices.select is None else [(word, f"--select {word}") for word in choices.select]
    switch.choose(preset, selected, [(word, f"--ignore {word}") for word in choices.ignore])
    severity, params = figures.severity, figures.params
    return ResolvedPolicy(
        switch.is_on,
        None if severity is None else severity.value,
        {name: placed.value for name, placed in params.items()},
        Origins(
            switch.origin,
            None if severity is None else severity.place,
            {name: placed.place for name, placed in params.items()},
        ),
    )


def _nearest_last(policy: SelectablePolicy, settings: Sequence[PolicySettings]) -> list[tuple[int, PolicySettings]]:
    ranked = [(rank, one) for one in settings if (rank := closeness(policy, one.target.text)) is not None]
    return sorted(ranked, key=lambda pair: pair[0])


def _normal(path: str) -> str:
    return os.path.normpath(path).replace(os.sep, "/")
