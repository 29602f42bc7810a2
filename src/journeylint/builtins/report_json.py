"""The report as JSON, `schemas/report.schema.json`: one line for each finding, failure and policy."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, TextIO

from journeylint.horizon_words import holds_until_data, moment_data
from journeylint.model import Severity
from journeylint.ports import Want
from journeylint.suppressions.data import suppression_data
from journeylint.terminal import defuse_json
from journeylint.times import format_instant

if TYPE_CHECKING:
    from journeylint.model import (
        ExportedRow,
        Failure,
        Finding,
        Horizon,
        Identity,
        JudgedExport,
        Location,
        Outlook,
        PolicyTally,
        Related,
        Report,
        Suppression,
        Turn,
    )

SCHEMA_VERSION = "1"
_BATCH = 1000

_quote = encode_basestring  # what json.dumps does with a str if ensure_ascii is off, without its detours


class JsonReporter:
    """Writes the report for programs; findings, suppressed ones and failures come in the report's own order."""

    format = "json"
    wants = frozenset({Want.HORIZON})

    def write(self, report: Report, stream: TextIO, *, color: bool) -> None:  # noqa: ARG002 - JSON has no colours
        """Write *report* to *stream* as one JSON object that ends with a line break."""
        writer = _Writer()
        stream.write(
            f'{{\n  "schemaVersion": {_quote(SCHEMA_VERSION)},\n'
            f'  "tool": {{"name": "journeylint", "version": {_quote(report.tool_version)}}},\n'
            f'  "asOf": {_quote(format_instant(report.as_of))},\n'
            f'  "summary": {_write_summary(report)}'
        )
        _write_list(stream, "findings", map(writer.finding, report.findings))
        _write_list(stream, "failures", map(writer.failure, report.failures))
        _write_list(stream, "policies", map(_write_tally, report.policies))
        if report.suppressed:
            _write_list(stream, "suppressed", map(writer.finding, report.suppressed))
        if report.outlook is not None:
            _write_outlook(stream, report.outlook, writer)
        if report.exports:
            _write_list(stream, "exports", map(_write_export, report.exports))
        stream.write("\n}\n")


class _Writer:
    """Writes findings and failures, each as one line; keeps what it wrote for what recurs."""

    def __init__(self) -> None:
        self._last_manifest: tuple[Identity | None, str] = (None, "")
        self._last_suppression: tuple[Suppression | None, str] = (None, "")
        self._paths: dict[str, str] = {}
        self._known_times: dict[tuple[Horizon | None, Turn | None], str] = {}

    def finding(self, finding: Finding) -> str:
        related = ", ".join([self._related(place) for place in finding.related]) if finding.related else ""
        return (
            f'{{"policy": {_quote(finding.policy)}, "name": {_quote(finding.name)}, '
            f'"severity": "{finding.severity.value}", "message": {_quote(finding.message)}, '
            f'"manifest": {self._manifest(finding.manifest)}, "location": {self._location(finding.location)}, '
            f'"related": [{related}]{self._effective_from(finding)}{self._times(finding)}{self._suppression(finding)}}}'
        )

    def failure(self, failure: Failure) -> str:
        manifest = "null" if failure.manifest is None else self._manifest(failure.manifest)
        return (
            f'{{"code": "{failure.code.value}", "name": "{failure.code.label}", "message": {_quote(failure.message)}, '
            f'"manifest": {manifest}, "location": {self._location(failure.location)}}}'
        )

    def _effective_from(self, finding: Finding) -> str:
        moment = finding.effective_from
        return "" if moment is None else f', "effectiveFrom": "{format_instant(moment)}"'

    def _suppression(self, finding: Finding) -> str:
        suppression = finding.suppression
        if suppression is None:
            return ""
        last, written = self._last_suppression
        if suppression is not last:
            written = f', "suppression": {json.dumps(suppression_data(suppression), ensure_ascii=False)}'
            self._last_suppression = (suppression, written)
        return written

    def _times(self, finding: Finding) -> str:
        horizon, turn = finding.horizon, finding.fails_from
        if horizon is None and turn is None:
            return ""
        if (horizon, turn) not in self._known_times:
            fails_from = "" if turn is None else f', "failsFrom": {_write(moment_data(turn))}'
            until = None if horizon is None else holds_until_data(horizon)
            self._known_times[horizon, turn] = fails_from + (f', "holdsUntil": {_write(until)}' if until else "")
        return self._known_times[horizon, turn]

    def _related(self, related: Related) -> str:
        return f'{{"message": {_quote(related.message)}, "location": {self._location(related.location)}}}'

    def _manifest(self, identity: Identity) -> str:
        last, written = self._last_manifest
        if identity is not last:
            written = (
                f'{{"kind": {_quote(identity.kind)}, "name": {_quote(identity.name)}, '
                f'"environment": {_quote(identity.environment)}}}'
            )
            self._last_manifest = (identity, written)
        return written

    def _location(self, location: Location) -> str:
        path = self._paths.get(location.path)
        if path is None:
            path = self._paths[location.path] = _quote(location.path)
        span = location.span
        return (
            f'{{"path": {path}, "document": {location.document}, "pointer": {_quote(location.pointer)}, '
            f'"line": {span.line}, "column": {span.column}, '
            f'"endLine": {span.end_line}, "endColumn": {span.end_column}'
            f"{'' if location.row is None else _write_row(location.row)}}}"
        )


