"""What a configuration comes to, as data for programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from journeylint.effective import DEFAULT, Setting
from journeylint.times import format_instant

if TYPE_CHECKING:
    from journeylint.effective import EffectivePolicy, EffectiveSettings
    from journeylint.settings.values import Settings, Word


def describe_settings(found: EffectiveSettings, *, is_for_files: bool) -> dict[str, object]:
    """Everything of *found*: with *is_for_files* what holds for its files, in place of what holds for the run."""
    settings, rules = found.settings, found.settings.plugins
    as_of, is_set = format_instant(found.as_of), settings.as_of is not None
    data: dict[str, object] = {
        "schemaVersion": "1",
        "configuration": [
            {"path": file.path, "extendedAt": None if file.extended_at is None else str(file.extended_at)}
            for file in settings.files
        ],
        "overrides": [
            {"index": index, "files": _words(layer.scope.written)}
            for index, layer in enumerate(settings.layers)
            if layer.scope is not None
        ],
    }
    if is_for_files:
        data["files"] = [
            {
                "path": file.path,
                "overrides": list(file.overrides),
                "fail-on": _setting(file.fail_on),
                "preset": _setting(file.preset),
                "policies": _policies(file.policies),
                "places": [
                    {
                        "pointer": place.pointer,
                        "fail-on": _setting(place.fail_on),
                        "preset": _setting(place.preset),
                        "policies": _policies(place.policies),
                    }
                    for place in file.places
                ],
            }
            for file in found.files
        ]
        return data
    return {
        **data,
        "paths": None if settings.paths is None else _words(settings.paths),
        "exclude": _words(settings.exclude),
        "as-of": {
            "value": as_of if is_set else None,
            "origin": str(settings.as_of.place) if settings.as_of else DEFAULT,
        },
        "policy-roots": _words(settings.policy_roots),
        "plugins": {
            "allow": None if rules.allow is None else _words(rules.allow),
            "block": _words(rules.block),
            "paths": _words(rules.paths),
        },
        "suppressions": [{"value": one.data, "origin": str(one.place)} for one in settings.suppressions],
        "suppression-rules": {
            key: {"value": rule.value, "origin": str(rule.place)}
            for key, rule in settings.suppression_rules.by_key.items()
        },
        "baseline": next(iter(_words([] if settings.baseline is None else [settings.baseline])), None),
        "export-environment": _setting(_export_environment(settings)),
        "fail-on": _setting(found.fail_on),
        "preset": _setting(found.preset),
        "policies": _policies(found.policies),
    }


def _export_environment(settings: Settings) -> Setting:
    placed = settings.export_environment
    return Setting(None, DEFAULT) if placed is None else Setting(placed.value, str(placed.place))


def _words(words: Iterable[Word]) -> list[object]:
    return [{"value": word.text, "origin": str(word.place)} for word in words]


def _setting(setting: Setting) -> dict[str, object]:
    return {"value": setting.value, "origin": setting.origin}


def _policies(policies: Iterable[EffectivePolicy]) -> list[object]:
    return [
        {
            "id": policy.id,
            "name": policy.name,
            "enabled": _setting(policy.enabled),
            "severity": _setting(policy.severity),
            "params": {name: _setting(setting) for name, setting in policy.params.items()},
            **({"note": policy.note} if policy.note else {}),
        }
        for policy in policies
    ]
