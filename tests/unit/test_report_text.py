"""The text report: what it says when, and that nothing in a manifest can write to the terminal."""

from __future__ import annotations

import io
import re
import unicodedata
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from journeylint.builtins.report_text import TextReporter
from journeylint.model import Detail, Finding, Identity, PolicyTally, Related, Report, Summary
from journeylint.terminal import count
from tests.golden.samples import (
    INSIGHTS,
    INVALID,
    OVERSIZED,
    OVERSIZED_AGAIN,
    UNREADABLE,
    clean_report,
    empty_report,
    full_report,
    hostile_report,
    place,
    suppressed_report,
)


def written(report: Report, *, color: bool = False) -> str:
    stream = io.StringIO()
    TextReporter().write(report, stream, color=color)
    return stream.getvalue()


def last_lines(report: Report) -> list[str]:
    return written(report).rstrip("\n").split("\n\n")[-1].split("\n")


def with_findings(*findings: Finding) -> Report:
    return full_report()._replace(findings=findings, failures=())


def test_a_finding_begins_with_its_place_severity_and_policy() -> None:
    assert written(with_findings(OVERSIZED)).startswith(
        "journeys/spring-sale.yaml:14:7: error OBS004 oversized-outbound-segment"
    )


def test_a_failure_begins_with_its_place_and_code() -> None:
    report = full_report()._replace(findings=())
    assert "\njourneys/typo.yaml:6:3: error JL002 invalid-manifest in Journey typo\n" in written(report)


def test_a_failure_of_unknown_identity_names_no_manifest() -> None:
    report = full_report()._replace(findings=(), failures=(UNREADABLE,))
    assert written(report).startswith("journeys/secret.yaml:1:1: error JL001 unreadable-manifest\n")


def test_another_environment_than_the_default_is_named() -> None:
    assert " in Journey weekly-deals of contoso-uat\n" in written(with_findings(OVERSIZED_AGAIN))


def test_help_stands_under_the_first_finding_of_a_policy_only() -> None:
    text = written(with_findings(OVERSIZED, OVERSIZED_AGAIN))
    assert text.count("help:") == 1
    assert text.index("help:") < text.index("weekly-deals")


def test_help_is_wrapped_below_its_label() -> None:
    pages = {"OBS004": full_report().pages["OBS004"]._replace(remediation="word " * 30 + "\n\nend")}
    report = with_findings(OVERSIZED)._replace(pages=pages)
    line = " ".join(["word"] * 14)
    shown = f"\n  help: {line}\n        {line}\n        word word\n\n        end\n\nJudged"
    assert shown in written(report)


def test_evidence_is_listed_with_its_values_in_line() -> None:
    text = written(with_findings(OVERSIZED))
    assert "  with: segment.spec.memberCount = 1200000\n        params.maximumMembers    = 750000\n" in text


def test_a_finding_without_detail_has_no_frame_and_no_evidence() -> None:
    text = written(with_findings(INSIGHTS))
    assert " | " not in text
    assert "with:" not in text


def test_further_places_are_listed_below_each_other() -> None:
    places = (Related("first", place("a.yaml", "", (1, 2, 1, 3))), Related("second", place("b.yaml", "", (3, 4, 3, 5))))
    text = written(with_findings(OVERSIZED._replace(related=places)))
    assert "  see:  a.yaml:1:2: first\n        b.yaml:3:4: second\n" in text


def test_the_summary_says_what_was_judged_and_with_which_result() -> None:
    assert last_lines(full_report())[0] == (
        "Judged 12 journeys and 21 segments in 9 files (3 documents of other kinds skipped): "
        "2 errors, 1 warning, 1 info, 2 failures."
    )


def test_the_summary_names_suppressed_findings() -> None:
    report = full_report()._replace(summary=full_report().summary._replace(suppressed=3))
    assert last_lines(report)[0].endswith("2 failures, 3 suppressed.")


