"""Times imports of exports: a Configuration Migration package and pages of the Web API, each for the first and the second time.

    python -m benchmarks.imports [SIZE]

Prints a Markdown table: milliseconds a row, and the peak memory of the process. A second import of the same rows has to leave
every file as it is, to the byte; that is held here too.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.bench import FOLDER, Run, describe_range, find_program, measure_run, run_module

SIZE = 10_000
TURNS = 3
MOST_MILLISECONDS = 2.0
MOST_MIB = 300.0
"""What a row may take, and the whole import."""


def make_export(size: int) -> Path:
    """The folder with exports of *size* journeys; the pages are written last, so their folder stands for the whole."""
    export = FOLDER / "corpus" / f"export-{size}"
    if not (export / "pages").exists():
        run_module("gen_export", str(export), str(size))
    return export


def digest(folder: Path) -> str:
    """What *folder* holds: names and contents."""
    held = hashlib.sha256()
    for file in sorted(folder.rglob("*.yaml")):
        held.update(f"{file.relative_to(folder)}\n".encode() + file.read_bytes())
    return held.hexdigest()


def measure_import(source: Path, folder: Path) -> tuple[Run, Run]:
    """The first and the second import of *source* into *folder*; SystemExit where the second one changes something."""
    command = [find_program("journeylint"), "import", str(source), "-o", str(folder)]
    first = measure_run(command)
    before = digest(folder)
    second = measure_run(command)
    if digest(folder) != before:
        raise SystemExit(f"the second import of {source} is not what the first one was")
    return first, second


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description="Time imports of synthetic exports.")
    parser.add_argument("size", nargs="?", type=int, default=SIZE, help="how many journeys")
    size = parser.parse_args().size
    export = make_export(size)
    print(f"\nImports of {size:,} journeys of about 10 KB, ms a row: least / median / greatest.\n")
    print("| source | import | ms a row | required | peak memory | required |")
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    for name, source in (("data.zip", export / "data.zip"), ("pages", export / "pages")):
        runs: dict[str, list[Run]] = {"first": [], "second": []}
        for _ in range(TURNS):
            with tempfile.TemporaryDirectory() as folder:
                first, second = measure_import(source, Path(folder) / "manifests")
            runs["first"].append(first)
            runs["second"].append(second)
        for turn, measured in runs.items():
            each = [run.seconds * 1000 / size for run in measured]
            peak = max(run.peak_mib for run in measured)
            verdicts = (_judge(median(each), MOST_MILLISECONDS), _judge(peak, MOST_MIB))
            cells = (name, turn, describe_range(each), verdicts[0], f"{peak:.0f} MiB", verdicts[1])
            print(f"| {' | '.join(cells)} |", flush=True)


def _judge(value: float, most: float) -> str:
    return f"at most {most:g}: {'met' if value <= most else '**missed**'}"


if __name__ == "__main__":
    main()
