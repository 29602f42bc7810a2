"""What the built-in policies say of whole workspaces, beyond what their own cases can show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeylint.model import FailureCode
from journeylint.policies import Policy
from journeylint.testing import (
    DEFAULT_AS_OF,
    Case,
    CaseResult,
    CaseRunner,
    build_host,
    find_cases,
    read_case,
    read_policies,
)

POLICIES = Path(__file__).resolve().parents[2] / "policies"
HOST = build_host(())
LIBRARY = read_policies(POLICIES, HOST)
RUNNER = CaseRunner(HOST)
BY_ID = {policy.id: policy for policy in LIBRARY.policies}
RECOMMENDED = [policy.id for policy in LIBRARY.policies if "recommended" in policy.presets]
OWN_SOURCES = {"references": "Manifests in journeylint", "suppressions": "Suppressions in journeylint"}
"""What policies rest on that are not about Microsoft's product, by their pack."""
MICROSOFT = ("https://learn.microsoft.com/", "https://github.com/MicrosoftDocs/")


def journey(name: str, *usages: str, **spec: str) -> str:
    facts = "".join(f"\n  {key}: {value}" for key, value in {"frequency": "ongoing", **spec}.items())
    uses = "".join(f"\n    - {{{usage}}}" for usage in usages)
    return f"apiVersion: journeylint/v1\nkind: Journey\nmetadata: {{name: {name}}}\nspec:{facts}\n  segments:{uses or ' []'}"


def segment(name: str, facts: str = "source: outbound") -> str:
    return f"apiVersion: journeylint/v1\nkind: Segment\nmetadata: {{name: {name}}}\nspec: {{{facts}}}"


def judge(policy: str, *documents: str) -> CaseResult:
    case = Case("workspace.yaml", DEFAULT_AS_OF, {}, "\n---\n".join(documents), ())
    return RUNNER.run(case, BY_ID[policy])


def findings_of_all(documents: Sequence[str]) -> list[str]:
    results = [judge(policy, *documents) for policy in RECOMMENDED]
    assert not any(result.failures for result in results)
    return [finding.policy for result in results for finding in result.findings]


FOLLOWING = {"publishTime": "2025-03-03T04:00:00", "startTime": "2025-03-03T09:00:00"}
JUSTIFIED = "name: vip, role: audience, justification: no such operator elsewhere"
BROKEN_SEGMENT = segment("vip", "source: outbound, memberCount: -1")


def test_a_journey_that_follows_every_guideline_has_no_finding_but_that_about_insights() -> None:
    documents = [journey("good", JUSTIFIED, **FOLLOWING), segment("vip", "source: outbound, memberCount: 749999")]

    assert findings_of_all(documents) == ["OBS012"]


def test_a_journey_with_native_segments_only_has_no_finding() -> None:
    usages = [f"name: {name}, role: {role}" for name in ("fresh", "unified") for role in ("audience", "exclusion")]
    documents = [journey("native", *usages), segment("fresh", "source: realtime"), segment("unified", "source: data")]

    assert findings_of_all(documents) == []


def test_an_unknown_segment_is_the_business_of_one_policy_only() -> None:
    assert findings_of_all([journey("typo", "name: vipp, role: exclusion"), segment("vip")]) == ["REF001"]


@pytest.mark.parametrize("policy", [policy for policy in RECOMMENDED if policy != "REF002"])
def test_a_segment_that_could_not_be_judged_is_not_reported_a_second_time(policy: str) -> None:
    journeys = [
        journey(f"j-{role}", f"name: vip, role: {role}", startTime="2025-03-01T00:00:01", frequency="recurring")
        for role in ("audience", "exclusion", "branch")
    ]

    result = judge(policy, *journeys, BROKEN_SEGMENT)

    assert [failure.code for failure in result.failures] == [FailureCode.INVALID_MANIFEST]
    assert result.findings == ()


