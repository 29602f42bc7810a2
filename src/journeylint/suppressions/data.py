"""Suppressions as data for programs, the same in every format that has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from journeylint.model import Identity, JsonObject, Location, Suppression


def suppression_data(suppression: Suppression) -> JsonObject:
    """What *suppression* says, and where it is written; what it does not say is null. It has nothing of what became of it."""
    return {
        "form": suppression.form.value,
        "reason": suppression.reason or None,
        "owner": suppression.owner or None,
        "until": None if suppression.until is None else suppression.until.isoformat(),
        "scope": suppression.scope or None,
        "location": location_data(suppression.location),
    }


def identity_data(identity: Identity) -> JsonObject:
    """*identity* with the keys that it has in reports."""
    return {"kind": identity.kind, "name": identity.name, "environment": identity.environment}


def location_data(location: Location) -> JsonObject:
    """*location* with the keys that it has in reports."""
    span = location.span
    row: JsonObject = {} if location.row is None else {"row": dict(location.row._asdict())}
    return {
        "path": location.path,
        "document": location.document,
        "pointer": location.pointer,
        "line": span.line,
        "column": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
        **row,
    }
