"""Files that were named, or stand among exports, and hold no rows: each is told, and none passes for an export that was read."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.contract.command_line import AS_OF, check, run_in, segment, write
from tests.contract.test_check_export import PACKAGE, a_segment, package

ERROR_PAGE = '{"error": {"code": "0x80040220", "message": "Principal user is missing prvReadmsdynmkt_journey"}}'


def an_archive(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "<x />")
    return stream.getvalue()


@pytest.mark.parametrize("content", [b"", b"<html>sign in</html>", PACKAGE[:200], PACKAGE[200:]])
def test_what_is_called_zip_and_is_none_is_a_failure_beside_manifests_that_can_be_judged(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "data.zip").write_bytes(content)
    write(tmp_path, {"segments.yaml": segment("vip")})
    outcome = check(tmp_path, "segments.yaml", "data.zip")
    assert outcome.status == 3
    assert outcome.codes == ["JL001"]


def test_what_is_called_zip_and_is_none_is_a_failure_of_an_import_in_which_nothing_is_taken_for_gone(
    tmp_path: Path,
) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "data.zip").write_bytes(package(a_segment()))
    (exports / "more.zip").write_bytes(b"<html>sign in</html>")
    status, out, _ = run_in(tmp_path, ("import", "exports", "-o", "contoso"))
    assert status == 3
    assert "exports/more.zip:1:1: error: not imported" in out
    assert "Which rows are gone cannot be told" in out


def test_an_answer_that_is_an_error_is_a_failure_with_what_the_server_said(tmp_path: Path) -> None:
    write(tmp_path, {"segments.yaml": segment("vip"), "journeys.json": ERROR_PAGE})
    outcome = check(tmp_path, "segments.yaml", "journeys.json")
    assert outcome.status == 3
    (failure,) = outcome.failures
    assert "an error that the Web API answered with" in failure["message"]
    assert "Principal user is missing" in failure["message"]


def test_json_that_has_an_error_of_its_own_is_a_document_of_another_kind(tmp_path: Path) -> None:
    write(tmp_path, {"segments.yaml": segment("vip"), "other.json": '{"error": "none", "code": 1}'})
    outcome = check(tmp_path, "segments.yaml", "other.json")
    assert outcome.status == 0
    assert outcome.summary["skippedDocuments"] == 1


def test_a_solution_is_told_as_one_with_what_to_export_instead(tmp_path: Path) -> None:
    (tmp_path / "solution.zip").write_bytes(an_archive("solution.xml", "customizations.xml"))
    (failure,) = check(tmp_path, "solution.zip").failures
    assert failure["message"].startswith("it is a solution: ")
    (tmp_path / "other.zip").write_bytes(an_archive("readme.txt"))
    (failure,) = check(tmp_path, "other.zip").failures
    assert failure["message"].startswith("it holds no data.xml")


def test_a_report_shows_no_bytes_of_an_archive_as_lines(tmp_path: Path) -> None:
    (tmp_path / "other.zip").write_bytes(an_archive("readme.txt"))
    _, out, _ = run_in(tmp_path, ("check", "other.zip", "--as-of", AS_OF))
    assert "it holds no data.xml" in out
    assert "PK" not in out


def test_a_row_that_two_packages_hold_is_told_with_the_entry_in_which_the_other_stands(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(package(a_segment(title="VIP")))
    (tmp_path / "b.zip").write_bytes(package(a_segment(title="Others")))
    (failure,) = check(tmp_path, "a.zip", "b.zip").failures
    assert "this row is also at a.zip!/data.xml:4:1" in failure["message"]


def test_a_second_manifest_of_one_row_is_told_with_the_entry_in_which_the_row_stands(tmp_path: Path) -> None:
    (tmp_path / "data.zip").write_bytes(package(a_segment()))
    assert run_in(tmp_path, ("import", "data.zip", "-o", "one"))[0] == 0
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    (failure,) = check(tmp_path, "data.zip", "one", "two").failures
    assert failure["code"] == "JL004"
    assert "the first, at data.zip!/data.xml:4, is judged" in failure["message"]


def test_one_manifest_whose_row_is_gone_is_told_in_the_singular_and_two_in_the_plural(tmp_path: Path) -> None:
    keys = [f"0000000{number}-0000-4000-8000-000000000000" for number in range(1, 4)]
    rows = [a_segment(key, f"Segment {key[:8]}") for key in keys]
    for number, told in (
        (3, ""),
        (2, "1 manifest whose row is gone: --prune deletes it."),
        (1, "2 manifests whose rows"),
    ):
        (tmp_path / "data.zip").write_bytes(package(*rows[:number]))
        _, out, _ = run_in(tmp_path, ("import", "data.zip", "-o", "contoso"))
        assert told in out
