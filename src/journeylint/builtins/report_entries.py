"""The built-in report formats on offer; a reporter's module is imported only when its format is asked for."""

from __future__ import annotations

from journeylint.ports import Reporter, ReporterEntry


def entries() -> tuple[ReporterEntry, ...]:
    """The built-in formats, the default first."""
    return (
        ReporterEntry("text", "for people: each finding with its lines, the evidence and the way out", _create_text),
        ReporterEntry("json", "for programs and records: schemas/report.schema.json describes it", _create_json),
    )


def _create_text() -> Reporter:
    from journeylint.builtins.report_text import TextReporter  # noqa: PLC0415 - only a run that asks for it pays

    return TextReporter()


def _create_json() -> Reporter:
    from journeylint.builtins.report_json import JsonReporter  # noqa: PLC0415 - only a run that asks for it pays

    return JsonReporter()
