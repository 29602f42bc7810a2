"""How findings are mended: from a policy's `fix` to edits of data, and to replacements in the text of the manifest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from journeylint.cel import CelError, Program, Scope
from journeylint.edits.errors import EditError
from journeylint.model import Edit, Fix, JsonValue, Operation, Replacement, Span

if TYPE_CHECKING:
    from journeylint.policies import FixTemplate

FixRow: TypeAlias = "list[Any]"
"""The members of a `model.Fix` in their order as plain data, the operation of an edit as its word."""

REPLACEMENTS, REFUSAL = 3, 4
"""Where these stand in a `FixRow`."""


def work_out(template: FixTemplate, program: Program, scope: Scope, node: str) -> FixRow:
    """The fix of a finding at the pointer *node*, in terms of data; it has a refusal where a value cannot be worked out."""
    try:
        parts = program.elements(scope)
        if not parts:
            return ["", template.is_safe, (), (), template.otherwise]
        texts, values = parts
        title, edits = "".join(map(str, _list(texts))), _edits(template, iter(_list(values)), node)
    except CelError as error:
        return ["", template.is_safe, (), (), f"its value cannot be worked out: {error}"]
    except EditError as error:
        return ["", template.is_safe, (), (), str(error)]
    return [title, template.is_safe, edits, (), ""]


def edits_of(row: FixRow) -> tuple[Edit, ...]:
    """The edits that *row* is about."""
    return tuple(Edit(Operation(word), pointer, value, to) for word, pointer, value, to in row[2])


def fix_of(row: FixRow) -> Fix:
    """The fix that *row* is."""
    title, is_safe, _, replacements, refusal = row
    placed = tuple(Replacement(Span._make(span), text) for span, text in replacements)
    return Fix(title, is_safe, edits_of(row), placed, refusal)


def _edits(template: FixTemplate, values: Iterable[object], node: str) -> tuple[tuple[str, str, JsonValue, str], ...]:
    given = iter(values)
    edits = []
    for edit in template.edits:
        begin = "" if edit.is_of_manifest else node
        value = _as_json(next(given)) if edit.value is not None else None
        to = begin + edit.to if edit.operation is Operation.MOVE else ""
        edits.append((edit.operation.value, begin + edit.pointer, value, to))
    return tuple(edits)


def _as_json(value: object) -> JsonValue:
    """*value* as a manifest holds it, members sorted, for CEL keeps no order; EditError for what it cannot hold."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list):
        return [_as_json(item) for item in value]
    if isinstance(value, dict) and all(isinstance(name, str) for name in value):
        return {name: _as_json(value[name]) for name in sorted(value)}
    raise EditError(f"its value is a {type(value).__name__}, which a manifest cannot hold")


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise CelError(str(value))
    return value
