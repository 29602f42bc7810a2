"""`journeylint check-policies`: everything that is wrong with policy files, told before a run needs them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.command_line import run_in, write
from tests.permissions import bound_by_permissions

REPOSITORY = Path(__file__).resolve().parents[2]
LAYOUT = "expected <root>/<pack>/pack.yaml and <root>/<pack>/<policy>/policy.yaml"
PACK = "name: acme\nprefix: ACME\ntitle: What Acme asks for\n"
POLICY = """\
id: ACME001
name: tiny-audience
title: Audience too small to be worth a journey
severity: warning
since: 1.0.0
match: {kind: Journey}
require: has(journey.spec.startTime)
message: "'${journey.metadata.name}' has no start."
rationale: Nobody knows when it begins.
remediation: Give it a start.
"""
ACME = {"policies/acme/pack.yaml": PACK, "policies/acme/tiny-audience/policy.yaml": POLICY}
PLUGIN = """\
from pathlib import Path

import journeylint
from journeylint.ports import PolicyRoot


@journeylint.hookimpl
def journeylint_policy_roots():
    return [PolicyRoot(Path(__file__).parent / "packs")]
"""


def other_policy(**changes: str) -> str:
    """`POLICY` as the pack's second one, with *changes* to the values of its keys."""
    values = {"id": "ACME002", "name": "late-start", **changes}
    lines = [line.partition(": ") for line in POLICY.splitlines()]
    return "".join(f"{key}: {values.get(key, value)}\n" for key, _, value in lines)


def refused(folder: Path, *argv: str) -> list[str]:
    """What `journeylint check-policies` refuses, without the word that each line begins with."""
    status, out, err = run_in(folder, ("check-policies", *argv))
    assert (status, out) == (2, ""), err
    lines = err.splitlines()
    assert all(line.startswith("error: ") for line in lines)
    return [line.removeprefix("error: ") for line in lines]


def accepted(folder: Path, *argv: str) -> str:
    status, out, err = run_in(folder, ("check-policies", *argv))
    assert (status, err) == (0, "")
    return out


# What is in order


def test_the_packs_of_this_folder_are_checked_unless_paths_are_given(tmp_path: Path) -> None:
    assert accepted(write(tmp_path, ACME)) == "1 policy in 1 pack is in order.\n"


def test_policies_and_packs_are_counted(tmp_path: Path) -> None:
    more = {
        "policies/acme/late-start/policy.yaml": other_policy(),
        "other/beta/pack.yaml": "name: beta\nprefix: BETA\ntitle: What Beta asks for\n",
        "other/beta/early-end/policy.yaml": other_policy(id="BETA001", name="early-end"),
    }
    assert accepted(write(tmp_path, ACME | more)) == "3 policies in 2 packs are in order.\n"


def test_a_pack_without_policies_is_in_order(tmp_path: Path) -> None:
    assert accepted(write(tmp_path, {"acme/pack.yaml": PACK})) == "0 policies in 1 pack are in order.\n"


def test_the_policies_that_ship_are_in_order() -> None:
    count = len(list((REPOSITORY / "policies").glob("*/*/policy.yaml")))
    packs = len(list((REPOSITORY / "policies").glob("*/pack.yaml")))
    assert accepted(REPOSITORY, "policies") == f"{count} policies in {packs} packs are in order.\n"


@pytest.mark.parametrize(
    "path",
    [
        "policies",
        "policies/",
        "policies/acme",
        "policies/acme/pack.yaml",
        "policies/acme/tiny-audience",
        "policies/acme/tiny-audience/policy.yaml",
        "policies/*/*/policy.yaml",
        "./policies/acme/../acme/pack.yaml",
    ],
)
def test_a_file_or_folder_of_a_pack_stands_for_the_whole_pack(tmp_path: Path, path: str) -> None:
    bad = {"policies/acme/late-start/policy.yaml": other_policy(severity="loud")}
    (problem,) = refused(write(tmp_path, ACME | bad), path)
    assert problem.startswith("policies/acme/late-start/policy.yaml:4:11: ")


def test_a_pack_named_several_times_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, ACME)
    paths = ("policies/acme/pack.yaml", "policies", str(tmp_path / "policies/acme/tiny-audience/policy.yaml"))
    assert accepted(tmp_path, *paths) == "1 policy in 1 pack is in order.\n"


def test_it_works_inside_a_pack(tmp_path: Path) -> None:
    write(tmp_path, ACME)
    assert accepted(tmp_path / "policies/acme") == "1 policy in 1 pack is in order.\n"
    assert accepted(tmp_path / "policies/acme/tiny-audience", "policy.yaml") == "1 policy in 1 pack is in order.\n"


def test_packs_beside_those_of_paths_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, ACME | {"policies/broken/pack.yaml": "name: broken\n"})
    assert accepted(tmp_path, "policies/acme") == "1 policy in 1 pack is in order.\n"
    assert refused(tmp_path, "policies")


