"""`journeylint explain POLICY FILE` where a finding is suppressed: it says so, and by whom and until when."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.contract.command_line import AS_OF, journey, run_in, segment, write
from tests.kinds import read_schema

COMMENT = "# journeylint: ignore[OBS002] until 2025-03-01 by crm -- CRM-1"


def project(folder: Path) -> Path:
    return write(
        folder,
        {
            "a.yaml": journey(
                "", f"name: vip, role: exclusion}} {COMMENT}\n  - {{name: vip, role: suppression", name="a"
            ),
            "segments.yaml": segment("vip"),
        },
    )


def explained(folder: Path, *argv: str, as_of: str = AS_OF) -> str:
    status, out, err = run_in(folder, ("explain", "OBS002", *argv, "--as-of", as_of))
    assert (status, err) == (0, "")
    return out


@pytest.mark.parametrize("target", ["a.yaml", "Journey/a"])
def test_the_page_says_that_the_finding_is_suppressed(tmp_path: Path, target: str) -> None:
    page = explained(project(tmp_path), target)
    assert page.count("\ndoes not comply\n") == 2
    assert page.count("\nsuppressed until 2025-03-01 by crm, at a.yaml:7:34 (comment): CRM-1\n") == 1


def test_what_is_over_suppresses_nothing_here_either(tmp_path: Path) -> None:
    assert "suppressed until" not in explained(project(tmp_path), "a.yaml", as_of="2025-03-02")


def test_programs_are_told_with_the_same_keys_as_in_reports(tmp_path: Path) -> None:
    found = json.loads(explained(project(tmp_path), "a.yaml", "--format", "json"))
    jsonschema.validate(found, read_schema("explanation"))
    first, second = (node["suppression"] for node in found["nodes"])
    assert second is None
    report = json.loads(run_in(tmp_path, ("check", "-o", "json", "--as-of", AS_OF))[1])
    assert first == report["suppressed"][0]["suppression"]


def test_a_hostile_reason_is_harmless(tmp_path: Path) -> None:
    text = (project(tmp_path) / "a.yaml").read_text(encoding="utf-8")
    write(tmp_path, {"a.yaml": text.replace("CRM-1", "##vso[task.complete] ::error::" + "x" * 900)})
    page = explained(tmp_path, "a.yaml")
    assert "##vso" not in page
    assert "x" * 501 not in page


@pytest.mark.parametrize("target", ["a.yaml", "own.yaml", "Suppression/0"])
def test_what_a_policy_says_of_suppressions_is_explained_in_no_file(tmp_path: Path, target: str) -> None:
    own = "apiVersion: journeylint/v1\nkind: Suppression\nmetadata: {name: x}\nspec: {form: comment, policy: X, state: used}\n"
    write(project(tmp_path), {"own.yaml": own})
    status, out, err = run_in(tmp_path, ("explain", "SUP002", target))
    assert (status, out) == (2, "")
    assert err == "error: SUP002 judges manifests of kind Suppression, which a run makes itself and no file holds\n"
