"""The hooks, run by pre-commit itself in scratch repositories: what is refused, what is told, and what is let through.

The hooks come from a snapshot of this checkout. pre-commit installs it once for all tests, with a made-up organisation's
pack beside it; that takes most of the time, and a package index or its cache.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.contract.command_line import journey, segment, write
from tests.contract.test_docs import Block, Step, blocks_of, is_shown, trimmed
from tests.packaging.conftest import copy_checkout

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = REPOSITORY / "docs/pre-commit.md"
PACK = {
    "pyproject.toml": """\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "acme-journeys"
version = "1.2.0"

[project.entry-points.journeylint]
acme = "acme_journeys"

[tool.setuptools]
packages = ["acme_journeys"]

[tool.setuptools.package-data]
acme_journeys = ["packs/*/*.yaml", "packs/*/*/*.yaml"]
""",
    "acme_journeys/__init__.py": """\
from pathlib import Path

import journeylint
from journeylint.ports import PolicyRoot


@journeylint.hookimpl
def journeylint_policy_roots():
    return [PolicyRoot(Path(__file__).parent / "packs")]
""",
    "acme_journeys/packs/acme/pack.yaml": "name: acme\nprefix: ACME\ntitle: What Acme asks of its journeys\n",
    "acme_journeys/packs/acme/shouting-name/policy.yaml": """\
id: ACME007
name: shouting-name
title: Name in capitals
severity: error
since: 1.2.0
match: {kind: Journey}
require: journey.metadata.name != 'LOUD'
at: /metadata/name
message: Acme does not shout.
rationale: Nobody likes it.
remediation: Write small letters.
""",
}
EXCLUDING = journey("", "name: vip, role: exclusion", name="excluding")
USING = journey("", "name: guests, role: audience", name="using")
PROJECT = {
    "journeylint.yaml": "as-of: 2025-03-01T00:00:00Z\nexclude: [drafts/]\n",
    "journeys/old.yaml": journey("", "name: vip, role: exclusion", name="old"),
    "journeys/using.yaml": USING,
    "segments/guests.yaml": segment("guests", "source: realtime"),
    "segments/vip.yaml": segment("vip", "source: outbound, memberCount: 10"),
}


class Hooks(NamedTuple):
    """Where pre-commit gets the hooks from, and the environment variables to run it with."""

    repository: Path
    revision: str
    pack: Path
    variables: Mapping[str, str]

    def configure(self, text: str) -> str:
        """A configuration of a page with the snapshot in place of its made-up addresses."""
        text, addresses = re.subn(r"(?m)^( *- repo: ).*$", rf"\g<1>{self.repository}", text)
        text, revisions = re.subn(r"(?m)^( *rev: ).*$", rf"\g<1>{self.revision}", text)
        assert addresses == revisions == 1
        return text.replace('"acme-journeys==1.2.0"', f'"{self.pack}"')


class Ran(NamedTuple):
    """What a program said, standard error among it, and its exit code."""

    status: int
    output: str

    def result(self, hook: str) -> str:
        """How pre-commit says that *hook* (a name) went: `Passed`, `Failed` or `Skipped`."""
        (found,) = re.findall(rf"^{re.escape(hook)}\.+(?:\([a-z ]+\))?([A-Z]\w+)$", self.output, re.MULTILINE)
        return str(found)

    @property
    def heads(self) -> list[str]:
        """Place, severity and policy of each finding of a report for people."""
        return re.findall(r"^(\S+:\d+:\d+: (?:error|warning|info) [A-Z]+\d+) ", self.output, re.MULTILINE)


class Project(NamedTuple):
    """A scratch repository in which the hooks are installed."""

    folder: Path
    variables: Mapping[str, str]

    def run(self, *command: str) -> Ran:
        if command[0] == "pre-commit":
            command = (sys.executable, "-m", "pre_commit", *command[1:])
        ran = subprocess.run(
            command,
            cwd=self.folder,
            env=dict(self.variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return Ran(ran.returncode, ran.stdout)

    def demand(self, *command: str) -> str:
        ran = self.run(*command)
        assert ran.status == 0, ran.output
        return ran.output

    def commit(self, files: Mapping[str, str] | None = None) -> Ran:
        """Write and add *files*, and try to commit what has been added."""
        if files:
            write(self.folder, files)
            self.demand("git", "add", "--", *files)
        return self.run("git", "commit", "--quiet", "-m", "Change")


FOCUSED, WHOLE, POLICIES = (
    f"journeylint ({what})" for what in ("files of the commit", "whole project", "policy files")
)


def clean_variables(folder: Path) -> dict[str, str]:
    """The environment of a person who commits, without what git, Python or a CI system would add."""
    theirs = ("GIT_", "PRE_COMMIT", "PYTHON", "JOURNEYLINT", "VIRTUALENV", "COV")
    others = ("SKIP", "FORCE_COLOR", "NO_COLOR", "SOURCE_DATE_EPOCH")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(theirs) and name not in others}
    person = {"NAME": "A. Marketer", "EMAIL": "marketer@example.com"}
    return kept | {
        **{f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in person.items()},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "LC_ALL": "C.UTF-8",
        "PRE_COMMIT_COLOR": "never",
        "PRE_COMMIT_HOME": str(folder / "home"),
        "XDG_CACHE_HOME": str(folder / "cache"),
    }


def take_snapshot(to: Path) -> None:
    """Copy the checkout as it is, with what is not committed yet and without what git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        check=False,
    )
    if listed.returncode != 0:  # unpacked from an archive
        copy_checkout(to)
        return
    for name in filter(None, os.fsdecode(listed.stdout).split("\0")):
        if (REPOSITORY / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, to / name)


