"""The SARIF reporter: rules and their help, results, places, fingerprints, notifications, and the limits of GitHub."""

from __future__ import annotations

import gzip
import io
import json
import random
from typing import Any

import pytest
from markdown_it import MarkdownIt

from journeylint.builtins.report_sarif import SarifReporter
from journeylint.builtins.sarif.limits import compressed_size, keep_fitting, keep_worst
from journeylint.builtins.sarif.places import relative_address
from journeylint.builtins.sarif.rules import describe_policy, message_template, pascal_case
from journeylint.builtins.sarif.texts import cut, end_sentence, unlink
from journeylint.markdown_prose import escape_prose, fence_code, link, web_address
from journeylint.model import (
    Detail,
    Failure,
    FailureCode,
    Finding,
    Identity,
    PolicyPage,
    Related,
    Report,
    Repository,
    Severity,
)
from tests.golden.samples import INVALID, OVERSIZED, UNREADABLE, clean_report, empty_report, full_report, place
from tests.sarif_reports import REPOSITORY, many_findings, policy_page, with_details


def run_of(report: Report) -> dict[str, Any]:
    """The one run of the log of *report*."""
    stream = io.StringIO()
    SarifReporter().write(report, stream, color=True)
    log = json.loads(stream.getvalue())
    assert list(log) == ["$schema", "version", "runs"]
    (run,) = log["runs"]
    return dict(run)


def report_of(*items: Finding | Failure) -> Report:
    report = with_details(full_report())
    findings = tuple(item for item in items if isinstance(item, Finding))
    return report._replace(findings=findings, failures=tuple(item for item in items if isinstance(item, Failure)))


def result_of(item: Finding | Failure, repository: Repository | None = None) -> dict[str, Any]:
    (result,) = run_of(report_of(item)._replace(repository=repository))["results"]
    return dict(result)


