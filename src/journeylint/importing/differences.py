"""From the data that a manifest has to the data that it should have: edits, as few as tell it."""

from __future__ import annotations

from collections.abc import Iterator

from journeylint.annotations import Field
from journeylint.edits.data import END, is_same
from journeylint.importing.patching import NOTHING_KNOWN, key_items, member_of
from journeylint.model import Edit, JsonObject, JsonValue, Operation
from journeylint.pointers import pointer_of


def find_edits(before: JsonValue, after: JsonValue, field: Field, pointer: str = "") -> Iterator[Edit]:
    """The edits that make *after* of *before*, one after another; *field* is what the schema says of the place *pointer*.

    What is new comes before what goes, and of what goes the last item first, so that no index means another item meanwhile.
    *after* is as `apply_patch` leaves it: what stays of *before* is in its order, and what is new comes last.
    """
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _find_in_members(before, after, field, pointer)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _find_in_items(before, after, field, pointer)
    elif not is_same(before, after):
        yield Edit(Operation.SET, pointer, after)


def _find_in_members(before: JsonObject, after: JsonObject, field: Field, pointer: str) -> Iterator[Edit]:
    for name, value in after.items():
        place = pointer + pointer_of((name,))
        if name in before:
            yield from find_edits(before[name], value, member_of(field, name), place)
        else:
            yield Edit(Operation.INSERT, place, value)
    for name in before:
        if name not in after:
            yield Edit(Operation.REMOVE, pointer + pointer_of((name,)))


def _find_in_items(before: list[JsonValue], after: list[JsonValue], field: Field, pointer: str) -> Iterator[Edit]:
    inner = field.items or NOTHING_KNOWN
    if field.key:
        old, new = key_items(before, field), key_items(after, field)
        pairs = [(index, old[key], new[key]) for index, key in enumerate(old) if key in new]
        added = [item for key, item in new.items() if key not in old]
        gone = [index for index, key in enumerate(old) if key not in new]
    else:
        pairs = [
            (index, old_item, new_item) for index, (old_item, new_item) in enumerate(zip(before, after, strict=False))
        ]
        added, gone = after[len(before) :], list(range(len(after), len(before)))
    for index, old_item, new_item in pairs:
        yield from find_edits(old_item, new_item, inner, f"{pointer}/{index}")
    for item in added:
        yield Edit(Operation.INSERT, f"{pointer}/{END}", item)
    for index in reversed(gone):
        yield Edit(Operation.REMOVE, f"{pointer}/{index}")
