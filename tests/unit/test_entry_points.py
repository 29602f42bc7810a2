"""Plugins are found in the folders of installed distributions, and work from there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from journeylint.entry_points import EntryPoint, find_entry_points
from tests.kinds import make_journey

PLUGINS = Path(__file__).parents[1] / "data/plugins"


def write_distribution(folder: Path, stem: str, text: str) -> None:
    (folder / stem).mkdir(parents=True)
    (folder / stem / "entry_points.txt").write_text(text, encoding="utf-8")


def test_only_our_group_is_read() -> None:
    assert find_entry_points([str(PLUGINS)]) == [EntryPoint("waves", "acme_waves.plugin", "acme-waves", "2.1")]


def test_a_plugin_is_named_with_its_distribution_and_version() -> None:
    assert find_entry_points([str(PLUGINS)])[0].title == "waves (acme-waves 2.1)"


def test_of_a_distribution_that_is_there_twice_the_first_on_the_path_counts(tmp_path: Path) -> None:
    write_distribution(tmp_path / "one", "d-1.dist-info", "[journeylint]\na = m.one\n")
    write_distribution(tmp_path / "two", "d-2.dist-info", "[journeylint]\na = m.two\n")
    folders = [str(tmp_path / "one"), str(tmp_path / "two")]
    assert [entry.target for entry in find_entry_points(folders)] == ["m.one"]
    assert [entry.target for entry in find_entry_points(folders[::-1])] == ["m.two"]


def test_entry_points_are_sorted_by_name(tmp_path: Path) -> None:
    write_distribution(tmp_path, "a-1.dist-info", "[journeylint]\nz = m\nb = m\n")
    write_distribution(tmp_path, "b-1.egg-info", "[journeylint]\nc = m\n")
    assert [(entry.name, entry.distribution) for entry in find_entry_points([str(tmp_path)])] == [
        ("b", "a"),
        ("c", "b"),
        ("z", "a"),
    ]


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("[journeylint]\r\na=m:x.y\r\n", ["m:x.y"]),
        ("[journeylint]\n a = m \n", ["m"]),
        ("[journeylint]\n; a = m\n# b = m\n\n", []),
        ("[journeylint]\na\n", []),
        ("[journeylint.more]\na = m\n", []),
        ("[other]\na = m\n[journeylint]\nb = n [x,y]\n[third]\nc = o\n", ["n"]),
        ("[journeylint]\nä = m\n", ["m"]),
        ("", []),
    ],
)
def test_entry_points_are_read_as_their_format_says(tmp_path: Path, text: str, targets: list[str]) -> None:
    write_distribution(tmp_path, "a-1.dist-info", text)
    assert [entry.target for entry in find_entry_points([str(tmp_path)])] == targets


def test_folders_that_are_not_there_or_no_folders_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "file.zip").write_text("")
    (tmp_path / "x-1.dist-info").mkdir()
    assert find_entry_points([str(tmp_path / "nowhere"), str(tmp_path / "file.zip"), str(tmp_path)]) == []


def run(folder: Path, plugins: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(plugins), "XDG_CACHE_HOME": str(folder / "cache")}
    command = [sys.executable, "-m", "journeylint", *argv]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def waves(tmp_path: Path) -> Path:
    """A folder with waves of two journeys, of which one is there."""
    folder = tmp_path / "work"
    folder.mkdir()
    wave = {"apiVersion": "journeylint/v1", "kind": "Wave"}
    lines = [
        {**wave, "metadata": {"name": "quiet"}, "spec": {"journeys": ["a"]}},
        {**wave, "metadata": {"name": "loud"}, "spec": {"journeys": ["a", "b"], "loud": True}},
    ]
    (folder / "all.wave").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (folder / "a.json").write_text(json.dumps(make_journey({"name": "a"})))
    return folder


@pytest.mark.parametrize("option", [(), ("--no-cache",)])
def test_a_plugin_works_from_its_distribution_alone(waves: Path, option: tuple[str, ...]) -> None:
    for _ in range(2):  # the second run finds what the first one remembered
        done = run(waves, PLUGINS, "check", "-o", "count", "--as-of", "2025-03-01", *option)
        assert done.stdout.splitlines() == [
            "ACME001 all.wave:1 QUIET starts a, which is draft.",
            "ACME001 all.wave:2 LOUD starts a, which is draft.",
            "ACME001 all.wave:2 LOUD starts b, which is not there.",
            "3 findings, 0 failures",
        ]
        assert (done.returncode, done.stderr) == (1, "")


def test_a_manifest_of_a_plugins_kind_that_breaks_its_schema_is_a_failure(waves: Path) -> None:
    text = (waves / "all.wave").read_text().replace('"loud": true', '"lout": true')
    (waves / "all.wave").write_text(text)
    done = run(waves, PLUGINS, "check", "--as-of", "2025-03-01")
    assert done.returncode == 3
    assert "did you mean 'loud'?" in done.stdout


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise RuntimeError('not today')", "broken (broken 1) cannot be imported: RuntimeError: not today"),
        ("import nothing_at_all", "broken (broken 1) cannot be imported: ModuleNotFoundError"),
        ("def (", "broken (broken 1) cannot be imported: SyntaxError"),
        (
            "from journeylint import hookimpl\n@hookimpl\ndef journeylint_kinds(): return None",
            "broken (broken 1): journeylint_kinds returned None, not a list of Kind",
        ),
        (
            "from journeylint import hookimpl\n@hookimpl\ndef journeylint_kind(): return ()",
            "did you mean 'journeylint_kinds'?",
        ),
    ],
)
def test_a_plugin_that_cannot_be_used_ends_the_run_with_its_name_and_no_traceback(
    tmp_path: Path, code: str, said: str
) -> None:
    write_distribution(tmp_path, "broken-1.dist-info", "[journeylint]\nbroken = broken_plugin\n")
    (tmp_path / "broken_plugin.py").write_text(code)
    done = run(tmp_path, tmp_path, "check", "--as-of", "2025-03-01")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
