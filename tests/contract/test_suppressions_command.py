"""`journeylint suppressions`: what is listed, in which state, in every format, with which exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.contract.command_line import AS_OF, journey, run_in, segment, write
from tests.kinds import read_schema
from tests.unit.test_suppression_calendar import parse

MARK = "journeylint: ignore"
CONFIGURED = """
suppressions:
- {policy: OBS012, files: a.yaml, reason: known, owner: crm, until: 2025-06-01}
- {policy: OBS003, files: nowhere/, reason: known}
"""


def project(folder: Path) -> Path:
    """One suppression for each state, and one that is soon over."""
    uses = (
        f"name: vip, role: exclusion}} # {MARK}[OBS002] until 2025-03-05 by crm-team -- CRM-1: mended in March",
        f"name: vip, role: branch}} # {MARK}[OBS003] until 2025-02-28 -- CRM-2",
        f"name: vip, role: content}} # {MARK}[OBS003]",
        f"name: vip, role: audience, justification: needed}} # {MARK}[OBS004] -- CRM-3",
    )
    text = journey("", "name: vip, role: audience", name="a")
    last = "\n".join(f"  - {{{use}" for use in uses)
    return write(
        folder,
        {
            "journeylint.yaml": CONFIGURED,
            "a.yaml": f"{text}{last}\n",
            "segments.yaml": segment("vip", "source: outbound, memberCount: 5"),
        },
    )


def listed(folder: Path, *argv: str, status: int = 0) -> dict[str, Any]:
    found, out, err = run_in(folder, ("suppressions", "--as-of", AS_OF, "--format", "json", *argv))
    assert found == status, err
    report: dict[str, Any] = json.loads(out)
    jsonschema.validate(report, read_schema("suppressions"), format_checker=jsonschema.FormatChecker())
    return report


def states(report: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one["policy"], one["form"], one["state"]) for one in report["suppressions"]]


ALL = [
    ("OBS002", "comment", "used"),
    ("OBS003", "comment", "expired"),
    ("OBS003", "comment", "invalid"),
    ("OBS004", "comment", "unused"),
    ("OBS012", "configuration", "used"),
    ("OBS003", "configuration", "unused"),
]


def test_all_are_listed_by_place_with_their_states(tmp_path: Path) -> None:
    report = listed(project(tmp_path))
    assert states(report) == ALL
    assert report["summary"] == {
        "used": 2,
        "unused": 2,
        "expired": 1,
        "invalid": 1,
        "unchecked": 0,
        "findings": 2,
        "failures": 0,
    }


def test_who_why_and_until_when_is_told(tmp_path: Path) -> None:
    first = listed(project(tmp_path))["suppressions"][0]
    location = first.pop("location")
    assert first == {
        "policy": "OBS002",
        "state": "used",
        "isEnding": True,
        "daysLeft": 4,
        "findings": 1,
        "problems": [],
        "manifest": {"kind": "Journey", "name": "a", "environment": "default"},
        "form": "comment",
        "reason": "CRM-1: mended in March",
        "owner": "crm-team",
        "until": "2025-03-05",
        "scope": None,
    }
    assert (location["path"], location["line"], location["column"]) == ("a.yaml", 8, 34)


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (("--state", "used"), [ALL[0], ALL[4]]),
        (("--state", "expired,invalid"), [ALL[1], ALL[2]]),
        (("--state", "expired", "--state", "invalid"), [ALL[1], ALL[2]]),
        (("--until", "2025-03-04"), [ALL[1]]),
        (("--until", "2025-03-05"), [ALL[0], ALL[1]]),
        (("--until", "4d"), [ALL[0], ALL[1]]),
        (("--until", "3d"), [ALL[1]]),
        (("--until", "4d", "--state", "used"), [ALL[0]]),
        (("--state", "unchecked"), []),
    ],
)
def test_filters_choose(tmp_path: Path, argv: tuple[str, ...], expected: list[tuple[str, str, str]]) -> None:
    report = listed(project(tmp_path), *argv)
    assert states(report) == expected
    assert sum(report["summary"][state] for state in ("used", "unused", "expired", "invalid")) == len(expected)


def test_paths_choose_what_is_checked(tmp_path: Path) -> None:
    write(project(tmp_path), {"other/b.yaml": journey("", "name: vip, role: audience", name="b")})
    assert {one["form"] for one in listed(tmp_path, "other")["suppressions"]} == {"configuration"}
    # What stands in files that were not looked at cannot be missed.
    assert {one["state"] for one in listed(tmp_path, "other")["suppressions"]} == {"unchecked"}


def test_the_list_for_people_names_each_place(tmp_path: Path) -> None:
    status, out, err = run_in(project(tmp_path), ("suppressions", "--as-of", AS_OF))
    assert (status, err) == (0, "")
    places = [line.split(": ")[0].strip() for line in out.splitlines() if line.startswith("  ") and ".yaml:" in line]
    assert places == [
        "a.yaml:10:32",  # invalid
        "a.yaml:9:31",  # expired
        "a.yaml:8:34",  # soon over
        "a.yaml:11:56",  # unused
        "journeylint.yaml:4:3",
        "journeylint.yaml:3:3",  # in force
    ]
    assert out.splitlines()[-2] == (
        "6 suppressions: 1 invalid, 1 expired, 1 soon over, 2 unused, 1 in force; 2 findings suppressed."
    )


def test_colours_come_where_they_are_asked_for(tmp_path: Path) -> None:
    project(tmp_path)
    assert "\x1b[" in run_in(tmp_path, ("suppressions", "--as-of", AS_OF, "--color", "always"))[1]
    assert "\x1b[" not in run_in(tmp_path, ("suppressions", "--as-of", AS_OF))[1]


def test_the_calendar_has_the_ends(tmp_path: Path) -> None:
    status, out, err = run_in(project(tmp_path), ("suppressions", "--as-of", AS_OF, "--format", "ics"))
    assert (status, err) == (0, "")
    assert [event.properties["DTSTART"] for event in parse(out).all("VEVENT")] == ["20250305", "20250228", "20250601"]


@pytest.mark.parametrize("form", ["text", "json", "ics"])
def test_the_same_run_gives_the_same_bytes(tmp_path: Path, form: str) -> None:
    argv = ("suppressions", "--as-of", AS_OF, "--format", form)
    first = run_in(project(tmp_path), (*argv, "--jobs", "1"))
    assert first == run_in(tmp_path, (*argv, "--jobs", "2", "--no-cache"))


def test_a_project_that_suppresses_nothing_is_no_mistake(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": segment()})
    assert listed(tmp_path)["suppressions"] == []
    assert run_in(tmp_path, ("suppressions",))[1].startswith("Nothing is suppressed.\n")
    parse(run_in(tmp_path, ("suppressions", "--format", "ics"))[1])


def test_what_could_not_be_judged_is_told_and_leaves_the_list_incomplete(tmp_path: Path) -> None:
    write(project(tmp_path), {"worse.yaml": f"kind: Journey # {MARK}[OBS002] -- why\n: ["})
    report = listed(tmp_path, status=3)
    assert report["summary"]["failures"] == 1
    assert ("OBS002", "comment", "unchecked") in states(report)
    status, _, err = run_in(tmp_path, ("suppressions",))
    assert status == 3
    assert err == (
        "warning: 1 failure: suppressions of what could not be judged are not checked - see `journeylint check`\n"
    )


def test_no_manifest_is_not_nothing_suppressed(tmp_path: Path) -> None:
    status, _, err = run_in(tmp_path, ("suppressions",))
    assert status == 3
    assert err.startswith("warning: no manifest was found")


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (("nowhere",), "nowhere"),
        (("--state", "usde"), "--state usde: there is no such state - did you mean 'used'?"),
        (("--state", "used,,"), "--state 'used,,': expected states, separated by commas"),
        (("--until", "soon"), "--until 'soon': expected a day such as 2027-01-31"),
        (("--format", "yaml"), "'yaml' is not one of"),
        (("--as-of", "soon"), "--as-of"),
        (("--config", "nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_a_mistake_is_told_and_nothing_listed(tmp_path: Path, argv: tuple[str, ...], told: str) -> None:
    status, out, err = run_in(project(tmp_path), ("suppressions", *argv))
    assert (status, out) == (2, "")
    assert err.startswith("error: ")
    assert told in err


def test_check_can_be_asked_to_heed_none(tmp_path: Path) -> None:
    project(tmp_path)
    with_all, without = (
        json.loads(run_in(tmp_path, ("check", "-o", "json", "--as-of", AS_OF, *argv))[1])
        for argv in ((), ("--no-suppressions",))
    )
    assert with_all["summary"]["suppressed"] == len(with_all["suppressed"]) == 2
    assert without["summary"]["suppressed"] == 0
    assert "suppressed" not in without
    assert not any(finding["policy"].startswith("SUP") for finding in without["findings"])
    both = [one for one in with_all["findings"] if not one["policy"].startswith("SUP")]
    both += [{key: value for key, value in one.items() if key != "suppression"} for one in with_all["suppressed"]]
    assert sorted(both, key=json.dumps) == sorted(without["findings"], key=json.dumps)
