"""`journeylint fix`: what it mends, what it takes back, and what it leaves as it was, to the byte."""

from __future__ import annotations

import os
import pickle
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from journeylint.check_request import CheckRequest
from journeylint.cli import file_replacement
from journeylint.entry_points import find_entry_points
from journeylint.fixing.run import FixRun
from journeylint.host import build_host
from journeylint.load import FileReader
from journeylint.model import Report, SourceFile
from journeylint.pipeline import check as judge_all
from journeylint.ports import Want
from journeylint.settings.values import Settings
from tests.contract.command_line import AS_OF, AUDIENCE, check, journey, run_in, segment, write

VIP = segment("vip", "source: outbound, memberCount: 1000")
EARLY = journey(
    "# when it goes out\npublishTime: 2025-03-03T04:00:00   # fixed\nstartTime: '2025-03-03T05:30:00'  # too soon\n"
    "timeZone: W. Europe Standard Time",
    AUDIENCE,
)
MOVED = EARLY.replace("'2025-03-03T05:30:00'", "'2025-03-03T08:00:00'")
EXCLUDES = journey("", AUDIENCE, "name: vip, role: exclusion", name="excludes")
UNJUSTIFIED = journey("", "name: vip, role: audience", name="unjustified")
TODO = 'justification: "TODO: say what real-time segments lack for this"'


def fix(folder: Path, *argv: str, as_of: str = AS_OF) -> tuple[int, str, str]:
    return run_in(folder, ("fix", "--as-of", as_of, *argv))


def texts_in(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "cache" not in str(path)
    }


# What is mended


def test_a_safe_fix_is_made_and_everything_else_stays_as_it_was(tmp_path: Path) -> None:
    write(tmp_path, {"j.yaml": EARLY, "s.yaml": VIP})
    status, out, err = fix(tmp_path)
    assert (status, err) == (0, "")
    assert (tmp_path / "j.yaml").read_text() == MOVED
    assert "j.yaml: 1 finding fixed\n  OBS007 short-export-lead-time: Move the start to 4 h after publication.\n" in out
    assert "Fixed 1 finding in 1 file.\n" in out
    assert not check(tmp_path).pointers("OBS007")


def test_what_is_not_safe_is_left_alone_and_told(tmp_path: Path) -> None:
    write(tmp_path, {"e.yaml": EXCLUDES, "u.yaml": UNJUSTIFIED, "s.yaml": VIP})
    before = texts_in(tmp_path)
    status, out, _ = fix(tmp_path)
    assert status == 1
    assert texts_in(tmp_path) == before
    assert "e.yaml:8:5: error OBS002 outbound-exclusion-segment\n  With --unsafe: No longer leave out" in out
    assert "Fixed nothing.\n" in out
    assert "2 of them fixed by journeylint fix --unsafe" in out


def test_what_is_not_safe_is_made_where_it_is_asked_for(tmp_path: Path) -> None:
    write(tmp_path, {"e.yaml": EXCLUDES, "u.yaml": UNJUSTIFIED, "s.yaml": VIP})
    assert fix(tmp_path, "--unsafe")[0] == 0
    assert (tmp_path / "e.yaml").read_text() == EXCLUDES.replace("  - {name: vip, role: exclusion}\n", "")
    assert (tmp_path / "u.yaml").read_text() == UNJUSTIFIED.replace("audience}", f"audience, {TODO}}}")


def test_a_start_is_moved_until_every_time_policy_is_content(tmp_path: Path) -> None:
    large = segment("huge", "source: outbound, memberCount: 6500000")
    both = journey("publishTime: 2025-03-03T04:00Z\nstartTime: 2025-03-03T05:00Z", AUDIENCE, "name: huge, role: branch")
    write(tmp_path, {"j.yaml": both, "s.yaml": f"{VIP}---\n{large}"})
    fix(tmp_path)
    assert "startTime: 2025-03-03T10:30Z\n" in (tmp_path / "j.yaml").read_text()
    assert not {"OBS007", "OBS008"} & {finding["policy"] for finding in check(tmp_path).findings}


