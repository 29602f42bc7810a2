"""Issues of Azure Pipelines: which, in which order, where, and in which words."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from journeylint.builtins.report_azure import AzureReporter
from journeylint.model import Failure, Finding, Related, Report, Repository
from tests.contract.command_line import journey, run_in, write
from tests.golden.samples import (
    INSIGHTS,
    INVALID,
    OVERSIZED,
    SHORT_LEAD,
    UNREADABLE,
    clean_report,
    empty_report,
    full_report,
    place,
)


def written(report: Report) -> list[str]:
    stream = io.StringIO()
    AzureReporter().write(report, stream, color=False)
    text = stream.getvalue()
    assert not text or text.endswith("\n")
    return text.split("\n")[:-1]


def of(*findings: Finding, failures: tuple[Failure, ...] = (), repository: Repository | None = None) -> Report:
    return full_report()._replace(findings=findings, failures=failures, repository=repository)


def test_a_report_is_issues_worst_first_and_infos_as_lines() -> None:
    assert written(full_report()) == [
        (
            "##vso[task.logissue type=error;sourcepath=journeys/secret.yaml;linenumber=1;columnnumber=1;code=JL001]"
            "unreadable-manifest: the file cannot be read: permission denied"
        ),
        (
            "##vso[task.logissue type=error;sourcepath=journeys/typo.yaml;linenumber=6;columnnumber=3;code=JL002]"
            "invalid-manifest: unknown property 'frequnecy' - did you mean 'frequency'?"
        ),
        (
            "##vso[task.logissue type=error;sourcepath=journeys/spring-sale.yaml;linenumber=14;columnnumber=7;code=OBS004]"
            "oversized-outbound-segment: The outbound segment 'agency-prospects' has 1,200,000 members: outbound segments "
            "of 750,000 and more do not export reliably. (see segments/agency.yaml:9:16: its size)"
        ),
        (
            "##vso[task.logissue type=error;sourcepath=journeys/weekly-deals.yaml;linenumber=8;columnnumber=7;code=OBS004]"
            "oversized-outbound-segment: The outbound segment 'everybody' has 2,000,000 members."
        ),
        (
            "##vso[task.logissue type=warning;sourcepath=journeys/spring-sale.yaml;linenumber=9;columnnumber=14;"
            "code=OBS007]short-export-lead-time: The journey starts 20 min after it is published, and its outbound "
            "segments need at least 4 h to export."
        ),
        (
            "journeys/spring-sale.yaml:11:5: info OBS012 unlinked-segment-insights: Insights of this journey will link to "
            "the exported copy."
        ),
    ]


def test_a_clean_run_writes_nothing() -> None:
    assert written(clean_report()) == []


def test_a_run_without_a_manifest_is_a_warning() -> None:
    (line,) = written(empty_report())
    assert line.startswith("##vso[task.logissue type=warning]No manifest found, so nothing was judged")


def test_a_run_that_only_failed_tells_the_failure() -> None:
    report = empty_report()._replace(failures=(UNREADABLE,), summary=empty_report().summary._replace(failures=1))
    assert [line[:30] for line in written(report)] == ["##vso[task.logissue type=error"]


def test_findings_that_count_come_before_others_of_their_level() -> None:
    lines = written(of(SHORT_LEAD, SHORT_LEAD._replace(counts=True, policy="OBS099"), OVERSIZED, failures=(INVALID,)))
    assert [line.partition("code=")[2].partition("]")[0] for line in lines] == ["JL002", "OBS004", "OBS099", "OBS007"]


@pytest.mark.parametrize(("number", "told"), [(10, 0), (11, 1)])
def test_all_are_logged_and_more_than_the_page_lists_are_counted(number: int, told: int) -> None:
    lines = written(of(*[OVERSIZED] * number, SHORT_LEAD))
    assert len(lines) == number + 1 + told
    assert (
        lines[number + 1 :]
        == [
            (
                f"journeylint: {number} errors and 1 warning. Azure Pipelines lists the first 10 of each level; "
                "this log has all of them."
            )
        ][:told]
    )


def test_infos_are_never_too_many() -> None:
    assert len(written(of(*[INSIGHTS] * 11))) == 11


@pytest.mark.parametrize(
    ("prefix", "path", "shown"),
    [
        (None, "../a.yaml", "../a.yaml"),
        ("crm/", "../a.yaml", "a.yaml"),
        ("crm/", "a;b]%3B.yaml", "crm/a%3Bb%5D%AZP253B.yaml"),
        (None, "=a.yaml", "./=a.yaml"),
    ],
)
def test_paths_lead_from_the_root_of_the_repository(prefix: str | None, path: str, shown: str) -> None:
    finding = OVERSIZED._replace(location=place(path, "", (1, 1, 1, 2)))
    (line,) = written(of(finding, repository=None if prefix is None else Repository(prefix)))
    assert f";sourcepath={shown};" in line


def test_percent_signs_are_written_as_current_agents_read_them() -> None:
    (line,) = written(of(SHORT_LEAD._replace(message="100%; [50%0A] off")))
    assert line.endswith("]short-export-lead-time: 100%AZP25%3B [50%AZP250A%5D off")


@pytest.mark.parametrize("path", ["::error::x.yaml", " \t::error::x.yaml"])
def test_an_info_in_a_file_with_a_hostile_name_is_no_command(path: str) -> None:
    (line,) = written(of(INSIGHTS._replace(location=place(path, "", (1, 1, 1, 2)))))
    assert line.startswith("./")


def test_few_further_places_are_told() -> None:
    related = tuple(Related(f"r{number}", place("b.yaml", "", (number, 1, number, 2))) for number in range(1, 8))
    (line,) = written(of(SHORT_LEAD._replace(related=related)))
    assert "(see b.yaml:1:1: r1%3B b.yaml:2:1: r2%3B" in line
    assert line.endswith("b.yaml:5:1: r5%3B and 2 more)")


def test_a_run_logs_issues(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": journey("", "name: '##vso[task.complete]x', role: audience")})
    status, out, err = run_in(tmp_path, ["check", "-o", "azure", "--as-of", "2025-03-01", "--select", "REF001"])
    assert (status, err) == (3, "")
    (line,) = out.splitlines()
    assert line.count("##vso") == 1
    assert "##vso[task.logissue type=error;sourcepath=a.yaml;linenumber=7;" in line
    assert "#\\#vso[task.complete%5Dx" in line
