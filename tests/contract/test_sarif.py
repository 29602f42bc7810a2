"""SARIF logs as others read them: Microsoft's validator has nothing to say of any, and `sarif-tools` counts the same."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from sarif import loader  # type: ignore[import-untyped] # it comes without types

from journeylint.builtins.report_sarif import SarifReporter
from journeylint.model import Report, Severity
from tests import sarif_validation
from tests.contract.command_line import AS_OF, AUDIENCE, journey, run_in, segment, write
from tests.golden.samples import empty_report, full_report, hostile_report
from tests.sarif_reports import REPOSITORY, many_findings, policy_page, with_details

CONTOSO = Path(__file__).parents[2] / "examples" / "contoso"


@pytest.fixture(scope="session")
def validator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not sarif_validation.is_installable():
        pytest.skip("npm, which installs Microsoft's SARIF validator, is missing")
    in_environment = sys.prefix != sys.base_prefix
    return sarif_validation.install(Path(sys.prefix, "npm") if in_environment else tmp_path_factory.mktemp("npm"))


@pytest.fixture(scope="module")
def large_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of one result more than GitHub takes, and of failures."""
    report = full_report()
    return written(tmp_path_factory.mktemp("large"), many_findings(25_001, failures=report.failures))


@pytest.fixture(scope="module", autouse=True)
def large_validation(large_log: Path, request: pytest.FixtureRequest) -> Iterator[sarif_validation.Validation | None]:
    """The validation of the large log. It takes longer than all the others, so it begins before them."""
    if not sarif_validation.is_installable():
        yield None
        return
    validation = sarif_validation.start(request.getfixturevalue("validator"), large_log)
    yield validation
    if validation.process.poll() is None:
        validation.process.kill()
    validation.process.communicate()


def written(folder: Path, report: Report) -> Path:
    log = folder / "out.sarif"
    with log.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
        SarifReporter().write(report, stream, color=False)
    return log


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


def commit_all(folder: Path) -> Path:
    """Make *folder* a clone with one commit."""
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "remote", "add", "origin", "git@example.com:team/journeys.git")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "All")
    return folder


def contoso(folder: Path) -> Path:
    shutil.copytree(CONTOSO, folder / "contoso")
    return commit_all(folder) / "contoso"


def export(folder: Path) -> Path:
    """A package of rows, one of which cannot be read."""
    shutil.copytree(CONTOSO.with_name("export"), folder / "export")
    write(folder, {"export/journeylint.yaml": "paths: [data.zip]\n"})
    return commit_all(folder) / "export"


def everything(folder: Path) -> Path:
    """Findings of each level with related places, failures of three codes, odd names, a changed severity."""
    write(
        folder,
        {
            "project/journeylint.yaml": "policies: {OBS012: {severity: error}}\n",
            "project/segments/vip.yaml": segment("vip", "source: outbound, memberCount: 900000"),
            "project/journeys/Fr\u00fchling 100% #1 [neu].yaml": journey(
                "startTime: 2025-03-01T00:20", "name: vip, role: audience", "name: vip, role: exclusion"
            ),
            "project/journeys/a.yaml": journey(
                "", "name: gone, role: audience", "name: gone, role: audience", name="a"
            ),
            "project/journeys/again.yaml": journey("", AUDIENCE, name="a"),
            "project/journeys/bad.yaml": journey('state: "](https://evil.example) {0} \\e \U0001f600"', name="bad"),
            "project/journeys/worse.yaml": "kind: Journey\n: [",
            "project/journeys/empty.yaml": "kind: Journey",
            "project/journeys/not-text.yaml": b"kind: Journey\n\xff\n",
            "project/other/b.yaml": journey("", "name: gone, role: audience", name="b"),
        },
    )
    return commit_all(folder) / "project"


def checked(folder: Path, log: Path, *argv: str) -> dict[str, Any]:
    """The SARIF log of a check of *folder*, and beside it what the JSON report of the same run counts."""
    outputs = ("-o", f"sarif={log}", "-o", "json")
    status, out, err = run_in(folder, ("check", *outputs, "--as-of", AS_OF, *argv))
    assert status in (0, 1, 3), err
    summary: dict[str, Any] = json.loads(out)["summary"]
    return summary


@pytest.mark.parametrize("make", [contoso, everything, export, commit_all])
def test_the_validator_has_nothing_to_say_of_a_run(
    make: Callable[[Path], Path], tmp_path: Path, validator: Path
) -> None:
    checked(make(tmp_path), tmp_path / "out.sarif")
    assert sarif_validation.start(validator, tmp_path / "out.sarif").messages() == []


def test_the_validator_has_nothing_to_say_of_a_report_on_some_files(tmp_path: Path, validator: Path) -> None:
    summary = checked(everything(tmp_path), tmp_path / "out.sarif", "--focus", "journeys")
    assert summary["elsewhere"] > 0
    assert sarif_validation.start(validator, tmp_path / "out.sarif").messages() == []


