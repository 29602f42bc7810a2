"""Reports made by hand, for the tests of reporters: each says what it is a sample of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from journeylint.model import (
    Detail,
    Edit,
    Failure,
    FailureCode,
    Finding,
    Fix,
    Identity,
    Location,
    Operation,
    PolicyPage,
    PolicyTally,
    Related,
    Replacement,
    Report,
    Severity,
    Span,
    Summary,
    Suppression,
    SuppressionForm,
    SuppressionState,
)

AS_OF = datetime(2025, 3, 10, 8, tzinfo=UTC)
SPRING = Identity("default", "Journey", "spring-sale")
UAT = Identity("contoso-uat", "Journey", "weekly-deals")


def place(path: str, pointer: str, span: tuple[int, int, int, int], document: int = 1) -> Location:
    """A location in few words."""
    return Location(path, document, pointer, Span(*span))


def page(policy: str, name: str, severity: Severity, remediation: str) -> PolicyPage:
    """A policy's page of which only what reports read is filled."""
    return PolicyPage(policy, name, "outbound-segments", name, severity, "Because.", remediation)


def empty_report(*, files: int = 0, skipped: int = 0) -> Report:
    """A run that found no manifest."""
    return Report("0.1.0", AS_OF, Summary(files, 0, skipped, 0, 0, 0, 0), (), (), ())


def clean_report() -> Report:
    """A run without findings, in which one policy matched nothing."""
    return Report(
        "0.1.0",
        AS_OF,
        Summary(files=2, manifests=3, skipped_documents=0, errors=0, warnings=0, infos=0, failures=0),
        (),
        (),
        (
            PolicyTally("OBS002", "outbound-exclusion-segment", "Journey", passed=1),
            PolicyTally("OBS009", "unknown-export-lead-time", "Journey", not_applicable=1),
            PolicyTally("MAIL001", "mail-without-sender", "Email"),
        ),
        {"Journey": 1, "Segment": 2},
    )


OVERSIZED = Finding(
    "OBS004",
    "oversized-outbound-segment",
    Severity.ERROR,
    "The outbound segment 'agency-prospects' has 1,200,000 members: outbound segments of 750,000 and more do not "
    "export reliably.",
    SPRING,
    place("journeys/spring-sale.yaml", "/spec/segments/1", (14, 7, 15, 21)),
    (Related("its size", place("segments/agency.yaml", "/spec/memberCount", (9, 16, 9, 23))),),
    counts=True,
    detail=Detail(
        14,
        ("    - name: agency-prospects", "      role: audience"),
        (("segment.spec.memberCount", "1200000"), ("params.maximumMembers", "750000")),
    ),
)
OVERSIZED_AGAIN = Finding(
    "OBS004",
    "oversized-outbound-segment",
    Severity.ERROR,
    "The outbound segment 'everybody' has 2,000,000 members.",
    UAT,
    place("journeys/weekly-deals.yaml", "/spec/segments/0", (8, 7, 12, 20)),
    counts=True,
    detail=Detail(
        8,
        ("    - name: everybody", "      role: audience", "      justification: >-", "        Because"),
        fix=Fix("Split it", is_safe=False, replacements=(Replacement(Span(8, 1, 13, 1), ""),)),
    ),
)
SHORT_LEAD = Finding(
    "OBS007",
    "short-export-lead-time",
    Severity.WARNING,
    "The journey starts 20 min after it is published, and its outbound segments need at least 4 h to export.",
    SPRING,
    place("journeys/spring-sale.yaml", "/spec/startTime", (9, 14, 9, 33)),
    detail=Detail(
        9,
        ("  startTime: 2025-03-10T09:20:00  # after the store opens",),
        (("lead", "20 min"), ("params.minimumLead", "4h")),
        fix=Fix(
            "Move the start to 4 h after publication",
            is_safe=True,
            edits=(Edit(Operation.SET, "/spec/startTime", "2025-03-10T13:00:00"),),
            replacements=(Replacement(Span(9, 14, 9, 33), "2025-03-10T13:00:00"),),
        ),
    ),
)
INSIGHTS = Finding(
    "OBS012",
    "unlinked-segment-insights",
    Severity.INFO,
    "Insights of this journey will link to the exported copy.",
    SPRING,
    place("journeys/spring-sale.yaml", "/spec/segments", (11, 5, 15, 21)),
)
INVALID = Failure(
    FailureCode.INVALID_MANIFEST,
    "unknown property 'frequnecy' - did you mean 'frequency'?",
    place("journeys/typo.yaml", "/spec/frequnecy", (6, 3, 6, 12)),
    Identity("default", "Journey", "typo"),
    Detail(6, ("  frequnecy: one_time",)),
)
UNREADABLE = Failure(
    FailureCode.UNREADABLE_MANIFEST,
    "the file cannot be read: permission denied",
    place("journeys/secret.yaml", "", (1, 1, 1, 1)),
)