def test_what_git_ignores_is_not_searched(tmp_path: Path) -> None:
    copy = {name.replace("policies", "build"): text for name, text in ACME.items()}
    write(tmp_path, ACME | copy | {".gitignore": "build/\n", ".git/HEAD": ""})
    assert accepted(tmp_path) == "1 policy in 1 pack is in order.\n"


def test_files_with_other_names_are_not_searched(tmp_path: Path) -> None:
    others = ("my-policy.yaml", "policy.yaml.orig", "backpack.yaml", "policy.json")
    write(tmp_path, ACME | {f"policies/{name}": "no: policy" for name in others})
    assert accepted(tmp_path) == "1 policy in 1 pack is in order.\n"


def test_cases_are_not_searched(tmp_path: Path) -> None:
    write(tmp_path, ACME | {"policies/acme/tiny-audience/cases/fails-x.yaml": "id: ["})
    assert accepted(tmp_path) == "1 policy in 1 pack is in order.\n"


# What is not


def test_every_problem_of_every_file_is_told_in_order(tmp_path: Path) -> None:
    wrong = {
        "policies/acme/early-end/policy.yaml": other_policy(id="ACME003", name="early-edn"),
        "policies/acme/late-start/policy.yaml": other_policy(
            require="has(journey.spec.startTmie)", message="'It is ${journey.spec.stat}.'"
        ),
    }
    assert refused(write(tmp_path, ACME | wrong)) == [
        "policies/acme/early-end/policy.yaml:2:7: name 'early-edn' is not that of the policy's folder, 'early-end'",
        "policies/acme/late-start/policy.yaml:7:14: there is no field 'startTmie' here - did you mean 'startTime'?",
        "policies/acme/late-start/policy.yaml:8:32: there is no field 'stat' here - did you mean 'state'?",
    ]


def test_a_misspelt_key_is_told_with_the_nearest(tmp_path: Path) -> None:
    misspelt = POLICY.replace("remediation:", "remedation:")
    write(tmp_path, ACME | {"policies/acme/tiny-audience/policy.yaml": misspelt})
    assert (
        "policies/acme/tiny-audience/policy.yaml:10:13: 'remedation' is not a known property of the document"
        " - did you mean 'remediation'?"
    ) in refused(tmp_path)


def test_problems_of_several_packs_are_told_at_once(tmp_path: Path) -> None:
    wrong = {
        "a/acme/pack.yaml": PACK,
        "a/acme/tiny-audience/policy.yaml": POLICY.replace("severity: warning", "severity: loud"),
        "b/beta/pack.yaml": "name: beta\nprefix: beta\ntitle: What Beta asks for\n",
    }
    assert [problem.split(": ")[0] for problem in refused(write(tmp_path, wrong))] == [
        "a/acme/tiny-audience/policy.yaml:4:11",
        "b/beta/pack.yaml:2:9",
    ]


@pytest.mark.parametrize(
    "content", [b"id: [", b"\xff\xfe", b"", b"- a\n", b"a: 1\n---\nb: 2\n", b"a: 1\na: 2\n", b"\0"]
)
def test_a_file_that_is_no_policy_at_all_is_told_by_its_position(tmp_path: Path, content: bytes) -> None:
    write(tmp_path, ACME | {"policies/acme/late-start/policy.yaml": content})
    problems = refused(tmp_path, "policies/acme/late-start/policy.yaml")
    assert problems
    assert all(re.match(r"policies/acme/late-start/policy\.yaml:\d+:\d+: ", problem) for problem in problems)


def test_text_of_a_file_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    write(tmp_path, ACME | {"policies/acme/late-start/policy.yaml": other_policy(require='"\\e[2J"')})
    assert "\x1b" not in "".join(refused(tmp_path))


# Files that belong to no pack


def test_a_policy_without_a_pack_is_told_what_was_expected(tmp_path: Path) -> None:
    write(tmp_path, {"policies/acme/tiny-audience/policy.yaml": POLICY})
    assert refused(tmp_path) == [
        "policies/acme/tiny-audience/policy.yaml:1:1: belongs to no pack, for there is no policies/acme/pack.yaml: "
        + LAYOUT
    ]


def test_a_policy_beside_its_pack_is_told_where_it_belongs(tmp_path: Path) -> None:
    write(tmp_path, ACME | {"policies/acme/policy.yaml": POLICY})
    assert refused(tmp_path) == [
        "policies/acme/policy.yaml:1:1: stands beside pack.yaml: move it into a folder with the policy's name"
    ]


def test_a_policy_one_folder_too_deep_belongs_to_no_pack(tmp_path: Path) -> None:
    write(tmp_path, ACME | {"policies/acme/size/late-start/policy.yaml": other_policy()})
    (problem,) = refused(tmp_path)
    assert problem.startswith("policies/acme/size/late-start/policy.yaml:1:1: belongs to no pack, ")


def test_a_policy_with_another_ending_in_a_pack_is_told_for_nobody_reads_it(tmp_path: Path) -> None:
    write(tmp_path, ACME | {"policies/acme/late-start/policy.yml": other_policy()})
    assert refused(tmp_path) == ["policies/acme/late-start/policy.yml:1:1: is not read: its name has to be policy.yaml"]


