"""Which policies hold for a path, and names in settings that there are no policies for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from journeylint.errors import ConfigurationError, UsageError
from journeylint.formats.yaml import YamlLoader
from journeylint.model import JsonObject, Severity
from journeylint.params import Param, param_from
from journeylint.policies import DEFAULT_PRESETS, Life
from journeylint.settings import (
    Choices,
    FailOn,
    PlanKeys,
    Settings,
    check_against,
    check_selectors,
    resolve,
)
from journeylint.settings.check import check_preset
from journeylint.settings.extend import read_settings

SCHEMA_FILE = Path(__file__).parents[2] / "schemas/config.schema.json"
SCHEMA = cast("JsonObject", json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Policy:
    """Just what settings need to know."""

    id: str
    name: str
    pack: str = "outbound-segments"
    prefix: str = "OBS"
    tags: tuple[str, ...] = ()
    params: Mapping[str, Param] = field(default_factory=dict)
    life: Life = field(default_factory=Life)
    presets: tuple[str, ...] = DEFAULT_PRESETS


SIZE = param_from("maximumMembers", {"type": "integer", "minimum": 1, "default": 750_000})
LEAD = param_from("minimumLead", {"type": "duration", "default": "4h"})
POLICIES = (
    Policy("OBS001", "module-removed", tags=("retirement",)),
    Policy("OBS004", "oversized-segment", tags=("export",), params={"maximumMembers": SIZE}),
    Policy("OBS007", "short-lead", tags=("export",), params={"minimumLead": LEAD}),
    Policy("REF001", "unknown-segment", "references", "REF"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the configuration is."""
    return tmp_path


def read(folder: Path, text: str) -> Settings:
    (folder / "journeylint.yaml").write_text(text, encoding="utf-8")
    return read_settings(folder / "journeylint.yaml", working_directory=folder, loader=YamlLoader(), schema=SCHEMA)


def enabled(configured: Settings, choices: Choices | None = None, key: tuple[int, ...] = ()) -> str:
    resolved = resolve(configured, choices or Choices(), POLICIES, key).policies
    return " ".join(policy for policy, one in resolved.items() if one.is_enabled)


ALL = "OBS001 OBS004 OBS007 REF001"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ALL),
        ("select: [OBS004]", "OBS004"),
        ("select: [short-lead]", "OBS007"),
        ("select: [OBS]", "OBS001 OBS004 OBS007"),
        ("select: [references]", "REF001"),
        ("select: [export]", "OBS004 OBS007"),
        ("select: [export, REF001]", "OBS004 OBS007 REF001"),
        ("ignore: [export]", "OBS001 REF001"),
        ("ignore: []", ALL),
        ("select: [OBS]\nignore: [OBS001]", "OBS004 OBS007"),
        ("policies: {OBS004: {enabled: false}}", "OBS001 OBS007 REF001"),
        ("policies: {oversized-segment: {enabled: false}}", "OBS001 OBS007 REF001"),
        ("policies: {OBS: {enabled: false}}", "REF001"),
        ("policies: {OBS: {enabled: false}, OBS004: {enabled: true}}", "OBS004 REF001"),
        ("policies: {OBS004: {enabled: true}, outbound-segments: {enabled: false}}", "OBS004 REF001"),
        ("policies: {short-lead: {enabled: true}, OBS007: {enabled: false}}", "OBS001 OBS004 REF001"),
        ("select: [OBS004]\npolicies: {OBS004: {enabled: false}}", ""),
        ("select: [OBS004]\npolicies: {REF001: {enabled: true}}", "OBS004 REF001"),
    ],
)
def test_the_configuration_chooses_policies(folder: Path, text: str, expected: str) -> None:
    assert enabled(read(folder, text)) == expected


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        (Choices(), "OBS004 REF001"),
        (Choices(select=("OBS",)), "OBS001 OBS004"),
        (Choices(select=("export",)), "OBS004"),
        (Choices(select=("OBS007",)), "OBS007"),
        (Choices(select=("short-lead",)), "OBS007"),
        (Choices(select=("OBS", "OBS007"), ignore=("OBS001",)), "OBS004 OBS007"),
        (Choices(ignore=("references",)), "OBS004"),
        (Choices(select=("REF",), ignore=("REF001",)), ""),
    ],
)
def test_the_command_line_comes_last(folder: Path, choices: Choices, expected: str) -> None:
    configured = read(folder, "ignore: [OBS001]\npolicies: {OBS007: {enabled: false}}\n")
    assert enabled(configured, choices) == expected


