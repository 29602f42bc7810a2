"""The rules of a SARIF log: each policy that ran, then the failure codes, with the help that viewers show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from journeylint.builtins.sarif.texts import cut, end_sentence, join_lines, unlink
from journeylint.failure_pages import FAILURE_PAGES, FailurePage
from journeylint.markdown_prose import escape_prose, fence_code, link, web_address
from journeylint.model import FailureCode, PolicyPage, Severity

if TYPE_CHECKING:
    from journeylint.model import JsonObject, JsonValue, Report

HOME_PAGE = "https://journeylint.dev/"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
FAILURE_LEVEL = LEVELS[Severity.ERROR]

_PROBLEM_SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
_SECURITY_SEVERITIES = {Severity.ERROR: "8.0", Severity.WARNING: "5.0", Severity.INFO: "3.0"}
_SECURITY_TAGS = frozenset({"consent", "privacy"})
_LONGEST_DESCRIPTION = 1024
_LONGEST_NAME = 255
_MOST_TAGS = 10  # GitHub takes 20 and shows as many
_WORD_BREAK = re.compile("[^A-Za-z0-9]+")


def list_pages(report: Report) -> list[PolicyPage]:
    """The pages of the policies that ran, in the report's order; of one without a page, what is known of it."""
    pages = {tally.policy: report.pages.get(tally.policy) for tally in report.policies}
    pages.update((policy, page) for policy, page in report.pages.items() if policy not in pages)
    for tally in report.policies:
        pages[tally.policy] = pages[tally.policy] or _bare_page(tally.policy, tally.name, Severity.ERROR)
    for finding in (*report.findings, *report.suppressed):
        if finding.policy not in pages:
            pages[finding.policy] = _bare_page(finding.policy, finding.name, finding.severity)
    return [page for page in pages.values() if page is not None]


def _bare_page(policy: str, name: str, severity: Severity) -> PolicyPage:
    return PolicyPage(policy, name, "", name.replace("-", " ") or policy, severity, "", "")


def describe_policy(page: PolicyPage) -> JsonObject:
    """The rule of a policy."""
    rule: JsonObject = {
        "id": page.id,
        "name": pascal_case(page.name),
        "shortDescription": {"text": _describe(page.title)},
        "fullDescription": {"text": _describe(page.rationale or page.title)},
        "help": {"text": cut(_help_text(page)), "markdown": _help_markdown(page)},
        "helpUri": next(filter(None, (web_address(_address(one)) for one in page.references)), HOME_PAGE),
        "defaultConfiguration": {"level": LEVELS[page.severity]},
    }
    if has_message(page):
        rule["messageStrings"] = {"default": {"text": message_template(page.message)}}
    rule["properties"] = _properties(page)
    return rule


def has_message(page: PolicyPage) -> bool:
    """Whether it is known of what the policy's messages are made."""
    return page.message not in {(), ("",)}


def describe_failure(code: FailureCode) -> JsonObject:
    """The rule of a failure code."""
    page = FAILURE_PAGES[code]
    return {
        **describe_code(code, page),
        "messageStrings": {"default": {"text": message_template((f"{page.title}: '", "'"))}},
        "properties": {"tags": ["failure", code.label], "precision": "high", "problem.severity": "error"},
    }


def describe_code(code: FailureCode, page: FailurePage) -> JsonObject:
    """What both the rule and the notification of a failure code say."""
    title = end_sentence(page.title)
    return {
        "id": code.value,
        "name": pascal_case(code.label),
        "shortDescription": {"text": title},
        "fullDescription": {"text": page.meaning},
        "help": {
            "text": f"{title}\n\n{page.meaning}\n\nWhat to do: {page.remedy}",
            "markdown": f"# {escape_prose(page.title)}\n\n{escape_prose(page.meaning)}\n\n"
            f"## What to do\n\n{escape_prose(page.remedy)}\n",
        },
        "helpUri": HOME_PAGE,
        "defaultConfiguration": {"level": FAILURE_LEVEL},
    }


def pascal_case(name: str) -> str:
    """`OversizedOutboundSegment` for `oversized-outbound-segment`."""
    words = "".join(word[:1].upper() + word[1:] for word in _WORD_BREAK.split(name))
    return (words if words[:1].isalpha() else f"Policy{words}")[:_LONGEST_NAME]


def message_template(texts: Sequence[str]) -> str:
    """The *texts* of a message with a numbered placeholder, in single quotes, in each gap."""
    literals = [re.sub(r"\s+", " ", unlink(text)).replace("{", "{{").replace("}", "}}") for text in texts]
    template = literals[0].lstrip()
    for number, (left, right) in enumerate(pairwise(literals)):
        opening = "" if left.endswith("'") else "'"
        closing = "" if right.startswith("'") else "'"
        template += f"{opening}{{{number}}}{closing}{right}"
    return end_sentence(template)


def _describe(text: str) -> str:
    return cut(end_sentence(join_lines(unlink(text))), _LONGEST_DESCRIPTION)


def _help_text(page: PolicyPage) -> str:
    parts = [unlink(end_sentence(page.title)), unlink(page.rationale)]
    if page.remediation:
        parts.append(f"What to do: {unlink(page.remediation)}")
    parts += [f"{heading}:\n\n{code}" for heading, code in _examples(page)]
    if page.references:
        parts.append("References:\n" + "\n".join(map(_spell_reference, page.references)))
    return "\n\n".join(part.strip() for part in parts if part)


def _help_markdown(page: PolicyPage) -> str:
    parts = [f"# {escape_prose(join_lines(cut(page.title)))}", escape_prose(cut(page.rationale))]
    if page.remediation:
        parts += "## What to do", escape_prose(cut(page.remediation))
    for heading, code in _examples(page):
        parts += f"## {heading}", fence_code(cut(code), "yaml")
    if page.references:
        links = (f"- {link(_name_reference(one), _address(one))}" for one in page.references)
        parts += "## References", "\n".join(links)
    return "\n\n".join(part for part in parts if part) + "\n"


def _examples(page: PolicyPage) -> Iterator[tuple[str, str]]:
    if page.failing_example:
        yield "Example that fails", page.failing_example
    if page.passing_example:
        yield "Example that passes", page.passing_example


def _name_reference(reference: Mapping[str, str]) -> str:
    return ", ".join(filter(None, (reference.get("title", ""), reference.get("section", ""))))


def _spell_reference(reference: Mapping[str, str]) -> str:
    return "- " + ": ".join(filter(None, (join_lines(_name_reference(reference)), _address(reference))))


def _address(reference: Mapping[str, str]) -> str:
    return reference.get("url", "")


def _properties(page: PolicyPage) -> JsonObject:
    is_security = not _SECURITY_TAGS.isdisjoint(page.tags)
    tags = dict.fromkeys((*(("security",) if is_security else ()), page.pack, *page.tags))
    listed: list[JsonValue] = [tag for tag in tags if tag]
    properties: JsonObject = {
        "tags": listed[:_MOST_TAGS],
        "precision": "high",
        "problem.severity": _PROBLEM_SEVERITIES[page.severity],
    }
    if is_security:  # GitHub reads the number only where the tag is there
        properties["security-severity"] = _SECURITY_SEVERITIES[page.severity]
    return properties
