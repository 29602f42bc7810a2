"""What `journeylint explain` says about the failure codes."""

from __future__ import annotations

from collections.abc import Iterator

from journeylint.model import FailureCode
from journeylint.terminal import Painter, Style, wrap

_MEANINGS = {
    FailureCode.UNREADABLE_MANIFEST: """
        The file or document could not be read: it cannot be opened, is not UTF-8, is not YAML or JSON, has a key twice,
        a key that is not text or an unknown tag, or is past a limit of size or depth.""",
    FailureCode.INVALID_MANIFEST: """
        The document is a manifest but breaks the schema of its kind: an unknown or missing property, a value that is
        not allowed, a time that does not exist, or a kind or apiVersion that is not known.""",
    FailureCode.PREDICATE_ERROR: """
        A policy could not decide: its predicate or message failed on this manifest, or gave neither true nor false.""",
    FailureCode.DUPLICATE_MANIFEST: """
        An earlier manifest, by path and then position, has the same environment, kind and name. That one is judged,
        this one is not, because a reference could mean either.""",
}
_REMEDIES = {
    FailureCode.UNREADABLE_MANIFEST: """
        Mend the place that the failure points at, or take the file out of the paths that are judged.""",
    FailureCode.INVALID_MANIFEST: "Change the value as the message says; it names what was expected.",
    FailureCode.PREDICATE_ERROR: """
        Mend the policy, or the value in the manifest that the message names. A policy should ask has() before it reads
        a property that may be absent.""",
    FailureCode.DUPLICATE_MANIFEST: "Rename or remove one of the two, or give one another metadata.environment.",
}


def find_failure_code(word: str) -> FailureCode | None:
    """The failure code with the code or name *word*, whatever its letter case."""
    folded = word.casefold()
    return next((code for code in FailureCode if folded in (code.value.casefold(), code.label)), None)


def failure_page(code: FailureCode, paint: Painter) -> Iterator[str]:
    """The lines of the page about *code*."""
    yield f"{paint(f'{code.value} {code.label}', Style.BOLD)} ({paint('failure', Style.ERROR)})"
    yield ""
    yield from wrap(_MEANINGS[code], first="  ", rest="  ")
    yield ""
    yield paint("What to do", Style.BOLD)
    yield from wrap(_REMEDIES[code], first="  ", rest="  ")
    yield ""
    yield from wrap(
        "A failure is never a pass: it cannot be suppressed, and the exit code is 3.", first="  ", rest="  "
    )
