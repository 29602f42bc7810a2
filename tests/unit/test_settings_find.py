"""Which configuration file counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from journeylint.errors import ConfigurationError
from journeylint.settings import find_configuration

TABLE = "[tool.journeylint]\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Two folders side by side, each with a file."""
    for name in ("one/deep/a.yaml", "two/b.yaml"):
        write(tmp_path / name)
    return tmp_path


def write(file: Path, text: str = "") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_there_may_be_none(tree: Path) -> None:
    assert find_configuration([], working_directory=tree) is None


@pytest.mark.parametrize(
    "paths", [[], ["one"], ["one/deep/a.yaml", "two"], ["."], ["-"], ["one/*/a.yaml"], ["no/such"]]
)
def test_one_in_the_working_directory_counts(tree: Path, paths: list[str]) -> None:
    file = write(tree / "journeylint.yaml")
    assert find_configuration(paths, working_directory=tree) == file


def test_one_above_the_working_directory_counts(tree: Path) -> None:
    file = write(tree / "journeylint.yaml")
    assert find_configuration([], working_directory=tree / "one/deep") == file


def test_the_nearest_wins(tree: Path) -> None:
    write(tree / "journeylint.yaml")
    near = write(tree / "one/pyproject.toml", TABLE)
    assert find_configuration([], working_directory=tree / "one/deep") == near


@pytest.mark.parametrize("paths", [["one"], ["one/deep"], ["one/deep/a.yaml"], ["one/*.yaml"], ["one/deep", "one/x"]])
def test_it_is_looked_for_where_the_paths_are(tree: Path, paths: list[str]) -> None:
    write(tree / "journeylint.yaml")
    near = write(tree / "one/journeylint.yaml")
    assert find_configuration(paths, working_directory=tree) == near


def test_paths_that_lie_apart_are_looked_at_together(tree: Path) -> None:
    both = write(tree / "journeylint.yaml")
    write(tree / "one/journeylint.yaml")
    assert find_configuration(["one/deep", "two"], working_directory=tree) == both


def test_where_the_paths_have_none_that_of_the_working_directory_counts(tree: Path) -> None:
    here = write(tree / "one/journeylint.yaml")
    assert find_configuration(["../two/b.yaml"], working_directory=tree / "one") == here


def test_yaml_beats_toml_in_one_folder(tree: Path) -> None:
    write(tree / "pyproject.toml", TABLE)
    file = write(tree / "journeylint.yaml")
    assert find_configuration([], working_directory=tree) == file


@pytest.mark.parametrize(
    "content",
    [
        "[tool.journeylint]\n",
        "[tool.journeylint.policies.OBS]\n",
        "[tool]\njourneylint = {}\n",
        "tool.journeylint.ignore = []\n",
    ],
)
def test_a_project_file_with_our_table_counts(tree: Path, content: str) -> None:
    file = write(tree / "pyproject.toml", content)
    assert find_configuration([], working_directory=tree) == file


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[tool.other]\n",
        "[project]\ndependencies = ['journeylint']\n",
        "tool = 'journeylint'\n",
        "[broken",
        "# [tool.journeylint]\n",
    ],
)
def test_a_project_file_without_our_table_does_not_count(tree: Path, content: str) -> None:
    file = write(tree / "journeylint.yaml")
    write(tree / "one/pyproject.toml", content)
    assert find_configuration(["one"], working_directory=tree) == file


def test_a_broken_project_file_that_speaks_of_us_is_an_error(tree: Path) -> None:
    write(tree / "pyproject.toml", "[tool.journeylint]\nselect = [\n")
    with pytest.raises(ConfigurationError, match=r"pyproject\.toml:3:1: not valid TOML"):
        find_configuration([], working_directory=tree)


def test_a_folder_of_that_name_does_not_count(tree: Path) -> None:
    (tree / "one/journeylint.yaml").mkdir()
    (tree / "one/pyproject.toml").mkdir()
    file = write(tree / "journeylint.yaml")
    assert find_configuration(["one"], working_directory=tree) == file


def test_a_link_that_leads_nowhere_counts_so_that_it_is_told(tree: Path) -> None:
    (tree / "one/journeylint.yaml").symlink_to("nowhere")
    write(tree / "journeylint.yaml")
    assert find_configuration(["one"], working_directory=tree) == tree / "one/journeylint.yaml"


@pytest.mark.parametrize("path", ["\0", "", "x" * 5000, "a\0b/c", "[", "/", "~"])
def test_a_strange_path_does_no_harm(tree: Path, path: str) -> None:
    file = write(tree / "journeylint.yaml")
    assert find_configuration([path], working_directory=tree) == file