OVERRIDES = """\
policies: {OBS007: {enabled: false, severity: info}, OBS004: {params: {maximumMembers: 10}}}
fail-on: warning
overrides:
  - files: [legacy/]
    select: [OBS]
    fail-on: never
    policies: {OBS: {severity: warning, params: {maximumMembers: 20}}}
  - files: ["*.live.yaml"]
    ignore: [OBS001]
    policies: {short-lead: {enabled: true, params: {minimumLead: 6h}}}
"""


@pytest.mark.parametrize(
    ("key", "expected"),
    [((), "OBS001 OBS004 REF001"), ((1,), "OBS001 OBS004"), ((2,), "OBS004 OBS007 REF001"), ((1, 2), "OBS004 OBS007")],
)
def test_overrides_come_after_the_configuration_in_their_order(
    folder: Path, key: tuple[int, ...], expected: str
) -> None:
    assert enabled(read(folder, OVERRIDES), key=key) == expected


def test_the_command_line_comes_after_overrides(folder: Path) -> None:
    configured = read(folder, OVERRIDES)
    assert enabled(configured, Choices(select=("REF",)), (1, 2)) == "REF001"
    assert resolve(configured, Choices(fail_on=FailOn.INFO), POLICIES, (1,)).fail_on is FailOn.INFO


def test_a_later_layer_beats_a_closer_name_of_an_earlier_one(folder: Path) -> None:
    configured = read(folder, OVERRIDES)
    plain, legacy = (resolve(configured, Choices(), POLICIES, key) for key in ((), (1,)))
    assert (plain.policies["OBS007"].severity, plain.policies["OBS004"].severity) == (Severity.INFO, None)
    assert legacy.policies["OBS007"].severity is Severity.WARNING
    assert plain.policies["OBS004"].params == {"maximumMembers": 10}
    assert legacy.policies["OBS004"].params == {"maximumMembers": 20}
    assert (plain.fail_on, legacy.fail_on) == (FailOn.WARNING, FailOn.NEVER)


def test_params_of_a_pack_reach_only_the_policies_that_have_them(folder: Path) -> None:
    resolved = resolve(read(folder, OVERRIDES), Choices(), POLICIES, (1,))
    assert resolved.policies["OBS001"].params == {}


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_an_id_beats_a_name_beats_a_pack_beats_a_prefix_in_any_order(folder: Path, order: tuple[int, ...]) -> None:
    lines = [
        "  OBS: {severity: error, params: {maximumMembers: 1}}\n",
        "  outbound-segments: {severity: info}\n",
        "  oversized-segment: {severity: warning, params: {maximumMembers: 3}}\n",
        "  OBS004: {severity: info, params: {maximumMembers: 4}}\n",
    ]
    resolved = resolve(read(folder, "policies:\n" + "".join(lines[index] for index in order)), Choices(), POLICIES)
    assert (resolved.policies["OBS004"].severity, resolved.policies["OBS001"].severity) == (
        Severity.INFO,
        Severity.INFO,
    )
    assert resolved.policies["OBS004"].params == {"maximumMembers": 4}


def test_a_run_fails_on_errors_unless_told_otherwise(folder: Path) -> None:
    assert resolve(read(folder, ""), Choices(), POLICIES).fail_on is FailOn.ERROR


