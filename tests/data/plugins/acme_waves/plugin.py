"""What the plugin supplies."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from journeylint import hookimpl
from journeylint.model import Document, Report, Span
from journeylint.ports import CelFunction, Kind, Loader, PolicyRoot, ReporterEntry, Want

FOLDER = Path(__file__).parent


class LineLoader:
    """Reads `.wave` files, one manifest in JSON a line."""

    suffixes = (".wave",)

    def load(self, text: str) -> list[Document]:
        """One document a line."""
        return [_read_line(number, line) for number, line in enumerate(text.splitlines(), 1)]


def _read_line(number: int, line: str) -> Document:
    return Document(number, json.loads(line), lambda _: Span(number, 1, number, len(line) + 1))


class CountReporter:
    """Writes how many findings there are."""

    format = "count"
    wants: frozenset[Want] = frozenset()

    def write(self, report: Report, stream: TextIO, *, color: bool) -> None:
        """One line a finding, and their number."""
        for finding in report.findings:
            stream.write(f"{finding.policy} {finding.location.path}:{finding.location.span.line} {finding.message}\n")
        stream.write(f"{len(report.findings)} findings, {len(report.failures)} failures\n")


@hookimpl
def journeylint_policy_roots() -> Iterable[PolicyRoot]:
    return [PolicyRoot(FOLDER / "packs")]


@hookimpl
def journeylint_kinds() -> Iterable[Kind]:
    return [Kind("Wave", json.loads((FOLDER / "wave.schema.json").read_text(encoding="utf-8")))]


@hookimpl
def journeylint_functions() -> Iterable[CelFunction]:
    return [CelFunction("shout", ("string",), "string", str.upper, "the text in capitals")]


@hookimpl
def journeylint_loaders() -> Iterable[Loader]:
    return [LineLoader()]


@hookimpl
def journeylint_reporters() -> Iterable[ReporterEntry]:
    return [ReporterEntry("count", "how many findings there are", CountReporter)]
