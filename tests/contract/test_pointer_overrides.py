"""Overrides for parts of manifests: what a JSON pointer behind a pattern means, and what is said of a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.command_line import Outcome, check, journey, run_in, segment, write

USE = "name: vip, role: exclusion"
FILES = {
    "journeys/a.yaml": journey("", USE, USE, name="a") + "---\n" + journey("", USE, name="b"),
    "journeys/c.yaml": journey("", USE, name="c"),
    "segments/vip.yaml": segment("vip", "source: outbound, memberCount: 1000"),
}


def check_with(folder: Path, files: str, then: str = "policies: {OBS002: {severity: info}}", *argv: str) -> Outcome:
    """Check the files of this module with an override for *files* that says *then*."""
    write(folder, {**FILES, "journeylint.yaml": f"select: [OBS002]\noverrides: [{{files: [{files}], {then}}}]\n"})
    return check(folder, *argv)


def eased(outcome: Outcome) -> list[str]:
    """The places whose findings are infos, as `name/index`."""
    return [
        f"{one['manifest']['name']}{one['location']['pointer'].removeprefix('/spec/segments')}"
        for one in outcome.findings
        if one["severity"] == "info"
    ]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ("journeys/a.yaml#/spec/segments/0", ["a/0", "b/0"]),
        ("journeys/a.yaml#/spec/segments/1", ["a/1"]),
        ("journeys/*.yaml#/spec/segments/0", ["a/0", "b/0", "c/0"]),
        ("'*#/spec/segments/*'", ["a/0", "a/1", "b/0", "c/0"]),
        ("'*#/*/segments/1'", ["a/1"]),
        ("'*#/spec'", ["a/0", "a/1", "b/0", "c/0"]),
        ("'*#'", ["a/0", "a/1", "b/0", "c/0"]),
        ("'*#/spec/segments/01'", []),
        ("'*#/spec/segments/2'", []),
        ("'*#/spec/segment'", []),
        ("'*#/spec/segments/0/role'", []),
        ("'*#/spec/segments/*/*'", []),
        ("segments/*.yaml#/spec", []),
        ("journeys/c.yaml, journeys/a.yaml#/spec/segments/1", ["a/1", "c/0"]),
        ("'*#/spec/segments/0', '!c.yaml'", ["a/0", "b/0"]),
        ("'!c.yaml', '*#/spec/segments/0'", ["a/0", "b/0", "c/0"]),
        ("'*', '!a.yaml', a.yaml#/spec/segments/1", ["a/1", "c/0"]),
    ],
)
def test_it_holds_at_and_below_its_pointer_in_every_document(tmp_path: Path, files: str, expected: list[str]) -> None:
    outcome = check_with(tmp_path, files)
    assert eased(outcome) == expected
    assert outcome.tally("OBS002") == (0, 4, 0)


def test_what_counts_is_the_place_that_a_report_shows(tmp_path: Path) -> None:
    """OBS007 judges a journey and points at its `startTime`."""
    late = journey("startTime: 2025-03-02T09:00\npublishTime: 2025-03-02T08:00", "name: vip, role: audience")
    write(tmp_path, {"a.yaml": late, "v.yaml": FILES["segments/vip.yaml"]})

    def severity(pointer: str) -> str:
        text = f"overrides: [{{files: ['a.yaml#{pointer}'], policies: {{OBS007: {{severity: info}}}}}}]\n"
        write(tmp_path, {"journeylint.yaml": text})
        (one,) = [one for one in check(tmp_path).findings if one["policy"] == "OBS007"]
        assert one["location"]["pointer"] == "/spec/startTime"
        return str(one["severity"])

    assert severity("/spec/startTime") == "info"
    assert severity("/spec") == "info"
    assert severity("/spec/endTime") == "warning"


def test_a_policy_may_be_on_for_a_part_only(tmp_path: Path) -> None:
    off = check_with(tmp_path, "a.yaml#/spec/segments/0", "ignore: [OBS002]")
    assert (off.tally("OBS002"), off.pointers("OBS002")) == ((0, 2, 0), ["/spec/segments/1", "/spec/segments/0"])

    on = check_with(tmp_path, "a.yaml#/spec/segments/0", "policies: {OBS010: {enabled: true}}")
    assert on.tally("OBS010") == (0, 0, 2)
    assert on.tally("OBS002") == (0, 4, 0)


def test_a_policy_that_only_two_overrides_of_a_part_together_switch_on_is_in_the_report(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            **FILES,
            "journeylint.yaml": "policies: {OBS002: {enabled: false}}\noverrides:\n"
            "- {files: ['a.yaml#/spec/segments/0'], select: [OBS002], ignore: [exclusion]}\n"
            "- {files: ['a.yaml#/spec/segments'], select: [outbound-segments]}\n",
        },
    )
    outcome = check(tmp_path)
    assert outcome.pointers("OBS002") == ["/spec/segments/0", "/spec/segments/0"]
    assert outcome.tally("OBS002") == (0, 2, 0)


def test_params_and_fail_on_may_differ(tmp_path: Path) -> None:
    strict = "select: [OBS004], policies: {OBS004: {params: {maximumMembers: 1000}}}"
    assert check_with(tmp_path, "a.yaml#/spec/segments/1", strict).pointers("OBS004") == ["/spec/segments/1"]
    assert check_with(tmp_path, "'*#/spec/segments'", "fail-on: never").status == 0
    assert check_with(tmp_path, "'*#/spec/segments/0'", "fail-on: never").status == 1


def test_later_overrides_win_whether_they_have_a_pointer_or_not(tmp_path: Path) -> None:
    one, other = (
        f"- {{files: [{files}], policies: {{OBS002: {{severity: {severity}}}}}}}\n"
        for files, severity in (("a.yaml#/spec/segments/0", "info"), ("a.yaml", "warning"))
    )
    severities = []
    for overrides in (one + other, other + one):
        write(tmp_path, {**FILES, "journeylint.yaml": f"select: [OBS002]\noverrides:\n{overrides}"})
        severities.append([finding["severity"] for finding in check(tmp_path, "journeys/a.yaml", "segments").findings])
    assert severities == [["warning", "warning", "warning"], ["info", "warning", "info"]]


def test_more_nodes_than_one_gate_takes_are_judged_likewise(tmp_path: Path) -> None:
    write(tmp_path, {"journeys/many.yaml": journey("", *[USE] * 300, name="many")})
    outcome = check_with(tmp_path, "many.yaml#/spec/segments/299")
    assert eased(outcome) == ["many/299"]
    assert outcome.tally("OBS002") == (0, 304, 0)


def test_manifests_that_could_not_be_judged_are_told_once(tmp_path: Path) -> None:
    write(tmp_path, {"journeys/d.yaml": journey("", USE, "name: broken, role: exclusion", name="d")})
    write(tmp_path, {"broken.yaml": segment("broken", "source: nowhere")})
    plain, parted = check_with(tmp_path, "nothing.yaml"), check_with(tmp_path, "d.yaml#/spec/segments/1")
    assert parted.failures == plain.failures
    assert parted.findings == plain.findings
    assert parted.tally("OBS002") == plain.tally("OBS002") == (0, 5, 1)


@pytest.mark.parametrize("jobs", ["2", "3"])
def test_the_number_of_processes_changes_nothing(tmp_path: Path, jobs: str) -> None:
    alone = check_with(tmp_path, "'*#/spec/segments/0'")
    assert eased(alone) == ["a/0", "b/0", "c/0"]
    assert check(tmp_path, "--jobs", jobs).out == alone.out


def test_focus_reports_what_it_would_without(tmp_path: Path) -> None:
    outcome = check_with(tmp_path, "'*#/spec/segments/0'", "ignore: [OBS002]", "--focus", "journeys/a.yaml")
    assert outcome.pointers("OBS002") == ["/spec/segments/1"]
    assert outcome.tally("OBS002") == (0, 1, 0)


def test_config_show_lists_them_by_pointer(tmp_path: Path) -> None:
    check_with(tmp_path, "'*#/spec/segments/0', a.yaml#/spec/segments/*")
    out = run_in(tmp_path, ("config", "show", "journeys"))[1]
    first, second = out.split("\njourneys/c.yaml\n")
    assert "  at /spec/segments/0 and below\n" in first
    assert "  at /spec/segments/* and below\n" in first
    assert "severity  info  journeylint.yaml:2:" in first
    assert "at /spec/segments/*" not in second
    assert "at /spec/segments/0 and below\n" in second


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        (
            "!a.yaml#/spec",
            "'!a.yaml#/spec' takes files out, which it cannot do for a part of them - leave out '#/spec'",
        ),
        ("!a.yaml#", "takes files out"),
        ("a.yaml#spec", "a JSON pointer begins with '/' - write 'a.yaml#/spec'"),
        ("#/spec", "has no pattern of files before the '#' - write '*#/spec' for all files"),
        ("a.yaml#/spec/~2", "a '~' in a JSON pointer is written '~0'"),
        ("a.yaml#/spec/a~", "a '~' in a JSON pointer is written '~0'"),
    ],
)
def test_a_wrong_one_is_told_with_its_place(tmp_path: Path, pattern: str, told: str) -> None:
    outcome = check_with(tmp_path, f"a.yaml, '{pattern}'")
    assert outcome.status == 2
    assert outcome.err.startswith("error: journeylint.yaml:2:30: ")
    assert told in outcome.err


def test_a_hash_in_the_name_of_a_file_is_written_with_a_backslash(tmp_path: Path) -> None:
    write(tmp_path, {"journeys/x#y.yaml": journey("", USE, name="x")})
    assert eased(check_with(tmp_path, r"'x\#y.yaml'")) == ["x/0"]
    assert eased(check_with(tmp_path, r"'x\#y.yaml#/spec/segments/0'")) == ["x/0"]
