"""What stands on the pages, before it is HTML or Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from journeylint.model import Finding
from journeylint.policies import Library, Pack, Policy
from journeylint.policy_files import read_examples

_MARKER = re.compile(r"\s*#\s*finds:.*$")
_HEADER = re.compile(r"#\s*(as-of|params)\s*:\s*(.*?)\s*$")
_LONGEST_MARK = 12

JudgeExample = Callable[[Policy, str], Sequence[Finding]]
"""What a policy finds in its case of that name (`fails.yaml`)."""


class Line(NamedTuple):
    """A line of an example; `is_marked` says that a finding points at it."""

    text: str
    is_marked: bool = False


class Example(NamedTuple):
    """A manifest that fails or passes. `settings` are what the case sets, such as `as-of: 2025-03-01`.

    `messages` are those of its findings, each with the number of its line.
    """

    lines: tuple[Line, ...]
    settings: tuple[str, ...] = ()
    messages: tuple[tuple[int, str], ...] = ()


class PolicyContent(NamedTuple):
    """A policy and its examples; `None` where it has no such case."""

    policy: Policy
    failing: Example | None
    passing: Example | None


class PackContent(NamedTuple):
    """A pack and its policies, by id."""

    pack: Pack
    policies: tuple[PolicyContent, ...]


def gather_content(library: Library, judge: JudgeExample) -> tuple[PackContent, ...]:
    """The content of the pages about all packs of *library*, by name of pack."""
    return tuple(
        PackContent(pack, tuple(_content_of(policy, judge) for policy in library.policies if policy.pack == pack.name))
        for pack in sorted(library.packs, key=lambda pack: pack.name)
    )


def _content_of(policy: Policy, judge: JudgeExample) -> PolicyContent:
    failing, passing = read_examples(policy)
    return PolicyContent(
        policy,
        make_example(failing, judge(policy, "fails.yaml")) if failing else None,
        make_example(passing, ()) if passing else None,
    )


def make_example(text: str, findings: Iterable[Finding]) -> Example:
    """The example that a case's *text* is, without the comments that are for machines."""
    lines = text.removeprefix("\ufeff").splitlines()
    settings: list[str] = []
    start = 0
    while start < len(lines) and lines[start].startswith("#"):
        header = _HEADER.match(lines[start])
        if header is not None:
            settings.append(f"{header[1]}: {header[2]}")
        start += 1
    start = start if _is_for_machines(lines[:start]) else 0
    marked: set[int] = set()
    messages = []
    for finding in findings:
        span = finding.location.span
        last = span.end_line if span.end_line - span.line < _LONGEST_MARK else span.line
        marked.update(range(span.line, last + 1))
        messages.append((span.line - start, finding.message))
    shown = [
        Line(_MARKER.sub("", line), number in marked) for number, line in enumerate(lines[start:], start=start + 1)
    ]
    while shown and not shown[-1].text.strip():
        shown.pop()
    return Example(tuple(shown), tuple(settings), tuple(sorted(messages)))


def _is_for_machines(comments: Sequence[str]) -> bool:
    return all(_HEADER.match(line) or "yaml-language-server:" in line for line in comments)
