"""Which files a command line stands for."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeylint.discover import StdinSource, discover, reads_stdin
from journeylint.errors import ConfigurationError, UsageError
from journeylint.model import SourceFile
from tests.permissions import bound_by_permissions

Find = Callable[..., list[str]]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with manifests in it."""
    for name in ("a.yaml", "b.json", "notes.md", "sub/c.yml", "sub/deep/D.YAML", "sub/deep/e.txt", ".github/f.yaml"):
        write(tmp_path / name)
    return tmp_path


def write(file: Path, text: str = "") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def paths(files: list[SourceFile]) -> list[str]:
    return [file.path for file in files]


def find(folder: Path, *asked: str, exclude: tuple[str, ...] = ()) -> list[str]:
    return paths(discover(asked, working_directory=folder, exclude=[(folder, one) for one in exclude]))


def test_a_folder_stands_for_the_manifests_below_it_sorted_by_code_point(tree: Path) -> None:
    assert find(tree, ".") == [".github/f.yaml", "a.yaml", "b.json", "sub/c.yml", "sub/deep/D.YAML"]


def test_no_paths_are_the_working_directory(tree: Path) -> None:
    assert find(tree) == find(tree, ".")


def test_files_sort_by_code_point_whatever_the_order_of_folders(tmp_path: Path) -> None:
    for name in ("b/x.yaml", "b.yaml", "B.yaml", "b-/x.yaml", "é.yaml", "z.yaml"):
        write(tmp_path / name)
    assert find(tmp_path, ".") == ["B.yaml", "b-/x.yaml", "b.yaml", "b/x.yaml", "z.yaml", "é.yaml"]


def test_a_named_file_is_looked_at_whatever_its_suffix(tree: Path) -> None:
    assert find(tree, "notes.md") == ["notes.md"]


def test_only_named_files_are_marked_as_named(tree: Path) -> None:
    files = discover(["a.yaml", "sub", "*.json"], working_directory=tree)
    assert [file.path for file in files if file.named] == ["a.yaml"]


def test_a_file_named_and_found_is_there_once_and_counts_as_named(tree: Path) -> None:
    files = discover(
        [".", "./a.yaml", "a.yaml", "sub/../a.yaml", str(tree / "a.yaml"), "*.yaml"], working_directory=tree
    )
    assert [(file.path, file.named) for file in files if "a.yaml" in file.path] == [("a.yaml", True)]


def test_files_outside_the_working_directory_have_paths_that_lead_there(tree: Path) -> None:
    assert find(tree / "sub", "..", "../a.yaml")[1] == "../a.yaml"
    assert find(tree / "sub", "../*.json", "../.github") == ["../.github/f.yaml", "../b.json"]


def test_files_inside_the_working_directory_have_short_paths_though_a_folder_above_is_walked(tree: Path) -> None:
    assert find(tree / "sub", "..") == ["../.github/f.yaml", "../a.yaml", "../b.json", "c.yml", "deep/D.YAML"]


def test_patterns_for_hidden_names_do_not_take_the_way_up_for_a_name(tree: Path) -> None:
    files = discover([".."], working_directory=tree / "sub", exclude=[(tree / "sub", ".*")])
    assert paths(files) == ["../a.yaml", "../b.json", "c.yml", "deep/D.YAML"]


def test_an_absolute_path_is_told_relative_to_the_working_directory(tree: Path) -> None:
    assert find(tree, str(tree / "sub")) == ["sub/c.yml", "sub/deep/D.YAML"]


def test_the_file_to_open_does_not_depend_on_the_current_folder(tree: Path) -> None:
    assert all(
        Path(file.file).is_absolute() and Path(file.file).exists() for file in discover([], working_directory=tree)
    )


def test_further_suffixes_can_be_asked_for(tree: Path) -> None:
    files = discover(["."], working_directory=tree, suffixes=(".TXT", ".md"))
    assert paths(files) == ["notes.md", "sub/deep/e.txt"]


