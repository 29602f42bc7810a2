"""Packs and manifests made up in a folder, and a run over them, for tests of the engine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from journeylint.check_request import CheckRequest
from journeylint.host import Host, build_host
from journeylint.model import Finding, JsonObject, JsonValue, PolicyTally, Report
from journeylint.pipeline import check
from journeylint.ports import PolicyRoot, Supplied

AS_OF = "2025-03-01T00:00:00Z"


@cache
def builtin_host() -> Host:
    """The host with the built-in plugins alone."""
    return build_host([])


def host_over(root: Path, host: Host | None = None) -> Host:
    """A host whose only packs are those below *root*."""
    return (host or builtin_host())._replace(policy_roots=(Supplied("test (test 1)", PolicyRoot(root)),))


def make_policy(number: int = 1, /, **members: JsonValue) -> JsonObject:
    """A policy that fails for every manifest of `kind` (default: Journey); *members* replace or add.

    `each_`, `as_` and `when_` go into `match`.
    """
    match: JsonObject = {"kind": members.pop("kind", "Journey")}
    for name in ("each", "as", "when"):
        if f"{name}_" in members:
            match[name] = members.pop(f"{name}_")
    return {
        "id": f"TST{number:03}",
        "name": f"policy-{number}",
        "title": "A policy",
        "severity": "error",
        "since": "0.1.0",
        "match": match,
        "require": "false",
        "message": "It fails.",
        "rationale": "Why.",
        "remediation": "How.",
        **members,
    }


def write_pack(
    root: Path, *policies: JsonObject, shared: JsonObject | None = None, name: str = "pack", prefix: str = "TST"
) -> Path:
    """Write a pack of *policies* below *root*, in JSON, which is YAML too, and return *root*."""
    folder = root / name
    folder.mkdir(parents=True, exist_ok=True)
    pack: JsonObject = {"name": name, "prefix": prefix, "title": "A pack"}
    if shared is not None:
        pack["shared"] = shared
    (folder / "pack.yaml").write_text(json.dumps(pack, indent=1))
    for policy in policies:
        place = folder / str(policy["name"])
        place.mkdir(exist_ok=True)
        (place / "policy.yaml").write_text(json.dumps(policy, indent=1))
    return root


def run_check(
    folder: Path,
    host: Host,
    files: Mapping[str, str | list[JsonObject] | JsonObject],
    *,
    config: str = "",
    jobs: int = 1,
) -> Report:
    """The report on *files* (text, or manifests to be written as JSON) that are written below *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "journeylint.yaml").write_text(config or "fail-on: error\n")
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(write_text_of(content), encoding="utf-8")
    return check(CheckRequest((), folder, as_of=AS_OF, jobs=jobs, use_cache=False), host)


def judge(
    tmp_path: Path,
    *policies: JsonObject,
    files: Mapping[str, str | list[JsonObject] | JsonObject],
    shared: JsonObject | None = None,
    config: str = "",
) -> Report:
    """The report of a pack of *policies* on *files*."""
    return run_check(
        tmp_path / "work", host_over(write_pack(tmp_path / "packs", *policies, shared=shared)), files, config=config
    )


def tally_of(report: Report, policy: str = "TST001") -> tuple[int, int, int]:
    """Passed, failed and not applicable."""
    tally: PolicyTally = next(one for one in report.policies if one.policy == policy)
    assert tally.matched == tally.passed + tally.failed
    return tally.passed, tally.failed, tally.not_applicable


def places_of(report: Report) -> list[tuple[str, str]]:
    """Policy and pointer of each finding."""
    return [(finding.policy, finding.location.pointer) for finding in report.findings]


def messages_of(report: Report) -> list[str]:
    """The message of each finding."""
    return [finding.message for finding in report.findings]


def only_finding(report: Report) -> Finding:
    """The one finding of a report without failures."""
    assert report.failures == ()
    (finding,) = report.findings
    return finding


def write_text_of(content: str | list[JsonObject] | JsonObject) -> str:
    """The text of a file: as it is, or manifests as JSON, documents apart."""
    if isinstance(content, str):
        return content
    documents = content if isinstance(content, list) else [content]
    return "\n---\n".join(json.dumps(document, indent=1) for document in documents)
