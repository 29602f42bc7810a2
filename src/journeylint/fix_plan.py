"""How the text of a file changes where its findings are mended, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from journeylint.edits.apply import EditableText, edit_text
from journeylint.edits.errors import EditError
from journeylint.edits.patch import Change
from journeylint.evaluate import FIX, FindingRow
from journeylint.fixes import REFUSAL, REPLACEMENTS, edits_of
from journeylint.formats.positions import Cursor
from journeylint.ports import Loader

if TYPE_CHECKING:
    from journeylint.formats.spans import Place


def plan_fixes(rows: Sequence[FindingRow], text: str, loader: Loader) -> None:
    """Fill into the fixes of *rows*, all of the file with this *text*, what is replaced, or why it cannot be."""
    fixes = [(row.document, row.detail[FIX]) for row in rows if row.detail is not None]
    try:
        source = EditableText(text, loader)
    except EditError as error:
        for _, fix in fixes:
            fix[REFUSAL] = fix[REFUSAL] or str(error)
        return
    for document, fix in fixes:
        if not fix[REFUSAL]:
            try:
                fix[REPLACEMENTS] = edit_text(source, document, edits_of(fix)).changes
            except EditError as error:
                fix[REFUSAL] = str(error)
    places = _find_places([change for _, fix in fixes for change in fix[REPLACEMENTS]], text)
    for _, fix in fixes:
        fix[REPLACEMENTS] = tuple(
            ((*places[change.start], *places[change.end]), change.text) for change in fix[REPLACEMENTS]
        )


def _find_places(changes: Sequence[Change], text: str) -> dict[int, Place]:
    """The lines and columns of the offsets in *changes*, found in one go through *text*."""
    cursor = Cursor(text)
    return {at: cursor.move_to(at) for at in sorted({at for change in changes for at in (change.start, change.end)})}