@pytest.mark.parametrize("folder", [".git", ".hg", ".svn", "node_modules", ".venv", "__pycache__", ".tox"])
def test_folders_of_tools_are_not_walked(tree: Path, folder: str) -> None:
    write(tree / "sub" / folder / "x.yaml")
    assert not [path for path in find(tree, ".") if "x.yaml" in path]


def test_a_folder_of_a_tool_is_walked_where_it_is_named(tree: Path) -> None:
    write(tree / "node_modules/pack/x.yaml")
    assert find(tree, "node_modules") == ["node_modules/pack/x.yaml"]


def test_a_path_that_does_not_exist_is_an_error_that_names_it_and_the_nearest_one(tree: Path) -> None:
    with pytest.raises(UsageError) as caught:
        find(tree, "sub", "subb", "sub/c.yaml", "no/such/folder")
    assert caught.value.messages == (
        "'subb' does not exist - did you mean 'sub'?",
        "'sub/c.yaml' does not exist - did you mean 'c.yml'?",
        "'no/such/folder' does not exist",
    )


@pytest.mark.parametrize("path", ["a.yaml/", "a.yaml/x", "\0", "x\0.yaml", "", "x" * 5000, "\udcff.yaml"])
def test_a_path_that_cannot_exist_is_an_error(tree: Path, path: str) -> None:
    with pytest.raises(UsageError):
        find(tree, path)


def test_a_missing_path_of_the_configuration_is_told_at_its_place(tree: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        discover(["subb"], working_directory=tree, origins={"subb": "journeylint.yaml:1:9"})
    assert caught.value.messages == ("journeylint.yaml:1:9: 'subb' does not exist - did you mean 'sub'?",)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.yaml", ["a.yaml"]),
        ("./*.yaml", ["a.yaml"]),
        ("sub/*", ["sub/c.yml", "sub/deep/D.YAML"]),
        ("s*", ["sub/c.yml", "sub/deep/D.YAML"]),
        ("s*/", ["sub/c.yml", "sub/deep/D.YAML"]),
        ("*/*.yml", ["sub/c.yml"]),
        ("**/*.yml", ["sub/c.yml"]),
        ("**/*.y*", [".github/f.yaml", "a.yaml", "sub/c.yml"]),
        ("sub/**", ["sub/c.yml", "sub/deep/D.YAML"]),
        ("sub/**/deep/*", ["sub/deep/D.YAML"]),
        ("**/deep", ["sub/deep/D.YAML"]),
        ("[ab].*", ["a.yaml", "b.json"]),
        ("?.json", ["b.json"]),
    ],
)
def test_a_glob_stands_for_the_files_that_it_matches(tree: Path, pattern: str, expected: list[str]) -> None:
    assert find(tree, pattern) == expected


def test_a_glob_may_begin_outside_the_working_directory(tree: Path) -> None:
    assert find(tree / "sub", "../*.yaml", str(tree / "*.json")) == ["../a.yaml", "../b.json"]


@pytest.mark.parametrize("pattern", ["*.toml", "nowhere/*", "*.md", "[", "a*/b", "*/../a.yaml"])
def test_a_glob_that_matches_nothing_is_an_error(tree: Path, pattern: str) -> None:
    with pytest.raises(UsageError, match="matches no file that ends in"):
        find(tree, pattern)


def test_a_file_whose_name_looks_like_a_glob_is_that_file(tree: Path) -> None:
    write(tree / "[a].yaml")
    assert find(tree, "[a].yaml") == ["[a].yaml"]


def test_a_glob_does_not_enter_folders_that_it_cannot_match(tree: Path) -> None:
    (tree / "sub/deep").chmod(0)
    try:
        assert find(tree, "*.yaml") == ["a.yaml"]
    finally:
        (tree / "sub/deep").chmod(0o700)


