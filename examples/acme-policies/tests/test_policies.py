"""Every case of every policy holds, and so does what the plugin adds in Python."""

from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from acme_policies import CsvReporter, is_workday

from journeylint.model import Report, Summary
from journeylint.testing import build_host, find_cases, read_case, read_policies, run_case

ROOT = Path(__file__).resolve().parents[1] / "src" / "acme_policies"
HOST = build_host()
POLICIES = read_policies(ROOT, HOST).policies
CASES = [(policy, path) for policy in POLICIES for path in find_cases(policy)]


@pytest.mark.parametrize(("policy", "path"), CASES)
def test_a_policy_finds_what_its_case_marks(policy, path):
    result = run_case(read_case(path), policy, HOST)
    assert result.holds, result.describe()


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_has_both_examples(policy):
    names = [path.name for path in find_cases(policy)]
    assert {"fails.yaml", "passes.yaml"} <= set(names)


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2025-03-14", True), ("2025-03-15", False), ("2025-03-17", True), ("2025-05-01", False), ("2025-05-02", True)],
)
def test_people_work_from_monday_to_friday_but_on_holidays(day, expected):
    assert is_workday(datetime.fromisoformat(day)) is expected


def test_the_csv_has_a_header_even_if_nothing_was_found():
    stream = StringIO()
    report = Report("0.1.0", datetime(2025, 3, 1), Summary(0, 0, 0, 0, 0, 0, 0), (), (), ())
    CsvReporter().write(report, stream, color=False)
    assert stream.getvalue() == "what,severity,file,line,message\n"
