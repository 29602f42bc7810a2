"""An import for programs: `schemas/import.schema.json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from journeylint import __version__
from journeylint.terminal import defuse_json

if TYPE_CHECKING:
    from journeylint.cli.import_text import ImportAccount
    from journeylint.importing.translate import ImportFailure, RowKey
    from journeylint.model import JsonObject

SCHEMA_VERSION = "1"


def write_import_json(account: ImportAccount) -> str:
    """The text of the JSON report, with a line break at its end."""
    outcome = account.outcome
    deleted = frozenset(outcome.deleted)
    data = {
        "schemaVersion": SCHEMA_VERSION,
        "tool": {"name": "journeylint", "version": __version__},
        "folder": account.folder,
        "dryRun": account.is_dry_run,
        "summary": {
            "files": account.files,
            "rows": account.rows,
            "created": len(outcome.created),
            "changed": len(outcome.changed),
            "unchanged": outcome.unchanged,
            "gone": len(outcome.gone),
            "deleted": len(outcome.deleted),
            "failures": len(outcome.failures),
            "notAnalysed": len(outcome.not_analysed),
        },
        "created": outcome.created,
        "changed": outcome.changed,
        "gone": [
            {"path": one.path, "row": _row_data(one.row), "deleted": one.path in deleted}
            for one in outcome.gone
            if one.row is not None
        ],
        "knowsGone": outcome.knows_gone,
        "failures": [_failure_data(failure) for failure in outcome.failures],
        "notAnalysed": [note._asdict() for note in outcome.not_analysed],
        "disagreements": [one._asdict() for one in outcome.disagreements],
        "unreadMembers": [{"member": member, "manifests": number} for member, number in sorted(outcome.unread.items())],
        "rowsWithoutManifest": [_row_data(row) for row in outcome.lost],
        "unknownTables": [{"table": table, "rows": rows} for table, rows in outcome.unknown.items()],
        "missingColumns": [{"table": one.table, "column": one.column, "rows": one.rows} for one in outcome.missing],
        "incompleteTables": [{"table": table, "paths": list(paths)} for table, paths in outcome.incomplete.items()],
        "skippedFiles": list(account.skipped),
    }
    return f"{defuse_json(json.dumps(data, ensure_ascii=False, indent=2))}\n"


def _row_data(row: RowKey) -> JsonObject:
    return {"system": row.system, "table": row.table, "id": row.id}


def _failure_data(failure: ImportFailure) -> JsonObject:
    span = failure.span
    data: JsonObject = {
        "message": failure.message,
        "path": failure.path,
        "line": span.line,
        "column": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    if failure.entry:
        data["entry"] = failure.entry
    if failure.row is not None:
        data["row"] = _row_data(failure.row)
    if failure.title:
        data["title"] = failure.title
    return data
