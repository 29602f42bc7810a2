"""`-o FORMAT[=FILE]`, files written whole, colours, exit codes: the parts of the command line that take values."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import pytest

from journeylint.builtins.report_entries import entries
from journeylint.cli.color import wants_color
from journeylint.cli.exit_status import exit_status
from journeylint.cli.file_replacement import replace_content
from journeylint.cli.outputs import Output, parse_outputs, write_file
from journeylint.errors import UsageError
from tests.golden.samples import INSIGHTS, INVALID, OVERSIZED, clean_report, empty_report

if TYPE_CHECKING:
    from journeylint.model import Report

KNOWN = {entry.format: entry for entry in entries()}


def writing(text: str) -> Callable[[TextIO], object]:
    return lambda stream: stream.write(text)


@pytest.mark.parametrize("word", ["json", "json=", "json=-", "json=/dev/stdout"])
def test_a_format_alone_goes_to_standard_output(word: str) -> None:
    assert parse_outputs((word,), KNOWN) == (Output("json", None),)


def test_a_format_with_a_file_goes_there() -> None:
    assert parse_outputs(("json=out/a=b.json",), KNOWN) == (Output("json", Path("out/a=b.json")),)


def test_files_are_written_before_standard_output() -> None:
    outputs = parse_outputs(("text", "json=a.json"), KNOWN)
    assert [output.file for output in outputs] == [Path("a.json"), None]


@pytest.mark.parametrize(
    "words",
    [
        ("text", "json"),
        ("json", "text"),
        ("text", "text"),
        ("json=-", "text="),
        ("github", "text", "text"),
        ("sarif", "json"),
    ],
)
def test_standard_output_carries_one_report_for_programs_alone(words: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="standard output already carries a report"):
        parse_outputs(words, KNOWN)


@pytest.mark.parametrize("words", [("github", "text"), ("text", "azure=-"), ("azure", "github", "text")])
def test_reports_for_a_log_share_standard_output_in_the_order_asked_for(words: tuple[str, ...]) -> None:
    outputs = parse_outputs(words, KNOWN)
    assert [output.format for output in outputs] == [word.removesuffix("=-") for word in words]


def test_reports_for_a_log_do_not_share_a_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="already gets a report"):
        parse_outputs((f"text={tmp_path / 'a'}", f"github={tmp_path / 'a'}"), KNOWN)


def test_the_report_that_is_in_the_way_is_named() -> None:
    with pytest.raises(UsageError) as raised:
        parse_outputs(("text", "sarif"), KNOWN)
    told = "standard output already carries a report, text: give one of them a file, such as -o sarif=report.sarif"
    assert raised.value.messages == (f"-o sarif: {told}",)


def test_two_reports_into_one_file_are_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "a")
    for other in (tmp_path / "a", tmp_path / "b" / ".." / "a", tmp_path / "link"):
        with pytest.raises(UsageError, match="already gets a report"):
            parse_outputs((f"json={tmp_path / 'a'}", f"text={other}"), KNOWN)


def test_one_format_may_go_to_several_files(tmp_path: Path) -> None:
    assert len(parse_outputs(("json=a", "json=b", "json"), KNOWN)) == 3


def test_an_unknown_format_is_told_with_the_nearest() -> None:
    with pytest.raises(UsageError) as raised:
        parse_outputs(("jsn=a", "yaml"), KNOWN)
    assert raised.value.messages == (
        f"-o jsn: unknown report format 'jsn': expected one of {', '.join(KNOWN)} - did you mean 'json'?",
        f"-o yaml: unknown report format 'yaml': expected one of {', '.join(KNOWN)}",
    )


def test_a_file_name_in_place_of_a_format_is_told_how_to_write_it() -> None:
    with pytest.raises(UsageError, match=r"to write that file: -o json=out/report\.json"):
        parse_outputs(("out/report.json",), KNOWN)


def test_a_report_is_written_as_utf8_with_unix_line_ends(tmp_path: Path) -> None:
    write_file(tmp_path / "report", writing("Größe\n漢\n"))
    assert (tmp_path / "report").read_bytes() == "Größe\n漢\n".encode()


def test_half_a_character_is_escaped_as_json_does(tmp_path: Path) -> None:
    write_file(tmp_path / "report", writing('"\udcff"'))
    assert (tmp_path / "report").read_bytes() == b'"\\udcff"'


def test_missing_folders_are_made(tmp_path: Path) -> None:
    write_file(tmp_path / "a/b/report", writing("x"))
    assert (tmp_path / "a/b/report").read_text() == "x"


def test_an_older_report_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    target = tmp_path / "report"
    target.write_text("old")
    target.chmod(0o640)
    write_file(target, writing("new"))
    assert target.read_text() == "new"
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_file(tmp_path / "link", writing("x"))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "x"


def test_a_report_that_breaks_off_leaves_the_old_one_and_no_rest(tmp_path: Path) -> None:
    target = tmp_path / "report"
    target.write_text("old")

    def break_off(stream: TextIO) -> None:
        stream.write("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_file(target, break_off)
    assert [file.name for file in tmp_path.iterdir()] == ["report"]
    assert target.read_text() == "old"


LONG = ["漢" * 80, "x" * 255]


@pytest.mark.parametrize("name", LONG)
def test_a_file_may_have_any_name_that_the_file_system_takes(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("old")
    write_file(tmp_path / name, writing("new"))
    assert (tmp_path / name).read_text() == "new"
    assert replace_content(str(tmp_path / name), b"new", b"mended") is None
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {name: "mended"}


def test_what_an_ended_run_has_left_is_in_nobodys_way(tmp_path: Path) -> None:
    rest = tmp_path / f".journeylint.{os.getpid()}.0.tmp"
    rest.write_text("half")
    write_file(tmp_path / "report", writing("whole"))
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {rest.name: "half", "report": "whole"}


def test_the_summary_of_a_step_keeps_what_it_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    write_file(summary, writing("after\n"))
    write_file(tmp_path / "other.md", writing("other\n"))
    write_file(tmp_path / "other.md", writing("newer\n"))
    assert summary.read_text() == "before\nafter\n"
    assert (tmp_path / "other.md").read_text() == "newer\n"


def test_without_actions_the_variable_of_the_summary_may_be_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "")
    write_file(tmp_path / "report", writing("x"))
    assert (tmp_path / "report").read_text() == "x"


def test_a_device_is_written_to_and_not_replaced() -> None:
    write_file(Path(os.devnull), writing("x"))
    assert Path(os.devnull).is_char_device()


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="only there a pipe has a path")
def test_a_pipe_is_written_to() -> None:
    reading, writing_end = os.pipe()
    write_file(Path(f"/dev/fd/{writing_end}"), writing("x"))
    os.close(writing_end)
    with os.fdopen(reading) as stream:
        assert stream.read() == "x"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("folder", "it is a folder"),
        ("file/report", "a part of its path is a file, not a folder"),
        ("x" * 300, "the name is too long"),
    ],
)
def test_a_file_that_cannot_be_written_is_told_in_plain_words(tmp_path: Path, path: str, reason: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError) as raised:
        write_file(tmp_path / path, writing("x"))
    assert raised.value.messages == (f"cannot write {tmp_path / path}: {reason}",)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that only Linux has")
def test_a_full_disk_is_told() -> None:
    with pytest.raises(UsageError, match="the disk is full"):
        write_file(Path("/dev/full"), writing("x"))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("choice", "stream", "variables", "expected"),
    [
        ("auto", Terminal(), {}, True),
        ("auto", io.StringIO(), {}, False),
        ("auto", None, {}, False),
        ("auto", Terminal(), {"TERM": "dumb"}, False),
        ("auto", Terminal(), {"NO_COLOR": "1"}, False),
        ("auto", Terminal(), {"NO_COLOR": ""}, True),
        ("auto", io.StringIO(), {"FORCE_COLOR": "1"}, True),
        ("auto", io.StringIO(), {"FORCE_COLOR": ""}, False),
        ("auto", Terminal(), {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ("always", io.StringIO(), {"NO_COLOR": "1"}, True),
        ("never", Terminal(), {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colors_are_decided_by_option_then_environment_then_terminal(
    choice: str, stream: TextIO | None, variables: dict[str, str], expected: bool
) -> None:
    assert wants_color(choice, stream, variables) is expected


COUNTING = clean_report()._replace(findings=(OVERSIZED,))
BELOW = clean_report()._replace(findings=(INSIGHTS,))
FAILED = clean_report()._replace(findings=(OVERSIZED,), failures=(INVALID,))


@pytest.mark.parametrize(
    ("report", "allow_empty", "exit_zero", "expected"),
    [
        (clean_report(), False, False, 0),
        (BELOW, False, False, 0),
        (COUNTING, False, False, 1),
        (COUNTING, False, True, 0),
        (FAILED, False, False, 3),
        (FAILED, False, True, 3),
        (FAILED, True, True, 3),
        (empty_report(), False, False, 3),
        (empty_report(), False, True, 3),
        (empty_report(), True, False, 0),
    ],
)
def test_the_exit_code_follows_from_the_report(
    report: Report, allow_empty: bool, exit_zero: bool, expected: int
) -> None:
    assert exit_status(report, allow_empty=allow_empty, exit_zero=exit_zero) == expected
