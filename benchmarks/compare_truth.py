"""Tells whether a JSON report finds in a generated corpus what its generator planted.

    python -m benchmarks.compare_truth REPORT TRUTH

Prints one line a difference and exits with 1 if there is any. A program of its own because reading a large report
takes memory, which the benchmark must not hold while it measures that of others.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path


def find_differences(found: Mapping[str, int], planted: Mapping[str, int]) -> Iterator[str]:
    """One line for each policy whose number of findings is another than planted; one not named stands for none."""
    for policy in sorted({*found, *planted}):
        if found.get(policy, 0) != planted.get(policy, 0):
            yield f"{policy}: {found.get(policy, 0)} findings, {planted.get(policy, 0)} planted"


def compare_report(report: Path, truth: Path) -> list[str]:
    """What is wrong with *report*, one line each: differences in findings, and failures."""
    judged = json.loads(report.read_text(encoding="utf-8"))
    planted: dict[str, int] = json.loads(truth.read_text(encoding="utf-8"))
    differences = list(find_differences(Counter(finding["policy"] for finding in judged["findings"]), planted))
    if judged["failures"]:
        differences.append(f"{len(judged['failures'])} failures, none planted; the first: {judged['failures'][0]}")
    return differences


if __name__ == "__main__":
    lines = compare_report(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.exit(bool(lines))