def full_report() -> Report:
    """A run with findings of every severity and failures with and without what reports may leave out."""
    return Report(
        "0.1.0",
        AS_OF,
        Summary(files=9, manifests=35, skipped_documents=3, errors=2, warnings=1, infos=1, failures=2, suppressed=0),
        (SHORT_LEAD, INSIGHTS, OVERSIZED, OVERSIZED_AGAIN),
        (UNREADABLE, INVALID),
        (
            PolicyTally("OBS004", "oversized-outbound-segment", "Journey", passed=5, failed=2, not_applicable=4),
            PolicyTally("OBS007", "short-export-lead-time", "Journey", passed=5, failed=1),
            PolicyTally("OBS011", "expired-segment-copy", "Journey", not_applicable=11),
            PolicyTally("OBS012", "unlinked-segment-insights", "Journey", failed=1),
            PolicyTally("REF002", "unknown-original-segment", "Segment"),
        ),
        {"Journey": 12, "Segment": 21},
        {
            "OBS004": page(
                "OBS004",
                "oversized-outbound-segment",
                Severity.ERROR,
                "Rebuild the segment as a real-time segment, which has no such limit.\n"
                "Where that cannot be, split it and use the parts one after the other.",
            ),
            "OBS007": page(
                "OBS007", "short-export-lead-time", Severity.WARNING, "Publish at least four hours before the start."
            ),
            "OBS012": page("OBS012", "unlinked-segment-insights", Severity.INFO, "Tell the readers of the insights."),
        },
    )


def suppression(
    form: SuppressionForm = SuppressionForm.COMMENT,
    state: SuppressionState = SuppressionState.USED,
    until: date | None = date(2025, 3, 31),
    *,
    policy: str = "OBS004",
    line: int = 13,
    **others: Any,
) -> Suppression:
    """A suppression by crm-team; *others* are further members of it."""
    where = place("journeys/spring-sale.yaml", "", (line, 7, line, 60))
    members = {"location": where, "manifest": SPRING, "findings": int(state is SuppressionState.USED), **others}
    written = Suppression(form, policy, state, "CRM-1042: split in April", "crm-team", until, members.pop("location"))
    return written._replace(**members)


BY_COMMENT = suppression()
BY_CONFIGURATION = suppression(
    SuppressionForm.CONFIGURATION,
    until=None,
    policy="OBS012",
    owner="",
    manifest=None,
    scope="journeys/ /spec",
    location=place("journeylint.yaml", "/suppressions/0", (4, 5, 7, 30)),
)
BY_BASELINE = suppression(
    SuppressionForm.BASELINE,
    until=None,
    reason="",
    owner="",
    manifest=UAT,
    location=place("journeylint-baseline/weekly-deals.yaml", "/entries/0", (3, 5, 6, 20)),
)


def suppressed_report() -> Report:
    """A run in which a comment, the configuration and the baseline suppress all findings but one."""
    report = full_report()
    return report._replace(
        summary=report.summary._replace(errors=0, infos=0, failures=0, suppressed=3),
        findings=(SHORT_LEAD,),
        failures=(),
        suppressed=(
            INSIGHTS._replace(suppression=BY_CONFIGURATION),
            OVERSIZED._replace(suppression=BY_COMMENT, counts=False),
            OVERSIZED_AGAIN._replace(suppression=BY_BASELINE, counts=False),
        ),
        suppressions=(BY_BASELINE, BY_CONFIGURATION, BY_COMMENT),
    )


