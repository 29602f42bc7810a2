"""SARIF logs of runs that suppress something, as others read them, with and without what is suppressed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from sarif import loader  # type: ignore[import-untyped] # it comes without types

from journeylint.builtins.report_sarif import SarifReporter
from tests import sarif_validation
from tests.contract.command_line import AS_OF, journey, run_in, segment, write
from tests.contract.test_sarif import commit_all
from tests.golden.samples import suppressed_report
from tests.sarif_reports import REPOSITORY, with_details

SHOWN = "--sarif-suppressed"


@pytest.fixture(scope="session")
def validator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not sarif_validation.is_installable():
        pytest.skip("npm, which installs Microsoft's SARIF validator, is missing")
    in_environment = sys.prefix != sys.base_prefix
    return sarif_validation.install(Path(sys.prefix, "npm") if in_environment else tmp_path_factory.mktemp("npm"))


def project(folder: Path) -> Path:
    """A finding suppressed by each way in which people write it, hostile in its words, beside findings and a failure."""
    reason = "](https://evil.example) \\u001b[31m <b>&amp; {0} %s \U0001f600"
    write(
        folder,
        {
            "journeylint.yaml": "suppressions: [{policy: OBS010, files: a.yaml, reason: accepted, until: 2025-03-02}]\n",
            "a.yaml": journey(
                "",
                "name: vip, role: audience",
                f"name: vip, role: exclusion}} # journeylint: ignore[OBS002] until 2025-03-01 by crm -- {reason}\n"
                "  - {name: gone, role: audience",
            ),
            "b.yaml": journey("", "name: vip, role: branch", name="b").replace(
                "{name: b}",
                f'{{name: b, suppressions: [{{policy: OBS003, reason: "{reason}", owner: "{reason}"}}]}}',
            ),
            "c.yaml": segment("vip", "source: outbound, memberCount: 5"),
            "d.yaml": "apiVersion: journeylint/v1\nkind: Journey\n",
        },
    )
    commit_all(folder)
    return folder


def checked(folder: Path, log: Path, *argv: str) -> dict[str, Any]:
    """The SARIF log of a check of *folder*, and beside it the JSON report of the same run."""
    status, out, err = run_in(folder, ("check", "-o", f"sarif={log}", "-o", "json", "--as-of", AS_OF, *argv))
    assert status == 3, err
    report: dict[str, Any] = json.loads(out)
    return report


def results_in(log: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(log.read_bytes())["runs"][0]["results"]
    return found


@pytest.mark.parametrize("argv", [(), (SHOWN,)])
def test_the_validator_has_nothing_to_say_of_a_run(argv: tuple[str, ...], tmp_path: Path, validator: Path) -> None:
    report = checked(project(tmp_path / "project"), tmp_path / "out.sarif", *argv)
    assert {one["suppression"]["form"] for one in report["suppressed"]} == {"comment", "metadata", "configuration"}
    assert sarif_validation.start(validator, tmp_path / "out.sarif").messages() == []


@pytest.mark.parametrize("shows_suppressed", [False, True])
def test_the_validator_has_nothing_to_say_of_a_baseline(
    shows_suppressed: bool, tmp_path: Path, validator: Path
) -> None:
    log = tmp_path / "out.sarif"
    with log.open("w", encoding="utf-8") as stream:
        report = with_details(suppressed_report())._replace(repository=REPOSITORY)
        SarifReporter(shows_suppressed=shows_suppressed).write(report, stream, color=False)
    assert sarif_validation.start(validator, log).messages() == []


def test_suppressed_results_are_left_out_unless_they_are_asked_for(tmp_path: Path) -> None:
    report = checked(project(tmp_path / "project"), tmp_path / "out.sarif")
    results = results_in(tmp_path / "out.sarif")
    assert len(results) == len(report["findings"]) + len(report["failures"])
    assert not any("suppressions" in one for one in results)


def test_every_result_says_what_suppresses_it_if_suppressed_ones_are_shown(tmp_path: Path) -> None:
    report = checked(project(tmp_path / "project"), tmp_path / "out.sarif", SHOWN)
    results = results_in(tmp_path / "out.sarif")
    assert len(results) == len(report["findings"]) + len(report["failures"]) + len(report["suppressed"])
    told = [one["suppressions"] for one in results]
    assert [len(one) for one in told] == [0] * (len(told) - 3) + [1] * 3
    kinds = {one["ruleId"]: suppression["kind"] for one in results for suppression in one["suppressions"]}
    assert kinds == {"OBS002": "inSource", "OBS003": "inSource", "OBS010": "external"}


def test_what_is_suppressed_otherwise_reads_as_what_is_not(tmp_path: Path) -> None:
    project(tmp_path / "project")
    checked(tmp_path / "project", tmp_path / "shown.sarif", SHOWN)
    checked(tmp_path / "project", tmp_path / "all.sarif", "--no-suppressions")
    shown, everything = (
        {(one["ruleId"], one["partialFingerprints"]["journeylint/v1"]): one for one in results_in(tmp_path / name)}
        for name in ("shown.sarif", "all.sarif")
    )
    suppressed = {key: {**one, "suppressions": []} for key, one in shown.items() if one["suppressions"]}
    assert {key: {**everything[key], "suppressions": []} for key in suppressed} == suppressed


def test_sarif_tools_tell_by_their_filter_what_is_suppressed(tmp_path: Path) -> None:
    report = checked(project(tmp_path / "project"), tmp_path / "out.sarif", SHOWN)
    counts = []
    for kinds in ([], [{"suppression": "inSource"}], [{"suppression": "external"}]):
        files = loader.load_sarif_files(str(tmp_path / "out.sarif"))
        files.init_general_filter("suppressed", {"default-include": False}, kinds, [])
        counts.append(sum(map(files.get_report().get_issue_count_for_severity, ("error", "warning", "note"))))
    summary = report["summary"]
    whole = sum(summary[key] for key in ("errors", "warnings", "infos", "failures", "suppressed"))
    assert counts == [whole, 2, 1]


def test_the_option_without_a_sarif_log_is_a_mistake(tmp_path: Path) -> None:
    status, out, err = run_in(project(tmp_path), ("check", SHOWN))
    assert (status, out) == (2, "")
    assert err.startswith("error: --sarif-suppressed is about the SARIF log: ask for one too, such as -o sarif=")
