"""docs/manifest-reference.md says of every key what its schema says.

Written anew by: python -m tests.contract.test_manifest_reference
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.kinds import read_schema

if TYPE_CHECKING:
    from journeylint.model import JsonObject

PAGE = Path(__file__).resolve().parents[2] / "docs/manifest-reference.md"
KINDS = ("Journey", "Segment", "Message", "Trigger", "Environment")
INTRODUCTION = """# Manifest reference

Every key of `spec` for every kind of manifest, as the schemas have it. [Manifests](manifests.md) says what all kinds have in
common, how times are read and where manifests stand; [Flows](flows.md) how the steps of a journey hang together. Keys in bold
are required where the mapping that they belong to is there. `[]` stands for each item of a list.

`journeylint schema KIND` prints a schema, and [editors](editors.md) complete and check these keys as you type.
"""


def render_page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *(render_kind(name) for name in KINDS)])


def render_kind(name: str) -> str:
    """The section about a kind."""
    schema: Any = read_schema(name.lower())
    rows = [f"| {key} | {meaning} | {example} |" for key, meaning, example in rows_of(schema["properties"]["spec"], "")]
    head = ["| key | meaning | example |", "| --- | --- | --- |"]
    return "\n".join([f"## {name}", "", schema["description"], "", *head, *rows, ""])


def rows_of(part: Any, way: str) -> Iterator[tuple[str, str, str]]:
    """For every property below *part* its way, what it means, and an example, in Markdown."""
    required = part.get("required", ())
    for name, member in part.get("properties", {}).items():
        key = f"{way}{name}"
        shown = f"**`{key}`**" if name in required else f"`{key}`"
        yield shown, " ".join([member["description"], *words_of(member)]), f"`{json.dumps(member['examples'][0])}`"
        items = member.get("items", {})
        yield from rows_of(member, f"{key}.")
        yield from rows_of(items, f"{key}[].")


def words_of(member: JsonObject) -> Iterator[str]:
    """What is to be said of the values of *member* beside its description."""
    values = member.get("enum")
    if isinstance(values, list):
        yield f"One of {', '.join(f'`{value}`' for value in values)}."
    if "default" in member:
        yield f"Default: `{member['default']}`."


def test_the_page_is_what_the_schemas_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == render_page()


def test_every_key_of_a_flow_has_a_row() -> None:
    page = render_page()
    assert all(f"`flow.steps[].{key}`" in page for key in ("id", "next", "branches[].segment", "timeout.unit"))


if __name__ == "__main__":
    PAGE.write_text(render_page(), encoding="utf-8")