def notifications_of(report: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run_of(report)["invocations"][0]["toolExecutionNotifications"]
    return found


# -- the run


def test_the_log_names_its_schema_and_version() -> None:
    stream = io.StringIO()
    SarifReporter().write(clean_report(), stream, color=False)
    log = json.loads(stream.getvalue())
    assert log["$schema"] == "https://json.schemastore.org/sarif-2.1.0.json"
    assert log["version"] == "2.1.0"
    assert stream.getvalue().endswith("}\n")


def test_the_driver_tells_its_version_and_where_it_comes_from() -> None:
    driver = run_of(clean_report())["tool"]["driver"]
    assert (driver["name"], driver["version"], driver["semanticVersion"]) == ("journeylint", "0.1.0", "0.1.0")
    assert driver["informationUri"] == "https://journeylint.dev/"


@pytest.mark.parametrize(
    ("version", "is_semantic"), [("1.2.3", True), ("1.2.3-rc.1", True), ("1.2.3.dev1", False), ("1.2", False)]
)
def test_only_a_semantic_version_is_called_one(version: str, is_semantic: bool) -> None:
    driver = run_of(clean_report()._replace(tool_version=version))["tool"]["driver"]
    assert driver["version"] == version
    assert ("semanticVersion" in driver) is is_semantic


def test_columns_are_code_points() -> None:
    assert run_of(clean_report())["columnKind"] == "unicodeCodePoints"


def test_the_run_says_what_was_judged_when_and_with_which_verdict() -> None:
    properties = run_of(full_report())["properties"]
    assert properties["asOf"] == "2025-03-10T08:00:00Z"
    assert properties["summary"]["manifests"] == 35
    assert properties["policies"][0] == {
        "policy": "OBS004",
        "matched": 7,
        "passed": 5,
        "failed": 2,
        "notApplicable": 4,
    }


def test_a_run_with_failures_still_came_out() -> None:
    invocation = run_of(full_report())["invocations"][0]
    assert invocation["executionSuccessful"] is True


@pytest.mark.parametrize("branch", ["main", ""])
def test_provenance_is_told_where_it_is_known(branch: str) -> None:
    run = run_of(clean_report()._replace(repository=REPOSITORY._replace(branch=branch)))
    (details,) = run["versionControlProvenance"]
    assert details["repositoryUri"] == "https://example.com/team/journeys"
    assert details["revisionId"] == "0" * 40
    assert details.get("branch", "") == branch
    assert details["mappedTo"]["uriBaseId"] in run["originalUriBaseIds"]


def test_a_repository_without_an_address_of_the_web_is_named_by_its_commit() -> None:
    repository = REPOSITORY._replace(uri="")
    (provenance,) = run_of(clean_report()._replace(repository=repository))["versionControlProvenance"]
    assert provenance["repositoryUri"] == f"urn:git:{repository.revision}"
    assert provenance["revisionId"] == repository.revision


@pytest.mark.parametrize("repository", [None, REPOSITORY._replace(revision="")])
def test_provenance_is_left_out_where_it_is_not_known(repository: Repository | None) -> None:
    assert "versionControlProvenance" not in run_of(clean_report()._replace(repository=repository))


# -- rules


def test_rules_are_the_policies_that_ran_and_the_failure_codes() -> None:
    rules = run_of(full_report())["tool"]["driver"]["rules"]
    ids = [rule["id"] for rule in rules]
    assert ids == ["OBS004", "OBS007", "OBS011", "OBS012", "REF002", "JL001", "JL002", "JL003", "JL004"]


def test_a_finding_of_a_policy_without_page_and_tally_has_a_rule() -> None:
    report = clean_report()._replace(findings=(OVERSIZED,))
    run = run_of(report)
    result = run["results"][0]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "OBS004"
    assert "id" not in result["message"]


@pytest.mark.parametrize(
    ("name", "pascal"),
    [
        ("oversized-outbound-segment", "OversizedOutboundSegment"),
        ("a", "A"),
        ("360-view", "Policy360View"),
        ("", "Policy"),
        ("x" * 300, "X" + "x" * 254),
    ],
)
def test_a_rules_name_is_pascal_case(name: str, pascal: str) -> None:
    assert pascal_case(name) == pascal


@pytest.mark.parametrize(
    ("texts", "template"),
    [
        (("Segment '", "' has ", " members."), "Segment '{0}' has '{1}' members."),
        (("", " is late"), "'{0}' is late."),
        (("{a} ", ""), "{{a}} '{0}'."),
        (("No gap\n  at all ",), "No gap at all."),
        (("'", " and ", "'s size"), "'{0}' and '{1}'s size."),
        (("", "", ""), "'{0}''{1}'."),
    ],
)
def test_a_message_with_gaps_is_a_template_with_quoted_places(texts: tuple[str, ...], template: str) -> None:
    assert message_template(texts) == template


@pytest.mark.parametrize(
    ("severity", "level", "problem"),
    [
        (Severity.ERROR, "error", "error"),
        (Severity.WARNING, "warning", "warning"),
        (Severity.INFO, "note", "recommendation"),
    ],
)
def test_a_rule_tells_its_severity_in_each_words(severity: Severity, level: str, problem: str) -> None:
    rule: dict[str, Any] = describe_policy(policy_page("OBS004", "x", severity))
    assert rule["defaultConfiguration"] == {"level": level}
    assert rule["properties"]["problem.severity"] == problem
    assert rule["properties"]["precision"] == "high"
    assert rule["properties"]["tags"] == ["outbound-segments", "size"]


@pytest.mark.parametrize("tag", ["consent", "privacy"])
@pytest.mark.parametrize(
    ("severity", "score"), [(Severity.ERROR, "8.0"), (Severity.WARNING, "5.0"), (Severity.INFO, "3.0")]
)
def test_policies_on_consent_and_privacy_have_a_security_severity(tag: str, severity: Severity, score: str) -> None:
    page = policy_page("OBS004", "x", severity)._replace(tags=("size", tag))
    properties: Any = describe_policy(page)["properties"]
    assert properties["security-severity"] == score
    assert properties["tags"] == ["security", "outbound-segments", "size", tag]


def test_other_policies_have_no_security_severity() -> None:
    properties: Any = describe_policy(policy_page("OBS004", "x", Severity.ERROR))["properties"]
    assert "security-severity" not in properties


def test_a_rule_has_no_more_tags_than_github_keeps() -> None:
    page = policy_page("OBS004", "x", Severity.ERROR)._replace(tags=tuple(f"t{n}" for n in range(30)))
    properties: Any = describe_policy(page)["properties"]
    assert len(properties["tags"]) == 10


@pytest.mark.parametrize(("length", "shown"), [(1023, 1024), (1024, 1024), (5000, 1024)])
def test_a_description_is_no_longer_than_github_takes(length: int, shown: int) -> None:
    rule: Any = describe_policy(policy_page("OBS004", "x" * length, Severity.ERROR))
    assert len(rule["fullDescription"]["text"]) == shown
    assert len(rule["shortDescription"]["text"]) == shown


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://example.com/a?b=c#d", "https://example.com/a?b=c#d"),
        ("https://example.com/a b<c>", "https://example.com/a%20b%3Cc%3E"),
        ("https://example.com/100%", "https://example.com/100%25"),
        ("javascript:alert(1)", ""),
        ("https://", ""),
        ("https://[::1", ""),
        ("https://example.com:port/", ""),
        ("/relative", ""),
        ("", ""),
    ],
)
def test_only_an_address_of_the_web_is_an_address(url: str, address: str) -> None:
    assert web_address(url) == address
    page = policy_page("OBS004", "x", Severity.ERROR)._replace(references=({"title": "x", "url": url},))
    assert describe_policy(page)["helpUri"] == (address or "https://journeylint.dev/")


