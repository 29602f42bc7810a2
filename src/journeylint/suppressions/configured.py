"""Suppressions in the configuration: `suppressions`, for a policy in some files, at a place in them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from journeylint.model import JsonObject, SuppressionForm
from journeylint.suppressions.claims import Claim, FileReach
from journeylint.suppressions.listed import claims_of, read_pointer, text_of
from journeylint.suppressions.rules import SuppressionRules
from journeylint.times import parse_duration

if TYPE_CHECKING:
    from journeylint.settings.values import Settings


def read_configured(settings: Settings) -> Iterator[Claim]:
    """The claims that *settings* make."""
    for written in settings.suppressions:
        patterns = _patterns(written.data)
        pointer = text_of(written.data.get("pointer"))
        tokens, problem = read_pointer(pointer)
        folder = os.path.normpath((settings.folder / written.folder).absolute()).replace(os.sep, "/")
        reach = FileReach(folder, patterns, tokens)
        scope = " ".join([*patterns, pointer]).strip()
        yield from claims_of(written.data, SuppressionForm.CONFIGURATION, written.location, reach, scope, problem)


def rules_of(settings: Settings) -> SuppressionRules:
    """What *settings*, which are in order, ask of suppressions."""
    said, default = settings.suppression_rules, SuppressionRules()
    return SuppressionRules(
        default.is_reason_required if said.is_reason_required is None else said.is_reason_required.value,
        default.reason_length if said.reason_length is None else said.reason_length.value,
        None if said.ticket_pattern is None else said.ticket_pattern.value,
        None if said.longest_term is None else parse_duration(said.longest_term.value),
    )


def _patterns(data: JsonObject) -> tuple[str, ...]:
    files = data.get("files")
    return (
        tuple(text_of(one) for one in files) if isinstance(files, list) else () if files is None else (text_of(files),)
    )
