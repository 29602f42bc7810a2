"""Whatever text a report holds, its SARIF log is valid JSON in UTF-8 that says it, and has every finding."""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import unquote_to_bytes

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from journeylint.builtins.report_sarif import SarifReporter
from journeylint.builtins.sarif.places import relative_address
from journeylint.markdown_prose import escape_prose, fence_code
from journeylint.model import Detail, Finding, Identity, PolicyPage, PolicyTally, Related, Repository, Severity
from tests.golden.samples import INVALID, full_report, place

NASTY = st.sampled_from(
    [
        "](",
        "{0}",
        "{",
        "'",
        '"',
        "\\",
        "\x00",
        "\x1b[31m",
        "\ud800",
        "\udc00",
        "\u2028",
        "\U0001f600",
        "<b>",
        "`",
        "\r\n",
        ".",
    ]
)
TEXT = st.one_of(
    st.text(st.characters(), max_size=20), st.lists(st.one_of(NASTY, st.text(max_size=3)), max_size=8).map("".join)
)
NAMES = st.from_regex("[a-z0-9][a-z0-9-]{0,20}", fullmatch=True)
COMMONMARK = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@st.composite
def pages(draw: st.DrawFn) -> PolicyPage:
    texts = draw(st.lists(TEXT, min_size=1, max_size=4).filter(lambda texts: texts != [""]))
    return PolicyPage(
        "OBS004",
        draw(NAMES),
        draw(TEXT),
        draw(TEXT),
        draw(st.sampled_from(Severity)),
        draw(TEXT),
        draw(TEXT),
        ({"title": draw(TEXT), "url": draw(TEXT), "section": draw(TEXT)},),
        tuple(draw(st.lists(TEXT, max_size=3))),
        tuple(texts),
        draw(TEXT),
        draw(TEXT),
    )


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    span = draw(st.sampled_from([(1, 1, 1, 1), (2, 3, 2, 9), (2, 3, 5, 1)]))
    return Finding(
        "OBS004",
        draw(TEXT),
        draw(st.sampled_from(Severity)),
        draw(TEXT),
        Identity(draw(TEXT), draw(TEXT), draw(TEXT)),
        place(draw(TEXT), draw(TEXT), span),
        tuple(Related(draw(TEXT), place(draw(TEXT), "", span)) for _ in range(draw(st.integers(0, 2)))),
        detail=Detail(
            draw(st.integers(0, 3)),
            tuple(draw(st.lists(TEXT, max_size=3))),
            arguments=tuple(draw(st.lists(TEXT, max_size=3))),
            stable_pointer=draw(TEXT),
            line_hash=draw(st.sampled_from(["", "1a:1"])),
        ),
    )


def logged(page: PolicyPage, found: tuple[Finding, ...], repository: Repository) -> dict[str, Any]:
    report = full_report()._replace(
        findings=found,
        failures=tuple(INVALID._replace(message=one.message, location=one.location) for one in found),
        policies=(PolicyTally("OBS004", page.name, "Journey"),),
        pages={"OBS004": page},
        repository=repository,
    )
    stream = io.StringIO()
    SarifReporter().write(report, stream, color=False)
    log = json.loads(stream.getvalue().encode("utf-8"))
    return dict(log["runs"][0])


def shown(text: str) -> str:
    """How a text that nothing follows stands in a message."""
    text = text.replace("](", "] (").rstrip()
    if not text:
        return "No message."
    return text if text[-1] in ".!?\u2026\u3002\uff01\uff1f" else f"{text}."


def as_json(text: str) -> str:
    """*text* as it comes back from JSON: halves of a surrogate pair side by side become one character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


@settings(deadline=None, max_examples=150)
@given(pages(), st.lists(findings(), max_size=3).map(tuple), TEXT)
def test_any_text_survives(page: PolicyPage, found: tuple[Finding, ...], uri: str) -> None:
    run = logged(page, found, Repository("", uri, "revision", uri))
    results = run["results"]
    assert [result["ruleId"] for result in results] == ["JL002"] * len(found) + ["OBS004"] * len(found)
    for finding, failure, result in zip(found, results, results[len(found) :], strict=False):
        text = as_json(shown(finding.message))
        assert result["message"]["text"].startswith(text)
        assert bool(finding.related) == (result["message"]["text"] != text)
        assert failure["message"]["text"] == text
        detail = finding.detail
        assert detail is not None
        if "arguments" in result["message"]:
            assert result["message"]["arguments"] == [as_json(one.replace("](", "] (")) for one in detail.arguments]
        assert ("arguments" in result["message"]) == (len(detail.arguments) == len(page.message) - 1)
        logical = result["locations"][0]["logicalLocations"][0]
        manifest = finding.manifest
        assert logical["name"] == as_json(manifest.name)
        full = f"{manifest.environment}/{manifest.kind}/{manifest.name}#{finding.location.pointer}"
        assert logical["fullyQualifiedName"] == as_json(full)
        assert len(result.get("relatedLocations", ())) == len(finding.related)
    assert as_json(page.failing_example.strip()) in run["tool"]["driver"]["rules"][0]["help"]["text"]


@settings(deadline=None)
@given(pages(), st.lists(TEXT, max_size=3))
def test_a_template_filled_in_says_the_message(page: PolicyPage, arguments: list[str]) -> None:
    run = logged(page, (), Repository(""))
    template: str = run["tool"]["driver"]["rules"][0]["messageStrings"]["default"]["text"]
    gaps = len(page.message) - 1
    given_texts = [f"<{number}>" for number in range(gaps)]
    literals = [as_json(" ".join(text.replace("](", "] (").split())) for text in page.message]
    filled = template.format(*given_texts)
    for number in range(gaps):
        assert f"'<{number}>'" in filled
    for literal in literals:
        assert "".join(literal.split()) in "".join(filled.split())


@settings(deadline=None)
@given(
    st.text(st.characters(exclude_characters="/\\"), min_size=1, max_size=20).filter(
        lambda name: name not in (".", "..")
    )
)
def test_any_name_of_a_file_is_an_address_that_leads_to_it(name: str) -> None:
    address = relative_address("folder/", name)
    assert address.isascii()
    assert not set(address) & set(' "<>\\^`{|}#?:[]')
    if address.startswith("folder/"):
        assert unquote_to_bytes(address) == f"folder/{name}".encode("utf-8", "surrogatepass") or max(name) >= "\udc80"


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.one_of(NASTY, st.sampled_from([*"[]()<>!*_#~|&;:=-+1. \t\n"]), st.text(max_size=3)), max_size=25).map(
        "".join
    )
)
def test_prose_never_becomes_html_or_a_link(text: str) -> None:
    tokens = COMMONMARK.parse(escape_prose(text))
    allowed = {"paragraph", "bullet_list", "list_item", "hr"}
    inline = {"text", "code_inline", "softbreak", "text_special"}
    for token in tokens:
        assert token.type == "inline" or token.type.removesuffix("_open").removesuffix("_close") in allowed, token
        assert {child.type for child in token.children or ()} <= inline


@settings(deadline=None)
@given(TEXT)
def test_code_never_leaves_its_block(code: str) -> None:
    tokens = COMMONMARK.parse(f"{fence_code(code, 'yaml')}\n\nafter")
    assert [token.type for token in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]