def test_the_help_has_everything_that_the_policy_says() -> None:
    page = PolicyPage(
        "OBS004",
        "oversized",
        "pack",
        "Too large",
        Severity.ERROR,
        "Because of `x < 1`.",
        "Split it.",
        ({"title": "Guide", "url": "https://example.com/guide", "section": "Size"},),
        failing_example="a: 1\n",
        passing_example="a: 2\n",
    )
    rule: Any = describe_policy(page)
    assert rule["help"]["markdown"] == (
        "# Too large\n\nBecause of `x < 1`.\n\n## What to do\n\nSplit it.\n\n"
        "## Example that fails\n\n```yaml\na: 1\n```\n\n## Example that passes\n\n```yaml\na: 2\n```\n\n"
        "## References\n\n- [Guide, Size](<https://example.com/guide>)\n"
    )
    for part in ("Too large.", "Because of", "Split it.", "a: 1", "a: 2", "Guide, Size: https://example.com/guide"):
        assert part in rule["help"]["text"]


HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "[click](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "<https://evil.example>",
    "[x]: https://evil.example\n\n[x]",
    "`a` <b> `c",
    "``<b>`<b>``<b>",
    "\\`<b>\\`",
    "`\n<b>\n`",
    "    code\n\n<div>",
    "# heading\n===\n---\n***",
    "&lt;b&gt; &#60;",
    "1. a\n+ b\n* c\n> d\n| e |\n|---|",
    "~~~\n<b>\n```\n<i>",
    "a\n\n\t<b>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_prose_cannot_bring_html_links_or_headings_into_help(text: str) -> None:
    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(escape_prose(text))
    tags = {part.split(">")[0].split()[0].strip("/") for part in html.split("<")[1:]}
    assert tags <= {"p", "code"}, html


@pytest.mark.parametrize("text", ["Use `has(x) < 1` first.", "``a ` b``", "50 % of 3 * 4_000 - 1 = ~2 & more!"])
def test_prose_reads_as_it_was_written(text: str) -> None:
    html = MarkdownIt("commonmark").render(escape_prose(text))
    plain = html.replace("<code>", "`").replace("</code>", "`").replace("<p>", "").replace("</p>\n", "")
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        plain = plain.replace(entity, character)
    assert plain == text.replace("``", "`")


def test_a_list_of_dashes_stays_a_list() -> None:
    assert "<li>one</li>" in MarkdownIt().render(escape_prose("- one\n- two"))


@pytest.mark.parametrize("code", ["a: 1", "```\n<b>\n```", "a: `````", "~~~", "", "x\r\n```\r"])
def test_no_example_breaks_out_of_its_block(code: str) -> None:
    tokens = MarkdownIt("commonmark").parse(f"{fence_code(code, 'yaml')}\n\nafter")
    assert [token.type for token in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]
    assert tokens[0].content.strip("\n") == code.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def test_a_reference_without_an_address_of_the_web_is_no_link() -> None:
    assert link("a [b](c)", "javascript:alert(1)") == r"a \[b\](c)"
    assert MarkdownIt().render(link("a](b) <c>", "https://example.com/x y)")).count("<a ") == 1


