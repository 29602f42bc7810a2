"""`journeylint check` from end to end: exit codes, outputs, standard input, the same bytes whatever the locale."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest

from journeylint.cli import main
from journeylint.cli.boundary import run_guarded

ROOT = Path(__file__).parents[2]
AS_OF = ("--as-of", "2025-03-01")
SEGMENT = """\
apiVersion: journeylint/v1
kind: Segment
metadata: {name: vip}
spec: {source: realtime}
"""
JOURNEY = """\
apiVersion: journeylint/v1
kind: Journey
metadata:
  name: spring
spec:
  frequency: ongoing
  startTime: 2025-04-01T09:00:00
  segments:
    - name: SEGMENT
      role: audience
"""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a segment, and a journey that uses it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    (tmp_path / "vip.yaml").write_text(SEGMENT)
    (tmp_path / "spring.yaml").write_text(JOURNEY.replace("SEGMENT", "vip"))
    return tmp_path


@pytest.fixture
def faulty(workspace: Path) -> Path:
    """The workspace with a typo in the segment's name."""
    (workspace / "spring.yaml").write_text(JOURNEY.replace("SEGMENT", "vpi"))
    return workspace


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    status = main(("check", *AS_OF, *argv))
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def run_apart(*argv: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """The program in a process of its own."""
    command = [sys.executable, "-m", "journeylint", *argv]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, **options}
    return subprocess.run(command, check=False, **options)


def test_a_clean_workspace_exits_with_0(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys)
    assert (status, err) == (0, "")
    assert out.startswith("No findings.\nJudged 1 journey and 1 segment in 2 files.\n")


def test_a_finding_exits_with_1_and_is_shown_on_its_line(faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys)
    assert (status, err) == (1, "")
    assert out.startswith("spring.yaml:9:7: error REF001 unknown-segment in Journey spring\n")
    assert "  9 |     - name: vpi\n" in out
    assert "help:" in out


@pytest.mark.parametrize(
    "option", [("--exit-zero",), ("--fail-on", "never"), ("--ignore", "REF001"), ("--ignore=OBS,REF",)]
)
def test_findings_may_be_let_pass(faulty: Path, capsys: pytest.CaptureFixture[str], option: tuple[str, ...]) -> None:
    assert run(capsys, *option)[0] == 0


@pytest.mark.parametrize("selector", ["REF001", "unknown-segment", "references", "OBS012,REF001", " REF001 , OBS012"])
def test_policies_are_selected_by_id_name_and_pack(
    faulty: Path, capsys: pytest.CaptureFixture[str], selector: str
) -> None:
    assert run(capsys, "--select", selector)[0] == 1


@pytest.mark.parametrize("value", ["", ",", "REF001,"])
def test_an_empty_selector_is_a_mistake(faulty: Path, capsys: pytest.CaptureFixture[str], value: str) -> None:
    status, out, err = run(capsys, "--select", value)
    assert (status, out) == (2, "")
    assert err.startswith("error: --select ")


def test_an_unknown_selector_is_told_with_the_nearest(faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "--select", "unknown-segmet")
    assert (status, out) == (2, "")
    assert "did you mean 'unknown-segment'?" in err


