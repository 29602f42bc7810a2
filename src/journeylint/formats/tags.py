"""The tags of YAML's core schema."""

from __future__ import annotations

from journeylint.formats.scalars import ScalarError, shorten

SCALAR_TAGS = frozenset({"str", "null", "bool", "int", "float"})
_CORE_PREFIX = "tag:yaml.org,2002:"
_COLLECTION_TAGS = frozenset({"map", "seq"})


def name_core_tag(tag: str | None) -> str | None:
    """The core type that *tag* names (`str`, `map`, ...), None for no tag and `!`. Raises ScalarError for another tag."""
    if tag is None or tag == "!":
        return None
    name = tag.removeprefix(_CORE_PREFIX)
    if name == tag:
        written = tag if tag.startswith("!") else f"!<{tag}>"
    elif name in SCALAR_TAGS or name in _COLLECTION_TAGS:
        return name
    else:
        written = f"!!{name}"
    known = "known are !!str, !!int, !!float, !!bool, !!null, !!map, !!seq"
    raise ScalarError(f"unknown tag {shorten(written)}: remove it ({known})")