@pytest.mark.parametrize("make", [full_report, hostile_report])
def test_the_validator_has_nothing_to_say_of_hostile_text(
    make: Callable[[], Report], tmp_path: Path, validator: Path
) -> None:
    report = with_details(make())._replace(repository=REPOSITORY)
    page = policy_page("OBS004", 'a"](b)<c>\n`d` {x} \x00\ud800 \U0001f600', Severity.ERROR)
    log = written(tmp_path, report._replace(pages={**report.pages, "OBS004": page}))
    assert sarif_validation.start(validator, log).messages() == []


def test_the_validator_does_find_what_is_wrong(tmp_path: Path, validator: Path) -> None:
    log = written(tmp_path, with_details(full_report())._replace(repository=REPOSITORY))
    value = json.loads(log.read_text(encoding="utf-8"))
    value["runs"][0]["results"][-1]["message"]["id"] = "missing"
    value["runs"][0]["results"][-2]["unknown"] = 1
    del value["runs"][0]["tool"]["driver"]["rules"][0]["helpUri"]
    log.write_text(json.dumps(value), encoding="utf-8")

    found = {(one.level, one.rule) for one in sarif_validation.start(validator, log).messages()}
    assert found == {("error", "SARIF1012"), ("error", "JSON1005"), ("note", "SARIF2012")}


def test_a_log_that_the_validator_cannot_read_is_not_taken_for_a_clean_one(tmp_path: Path, validator: Path) -> None:
    log = written(tmp_path, full_report())
    log.write_text(log.read_text(encoding="utf-8").replace('"unicodeCodePoints"', '"bytes"'), encoding="utf-8")
    with pytest.raises(AssertionError, match="could not read"):
        sarif_validation.start(validator, log).messages()


@pytest.mark.parametrize("make", [full_report, hostile_report, empty_report])
def test_a_log_meets_the_schema_of_sarif(make: Callable[[], Report], tmp_path: Path, validator: Path) -> None:
    check = jsonschema_rs.validator_for(sarif_validation.schema(validator), validate_formats=True)
    value = json.loads(written(tmp_path, make()).read_bytes())
    assert [error.message for error in check.iter_errors(value)] == []
    value["runs"][0]["results"].append({})
    assert not check.is_valid(value)


@pytest.mark.parametrize("make", [contoso, everything, export, commit_all])
def test_sarif_tools_count_the_same(make: Callable[[Path], Path], tmp_path: Path) -> None:
    log = tmp_path / "out.sarif"
    summary = checked(make(tmp_path), log)
    report = loader.load_sarif_files(str(log)).get_report()
    assert report.get_issue_count_for_severity("error") == summary["errors"] + summary["failures"]
    assert report.get_issue_count_for_severity("warning") == summary["warnings"]
    assert report.get_issue_count_for_severity("note") == summary["infos"]


def test_the_program_sarif_sums_up_and_lists_a_log(tmp_path: Path) -> None:
    log, table = tmp_path / "out.sarif", tmp_path / "out.csv"
    summary = checked(everything(tmp_path), log)
    assert f"error: {summary['errors'] + summary['failures']}\n" in sarif_tools("summary", log)

    sarif_tools("csv", log, "--output", table)
    rows = list(csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines()))
    assert Counter(row["Severity"] for row in rows)["note"] == summary["infos"]
    assert {row["Code"] for row in rows} >= {"JL001", "JL002", "JL004", "OBS012", "REF001"}


def sarif_tools(*words: object) -> str:
    command = [sys.executable, "-m", "sarif", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_log_is_the_same_from_anywhere(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    everything(tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    checked(tmp_path / "one" / "project", tmp_path / "one.sarif", "--jobs", "1")
    checked(tmp_path / "two" / "project", tmp_path / "two.sarif", "--jobs", "2")
    assert (tmp_path / "one.sarif").read_bytes() == (tmp_path / "two.sarif").read_bytes()
    assert str(tmp_path).encode() not in (tmp_path / "one.sarif").read_bytes()


def test_addresses_are_those_of_the_repository(tmp_path: Path) -> None:
    project = everything(tmp_path)
    checked(project, tmp_path / "out.sarif", "journeys", "other")
    run = json.loads((tmp_path / "out.sarif").read_bytes())["runs"][0]
    uris = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]}
    assert "project/journeys/Fr%C3%BChling%20100%25%20%231%20%5Bneu%5D.yaml" in uris
    assert all(uri.startswith("project/") for uri in uris)
    assert run["versionControlProvenance"][0]["repositoryUri"] == "https://example.com/team/journeys"


def test_a_large_log_is_one_that_github_takes(large_log: Path) -> None:
    content = large_log.read_bytes()
    run = json.loads(content)["runs"][0]
    assert len(run["results"]) == 25_000
    assert len(gzip.compress(content, 6)) < 10_000_000


def test_the_validator_has_nothing_to_say_of_a_large_log(large_validation: sarif_validation.Validation | None) -> None:
    if large_validation is None:
        pytest.skip("npm, which installs Microsoft's SARIF validator, is missing")
    assert large_validation.messages() == []