@pytest.fixture(scope="session")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Hooks:
    """The hooks of a snapshot of this checkout, installed by pre-commit with the made-up pack."""
    folder = tmp_path_factory.mktemp("hooks")
    variables = clean_variables(folder)
    take_snapshot(folder / "journeylint")
    snapshot = Project(folder / "journeylint", variables)
    start_repository(snapshot)
    hooks = Hooks(
        snapshot.folder,
        snapshot.demand("git", "rev-parse", "HEAD").strip(),
        write(folder / "acme-journeys", PACK),
        variables,
    )
    first = Project(write(folder / "first", {".pre-commit-config.yaml": configuration(hooks)}), variables)
    start_repository(first)
    first.demand("pre-commit", "install-hooks")
    return hooks


def start_repository(project: Project) -> None:
    project.demand("git", "-c", "init.defaultBranch=main", "init", "--quiet")
    project.demand("git", "add", "--all")
    project.demand("git", "commit", "--quiet", "--no-verify", "-m", "Begin")


def page_blocks() -> list[Block]:
    return list(blocks_of(PAGE.read_text(encoding="utf-8")))


def configuration(hooks: Hooks) -> str:
    """The page's configuration with a pack, in which the whole project is judged by references only."""
    (block,) = [block for block in page_blocks() if block.options.get("file") == "with-a-pack.yaml"]
    text = block.body.replace(
        "- id: journeylint-all\n", "- id: journeylint-all\n        args: [--select, references]\n"
    )
    return hooks.configure(text)


