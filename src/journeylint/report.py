"""From rows to a report: sorted, counted, with everything that reporters show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TYPE_CHECKING

import journeylint
from journeylint.evaluate import FIX, DetailRow, ExportRow, FindingRow, RelatedRow
from journeylint.file_shard import ShardResult
from journeylint.fixes import fix_of
from journeylint.foresight import horizon_from, turn_from
from journeylint.model import (
    Detail,
    ExportedRow,
    Failure,
    Finding,
    Identity,
    JudgedExport,
    JudgedFile,
    Location,
    Outlook,
    PolicyPage,
    PolicyTally,
    Related,
    Report,
    Repository,
    Severity,
    Span,
    Summary,
    Unforeseen,
)
from journeylint.policies import Policy
from journeylint.policy_files import read_examples
from journeylint.ports import Want
from journeylint.wording import add_sentence, quote_value

if TYPE_CHECKING:
    from journeylint.suppressions.settle import Settled

_SEVERITIES = {severity.value: severity for severity in Severity}


def assemble_report(
    results: Sequence[ShardResult],
    policies: Iterable[Policy],
    as_of: datetime,
    *,
    wants: AbstractSet[Want] = frozenset(),
    only: AbstractSet[str] | None = None,
    repository: Repository | None = None,
    warnings: Sequence[str] = (),
    settled: Settled | None = None,
    until: datetime | None = None,
    exports: Iterable[JudgedExport] = (),
) -> Report:
    """The report of a run whose shards came to *results* and that judged by *policies*.

    It has the parts that reporters want. Of findings it has, where *only* is given, those in files with these paths;
    failures are in every report. Where there are suppressions, *settled* has what they left of the rows of all *results* but
    the last, which is about the suppressions. *until* is how far the run looked ahead, if it did. *exports* are those that it
    judged.
    """
    rows = [row for result in results for row in result.rows] if settled is None else [*settled.rows, *results[-1].rows]
    taken = [] if settled is None else settled.suppressed
    found = len(rows)
    if only is not None:
        rows = [row for row in rows if row.path in only]
        taken = [(row, number) for row, number in taken if row.path in only]
    rows.sort()
    failures = sort_failures(failure for result in results for failure in result.failures)
    ran = tuple(policies)
    by_id = {policy.id: policy for policy in ran}
    suppressions = () if settled is None else settled.suppressions
    accepted = zip(findings_of([row for row, _ in taken], by_id, as_of), taken, strict=True)
    severities = Counter(row.severity for row in rows)
    return Report(
        tool_version=journeylint.__version__,
        as_of=as_of,
        summary=Summary(
            files=sum(result.files for result in results) + len(set().union(*(result.exports for result in results))),
            manifests=sum(result.manifests for result in results),
            skipped_documents=sum(result.skipped_documents for result in results),
            errors=severities[Severity.ERROR.value],
            warnings=severities[Severity.WARNING.value],
            infos=severities[Severity.INFO.value],
            failures=len(failures),
            suppressed=len(taken),
            elsewhere=found - len(rows),
        ),
        findings=tuple(findings_of(rows, by_id, as_of)),
        failures=tuple(failures),
        policies=tuple(_tally(policy, results) for policy in ran),
        kinds=dict(sorted(sum((result.kinds for result in results), Counter()).items())),
        pages={policy.id: page_of(policy, with_examples=Want.EXAMPLES in wants) for policy in ran},
        files=tuple(_judged_files(results, ran, only)),
        repository=repository,
        warnings=tuple(warnings),
        suppressed=tuple(
            finding._replace(suppression=suppressions[number], counts=False) for finding, (_, number) in accepted
        ),
        suppressions=suppressions,
        outlook=None if until is None else _outlook(results, ran, until, only),
        exports=tuple(sorted(exports)),
    )


def _outlook(
    results: Sequence[ShardResult], policies: Sequence[Policy], until: datetime, only: AbstractSet[str] | None
) -> Outlook:
    """What *results* have of the time ahead, and which of *policies* are silent about it."""
    from journeylint.clock_dependence import clock_dependence  # noqa: PLC0415 - only runs that look ahead need it

    rows = [row for result in results for row in result.upcoming if only is None or row.path in only]
    rows.sort(key=lambda row: (row[:4], row.document, row.pointer, row.fails_from, row.message))
    too_deep = frozenset[str]().union(*(result.too_deep for result in results))
    ahead = [(policy, clock_dependence(policy)) for policy in policies]
    return Outlook(
        until,
        tuple(findings_of(rows, {policy.id: policy for policy in policies}, until)),
        tuple(
            Unforeseen(policy.id, policy.name, dependence.reason or policy.require.source)
            for policy, dependence in ahead
            if dependence is not None
            and (dependence.reason or policy.id in too_deep)
            and any(sum(result.tallies.get(policy.id, ())) for result in results)
        ),
    )


def page_of(policy: Policy, *, with_examples: bool = False) -> PolicyPage:
    """What people are told of a policy."""
    failing, passing = read_examples(policy) if with_examples else ("", "")
    return PolicyPage(
        policy.id,
        policy.name,
        policy.pack,
        policy.title,
        policy.severity,
        policy.rationale,
        policy.remediation,
        policy.references,
        policy.tags,
        policy.message.texts,
        failing,
        passing,
        policy.is_suppressible,
        policy.deadline,
    )


def findings_of(rows: Iterable[FindingRow], policies: Mapping[str, Policy], as_of: datetime) -> Iterator[Finding]:
    """The findings that *rows* are, in their order; *policies* are those that found them, by id.

    *as_of* is the instant of those that are there now; one to come has its own.
    """
    begins = {policy.id: policy.life.effective.begin for policy in policies.values() if policy.life.effective.begin}
    for row in rows:
        path, line, column, policy, end_line, end_column, document, pointer, severity, message, *_ = row
        fails_from = None if row.fails_from is None else turn_from(row.fails_from)
        begin = begins.get(policy)
        if begin is not None and begin <= (as_of if fails_from is None else fails_from.first):
            begin = None
        yield Finding(
            policy,
            policies[policy].name,
            _SEVERITIES[severity],
            message if row.row is None else add_sentence(message, _tell_row(ExportedRow._make(row.row))),
            Identity(row.environment, row.kind, row.name),
            Location(path, document, pointer, Span(line, column, end_line, end_column), _exported_row(row.row)),
            tuple(map(_related, row.related)) if row.related else (),
            row.counts,
            _detail(row.detail) if row.detail is not None else None,
            begin,
            horizon=None if row.horizon is None else horizon_from(row.horizon),
            fails_from=fails_from,
        )


def _detail(row: DetailRow) -> Detail:
    detail = Detail._make(row)
    return detail if row[FIX] is None else detail._replace(fix=fix_of(row[FIX]))


def _related(row: RelatedRow) -> Related:
    message, path, document, pointer, span, source = row
    return Related(message, Location(path, document, pointer, Span._make(span), _exported_row(source)))


def _exported_row(row: ExportRow) -> ExportedRow | None:
    return None if row is None else ExportedRow._make(row)


def _judged_files(
    results: Iterable[ShardResult], policies: Sequence[Policy], only: AbstractSet[str] | None
) -> Iterable[JudgedFile]:
    judged: dict[str, set[str]] = {}
    for result in results:  # several may be about one file: the last is about the suppressions in all of them
        for path, ids in result.judged.items():
            judged.setdefault(path, set()).update(ids)
    for path in sorted(judged):
        if judged[path] and (only is None or path in only):
            yield JudgedFile(path, tuple(policy.id for policy in policies if policy.id in judged[path]))


def sort_failures(failures: Iterable[Failure]) -> list[Failure]:
    """*failures* by path, line, column and code, each with the row that it is about if that is one of an export."""
    return sorted(map(_name_row, failures), key=_failure_order)


def _name_row(failure: Failure) -> Failure:
    row = failure.location.row
    return failure if row is None else failure._replace(message=add_sentence(failure.message, _tell_row(row)))


def _tell_row(row: ExportedRow) -> str:
    """Which row it is, for people who look for it in the system that it comes from; nothing where that is not known."""
    if not row.id:
        return ""
    titled = f"Row {quote_value(row.title)}" if row.title else "The row"
    return f"{titled} of {row.table}, {row.id}." if row.table else f"{titled}, {row.id}."


def _failure_order(failure: Failure) -> tuple[str, int, int, str, int, str]:
    location = failure.location
    span = location.span
    return location.path, span.line, span.column, failure.code.value, location.document, failure.message


def _tally(policy: Policy, results: Iterable[ShardResult]) -> PolicyTally:
    counts = [result.tallies.get(policy.id, (0, 0, 0)) for result in results]
    not_applicable, passed, failed = (sum(column) for column in zip(*counts, strict=True))
    return PolicyTally(policy.id, policy.name, policy.kind, passed, failed, not_applicable)
