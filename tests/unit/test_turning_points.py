"""Which verdicts turn with time, when, and which nobody can foresee."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from journeylint.check_request import CheckRequest
from journeylint.errors import PolicyError
from journeylint.model import Horizon, JsonObject, JsonValue, Outcome, Report, Severity, Turn
from journeylint.pipeline import check
from journeylint.ports import Want
from tests.judging import AS_OF, host_over, make_policy, run_check, tally_of, write_pack
from tests.kinds import make_journey, make_segment

T = "timestamp('2025-03-05T00:00:00Z')"
THEN = datetime(2025, 3, 5, tzinfo=UTC)
FILES: dict[str, str | list[JsonObject] | JsonObject] = {
    "j.json": make_journey(startTime="2025-03-05T00:00:00Z", segments=[{"name": "s", "role": "audience"}]),
    "s.json": make_segment({"name": "s"}),
}


def look(
    tmp_path: Path,
    *policies: JsonObject,
    within: timedelta | None = timedelta(days=30),
    files: dict[str, str | list[JsonObject] | JsonObject] = FILES,
    shared: JsonObject | None = None,
    as_of: str = AS_OF,
) -> Report:
    """The report of a pack of *policies* on *files*, with all there is to know of the time ahead."""
    host = host_over(write_pack(tmp_path / "packs", *policies, shared=shared))
    run_check(tmp_path / "work", host, files)
    request = CheckRequest((), tmp_path / "work", as_of=as_of, jobs=1, wants=frozenset({Want.HORIZON}), within=within)
    return check(request, host)


def turns(report: Report) -> list[Turn | None]:
    """When the findings to come begin."""
    assert report.failures == ()
    assert report.outlook is not None
    assert report.outlook.unknown == ()
    return [finding.fails_from for finding in report.outlook.findings]


def unknown(report: Report) -> list[str]:
    """Of which expressions nobody can tell."""
    assert report.outlook is not None
    assert report.outlook.findings == ()
    return [one.reads for one in report.outlook.unknown]


# -- comparisons


@pytest.mark.parametrize(
    ("require", "is_after"),
    [
        (f"now < {T}", False),
        (f"now <= {T}", True),
        (f"{T} > now", False),
        (f"!(now >= {T})", False),
        (f"elapsed(now, {T}) > duration('0s')", False),
        (f"elapsed({T}, now) <= duration('0s')", True),
        (f"{T} - now >= duration('0s')", True),
        (f"now + duration('1h') < {T} + duration('1h')", False),
        (f"now - duration('1h') < {T} - hours(1)", False),
        (f"now != {T}", False),
        (f"(now == {T}) == false", False),
        (f"(now < {T} ? 'early' : 'late') == 'early'", False),
        (f"dyn(now) < {T}", False),
        (f"timestamp(now) < {T}", False),
        (f"cel.bind(late, now, late < {T})", False),
        (f"cel.bind(end, {T}, now < end)", False),
        (f"[now < {T}, true].all(one, one)", False),
        (f"(journey.spec.startTime == '' ? now : {T}) == {T} && now < {T}", False),
        ("now < instant(journey.spec.startTime, journey.spec.timeZone)", False),
        (f"elapsed(now, now) == duration('0s') && now < {T}", False),
    ],
)
def test_a_verdict_turns_where_the_sides_of_a_comparison_meet(tmp_path: Path, require: str, is_after: bool) -> None:
    report = look(tmp_path, make_policy(require=require))
    assert turns(report) == [Turn(THEN, is_after)]


def test_a_let_is_looked_into_wherever_it_is_from(tmp_path: Path) -> None:
    lets: JsonObject = {
        "start": "instant(journey.spec.startTime, 'UTC')",
        "publish": "has(journey.spec.publishTime) ? start : now",
    }
    shared: JsonObject = {"kinds": {"Journey": {"let": lets}}}
    policy = make_policy(let={"lead": "elapsed(publish, start)"}, require="lead >= duration('36h')")
    assert turns(look(tmp_path, policy, shared=shared)) == [Turn(THEN - timedelta(hours=36), is_after=True)]


def test_the_conditions_of_policy_and_pack_turn_verdicts_too(tmp_path: Path) -> None:
    shared: JsonObject = {"kinds": {"Journey": {"when": f"now >= {T}"}}}
    policies = [make_policy(1), make_policy(2, when_=f"now > {T}")]
    report = look(tmp_path, *policies, shared=shared)
    assert turns(report) == [Turn(THEN), Turn(THEN, is_after=True)]
    assert (tally_of(report, "TST001"), tally_of(report, "TST002")) == ((0, 0, 1), (0, 0, 1))


def test_each_node_has_times_of_its_own(tmp_path: Path) -> None:
    uses: list[JsonValue] = [{"name": f"s{day}", "role": "audience"} for day in (3, 4)]
    policy = make_policy(
        each_="$.spec.segments[*]",
        as_="usage",
        require="now < timestamp('2025-03-0' + usage.name.substring(1) + 'T00:00:00Z')",
    )
    report = look(tmp_path, policy, files={"j.json": make_journey(segments=uses)})
    assert turns(report) == [Turn(datetime(2025, 3, day, tzinfo=UTC)) for day in (3, 4)]
    assert report.outlook is not None
    assert [one.location.pointer for one in report.outlook.findings] == ["/spec/segments/0", "/spec/segments/1"]


def test_a_comparison_that_fails_on_a_branch_that_is_not_taken_hides_no_other(tmp_path: Path) -> None:
    require = f"(has(journey.spec.endTime) ? now < timestamp(journey.spec.endTime) : true) && now < {T}"
    assert turns(look(tmp_path, make_policy(require=require))) == [Turn(THEN)]


@pytest.mark.parametrize("nanoseconds", [1, 999])
def test_times_finer_than_a_microsecond_turn_a_verdict_at_the_next_one(tmp_path: Path, nanoseconds: int) -> None:
    require = f"now < timestamp('2025-03-05T00:00:00.000000{nanoseconds:03}Z')"
    assert turns(look(tmp_path, make_policy(require=require))) == [Turn(THEN + timedelta(microseconds=1))]


def test_parts_of_microseconds_add_up_to_whole_ones(tmp_path: Path) -> None:
    part = "duration('900ns')"
    require = f"now < timestamp('2025-03-05T00:00:00.000000900Z') + {part} + {part}"
    assert turns(look(tmp_path, make_policy(require=require))) == [Turn(THEN + timedelta(microseconds=3))]


# -- what becomes of nodes


def test_a_node_that_fails_passes_and_fails_again_is_told_as_both(tmp_path: Path) -> None:
    later = "timestamp('2025-03-06T00:00:00Z')"
    report = look(tmp_path, make_policy(require=f"now >= {T} && now <= {later}"))
    (now,) = report.findings
    assert now.horizon == Horizon(Turn(THEN), Outcome.PASSED)
    assert turns(report) == [Turn(THEN + timedelta(days=1), is_after=True)]
    assert report.outlook is not None
    assert report.outlook.findings[0].horizon == Horizon()


def test_a_finding_to_come_says_until_when_it_will_be_there_even_behind_the_time_looked_at(tmp_path: Path) -> None:
    policy = make_policy(when_="now < timestamp('2026-01-01T00:00:00Z')", require=f"now < {T}")
    report = look(tmp_path, policy)
    assert report.outlook is not None
    (found,) = report.outlook.findings
    assert found.horizon == Horizon(Turn(datetime(2026, 1, 1, tzinfo=UTC)), Outcome.NOT_APPLICABLE)
    assert found.holds_until == datetime(2026, 1, 1, tzinfo=UTC)


def test_a_verdict_that_cannot_be_told_any_more_has_turned(tmp_path: Path) -> None:
    report = look(tmp_path, make_policy(require=f"now >= {T} && journey.spec.endTime == ''"))
    (found,) = report.findings
    assert found.horizon == Horizon(Turn(THEN), Outcome.ERROR)
    assert turns(report) == []


def test_a_message_is_that_of_the_instant_at_which_the_finding_begins(tmp_path: Path) -> None:
    report = look(tmp_path, make_policy(require=f"now < {T}", message="It is ${now}."))
    assert report.outlook is not None
    assert [one.message for one in report.outlook.findings] == ["It is 2025-03-05 00:00 UTC."]


def test_a_message_that_fails_then_hides_no_finding_to_come(tmp_path: Path) -> None:
    report = look(tmp_path, make_policy(require=f"now < {T}", message="${journey.spec.endTime}"))
    assert report.outlook is not None
    assert [one.message.partition(":")[0] for one in report.outlook.findings] == [
        "It will not be possible to say what is wrong"
    ]


def test_a_manifest_that_could_not_be_judged_makes_no_finding_to_come(tmp_path: Path) -> None:
    policy = make_policy(require=f"now < {T} || lookup('Segment', 's') == null")
    broken: dict[str, str | list[JsonObject] | JsonObject] = {
        **FILES,
        "s.json": make_segment({"name": "s"}, source="x"),
    }
    report = look(tmp_path, policy, files=broken)
    assert report.outlook is not None
    assert report.outlook.findings == ()
    there = look(tmp_path, policy)
    assert turns(there) == [Turn(THEN)]


@pytest.mark.parametrize(
    ("effective", "severities"),
    [
        ({"from": "2025-03-05"}, [Severity.ERROR]),
        ({"from": "2025-03-06"}, [Severity.INFO]),
        ({"until": "2025-03-05"}, []),
        ({"until": "2025-03-06"}, [Severity.ERROR]),
    ],
)
def test_a_finding_to_come_has_the_severity_of_its_own_time(
    tmp_path: Path, effective: JsonObject, severities: list[Severity]
) -> None:
    report = look(tmp_path, make_policy(require=f"now < {T}", effective=effective))
    assert report.outlook is not None
    assert [one.severity for one in report.outlook.findings] == severities
    assert [one.effective_from is None for one in report.outlook.findings] == [
        one is Severity.ERROR for one in severities
    ]


def test_a_policy_that_reads_no_clock_has_no_horizon(tmp_path: Path) -> None:
    (found,) = look(tmp_path, make_policy(let={"known": "'now' + 'how'"}, require="known == 'now'")).findings
    assert found.horizon is None


def test_nothing_is_found_out_that_nobody_asked_for(tmp_path: Path) -> None:
    host = host_over(write_pack(tmp_path / "packs", make_policy(require=f"now > {T}")))
    report = run_check(tmp_path / "work", host, FILES)
    assert [one.horizon for one in report.findings] == [None]
    assert report.outlook is None


# -- what nobody can tell


@pytest.mark.parametrize(
    ("require", "reads"),
    [
        ("now.getHours() < 24", "now.getHours()"),
        ("string(now) != ''", "string(now)"),
        ("elapsed(now, later).getHours() < 1", "elapsed(now, later).getHours()"),
        ("localTime(now, 'Europe/Berlin').getHours() < 24", "localTime(now, 'Europe/Berlin')"),
        (f"[{T}].all(one, now > one || now <= one)", f"[{T}].all(one, now > one || now <= one)"),
        (f"now in [{T}] || true", f"now in [{T}]"),
        (f"timestamp(now < {T} ? '2025-03-04T00:00:00Z' : '2025-03-06T00:00:00Z') != now", None),
        ("usersCount('Segment', 's', 'user.metadata.name != string(now)') >= 0", None),
        ("(journey.spec.frequency == 'event' ? [now] : []) == []", None),
    ],
)
def test_what_reads_the_clock_in_another_way_is_told_as_unknown(
    tmp_path: Path, require: str, reads: str | None
) -> None:
    report = look(tmp_path, make_policy(let={"later": T}, require=require))
    assert report.failures == ()
    (told,) = unknown(report)
    assert reads is None or told == (reads if len(reads) <= 60 else reads[:57] + "...")


def test_a_finding_of_which_nobody_can_tell_until_when_it_is_there_says_so(tmp_path: Path) -> None:
    (found,) = look(tmp_path, make_policy(require="now.getFullYear() != 2025")).findings
    assert found.horizon == Horizon(is_known=False)


def test_a_policy_without_a_node_is_not_told_as_unknown(tmp_path: Path) -> None:
    report = look(
        tmp_path, make_policy(kind="Segment", require="now.getHours() < 24"), files={"j.json": make_journey()}
    )
    assert unknown(report) == []


def test_a_text_about_now_is_no_clock(tmp_path: Path) -> None:
    report = look(tmp_path, make_policy(require=f"'now' != '' && now < {T}"))
    assert turns(report) == [Turn(THEN)]


# -- deadlines


def test_a_deadline_of_a_policy_that_reads_no_clock_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="nothing can be too late"):
        look(tmp_path, make_policy(require="true", deadline="do it"))


def test_a_page_has_the_deadline(tmp_path: Path) -> None:
    report = look(tmp_path, make_policy(require=f"now < {T}", deadline="do it"))
    assert report.pages["TST001"].deadline == "do it"


@pytest.mark.parametrize("levels", range(8, 26))
def test_conditions_as_deep_as_cel_allows_are_foreseen_or_told_as_unknown(tmp_path: Path, levels: int) -> None:
    require = f"now < {T}"
    for level in range(levels):
        require = f"[{require}][0]" if level % 3 else f"cel.bind(level{level}, true, level{level} && ({require}))"
    try:
        report = look(tmp_path, make_policy(require=require))
    except PolicyError:
        return  # more deeply than policies may be nested
    assert report.outlook is not None
    found = [one.fails_from for one in report.outlook.findings]
    assert (found, [one.policy for one in report.outlook.unknown]) in (([Turn(THEN)], []), ([], ["TST001"]))