@pytest.mark.parametrize("policy", ["OBS007", "OBS009", "OBS012"])
@pytest.mark.parametrize("order", [("vip", "fine"), ("fine", "vip")])
def test_a_journey_is_passed_over_wherever_its_unjudged_segment_stands(policy: str, order: tuple[str, str]) -> None:
    times = {"startTime": "2025-03-01T00:00:01"} if policy == "OBS007" else {}
    documents = [journey("mixed", *(f"name: {name}, role: audience" for name in order), **times), segment("fine")]

    assert judge(policy, *documents, BROKEN_SEGMENT).findings == ()
    assert len(judge(policy, *documents, segment("vip", "source: realtime")).findings) == 1


@pytest.mark.parametrize("used", ["vip-copy", "vip"])
def test_a_copy_that_an_unjudged_journey_uses_is_passed_over(used: str) -> None:
    asker = journey("asker", "name: vip-copy, role: audience", startTime="2025-03-10")
    over = journey("over", "name: vip-copy, role: audience", state="completed", endTime="2025-01-01")
    broken = journey("broken", f"name: {used}, role: audience", state="alive")
    segments = [segment("vip"), segment("vip-copy", "source: realtime, copyOf: vip")]

    assert len(judge("OBS011", asker, over, *segments).findings) == 1
    assert judge("OBS011", asker, over, broken, *segments).findings == ()


def test_an_unjudged_journey_that_uses_other_segments_keeps_no_copy_from_being_judged() -> None:
    asker = journey("asker", "name: vip-copy, role: audience", startTime="2025-03-10")
    over = journey("over", "name: vip-copy, role: audience", state="completed", endTime="2025-01-01")
    broken = journey("broken", "name: other, role: audience", state="alive")
    segments = [segment("vip"), segment("vip-copy", "source: realtime, copyOf: vip")]

    assert len(judge("OBS011", asker, over, broken, *segments).findings) == 1


def test_an_original_that_could_not_be_judged_is_not_missing() -> None:
    result = judge("REF002", segment("vip-copy", "source: realtime, copyOf: vip"), BROKEN_SEGMENT)

    assert result.findings == ()


def test_a_large_segment_is_pointed_at_where_its_size_is_written() -> None:
    result = judge(
        "OBS004", journey("big", "name: vip, role: audience"), segment("vip", "source: outbound, memberCount: 750000")
    )

    (related,) = result.findings[0].related
    assert (related.message, related.location.pointer) == ("its size", "/spec/memberCount")


@pytest.mark.parametrize(
    ("policy", "pointer"),
    [("OBS007", "/spec/startTime"), ("OBS009", "/spec"), ("OBS012", "/spec/segments"), ("OBS010", "/spec/segments/1")],
)
def test_a_finding_points_at_what_is_to_be_mended(policy: str, pointer: str) -> None:
    times = {"startTime": "2025-03-01T00:00:01"} if policy == "OBS007" else {}
    usages = ["name: fresh, role: audience", "name: vip, role: audience"]

    result = judge(policy, journey("one", *usages, **times), segment("vip"), segment("fresh", "source: realtime"))

    assert [finding.location.pointer for finding in result.findings] == [pointer]


def test_the_numbers_of_the_case_stand_in_the_message() -> None:
    times = {"publishTime": "2025-03-03T08:40:00", "startTime": "2025-03-03T09:00:00"}
    sized = segment("vip", "source: outbound, memberCount: 800000")

    (finding,) = judge("OBS008", journey("short", "name: vip, role: audience", **times), sized).findings

    assert finding.message.startswith("Segment 'vip' needs about 48 min to export and gets 20 min: ")
    assert "800,000" in finding.message