@pytest.mark.parametrize(
    ("exclude", "expected"),
    [
        (("sub/",), ["a.yaml", "b.json"]),
        (("sub",), ["a.yaml", "b.json"]),
        (("deep",), ["a.yaml", "b.json", "sub/c.yml"]),
        (("/deep",), ["a.yaml", "b.json", "sub/c.yml", "sub/deep/D.YAML"]),
        (("*.json", "sub/**/*.YAML"), ["a.yaml", "sub/c.yml"]),
        (("sub/", "!sub/c.yml"), ["a.yaml", "b.json", "sub/c.yml"]),
        (("*", "!a.yaml"), ["a.yaml"]),
        ((), ["a.yaml", "b.json", "sub/c.yml", "sub/deep/D.YAML"]),
    ],
)
def test_excluded_files_are_left_out(tree: Path, exclude: tuple[str, ...], expected: list[str]) -> None:
    assert find(tree, ".", exclude=(".github", *exclude)) == expected


def test_exclude_holds_for_named_files_folders_and_globs(tree: Path) -> None:
    assert find(tree, "a.yaml", "sub", "sub/c.yml", "s*", "b.json", exclude=("sub/", "a.*")) == ["b.json"]


def test_exclude_is_relative_to_the_folder_that_it_is_written_in(tree: Path) -> None:
    files = discover(["."], working_directory=tree / "sub", exclude=[(tree, "/sub/deep"), (tree, "c.yaml")])
    assert paths(files) == ["c.yml"]
    files = discover(
        [".."], working_directory=tree / "sub", exclude=[(tree, one) for one in ("/a.yaml", "/.github", "*.yml")]
    )
    assert paths(files) == ["../b.json", "deep/D.YAML"]


def test_a_link_to_a_folder_is_not_followed_unless_it_is_named(tree: Path) -> None:
    write(tree.parent / "other/x.yaml")
    (tree / "link").symlink_to(tree.parent / "other")
    assert "link/x.yaml" not in find(tree, ".")
    assert find(tree, "link") == ["link/x.yaml"]


def test_a_link_to_a_file_that_is_there_is_left_out(tree: Path) -> None:
    (tree / "0.yaml").symlink_to("a.yaml")
    assert "0.yaml" not in find(tree, ".")
    assert find(tree, "0.yaml", "a.yaml") == find(tree, "a.yaml", "0.yaml") == ["a.yaml"]
    assert find(tree, "0.yaml") == ["0.yaml"]


