"""The verdicts of a policy, and what they rest on, as a page for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING

from journeylint.cli.policy_page import SEVERITY_STYLES
from journeylint.evidence import Role, Standing, Step, Verdict
from journeylint.horizon_words import tell_deadline, tell_horizon
from journeylint.model import Identity, Outcome
from journeylint.policy_places import place_in
from journeylint.terminal import Painter, Style, count, make_visible, shorten, show_path, wrap
from journeylint.times import format_instant, format_span

if TYPE_CHECKING:
    from journeylint.evidence import Consultation, NamedValue, Part, Reading, Trace
    from journeylint.explain import Explanation, Held
    from journeylint.model import Horizon, Location, Manifest, Suppression
    from journeylint.policies import Policy

_VERDICT_STYLES = {
    Verdict.COMPLIES: Style.SUCCESS,
    Verdict.FAILS: Style.ERROR,
    Verdict.NOT_APPLICABLE: Style.INFO,
    Verdict.UNJUDGED: Style.WARNING,
    Verdict.ERROR: Style.ERROR,
}
_INDENT = "  "
_LONGEST_VALUE = 60
_LONGEST_REASON = 500


def explanation_page(explanation: Explanation, paint: Painter) -> Iterator[str]:
    """The lines of the page about *explanation*."""
    policy = explanation.policy
    held = explanation.held
    severity = paint(held.severity.value, SEVERITY_STYLES[held.severity])
    yield f"{paint(f'{policy.id} {policy.name}', Style.BOLD)} ({severity})"
    yield make_visible(policy.title)
    yield f"{paint('as of', Style.DIM)} {format_instant(explanation.as_of)}"
    yield from _held_lines(held)
    for failure in explanation.failures:
        yield ""
        yield paint(f"{_place(failure.location)} {failure.code.value} {failure.code.label}", Style.BOLD)
        yield paint("could not be judged", Style.ERROR)
        yield from wrap(failure.message, first=_INDENT, rest=_INDENT)
    for one in explanation.unselected:
        yield ""
        yield from _subject(one.manifest, "", paint)
        yield f"{paint('not applicable', Style.INFO)}: {make_visible(one.each)} selects nothing in it"
    for trace in explanation.traces:
        yield ""
        yield from _trace_lines(trace, explanation, paint)


def _held_lines(held: Held) -> Iterator[str]:
    if held.off_because:
        yield from wrap(f"A run does not ask it here: {held.off_because}.")
    if held.severity_origin != "default":
        yield from wrap(f"severity = {held.severity.value} (set at {held.severity_origin})", rest=_INDENT)
    for param in held.params:
        origin = "default" if param.origin == "default" else f"set at {param.origin}"
        yield from wrap(f"params.{param.name} = {show_value(param.value)} ({origin})", rest=_INDENT)


def show_value(value: object) -> str:
    """*value* as people read it, in one line of bounded length."""
    match value:
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M" + (":%S" if value.second else "") + " UTC").rjust(20, "0")
        case timedelta():
            return format_span(value)
        case Identity():
            return make_visible(f"{value.kind} '{value.name}'")
        case bool() | None:
            return json.dumps(value)
        case int():
            return f"{value:,}" if abs(value) >= 10_000 else str(value)
        case float():
            return f"{value:,.10g}"
        case dict() if (whole := _as_manifest(value)) is not None:
            return show_value(whole)
        case _:
            return shorten(json.dumps(value, ensure_ascii=False, default=show_value), _LONGEST_VALUE)


def _as_manifest(value: dict[object, object]) -> Identity | None:
    metadata, kind = value.get("metadata"), value.get("kind")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return Identity("", kind, name) if isinstance(kind, str) and isinstance(name, str) else None


def _trace_lines(trace: Trace, explanation: Explanation, paint: Painter) -> Iterator[str]:
    own, suppression = explanation.exceptions.get(trace.pointer), explanation.suppression_of(trace)
    yield from _subject(trace.manifest, trace.pointer, paint)
    if own is not None:
        yield from _held_lines(own)
    yield paint(trace.verdict.value, _VERDICT_STYLES[trace.verdict]) + _reason(trace)
    if trace.horizon is not None:
        yield from _horizon_lines(trace.horizon, explanation.policy)
    if trace.message:
        yield from wrap(trace.message, first=_INDENT, rest=_INDENT)
    if suppression is not None:
        yield from wrap(_tell_suppression(suppression), rest=_INDENT)
    if trace.error:
        yield from wrap(trace.error, first=_INDENT, rest=_INDENT)
    tree = _Tree(paint)
    for step in trace.steps:
        yield ""
        yield from _heading(step.part, paint)
        yield from tree.lines(step, _INDENT, _INDENT)
    if trace.names:
        yield ""
        yield paint("with", Style.BOLD)
        for named in trace.names:
            yield from tree.named_lines(named)


def _horizon_lines(horizon: Horizon, policy: Policy) -> Iterator[str]:
    """Until when the verdict holds, and what to do by then if it becomes a finding."""
    yield from wrap(make_visible(tell_horizon(horizon)), first=_INDENT, rest=_INDENT)
    if horizon.turn is not None and horizon.then is Outcome.FAILED and policy.deadline:
        told = f"{tell_deadline(policy.deadline, policy.id, horizon.turn)}."
        yield from wrap(make_visible(told), first=_INDENT, rest=_INDENT)


def _tell_suppression(suppression: Suppression) -> str:
    """`suppressed until 2027-01-31 by crm-team at journeys/a.yaml:4:5: why`."""
    until = "" if suppression.until is None else f" until {suppression.until.isoformat()}"
    owner = f" by {shorten(suppression.owner, _LONGEST_VALUE)}" if suppression.owner else ""
    reason = f": {suppression.reason[:_LONGEST_REASON]}" if suppression.reason else ""
    return f"suppressed{until}{owner}, at {_place(suppression.location)} ({suppression.form.value}){reason}"


def _reason(trace: Trace) -> str:
    """The condition that was false, where a node is not judged because of one."""
    if trace.verdict is not Verdict.NOT_APPLICABLE:
        return ""
    step = next(step for step in trace.steps if step.value is False)
    while step.operator in ("&&", "let", "bind"):
        step = next(inner for inner in step.steps if inner.value is False)
    return f": {shorten(' '.join(step.text.split()), _LONGEST_VALUE)} is false"


def _subject(manifest: Manifest, pointer: str, paint: Painter) -> list[str]:
    location, identity = manifest.location(pointer), manifest.identity
    title = f"{_place(location)} {identity.kind} '{make_visible(identity.name)}'"
    lines = wrap(title + (f" {pointer}" if pointer else ""), rest=_INDENT)
    return [paint(line, Style.BOLD) for line in lines]


def _heading(part: Part, paint: Painter) -> Iterator[str]:
    line, column = place_in(part.file, part.expression, 0)
    folders = 2 if part.role is Role.PACK_WHEN else 3  # where packs are installed says nothing
    path = "/".join(PurePath(part.file.path).parts[-folders:])
    yield f"{paint(part.role.value, Style.BOLD)} {paint(f'({show_path(path)}:{line}:{column})', Style.DIM)}"


def _place(location: Location) -> str:
    return f"{show_path(location.full_path)}:{location.span.line}:{location.span.column}"


class _Tree:
    """Draws steps; a `let` is taken apart where it comes first."""

    def __init__(self, paint: Painter) -> None:
        self._paint = paint
        self._drawn: set[str] = set()

    def lines(self, step: Step, first: str, rest: str) -> Iterator[str]:
        """The lines of *step*: the first begins with *first*, the others with *rest*."""
        inner, title = step, " ".join(step.text.split())
        is_known = False
        if step.operator == "let" and step.steps:
            is_known = step.text in self._drawn
            self._drawn.add(step.text)
            inner = step.steps[0]
            title += " (as above)" if is_known else f": {' '.join(inner.text.split())}"
        if step.operator.startswith("users"):
            users = len({one.label for one in step.steps}) + step.omitted
            title = f"{step.operator}, over {count(users, 'user')}"
        if step.label:
            title = f"{step.label}: {title}"
        word, style = _word_of(step)
        mark = f"{word:5}"
        drawn = wrap(title, first=f"{first}{mark} ", rest=f"{rest}      ")
        drawn[0] = f"{self._paint(first, Style.DIM)}{self._paint(mark, style)} {drawn[0][len(first) + len(mark) + 1 :]}"
        yield from drawn
        if step.error and not is_known and not any(one.error for one in inner.steps):
            yield from wrap(step.error, first=f"{rest}      ", rest=f"{rest}      ")
        if step.is_reached and not is_known:
            yield from self._below(inner, rest)

    def named_lines(self, named: NamedValue) -> Iterator[str]:
        """The lines of a `let` whose value is no condition."""
        value = named.error or show_value(named.value)
        yield from wrap(f"{named.part.name} = {value}", first=_INDENT, rest=_INDENT * 2)
        source = " ".join(named.part.expression.source.split())
        yield from wrap(f": {source}", first=_INDENT * 2, rest=_INDENT * 3)
        step = Step(named.part, 0, 0, "", steps=named.steps, readings=named.readings, consultations=named.consultations)
        yield from self._below(step, _INDENT * 2)

    def _below(self, step: Step, rest: str) -> Iterator[str]:
        """What a step read, then the steps in it."""
        bar = "│ " if step.steps or step.omitted else "  "
        told = {inner.text for inner in step.steps}  # a sum tells of its users itself
        asked = [one for one in step.consultations if one.is_unjudged or one.text not in told]
        for line in (*map(_read, step.readings), *map(_consulted, asked)):
            lines = wrap(line, first=f"{rest}{bar}  ", rest=f"{rest}{bar}    ")
            yield from (self._paint(one, Style.DIM) for one in lines)
        for position, inner in enumerate(step.steps):
            is_last = position == len(step.steps) - 1 and not step.omitted
            yield from self.lines(inner, rest + ("└─ " if is_last else "├─ "), rest + ("   " if is_last else "│  "))
        if step.omitted:
            yield f"{rest}└─ and {count(step.omitted, 'more item')}"


def _word_of(step: Step) -> tuple[str, Style]:
    if not step.is_reached:
        return "-", Style.DIM
    if step.error:
        return "error", Style.ERROR
    if step.value is None:
        return "sum" if step.operator.startswith("users") else step.operator[:5], Style.INFO
    return ("true", Style.SUCCESS) if step.value else ("false", Style.ERROR)


def _read(reading: Reading) -> str:
    if reading.error:
        return f"{reading.text}: {reading.error}"
    place = "" if reading.location is None else _place(reading.location)
    match reading.standing:
        case Standing.ABSENT:
            return f"{reading.text} is absent" + (f" (would be in {place})" if place else "")
        case Standing.DEFAULT:
            return f"{reading.text} = {show_value(reading.value)} (the schema's default; not in {place})"
        case Standing.PARAM | Standing.LET | Standing.COMPUTED:
            return f"{reading.text} = {show_value(reading.value)}"
        case Standing.WRITTEN:
            return f"{reading.text} = {show_value(reading.value)} ({place})"


def _consulted(asked: Consultation) -> str:
    if asked.is_unjudged:
        return f"{asked.text}: met a manifest that could not be judged"
    if asked.missing:
        return f"{asked.text}: there is no {asked.missing}"
    return f"{' '.join(asked.text.split())}: {_list(asked.manifests)}"


def _list(manifests: Sequence[Manifest]) -> str:
    if not manifests:
        return "none"
    shown = [f"{one.identity.kind} '{one.identity.name}' ({_place(one.location(''))})" for one in manifests[:5]]
    return ", ".join(shown) + (f" and {len(manifests) - 5:,} more" if len(manifests) > 5 else "")
