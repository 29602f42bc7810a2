"""Configurations that extend others: where these are found, what wins, and what is said of mistakes in any of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from journeylint.formats.yaml import YamlLoader
from journeylint.host import schema_of
from journeylint.settings import Settings
from journeylint.settings.extend import read_settings
from tests.contract.command_line import check, journey, run_in, segment, write

FILES = {
    "journeys/j.yaml": journey("", "name: vip, role: exclusion", "name: gone, role: audience"),
    "segments/vip.yaml": segment("vip", "source: outbound, memberCount: 1000"),
}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Path]:
    """A folder on the import path that holds the package `acme_extended`."""
    folder = tmp_path / "site"
    write(folder, {"acme_extended/__init__.py": "raise SystemExit('this package was imported')\n"})
    sys.path.insert(0, str(folder))
    try:
        yield folder
    finally:
        sys.path.remove(str(folder))
        sys.path_importer_cache.pop(str(folder), None)


def judged_by(folder: Path, *argv: str) -> list[str]:
    """The policies that a check of *folder* has tallies of."""
    report = check(folder, *argv).report
    assert report is not None
    return [row["policy"] for row in report["policies"]]


def read(folder: Path, name: str = "journeylint.yaml") -> Settings:
    return read_settings(folder / name, working_directory=folder, loader=YamlLoader(), schema=schema_of("config"))


def complaints(folder: Path, **files: str) -> list[str]:
    """What is said of *files* (without `.yaml`), of which `journeylint` is the one that a run has."""
    write(folder, {f"{name}.yaml": text for name, text in files.items()})
    outcome = check(folder)
    assert (outcome.status, outcome.out) == (2, "")
    return [line.removeprefix("error: ") for line in outcome.err.splitlines()]


class TestOrder:
    def test_the_file_wins_over_what_it_extends_and_the_command_line_over_both(self, tmp_path: Path) -> None:
        write(tmp_path, {**FILES, "base.yaml": "select: [OBS002]\n", "journeylint.yaml": "extends: base.yaml\n"})
        assert judged_by(tmp_path) == ["OBS002"]
        write(tmp_path, {"journeylint.yaml": "extends: base.yaml\nselect: [REF001]\n"})
        assert judged_by(tmp_path) == ["REF001"]
        assert judged_by(tmp_path, "--select", "OBS004") == ["OBS004"]

    def test_the_file_wins_over_overrides_of_what_it_extends(self, tmp_path: Path) -> None:
        base = "overrides: [{files: [j.yaml], policies: {OBS002: {severity: info}, REF001: {severity: info}}}]\n"
        write(
            tmp_path,
            {
                **FILES,
                "base.yaml": base,
                "journeylint.yaml": "extends: base.yaml\npolicies: {OBS002: {severity: warning}}\n",
            },
        )
        severities = {one["policy"]: one["severity"] for one in check(tmp_path).findings}
        assert (severities["OBS002"], severities["REF001"]) == ("warning", "info")

    @pytest.mark.parametrize(("order", "expected"), [("[a.yaml, b.yaml]", "REF001"), ("[b.yaml, a.yaml]", "OBS002")])
    def test_later_ones_win_over_earlier_ones(self, tmp_path: Path, order: str, expected: str) -> None:
        bases = {"a.yaml": "select: [OBS002]\n", "b.yaml": "select: [REF001]\n"}
        write(tmp_path, {**FILES, **bases, "journeylint.yaml": f"extends: {order}\n"})
        assert judged_by(tmp_path) == [expected]

    def test_what_a_base_extends_is_below_it(self, tmp_path: Path) -> None:
        policies = "policies: {OBS004: {params: {maximumMembers: %s}}, OBS007: {params: {minimumLead: %s}}}\n"
        write(
            tmp_path,
            {
                "deep.yaml": policies % (1, "1h") + "fail-on: never\n",
                "base.yaml": "extends: deep.yaml\npolicies: {OBS004: {params: {maximumMembers: 2}}}\n",
                "journeylint.yaml": "extends: base.yaml\n",
            },
        )
        out = run_in(tmp_path, ("config", "show"))[1]
        assert "params.maximumMembers  2  base.yaml:2:46\n" in out
        assert "params.minimumLead  1h  deep.yaml:1:82\n" in out
        assert "never" in out

    def test_params_of_one_policy_come_from_several_files(self, tmp_path: Path) -> None:
        write(
            tmp_path,
            {
                **FILES,
                "base.yaml": "policies: {OBS004: {params: {maximumMembers: 10}}}\n",
                "journeylint.yaml": "extends: base.yaml\npolicies: {OBS004: {severity: info}}\n",
            },
        )
        assert [one["severity"] for one in check(tmp_path).findings if one["policy"] == "OBS004"] == ["info"]

    def test_of_what_there_is_one_of_the_nearest_counts_and_lists_add_up(self, tmp_path: Path) -> None:
        write(
            tmp_path,
            {
                "base.yaml": "paths: [a]\nas-of: 2025-01-01\nexclude: [x]\npolicy-roots: [p]\n"
                "plugins: {allow: [a], block: [b], paths: [c.py]}\n",
                "journeylint.yaml": "extends: base.yaml\nexclude: ['!y']\npolicy-roots: [q]\n"
                "plugins: {block: [d], paths: [e.py]}\n",
                "other.yaml": "extends: base.yaml\npaths: [z]\nas-of: 2025-02-02\nplugins: {allow: [f]}\n",
            },
        )
        found, other = read(tmp_path), read(tmp_path, "other.yaml")

        def texts(words: object) -> list[str]:
            assert isinstance(words, tuple)
            return [word.text for word in words]

        assert (texts(found.paths), texts(other.paths)) == (["a"], ["z"])
        assert [one.as_of and str(one.as_of.place) for one in (found, other)] == ["base.yaml:2:8", "other.yaml:3:8"]
        assert texts(found.exclude) == ["x", "!y"]
        assert texts(found.policy_roots) == ["p", "q"]
        assert (texts(found.plugins.allow), texts(other.plugins.allow)) == (["a"], ["f"])
        assert texts(found.plugins.block) == ["b", "d"]
        assert texts(found.plugins.paths) == ["c.py", "e.py"]
        assert [file.path for file in found.files] == ["base.yaml", "journeylint.yaml"]

    def test_pyproject_extends_and_is_extended(self, tmp_path: Path) -> None:
        write(
            tmp_path,
            {
                **FILES,
                "shared/pyproject.toml": "[tool.journeylint]\nselect = ['REF001', 'OBS002']\n",
                "pyproject.toml": "[tool.journeylint]\nextends = 'shared/pyproject.toml'\nignore = ['OBS002']\n",
            },
        )
        assert judged_by(tmp_path) == ["REF001"]


class TestFolders:
    def test_paths_and_patterns_of_a_base_start_at_its_own_folder(self, tmp_path: Path) -> None:
        base = "paths: [team/journeys]\nexclude: [/team/drafts.yaml]\npolicy-roots: [packs]\n"
        base += "overrides: [{files: [/team/journeys/], select: [OBS002]}]\n"
        write(
            tmp_path,
            {
                "base.yaml": base,
                "packs/own/pack.yaml": "name: own\nprefix: OWN\ntitle: Own\n",
                "team/journeylint.yaml": "extends: ../base.yaml\n",
                **{f"team/{name}": text for name, text in FILES.items()},
                "team/drafts.yaml": "kind: Journey\n",
            },
        )
        outcome = check(tmp_path / "team", ".")
        assert outcome.codes == []
        assert {one["policy"] for one in outcome.findings} == {"OBS002"}
        assert check(tmp_path / "team").summary["files"] == 1
        found = read(tmp_path / "team")
        assert found.full_path(found.policy_roots[0]) == (tmp_path / "packs").as_posix()

    def test_a_file_may_take_in_again_what_its_base_excludes(self, tmp_path: Path) -> None:
        write(
            tmp_path,
            {
                "base.yaml": "exclude: [drafts/, /team/gone.yaml]\n",
                "team/drafts/a.yaml": segment("a"),
                "team/drafts/b.yaml": segment("b"),
                "team/gone.yaml": segment("c"),
                "team/journeylint.yaml": "extends: ../base.yaml\nexclude: ['!/drafts/b.yaml']\n",
            },
        )
        assert check(tmp_path / "team").summary["files"] == 1
        write(tmp_path, {"team/journeylint.yaml": "extends: ../base.yaml\n"})
        assert check(tmp_path / "team", "--allow-empty").summary["files"] == 0

    def test_those_of_a_package_start_at_the_folder_of_the_file_that_extends_it(
        self, site: Path, tmp_path: Path
    ) -> None:
        base = "extends: more/deep.yaml\npaths: [journeys]\nexclude: [/segments/]\n"
        write(site, {"acme_extended/base.yaml": base, "acme_extended/more/deep.yaml": "select: [OBS002, REF001]\n"})
        work = write(tmp_path / "work", {**FILES, "journeylint.yaml": "extends: pkg:acme_extended/base.yaml\n"})

        assert judged_by(work) == ["OBS002", "REF001"]
        assert check(work).summary["files"] == 1
        assert check(work, ".").summary["files"] == 1
        assert [file.path for file in read(work).files] == [
            "pkg:acme_extended/more/deep.yaml",
            "pkg:acme_extended/base.yaml",
            "journeylint.yaml",
        ]


class TestPackages:
    def test_a_package_is_read_without_being_imported(self, site: Path, tmp_path: Path) -> None:
        write(site, {"acme_extended/base.yaml": "select: [OBS002]\n"})
        work = write(tmp_path / "work", {**FILES, "journeylint.yaml": "extends: pkg:acme_extended/base.yaml\n"})

        assert judged_by(work) == ["OBS002"]
        assert "acme_extended" not in sys.modules

    @pytest.mark.parametrize(
        ("item", "told"),
        [
            ("pkg:acme_missing/base.yaml", "there is no installed package 'acme_missing'"),
            ("pkg:acme_extended/bas.yaml", "'pkg:acme_extended/bas.yaml' does not exist - did you mean 'base.yaml'?"),
            ("pkg:acme_extended/../secret.yaml", "leads out of the package 'acme_extended'"),
            ("pkg:acme_extended/a/../../secret.yaml", "leads out of the package 'acme_extended'"),
            ("pkg:acme_extended//etc/passwd", "leads out of the package 'acme_extended'"),
            ("pkg:acme_extended/link.yaml", "leads out of the package 'acme_extended'"),
            ("pkg:acme_extended", "is no file of a package: expected 'pkg:package/file.yaml'"),
            ("pkg:acme_extended/", "is no file of a package"),
            ("pkg:acme.extended/base.yaml", "is no file of a package"),
            ("pkg:/base.yaml", "is no file of a package"),
            ("pkg:../base.yaml", "is no file of a package"),
        ],
    )
    def test_what_is_no_file_of_one_is_told(self, site: Path, tmp_path: Path, item: str, told: str) -> None:
        write(site, {"acme_extended/base.yaml": "", "secret.yaml": "select: [OBS002]\n"})
        (site / "acme_extended/link.yaml").symlink_to(site / "secret.yaml")

        (message,) = complaints(tmp_path / "work", journeylint=f"extends: [{item!r}]\n")

        assert message.startswith("journeylint.yaml:1:11: extends: ")
        assert told in message

    def test_a_file_of_one_cannot_lead_out_of_it_either(self, site: Path, tmp_path: Path) -> None:
        write(site, {"acme_extended/base.yaml": "extends: ../secret.yaml\n", "secret.yaml": ""})
        (message,) = complaints(tmp_path / "work", journeylint="extends: pkg:acme_extended/base.yaml\n")
        assert message.startswith(
            "pkg:acme_extended/base.yaml:1:10: extends: '../secret.yaml' leads out of the package"
        )

    def test_one_cannot_bring_python_by_its_configuration(self, site: Path, tmp_path: Path) -> None:
        write(site, {"acme_extended/base.yaml": "plugins:\n  paths: [evil.py]\n"})
        (message,) = complaints(tmp_path / "work", journeylint="extends: pkg:acme_extended/base.yaml\n")
        assert message.startswith("pkg:acme_extended/base.yaml:2:11: 'plugins.paths' cannot be set by a package")


class TestMistakes:
    def test_those_of_all_files_are_told_each_with_its_place(self, tmp_path: Path) -> None:
        messages = complaints(
            tmp_path,
            journeylint="extends: [base.yaml, missing.yaml]\nfail_on: error\n",
            base="polices: {}\nextends: deep.yaml\n",
            deep="select: OBS\n",
        )
        assert [message.partition(": ")[0] for message in messages] == [
            "base.yaml:1:10",
            "deep.yaml:1:9",
            "journeylint.yaml:1:22",
            "journeylint.yaml:2:10",
        ]

    def test_names_of_policies_are_checked_in_all_of_them(self, tmp_path: Path) -> None:
        messages = complaints(tmp_path, journeylint="extends: base.yaml\nselect: [OBS0O4]\n", base="ignore: [REFS]\n")
        assert [message.partition(": ")[0] for message in messages] == ["base.yaml:1:10", "journeylint.yaml:2:10"]

    @pytest.mark.parametrize(
        ("files", "way"),
        [
            ({"journeylint": "extends: journeylint.yaml\n"}, "journeylint.yaml -> journeylint.yaml"),
            (
                {"journeylint": "extends: a.yaml\n", "a": "extends: b.yaml\n", "b": "extends: ./a.yaml\n"},
                "journeylint.yaml -> a.yaml -> b.yaml -> a.yaml",
            ),
        ],
    )
    def test_a_loop_is_told_with_the_way(self, tmp_path: Path, files: dict[str, str], way: str) -> None:
        (message,) = complaints(tmp_path, **files)
        assert "leads back to a file that is being read: " + way in message

    def test_the_same_base_by_two_ways_is_no_loop(self, tmp_path: Path) -> None:
        write(
            tmp_path,
            {
                **FILES,
                "base.yaml": "select: [OBS002]\n",
                "a.yaml": "extends: base.yaml\n",
                "b.yaml": "extends: base.yaml\n",
                "journeylint.yaml": "extends: [a.yaml, b.yaml]\n",
            },
        )
        assert judged_by(tmp_path) == ["OBS002"]

    def test_ten_files_in_a_row_will_do_and_eleven_will_not(self, tmp_path: Path) -> None:
        chain = {f"c{number}.yaml": f"extends: c{number + 1}.yaml\n" for number in range(1, 9)}
        write(tmp_path, {**FILES, **chain, "c9.yaml": "select: [OBS002]\n", "journeylint.yaml": "extends: c1.yaml\n"})
        assert judged_by(tmp_path) == ["OBS002"]
        (message,) = complaints(tmp_path, c9="extends: c10.yaml\n", c10="")
        assert message.startswith("c9.yaml:1:10: extends: more than 10 files extend each other: journeylint.yaml -> c1")

    def test_a_flood_of_files_is_cut_off(self, tmp_path: Path) -> None:
        many = {f"c{number}": f"extends: [{', '.join([f'c{number + 1}.yaml'] * 50)}]\n" for number in range(1, 9)}
        messages = complaints(tmp_path, journeylint="extends: c1.yaml\n", **many, c9="")
        assert any("more than 100 files are extended in all" in message for message in messages)

    @pytest.mark.parametrize(
        ("item", "told"),
        [
            ("missing.yaml", "'missing.yaml' does not exist"),
            ("basee.yaml", "'basee.yaml' does not exist - did you mean 'base.yaml'?"),
            ("folder", "'folder' is a folder: name the configuration file in it"),
            ("https://example.org/base.yaml", "nothing is fetched"),
            ("x" * 300 + ".yaml", "does not exist"),
        ],
    )
    def test_an_item_that_is_no_file_is_told_at_its_place(self, tmp_path: Path, item: str, told: str) -> None:
        write(tmp_path, {"base.yaml": "", "folder/x": ""})
        (message,) = complaints(tmp_path, journeylint=f"fail-on: error\nextends: [base.yaml, {item}]\n")
        assert message.startswith("journeylint.yaml:2:22: extends: ")
        assert told in message

    @pytest.mark.parametrize("value", ["3", "[]", "[3]", "''", "{a: b}", ""])
    def test_what_is_no_list_of_files_is_told(self, tmp_path: Path, value: str) -> None:
        messages = complaints(tmp_path, journeylint=f"extends: {value}\n")
        assert all(message.startswith("journeylint.yaml:1:") for message in messages)

    def test_a_base_that_is_no_yaml_or_no_text_is_told(self, tmp_path: Path) -> None:
        write(tmp_path, {"b.yaml": b"\xff"})
        messages = complaints(tmp_path, journeylint="extends: [a.yaml, b.yaml]\n", a="x: [\n")
        assert {message.split(":")[0] for message in messages} == {"a.yaml", "b.yaml"}

    def test_an_override_cannot_extend(self, tmp_path: Path) -> None:
        (message,) = complaints(tmp_path, journeylint="overrides: [{files: [a], extends: b.yaml}]\n")
        assert "'extends' cannot be overridden for some files: a configuration is extended as a whole" in message
