"""Times whole runs of journeylint, start-up to exit, beside ast-grep on the same files.

    python -m benchmarks.bench [SIZE]... [--pairs N]
    python -m benchmarks.bench --flows SIZE [--pairs N]

Prints Markdown tables: starts, other report formats beside JSON, real-time journeys with flows, and sizes. Before a size
is timed, the report on it is compared with what the generator planted: a wrong verdict ends the benchmark. The two programs
take turns (A B A B), so that what else the machine does meets both; a ratio is that of one turn. Memory is the peak of the
largest process of a run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

FOLDER = Path(__file__).resolve().parent
PROGRAMS = Path(sys.executable).parent
SIZES = (1_000, 10_000, 100_000)
PAIRS = {1_000: 11, 10_000: 7, 100_000: 3}
STARTS = 25
FORMATS = ("sarif", "github", "gitlab", "junit", "markdown", "azure", "text")
REPORTED_SIZE = 7_200
"""Journeys with a good 10,000 findings."""
REPORT_PAIRS = 9
FLOWS = 10_000
FLOW_PAIRS = 5
FLOW_CHOICES = {
    "all policies": (),
    "`outbound-segments`, `references`": ("--select", "outbound-segments,references"),
    "`outbound-segments`": ("--select", "outbound-segments"),
}
ONE_FILE = "d000/journey-000000.yaml"
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "JOURNEYLINT"))}
"""Without what changes how Python starts: PYTHONDONTWRITEBYTECODE has a checkout compiled anew in every run."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a program: wall seconds, and MiB of the largest process of it."""

    seconds: float
    peak_mib: float


def measure_run(command: list[str], *, expected: Iterable[int] = (0,)) -> Run:
    """Run *command* with what it prints thrown away; SystemExit where its exit status is not among *expected*."""
    quiet = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
    begun = time.perf_counter()
    child = os.posix_spawn(command[0], command, ENVIRONMENT, file_actions=quiet)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - begun
    if os.waitstatus_to_exitcode(status) not in expected:
        sys.exit(f"{' '.join(command)}: exit status {os.waitstatus_to_exitcode(status)}, expected {expected}")
    return Run(seconds, usage.ru_maxrss / 1024)


def find_program(name: str) -> str:
    """The path of *name* in this environment; SystemExit where it is not installed."""
    path = PROGRAMS / name
    if not path.exists():
        sys.exit(f"{path} is missing: run `make bench`, or install this project with its `bench` extra")
    return str(path)


def run_module(name: str, *arguments: str) -> None:
    """Run a module of this folder in a process of its own; SystemExit where it fails."""
    command = [sys.executable, "-m", f"benchmarks.{name}", *arguments]
    if subprocess.run(command, cwd=FOLDER.parent, check=False).returncode:
        sys.exit(f"failed: {' '.join(command)}")


def make_corpus(size: int) -> Path:
    """The folder with *size* journeys; `truth.json` is written last, so it stands for the whole."""
    corpus = FOLDER / "corpus" / str(size)
    if not (corpus / "truth.json").exists():
        run_module("gen_corpus", str(corpus), str(size))
    return corpus


def make_flows(size: int) -> Path:
    """The folder with *size* real-time journeys; `truth.json` is written last, so it stands for the whole."""
    corpus = FOLDER / "corpus" / f"flows-{size}"
    if not (corpus / "truth.json").exists():
        run_module("gen_flows", str(corpus), str(size))
    return corpus


def check_command(target: Path, report: Path, formats: Sequence[str] = ("json",)) -> list[str]:
    """Judge *target* by every policy, in two processes; nothing of manifests is ever cached."""
    options = ["--jobs", "2", "--as-of", "2025-01-01"]
    for name in formats:
        options += ["-o", f"{name}={report.with_suffix(f'.{name}')}"]
    return [find_program("journeylint"), "check", str(target), *options]


def scan_command(target: Path) -> list[str]:
    """Scan *target* by the five ast-grep rules, in two threads."""
    config = FOLDER / "astgrep" / "sgconfig.yml"
    return [find_program("ast-grep"), "scan", "--config", str(config), "--threads", "2", "--json=stream", str(target)]


def describe_range(values: Sequence[float], unit: str = "") -> str:
    """The least, the median and the greatest of *values*."""
    return f"{min(values):.2f} / **{median(values):.2f}** / {max(values):.2f}{unit}"


def measure_size(size: int, pairs: int, report: Path) -> float:
    """Print the row of *size* and return journeylint's median seconds."""
    corpus = make_corpus(size)
    check, scan = check_command(corpus, report), scan_command(corpus)
    measure_run(check, expected=(0, 1))
    run_module("compare_truth", str(report), str(corpus / "truth.json"))
    measure_run(scan, expected=(0, 1))
    ours, theirs = [], []
    for _ in range(pairs):
        ours.append(measure_run(check, expected=(0, 1)))
        theirs.append(measure_run(scan, expected=(0, 1)))
    ratios = [one.seconds / other.seconds for one, other in zip(ours, theirs, strict=True)]
    seconds = [run.seconds for run in ours]
    cells = (
        f"{size:,}",
        describe_range(seconds, " s"),
        describe_range([run.seconds for run in theirs], " s"),
        describe_range(ratios),
        f"{max(run.peak_mib for run in ours):.0f} MiB",
        f"{max(run.peak_mib for run in theirs):.0f} MiB",
        str(pairs),
    )
    print(f"| {' | '.join(cells)} |", flush=True)
    return median(seconds)


