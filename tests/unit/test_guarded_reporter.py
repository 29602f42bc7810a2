"""What is told where the report of a plugin goes wrong: whose it is, and why."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TextIO

import pytest

from journeylint.errors import PluginError
from journeylint.guarded_reporter import guard_entry
from journeylint.model import Report
from journeylint.ports import Reporter, ReporterEntry, Want
from tests.golden.samples import clean_report

TITLE = "made-up (made_up 1.2)"


class MadeUpReporter:
    """Writes what it is told to write, or raises."""

    format = "made-up"

    def __init__(self, outcome: str | BaseException, wants: object = frozenset({Want.LINES})) -> None:
        self._outcome = outcome
        self.wants: frozenset[Want] = wants  # type: ignore[assignment]  # the tests give it what it must not be

    def write(self, report: Report, stream: TextIO, *, color: bool) -> None:
        if isinstance(self._outcome, BaseException):
            raise self._outcome
        stream.write(self._outcome)


def guarded(create: Callable[[], Reporter]) -> Reporter:
    return guard_entry(ReporterEntry("made-up", "", create, is_log=True), TITLE).create()


def test_a_reporter_that_works_is_left_as_it_is() -> None:
    reporter = guarded(lambda: MadeUpReporter("all is well"))
    stream = io.StringIO()
    reporter.write(clean_report(), stream, color=False)
    assert (stream.getvalue(), reporter.format, reporter.wants) == ("all is well", "made-up", frozenset({Want.LINES}))


def test_a_guarded_entry_says_the_same_of_its_format() -> None:
    entry = ReporterEntry("made-up", "for nobody", lambda: MadeUpReporter(""), is_log=True)
    assert guard_entry(entry, TITLE)[:2] + guard_entry(entry, TITLE)[3:] == ("made-up", "for nobody", True)


def test_a_reporter_that_raises_is_told_as_its_plugins() -> None:
    with pytest.raises(PluginError) as caught:
        guarded(lambda: MadeUpReporter(KeyError("nothing"))).write(clean_report(), io.StringIO(), color=False)
    assert caught.value.messages == (f"plugin {TITLE}: report format 'made-up' failed: KeyError: 'nothing'",)


class FullDisk(io.StringIO):
    """Takes nothing."""

    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")


def test_what_the_operating_system_refuses_is_not_the_plugins_fault() -> None:
    with pytest.raises(OSError, match="No space left"):
        guarded(lambda: MadeUpReporter("all is well")).write(clean_report(), FullDisk(), color=False)


@pytest.mark.parametrize("raised", [FileNotFoundError("logo.png"), SystemExit(0), GeneratorExit()])
def test_whatever_a_reporter_raises_is_its_plugins_fault(raised: BaseException) -> None:
    with pytest.raises(PluginError, match=r"report format 'made-up' failed: " + type(raised).__name__):
        guarded(lambda: MadeUpReporter(raised)).write(clean_report(), io.StringIO(), color=False)


class HalfReporter(MadeUpReporter):
    """Writes half of a report, prints something, and raises."""

    def write(self, report: Report, stream: TextIO, *, color: bool) -> None:
        stream.write("half")
        print("printed")
        raise ValueError("the other half")


def test_of_a_report_that_fails_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    with pytest.raises(PluginError):
        guarded(lambda: HalfReporter("")).write(clean_report(), stream, color=False)
    assert (stream.getvalue(), *capsys.readouterr()) == ("", "", "printed\n")


def test_a_reporter_that_cannot_be_made_is_told_as_its_plugins() -> None:
    def fail() -> Reporter:
        raise ImportError("no module named nothing")

    with pytest.raises(
        PluginError, match=r"made-up \(made_up 1.2\): report format 'made-up' cannot be used: ImportError"
    ):
        guarded(fail)


@pytest.mark.parametrize("wants", [None, {"lines"}, frozenset({"lines"}), Want.LINES])
def test_a_reporter_that_wants_what_there_is_not_is_told(wants: object) -> None:
    with pytest.raises(PluginError, match=r"its `wants` is .*: expected a frozenset of Want"):
        guarded(lambda: MadeUpReporter("", wants))
