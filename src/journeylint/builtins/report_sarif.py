"""The report as a SARIF 2.1.0 log: one line for each rule, notification and result.

`executionSuccessful` says that the run came out, also where it met failures: GitHub code scanning refuses a log that
says otherwise ("unsuccessful execution"), and nobody would see what could not be judged. Failures are results at level
`error`, and notifications for those who read about the run. The log holds no clock, no absolute path and no host.

GitHub code scanning does not heed `suppressions`, and would show what is suppressed as alerts. So it is left out, unless a
log is asked for that shows it; then every result says what suppresses it, if anything.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

from journeylint.builtins.repository_paths import prefix_of
from journeylint.builtins.sarif.limits import MOST_BYTES, MOST_RESULTS, compressed_size, keep_fitting, keep_worst
from journeylint.builtins.sarif.notifications import RANKS, describe_notifications, notify, notify_of_settings
from journeylint.builtins.sarif.places import ROOT_ID, Places
from journeylint.builtins.sarif.results import ResultLine, ResultWriter, has_baseline, rank_finding
from journeylint.builtins.sarif.rules import HOME_PAGE, describe_failure, describe_policy, list_pages
from journeylint.builtins.sarif.texts import byte_length, make_encodable
from journeylint.model import FailureCode
from journeylint.ports import Want
from journeylint.terminal import defuse_json
from journeylint.times import format_instant

if TYPE_CHECKING:
    from journeylint.model import JsonObject, JsonValue, Outlook, Report, Repository

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
AUTOMATION_ID = "journeylint/"

_BATCH = 1000
_SEMANTIC_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")


class SarifReporter:
    """Writes the report for code scanning; where not all results fit, the worst are there and the log says so.

    What is suppressed is there only if *shows_suppressed*, behind all that is not.
    """

    wants = frozenset(
        {
            Want.LINES,
            Want.ARGUMENTS,
            Want.STABLE_POINTERS,
            Want.LINE_HASHES,
            Want.HORIZON,
            Want.FIXES,
            Want.REPLACEMENTS,
            Want.EXAMPLES,
            Want.REPOSITORY,
        }
    )

    def __init__(self, *, shows_suppressed: bool = False) -> None:
        self.format = "sarif-suppressed" if shows_suppressed else "sarif"
        self._shows_suppressed = shows_suppressed

    def write(self, report: Report, stream: TextIO, *, color: bool) -> None:  # noqa: ARG002 - JSON has no colours
        """Write *report* to *stream* as one SARIF log with one run; it ends with a line break."""
        log = _Log(report, shows_suppressed=self._shows_suppressed)
        results = log.write_results()
        texts = log.spell(results)
        if compressed_size(texts) > MOST_BYTES:
            texts = log.spell(_keep_fitting(log, results))
        stream.writelines(map(defuse_json, texts))


def _keep_fitting(log: _Log, results: Sequence[ResultLine]) -> list[ResultLine]:
    def measure(indexes: Sequence[int]) -> int:
        return compressed_size(log.spell([results[index] for index in indexes]))

    ranks = [result.rank for result in results]
    sizes = [byte_length((result.text, result.notification)) for result in results]
    return [results[index] for index in keep_fitting(ranks, sizes, measure)]


class _Log:
    """A log in the making: what stands in it however many results do is written once."""

    def __init__(self, report: Report, *, shows_suppressed: bool) -> None:
        self._report = report
        self._shows_suppressed = shows_suppressed
        upcoming = () if report.outlook is None else report.outlook.findings
        self._findings = (*report.findings, *upcoming, *(report.suppressed if shows_suppressed else ()))
        self._pages = list_pages(report)
        self._failure_rules = {code.value: len(self._pages) + place for place, code in enumerate(FailureCode)}
        self._opening = self._write_opening()

    def write_results(self) -> list[ResultLine]:
        """The results that are not too many, failures first and suppressed ones last, otherwise in the report's order."""
        findings, failures = self._findings, self._report.failures
        writer = ResultWriter(
            self._pages,
            self._failure_rules,
            Places(prefix_of(self._report)),
            tells_suppressions=self._shows_suppressed,
            has_baseline=has_baseline(self._report),
        )
        if len(findings) + len(failures) > MOST_RESULTS:
            failures = failures[:MOST_RESULTS]
            kept = keep_worst(list(map(rank_finding, findings)), MOST_RESULTS - len(failures))
            findings = tuple(findings[index] for index in kept)
        # Those to come are numbered last, so that others have the same fingerprints whether a run looks ahead or not.
        order = sorted(range(len(findings)), key=lambda number: findings[number].fails_from is not None)
        lines = {number: writer.finding(findings[number]) for number in order}
        return [*map(writer.failure, failures), *(lines[number] for number in range(len(findings)))]

    def spell(self, results: Sequence[ResultLine]) -> list[str]:
        """The texts that make up the log with these *results*."""
        total = len(self._findings) + len(self._report.failures)
        notifications = [
            *map(_spell, notify(self._report, self._count_left_out(results), total=total)),
            *(result.notification for result in results if result.notification),
        ]
        texts = [
            self._opening,
            *_spell_list("toolExecutionNotifications", notifications, "          "),
            *self._write_settings_notifications(),
            f"\n        }}\n      ],\n{self._write_properties()},\n",
            *_spell_list("results", [result.text for result in results], "      "),
            "\n    }\n  ]\n}\n",
        ]
        return list(map(make_encodable, texts))

    def _write_settings_notifications(self) -> Iterator[str]:
        notifications = list(map(_spell, notify_of_settings(self._report)))
        if notifications:
            yield ",\n"
            yield from _spell_list("toolConfigurationNotifications", notifications, "          ")

    def _count_left_out(self, results: Iterable[ResultLine]) -> Counter[str]:
        report = self._report
        counts = Counter({"failure": len(report.failures)})
        counts.update(RANKS[rank_finding(finding)] for finding in self._findings)
        counts.subtract(RANKS[result.rank] for result in results)
        return counts

    def _write_opening(self) -> str:
        """The log up to the members of its invocation that are the same whatever came of the run."""
        rules = [*map(describe_policy, self._pages), *map(describe_failure, FailureCode)]
        members = ",\n".join(f'      "{name}": {_spell(value)}' for name, value in _frame(self._report.repository))
        return (
            f'{{\n  "$schema": "{SCHEMA}",\n  "version": "2.1.0",\n  "runs": [\n    {{\n'
            f'      "tool": {{\n        "driver": {{\n{_write_tool(self._report.tool_version)},\n'
            + "".join(_spell_list("rules", map(_spell, rules), "          "))
            + ",\n"
            + "".join(_spell_list("notifications", map(_spell, describe_notifications()), "          "))
            + f"\n        }}\n      }},\n{members},\n"
            '      "invocations": [\n        {\n          "executionSuccessful": true,\n'
        )

    def _write_properties(self) -> str:
        """What an auditor asks of a run: which instant, which manifests, which policies, which verdicts."""
        report, summary = self._report, self._report.summary
        counts = {
            "files": summary.files,
            "manifests": summary.manifests,
            "skippedDocuments": summary.skipped_documents,
            "errors": summary.errors,
            "warnings": summary.warnings,
            "infos": summary.infos,
            "failures": summary.failures,
            "suppressed": summary.suppressed,
            "elsewhere": summary.elsewhere,
        }
        tallies = [
            _spell(
                {
                    "policy": tally.policy,
                    "matched": tally.matched,
                    "passed": tally.passed,
                    "failed": tally.failed,
                    "notApplicable": tally.not_applicable,
                }
            )
            for tally in report.policies
        ]
        return (
            f'      "properties": {{\n        "asOf": "{format_instant(report.as_of)}",\n'
            f'        "summary": {json.dumps(counts)},\n'
            + "".join(_spell_list("policies", tallies, "        "))
            + ("" if report.outlook is None else f',\n        "outlook": {_spell(_describe(report.outlook))}')
            + "\n      }"
        )


