"""No text of a manifest starts a command in a log, and what reporters write as commands arrives as it was meant.

The readers here do what the runner of GitHub Actions (`ActionCommand.cs`) and the agent of Azure Pipelines (`Command.cs`)
do, with both ways in which .NET searches: by code units, and as people sort, where characters without a weight are
passed over and an accent is one with the character before it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeylint.builtins.report_azure import AzureReporter
from journeylint.builtins.report_github import GithubReporter
from journeylint.builtins.report_text import TextReporter
from journeylint.model import Detail, Failure, FailureCode, Finding, Identity, PolicyTally, Related, Report, Severity
from journeylint.ports import Reporter
from journeylint.terminal import defuse_commands, make_visible
from tests.contract.command_line import journey, run_in, write
from tests.golden.samples import full_report, page, place

REGISTERED = {
    "stop-commands", "set-env", "set-output", "save-state", "add-mask", "add-path", "add-matcher", "remove-matcher",
    "debug", "warning", "error", "notice", "group", "endgroup", "echo", "internal-set-repo-path",
}  # fmt: skip
WEIGHTLESS = "[\\x00-\\x08\\x0e-\\x1f\\x7f-\\x9f\\xad\\u034f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufe00-\\ufe0f\\ufeff]*"
JOINING = "[\\u0300-\\u036f\\u200c\\u200d\\ufe00-\\ufe0f\\uff9e\\uff9f\\U0001f3fb-\\U0001f3ff]"
NET_BLANKS = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))

Find: TypeAlias = Callable[[str, str, int], int]


class Command(NamedTuple):
    """What a system reads out of a line."""

    name: str
    properties: dict[str, str]
    data: str


def find_by_units(text: str, sought: str, start: int) -> int:
    return text.find(sought, start)


def find_as_sorted(text: str, sought: str, start: int) -> int:
    pattern = WEIGHTLESS.join(map(re.escape, sought)) + f"(?!{JOINING})"
    match = re.compile(pattern).search(text, start)
    return -1 if match is None else match.start()


FINDS = (find_by_units, find_as_sorted)


def split_pair(text: str) -> list[str]:
    """`Split('=', 2, RemoveEmptyEntries)`."""
    name, _, value = text.lstrip("=").partition("=")
    value = value.lstrip("=")
    return [part for part in (name, value) if part]


def read_properties(text: str, separator: str, unescape: Callable[[str], str]) -> dict[str, str]:
    pairs = [split_pair(part) for part in text.split(separator) if part]
    return {pair[0]: unescape(pair[1]) for pair in pairs if len(pair) == 2}


def unescape_with(*replacements: tuple[str, str]) -> Callable[[str], str]:
    def unescape(text: str) -> str:
        for escaped, token in replacements:
            text = text.replace(escaped, token)
        return text

    return unescape


_BREAKS = (("%0D", "\r"), ("%0A", "\n"))
_unescape_v1 = unescape_with(("%3B", ";"), *_BREAKS, ("%5D", "]"), ("%25", "%"))
_unescape_data = unescape_with(*_BREAKS, ("%25", "%"))
_unescape_property = unescape_with(*_BREAKS, ("%3A", ":"), ("%2C", ","), ("%25", "%"))
_unescape_azure = unescape_with(("%3B", ";"), *_BREAKS, ("%5D", "]"), ("%AZP25", "%"))


def read_github_v2(line: str, find: Find) -> Command | None:
    line = line.lstrip(NET_BLANKS)
    if find(line, "::", 0) != 0 and not (find is find_as_sorted and re.match(f"{WEIGHTLESS}:{WEIGHTLESS}:", line)):
        return None
    end = find(line, "::", 2)
    if end < 0:
        return None
    name, blank, rest = line[2:end].partition(" ")
    if name.casefold() not in REGISTERED:
        return None
    properties = read_properties(rest.strip(NET_BLANKS), ",", _unescape_property) if blank else {}
    return Command(name, properties, _unescape_data(line[end + 2 :]))


def read_github_v1(line: str, find: Find) -> Command | None:
    start = find(line, "##[", 0)
    end = line.find("]", start)
    if start < 0 or end < 0:
        return None
    name, _, rest = line[start + 3 : end].partition(" ")
    if name.casefold() not in REGISTERED:
        return None
    return Command(name, read_properties(rest, ";", _unescape_v1), _unescape_v1(line[end + 1 :]))


def read_github(line: str, find: Find) -> Command | None:
    return read_github_v2(line, find) or read_github_v1(line, find)


def read_azure(line: str, find: Find) -> Command | None:
    """A line with `##vso` that cannot be read is a command too: the agent warns of it."""
    start = find(line, "##vso[", 0)
    end = line.find("]", start)
    if start < 0 or end < 0:
        return Command("illegal", {}, line) if find(line, "##vso", 0) >= 0 else None
    name, _, rest = line[start + 6 : end].partition(" ")
    return Command(name, read_properties(rest, ";", _unescape_azure), _unescape_azure(line[end + 1 :]))


def lines_of(text: str) -> list[str]:
    """As .NET reads lines."""
    return re.split("\r\n|\r|\n", text)


def github_commands(text: str, find: Find) -> list[Command]:
    return [command for line in lines_of(text) if (command := read_github(line, find))]


def azure_commands(text: str, find: Find) -> list[Command]:
    return [command for line in lines_of(text) if (command := read_azure(line, find))]


def all_commands(text: str) -> list[Command]:
    return [command for find in FINDS for command in (*github_commands(text, find), *azure_commands(text, find))]


PIECES = [
    "::", ":", "##[", "##", "#", "[", "]", "##vso[", "##VSO[", "vso[", "v", "so[", " ", "  ", ";", ",", "=", "%", "%0A", "%0D",
    "%3A", "%2C", "%25", "%3B", "%5D", "%AZP25", "\r", "\n", "\r\n", "\t", "\x0b", "\x0c", "\x00", "\x1b[0m", "\x85", "\u2028",
    "\u200b", "\u200d", "\ufe0f", "\u00ad", "\u0301", "\u3000", "\xa0", "\udc80", "é", "𝄞", "漢", "/", "..", "\\",
    "::error::x", "::add-mask::a", "::stop-commands::x", "::group::", "##[error]x", "##[group]", "error", "warning file=x",
    "task.complete result=Succeeded;]", "##vso[task.setvariable variable=PATH]x", "file=other", "title=t", "a", "Zz", "9",
]  # fmt: skip
HOSTILE = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=6).map("".join)


@st.composite
def hostile_findings(draw: st.DrawFn) -> Finding:
    line = draw(st.integers(1, 3))
    begin, length = draw(st.integers(1, 40)), draw(st.integers(0, 10))
    return Finding(
        draw(HOSTILE),
        draw(HOSTILE),
        draw(st.sampled_from(Severity)),
        draw(HOSTILE),
        Identity(draw(HOSTILE), draw(HOSTILE), draw(HOSTILE)),
        place(draw(HOSTILE), "", (line, begin, line, begin + length)),
        tuple(Related(draw(HOSTILE), place(draw(HOSTILE), "", (1, 1, 1, 1))) for _ in range(draw(st.integers(0, 2)))),
        counts=draw(st.booleans()),
        detail=Detail(1, tuple(draw(HOSTILE) for _ in range(3)), ((draw(HOSTILE), draw(HOSTILE)),)),
    )


@st.composite
def hostile_reports(draw: st.DrawFn) -> Report:
    findings = draw(st.lists(hostile_findings(), max_size=2))
    failures = [
        Failure(FailureCode.INVALID_MANIFEST, finding.message, finding.location, finding.manifest, finding.detail)
        for finding in draw(st.lists(hostile_findings(), min_size=1, max_size=1))
    ]
    return full_report()._replace(
        findings=tuple(findings),
        failures=tuple(failures),
        policies=(PolicyTally(draw(HOSTILE), draw(HOSTILE), "Journey"),),
        kinds={"Journey": 1, draw(HOSTILE): 1},
        pages={finding.policy: page(finding.policy, "n", Severity.ERROR, draw(HOSTILE)) for finding in findings},
    )


def written(reporter: Reporter, report: Report, *, color: bool = False) -> str:
    stream = io.StringIO()
    reporter.write(report, stream, color=color)
    return stream.getvalue()


def seen(text: str) -> str:
    return make_visible(" ".join(text.split()))


def seen_in_property(path: str) -> str:
    """*path* with all that can stay: line breaks are escaped, and a colon is no danger within a line."""
    shown = "".join(part if part in "\r\n" else make_visible(f"x{part}")[1:] for part in re.split("([\r\n])", path))
    return f"./{shown}" if shown.startswith("=") else shown


def seen_in_title(title: str) -> str:
    return f" {seen(title)}" if seen(title).startswith("=") else seen(title)


def without_circle(data: str) -> str:
    return data.removeprefix("◌")


@pytest.mark.parametrize("find", FINDS)
@settings(deadline=None, max_examples=100)
@given(report=hostile_reports())
def test_github_reads_the_annotations_that_were_meant_and_no_others(find: Find, report: Report) -> None:
    text = written(GithubReporter(), report)
    found = github_commands(text, find)
    assert len(found) == len(report.failures) + len(report.findings) == text.count("\n")
    assert azure_commands(text, find) == []
    failure = report.failures[0]
    assert found[0].properties["title"] == "JL002 invalid-manifest"
    assert found[0].data.split("\n") == [*found[0].data.split("\n")[:1], "More: journeylint explain JL002"]
    assert without_circle(found[0].data).startswith(seen(failure.message) + "\n")
    ordered = sorted(report.findings, key=lambda finding: (finding.severity.rank, not finding.counts))
    for finding, command in zip(ordered, found[1:], strict=True):
        assert command.name == {"info": "notice"}.get(finding.severity.value, finding.severity.value)
        given = {
            "file": seen_in_property(finding.location.path),
            "line": str(finding.location.span.line),
            "endLine": str(finding.location.span.end_line),
            "title": seen_in_title(f"{finding.policy} {finding.name}"),
        }
        columns = {key: command.properties.pop(key) for key in ("col", "endColumn") if key in command.properties}
        assert command.properties == {key: value for key, value in given.items() if value}
        assert all(value.isdecimal() for value in columns.values())
        told = without_circle(command.data).split("\n")
        assert told[0] == seen(finding.message)
        assert told[-1] == f"More: journeylint explain {seen(finding.policy)}"
        assert len(told) == 2 + len(finding.related)


@pytest.mark.parametrize("find", FINDS)
@settings(deadline=None, max_examples=100)
@given(report=hostile_reports())
def test_azure_reads_the_issues_that_were_meant_and_no_others(find: Find, report: Report) -> None:
    text = written(AzureReporter(), report)
    found = azure_commands(text, find)
    assert github_commands(text, find) == []
    logged = [finding for finding in report.findings if finding.severity is not Severity.INFO]
    assert len(found) == 1 + len(logged)
    assert text.count("\n") == 1 + len(report.findings)
    ordered = sorted(logged, key=lambda finding: (finding.severity.rank, not finding.counts))
    for finding, command in zip(ordered, found[1:], strict=True):
        assert command.name == "task.logissue"
        given = {
            "type": finding.severity.value,
            "sourcepath": seen_in_property(finding.location.path),
            "linenumber": str(finding.location.span.line),
            "columnnumber": str(finding.location.span.column),
            "code": seen_in_title(finding.policy),
        }
        assert command.properties == {key: value for key, value in given.items() if value}
        assert command.data.startswith(f"{seen(finding.name)}: {seen(finding.message)}")


@settings(deadline=None, max_examples=100)
@given(report=hostile_reports(), color=st.booleans())
def test_no_line_of_the_text_report_is_a_command(report: Report, color: bool) -> None:
    assert all_commands(written(TextReporter(), report, color=color)) == []


@settings(deadline=None, max_examples=300)
@given(HOSTILE)
def test_a_text_that_was_made_visible_is_no_command(text: str) -> None:
    assert all_commands(make_visible(text)) == []
    assert all_commands(f"  {make_visible(text)}") == []


@settings(deadline=None, max_examples=200)
@given(st.lists(st.text("#[:vso \u200d\ufe0fa]"), max_size=4).map("\n".join))
def test_breaking_commands_adds_backslashes_only_and_once(text: str) -> None:
    shown = defuse_commands(text)
    assert shown.replace("\\", "") == text
    assert defuse_commands(shown) == shown


HOSTILE_NAMES = (
    "::error::x.yaml",
    " ::add-mask::x.yaml",
    "##[error]x.yaml",
    "##vso[task.complete]x.yaml",
    "a\n::error::.yaml",
)


@pytest.mark.parametrize("name", HOSTILE_NAMES)
@pytest.mark.parametrize("content", [journey("", "name: x, role: audience"), "apiVersion: journeylint/v1\nkind: ["])
def test_a_file_with_a_hostile_name_starts_no_command_in_a_run(tmp_path: Path, name: str, content: str) -> None:
    write(tmp_path, {name: content})
    _, out, err = run_in(tmp_path, ["check", "--as-of", "2025-03-01"])
    assert out
    assert all_commands(out + err) == []


@pytest.mark.parametrize("word", [*HOSTILE_NAMES, "x\r::error::y"])
@pytest.mark.parametrize(
    "argv", [["check"], ["check", "--select"], ["check", "--config"], ["check", "-o"], ["explain"], []]
)
def test_a_hostile_word_on_the_command_line_starts_no_command(tmp_path: Path, argv: list[str], word: str) -> None:
    status, out, err = run_in(tmp_path, [*argv, word])
    assert status == 2
    assert err
    assert all_commands(out + err) == []
