"""Where policies come from: folders of the configuration, installed packs of YAML alone, plugins in Python, chosen or not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.command_line import AS_OF, journey, run_in, write
from tests.distributions import ImportPath, install

POLICY = """\
id: ACME001
name: no-start
title: Journey without a start
severity: error
since: 1.0.0
match: {kind: Journey}
require: has(journey.spec.startTime)
message: It has no start.
rationale: Why.
remediation: How.
"""


def pack(root: str) -> dict[str, str]:
    return {
        f"{root}/acme/pack.yaml": "name: acme\nprefix: ACME\ntitle: What Acme asks for\n",
        f"{root}/acme/no-start/policy.yaml": POLICY,
        f"{root}/acme/no-start/cases/fails.yaml": journey(name="case"),
        f"{root}/acme/no-start/cases/passes.yaml": journey("startTime: 2025-04-01", name="case"),
    }


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A folder with a journey that has no start."""
    return write(tmp_path / "work", {"journeys/spring.yaml": journey()})


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the import path."""
    path = ImportPath(monkeypatch, tmp_path / "site")
    yield tmp_path / "site"
    path.forget()


def found(work: Path, *argv: str) -> list[str]:
    """The policies of the findings of a check."""
    status, out, err = run_in(work, ("check", "-o", "json", "--as-of", AS_OF, *argv))
    assert status in (0, 1), err
    return [finding["policy"] for finding in json.loads(out)["findings"]]


def refused(work: Path, *argv: str) -> list[str]:
    """What is told where a command does not happen."""
    status, out, err = run_in(work, argv)
    assert (status, out) == (2, "")
    return err.splitlines()


def listed(work: Path, *argv: str) -> dict[str, Any]:
    status, out, err = run_in(work, ("plugins", "--format", "json", *argv))
    assert (status, err) == (0, "")
    data: dict[str, Any] = json.loads(out)
    return data


def plugins(work: Path, *argv: str) -> dict[str, dict[str, Any]]:
    return {plugin["name"]: plugin for plugin in listed(work, *argv)["plugins"]}


# -- a folder that the configuration names


@pytest.fixture
def with_root(work: Path) -> Path:
    """The folder with a pack, which its configuration names."""
    return write(work, {**pack("policies"), "journeylint.yaml": "policy-roots: [policies]\n"})


def test_the_policies_of_a_folder_hold(with_root: Path) -> None:
    assert found(with_root) == ["ACME001"]
    assert found(with_root, "--ignore", "acme") == []
    assert found(with_root / "journeys") == ["ACME001"]


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("cache", [(), ("--no-cache",)])
def test_they_hold_in_every_process_and_with_the_cache(with_root: Path, jobs: str, cache: tuple[str, ...]) -> None:
    write(with_root, {f"journeys/{number}.yaml": journey(name=f"j{number}") for number in range(40)})
    assert [found(with_root, "--jobs", jobs, *cache) for _ in range(2)] == [["ACME001"] * 41] * 2


def test_a_policy_that_changes_is_checked_again(with_root: Path) -> None:
    found(with_root)
    write(with_root, {"policies/acme/no-start/policy.yaml": POLICY.replace("startTime)", "startTiem)")})
    assert "did you mean 'startTime'?" in refused(with_root, "check")[0]


def test_they_are_listed_explained_and_checked(with_root: Path) -> None:
    assert "ACME001  error    no-start" in run_in(with_root, ("policies",))[1]
    assert "Journey without a start" in run_in(with_root, ("explain", "no-start"))[1]
    assert run_in(with_root, ("check-policies",))[:2] == (0, "1 policy in 1 pack is in order.\n")
    assert run_in(with_root, ("check-policies", "policies/acme/no-start/policy.yaml"))[0] == 0


def test_packs_under_check_know_those_that_the_configuration_names(with_root: Path) -> None:
    others = {name.replace("policies/acme", "more/other"): text for name, text in pack("policies").items()}
    others["more/other/pack.yaml"] = "name: other\nprefix: ACME\ntitle: T\n"
    write(with_root, others)

    told = refused(with_root, "check-policies", "more")

    assert told[0].startswith("error: more/other/no-start/policy.yaml:1:5: policy id 'ACME001' is taken already by ")
    assert "of policy-roots of journeylint.yaml; this one is of the packs under check" in told[0]


def test_another_configuration_names_other_folders(with_root: Path) -> None:
    write(with_root, {"other.yaml": "fail-on: error\n"})
    for command in (["policies"], ["explain", "OBS001"], ["check-policies"]):
        assert run_in(with_root, [*command, "--config", "other.yaml"])[0] == 0
    assert "ACME001" not in run_in(with_root, ("policies", "--config", "other.yaml"))[1]
    assert found(with_root, "--config", "other.yaml", "journeys") == []


def test_a_configuration_in_toml_names_folders(work: Path) -> None:
    write(work, {**pack("own policies"), "pyproject.toml": '[tool.journeylint]\npolicy-roots = ["own policies"]\n'})
    assert found(work) == ["ACME001"]


def test_folders_start_at_the_configuration(work: Path) -> None:
    write(work, {**pack("shared/policies"), "conf/journeylint.yaml": "policy-roots: [../shared/policies]\n"})
    assert found(work, "--config", "conf/journeylint.yaml", "journeys") == ["ACME001"]


def test_cases_are_no_manifests_of_the_workspace(with_root: Path) -> None:
    status, out, _ = run_in(with_root, ("check", "-o", "json", "--as-of", AS_OF))
    assert (status, json.loads(out)["summary"]["manifests"]) == (1, 1)
    case = "policies/acme/no-start/cases/fails.yaml"  # as a pre-commit hook names it
    assert run_in(with_root, ("check", "--as-of", AS_OF, "--allow-empty", case))[0] == 0


@pytest.mark.parametrize("root", [".", "./", "policies [old] #1", "!policies", "a*b"])
def test_cases_are_told_from_manifests_wherever_packs_are(work: Path, root: str) -> None:
    write(work, {**pack(root), "journeylint.yaml": f"policy-roots: [{json.dumps(root)}]\n"})
    assert found(work) == ["ACME001"]


def test_manifests_beside_the_packs_of_a_folder_are_judged(with_root: Path) -> None:
    write(with_root, {"policies/drafts/spring.yaml": journey(name="draft")})
    assert found(with_root) == ["ACME001", "ACME001"]


def test_a_folder_that_is_named_twice_counts_once(with_root: Path) -> None:
    write(with_root, {"journeylint.yaml": "policy-roots: [policies, ./policies, policies/../policies]\n"})
    assert found(with_root) == ["ACME001"]


def test_folders_that_hold_no_packs_are_told_at_their_places(with_root: Path) -> None:
    write(
        with_root,
        {
            "journeylint.yaml": "policy-roots:\n- policies\n- nowhere\n- policies/acme\n- journeys\n- journeylint.yaml\n",
        },
    )
    told = [
        line.removeprefix("error: journeylint.yaml:").partition(": expected")[0] for line in refused(with_root, "check")
    ]
    assert told == [
        "3:3: policy-roots: 'nowhere' is no folder",
        "4:3: policy-roots: 'policies/acme' is a pack, not a folder of packs",
        "5:3: policy-roots: 'journeys' holds no pack",
        "6:3: policy-roots: 'journeylint.yaml' is no folder",
    ]


def test_a_folder_is_listed_with_the_plugins(with_root: Path) -> None:
    assert listed(with_root)["policyRoots"] == [
        {
            "name": "policy-roots of journeylint.yaml",
            "packs": [{"name": "acme", "prefix": "ACME", "title": "What Acme asks for", "policies": 1}],
        }
    ]
    assert (
        "policy-roots of journeylint.yaml\n  packs      acme (ACME, 1 policy)\n" in run_in(with_root, ("plugins",))[1]
    )


def test_a_pack_that_is_installed_from_where_it_is_written_counts_once(with_root: Path, site: Path) -> None:
    (site / "acme_policies").symlink_to(with_root / "policies")
    write(with_root, {"policies/__init__.py": ""})
    install(site, "acme-policies", {}, plugin="acme")
    assert found(with_root) == ["ACME001"]


def test_a_pack_that_is_installed_too_is_told_with_both(with_root: Path, site: Path) -> None:
    install(site, "acme-policies", {"acme_policies/__init__.py": "", **pack("acme_policies")}, plugin="acme")

    told = refused(with_root, "check")

    assert len(told) == 4  # name and prefix of the pack, id and name of the policy
    whose = "of acme (acme-policies 1.2); this one is of policy-roots of journeylint.yaml"
    assert [line for line in told if whose not in line] == []
    assert found(with_root, "-p", "no:acme") == ["ACME001"]


# -- a pack of YAML alone


@pytest.fixture
def acme(site: Path) -> Path:
    """`acme-policies 1.2`: an empty package with a pack."""
    return install(site, "acme-policies", {"acme_policies/__init__.py": "", **pack("acme_policies")}, plugin="acme")


def test_an_empty_package_with_a_pack_is_a_plugin(work: Path, acme: Path) -> None:
    assert found(work) == ["ACME001"]
    plugin = plugins(work)["acme"]
    assert (plugin["distribution"], plugin["version"], plugin["loaded"]) == ("acme-policies", "1.2", True)
    assert plugin["packs"] == [{"name": "acme", "prefix": "ACME", "title": "What Acme asks for", "policies": 1}]
    assert plugin["importMilliseconds"] >= 0


def test_a_folder_without_init_is_one_too(work: Path, site: Path) -> None:
    install(site, "acme-policies", pack("acme_policies"), plugin="acme")
    assert found(work) == ["ACME001"]


def test_a_package_that_names_its_roots_has_no_others(work: Path, site: Path) -> None:
    body = "import journeylint\n@journeylint.hookimpl\ndef journeylint_policy_roots(): return []\n"
    install(site, "acme-policies", {"acme_policies/__init__.py": body, **pack("acme_policies")}, plugin="acme")
    assert found(work) == []


def test_a_package_with_other_hooks_has_its_packs(work: Path, site: Path) -> None:
    body = "import journeylint\n@journeylint.hookimpl\ndef journeylint_kinds(): return []\n"
    install(site, "acme-policies", {"acme_policies/__init__.py": body, **pack("acme_policies")}, plugin="acme")
    assert found(work) == ["ACME001"]


def test_a_plugin_that_brings_nothing_is_told_in_the_list_alone(work: Path, site: Path) -> None:
    install(site, "acme-policies", {"acme_policies/__init__.py": ""}, plugin="acme")
    assert found(work) == []
    assert "acme (acme-policies 1.2)\n  brings nothing: it has no hook" in run_in(work, ("plugins",))[1]


# -- which plugins


def test_every_command_leaves_plugins_out(work: Path, acme: Path) -> None:
    assert found(work, "-p", "no:acme-policies") == []
    assert "ACME001" not in run_in(work, ("policies", "-p", "no:acme"))[1]
    assert refused(work, "explain", "ACME001", "-p", "no:acme")
    assert plugins(work, "-p", "no:acme")["acme"]["reason"] == "left out by -p no:acme"
    write(work, pack("mine"))
    assert run_in(work, ("check-policies", "mine", "-p", "no:acme"))[0] == 0


@pytest.mark.parametrize("command", ["check", "policies", "explain", "check-policies", "plugins"])
def test_a_name_that_there_is_not_is_a_usage_error(work: Path, acme: Path, command: str) -> None:
    word = ["OBS001"] if command == "explain" else []
    write(work, pack("mine"))
    assert (
        refused(work, command, *word, "-p", "no:acne")[0]
        == "error: -p no:acne: there is no plugin 'acne' - did you mean 'acme'?"
    )


def test_the_environment_chooses(work: Path, acme: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOURNEYLINT_LOAD_PLUGINS", "")
    assert found(work) == []
    monkeypatch.setenv("JOURNEYLINT_LOAD_PLUGINS", "acme")
    assert found(work) == ["ACME001"]
    monkeypatch.setenv("JOURNEYLINT_LOAD_PLUGINS", "acne")
    assert refused(work, "check")[0].startswith("error: JOURNEYLINT_LOAD_PLUGINS: there is no plugin 'acne'")


def test_what_is_not_loaded_is_not_imported(work: Path, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(site, "acme-policies", {"acme_policies.py": "raise SystemExit(0)"}, plugin="acme")
    assert refused(work, "check")
    assert found(work, "-p", "no:acme") == []
    write(work, {"journeylint.yaml": "plugins: {block: [acme-policies]}\n"})
    assert found(work) == []
    write(work, {"journeylint.yaml": "plugins: {allow: [another]}\n"})
    assert found(work) == []
    (work / "journeylint.yaml").unlink()
    monkeypatch.setenv("JOURNEYLINT_LOAD_PLUGINS", "")
    assert found(work) == []


def test_a_blocked_plugin_is_told_with_the_place(work: Path, acme: Path) -> None:
    write(work, {"journeylint.yaml": "plugins:\n  block:\n    - acme-policies<2\n"})
    assert found(work) == []
    assert plugins(work)["acme"]["reason"] == "blocked at journeylint.yaml:3:7 (acme-policies<2)"
    out = run_in(work, ("plugins",))[1]
    assert "acme (acme-policies 1.2), not loaded\n  blocked at journeylint.yaml:3:7 (acme-policies<2)\n" in out
    assert out.endswith("4 plugins, and 1 that is not loaded.\n")


def test_an_allowed_plugin_in_another_version_ends_the_run(work: Path, acme: Path) -> None:
    write(work, {"journeylint.yaml": "plugins: {allow: ['acme-policies>=2']}\n"})
    assert refused(work, "check")[0].startswith(
        "error: journeylint.yaml:1:19: 'acme-policies>=2' is allowed, but installed is acme (acme-policies 1.2)"
    )


def test_the_list_fits_a_terminal(work: Path, acme: Path) -> None:
    assert max(map(len, run_in(work, ("plugins",))[1].split("\n"))) <= 80


def test_the_list_for_programs_says_all_of_the_built_in_ones(work: Path) -> None:
    built_in = plugins(work)
    assert list(built_in) == ["built-in core", "built-in schemas", "built-in policies", "built-in dataverse"]
    assert {".yaml", ".json"} <= set(built_in["built-in core"]["loaders"])
    assert "text" in [report["format"] for report in built_in["built-in core"]["reports"]]
    assert "hours(int) -> duration" in [one["signature"] for one in built_in["built-in core"]["functions"]]
    assert built_in["built-in schemas"]["kinds"] == ["Journey", "Segment", "Message", "Trigger", "Environment"]
    assert [one["format"] for one in built_in["built-in dataverse"]["imports"]] == [
        "configuration-migration",
        "web-api",
    ]
    assert "msdynmkt_journey" in built_in["built-in dataverse"]["tables"]
    assert listed(work)["schemaVersion"] == "1"


# -- Python in the repository

LOCAL = """\
from pathlib import Path
from journeylint import hookimpl
from journeylint.ports import CelFunction

