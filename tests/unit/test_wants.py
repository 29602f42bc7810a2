"""The parts of a report that take time: right where a reporter wants them, and not there where none does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from itertools import chain, zip_longest
from pathlib import Path

import pytest

from journeylint.check_request import CheckRequest
from journeylint.host import Host
from journeylint.line_hashes import hash_lines
from journeylint.model import Detail, Failure, Finding, JsonObject, JudgedFile, Report
from journeylint.pipeline import check
from journeylint.ports import Want
from tests.contract.command_line import AUDIENCE, Outcome, journey, segment, write
from tests.contract.command_line import check as check_by_command_line
from tests.judging import AS_OF, builtin_host, host_over, make_policy, write_pack
from tests.kinds import make_journey, make_segment

CONTOSO = Path(__file__).resolve().parents[2] / "examples" / "contoso"
PER_FINDING = frozenset({Want.ARGUMENTS, Want.STABLE_POINTERS, Want.LINE_HASHES, Want.LINES, Want.EVIDENCE})
BROKEN = "apiVersion: journeylint/v1\nkind: Journey\nmetadata: {name: a}\nspec:\n  frequency: often\n"
MANY_FILES = 40
"""More than are dealt to one shard at once."""


def report_on(
    folder: Path, *wants: Want, host: Host | None = None, jobs: int = 1, focus: tuple[str, ...] = ()
) -> Report:
    request = CheckRequest(focus, folder, as_of=AS_OF, jobs=jobs, focus=bool(focus), wants=frozenset(wants))
    if folder == CONTOSO:  # what tells which findings are accepted fills details that nobody wants
        request = request._replace(heeds_suppressions=False)
    return check(request, host or builtin_host())


@cache
def contoso() -> Report:
    return report_on(CONTOSO, *Want)


def details_of(found: Iterable[Finding | Failure]) -> list[Detail]:
    return [one.detail or Detail() for one in found]


def write_manifests(folder: Path, files: dict[str, list[JsonObject]]) -> Path:
    return write(
        folder, {name: "\n---\n".join(json.dumps(one, indent=1) for one in all_) for name, all_ in files.items()}
    )


# -- nothing that nobody wants


def test_a_report_that_nobody_wants_more_of_has_no_details() -> None:
    report = report_on(CONTOSO)
    assert report.findings
    assert {one.detail for one in report.findings} == {None}
    assert (report.files, report.repository) == ((), None)
    assert {(page.failing_example, page.passing_example) for page in report.pages.values()} == {("", "")}


def test_failures_have_no_details_either_where_nobody_wants_them(tmp_path: Path) -> None:
    report = report_on(write(tmp_path, {"a.yaml": BROKEN}))
    assert [failure.detail for failure in report.failures] == [None]


@pytest.mark.parametrize("want", sorted(PER_FINDING, key=str))
def test_of_the_details_only_the_wanted_one_is_filled(want: Want) -> None:
    parts = {
        Want.LINES: {"first_line", "lines"},
        Want.EVIDENCE: {"evidence"},
        Want.ARGUMENTS: {"arguments"},
        Want.STABLE_POINTERS: {"stable_pointer"},
        Want.LINE_HASHES: {"line_hash"},
    }
    filled = {
        name
        for detail in details_of(report_on(CONTOSO, want).findings)
        for name, value in detail._asdict().items()
        if value
    }
    assert filled == parts[want]


@pytest.mark.parametrize("want", [Want.FILES, Want.REPOSITORY, Want.EXAMPLES])
def test_what_is_not_about_findings_fills_no_detail(want: Want) -> None:
    assert set(details_of(report_on(CONTOSO, want).findings)) == {Detail()}


ALIASED = journey("publishTime: &when 2025-03-03T04:00\nstartTime: *when", AUDIENCE)


@pytest.mark.parametrize("wants", [{Want.FIXES}, {Want.FIXES, Want.REPLACEMENTS}])
def test_how_the_text_changes_and_whether_it_can_is_found_out_only_if_wanted(tmp_path: Path, wants: set[Want]) -> None:
    plain = ALIASED.replace("*when", "2025-03-03T05:00").replace("name: spring", "name: plain")
    folder = write(
        tmp_path, {"a.yaml": ALIASED, "b.yaml": plain, "s.yaml": segment("vip", "source: outbound, memberCount: 1000")}
    )
    found = [one for one in report_on(folder, *wants).findings if one.policy == "OBS007"]
    fixes = {one.location.path: one.detail.fix for one in found if one.detail}
    aliased, mended = fixes["a.yaml"], fixes["b.yaml"]
    assert aliased is not None
    assert mended is not None
    assert aliased.title == mended.title == "Move the start to 4 h after publication"
    assert bool(aliased.refusal) == bool(mended.replacements) == (Want.REPLACEMENTS in wants)


def test_replacements_alone_fill_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"j.yaml": ALIASED, "s.yaml": segment("vip", "source: outbound, memberCount: 1000")})
    assert set(details_of(report_on(tmp_path, Want.REPLACEMENTS).findings)) == {Detail()}


def test_wants_change_no_finding() -> None:
    plain = report_on(CONTOSO)
    bare = [one._replace(detail=None, horizon=None) for one in contoso().findings]
    assert bare == list(plain.findings)
    assert (contoso().summary, contoso().policies) == (plain.summary, plain.policies)


# -- which policies judged what


def pack_of_three(root: Path) -> Host:
    """TST001 fails for journeys with an end, TST002 passes for uses of segments, TST003 fails for segments."""
    return host_over(
        write_pack(
            root,
            make_policy(1, when_="has(journey.spec.endTime)"),
            make_policy(2, each_="$.spec.segments[*]", as_="usage", require="usage.role == 'audience'"),
            make_policy(3, kind="Segment"),
        )
    )


def test_a_file_is_told_with_the_policies_that_judged_something_in_it(tmp_path: Path) -> None:
    uses: JsonObject = {"name": "vip", "role": "audience"}
    folder = write_manifests(
        tmp_path / "work",
        {
            "all.yaml": [
                make_segment(),
                make_journey(endTime="2025-03-03"),
                make_journey({"name": "second"}, segments=[uses]),
            ],
            "end.yaml": [make_journey({"name": "end"}, endTime="2025-03-03")],
            "segment.yaml": [make_segment({"name": "other"})],
            "use.yaml": [make_journey({"name": "use"}, segments=[uses, uses])],
        },
    )
    report = report_on(folder, Want.FILES, host=pack_of_three(tmp_path / "packs"))
    assert report.files == (
        JudgedFile("all.yaml", ("TST001", "TST002", "TST003")),
        JudgedFile("end.yaml", ("TST001",)),
        JudgedFile("segment.yaml", ("TST003",)),
        JudgedFile("use.yaml", ("TST002",)),
    )


def test_a_file_in_which_no_policy_judged_anything_has_no_policies(tmp_path: Path) -> None:
    folder = write_manifests(tmp_path / "work", {"idle.yaml": [make_journey()], "not-ours.yaml": [{"kind": "Other"}]})
    report = report_on(folder, Want.FILES, host=pack_of_three(tmp_path / "packs"))
    assert [one for one in report.files if one.policies] == []


def test_a_node_that_could_not_be_judged_was_not_judged(tmp_path: Path) -> None:
    host = host_over(write_pack(tmp_path / "packs", make_policy(require="journey.spec.endTime != ''")))
    folder = write_manifests(tmp_path / "work", {"a.json": [make_journey()]})
    report = report_on(folder, Want.FILES, host=host)
    assert [failure.code.value for failure in report.failures] == ["JL003"]
    assert [one for one in report.files if one.policies] == []


def test_a_policy_that_is_off_for_a_file_did_not_judge_it(tmp_path: Path) -> None:
    folder = write_manifests(tmp_path / "work", {"a.json": [make_segment()], "b.json": [make_segment({"name": "b"})]})
    (folder / "journeylint.yaml").write_text("overrides: [{files: [b.json], policies: {TST003: {enabled: false}}}]\n")
    report = report_on(folder, Want.FILES, host=pack_of_three(tmp_path / "packs"))
    assert [one for one in report.files if one.policies] == [JudgedFile("a.json", ("TST003",))]


def test_a_suppression_in_a_file_takes_no_policy_from_those_that_judged_it(tmp_path: Path) -> None:
    text = segment("vip", "source: outbound, memberCount: 5")
    write(tmp_path, {"a.yaml": journey("", AUDIENCE) + "---\n" + text})
    (before,) = report_on(tmp_path, Want.FILES).files
    write(tmp_path, {"a.yaml": journey("", f"{AUDIENCE}}} # journeylint: ignore[OBS010] -- why\n#") + "---\n" + text})
    (after,) = report_on(tmp_path, Want.FILES).files
    assert set(after.policies) == {*before.policies, "SUP004"}


def test_a_report_on_some_files_tells_of_these_only(tmp_path: Path) -> None:
    folder = write_manifests(tmp_path / "work", {"a.json": [make_segment()], "b.json": [make_segment({"name": "b"})]})
    report = report_on(folder, Want.FILES, host=pack_of_three(tmp_path / "packs"), focus=("b.json",))
    assert report.files == (JudgedFile("b.json", ("TST003",)),)


def test_the_files_of_the_example_workspace_agree_with_its_findings_and_tallies() -> None:
    files = {one.path: one.policies for one in contoso().files}
    assert list(files) == sorted(files)
    assert [one for one in contoso().findings if one.policy not in files[one.location.path]] == []
    assert set(chain.from_iterable(files.values())) == {one.policy for one in contoso().policies if one.matched}


def test_policies_stand_in_the_order_of_the_report() -> None:
    order = list(contoso().pages)
    assert [one for one in contoso().files if list(one.policies) != sorted(one.policies, key=order.index)] == []


@pytest.mark.parametrize("jobs", [2, 3])
def test_several_processes_find_out_the_same(tmp_path: Path, jobs: int) -> None:
    files = {
        f"{number:03}.yaml": f"{segment(f's{number}')}---\n"
        + journey("endTime: 2025-03-03", f"name: s{(number * 7) % MANY_FILES}, role: exclusion", name=f"j{number}")
        for number in range(MANY_FILES)
    }
    folder = write(tmp_path, {**files, "wrong.yaml": "apiVersion: journeylint/v1\nkind: Journey\n"})
    alone, together = (report_on(folder, *PER_FINDING, Want.FILES, jobs=count) for count in (1, jobs))
    assert alone.findings
    assert alone.failures
    assert together == alone


def test_the_example_workspace_is_told_the_same_by_two_processes() -> None:
    assert report_on(CONTOSO, *Want, jobs=2) == contoso()


# -- what fills the gaps of messages


def filled(texts: Iterable[str], arguments: Iterable[str]) -> str:
    return "".join(chain.from_iterable(zip_longest(texts, arguments, fillvalue="")))


def test_arguments_fill_the_gaps_of_every_message_of_the_example_workspace() -> None:
    for finding in contoso().findings:
        texts, (detail,) = contoso().pages[finding.policy].message, details_of([finding])
        assert len(detail.arguments) == len(texts) - 1, finding
        assert filled(texts, detail.arguments) == finding.message


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("Nothing to fill.", ()),
        ("${journey.metadata.name}", ("spring-sale",)),
        ("${journey.metadata.name} first", ("spring-sale",)),
        ("last ${journey.metadata.name}", ("spring-sale",)),
        ("${journey.metadata.name}${journey.kind}", ("spring-sale", "Journey")),
        ("a ${''} b ${journey.kind}${''} c", ("", "Journey", "")),
        ("${1} ${10000} ${true} {0} %s", ("1", "10,000", "true")),
        ("${'a'}a${'a'}", ("a", "a")),
    ],
)
def test_arguments_fill_gaps_wherever_they_stand(tmp_path: Path, message: str, arguments: tuple[str, ...]) -> None:
    host = host_over(write_pack(tmp_path / "packs", make_policy(message=message)))
    report = report_on(write_manifests(tmp_path / "work", {"a.json": [make_journey()]}), Want.ARGUMENTS, host=host)
    (detail,) = details_of(report.findings)
    assert detail.arguments == arguments
    assert filled(report.pages["TST001"].message, detail.arguments) == report.findings[0].message


def test_an_argument_is_the_text_of_the_manifest_as_it_is(tmp_path: Path) -> None:
    hostile = "${now} {0} ::error::\n\x1b[31m'\U0001f600"
    host = host_over(write_pack(tmp_path / "packs", make_policy(message="It is '${journey.metadata.title}'.")))
    folder = write_manifests(tmp_path / "work", {"a.json": [make_journey({"title": hostile})]})
    (detail,) = details_of(report_on(folder, Want.ARGUMENTS, host=host).findings)
    assert detail.arguments == (hostile,)


def test_failures_have_no_arguments_and_no_stable_pointer(tmp_path: Path) -> None:
    report = report_on(write(tmp_path, {"a.yaml": "apiVersion: journeylint/v1\nkind: Journey\n"}), *Want)
    assert report.failures
    assert {(one.arguments, one.stable_pointer) for one in details_of(report.failures)} == {((), "")}


# -- stable names of places


def test_a_finding_in_a_list_is_named_by_the_key_of_its_item(tmp_path: Path) -> None:
    uses = ("name: other, role: audience", "name: vip, role: exclusion")
    names = []
    for order in (uses, uses[::-1]):
        write(
            tmp_path, {"a.yaml": "---\n".join((journey("", *order), segment(), segment("other", "source: realtime")))}
        )
        report = report_on(tmp_path, Want.STABLE_POINTERS)
        names.append([one.stable_pointer for one in details_of(report.findings) if "vip" in one.stable_pointer])
    assert set(names[0]) == {'/spec/segments/[name="vip",role="exclusion"]'}
    assert names[0] == names[1]


def test_findings_of_a_policy_in_one_manifest_have_different_names() -> None:
    names = [
        (one.policy, one.manifest, detail.stable_pointer)
        for one, detail in zip(contoso().findings, details_of(contoso().findings), strict=True)
    ]
    assert len(set(names)) == len(names)


def test_a_finding_outside_of_lists_is_named_by_its_pointer() -> None:
    plain = [one for one in contoso().findings if not re.search(r"/\d+(/|$)", one.location.pointer)]
    assert plain
    assert [detail.stable_pointer for detail in details_of(plain)] == [one.location.pointer for one in plain]


# -- fingerprints of lines


def test_every_finding_has_the_hash_of_its_first_line() -> None:
    for finding, detail in zip(contoso().findings, details_of(contoso().findings), strict=True):
        line = finding.location.span.line
        text = (CONTOSO / finding.location.path).read_bytes().decode()
        assert detail.line_hash == hash_lines(text, {line})[line]


@pytest.mark.parametrize("start", ["", "\ufeff", "# one\r\n\r\n"])
def test_failures_have_the_hash_of_their_line_too(tmp_path: Path, start: str) -> None:
    report = report_on(write(tmp_path, {"a.yaml": start + BROKEN}), Want.LINE_HASHES)
    (failure,) = report.failures
    line = 5 + start.count("\n")
    assert failure.location.span.line == line
    assert details_of([failure])[0].line_hash == hash_lines(start + BROKEN, {line})[line]


def test_a_file_that_cannot_be_read_has_a_hash_or_none_but_stops_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path, {"a.yaml": b"kind: Journey\napiVersion: journeylint/v1 # \xff\n", "b.yaml": BROKEN})
    report = report_on(folder, *Want)
    assert [failure.location.path for failure in report.failures] == ["a.yaml", "b.yaml"]
    assert details_of(report.failures)[1].line_hash != ""


def test_standard_input_has_hashes() -> None:
    request = CheckRequest(("-",), CONTOSO, as_of=AS_OF, stdin=BROKEN.encode(), wants=frozenset({Want.LINE_HASHES}))
    (detail,) = details_of(check(request, builtin_host()).failures)
    assert detail.line_hash == hash_lines(BROKEN, {5})[5]


# -- where in git


def test_the_repository_is_that_of_the_working_directory(tmp_path: Path) -> None:
    folder = write(tmp_path / "crm", {"a.yaml": segment()})
    (tmp_path / ".git").mkdir()
    repository = report_on(folder, Want.REPOSITORY).repository
    assert repository is not None
    assert repository.prefix == "crm/"


def test_outside_of_git_there_is_no_repository(tmp_path: Path) -> None:
    assert report_on(write(tmp_path, {"a.yaml": segment()}), Want.REPOSITORY).repository is None


# -- the clock that reproducible builds set


def as_of_with(folder: Path, *argv: str, as_of: str | None = None) -> Outcome:
    return check_by_command_line(write(folder, {"a.yaml": segment()}), *argv, as_of=as_of)


@pytest.mark.parametrize(
    ("seconds", "instant"),
    [
        ("0", "1970-01-01T00:00:00Z"),
        ("1740787200", "2025-03-01T00:00:00Z"),
        ("1740787199", "2025-02-28T23:59:59Z"),
        ("4294967296", "2106-02-07T06:28:16Z"),
    ],
)
def test_source_date_epoch_stands_for_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: str, instant: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)
    outcome = as_of_with(tmp_path)
    assert outcome.report is not None, outcome.err
    assert outcome.report["asOf"] == instant


def test_the_command_line_wins_over_source_date_epoch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    outcome = as_of_with(tmp_path, as_of="2026-01-01")
    assert outcome.report is not None, outcome.err
    assert outcome.report["asOf"] == "2026-01-01T00:00:00Z"


def test_the_configuration_wins_over_source_date_epoch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    write(tmp_path, {"journeylint.yaml": "as-of: 2026-01-01\n"})
    outcome = as_of_with(tmp_path)
    assert outcome.report is not None, outcome.err
    assert outcome.report["asOf"] == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize("bad", ["yesterday", "2025-03-01", "1e9", "1.5", "0x10", "-", "9" * 12, "9" * 30, "9" * 5000])
def test_a_source_date_epoch_that_is_no_number_of_seconds_is_a_usage_error_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bad: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", bad)
    outcome = as_of_with(tmp_path)
    assert (outcome.status, outcome.out) == (2, "")
    assert "SOURCE_DATE_EPOCH" in outcome.err
    assert bad[:20] in outcome.err
    assert "Traceback" not in outcome.err


def test_a_bad_source_date_epoch_does_not_matter_where_it_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    assert as_of_with(tmp_path, as_of=AS_OF).status == 0


# -- evidence


def evidence_of(folder: Path, value: str) -> list[tuple[str, str]]:
    """What a finding says of *value*, CEL that makes something of the numbers from 1 to 30."""
    policy = make_policy(let={"numbers": f"[{', '.join(map(str, range(1, 31)))}]", "made": value}, require="made == 1")
    host = host_over(write_pack(folder / "policies", policy))
    write_manifests(folder, {"a.yaml": [make_journey()]})
    (finding,) = report_on(folder, Want.EVIDENCE, host=host, focus=("a.yaml",)).findings
    (detail,) = details_of([finding])
    return [pair for pair in detail.evidence if pair[0] == "made"]


@pytest.mark.parametrize("value", ["dyn({'count': 1})", "dyn([{'count': 1}])", "dyn([[1], [2]])"])
def test_a_value_that_has_parts_is_not_shown(tmp_path: Path, value: str) -> None:
    assert evidence_of(tmp_path, value) == []


def test_a_list_too_long_for_a_line_is_cut_off(tmp_path: Path) -> None:
    ((_, plain),) = evidence_of(tmp_path / "1", "dyn(numbers.map(one, 1000 + one))")
    assert plain.startswith("1001, 1002, ")
    assert plain.endswith("...")
