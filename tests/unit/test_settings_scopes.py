"""Where an override holds: patterns of files, and pointers behind them."""

from __future__ import annotations

from pathlib import Path

import pytest

from journeylint.settings import PlanKeys
from journeylint.settings.scopes import scope_from, scope_problem
from journeylint.settings.values import Layer, Place, Scope, Settings, Word


def scope(*patterns: str, folder: Path = Path("/work")) -> Scope:
    return scope_from([Word(text, Place("c.yaml", 1, number), folder) for number, text in enumerate(patterns, 1)])


@pytest.mark.parametrize(
    ("pointer", "place", "expected"),
    [
        ("", [], True),
        ("", ["spec"], True),
        ("/spec", ["spec"], True),
        ("/spec", ["spec", "segments"], True),
        ("/spec", ["specs"], False),
        ("/spec", [], False),
        ("/spec/*", ["spec"], False),
        ("/spec/*", ["spec", "0"], True),
        ("/*/0", ["spec", "0"], True),
        ("/*/0", ["spec", "1"], False),
        ("/a~1b", ["a/b"], True),
        ("/a~0b", ["a~b"], True),
        ("/a~01", ["a~1"], True),
        ("/", [""], True),
        ("/", ["spec"], False),
        ("/a#b", ["a#b"], True),
    ],
)
def test_a_pointer_covers_what_is_at_and_below_it(pointer: str, place: list[str], expected: bool) -> None:
    (pattern,) = scope(f"*#{pointer}").places
    assert pattern.covers(place) is expected


@pytest.mark.parametrize(
    ("patterns", "whole", "parts"),
    [
        (("a.yaml",), "a.yaml", ""),
        (("a.yaml#/x",), "", "a.yaml"),
        (("a.yaml", "b.yaml#/x"), "a.yaml", "b.yaml"),
        (("*#/x", "!b.yaml"), "", "a.yaml c.yaml"),
        (("!b.yaml", "*#/x"), "", "a.yaml b.yaml c.yaml"),
        (("*", "!b.yaml", "b.yaml#/x"), "a.yaml c.yaml", "b.yaml"),
        (("*.yaml#/x", "!*", "c.yaml#/x"), "", "c.yaml"),
    ],
)
def test_patterns_with_and_without_pointers_stand_side_by_side(
    patterns: tuple[str, ...], whole: str, parts: str
) -> None:
    keys = PlanKeys(Settings(Path("/work"), layers=(Layer(scope=scope(*patterns)),)), working_directory=Path("/work"))
    files = ("a.yaml", "b.yaml", "c.yaml")
    found = {file: keys.places(file) for file in files}
    assert " ".join(file for file in files if keys.key(file) == (0,)) == whole
    assert " ".join(file for file, places in found.items() if places is not None) == parts
    for places in filter(None, found.values()):
        assert places.key(["x", "y"]) == (0,)


def test_without_pointers_no_path_has_places() -> None:
    keys = PlanKeys(Settings(Path("/work"), layers=(Layer(scope=scope("*")),)), working_directory=Path("/work"))
    assert (keys.has_places, keys.places("a.yaml")) == (False, None)


def test_patterns_start_at_the_folder_of_the_file_that_holds_them() -> None:
    layer = Layer(scope=scope("/j/*.yaml#/x", "/k.yaml", folder=Path("/srv/base")))
    keys = PlanKeys(Settings(Path("/srv/team"), layers=(layer,)), working_directory=Path("/srv/team"))
    assert keys.places("../base/j/a.yaml") is not None
    assert keys.places("j/a.yaml") is None
    assert (keys.key("../base/k.yaml"), keys.key("k.yaml")) == ((0,), ())


@pytest.mark.parametrize("text", ["a.yaml", "!a.yaml", "a#", "a#/", "a#/~0~1", "\\#a", "a\\#b", "a#/x/*", "a#/x#y"])
def test_what_is_in_order_has_no_problem(text: str) -> None:
    assert scope_problem(text) is None


@pytest.mark.parametrize("text", ["a#x", "#", "#/x", "!a#", "!a#/x", "a#/~", "a#/~2", "a# /x"])
def test_what_is_not_has_one(text: str) -> None:
    assert scope_problem(text) is not None
