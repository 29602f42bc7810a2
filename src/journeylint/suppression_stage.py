"""The stage of a run between judging and the report: what is suppressed, and what policies find about suppressions."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from journeylint.evaluate import Judge
from journeylint.file_shard import JudgingParts, ShardResult, details_of, read_text
from journeylint.model import Identity, SourceFile, Suppression, SuppressionForm
from journeylint.plan import KindPlan
from journeylint.ports import Want
from journeylint.source_lines import add_lines
from journeylint.suppressions.ahead import look_ahead
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
    if parts.until is not None:
        upcoming = [row for result in results for row in result.upcoming]
        ahead = look_ahead([row for row, _ in settled.suppressed], upcoming, known, around, until=parts.until)
        for result in results:
            result.upcoming = []
        results[0].upcoming = ahead
    result = _judge_facts(settled.suppressions, parts)
    _add_lines(result, files, around.working_directory, parts)
    results.append(result)
    return settled


def widen_focus(
    only: AbstractSet[str], asked: Iterable[str], suppressions: Iterable[Suppression], places: Mapping[Identity, str]
) -> frozenset[str]:
    """*only*, the paths of manifests that a report is on, and those of files of *suppressions* that belong to it.

    These are files of the baseline about manifests that the report is on (*places* tells where those are), and what is
    *asked* for itself: the configuration, or files of the baseline.
    """
    wanted = [os.path.normpath(path).replace(os.sep, "/") for path in asked]
    paths = set(only)
    for one in suppressions:
        path = one.location.path
        is_asked = any(name in (path, ".") or path.startswith(f"{name}/") for name in wanted)
        is_entry = one.form is SuppressionForm.BASELINE
        if is_asked or (is_entry and one.manifest is not None and places.get(one.manifest) in only):
            paths.add(path)
    return frozenset(paths)


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
