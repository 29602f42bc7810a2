"""Two reports compared: what appears, vanishes, changes and stays, and how it is told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from journeylint.cli.impact_json import write_impact_json
from journeylint.cli.impact_markdown import LONGEST_REPORT, write_impact_markdown
from journeylint.cli.impact_text import impact_lines
from journeylint.impact import Impact, Side, compare
from journeylint.model import (
    Detail,
    Failure,
    FailureCode,
    Finding,
    Identity,
    Location,
    PolicyTally,
    Report,
    Severity,
    Span,
    Summary,
)
from journeylint.settings.values import FailOn
from journeylint.terminal import painter
from tests.kinds import read_schema

AS_OF = datetime(2025, 3, 10, 8, tzinfo=UTC)


def found(
    policy: str = "OBS004",
    *,
    journey: str = "spring",
    index: int = 0,
    place: str = "",
    severity: Severity = Severity.ERROR,
    message: str = "It is too large.",
    path: str = "",
) -> Finding:
    location = Location(path or f"{journey}.yaml", 1, f"/spec/segments/{index}", Span(8 + index, 7, 8 + index, 20))
    detail = Detail(stable_pointer=place or f"/spec/segments/[{index}]")
    identity = Identity("default", "Journey", journey)
    return Finding(policy, "oversized", severity, message, identity, location, detail=detail)


def not_judged(message: str = "It raised.") -> Failure:
    location = Location("spring.yaml", 1, "", Span(1, 1, 9, 1))
    return Failure(FailureCode.PREDICATE_ERROR, message, location, Identity("default", "Journey", "spring"))


def report(*findings: Finding, policies: Sequence[str] = ("OBS004",), failures: Sequence[Failure] = ()) -> Report:
    summary = Summary(2, 3, 0, len(findings), 0, 0, len(failures))
    tallies = tuple(PolicyTally(policy, f"name-of-{policy.lower()}", "Journey") for policy in policies)
    return Report("0.1.0", AS_OF, summary, findings, tuple(failures), tallies)


def impact_of(before: Report, after: Report, **renamed: str) -> Impact:
    return compare(Side("v1", before), Side("v2", after), renamed=renamed)


def whats(impact: Impact) -> list[tuple[str, str]]:
    return [(change.what, change.finding.location.path) for change in impact.changes]


def text_of(impact: Impact) -> str:
    return "\n".join(impact_lines(impact, painter(color=False)))


def test_the_same_findings_stay() -> None:
    impact = impact_of(report(found(), found(index=1)), report(found(), found(index=1)))

    assert (impact.changes, impact.stay, impact.by_policy, impact.by_manifest) == ((), 2, (), ())


def test_a_finding_of_one_side_appears_or_vanishes() -> None:
    impact = impact_of(report(found(journey="a")), report(found(journey="b")))

    assert whats(impact) == [("vanishes", "a.yaml"), ("appears", "b.yaml")]
    assert [(row.policy, row.state, row.appear, row.vanish) for row in impact.by_policy] == [("OBS004", "", 1, 1)]
    assert [(row.path, row.appear, row.vanish) for row in impact.by_manifest] == [("a.yaml", 0, 1), ("b.yaml", 1, 0)]


def test_a_finding_with_another_severity_or_message_changes() -> None:
    impact = impact_of(
        report(found(severity=Severity.WARNING), found(index=1, message="It has 7.")),
        report(found(), found(index=1, message="It has 8.")),
    )

    assert [change.what for change in impact.changes] == ["changes", "changes"]
    assert (impact.by_policy[0].change, impact.stay) == (2, 0)


def test_a_finding_that_moved_in_its_list_stays() -> None:
    before, after = found(index=0, place="/spec/segments/[vip]"), found(index=3, place="/spec/segments/[vip]")

    assert impact_of(report(before), report(after)).changes == ()


def test_the_same_policy_at_the_same_place_in_another_journey_is_another_finding() -> None:
    assert len(impact_of(report(found(journey="a")), report(found(journey="b"))).changes) == 2


def test_several_findings_at_one_place_are_paired_by_their_words() -> None:
    before = report(found(message="one"), found(message="two"), found(message="three"))
    after = report(found(message="three"), found(message="two"), found(message="four"))

    impact = impact_of(before, after)

    assert [(one.before and one.before.message, one.after and one.after.message) for one in impact.changes] == [
        ("one", "four")
    ]
    assert impact.stay == 2


def test_a_second_finding_at_one_place_appears() -> None:
    impact = impact_of(report(found()), report(found(), found()))

    assert (whats(impact), impact.stay) == ([("appears", "spring.yaml")], 1)


def test_a_renamed_policy_is_followed() -> None:
    before, after = report(found("OBS099"), policies=["OBS099"]), report(found("OBS004"), policies=["OBS004"])

    assert impact_of(before, after, OBS099="OBS004").by_policy == ()
    assert [row.state for row in impact_of(before, after).by_policy] == ["new", "gone"]


def test_a_policy_without_findings_that_comes_or_goes_is_told() -> None:
    impact = impact_of(report(policies=["OBS001"]), report(policies=["OBS002"]))

    assert [(row.policy, row.state, row.appear) for row in impact.by_policy] == [
        ("OBS001", "gone", 0),
        ("OBS002", "new", 0),
    ]


def test_a_failure_is_new_where_it_was_not_there_before() -> None:
    impact = impact_of(report(failures=[not_judged("old")]), report(failures=[not_judged("old"), not_judged("new")]))

    assert [(one.failure.message, one.is_new) for one in impact.failures] == [("old", False), ("new", True)]
    assert impact.new_failures == 1


def test_what_becomes_as_bad_as_the_threshold_is_worse_and_nothing_else() -> None:
    impact = impact_of(
        report(
            found(journey="gone"), found(journey="up", severity=Severity.WARNING), found(journey="words", message="a")
        ),
        report(
            found(journey="up"),
            found(journey="words", message="b"),
            found(journey="new-warning", severity=Severity.WARNING),
            found(journey="new-error"),
        ),
    )

    def worse(fail_on: FailOn) -> list[str]:
        return [change.finding.manifest.name for change in impact.worsening(fail_on)]

    assert worse(FailOn.ERROR) == ["new-error", "up"]
    assert worse(FailOn.WARNING) == ["new-error", "new-warning"]
    assert worse(FailOn.NEVER) == []


def test_the_text_says_what_appears_vanishes_and_changes() -> None:
    impact = impact_of(
        report(found(journey="a"), found(journey="c", severity=Severity.WARNING, message="Was.")),
        report(found(journey="b", message="Too large."), found(journey="c", message="Is."), found(journey="d")),
    )

    lines = text_of(impact).splitlines()

    assert lines[0] == "From v1 to v2, over 3 manifests:"
    assert "  policy                  appear  vanish  change  stay" in lines
    assert "  OBS004  name-of-obs004       2       1       1     -" in lines
    assert "- vanishes a.yaml:8:7: error OBS004 oversized in Journey a" in lines
    assert "+ appears  b.yaml:8:7: error OBS004 oversized in Journey b" in lines
    assert "~ changes  c.yaml:8:7: warning -> error OBS004 oversized in Journey c" in lines
    assert [line for line in lines if line.startswith(("  was", "  is"))] == ["  was: Was.", "  is:  Is."]
    assert "2 findings appear (2 errors), 1 finding vanishes (1 error), 1 finding changes (1 error); 0 stay." in lines


def test_the_text_says_that_nothing_changes() -> None:
    assert "No finding appears, vanishes or changes; 1 stays." in text_of(impact_of(report(found()), report(found())))


def test_the_text_tells_failures_and_that_they_are_not_compared() -> None:
    text = text_of(impact_of(report(), report(failures=[not_judged("It raised.")])))

    assert "! new      spring.yaml:1:1: error JL003 predicate-error" in text
    assert "1 failure, 1 of them new: what could not be judged is not compared." in text


def test_text_of_a_manifest_starts_no_command_and_moves_no_cursor() -> None:
    hostile = found(path="::error::x.yaml", message="\x1b[31m ::warning:: ##vso[task.complete]")
    text = text_of(impact_of(report(), report(hostile)))

    assert "\x1b" not in text
    assert "##vso" not in text
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())


def test_the_json_is_valid_under_its_schema_and_has_both_sides() -> None:
    impact = impact_of(
        report(found(journey="a"), found(journey="c", severity=Severity.INFO)),
        report(found(journey="b"), found(journey="c"), failures=[not_judged()]),
    )

    data = json.loads(write_impact_json(impact))

    Draft202012Validator(read_schema("impact")).validate(data)
    assert data["summary"] == {
        "manifests": 3,
        "appear": 1,
        "vanish": 1,
        "change": 1,
        "stay": 0,
        "failures": 1,
        "newFailures": 1,
    }
    assert [(one["change"], one["before"] is None, one["after"] is None) for one in data["changes"]] == [
        ("vanishes", False, True),
        ("appears", True, False),
        ("changes", False, False),
    ]


def test_the_markdown_has_the_policies_and_the_differences() -> None:
    html = MarkdownIt("gfm-like", {"linkify": False}).render(
        write_impact_markdown(
            impact_of(report(found(journey="a")), report(found(journey="b"), failures=[not_judged()]))
        )
    )

    assert "<h2>⚠️ journeylint: 1 finding appears (1 error), 1 finding vanishes (1 error)</h2>" in html
    assert html.count("<table>") == 2
    assert "<td>no longer judged</td>" in html


def test_the_markdown_fits_into_a_comment_and_says_what_is_left_out() -> None:
    many = [found(journey=f"journey-{number}", message="x" * 400) for number in range(500)]

    text = write_impact_markdown(impact_of(report(), report(*many)))

    assert len(text) <= LONGEST_REPORT
    assert "more differences: all of them are in" in text


def test_texts_of_manifests_stay_texts_in_the_markdown() -> None:
    html = MarkdownIt("gfm-like", {"linkify": False}).render(
        write_impact_markdown(impact_of(report(), report(found(message="<script>|`x` @everyone"))))
    )

    assert "<script>" not in html
    assert html.count("<tr>") == 4