def test_a_start_that_would_come_after_the_end_is_not_moved(tmp_path: Path) -> None:
    ends = EARLY.replace("segments", "endTime: 2025-03-03T08:00:00\n  segments")
    write(tmp_path, {"j.yaml": ends, "s.yaml": VIP})
    _, out, _ = fix(tmp_path)
    assert "Cannot be fixed here: the journey would be over before it starts" in " ".join(out.split())
    assert (tmp_path / "j.yaml").read_text() == ends
    write(tmp_path, {"j.yaml": ends.replace("T08:00:00\n", "T08:01:00\n")})
    fix(tmp_path)
    assert "'2025-03-03T08:00:00'" in (tmp_path / "j.yaml").read_text()


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"j.yaml": EARLY, "e.yaml": EXCLUDES, "u.yaml": UNJUSTIFIED, "s.yaml": VIP})
    fix(tmp_path, "--unsafe")
    before = texts_in(tmp_path)
    status, out, _ = fix(tmp_path, "--unsafe")
    assert status == 0
    assert "Fixed nothing." in out
    assert texts_in(tmp_path) == before


def test_several_findings_of_one_file_are_mended_at_once(tmp_path: Path) -> None:
    uses = [f"name: vip, role: {role}" for role in ("exclusion", "audience", "suppression", "exclusion")]
    write(tmp_path, {"all.yaml": "---\n".join([EARLY, journey("", *uses, name="many"), EXCLUDES, VIP])})
    assert fix(tmp_path, "--unsafe")[0] == 0
    text = (tmp_path / "all.yaml").read_text()
    assert text.count("role: exclusion") == text.count("role: suppression") == 0
    assert "  - {name: vip, role: audience, justification:" in text
    assert MOVED in text


def test_a_list_of_which_nothing_is_left_is_empty(tmp_path: Path) -> None:
    block = (
        journey().rstrip("\n")
        + "\n  segments:   # all of them\n    # customer care's\n    - name: vip\n      role: exclusion\n"
    )
    write(tmp_path, {"j.yaml": block, "s.yaml": VIP})
    assert fix(tmp_path, "--unsafe")[0] == 0
    assert (tmp_path / "j.yaml").read_text() == journey() + "  segments: []   # all of them\n"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_marks_stay(tmp_path: Path, mark: bytes) -> None:
    early = mark + EARLY.replace("# when", "# wänn").replace("\n", "\r\n").encode()
    write(tmp_path, {"j.yaml": early, "s.yaml": VIP})
    fix(tmp_path)
    assert (tmp_path / "j.yaml").read_bytes() == early.replace(b"T05:30", b"T08:00")


def test_json_is_mended_too(tmp_path: Path) -> None:
    text = (
        '{\n\t"apiVersion": "journeylint\\/v1", "kind": "Journey", "metadata": {"name": "j"},\n'
        '\t"spec": {"frequency": "ongoing", "segments": [\n\t\t{"name": "vip", "role": "audience"},\n'
        '\t\t{"name": "vip", "role": "exclusion"}\n\t]}\n}'
    )
    write(tmp_path, {"j.json": text, "s.yaml": VIP})
    assert fix(tmp_path, "--unsafe")[0] == 0
    assert (tmp_path / "j.json").read_text() == text.replace(
        '"audience"},\n\t\t{"name": "vip", "role": "exclusion"}',
        '"audience", "justification": "TODO: say what real-time segments lack for this"}',
    )


def test_what_stands_at_an_alias_is_not_mended_and_the_reason_is_told(tmp_path: Path) -> None:
    shared = EARLY.replace("publishTime:", "publishTime: &when").replace("'2025-03-03T05:30:00'", "*when")
    write(tmp_path, {"j.yaml": shared, "s.yaml": VIP})
    _, out, _ = fix(tmp_path)
    assert (tmp_path / "j.yaml").read_text() == shared
    assert "Cannot be fixed here: it is an alias: what it stands for is written" in out


