"""Calls of what other distributions wrote: bounded in time, and unable to write where the report goes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from typing import TypeVar

from journeylint.errors import UsageError
from journeylint.wording import quote_value

TIMEOUT_VARIABLE = "JOURNEYLINT_PLUGIN_TIMEOUT"
DEFAULT_TIMEOUT = 10.0
"""Seconds that importing a plugin, or one of its hooks, may take."""

_STANDARD_OUTPUT, _STANDARD_ERROR = 1, 2

T = TypeVar("T")


class CallFailedError(Exception):
    """A call raised something, be it SystemExit, or was not over in time; the text says which, for a person."""


def read_timeout() -> float:
    """The seconds that a plugin has, as the environment says; UsageError where it says something else than a number."""
    text = os.environ.get(TIMEOUT_VARIABLE)
    if not text:
        return DEFAULT_TIMEOUT
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 86_400:
        raise UsageError(f"{TIMEOUT_VARIABLE} is {quote_value(text)}: expected seconds, more than 0 and up to 86400")
    return seconds


def call_in_time(call: Callable[[], T], seconds: float) -> T:
    """What *call* returns. Raises CallFailedError where it raises anything, or is not over after so many seconds.

    What the call prints goes to standard error. One that is not over in time is left behind in its thread.
    """
    import threading  # noqa: PLC0415 - a run without plugins need not pay for it

    returned: list[T] = []
    faults: list[tuple[str, BaseException]] = []

    def work() -> None:
        try:
            returned.append(call())
        except BaseException as error:  # noqa: BLE001 - in this thread all is the call's own, KeyboardInterrupt too
            faults.append((describe_error(error), error))

    worker = threading.Thread(target=work, daemon=True)
    with _output_of_programs_on_standard_error(), output_on_standard_error():
        worker.start()
        worker.join(seconds)
    if faults:
        told, error = faults[0]
        raise CallFailedError(told) from error
    if not returned:
        raise CallFailedError(f"it is not over after {seconds:g} s ({TIMEOUT_VARIABLE} sets how long it may take)")
    return returned[0]


def describe_error(error: BaseException) -> str:
    """The type of *error* and what it says of itself, if it does so without failing."""
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - it is a plugin's own
        text = ""
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


@contextmanager
def output_on_standard_error() -> Iterator[None]:
    """Where `print` writes to standard error: standard output is the report's alone."""
    with redirect_stdout(sys.stderr):
        yield


@contextmanager
def _output_of_programs_on_standard_error() -> Iterator[None]:
    """As `output_on_standard_error`, for programs that are started and for what is not Python."""
    kept = _redirect(_STANDARD_ERROR, _STANDARD_OUTPUT)
    try:
        yield
    finally:
        if kept is not None:
            os.dup2(kept, _STANDARD_OUTPUT)
            os.close(kept)


def _redirect(target: int, descriptor: int) -> int | None:
    """Make *descriptor* mean *target*, and return another for what it meant; None where one of the two is closed."""
    try:
        kept = os.dup(descriptor)
    except OSError:
        return None
    try:
        os.dup2(target, descriptor)
    except OSError:
        os.close(kept)
        return None
    return kept
