"""Whatever can be set has its place on a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click import Command

from journeylint.cli.check_command import check

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = (REPOSITORY / "docs/configuration.md").read_text(encoding="utf-8")
SCHEMA = json.loads((REPOSITORY / "schemas/config.schema.json").read_text(encoding="utf-8"))


def keys_of(schema: Any) -> Iterator[str]:
    """The names of all properties anywhere in *schema*."""
    if isinstance(schema, dict):
        yield from schema.get("properties", ())
        for name, inner in schema.items():
            if name != "examples":
                yield from keys_of(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from keys_of(inner)


def options_of(command: Command) -> list[str]:
    return [name for param in command.params if param.param_type_name == "option" for name in param.opts]


KEYS = sorted(set(keys_of(SCHEMA)))
OPTIONS = sorted([*options_of(check), "-h", "--help"])


def test_keys_and_options_are_found_at_all() -> None:
    assert {"paths", "files", "severity"} <= set(KEYS)
    assert {"-o", "--no-cache"} <= set(OPTIONS)


@pytest.mark.parametrize("key", KEYS)
def test_every_key_of_a_configuration_has_a_row_or_an_entry(key: str) -> None:
    assert re.search(rf"^\|.*`{key}`", PAGE, re.MULTILINE)


@pytest.mark.parametrize("option", OPTIONS)
def test_every_option_of_check_has_a_row(option: str) -> None:
    assert re.search(rf"^\|[^|]*`{option}[ `]", PAGE, re.MULTILINE)


@pytest.mark.parametrize("word", SCHEMA["$defs"]["fail-on"]["enum"])
def test_every_value_of_fail_on_is_named(word: str) -> None:
    (row,) = re.findall(r"^\| `fail-on`.*", PAGE, re.MULTILINE)
    assert f"`{word}`" in row
