"""An import of no rows, and of pages that are not all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from journeylint.host import build_host
from tests.contract.test_import_unsaid import FULL, SEGMENT, page, run, texts
from tests.dataverse_rows import make_guid
from tests.exports import import_into, package


def segments(*numbers: int, leads_on: bool = False) -> str:
    rows = [{**FULL[SEGMENT], "msdynmkt_displayname": f"S {one}", "id": make_guid(one)} for one in numbers]
    data = json.loads(page(SEGMENT, *rows))
    return json.dumps({**data, **({"@odata.nextLink": "https://x/next"} if leads_on else {})})


def run_pages(folder: Path, *pages: str, **asked: Any) -> tuple[int, str]:
    source = folder / "pages"
    source.mkdir(exist_ok=True)
    for old in source.iterdir():
        old.unlink()
    for number, text in enumerate(pages, 1):
        (source / f"{number}.json").write_text(text, "utf-8")
    return import_into(folder / "out", source, host=build_host([]), **asked)


def test_an_import_of_no_row_is_none(tmp_path: Path) -> None:
    for content, name in (('{"value": []}', "page.json"), (package("<entities></entities>"), "norows.zip")):
        code, told = run(tmp_path, content, name)
        assert code == 3
        assert "There is no row in it" in told
    assert texts(tmp_path) == {}


def test_an_import_of_other_tables_alone_is_none(tmp_path: Path) -> None:
    accounts = '{"@odata.context": "https://x.example/$metadata#accounts", "value": [{"name": "Bank"}]}'
    code, told = run(tmp_path, accounts, "accounts.json")
    assert code == 3
    assert "No row in it is of a table that is read" in told
    assert texts(tmp_path) == {}
    code, told = run_pages(tmp_path, segments(1), accounts)
    assert code == 0
    assert "No row in it" not in told


def test_a_page_without_rows_beside_others_is_in_order(tmp_path: Path) -> None:
    code, told = run_pages(tmp_path, segments(1), '{"value": []}')
    assert code == 0
    assert "There is no row" not in told


def test_what_is_wrong_with_a_file_is_no_row(tmp_path: Path) -> None:
    code, told = run(tmp_path, b"no archive", "data.zip")
    assert code == 3
    assert "of 0 rows in 1 file" in told
    assert "1 failure: see above" in told


def test_a_row_that_cannot_be_read_is_a_row(tmp_path: Path) -> None:
    _, told = run(tmp_path, json.dumps({"value": [{"x": 1}, 7, json.loads(segments(1))["value"][0]]}))
    assert "of 3 rows in 1 file" in told


def test_pages_that_lead_on_delete_nothing(tmp_path: Path) -> None:
    run_pages(tmp_path, segments(1, 2), segments(3))
    code, told = run_pages(tmp_path, segments(1, leads_on=True), prune=True)
    assert code == 0
    assert "1.json leads on, and no page is the last" in " ".join(told.split())
    assert len(texts(tmp_path)) == 3
    _, told = run_pages(tmp_path, segments(1, leads_on=True), format="json")
    data = json.loads(told)
    assert [one["table"] for one in data["incompleteTables"]] == [SEGMENT]
    assert data["gone"] == []


def test_pages_with_the_last_one_are_complete_in_any_order(tmp_path: Path) -> None:
    for pages in (
        (segments(1, leads_on=True), segments(2)),
        (segments(2), segments(1, leads_on=True)),
        (segments(1, 2, leads_on=True), segments()),
    ):
        run_pages(tmp_path, segments(1, 2, 3))
        assert len(texts(tmp_path)) == 3
        _, told = run_pages(tmp_path, *pages, prune=True)
        assert "leads on" not in told
        assert len(texts(tmp_path)) == 2