# -- results


def test_a_finding_is_a_result_with_its_rule_level_and_place() -> None:
    result = result_of(OVERSIZED._replace(detail=None))
    assert (result["ruleId"], result["ruleIndex"], result["level"], result["kind"]) == ("OBS004", 0, "error", "fail")
    location = result["locations"][0]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "journeys/spring-sale.yaml", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 14, "startColumn": 7, "endLine": 15, "endColumn": 21},
    }
    assert location["logicalLocations"] == [
        {
            "name": "spring-sale",
            "kind": "resource",
            "fullyQualifiedName": "default/Journey/spring-sale#/spec/segments/1",
        }
    ]


def test_a_result_tells_the_severity_that_configuration_gave_it() -> None:
    run = run_of(report_of(OVERSIZED._replace(severity=Severity.INFO)))
    assert run["results"][0]["level"] == "note"
    assert run["tool"]["driver"]["rules"][0]["defaultConfiguration"]["level"] == "error"


@pytest.mark.parametrize(("arguments", "has_id"), [(("everybody",), True), ((), False), (("everybody", "more"), False)])
def test_a_message_has_arguments_if_they_fill_its_gaps(arguments: tuple[str, ...], has_id: bool) -> None:
    message = result_of(OVERSIZED._replace(related=(), detail=Detail(arguments=arguments)))["message"]
    assert message["text"] == OVERSIZED.message
    assert ("id" in message) is has_id
    if has_id:
        assert (message["id"], message["arguments"]) == ("default", list(arguments))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("It is", "It is."), ("It is.", "It is."), ("Is it?", "Is it?"), ("It is \n", "It is."), ("", "No message.")],
)
def test_a_message_ends_with_a_full_stop(text: str, sentence: str) -> None:
    assert end_sentence(text) == sentence
    assert result_of(OVERSIZED._replace(message=text, related=()))["message"]["text"] == sentence


def test_a_message_cannot_hold_a_link() -> None:
    text = "Segment '[click](https://evil.example)' is bad."
    message = result_of(OVERSIZED._replace(message=text, related=(), detail=Detail(arguments=("[a](b)",))))["message"]
    assert message["text"] == "Segment '[click] (https://evil.example)' is bad."
    assert message["arguments"] == ["[a] (b)"]
    assert unlink("a [b] (c) ](") == "a [b] (c) ] ("


def test_a_very_long_message_is_cut() -> None:
    text = result_of(OVERSIZED._replace(message="x" * 1_000_000, related=()))["message"]["text"]
    assert len(text) == 20_000
    assert text.endswith("…")


@pytest.mark.parametrize(
    ("text", "most", "left"), [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("a bc", 3, "a…"), ("", 3, "")]
)
def test_what_is_cut_ends_with_an_ellipsis(text: str, most: int, left: str) -> None:
    assert cut(text, most) == left


def test_related_places_have_numbers_that_the_message_links_to() -> None:
    related = tuple(Related(told, place("b.yaml", "", (1, 1, 1, 2))) for told in ("its size", "a ] b.", ""))
    result = result_of(OVERSIZED._replace(related=related))
    assert result["message"]["text"].endswith(r" See [its size](1), [a \] b](2), [this place](3).")
    assert [one["id"] for one in result["relatedLocations"]] == [1, 2, 3]
    assert result["relatedLocations"][0]["message"]["text"] == "its size."
    assert result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "b.yaml"


@pytest.mark.parametrize(("count", "told"), [(999, 999), (1000, 999), (5000, 999)])
def test_a_result_has_no_more_places_than_github_takes(count: int, told: int) -> None:
    related = (Related("x", place("b.yaml", "", (1, 1, 1, 2))),) * count
    result = result_of(OVERSIZED._replace(related=related))
    assert len(result["relatedLocations"]) == told
    assert result["message"]["text"].count("](") == 10


