"""The contract on commands, options, exit codes, and on runs that give the same bytes whatever happens around them."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import pytest

from journeylint import __version__
from tests.contract.command_line import AS_OF, AUDIENCE, check, journey, run_in, segment, write

CLEAN = {"vip.yaml": segment("vip", "source: data"), "j.yaml": journey("", AUDIENCE)}
FINDING = {"j.yaml": journey("", "name: gone, role: audience")}
WARNING = {"s.yaml": segment("copy", "source: data, copyOf: gone")}
INFO = {
    "vip.yaml": segment("vip", "source: outbound, memberCount: 1"),
    "j.yaml": journey("startTime: 2025-04-01", AUDIENCE),
}
FAILURE = {"bad.yaml": "kind: Journey\n"}
EMPTY = {"x.txt": ""}


class TestExitCodes:
    @pytest.mark.parametrize(
        ("files", "argv", "expected"),
        [
            (CLEAN, (), 0),
            (INFO, (), 0),
            (WARNING, (), 0),
            (FINDING, (), 1),
            (FAILURE, (), 3),
            (EMPTY, (), 3),
            (FINDING | FAILURE, (), 3),
            (INFO, ("--fail-on", "warning"), 0),
            (INFO, ("--fail-on", "info"), 1),
            (WARNING, ("--fail-on", "warning"), 1),
            (WARNING, ("--fail-on", "info"), 1),
            (FINDING, ("--fail-on", "warning"), 1),
            (FINDING, ("--fail-on", "never"), 0),
            (FINDING, ("--exit-zero",), 0),
            (FAILURE, ("--exit-zero",), 3),
            (FINDING | FAILURE, ("--exit-zero",), 3),
            (FINDING | FAILURE, ("--fail-on", "never"), 3),
            (EMPTY, ("--exit-zero",), 3),
            (EMPTY, ("--allow-empty",), 0),
            (FAILURE, ("--allow-empty",), 3),
            (FINDING, ("--allow-empty",), 1),
            (CLEAN, ("--fail-on", "fatal"), 2),
            (CLEAN, ("nowhere",), 2),
            (CLEAN, ("nowhere", "--exit-zero"), 2),
            (CLEAN, ("j.yaml", "nowhere.yaml"), 2),
            (FAILURE, ("bad.yaml", "nowhere.yaml"), 2),
            (CLEAN, ("--select", "OBS999"), 2),
            (CLEAN, ("--as-of", "yesterday"), 2),
            (CLEAN, ("--jobs", "0"), 2),
            (CLEAN, ("--jobs", "x"), 2),
            (CLEAN, ("-o", "xml"), 2),
            (CLEAN, ("--config", "none.yaml"), 2),
            (CLEAN, ("--no-such-option",), 2),
        ],
    )
    def test_are_those_of_the_table(
        self, tmp_path: Path, files: dict[str, str], argv: tuple[str, ...], expected: int
    ) -> None:
        outcome = check(write(tmp_path, files), *argv)

        assert outcome.status == expected
        assert "Traceback" not in outcome.err
        if expected == 2:
            assert outcome.out == ""
            assert outcome.err.startswith("error: ")

    def test_skipped_documents_alone_are_no_manifest(self, tmp_path: Path) -> None:
        write(tmp_path, {"x.yaml": "kind: Pod\n"})

        assert check(tmp_path, "x.yaml").status == 3
        assert check(tmp_path, "x.yaml", "--allow-empty").status == 0

    def test_a_path_that_does_not_exist_is_told_with_the_nearest_name_or_as_it_is(self, tmp_path: Path) -> None:
        assert "nowhere.yaml" in check(tmp_path, "nowhere.yaml").err

    def test_the_process_exits_with_the_code(self, tmp_path: Path) -> None:
        write(tmp_path, FINDING | FAILURE)
        command = [sys.executable, "-m", "journeylint", "check", "--as-of", AS_OF]

        got = [
            subprocess.run([*command, *names], cwd=tmp_path, capture_output=True, check=False)
            for names in ([], ["j.yaml"])
        ]

        assert [process.returncode for process in got] == [3, 1]
        assert [process.stderr for process in got] == [b"", b""]

    def test_version_is_told(self, tmp_path: Path) -> None:
        assert run_in(tmp_path, ["--version"])[:2] == (0, f"journeylint {__version__}\n")

    @pytest.mark.parametrize(
        "argv", [["--help"], ["check", "--help"], ["policies", "--help"], ["explain", "--help"], ["-h"]]
    )
    def test_help_fits_a_terminal(self, tmp_path: Path, argv: list[str]) -> None:
        status, out, _ = run_in(tmp_path, argv)

        assert status == 0
        assert max(map(len, out.splitlines())) <= 80


class TestAsOf:
    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ("2025-03-01", "2025-03-01T00:00:00Z"),
            ("2025-03-01T09:00:00Z", "2025-03-01T09:00:00Z"),
            ("2025-03-01T09:00:00+01:00", "2025-03-01T08:00:00Z"),
            ("2025-03-01t09:00:00z", "2025-03-01T09:00:00Z"),
            ("2025-03-01T09:00:00-00:00", "2025-03-01T09:00:00Z"),
        ],
    )
    def test_takes_rfc_3339_or_a_date(self, tmp_path: Path, given: str, told: str) -> None:
        report = check(write(tmp_path, CLEAN), as_of=given).report
        assert report is not None

        assert report["asOf"] == told

    @pytest.mark.parametrize(
        "given", ["2025-02-30", "2025-03-01T09:00:00", "2025-03", "today", "", "20250301", "2025-03-01T25:00:00Z"]
    )
    def test_refuses_the_rest(self, tmp_path: Path, given: str) -> None:
        outcome = check(write(tmp_path, CLEAN), as_of=given)

        assert outcome.status == 2
        assert "such as 2025-" in outcome.err

    def test_of_the_clock_is_an_instant_in_utc(self, tmp_path: Path) -> None:
        report = check(write(tmp_path, CLEAN), as_of=None).report
        assert report is not None

        assert report["asOf"].endswith("Z")


class TestSelection:
    FILES: ClassVar = {
        "vip.yaml": segment("vip", "source: outbound"),
        "j.yaml": journey("", "name: vip, role: exclusion", "name: gone, role: audience"),
    }

    def policies(self, folder: Path, *argv: str) -> set[str]:
        outcome = check(write(folder, self.FILES), *argv)
        return {finding["policy"] for finding in outcome.findings}

    @pytest.mark.parametrize(
        ("argv", "expected"),
        [
            (("--select", "OBS002"), {"OBS002"}),
            (("--select", "outbound-exclusion-segment"), {"OBS002"}),
            (("--select", "references"), {"REF001"}),
            (("--select", "OBS002", "--select", "REF001"), {"OBS002", "REF001"}),
            (("--select", "OBS002,REF001"), {"OBS002", "REF001"}),
            (("--select", "outbound-segments", "--ignore", "OBS012,OBS009,OBS005"), {"OBS002"}),
            (("--ignore", "outbound-segments"), {"REF001"}),
            (("--ignore", "outbound"), {"REF001"}),
            (("--select", "REF001", "--ignore", "REF001"), set()),
        ],
    )
    def test_by_id_name_pack_and_tag(self, tmp_path: Path, argv: tuple[str, ...], expected: set[str]) -> None:
        assert self.policies(tmp_path, *argv) == expected

    def test_only_selected_policies_are_in_the_report(self, tmp_path: Path) -> None:
        report = check(write(tmp_path, self.FILES), "--select", "OBS002").report
        assert report is not None

        assert [row["policy"] for row in report["policies"]] == ["OBS002"]

    @pytest.mark.parametrize("option", ["--select", "--ignore"])
    def test_an_unknown_word_gets_the_nearest_one(self, tmp_path: Path, option: str) -> None:
        outcome = check(write(tmp_path, self.FILES), option, "oversized-outbound-segmnt")

        assert outcome.status == 2
        assert "'oversized-outbound-segment'" in outcome.err

    def test_a_reference_to_a_segment_that_ignored_policies_would_need_is_no_failure(self, tmp_path: Path) -> None:
        assert check(write(tmp_path, FINDING), "--ignore", "REF001").status == 0


class TestOutputs:
    def test_several_go_where_they_are_told(self, tmp_path: Path) -> None:
        write(tmp_path, FINDING)

        status, out, err = run_in(
            tmp_path, ["check", "--as-of", AS_OF, "-o", "text", "-o", "json=r.json", "-o", "text=r.txt"]
        )

        assert (status, err) == (1, "")
        assert "REF001" in out
        assert json.loads((tmp_path / "r.json").read_text())["summary"]["errors"] == 1
        assert "REF001" in (tmp_path / "r.txt").read_text()

    def test_text_is_the_default(self, tmp_path: Path) -> None:
        write(tmp_path, FINDING)

        default = run_in(tmp_path, ["check", "--as-of", AS_OF])

        assert default == run_in(tmp_path, ["check", "--as-of", AS_OF, "-o", "text=-"])
        assert default[1].startswith("j.yaml:7:5: error REF001 unknown-segment")

    def test_files_hold_the_same_as_standard_output(self, tmp_path: Path) -> None:
        write(tmp_path, FINDING)

        outcome = check(tmp_path)
        run_in(tmp_path, ["check", "--as-of", AS_OF, "-o", "json=r.json"])

        assert (tmp_path / "r.json").read_text(encoding="utf-8") == outcome.out

    def test_a_report_is_not_read_as_a_manifest_the_next_time(self, tmp_path: Path) -> None:
        write(tmp_path, FINDING | FAILURE)

        first, second = (
            run_in(tmp_path, ["check", "--as-of", AS_OF, "-o", "json=r.json", "-o", "json"])[1] for _ in range(2)
        )

        assert first == second

    def test_a_place_that_cannot_be_written_is_exit_2(self, tmp_path: Path) -> None:
        write(tmp_path, FINDING)

        status, _, err = run_in(tmp_path, ["check", "-o", "json=j.yaml/r.json"])

        assert status == 2
        assert "j.yaml/r.json" in err

    def test_a_report_does_not_overwrite_a_manifest(self, tmp_path: Path) -> None:
        text = journey("", "name: s, role: audience") + "\n---\n" + segment("s", "source: realtime")
        write(tmp_path, {"a/j.yaml": text, "b/j.yaml": "kind: Journey\n"})

        for paths in (["."], ["a"], ["a/j.yaml"], ["a/../a/*.yaml"]):
            outcome = check(tmp_path, *paths, "-o", "json=a/j.yaml")
            assert outcome.status == 2
            assert "'a/j.yaml', which holds a manifest" in outcome.err
        assert check(tmp_path, "-o", "json=b/j.yaml").status == 2
        assert (tmp_path / "a/j.yaml").read_text() == text

    def test_two_reports_on_standard_output_are_refused(self, tmp_path: Path) -> None:
        write(tmp_path, FINDING)

        assert run_in(tmp_path, ["check", "-o", "json", "-o", "text"])[:2] == (2, "")


class TestStandardInput:
    def test_is_judged_under_the_name_given(self, tmp_path: Path) -> None:
        outcome = check(tmp_path, "-", "--stdin-filename", "j/spring.yaml", stdin=FINDING["j.yaml"].encode())

        assert [f["location"]["path"] for f in outcome.findings] == ["j/spring.yaml"]
        assert outcome.status == 1

    def test_is_read_as_json_if_the_name_says_so(self, tmp_path: Path) -> None:
        yaml = FINDING["j.yaml"].encode()

        assert check(tmp_path, "-", "--stdin-filename", "spring.json", stdin=yaml).codes == ["JL001"]

    def test_replaces_the_file_of_that_name(self, tmp_path: Path) -> None:
        write(tmp_path, CLEAN)

        outcome = check(tmp_path, ".", "-", "--stdin-filename", "j.yaml", stdin=FINDING["j.yaml"].encode())

        assert outcome.failures == []
        assert outcome.pointers("REF001") == ["/spec/segments/0"]


class TestSameBytes:
    """The same inputs give the same report, whatever the order of files, the jobs, the locale and the hash seed."""

    def many(self, folder: Path) -> list[str]:
        names = [f"{kind}{number}.yaml" for kind in ("s", "j") for number in range(8)]
        for number in range(8):
            size = number * 200_000
            uses = [f"name: seg{number ^ bit}, role: {role}" for bit in (0, 1, 9) for role in ("audience", "branch")]
            write(
                folder,
                {
                    f"s{number}.yaml": segment(
                        f"seg{number}", f"source: outbound, memberCount: {size}, copyOf: seg{number - 1}"
                    ),
                    f"j{number}.yaml": journey(
                        f"startTime: 2025-03-0{number + 1}\ntitle: é" if number == 3 else "",
                        *uses,
                        name=f"j{number % 7}",
                    ),
                },
            )
        return names

    def test_whatever_the_order_of_the_paths(self, tmp_path: Path) -> None:
        names = self.many(tmp_path)
        expected = check(tmp_path).out

        for seed in range(3):
            random.Random(seed).shuffle(names)
            assert check(tmp_path, *names).out == expected

    @pytest.mark.parametrize("jobs", ["1", "2", "7"])
    def test_whatever_the_jobs(self, tmp_path: Path, jobs: str) -> None:
        self.many(tmp_path)

        assert check(tmp_path, "--jobs", jobs).out == check(tmp_path).out
        assert check(tmp_path, "--jobs", jobs, "--no-cache").out == check(tmp_path).out

    def test_whatever_the_environment(self, tmp_path: Path) -> None:
        self.many(tmp_path)
        command = [sys.executable, "-m", "journeylint", "check", "--as-of", AS_OF, "-o", "json", "-o", "text=r.txt"]
        seen = set()
        for extra in (
            {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Asia/Tokyo"},
            {"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "TZ": "UTC", "COLUMNS": "200"},
            {"PYTHONHASHSEED": "3", "LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
        ):
            done = subprocess.run(command, cwd=tmp_path, env={**os.environ, **extra}, capture_output=True, check=False)
            assert done.stderr == b""
            seen.add((done.returncode, done.stdout, (tmp_path / "r.txt").read_bytes()))

        assert len(seen) == 1
        assert next(iter(seen))[1].decode() == check(tmp_path).out

    @pytest.mark.parametrize("cache", ["/dev/null", "WORKSPACE/j0.yaml/x", "WORKSPACE/cache"])
    def test_wherever_the_cache_is_or_cannot_be(
        self, tmp_path: Path, cache: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.many(tmp_path)
        expected = check(tmp_path, "--no-cache")
        monkeypatch.setenv("XDG_CACHE_HOME", cache.replace("WORKSPACE", str(tmp_path)))

        assert [check(tmp_path), check(tmp_path)] == [expected, expected]

    def test_whatever_stands_in_the_cache(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.many(tmp_path / "work")
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        expected = check(tmp_path / "work")
        for content in (b"", b"{", b"[]", b"\xff", b'{"key": 1, "parsed": {}}'):
            for file in (tmp_path / "cache").rglob("*.cache"):
                file.write_bytes(content)
            assert check(tmp_path / "work") == expected