def test_a_failure_exits_with_3_even_where_findings_may_pass(faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (faulty / "bad.yaml").write_text("apiVersion: journeylint/v1\nkind: Journey\nmetadata: [\n")
    status, out, _ = run(capsys, "--exit-zero", "--allow-empty")
    assert status == 3
    assert "error JL001 unreadable-manifest" in out


def test_no_manifest_exits_with_3_unless_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, _ = run(capsys)
    assert status == 3
    assert out.startswith("No manifest found: ")
    assert run(capsys, "--allow-empty")[0] == 0


@pytest.mark.parametrize(
    "argv",
    [
        ("missing.yaml",),
        ("--as-of", "yesterday"),
        ("--config", "missing.yaml"),
        ("-o", "jsn"),
        ("-o", "text", "-o", "json"),
        ("-o", "json=vip.yaml/report.json"),
    ],
)
def test_a_run_that_cannot_happen_exits_with_2_and_prints_no_report(
    workspace: Path, capsys: pytest.CaptureFixture[str], argv: tuple[str, ...]
) -> None:
    status, out, err = run(capsys, *argv)
    assert (status, out) == (2, "")
    assert err.startswith("error: ")
    assert "Traceback" not in err


def test_several_reports_of_one_run_agree(faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(
        capsys, "-o", "json", "-o", "json=reports/a.json", "-o", "text=reports/a.txt", "--color=always"
    )
    assert status == 1
    assert (faulty / "reports/a.json").read_text(encoding="utf-8") == out
    text = (faulty / "reports/a.txt").read_text(encoding="utf-8")
    assert text.startswith("spring.yaml:9:7: error REF001")
    assert "\x1b" not in text
    assert {file.name for file in (faulty / "reports").iterdir()} == {"a.json", "a.txt"}


def test_the_json_report_meets_its_schema(faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (faulty / "bad.yaml").write_text("kind: Journey\n")
    report = json.loads(run(capsys, "-o", "json")[1])
    schema = json.loads((ROOT / "schemas/report.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(report)
    assert report["asOf"] == "2025-03-01T00:00:00Z"
    assert [finding["policy"] for finding in report["findings"]] == ["REF001"]
    assert {failure["code"] for failure in report["failures"]} == {"JL002"}


def test_colors_are_on_standard_output_where_they_are_asked_for(
    faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "\x1b[" in run(capsys, "--color", "always")[1]
    assert "\x1b[" not in run(capsys)[1]


def test_standard_input_is_judged_where_it_is_named(
    workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(JOURNEY.replace("SEGMENT", "nobody").encode())))
    status, out, _ = run(capsys, "-")
    assert status == 1
    assert "REF001" in out


def test_standard_input_may_stand_for_a_file(
    workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(JOURNEY.replace("SEGMENT", "nobody").encode())))
    status, out, _ = run(capsys, ".", "--stdin-filename", "spring.yaml")
    assert status == 1
    assert out.startswith("spring.yaml:9:7: error REF001")


def test_standard_input_is_left_alone_otherwise(
    workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(b"unread"))
    monkeypatch.setattr(sys, "stdin", stream)
    assert run(capsys)[0] == 0
    assert stream.read() == "unread"


def test_closed_standard_input_is_told(
    workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert run(capsys, "-")[::2] == (2, "error: cannot read standard input: it is closed\n")


@pytest.mark.parametrize("locale", [{"LC_ALL": "C"}, {"LC_ALL": "C.UTF-8"}, {"PYTHONIOENCODING": "latin-1"}])
def test_the_locale_changes_no_byte(workspace: Path, locale: dict[str, str]) -> None:
    (workspace / "spring.yaml").write_text(JOURNEY.replace("SEGMENT", "größe"), encoding="utf-8")
    ran = run_apart("check", *AS_OF, "-o", "json", cwd=workspace, env={**os.environ, **locale})
    assert (ran.returncode, ran.stderr) == (3, b"")
    assert "größe" in ran.stdout.decode("utf-8")


@pytest.mark.skipif(os.name != "posix", reason="sh is needed")
def test_a_reader_that_leaves_early_is_no_error(faulty: Path) -> None:
    script = f"{{ {sys.executable} -m journeylint check --as-of 2025-03-01; echo $? >status; }} | true"
    for index in range(400):  # more than a pipe holds
        (faulty / f"journey-{index}.yaml").write_text(JOURNEY.replace("SEGMENT", "x").replace("spring", f"j{index}"))
    ran = subprocess.run(["sh", "-c", script], cwd=faulty, stderr=subprocess.PIPE, check=False)
    assert ran.stderr == b""
    assert (faulty / "status").read_text() == "1\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that only Linux has")
def test_a_report_that_does_not_fit_exits_with_2(workspace: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        ran = run_apart("check", *AS_OF, cwd=workspace, stdout=full)
    assert ran.returncode == 2
    assert ran.stderr == b"error: cannot write to standard output: the disk is full\n"


@pytest.mark.skipif(os.name != "posix", reason="sh is needed")
def test_closed_standard_output_exits_with_2(workspace: Path) -> None:
    script = f"{sys.executable} -m journeylint check >&-"
    ran = subprocess.run(["sh", "-c", script], cwd=workspace, stderr=subprocess.PIPE, check=False)
    assert ran.returncode == 2
    assert ran.stderr == b"error: cannot write to standard output: it is closed\n"


def test_help_imports_no_engine() -> None:
    script = (
        "import sys; from journeylint.cli import main; main(['check', '--help']); print(*sys.modules, file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    loaded = set(ran.stderr.split())
    assert "journeylint.cli" in loaded
    assert not loaded & {"cel_expr_python", "yaml", "jsonschema_rs", "pluggy", "journeylint.pipeline", "jsonschema"}


def test_a_bug_exits_with_4_and_shows_what_to_report(capsys: pytest.CaptureFixture[str]) -> None:
    @click.command()
    def broken() -> None:
        raise ZeroDivisionError("\x1b[2Jboom")

    assert run_guarded([], broken) == 4
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Traceback (most recent call last):\n")
    assert "ZeroDivisionError: ␛[2Jboom" in err
    assert "This is a bug in journeylint" in err


def test_an_interrupt_exits_with_130_and_shows_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    @click.command()
    def interrupted() -> None:
        raise KeyboardInterrupt

    assert run_guarded([], interrupted) == 130
    assert "Traceback" not in capsys.readouterr().err
