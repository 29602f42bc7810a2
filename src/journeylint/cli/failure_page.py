"""What `journeylint explain` says about the failure codes."""

from __future__ import annotations

from collections.abc import Iterator

from journeylint.failure_pages import FAILURE_PAGES
from journeylint.model import FailureCode
from journeylint.terminal import Painter, Style, wrap


def find_failure_code(word: str) -> FailureCode | None:
    """The failure code with the code or name *word*, whatever its letter case."""
    folded = word.casefold()
    return next((code for code in FailureCode if folded in (code.value.casefold(), code.label)), None)


def failure_page(code: FailureCode, paint: Painter) -> Iterator[str]:
    """The lines of the page about *code*."""
    page = FAILURE_PAGES[code]
    yield f"{paint(f'{code.value} {code.label}', Style.BOLD)} ({paint('failure', Style.ERROR)})"
    yield ""
    yield from wrap(page.meaning, first="  ", rest="  ")
    yield ""
    yield paint("What to do", Style.BOLD)
    yield from wrap(page.remedy, first="  ", rest="  ")
    yield ""
    yield from wrap(
        "A failure is never a pass: it cannot be suppressed, and the exit code is 3.", first="  ", rest="  "
    )