def _write_row(row: ExportedRow) -> str:
    return f', "row": {_write(row._asdict())}'


def _write_export(export: JudgedExport) -> str:
    tables = [
        {
            "table": table.table,
            "rows": table.rows,
            "manifests": table.manifests,
            "supplements": table.supplements,
            "failed": table.failed,
            "read": table.is_read,
        }
        for table in export.tables
    ]
    return _write({"path": export.path, "entry": export.entry, "whole": export.is_whole, "tables": tables})


def _write_outlook(stream: TextIO, outlook: Outlook, writer: _Writer) -> None:
    counts = Counter(finding.severity for finding in outlook.findings)
    summary = _quote_object(**{f"{severity.value}s": counts[severity] for severity in Severity})
    unknown = [{"policy": one.policy, "name": one.name, "reads": one.reads} for one in outlook.unknown]
    until = format_instant(outlook.until)
    stream.write(
        defuse_json(f',\n  "outlook": {{"until": "{until}", "summary": {summary}, "unknown": {_write(unknown)}}}')
    )
    _write_list(stream, "upcoming", map(writer.finding, outlook.findings))


def _write(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _write_summary(report: Report) -> str:
    summary = report.summary
    return _quote_object(
        files=summary.files,
        manifests=summary.manifests,
        skippedDocuments=summary.skipped_documents,
        errors=summary.errors,
        warnings=summary.warnings,
        infos=summary.infos,
        failures=summary.failures,
        suppressed=summary.suppressed,
        **({"elsewhere": summary.elsewhere} if summary.elsewhere else {}),
    )


def _write_tally(tally: PolicyTally) -> str:
    return f'{{"policy": {_quote(tally.policy)}, ' + _quote_object(
        matched=tally.matched, passed=tally.passed, failed=tally.failed, notApplicable=tally.not_applicable
    ).removeprefix("{")


def _quote_object(**members: int) -> str:
    return json.dumps(members)


def _write_list(stream: TextIO, name: str, items: Iterator[str]) -> None:
    """Write the member *name* with *items*, a line each, some at a time: all of them at once would take their size thrice."""
    opening = f',\n  "{name}": ['
    while batch := list(islice(items, _BATCH)):
        stream.write(defuse_json(opening + "\n    " + ",\n    ".join(batch)))
        opening = ","
    stream.write("\n  ]" if opening == "," else opening + "]")
