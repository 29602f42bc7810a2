"""The contract on what others add: an installed plugin with a pack, a kind and a function, and plugins that are broken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.command_line import AS_OF, journey, segment, write

MODULE = """\
from pathlib import Path

import journeylint
from journeylint.ports import CelFunction, Kind, PolicyRoot

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["apiVersion", "kind", "metadata", "spec"],
    "additionalProperties": False,
    "properties": {
        "apiVersion": {"const": "journeylint/v1"},
        "kind": {"const": "Email"},
        "metadata": {
            "type": "object",
            "required": ["name"],
            "properties": {"name": {"type": "string"}, "environment": {"type": "string", "default": "default"}},
        },
        "spec": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"subject": {"type": "string", "default": "none"}},
        },
    },
}


@journeylint.hookimpl
def journeylint_policy_roots():
    return [PolicyRoot(Path(__file__).parent / "acme_policies")]


@journeylint.hookimpl
def journeylint_kinds():
    return [Kind("Email", SCHEMA)]


@journeylint.hookimpl
def journeylint_functions():
    return [CelFunction("shout", ("string",), "string", lambda text: text.upper() + "!")]
"""
PACK = "name: acme\nprefix: ACME\ntitle: What Acme asks for\n"
POLICY = """\
id: ACME001
name: quiet-subject
title: Subject that does not shout
severity: warning
since: 1.0.0
match:
  kind: Email
require: email.spec.subject == shout(email.metadata.name)
at: /spec/subject
message: "'${email.spec.subject}' should be ${shout(email.metadata.name)}"
rationale: Acme shouts.
remediation: Shout.
"""
EMAIL = "apiVersion: journeylint/v1\nkind: Email\nmetadata: {name: hi}\nspec: {subject: %s}\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder to be put on the import path, in which the distribution `acme-journeys` is installed."""
    folder = "site/acme_policies/acme/"
    return write(
        tmp_path,
        {
            "site/acme_journeys.py": MODULE,
            "site/acme_journeys-1.2.dist-info/METADATA": "Metadata-Version: 2.1\nName: acme-journeys\nVersion: 1.2\n",
            "site/acme_journeys-1.2.dist-info/entry_points.txt": "[journeylint]\nacme = acme_journeys\n",
            f"{folder}pack.yaml": PACK,
            f"{folder}quiet-subject/policy.yaml": POLICY,
            "work/good.yaml": EMAIL % "HI!",
            "work/bad.yaml": (EMAIL % "hi").replace("name: hi", "name: ho"),
        },
    )


