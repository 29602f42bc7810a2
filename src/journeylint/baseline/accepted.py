"""Entries of a baseline as claims, to be settled with all other suppressions."""

from __future__ import annotations

from collections.abc import Iterator

from journeylint.baseline.entries import Baseline, BaselineFile, pointer_to
from journeylint.model import Location, SuppressionForm
from journeylint.suppressions.claims import Claim, KeyReach


def claims_of(baseline: Baseline) -> Iterator[Claim]:
    """The claims that the entries of *baseline* are."""
    for file in baseline.files.values():
        yield from _claims_in(file)


def _claims_in(file: BaselineFile) -> Iterator[Claim]:
    for number, (entry, span) in enumerate(zip(file.entries, file.spans, strict=True)):
        pointer = pointer_to(number)
        yield Claim(
            SuppressionForm.BASELINE,
            entry.policy,
            "",
            "",
            entry.until,
            Location(file.path, 1, pointer, span),
            KeyReach(file.manifest, entry.pointer, entry.value),
            file.manifest,
            entry.pointer,
        )
