"""The command line itself: help, mistakes, exit codes of what never reaches a manifest."""

from __future__ import annotations

import re

import pytest

from journeylint import __version__
from journeylint.cli import main
from journeylint.cli.app import COMMANDS

GROUPS = ("baseline", "config", "new")
"""Commands that only hold others."""


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command line."""
    status = main(argv)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize("command", [(), *((command,) for command in COMMANDS)])
def test_help_is_printed_and_fits_a_terminal(
    capsys: pytest.CaptureFixture[str], command: tuple[str, ...], option: str
) -> None:
    status, out, err = run(capsys, *command, option)
    assert (status, err) == (0, "")
    assert out.startswith("Usage: journeylint ")
    assert max(map(len, out.split("\n"))) <= 80


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_the_program_lists_each_command_with_a_whole_sentence(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    out = run(capsys, "--help")[1]
    assert re.search(rf"^  {command} +[A-Z][^\n]*\.$", out, re.MULTILINE)
    assert "..." not in out.split("Commands:")[1]


@pytest.mark.parametrize("command", [command for command in COMMANDS if command not in GROUPS])
def test_help_of_a_command_has_examples(capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert f"Examples:\n    journeylint {command}" in run(capsys, command, "--help")[1]


def test_every_option_of_check_stands_under_a_heading(capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, "check", "--help")[1]
    headings = re.findall(r"^(\w[^\n]*):$", out, re.MULTILINE)
    assert headings == [
        "What is judged",
        "Which policies, and how strictly",
        "Reports",
        "The run",
        "Plugins",
        "Other options",
    ]
    assert re.findall(r"^  (?:-\w, )?(--[\w-]+)", out, re.MULTILINE) == [
        "--config",
        "--focus",
        "--as-of",
        "--within",
        "--stdin-filename",
        "--preset",
        "--select",
        "--ignore",
        "--no-suppressions",
        "--fail-on",
        "--baseline",
        "--no-baseline",
        "--strict-baseline",
        "--exit-zero",
        "--allow-empty",
        "--output",
        "--sarif-suppressed",
        "--color",
        "--jobs",
        "--no-cache",
        "--statistics",
        "--allow-local-plugins",
        "--help",
    ]


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--version") == (0, f"journeylint {__version__}\n", "")


def test_no_command_shows_the_help_as_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys)
    assert (status, out) == (2, "")
    assert "Commands:" in err


def test_an_unknown_command_is_told_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "chekc")
    assert (status, out) == (2, "")
    assert err.startswith("error: there is no command 'chekc' - did you mean 'check'?\n")


def test_a_path_in_place_of_a_command_is_told_how_to_judge_it(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = run(capsys, "campaigns/")
    assert status == 2
    assert err.startswith(
        "error: there is no command 'campaigns/' - to judge that path: journeylint check campaigns/\n"
    )


def test_a_word_near_no_command_is_told_all_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert "expected one of check, fix, suppressions, baseline" in run(capsys, "zzz")[2]


def test_an_unknown_option_is_told_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "check", "--ouput", "json")
    assert (status, out) == (2, "")
    assert err.startswith("error: there is no option --ouput - did you mean '--output'?\n")
    assert err.endswith("For help: journeylint check --help\n")


@pytest.mark.parametrize(
    "argv",
    [
        ("check", "--fail-on", "eror"),
        ("check", "--color", "purple"),
        ("check", "--jobs", "0"),
        ("check", "--jobs", "-1"),
        ("check", "--jobs", "two"),
        ("check", "-o"),
        ("explain",),
        ("explain", "OBS001", "OBS002"),
        ("policies", "--format", "xml"),
    ],
)
def test_a_wrong_command_line_exits_with_2_and_says_why(
    capsys: pytest.CaptureFixture[str], argv: tuple[str, ...]
) -> None:
    status, out, err = run(capsys, *argv)
    assert (status, out) == (2, "")
    assert err.startswith("error: ")
    assert "Traceback" not in err


def test_a_mistake_cannot_write_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b" not in run(capsys, "\x1b[2Jcheck")[2]
    assert "\x1b" not in run(capsys, "check", "--\x1b[2J")[2]


@pytest.mark.parametrize("word", ["JL001", "JL002", "JL003", "JL004", "jl002", "duplicate-manifest"])
def test_failures_can_be_explained(capsys: pytest.CaptureFixture[str], word: str) -> None:
    status, out, err = run(capsys, "explain", word)
    assert (status, err) == (0, "")
    assert re.match(r"JL00\d [a-z-]+ \(failure\)\n", out)
    assert "What to do" in out
    assert max(map(len, out.split("\n"))) <= 80


def test_the_page_of_a_failure_has_colors_only_where_they_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b[" in run(capsys, "explain", "JL001", "--color", "always")[1]
    assert "\x1b[" not in run(capsys, "explain", "JL001", "--color", "auto")[1]