@pytest.mark.parametrize(("start", "end"), [("9999-12-31T23:59:59Z", "0001-01-02"), ("2025-03-10", "9999-12-31")])
def test_instants_further_apart_than_three_centuries_are_judged(start: str, end: str) -> None:
    asker = journey("asker", "name: vip-copy, role: audience", publishTime="2025-03-01", startTime=start)
    other = journey("other", "name: vip-copy, role: audience", state="live", endTime=end)
    segments = [segment("vip"), segment("vip-copy", "source: outbound, copyOf: vip, memberCount: 9223372036854775807")]

    results = [judge(policy, asker, other, *segments) for policy in ("OBS007", "OBS008", "OBS011")]

    assert not any(result.failures for result in results)


@settings(max_examples=60, deadline=None)
@given(blocks=st.integers(0, 4_000), difference=st.integers(-1, 1))
def test_an_export_may_take_exactly_the_lead_and_not_one_member_more(blocks: int, difference: int) -> None:
    """2,500 members are estimated at exactly 9 seconds."""
    members, lead = max(blocks * 2_500 + difference, 0), blocks * 9
    times = {
        "publishTime": "2025-03-03T00:00:00",
        "startTime": f"2025-03-03T{lead // 3600:02}:{lead // 60 % 60:02}:{lead % 60:02}",
    }

    result = judge(
        "OBS008",
        journey("j", "name: vip, role: audience", **times),
        segment("vip", f"source: outbound, memberCount: {members}"),
    )

    assert (result.findings == ()) is (members <= blocks * 2_500)


USERS = st.lists(
    st.tuples(
        st.sampled_from(["draft", "publishing", "live", "stopping", "stopped", "completed", "deleted"]),
        st.none() | st.integers(1, 9),
        st.sampled_from([("vip-copy",), ("vip",), ("vip", "vip-copy"), ("other",)]),
    ),
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(users=USERS)
def test_a_copy_is_judged_as_the_guideline_words_it(users: list[tuple[str, int | None, tuple[str, ...]]]) -> None:
    """The journey starts on March 10, ends are days of March, and three days are allowed."""
    ends = [end for state, end, uses in users if state not in ("draft", "deleted") and uses != ("other",)]
    runs_on = any(
        end is None and state in ("publishing", "live", "stopping") and uses != ("other",) for state, end, uses in users
    )
    latest = max((end for end in ends if end is not None), default=None)
    journeys = [
        journey(
            f"user-{number}",
            *(f"name: {name}, role: audience" for name in uses),
            state=state,
            **({} if end is None else {"endTime": f"2025-03-{end:02}"}),
        )
        for number, (state, end, uses) in enumerate(users)
    ]
    asker = journey("asker", "name: vip-copy, role: audience", startTime="2025-03-10")
    segments = [segment("vip"), segment("other"), segment("vip-copy", "source: realtime, copyOf: vip")]

    found = [item for item in judge("OBS011", asker, *journeys, *segments).findings if item.manifest.name == "asker"]

    assert (found == []) is (not ends or runs_on or (latest is not None and latest + 3 >= 10))


@pytest.mark.parametrize("policy", LIBRARY.policies, ids=lambda policy: policy.id)
def test_a_policy_tells_its_sources_and_explains_itself_in_whole_sentences(policy: Policy) -> None:
    own = OWN_SOURCES.get(policy.pack)
    sources = [reference["title"] for reference in policy.references]
    pages = [reference.get("url", "") for reference in policy.references if "(Microsoft" in reference["title"]]
    assert own in sources or (pages and all(page.startswith(MICROSOFT) for page in pages))
    assert policy.rationale.endswith(".")
    assert policy.remediation.endswith(".")
    assert not policy.title.endswith(".")


@pytest.mark.parametrize("policy", LIBRARY.policies, ids=lambda policy: policy.id)
def test_every_message_of_a_policy_is_whole_sentences_on_one_line(policy: Policy) -> None:
    results = [RUNNER.run(read_case(path), policy) for path in find_cases(policy)]
    messages = {finding.message for result in results for finding in result.findings}

    assert messages
    assert [text for text in messages if not re.fullmatch(r"[A-Z0-9][^\n{}]*\.", text) or "  " in text] == []
