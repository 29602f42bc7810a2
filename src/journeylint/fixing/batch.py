"""Fixes of one file made together: those that do not meet, from the end of each document to its beginning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from journeylint.edits.apply import EditableText, edit_text
from journeylint.edits.errors import EditError
from journeylint.fixing.values import Candidate
from journeylint.model import Edit, Operation
from journeylint.pointers import tokens_of

_SHIFTING = (Operation.REMOVE, Operation.MOVE)

_Order: TypeAlias = "tuple[tuple[int, int, str], ...]"


def keep_apart_in_files(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Those of *candidates* that can be made together, file by file."""
    by_path: dict[str, list[Candidate]] = {}
    for one in candidates:
        by_path.setdefault(one.source.path, []).append(one)
    return [one for in_file in by_path.values() for one in keep_apart(in_file)]


def keep_apart(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Those of *candidates*, all of one file, that can be made together, the first one among those that meet.

    Two meet where one changes what the other changes, or what is in it.
    """
    kept: list[Candidate] = []
    touched: dict[int, list[list[str]]] = {}
    closed: set[int] = set()
    for candidate in candidates:
        document = candidate.finding.location.document
        places = [tokens_of(pointer) for pointer in _places_of(candidate.fix.edits)]
        others = touched.setdefault(document, [])
        is_alone = len(candidate.fix.edits) > 1 and any(edit.operation in _SHIFTING for edit in candidate.fix.edits)
        if document in closed or (is_alone and others) or any(_meet(one, other) for one in places for other in others):
            continue
        others += places
        kept.append(candidate)
        if is_alone:
            closed.add(document)
    return kept


def make_together(source: EditableText, candidates: Sequence[Candidate]) -> tuple[str, list[Candidate]]:
    """The text with the fixes of *candidates*, and those that could be made beside the others.

    Raises EditError where none could.
    """
    made: list[Candidate] = []
    reason: EditError | None = None
    for candidate in sorted(candidates, key=_order_of, reverse=True):
        try:
            edited = edit_text(source, candidate.finding.location.document, candidate.fix.edits)
        except EditError as error:
            reason = error
        else:
            source = edited.after
            made.append(candidate)
    if not made and reason is not None:
        raise reason
    done = set(map(id, made))
    return source.text, [candidate for candidate in candidates if id(candidate) in done]


def _places_of(edits: Sequence[Edit]) -> Iterable[str]:
    for edit in edits:
        yield edit.pointer
        if edit.operation is Operation.MOVE:
            yield edit.to


def _meet(one: Sequence[str], other: Sequence[str]) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _order_of(candidate: Candidate) -> _Order:
    """By the last place that it changes, items of a list by their numbers: what is removed moves none before it."""
    return max(map(_rank, candidate.fix.edits), default=())


def _rank(edit: Edit) -> _Order:
    return tuple(
        (0, int(token), "") if token.isascii() and token.isdigit() else (1, 0, token)
        for token in tokens_of(edit.pointer)
    )