# What is taken back


def test_a_fix_that_adds_a_finding_is_taken_back_and_told(tmp_path: Path) -> None:
    last_day = journey("publishTime: 2026-04-30T22:00Z\nstartTime: 2026-04-30T23:00Z", AUDIENCE, name="late")
    write(tmp_path, {"late.yaml": last_day, "j.yaml": EARLY, "s.yaml": VIP})
    _, out, _ = fix(tmp_path)
    assert (tmp_path / "late.yaml").read_text() == last_day
    assert (tmp_path / "j.yaml").read_text() == MOVED
    assert "Not fixed: it would add OBS001 outbound-module-removed at late.yaml:" in out
    assert "Fixed 1 finding in 1 file; 1 fix taken back." in out


def test_a_fix_that_adds_a_finding_to_another_journey_is_taken_back(tmp_path: Path) -> None:
    write(tmp_path, {"p/pack.yaml": PACK, "p/late/policy.yaml": LATE_POLICY, "journeylint.yaml": "policy-roots: [.]\n"})
    write(tmp_path, {"a.yaml": EARLY, "b.yaml": journey("", name="b"), "s.yaml": VIP})
    _, out, _ = fix(tmp_path)
    assert (tmp_path / "a.yaml").read_text() == EARLY
    assert "Not fixed: it would add ACM001 late at b.yaml:" in out


PACK = "name: p\nprefix: ACM\ntitle: Acme\n"
LATE_POLICY = """\
id: ACM001
name: late
title: Another journey starts late
severity: error
since: 0.1.0
match: {kind: Journey, when: "journey.metadata.name == 'b'"}
require: "usersOf('Segment', 'vip').all(one, one.spec.startTime < '2025-03-03T08')"
message: Another journey starts late.
rationale: So it is.
remediation: Start it earlier.
"""
BROKEN_POLICY = """\
id: ACM001
name: late
title: Frequency that is none
severity: error
since: 0.1.0
match: {kind: Journey}
require: "journey.spec.frequency != 'event'"
message: It is an event.
fix:
  title: Make it what there is not
  safe: true
  edits: [{set: /spec/frequency, value: "'sometimes'"}]
rationale: So it is.
remediation: Choose another.
"""


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("'sometimes'", "something could not be judged any more: JL002 at j.yaml:"),
        ("journey.spec.frequency", "the finding would still be there"),
        ("text(1 / 0)", "its value cannot be worked out: "),
    ],
)
def test_a_fix_that_breaks_a_manifest_or_does_not_help_is_not_made(tmp_path: Path, value: str, reason: str) -> None:
    policy = BROKEN_POLICY.replace("'sometimes'", value)
    write(tmp_path, {"p/pack.yaml": PACK, "p/late/policy.yaml": policy, "journeylint.yaml": "policy-roots: [.]\n"})
    event = journey("", frequency="event")
    write(tmp_path, {"j.yaml": event})
    status, out, _ = fix(tmp_path)
    assert status == 1
    assert (tmp_path / "j.yaml").read_text() == event
    assert reason in " ".join(out.split())


def test_many_fixes_take_few_runs_whether_they_are_kept_or_taken_back(tmp_path: Path) -> None:
    late = "publishTime: 2026-04-30T22:00Z\nstartTime: 2026-04-30T23:00Z"
    good = "publishTime: 2025-03-03T04:00Z\nstartTime: 2025-03-03T05:00Z"
    documents = [journey(late if n % 3 else good, AUDIENCE, name=f"j{n}") for n in range(90)]
    write(tmp_path, {"all.yaml": "---\n".join([*documents, VIP])})
    host = build_host(find_entry_points())
    request = CheckRequest(
        (),
        tmp_path,
        as_of=AS_OF,
        wants=frozenset({Want.FIXES, Want.REPLACEMENTS, Want.STABLE_POINTERS}),
    )
    runs: list[Mapping[str, bytes]] = []

    def judge(contents: Mapping[str, bytes]) -> Report:
        runs.append(contents)
        return judge_all(request._replace(contents=contents), host, Settings(tmp_path))

    reader = FileReader(tuple(host.loaders.values()), host.kinds)
    files = [SourceFile("all.yaml", (tmp_path / "all.yaml").as_posix())]
    run = FixRun(judge, files, reader.loader_of, may_fix=lambda _: True)
    run.run()
    assert len(run.taken_back) == 60
    assert [len(one.fixes) for one in run.fixed_files()] == [30]
    assert len(runs) <= 6