@pytest.mark.parametrize(
    ("fail_on", "counted"),
    [("error", "error"), ("warning", "error warning"), ("info", "error warning info"), ("never", "")],
)
def test_findings_at_or_above_fail_on_count(fail_on: str, counted: str) -> None:
    assert " ".join(one.value for one in Severity if FailOn(fail_on).counts(one)) == counted


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("legacy/a.yaml", (1,)),
        ("legacy/deep/a.live.yaml", (1, 2)),
        ("a.live.yaml", (2,)),
        ("a.yaml", ()),
        ("other/legacy/a.yaml", (1,)),
        ("legacy", ()),
        ("<stdin>", ()),
    ],
)
def test_a_path_has_the_overrides_that_it_matches(folder: Path, path: str, expected: tuple[int, ...]) -> None:
    assert PlanKeys(read(folder, OVERRIDES), working_directory=folder).key(path) == expected


def test_patterns_of_overrides_begin_at_the_folder_of_the_configuration(folder: Path) -> None:
    configured = read(folder, "overrides: [{files: [/sub/a.yaml]}, {files: ['*', '!/b.yaml']}]\n")
    keys = PlanKeys(configured, working_directory=folder / "sub")
    assert [keys.key(path) for path in ("a.yaml", "../a.yaml", "../b.yaml", "b.yaml")] == [(0, 1), (1,), (), (1,)]


def test_without_overrides_all_paths_are_alike(folder: Path) -> None:
    assert PlanKeys(read(folder, ""), working_directory=folder).key("../anything") == ()


def complaints(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        check_against(read(folder, text), POLICIES)
    return [message.removeprefix("journeylint.yaml:") for message in caught.value.messages]


def test_names_that_there_are_policies_for_are_right(folder: Path) -> None:
    check_against(read(folder, OVERRIDES), POLICIES)
    check_against(read(folder, "select: [OBS, references, export, OBS001, short-lead]\n"), POLICIES)
    check_selectors("--select", ("OBS", "references", "export", "OBS001", "short-lead"), POLICIES)


def test_unknown_names_are_told_where_they_stand_with_the_nearest_known(folder: Path) -> None:
    text = """\
select: [OBS0O4, exports]
ignore: [zzz]
policies:
  oversized-segments:
    severity: info
  export: {severity: info}
overrides:
  - files: [a]
    ignore: [REF01]
    policies: {"REFS": {enabled: false}}
"""
    assert complaints(folder, text) == [
        "1:10: unknown policy, pack or tag 'OBS0O4' - did you mean 'OBS004'?",
        "1:18: unknown policy, pack or tag 'exports' - did you mean 'export'?",
        "2:10: unknown policy, pack or tag 'zzz' - see `journeylint policies`",
        "4:3: unknown policy or pack 'oversized-segments' - did you mean 'oversized-segment'?",
        "6:3: 'export' is a tag: policies are set by id, name or pack - name one of these",
        "9:14: unknown policy, pack or tag 'REF01' - did you mean 'REF001'?",
        "10:17: unknown policy or pack 'REFS' - did you mean 'REF'?",
    ]


def test_letter_case_counts_in_names(folder: Path) -> None:
    assert complaints(folder, "select: [obs004]\n") == [
        "1:10: unknown policy, pack or tag 'obs004' - did you mean 'OBS004'?"
    ]


@pytest.mark.parametrize(
    ("target", "param", "message"),
    [
        ("OBS004", "maximumMember: 1", "'OBS004' has no param 'maximumMember' - did you mean 'maximumMembers'?"),
        ("OBS001", "size: 1", "'OBS001' has no param 'size' - it has none"),
        ("OBS", "size: 1", "'OBS' has no param 'size' - it has maximumMembers, minimumLead"),
        ("OBS004", "maximumMembers: 0", "param 'maximumMembers' of OBS004: "),
        ("OBS004", "maximumMembers: many", "param 'maximumMembers' of OBS004: "),
        ("OBS004", "maximumMembers: ", "param 'maximumMembers' of OBS004: "),
        ("OBS007", "minimumLead: 4x", "param 'minimumLead' of OBS007: "),
        ("outbound-segments", "minimumLead: 4", "param 'minimumLead' of OBS007: "),
    ],
)
def test_params_are_checked_against_the_policies(folder: Path, target: str, param: str, message: str) -> None:
    (found,) = complaints(folder, f"policies:\n  {target}:\n    params:\n      {param}\n")
    assert found.startswith("4:")
    assert message in found


def test_unknown_names_on_the_command_line_are_told_all_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        check_selectors("--ignore", ("OBS", "OBS0O4", "nope", "OBS0O4"), POLICIES)
    assert caught.value.messages == (
        "--ignore: unknown policy, pack or tag 'OBS0O4' - did you mean 'OBS004'?",
        "--ignore: unknown policy, pack or tag 'nope' - see `journeylint policies`",
    )


STRICT = Policy("STR001", "house-rule", "house", "STR", tags=("house",), presets=("strict",))
LEGACY = Policy("LEG001", "old-guideline", "house", "LEG", presets=("recommended", "strict", "legacy-outbound"))
MIXED = (POLICIES[0], LEGACY, STRICT)


def enabled_of_mixed(configured: Settings, choices: Choices | None = None, key: tuple[int, ...] = ()) -> str:
    resolved = resolve(configured, choices or Choices(), MIXED, key).policies
    return " ".join(policy for policy, one in resolved.items() if one.is_enabled)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "OBS001 LEG001"),
        ("preset: recommended", "OBS001 LEG001"),
        ("preset: strict", "OBS001 LEG001 STR001"),
        ("preset: legacy-outbound", "LEG001"),
        ("preset: all", "OBS001 LEG001 STR001"),
        ("preset: legacy-outbound\nselect: [house]", "LEG001 STR001"),
        ("select: [STR001]", "STR001"),
        ("preset: strict\nignore: [house]", "OBS001"),
        ("policies: {STR001: {enabled: true}}", "OBS001 LEG001 STR001"),
        ("preset: strict\npolicies: {STR001: {enabled: false}}", "OBS001 LEG001"),
    ],
)
def test_a_preset_chooses_the_policies_that_state_it(folder: Path, text: str, expected: str) -> None:
    assert enabled_of_mixed(read(folder, text)) == expected


