"""What a change of policies, params or configuration does to the findings over the same manifests.

Two reports over the same manifests at the same instant are compared. A finding is the same in both if its policy, the
manifest's identity and the stable place in it are: a policy that was renamed is followed by its former id, and what
stands at the place may be told in other words or at another severity.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import NamedTuple, TypeAlias

from journeylint.model import Failure, Finding, Identity, Report, Severity
from journeylint.settings.values import FailOn

Key: TypeAlias = "tuple[str, Identity, str]"
"""A policy's present id, a manifest, and the stable pointer of a place in it."""


class FindingChange(NamedTuple):
    """A finding before and after the change: without `before` it appears, without `after` it vanishes."""

    before: Finding | None
    after: Finding | None

    @property
    def finding(self) -> Finding:
        """The finding as it is, or, where it is gone, as it was."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - one of them is there
        return found

    @property
    def what(self) -> str:
        """`appears`, `vanishes` or `changes`."""
        if self.before is None:
            return "appears"
        return "vanishes" if self.after is None else "changes"


class PolicyImpact(NamedTuple):
    """What the change does to one policy's findings; `state` says whether the policy is `new`, `gone`, or empty."""

    policy: str
    name: str
    state: str
    appear: int
    vanish: int
    change: int
    stay: int


class ManifestImpact(NamedTuple):
    """What the change does to the findings about one manifest; `path` is where it stands."""

    manifest: Identity
    path: str
    appear: int
    vanish: int
    change: int


class FailureAfter(NamedTuple):
    """Something that could not be judged after the change; `is_new` where it could be before."""

    failure: Failure
    is_new: bool


class Impact(NamedTuple):
    """The whole difference, each part sorted: changes as reports sort findings, policies by id, manifests by path."""

    as_of: datetime
    before: str
    after: str
    manifests: int
    changes: tuple[FindingChange, ...]
    by_policy: tuple[PolicyImpact, ...]
    by_manifest: tuple[ManifestImpact, ...]
    stay: int
    failures: tuple[FailureAfter, ...]

    @property
    def new_failures(self) -> int:
        """How many failures were not there before."""
        return sum(one.is_new for one in self.failures)

    def of(self, what: str) -> tuple[FindingChange, ...]:
        """The changes that are `appears`, `vanishes` or `changes`."""
        return tuple(change for change in self.changes if change.what == what)

    def worsening(self, fail_on: FailOn) -> tuple[FindingChange, ...]:
        """The changes that bring a finding at or above *fail_on* where there was none as bad as that."""
        return tuple(
            one
            for one in self.changes
            if one.after is not None
            and fail_on.counts(one.after.severity)
            and not (one.before is not None and fail_on.counts(one.before.severity))
        )


class Side(NamedTuple):
    """One of the two runs: what it is called, and its report."""

    label: str
    report: Report


def compare(before: Side, after: Side, *, renamed: Mapping[str, str]) -> Impact:
    """The impact of going from *before* to *after*; *renamed* leads from former ids of policies to present ones.

    Both reports are over the same manifests at the same instant and have `Want.STABLE_POINTERS`.
    """
    changes, stay = _pair(before.report.findings, after.report.findings, renamed)
    known = set(map(_failure_key, before.report.failures))
    return Impact(
        as_of=after.report.as_of,
        before=before.label,
        after=after.label,
        manifests=after.report.summary.manifests,
        changes=tuple(sorted(changes, key=_order)),
        by_policy=tuple(_by_policy(changes, stay, before.report, after.report, renamed)),
        by_manifest=tuple(_by_manifest(changes)),
        stay=stay.total(),
        failures=tuple(FailureAfter(one, _failure_key(one) not in known) for one in after.report.failures),
    )


def _pair(
    before: Sequence[Finding], after: Sequence[Finding], renamed: Mapping[str, str]
) -> tuple[list[FindingChange], Counter[str]]:
    """What differs, and how many findings stay as they are, by policy.

    Where a policy has several findings at one place, those told in the same words belong together.
    """
    old: dict[Key, list[Finding]] = defaultdict(list)
    new: dict[Key, list[Finding]] = defaultdict(list)
    for finding in before:
        old[_key(finding, renamed)].append(finding)
    for finding in after:
        new[_key(finding, {})].append(finding)
    changes: list[FindingChange] = []
    stay: Counter[str] = Counter()
    for key in old.keys() | new.keys():
        left, right = _without_equals(old.get(key, []), new.get(key, []))
        stay[key[0]] += len(new.get(key, [])) - len(right)
        changes += [FindingChange(*pair) for pair in zip_longest(left, right)]
    return changes, stay


def _without_equals(old: list[Finding], new: list[Finding]) -> tuple[list[Finding], list[Finding]]:
    """*old* and *new* without those that are in both at the same severity with the same message."""
    both = Counter(map(_told, old)) & Counter(map(_told, new))
    return list(_take_out(old, both)), list(_take_out(new, both))


def _take_out(findings: Iterable[Finding], both: Counter[tuple[Severity, str]]) -> Iterator[Finding]:
    left = both.copy()
    for finding in findings:
        if left[_told(finding)] > 0:
            left[_told(finding)] -= 1
        else:
            yield finding


def _told(finding: Finding) -> tuple[Severity, str]:
    return finding.severity, finding.message


def _key(finding: Finding, renamed: Mapping[str, str]) -> Key:
    pointer = finding.detail.stable_pointer if finding.detail is not None else finding.location.pointer
    return renamed.get(finding.policy, finding.policy), finding.manifest, pointer


def _by_policy(
    changes: Iterable[FindingChange],
    stay: Mapping[str, int],
    before: Report,
    after: Report,
    renamed: Mapping[str, str],
) -> Iterator[PolicyImpact]:
    """A row for each policy that is new, gone, or has other findings than before."""
    old = {renamed.get(tally.policy, tally.policy): tally.name for tally in before.policies}
    new = {tally.policy: tally.name for tally in after.policies}
    counts: Counter[tuple[str, str]] = Counter()
    for one in changes:
        counts[renamed.get(one.finding.policy, one.finding.policy), one.what] += 1
    for policy in sorted(old.keys() | new.keys()):
        state = "" if policy in old and policy in new else "new" if policy in new else "gone"
        appear, vanish, change = (counts[policy, what] for what in ("appears", "vanishes", "changes"))
        if state or appear or vanish or change:
            name = new.get(policy) or old[policy]
            yield PolicyImpact(policy, name, state, appear, vanish, change, stay.get(policy, 0))


def _by_manifest(changes: Iterable[FindingChange]) -> Iterator[ManifestImpact]:
    counts: Counter[tuple[str, Identity, str]] = Counter()
    for one in changes:
        counts[one.finding.location.path, one.finding.manifest, one.what] += 1
    for path, manifest in sorted({key[:2] for key in counts}):
        appear, vanish, change = (counts[path, manifest, what] for what in ("appears", "vanishes", "changes"))
        yield ManifestImpact(manifest, path, appear, vanish, change)


def _order(change: FindingChange) -> tuple[str, int, int, str, str, str]:
    finding = change.finding
    span = finding.location.span
    return finding.location.path, span.line, span.column, finding.policy, change.what, finding.message


def _failure_key(failure: Failure) -> tuple[str, str, int, str, str]:
    location = failure.location
    return failure.code.value, location.path, location.document, location.pointer, failure.message
