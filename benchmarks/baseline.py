"""Times `check` with a baseline that accepts all findings beside `check --no-baseline`, in turns.

    python -m benchmarks.baseline [SIZE]... [--pairs N]

Prints a Markdown table. Before a size is timed, a baseline is created, and a check with it has to find nothing.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.bench import describe_range, find_program, make_corpus, measure_run

SIZES = (720, 7_200, 72_000)
"""Journeys with about 1,000, 10,000 and 100,000 findings."""
PAIRS = {720: 11, 7_200: 7, 72_000: 3}


def measure_size(size: int, pairs: int, folder: Path) -> None:
    """Print the row of *size*; what is written for it goes to *folder*."""
    corpus, baseline, report = make_corpus(size), folder / "baseline", folder / "report.json"
    shutil.rmtree(baseline, ignore_errors=True)
    common = [str(corpus), "--jobs", "2", "--as-of", "2025-01-01"]
    program = find_program("journeylint")
    create = [program, "baseline", "create", *common[1:], "--baseline", str(baseline)]
    if subprocess.run(create, cwd=corpus, check=False, stdout=subprocess.DEVNULL).returncode:
        sys.exit(f"failed: {' '.join(create)}")
    check = [program, "check", *common, "-o", f"json={report}", "--fail-on", "info"]
    with_it, without = [*check, "--baseline", str(baseline)], [*check, "--no-baseline"]
    measure_run(with_it)
    suppressed = json.loads(report.read_text(encoding="utf-8"))["summary"]["suppressed"]
    runs = [(measure_run(with_it), measure_run(without, expected=(1,))) for _ in range(pairs)]
    cells = (
        f"{suppressed:,}",
        f"{sum(1 for _ in baseline.rglob('*.yaml')):,}",
        f"{size:,}",
        describe_range([run.seconds for run, _ in runs], " s"),
        describe_range([run.seconds for _, run in runs], " s"),
        describe_range([one.seconds / other.seconds for one, other in runs]),
        str(pairs),
    )
    print(f"| {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description="Time a check with a baseline beside one without.")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, metavar="SIZE", help="how many journeys")
    parser.add_argument("--pairs", type=int, help="turns a size (default: fewer, the larger the size)")
    chosen = parser.parse_args()
    print("Seconds and ratios: least / median / greatest.\n")
    print("| findings accepted | files of the baseline | journeys | with it | without | with / without | turns |")
    print("| --- | --- | --- | --- | --- | --- | --- |", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for size in chosen.sizes:
            measure_size(size, chosen.pairs or PAIRS.get(size, 5), Path(folder))


if __name__ == "__main__":
    main()
