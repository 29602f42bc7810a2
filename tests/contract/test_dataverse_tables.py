"""Holds the tables of Dataverse to what they say of themselves: the columns that they read, the members that they own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import ModuleType

import pytest

from journeylint.dataverse_tables import journey, message, segment, trigger
from journeylint.dataverse_tables.tables import TABLES
from journeylint.host import build_host
from journeylint.model import JsonObject, JsonValue
from tests.dataverse_rows import BY_NAME, make_guid, make_row, read_row

LEAST: dict[str, JsonObject] = {
    "msdynmkt_journey": {"msdynmkt_triggertype": 2},
    "msdynmkt_segment": {"msdynmkt_source": 12},
    "msdynmkt_segmentusage": {
        "msdynmkt_journeyid": make_guid(1),
        "msdynmkt_segmentid": make_guid(2),
        "msdynmkt_usage": 1,
    },
}
OWNERS: list[tuple[str, ModuleType, int]] = [
    ("msdynmkt_journey", journey, 1),
    ("msdynmkt_segment", segment, 1),
    ("msdynmkt_segmentdefinition", segment, 2),
    ("msdyncrm_segment", segment, 3),
    ("msdynmkt_email", message, 1),
    ("msdynmkt_eventmetadata", trigger, 1),
]


class RecordingColumns(Mapping[str, JsonValue]):
    """The columns of a row that remember which of them were asked for."""

    def __init__(self, columns: JsonObject) -> None:
        self._columns = columns
        self.asked: set[str] = set()

    def __getitem__(self, key: str) -> JsonValue:
        self.asked.add(key)
        return self._columns[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


def list_members(module: ModuleType, column: int) -> set[str]:
    """The members of specs that the table in the docstring of *module* has something for in this *column*."""
    rows = [line.strip("|").split("|") for line in (module.__doc__ or "").split("\n") if line.startswith("| `")]
    named = [name for row in rows if row[column].strip() for name in re.findall(r"`([A-Za-z]+)[.`]", row[0])]
    return set(named) - {"origin"}


@pytest.mark.parametrize(("table", "module", "column"), OWNERS)
def test_the_table_in_its_docstring_names_every_member_that_a_table_owns(
    table: str, module: ModuleType, column: int
) -> None:
    members = set(read_row(table, LEAST.get(table, {})).spec)
    listed = list_members(module, column)
    assert members == listed - ({"characters"} if table == "msdynmkt_email" else set())


@pytest.mark.parametrize("table", sorted(BY_NAME))
def test_a_table_looks_at_no_column_that_it_does_not_name(table: str) -> None:
    columns = RecordingColumns(LEAST.get(table, {}))
    BY_NAME[table].read(make_row(table, columns))
    assert columns.asked <= set(BY_NAME[table].columns)


def test_every_table_is_to_be_had_from_the_host_once() -> None:
    assert [table.name for table in TABLES] == list(BY_NAME)
    assert dict(build_host().tables).items() >= BY_NAME.items()
