"""`journeylint new`: what it writes passes every check as it is, and it writes over nothing."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from journeylint.formats.yaml import YamlLoader
from journeylint.host import Host, build_host
from journeylint.model import JsonObject
from journeylint.policies import Policy
from journeylint.ports import Kind
from journeylint.scaffold.example import ExampleError, make_example
from journeylint.scaffold.policy import NewPolicy, cases_of, pack_text, policy_text, prefix_of
from journeylint.testing import find_cases, read_case, read_policies, run_case
from tests.contract.command_line import run_in, write

HOST = build_host(())
MUTANTS = ["<", ">", ">=", "==", "!="]


def new(folder: Path, *argv: str) -> tuple[int, str, str]:
    return run_in(folder, ("new", *argv))


def policies_in(root: Path, host: Host = HOST) -> tuple[Policy, ...]:
    return read_policies(root, host).policies


def cases_hold(policy: Policy, host: Host = HOST) -> bool:
    paths = find_cases(policy)
    assert [path.name for path in paths] == ["fails.yaml", "passes.yaml"]
    results = [run_case(read_case(path), policy, host) for path in paths]
    assert not any(result.failures for result in results)
    return all(result.holds for result in results)


def assert_all_is_well(folder: Path, root: str) -> None:
    status, _, err = run_in(folder, ("check-policies", root))
    assert (status, err) == (0, ""), err
    policies = policies_in(folder / root)
    assert policies
    assert [policy.id for policy in policies if not cases_hold(policy)] == []


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--kind", "Segment"),
        ("--each", "$.spec.segments[*]"),
        ("--each", "$.spec.segments[0]"),
        ("--each", "$.metadata"),
        ("--each", "$.metadata.title"),
        ("--each", "$['metadata']"),
        ("--kind", "Segment", "--each", "$.spec"),
        ("--severity", "info", "--title", "A: 'title' # with \"signs\"", "--id", "ACME123", "--prefix", "ACME"),
    ],
)
def test_a_new_policy_passes_every_check_as_it_is(tmp_path: Path, options: tuple[str, ...]) -> None:
    status, _, err = new(tmp_path, "policy", "acme/tiny-audience", *options)
    assert (status, err) == (0, "")
    assert_all_is_well(tmp_path, "policies")


def test_the_options_stand_in_the_policy(tmp_path: Path) -> None:
    title = "A: 'title' # with \"signs\""
    options = ("--severity", "info", "--title", title, "--id", "ACM123", "--prefix", "ACM", "--kind", "Segment")
    assert new(tmp_path, "policy", "rules/acme/tiny-audience", *options)[0] == 0
    (policy,) = policies_in(tmp_path / "rules")
    assert (policy.severity.value, policy.title, policy.id, policy.kind) == ("info", title, "ACM123", "Segment")
    assert (policy.pack, policy.prefix, policy.name) == ("acme", "ACM", "tiny-audience")


@pytest.mark.parametrize("options", [(), ("--each", "$.spec.segments[*]"), ("--kind", "Segment")])
@pytest.mark.parametrize(
    ("old", "changed"),
    [*((" <= ", f" {sign} ") for sign in MUTANTS), ("default: 40", "default: 39"), ("default: 40", "default: 41")],
)
def test_the_cases_of_a_new_policy_notice_every_change_of_its_predicate(
    tmp_path: Path, options: tuple[str, ...], old: str, changed: str
) -> None:
    new(tmp_path, "policy", "acme/tiny-audience", *options)
    file = tmp_path / "policies/acme/tiny-audience/policy.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, changed), encoding="utf-8")
    (policy,) = policies_in(tmp_path / "policies")
    assert not cases_hold(policy)


def test_what_is_written_names_its_schema_for_editors(tmp_path: Path) -> None:
    new(tmp_path, "policy", "acme/tiny-audience")
    found = {
        path.name: path.read_text(encoding="utf-8").splitlines()[0] for path in tmp_path.rglob("*") if path.is_file()
    }
    schema = "# yaml-language-server: $schema=https://journeylint.dev/schemas/{}.schema.json"
    assert found == {
        "pack.yaml": schema.format("pack"),
        "policy.yaml": schema.format("policy"),
        "fails.yaml": schema.format("manifest"),
        "passes.yaml": schema.format("manifest"),
    }


def test_a_second_policy_joins_the_pack_with_the_next_id(tmp_path: Path) -> None:
    new(tmp_path, "policy", "acme/one", "--id", "ACME041")
    pack = (tmp_path / "policies/acme/pack.yaml").read_bytes()
    status, out, _ = new(tmp_path, "policy", "acme/two")
    assert status == 0
    assert "pack.yaml" not in out
    assert (tmp_path / "policies/acme/pack.yaml").read_bytes() == pack
    assert [policy.id for policy in policies_in(tmp_path / "policies")] == ["ACME041", "ACME042"]
    assert_all_is_well(tmp_path, "policies")


def test_the_author_is_told_what_was_written_and_what_to_do_next(tmp_path: Path) -> None:
    _, out, _ = new(tmp_path, "policy", "acme/tiny-audience")
    written = [line.removeprefix("Wrote ") for line in out.splitlines() if line.startswith("Wrote ")]
    assert sorted(written) == sorted(
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()
    )
    assert "\n  journeylint check-policies policies/acme\n" in out
    assert "\n  journeylint test policies/acme/tiny-audience\n" in out
    assert out.endswith("\n  policy-roots: [policies]\n")


def test_policies_go_to_the_root_that_the_configuration_names(tmp_path: Path) -> None:
    write(tmp_path, {"journeylint.yaml": "policy-roots: [rules]\n", "deep/er/x": "", "rules/x": ""})
    _, out, err = new(tmp_path / "deep/er", "policy", "acme/tiny-audience")
    assert err == ""
    assert "policy-roots" not in out
    assert_all_is_well(tmp_path, "rules")


def test_nothing_is_written_over(tmp_path: Path) -> None:
    new(tmp_path, "policy", "acme/tiny-audience")
    case = tmp_path / "policies/acme/tiny-audience/cases/fails.yaml"
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path != case}
    case.write_text("mine")
    status, out, err = new(tmp_path, "policy", "acme/tiny-audience", "--severity", "info")
    assert (status, out) == (2, "")
    assert "error: policies/acme/tiny-audience/policy.yaml is there already" in err
    assert case.read_text() == "mine"
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (("acme",), "'acme' names no pack and policy: expected [ROOT/]PACK/NAME"),
        (("Acme/x",), "'Acme' cannot be the name of a pack"),
        (("acme/../x",), "'..' cannot be the name of a pack"),
        (("acme/Tiny_audience",), "'Tiny_audience' cannot be the name of a policy"),
        (("acme/x", "--prefix", "acme"), "--prefix acme: expected 2 to 8 capital letters"),
        (("acme/x", "--id", "AC001"), "--id AC001: expected the prefix of pack acme, ACME"),
        (("acme/x", "--id", "ACME01"), "--id ACME01: expected"),
        (("acme/x", "--title", " "), "--title: expected one line"),
        (("acme/x", "--title", "t" * 121), "--title: expected one line"),
        (("acme/x", "--kind", "Jorney"), "--kind Jorney: there is no such kind - did you mean 'Journey'?"),
        (("acme/x", "--each", "spec"), "--each: 'spec' is"),
        (("acme/x", "--each", "$..name"), "--each: '$..name' is more than names"),
        (("acme/x", "--each", "$.spec.segmnts[*]"), "--each: manifests of kind Journey have nothing at"),
        (("acme/x", "--each", "$.spec.frequency"), "--each: what '$.spec.frequency' selects"),
        (("acme/x", "--prefix", "OBS"), "prefix OBS is that of the pack outbound-segments"),
        (("references/x",), "pack 'references' is there already"),
        (("acme/oversized-outbound-segment",), "policy name 'oversized-outbound-segment' is taken by OBS004"),
    ],
)
def test_a_policy_that_could_not_be_used_is_not_written(tmp_path: Path, argv: tuple[str, ...], told: str) -> None:
    status, out, err = new(tmp_path, "policy", *argv)
    assert (status, out) == (2, "")
    assert err.startswith(f"error: {told}")
    assert list(tmp_path.iterdir()) == []


def test_a_pack_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"policies/acme/pack.yaml": "- no mapping\n"})
    status, _, err = new(tmp_path, "policy", "acme/x")
    assert status == 2
    assert err == "error: policies/acme/pack.yaml cannot be used: journeylint check-policies policies/acme tells why\n"


@pytest.mark.parametrize(
    ("pack", "prefix"),
    [("acme", "ACME"), ("marketing", "MARK"), ("our-journeys", "OJ"), ("a", "AP"), ("2026", "PP"), ("x-1", "XP")],
)
def test_the_prefix_of_a_new_pack_comes_from_its_name(pack: str, prefix: str) -> None:
    assert prefix_of(pack) == prefix


def kind_of(spec: JsonObject, **more: JsonObject) -> Kind:
    name: JsonObject = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
    properties: JsonObject = {
        "apiVersion": {"const": "journeylint/v1"},
        "kind": {"const": "Mailing"},
        "metadata": name,
        "spec": spec,
    }
    return Kind("Mailing", {"type": "object", "required": [*properties], "properties": properties, **more})


STEPS: JsonObject = {
    "type": "object",
    "required": ["size", "mode"],
    "properties": {
        "size": {"type": "integer", "minimum": 3},
        "mode": {"enum": ["a", "b"]},
        "steps": {"type": "array", "items": {"$ref": "#/$defs/step"}},
    },
}
STEP: JsonObject = {"step": {"type": "object", "properties": {"note": {"type": "string"}, "on": {"type": "boolean"}}}}


@pytest.mark.parametrize("each", ["$", "$.spec.steps[*]"])
def test_a_kind_of_a_plugin_needs_no_examples(tmp_path: Path, each: str) -> None:
    kind = kind_of(STEPS, **{"$defs": STEP})
    host = HOST._replace(kinds={**HOST.kinds, "Mailing": kind})
    policy = NewPolicy("acme", "one", "ACME001", "One", "info", "Mailing", each)
    example = make_example(kind, each)
    folder = "acme/one"
    files = {"acme/pack.yaml": pack_text("acme", "ACME"), f"{folder}/policy.yaml": policy_text(policy, example)}
    cases = {f"{folder}/cases/{name}": text for name, text in cases_of(policy, example, YamlLoader()).items()}
    write(tmp_path, {**files, **cases})
    (found,) = policies_in(tmp_path, host)
    assert cases_hold(found, host)
    assert (found.when is not None) is (each != "$")


def test_a_kind_that_no_manifest_can_be_made_up_for_is_told() -> None:
    kind = kind_of({"type": "string", "pattern": "^[0-9]{5}$"})
    with pytest.raises(ExampleError, match="the schema of Mailing has no example"):
        make_example(kind, "$")


@pytest.mark.parametrize("options", [(), ("--python",)])
def test_a_new_plugin_passes_its_checks_and_tests_as_it_is(tmp_path: Path, options: tuple[str, ...]) -> None:
    status, _, err = new(tmp_path, "plugin", "acme-policies", *options)
    assert (status, err) == (0, "")
    assert_all_is_well(tmp_path, "acme-policies/src/acme_policies")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "acme-policies"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    assert "3 passed" in ran.stdout


@pytest.mark.parametrize("options", [(), ("--python",)])
def test_a_new_plugin_is_built_with_its_pack(tmp_path: Path, options: tuple[str, ...]) -> None:
    new(tmp_path, "plugin", "acme-policies", *options)
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(tmp_path / "dist")]
    ran = subprocess.run(build, cwd=tmp_path / "acme-policies", capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        entries = archive.read("acme_policies-0.1.0.dist-info/entry_points.txt").decode()
        archive.extractall(tmp_path / "installed")
    folder = "acme_policies/acme"
    policy = f"{folder}/acme-overlong-name"
    assert {
        "acme_policies/__init__.py",
        f"{folder}/pack.yaml",
        f"{policy}/policy.yaml",
        f"{policy}/cases/fails.yaml",
    } <= names
    assert entries.split() == ["[journeylint]", "acme-policies", "=", "acme_policies"]
    assert [policy.id for policy in policies_in(tmp_path / "installed/acme_policies")] == ["ACME001"]


def test_the_python_of_a_new_plugin_brings_a_function_and_a_report_format(tmp_path: Path) -> None:
    new(tmp_path, "plugin", "acme-policies", "--python")
    write(
        tmp_path / "acme-policies/src", {"acme-0.1.dist-info/entry_points.txt": "[journeylint]\nacme = acme_policies\n"}
    )
    text = "apiVersion: journeylint/v1\nkind: Journey\nmetadata: {name: a}\nspec: {frequency: often}\n"
    write(tmp_path, {"a.yaml": text})
    command = [sys.executable, "-m", "journeylint", "check", "a.yaml", "-o", "acme-lines"]
    environment = {"PYTHONPATH": str(tmp_path / "acme-policies/src"), "PATH": ""}
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 3, ran.stderr
    assert ran.stdout.startswith("JL002 a.yaml:4 ")


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (("Acme",), "'Acme' cannot be the name of a distribution"),
        (("9lives",), "'9lives' cannot be a package's name"),
        (("acme", "--prefix", "a"), "--prefix a: expected"),
    ],
)
def test_a_plugin_that_could_not_be_used_is_not_written(tmp_path: Path, argv: tuple[str, ...], told: str) -> None:
    status, out, err = new(tmp_path, "plugin", *argv)
    assert (status, out) == (2, "")
    assert err.startswith(f"error: {told}")
    assert list(tmp_path.iterdir()) == []