def measure_reports(report: Path) -> None:
    """Print the table of report formats beside JSON alone, on journeys with a good 10,000 findings."""
    corpus = make_corpus(REPORTED_SIZE)
    plain = check_command(corpus, report)
    measure_run(plain, expected=(0, 1))
    findings = sum(json.loads((corpus / "truth.json").read_text(encoding="utf-8")).values())
    print(f"\n{findings:,} findings in {REPORTED_SIZE:,} files, seconds: least / median / greatest.\n")
    print("| reports | seconds | json alone, in turns | x json alone | written |\n| --- | --- | --- | --- | --- |")
    choices = [*((name,) for name in FORMATS), FORMATS[:-1], ("json", *FORMATS)]
    for formats in choices:
        command = check_command(corpus, report, formats)
        measure_run(command, expected=(0, 1))
        size = sum(report.with_suffix(f".{name}").stat().st_size for name in formats) / 1e6
        runs = [
            (measure_run(command, expected=(0, 1)), measure_run(plain, expected=(0, 1))) for _ in range(REPORT_PAIRS)
        ]
        cells = (
            ", ".join(formats),
            describe_range([run.seconds for run, _ in runs]),
            describe_range([run.seconds for _, run in runs]),
            describe_range([one.seconds / other.seconds for one, other in runs]),
            f"{size:.1f} MB",
        )
        print(f"| {' | '.join(cells)} |", flush=True)


def measure_flows(report: Path, size: int, pairs: int) -> None:
    """Print the table of real-time journeys: all policies beside those that there were first, in turns, in one process."""
    corpus = make_flows(size)
    truth = json.loads((corpus / "truth.json").read_text(encoding="utf-8"))
    judge = [find_program("journeylint"), "check", str(corpus), "--as-of", "2026-03-01", "--jobs", "1"]
    judge += ["-o", f"json={report}"]
    measure_run([*judge, "--select", ",".join(truth)], expected=(0, 1))
    run_module("compare_truth", str(report), str(corpus / "truth.json"))
    manifests = json.loads(report.read_text(encoding="utf-8"))["summary"]["manifests"]
    runs: dict[str, list[Run]] = {name: [] for name in FLOW_CHOICES}
    for _ in range(pairs):
        for name, options in FLOW_CHOICES.items():
            runs[name].append(measure_run([*judge, *options], expected=(0, 1)))
    print(
        f"\n{size:,} journeys with flows of 12 steps, {manifests:,} manifests, one process: least / median / greatest.\n"
    )
    print("| policies | seconds | ms a manifest | all policies / these | peak memory | turns |")
    print("| --- | --- | --- | --- | --- | --- |")
    most = next(iter(runs.values()))
    for name, measured in runs.items():
        cells = (
            name,
            describe_range([run.seconds for run in measured], " s"),
            f"{median(run.seconds for run in measured) * 1000 / manifests:.3f}",
            describe_range([one.seconds / run.seconds for one, run in zip(most, measured, strict=True)]),
            f"{max(run.peak_mib for run in measured):.0f} MiB",
            str(pairs),
        )
        print(f"| {' | '.join(cells)} |", flush=True)


def measure_start(report: Path) -> None:
    """Print the table of short runs beside a bare start of the same Python."""
    journeylint, target = find_program("journeylint"), make_corpus(min(SIZES)) / ONE_FILE
    commands = {
        "`python -c pass`": [sys.executable, "-c", "pass"],
        "`journeylint --version`": [journeylint, "--version"],
        "`journeylint check` of one file": check_command(target, report),
        "... with `--no-cache`": [*check_command(target, report), "--no-cache"],
        "`ast-grep scan` of one file": scan_command(target),
    }
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for command in commands.values():
        measure_run(command, expected=(0, 1))
    for _ in range(STARTS):
        for name, command in commands.items():
            runs[name].append(measure_run(command, expected=(0, 1)))
    bare = [run.seconds for run in next(iter(runs.values()))]
    print(
        "| run | ms: least / median / greatest | x bare start, turn by turn | peak memory |\n| --- | --- | --- | --- |"
    )
    for name, measured in runs.items():
        milliseconds = describe_range([run.seconds * 1000 for run in measured])
        ratios = describe_range([run.seconds / start for run, start in zip(measured, bare, strict=True)])
        print(f"| {name} | {milliseconds} | {ratios} | {max(run.peak_mib for run in measured):.0f} MiB |", flush=True)


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description="Time journeylint beside ast-grep.")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, metavar="SIZE", help="how many journeys")
    parser.add_argument("--pairs", type=int, help="turns a size (default: fewer, the larger the size)")
    parser.add_argument(
        "--flows", type=int, metavar="SIZE", help="measure so many real-time journeys, and nothing else"
    )
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        if chosen.flows is not None:
            measure_flows(report, chosen.flows, chosen.pairs or FLOW_PAIRS)
            return
        measure_start(report)
        measure_reports(report)
        measure_flows(report, FLOWS, chosen.pairs or FLOW_PAIRS)
        print("\nSeconds and ratios: least / median / greatest.\n")
        print("| files | journeylint | ast-grep | journeylint / ast-grep | journeylint's memory | ast-grep's | turns |")
        print("| --- | --- | --- | --- | --- | --- | --- |", flush=True)
        times = {}
        for size in chosen.sizes:
            times[size] = measure_size(size, chosen.pairs or PAIRS.get(size, 5), report)
    for smaller, larger in zip(sorted(times), sorted(times)[1:], strict=False):
        print(f"\n{smaller:,} to {larger:,} files: {times[larger] / times[smaller]:.1f} times the time.")


if __name__ == "__main__":
    main()
