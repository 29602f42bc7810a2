"""Files of a commit written into a folder, by git itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from journeylint.errors import UsageError
from journeylint.git_tree import find_commit, find_root, write_files
from tests.plain_git import commit_all, git, use_plain_git


@pytest.fixture(autouse=True)
def plain_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_plain_git(tmp_path, monkeypatch)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    (root / "policies" / "päck").mkdir(parents=True)
    git(root, "init", "--quiet", "--initial-branch", "main")
    (root / "policies" / "päck" / "pack.yaml").write_text("old\n")
    (root / "journeylint.yaml").write_bytes(b"a\r\nb")
    (root / "empty.yaml").write_bytes(b"")
    (root / "picture.png").write_bytes(b"\0" * 10)
    commit_all(root, "first")
    (root / "policies" / "päck" / "pack.yaml").write_text("new\n")
    commit_all(root, "second")
    return root


def written(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_wanted_files_of_a_commit_are_written_as_they_were(repository: Path, tmp_path: Path) -> None:
    write_files(
        repository, find_commit(repository, "HEAD~1"), tmp_path / "out", wanted=lambda path: path.endswith(".yaml")
    )

    assert written(tmp_path / "out") == {
        "policies/päck/pack.yaml": b"old\n",
        "journeylint.yaml": b"a\r\nb",
        "empty.yaml": b"",
    }


def test_nothing_is_written_where_nothing_is_wanted(repository: Path, tmp_path: Path) -> None:
    write_files(repository, find_commit(repository, "main"), tmp_path / "out", wanted=lambda _: False)

    assert not (tmp_path / "out").exists()


def test_the_working_tree_and_the_index_stay_as_they_are(repository: Path, tmp_path: Path) -> None:
    (repository / "journeylint.yaml").write_text("not committed")
    write_files(repository, find_commit(repository, "HEAD"), tmp_path / "out", wanted=lambda _: True)

    assert (repository / "journeylint.yaml").read_text() == "not committed"
    assert (tmp_path / "out" / "journeylint.yaml").read_bytes() == b"a\r\nb"


def test_the_root_is_found_from_below(repository: Path) -> None:
    assert find_root(repository / "policies") == repository.resolve()


def test_links_are_written_unless_they_lead_out(repository: Path, tmp_path: Path) -> None:
    (repository / "policies" / "inside.yaml").symlink_to("../journeylint.yaml")
    (repository / "policies" / "outside.yaml").symlink_to("../../secret.yaml")
    (repository / "absolute.yaml").symlink_to("/etc/hostname")
    commit_all(repository, "links")

    write_files(repository, find_commit(repository, "HEAD"), tmp_path / "out", wanted=lambda _: True)

    assert (tmp_path / "out" / "policies" / "inside.yaml").read_bytes() == b"a\r\nb"
    assert not (tmp_path / "out" / "policies" / "outside.yaml").is_symlink()
    assert not (tmp_path / "out" / "absolute.yaml").is_symlink()


@pytest.mark.parametrize("revision", ["nowhere", "--help", "HEAD~9", "", "HEAD:journeylint.yaml"])
def test_a_revision_that_is_no_commit_is_a_mistake_of_the_user(repository: Path, revision: str) -> None:
    with pytest.raises(UsageError, match="there is no such commit"):
        find_commit(repository, revision)


def test_a_folder_outside_of_git_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--base: git says: .*not a git repository"):
        find_root(tmp_path)


def test_a_machine_without_git_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="--base needs git, and it cannot be run"):
        find_root(tmp_path)
