"""The contract on configuration: where it is found, what it says, what wins, and what is said of mistakes in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.command_line import Outcome, check, journey, segment, write

FILES = {
    "journeys/j.yaml": journey("", "name: vip, role: exclusion", "name: gone, role: audience"),
    "segments/vip.yaml": segment("vip", "source: outbound, memberCount: 1000"),
}


def check_with(folder: Path, settings: str, *argv: str, as_of: str | None = "2025-03-01") -> Outcome:
    """Check the files of this module under *settings*."""
    write(folder, {**FILES, "journeylint.yaml": settings})
    return check(folder, *argv, as_of=as_of)


def policies(outcome: Outcome) -> list[str]:
    """The policies with findings, once each, sorted."""
    return sorted({finding["policy"] for finding in outcome.findings})


class TestKeys:
    def test_as_of(self, tmp_path: Path) -> None:
        for text in ("2025-02-01", "'2025-02-01'", "2025-02-01T00:00:00Z"):
            report = check_with(tmp_path, f"as-of: {text}\n", as_of=None).report
            assert report is not None
            assert report["asOf"] == "2025-02-01T00:00:00Z"

    def test_the_command_line_wins(self, tmp_path: Path) -> None:
        report = check_with(
            tmp_path, "as-of: 2020-01-01\nfail-on: never\nselect: [OBS001]\n", "--select", "OBS002"
        ).report
        assert report is not None

        assert report["asOf"] == "2025-03-01T00:00:00Z"
        assert [row["policy"] for row in report["policies"]] == ["OBS002"]

    @pytest.mark.parametrize(("level", "expected"), [("error", 1), ("warning", 1), ("never", 0)])
    def test_fail_on(self, tmp_path: Path, level: str, expected: int) -> None:
        assert check_with(tmp_path, f"fail-on: {level}\n").status == expected
        assert check_with(tmp_path, f"fail-on: {level}\n", "--fail-on", "error").status == 1

    def test_select_and_ignore(self, tmp_path: Path) -> None:
        assert policies(check_with(tmp_path, "select: [OBS002]\n")) == ["OBS002"]
        assert policies(check_with(tmp_path, "ignore: [outbound-segments]\n")) == ["REF001"]
        assert policies(check_with(tmp_path, "select: [references]\nignore: [REF001]\n")) == []

    def test_paths_and_exclude(self, tmp_path: Path) -> None:
        assert check_with(tmp_path, "paths: [segments]\n").summary["files"] == 1
        assert check_with(tmp_path, "exclude: ['segments/**']\n").summary["files"] == 1
        assert check_with(tmp_path, "exclude: [segments]\n").summary["files"] == 1

    def test_paths_given_replace_paths(self, tmp_path: Path) -> None:
        outcome = check_with(tmp_path, "paths: [segments]\n", "journeys")

        assert {finding["location"]["path"] for finding in outcome.findings} == {"journeys/j.yaml"}

    @pytest.mark.parametrize("word", ["OBS002", "outbound-exclusion-segment", "outbound-segments"])
    def test_policies_by_id_name_or_pack(self, tmp_path: Path, word: str) -> None:
        off = check_with(tmp_path, f"policies: {{{word}: {{enabled: false}}}}\n")
        mild = check_with(tmp_path, f"policies: {{{word}: {{severity: info}}}}\n")

        assert "OBS002" not in policies(off)
        assert [f["severity"] for f in mild.findings if f["policy"] == "OBS002"] == ["info"]

    def test_overrides_hold_for_their_files_alone(self, tmp_path: Path) -> None:
        settings = "overrides: [{files: ['journeys/old/**'], policies: {OBS002: {enabled: false}, REF001: {severity: info}}}]\n"
        write(tmp_path, {"journeys/old/k.yaml": FILES["journeys/j.yaml"].replace("spring", "old")})
        outcome = check_with(tmp_path, settings)

        assert [f["location"]["path"] for f in outcome.findings if f["policy"] == "OBS002"] == ["journeys/j.yaml"]
        assert {f["location"]["path"]: f["severity"] for f in outcome.findings if f["policy"] == "REF001"} == {
            "journeys/j.yaml": "error",
            "journeys/old/k.yaml": "info",
        }

    def test_overrides_may_change_params_and_fail_on(self, tmp_path: Path) -> None:
        strict = "overrides: [{files: ['journeys/*'], policies: {OBS004: {params: {maximumMembers: 1000}}}}]\n"

        assert "OBS004" in policies(check_with(tmp_path, strict))
        assert "OBS004" not in policies(check_with(tmp_path, strict.replace("journeys", "journey")))
        assert check_with(tmp_path, "overrides: [{files: ['journeys/*'], fail-on: never}]\n").status == 0

    def test_a_policy_that_only_two_overrides_together_switch_on_is_in_the_report(self, tmp_path: Path) -> None:
        settings = (
            "policies: {OBS002: {enabled: false}}\noverrides:\n"
            "- {files: ['journeys/*'], select: [OBS002], ignore: [exclusion]}\n"
            "- {files: ['j.yaml'], select: [outbound-segments]}\n"
        )
        report = check_with(tmp_path, settings).report
        assert report is not None

        assert {"policy": "OBS002", "matched": 1, "passed": 0, "failed": 1, "notApplicable": 1} in report["policies"]


class TestPlaces:
    def test_the_nearest_parent_wins(self, tmp_path: Path) -> None:
        write(
            tmp_path,
            {**FILES, "journeylint.yaml": "select: [OBS002]\n", "journeys/journeylint.yaml": "select: [REF001]\n"},
        )

        assert policies(check(tmp_path / "journeys")) == ["REF001"]
        assert policies(check(tmp_path)) == ["OBS002"]

    def test_a_parents_settings_are_found_and_its_globs_start_there(self, tmp_path: Path) -> None:
        write(tmp_path, {**FILES, "journeylint.yaml": "overrides: [{files: ['journeys/*'], ignore: [REF001]}]\n"})

        assert policies(check(tmp_path / "journeys", ".", "../segments")) == policies(check(tmp_path))
        assert "REF001" not in policies(check(tmp_path))

    def test_pyproject_is_read(self, tmp_path: Path) -> None:
        write(tmp_path, {**FILES, "pyproject.toml": "[tool.journeylint]\nselect = ['REF001']\nas-of = 2025-02-01\n"})
        outcome = check(tmp_path, as_of=None)
        assert outcome.report is not None

        assert policies(outcome) == ["REF001"]
        assert outcome.report["asOf"] == "2025-02-01T00:00:00Z"

    def test_journeylint_yaml_wins_over_pyproject(self, tmp_path: Path) -> None:
        write(tmp_path, {"pyproject.toml": "[tool.journeylint]\nselect = ['REF001']\n"})

        assert policies(check_with(tmp_path, "select: [OBS002]\n")) == ["OBS002"]

    def test_a_pyproject_without_our_table_does_not_hide_a_parents_file(self, tmp_path: Path) -> None:
        write(
            tmp_path,
            {**FILES, "journeylint.yaml": "select: [REF001]\n", "journeys/pyproject.toml": "[project]\nname = 'x'\n"},
        )

        assert policies(check(tmp_path / "journeys", ".", "../segments")) == ["REF001"]

    def test_a_config_option_replaces_the_nearest(self, tmp_path: Path) -> None:
        write(tmp_path, {"other.yaml": "select: [REF001]\n"})

        assert policies(check_with(tmp_path, "select: [OBS002]\n", "--config", "other.yaml")) == ["REF001"]

    def test_the_settings_file_is_no_manifest(self, tmp_path: Path) -> None:
        outcome = check_with(tmp_path, "select: [REF001] # journeylint/\n")

        assert outcome.failures == []
        assert outcome.summary["manifests"] == 2


class TestMistakes:
    @pytest.mark.parametrize(
        ("settings", "place", "words"),
        [
            ("fail_on: error\n", "1:10", ["fail_on", "fail-on"]),
            ("fail-on: errors\n", "1:10", ["errors", "'error'"]),
            ("select: [OBS0002]\n", "1:10", ["OBS0002", "OBS002"]),
            ("policies:\n  OBS0004: {enabled: false}\n", "2:3", ["OBS0004", "OBS004"]),
            ("policies:\n  OBS004: {enable: false}\n", "2:20", ["enable", "enabled"]),
            ("policies:\n  OBS004: {params: {maximumMember: 1}}\n", "2:21", ["maximumMember", "maximumMembers"]),
            ("policies:\n  OBS004: {params: {maximumMembers: many}}\n", "2:37", ["many"]),
            ("policies:\n  OBS007: {params: {minimumLead: 4 hours}}\n", "2:34", ["4 hours", "4h"]),
            ("policies:\n  OBS007: {severity: fatal}\n", "2:22", ["fatal", "error"]),
            ("as-of: yesterday\n", "1:8", ["yesterday"]),
            ("overrides: [{file: ['a']}]\n", "1:20", ["file", "files"]),
            ("fail-on: error\nfail-on: info\n", "2:1", ["fail-on"]),
            ("select: OBS002: x\n", "1:15", []),
        ],
    )
    def test_are_exit_2_with_place_and_nearest_name(
        self, tmp_path: Path, settings: str, place: str, words: list[str]
    ) -> None:
        outcome = check_with(tmp_path, settings)

        assert outcome.status == 2
        assert outcome.out == ""
        assert f"journeylint.yaml:{place}:" in outcome.err
        assert [word for word in words if word not in outcome.err] == []
        assert "Traceback" not in outcome.err

    def test_all_are_told_at_once(self, tmp_path: Path) -> None:
        outcome = check_with(tmp_path, "fail_on: error\nas-of: never\npolicies: {OBS04: {enabled: 7}}\n")

        assert outcome.status == 2
        assert all(f"journeylint.yaml:{line}:" in outcome.err for line in (1, 2, 3))

    def test_in_pyproject_are_told_with_their_place(self, tmp_path: Path) -> None:
        write(tmp_path, {**FILES, "pyproject.toml": "[tool.journeylint]\nfail-on = 'errors'\n"})

        outcome = check(tmp_path)

        assert outcome.status == 2
        assert "pyproject.toml:2:" in outcome.err

    def test_exit_2_wins_over_failures(self, tmp_path: Path) -> None:
        write(tmp_path, {"bad.yaml": "kind: Journey\n"})

        assert check_with(tmp_path, "fail_on: error\n", "--exit-zero").status == 2

    @pytest.mark.parametrize("settings", ["", "# nothing\n", "{}\n"])
    def test_an_empty_file_is_none(self, tmp_path: Path, settings: str) -> None:
        assert check_with(tmp_path, settings).status == 1

    @pytest.mark.parametrize(
        "settings", [b"\xff\xfe", b"- a\n", b"text\n", b"{", b"a: *b\n", b"x: !!python/name:os.system\n", b"\x00"]
    )
    def test_hostile_files_are_exit_2(self, tmp_path: Path, settings: bytes) -> None:
        write(tmp_path, {**FILES, "journeylint.yaml": settings})

        outcome = check(tmp_path)

        assert outcome.status == 2
        assert outcome.err.startswith("error: ")
