"""The report as GitLab's Code Quality reads it: one line for each failure and finding.

GitLab compares the reports of two branches by fingerprint. So a fingerprint holds what is wrong with which manifest and
where in it, by names that stay when lines and items move; it is the one that SARIF logs have as `journeylint/v1`.
Findings that are errors are `critical`, warnings `major`; what could not be judged is a `blocker`. `minor` is unused.
"""

from __future__ import annotations

import re
from itertools import chain, islice
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, TextIO

from journeylint.builtins.fingerprints import Fingerprints
from journeylint.builtins.repository_paths import path_from_root, prefix_of
from journeylint.horizon_words import announced
from journeylint.model import Severity
from journeylint.one_line import put_on_one_line
from journeylint.ports import Want
from journeylint.terminal import defuse_json, make_visible

if TYPE_CHECKING:
    from journeylint.model import Failure, Finding, Location, Report

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}
_FAILURE_SEVERITY = "blocker"
_BATCH = 1000
_SURROGATE = re.compile("[\ud800-\udfff]")

_quote = encode_basestring  # what json.dumps does with a str if ensure_ascii is off, without its detours


class GitlabReporter:
    """Writes the report for GitLab's merge requests: failures, findings, findings to come, each in the report's own order."""

    format = "gitlab"
    wants = frozenset({Want.STABLE_POINTERS, Want.REPOSITORY})

    def write(self, report: Report, stream: TextIO, *, color: bool) -> None:  # noqa: ARG002 - JSON has no colours
        """Write *report* to *stream* as one JSON array that ends with a line break."""
        writer = _Writer(prefix_of(report))
        found = chain(report.findings, announced(report))
        lines = chain(map(writer.failure, report.failures), map(writer.finding, found))
        opening = "["
        while batch := list(islice(lines, _BATCH)):
            stream.write(defuse_json(opening + "\n  " + ",\n  ".join(batch)))
            opening = ","
        stream.write("\n]\n" if opening == "," else "[]\n")


class _Writer:
    """Writes entries; keeps what recurs, and which fingerprints it gave. *prefix* leads from the repository's root."""

    def __init__(self, prefix: str | None) -> None:
        self._prefix = prefix
        self._paths: dict[str, str] = {}
        self._checks: dict[str, tuple[str, str]] = {}
        self._fingerprints = Fingerprints()

    def failure(self, failure: Failure) -> str:
        code, location = failure.code, failure.location
        opening, closing = self._checks.get(code.value) or self._add_check(code.value, code.label)
        return (
            f"{opening}{_quote(put_on_one_line(failure.message))[1:]}{closing}"
            f'"severity": "{_FAILURE_SEVERITY}", {self._place(location, self._fingerprints.of_failure(failure))}}}'
        )

    def finding(self, finding: Finding) -> str:
        policy, location = finding.policy, finding.location
        opening, closing = self._checks.get(policy) or self._add_check(policy, finding.name)
        return (
            f"{opening}{_quote(put_on_one_line(finding.message))[1:]}{closing}"
            f'"severity": "{_SEVERITIES[finding.severity]}", {self._place(location, self._fingerprints.of_finding(finding))}}}'
        )

    def _place(self, location: Location, fingerprint: str) -> str:
        path = self._paths.get(location.path) or self._add_path(location.path)
        span = location.span
        return (
            f'"fingerprint": "{fingerprint}", '
            f'"location": {{"path": {path}, "lines": {{"begin": {span.line}, "end": {span.end_line}}}}}'
        )

    def _add_check(self, policy: str, name: str) -> tuple[str, str]:
        """What stands before a message, and after it; GitLab's list shows the description only, so that it has the id."""
        label = put_on_one_line(f"{policy} {name}")
        check = f'{{"description": {_quote(f"{label}: ")[:-1]}', f', "check_name": {_quote(put_on_one_line(policy))}, '
        self._checks[policy] = check
        return check

    def _add_path(self, path: str) -> str:
        quoted = self._paths[path] = _quote(_name_file(self._prefix, path))
        return quoted


def _name_file(prefix: str | None, path: str) -> str:
    """The path from the root of the repository, as git names it; no two readers agree on halves of surrogate pairs."""
    return _SURROGATE.sub(lambda found: make_visible(found[0]), path_from_root(prefix or "", path) or ".")
