"""What is told of plugins that cannot be used: which one, of which distribution, and why."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from journeylint import hookimpl
from journeylint.entry_points import EntryPoint
from journeylint.errors import JourneylintError, PluginError
from journeylint.host import build_host
from journeylint.model import JsonObject
from journeylint.ports import CelFunction, Kind, PolicyRoot, ReporterEntry
from tests.judging import run_check
from tests.kinds import make_journey, read_schema

TITLE = "made-up (made_up 1.2)"


@pytest.fixture
def plugin(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """An importable module without hooks."""
    module = types.ModuleType("journeylint_made_up")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


def entry(target: str = "journeylint_made_up") -> EntryPoint:
    return EntryPoint("made-up", target, "made_up", "1.2")


def add_hook(plugin: types.ModuleType, name: str, hook: Callable[[], object]) -> None:
    def implementation() -> object:
        return hook()

    implementation.__name__ = name
    setattr(plugin, name, hookimpl(implementation))


def error_of(target: str = "journeylint_made_up") -> str:
    with pytest.raises(PluginError) as caught:
        build_host([entry(target)])
    assert caught.value.exit_code == 2
    (message,) = caught.value.messages
    assert TITLE in message
    return message


def test_what_a_plugin_supplies_is_beside_what_is_built_in(plugin: types.ModuleType) -> None:
    add_hook(plugin, "journeylint_functions", lambda: [CelFunction("twice", ("int",), "int", lambda n: 2 * n)])
    add_hook(plugin, "journeylint_kinds", lambda: iter([Kind("Wave", {"type": "object"})]))
    host = build_host([entry()])
    assert {"Journey", "Segment", "Wave"} <= set(host.kinds)
    assert "twice" in {function.name for function in host.functions}
    assert host.plugins[-1].title == TITLE


def test_a_plugin_may_be_an_attribute_of_a_module(plugin: types.ModuleType) -> None:
    plugin.inner = types.SimpleNamespace(plugin=types.ModuleType("inner"))  # type: ignore[attr-defined]  # made up here
    assert build_host([entry("journeylint_made_up:inner.plugin")]).plugins[-1].title == TITLE


@pytest.mark.parametrize("target", ["no_such_module_at_all", "journeylint_made_up:nothing", ""])
def test_a_plugin_that_cannot_be_imported_is_named(plugin: types.ModuleType, target: str) -> None:
    assert "cannot be imported: " in error_of(target)


def test_a_plugin_that_raises_while_it_is_imported_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "journeylint_raising.py").write_text("raise RuntimeError('not today')")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert "cannot be imported: RuntimeError: not today\n-p no:made-up runs without it" in error_of(
        "journeylint_raising"
    )


def test_a_plugin_that_raises_in_a_hook_is_named(plugin: types.ModuleType) -> None:
    def raise_error() -> object:
        raise KeyError("gone")

    add_hook(plugin, "journeylint_kinds", raise_error)
    assert "failed in journeylint_kinds: KeyError: 'gone'" in error_of()


def test_a_plugin_that_raises_while_it_is_asked_for_the_next_thing_is_named(plugin: types.ModuleType) -> None:
    def yield_and_raise() -> Iterable[Kind]:
        yield Kind("Wave", {})
        raise ValueError("broken")

    add_hook(plugin, "journeylint_kinds", yield_and_raise)
    assert "failed in journeylint_kinds: ValueError: broken" in error_of()


@pytest.mark.parametrize("returned", [None, 5, "text", ["text"], [None], [Kind], {"a": 1}])
@pytest.mark.parametrize(
    "hook",
    [
        "journeylint_kinds",
        "journeylint_functions",
        "journeylint_reporters",
        "journeylint_loaders",
        "journeylint_policy_roots",
    ],
)
def test_a_hook_that_returns_something_else_is_told(plugin: types.ModuleType, hook: str, returned: object) -> None:
    add_hook(plugin, hook, lambda: returned)
    assert hook in error_of()


def test_a_misspelt_hook_is_told(plugin: types.ModuleType) -> None:
    add_hook(plugin, "journeylint_kind", list)
    assert "did you mean 'journeylint_kinds'?" in error_of()


class TakenLoader:
    suffixes = (".json",)

    def load(self, text: str) -> list[object]:
        return []


@pytest.mark.parametrize(
    ("hook", "value", "told"),
    [
        ("journeylint_kinds", Kind("Journey", {}), "kind 'Journey'"),
        (
            "journeylint_functions",
            CelFunction("hours", ("int",), "duration", lambda _: None),
            "CEL function 'hours(int)'",
        ),
        (
            "journeylint_reporters",
            ReporterEntry("json", "x", lambda: None),  # type: ignore[arg-type,return-value]  # never called
            "report format 'json'",
        ),
        ("journeylint_loaders", TakenLoader(), "loader for '.json'"),
    ],
)
def test_what_is_supplied_twice_is_told_with_both_plugins(
    plugin: types.ModuleType, hook: str, value: object, told: str
) -> None:
    add_hook(plugin, hook, lambda: [value])
    assert f"{told} is supplied by two plugins: " in error_of()


@pytest.mark.parametrize(
    ("hook", "value"),
    [
        ("journeylint_functions", CelFunction("mine", ("integer",), "int", lambda _: 1)),
        ("journeylint_functions", CelFunction("mine", ("int",), "number", lambda _: 1)),
        ("journeylint_functions", CelFunction("not a name", ("int",), "int", lambda _: 1)),
        ("journeylint_functions", CelFunction("lookup", ("string", "string"), "dyn", lambda *_: 1)),
        ("journeylint_functions", CelFunction("size", ("list",), "int", lambda *_: 1)),
        ("journeylint_kinds", Kind("Wave", {"type": "nonsense"})),
        ("journeylint_kinds", Kind("Wave", {"format": "nonsense", "type": "string"})),
        ("journeylint_kinds", Kind("Wave", {"$ref": "https://example.com/x.json"})),
        ("journeylint_kinds", Kind("not a name", {"type": "object"})),
        ("journeylint_policy_roots", PolicyRoot(Path("/nowhere/at/all"))),
    ],
)
def test_a_wrong_declaration_ends_the_run_with_words(
    plugin: types.ModuleType, hook: str, value: object, tmp_path: Path
) -> None:
    add_hook(plugin, hook, lambda: [value])
    with pytest.raises(JourneylintError) as caught:
        run_check(tmp_path, build_host([entry()]), {"j.json": make_journey()})
    assert caught.value.exit_code == 2
    assert "made-up (made_up 1.2)" in str(caught.value)


def test_a_kind_of_a_plugin_is_judged_like_our_own(plugin: types.ModuleType, tmp_path: Path) -> None:
    schema = read_schema("segment")
    schema["properties"]["kind"] = {"const": "Wave"}  # type: ignore[index,call-overload]  # a schema is a mapping
    add_hook(plugin, "journeylint_kinds", lambda: [Kind("Wave", schema)])
    wave: JsonObject = {**make_journey({"name": "w"}), "kind": "Wave", "spec": {"source": "data"}}
    report = run_check(tmp_path, build_host([entry()]), {"w.json": wave})
    assert (dict(report.kinds), report.failures) == ({"Wave": 1}, ())


def test_a_function_may_take_further_types_under_a_name_of_ours(plugin: types.ModuleType) -> None:
    add_hook(plugin, "journeylint_functions", lambda: [CelFunction("hours", ("string",), "duration", lambda _: None)])
    assert build_host([entry()]).plugins[-1].title == TITLE
