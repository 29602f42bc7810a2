"""Standard output and input as journeylint uses them: UTF-8 whatever the locale, quiet when a reader has left."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable
from typing import TextIO

from journeylint.errors import UsageError

_REASONS = {
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EISDIR: "it is a folder",
    errno.ENOTDIR: "a part of its path is a file, not a folder",
    errno.EEXIST: "a part of its path is a file, not a folder",
    errno.ENOENT: "its folder does not exist",
    errno.ENOSPC: "the disk is full",
    errno.EROFS: "the file system is read-only",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ELOOP: "its links lead in a circle",
}


def prepare_streams() -> None:
    """Make standard output UTF-8 with `\\n` line ends, and both streams unable to fail on a character."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace")


def write_standard_output(write: Callable[[TextIO], object]) -> None:
    """Let *write* write to standard output; a reader that has left is no error. Raises UsageError where it cannot."""
    stream = sys.stdout
    if stream is None:  # `>&-` closes it
        raise UsageError("cannot write to standard output: it is closed")
    try:
        write(stream)
        stream.flush()
    except BrokenPipeError:
        _discard_rest(stream)
    except OSError as error:
        _discard_rest(stream)
        raise UsageError(f"cannot write to standard output: {tell_reason(error)}") from error


def read_standard_input() -> bytes:
    """All of standard input; UsageError where it is closed or cannot be read."""
    if sys.stdin is None:
        raise UsageError("cannot read standard input: it is closed")
    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise UsageError(f"cannot read standard input: {tell_reason(error)}") from error


def tell_reason(error: OSError) -> str:
    """Why the operating system refused, in plain words."""
    return _REASONS.get(error.errno or 0) or (error.strerror or str(error)).lower()


def _discard_rest(stream: TextIO) -> None:
    """Send what is still buffered nowhere, so that Python does not complain about it when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
