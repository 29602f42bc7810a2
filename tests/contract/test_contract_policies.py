"""The contract's table of policies, row by row, on both sides of each boundary, through the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.command_line import AUDIENCE, Outcome, journey, judge, segment

OVER = ["completed", "stopped", "deleted"]
GOING_ON = ["draft", "publishing", "live", "paused", "stopping", "completing"]
USE = "/spec/segments/0"
OLD = "2020-01-01"


def verdict(outcome: Outcome, policy: str) -> str:
    """`pass`, `fail` or `n/a`, of a run in which one node is selected for *policy* (or all have the same verdict)."""
    assert outcome.failures == [], outcome.failures
    passed, failed, aside = outcome.tally(policy)
    assert sum(map(bool, (passed, failed, aside))) == 1, (passed, failed, aside)
    return "pass" if passed else "fail" if failed else "n/a"


def severity(outcome: Outcome, policy: str) -> str:
    return str(next(finding["severity"] for finding in outcome.findings if finding["policy"] == policy))


@pytest.mark.parametrize("state", GOING_ON + OVER)
@pytest.mark.parametrize(
    "policy", ["OBS001", "OBS002", "OBS003", "OBS004", "OBS005", "OBS006", "OBS009", "OBS010", "OBS012"]
)
def test_journeys_that_are_over_are_not_judged_and_all_others_are(tmp_path: Path, state: str, policy: str) -> None:
    outcome = judge(
        tmp_path,
        segment("vip", "source: outbound, memberCount: 900000"),
        segment("new", "source: outbound"),
        journey(
            f"state: {state}",
            *(f"name: {name}, role: {role}" for name in ("vip", "new") for role in ("audience", "exclusion", "branch")),
            frequency="one_time",
        ),
        as_of="2030-01-01",
    )

    assert (policy in {finding["policy"] for finding in outcome.findings}) is (state in GOING_ON)


@pytest.mark.parametrize("state", GOING_ON + OVER)
def test_an_unknown_segment_is_told_for_journeys_that_are_not_over(tmp_path: Path, state: str) -> None:
    outcome = judge(tmp_path, journey(f"state: {state}", AUDIENCE))

    assert ([f["policy"] for f in outcome.findings] == ["REF001"]) is (state in GOING_ON)


def test_a_usage_of_an_unknown_segment_is_only_ref001s_business(tmp_path: Path) -> None:
    outcome = judge(
        tmp_path,
        journey("startTime: 2026-06-01", *(f"name: gone, role: {r}" for r in ("audience", "exclusion", "branch"))),
        as_of="2027-01-01",
    )

    assert [f["policy"] for f in outcome.findings] == ["REF001"] * 3
    assert outcome.tally("OBS001") == (0, 0, 3)


class TestOBS001:
    @pytest.mark.parametrize(
        ("start", "as_of", "expected"),
        [
            ("2026-04-30T23:59:59", "2026-04-30T23:59:59Z", "pass"),
            ("2026-05-01T00:00:00", "2025-03-01", "fail"),
            ("2026-04-30T23:59:59", "2025-03-01", "pass"),
            ("2025-01-01", "2026-05-01", "fail"),
            ("2025-01-01", "2026-04-30T23:59:59Z", "pass"),
            (None, "2026-05-01T00:00:00Z", "fail"),
            (None, "2026-04-30T23:59:59Z", "pass"),
        ],
    )
    def test_the_later_of_as_of_and_start_is_before_the_removal(
        self, tmp_path: Path, start: str | None, as_of: str, expected: str
    ) -> None:
        outcome = judge(
            tmp_path, segment(), journey("" if start is None else f"startTime: {start}", AUDIENCE), as_of=as_of
        )

        assert verdict(outcome, "OBS001") == expected
        if expected == "fail":
            assert outcome.pointers("OBS001") == [USE]
            assert severity(outcome, "OBS001") == "error"

    @pytest.mark.parametrize("role", ["audience", "exclusion", "suppression", "branch", "content"])
    def test_every_role_counts(self, tmp_path: Path, role: str) -> None:
        outcome = judge(tmp_path, segment(), journey("", f"name: vip, role: {role}"), as_of="2026-05-01")

        assert verdict(outcome, "OBS001") == "fail"

    @pytest.mark.parametrize("source", ["realtime", "data"])
    def test_other_sources_do_not(self, tmp_path: Path, source: str) -> None:
        outcome = judge(tmp_path, segment("vip", f"source: {source}"), journey("", AUDIENCE), as_of="2026-05-01")

        assert outcome.findings == []
        assert outcome.status == 0

    def test_the_day_of_removal_can_be_configured(self, tmp_path: Path) -> None:
        (tmp_path / "journeylint.yaml").write_text(
            "policies: {OBS001: {params: {removedFrom: 2025-03-01T00:00:00Z}}}\n"
        )

        assert verdict(judge(tmp_path, segment(), journey("", AUDIENCE)), "OBS001") == "fail"


@pytest.mark.parametrize(
    ("policy", "roles", "level"),
    [("OBS002", ["exclusion", "suppression"], "error"), ("OBS003", ["branch", "content"], "warning")],
)
def test_outbound_segments_in_some_roles_are_never_compliant(
    tmp_path: Path, policy: str, roles: list[str], level: str
) -> None:
    every = ["audience", "exclusion", "suppression", "branch", "content"]
    outcome = judge(tmp_path, segment(), journey("", *(f"name: vip, role: {role}" for role in every)))

    assert outcome.pointers(policy) == [f"/spec/segments/{every.index(role)}" for role in roles]
    assert severity(outcome, policy) == level
    assert outcome.tally(policy) == (0, 2, 3)


class TestSizes:
    @pytest.mark.parametrize(
        ("count", "expected"), [(749_999, "pass"), (750_000, "fail"), (0, "pass"), (2**63 - 1, "fail")]
    )
    def test_obs004_limits_the_members(self, tmp_path: Path, count: int, expected: str) -> None:
        outcome = judge(tmp_path, segment("vip", f"source: outbound, memberCount: {count}"), journey("", AUDIENCE))

        assert verdict(outcome, "OBS004") == expected
        assert verdict(outcome, "OBS005") == "pass"

    def test_obs004_points_at_the_usage_and_relates_the_member_count(self, tmp_path: Path) -> None:
        outcome = judge(tmp_path, segment("vip", "source: outbound, memberCount: 750000"), journey("", AUDIENCE))

        finding = next(f for f in outcome.findings if f["policy"] == "OBS004")
        assert finding["location"]["pointer"] == USE
        assert [r["location"]["pointer"] for r in finding["related"]] == ["/spec/memberCount"]
        assert finding["related"][0]["location"]["document"] == 1
        assert finding["severity"] == "error"
        assert "750" in finding["message"]

    def test_a_segment_of_unknown_size_is_obs005s_alone(self, tmp_path: Path) -> None:
        outcome = judge(tmp_path, segment(), journey("startTime: 2025-03-02", AUDIENCE))

        assert outcome.pointers("OBS005") == [USE]
        assert severity(outcome, "OBS005") == "warning"
        assert verdict(outcome, "OBS004") == verdict(outcome, "OBS008") == "n/a"

    @pytest.mark.parametrize(("limit", "expected"), [(1000, "fail"), (1001, "pass")])
    def test_the_limit_can_be_configured(self, tmp_path: Path, limit: int, expected: str) -> None:
        (tmp_path / "journeylint.yaml").write_text(f"policies: {{OBS004: {{params: {{maximumMembers: {limit}}}}}}}\n")
        outcome = judge(tmp_path, segment("vip", "source: outbound, memberCount: 1000"), journey("", AUDIENCE))

        assert verdict(outcome, "OBS004") == expected


class TestFrequencies:
    @pytest.mark.parametrize(
        ("frequency", "obs006", "obs013"),
        [
            ("one_time", "fail", "n/a"),
            ("ongoing", "pass", "pass"),
            ("recurring", "pass", "fail"),
            ("event", "pass", "fail"),
        ],
    )
    def test_outbound_audiences_are_for_ongoing_journeys(
        self, tmp_path: Path, frequency: str, obs006: str, obs013: str
    ) -> None:
        outcome = judge(tmp_path, segment(), journey("", AUDIENCE, frequency=frequency))

        assert verdict(outcome, "OBS006") == obs006
        assert verdict(outcome, "OBS013") == obs013

    @pytest.mark.parametrize("frequency", ["one_time", "recurring"])
    def test_other_roles_are_not_judged(self, tmp_path: Path, frequency: str) -> None:
        outcome = judge(tmp_path, segment(), journey("", "name: vip, role: branch", frequency=frequency))

        assert verdict(outcome, "OBS006") == verdict(outcome, "OBS013") == verdict(outcome, "OBS010") == "n/a"

    def test_their_severities(self, tmp_path: Path) -> None:
        outcome = judge(
            tmp_path,
            segment(),
            journey("", AUDIENCE, frequency="one_time"),
            journey("", AUDIENCE, frequency="event", name="b"),
        )

        assert (severity(outcome, "OBS006"), severity(outcome, "OBS013")) == ("warning", "info")


class TestLead:
    @pytest.mark.parametrize(
        ("publish", "expected"),
        [("04:00:00", "pass"), ("04:00:01", "fail"), ("03:59:59", "pass"), ("12:00:00", "fail")],
    )
    def test_obs007_wants_four_hours(self, tmp_path: Path, publish: str, expected: str) -> None:
        outcome = judge(
            tmp_path, segment(), journey(f"publishTime: 2025-04-01T{publish}\nstartTime: 2025-04-01T08:00", AUDIENCE)
        )

        assert verdict(outcome, "OBS007") == expected
        if expected == "fail":
            assert outcome.pointers("OBS007") == ["/spec/startTime"]
            assert severity(outcome, "OBS007") == "warning"

    @pytest.mark.parametrize(("start", "expected"), [("04:00:00", "pass"), ("03:59:59", "fail")])
    def test_a_draft_without_publish_time_counts_from_as_of(self, tmp_path: Path, start: str, expected: str) -> None:
        outcome = judge(tmp_path, segment(), journey(f"startTime: 2025-03-01T{start}", AUDIENCE))

        assert verdict(outcome, "OBS007") == expected
        assert verdict(outcome, "OBS009") == "pass"

    def test_the_lead_can_be_configured(self, tmp_path: Path) -> None:
        (tmp_path / "journeylint.yaml").write_text("policies: {OBS007: {params: {minimumLead: 4h30m}}}\n")

        assert (
            verdict(judge(tmp_path, segment(), journey("startTime: 2025-03-01T04:29:59", AUDIENCE)), "OBS007") == "fail"
        )
        assert verdict(judge(tmp_path, segment(), journey("startTime: 2025-03-01T04:30", AUDIENCE)), "OBS007") == "pass"

    @pytest.mark.parametrize(
        ("members", "start", "expected"),
        [
            (1_000_000, "01:00:00", "pass"),
            (1_000_000, "00:59:59", "fail"),
            (1_000_001, "01:00:00", "fail"),
            (500_000, "00:30:00", "pass"),
            (500_000, "00:29:59", "fail"),
            (0, "00:00:00", "pass"),
            (1, "00:00:00", "fail"),
            (4_000_000, "04:00:00", "pass"),
        ],
    )
    def test_obs008_compares_the_estimate_with_the_lead(
        self, tmp_path: Path, members: int, start: str, expected: str
    ) -> None:
        outcome = judge(
            tmp_path,
            segment("vip", f"source: outbound, memberCount: {members}"),
            journey(f"startTime: 2025-03-01T{start}", AUDIENCE),
        )

        assert verdict(outcome, "OBS008") == expected
        if expected == "fail":
            assert outcome.pointers("OBS008") == [USE]
            assert severity(outcome, "OBS008") == "error"

    def test_obs008_says_the_numbers_of_the_case(self, tmp_path: Path) -> None:
        outcome = judge(
            tmp_path,
            segment("vip", "source: outbound, memberCount: 800000"),
            journey("startTime: 2025-03-01T00:20:00", AUDIENCE),
        )

        message = next(f["message"] for f in outcome.findings if f["policy"] == "OBS008")
        assert "48 min" in message
        assert "20 min" in message or "gets 20" in message

    @pytest.mark.parametrize("role", ["audience", "exclusion", "suppression", "branch", "content"])
    def test_obs007_and_obs008_judge_every_role(self, tmp_path: Path, role: str) -> None:
        outcome = judge(
            tmp_path,
            segment("vip", "source: outbound, memberCount: 800000"),
            journey("startTime: 2025-03-01T00:20:00", f"name: vip, role: {role}"),
        )

        assert verdict(outcome, "OBS007") == verdict(outcome, "OBS008") == "fail"

    @pytest.mark.parametrize(
        ("spec", "expected"),
        [
            ("startTime: 2025-04-01", "pass"),
            ("state: live\nstartTime: 2025-04-01", "fail"),
            ("state: live\nstartTime: 2025-04-01\npublishTime: 2025-03-30", "pass"),
            ("publishTime: 2025-03-30", "fail"),
            ("state: live\npublishTime: 2025-03-30", "fail"),
            ("", "fail"),
            ("state: publishing\nstartTime: 2025-04-01", "fail"),
        ],
    )
    def test_obs009_tells_an_unknown_lead(self, tmp_path: Path, spec: str, expected: str) -> None:
        outcome = judge(tmp_path, segment("vip", "source: outbound, memberCount: 1"), journey(spec, AUDIENCE))

        assert verdict(outcome, "OBS009") == expected
        if expected == "fail":
            assert outcome.pointers("OBS009") == ["/spec"]
            assert severity(outcome, "OBS009") == "warning"
            assert verdict(outcome, "OBS007") == verdict(outcome, "OBS008") == "n/a"

    @pytest.mark.parametrize(
        ("state", "start", "is_judged"),
        [
            ("live", "2025-02-28T23:59:59", False),
            ("live", "2025-03-01T00:00:00", True),
            ("draft", "2025-02-28T23:59:59", True),
            ("publishing", "2025-02-01", False),
        ],
    )
    @pytest.mark.parametrize("policy", ["OBS007", "OBS008"])
    def test_what_has_started_cannot_be_mended(
        self, tmp_path: Path, state: str, start: str, is_judged: bool, policy: str
    ) -> None:
        outcome = judge(
            tmp_path,
            segment("vip", "source: outbound, memberCount: 1000000"),
            journey(f"state: {state}\nstartTime: {start}\npublishTime: {start}", AUDIENCE),
        )

        assert verdict(outcome, policy) == ("fail" if is_judged else "n/a")

    @pytest.mark.parametrize(("start", "expected"), [("2025-02-28T23:59:59", "n/a"), ("2025-03-01", "fail")])
    def test_obs009_leaves_what_has_started_alone(self, tmp_path: Path, start: str, expected: str) -> None:
        outcome = judge(tmp_path, segment(), journey(f"state: live\nstartTime: {start}", AUDIENCE))

        assert verdict(outcome, "OBS009") == expected

    def test_a_start_before_publication_is_no_lead_at_all(self, tmp_path: Path) -> None:
        outcome = judge(
            tmp_path,
            segment("vip", "source: outbound, memberCount: 0"),
            journey("startTime: 2025-04-01\npublishTime: 2025-04-02", AUDIENCE),
        )

        assert verdict(outcome, "OBS007") == verdict(outcome, "OBS008") == "fail"

    def test_leads_are_counted_across_daylight_saving_changes(self, tmp_path: Path) -> None:
        times = "publishTime: 2025-03-30T00:00\nstartTime: 2025-03-30T{}\ntimeZone: Europe/Berlin"

        short = judge(tmp_path, segment(), journey(times.format("04:59:59"), AUDIENCE))
        exact = judge(tmp_path, segment(), journey(times.format("05:00:00"), AUDIENCE))

        assert (verdict(short, "OBS007"), verdict(exact, "OBS007")) == ("fail", "pass")


class TestOBS010:
    @pytest.mark.parametrize(
        ("more", "expected"),
        [
            ("", "fail"),
            (", justification: ''", "fail"),
            (", justification: '   '", "fail"),
            (', justification: "\\t\\n"', "fail"),
            (', justification: "\\u00a0"', "fail"),
            (", justification: x", "pass"),
        ],
    )
    def test_wants_a_reason_that_is_not_blank(self, tmp_path: Path, more: str, expected: str) -> None:
        outcome = judge(tmp_path, segment(), journey("", f"name: vip, role: audience{more}"))

        assert verdict(outcome, "OBS010") == expected
        if expected == "fail":
            assert outcome.pointers("OBS010") == [USE]
            assert severity(outcome, "OBS010") == "info"


class TestOBS012:
    def test_is_told_once_a_journey_at_its_segments(self, tmp_path: Path) -> None:
        outcome = judge(tmp_path, segment(), journey("", AUDIENCE, AUDIENCE))

        assert outcome.pointers("OBS012") == ["/spec/segments"]
        assert severity(outcome, "OBS012") == "info"
        assert outcome.tally("OBS012") == (0, 1, 0)

    def test_says_that_the_original_is_not_cleaned_up(self, tmp_path: Path) -> None:
        outcome = judge(tmp_path, segment(), journey("", AUDIENCE))

        message = next(f["message"] for f in outcome.findings if f["policy"] == "OBS012")
        assert "original" in message
        assert "cleaned up" in message

    def test_is_all_that_a_journey_that_follows_the_guidelines_gets(self, tmp_path: Path) -> None:
        outcome = judge(
            tmp_path,
            segment("vip", "source: outbound, memberCount: 420000"),
            journey("publishTime: 2025-03-03T04:00:00\nstartTime: 2025-03-03T09:00:00", AUDIENCE),
        )

        assert [f["policy"] for f in outcome.findings] == ["OBS012"]
        assert outcome.status == 0

    def test_a_journey_of_native_segments_gets_none(self, tmp_path: Path) -> None:
        outcome = judge(
            tmp_path,
            segment("vip", "source: realtime"),
            segment("data", "source: data"),
            journey("", AUDIENCE, "name: data, role: exclusion", frequency="one_time"),
            journey("", name="none"),
            as_of="2027-01-01",
        )

        assert outcome.findings == []


COPY = segment("copy", "source: realtime, copyOf: vip")
NEWCOMER = journey("startTime: 2025-03-10T00:00:00", "name: copy, role: audience", name="newcomer")


def other(spec: str, uses: str = "copy", name: str = "other") -> str:
    return journey(spec, f"name: {uses}, role: audience, justification: x", name=name)


class TestOBS011:
    def judge(self, folder: Path, *others: str, newcomer: str = NEWCOMER) -> str:
        """The verdict on the newcomer's use."""
        outcome = judge(folder, COPY, segment(), newcomer, *others, argv=("--select", "OBS011"))
        assert outcome.failures == []
        by = [f for f in outcome.findings if f["manifest"]["name"] == "newcomer"]
        if by:
            assert [f["location"]["pointer"] for f in by] == [USE]
            assert by[0]["severity"] == "error"
            return "fail"
        return "pass"

    @pytest.mark.parametrize("uses", ["copy", "vip"])
    @pytest.mark.parametrize(
        ("end", "expected"),
        [
            ("2025-03-07T00:00:00", "pass"),
            ("2025-03-06T23:59:59", "fail"),
            ("2025-12-01", "pass"),
            ("2024-01-01", "fail"),
        ],
    )
    @pytest.mark.parametrize("state", ["live", "completed", "stopped"])
    def test_three_days_after_the_last_end(
        self, tmp_path: Path, uses: str, end: str, expected: str, state: str
    ) -> None:
        assert self.judge(tmp_path, other(f"state: {state}\nendTime: {end}", uses)) == expected

    def test_no_other_user_is_compliant(self, tmp_path: Path) -> None:
        assert self.judge(tmp_path) == "pass"

    @pytest.mark.parametrize("state", ["draft", "deleted"])
    def test_drafts_and_deleted_journeys_are_no_users(self, tmp_path: Path, state: str) -> None:
        assert self.judge(tmp_path, other(f"state: {state}\nendTime: 2024-01-01")) == "pass"

    @pytest.mark.parametrize(
        ("state", "expected"),
        [
            ("live", "pass"),
            ("paused", "pass"),
            ("publishing", "pass"),
            ("stopping", "pass"),
            ("completing", "pass"),
            ("completed", "fail"),
            ("stopped", "fail"),
        ],
    )
    def test_a_user_without_an_end_keeps_the_copy_unless_it_is_over(
        self, tmp_path: Path, state: str, expected: str
    ) -> None:
        assert self.judge(tmp_path, other(f"state: {state}")) == expected

    def test_one_open_user_is_enough(self, tmp_path: Path) -> None:
        ended = other("state: completed\nendTime: 2024-01-01", name="ended")

        assert self.judge(tmp_path, ended, other("state: live", "vip")) == "pass"

    def test_the_latest_end_counts(self, tmp_path: Path) -> None:
        ended = [
            other(f"state: completed\nendTime: {end}", name=f"e{i}")
            for i, end in enumerate(("2024-01-01", "2025-03-07"))
        ]

        assert self.judge(tmp_path, *ended) == "pass"
        assert self.judge(tmp_path, *reversed(ended)) == "pass"

    def test_an_end_of_one_counts_beside_an_unknown_end_of_another_that_is_over(self, tmp_path: Path) -> None:
        over = other("state: stopped", name="over")

        assert self.judge(tmp_path, over, other("state: completed\nendTime: 2025-03-07")) == "pass"
        assert self.judge(tmp_path, over, other("state: completed\nendTime: 2025-03-06")) == "fail"

    def test_other_environments_do_not_count(self, tmp_path: Path) -> None:
        elsewhere = journey(
            "state: completed\nendTime: 2024-01-01", "name: copy, role: audience", name="x", environment="prod"
        )
        copy = segment("copy", "source: realtime, copyOf: vip", environment="prod")

        assert self.judge(tmp_path, elsewhere, copy, segment(environment="prod")) == "pass"

    def test_a_journey_without_a_start_is_not_judged(self, tmp_path: Path) -> None:
        newcomer = journey("", "name: copy, role: audience", name="newcomer")

        assert self.judge(tmp_path, other("state: completed\nendTime: 2024-01-01"), newcomer=newcomer) == "pass"

    def test_a_segment_that_is_no_copy_is_not_judged(self, tmp_path: Path) -> None:
        newcomer = journey("startTime: 2025-03-10", "name: vip, role: audience", name="newcomer")

        assert self.judge(tmp_path, other("state: completed\nendTime: 2024-01-01"), newcomer=newcomer) == "pass"

    def test_a_journey_that_uses_both_is_not_its_own_user(self, tmp_path: Path) -> None:
        newcomer = journey(
            "state: live\nstartTime: 2025-03-10\nendTime: 2025-03-11",
            "name: copy, role: audience",
            "name: copy, role: branch",
            "name: vip, role: audience",
            name="newcomer",
        )

        assert self.judge(tmp_path, newcomer=newcomer) == "pass"

    @pytest.mark.parametrize("role", ["audience", "exclusion", "suppression", "branch", "content"])
    def test_every_role_is_judged(self, tmp_path: Path, role: str) -> None:
        newcomer = journey("startTime: 2025-03-10", f"name: copy, role: {role}", name="newcomer")

        assert self.judge(tmp_path, other("state: stopped"), newcomer=newcomer) == "fail"

    @pytest.mark.parametrize(("retention", "expected"), [("4d", "pass"), ("95h59m59s", "fail"), ("96h", "pass")])
    def test_the_retention_can_be_configured(self, tmp_path: Path, retention: str, expected: str) -> None:
        (tmp_path / "journeylint.yaml").write_text(f"policies: {{OBS011: {{params: {{retention: {retention}}}}}}}\n")

        assert self.judge(tmp_path, other("state: live\nendTime: 2025-03-06")) == expected

    def test_works_for_copies_of_unknown_originals(self, tmp_path: Path) -> None:
        lost = segment("copy", "source: realtime, copyOf: gone")
        outcome = judge(tmp_path, lost, NEWCOMER, other("state: stopped"))

        assert sorted({f["policy"] for f in outcome.findings}) == ["OBS011", "REF002"]

    def test_ends_of_users_are_read_in_their_own_zones(self, tmp_path: Path) -> None:
        # 2025-03-06T19:00 in New York is midnight UTC.
        assert (
            self.judge(tmp_path, other("state: live\nendTime: 2025-03-06T19:00\ntimeZone: America/New_York")) == "pass"
        )
        assert (
            self.judge(tmp_path, other("state: live\nendTime: 2025-03-06T18:59:59\ntimeZone: America/New_York"))
            == "fail"
        )