def test_a_clean_run_says_so() -> None:
    assert last_lines(clean_report())[:2] == ["No findings.", "Judged 1 journey and 2 segments in 2 files."]


def test_a_run_with_failures_is_not_called_clean() -> None:
    report = clean_report()._replace(failures=(INVALID,), summary=clean_report().summary._replace(failures=1))
    assert "No findings." not in written(report)
    assert "2 files: 1 failure." in written(report)


def test_suppressed_findings_only_are_a_clean_run_that_tells_them() -> None:
    report = clean_report()._replace(summary=clean_report().summary._replace(suppressed=2))
    assert "2 suppressed" in written(report)


def test_a_run_without_a_manifest_says_so_and_what_to_do() -> None:
    assert written(empty_report()).startswith("No manifest found: no YAML or JSON file was there that says")
    assert written(empty_report(files=3, skipped=4)).startswith(
        "No manifest found: none of 4 documents in 3 files says"
    )


def test_a_run_that_only_failed_is_not_called_empty() -> None:
    summary = Summary(files=1, manifests=0, skipped_documents=0, errors=0, warnings=0, infos=0, failures=1)
    report = empty_report()._replace(summary=summary, failures=(UNREADABLE,))
    assert "No manifest found" not in written(report)
    assert "Judged nothing in 1 file: 1 failure." in written(report)


def test_policies_that_matched_nothing_stand_in_one_line() -> None:
    assert last_lines(full_report())[1] == "2 policies matched nothing: OBS011, REF002."


def tallies(prefix: str, count: int, **changes: int) -> tuple[PolicyTally, ...]:
    return tuple(PolicyTally(f"{prefix}{number:03}", "x", "Journey", **changes) for number in range(1, count + 1))


def test_a_long_row_of_policies_that_matched_nothing_is_told_by_its_ends() -> None:
    matched = PolicyTally("RTL017", "x", "Journey", failed=1)
    policies = (*tallies("OBS", 15), *tallies("RTL", 16), matched, PolicyTally("RTL018", "x", "Journey"))
    told = last_lines(clean_report()._replace(policies=policies))[2]
    names = ", ".join(f"OBS{number:03}" for number in range(1, 16))
    assert told == f"32 policies matched nothing: {names}, RTL001 to RTL016, RTL018."


def test_a_row_of_policies_ends_where_one_matched_or_its_kind_is_not_there() -> None:
    elsewhere = PolicyTally("RTL009", "x", "Message")
    policies = (*tallies("RTL", 8), elsewhere, *tallies("RTM", 9))
    told = last_lines(clean_report()._replace(policies=policies))[2]
    assert told.startswith("17 policies matched nothing: RTL001, RTL002,")
    assert "to" not in told.split()


def test_a_policy_over_a_kind_that_is_not_there_is_not_named() -> None:
    assert "MAIL001" not in written(clean_report())


def test_no_line_tells_of_unmatched_policies_where_all_matched() -> None:
    report = clean_report()._replace(policies=(PolicyTally("OBS002", "x", "Journey", failed=1),))
    assert "matched nothing" not in written(report)


def test_the_instant_is_told() -> None:
    report = full_report()._replace(as_of=datetime(2025, 3, 1, 9, 30, tzinfo=UTC))
    assert "As of 2025-03-01T09:30:00Z." in last_lines(report)[-1]


def test_kinds_are_named_as_people_write_them() -> None:
    report = clean_report()._replace(kinds={"EmailTemplate": 2, "Journey": 1, "Policy": 2})
    assert "Judged 2 email templates, 1 journey and 2 policies in" in written(report)


def test_counts_are_in_the_plural_unless_they_are_one() -> None:
    assert [count(0, "error"), count(1, "error"), count(2, "error")] == ["0 errors", "1 error", "2 errors"]
    assert [count(2, "policy"), count(2, "journey"), count(1234, "box")] == ["2 policies", "2 journeys", "1,234 boxes"]


