"""One policy as a page for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from journeylint.model import Severity
from journeylint.policy_fix import tell_fix
from journeylint.predicate_steps import predicate_steps
from journeylint.terminal import Painter, Style, make_visible, wrap, wrap_paragraphs

if TYPE_CHECKING:
    from datetime import datetime

    from journeylint.params import Param
    from journeylint.policies import Pack, Policy

SEVERITY_STYLES = {Severity.ERROR: Style.ERROR, Severity.WARNING: Style.WARNING, Severity.INFO: Style.INFO}
_INDENT = "  "
_DEEPER = "    "


def policy_page(policy: Policy, pack: Pack | None, now: datetime, paint: Painter) -> Iterator[str]:
    """The lines of the page about *policy* of *pack*, as things are *now*."""
    from journeylint.cli.life_text import describe_life  # noqa: PLC0415 - other commands need not pay for it

    severity = paint(policy.severity.value, SEVERITY_STYLES[policy.severity])
    yield f"{paint(f'{policy.id} {policy.name}', Style.BOLD)} ({severity})"
    yield make_visible(policy.title)
    yield ""
    yield from _fact("pack", policy.pack if pack is None else f"{pack.name}: {pack.title}", paint)
    nodes = "every" if policy.each == "$" else f"each {policy.each} of every"
    yield from _fact("judges", f"{nodes} {policy.kind}", paint)
    yield from _fact("presets", ", ".join(policy.every_preset), paint)
    yield from _fact("tags", ", ".join(policy.tags) or "none", paint)
    yield from _fact("since", policy.since, paint)
    for label, text in describe_life(policy.life, now):
        yield from _fact(label, text, paint)
    if policy.fix is not None:
        yield from _fact("fix", tell_fix(policy), paint)
    for heading, text in (("Why", policy.rationale), ("What to do", policy.remediation)):
        yield from _heading(heading, paint)
        yield from wrap_paragraphs(text, first=_INDENT, rest=_INDENT)
    if policy.params:
        yield from _heading("Params", paint)
        for param in policy.params.values():
            yield from _param_lines(param)
    yield from _heading("Predicate", paint)
    yield from _predicate_lines(policy, paint)
    yield from _heading("To change it, in journeylint.yaml", paint)
    yield from _setting_lines(policy)
    if policy.life.history:
        yield from _heading("History", paint)
        for change in policy.life.history:
            version = f"{_INDENT}{change.version}  "
            yield from wrap(change.change, first=version, rest=" " * len(version))
    if policy.references:
        yield from _heading("References", paint)
        for reference in policy.references:
            yield from _reference_lines(reference)


def _fact(label: str, text: str, paint: Painter) -> list[str]:
    label = f"{label:8}"
    lines = wrap(text, first=label, rest=" " * len(label))
    lines[0] = paint(label, Style.DIM) + lines[0][len(label) :]
    return lines


def _heading(text: str, paint: Painter) -> tuple[str, str]:
    return "", paint(text, Style.BOLD)


def _param_lines(param: Param) -> Iterator[str]:
    yield f"{_INDENT}{param.name} ({param.type}, default {_as_text(param.default)})"
    if param.description:
        yield from wrap(param.description, first=_DEEPER, rest=_DEEPER)


def _predicate_lines(policy: Policy, paint: Painter) -> Iterator[str]:
    for label, source in predicate_steps(policy):
        yield f"{_INDENT}{paint(label, Style.DIM)}"
        yield from wrap_paragraphs(source, first=_DEEPER, rest=_DEEPER)
    yield f"{_INDENT}{paint('else says', Style.DIM)}"
    yield from wrap(str(policy.source["message"]), first=_DEEPER, rest=_DEEPER)


def _setting_lines(policy: Policy) -> Iterator[str]:
    severity = "warning" if policy.severity is not Severity.WARNING else "info"
    yield f"{_INDENT}policies:"
    yield f"{_INDENT}  {policy.id}:"
    yield f"{_INDENT}    severity: {severity}"
    yield f"{_INDENT}    enabled: true  # false switches it off"
    if policy.params:
        name, param = next(iter(policy.params.items()))
        yield f"{_INDENT}    params: {{{name}: {_as_text(param.default)}}}"


def _reference_lines(reference: Mapping[str, str]) -> Iterator[str]:
    parts = [reference[key] for key in ("title", "section") if reference.get(key)]
    yield from wrap(", ".join(parts), first=_INDENT, rest=_DEEPER)
    if reference.get("url"):
        yield f"{_DEEPER}{make_visible(reference['url'])}"


def _as_text(value: object) -> str:
    return make_visible(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
