"""Where reports go: `-o FORMAT[=FILE]` understood, and files written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, TextIO

from journeylint.cli.file_replacement import replacing
from journeylint.cli.streams import tell_reason
from journeylint.errors import UsageError
from journeylint.suggest import did_you_mean

_STANDARD_OUTPUT = ("", "-", "/dev/stdout")


class OfferedFormat(Protocol):
    """A format on offer; several that write lines of a log may follow each other on standard output."""

    @property
    def is_log(self) -> bool: ...


class OwnFormat(NamedTuple):
    """A format of a command that has its own reports."""

    is_log: bool = False


class Output(NamedTuple):
    """A report that is asked for; `file` None is standard output."""

    format: str
    file: Path | None


def parse_outputs(words: Sequence[str], known: Mapping[str, OfferedFormat]) -> tuple[Output, ...]:
    """The outputs that the values of `-o` ask for, files first; UsageError with everything that is wrong with them."""
    outputs: list[Output] = []
    problems: list[str] = []
    taken: dict[str, list[Output]] = {}
    for word in words:
        output = _parse(word)
        if output.format not in known:
            problems.append(_describe_unknown(output.format, known))
            continue
        target = "-" if output.file is None else os.path.normcase(os.path.realpath(output.file))
        others = taken.setdefault(target, [])
        clash = next((other for other in others if not _may_share(output, other, known)), None)
        if clash is not None:
            problems.append(_describe_taken(output, clash))
        others.append(output)
        outputs.append(output)
    if problems:
        raise UsageError(problems)
    return tuple(sorted(outputs, key=lambda output: output.file is None))


def _parse(word: str) -> Output:
    name, _, file = word.partition("=")
    return Output(name, None if file in _STANDARD_OUTPUT else Path(file))


def _describe_unknown(name: str, known: Mapping[str, OfferedFormat]) -> str:
    suffix = Path(name).suffix[1:]
    if suffix in known:
        return f"-o {name}: unknown report format {name!r} - to write that file: -o {suffix}={name}"
    formats = ", ".join(known)
    return f"-o {name}: unknown report format {name!r}: expected one of {formats}{did_you_mean(name, known)}"


def _may_share(output: Output, other: Output, known: Mapping[str, OfferedFormat]) -> bool:
    """Whether both may go to the same place: to standard output, as lines of a log, in two formats."""
    is_shared = output.file is None and output.format != other.format
    return is_shared and known[output.format].is_log and known[other.format].is_log


def _describe_taken(output: Output, other: Output) -> str:
    if output.file is None:
        return (
            f"-o {output.format}: standard output already carries a report, {other.format}: "
            f"give one of them a file, such as -o {output.format}=report.{output.format}"
        )
    return f"-o {output.format}={output.file}: that file already gets a report: give each one a file of its own"


def write_file(path: Path, write: Callable[[TextIO], object]) -> None:
    """Let *write* fill the file *path*, as UTF-8 with `\\n` line ends; missing folders are made.

    A reader sees the old file or the new one, never a part. What is no ordinary file (a pipe, a device) is written
    directly, and to the summary of a step of GitHub Actions, which may hold something already, the text is added.
    Raises UsageError where the file cannot be written.
    """
    try:
        if is_step_summary(path):
            with path.open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
                write(stream)
            return
        if path.exists() and not path.is_file():  # asked of the path as given: that of a pipe cannot be resolved
            with path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
                write(stream)
            return
        target = Path(os.path.realpath(path))
        target.parent.mkdir(parents=True, exist_ok=True)
        with (
            replacing(target) as draft,
            draft.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream,
        ):
            write(stream)
    except BrokenPipeError:
        return  # the reader of a pipe has left: it wants no more
    except OSError as error:
        raise UsageError(f"cannot write {path}: {tell_reason(error)}") from error


def remove_file(path: Path, *, up_to: Path) -> None:
    """Remove *path*, and the folders above it that are empty then, the last one of them *up_to*.

    One that is not there is no error. Raises UsageError where it cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"cannot remove {path}: {tell_reason(error)}") from error
    for folder in path.parents:
        if not folder.is_relative_to(up_to):
            return
        try:
            folder.rmdir()
        except OSError:
            return  # there is more in it


def is_step_summary(path: Path) -> bool:
    """Whether *path* is what GitHub Actions names for the summary of the step that is running."""
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    return summary is not None and path == Path(summary)
