"""Files written into a folder, and `journeylint check` over them as a user would call it, in this process."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from journeylint.cli import main

AS_OF = "2025-03-01T00:00:00Z"


class Outcome(NamedTuple):
    """What a run gave: its exit code, its JSON report (None where the run did not happen), and its two streams."""

    status: int
    report: dict[str, Any] | None
    out: str
    err: str

    @property
    def findings(self) -> list[dict[str, Any]]:
        """The findings of the report, as they are."""
        assert self.report is not None, self.err
        found: list[dict[str, Any]] = self.report["findings"]
        return found

    @property
    def failures(self) -> list[dict[str, Any]]:
        """The failures of the report, as they are."""
        assert self.report is not None, self.err
        found: list[dict[str, Any]] = self.report["failures"]
        return found

    @property
    def summary(self) -> dict[str, int]:
        """The counts of the report."""
        assert self.report is not None, self.err
        found: dict[str, int] = self.report["summary"]
        return found

    @property
    def codes(self) -> list[str]:
        """The failures' codes, in the report's order."""
        return [failure["code"] for failure in self.failures]

    def pointers(self, policy: str) -> list[str]:
        """Where the findings of *policy* point, in the report's order."""
        return [finding["location"]["pointer"] for finding in self.findings if finding["policy"] == policy]

    def tally(self, policy: str) -> tuple[int, int, int]:
        """Of *policy*: passed, failed, not applicable."""
        assert self.report is not None, self.err
        for row in self.report["policies"]:
            if row["policy"] == policy:
                assert row["matched"] == row["passed"] + row["failed"]
                return row["passed"], row["failed"], row["notApplicable"]
        raise LookupError(policy)


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write *files* (path relative to *folder* to content) and return *folder*."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def run_in(folder: Path, argv: Sequence[str], *, stdin: bytes = b"") -> tuple[int, str, str]:
    """Run the command line *argv* in *folder*: exit code, standard output, standard error."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    given = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        redirect_stdin(given),
    ):
        status = main(argv)
    texts = []
    for stream in (out, err):
        stream.flush()
        buffer = stream.buffer
        assert isinstance(buffer, io.BytesIO)
        texts.append(buffer.getvalue().decode())
    return status, texts[0], texts[1]


class redirect_stdin(contextlib._RedirectStream[io.TextIOWrapper]):  # noqa: N801 - named as its siblings
    """`contextlib.redirect_stdout`, for standard input."""

    _stream = "stdin"


def check(folder: Path, *argv: str, as_of: str | None = AS_OF, stdin: bytes = b"") -> Outcome:
    """Run `journeylint check` with *argv* in *folder*, with a JSON report on standard output."""
    when = () if as_of is None else ("--as-of", as_of)
    status, out, err = run_in(folder, ("check", "-o", "json", *when, *argv), stdin=stdin)
    return Outcome(status, json.loads(out) if out else None, out, err)


def judge(folder: Path, *documents: str, argv: Sequence[str] = (), as_of: str | None = AS_OF) -> Outcome:
    """Write *documents* into one file below *folder* and check it."""
    write(folder, {"all.yaml": "---\n".join(documents)})
    return check(folder, *argv, as_of=as_of)


def segment(name: str = "vip", spec: str = "source: outbound", *, environment: str | None = None) -> str:
    """A Segment's manifest whose spec is a flow mapping of *spec*."""
    more = "" if environment is None else f", environment: {environment}"
    return f"apiVersion: journeylint/v1\nkind: Segment\nmetadata: {{name: {name}{more}}}\nspec: {{{spec}}}\n"


def journey(
    spec: str = "", *uses: str, name: str = "spring", frequency: str = "ongoing", environment: str | None = None
) -> str:
    """A Journey's manifest: *spec* are block lines without indentation, *uses* the insides of flow mappings."""
    more = "" if environment is None else f", environment: {environment}"
    lines = [
        "apiVersion: journeylint/v1",
        "kind: Journey",
        f"metadata: {{name: {name}{more}}}",
        "spec:",
        f"  frequency: {frequency}",
        *(f"  {line}" for line in spec.splitlines()),
    ]
    if uses:
        lines.append("  segments:")
        lines.extend(f"  - {{{use}}}" for use in uses)
    return "\n".join(lines) + "\n"


AUDIENCE = "name: vip, role: audience, justification: needed"
