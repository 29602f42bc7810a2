"""Several selections at once find what each of them finds alone."""

from __future__ import annotations

import pytest

from journeylint.model import JsonValue
from journeylint.selection import compile_selection, compile_selector

CHAINS = (
    "$.a[*]",
    "$.a.b",
    "$.a[*].b",
    "$['a', 'b'][*].c",
    "$['b', 'a']",
    "$.a[0]",
    "$.a[*][*]",
    "$.a.*",
    "$.a[*]['c', 'b']",
    "$..b",
)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"a": {"b": 1, "c": [2]}},
        {"a": [{"b": 1, "c": 2}, {"c": 3}, [4, {"b": 5}], None], "b": [{"c": 6}, "c"]},
        {"a": [], "b": {"a": {"b": None}}},
        {"b": {"x": {"c": 1}}, "a": {"y": {"c": 2, "b": [3]}}},
        ["a", {"a": 1}],
    ],
)
def test_selects_what_each_selects_alone(data: JsonValue) -> None:
    selection = compile_selection({chain: compile_selector(chain) for chain in CHAINS})

    found = selection.values(data)

    for chain in CHAINS:
        assert found.get(chain, []) == [node for _, node in compile_selector(chain).find(data)], chain
    assert [] not in found.values()
