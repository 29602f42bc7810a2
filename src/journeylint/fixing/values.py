"""What mending findings takes and returns."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from journeylint.model import Finding, Fix, Identity, Report, SourceFile
from journeylint.stable_pointers import without_ordinals

FindingKey: TypeAlias = "tuple[str, Identity, str]"
"""What stays of a finding while its file is edited: the policy, the manifest, and the stable name of its place."""


def key_of(finding: Finding) -> FindingKey:
    """The key of *finding*, of a run that wants stable pointers."""
    detail = finding.detail
    return finding.policy, finding.manifest, detail.stable_pointer if detail is not None else finding.location.pointer


def alike_key_of(finding: Finding) -> FindingKey:
    """The key of *finding* and of all that only their order tells apart from it, which changes as they become fewer."""
    policy, manifest, name = key_of(finding)
    return policy, manifest, without_ordinals(name)


class Candidate(NamedTuple):
    """A fix that may be made, of a finding in `source`."""

    finding: Finding
    fix: Fix
    source: SourceFile


class TakenBack(NamedTuple):
    """A fix that was tried and taken back; `reason` goes on behind `not fixed: `."""

    finding: Finding
    fix: Fix
    reason: str


class FixedFile(NamedTuple):
    """A file whose content changes, and the fixes of it in the order in which they were made."""

    source: SourceFile
    before: bytes
    after: bytes
    fixes: tuple[Candidate, ...]


class FixOutcome(NamedTuple):
    """What came of mending: nothing is written yet.

    `report` is on the workspace as it is with the fixes; `left` are its findings that may be told (of the policies and in
    the files that were asked for). `files` are sorted by path, `taken_back` is in the order of the report.
    """

    report: Report
    files: tuple[FixedFile, ...]
    taken_back: tuple[TakenBack, ...]
    left: tuple[Finding, ...]