def test_a_later_preset_replaces_an_earlier_one_and_the_command_lines_all(folder: Path) -> None:
    configured = read(folder, "preset: strict\noverrides: [{files: [a/], preset: legacy-outbound}]")
    assert enabled_of_mixed(configured) == "OBS001 LEG001 STR001"
    assert enabled_of_mixed(configured, key=(1,)) == "LEG001"
    assert enabled_of_mixed(configured, Choices(preset="recommended"), (1,)) == "OBS001 LEG001"
    assert enabled_of_mixed(configured, Choices(preset="recommended", select=("STR",))) == "STR001"


def test_who_chose_a_policy_is_told(folder: Path) -> None:
    origins = {
        text: {
            name: str(one.origins.enabled)
            for name, one in resolve(read(folder, text), Choices(), MIXED).policies.items()
        }
        for text in ("", "preset: legacy-outbound")
    }
    assert origins[""] == {"OBS001": "None", "LEG001": "None", "STR001": "preset: recommended"}
    assert origins["preset: legacy-outbound"] == {
        "OBS001": "journeylint.yaml:1:9",
        "LEG001": "None",
        "STR001": "journeylint.yaml:1:9",
    }
    resolution = resolve(read(folder, "preset: strict"), Choices(), MIXED)
    assert (resolution.preset, str(resolution.preset_origin)) == ("strict", "journeylint.yaml:1:9")
    chosen = resolve(read(folder, "preset: strict"), Choices(preset="all"), MIXED)
    assert (chosen.preset, chosen.preset_origin) == ("all", "--preset all")
    assert resolve(read(folder, ""), Choices(), MIXED)[3:] == ("recommended", None)


def test_a_preset_that_no_policy_states_is_a_mistake(folder: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        check_against(read(folder, "preset: stric"), MIXED)
    assert caught.value.messages == ("journeylint.yaml:1:9: unknown preset 'stric' - did you mean 'strict'?",)
    with pytest.raises(UsageError) as refused:
        check_preset("--preset", "nothing-like-it", MIXED)
    assert str(refused.value) == (
        "--preset: unknown preset 'nothing-like-it': expected all, legacy-outbound, recommended or strict"
    )
    for preset in ("all", "legacy-outbound"):
        check_preset("--preset", preset, MIXED)