def test_plain_text_has_no_escape_sequences() -> None:
    assert "\x1b" not in written(full_report()) + written(clean_report()) + written(empty_report())


def test_colors_change_nothing_else() -> None:
    for report in (full_report(), clean_report(), empty_report(), hostile_report()):
        assert re.sub(r"\x1b\[[0-9;]*m", "", written(report, color=True)) == written(report)


def test_a_message_without_end_is_cut() -> None:
    for length, expected in ((2_000, "x" * 2_000), (2_001, "x" * 2_000 + "…")):
        finding = OVERSIZED._replace(message="x" * length)
        assert f"\n  {expected}\n" in written(with_findings(finding))


def test_a_file_with_the_name_of_a_command_is_named_from_its_folder() -> None:
    places = tuple(Related("here", place("::group::a.yaml", "", (1, 1, 1, 2))) for _ in range(2))
    finding = OVERSIZED._replace(location=place("::error::x.yaml", "", (1, 1, 1, 2)), related=places)
    text = written(with_findings(finding))
    assert text.startswith("./::error::x.yaml:1:1: error OBS004")
    assert "\n        ./::group::a.yaml:1:1: here\n" in text


def test_source_lines_and_evidence_are_no_commands() -> None:
    detail = Detail(14, ("a: ##[error]x", "b: ##vso[task.complete]y"), (("a", "1"), ("::b::", "##[c]")))
    text = written(with_findings(OVERSIZED._replace(detail=detail)))
    assert r"14 | a: #\#[error]x" in text
    assert r"15 | b: #\#vso[task.complete]y" in text
    assert r"\::b:: = #\#[c]" in text


def test_help_is_no_command() -> None:
    pages = {"OBS004": full_report().pages["OBS004"]._replace(remediation="::a::\n::error::b")}
    text = written(with_findings(OVERSIZED)._replace(pages=pages))
    assert "  help: \\::a::\n        \\::error::b\n" in text


def treacherous(text: str) -> set[str]:
    allowed = {"\n", "\u200c", "\u200d"}
    return {
        character
        for character in text
        if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} and character not in allowed
    }


@settings(deadline=None, max_examples=80)
@given(st.text(), st.text(), st.text(), st.integers(0, 60), st.integers(0, 60))
def test_no_text_of_a_manifest_reaches_the_terminal_as_control(
    first: str, second: str, third: str, begin: int, length: int
) -> None:
    finding = OVERSIZED._replace(
        message=first,
        manifest=Identity(second, third, first),
        location=place(third, "", (1, begin + 1, 1, begin + length + 1)),
        related=(Related(second, place(first, "", (1, 1, 1, 1))),),
        detail=Detail(1, (first + second + third,), ((second, third), (third, first))),
    )
    text = written(with_findings(finding))
    assert not treacherous(text)
    lines = text.split("\n\n", maxsplit=1)[0].split("\n")
    assert all(line.startswith("  ") for line in lines[1:]), "a line of a manifest could pass for one of ours"


def test_the_summary_tells_by_what_findings_are_suppressed_and_where_to_see_why() -> None:
    told = (
        "Suppressed 1 by comments, 1 by the configuration and 1 by the baseline. "
        "Who, why and until when: journeylint suppressions"
    )
    assert told in written(suppressed_report()).splitlines()


def test_the_summary_counts_what_each_form_suppresses() -> None:
    first, second, _ = suppressed_report().suppressed
    report = suppressed_report()
    assert "\nSuppressed 2 by comments. Who" in written(report._replace(suppressed=(second, second)))
    assert "\nSuppressed 1 by comments and 1 by the configuration. Who" in written(
        report._replace(suppressed=(first, second))
    )
    assert "\nSuppressed " not in written(report._replace(suppressed=()))


def test_what_is_suppressed_is_shown_nowhere_else() -> None:
    assert "agency-prospects" not in written(suppressed_report())
    assert "CRM-1042" not in written(suppressed_report())