# What is chosen


def test_select_and_ignore_choose_what_is_mended_and_not_what_judges(tmp_path: Path) -> None:
    last_day = journey("publishTime: 2026-04-30T22:00Z\nstartTime: 2026-04-30T23:00Z", AUDIENCE, name="late")
    write(tmp_path, {"late.yaml": last_day, "u.yaml": UNJUSTIFIED, "s.yaml": VIP})
    _, out, _ = fix(tmp_path, "--select", "OBS007", "--unsafe")
    assert "it would add OBS001" in out
    assert (tmp_path / "u.yaml").read_text() == UNJUSTIFIED
    fix(tmp_path, "--ignore", "OBS010", "--unsafe")
    assert (tmp_path / "u.yaml").read_text() == UNJUSTIFIED


def test_a_preset_chooses_what_judges(tmp_path: Path) -> None:
    last_day = journey("publishTime: 2026-04-30T22:00Z\nstartTime: 2026-04-30T23:00Z", AUDIENCE, name="late")
    write(tmp_path, {"late.yaml": last_day, "s.yaml": VIP})
    assert "it would add OBS001" in fix(tmp_path, "--preset", "recommended", "--unsafe")[1]
    assert "it would add" not in fix(tmp_path, "--preset", "legacy-outbound", "--unsafe")[1]
    assert (tmp_path / "late.yaml").read_text() != last_day
    assert fix(tmp_path, "--preset", "legacy")[0] == 2


def test_focus_mends_the_files_that_are_named_and_judges_all(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": EARLY, "b.yaml": EARLY.replace("name: spring", "name: b"), "s.yaml": VIP})
    fix(tmp_path, "--focus", "a.yaml")
    assert (tmp_path / "a.yaml").read_text() == MOVED
    assert "T05:30" in (tmp_path / "b.yaml").read_text()
    assert "Fixed nothing" in fix(tmp_path, "b.yaml")[1], "its segment is in another file"


def test_standard_input_is_refused(tmp_path: Path) -> None:
    status, out, err = fix(tmp_path, "-")
    assert (status, out) == (2, "")
    assert err.startswith("error: fix changes files: it does not go with standard input")


# What is written


def test_a_diff_shows_what_would_change_and_writes_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"j.yaml": EARLY.rstrip("\n"), "s.yaml": VIP})
    before = texts_in(tmp_path)
    status, out, err = fix(tmp_path, "--diff")
    assert (status, err) == (1, "Would fix 1 finding in 1 file.\n")
    assert texts_in(tmp_path) == before
    assert out.startswith("--- j.yaml\n+++ j.yaml\n@@ -5,7 +5,7 @@\n")
    if shutil.which("git"):
        subprocess.run(["git", "apply", "-p0", "-"], cwd=tmp_path, input=out.encode(), check=True)
        assert (tmp_path / "j.yaml").read_text() == MOVED.rstrip("\n")
        assert fix(tmp_path, "--diff") == (0, "", "Nothing to fix.\n")


@pytest.mark.skipif(os.name == "nt", reason="permissions are those of POSIX")
def test_permissions_and_links_stay(tmp_path: Path) -> None:
    write(tmp_path, {"store/real.yaml": EARLY, "s.yaml": VIP})
    (tmp_path / "store/real.yaml").chmod(0o640)
    (tmp_path / "j.yaml").symlink_to("store/real.yaml")
    fix(tmp_path, "j.yaml", "s.yaml")
    assert (tmp_path / "j.yaml").is_symlink()
    assert (tmp_path / "store/real.yaml").read_text() == MOVED
    assert stat.S_IMODE((tmp_path / "store/real.yaml").stat().st_mode) == 0o640


