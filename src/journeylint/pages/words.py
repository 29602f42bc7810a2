"""Facts about policies as sentences, without any markup."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from journeylint.model import JsonValue, Severity
from journeylint.params import Param
from journeylint.policies import Policy, Stage
from journeylint.selection import compile_selector
from journeylint.times import format_instant

_SEVERITIES = {
    Severity.ERROR: "an error, which should not be published",
    Severity.WARNING: "a warning, which should be looked at",
    Severity.INFO: "an info, which is worth knowing",
}


def guideline_sentence(policy: Policy) -> str:
    """What follows from the title, in plain words: how bad it is, and where it is looked for."""
    return f"journeylint reports this as {_SEVERITIES[policy.severity]}. It looks at {judged_nodes(policy)}."


def judged_nodes(policy: Policy) -> str:
    """What is judged, such as `each item of spec.segments in every Journey`."""
    whole = f"every {policy.kind}"
    if policy.each == "$":
        return whole
    tokens = compile_selector(policy.each).tokens
    if not tokens:
        return f"each node that {policy.each} selects in {whole}"
    names = "".join(
        "[*]" if token is None else f"[{token}]" if isinstance(token, int) else f".{token}" for token in tokens
    )
    if tokens[-1] is None and "[" not in names[:-3]:
        return f"each item of {names[1:-3]} in {whole}"
    return f"{names.removeprefix('.')} in {whole}"


def life_sentences(policy: Policy) -> Iterator[str]:
    """Where the policy is in its life, as far as there is something to say; what replaces it is left to the page."""
    life = policy.life
    if life.stage is Stage.PREVIEW:
        yield "It is a preview: off until a configuration or --select names it."
    if life.stage is Stage.DEPRECATED:
        yield "It is deprecated, and will go."
    begin, end = life.effective
    if begin is not None:
        yield f"It holds from {_instant(begin)} on; before that its findings are infos."
    if end is not None:
        yield f"It holds until {_instant(end)}."
    if life.former_ids or life.former_names:
        yield f"It was called {', '.join((*life.former_ids, *life.former_names))} before."


def setting_text(policy: Policy, param: Param | None = None) -> str:
    """What to write into journeylint.yaml to change the severity, or *param*."""
    if param is None:
        severity = "warning" if policy.severity is not Severity.WARNING else "info"
        return f"policies:\n  {policy.id}: {{severity: {severity}}}"
    return f"policies:\n  {policy.id}:\n    params: {{{param.name}: {value_text(param.default)}}}"


def value_text(value: JsonValue) -> str:
    """A default as a configuration would have it."""
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)


def _instant(instant: datetime) -> str:
    text = format_instant(instant)
    return text.removesuffix("T00:00:00Z")
