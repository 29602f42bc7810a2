"""What became of cases, for people: a line a policy, then each thing that is wrong with its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from journeylint.terminal import Style, cells_of, count, make_visible

if TYPE_CHECKING:
    from journeylint.terminal import Painter
    from journeylint.testing.coverage import Coverage, Sighting
    from journeylint.testing.suite import LibraryResult, PolicyResult


def cases_page(result: LibraryResult, minimum: float | None, paint: Painter) -> Iterator[str]:
    """The lines of the report; coverage below *minimum*, in percent, is a mistake."""
    rows = [_policy_row(one) for one in result.policies]
    rows += [("", f"what {one.pack.name} shares", "", tell_coverage(one.coverage)) for one in result.packs]
    widths = [max((cells_of(row[column]) for row in rows), default=0) for column in range(3)]
    held = [one.holds and not is_too_low(one.coverage, minimum) for one in result.policies]
    held += [not is_too_low(one.coverage, minimum) for one in result.packs]
    for row, is_held in zip(rows, held, strict=True):
        mark = paint("ok  ", Style.SUCCESS) if is_held else paint("FAIL", Style.ERROR)
        cells = [make_visible(cell) + " " * (width - cells_of(cell)) for cell, width in zip(row, widths, strict=False)]
        yield f"{mark} {'  '.join([*cells, row[3]]).rstrip()}"
    details = [*mistakes(result), *gap_lines(result)]
    if details:
        yield ""
        yield from map(make_visible, details)
    yield ""
    yield _summary(result, minimum, paint)


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


def is_too_low(coverage: Coverage | None, minimum: float | None) -> bool:
    """Whether *coverage*, where it was measured, is below *minimum*, where one is asked for."""
    return minimum is not None and coverage is not None and coverage.percent < minimum


def _policy_row(one: PolicyResult) -> tuple[str, str, str, str]:
    return one.policy.id, one.policy.name, count(len(one.cases), "case").rjust(9), tell_coverage(one.coverage)


def _summary(result: LibraryResult, minimum: float | None, paint: Painter) -> str:
    cases = [case for policy in result.policies for case in policy.cases]
    failing = sum(not case.holds for case in cases)
    lacking = sum(len(policy.lacks) for policy in result.policies)
    low = sum(is_too_low(one, minimum) for one in result.coverages)
    told = f"{count(len(result.policies), 'policy')}, {count(len(cases), 'case')}: "
    wrong = [f"{failing} failed"] if failing else []
    wrong += [f"{lacking} missing"] if lacking else []
    told += paint(", ".join(wrong), Style.ERROR) if wrong else paint("all hold", Style.SUCCESS)
    told += "."
    if result.coverages:
        total = result.coverage
        told += f" Coverage {percent_of(total)}%, {total.covered} of {count(total.total, 'sub-predicate')}."
    if low:
        told += " " + paint(f"Below {minimum:g}%: {low}.", Style.ERROR)
    return told
