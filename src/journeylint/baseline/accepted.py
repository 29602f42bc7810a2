"""Entries of a baseline as claims, to be settled with all other suppressions."""

from __future__ import annotations

from collections.abc import Iterator

from journeylint.baseline.entries import Baseline, BaselineFile
from journeylint.model import Location, SuppressionForm
from journeylint.suppressions.claims import Claim, KeyReach


def claims_of(baseline: Baseline) -> Iterator[Claim]:
    """The claims that the entries of *baseline* are."""
    for file in baseline.files.values():
        yield from _claims_in(file)


def pointer_to(number: int) -> str:
    """The pointer of the entry *number* (0-based) in its file."""
    return f"/findings/{number}"


def _claims_in(file: BaselineFile) -> Iterator[Claim]:
    for number, entry in enumerate(file.entries):
        pointer = pointer_to(number)
        yield Claim(
            SuppressionForm.BASELINE,
            entry.policy,
            "",
            "",
            entry.until,
            Location(file.path, 1, pointer, file.locate(pointer)),
            KeyReach(file.manifest, entry.pointer, entry.value),
            file.manifest,
            entry.pointer,
        )
