"""A new policy with its cases, and a new pack, as texts of files."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

import yaml

from journeylint.expressions import kind_variable
from journeylint.model import JsonObject
from journeylint.pointers import pointer_of
from journeylint.ports import Loader
from journeylint.scaffold.example import Example

_PLAIN = re.compile(r"[A-Za-z/$][A-Za-z0-9 ,'._/*\[\]-]*")
_ITEM = "item"


class NewPolicy(NamedTuple):
    """What the author of a policy has decided already."""

    pack: str
    name: str
    id: str
    title: str
    severity: str
    kind: str
    each: str


def title_of(name: str) -> str:
    """`tiny-audience` as words: `Tiny audience`."""
    return name.replace("-", " ").capitalize()


def prefix_of(pack: str) -> str:
    """A prefix of ids for a pack of that name: its word if there is one, else the first letters of its words."""
    words = [letters.upper() for word in pack.split("-") if (letters := re.sub(r"[^a-z]", "", word))]
    initials = "".join(word[0] for word in words)
    if len(words) > 1 and len(initials) > 1:
        return initials[:8]
    return "".join(words)[:4] if len("".join(words)) > 1 else f"{''.join(words) or 'P'}P"


def pack_text(name: str, prefix: str) -> str:
    """The text of `pack.yaml`."""
    return f"""\
# yaml-language-server: $schema=https://journeylint.dev/schemas/pack.schema.json
name: {name}
prefix: {prefix}
title: {title_of(name)}
"""


def policy_text(new: NewPolicy, example: Example) -> str:
    """The text of `policy.yaml`: a policy that judges the length of a text, with hints how to go on from there."""
    is_whole = new.each == "$"
    node = kind_variable(new.kind) if is_whole else _ITEM
    value = ".".join((node, *(example.field or ())))
    when = f"  when: has({value})\n" if example.is_optional else ""
    if is_whole:
        selected = f"  # each: $.spec.segments[*]  # to judge parts of it, each on its own\n  # as: {_ITEM}\n"
    else:
        selected = f"  each: {_scalar(new.each)}\n  as: {_ITEM}  # what expressions call each of them\n"
    what = example.field[-1] if example.field else "text"
    at = f"at: {_scalar(pointer_of(example.field))}  # what a finding points at\n" if example.field else ""
    return f"""\
# yaml-language-server: $schema=https://journeylint.dev/schemas/policy.schema.json
#
# A policy that works, to start from: it asks that a text is not too long. Change it key by key, and its cases with it.
# What may stand here: docs/policies.md
id: {new.id}
name: {new.name}
title: {_scalar(new.title)}
severity: {new.severity}  # error: must not be published, warning: look at it, info: worth knowing
since: 0.1.0
match:
  kind: {new.kind}
{selected}{when}params:  # figures that others may set otherwise, in journeylint.yaml
  longest: {{type: integer, minimum: 1, default: {example.limit}, description: The most characters that are fine.}}
# let:  # names for what is asked more than once
#   segment: lookup('Segment', {_ITEM}.name)
require: size({value}) <= params.longest  # true where all is well
{at}message: >
  The {what} '${{{value}}}' has ${{size({value})}} characters,
  and at most ${{params.longest}} are fine.
rationale: >
  Lists and reports cut long names off, and two that begin alike are taken for one another.
remediation: >
  Shorten it, and keep what tells it from others at the beginning.
# references:
#   - {{title: Our campaign handbook, section: Names, url: https://handbook.example.org/names}}
"""


def cases_of(new: NewPolicy, example: Example, loader: Loader) -> dict[str, str]:
    """The texts of `fails.yaml` and `passes.yaml`: both sides of the boundary, and something far from it."""
    failing = _document_text(example.with_length(example.limit + 1))
    line = loader.load(failing)[0].locate(example.at).line
    lines = failing.split("\n")
    lines[line - 1] += f"  # finds: {new.id}"
    first = "# yaml-language-server: $schema=https://journeylint.dev/schemas/manifest.schema.json\n"
    passing = [example.document, example.with_length(example.limit)]
    passing += [example.without()] if example.is_optional else []
    texts = [_document_text(_renamed(document, number, example)) for number, document in enumerate(passing, start=1)]
    return {"fails.yaml": first + "\n".join(lines), "passes.yaml": first + "---\n".join(texts)}


def _renamed(document: JsonObject, number: int, example: Example) -> JsonObject:
    """*document* under a name that no other of the file has."""
    metadata = document.get("metadata")
    if number == 1 or example.at == "/metadata/name" or not isinstance(metadata, dict):
        return document
    return {**document, "metadata": {**metadata, "name": f"{metadata.get('name', 'example')}-{number}"}}


def _document_text(document: JsonObject) -> str:
    text: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=1_000)
    return text


def _scalar(text: str) -> str:
    """*text* as YAML: as it is where that is plain text, else in quotes."""
    return text if _PLAIN.fullmatch(text) and not text.endswith(" ") else json.dumps(text, ensure_ascii=False)
