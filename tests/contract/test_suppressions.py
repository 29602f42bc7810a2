"""Suppressions end to end: what is written in a file, a manifest or a configuration, and what a run makes of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from journeylint.check_request import CheckRequest
from journeylint.errors import ConfigurationError, JourneylintError
from journeylint.model import Report, SuppressionState
from journeylint.pipeline import check
from tests.contract.command_line import run_in
from tests.judging import builtin_host, host_over, make_policy, write_pack
from tests.kinds import read_schema

AS_OF = "2027-01-10"
HEAD = "apiVersion: journeylint/v1\nkind: Journey\n"
WHY = "-- CRM-1042"


def journey(*usages: str, name: str = "spring", metadata: str = "") -> str:
    """A journey that uses segments that are not there, REF001, each on the line that is given for it."""
    uses = "".join(f"    {usage}\n" for usage in usages or ("- {name: gone, role: audience}",))
    return f"{HEAD}metadata:\n  name: {name}\n{metadata}spec:\n  frequency: event\n  segments:\n{uses}"


def segment(name: str, spec: str = "source: realtime") -> str:
    return f"apiVersion: journeylint/v1\nkind: Segment\nmetadata: {{name: {name}}}\nspec: {{{spec}}}\n"


def listed(*items: str) -> str:
    """`metadata.suppressions` with these items."""
    return "  suppressions:\n" + "".join(f"    - {{{item}}}\n" for item in items)


def configured(*items: str, rules: str = "") -> str:
    return "suppressions:\n" + "".join(f"  - {{{item}}}\n" for item in items) + rules


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())


def judge(folder: Path, files: Mapping[str, str], *paths: str, as_of: str = AS_OF, **request: Any) -> Report:
    """The report on *files*, written into *folder*, by all built-in policies."""
    write(folder, files)
    asked = {"jobs": 1, **request}
    return check(CheckRequest(paths, folder, as_of=as_of, **asked), request.get("host") or builtin_host())


def found(report: Report) -> list[str]:
    return [finding.policy for finding in report.findings]


def states(report: Report) -> list[str]:
    return [one.state.value for one in report.suppressions]


GONE = "- {name: gone, role: audience}"
COMMENT = f"  # journeylint: ignore[REF001] {WHY}"
ITEM = "policy: REF001, reason: CRM-1042"

FORMS = {
    "comment": {"a.yaml": journey(f"{GONE}{COMMENT}")},
    "comment above": {"a.yaml": journey(COMMENT.strip(), GONE)},
    "metadata": {"a.yaml": journey(metadata=listed(ITEM))},
    "configuration": {"a.yaml": journey(), "journeylint.yaml": configured(ITEM)},
    "pyproject": {
        "a.yaml": journey(),
        "pyproject.toml": '[[tool.journeylint.suppressions]]\npolicy = "REF001"\nreason = "CRM-1042"\n',
    },
}
EVERY_FORM = pytest.mark.parametrize("form", FORMS)


# -- what is accepted


@EVERY_FORM
def test_what_is_accepted_is_no_finding_and_counts_nowhere(tmp_path: Path, form: str) -> None:
    report = judge(tmp_path, FORMS[form])

    assert (report.findings, states(report)) == ((), ["used"])
    (finding,) = report.suppressed
    assert (finding.policy, finding.counts, finding.suppression) == ("REF001", False, report.suppressions[0])
    assert (report.summary.errors, report.summary.suppressed) == (0, 1)
    assert report.suppressions[0].reason == "CRM-1042"


@EVERY_FORM
def test_a_run_that_heeds_no_suppression_is_as_if_there_were_none(tmp_path: Path, form: str) -> None:
    report = judge(tmp_path, FORMS[form], heeds_suppressions=False)

    assert (found(report), report.suppressed, report.suppressions) == (["REF001"], (), ())


@EVERY_FORM
def test_the_exit_code_does_not_count_what_is_accepted(tmp_path: Path, form: str) -> None:
    write(tmp_path, FORMS[form])
    assert run_in(tmp_path, ["check", "--as-of", AS_OF])[0] == 0


@pytest.mark.parametrize("jobs", [2, 3])
def test_the_report_is_the_same_whatever_the_number_of_processes(tmp_path: Path, jobs: int) -> None:
    files = {
        f"{number:02}.yaml": journey(f"{GONE}{COMMENT if number % 2 else ''}", name=f"j{number}", metadata=listed(ITEM))
        for number in range(40)
    }
    files["journeylint.yaml"] = configured(ITEM + ', files: "*5.yaml"', "policy: REF002, reason: why")

    assert judge(tmp_path, files, jobs=jobs) == judge(tmp_path, files)


def test_only_the_policy_that_is_named_is_accepted(tmp_path: Path) -> None:
    policies = [make_policy(number, kind="Journey") for number in (1, 2)]
    host = host_over(write_pack(tmp_path / "policies", *policies))
    write(tmp_path, {"journeys/a.yaml": "# journeylint: ignore[TST001] -- why\n" + journey(name="a")})

    report = check(CheckRequest(("journeys",), tmp_path, as_of=AS_OF), host)

    assert found(report) == ["TST002"]


def test_of_several_that_cover_a_finding_all_are_used_and_the_nearest_is_named(tmp_path: Path) -> None:
    files = {
        "a.yaml": journey(f"{GONE}{COMMENT}", metadata=listed(ITEM)),
        "journeylint.yaml": configured(ITEM, "policy: unknown-segment, reason: again"),
    }
    report = judge(tmp_path, files)

    assert states(report) == ["used"] * 4
    assert [finding.suppression.form.value for finding in report.suppressed if finding.suppression] == ["comment"]
    assert report.summary.suppressed == 1


def test_one_suppression_covers_several_findings_and_counts_them(tmp_path: Path) -> None:
    report = judge(tmp_path, {"a.yaml": journey(GONE, GONE, metadata=listed(ITEM))})

    assert [one.findings for one in report.suppressions] == [2]


# -- until


@EVERY_FORM
@pytest.mark.parametrize(("as_of", "is_over"), [("2027-01-31T23:59:59Z", False), ("2027-02-01", True)])
def test_the_day_after_the_last_one_everything_is_as_if_nothing_was_written(
    tmp_path: Path, form: str, as_of: str, *, is_over: bool
) -> None:
    files = {
        name: text.replace(" -- CRM", " until 2027-01-31 -- CRM")
        .replace("reason: CRM-1042", "reason: CRM-1042, until: 2027-01-31")
        .replace('reason = "CRM-1042"', 'reason = "CRM-1042"\nuntil = 2027-01-31')
        for name, text in FORMS[form].items()
    }
    report = judge(tmp_path, files, as_of=as_of)

    assert sorted(found(report)) == (["REF001", "SUP002"] if is_over else ["SUP003"])
    assert states(report) == ["expired" if is_over else "used"]
    assert report.summary.errors == is_over


# -- what is told about suppressions


@pytest.mark.parametrize(
    ("form", "place"),
    [
        ("comment", ("a.yaml", 8, 37)),
        ("metadata", ("a.yaml", 6, 7)),
        ("configuration", ("journeylint.yaml", 2, 5)),
        ("pyproject", ("pyproject.toml", 1, 1)),
    ],
)
def test_what_is_wrong_with_a_suppression_is_told_where_it_is_written(
    tmp_path: Path, form: str, place: tuple[str, int, int]
) -> None:
    files = {name: text.replace("REF001", "REF01") for name, text in FORMS[form].items()}
    report = judge(tmp_path, files)

    (told,) = [finding for finding in report.findings if finding.policy == "SUP001"]
    assert (told.location.path, told.location.span.line, told.location.span.column) == place
    assert (
        told.message
        == "This suppression of REF01 suppresses nothing: there is no policy 'REF01' - the nearest is 'REF001'."
    )
    is_in_manifest = form in ("comment", "metadata")
    assert (told.manifest.kind, told.manifest.name) == (("Journey", "spring") if is_in_manifest else ("File", place[0]))
    assert "REF001" in found(report)


@EVERY_FORM
def test_a_suppression_of_nothing_is_told(tmp_path: Path, form: str) -> None:
    files = {name: text.replace("REF001", "REF002") for name, text in FORMS[form].items()}
    report = judge(tmp_path, files)

    assert (sorted(found(report)), states(report)) == (["REF001", "SUP004"], ["unused"])


@EVERY_FORM
@pytest.mark.parametrize("options", [{"select": ("REF001", "SUP")}, {"ignore": ("REF002",)}])
def test_nothing_is_unused_whose_policy_did_not_run(tmp_path: Path, form: str, options: Mapping[str, Any]) -> None:
    files = {name: text.replace("REF001", "REF002") for name, text in FORMS[form].items()}
    report = judge(tmp_path, files, **options)

    assert (found(report), states(report)) == (["REF001"], ["unchecked"])


@pytest.mark.parametrize("form", ["comment", "metadata", "configuration"])
def test_nothing_is_unused_whose_policy_is_off_in_the_file_or_a_part_of_it(tmp_path: Path, form: str) -> None:
    files = {name: text.replace("REF001", "REF002") for name, text in FORMS[form].items()}
    for pattern in ("a.yaml", '"a.yaml#/spec/segments/0"'):
        override = f"overrides:\n  - files: [{pattern}]\n    policies: {{REF002: {{enabled: false}}}}\n"
        config = FORMS[form].get("journeylint.yaml", "").replace("REF001", "REF002")
        assert states(judge(tmp_path, {**files, "journeylint.yaml": config + override})) == ["unchecked"]


def test_a_preview_that_nobody_switched_on_is_not_missed(tmp_path: Path) -> None:
    host = host_over(write_pack(tmp_path / "policies", make_policy(stage="preview", require="true")))
    write(tmp_path, {"journeys/a.yaml": "# journeylint: ignore[TST001] -- why\n" + journey(name="a")})

    for select, state in ((None, "unchecked"), (("TST001",), "unused")):
        request = CheckRequest(("journeys",), tmp_path, as_of=AS_OF, select=select)
        assert states(check(request, host)) == [state]


@pytest.mark.parametrize("policy", ["REF001", "OBS002", "OBS012"])
def test_nothing_is_unused_in_a_file_that_could_not_be_judged(tmp_path: Path, policy: str) -> None:
    broken = journey(f"{GONE}  # journeylint: ignore[{policy}] {WHY}").replace("event", "sometimes")
    files = {"a.yaml": broken, "journeylint.yaml": configured(f"policy: {policy}, reason: why, files: a.yaml")}

    assert states(judge(tmp_path, files)) == ["unchecked", "unchecked"]


def test_nothing_is_unused_behind_a_mistake_in_the_syntax(tmp_path: Path) -> None:
    text = journey(metadata=listed("policy: REF002, reason: why")) + f"  - {{ # journeylint: ignore[REF002] {WHY}\n"
    report = judge(tmp_path, {"a.yaml": text})

    assert len(report.failures) == 1
    assert set(states(report)) <= {"unchecked"}


def test_nothing_is_unused_whose_policy_looked_up_what_could_not_be_judged(tmp_path: Path) -> None:
    usage = f"- {{name: vip, role: exclusion}}  # journeylint: ignore[OBS002] {WHY}"
    for spec, state in (("source: outbound", "used"), ("source: realtime", "unused"), ("source: odd", "unchecked")):
        files = {"a.yaml": journey(usage), "b.yaml": segment("vip", spec)}
        assert states(judge(tmp_path, files)) == [state]


def test_nothing_is_unused_whose_policy_asks_about_files_that_were_not_looked_at(tmp_path: Path) -> None:
    usage = f"- {{name: vip, role: exclusion}}  # journeylint: ignore[OBS002] {WHY}"
    files = {"a.yaml": journey(usage), "b.yaml": segment("vip"), "c.yaml": "a: 1\n"}

    assert states(judge(tmp_path, files, "a.yaml")) == ["unchecked"]
    assert states(judge(tmp_path, files, "a.yaml", "b.yaml")) == ["unused"]
    assert states(judge(tmp_path, files, "a.yaml", focus=True)) == ["unused"]
    assert states(judge(tmp_path, files, ".")) == ["unused"]


@pytest.mark.parametrize(
    ("paths", "request_", "state"),
    [
        ((), {}, "unused"),
        ((".",), {}, "unused"),
        (("a.yaml", "b.yaml"), {}, "unused"),
        (("a.yaml",), {}, "unchecked"),
        (("a.yaml",), {"focus": True}, "unused"),
        (("-",), {"stdin": journey().encode(), "stdin_filename": "a.yaml"}, "unchecked"),
    ],
)
def test_the_configuration_has_too_many_only_where_all_files_were_looked_at(
    tmp_path: Path, paths: tuple[str, ...], request_: Mapping[str, Any], state: str
) -> None:
    files = {
        "a.yaml": journey(),
        "b.yaml": segment("vip"),
        "journeylint.yaml": configured("policy: REF002, reason: why"),
    }

    assert states(judge(tmp_path, files, *paths, **request_)) == [state]


def test_from_a_folder_below_the_configuration_it_is_not_known_what_it_has_too_many(tmp_path: Path) -> None:
    write(tmp_path, {"sub/a.yaml": journey(), "b.yaml": journey(name="b")})
    write(tmp_path, {"journeylint.yaml": configured("policy: REF001, reason: why, files: b.yaml")})

    assert states(judge(tmp_path / "sub", {})) == ["unchecked"]
    assert states(judge(tmp_path / "sub", {}, "..")) == ["used"]


def test_a_suppression_in_the_configuration_for_files_that_are_gone_is_unused(tmp_path: Path) -> None:
    files = {"a.yaml": journey(), "journeylint.yaml": configured(f"{ITEM}, files: old/")}

    assert states(judge(tmp_path, files)) == ["unused"]


def test_findings_about_suppressions_have_severities_as_all_others_have(tmp_path: Path) -> None:
    files = {"a.yaml": journey(f"{GONE}  # journeylint: ignore[REF002] {WHY}", metadata=listed(ITEM))}
    files["journeylint.yaml"] = "policies: {SUP004: {severity: error}}\n"
    assert [finding.severity.value for finding in judge(tmp_path, files).findings] == ["error"]

    files["journeylint.yaml"] = "ignore: [SUP]\n"
    assert judge(tmp_path, files).findings == ()


def test_the_notice_before_an_end_can_be_longer(tmp_path: Path) -> None:
    files = {"a.yaml": journey(metadata=listed(f"{ITEM}, until: 2027-02-28"))}
    assert judge(tmp_path, files).findings == ()

    files["journeylint.yaml"] = "policies: {SUP003: {params: {notice: 60d}}}\n"
    (told,) = judge(tmp_path, files).findings
    assert told.message == "This suppression of REF001 ends soon: 2027-02-28 is its last day, and it covers a finding."


def test_no_finding_about_a_suppression_can_be_suppressed(tmp_path: Path) -> None:
    files = {
        "a.yaml": journey(f"{GONE}  # journeylint: ignore[REF002, SUP004] {WHY}", metadata=listed(ITEM)),
        "journeylint.yaml": configured("policy: [SUP001, SUP004], reason: why"),
    }
    assert sorted(found(judge(tmp_path, files))) == ["SUP001", "SUP001", "SUP001", "SUP004"]


def test_a_policy_can_say_that_what_it_finds_is_not_to_be_suppressed(tmp_path: Path) -> None:
    host = host_over(write_pack(tmp_path / "policies", make_policy(suppressible=False)))
    write(tmp_path, {"journeys/a.yaml": "# journeylint: ignore[TST001] -- why\n" + journey(name="a")})

    report = check(CheckRequest(("journeys",), tmp_path, as_of=AS_OF), host)

    assert found(report) == ["TST001"]
    assert report.suppressions[0].problems == ("TST001 says that what it finds cannot be suppressed",)


def test_a_failure_cannot_be_suppressed(tmp_path: Path) -> None:
    text = "# journeylint: ignore[JL002] -- why\n" + journey().replace("event", "sometimes")
    report = judge(tmp_path, {"a.yaml": text})

    assert [failure.code.value for failure in report.failures] == ["JL002"]
    assert found(report) == ["SUP001"]


@pytest.mark.parametrize("output", ["json", "sarif", "text", "markdown", "github", "azure", "gitlab", "junit"])
def test_every_report_can_tell_of_a_suppression_that_stands_in_no_manifest(tmp_path: Path, output: str) -> None:
    write(tmp_path, {"a.yaml": journey(), "journeylint.yaml": configured("policy: REF01, reason: why")})
    status, out, err = run_in(tmp_path, ["check", "--as-of", AS_OF, "-o", output])

    assert (status, err) == (1, "")
    assert "journeylint.yaml" in out
    assert "SUP001" in out
    if output == "json":
        jsonschema.validate(json.loads(out), read_schema("report"))


# -- comments in files


@pytest.mark.parametrize(
    "change", [lambda text: text, lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")]
)
def test_a_byte_order_mark_and_other_line_breaks_change_nothing(tmp_path: Path, change: Any) -> None:
    text = journey(f"{GONE}{COMMENT}").replace("spring", "spring  # Frühling")
    assert states(judge(tmp_path, {"a.yaml": change(text)})) == ["used"]


def test_a_comment_holds_in_every_document_of_a_file(tmp_path: Path) -> None:
    texts = [journey(f"{GONE}{COMMENT}", name=f"j{number}") for number in range(3)]
    report = judge(tmp_path, {"a.yaml": "---\n".join(texts)})

    assert states(report) == ["used"] * 3
    assert [one.manifest.name for one in report.suppressions if one.manifest] == ["j0", "j1", "j2"]


def test_a_comment_above_a_manifest_is_about_what_is_found_at_the_whole_of_it_but_none_beyond_the_mark_before_it(
    tmp_path: Path,
) -> None:
    host = host_over(write_pack(tmp_path / "policies", make_policy()))
    above = "# journeylint: ignore[TST001] -- why\n"
    write(
        tmp_path,
        {
            "journeys/a.yaml": f"{above}---\n{journey(name='a')}---\n{journey(name='b')}{above}"
            f"---\n{journey(name='c')}---\n{above}{journey(name='d')}"
        },
    )

    report = check(CheckRequest(("journeys",), tmp_path, as_of=AS_OF), host)

    assert [finding.manifest.name for finding in report.findings] == ["b", "c"]
    assert states(report) == ["used", "invalid", "used"]


def test_a_comment_beside_a_key_is_about_what_is_found_at_its_value(tmp_path: Path) -> None:
    host = host_over(write_pack(tmp_path / "policies", make_policy(at="/spec"), make_policy(2, at="/spec/frequency")))
    text = journey().replace("spec:\n", "spec:  # journeylint: ignore[TST001, TST002] -- why\n")
    write(tmp_path, {"journeys/a.yaml": text})

    report = check(CheckRequest(("journeys",), tmp_path, as_of=AS_OF), host)

    assert (found(report), states(report)) == (["TST002"], ["used", "unused"])


def test_json_has_no_comments_but_suppressions_in_its_metadata(tmp_path: Path) -> None:
    data: dict[str, Any] = {
        "apiVersion": "journeylint/v1",
        "kind": "Journey",
        "metadata": {"name": "a", "title": "\ud83d\ude00 # journeylint: ignore[REF001] -- why\t"},
        "spec": {"frequency": "event", "segments": [{"name": "gone", "role": "audience"}]},
    }
    assert states(judge(tmp_path, {"a.json": json.dumps(data)})) == []

    data["metadata"]["suppressions"] = [{"policy": "REF001", "reason": "why"}]
    assert states(judge(tmp_path, {"a.json": json.dumps(data)})) == ["used"]


def test_a_comment_in_standard_input_counts(tmp_path: Path) -> None:
    text = journey(f"{GONE}{COMMENT}").encode()
    assert states(judge(tmp_path, {}, "-", stdin=text)) == ["used"]


def test_a_comment_in_a_document_of_somebody_else_is_told(tmp_path: Path) -> None:
    other = "apiVersion: v1\nkind: ConfigMap\na: 1  # journeylint: ignore[REF001] -- why\n"
    report = judge(tmp_path, {"a.yaml": f"{other}---\n{segment('vip')}"})

    assert (found(report), states(report)) == (["SUP004"], ["unused"])
    assert report.findings[0].manifest == ("default", "File", "a.yaml")


# -- metadata


@pytest.mark.parametrize(
    ("pointer", "state"),
    [
        ("", "used"),
        ("/spec", "used"),
        ("/spec/segments", "used"),
        ("/spec/segments/1", "used"),
        ("/spec/segments/*", "used"),
        ('/spec/segments/[name="gone"]', "used"),
        ('/spec/segments/[name="gone",role="branch"]', "used"),
        ('/spec/segments/[name="gone",role="audience"]', "unused"),
        ('/spec/segments/[name="vip"]', "unused"),
        ('/spec/segments/[name="go"]', "unused"),
        ("/spec/segments/0", "unused"),
        ("/spec/segments/1/name", "unused"),
        ("/spec/segment", "unused"),
    ],
)
@pytest.mark.parametrize("form", ["metadata", "configuration"])
def test_a_pointer_says_which_part_is_meant(tmp_path: Path, pointer: str, state: str, form: str) -> None:
    item = f"{ITEM}, pointer: '{pointer}'"
    uses = ["- {name: vip, role: audience}", "- {name: gone, role: branch}"]
    files = {"a.yaml": journey(*uses, metadata=listed(item) if form == "metadata" else ""), "b.yaml": segment("vip")}
    files["journeylint.yaml"] = configured(item) if form == "configuration" else ""

    assert states(judge(tmp_path, files)) == [state]


def test_a_pointer_that_is_none_is_told(tmp_path: Path) -> None:
    report = judge(tmp_path, {"a.yaml": journey(metadata=listed(f"{ITEM}, pointer: spec"))})

    assert states(report) == ["invalid"]
    assert report.suppressions[0].problems == ("a JSON pointer begins with '/', not as 'spec' - write '/spec'",)


def test_an_item_that_is_named_by_its_key_is_found_wherever_it_stands(tmp_path: Path) -> None:
    uses = ["- {name: gone, role: branch}", "- {name: gone, role: audience}", "- {name: vip, role: audience}"]
    item = f"""{ITEM}, pointer: '/spec/segments/[name="gone",role="branch"]'"""
    for order in ([0, 1, 2], [2, 0, 1], [1, 2, 0]):
        ordered = [uses[index] for index in order]
        report = judge(tmp_path, {"a.yaml": journey(*ordered, metadata=listed(item)), "b.yaml": segment("vip")})
        assert states(report) == ["used"]
        assert [finding.location.pointer for finding in report.suppressed] == [f"/spec/segments/{order.index(0)}"]


def test_a_segment_has_suppressions_as_a_journey_has(tmp_path: Path) -> None:
    text = segment("copy", "source: realtime, copyOf: gone").replace(
        "{name: copy}", "{name: copy, suppressions: [{policy: REF002, reason: why, pointer: /spec/copyOf}]}"
    )
    assert states(judge(tmp_path, {"a.yaml": text})) == ["used"]


def test_a_suppression_in_metadata_is_for_its_own_manifest_alone(tmp_path: Path) -> None:
    files = {"a.yaml": f"{journey(metadata=listed(ITEM))}---\n{journey(name='other')}"}

    assert [finding.manifest.name for finding in judge(tmp_path, files).findings] == ["other"]


@pytest.mark.parametrize(
    ("item", "told"),
    [
        ("policy: REF001", "it has no reason: say why this is accepted"),
        ("policy: REF001, reason: null", "it has no reason: say why this is accepted"),
        ("policy: REF001, reason: '  '", "it has no reason: say why this is accepted"),
        (f"{ITEM}, until: 2027-02-30", "'2027-02-30' is no date: "),
        (f"{ITEM}, until: 20270131", "'20270131' is no date: "),
        (f"{ITEM}, until: true", "'true' is no date: "),
    ],
)
def test_what_is_missing_or_wrong_in_metadata_is_told_as_of_a_comment(tmp_path: Path, item: str, told: str) -> None:
    report = judge(tmp_path, {"a.yaml": journey(metadata=listed(item))})

    assert found(report).count("REF001") == 1
    assert report.suppressions[0].problems[0].startswith(told)


def test_a_number_is_a_reason(tmp_path: Path) -> None:
    assert states(judge(tmp_path, {"a.yaml": journey(metadata=listed("policy: REF001, reason: 1042"))})) == ["used"]


@pytest.mark.parametrize(
    "item", ["reason: why", "policy: {a: 1}", "policy: [], reason: why", f"{ITEM}, untli: 2027-01-01"]
)
def test_what_is_no_suppression_at_all_is_a_failure(tmp_path: Path, item: str) -> None:
    report = judge(tmp_path, {"a.yaml": journey(metadata=listed(item))})

    assert [failure.code.value for failure in report.failures] == ["JL002"]


# -- the configuration


@pytest.mark.parametrize(
    ("files", "accepted"),
    [
        ("old/", ["old/a.yaml"]),
        ('"old/*.yaml"', ["old/a.yaml"]),
        ("a.yaml", ["new/a.yaml", "old/a.yaml"]),
        ('["*.yaml", "!old/"]', ["new/a.yaml"]),
        ("nowhere/", []),
    ],
)
def test_patterns_say_which_files_are_meant(tmp_path: Path, files: str, accepted: list[str]) -> None:
    write(tmp_path, {"old/a.yaml": journey(name="a"), "new/a.yaml": journey(name="b")})
    report = judge(tmp_path, {"journeylint.yaml": configured(f"{ITEM}, files: {files}")})

    assert [finding.location.path for finding in report.suppressed] == accepted


def test_patterns_are_from_the_folder_of_their_configuration(tmp_path: Path) -> None:
    write(
        tmp_path, {"team/journeys/a.yaml": journey(), "team/journeylint.yaml": configured(f"{ITEM}, files: /journeys/")}
    )

    assert states(judge(tmp_path, {}, "team")) == ["used"]
    assert states(judge(tmp_path / "team/journeys", {})) == ["used"]


def test_suppressions_of_what_is_extended_are_added_and_rules_replaced(tmp_path: Path) -> None:
    rules = "suppression-rules: {reason-length: 99, ticket-pattern: CRM}\n"
    files = {
        "a.yaml": journey(),
        "base/base.yaml": configured("policy: REF001, reason: CRM-1, files: /a.yaml", rules=rules),
        "journeylint.yaml": "extends: base/base.yaml\nsuppression-rules: {reason-length: 3}\n"
        + configured("policy: REF002, reason: why"),
    }
    report = judge(tmp_path, files)

    assert [(one.location.path, one.state.value) for one in report.suppressions] == [
        ("base/base.yaml", "unused"),
        ("journeylint.yaml", "invalid"),
    ]
    assert report.suppressions[1].problems == ("its reason names no ticket: expected something that matches 'CRM'",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "suppression-rules: {ticket-pattern: '['}\n",
            "journeylint.yaml:1:37: ticket-pattern '[' is no regular expression: ",
        ),
        ("suppression-rules: {longest-term: soon}\n", "journeylint.yaml:1:35: longest-term: 'soon' is not a duration"),
        ("suppression-rules: {reason-length: 0}\n", "journeylint.yaml:1:36: "),
        ("suppression-rules: {reason-lenght: 9}\n", "journeylint.yaml:1:36: 'reason-lenght' is not a known property"),
        ("suppressions: [{reason: why}]\n", "journeylint.yaml:1:16: "),
        ("overrides: [{files: [a], suppressions: []}]\n", "journeylint.yaml:1:40: 'suppressions' cannot be overridden"),
    ],
)
def test_a_mistake_in_the_configuration_ends_the_run(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        judge(tmp_path, {"a.yaml": journey(), "journeylint.yaml": text})

    assert str(caught.value.messages[0]).startswith(told)


def test_rules_hold_for_every_form_alike(tmp_path: Path) -> None:
    for files in FORMS.values():
        config = files.get("journeylint.yaml", "")
        rules = "suppression-rules: {longest-term: 10d}\n"
        changed = {**files, "journeylint.yaml": config + rules}
        if "pyproject.toml" not in files:
            assert states(judge(tmp_path, changed)) == ["invalid"]
            (tmp_path / "journeylint.yaml").unlink()


# -- what a run makes itself


def test_a_file_cannot_hold_a_suppression_as_a_manifest(tmp_path: Path) -> None:
    spec = "{form: comment, policy: REF001, state: expired}"
    text = f'apiVersion: journeylint/v1\nkind: Suppression\nmetadata: {{name: "0"}}\nspec: {spec}\n'
    report = judge(tmp_path, {"a.yaml": text})

    assert [failure.code.value for failure in report.failures] == ["JL002"]
    assert "kind" in report.failures[0].message
    assert "Suppression" not in report.failures[0].message.partition("expected")[2]


def test_an_organisation_can_judge_suppressions(tmp_path: Path) -> None:
    policy = make_policy(
        kind="Suppression",
        suppressible=False,
        when_="suppression.spec.state == 'used'",
        require="has(suppression.spec.owner)",
        message="Nobody answers for ${suppression.spec.policy}.",
    )
    host = host_over(write_pack(tmp_path / "policies", policy, make_policy(2)))
    above = "# journeylint: ignore[TST002] {} -- why\n"
    write(
        tmp_path,
        {
            "journeys/a.yaml": above.format("") + journey(),
            "journeys/b.yaml": above.format("by crm") + journey(name="b"),
        },
    )

    report = check(CheckRequest(("journeys",), tmp_path, as_of=AS_OF), host)

    assert [(finding.location.path, finding.message) for finding in report.findings] == [
        ("journeys/a.yaml", "Nobody answers for TST002.")
    ]


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({}, "findings about a Suppression cannot be suppressed: add 'suppressible: false'"),
        ({"suppressible": True}, "findings about a Suppression cannot be suppressed: add 'suppressible: false'"),
        (
            {"suppressible": False, "require": "lookup('Journey', 'a') == null"},
            "there is nothing to look up for a policy",
        ),
        (
            {"suppressible": False, "require": "size(usersOf('Segment', 'a')) == 0"},
            "there is nothing to look up for a policy",
        ),
    ],
)
def test_what_a_policy_about_suppressions_cannot_do_is_told_at_load(
    tmp_path: Path, members: Mapping[str, Any], told: str
) -> None:
    host = host_over(write_pack(tmp_path / "policies", make_policy(kind="Suppression", **members)))
    with pytest.raises(JourneylintError) as caught:
        check(CheckRequest((), tmp_path, as_of=AS_OF), host)

    assert told in str(caught.value)


def test_other_policies_cannot_look_suppressions_up(tmp_path: Path) -> None:
    host = host_over(write_pack(tmp_path / "policies", make_policy(require="lookup('Suppression', '0') == null")))
    with pytest.raises(JourneylintError, match="there is no kind 'Suppression'"):
        check(CheckRequest((), tmp_path, as_of=AS_OF), host)


@pytest.mark.parametrize(
    "arguments",
    [["new", "policy", "acme/one", "--kind", "Suppression"], ["explain", "Suppression/0"]],
)
def test_commands_about_files_do_not_know_the_kind(tmp_path: Path, arguments: list[str]) -> None:
    status, out, err = run_in(tmp_path, arguments)

    assert (status, out) == (2, "")
    assert err.startswith("error: ")


def test_every_state_can_come_about() -> None:
    """Those that the tests above bring about, in words: a new one needs tests of its own."""
    assert {state.value for state in SuppressionState} == {"used", "unused", "expired", "invalid", "unchecked"}


def test_the_last_day_that_there_is_can_be_an_end(tmp_path: Path) -> None:
    report = judge(tmp_path, {"a.yaml": journey(metadata=listed(f"{ITEM}, until: 9999-12-31"))})
    assert (report.failures, report.findings, report.summary.suppressed) == ((), (), 1)


@pytest.mark.parametrize("reason", ["", "...", "\u200b", "--", "\u2014 !"])
def test_a_reason_says_something(tmp_path: Path, reason: str) -> None:
    item = f'policy: REF001, reason: "{reason}"'
    assert states(judge(tmp_path, {"a.yaml": journey(metadata=listed(item))})) == ["invalid"]


def test_an_item_is_named_to_the_end(tmp_path: Path) -> None:
    for name, state in (('[name="gone"]', "used"), ('[name="gone"', "unused")):
        item = f"{ITEM}, pointer: '/spec/segments/{name}'"
        assert states(judge(tmp_path, {"a.yaml": journey(metadata=listed(item))})) == [state]
