"""How the runner of GitHub Actions reads what a step leaves behind: its files of outputs and variables, and its log.

It follows the runner's source: EnvFileKeyValuePairs in FileCommandManager, ActionCommand, ActionCommandManager.
"""

from __future__ import annotations

import re
from typing import NamedTuple

REGISTERED = {
    *("error", "warning", "notice", "debug", "group", "endgroup", "add-mask", "add-matcher", "remove-matcher", "echo"),
    *("set-output", "save-state", "set-env", "add-path", "stop-commands"),
}


class Command(NamedTuple):
    """A workflow command that the runner found in a log."""

    name: str
    properties: dict[str, str]
    message: str


def read_pairs(text: str) -> dict[str, str]:
    """The names and values in a file of outputs or variables: `name=value`, or `name<<end`, lines, `end`."""
    pairs = {}
    lines = iter(re.split(r"\r\n|\n|\r", text))
    for line in lines:
        equals, heredoc = line.find("="), line.find("<<")
        if equals >= 0 and (heredoc < 0 or equals < heredoc):
            name, _, value = line.partition("=")
        elif heredoc >= 0:
            name, _, delimiter = line.partition("<<")
            assert name, f"invalid format {line!r}"
            assert delimiter, f"invalid format {line!r}"
            inside = []
            while (inner := next(lines, None)) != delimiter:
                assert inner is not None, f"matching delimiter not found: {delimiter!r}"
                inside.append(inner)
            value = "\n".join(inside)
        else:
            assert not line, f"invalid format {line!r}"
            continue
        pairs[name] = value
    return pairs


def read_commands(log: str) -> list[Command]:
    """The workflow commands that the runner would find in *log*, and obey."""
    found = []
    registered = set(REGISTERED)
    token = ""
    for line in re.split(r"\r\n|\n|\r", log):
        command = _read_command(line, registered)
        if command is None:
            continue
        if token:
            if command.name == token:
                registered.discard(token)
                token = ""
        elif command.name == "stop-commands":
            token = command.message
            registered.add(token)
        else:
            found.append(command)
    assert not token, "workflow commands were never resumed"
    return found


def _read_command(line: str, registered: set[str]) -> Command | None:
    """`::name key=value,…::message` after blanks, or else `##[name key=value;…]message` anywhere."""
    match = re.match(r"\s*::(.*?)::(.*)", line)
    if match and match[1].partition(" ")[0] in registered:
        return _make_command(match[1], ",", match[2])
    match = re.search(r"##\[([^\]]*)\](.*)", line)
    if match and match[1].partition(" ")[0] in registered:
        return _make_command(match[1], ";", match[2])
    return None


def _make_command(head: str, separator: str, message: str) -> Command:
    name, _, rest = head.partition(" ")
    pairs = (part.partition("=") for part in rest.split(separator) if "=" in part)
    return Command(name, {key.strip(): _unescape(value) for key, _, value in pairs}, _unescape(message))


def _unescape(text: str) -> str:
    for written, meant in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(written, meant)
    return text