class TestReferences:
    def test_ref001_looks_in_the_same_environment_only(self, tmp_path: Path) -> None:
        outcome = judge(
            tmp_path,
            segment(environment="prod"),
            journey("", AUDIENCE, name="here", environment="prod"),
            journey("", AUDIENCE, name="there"),
        )

        assert [(f["manifest"]["name"], f["severity"]) for f in outcome.findings if f["policy"] == "REF001"] == [
            ("there", "error")
        ]

    def test_the_default_environment_is_called_default(self, tmp_path: Path) -> None:
        outcome = judge(tmp_path, segment(environment="default"), journey("", AUDIENCE))

        assert outcome.pointers("REF001") == []

    @pytest.mark.parametrize(("original", "expected"), [("vip", "pass"), ("vpi", "fail"), ("VIP", "fail")])
    def test_ref002_wants_the_original(self, tmp_path: Path, original: str, expected: str) -> None:
        outcome = judge(tmp_path, segment(), segment("copy", f"source: realtime, copyOf: {original}"))

        assert (outcome.pointers("REF002") == ["/spec/copyOf"]) is (expected == "fail")
        assert outcome.tally("REF002") == ((1, 0, 1) if expected == "pass" else (0, 1, 1))
        if expected == "fail":
            assert severity(outcome, "REF002") == "warning"
            assert outcome.status == 0

    def test_references_reach_across_files(self, tmp_path: Path) -> None:
        (tmp_path / "deep").mkdir()
        (tmp_path / "deep/vip.json").write_text(
            '{"apiVersion": "journeylint/v1", "kind": "Segment", "metadata": {"name": "vip"}, "spec": {"source": "data"}}'
        )

        assert judge(tmp_path, journey("", AUDIENCE)).findings == []
