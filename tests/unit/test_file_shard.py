"""The source lines that findings and failures come with: those of the place, and the key that leads to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from journeylint.check_request import CheckRequest
from journeylint.model import Report
from journeylint.pipeline import check
from journeylint.ports import Want
from tests.judging import AS_OF, builtin_host

HEAD = "apiVersion: journeylint/v1\nkind: Journey\nmetadata: {name: j}\nspec:\n  frequency: ongoing\n"


def report_on(folder: Path, text: str, *, jobs: int = 1) -> Report:
    (folder / "j.yaml").write_bytes(text.encode())
    request = CheckRequest(("j.yaml",), folder, as_of=AS_OF, jobs=jobs, wants=frozenset({Want.LINES, Want.EVIDENCE}))
    return check(request, builtin_host())


def lines_of_failures(folder: Path, text: str) -> list[tuple[int, int, list[str]]]:
    """For each failure the line that it is at, that which its lines begin with, and these."""
    found = []
    for failure in report_on(folder, text).failures:
        assert failure.detail is not None
        found.append((failure.location.span.line, failure.detail.first_line, list(failure.detail.lines)))
    return found


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("  segmnts:\n    - name: vip\n      id: 1\n", (7, 6, ["  segmnts:", "    - name: vip", "      id: 1"])),
        ("  segmnts: # all\n  - a\n", (7, 6, ["  segmnts: # all", "  - a"])),
        ("  segmnts:\n\n    # one\n    a: 1\n", (9, 6, ["  segmnts:", "", "    # one", "    a: 1"])),
        ("  segmnts:\r\n    a: 1\r\n", (7, 6, ["  segmnts:", "    a: 1"])),
    ],
)
def test_a_block_comes_with_the_line_of_its_key(
    tmp_path: Path, spec: str, expected: tuple[int, int, list[str]]
) -> None:
    assert lines_of_failures(tmp_path, HEAD + spec) == [expected]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("  segmnts: [a]\n", (6, 6, ["  segmnts: [a]"])),
        ("  segmnts:\n    # 1\n    # 2\n    # 3\n    a: 1\n", (10, 10, ["    a: 1"])),
        ("  segments:\n    - name: vip\n", (7, 7, ["    - name: vip"])),
        ("  segments:\n    - {name: x, role: content}\n    - name: vip\n", (8, 8, ["    - name: vip"])),
    ],
)
def test_what_is_on_the_line_of_its_key_far_from_it_or_in_a_list_comes_alone(
    tmp_path: Path, spec: str, expected: tuple[int, int, list[str]]
) -> None:
    assert lines_of_failures(tmp_path, HEAD + spec) == [expected]


def test_a_long_block_comes_with_its_key_and_three_lines(tmp_path: Path) -> None:
    ((at, first, lines),) = lines_of_failures(tmp_path, HEAD + "  x:\n    a: 1\n    b: 2\n    c: 3\n    d: 4\n")
    assert (at, first, lines) == (7, 6, ["  x:", "    a: 1", "    b: 2", "    c: 3"])


def test_the_first_document_has_nothing_above_it(tmp_path: Path) -> None:
    assert lines_of_failures(tmp_path, "# a:\n---\nkind: Journey\n")[0] == (3, 3, ["kind: Journey"])


def test_findings_come_with_their_keys_too(tmp_path: Path) -> None:
    segment = "---\napiVersion: journeylint/v1\nkind: Segment\nmetadata: {name: vip}\nspec: {source: outbound}\n"
    report = report_on(tmp_path, HEAD + "  segments:\n    - name: vip\n      role: audience\n" + segment)
    (finding,) = [finding for finding in report.findings if finding.policy == "OBS012"]
    assert finding.detail is not None
    assert (finding.location.span.line, finding.detail.first_line) == (7, 6)
    assert finding.detail.lines == ("  segments:", "    - name: vip", "      role: audience")
