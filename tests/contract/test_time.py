"""Until when verdicts hold and what is to come, by the command line: to the microsecond, on both sides of every instant."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.command_line import AUDIENCE, Outcome, check, journey, run_in, segment, write

BERLIN = "timeZone: W. Europe Standard Time"
DRAFT = journey(f"startTime: 2026-02-28T09:00:00\n{BERLIN}", AUDIENCE)
"""It starts at 08:00 UTC."""
UNPUBLISHED = journey(f"state: live\nstartTime: 2026-02-28T09:00:00\n{BERLIN}", AUDIENCE)
LATE = journey(f"state: live\npublishTime: 2026-02-28T08:50:00\nstartTime: 2026-02-28T09:00:00\n{BERLIN}", AUDIENCE)
SIZED = segment(spec="source: outbound, memberCount: 400000")
ENDLESS = journey("", AUDIENCE)


def spell(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def shifted(text: str, microseconds: int) -> str:
    return spell(datetime.fromisoformat(text) + timedelta(microseconds=microseconds))


def judged(folder: Path, *documents: str, as_of: str, argv: tuple[str, ...] = ()) -> Outcome:
    write(folder, {"all.yaml": "---\n".join(documents)})
    return check(folder, *argv, as_of=as_of)


def only(found: list[dict[str, Any]], policy: str) -> dict[str, Any]:
    (one,) = (finding for finding in found if finding["policy"] == policy)
    return one


def upcoming(outcome: Outcome) -> list[dict[str, Any]]:
    assert outcome.report is not None, outcome.err
    found: list[dict[str, Any]] = outcome.report["upcoming"]
    return found


# -- exactly then


@pytest.mark.parametrize(
    ("policy", "document", "at", "included"),
    [
        ("OBS001", ENDLESS, "2026-05-01T00:00:00Z", False),
        ("OBS007", DRAFT, "2026-02-28T04:00:00Z", True),
        ("OBS008", DRAFT, "2026-02-28T07:36:00Z", True),
    ],
)
def test_a_finding_to_come_begins_at_the_first_microsecond_at_which_a_run_has_it(
    tmp_path: Path, policy: str, document: str, at: str, included: bool
) -> None:
    first = shifted(at, int(included))
    for as_of, there in ((shifted(first, -1), False), (first, True), (shifted(first, 1), True)):
        outcome = judged(tmp_path, document, SIZED, as_of=as_of, argv=("--select", policy))
        assert [finding["policy"] for finding in outcome.findings] == [policy] * there
    ahead = judged(
        tmp_path, document, SIZED, as_of=shifted(at, -3_600_000_000), argv=("--select", policy, "--within", "1d")
    )
    assert ahead.findings == []
    assert only(upcoming(ahead), policy)["failsFrom"]["instant"] == first


@pytest.mark.parametrize(
    ("policy", "document", "at", "included"),
    [
        ("OBS007", LATE, "2026-02-28T08:00:00Z", True),
        ("OBS008", LATE, "2026-02-28T08:00:00Z", True),
        ("OBS009", UNPUBLISHED, "2026-02-28T08:00:00Z", True),
    ],
)
def test_a_finding_says_until_when_it_is_there(
    tmp_path: Path, policy: str, document: str, at: str, included: bool
) -> None:
    last = shifted(at, int(included) - 1)
    for as_of, there in ((shifted(last, -1), True), (last, True), (shifted(last, 1), False)):
        outcome = judged(tmp_path, document, SIZED, as_of=as_of, argv=("--select", policy))
        assert [finding["policy"] for finding in outcome.findings] == [policy] * there
    early = judged(tmp_path, document, SIZED, as_of="2026-02-01", argv=("--select", policy))
    assert only(early.findings, policy)["holdsUntil"] == {
        "instant": at,
        "included": included,
        "local": "2026-02-28T09:00:00",
        "timeZone": "W. Europe Standard Time",
        "then": "notApplicable",
    }


def test_a_finding_that_time_does_not_end_says_nothing_of_it(tmp_path: Path) -> None:
    outcome = judged(tmp_path, DRAFT, SIZED, as_of="2026-02-28T07:00:00Z")
    assert "holdsUntil" not in only(outcome.findings, "OBS007")


def test_a_finding_of_a_policy_that_reads_no_clock_says_nothing_of_it(tmp_path: Path) -> None:
    outcome = judged(tmp_path, DRAFT, SIZED, as_of="2026-02-28T07:00:00Z")
    assert "holdsUntil" not in only(outcome.findings, "OBS012")


# -- what is to come


def test_the_end_of_the_time_to_look_ahead_is_part_of_it(tmp_path: Path) -> None:
    argv = ("--select", "OBS001", "--within", "1h")
    inside = judged(tmp_path, ENDLESS, SIZED, as_of="2026-04-30T23:00:00Z", argv=argv)
    outside = judged(tmp_path, ENDLESS, SIZED, as_of="2026-04-30T22:59:59.999999Z", argv=argv)
    assert (len(upcoming(inside)), len(upcoming(outside))) == (1, 0)
    assert inside.report is not None
    assert inside.report["outlook"] == {
        "until": "2026-05-01T00:00:00Z",
        "summary": {"errors": 1, "warnings": 0, "infos": 0},
        "unknown": [],
    }
    assert inside.summary["errors"] == 0


def test_a_finding_that_is_there_already_is_not_to_come(tmp_path: Path) -> None:
    outcome = judged(tmp_path, ENDLESS, SIZED, as_of="2026-05-01", argv=("--select", "OBS001", "--within", "1d"))
    assert (len(outcome.findings), upcoming(outcome)) == (1, [])


@pytest.mark.parametrize(
    ("argv", "status"),
    [
        ((), 1),
        (("--fail-on", "never"), 0),
        (("--exit-zero",), 0),
        (("--select", "OBS007"), 0),
        (("--select", "OBS007", "--fail-on", "warning"), 1),
    ],
)
def test_findings_to_come_decide_the_exit_code_as_others_do(tmp_path: Path, argv: tuple[str, ...], status: int) -> None:
    ahead = judged(tmp_path, DRAFT, SIZED, as_of="2026-02-20", argv=("--within", "10d", *argv))
    assert (ahead.status, ahead.summary["errors"]) == (status, 0)
    assert judged(tmp_path, DRAFT, SIZED, as_of="2026-02-20", argv=argv).status == 0


def test_with_focus_only_what_is_to_come_in_those_files_is_told(tmp_path: Path) -> None:
    other = journey("startTime: 2026-02-28T09:00:00Z", AUDIENCE, name="other")
    write(tmp_path, {"a.yaml": DRAFT, "b.yaml": other, "vip.yaml": SIZED})
    outcome = check(tmp_path, "--within", "10d", "--focus", "b.yaml", as_of="2026-02-20")
    assert {finding["location"]["path"] for finding in upcoming(outcome)} == {"b.yaml"}


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("3x", "'3x' is not a duration"),
        ("", "'' is not a duration"),
        ("0d", "leaves no time"),
        ("9999999d", "too long"),
    ],
)
def test_what_is_no_time_to_look_ahead_is_told(tmp_path: Path, word: str, said: str) -> None:
    outcome = judged(tmp_path, DRAFT, SIZED, as_of="2026-02-20", argv=("--within", word))
    assert outcome.status == 2
    assert outcome.err.startswith("error: --within: ")
    assert said in outcome.err


def test_a_time_beyond_the_last_year_ends_with_it(tmp_path: Path) -> None:
    outcome = judged(tmp_path, DRAFT, SIZED, as_of="2026-02-20", argv=("--within", "3652059d"))
    assert outcome.report is not None
    assert outcome.report["outlook"]["until"] == "9999-12-31T23:59:59.999999Z"
    assert [finding["policy"] for finding in upcoming(outcome)] == ["OBS007", "OBS001", "OBS008"]


def test_what_is_to_come_does_not_depend_on_the_number_of_processes(tmp_path: Path) -> None:
    for number in range(60):
        start = f"startTime: 2026-03-{number % 28 + 1:02}T09:00:00\n{BERLIN}"
        write(tmp_path, {f"{number:02}.yaml": journey(start, AUDIENCE, name=f"one-{number}")})
    write(tmp_path, {"vip.yaml": SIZED})
    texts = {
        jobs: [
            run_in(
                tmp_path,
                ("check", "-o", form, "--within", "20d", "--as-of", "2026-02-27", "--jobs", jobs),
            )
            for form in ("json", "text", "sarif", "junit")
        ]
        for jobs in ("1", "2")
    }
    assert texts["1"] == texts["2"]
    assert json.loads(texts["1"][0][1])["upcoming"]


starts = st.integers(0, 6 * 24 * 60).map(lambda minutes: datetime(2026, 4, 27, tzinfo=UTC) + timedelta(minutes=minutes))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    times=st.tuples(st.none() | starts, st.none() | starts),
    state=st.sampled_from(["draft", "live", "stopped"]),
    members=st.none() | st.integers(0, 9_000_000),
    as_of=starts,
    between=st.floats(0, 0.999),
)
def test_runs_as_of_the_instants_that_are_told_agree(  # noqa: PLR0917 - hypothesis gives each by its name
    tmp_path: Path,
    times: tuple[datetime | None, datetime | None],
    state: str,
    members: int | None,
    as_of: datetime,
    between: float,
) -> None:
    written = zip(("startTime", "publishTime"), times, strict=True)
    spec = "\n".join([f"state: {state}", *(f"{name}: {spell(one)}" for name, one in written if one)])
    size = "" if members is None else f", memberCount: {members}"
    documents = (journey(spec, AUDIENCE), segment(spec=f"source: outbound{size}"))
    argv = ("--select", "OBS001,OBS007,OBS008,OBS009")

    def found(moment: datetime) -> dict[str, dict[str, Any]]:
        outcome = judged(tmp_path, *documents, as_of=spell(moment), argv=argv)
        assert outcome.failures == []
        return {finding["policy"]: finding for finding in outcome.findings}

    ahead = judged(tmp_path, *documents, as_of=spell(as_of), argv=(*argv, "--within", "20d"))
    now = {finding["policy"]: finding for finding in ahead.findings}
    coming = upcoming(ahead)
    for policy, finding in now.items():
        if "holdsUntil" in finding:
            last = datetime.fromisoformat(finding["holdsUntil"]["instant"])
            last -= timedelta(microseconds=not finding["holdsUntil"]["included"])
            assert policy in found(last)
            assert policy not in found(last + timedelta(microseconds=1))
    for finding in coming:
        first = datetime.fromisoformat(finding["failsFrom"]["instant"])
        assert finding["policy"] not in found(first - timedelta(microseconds=1))
        then = found(first)[finding["policy"]]
        assert then == {key: value for key, value in finding.items() if key != "failsFrom"}
    # Whatever lies between as-of and the first turn is as it is now.
    every = [datetime.fromisoformat(one["failsFrom"]["instant"]) for one in coming]
    every += [datetime.fromisoformat(one["holdsUntil"]["instant"]) for one in now.values() if "holdsUntil" in one]
    nearest = min([*every, as_of + timedelta(days=20)])
    assert set(found(as_of + (nearest - as_of) * between)) == set(now)


# -- every format


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "gitlab", "junit", "markdown", "azure"])
def test_every_format_has_what_is_to_come(tmp_path: Path, form: str) -> None:
    write(tmp_path, {"all.yaml": f"{DRAFT}---\n{SIZED}"})
    argv = ("check", "-o", form, "--select", "OBS008", "--as-of", "2026-02-20")
    status, out, _ = run_in(tmp_path, (*argv, "--within", "14d"))
    assert (status, "OBS008" in out, "gets 23 min 59 s" in " ".join(out.split())) == (1, True, True)
    told = "2026-02-28T07:36:00.000001Z" if form == "json" else "2026-02-28 08:36 (W"
    assert told in out
    assert "23 min 59 s" not in run_in(tmp_path, argv)[1]


def test_sarif_has_the_times_as_properties(tmp_path: Path) -> None:
    write(tmp_path, {"all.yaml": f"{DRAFT}---\n{SIZED}---\n{LATE.replace('spring', 'late')}"})
    argv = ("check", "-o", "sarif", "--select", "OBS008", "--as-of", "2026-02-20", "--within", "14d")
    run = json.loads(run_in(tmp_path, argv)[1])["runs"][0]
    now, coming = run["results"]
    assert now["properties"]["holdsUntil"]["instant"] == "2026-02-28T08:00:00Z"
    assert "id" in now["message"]
    assert coming["properties"]["failsFrom"]["instant"] == "2026-02-28T07:36:00.000001Z"
    assert coming["message"]["text"].startswith(
        "Publish the journey by 2026-02-28 08:36 (W. Europe Standard Time), or OBS008 "
    )
    assert "id" not in coming["message"]
    assert run["properties"]["outlook"] == {"until": "2026-03-06T00:00:00Z", "upcoming": 1, "unknown": []}


def test_the_text_report_says_until_when_a_finding_is_there(tmp_path: Path) -> None:
    write(tmp_path, {"all.yaml": f"{LATE}---\n{SIZED}"})
    _, out, _ = run_in(tmp_path, ("check", "--select", "OBS008", "--as-of", "2026-02-20"))
    assert "  time: holds until 2026-02-28 09:00 (W. Europe Standard Time), then is not judged any more\n" in out


# -- explanations


@pytest.mark.parametrize(
    ("document", "as_of", "verdict", "until"),
    [
        (DRAFT, "2026-02-20", "complies", ("2026-02-28T04:00:00Z", True, "failed")),
        (DRAFT, "2026-02-28T04:00:00.000001Z", "fails", None),
        (LATE, "2026-02-20", "fails", ("2026-02-28T08:00:00Z", True, "notApplicable")),
        (LATE, "2026-02-28T08:00:00.000001Z", "notApplicable", None),
    ],
)
def test_explain_says_until_when_a_verdict_holds(
    tmp_path: Path, document: str, as_of: str, verdict: str, until: tuple[str, bool, str] | None
) -> None:
    write(tmp_path, {"all.yaml": f"{document}---\n{SIZED}"})
    _, out, _ = run_in(tmp_path, ("explain", "OBS007", "all.yaml", "--as-of", as_of, "--format", "json"))
    (node,) = json.loads(out)["nodes"]
    told = node["holdsUntil"]
    assert node["verdict"] == verdict
    assert (told and (told["instant"], told["included"], told["then"])) == until


def test_explain_says_by_when_to_do_what(tmp_path: Path) -> None:
    write(tmp_path, {"all.yaml": f"{DRAFT}---\n{SIZED}"})
    _, out, _ = run_in(tmp_path, ("explain", "OBS007", "all.yaml", "--as-of", "2026-02-20"))
    assert "Publish the journey by 2026-02-28 05:00 (W. Europe Standard Time), or OBS007 will fail." in " ".join(
        out.split()
    )