def test_of_two_links_to_a_file_elsewhere_the_first_is_looked_at(
    tree: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "x.yaml"
    write(outside)
    for name in ("z.yaml", "k.yaml"):
        (tree / name).symlink_to(outside)
    assert [path for path in find(tree, ".") if path in {"k.yaml", "z.yaml"}] == ["k.yaml"]


def test_links_that_lead_nowhere_or_in_circles_are_left_out(tree: Path) -> None:
    (tree / "broken.yaml").symlink_to("nowhere.yaml")
    (tree / "circle.yaml").symlink_to("circle.yaml")
    (tree / "folder.yaml").symlink_to("sub")
    assert find(tree, ".") == [".github/f.yaml", "a.yaml", "b.json", "sub/c.yml", "sub/deep/D.YAML"]


@pytest.mark.parametrize("name", ["broken.yaml", "circle.yaml"])
def test_a_named_link_that_leads_nowhere_is_an_error(tree: Path, name: str) -> None:
    (tree / "broken.yaml").symlink_to("nowhere.yaml")
    (tree / "circle.yaml").symlink_to("circle.yaml")
    with pytest.raises(UsageError, match=name):
        find(tree, name)


def test_two_names_of_one_folder_are_one(tree: Path) -> None:
    (tree.parent / "alias").symlink_to(tree)
    assert find(tree, ".", "../alias") == find(tree, "../alias", ".") == find(tree, ".")


def test_a_step_up_from_a_linked_folder_leads_where_the_system_says(tree: Path) -> None:
    write(tree / "target/inner/x.yaml")
    write(tree / "target/y.yaml")
    (tree / "link").symlink_to("target/inner")
    assert find(tree, "link/../y.yaml") == ["target/y.yaml"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_a_pipe_is_left_out_unless_it_is_named(tree: Path) -> None:
    os.mkfifo(tree / "pipe.yaml")
    assert "pipe.yaml" not in find(tree, ".")
    assert find(tree, "pipe.yaml") == ["pipe.yaml"]


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_a_name_that_is_no_utf8_is_told_visibly(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff.yaml")).touch()
    write(tmp_path / "é.yaml")
    files = discover(["."], working_directory=tmp_path)
    assert paths(files) == ["a\\xff.yaml", "é.yaml"]
    assert all(Path(file.file).exists() for file in files)


def test_a_folder_that_cannot_be_listed_is_given_back_so_that_reading_it_fails(tree: Path) -> None:
    descriptor = os.open(tree / "sub", os.O_RDONLY)
    try:
        name = "x" * 250  # deeper than a path can say, which stops even the superuser
        for _ in range(20):
            os.mkdir(name, dir_fd=descriptor)
            inner = os.open(name, os.O_RDONLY, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        unreadable = [file for file in discover(["."], working_directory=tree) if file.named]
    finally:
        os.close(descriptor)
    assert len(unreadable) == 1
    assert unreadable[0].path.startswith("sub/xxx")
    with pytest.raises(OSError, match="too long"):
        Path(unreadable[0].file).read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="permissions are another thing there")
def test_a_folder_that_may_not_be_listed_is_given_back_too() -> None:
    with bound_by_permissions() as folder:
        (folder / "sub/deep").mkdir(parents=True)
        (folder / "sub/deep").chmod(0)
        files = discover(["."], working_directory=folder)
    assert [file.path for file in files if file.named] == ["sub/deep"]


def test_standard_input_alone_has_a_name_of_its_own(tree: Path) -> None:
    files = discover(["-"], working_directory=tree, stdin=StdinSource(b"x: 1"))
    assert files == [SourceFile("<stdin>", "-", named=True, content=b"x: 1")]


def test_standard_input_takes_the_place_of_the_file_that_it_stands_for(tree: Path) -> None:
    files = discover([".", "-"], working_directory=tree, stdin=StdinSource(b"new", "./sub/c.yml"))
    assert paths(files) == find(tree, ".")
    assert [file.content for file in files if file.content] == [b"new"]


@pytest.mark.parametrize("asked", [[], ["-"]])
def test_a_filename_for_standard_input_without_paths_is_just_that(tree: Path, asked: list[str]) -> None:
    files = discover(asked, working_directory=tree, stdin=StdinSource(b"x", "new/file.yaml"))
    assert [(file.path, file.content, file.named) for file in files] == [("new/file.yaml", b"x", True)]


def test_an_unsaved_file_is_added_to_the_folders_that_are_checked(tree: Path) -> None:
    files = discover(["sub"], working_directory=tree, stdin=StdinSource(b"x", "sub/new.yaml"))
    assert paths(files) == ["sub/c.yml", "sub/deep/D.YAML", "sub/new.yaml"]


def test_exclude_holds_for_the_filename_of_standard_input(tree: Path) -> None:
    assert discover([], working_directory=tree, exclude=[(tree, "sub/")], stdin=StdinSource(b"x", "sub/c.yml")) == []


def test_a_dash_without_standard_input_is_an_error(tree: Path) -> None:
    with pytest.raises(UsageError, match="standard input"):
        find(tree, "-")


def test_a_file_called_dash_is_named_by_a_longer_path(tree: Path) -> None:
    write(tree / "-")
    assert find(tree, "./-") == ["-"]


@pytest.mark.parametrize(
    ("asked", "filename", "expected"),
    [(["-"], None, True), ([], "a", True), (["."], "a", True), (["."], None, False), ([], None, False)],
)
def test_standard_input_is_read_only_where_it_is_asked_for(
    asked: list[str], filename: str | None, expected: bool
) -> None:
    assert reads_stdin(asked, filename) is expected


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_the_order_and_number_of_paths_do_not_matter(tree: Path, seed: int) -> None:
    asked = [".", "a.yaml", "sub", "sub/deep", "*.json", "./sub/c.yml", "**/*.yaml", str(tree)]
    chance = random.Random(seed)
    chosen = [*chance.choices(asked, k=chance.randint(0, 12)), "."]
    chance.shuffle(chosen)
    assert find(tree, *chosen) == find(tree, ".")
