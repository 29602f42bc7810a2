"""The statistics of a run as tables on standard error: never the same twice, so that no report has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import click

from journeylint.model import PolicyTally, Report
from journeylint.statistics import ALONE, STAGES, Statistics
from journeylint.terminal import make_visible

_Row = Sequence[str]


def tell_statistics(statistics: Statistics, report: Report) -> None:
    """Tell what the run took that came to *report*, by stage and by policy, the dearest first."""
    statistics.stop()
    files, manifests = _counted(report.summary.files, "file"), _counted(report.summary.manifests, "manifest")
    told = [
        f"Statistics of {files} and {manifests}, taken in one process",
        "",
        *_align([("stage", "ms", "share"), *_stages(statistics)]),
        "",
        *_align([("policy", "findings", "judged", "not applicable", "ms", "share"), *_policies(statistics, report)]),
    ]
    click.echo("\n".join(line.rstrip() for line in told), err=True)


def _stages(statistics: Statistics) -> Iterator[_Row]:
    total = sum(statistics.stages[stage] for stage in STAGES)
    for stage in STAGES:
        yield stage, _milliseconds(statistics.stages[stage]), _share(statistics.stages[stage], total)
    yield "all", _milliseconds(total), _share(total, total)
    yield f"({ALONE})", _milliseconds(statistics.stages[ALONE]), ""


def _policies(statistics: Statistics, report: Report) -> Iterator[_Row]:
    costs = statistics.policies
    total = sum(costs.values())

    def rank(tally: PolicyTally) -> tuple[float, int]:
        return -costs.get(tally.policy, 0.0), report.policies.index(tally)

    for tally in sorted(report.policies, key=rank):
        cost = costs.get(tally.policy)
        timed = ("-", "-") if cost is None else (_milliseconds(cost), _share(cost, total))
        counts = (tally.failed, tally.matched, tally.not_applicable)
        yield f"{tally.policy} {make_visible(tally.name)}", *(f"{count:,}" for count in counts), *timed
    counted = (
        sum(getattr(tally, what) for tally in report.policies) for what in ("failed", "matched", "not_applicable")
    )
    yield "all", *(f"{count:,}" for count in counted), _milliseconds(total), _share(total, total)


def _align(rows: Iterable[_Row]) -> Iterator[str]:
    """*rows* as lines, the first column to the left, the others to the right."""
    table = [*rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    for first, *others in table:
        cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))]
        yield "  " + "  ".join(cells)


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.1f}"


def _share(part: float, total: float) -> str:
    return f"{100 * part / total:.1f} %" if total else "-"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