Path("was-imported").touch()

@hookimpl
def journeylint_functions():
    return [CelFunction("shout", ("string",), "string", str.upper)]
"""


@pytest.fixture
def with_local(work: Path) -> Path:
    return write(work, {"tools/mine.py": LOCAL, "journeylint.yaml": "plugins: {paths: [tools/mine.py]}\n"})


@pytest.mark.parametrize("command", ["check", "policies", "explain", "check-policies", "plugins"])
def test_python_in_the_repository_is_never_imported_unasked(
    with_local: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOURNEYLINT_LOAD_PLUGINS", "")
    monkeypatch.setenv("JOURNEYLINT_ALLOW_LOCAL_PLUGINS", "1")
    write(with_local, pack("mine"))

    told = refused(with_local, command, *(["OBS001"] if command == "explain" else []))

    assert told[0].startswith("error: journeylint.yaml:1:19: 'tools/mine.py' is Python in this repository, ")
    assert "--allow-local-plugins" in told[0]
    assert not (with_local / "was-imported").exists()


def test_it_is_imported_where_the_command_line_allows_it(with_local: Path) -> None:
    plugin = plugins(with_local, "--allow-local-plugins")["mine"]
    assert (plugin["path"], plugin["distribution"], plugin["version"]) == ("tools/mine.py", None, None)
    assert [one["signature"] for one in plugin["functions"]] == ["shout(string) -> string"]
    assert (with_local / "was-imported").exists()
    assert found(with_local, "--allow-local-plugins") == []


def test_it_can_be_left_out(with_local: Path) -> None:
    assert found(with_local, "-p", "no:mine") == []
    assert not (with_local / "was-imported").exists()


def test_a_package_in_the_repository_may_import_its_own_modules_and_bring_packs(work: Path) -> None:
    module = LOCAL.replace('Path("was-imported").touch()', "from .inner import NAME").replace('"shout"', "NAME")
    files = {"tools/mine/__init__.py": module, "tools/mine/inner.py": "NAME = 'whisper'\n", **pack("tools/mine")}
    write(work, {**files, "journeylint.yaml": "plugins: {paths: [tools/mine]}\n"})
    assert found(work, "--allow-local-plugins", "journeys") == ["ACME001"]
    functions = plugins(work, "--allow-local-plugins")["mine"]["functions"]
    assert [one["signature"] for one in functions] == ["whisper(string) -> string"]


def test_one_with_the_name_of_a_module_stands_in_nobodys_way(work: Path) -> None:
    write(work, {"json.py": LOCAL, "journeylint.yaml": "plugins: {paths: [json.py]}\n"})
    assert plugins(work, "--allow-local-plugins")["json"]["loaded"]


def test_one_that_is_broken_is_named_with_its_path(work: Path) -> None:
    write(work, {"mine.py": "1 / 0", "journeylint.yaml": "plugins: {paths: [mine.py]}\n"})
    assert refused(work, "check", "--allow-local-plugins") == [
        "error: plugin mine (mine.py) cannot be imported: ZeroDivisionError: division by zero",
        "  -p no:mine runs without it",
    ]


# -- processes that begin with nothing

SPAWNING = "import sys; from journeylint.cli import main; sys.platform = 'darwin'; sys.exit(main(sys.argv[1:]))"
"""The program on a system where a process is not copied: what it knows of plugins has to be handed over."""


@pytest.mark.parametrize("argv", [(), ("-p", "no:broken", "--allow-local-plugins")])
def test_every_process_has_the_same_plugins(work: Path, site: Path, tmp_path: Path, argv: tuple[str, ...]) -> None:
    install(site, "acme-policies", {"acme_policies/__init__.py": "", **pack("acme_policies")}, plugin="acme")
    if argv:
        install(site, "broken", {"broken.py": "1 / 0"})
        write(work, {"tools/mine.py": LOCAL, "journeylint.yaml": "plugins: {paths: [tools/mine.py]}\n"})
    write(work, {f"journeys/{number}.yaml": journey(name=f"j{number}") for number in range(40)})
    environment = {**os.environ, "PYTHONPATH": str(site)}
    command = [sys.executable, "-c", SPAWNING, "check", "-o", "json", "--as-of", AS_OF, "--jobs", "3", *argv]

    done = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (1, "")
    assert len(json.loads(done.stdout)["findings"]) == 41
