"""`check --statistics`: what is told on standard error, and that nothing else changes. No test looks at a time."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from journeylint.cli import main
from journeylint.cli.statistics_text import tell_statistics
from journeylint.model import PolicyTally
from journeylint.statistics import ALONE, STAGES, Statistics
from tests.golden.samples import empty_report

AS_OF = ("--as-of", "2025-03-01")
SEGMENT = "apiVersion: journeylint/v1\nkind: Segment\nmetadata: {name: vip}\nspec: {source: realtime}\n"
JOURNEY = """\
apiVersion: journeylint/v1
kind: Journey
metadata: {name: spring}
spec:
  frequency: ongoing
  segments:
    - {name: vip, role: audience}
    - {name: vpi, role: exclusion}
"""
ROW = re.compile(r"  (?P<name>\S+(?: \S+)*?) +(?P<counts>[\d,]+ +[\d,]+ +[\d,]+) +(?P<cost>[\d.,]+ +[\d.]+ %|- +-)")


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a segment, and a journey that uses it and one that is not there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "vip.yaml").write_text(SEGMENT)
    (tmp_path / "spring.yaml").write_text(JOURNEY)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    status = main(("check", *AS_OF, *argv))
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def rows_of(told: str) -> dict[str, tuple[str, str]]:
    """Counts and cost by the name of a policy, in the order in which they are told."""
    matches = (ROW.fullmatch(line) for line in told.split("\n\n")[2].splitlines())
    return {match["name"]: (" ".join(match["counts"].split()), match["cost"]) for match in matches if match}


@pytest.mark.parametrize("output", ["text", "json", "sarif", "markdown"])
def test_the_report_and_the_exit_code_are_the_same(
    workspace: Path, capsys: pytest.CaptureFixture[str], output: str
) -> None:
    status, out, err = run(capsys, "-o", output)
    assert (status, err) == (1, "")
    assert run(capsys, "-o", output, "--statistics")[:2] == (status, out)


@pytest.mark.parametrize(
    "options", [(), ("-o", "json=report.json"), ("--jobs", "2"), ("--exit-zero",), ("--focus", "vip.yaml")]
)
def test_the_tables_are_on_standard_error(
    workspace: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    plain = run(capsys, *options)
    status, out, err = run(capsys, *options, "--statistics")
    assert (status, out) == plain[:2]
    title, stages, policies = err.split("\n\n")
    assert title == "Statistics of 2 files and 2 manifests, taken in one process"
    assert [line.split()[0] for line in stages.splitlines()] == ["stage", *STAGES, "all", f"({ALONE})"]
    assert policies.splitlines()[0].split() == ["policy", "findings", "judged", "not", "applicable", "ms", "share"]


def test_each_policy_has_its_counts(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, _, err = run(capsys, "--statistics", "--select", "REF001,REF002,OBS002")
    rows = rows_of(err)
    assert {name: counts for name, (counts, _) in rows.items()} == {
        "REF001 unknown-segment": "1 2 0",
        "REF002 unknown-original-segment": "0 0 1",
        "OBS002 outbound-exclusion-segment": "0 0 2",
        "all": "1 2 3",
    }
    assert [*rows][-1] == "all"


def test_a_policy_that_was_never_asked_has_no_cost(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, _, err = run(capsys, "--statistics", "--select", "REF001,REF003")
    costs = {name: cost.split() for name, (_, cost) in rows_of(err).items()}
    assert costs["REF003 unknown-message"] == ["-", "-"]
    assert costs["REF001 unknown-segment"][1:] == ["100.0", "%"]


def test_the_dearest_comes_first_and_equals_stay_in_the_order_of_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    statistics = Statistics()
    statistics.policies.update({"A1": 0.001, "A2": 0.003, "A4": 0.003})
    tallies = tuple(PolicyTally(f"A{number}", f"name-{number}", "Journey", failed=number) for number in range(1, 6))
    tell_statistics(statistics, empty_report()._replace(policies=tallies))
    rows = rows_of(capsys.readouterr().err)
    assert [*rows] == ["A2 name-2", "A4 name-4", "A1 name-1", "A3 name-3", "A5 name-5", "all"]
    assert [cost for _, cost in rows.values()] == [
        "3.0   42.9 %",
        "3.0   42.9 %",
        "1.0   14.3 %",
        "-        -",
        "-        -",
        "7.0  100.0 %",
    ]


def test_a_policy_that_cannot_judge_is_counted_all_the_same(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (workspace / "broken.yaml").write_text(SEGMENT.replace("vip", "vpi").replace("realtime", "nowhere"))
    status, out, err = run(capsys, "--statistics", "-o", "json")
    assert run(capsys, "-o", "json")[:2] == (status, out)
    assert status == 3
    assert rows_of(err)["REF001 unknown-segment"][0] == "0 1 1"


def test_manifests_with_very_many_nodes_are_measured(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    uses = "".join(f"    - {{name: gone-{number}, role: audience}}\n" for number in range(300))
    (workspace / "spring.yaml").write_text(JOURNEY + uses)
    _, _, err = run(capsys, "--statistics", "--select", "REF001")
    assert rows_of(err)["REF001 unknown-segment"][0] == "301 302 0"


def test_a_run_that_does_not_happen_has_none(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = run(capsys, "--statistics", "nowhere")
    assert status == 2
    assert "Statistics" not in err


def test_a_run_without_statistics_imports_nothing_of_them(workspace: Path) -> None:
    script = "import sys; from journeylint.cli import main; main(['check']); print(*sys.modules, file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert not {"journeylint.statistics", "journeylint.cli.statistics_text"} & {*ran.stderr.split()}