def test_a_file_that_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    write(tmp_path, {"j.yaml": "new"})
    reason = file_replacement.replace_content(str(tmp_path / "j.yaml"), b"old", b"mended")
    assert reason == "it has changed since it was read: run journeylint fix again"
    assert texts_in(tmp_path) == {"j.yaml": b"new"}


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    assert file_replacement.replace_content(str(tmp_path / "j.yaml"), b"old", b"mended") is not None


def test_a_run_that_is_interrupted_while_it_writes_leaves_whole_files(tmp_path: Path) -> None:
    names = [f"j{n}.yaml" for n in range(3)]
    write(tmp_path, {name: EARLY.replace("name: spring", f"name: {name[:2]}") for name in names} | {"s.yaml": VIP})
    before = {name: (tmp_path / name).read_bytes() for name in names}
    script = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom journeylint.cli import main\nreplace = Path.replace\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell's background job begins with it ignored
        "def interrupted(self, target):\n    if target.name == 'j1.yaml':\n        os.kill(os.getpid(), signal.SIGINT)\n"
        "    return replace(self, target)\nPath.replace = interrupted\nsys.exit(main(sys.argv[1:]))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, "fix", "--as-of", AS_OF, "--no-cache"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert run.returncode == 130, run.stderr
    after = texts_in(tmp_path)
    assert set(after) == {*names, "s.yaml"}
    for name in names:
        assert after[name] in (before[name], before[name].replace(b"T05:30", b"T08:00"))
    assert after["j0.yaml"] != before["j0.yaml"]
    assert after["j2.yaml"] == before["j2.yaml"]


def test_files_and_words_are_the_same_whatever_the_number_of_processes(tmp_path: Path) -> None:
    documents = {f"j{n:02}.yaml": EARLY.replace("name: spring", f"name: j{n}") for n in range(40)}
    outcomes = []
    for jobs in ("1", "2"):
        folder = write(tmp_path / jobs, documents | {"e.yaml": EXCLUDES, "s.yaml": VIP})
        outcomes.append((fix(folder, "--unsafe", "--jobs", jobs), texts_in(folder)))
    assert outcomes[0] == outcomes[1]


# Exit codes


def test_a_failure_is_told_and_makes_the_exit_code_3(tmp_path: Path) -> None:
    write(tmp_path, {"j.yaml": EARLY, "s.yaml": VIP, "broken.yaml": "apiVersion: journeylint/v1\nkind: Journey\n"})
    status, out, _ = fix(tmp_path)
    assert status == 3
    assert (tmp_path / "j.yaml").read_text() == MOVED
    assert "JL002 invalid-manifest" in out


@pytest.mark.parametrize(("level", "status"), [("error", 0), ("warning", 0), ("info", 1), ("never", 0)])
def test_the_exit_code_is_about_what_is_left(tmp_path: Path, level: str, status: int) -> None:
    write(tmp_path, {"j.yaml": EARLY, "s.yaml": VIP})
    assert fix(tmp_path, "--fail-on", level)[0] == status


def test_a_folder_without_manifests_makes_the_exit_code_3(tmp_path: Path) -> None:
    assert fix(tmp_path)[0] == 3


def test_what_is_told_says_where_more_can_be_read(tmp_path: Path) -> None:
    write(tmp_path, {"j.yaml": EARLY, "s.yaml": VIP})
    assert re.search(r"\n\d+ findings? left\. More: journeylint check\n\Z", fix(tmp_path)[1])


@pytest.mark.parametrize("contents", [None, {"j.yaml": b"x"}])
def test_a_request_with_contents_reaches_processes_that_begin_from_scratch(contents: dict[str, bytes] | None) -> None:
    request = CheckRequest((), Path(), contents=contents)
    assert pickle.loads(pickle.dumps(request)) == request
