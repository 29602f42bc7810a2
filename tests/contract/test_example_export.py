"""The example of an export is what its script makes of its files, and is judged as worked out by hand."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from tests.contract.command_line import check

EXPORT = Path(__file__).resolve().parents[2] / "examples" / "export"


def test_the_package_is_what_the_script_makes(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("make_package", EXPORT / "make_package.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.make_package(tmp_path / "data.zip")
    assert (tmp_path / "data.zip").read_bytes() == (EXPORT / "data.zip").read_bytes()


def test_its_files_say_that_they_are_made_up() -> None:
    for name in ("data.xml", "data_schema.xml"):
        assert "<!-- Synthetic" in (EXPORT / name).read_text(encoding="utf-8")


def test_the_package_is_judged_as_worked_out_by_hand() -> None:
    outcome = check(EXPORT, "data.zip", as_of="2025-03-10T08:00:00Z")
    of_rows, of_package = [], []
    for one in (one for one in outcome.findings if one["severity"] != "info"):
        if one["manifest"]["kind"] == "Export":
            of_package.append((one["policy"], one["message"].partition(" are live")[0]))
        else:
            of_rows.append((one["policy"], one["location"]["row"]["title"]))
    assert [policy for policy, _ in of_package] == ["PKG002", "PKG002", "PKG002", "PKG003", "PKG009"]
    assert [told for _, told in of_package[:3]] == [
        "8 rows of msdynmkt_segment",
        "4 rows of msdynmkt_segmentdefinition",
        "2 rows of msdynmkt_journey",
    ]
    assert of_rows == [
        ("OBS002", "Outlet clearance"),
        ("IMP005", "Deals of the week"),
        ("OBS006", "Deals of the week"),
        ("IMP001", "Thank you for your order"),
        ("RTB012", "Thank you for your order"),
        ("OBS003", "Opening of the Rotterdam store"),
        ("OBS003", "Opening of the Rotterdam store"),
        ("RTB008", "Opening of the Rotterdam store"),
        ("RTB008", "Opening of the Rotterdam store"),
        ("REF001", "Your gift card is waiting"),
    ]
    assert [one["location"]["row"]["title"] for one in outcome.failures] == ["Flash sale: running shoes"]
    assert {key: outcome.summary[key] for key in ("files", "manifests", "skippedDocuments")} == {
        "files": 1,
        "manifests": 24,
        "skippedDocuments": 1,
    }
