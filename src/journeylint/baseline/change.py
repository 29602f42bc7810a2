"""What a baseline should come to after a run: pure functions from what it was and what the run found.

What the run could not tell about - policies that did not run, manifests that were not judged - stays as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeAlias

from journeylint.baseline.entries import Baseline, Entry, pointer_to
from journeylint.model import Finding, Identity, Report, SuppressionForm, SuppressionState
from journeylint.stable_pointers import without_ordinals

PlacedEntry: TypeAlias = "tuple[Identity, Entry]"


class Change(NamedTuple):
    """What a baseline is to hold, sorted, by manifest, and what that adds and removes; manifests without entries are left out.

    `kept` counts the entries that stay, `renewed` those among `added` that take the place of one that was over. `over` counts
    the kept ones that are over and suppress nothing, `unchecked` those of which nobody can say whether they are needed,
    `refused` the findings that no baseline can accept, by policy.
    """

    entries: Mapping[Identity, tuple[Entry, ...]]
    added: tuple[PlacedEntry, ...]
    removed: tuple[PlacedEntry, ...]
    kept: int
    renewed: int
    over: int
    unchecked: int
    refused: Mapping[str, int]


def update(baseline: Baseline, report: Report, until: date | None = None, *, renews: bool = False) -> Change:
    """Accept all that *report* found, the new entries until the day *until*, and drop what no longer occurs.

    The report is that of a run with the *baseline*, and with stable pointers and values of its findings. Entries that are over
    and still occur stay over, unless this *renews* them.
    """
    sifted = _sift(baseline, report, renames=True)
    waiting: dict[PlacedEntry, list[PlacedEntry]] = {}
    for placed in sifted.over:
        waiting.setdefault(_key_of(placed), []).append(placed)
    added: list[PlacedEntry] = []
    renewed: Counter[PlacedEntry] = Counter()
    refused: Counter[str] = Counter()
    own = {file.path for file in baseline.files.values()}  # what is said of entries themselves asks for nothing more
    for finding in report.findings:
        placed = _accept(finding, until)
        same = waiting.get(_key_of(placed))
        page = report.pages.get(finding.policy)
        if page is not None and not page.is_suppressible:
            refused[finding.policy] += finding.location.path not in own
        elif not same:
            added.append(placed)
        elif renews:
            renewed[same.pop()] += 1
            added.append(placed)
        else:
            same.pop()
    kept = [*(Counter(sifted.kept) - renewed).elements()]
    over = len(sifted.over) - renewed.total()
    return _sum_up(sifted, kept, added)._replace(renewed=renewed.total(), over=over, refused=+refused)


def prune(baseline: Baseline, report: Report) -> Change:
    """Drop the entries of *baseline* that no longer occur in *report*, the report of a run with it."""
    sifted = _sift(baseline, report, renames=False)
    return _sum_up(sifted, sifted.kept, [])


class _Sifted(NamedTuple):
    """The entries that stay and those that go; of those that stay, the ones that are over, and how many are unchecked."""

    kept: list[PlacedEntry]
    removed: list[PlacedEntry]
    over: list[PlacedEntry]
    unchecked: int


def _sift(baseline: Baseline, report: Report, *, renames: bool) -> _Sifted:
    became = {
        (one.location.path, one.location.pointer): one
        for one in report.suppressions
        if one.form is SuppressionForm.BASELINE
    }
    sifted = _Sifted([], [], [], 0)
    unchecked = 0
    for file in baseline.files.values():
        for number, written in enumerate(file.entries):
            one = became.get((file.path, pointer_to(number)))
            state = SuppressionState.UNCHECKED if one is None else one.state
            is_known = one is not None and state is not SuppressionState.INVALID
            entry = written._replace(policy=one.policy) if renames and one is not None and is_known else written
            (sifted.removed if state is SuppressionState.UNUSED else sifted.kept).append((file.manifest, entry))
            if state is SuppressionState.EXPIRED:
                sifted.over.append((file.manifest, entry))
            unchecked += state in (SuppressionState.UNCHECKED, SuppressionState.INVALID)
    return sifted._replace(unchecked=unchecked)


def _sum_up(sifted: _Sifted, kept: Sequence[PlacedEntry], added: Sequence[PlacedEntry]) -> Change:
    entries: dict[Identity, list[Entry]] = {}
    for manifest, entry in (*kept, *added):
        entries.setdefault(manifest, []).append(entry)
    return Change(
        {manifest: tuple(sorted(entries[manifest])) for manifest in sorted(entries)},
        tuple(sorted(added)),
        tuple(sorted(sifted.removed)),
        len(kept),
        0,
        len(sifted.over),
        sifted.unchecked,
        {},
    )


def _accept(finding: Finding, until: date | None) -> PlacedEntry:
    """The entry that accepts *finding*, whose manifest it is about."""
    detail = finding.detail
    pointer = (detail.stable_pointer if detail is not None else "") or finding.location.pointer
    value = detail.value if detail is not None else ""
    entry = Entry(finding.policy, without_ordinals(pointer), value, "" if until is None else until.isoformat())
    return finding.manifest, entry


def _key_of(placed: PlacedEntry) -> PlacedEntry:
    """What entries for the same finding have in common."""
    return placed[0], placed[1]._replace(until="")
