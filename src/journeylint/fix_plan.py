"""How the text of a file changes where its findings are mended, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from journeylint.edits.apply import EditableText, edit_text
from journeylint.edits.errors import EditError
from journeylint.edits.patch import Change
from journeylint.evaluate import FIX, FindingRow
from journeylint.fixes import REFUSAL, REPLACEMENTS, edits_of
from journeylint.formats.positions import Cursor
from journeylint.ports import Loader


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
                fix[REPLACEMENTS] = tuple(_place(edit_text(source, document, edits_of(fix)).changes, text))
            except EditError as error:
                fix[REFUSAL] = str(error)


def _place(changes: Sequence[Change], text: str) -> Iterator[tuple[tuple[int, int, int, int], str]]:
    cursor = Cursor(text)
    for change in changes:
        start = cursor.move_to(change.start)
        yield (*start, *cursor.move_to(change.end)), change.text
