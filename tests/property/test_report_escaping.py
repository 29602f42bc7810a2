"""Any text in any field of a report comes out of the reports for CI systems as that text, and as nothing else."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

from journeylint.builtins.report_gitlab import GitlabReporter
from journeylint.builtins.report_junit import JunitReporter
from journeylint.builtins.report_markdown import MarkdownReporter
from journeylint.model import (
    Failure,
    FailureCode,
    Finding,
    Identity,
    JudgedFile,
    Location,
    PolicyPage,
    PolicyTally,
    Related,
    Report,
    Repository,
    Severity,
    Span,
    Summary,
)
from journeylint.one_line import put_on_one_line
from journeylint.terminal import make_visible
from journeylint.xml_text import show_in_xml
from tests.golden.samples import AS_OF
from tests.markdown_page import Page

if TYPE_CHECKING:
    from journeylint.ports import Reporter

SCHEMA = json.loads((Path(__file__).parents[1] / "data/gitlab-code-quality.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
FRAGMENTS = (
    *(
        "<b>",
        "</failure>",
        "]]>",
        "<![CDATA[",
        "&amp;",
        "&#64;",
        "<!--",
        "-->",
        '"',
        "'",
        "\\",
        "\\|",
        "|",
        "\n",
        "\r\n",
    ),
    *(
        "`",
        "``",
        "*",
        "**",
        "_",
        "~~",
        "~~a~~",
        "~a~",
        "`a`",
        "*a*",
        "_a_",
        "[a](b)",
        "![a](b)",
        "[^1]",
        "<http://a.example>",
        "https://a.example",
        "www.a",
    ),
    *(
        "@team",
        "a@b.example",
        "#1",
        "GH-1",
        ":x:",
        "::",
        "$",
        "$$",
        "\n# ",
        "\n- ",
        "\n\n| a | b |\n|---|---|\n",
        "    ",
    ),
    *(
        "\x00",
        "\x1b[31m",
        "\u202e",
        "\u2028",
        "\u200b",
        "\ufeff",
        "\ufffe",
        "\uffff",
        "\ud800",
        "\udc80",
        "é",
        "漢",
        "👩",
    ),
    *("[[ATTACHMENT|a]]", "##[error]", "##vso[task.x]y", "</details>", "---", "===", "1. ", "\t"),
)
TEXT = st.one_of(
    st.text(st.characters(), max_size=30),
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(st.characters(), max_size=3)), max_size=8).map("".join),
)
# What sites make more of when Markdown is done; they leave code alone.
READ_INTO = re.compile(r"@\w|[#!%]\d|\bGH-\d|\w+://|www\.|:(?!\d\d:)[\w+-]+:|\$.", re.IGNORECASE)
IN_LINE = {"code", "span"}
QUICK = settings(deadline=None, max_examples=150)


class Texts(NamedTuple):
    """What a report is filled with."""

    message: str
    name: str
    kind: str
    environment: str
    path: str
    remediation: str
    related: str


HARMLESS = Texts("message", "name", "Kind", "environment", "path", "remediation", "related")
HOSTILE = st.builds(Texts, *[TEXT] * len(Texts._fields))


def report_of(texts: Texts, *, counts: bool = True) -> Report:
    """A report with a finding that holds all *texts* and a failure."""
    identity = Identity(texts.environment, texts.kind, texts.name)
    location = Location(texts.path, 1, f"/{texts.name}", Span(3, 5, 4, 1))
    related = (Related(texts.related, location),)
    title = "bad-pattern"
    return Report(
        "0.1.0",
        AS_OF,
        Summary(1, 1, 0, 1, 0, 0, 1),
        (Finding("A1", title, Severity.ERROR, texts.message, identity, location, related, counts),),
        (Failure(FailureCode.PREDICATE_ERROR, texts.message, location, identity),),
        (PolicyTally("A1", title, "Kind", failed=1), PolicyTally("A2", title, "Kind", passed=1)),
        {"Kind": 1},
        {"A1": PolicyPage("A1", title, "pack", title, Severity.ERROR, "", texts.remediation)},
        (JudgedFile(texts.path, ("A1", "A2")),),
        Repository("crm/"),
    )


def written(create: Callable[[], Reporter], report: Report) -> bytes:
    """What a file gets that the command line writes."""
    stream = io.StringIO()
    create().write(report, stream, color=False)
    return stream.getvalue().encode("utf-8", errors="backslashreplace")


@QUICK
@given(HOSTILE)
def test_any_text_survives_in_the_report_for_gitlab(texts: Texts) -> None:
    value = json.loads(written(GitlabReporter, report_of(texts)))
    VALIDATOR.validate(value)
    shown = put_on_one_line(texts.message)
    assert [entry["description"] for entry in value] == [f"JL003 predicate-error: {shown}", f"A1 bad-pattern: {shown}"]
    assert len({entry["fingerprint"] for entry in value}) == len(value)
    for entry in value:
        path = entry["location"]["path"]
        path.encode()
        if {"", ".", ".."}.isdisjoint(texts.path.split("/")):
            assert path == re.sub("[\ud800-\udfff]", lambda half: f"<U+{ord(half[0]):04X}>", f"crm/{texts.path}")


@QUICK
@given(HOSTILE, st.booleans())
def test_any_text_survives_in_junit_xml(texts: Texts, counts: bool) -> None:
    root = ET.fromstring(written(JunitReporter, report_of(texts, counts=counts)))
    path, message = show_in_xml(texts.path), show_in_xml(put_on_one_line(texts.message))
    (suite,) = root
    error, found, passed = suite
    assert suite.attrib["name"] == path
    for case, title in ((error, "JL003 predicate-error"), (found, "A1 bad-pattern"), (passed, "A2 bad-pattern")):
        assert (case.attrib["classname"], case.attrib["file"], case.attrib["name"]) == (path, path, title)
    assert [[child.tag for child in case] for case in suite] == [["error"], ["failure" if counts else "system-out"], []]
    assert [error[0].text, *(found[0].text or "").split("\n")[:1]] == [
        f"{path}:3:5: error JL003 predicate-error: {message}",
        f"{path}:3:5: error A1 bad-pattern: {message}",
    ]
    assert error[0].attrib["message"] == message
    if counts:
        assert found[0].attrib["message"] == message
        advice = show_in_xml(put_on_one_line(texts.remediation))
        assert (found[0].text or "").split("\n")[1:] == ([f"help: {advice}"] if texts.remediation.strip() else [])


def cut(text: str, most: int) -> str:
    """The line that a cell has of *text*."""
    line = put_on_one_line(text)
    return line if len(line) <= most else line[: most - 1] + "…"


def squeeze(text: str) -> str:
    """*text* as a page shows it: runs of blanks are one."""
    return " ".join(text.split())


@QUICK
@given(HOSTILE)
def test_any_text_survives_in_markdown(texts: Texts) -> None:
    page = Page(written(MarkdownReporter, report_of(texts._replace(remediation=HARMLESS.remediation))).decode())
    plain = Page(written(MarkdownReporter, report_of(HARMLESS)).decode())
    message, related = cut(texts.message, 500), cut(texts.related, 80)
    manifest = f"{cut(texts.kind, 60)} {cut(texts.name, 60)} of {cut(texts.environment, 60)}"
    place = make_visible(f"{texts.path}:3")
    if len(place) > 160:
        place = "…" + place[-159:]
    failures, findings = page.tables
    for row, title in ((failures[1], "⛔ JL003\npredicate-error"), (findings[1], "❌ error A1\nbad-pattern")):
        assert row[0] == title
        assert [squeeze(line) for line in row[1].split("\n")] == [squeeze(place), squeeze(manifest)]
    assert squeeze(failures[1][2]) == squeeze(message)
    assert squeeze(findings[1][2]) == squeeze(f"{message} See {place}: {related}")
    assert skeleton(page) == skeleton(plain)
    assert not [found for prose in page.prose if (found := READ_INTO.search(prose))]


def skeleton(page: Page) -> list[str]:
    """The elements of *page*, but for those that show a text within a line."""
    return [tag for tag in page.tags if tag not in IN_LINE]


@QUICK
@given(TEXT)
def test_any_advice_survives_in_markdown(remediation: str) -> None:
    page = Page(written(MarkdownReporter, report_of(HARMLESS._replace(remediation=remediation))).decode())
    plain = Page(written(MarkdownReporter, report_of(HARMLESS)).decode())
    without_breaks = [tag for tag in skeleton(page) if tag != "br"]
    if not remediation.strip():
        assert len(page.items) == 1
        return
    assert without_breaks == [tag for tag in skeleton(plain) if tag != "br"]
    shown = " ".join(put_on_one_line(line) for line in remediation.strip().split("\n"))
    assert squeeze(page.items[1]) == squeeze(f"A1 bad-pattern: {shown}")
    assert not [found for prose in page.prose if (found := READ_INTO.search(prose))]
