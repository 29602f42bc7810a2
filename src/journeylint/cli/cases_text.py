"""What became of cases, for people: a line a policy, then each thing that is wrong with its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from journeylint.terminal import ELLIPSIS, Style, cells_of, count, make_visible, wrap

if TYPE_CHECKING:
    from journeylint.cli.cases_report import CasesReport
    from journeylint.terminal import Painter
    from journeylint.testing.coverage import Coverage, Sighting
    from journeylint.testing.mutation import Score, Survivor
    from journeylint.testing.suite import LibraryResult, PolicyResult
    from journeylint.testing.variants import Mutant

_CONTEXT = 60
"""Characters on either side of what a mutant changes that are shown with it."""


def cases_page(report: CasesReport, paint: Painter) -> Iterator[str]:
    """The lines of the report: a line a policy and pack, what is wrong, the survivors, a summary."""
    result, mutation = report.result, report.mutation
    scores = [{}, {}] if mutation is None else [mutation.policies, mutation.packs]
    rows = [(*_policy_row(one), tell_score(scores[0].get(one.policy.id))) for one in result.policies]
    rows += [
        ("", f"what {one.pack.name} shares", "", tell_coverage(one.coverage), tell_score(scores[1].get(one.pack.name)))
        for one in result.packs
    ]
    widths = [max((cells_of(row[column]) for row in rows), default=0) for column in range(4)]
    held = [one.holds and not _is_low(report, one.coverage, scores[0].get(one.policy.id)) for one in result.policies]
    held += [not _is_low(report, one.coverage, scores[1].get(one.pack.name)) for one in result.packs]
    for row, is_held in zip(rows, held, strict=True):
        mark = paint("ok  ", Style.SUCCESS) if is_held else paint("FAIL", Style.ERROR)
        cells = [make_visible(cell) + " " * (width - cells_of(cell)) for cell, width in zip(row, widths, strict=False)]
        yield f"{mark} {'  '.join([*cells, row[4]]).rstrip()}"
    details = [*mistakes(result), *gap_lines(result), *(mutation.stale if mutation is not None else ())]
    if details:
        yield ""
        yield from map(make_visible, details)
    for score in report.scores:
        for survivor in score.survivors:
            yield from survivor_lines(survivor, paint)
    yield ""
    yield from _summary(report, paint)


def survivor_lines(survivor: Survivor, paint: Painter) -> Iterator[str]:
    """A mutant that no case tells from the policy: where, what, why, and a case that would."""
    mutant = survivor.mutant
    title = paint("argued" if survivor.reason else "survives", Style.DIM if survivor.reason else Style.WARNING)
    yield ""
    yield f"{make_visible(mutant.place)}: {title}: {mutant.operator}"
    yield from wrap(show_original(mutant), first="  - ", rest="    ")
    yield from wrap(show_mutated(mutant), first="  + ", rest="    ")
    if survivor.reason:
        yield from wrap(survivor.reason, first="  because: ", rest="    ")
    elif survivor.killer:
        yield "  this case tells them apart:"
        yield from (f"    {make_visible(line)}".rstrip() for line in survivor.killer.rstrip().split("\n"))


def show_original(mutant: Mutant) -> str:
    """What a mutant changes, with what stands around it."""
    return _around(mutant.original, mutant, mutant.edit.end if mutant.edit else 0)


def show_mutated(mutant: Mutant) -> str:
    """What it makes of that."""
    edit = mutant.edit
    return _around(mutant.mutated, mutant, edit.start + len(edit.replacement) if edit else 0)


def _around(source: str, mutant: Mutant, end: int) -> str:
    if mutant.edit is None:
        return f"{mutant.part.split('/')[2]}: {source}"
    begin, after = max(mutant.edit.start - _CONTEXT, 0), end + _CONTEXT
    before = ELLIPSIS if begin else ""
    return before + " ".join(source[begin:after].split()) + (ELLIPSIS if after < len(source) else "")


def mistakes(result: LibraryResult) -> Iterator[str]:
    """A line `path:line: …` for each difference between findings and markers, and for each case that lacks."""
    for policy in result.policies:
        yield from policy.lacks
        for case in policy.cases:
            for path, line, text in case.differences():
                yield f"{path}:{line}: {' '.join(text.split())}"


def gap_lines(result: LibraryResult) -> Iterator[str]:
    """A line `path:line:column: …` for each sub-predicate that was not seen both true and false."""
    for coverage in result.coverages:
        yield from map(tell_gap, coverage.gaps)


def tell_gap(sighting: Sighting) -> str:
    """Where a sub-predicate stands, and what it never came to."""
    one = sighting.predicate
    return f"{one.path}:{one.line}:{one.column}: {tell_unseen(sighting)}: {one.text}"


def tell_unseen(sighting: Sighting) -> str:
    """Which value of a sub-predicate no case brings about."""
    return "never reached" if len(sighting.missing) == 2 else f"never {str(sighting.missing[0]).lower()}"


def tell_coverage(coverage: Coverage | None) -> str:
    """Percent, rounded down so that 100% means all, and the figures; empty where it was not measured."""
    if coverage is None:
        return ""
    return f"coverage {percent_of(coverage):3}%  {coverage.covered}/{coverage.total}"


def percent_of(coverage: Coverage) -> int:
    """The covered part in percent, rounded down."""
    return int(coverage.percent)


def tell_score(score: Score | None) -> str:
    """Percent, rounded down so that 100% means all, and the figures; empty where it was not measured."""
    if score is None:
        return ""
    argued = f", {score.argued} argued" if score.argued else ""
    return f"score {int(score.percent):3}%  {score.killed}/{score.total}{argued}"


def _is_low(report: CasesReport, coverage: Coverage | None, score: Score | None) -> bool:
    return (coverage is not None and report.is_too_low(coverage)) or (score is not None and report.is_too_weak(score))


def _policy_row(one: PolicyResult) -> tuple[str, str, str, str]:
    return one.policy.id, one.policy.name, count(len(one.cases), "case").rjust(9), tell_coverage(one.coverage)


def _summary(report: CasesReport, paint: Painter) -> Iterator[str]:
    """A line each about the cases, the coverage, and the score if it was measured."""
    result, mutation = report.result, report.mutation
    cases = [case for policy in result.policies for case in policy.cases]
    failing = sum(not case.holds for case in cases)
    lacking = sum(len(policy.lacks) for policy in result.policies)
    wrong = [f"{failing} failed"] if failing else []
    wrong += [f"{lacking} missing"] if lacking else []
    told = paint(", ".join(wrong), Style.ERROR) if wrong else paint("all hold", Style.SUCCESS)
    yield f"{count(len(result.policies), 'policy')}, {count(len(cases), 'case')}: {told}."
    if result.coverages:
        total = result.coverage
        told = f"Coverage {percent_of(total)}%: {total.covered} of {count(total.total, 'sub-predicate')} seen both true and false"
        yield told + _tell_below(sum(map(report.is_too_low, result.coverages)), report.min_coverage, paint)
    if mutation is not None:
        score = mutation.score
        argued = f", {score.argued:,} argued" if score.argued else ""
        told = f"Score {int(score.percent)}%: {score.killed:,} of {count(score.total, 'mutant')} killed{argued}"
        yield told + _tell_below(sum(map(report.is_too_weak, report.scores)), report.min_score, paint)
        if mutation.stale:
            yield paint(f"{count(len(mutation.stale), 'argued survivor')} that is none.", Style.ERROR)


def _tell_below(number: int, minimum: float | None, paint: Painter) -> str:
    return f"; {paint(f'{number} below {minimum:g}%', Style.ERROR)}." if number else "."