@pytest.mark.parametrize(
    ("span", "lines", "text", "around"),
    [
        ((3, 3, 3, 6), ("  abc # d",), "abc", "  abc # d"),
        ((3, 3, 4, 4), ("- abc", "  d ef"), "abc\n  d", "- abc\n  d ef"),
        ((3, 3, 9, 4), ("- abc", "  d", "  e"), "abc\n  d\n  e\n...", "- abc\n  d\n  e\n..."),
        ((3, 1, 3, 1), ("",), "", ""),
        ((3, 9, 3, 600), ("x" * 900,), "x" * 499 + "…", "x" * 499 + "…"),
    ],
)
def test_a_place_has_its_text_and_the_lines_around(
    span: tuple[int, int, int, int], lines: tuple[str, ...], text: str, around: str
) -> None:
    finding = OVERSIZED._replace(location=place("a.yaml", "", span), detail=Detail(3, lines))
    physical = result_of(finding)["locations"][0]["physicalLocation"]
    assert physical["region"]["snippet"]["text"] == text
    context = {"startLine": 3, "endLine": span[2], "snippet": {"text": around}}
    assert physical["contextRegion"] == context


def test_lines_above_a_place_are_in_its_context_only() -> None:
    finding = OVERSIZED._replace(location=place("a.yaml", "", (3, 5, 3, 6)), detail=Detail(2, ("segments:", "  - a")))
    physical = result_of(finding)["locations"][0]["physicalLocation"]
    assert physical["region"]["snippet"]["text"] == "a"
    assert physical["contextRegion"]["startLine"] == 2


@pytest.mark.parametrize("detail", [None, Detail(), Detail(9, ("a",))])
def test_a_place_whose_lines_are_not_known_has_none(detail: Detail | None) -> None:
    physical = result_of(OVERSIZED._replace(detail=detail))["locations"][0]["physicalLocation"]
    assert "contextRegion" not in physical
    assert "snippet" not in physical["region"]


@pytest.mark.parametrize(
    ("prefix", "path", "address"),
    [
        ("", "journeys/a.yaml", "journeys/a.yaml"),
        ("project/", "journeys/a.yaml", "project/journeys/a.yaml"),
        ("project/", "../other/a.yaml", "other/a.yaml"),
        ("", "../other/a.yaml", "../other/a.yaml"),
        ("a/b/", "../../../x.yaml", "../x.yaml"),
        ("", "a b/100%.yaml", "a%20b/100%25.yaml"),
        ("", "a:b#c?d.yaml", "a%3Ab%23c%3Fd.yaml"),
        ("", "\u00fc\U0001f600.yaml", "%C3%BC%F0%9F%98%80.yaml"),
        ("", "a\\b.yaml", "a%5Cb.yaml"),
        ("", "caf\udce9.yaml", "caf%E9.yaml"),
        ("", "half\ud800.yaml", "half%ED%A0%80.yaml"),
        ("", "<stdin>", "%3Cstdin%3E"),
        ("p/", "C:/Users/somebody/a.yaml", "%3Coutside%3E/a.yaml"),
        ("p/", "/home/somebody/a.yaml", "%3Coutside%3E/a.yaml"),
        ("p/", "//server/share/a.yaml", "%3Coutside%3E/a.yaml"),
    ],
)
def test_an_address_is_relative_to_the_repository_and_encoded(prefix: str, path: str, address: str) -> None:
    assert relative_address(prefix, path) == address
    finding = OVERSIZED._replace(location=OVERSIZED.location._replace(path=path))
    location = result_of(finding, Repository(prefix))["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": address, "uriBaseId": "SRCROOT"}


# -- fingerprints


def fingerprint(finding: Finding) -> str:
    return str(result_of(finding)["partialFingerprints"]["journeylint/v1"])


def test_githubs_fingerprint_is_there_where_the_line_is_known() -> None:
    prints = result_of(OVERSIZED._replace(detail=Detail(line_hash="39fa2ee980eb94b0:1")))["partialFingerprints"]
    assert prints["primaryLocationLineHash"] == "39fa2ee980eb94b0:1"
    assert list(result_of(OVERSIZED._replace(detail=None))["partialFingerprints"]) == ["journeylint/v1"]


