"""The baseline: what is there is accepted, what is new is reported, and what is mended is dropped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.contract.command_line import AS_OF, Outcome, check, journey, run_in, segment, write

FOLDER = "journeylint-baseline"
AUDIENCE = "name: vip, role: audience"
EXCLUSION = "name: vip, role: exclusion"
SPRING = f"{FOLDER}/default/journey/spring.yaml"


def baseline(folder: Path, *argv: str, as_of: str = AS_OF) -> tuple[int, str, str]:
    """Run `journeylint baseline` with *argv* in *folder*."""
    return run_in(folder, ["baseline", *argv, "--as-of", as_of])


def accept(folder: Path, *argv: str) -> str:
    """Create a baseline in *folder*; what it tells."""
    status, out, err = baseline(folder, "create", *argv)
    assert (status, err) == (0, "")
    return out


def workspace(folder: Path, *uses: str, name: str = "spring", spec: str = "state: live") -> Path:
    """A journey in its file and the outbound segment that it uses, in *folder*."""
    files = {f"journeys/{name}.yaml": journey(spec, *(uses or (EXCLUSION,)), name=name)}
    return write(folder, {**files, "segments.yaml": segment(spec="source: outbound, memberCount: 5")})


def strict(folder: Path, *argv: str) -> Outcome:
    return check(folder, "--strict-baseline", *argv)


def policies(outcome: Outcome) -> list[str]:
    return [finding["policy"] for finding in outcome.findings]


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# -- create, and what check makes of it


def test_after_create_a_check_finds_nothing_and_says_how_much_is_left_out(tmp_path: Path) -> None:
    before = check(workspace(tmp_path))
    accept(tmp_path)
    after = check(tmp_path, "--fail-on", "info")
    assert before.findings
    assert (after.status, after.findings, after.summary["suppressed"]) == (0, [], len(before.findings))
    said = run_in(tmp_path, ["check", "--as-of", AS_OF])[1]
    assert f"Suppressed {len(before.findings)} by the baseline." in said


def test_a_file_of_the_baseline_is_short_and_sorted(tmp_path: Path) -> None:
    accept(workspace(tmp_path), "--ttl", "90d")
    assert (tmp_path / SPRING).read_text() == (
        "# Accepted until it is mended. Written by `journeylint baseline`, which keeps no comments.\n"
        "manifest: Journey/spring\n"
        "findings:\n"
        "  - policy: OBS002\n"
        '    pointer: /spec/segments/[name="vip",role="exclusion"]\n'
        "    until: 2025-05-30\n"
        "  - policy: OBS009\n"
        "    pointer: /spec\n"
        "    until: 2025-05-30\n"
        "  - policy: OBS012\n"
        "    pointer: /spec/segments\n"
        "    until: 2025-05-30\n"
    )


def test_the_files_meet_the_schema_that_ships(tmp_path: Path) -> None:
    import jsonschema  # noqa: PLC0415 - only here
    import yaml  # noqa: PLC0415 - as above

    accept(workspace(tmp_path, spec="state: live\nstartTime: 2025-03-02T09:00\npublishTime: 2025-03-02T08:00"))
    schema = json.loads(run_in(tmp_path, ["schema", "baseline"])[1])
    data = yaml.load((tmp_path / SPRING).read_text(), Loader=yaml.BaseLoader)
    jsonschema.validate(data, schema)
    assert ("OBS007", "2025-03-02T09:00") in [(one["policy"], one.get("value")) for one in data["findings"]]


def test_create_refuses_where_there_is_a_baseline_and_writes_nothing(tmp_path: Path) -> None:
    accept(workspace(tmp_path))
    before = tree(tmp_path)
    workspace(tmp_path, AUDIENCE, name="autumn")
    status, out, err = baseline(tmp_path, "create")
    assert (status, out) == (2, "")
    assert err.startswith("error: journeylint-baseline accepts 3 findings already: `journeylint baseline update`")
    assert tree(tmp_path / FOLDER) == {
        name.removeprefix(f"{FOLDER}/"): content for name, content in before.items() if name.startswith(FOLDER)
    }


def test_a_preset_chooses_what_is_accepted_and_entries_of_others_stay(tmp_path: Path) -> None:
    after_the_end = "startTime: 2026-06-10T09:00Z"  # of the outbound module, which OBS001 of the other presets tells
    accept(workspace(tmp_path, spec=after_the_end), "--preset", "legacy-outbound")
    legacy = (tmp_path / SPRING).read_text()
    assert "OBS012" in legacy
    assert "OBS001" not in legacy

    assert baseline(tmp_path, "update", "--preset", "legacy-outbound")[0] == 0
    assert (tmp_path / SPRING).read_text() == legacy
    assert baseline(tmp_path, "update")[0] == 0
    assert "OBS001" in (tmp_path / SPRING).read_text()
    assert baseline(tmp_path, "prune", "--preset", "legacy-outbound")[0] == 0
    assert "OBS001" in (tmp_path / SPRING).read_text()
    status, _, err = baseline(tmp_path, "prune", "--preset", "legacy-outbond")
    assert (status, err.splitlines()[0]) == (
        2,
        "error: --preset: unknown preset 'legacy-outbond' - did you mean 'legacy-outbound'?",
    )


def test_create_with_nothing_to_accept_says_so(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": segment(spec="source: realtime")})
    assert accept(tmp_path).startswith("Nothing to accept")
    assert not (tmp_path / FOLDER).exists()


def test_a_dry_run_tells_and_writes_nothing(tmp_path: Path) -> None:
    out = accept(workspace(tmp_path), "--dry-run")
    assert out.endswith(f"Would accept 3 findings, in 1 file in {FOLDER}.\n")
    assert not (tmp_path / FOLDER).exists()


def test_failures_are_not_accepted_and_keep_create_from_writing(tmp_path: Path) -> None:
    write(workspace(tmp_path), {"broken.yaml": "apiVersion: journeylint/v1\nkind: Journey\nmetadata: {name: x}\n"})
    status, out, err = baseline(tmp_path, "create")
    assert (status, out) == (3, "")
    assert err.startswith("error: broken.yaml:1:1: JL002 ")
    assert "Nothing is written" in err
    assert not (tmp_path / FOLDER).exists()


def test_no_manifest_at_all_is_no_baseline(tmp_path: Path) -> None:
    status, out, err = baseline(tmp_path, "create")
    assert (status, out, err) == (3, "", "error: no manifest was found. Nothing is written.\n")


def test_findings_of_a_policy_that_cannot_be_suppressed_stay(tmp_path: Path) -> None:
    policy = (
        "id: ACM001\nname: bad-name\ntitle: Bad\nseverity: error\nsince: 0.1.0\nsuppressible: false\n"
        "match: {kind: Journey}\nrequire: 'false'\nmessage: bad\nrationale: r\nremediation: r\n"
    )
    write(
        workspace(tmp_path),
        {
            "journeylint.yaml": "policy-roots: [policies]\n",
            "policies/acme/pack.yaml": "name: acme\nprefix: ACM\ntitle: Acme\ndescription: Acme\n",
            "policies/acme/bad-name/policy.yaml": policy,
        },
    )
    assert "1 finding of ACM001 cannot be accepted: its policy says so." in accept(tmp_path)
    outcome = check(tmp_path)
    assert (policies(outcome), outcome.status) == (["ACM001"], 1)


# -- what the key is


def test_the_same_mistake_in_another_journey_is_new(tmp_path: Path) -> None:
    accept(workspace(tmp_path))
    outcome = check(workspace(tmp_path, name="autumn"))
    assert {finding["manifest"]["name"] for finding in outcome.findings} == {"autumn"}
    assert policies(outcome) == ["OBS009", "OBS012", "OBS002"]


def test_a_second_mistake_of_the_same_kind_in_the_same_journey_is_new(tmp_path: Path) -> None:
    accept(workspace(tmp_path, EXCLUSION))
    outcome = check(workspace(tmp_path, EXCLUSION, EXCLUSION))
    assert outcome.pointers("OBS002") == ["/spec/segments/1"]
    assert policies(outcome) == ["OBS002"]


def test_items_that_are_named_alike_may_change_places(tmp_path: Path) -> None:
    justified = f"{AUDIENCE}, justification: needed"
    accept(workspace(tmp_path, justified, AUDIENCE))
    outcome = check(workspace(tmp_path, AUDIENCE, justified), "--fail-on", "info")
    assert (outcome.status, outcome.findings) == (0, [])


def test_another_value_at_the_place_is_new_and_the_entry_for_the_old_one_stale(tmp_path: Path) -> None:
    spec = "state: live\npublishTime: 2025-03-02T08:00\nstartTime: 2025-03-02T{}"
    accept(workspace(tmp_path, spec=spec.format("09:00")))
    assert check(tmp_path).findings == []
    outcome = check(workspace(tmp_path, spec=spec.format("09:30")))
    assert policies(outcome) == ["SUP005", "OBS007"]


def test_a_renamed_journey_is_another_manifest(tmp_path: Path) -> None:
    accept(workspace(tmp_path))
    file = tmp_path / "journeys/spring.yaml"
    file.write_text(file.read_text().replace("name: spring", "name: summer"))
    outcome = strict(tmp_path, "--ignore", "suppressions")
    assert policies(outcome) == ["OBS009", "OBS012", "OBS002"]
    assert "3 entries no longer occur" in outcome.err


def test_names_that_differ_in_capitals_only_have_files_of_their_own(tmp_path: Path) -> None:
    workspace(workspace(tmp_path, name="Spring"), name="spring")
    accept(tmp_path)
    names = sorted(path.name for path in (tmp_path / FOLDER / "default/journey").iterdir())
    assert names == ["+spring.yaml", "spring.yaml"]
    assert check(tmp_path).findings == []


# -- what is over, and what no longer occurs


def test_an_entry_holds_on_its_last_day_and_is_told_from_the_next_on(tmp_path: Path) -> None:
    accept(workspace(tmp_path), "--ttl", "30d")
    last = check(tmp_path, as_of="2025-03-31T23:59:59Z")
    assert set(policies(last)) == {"SUP003"}
    over = check(tmp_path, as_of="2025-04-01T00:00:00Z")
    assert policies(over).count("SUP002") == 3
    assert {"OBS002", "OBS009", "OBS012"} <= set(policies(over))
    assert over.status == 1


@pytest.mark.parametrize("ttl", ["soon", "0d", "36h", "-3d", "9999999d", "3000000d"])
def test_a_term_that_is_no_number_of_days_is_refused(tmp_path: Path, ttl: str) -> None:
    status, out, err = baseline(workspace(tmp_path), "create", f"--ttl={ttl}")
    assert (status, out) == (2, "")
    assert err.startswith("error: --ttl")
    assert not (tmp_path / FOLDER).exists()


def test_an_entry_that_no_longer_occurs_is_told_where_it_stands(tmp_path: Path) -> None:
    accept(workspace(tmp_path))
    outcome = check(workspace(tmp_path, AUDIENCE), "--select", "OBS002,SUP005")
    (finding,) = outcome.findings
    assert (finding["policy"], finding["severity"], finding["location"]["path"]) == ("SUP005", "info", SPRING)
    assert finding["location"]["line"] == 4
    assert outcome.status == 0


@pytest.mark.parametrize("argv", [(), ("--select", "OBS002"), ("--fail-on", "never"), ("--ignore", "SUP005")])
def test_strict_fails_on_what_no_longer_occurs_whatever_else_is_asked(tmp_path: Path, argv: tuple[str, ...]) -> None:
    accept(workspace(tmp_path))
    assert strict(tmp_path, *argv).status == 0
    workspace(tmp_path, "name: vip, role: audience, justification: needed")
    outcome = strict(tmp_path, *argv)
    assert outcome.status == 1
    assert "--strict-baseline: 1 entry of the baseline no longer occurs - run journeylint baseline prune" in outcome.err


def test_strict_says_nothing_of_policies_that_did_not_run(tmp_path: Path) -> None:
    accept(workspace(tmp_path))
    workspace(tmp_path, AUDIENCE)
    assert strict(tmp_path, "--select", "OBS012").status == 0
    assert strict(tmp_path, "--ignore", "OBS002").status == 0


def test_strict_fails_on_an_entry_that_is_over_and_no_longer_occurs(tmp_path: Path) -> None:
    accept(workspace(tmp_path), "--ttl", "1d")
    workspace(tmp_path, "name: vip, role: audience, justification: needed")
    outcome = check(tmp_path, "--strict-baseline", "--select", "OBS002", as_of="2025-04-01")
    assert outcome.status == 1


def test_strict_fails_for_a_manifest_that_is_gone_but_not_for_one_that_cannot_be_read(tmp_path: Path) -> None:
    accept(workspace(tmp_path))
    file = tmp_path / "journeys/spring.yaml"
    text = file.read_text()
    file.write_text(text + "  segments: []\n")
    outcome = strict(tmp_path)
    assert (outcome.status, "--strict-baseline" in outcome.err) == (3, False)
    file.unlink()
    outcome = strict(tmp_path)
    assert (outcome.status, "3 entries no longer occur" in outcome.err) == (1, True)


def test_what_rests_on_a_segment_that_cannot_be_judged_is_not_told_to_be_stale(tmp_path: Path) -> None:
    accept(workspace(tmp_path))
    write(tmp_path, {"segments.yaml": segment(spec="source: nowhere")})
    outcome = strict(tmp_path)
    assert (outcome.status, "SUP005" in policies(outcome), "--strict" in outcome.err) == (3, False, False)
    before = tree(tmp_path / FOLDER)
    status, out, err = baseline(tmp_path, "prune")
    assert (status, "3 entries could not be checked" in out) == (3, True)
    assert "Entries that this leaves in doubt stay" in err
    assert tree(tmp_path / FOLDER) == before


def test_a_check_of_a_part_of_the_project_does_not_take_entries_for_stale(tmp_path: Path) -> None:
    accept(workspace(tmp_path))
    outcome = strict(tmp_path, "journeys")
    assert "SUP005" not in policies(outcome)
    assert "--strict-baseline" not in outcome.err
    whole = strict(tmp_path, "journeys", "segments.yaml")
    assert (whole.status, whole.findings) == (0, [])
    (tmp_path / "journeys/spring.yaml").unlink()
    assert strict(tmp_path, "segments.yaml").status == 1


def test_with_focus_what_is_elsewhere_is_not_told_to_be_stale(tmp_path: Path) -> None:
    accept(workspace(workspace(tmp_path, name="autumn")))
    workspace(tmp_path, "name: vip, role: audience, justification: needed")
    assert strict(tmp_path, "--focus", "journeys/autumn.yaml").status == 0
    assert strict(tmp_path, "--focus", "journeys/spring.yaml").status == 1


# -- other suppressions


def test_a_finding_that_is_suppressed_otherwise_needs_no_entry(tmp_path: Path) -> None:
    workspace(tmp_path)
    file = tmp_path / "journeys/spring.yaml"
    file.write_text(file.read_text().replace("exclusion}", "exclusion}  # journeylint: ignore[OBS002] -- CRM-1"))
    accept(tmp_path)
    assert "OBS002" not in (tmp_path / SPRING).read_text()
    assert (check(tmp_path).findings, strict(tmp_path).status) == ([], 0)


def test_an_entry_stays_needed_while_something_else_suppresses_its_finding(tmp_path: Path) -> None:
    accept(workspace(tmp_path))
    file = tmp_path / "journeys/spring.yaml"
    file.write_text(file.read_text().replace("exclusion}", "exclusion}  # journeylint: ignore[OBS002] -- CRM-1"))
    assert (check(tmp_path).findings, strict(tmp_path).status) == ([], 0)
    before = tree(tmp_path / FOLDER)
    assert baseline(tmp_path, "update")[0] == 0
    assert tree(tmp_path / FOLDER) == before


def test_an_entry_goes_to_the_finding_that_nothing_else_suppresses(tmp_path: Path) -> None:
    workspace(tmp_path, EXCLUSION, EXCLUSION)
    file = tmp_path / "journeys/spring.yaml"
    file.write_text(file.read_text().replace("exclusion}", "exclusion}  # journeylint: ignore[OBS002] -- CRM-1", 1))
    accept(tmp_path)
    assert (tmp_path / SPRING).read_text().count("OBS002") == 1
    outcome = strict(tmp_path)
    assert (outcome.status, outcome.findings) == (0, [])


def test_without_the_baseline_everything_is_reported(tmp_path: Path) -> None:
    before = check(workspace(tmp_path))
    accept(tmp_path)
    after = check(tmp_path, "--no-baseline")
    assert after.findings == before.findings
    assert after.summary == before.summary


# -- update and prune


def test_update_after_create_changes_no_byte(tmp_path: Path) -> None:
    accept(workspace(tmp_path), "--ttl", "30d")
    before = tree(tmp_path)
    status, out, err = baseline(tmp_path, "update", "--ttl", "60d")
    assert (status, err) == (0, "")
    assert out == f"Nothing changes: {FOLDER} is up to date, with 3 entries.\n"
    assert tree(tmp_path) == before


def test_update_accepts_what_is_new_and_drops_what_is_mended(tmp_path: Path) -> None:
    accept(workspace(tmp_path), "--ttl", "30d")
    workspace(tmp_path, AUDIENCE)
    status, out, err = baseline(tmp_path, "update")
    assert (status, err) == (0, "")
    assert out == (
        '  + OBS010  Journey/spring  /spec/segments/[name="vip",role="audience"]\n'
        '  - OBS002  Journey/spring  /spec/segments/[name="vip",role="exclusion"]\n'
        f"Changed {FOLDER}: 1 finding accepted, 1 entry dropped, 2 kept.\n"
    )
    text = (tmp_path / SPRING).read_text()
    assert ("OBS002" in text, "OBS010" in text, text.count("until: 2025-03-31")) == (False, True, 2)
    assert check(tmp_path, "--fail-on", "error", "--strict-baseline").status == 0


def test_update_without_a_baseline_makes_one(tmp_path: Path) -> None:
    assert baseline(workspace(tmp_path), "update")[0] == 0
    assert check(tmp_path).findings == []


def test_update_leaves_what_is_over_unless_it_is_renewed(tmp_path: Path) -> None:
    accept(workspace(tmp_path), "--ttl", "1d")
    before = tree(tmp_path)
    status, out, _ = baseline(tmp_path, "update", as_of="2025-04-01")
    assert (status, "3 entries are over" in out) == (0, True)
    assert tree(tmp_path) == before
    status, out, _ = baseline(tmp_path, "update", "--renew", "--ttl", "10d", "--select", "OBS002", as_of="2025-04-01")
    assert (status, "1 finding accepted (1 of them anew)" in out) == (0, True)
    assert [line for line in (tmp_path / SPRING).read_text().splitlines() if "until:" in line] == [
        "    until: 2025-04-11",
        "    until: 2025-03-02",
        "    until: 2025-03-02",
    ]


def test_prune_removes_what_is_mended_and_accepts_nothing(tmp_path: Path) -> None:
    accept(workspace(tmp_path))
    workspace(workspace(tmp_path, "name: vip, role: audience, justification: needed"), name="autumn")
    status, out, err = baseline(tmp_path, "prune")
    assert (status, err) == (0, "")
    assert out == (
        '  - OBS002  Journey/spring  /spec/segments/[name="vip",role="exclusion"]\n'
        f"Changed {FOLDER}: 1 entry dropped, 2 kept.\n"
    )
    assert {finding["manifest"]["name"] for finding in check(tmp_path, "--select", "OBS002").findings} == {"autumn"}


def test_prune_of_the_last_entry_removes_the_folder(tmp_path: Path) -> None:
    accept(workspace(tmp_path))
    (tmp_path / "journeys/spring.yaml").unlink()
    assert baseline(tmp_path, "prune")[0] == 0
    assert not (tmp_path / FOLDER).exists()
    status, out, _ = baseline(tmp_path, "prune")
    assert (status, out) == (0, f"There is no baseline in {FOLDER}, and nothing to drop.\n")


@pytest.mark.parametrize("command", ["update", "prune"])
def test_where_no_manifest_is_found_nothing_is_dropped(tmp_path: Path, command: str) -> None:
    accept(workspace(tmp_path))
    write(tmp_path, {"journeylint.yaml": "exclude: [journeys/, segments.yaml]\n"})
    before = tree(tmp_path / FOLDER)
    status, out, err = baseline(tmp_path, command)
    assert (status, out, err) == (3, "", "error: no manifest was found. Nothing is changed.\n")
    assert tree(tmp_path / FOLDER) == before


@pytest.mark.parametrize("command", ["create", "update", "prune"])
def test_help_fits_a_terminal_and_has_examples(tmp_path: Path, command: str) -> None:
    status, out, err = run_in(tmp_path, ["baseline", command, "--help"])
    assert (status, err) == (0, "")
    assert f"Examples:\n    journeylint baseline {command}\n" in out
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize("command", ["update", "prune"])
def test_entries_of_policies_that_do_not_run_stay(tmp_path: Path, command: str) -> None:
    accept(workspace(tmp_path))
    (tmp_path / "journeys/spring.yaml").unlink()
    status, out, _ = baseline(tmp_path, command, "--select", "OBS012")
    assert (status, "2 entries could not be checked in this run and stay." in out) == (0, True)
    assert "OBS012" not in (tmp_path / SPRING).read_text()
    assert "OBS002" in (tmp_path / SPRING).read_text()


def test_with_paths_the_whole_project_is_judged_and_what_they_hold_changes(tmp_path: Path) -> None:
    workspace(workspace(tmp_path, name="autumn"))
    accept(tmp_path, "journeys/autumn.yaml")
    assert [path.name for path in (tmp_path / FOLDER).rglob("*.yaml")] == ["autumn.yaml"]
    assert "REF001" not in (tmp_path / FOLDER / "default/journey/autumn.yaml").read_text()
    assert baseline(tmp_path, "update", "journeys/spring.yaml")[0] == 0
    mended = "name: vip, role: audience, justification: needed"
    workspace(workspace(tmp_path, mended, name="autumn"), mended)
    assert "1 entry dropped" in baseline(tmp_path, "prune", "journeys/spring.yaml")[1]
    assert "OBS002" in (tmp_path / FOLDER / "default/journey/autumn.yaml").read_text()


def test_update_changes_nothing_where_not_everything_is_judged(tmp_path: Path) -> None:
    accept(workspace(tmp_path))
    workspace(tmp_path, AUDIENCE)
    write(tmp_path, {"broken.yaml": "kind: Journey\n"})
    before = tree(tmp_path / FOLDER)
    status, out, err = baseline(tmp_path, "update")
    assert (status, out) == (3, "")
    assert "Nothing is changed" in err
    assert tree(tmp_path / FOLDER) == before


def test_prune_keeps_what_cannot_be_told_and_drops_the_rest(tmp_path: Path) -> None:
    accept(workspace(workspace(tmp_path, name="autumn")))
    write(workspace(tmp_path, AUDIENCE), {"journeys/autumn.yaml": journey("state: nowhere", EXCLUSION, name="autumn")})
    status, out, err = baseline(tmp_path, "prune")
    assert (status, "  - OBS002  Journey/spring" in out, "3 entries could not be checked" in out) == (3, True, True)
    assert err.startswith("error: journeys/autumn.yaml:")


def test_comments_in_files_that_do_not_change_stay(tmp_path: Path) -> None:
    accept(workspace(workspace(tmp_path, name="autumn")))
    noted = f"# a note\n{(tmp_path / SPRING).read_text()}"
    write(workspace(tmp_path, AUDIENCE, name="autumn"), {SPRING: noted})
    assert baseline(tmp_path, "update")[0] == 0
    assert (tmp_path / SPRING).read_text() == noted


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_bytes_are_the_same_whatever_the_number_of_processes(tmp_path: Path, jobs: str) -> None:
    for number in range(6):
        workspace(tmp_path, name=f"j{number}")
    accept(tmp_path, "--jobs", jobs, "--baseline", "one")
    accept(tmp_path, "--baseline", "other")
    assert tree(tmp_path / "one") == tree(tmp_path / "other")
    assert check(tmp_path, "--baseline", "one", "--jobs", jobs).findings == []


# -- where it is


def test_the_configuration_says_where_it_is_relative_to_its_file(tmp_path: Path) -> None:
    write(workspace(tmp_path), {"conf/journeylint.yaml": "baseline: ../accepted\npaths: [..]\n"})
    accept(tmp_path, "--config", "conf/journeylint.yaml")
    assert (tmp_path / "accepted/default/journey/spring.yaml").is_file()
    assert check(tmp_path, "--config", "conf/journeylint.yaml").findings == []
    assert check(tmp_path).findings != []
    assert check(tmp_path).failures == []


def test_the_default_one_is_beside_the_configuration(tmp_path: Path) -> None:
    write(workspace(tmp_path), {"journeylint.yaml": "paths: [.]\n"})
    accept(tmp_path / "journeys")
    assert (tmp_path / SPRING).is_file()
    assert check(tmp_path).findings == []


def test_from_a_folder_of_the_project_nothing_elsewhere_is_taken_for_gone(tmp_path: Path) -> None:
    write(workspace(tmp_path), {"journeylint.yaml": "", "teams/segments.yaml": segment("other")})
    accept(tmp_path)
    before = tree(tmp_path / FOLDER)
    assert strict(tmp_path / "teams").status == 0
    status, out, _ = baseline(tmp_path / "teams", "prune")
    assert (status, "3 entries could not be checked in this run and stay." in out) == (0, True)
    assert tree(tmp_path / FOLDER) == before


def test_a_named_one_that_is_not_there_is_told(tmp_path: Path) -> None:
    outcome = check(workspace(tmp_path), "--baseline", "acepted")
    assert "warning: --baseline acepted: there is no such folder" in outcome.err
    assert outcome.findings


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("--baseline", "segments.yaml"), "expected a folder, and this is a file"),
        (("--baseline", "."), "this folder holds the project"),
        (("--no-baseline", "--strict-baseline"), "--no-baseline leaves the baseline out"),
        (("--no-baseline", "--baseline", "x"), "--no-baseline leaves the baseline out"),
    ],
)
def test_a_baseline_that_cannot_be_is_a_mistake(tmp_path: Path, argv: tuple[str, ...], said: str) -> None:
    outcome = check(workspace(tmp_path), *argv)
    assert (outcome.status, outcome.out) == (2, "")
    assert said in outcome.err


@pytest.mark.parametrize("argv", [(), ("--no-baseline",), ("--baseline", "other"), (".",), (FOLDER, "journeys")])
def test_its_files_are_never_taken_for_manifests(tmp_path: Path, argv: tuple[str, ...]) -> None:
    workspace(tmp_path, spec="state: live\npublishTime: 2025-03-02T08:00\nstartTime: 2025-03-02T09:00")
    before = check(tmp_path).summary
    accept(tmp_path)
    accept(tmp_path, "--baseline", "other")
    outcome = check(tmp_path, *argv)
    assert (outcome.failures, outcome.summary["skippedDocuments"]) == ([], before["skippedDocuments"])
    assert FOLDER in argv or (outcome.summary["files"], outcome.summary["manifests"]) == (
        before["files"],
        before["manifests"],
    )


# -- files that are broken

GOOD = "manifest: Journey/spring\nfindings:\n  - policy: OBS002\n    pointer: /spec\n"
BROKEN: dict[str, tuple[str | bytes, str]] = {
    "unknown key": (f"{GOOD}owner: me\n", ":5:8: 'owner' is not a known property"),
    "no list": ("manifest: Journey/spring\nfindings: OBS002\n", ":2:11: "),
    "no manifest": ("findings: []\n", ":1:1: "),
    "no identity": (GOOD.replace("Journey/spring", "spring"), ":1:11: "),
    "no day": (f"{GOOD}    until: 2025-02-30\n", ":5:12: "),
    "not a scalar": (f"{GOOD}    value: [1]\n", ":5:12: "),
    "no YAML": ("manifest: [\n", ":"),
    "twice": (f"{GOOD}    policy: OBS002\n", ":5:5: "),
    "two documents": (f"{GOOD}---\n{GOOD}", ":1:1: 2 documents: expected one"),
    "nothing": ("", ":1:1: "),
    "no UTF-8": (b"manifest: \xff\n", ":1:1: it is not UTF-8"),
    "ours left": (
        f"manifest: Journey/spring\n<<<<<<< HEAD\n{GOOD[25:]}",
        ":2:1: a merge of two branches left a conflict",
    ),
    "middle left": (f"{GOOD}=======\n", ":5:1: a merge of two branches left a conflict"),
    "theirs left": (f"{GOOD}>>>>>>> main\n", ":5:1: a merge of two branches left a conflict"),
    "another's": (GOOD.replace("spring", "autumn"), ":1:1: this is about Journey 'autumn': expected it at "),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_ends_the_run_with_its_place(tmp_path: Path, name: str) -> None:
    content, said = BROKEN[name]
    outcome = check(write(workspace(tmp_path), {SPRING: content}))
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith(f"error: {SPRING}{said}")
    for command in ("create", "update", "prune"):
        assert baseline(tmp_path, command)[0] == 2


def test_all_broken_files_are_told_at_once(tmp_path: Path) -> None:
    other = SPRING.replace("spring", "autumn")
    outcome = check(write(workspace(tmp_path), {SPRING: "x: 1\n", other: "y: 1\n"}))
    assert {line.split(":")[1].strip() for line in outcome.err.splitlines()} == {SPRING, other}


def test_a_file_as_an_editor_leaves_it_is_read(tmp_path: Path) -> None:
    accept(workspace(tmp_path))
    text = (tmp_path / SPRING).read_text()
    (tmp_path / SPRING).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").rstrip().encode())
    assert (check(tmp_path).findings, strict(tmp_path).status) == ([], 0)


def test_entries_of_policies_that_are_not_there_are_told_and_stay(tmp_path: Path) -> None:
    accept(workspace(tmp_path))
    (tmp_path / SPRING).write_text((tmp_path / SPRING).read_text().replace("OBS009", "OBS999"))
    outcome = check(tmp_path)
    assert policies(outcome) == ["SUP001", "OBS009"]
    assert "there is no policy 'OBS999'" in outcome.findings[0]["message"]
    assert "1 entry could not be checked" in baseline(tmp_path, "prune")[1]
    assert "OBS999" in (tmp_path / SPRING).read_text()
