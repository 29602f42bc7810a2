"""docs/writing-plugins.md: no hook, no field of what hooks return, and no way to choose plugins is left out."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from journeylint import hookspecs
from journeylint.cli.app import COMMANDS, app
from journeylint.guarded_call import DEFAULT_TIMEOUT, TIMEOUT_VARIABLE
from journeylint.host import HOOKS
from journeylint.import_ports import (
    ImportedManifest,
    Importer,
    ImporterEntry,
    ImportFile,
    NotAnalysed,
    RowReference,
    SourceProblem,
    SourceRow,
    Table,
)
from journeylint.model import Document, Problem, Span
from journeylint.plugin_choice import LOAD_VARIABLE, LOCAL_OPTION
from journeylint.ports import CelFunction, Kind, Loader, PolicyRoot, Reporter, ReporterEntry, Want
from journeylint.settings.values import PluginRules
from tests.contract.test_docs import blocks_of, steps_of

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "writing-plugins.md").read_text(encoding="utf-8")
SPECIFIED = [name for name in vars(hookspecs) if name.startswith("journeylint_")]
TUPLES = (
    *(PolicyRoot, CelFunction, Kind, ReporterEntry, Document, Problem, Span),
    *(ImporterEntry, ImportFile, SourceRow, SourceProblem, Table, ImportedManifest, RowReference, NotAnalysed),
)
GROUPS = ("baseline", "config", "new")
"""Commands that only hold others."""

FIELDS = [
    *((kind.__name__, field) for kind in TUPLES for field in kind._fields),
    *(
        (kind.__name__, name)
        for kind in (Loader, Reporter, Importer)
        for name in vars(kind)
        if not name.startswith("_")
    ),
    *(("Want", want.name) for want in Want),
]


def table_about(name: str) -> str:
    """The rows of the table about a type: the one with its name at the top, or the first below its heading."""
    found = re.search(rf"^\| `{name}` \|[^\n]*\n(?:\|[^\n]*\n)+", PAGE, re.MULTILINE) or re.search(
        rf"^### `{name}`\n\n(?:\|[^\n]*\n)+", PAGE, re.MULTILINE
    )
    assert found is not None, f"there is no table about {name}"
    return found[0]


def test_hooks_and_fields_are_found_at_all() -> None:
    assert {"journeylint_kinds", "journeylint_reporters"} <= set(SPECIFIED)
    assert {("Kind", "schema"), ("Loader", "load"), ("Reporter", "wants"), ("Want", "LINES")} <= set(FIELDS)


@pytest.mark.parametrize("hook", SPECIFIED)
def test_every_hook_has_a_row_that_says_what_it_returns(hook: str) -> None:
    expected = HOOKS[hook.removeprefix("journeylint_")].__name__
    assert re.search(rf"^\| `{hook}` \| \[`{expected}`\]", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_every_field_of_what_hooks_return_has_a_row(name: str, field: str) -> None:
    assert re.search(rf"^\|[^|]*`{field}[`(]", table_about(name).partition("\n")[2], re.MULTILINE)


@pytest.mark.parametrize("rule", [name for name in PluginRules._fields if name != "paths"])
def test_every_list_of_the_configuration_has_a_row(rule: str) -> None:
    assert re.search(rf"^\| configuration \| `plugins.{rule}`", PAGE, re.MULTILINE)


def test_the_other_ways_to_choose_plugins_are_told() -> None:
    for word in ("`plugins.paths`", f"`{LOAD_VARIABLE}=", f"`{TIMEOUT_VARIABLE}`", f"`{LOCAL_OPTION}`", "`-p no:NAME`"):
        assert word in PAGE
    assert f"longer than {DEFAULT_TIMEOUT:g} seconds" in PAGE


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in GROUPS])
def test_every_command_that_loads_plugins_can_leave_one_out(name: str) -> None:
    command = app.get_command(click.Context(app), name)
    assert command is not None
    options = {option for param in command.params for option in param.opts}
    assert {"-p", LOCAL_OPTION, "--config"} <= options


def test_every_block_of_the_page_is_used() -> None:
    unused = [block.line for block in blocks_of(PAGE) if not ("file" in block.options or steps_of(block))]
    assert unused == []
