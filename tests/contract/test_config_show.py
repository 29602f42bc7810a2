"""`journeylint config show`: every value that holds, and where it was set."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from journeylint.terminal import cells_of
from tests.contract.command_line import check, journey, run_in, segment, write

FILES = {
    "base.yaml": "fail-on: warning\nexclude: [drafts/]\npolicies: {OBS: {severity: warning}}\n",
    "journeylint.yaml": """\
extends: base.yaml
paths: [journeys, segments]
as-of: 2025-03-01
select: [OBS, REF001]
ignore: [OBS012]
policies:
  OBS004: {params: {maximumMembers: 1000}}
  OBS010: {enabled: false}
overrides:
  - files: [journeys/old-*.yaml]
    fail-on: never
    policies: {OBS002: {severity: info}}
""",
    "journeys/new.yaml": journey("", "name: vip, role: exclusion", name="new"),
    "journeys/old-one.yaml": journey("", "name: vip, role: exclusion", name="old"),
    "segments/vip.yaml": segment("vip", "source: outbound, memberCount: 1000"),
}


def show(folder: Path, *argv: str) -> str:
    status, out, err = run_in(folder, ("config", "show", *argv))
    assert (status, err) == (0, "")
    return out


def data(folder: Path, *argv: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(show(folder, "--format", "json", *argv))
    return found


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return write(tmp_path, FILES)


def test_a_run_without_configuration_has_defaults_only(tmp_path: Path) -> None:
    out = show(tmp_path)
    assert "There is no configuration: every setting is the default.\n" in out
    assert "  fail-on        error                  default\n" in out
    assert "Policies: as they are by default\n" in out


def test_every_value_of_a_run_has_the_place_where_it_was_set(work: Path) -> None:
    assert show(work).splitlines()[:4] == [
        "Configuration, a later file wins over an earlier one",
        "  base.yaml         extended at journeylint.yaml:1:10",
        "  journeylint.yaml",
        "",
    ]
    found = data(work)
    assert found["configuration"] == [
        {"path": "base.yaml", "extendedAt": "journeylint.yaml:1:10"},
        {"path": "journeylint.yaml", "extendedAt": None},
    ]
    assert [word["origin"] for word in found["paths"]] == ["journeylint.yaml:2:9", "journeylint.yaml:2:19"]
    assert found["exclude"] == [{"value": "drafts/", "origin": "base.yaml:2:11"}]
    assert found["as-of"] == {"value": "2025-03-01T00:00:00Z", "origin": "journeylint.yaml:3:8"}
    assert found["fail-on"] == {"value": "warning", "origin": "base.yaml:1:10"}
    assert found["plugins"] == {"allow": None, "block": [], "paths": []}
    policies = {policy["id"]: policy for policy in found["policies"]}
    assert policies["OBS004"]["severity"] == {"value": "warning", "origin": "base.yaml:3:28"}
    assert policies["OBS004"]["params"]["maximumMembers"] == {"value": 1000, "origin": "journeylint.yaml:7:37"}
    assert policies["OBS007"]["params"]["minimumLead"] == {"value": "4h", "origin": "default"}
    assert policies["OBS004"]["enabled"] == {"value": True, "origin": "journeylint.yaml:4:10"}
    assert policies["OBS010"]["enabled"] == {"value": False, "origin": "journeylint.yaml:8:21"}
    assert policies["OBS012"]["enabled"] == {"value": False, "origin": "journeylint.yaml:5:10"}
    assert policies["REF001"]["enabled"] == {"value": True, "origin": "journeylint.yaml:4:15"}
    assert policies["REF002"]["enabled"]["value"] is False


def test_for_a_file_it_tells_the_overrides_and_what_they_come_to(work: Path) -> None:
    out = show(work, "journeys/old-one.yaml")
    assert out.startswith("journeys/old-one.yaml\n  override  journeys/old-*.yaml  journeylint.yaml:10:13\n")
    assert "  fail-on   never                journeylint.yaml:11:14\n" in out
    assert "    OBS002 outbound-exclusion-segment\n" in out
    assert re.search(r"      severity  info +journeylint\.yaml:12:35\n", out)
    assert "override" not in show(work, "journeys/new.yaml")
    (old, new) = data(work, "journeys")["files"][::-1]
    assert (old["path"], new["path"]) == ("journeys/old-one.yaml", "journeys/new.yaml")
    assert (old["overrides"], new["overrides"]) == ([2], [])


def test_it_shows_what_a_check_does(work: Path) -> None:
    shown = {
        (file["path"], policy["id"]): policy["severity"]["value"]
        for file in data(work, "journeys")["files"]
        for policy in file["policies"]
        if policy["enabled"]["value"]
    }
    found = {(one["location"]["path"], one["policy"]): one["severity"] for one in check(work).findings}
    assert found
    assert all(shown[key] == severity for key, severity in found.items())


def test_a_table_of_pyproject_is_told_by_lines(tmp_path: Path) -> None:
    text = "[tool.journeylint]\nfail-on = 'info'\n[tool.journeylint.policies.OBS004]\nseverity = 'info'\n"
    found = data(write(tmp_path, {"pyproject.toml": text}))
    assert found["fail-on"]["origin"] == "pyproject.toml:2:1"
    (policy,) = [policy for policy in found["policies"] if policy["id"] == "OBS004"]
    assert policy["severity"] == {"value": "info", "origin": "pyproject.toml:4:1"}


def test_all_lists_the_policies_for_which_nothing_is_set_too(tmp_path: Path) -> None:
    assert "OBS001" not in show(tmp_path)
    assert "  OBS001 outbound-module-removed\n    enabled             true " in show(tmp_path, "--all")


def test_the_config_option_takes_another_file(work: Path) -> None:
    assert data(work, "--config", "base.yaml")["configuration"] == [{"path": "base.yaml", "extendedAt": None}]


def test_mistakes_are_exit_2(work: Path) -> None:
    write(work, {"journeylint.yaml": "select: [OBS0O2]\n"})
    for argv in ((), ("journeys",)):
        status, out, err = run_in(work, ("config", "show", *argv))
        assert (status, out) == (2, "")
        assert err.startswith("error: journeylint.yaml:1:10: unknown policy")
    assert run_in(work, ("config", "show", "missing"))[0] == 2
    status, out, err = run_in(work, ("config",))
    assert (status, out) == (2, "")
    assert "show" in err


def test_hostile_names_are_made_visible(tmp_path: Path) -> None:
    write(tmp_path, {"journeylint.yaml": 'exclude: ["\\e[31mred"]\noverrides: [{files: ["\\e[32m"]}]\n'})
    out = show(tmp_path)
    assert "\x1b" not in out
    assert json.loads(show(tmp_path, "--format", "json"))["exclude"][0]["value"] == "\x1b[31mred"


def test_lines_fit_a_terminal_and_colours_are_left_out_unless_asked_for(work: Path) -> None:
    assert max(map(cells_of, show(work, "--all").split("\n"))) <= 100
    assert "\x1b[" in show(work, "--color", "always")
    assert "\x1b[" not in show(work)


def test_suppressions_and_their_rules_are_told_with_their_places(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "base.yaml": "suppression-rules: {reason-length: 5, longest-term: 90d}\n",
            "journeylint.yaml": "extends: base.yaml\nsuppression-rules: {reason-length: 9}\n"
            "suppressions:\n  - {policy: [REF001, REF002], files: old/, pointer: /spec, reason: why}\n  - {policy: OBS002}\n",
        },
    )
    _, out, _ = run_in(tmp_path, ["config", "show"])
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert lines[lines.index("suppressions REF001 REF002 old/ /spec journeylint.yaml:4:5") :][:4] == [
        "suppressions REF001 REF002 old/ /spec journeylint.yaml:4:5",
        "OBS002 journeylint.yaml:5:5",
        "suppression-rules.reason-length 9 journeylint.yaml:2:36",
        "suppression-rules.longest-term 90d base.yaml:1:53",
    ]
    _, out, _ = run_in(tmp_path, ["config", "show", "--format", "json"])
    data = json.loads(out)
    assert [one["origin"] for one in data["suppressions"]] == ["journeylint.yaml:4:5", "journeylint.yaml:5:5"]
    assert data["suppressions"][1]["value"] == {"policy": "OBS002"}
    assert data["suppression-rules"] == {
        "reason-length": {"value": 9, "origin": "journeylint.yaml:2:36"},
        "longest-term": {"value": "90d", "origin": "base.yaml:1:53"},
    }