def test_a_fingerprint_stays_when_only_the_text_around_changes() -> None:
    named = OVERSIZED._replace(detail=Detail(stable_pointer='/spec/segments/[name="a"]'))
    moved = named._replace(
        location=place("moved.yaml", "/spec/segments/7", (99, 1, 99, 2)), message="Otherwise.", severity=Severity.INFO
    )
    assert fingerprint(named) == fingerprint(moved)
    assert len(fingerprint(named)) == 32


@pytest.mark.parametrize(
    "other",
    [
        OVERSIZED._replace(policy="OBS007"),
        OVERSIZED._replace(manifest=OVERSIZED.manifest._replace(environment="other")),
        OVERSIZED._replace(manifest=OVERSIZED.manifest._replace(kind="Other")),
        OVERSIZED._replace(manifest=OVERSIZED.manifest._replace(name="other")),
        OVERSIZED._replace(detail=Detail(stable_pointer="/other")),
        OVERSIZED._replace(detail=None, location=OVERSIZED.location._replace(pointer="/other")),
    ],
)
def test_a_fingerprint_differs_when_the_finding_is_another(other: Finding) -> None:
    assert fingerprint(other) != fingerprint(OVERSIZED)


def test_parts_of_a_fingerprint_do_not_run_into_each_other() -> None:
    one = OVERSIZED._replace(manifest=Identity("ab", "c", "d"))
    other = OVERSIZED._replace(manifest=Identity("a", "bc", "d"))
    assert fingerprint(one) != fingerprint(other)


def test_findings_with_the_same_fingerprint_are_numbered() -> None:
    results = run_of(report_of(OVERSIZED, OVERSIZED, OVERSIZED))["results"]
    first, second, third = (result["partialFingerprints"]["journeylint/v1"] for result in results)
    assert (second, third) == (f"{first}:2", f"{first}:3")


# -- failures and notifications


@pytest.mark.parametrize("code", FailureCode)
def test_a_failure_is_a_result_and_a_notification(code: FailureCode) -> None:
    run = run_of(report_of(INVALID._replace(code=code)))
    (result,) = run["results"]
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    driver = run["tool"]["driver"]
    assert (result["ruleId"], result["level"], result["kind"]) == (code.value, "error", "fail")
    assert driver["rules"][result["ruleIndex"]]["id"] == code.value
    assert driver["notifications"][notification["descriptor"]["index"]]["id"] == code.value
    assert driver["rules"][notification["associatedRule"]["index"]]["id"] == code.value
    assert notification["level"] == "error"
    assert notification["message"]["text"] == result["message"]["text"]
    assert notification["locations"][0]["physicalLocation"]["region"]["startLine"] == 6


def test_a_failure_of_an_unknown_manifest_has_no_logical_place() -> None:
    assert "logicalLocations" not in result_of(UNREADABLE)["locations"][0]
    assert "logicalLocations" in result_of(INVALID)["locations"][0]


def test_failures_come_first() -> None:
    ids = [result["ruleId"] for result in run_of(full_report())["results"]]
    assert ids == ["JL001", "JL002", "OBS007", "OBS012", "OBS004", "OBS004"]


def test_a_clean_run_has_nothing_to_notify() -> None:
    assert notifications_of(clean_report()) == []


def test_a_run_that_found_nothing_is_told_from_a_clean_one() -> None:
    (notification,) = notifications_of(empty_report(files=2, skipped=3))
    assert notification["descriptor"]["id"] == "JLN001"
    assert notification["level"] == "warning"
    assert "2 files read" in notification["message"]["text"]
    assert "3 documents" in notification["message"]["text"]


def test_a_report_on_some_files_says_so() -> None:
    report = clean_report()
    (notification,) = notifications_of(report._replace(summary=report.summary._replace(elsewhere=7)))
    assert (notification["descriptor"]["id"], notification["level"]) == ("JLN003", "note")
    assert "7 findings" in notification["message"]["text"]


def test_every_descriptor_stands_where_its_index_says() -> None:
    summary = empty_report().summary._replace(elsewhere=1)
    run = run_of(many_findings(25_001)._replace(summary=summary))
    descriptors = run["tool"]["driver"]["notifications"]
    notifications = run["invocations"][0]["toolExecutionNotifications"]
    assert [one["descriptor"]["id"] for one in notifications] == ["JLN001", "JLN002", "JLN003"]
    for one in notifications:
        assert descriptors[one["descriptor"]["index"]]["id"] == one["descriptor"]["id"]
        assert descriptors[one["descriptor"]["index"]]["defaultConfiguration"]["level"] == one["level"]