def test_a_named_file_of_another_name_is_told(tmp_path: Path) -> None:
    write(tmp_path, ACME | {"README.md": "Our policies."})
    assert refused(tmp_path, "policies", "README.md") == [f"README.md:1:1: is no policy or pack file: {LAYOUT}"]


def test_files_without_a_pack_are_told_together_with_the_problems_of_packs(tmp_path: Path) -> None:
    write(tmp_path, ACME | {"a/policy.yaml": POLICY, "policies/acme/late-start/policy.yaml": other_policy(since="1")})
    assert [problem.split(": ")[0] for problem in refused(tmp_path)] == [
        "a/policy.yaml:1:1",
        "policies/acme/late-start/policy.yaml:5:8",
    ]


@pytest.mark.parametrize(("argv", "where"), [((), "this folder"), (("docs", "src"), "'docs', 'src'")])
def test_paths_without_any_policy_are_a_mistake(tmp_path: Path, argv: tuple[str, ...], where: str) -> None:
    write(tmp_path, {"docs/a.yaml": "", "src/policy.yml": POLICY})
    assert refused(tmp_path, *argv) == [f"no policy or pack file found in {where}: {LAYOUT}"]


def test_a_path_that_does_not_exist_is_told_with_the_nearest(tmp_path: Path) -> None:
    assert refused(write(tmp_path, ACME), "polices", "policies/acme/pakc.yaml") == [
        "'polices' does not exist - did you mean 'policies'?",
        "'policies/acme/pakc.yaml' does not exist - did you mean 'pack.yaml'?",
    ]


def test_a_folder_or_file_that_cannot_be_read_is_told() -> None:
    with bound_by_permissions() as folder:
        write(folder, ACME)
        (folder / "closed").mkdir(mode=0)
        (folder / "policies/acme/pack.yaml").chmod(0)
        problems = refused(folder)
        assert problems[0] == "closed:1:1: cannot be listed: permission denied"
        assert problems[1].startswith("policies/acme/pack.yaml:1:1: cannot be read: ")


# Beside the installed packs


def test_an_id_prefix_of_an_installed_pack_is_taken(tmp_path: Path) -> None:
    problems = refused(write(tmp_path, {"acme/pack.yaml": PACK.replace("ACME", "OBS")}))
    assert [problem.split(" by ")[0] for problem in problems] == [
        "acme/pack.yaml:2:9: pack prefix 'OBS' is taken already"
    ]


def test_a_name_of_an_installed_policy_is_taken(tmp_path: Path) -> None:
    name = "outbound-exclusion-segment"
    write(tmp_path, {"acme/pack.yaml": PACK, f"acme/{name}/policy.yaml": other_policy(name=name)})
    (problem,) = refused(tmp_path)
    assert problem.startswith(f"acme/{name}/policy.yaml:2:7: policy name {name!r} is taken already by ")


def test_a_pack_in_paths_replaces_the_installed_one_of_that_name(tmp_path: Path) -> None:
    pack = "name: references\nprefix: REF\ntitle: Ours\n"
    assert accepted(write(tmp_path, {"references/pack.yaml": pack})) == "0 policies in 1 pack are in order.\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder to be put on the import path, in which a distribution brings the pack `acme`."""
    return write(
        tmp_path / "site",
        {
            "acme_packs/__init__.py": PLUGIN,
            "acme_packs-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: acme-packs\nVersion: 1\n",
            "acme_packs-1.dist-info/entry_points.txt": "[journeylint]\nacme = acme_packs\n",
            **{name.replace("policies", "acme_packs/packs"): text for name, text in ACME.items()},
        },
    )


def run_installed(site: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "journeylint", "check-policies"]
    environment = {**os.environ, "PYTHONPATH": str(site)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_a_repository_that_is_itself_installed_does_not_clash_with_itself(site: Path, tmp_path: Path) -> None:
    for folder in (site, write(tmp_path / "checkout", ACME)):
        ran = run_installed(site, folder)
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "1 policy in 1 pack is in order.\n", "")


def test_a_pack_clashes_with_one_that_a_plugin_brings(site: Path, tmp_path: Path) -> None:
    ours = {"ours/pack.yaml": PACK.replace("name: acme", "name: ours")}
    ran = run_installed(site, write(tmp_path / "checkout", ours))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("error: ours/pack.yaml:2:9: pack prefix 'ACME' is taken already by ")


# The command itself


def test_the_command_is_listed_and_has_help_with_examples(tmp_path: Path) -> None:
    assert re.search(r"^  check-policies +[A-Z][^\n]*\.$", run_in(tmp_path, ("--help",))[1], re.MULTILINE)
    status, out, err = run_in(tmp_path, ("check-policies", "--help"))
    assert (status, err) == (0, "")
    assert "Examples:\n    journeylint check-policies\n" in out
    assert max(map(len, out.split("\n"))) <= 80
