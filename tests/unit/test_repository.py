"""Where in git a run takes place, asked of repositories made for the test; and the web addresses of remotes."""

from __future__ import annotations

from pathlib import Path

import pytest

from journeylint.model import Repository
from journeylint.repository import find_repository, web_address
from tests.plain_git import git, use_plain_git

REMOTE = "git@example.com:contoso/journeys.git"
ADDRESS = "https://example.com/contoso/journeys"


@pytest.fixture(autouse=True)
def plain_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_plain_git(tmp_path, monkeypatch)


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A repository without a commit or remote, on branch `main`."""
    folder = tmp_path / "project"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "main")
    return folder


@pytest.fixture
def project(empty: Path) -> Path:
    """A repository with one commit and a remote, on branch `main`."""
    git(empty, "commit", "--quiet", "--allow-empty", "--message", "First")
    git(empty, "remote", "add", "origin", REMOTE)
    return empty


def test_a_repository_is_told_with_its_remote_commit_and_branch(project: Path) -> None:
    revision = git(project, "rev-parse", "HEAD")
    assert len(revision) == 40
    assert find_repository(project) == Repository("", ADDRESS, revision, "main")


def test_a_folder_inside_is_told_with_the_way_to_it(project: Path) -> None:
    inside = project / "crm" / "spring sale"
    inside.mkdir(parents=True)
    assert find_repository(inside) == Repository("crm/spring sale/", *find_repository(project)[1:])  # type: ignore[index]  # it is one


def test_a_relative_folder_is_the_one_below_the_working_directory(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "crm").mkdir()
    monkeypatch.chdir(project)
    assert find_repository(Path()) == find_repository(project)
    assert find_repository(Path("crm")) == find_repository(project / "crm")


def test_a_folder_outside_of_repositories_is_in_none(tmp_path: Path) -> None:
    assert find_repository(tmp_path) is None


def test_the_nearest_repository_counts(project: Path) -> None:
    inner = project / "vendored"
    inner.mkdir()
    git(inner, "init", "--quiet", "--initial-branch", "other")
    assert find_repository(inner) == Repository("")
    assert find_repository(project) != Repository("")


def test_a_branch_is_told_by_its_whole_name(project: Path) -> None:
    git(project, "checkout", "--quiet", "-b", "feature/spring-sale")
    found = find_repository(project)
    assert found is not None
    assert found.branch == "feature/spring-sale"


def test_a_commit_that_is_on_no_branch_is_told_without_one(project: Path) -> None:
    git(project, "checkout", "--quiet", "--detach")
    assert find_repository(project) == Repository("", ADDRESS, git(project, "rev-parse", "HEAD"), "")


def test_a_repository_without_a_commit_is_told_without_revision(empty: Path) -> None:
    git(empty, "remote", "add", "origin", REMOTE)
    found = find_repository(empty)
    assert found is not None
    assert (found.prefix, found.uri, found.revision) == ("", ADDRESS, "")


@pytest.mark.parametrize("remote", ["upstream", "origin2"])
def test_a_remote_of_another_name_is_not_the_one(empty: Path, remote: str) -> None:
    git(empty, "remote", "add", remote, REMOTE)
    assert find_repository(empty) == Repository("")


def test_credentials_of_the_remote_are_not_told(project: Path) -> None:
    git(project, "remote", "set-url", "origin", "https://robot:s3cret@example.com/contoso/journeys.git")
    found = find_repository(project)
    assert found is not None
    assert found.uri == ADDRESS


def test_a_remote_that_is_a_folder_is_not_told(project: Path, tmp_path: Path) -> None:
    git(project, "remote", "set-url", "origin", str(tmp_path / "bare.git"))
    found = find_repository(project)
    assert found is not None
    assert found.uri == ""


def test_a_worktree_whose_git_is_a_file_is_told_with_its_own_branch(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    git(project, "worktree", "add", "--quiet", "-b", "audit", str(other))
    (other / "crm").mkdir()
    assert (other / ".git").is_file()
    assert find_repository(other / "crm") == Repository("crm/", ADDRESS, git(project, "rev-parse", "HEAD"), "audit")


@pytest.mark.parametrize("content", [None, "", "gitdir: nowhere\n", "\x00"])
def test_of_a_broken_repository_the_way_to_the_folder_is_known(tmp_path: Path, content: str | None) -> None:
    folder = tmp_path / "project" / "crm"
    folder.mkdir(parents=True)
    place = tmp_path / "project" / ".git"
    if content is None:
        place.mkdir()
    else:
        place.write_text(content)
    assert find_repository(folder) == Repository("crm/")


def test_without_git_the_way_to_the_folder_is_known(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "crm").mkdir()
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert find_repository(project / "crm") == Repository("crm/")


def test_a_git_that_fails_is_told_as_one_that_knows_nothing(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho lies\nexit 128\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    assert find_repository(project) == Repository("")


def test_asking_changes_nothing_in_the_repository(project: Path) -> None:
    def state() -> dict[str, tuple[int, int]]:
        files = (path for path in (project / ".git").rglob("*") if path.is_file())
        return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in files}

    before = state()
    find_repository(project)
    assert state() == before


@pytest.mark.parametrize(
    "remote",
    [
        "https://example.com/contoso/journeys",
        "https://example.com/contoso/journeys.git",
        "https://example.com/contoso/journeys/",
        "https://example.com/contoso/journeys.git/",
        "https://EXAMPLE.com/contoso/journeys",
        "HTTPS://example.com/contoso/journeys",
        "https://robot@example.com/contoso/journeys.git",
        "https://robot:s3cret@example.com/contoso/journeys.git",
        "https://:s3cret@example.com/contoso/journeys.git",
        "https://robot:s%40cret@example.com/contoso/journeys.git",
        "https://robot:a@b@example.com/contoso/journeys.git",
        "https://example.com/contoso/journeys?token=s3cret",
        "https://example.com/contoso/journeys#s3cret",
        "git@example.com:contoso/journeys.git",
        "git@example.com:/contoso/journeys.git",
        "example.com:contoso/journeys",
        "ssh://git@example.com/contoso/journeys.git",
        "ssh://git@example.com:2222/contoso/journeys.git",
        "ssh://git:s3cret@example.com/contoso/journeys",
        "git+ssh://git@example.com/contoso/journeys.git",
        "git://example.com/contoso/journeys.git",
        "git://example.com:9418/contoso/journeys.git",
    ],
)
def test_every_way_to_write_a_remote_has_one_address_without_credentials(remote: str) -> None:
    assert web_address(remote) == ADDRESS


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://example.com:8443/a/b.git", "https://example.com:8443/a/b"),
        ("https://robot:s3cret@example.com:8443/a/b.git", "https://example.com:8443/a/b"),
        ("http://example.com/a/b.git", "http://example.com/a/b"),
        ("http://localhost:3000/a/b", "http://localhost:3000/a/b"),
        ("https://192.0.2.1/a/b", "https://192.0.2.1/a/b"),
        ("git@192.0.2.1:a/b.git", "https://192.0.2.1/a/b"),
        ("git@host:2222/a.git", "https://host/2222/a"),
        ("git@host:~crm/a.git", "https://host/~crm/a"),
        ("https://example.com/a/git", "https://example.com/a/git"),
        ("https://example.com/a.github", "https://example.com/a.github"),
        ("https://example.com/a%20b/_git/c", "https://example.com/a%20b/_git/c"),
    ],
)
def test_an_address_keeps_what_leads_to_the_repository(remote: str, address: str) -> None:
    assert web_address(remote) == address


@pytest.mark.parametrize(
    "remote",
    [
        "",
        "/srv/git/journeys.git",
        "../journeys.git",
        "./a:b",
        "journeys",
        "C:\\git\\journeys",
        "C:/git/journeys",
        "c:journeys",
        "\\\\server\\share\\journeys",
        "file:///srv/git/journeys.git",
        "file://server/journeys.git",
        "ftp://example.com/journeys",
        "https://",
        "https:///journeys",
        "https://example.com:port/a",
        "https://example.com:99999/a",
        "https://[example.com/a",
        "https://robot:s3/cret@example.com/a",
        "ext::sh -c true",
        "codecommit::eu-west-1://journeys",
        "git@example.com:",
        "git@:a/b",
        "::",
        "a b:c",
    ],
)
def test_what_is_no_remote_on_the_web_has_no_address(remote: str) -> None:
    assert web_address(remote) == ""


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://[::1]:3000/x", "https://[::1]:3000/x"),
        ("ssh://git@[2001:db8::1]/a/b", "https://[2001:db8::1]/a/b"),
        (
            "https://contoso@dev.azure.com/contoso/My Project/_git/crm",
            "https://dev.azure.com/contoso/My%20Project/_git/crm",
        ),
        ("git@ssh.dev.azure.com:v3/contoso/My%20Project/crm", "https://dev.azure.com/contoso/My%20Project/_git/crm"),
        ("https://example.com/a%20b.git", "https://example.com/a%20b"),
        ("git@example.com:größe.git", "https://example.com/gr%C3%B6%C3%9Fe"),
    ],
)
def test_an_address_is_a_valid_one(remote: str, address: str) -> None:
    assert web_address(remote) == address


@pytest.mark.parametrize(
    "remote", ["ext::sh -c ls", "hg::example.com/x", "https://ho st/x", "https://robot:12/s3cret@example.com/x"]
)
def test_what_has_no_safe_address_has_none(remote: str) -> None:
    assert web_address(remote) == ""


def test_what_git_sets_for_a_hook_does_not_lead_elsewhere(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "crm").mkdir()
    expected = find_repository(project / "crm")
    monkeypatch.setenv("GIT_DIR", ".git")
    assert find_repository(project / "crm") == expected


def test_a_tag_with_the_name_of_the_branch_changes_nothing(project: Path) -> None:
    expected = find_repository(project)
    git(project, "tag", "main")
    assert find_repository(project) == expected