# -- limits


def test_as_many_results_as_github_takes_are_all_there() -> None:
    run = run_of(many_findings(24_998, failures=(INVALID, UNREADABLE)))
    assert len(run["results"]) == 25_000
    assert len(run["invocations"][0]["toolExecutionNotifications"]) == 2


def test_of_more_results_the_worst_stay_in_order_and_the_log_says_so() -> None:
    run = run_of(many_findings(25_000, failures=(INVALID, UNREADABLE)))
    results = run["results"]
    assert len(results) == 25_000
    levels = [result["level"] for result in results]
    assert (levels.count("error"), levels.count("warning"), levels.count("note")) == (8336, 8333, 8331)
    lines = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results[2:]]
    assert lines == sorted(lines, key=lambda uri: int(uri.removeprefix("journeys/").removesuffix(".yaml")))
    told = run["invocations"][0]["toolExecutionNotifications"][0]
    assert told["level"] == "warning"
    assert told["message"]["text"].startswith("2 of 25,002 results left out, the least severe ones (2 infos)")
    assert "--focus FOLDER" in told["message"]["text"]


def test_a_log_that_would_be_too_large_loses_its_least_severe_results() -> None:
    noise = random.Random(1)
    report = many_findings(1000)
    findings = tuple(
        finding._replace(message=noise.randbytes(9990).hex(), detail=None, related=()) for finding in report.findings
    )
    stream = io.StringIO()
    SarifReporter().write(report._replace(findings=findings), stream, color=False)
    content = stream.getvalue().encode()
    run = json.loads(content)["runs"][0]
    levels = [result["level"] for result in run["results"]]
    assert 9_500_000 < len(gzip.compress(content, 6)) <= 10_000_000
    assert (levels.count("error"), levels.count("warning")) == (334, 333)
    assert 0 < levels.count("note") < 333
    told = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert told.startswith(f"{333 - levels.count('note')} of 1,000 results left out")


@pytest.mark.parametrize(
    ("ranks", "most", "kept"),
    [
        ([2, 1, 0], 3, [0, 1, 2]),
        ([2, 1, 0], 2, [1, 2]),
        ([1, 1, 1], 2, [0, 1]),
        ([2, 2, 1, 2], 2, [0, 2]),
        ([1, 0], 0, []),
        ([], 5, []),
    ],
)
def test_the_worst_stay_and_of_these_the_first(ranks: list[int], most: int, kept: list[int]) -> None:
    assert keep_worst(ranks, most) == kept


@pytest.mark.parametrize(
    ("most", "kept"), [(1000, [0, 1, 2, 3]), (60, [0, 1, 2, 3]), (59, [0, 1, 3]), (30, [1]), (11, []), (5, [])]
)
def test_as_many_stay_as_fit(most: int, kept: list[int]) -> None:
    sizes = [10, 15, 15, 10]
    indexes = keep_fitting([2, 1, 3, 2], sizes, lambda kept: 10 + sum(sizes[index] for index in kept), most)
    assert indexes == kept


@pytest.mark.parametrize("share", [0.01, 0.9, 0.99, 1.0, 1.01, 1.1, 1.2, 1.5, 2.0, 3.0, 6.0])
def test_a_size_tells_rightly_whether_a_log_fits(share: float) -> None:
    noise = random.Random(2)
    texts = [noise.choice("abcdefgh") * 5 + f"{noise.getrandbits(64)}\u00e4" for _ in range(6000)]
    exact = len(gzip.compress("".join(texts).encode(), 6))
    most = int(exact * share)
    size = compressed_size(texts, most)
    assert (size <= most) == (exact <= most)
    assert size >= exact * 0.99


def test_a_policy_without_a_message_of_its_own_has_no_template() -> None:
    report = full_report()._replace(findings=(OVERSIZED,), failures=())
    run = run_of(report)
    assert "messageStrings" not in run["tool"]["driver"]["rules"][0]
    assert "id" not in run["results"][0]["message"]