def _describe(outlook: Outlook) -> JsonObject:
    return {
        "until": format_instant(outlook.until),
        "upcoming": len(outlook.findings),
        "unknown": [{"policy": one.policy, "name": one.name, "reads": one.reads} for one in outlook.unknown],
    }


def _write_tool(version: str) -> str:
    members = {
        "name": "journeylint",
        "fullName": f"journeylint {version}",
        "version": version,
        "informationUri": HOME_PAGE,
    }
    if _SEMANTIC_VERSION.fullmatch(version):
        members["semanticVersion"] = version
    return ",\n".join(f'          "{name}": {_spell(value)}' for name, value in members.items())


def _frame(repository: Repository | None) -> Iterator[tuple[str, JsonValue]]:
    """The members of a run that say how to read its places, and of which state of which repository they are."""
    yield "automationDetails", {"id": AUTOMATION_ID}
    yield "columnKind", "unicodeCodePoints"
    root = "The folder that journeylint ran in." if repository is None else "The root of the git repository."
    yield "originalUriBaseIds", {ROOT_ID: {"description": {"text": root}}}
    if repository is not None and repository.revision:
        # The address is required, and a repository that has none on the web must not tell where it lies on this machine.
        address = repository.uri or f"urn:git:{repository.revision}"
        details: JsonObject = {"repositoryUri": address, "revisionId": repository.revision}
        if repository.branch:
            details["branch"] = repository.branch
        yield "versionControlProvenance", [{**details, "mappedTo": {"uriBaseId": ROOT_ID}}]


def _spell(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False)


def _spell_list(name: str, items: Iterable[str], indent: str) -> Iterator[str]:
    """The member *name* with *items*, a line each, some at a time."""
    listed = list(items)
    yield f'{indent}"{name}": ['
    for start in range(0, len(listed), _BATCH):
        yield ("," if start else "") + f"\n{indent}  " + f",\n{indent}  ".join(listed[start : start + _BATCH])
    yield f"\n{indent}]" if listed else "]"
