"""Each of the packages works in an empty folder, away from the checkout."""

from __future__ import annotations

import json
from pathlib import Path

from tests.packaging.conftest import ROOT, Environment

POLICIES = sorted(file.parent.name for file in ROOT.glob("policies/*/*/policy.yaml"))
EXCLUDES_OUTBOUND_SEGMENT = """\
apiVersion: journeylint/v1
kind: Journey
metadata: {name: spring-sale}
spec:
  frequency: ongoing
  segments:
    - {name: vip-customers, role: exclusion}
---
apiVersion: journeylint/v1
kind: Segment
metadata: {name: vip-customers}
spec: {source: outbound, memberCount: 10}
"""


def test_every_policy_is_listed_in_an_empty_folder(environment: Environment) -> None:
    ran = environment.run("-m", "journeylint", "policies", "--format", "json")
    assert ran.returncode == 0, ran.stderr
    listed = json.dumps(json.loads(ran.stdout))
    assert [name for name in POLICIES if f'"{name}"' not in listed] == []


def test_a_manifest_is_judged_in_an_empty_folder(environment: Environment, tmp_path: Path) -> None:
    manifest = tmp_path / "journey.yaml"
    manifest.write_text(EXCLUDES_OUTBOUND_SEGMENT, encoding="utf-8")
    ran = environment.run("-m", "journeylint", "check", str(manifest), "--as-of", "2025-01-01", "-o", "json")
    assert ran.returncode == 1, ran.stderr
    assert "OBS002" in {finding["policy"] for finding in json.loads(ran.stdout)["findings"]}


def test_a_manifest_against_the_schema_is_a_failure_in_an_empty_folder(
    environment: Environment, tmp_path: Path
) -> None:
    manifest = tmp_path / "journey.yaml"
    manifest.write_text(EXCLUDES_OUTBOUND_SEGMENT.replace("frequency: ongoing", "frequency: often"), encoding="utf-8")
    ran = environment.run("-m", "journeylint", "check", str(manifest), "--as-of", "2025-01-01", "-o", "json")
    assert ran.returncode == 3, ran.stderr
    assert {failure["code"] for failure in json.loads(ran.stdout)["failures"]} == {"JL002"}