@pytest.fixture(scope="session")
def template(hooks: Hooks, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of journeys with the hooks; one of the journeys has a finding from before."""
    files = PROJECT | {".pre-commit-config.yaml": configuration(hooks)}
    project = Project(write(tmp_path_factory.mktemp("template"), files), hooks.variables)
    start_repository(project)
    project.demand("pre-commit", "install")
    return project.folder


@pytest.fixture
def project(template: Path, hooks: Hooks, tmp_path: Path) -> Project:
    return Project(shutil.copytree(template, tmp_path / "project"), hooks.variables)


def test_the_hooks_and_the_configurations_of_the_page_are_valid(tmp_path: Path) -> None:
    here = Project(tmp_path, clean_variables(tmp_path))
    here.demand("pre-commit", "validate-manifest", str(REPOSITORY / ".pre-commit-hooks.yaml"))
    configurations = [block.body for block in page_blocks() if block.body.startswith("repos:")]
    assert len(configurations) == 2
    for number, text in enumerate(configurations):
        write(tmp_path, {f"{number}.yaml": text})
        assert here.demand("pre-commit", "validate-config", f"{number}.yaml") == ""


def test_a_bad_journey_is_refused_with_its_line_and_a_good_one_goes_through(project: Project) -> None:
    bad = project.commit({"journeys/x.yaml": EXCLUDING})
    assert bad.status == 1
    assert (bad.result(FOCUSED), bad.result(WHOLE), bad.result(POLICIES)) == ("Failed", "Passed", "Skipped")
    line = EXCLUDING.splitlines().index("  - {name: vip, role: exclusion}") + 1
    assert f"\njourneys/x.yaml:{line}:5: error OBS002 outbound-exclusion-segment in Journey excluding\n" in bad.output
    assert project.demand("git", "log", "--format=%s") == "Begin\n"

    good = project.commit({"journeys/x.yaml": EXCLUDING.replace("vip", "guests")})
    assert (good.status, good.result(FOCUSED), good.result(WHOLE)) == (0, "Passed", "Passed")
    assert project.demand("git", "log", "--format=%s") == "Change\nBegin\n"


def test_only_touched_files_are_reported_while_untouched_segments_are_known(project: Project) -> None:
    using = USING.replace("name: guests", "name: vip")
    told = project.commit({"journeys/using.yaml": using.replace("role: audience", "role: exclusion")})
    assert {head.split(":")[0] for head in told.heads} == {"journeys/using.yaml"}
    assert "journeys/using.yaml:7:5: error OBS002" in told.heads

    let_through = project.commit({"journeys/using.yaml": using})
    assert (let_through.status, let_through.result(FOCUSED)) == (0, "Passed")
    assert "error" in project.run("pre-commit", "run", "journeylint", "--files", "journeys/old.yaml").output


def test_a_deleted_segment_is_noticed_by_the_hook_over_the_whole_project_only(project: Project) -> None:
    project.demand("git", "rm", "--quiet", "segments/guests.yaml")
    ran = project.commit()
    assert ran.status == 1
    assert (ran.result(FOCUSED), ran.result(WHOLE)) == ("Skipped", "Failed")
    assert ran.heads == ["journeys/using.yaml:7:5: error REF001"]

    with_another_file = project.commit({"journeys/old.yaml": PROJECT["journeys/old.yaml"].replace("vip", "guests")})
    assert (with_another_file.result(FOCUSED), with_another_file.result(WHOLE)) == ("Failed", "Failed")

    project.demand("git", "rm", "--quiet", "--force", "journeys/using.yaml")
    project.demand("git", "restore", "--source=HEAD", "--staged", "--worktree", "journeys/old.yaml")
    assert project.commit().status == 0


def test_a_renamed_segment_file_is_nothing_to_either_hook(project: Project) -> None:
    project.demand("git", "mv", "segments/guests.yaml", "segments/visitors.yaml")
    ran = project.commit()
    assert (ran.status, ran.result(FOCUSED), ran.result(WHOLE)) == (0, "Passed", "Passed")


def test_a_misspelt_policy_is_refused_with_its_line_and_a_good_one_goes_through(project: Project) -> None:
    folder = "acme_journeys/packs/acme"
    good = {name: PACK[name] for name in PACK if name.startswith(folder)}
    bad = PACK[f"{folder}/shouting-name/policy.yaml"].replace("metadata.name", "metadata.nmae")
    ran = project.commit(good | {f"{folder}/shouting-name/policy.yaml": bad})
    assert (ran.status, ran.result(POLICIES), ran.result(FOCUSED)) == (1, "Failed", "Passed")
    assert f"error: {folder}/shouting-name/policy.yaml:7:27: there is no field 'nmae'" in ran.output

    mended = project.commit(good)  # beside the same pack, installed
    assert (mended.status, mended.result(POLICIES)) == (0, "Passed")


def test_an_organisations_pack_judges_through_additional_dependencies(project: Project) -> None:
    ran = project.commit({"journeys/loud.yaml": USING.replace("name: using", "name: LOUD")})
    assert ran.heads == ["journeys/loud.yaml:3:18: error ACME007"]


def test_an_excluded_file_is_not_reported_though_it_is_in_the_commit(project: Project) -> None:
    ran = project.commit({"drafts/x.yaml": EXCLUDING, "drafts/broken.yaml": EXCLUDING.replace("ongoing", "often")})
    assert (ran.status, ran.result(FOCUSED), ran.result(WHOLE)) == (0, "Passed", "Passed")


def test_files_of_other_tools_are_no_failures(project: Project) -> None:
    others = {
        "chart/templates/config.yaml": "kind: ConfigMap\ndata: {{- toYaml .Values | nindent 4 }}\n",
        "stack.yml": "Bucket: !Ref Name\n",
        "package.json": "{}",
        "notes.md": "Journeys.\n",
    }
    ran = project.commit(others)
    assert (ran.status, ran.result(FOCUSED), ran.result(WHOLE)) == (0, "Passed", "Passed")


def test_what_is_staged_is_judged_and_not_what_lies_beside_it(project: Project) -> None:
    write(project.folder, {"journeys/using.yaml": EXCLUDING})
    project.demand("git", "add", "journeys/using.yaml")
    write(project.folder, {"journeys/using.yaml": USING})
    assert "journeys/using.yaml:7:5: error OBS002" in project.commit().heads
    assert (project.folder / "journeys/using.yaml").read_text() == USING


def test_a_repository_without_manifests_is_in_order(project: Project) -> None:
    project.demand("git", "rm", "--quiet", "-r", "journeys", "segments")
    ran = project.commit({"compose.yml": "services: {}\n"})
    assert (ran.status, ran.result(FOCUSED), ran.result(WHOLE)) == (0, "Passed", "Passed")


def test_reports_are_coloured_where_pre_commit_is(project: Project) -> None:
    command = ("pre-commit", "run", "journeylint", "--files", "journeys/old.yaml")
    assert "\x1b[1;31m" in project.run(*command, "--color", "always").output
    assert "\x1b" not in project.run(*command).output


def test_hooks_run_before_commits_and_pushes_and_leave_other_stages_alone(project: Project) -> None:
    write(project.folder, {"message": "Change"})
    message = project.run("pre-commit", "run", "--hook-stage", "commit-msg", "--commit-msg-filename", "message")
    assert message == Ran(0, "")
    push = project.run("pre-commit", "run", "--hook-stage", "pre-push", "--all-files")
    assert (push.status, push.result(FOCUSED), push.result(WHOLE)) == (1, "Failed", "Passed")


def steps_of(block: Block) -> Iterator[Step]:
    """The commands of a block that is run here, and not with those of journeylint."""
    if block.language == "console" and re.match(r"\$ (git|pre-commit) ", block.body):
        for part in block.body.removeprefix("$ ").split("\n$ "):
            command, _, shown = part.partition("\n")
            yield Step(command, trimmed(shown))


def test_the_page_shows_what_is_printed(hooks: Hooks, tmp_path: Path) -> None:
    """Its files are there from the beginning, but for those with `change=yes`: they come as they are read."""
    project = Project(tmp_path, hooks.variables)
    there = [block for block in page_blocks() if "file" in block.options and "change" not in block.options]
    write_page_files(project, hooks, there)
    start_repository(project)
    differences = []
    for block in page_blocks():
        write_page_files(project, hooks, [block] if "change" in block.options else [])
        for step in steps_of(block):
            ran = project.run("sh", "-c", step.command.replace("pre-commit", f"{sys.executable} -m pre_commit"))
            if not is_shown(step.shown, trimmed(ran.output)):
                differences.append(f"line {block.line}: `{step.command}` printed\n{ran.output}")
    assert not differences, "\n\n".join(differences)


def write_page_files(project: Project, hooks: Hooks, blocks: Iterable[Block]) -> None:
    """Write the files of *blocks*, the page's configuration as `page_configuration` says."""
    for block in blocks:
        name = block.options["file"]
        write(project.folder, {name: page_configuration(hooks, block.body) if name[0] == "." else block.body})


def page_configuration(hooks: Hooks, text: str) -> str:
    """The page's first configuration; with the pack, so that what pre-commit has installed already is used."""
    return hooks.configure(
        re.sub(r"(?m)^( *)- id: .*$", rf'\g<0>\n\g<1>  additional_dependencies: ["{hooks.pack}"]', text)
    )
