"""The stage of a run between judging and the report: what is suppressed, and what policies find about suppressions."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from journeylint.evaluate import FindingRow, Judge
from journeylint.file_shard import JudgingParts, ShardResult, details_of, read_text
from journeylint.foresight import horizon_from, row_of_turn, turn_from
from journeylint.model import SourceFile, Suppression, Turn
from journeylint.plan import KindPlan
from journeylint.ports import Want
from journeylint.source_lines import add_lines
from journeylint.suppressions.claims import Claim, FileReach, names_items
from journeylint.suppressions.facts import KIND, at_its_place, fact_of
from journeylint.suppressions.settle import Settled, Surroundings, settle
from journeylint.workspace import Settlement, Workspace


def wants_of(claims: Iterable[Claim]) -> frozenset[Want]:
    """What has to be found out about findings so that it can be told which of them *claims* cover."""
    by_items = any(isinstance(claim.reach, FileReach) and names_items(claim.reach.tokens) for claim in claims)
    return frozenset({Want.STABLE_POINTERS}) if by_items else frozenset()


def settle_results(
    results: list[ShardResult],
    claims: Iterable[Claim],
    around: Surroundings,
    parts: JudgingParts,
    *,
    files: Iterable[SourceFile],
) -> Settled:
    """Settle *claims* over what was found in *files*, and add what policies find about the suppressions to *results*."""
    known = list(claims)
    settled = settle(sorted(row for result in results for row in result.rows), known, around)
    for result in results:
        result.upcoming = _keep_uncovered(result.upcoming, known, around)
    if parts.until is not None and results:
        results[0].upcoming += _keep_uncovered(_returning(settled, parts.until), known, around)
    result = _judge_facts(settled.suppressions, parts)
    _add_lines(result, files, around.working_directory, parts)
    results.append(result)
    return settled


def _keep_uncovered(upcoming: Iterable[FindingRow], claims: Sequence[Claim], around: Surroundings) -> list[FindingRow]:
    """Those of the findings to come that nothing will suppress on the day when they come."""
    by_day: dict[datetime, list[FindingRow]] = {}
    for row in upcoming:
        if row.fails_from is not None:
            first = turn_from(row.fails_from).first
            by_day.setdefault(first.replace(hour=0, minute=0, second=0, microsecond=0), []).append(row)
    return [row for day, rows in by_day.items() for row in settle(rows, claims, around._replace(as_of=day)).rows]


def _returning(settled: Settled, until: datetime) -> Iterator[FindingRow]:
    """The suppressed findings that will be there on the day after their suppression's last one, if that begins up to *until*.

    What they say is what they say now.
    """
    for row, number in settled.suppressed:
        last = settled.suppressions[number].until
        if last is None or last == date.max:
            continue
        begin = datetime.combine(last + timedelta(days=1), time(), UTC)
        turn = None if row.horizon is None else horizon_from(row.horizon).turn
        if begin <= until and (turn is None or begin < turn.first):
            yield row._replace(fails_from=row_of_turn(Turn(begin)))


def _judge_facts(suppressions: Sequence[Suppression], parts: JudgingParts) -> ShardResult:
    """What policies find about *suppressions*."""
    workspace = Workspace(parts.references.keys_of)
    workspace.settle(Settlement(frozenset(), frozenset(), is_alone=True))
    judge = Judge(parts.inquiry, workspace, parts.now, wants=parts.wants)
    passed_over: Counter[KindPlan] = Counter()
    for number, suppression in enumerate(suppressions):
        fact = fact_of(suppression, number)
        plan = parts.plan_for(fact.path, KIND)
        if plan is not None and plan.applies_to(fact.data):
            judge.judge(fact, plan)
        elif plan is not None:
            passed_over[plan] += 1
    verdicts = judge.finish(passed_over)
    result = ShardResult()
    result.rows = [at_its_place(row, suppressions) for row in verdicts.rows]
    result.failures, result.tallies, result.judged = verdicts.failures, verdicts.tallies, verdicts.judged
    return result


def _add_lines(result: ShardResult, files: Iterable[SourceFile], working_directory: str, parts: JudgingParts) -> None:
    """Let the findings in *result* have what reports say of the lines that they point at."""
    if not parts.wants & {Want.LINES, Want.LINE_HASHES}:
        return
    sources = {source.path: source for source in files}
    for path, details in details_of(result.rows).items():
        elsewhere = SourceFile(path, os.path.join(working_directory, path))  # noqa: PTH118 - text in and out
        add_lines(details, read_text(sources.get(path, elsewhere)), parts.wants)
