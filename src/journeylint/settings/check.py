"""Checks names and params in settings against the policies that are there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from journeylint.errors import ConfigurationError, UsageError
from journeylint.policies import ALL
from journeylint.suggest import did_you_mean
from journeylint.wording import join_choices

if TYPE_CHECKING:
    from journeylint.params import Param
    from journeylint.policies import Life
    from journeylint.settings.values import Layer, ParamSetting, Place, Settings


class SelectablePolicy(Protocol):
    """What settings need to know of a policy. `pack` is its pack's name, `prefix` that of the pack's ids."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def pack(self) -> str: ...
    @property
    def prefix(self) -> str: ...
    @property
    def tags(self) -> Collection[str]: ...
    @property
    def params(self) -> Mapping[str, Param]: ...
    @property
    def life(self) -> Life: ...
    @property
    def presets(self) -> Collection[str]: ...


def check_against(settings: Settings, policies: Sequence[SelectablePolicy]) -> None:
    """Raise ConfigurationError, with all places, where *settings* name policies or params that there are none of.

    Params set for a whole pack must be those of at least one of its policies, and fit all that have them.
    """
    found: set[tuple[Place, str]] = set()
    for layer in settings.layers:
        found.update(_check_selectors(layer, policies))
        found.update(_check_policies(layer, policies))
    if found:
        raise ConfigurationError(f"{place}: {message}" for place, message in sorted(found))


def check_selectors(option: str, selectors: Iterable[str], policies: Sequence[SelectablePolicy]) -> None:
    """Raise UsageError, naming all of them, for *selectors* of the command line's *option* that select nothing."""
    known, former = _selector_names(policies), _former_names(policies)
    if unknown := [word for word in dict.fromkeys(selectors) if word not in known and word not in former]:
        raise UsageError(f"{option}: {_say_unknown(word, known, 'policy, pack or tag')}" for word in unknown)


def check_preset(option: str, preset: str, policies: Sequence[SelectablePolicy]) -> None:
    """Raise UsageError where no policy is in the *preset* that *option* of the command line names."""
    if (problem := _preset_problem(preset, policies)) is not None:
        raise UsageError(f"{option}: {problem}")


def is_in_preset(policy: SelectablePolicy, preset: str) -> bool:
    """Whether *policy* is in *preset*: each is in `all`."""
    return preset == ALL or preset in policy.presets


def is_selected_by(policy: SelectablePolicy, selector: str) -> bool:
    """Whether *selector* (an id, a name, a pack by name or prefix, a tag; letter case counts) means *policy*."""
    return (
        selector in (policy.pack, policy.prefix) or selector in policy.tags or is_selected_by_itself(policy, selector)
    )


def is_selected_by_itself(policy: SelectablePolicy, selector: str) -> bool:
    """Whether *selector* is the very id or name of *policy*, or one that it had before."""
    former = policy.life.former_ids, policy.life.former_names
    return selector in (policy.id, policy.name) or any(selector in names for names in former)


BY_PREFIX, BY_PACK, BY_NAME, BY_ID = range(4)
"""How closely a word means a policy."""


def closeness(policy: SelectablePolicy, target: str) -> int | None:
    """How closely *target* means *policy*: `BY_ID`, `BY_NAME` (former ones too), `BY_PACK`, `BY_PREFIX`, or None."""
    if target == policy.id or target in policy.life.former_ids:
        return BY_ID
    if target == policy.name or target in policy.life.former_names:
        return BY_NAME
    return BY_PACK if target == policy.pack else BY_PREFIX if target == policy.prefix else None


def _check_selectors(layer: Layer, policies: Sequence[SelectablePolicy]) -> Iterator[tuple[Place, str]]:
    if layer.preset is not None and (problem := _preset_problem(layer.preset.text, policies)) is not None:
        yield layer.preset.place, problem
    known, former = _selector_names(policies), _former_names(policies)
    for word in (*(layer.select or ()), *layer.ignore):
        if word.text not in known and word.text not in former:
            yield word.place, _say_unknown(word.text, known, "policy, pack or tag")


def _check_policies(layer: Layer, policies: Sequence[SelectablePolicy]) -> Iterator[tuple[Place, str]]:
    for setting in layer.policies:
        meant = [policy for policy in policies if closeness(policy, setting.target.text) is not None]
        if not meant:
            yield setting.target.place, _say_not_a_policy(setting.target.text, policies)
            continue
        for param in setting.params:
            yield from _check_param(param, setting.target.text, meant)


def _check_param(
    setting: ParamSetting, target: str, policies: Sequence[SelectablePolicy]
) -> Iterator[tuple[Place, str]]:
    from journeylint.params import value_problem  # noqa: PLC0415 - most configurations set no params

    name = setting.name.text
    known = sorted({param for policy in policies for param in policy.params})
    if name not in known:
        hint = did_you_mean(name, known) or f" - it has {', '.join(known) or 'none'}"
        yield setting.name.place, f"{target!r} has no param {name!r}{hint}"
    for policy in policies:
        if (param := policy.params.get(name)) and (problem := value_problem(param, setting.value)) is not None:
            yield setting.place, f"param {name!r} of {policy.id}: {problem}"


def _selector_names(policies: Sequence[SelectablePolicy]) -> set[str]:
    return _policy_names(policies) | {tag for policy in policies for tag in policy.tags}


def _preset_problem(preset: str, policies: Sequence[SelectablePolicy]) -> str | None:
    known = sorted({ALL, *(name for policy in policies for name in policy.presets)})
    if preset in known:
        return None
    return f"unknown preset {preset!r}{did_you_mean(preset, known) or f': expected {join_choices(known)}'}"


def _policy_names(policies: Sequence[SelectablePolicy]) -> set[str]:
    return {name for policy in policies for name in (policy.id, policy.name, policy.pack, policy.prefix)}


def _former_names(policies: Sequence[SelectablePolicy]) -> set[str]:
    return {name for policy in policies for name in (*policy.life.former_ids, *policy.life.former_names)}


def _say_not_a_policy(target: str, policies: Sequence[SelectablePolicy]) -> str:
    if target in _selector_names(policies):
        return f"{target!r} is a tag: policies are set by id, name or pack - name one of these"
    return _say_unknown(target, _policy_names(policies), "policy or pack")


def _say_unknown(word: str, known: Collection[str], what: str) -> str:
    return f"unknown {what} {word!r}{did_you_mean(word, known) or ' - see `journeylint policies`'}"
