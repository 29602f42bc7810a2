"""Importers and tables of other plugins: whatever they do is told as theirs, and what others bring is imported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from journeylint.errors import PluginError
from journeylint.guarded_importer import guard_importer, guard_table
from journeylint.import_ports import (
    ImportedManifest,
    Importer,
    ImporterEntry,
    ImportFile,
    NotAnalysed,
    OtherHalf,
    RowError,
    RowReference,
    SourceItem,
    SourceProblem,
    SourceRow,
    Table,
)
from journeylint.model import Span

FILE = ImportFile("a.wave", "/a.wave", b"")
PLACE = Span(2, 3, 2, 9)
ROW = SourceRow("waves", "1", {"x": 1}, {}, "", lambda _: PLACE)
SPEC: Any = {"a": [RowReference("Wave", "2")], "b": None}
FINE = ImportedManifest("Wave", "1", "One", SPEC)
HALF = FINE._replace(other_half=OtherHalf("wavedefinitions", "2"))

ANY_ROW: Any = ROW
ANY: Any = FINE
ANY_PROBLEM: Any = SourceProblem
ANY_KEY: Any = ("Wave", 7)
"""The same, of which a plugin may make whatever it likes."""


class Waves:
    """An importer that yields what it is given; an exception among it is raised."""

    def __init__(self, *values: Any, knows: Any = True) -> None:
        self._values, self._knows = values, knows

    def recognizes(self, _: ImportFile) -> bool:
        if isinstance(self._knows, BaseException):
            raise self._knows
        return bool(self._knows)

    def read(self, _: ImportFile) -> Iterator[Any]:
        for value in self._values:
            if isinstance(value, BaseException):
                raise value
            yield value


def make(importer: Any) -> Importer:
    """*importer*, guarded."""

    def create(_: Sequence[Table]) -> Importer:
        if isinstance(importer, BaseException):
            raise importer
        return importer  # type: ignore[no-any-return]  # whatever a plugin returns

    return guard_importer(ImporterEntry("waves", "waves", create), "acme (acme 1.0)").create(())


def read(*values: Any) -> list[SourceItem]:
    """What comes through the guard of an importer that yields *values*."""
    return list(make(Waves(*values)).read(FILE))


def test_what_is_in_order_comes_through() -> None:
    problem = SourceProblem("no", "", PLACE, "waves", "2")
    row, other = read(ROW, problem)
    assert isinstance(row, SourceRow)
    assert (row.columns, row.locate("x"), other) == (ROW.columns, PLACE, problem)
    assert make(Waves()).recognizes(FILE) is True
    assert make(Waves(knows=0)).recognizes(FILE) is False


@pytest.mark.parametrize("importer", [ValueError("boom"), SystemExit(3), None, "text", object()])
def test_an_importer_that_cannot_be_made_ends_the_run_as_the_plugins_fault(importer: Any) -> None:
    with pytest.raises(PluginError, match=r"plugin acme \(acme 1\.0\): importer 'waves' cannot be used"):
        make(importer)


def test_an_importer_that_raises_when_it_is_asked_is_told_with_the_file() -> None:
    with pytest.raises(PluginError, match=r"importer 'waves' failed at a\.wave: KeyError: 'x'"):
        make(Waves(knows=KeyError("x"))).recognizes(FILE)


@pytest.mark.parametrize("error", [ValueError("boom"), SystemExit(3), RecursionError()])
def test_an_importer_that_raises_while_it_reads_keeps_what_it_read_before(error: BaseException) -> None:
    row, problem = read(ROW, error, ROW)
    assert isinstance(row, SourceRow)
    assert isinstance(problem, SourceProblem)
    assert problem.message.startswith(f"plugin acme (acme 1.0): importer 'waves' raised {type(error).__name__}")


@pytest.mark.parametrize(
    "value",
    [
        "text",
        ANY_ROW._replace(id=7),
        ANY_ROW._replace(columns={"x": object()}),
        ANY_ROW._replace(columns=[]),
        ANY_ROW._replace(labels=None),
        ANY_ROW._replace(locate=None),
        ANY_PROBLEM("x", "", (1, 2, 3, 4)),
        ANY_PROBLEM(7, "", PLACE),
    ],
)
def test_what_is_no_row_is_a_problem_and_the_next_one_is_read(value: Any) -> None:
    problem, row = read(value, ROW)
    assert isinstance(problem, SourceProblem)
    assert "expected a SourceRow, SourceProblem or SourcePage" in problem.message
    assert isinstance(row, SourceRow)


@pytest.mark.parametrize("locate", [lambda _: None, lambda _: Span(0, 1, 1, 1), lambda _: int("x")])
def test_a_place_that_a_plugin_does_not_know_is_the_top(locate: Any) -> None:
    (row,) = read(ANY_ROW._replace(locate=locate))
    assert isinstance(row, SourceRow)
    assert row.locate("x") == Span(1, 1, 1, 1)


def test_a_reader_that_is_left_early_is_no_fault() -> None:
    rows = make(Waves(ROW, ROW)).read(FILE)
    assert isinstance(next(iter(rows)), SourceRow)


def test_what_a_plugin_prints_is_not_the_reports(capsys: pytest.CaptureFixture[str]) -> None:
    def translate(_: SourceRow) -> None:
        print("hello")

    assert guard_table(Table("s", "t", "", "k", (), translate), "acme").read(ROW) is None
    assert capsys.readouterr() == ("", "hello\n")


def table_with(result: Any) -> Table:
    """A guarded table whose `read` returns *result*, or raises it."""

    def translate(_: SourceRow) -> Any:
        if isinstance(result, BaseException):
            raise result
        return result

    return guard_table(Table("s", "waves", "", "k", (), translate), "acme (acme 1.0)")


@pytest.mark.parametrize("manifest", [FINE, ANY._replace(not_analysed=(NotAnalysed("a", "b"),)), HALF, None])
def test_a_manifest_that_is_in_order_comes_through(manifest: ImportedManifest | None) -> None:
    assert table_with(manifest).read(ROW) == manifest


@pytest.mark.parametrize(
    ("result", "told"),
    [
        (ValueError("boom"), "raised ValueError: boom"),
        (SystemExit(1), "raised SystemExit: 1"),
        ("text", "returned 'text': expected an ImportedManifest or None"),
        (ANY._replace(kind=7), "whose kind is 7: expected text"),
        (ANY._replace(title=None), "whose title is None: expected text"),
        (ANY._replace(spec=[]), "whose spec is no plain data"),
        (ANY._replace(spec={"a": object()}), "whose spec is no plain data"),
        (ANY._replace(spec={1: "a"}), "whose spec is no plain data"),
        (ANY._replace(spec={"a": RowReference(*ANY_KEY)}), "whose spec is no plain data"),
        (ANY._replace(columns=[]), "whose columns are []"),
        (ANY._replace(columns={"/a": 1}), "whose columns are"),
        (ANY._replace(aliases=["a"]), "whose aliases are"),
        (ANY._replace(not_analysed=("a",)), "whose not_analysed is"),
        (ANY._replace(origin={"a": object()}), "whose origin is"),
        (ANY._replace(other_half=("waves", "1")), "whose other_half is ('waves', '1'): expected None or an OtherHalf"),
        (ANY._replace(other_half=OtherHalf("waves", ANY_KEY)), "whose other_half is"),
    ],
)
def test_a_table_that_does_something_else_is_told_at_the_row(result: Any, told: str) -> None:
    with pytest.raises(RowError) as error:
        table_with(result).read(ROW)
    assert str(error.value).startswith("the table 'waves' of plugin acme (acme 1.0) ")
    assert told in str(error.value)


def test_what_is_wrong_with_a_row_keeps_its_column() -> None:
    with pytest.raises(RowError) as error:
        table_with(RowError("no name", "name")).read(ROW)
    assert (str(error.value), error.value.column) == ("no name", "name")
