"""Reports for the tests of SARIF: samples with the details that it wants, and large ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from journeylint.model import (
    Detail,
    Failure,
    Finding,
    Identity,
    PolicyPage,
    PolicyTally,
    Related,
    Report,
    Repository,
    Severity,
    Summary,
)
from tests.golden.samples import AS_OF, place

REPOSITORY = Repository("", "https://example.com/team/journeys", "0" * 40, "main")
POLICIES = (
    ("OBS004", "oversized-outbound-segment", Severity.ERROR),
    ("OBS007", "short-export-lead-time", Severity.WARNING),
    ("OBS012", "unlinked-segment-insights", Severity.INFO),
)


def policy_page(policy: str, text: str, severity: Severity) -> PolicyPage:
    """A page in which each part that is prose or an example is *text*."""
    return PolicyPage(
        policy,
        "oversized-outbound-segment",
        "outbound-segments",
        text,
        severity,
        text,
        text,
        ({"title": text, "url": "https://example.com/guide", "section": text},),
        ("size",),
        (f"{text} '", "' has members."),
        text,
        text,
    )


def with_details(report: Report) -> Report:
    """*report* with source lines and arguments for each finding and failure, and pages whose messages have gaps."""
    pages = {page.id: page._replace(message=("The segment '", "' is bad.")) for page in report.pages.values()}
    lines = Detail(1, ("x" * 60,), arguments=("a",), stable_pointer="/spec", line_hash="1a:1")
    flat = (1, 1, 1, 9)

    def detailed(findings: Iterable[Finding]) -> tuple[Finding, ...]:
        return tuple(
            one._replace(
                detail=lines if one.detail is None else one.detail._replace(arguments=("a",)),
                location=place(one.location.path, one.location.pointer, flat) if one.detail is None else one.location,
            )
            for one in findings
        )

    return report._replace(
        findings=detailed(report.findings),
        suppressed=detailed(report.suppressed),
        failures=tuple(one._replace(detail=Detail(1, ("",))) if one.detail is None else one for one in report.failures),
        policies=tuple(tally for tally in report.policies if tally.policy in pages),
        pages=pages,
    )


def many_findings(count: int, *, failures: Sequence[Failure] = ()) -> Report:
    """A report of *count* findings, of each severity in turn, beside *failures*."""
    findings = tuple(_finding(number) for number in range(count))
    severities = [finding.severity for finding in findings]
    errors, warnings, infos = (severities.count(severity) for severity in Severity)
    pages = {
        policy: PolicyPage(
            policy,
            name,
            "outbound-segments",
            name,
            severity,
            "Because.",
            "Mend it.",
            message=("Segment '", "' is bad."),
        )
        for policy, name, severity in POLICIES
    }
    lines = Detail(1, ("kind: Journey",), line_hash="1a:1")
    return Report(
        "0.1.0",
        AS_OF,
        Summary(count, count, 0, errors, warnings, infos, len(failures)),
        findings,
        tuple(failure._replace(detail=failure.detail or lines) for failure in failures),
        tuple(PolicyTally(policy, name, "Journey", failed=1) for policy, name, _ in POLICIES),
        {"Journey": count},
        pages,
        (),
        REPOSITORY,
    )


def _finding(number: int) -> Finding:
    policy, name, severity = POLICIES[number % 3]
    return Finding(
        policy,
        name,
        severity,
        f"Segment 'segment-{number}' is bad.",
        Identity("default", "Journey", f"journey-{number}"),
        place(f"journeys/{number}.yaml", "/spec/segments/0", (5, 5, 5, 26)),
        (Related("its size", place("segments/all.yaml", "", (number + 1, 1, number + 1, 9))),)
        if not number % 9
        else (),
        detail=Detail(5, ("  - name: segment",), arguments=(f"segment-{number}",), line_hash=f"{number:x}:1"),
    )
