"""From rows to a report: sorted, counted, with everything that reporters show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import journeylint
from journeylint.evaluate import FindingRow
from journeylint.file_shard import ShardResult
from journeylint.model import (
    Detail,
    Failure,
    Finding,
    Identity,
    Location,
    PolicyPage,
    PolicyTally,
    Related,
    Report,
    Severity,
    Span,
    Summary,
)
from journeylint.policies import Policy

_SEVERITIES = {severity.value: severity for severity in Severity}


def assemble_report(results: Sequence[ShardResult], policies: Iterable[Policy], as_of: datetime) -> Report:
    """The report of a run whose shards came to *results* and that judged by *policies*."""
    frames = {place: detail for result in results for place, detail in result.frames.items()}
    rows = [row for result in results for row in result.rows]
    rows.sort()
    failures = sorted((failure for result in results for failure in result.failures), key=_failure_order)
    ran = tuple(policies)
    severities = Counter(row.severity for row in rows)
    used = {row.policy for row in rows}
    return Report(
        tool_version=journeylint.__version__,
        as_of=as_of,
        summary=Summary(
            files=sum(result.files for result in results),
            manifests=sum(result.manifests for result in results),
            skipped_documents=sum(result.skipped_documents for result in results),
            errors=severities[Severity.ERROR.value],
            warnings=severities[Severity.WARNING.value],
            infos=severities[Severity.INFO.value],
            failures=len(failures),
        ),
        findings=tuple(_findings(rows, {policy.id: policy.name for policy in ran}, frames)),
        failures=tuple(_with_frame(failure, frames) for failure in failures),
        policies=tuple(_tally(policy, results) for policy in ran),
        kinds=dict(sorted(sum((result.kinds for result in results), Counter()).items())),
        pages={policy.id: page_of(policy) for policy in ran if policy.id in used},
    )


def page_of(policy: Policy) -> PolicyPage:
    """What people are told of a policy."""
    return PolicyPage(
        policy.id,
        policy.name,
        policy.pack,
        policy.title,
        policy.severity,
        policy.rationale,
        policy.remediation,
        policy.references,
    )


def _findings(
    rows: Iterable[FindingRow], names: Mapping[str, str], frames: Mapping[tuple[str, int, int], Detail]
) -> Iterable[Finding]:
    for row in rows:
        path, line, column, policy, end_line, end_column, document, pointer, severity, message, *_ = row
        frame = frames.get((path, line, end_line))
        yield Finding(
            policy,
            names[policy],
            _SEVERITIES[severity],
            message,
            Identity(row.environment, row.kind, row.name),
            Location(path, document, pointer, Span(line, column, end_line, end_column)),
            tuple(Related(told, location) for told, location in row.related) if row.related else (),
            row.counts,
            Detail(frame.first_line, frame.lines, row.evidence) if frame is not None else None,
        )


def _with_frame(failure: Failure, frames: Mapping[tuple[str, int, int], Detail]) -> Failure:
    span = failure.location.span
    frame = frames.get((failure.location.path, span.line, span.end_line))
    return Failure(failure.code, failure.message, failure.location, failure.manifest, frame)


def _failure_order(failure: Failure) -> tuple[str, int, int, str, int, str]:
    location = failure.location
    span = location.span
    return location.path, span.line, span.column, failure.code.value, location.document, failure.message


def _tally(policy: Policy, results: Iterable[ShardResult]) -> PolicyTally:
    counts = [result.tallies.get(policy.id, (0, 0, 0)) for result in results]
    not_applicable, passed, failed = (sum(column) for column in zip(*counts, strict=True))
    return PolicyTally(policy.id, policy.name, policy.kind, passed, failed, not_applicable)