def listed_report() -> Report:
    """A run with a suppression for each way in which one can stand, two of them hostile in their words."""
    evil = "\x1b[2J::error::gone ##vso[task.complete]\r\n::warning::\u202e; a, b\\" + "漢x" * 400
    used, states, forms = SuppressionState.USED, SuppressionState, SuppressionForm
    problems = (
        "it has no reason: say why this is accepted",
        "'2025-13-01' is no date: expected a day such as 2027-01-31, the last on which it holds",
    )
    ending = suppression(line=7, until=date(2025, 3, 10))
    listed = suppression(
        forms.METADATA,
        states.EXPIRED,
        date(2025, 3, 9),
        scope="/spec/segments/0",
        location=place("journeys/spring-sale.yaml", "/metadata/suppressions/0", (5, 5, 6, 6)),
    )
    suppressions = (
        BY_BASELINE,
        BY_BASELINE._replace(until=date(2025, 5, 1)),
        BY_BASELINE._replace(state=states.UNUSED, findings=0, until=date(2025, 5, 1)),
        BY_CONFIGURATION,
        suppression(line=3, state=states.INVALID, problems=problems, reason="", until=None, policy="OBS0022"),
        suppression(line=4, state=states.INVALID, problems=problems[:1], reason="", owner="", policy=""),
        listed,
        suppression(line=6, state=states.EXPIRED, until=date(2025, 1, 9)),
        ending,
        suppression(line=8, state=states.UNUSED, until=date(2025, 3, 11), policy="OBS007"),
        suppression(line=9, state=states.UNCHECKED, until=date(9999, 12, 31), reason="", owner=""),
        suppression(line=10, until=date(2025, 12, 31), findings=1200, manifest=UAT),
        suppression(line=11, state=used, until=date(2026, 1, 1), reason=evil, owner=evil, policy=evil, scope=evil),
    )
    report = suppressed_report()
    soon_over = SHORT_LEAD._replace(policy="SUP003", name="expiring-suppression", location=ending.location)
    return report._replace(
        findings=(soon_over,), suppressions=suppressions, summary=report.summary._replace(suppressed=1203)
    )


def hostile_report() -> Report:
    """A run over manifests that try to write to the terminal, with wide characters, tabs and very long lines."""
    evil = "\x1b[2J\x1b[1;1HNo findings.\r\n\u202e\x9b31m\x07\u200b\u2028"
    cases = (
        (2, '\tname: "\x1b[31mred\x1b[0m"', 8, 21),
        (3, "名前: 顧客リスト # e\u0301", 5, 10),
        (4, "a" * 200 + "HERE" + "b" * 200, 201, 205),
        (5, "x: \u202eevil\u202c 👩\u200d💻", 4, 10),
        (6, "short", 6, 6),
    )
    findings = tuple(
        Finding(
            "OBS004",
            "oversized-outbound-segment",
            Severity.ERROR,
            f"The segment '{evil}' is bad.",
            Identity(evil, "Journey", evil),
            place(f"journeys/{evil}.yaml", "", (line, begin, line, end)),
            (Related(evil, place(evil, "", (1, 1, 1, 2))),),
            detail=Detail(
                line,
                (text,),
                ((evil, evil), ("long", "w" * 500), ("wide", "漢" * 80)),
                fix=Fix(evil, is_safe=False, refusal=evil)
                if line % 2
                else Fix(evil, is_safe=False, replacements=(Replacement(Span(line, 1, line, 2), evil),)),
            ),
        )
        for line, text, begin, end in cases
    )
    return Report(
        "0.1.0",
        AS_OF,
        Summary(files=1, manifests=1, skipped_documents=0, errors=5, warnings=0, infos=0, failures=0),
        findings,
        (),
        (),
        {"Journey": 1},
        {"OBS004": page("OBS004", "oversized-outbound-segment", Severity.ERROR, f"Mend it. {evil}")},
    )
