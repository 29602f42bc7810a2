"""Suppressions in the metadata of a manifest, where they survive an export: `metadata.suppressions`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from journeylint.model import JsonObject, JsonValue, Location, Manifest, SuppressionForm
from journeylint.pointers import pointer_of, tokens_of
from journeylint.suppressions.claims import Claim, NodeReach, PlaceTokens, Reach, names_items

if TYPE_CHECKING:
    from journeylint.stable_pointers import StablePointers

ANY_TOKEN = "*"  # noqa: S105 - a token of a pointer
_WHERE = ("metadata", "suppressions")


def read_listed(manifest: Manifest, names: StablePointers) -> Iterator[Claim]:
    """The claims in *manifest*; *names* tells which item a pointer means that names it by its key."""
    metadata = manifest.data.get("metadata")
    listed = metadata.get("suppressions") if isinstance(metadata, dict) else None
    for index, item in enumerate(listed if isinstance(listed, list) else ()):
        if not isinstance(item, dict):
            continue
        location = manifest.location(pointer_of((*_WHERE, index)))
        pointer = text_of(item.get("pointer"))
        tokens, problem = read_pointer(pointer)
        places = tuple(names.find(manifest.identity.kind, manifest.data, tokens)) if names_items(tokens) else (tokens,)
        reach = NodeReach(manifest.path, manifest.document, places)
        for claim in claims_of(item, SuppressionForm.METADATA, location, reach, pointer, problem):
            yield claim._replace(manifest=manifest.identity)


def claims_of(
    item: JsonObject,
    form: SuppressionForm,
    location: Location,
    reach: Reach,
    scope: str,
    *problems: str,
) -> Iterator[Claim]:
    """A claim for each policy that *item*, a mapping with the keys of a suppression, names."""
    if "until" in item and not text_of(item["until"]).strip():
        problems = (*problems, "its 'until' is empty - give a day such as 2027-01-31, or leave it out")
    policy = item.get("policy")
    words = [text_of(word) for word in policy] if isinstance(policy, list) else [text_of(policy)]
    for word in words or [""]:
        yield Claim(
            form,
            word.strip(),
            text_of(item.get("reason")).strip(),
            text_of(item.get("owner")).strip(),
            text_of(item.get("until")).strip(),
            location,
            reach,
            scope=scope,
            problems=tuple(problem for problem in problems if problem),
        )


def read_pointer(pointer: str) -> tuple[PlaceTokens, str]:
    """The tokens of *pointer*, None for each `*`, and what is wrong with it, if anything."""
    try:
        return tuple(None if token == ANY_TOKEN else token for token in tokens_of(pointer)), ""
    except ValueError as error:
        return (), str(error) if pointer.startswith("/") else f"{error} - write '/{pointer}'"


def text_of(value: JsonValue) -> str:
    """*value* as it is written, for what should be text and may be anything; None is nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)
