"""How many items of an export may be no rows before the rest of it is given up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from journeylint.import_ports import SourceItem, SourceProblem

MOST_PROBLEMS = 1_000


def stop_at_problems(rows: Iterable[SourceItem]) -> Iterator[SourceItem]:
    """*rows* until more than 1,000 are problems, and then one that says so: a file of nothing else would take minutes."""
    problems = 0
    for row in rows:
        if isinstance(row, SourceProblem):
            problems += 1
            if problems > MOST_PROBLEMS:
                told = f"more than {MOST_PROBLEMS:,} things in it cannot be read: from here on nothing is read any more"
                yield SourceProblem(told, row.entry, row.span)
                return
        yield row
