"""`.gitignore`, held against git itself where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeylint.discover import discover
from journeylint.path_patterns import PathPatterns, read_patterns

if TYPE_CHECKING:
    import random

NEEDS_GIT = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
PIECES = [
    *("a", "b", "ab", "*", "?", "a*", "*b", "a*b*", "\\a", "\\", " ", "-", "é", "#", "!"),
    *("[ab]", "[!a]", "[a-b]", "[]a]", "[^b-a]", "[[:alpha:]]", "[b", "[a-]", "[b-a]"),
]
NAMES = ["a", "b", "ab", "ba", "aab", "-", "]", "abab", "c", "!a", "[b", "a ", "#"]


def write(file: Path, text: str = "") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def find(folder: Path, *asked: str) -> list[str]:
    return [file.path for file in discover(asked, working_directory=folder)]


def leaves_out(patterns: PathPatterns, path: str) -> bool:
    """Whether a walk that asks *patterns* for every folder and file leaves out *path*."""
    names = path.split("/")
    for depth, name in enumerate(names):
        folder = "".join(f"{above}/" for above in names[:depth])
        decision = patterns.decision(folder, name if depth == len(names) - 1 else name + "/")
        if decision and depth < len(names) - 1:
            return True
    return bool(decision)


def test_what_git_ignores_is_left_out_without_a_repository(tmp_path: Path) -> None:
    write(tmp_path / ".gitignore", "build/\n*.tmp.yaml\n")
    for name in ("a.yaml", "a.tmp.yaml", "build/b.yaml", "sub/build/c.yaml", "sub/d.yaml"):
        write(tmp_path / name)
    assert find(tmp_path, ".") == ["a.yaml", "sub/d.yaml"]


def test_a_named_file_is_looked_at_though_git_ignores_it(tmp_path: Path) -> None:
    write(tmp_path / ".gitignore", "*.yaml\n")
    write(tmp_path / "a.yaml")
    assert find(tmp_path, "a.yaml") == ["a.yaml"]
    assert find(tmp_path, ".") == []


def test_a_named_folder_is_walked_though_git_ignores_it(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path / ".gitignore", "build/\n*.tmp.yaml\n")
    for name in ("build/a.yaml", "build/a.tmp.yaml"):
        write(tmp_path / name)
    assert find(tmp_path, "build") == ["build/a.yaml"]


def test_a_nested_file_beats_one_above_it(tmp_path: Path) -> None:
    write(tmp_path / ".gitignore", "*.yaml\n")
    write(tmp_path / "sub/.gitignore", "!keep.yaml\n/only-here.yml\n")
    for name in ("a.yaml", "sub/keep.yaml", "sub/b.yaml", "sub/only-here.yml", "sub/deep/only-here.yml"):
        write(tmp_path / name)
    assert find(tmp_path, ".") == ["sub/deep/only-here.yml", "sub/keep.yaml"]


def test_files_above_count_up_to_the_root_of_the_repository(tmp_path: Path) -> None:
    write(tmp_path / ".gitignore", "a.yaml\n")
    write(tmp_path / "repository/.gitignore", "/sub/b.yaml\n")
    (tmp_path / "repository/.git").mkdir()
    for name in ("a.yaml", "b.yaml"):
        write(tmp_path / "repository/sub/deeper" / name)
        write(tmp_path / "repository/sub" / name)
    assert find(tmp_path / "repository/sub", ".") == ["a.yaml", "deeper/a.yaml", "deeper/b.yaml"]


def test_without_a_repository_files_above_do_not_count(tmp_path: Path) -> None:
    write(tmp_path / ".gitignore", "*\n")
    write(tmp_path / "sub/a.yaml")
    assert find(tmp_path / "sub", ".") == ["a.yaml"]


def test_the_exclude_file_of_a_repository_counts_last(tmp_path: Path) -> None:
    write(tmp_path / ".git/info/exclude", "*.yaml\n")
    write(tmp_path / ".gitignore", "!b.yaml\n")
    for name in ("sub/a.yaml", "sub/b.yaml"):
        write(tmp_path / name)
    assert find(tmp_path, "sub") == ["sub/b.yaml"]


def test_a_linked_work_tree_uses_the_exclude_file_of_its_repository(tmp_path: Path) -> None:
    write(tmp_path / "main/.git/info/exclude", "a.yaml\n")
    write(tmp_path / "main/.git/worktrees/tree/commondir", "../..\n")
    write(tmp_path / "tree/.git", f"gitdir: {tmp_path}/main/.git/worktrees/tree\n")
    for name in ("a.yaml", "b.yaml"):
        write(tmp_path / "tree" / name)
    assert find(tmp_path / "tree", ".") == ["b.yaml"]


@pytest.mark.parametrize("content", ["", "nonsense", "gitdir: /nowhere\n", "gitdir: \0\n", "gitdir:\n"])
def test_a_strange_git_file_does_no_harm(tmp_path: Path, content: str) -> None:
    write(tmp_path / ".git", content)
    write(tmp_path / "a.yaml")
    assert find(tmp_path, ".") == ["a.yaml"]


def test_a_gitignore_that_is_no_file_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").mkdir()
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/.gitignore").symlink_to(tmp_path / "rules")
    write(tmp_path / "rules", "*.yaml")
    write(tmp_path / "sub/a.yaml")
    assert find(tmp_path, ".") == ["sub/a.yaml"]


def test_a_gitignore_may_have_a_mark_windows_line_ends_and_odd_bytes(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_bytes(b"\xef\xbb\xbfa.yaml\r\n\xff\xfe\r\nb.yaml\r\n")
    for name in ("a.yaml", "b.yaml", "c.yaml"):
        write(tmp_path / name)
    assert find(tmp_path, ".") == ["c.yaml"]


@pytest.mark.parametrize(
    ("lines", "path", "expected"),
    [
        (["kept/**", "!kept/this/", "!kept/this/**"], "kept/this/a.yaml", False),
        (["kept/**", "!kept/this/", "!kept/this/**"], "kept/other/a.yaml", True),
        (["/*", "!/in/"], "in/a.yaml", False),
        (["build/", "!build/a.yaml"], "build/a.yaml", True),
        (["a/**/b"], "a/b", True),
        (["a/**/b"], "a/x/y/b", True),
        (["a/**/b"], "ab", False),
        (["**/b"], "b", True),
        (["a/*"], "a/b/c", True),
        (["a/*"], "a", False),
        (["a/"], "a", False),
        (["a b  "], "a b", True),
        (["a\\ "], "a ", True),
        (["\\#a"], "#a", True),
        (["#a"], "#a", False),
        (["\\!a"], "!a", True),
        (["[[:digit:]x]"], "7", True),
        (["[!/]"], "a", True),
        (["a[!b]c"], "a/c", False),
        (["*"], "a\nb", True),
    ],
)
def test_a_pattern_means_what_it_means_to_git(lines: list[str], path: str, expected: bool) -> None:
    assert leaves_out(read_patterns(lines), path) is expected


@pytest.mark.parametrize("line", ["*a" * 40 + "b", "**/a/" * 40 + "b", "[" * 3000, "?*" * 60 + "x", "a/**/" * 40 + "b"])
def test_no_pattern_takes_long(line: str) -> None:
    patterns = read_patterns([line, f"x{line}"])
    assert not leaves_out(patterns, "a" * 250)
    assert not patterns.covers("a/" * 500 + "a")


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.text(alphabet="ab*?[]!/\\-^: #é\n", max_size=12), max_size=5), st.text(alphabet="ab/é\n", min_size=1)
)
def test_any_text_is_a_pattern_or_left_out(lines: list[str], path: str) -> None:
    patterns = read_patterns(lines)
    leaves_out(patterns, path)
    patterns.covers(path)


@NEEDS_GIT
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False))
def test_patterns_leave_out_what_git_ignores(tmp_path: Path, chance: random.Random) -> None:
    lines = [make_pattern(chance) for _ in range(chance.randint(1, 5))]
    asked = sorted({"/".join(chance.choices(NAMES, k=chance.randint(1, 5))) for _ in range(60)})
    patterns = read_patterns(lines)
    assert {path for path in asked if leaves_out(patterns, path)} == ask_git(tmp_path, lines, asked)


def make_pattern(chance: random.Random) -> str:
    segments = [
        "**"
        if chance.random() < 0.15
        else "".join(chance.choices(PIECES, k=chance.choice([1, 1, 1, 2, 3]))).replace("**", "*")
        for _ in range(chance.choice([1, 1, 2, 2, 3, 4]))
    ]
    return chance.choice(["", "", "!"]) + chance.choice(["", "/"]) + "/".join(segments) + chance.choice(["", "/"])


def ask_git(folder: Path, lines: list[str], asked: list[str]) -> set[str]:
    if not (folder / ".git").exists():
        subprocess.run(["git", "init", "-q", str(folder)], check=True)
    (folder / ".gitignore").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="")
    answer = subprocess.run(
        ["git", "-C", str(folder), "check-ignore", "--no-index", "--stdin", "-z"],
        input="".join(f"{path}\0" for path in asked).encode(),
        env={**os.environ, "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"},
        capture_output=True,
        check=False,
    )
    return set(answer.stdout.decode().split("\0")) - {""}