def run(site: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    """The program with the plugin of *site* installed, over *site*/work, as a user would start it."""
    environment = {**os.environ, "PYTHONPATH": str(site / "site")}
    command = [sys.executable, "-m", "journeylint", *argv]
    return subprocess.run(command, cwd=site / "work", env=environment, capture_output=True, text=True, check=False)


def check(site: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    return run(site, "check", "--as-of", AS_OF, "-o", "json", *argv)


def test_its_policies_judge_its_kinds_with_its_functions(site: Path) -> None:
    done = check(site)

    assert done.stderr == ""
    report = json.loads(done.stdout)
    assert [(f["policy"], f["location"]["path"], f["message"]) for f in report["findings"]] == [
        ("ACME001", "bad.yaml", "'hi' should be HO!")
    ]
    assert report["findings"][0]["location"]["pointer"] == "/spec/subject"
    assert {"policy": "ACME001", "matched": 2, "passed": 1, "failed": 1, "notApplicable": 0} in report["policies"]


def test_its_policies_are_selected_listed_and_explained(site: Path) -> None:
    assert check(site, "--select", "acme", "--fail-on", "warning").returncode == 1
    assert check(site, "--ignore", "quiet-subject", "--fail-on", "warning").returncode == 0
    assert "ACME001" in run(site, "policies").stdout
    assert "Acme shouts." in run(site, "explain", "ACME001").stdout


def test_a_kind_of_a_plugin_without_our_api_version_is_a_failure(site: Path) -> None:
    write(site, {"work/bad.yaml": "kind: Email\nmetadata: {name: x}\n"})

    done = check(site)

    assert done.returncode == 3
    assert {failure["code"] for failure in json.loads(done.stdout)["failures"]} == {"JL002"}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("email.spec.subject == ", "email.spec.subjct == ", ["subjct", "subject"]),
        ("shout(email.metadata.name)\n", "shuot(email.metadata.name)\n", ["shuot", "shout"]),
        ("require: email.", "require: emial.", ["emial", "email"]),
        ("require: email.spec.subject ==", "require: email.spec.subject +", ["bool"]),
        ("id: ACME001", "id: OBS099", ["OBS099", "ACME"]),
        ("name: quiet-subject", "name: loud-subject", ["loud-subject", "quiet-subject"]),
        ("kind: Email", "kind: Emial", ["Emial", "Email"]),
        ("severity: warning", "severity: warn", ["warn", "warning"]),
        ("${email.spec.subject}", "${email.spec.subject", ["${"]),
        ("remediation: Shout.\n", "", ["remediation"]),
        ("at: /spec/subject", "at: spec", ["at"]),
    ],
)
def test_a_broken_policy_is_exit_2_with_place_and_nearest_name(
    site: Path, old: str, new: str, words: list[str]
) -> None:
    assert old in POLICY
    write(site, {"site/acme_policies/acme/quiet-subject/policy.yaml": POLICY.replace(old, new, 1)})

    done = check(site)

    assert (done.returncode, done.stdout) == (2, "")
    assert "quiet-subject/policy.yaml:" in done.stderr.replace("\\", "/")
    assert [word for word in words if word not in done.stderr] == []
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "module",
    [
        "import no_such_module\n",
        "1 / 0\n",
        "def f(:\n",
        MODULE.replace("journeylint_kinds", "journeylint_kind"),
        MODULE.replace('return [Kind("Email", SCHEMA)]', "raise RuntimeError('broken')"),
        MODULE.replace('return [Kind("Email", SCHEMA)]', "return 7"),
        MODULE.replace('Kind("Email", SCHEMA)', 'Kind("Journey", SCHEMA)'),
        MODULE.replace('"acme_policies"', '"nowhere"'),
        MODULE.replace('("string",), "string"', '("text",), "string"'),
        "import sys\nsys.exit(0)\n",
        MODULE.replace("[PolicyRoot(", "exit(").replace('"acme_policies")]', '"x")'),
        MODULE.replace('"type": "object",\n    "required"', '"type": "objekt",\n    "required"'),
    ],
)
def test_a_broken_plugin_is_exit_2_and_named_with_its_distribution(site: Path, module: str) -> None:
    write(site, {"site/acme_journeys.py": module})

    done = check(site)

    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert "acme-journeys" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("function", "words"),
    [("1 / 0", ["ACME001"]), ("7", ["ACME001"]), ("None", ["ACME001"])],
)
def test_a_predicate_that_raises_is_a_failure_and_no_pass(site: Path, function: str, words: list[str]) -> None:
    write(site, {"site/acme_journeys.py": MODULE.replace('text.upper() + "!"', function)})

    done = check(site)

    assert done.returncode == 3, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert {failure["code"] for failure in report["failures"]} == {"JL003"}
    assert {failure["name"] for failure in report["failures"]} == {"predicate-error"}
    assert all(word in failure["message"] for failure in report["failures"] for word in words)
    assert report["findings"] == []


def test_a_predicate_error_stands_at_its_node_and_stops_nothing_else(site: Path) -> None:
    policy = POLICY.replace("email.spec.subject == shout(email.metadata.name)", "int(email.spec.subject) > 0")
    policy = policy.replace("'${email.spec.subject}' should be ${shout(email.metadata.name)}", "low")
    write(
        site,
        {
            "site/acme_policies/acme/quiet-subject/policy.yaml": policy,
            "work/good.yaml": EMAIL % '"1"',
            "work/j.yaml": journey("", "name: gone, role: audience") + "---\n" + segment(),
        },
    )

    done = check(site)

    report = json.loads(done.stdout)
    assert done.returncode == 3
    assert [(f["code"], f["location"]["path"]) for f in report["failures"]] == [("JL003", "bad.yaml")]
    assert report["failures"][0]["manifest"] == {"kind": "Email", "name": "ho", "environment": "default"}
    assert [f["policy"] for f in report["findings"]] == ["REF001"]


def test_a_message_that_raises_is_a_failure(site: Path) -> None:
    policy = POLICY.replace("should be ${shout(email.metadata.name)}", "${int(email.spec.subject)}")
    write(site, {"site/acme_policies/acme/quiet-subject/policy.yaml": policy})

    report = json.loads(check(site).stdout)

    assert [failure["code"] for failure in report["failures"]] == ["JL003"]
    assert report["findings"] == []
