"""`journeylint policies` and `journeylint explain` over the packs that ship."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from journeylint.cli import main
from journeylint.terminal import cells_of


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    status = main(argv)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def listed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    packs: list[dict[str, Any]] = json.loads(run(capsys, "policies", "--format", "json")[1])["packs"]
    return packs


def test_the_packs_are_listed_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    packs = {pack["name"]: pack for pack in listed(capsys)}
    assert packs["outbound-segments"]["prefix"] == "OBS"
    by_id = {policy["id"]: policy for policy in packs["outbound-segments"]["policies"]}
    assert by_id["OBS004"]["name"] == "oversized-outbound-segment"
    assert by_id["OBS004"]["severity"] == "error"
    assert by_id["OBS004"]["title"]
    assert by_id["OBS004"]["tags"]
    assert [policy["id"] for policy in packs["references"]["policies"]][:2] == ["REF001", "REF002"]


def test_policies_are_listed_in_the_order_of_their_ids(capsys: pytest.CaptureFixture[str]) -> None:
    for pack in listed(capsys):
        numbers = [int(policy["id"].removeprefix(pack["prefix"])) for policy in pack["policies"]]
        assert numbers == sorted(numbers)


def test_the_list_for_people_has_every_policy_and_fits_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    policies = [policy for pack in listed(capsys) for policy in pack["policies"]]
    status, out, err = run(capsys, "policies")
    assert (status, err) == (0, "")
    for policy in policies:
        assert re.search(rf"^  {policy['id']}  {policy['severity']} +{policy['name']}$", out, re.MULTILINE)
    assert f"\n{len(policies)} policies in " in out
    assert max(map(cells_of, out.split("\n"))) <= 80


def test_every_policy_has_a_page_that_fits_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    for pack in listed(capsys):
        for policy in pack["policies"]:
            status, out, err = run(capsys, "explain", policy["id"])
            assert (status, err) == (0, "")
            assert out.startswith(f"{policy['id']} {policy['name']} ({policy['severity']})\n")
            for heading in ("Why", "What to do", "Predicate"):
                assert f"\n\n{heading}\n  " in out
            assert all(cells_of(line) <= 80 or " " not in line.strip() for line in out.split("\n")), policy["id"]


def test_a_page_shows_the_params_with_their_defaults(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\n  maximumMembers (integer, default 750000)\n    " in run(capsys, "explain", "OBS004")[1]


def test_a_page_shows_how_to_change_the_policy(capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, "explain", "OBS004")[1]
    assert "\n  policies:\n    OBS004:\n      severity: warning" in out
    assert "\n      params: {maximumMembers: 750000}\n" in out


@pytest.mark.parametrize("word", ["OBS004", "obs004", "oversized-outbound-segment", "Oversized-Outbound-Segment"])
def test_a_policy_is_found_by_id_or_name_in_any_letter_case(capsys: pytest.CaptureFixture[str], word: str) -> None:
    assert run(capsys, "explain", word)[1].startswith("OBS004 ")


@pytest.mark.parametrize(
    ("word", "nearest"), [("OBS0004", "OBS004"), ("oversized-outbound", "oversized-outbound-segment"), ("zzz", None)]
)
def test_an_unknown_policy_is_told_with_the_nearest(
    capsys: pytest.CaptureFixture[str], word: str, nearest: str | None
) -> None:
    status, out, err = run(capsys, "explain", word)
    hint = f" - did you mean {nearest!r}?" if nearest else ""
    assert (status, out) == (2, "")
    assert err == f"error: there is no policy {word!r}{hint}\n  'journeylint policies' lists all there are\n"


def test_colors_are_left_out_unless_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (("policies",), ("explain", "OBS004")):
        assert "\x1b[" in run(capsys, *command, "--color", "always")[1]
        assert "\x1b[" not in run(capsys, *command, "--color", "never")[1]


def test_a_preset_lists_the_policies_that_are_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    def list_ids(*options: str) -> set[str]:
        packs = json.loads(run(capsys, "policies", "--format", "json", *options)[1])["packs"]
        assert all(pack["policies"] for pack in packs)
        return {policy["id"] for pack in packs for policy in pack["policies"]}

    every, legacy = list_ids(), list_ids("--preset", "legacy-outbound")
    assert legacy < every == list_ids("--preset", "all")
    assert {name for name in every if name.startswith("OBS")} - legacy == {"OBS001", "OBS014", "OBS015"}
    assert {"REF001", "REF002", "SUP001", "IMP001"} <= legacy
    assert not {name for name in legacy if name.startswith(("FLW", "RTL", "RTB", "RTD", "CMP", "PKG"))}
    assert list_ids("--preset", "recommended") <= list_ids("--preset", "strict")


def test_a_preset_that_there_is_none_of_is_named_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "policies", "--preset", "recomended")
    assert (status, out) == (2, "")
    assert err == "error: --preset: unknown preset 'recomended' - did you mean 'recommended'?\n"
