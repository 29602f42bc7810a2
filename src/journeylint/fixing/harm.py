"""What fixes have done beside what they should: findings and failures that were not there before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from journeylint.fixing.values import Candidate, FindingKey, alike_key_of, key_of
from journeylint.model import Failure, Identity, Location, Report
from journeylint.suppressions.facts import KIND


class Harm(NamedTuple):
    """Something that speaks against a fix; `manifest` is where it shows, None where that is not known.

    `key` is that of a finding, or of one that is named alike, that should be gone and is not, else None.
    """

    reason: str
    manifest: Identity | None
    key: FindingKey | None = None


def find_harm(before: Report, after: Report, made: Sequence[Candidate]) -> list[Harm]:
    """What speaks against the fixes *made* between the runs that the two reports are of.

    That a suppression is needed no more does not: that is what mending comes to.
    """
    about_suppressions = {tally.policy for tally in after.policies if tally.kind == KIND}
    known = Counter(map(alike_key_of, before.findings))
    found = Counter(map(alike_key_of, after.findings))
    mended = Counter(alike_key_of(candidate.finding) for candidate in made)
    harm = [
        Harm(f"it would add {finding.policy} {finding.name} at {_tell(finding.location)}", finding.manifest)
        for key, finding in {alike_key_of(finding): finding for finding in after.findings}.items()
        if found[key] > known[key] and finding.policy not in about_suppressions
    ]
    accepted = Counter(map(alike_key_of, before.suppressed))
    hidden = Counter(map(alike_key_of, after.suppressed))
    harm += [
        Harm(
            f"a suppression would hide {finding.policy} {finding.name}, which it was not written for", finding.manifest
        )
        for key, finding in {alike_key_of(finding): finding for finding in after.suppressed}.items()
        if key in known and hidden[key] > accepted[key]
    ]
    harm += _new_failures(before, after)
    harm += [
        Harm("the finding would still be there", key[1], key) for key in mended if known[key] - mended[key] < found[key]
    ]
    if before.summary.manifests != after.summary.manifests:
        harm.append(Harm("there would be fewer or more manifests", None))
    return harm


def blame(harm: Iterable[Harm], made: Iterable[Candidate]) -> dict[FindingKey, str]:
    """The reasons against those of the fixes *made* in whose own manifests some *harm* shows, or whose finding stays."""
    listed = list(harm)
    stays = {one.key: one.reason for one in listed if one.key is not None}
    shows = {one.manifest: one.reason for one in reversed(listed) if one.key is None and one.manifest is not None}
    blamed: dict[FindingKey, str] = {}
    for candidate in made:
        key = key_of(candidate.finding)
        reason = shows.get(candidate.finding.manifest) or stays.get(alike_key_of(candidate.finding))
        if reason is not None:
            blamed[key] = reason
    return blamed


def _new_failures(before: Report, after: Report) -> Iterator[Harm]:
    known = {_failure_key(failure) for failure in before.failures}
    for failure in after.failures:
        if _failure_key(failure) not in known:
            place = f"{failure.code.value} at {_tell(failure.location)}"
            yield Harm(f"something could not be judged any more: {place}: {failure.message}", failure.manifest)


def _failure_key(failure: Failure) -> tuple[str, str, int, str]:
    location = failure.location
    return failure.code.value, location.path, location.document, failure.message


def _tell(location: Location) -> str:
    return f"{location.full_path}:{location.span.line}:{location.span.column}"
