"""Web API pages become rows with places; what is not in order is told where it stands. All exports are synthetic."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from journeylint.exports.web_api import WebApiImporter
from journeylint.formats import limits
from journeylint.import_ports import FIRST_BYTES, ImportFile, SourceItem, SourceProblem, SourceRow
from journeylint.model import Span
from tests.exports import JOURNEYS, SEGMENTS, TABLES, identifier, page

LABEL = "OData.Community.Display.V1.FormattedValue"


def offer(folder: Path, content: str | bytes, name: str = "page.json") -> ImportFile:
    """A file with this content, as it is offered to importers."""
    file = folder / name
    data = content if isinstance(content, bytes) else content.encode()
    file.write_bytes(data)
    return ImportFile(name, str(file), data[:FIRST_BYTES])


def read(folder: Path, content: str | bytes) -> list[SourceItem]:
    """What the importer makes of a file with this content."""
    return list(WebApiImporter(TABLES).read(offer(folder, content)))


def rows_of(read: Iterable[SourceItem]) -> list[SourceRow]:
    """The rows alone."""
    return [one for one in read if isinstance(one, SourceRow)]


def problems_of(read: Iterable[SourceItem]) -> list[SourceProblem]:
    """The problems alone."""
    return [one for one in read if isinstance(one, SourceProblem)]


def text_at(text: str, span: Span) -> str:
    """What stands at *span*, which is on one line."""
    assert span.line == span.end_line
    return text.split("\n")[span.line - 1][span.column - 1 : span.end_column - 1]


def test_a_page_gives_its_rows_in_their_order(tmp_path: Path) -> None:
    rows = rows_of(read(tmp_path, page(JOURNEYS, [{"id": "b", "name": "B"}, {"id": "a", "name": "A"}])))
    assert [(row.table, row.id, row.columns["name"]) for row in rows] == [(JOURNEYS, "b", "B"), (JOURNEYS, "a", "A")]


@pytest.mark.parametrize("context", [True, False])
def test_the_table_is_told_by_the_context_or_by_the_key(tmp_path: Path, context: bool) -> None:
    (row,) = rows_of(read(tmp_path, page(SEGMENTS, [{"id": "a"}], context=context)))
    assert row.table == SEGMENTS


def test_a_single_row_and_a_list_of_rows_are_read_too(tmp_path: Path) -> None:
    one = {"@odata.context": "x/$metadata#synthetic_journeys(name)/$entity", "synthetic_journeyid": "a", "name": "A"}
    assert [row.table for row in rows_of(read(tmp_path, json.dumps(one)))] == [JOURNEYS]
    assert [row.id for row in rows_of(read(tmp_path, json.dumps([{"synthetic_segmentid": "s"}])))] == ["s"]


def test_a_context_behind_the_rows_counts(tmp_path: Path) -> None:
    text = '{"value": [{"name": "x", "accountid": "1"}], "@odata.context": "x/$metadata#accounts"}'
    assert [row.table for row in rows_of(read(tmp_path, text))] == ["accounts"]


def test_the_type_of_a_row_goes_before_the_context(tmp_path: Path) -> None:
    row = {"@odata.type": "#Microsoft.Dynamics.CRM.synthetic_segment", "synthetic_segmentid": "s"}
    text = json.dumps({"@odata.context": "x/$metadata#synthetic_journeys", "value": [row]})
    assert [row.table for row in rows_of(read(tmp_path, text))] == [SEGMENTS]


def test_lookups_are_columns_by_their_name_and_formatted_values_are_labels(tmp_path: Path) -> None:
    key = identifier(1).upper()
    row = {"id": "a", "_ownerid_value": key, f"_ownerid_value@{LABEL}": "Jo", "state": 1, f"state@{LABEL}": "Live"}
    (read_row,) = rows_of(read(tmp_path, page(JOURNEYS, [row])))
    assert read_row.columns["ownerid"] == key.lower()
    assert dict(read_row.labels) == {"ownerid": "Jo", "state": "Live"}
    assert not any("@" in name or name.startswith("_") for name in read_row.columns)


def test_a_guid_is_in_small_letters_and_another_key_stays(tmp_path: Path) -> None:
    rows = rows_of(read(tmp_path, page(JOURNEYS, [{"id": identifier(171).upper()}, {"id": "ABC"}])))
    assert [row.id for row in rows] == [identifier(171), "ABC"]


def test_json_inside_json_stays_text(tmp_path: Path) -> None:
    (row,) = rows_of(read(tmp_path, page(JOURNEYS, [{"id": "a", "json": '{"a": [1]}'}])))
    assert row.columns["json"] == '{"a": [1]}'


@pytest.mark.parametrize("before", ["", "é𝒳 "])
def test_places_count_code_points_from_one(tmp_path: Path, before: str) -> None:
    text = (
        f'{{"value": [\n {{"synthetic_journeyid": "a", "{before}x": 1, "name": "{before}A", "_ownerid_value": "o"}}]}}'
    )
    (row,) = rows_of(read(tmp_path, text))
    assert text_at(text, row.locate("name")) == f'"{before}A"'
    assert text_at(text, row.locate("ownerid")) == '"o"'
    assert text_at(text, row.locate("")).startswith('{"synthetic_journeyid"')
    assert row.locate("missing") == row.locate("")


def test_a_place_in_a_row_of_several_lines_is_found(tmp_path: Path) -> None:
    text = page(JOURNEYS, [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}])
    rows = rows_of(read(tmp_path, text))
    assert [text_at(text, row.locate("name")) for row in rows] == ['"A"', '"B"']


def test_a_row_without_key_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    text = (
        '{"@odata.context": "x/$metadata#synthetic_journeys", "value": [{"name": "x"}, {"synthetic_journeyid": "b"}]}'
    )
    found = read(tmp_path, text)
    assert [row.id for row in rows_of(found)] == ["b"]
    (problem,) = problems_of(found)
    assert "has no synthetic_journeyid" in problem.message
    assert problem.table == JOURNEYS


def test_a_row_of_which_nothing_says_the_table_is_told(tmp_path: Path) -> None:
    (problem,) = problems_of(read(tmp_path, '{"value": [{"name": "x"}]}'))
    assert "nothing says which table this row is of" in problem.message


@pytest.mark.parametrize(
    ("text", "read_ids", "told"),
    [
        ('{"value": [{"synthetic_journeyid": "a"}, {"synthetic_journeyid": "b", ', ["a"], "not valid JSON: it ends"),
        ('{"value": [{"synthetic_journeyid": "a"}] "x"}', ["a"], "not valid JSON"),
        (
            '{"value": [{"synthetic_journeyid": "a", "name": 1, "name": 2}, {"synthetic_journeyid": "b"}]}',
            ["b"],
            "duplicate key",
        ),
        ('{"value": [{"synthetic_journeyid": "a", "name": NaN}]}', [], "not valid JSON"),
        ('{"value": [{"synthetic_journeyid": "a"}]} x', ["a"], "stands where the end of the file is expected"),
        ('{"value": [{"synthetic_journeyid": "a"}, ' + "[" * 100_000, ["a"], "levels deep"),
    ],
)
def test_what_is_not_in_order_is_told_and_the_rest_is_read(
    tmp_path: Path, text: str, read_ids: list[str], told: str
) -> None:
    found = read(tmp_path, text)
    assert [row.id for row in rows_of(found)] == read_ids
    assert told in problems_of(found)[0].message


def test_a_row_that_is_broken_inside_says_which_one_it_is(tmp_path: Path) -> None:
    text = '{"value": [{"synthetic_journeyid": "b", "name": 1, "name": 2}]}'
    (problem,) = problems_of(read(tmp_path, text))
    assert (problem.table, problem.id, problem.span.line) == (JOURNEYS, "b", 1)


def test_bytes_that_are_no_utf_8_are_told_where_they_stand(tmp_path: Path) -> None:
    (problem,) = problems_of(read(tmp_path, b'{"value": [\n "\xff"]}'))
    assert "is not UTF-8" in problem.message
    assert problem.span.line == 2


def test_utf_16_is_recognized_and_told(tmp_path: Path) -> None:
    data = page(JOURNEYS, [{"id": "a"}]).encode("utf-16")
    assert WebApiImporter(TABLES).recognizes(offer(tmp_path, data))
    assert "UTF-16" in problems_of(read(tmp_path, data))[0].message


def test_a_file_that_is_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("journeylint.exports.web_api.DEFAULT_LIMITS", limits.Limits(file_bytes=40))
    text = page(JOURNEYS, [{"id": "a"}])
    assert "fetch it in pages" in problems_of(read(tmp_path, text))[0].message


def test_a_file_that_went_away_is_told(tmp_path: Path) -> None:
    file = offer(tmp_path, "{}")
    Path(file.file).unlink()
    (problem,) = WebApiImporter(TABLES).read(file)
    assert isinstance(problem, SourceProblem)
    assert "cannot be read" in problem.message


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        ('{"@odata.context": "x"}', "a.json", True),
        ('\ufeff {"value": []}', "a.JSON", True),
        ('{"synthetic_journeyid": "a"}', "a.json", True),
        ('{"value": []}', "a.txt", False),
        ('{"name": "x"}', "a.json", False),
        ('{"apiVersion": "journeylint/v1", "x": "synthetic_journeyid", "@odata.context": ""}', "a.json", False),
    ],
)
def test_files_are_recognized_by_name_and_beginning(tmp_path: Path, content: str, name: str, expected: bool) -> None:
    assert WebApiImporter(TABLES).recognizes(offer(tmp_path, content, name)) is expected


def test_a_place_is_the_row_where_the_file_has_changed_meanwhile(tmp_path: Path) -> None:
    file = offer(tmp_path, page(JOURNEYS, [{"id": "a", "name": "A"}]), "changed.json")
    (row,) = rows_of(WebApiImporter(TABLES).read(file))
    Path(file.file).unlink()
    assert row.locate("name") == row.locate("")
