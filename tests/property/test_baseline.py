"""A baseline knows its findings however their manifests are written, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from journeylint.baseline.entries import Entry
from journeylint.baseline.file_names import file_of
from journeylint.baseline.read import read_baseline
from journeylint.baseline.text import read_spelled, spell_file
from journeylint.formats.yaml import YamlLoader
from journeylint.host import schema_of
from journeylint.model import Identity
from journeylint.stable_pointers import spell_json
from tests.contract.command_line import AS_OF, check, run_in, write
from tests.plain_git import commit_all, git, use_plain_git
from tests.property.test_invariance import AWKWARD, WORKSPACES, Documents, unique, write_plainly, write_yaml

FOLDER = "journeylint-baseline"
QUICK = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)

NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""An example with git takes a second."""

Files = dict[str, str]


def run(folder: Path, command: str, *argv: str) -> int:
    """Run `journeylint baseline` with *command*: the exit code."""
    return run_in(folder, ["baseline", command, "--as-of", AS_OF, *argv])[0]


def tree(folder: Path) -> dict[str, bytes]:
    """The files of the baseline in *folder*, by path."""
    base = folder / FOLDER
    return {file.relative_to(base).as_posix(): file.read_bytes() for file in base.rglob("*") if file.is_file()}


def create(folder: Path, files: Files) -> bool:
    """Write *files* and accept what is found in them; whether that could be."""
    status = run(write(folder, files), "create")
    assert status in (0, 3)
    return status == 0


def replace(folder: Path, files: Files) -> None:
    """Let *files* be all that *folder* holds, but for the baseline."""
    for path in folder.iterdir():
        if path.name != FOLDER:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    write(folder, files)


def assert_clean(folder: Path) -> None:
    """Nothing new in *folder*, and no entry that is not needed."""
    outcome = check(folder, "--fail-on", "info", "--strict-baseline")
    assert (outcome.status, outcome.findings, outcome.err) == (0, [], "")


def judged(documents: Documents) -> Documents:
    """Those of *documents* that can be judged, so that there is something to accept."""
    return [
        document
        for document in documents
        if document["spec"].get("source") != "nowhere"
        and document["spec"].get("memberCount") != 2**63
        and not {"soon", "2025-03-30T02:30"} & set(map(str, document["spec"].values()))
    ]


VALID = WORKSPACES.map(judged).filter(bool)


@pytest.fixture(scope="module", autouse=True)
def _plain_git() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        use_plain_git(Path(tempfile.gettempdir()), patch)
        yield


@QUICK
@given(WORKSPACES, st.sampled_from([(), ("--ttl", "90d"), ("--jobs", "2")]))
def test_what_could_be_accepted_is_accepted_and_update_changes_no_byte(
    documents: Documents, argv: tuple[str, ...]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        status = run(write(folder, write_plainly(documents)), "create", *argv)
        if status == 3:
            assert (check(folder).failures != [], tree(folder)) == (True, {})
            return
        assert status == 0
        assert_clean(folder)
        before = tree(folder)
        assert (run(folder, "update"), tree(folder)) == (0, before)
        assert (run(folder, "prune"), tree(folder)) == (0, before)


@QUICK
@given(VALID, st.data())
def test_writing_manifests_otherwise_revives_nothing(documents: Documents, data: st.DataObject) -> None:
    def draw(choices: int) -> int:
        return data.draw(st.integers(0, choices - 1))

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        assume(create(folder, write_plainly(documents)))
        before = tree(folder)
        shuffled = [shuffle_lists(document, data) for document in data.draw(st.permutations(documents))]
        ways: list[Callable[[], Files]] = [
            lambda: {"all.yaml": write_yaml(shuffled, draw)},
            lambda: {f"{number}.json": json.dumps(one, indent=draw(3)) for number, one in enumerate(shuffled)},
            lambda: cut(shuffled, data),
        ]
        replace(folder, ways[draw(len(ways))]())
        assert_clean(folder)
        assert (run(folder, "update"), tree(folder)) == (0, before)


def shuffle_lists(value: Any, data: st.DataObject) -> Any:
    """*value* with the items of every list, and the members of every mapping, in some order."""
    if isinstance(value, dict):
        return {key: shuffle_lists(value[key], data) for key in data.draw(st.permutations(list(value)))}
    if isinstance(value, list):
        return [shuffle_lists(item, data) for item in data.draw(st.permutations(value))]
    return value


def cut(documents: Documents, data: st.DataObject) -> Files:
    """*documents* in some files, in some folders."""
    files: Files = {}
    for document in documents:
        name = data.draw(st.sampled_from(["a.yaml", "b/c.yml", "b/d.yaml", "é/e.yaml"]))
        files[name] = files.get(name, "") + "---\n" + json.dumps(document, ensure_ascii=False) + "\n"
    return files


@QUICK
@given(VALID, st.data())
def test_the_same_mistakes_in_another_manifest_are_new(documents: Documents, data: st.DataObject) -> None:
    def findings_of_copy(*argv: str) -> list[str]:
        found = check(folder, *argv)
        assume(not found.failures)
        return [one["policy"] for one in found.findings if one["manifest"]["name"] == "copy"]

    original = data.draw(st.sampled_from(documents))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        assume(create(folder, write_plainly(documents)))
        copy = {**original, "metadata": {**original["metadata"], "name": "copy"}}
        write(folder, {"copy.json": json.dumps(copy)})
        assert findings_of_copy() == findings_of_copy("--no-baseline")


TIMES = st.sampled_from(["2025-03-01T05:00", "2025-03-01T05:30", "2025-03-01T06:00", "2025-03-01T06:30"])


@QUICK
@given(TIMES, TIMES)
def test_another_value_at_the_same_place_is_new(one: str, other: str) -> None:
    def files(start: str) -> Files:
        segment = {"kind": "Segment", "metadata": {"name": "vip"}, "spec": {"source": "outbound"}}
        spec = {"frequency": "ongoing", "publishTime": "2025-03-01T04:00", "startTime": start}
        journey = {"kind": "Journey", "metadata": {"name": "x"}, "spec": {**spec, "segments": [USE]}}
        return write_plainly([{"apiVersion": "journeylint/v1", **document} for document in (segment, journey)])

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        assert create(folder, files(one))
        replace(folder, files(other))
        found = check(folder, "--select", "OBS007").findings
        assert len(found) == (one != other)


USE = {"name": "vip", "role": "audience"}


@QUICK
@given(VALID, st.data())
def test_prune_after_mending_removes_exactly_what_no_longer_occurs(documents: Documents, data: st.DataObject) -> None:
    journeys = [one for one in documents if one["kind"] == "Journey"]
    assume(journeys)
    mended = data.draw(st.lists(st.sampled_from(journeys), min_size=1, unique_by=unique))
    after = [mend(one) if one in mended else one for one in documents]
    with tempfile.TemporaryDirectory() as name:
        folder, other = Path(name) / "a", Path(name) / "b"
        assume(create(folder, write_plainly(documents)))
        before = entries_in(folder)
        assert create(other, write_plainly(after))
        write(folder, write_plainly(after))
        assert run(folder, "prune") == 0
        assert entries_in(folder) == before & entries_in(other)
        assert "--strict-baseline" not in check(folder, "--strict-baseline").err


def mend(journey: dict[str, Any]) -> dict[str, Any]:
    """*journey* in a state in which no policy judges it."""
    return {**journey, "spec": {**journey["spec"], "state": "deleted"}}


def entries_in(folder: Path) -> Counter[tuple[Identity, Entry]]:
    """The entries of the baseline in *folder*."""
    read = read_baseline(folder / FOLDER, working_directory=folder, loader=YamlLoader(), schema=schema_of("baseline"))
    return Counter((manifest, entry) for manifest, file in read.files.items() for entry in file.entries)


NAMES = [f"journey-{letter}" for letter in "abcdefghij"]


def lay_out(folder: Path, names: list[str]) -> None:
    """A workspace with a journey of each of *names*, each with its findings."""
    shutil.rmtree(folder / "journeys", ignore_errors=True)
    segment = {"apiVersion": "journeylint/v1", "kind": "Segment", "metadata": {"name": "vip"}}
    files = {"segment.json": json.dumps({**segment, "spec": {"source": "outbound"}})}
    for name in names:
        add_journey(folder, name)
    write(folder, files)


def add_journey(folder: Path, name: str, *, is_mended: bool = False) -> None:
    spec = {"frequency": "ongoing", "segments": [{"name": "vip", "role": "exclusion"}]}
    journey = {"apiVersion": "journeylint/v1", "kind": "Journey", "metadata": {"name": name}, "spec": spec}
    journey = mend(journey) if is_mended else journey
    write(folder, {f"journeys/{name}.json": json.dumps(journey)})


def divide(names: list[str], mine: int, theirs: int) -> tuple[list[str], list[str], list[str]]:
    """Which of *names* two branches touch, and which neither does."""
    return names[:mine], names[mine : mine + theirs], names[mine + theirs :]


PARTS = st.builds(divide, st.permutations(NAMES), st.integers(1, 4), st.integers(1, 4))
DEEDS = st.sampled_from(["add", "mend", "remove"])


@settings(QUICK, max_examples=12, phases=NO_SHRINKING)
@given(PARTS, DEEDS, DEEDS)
def test_branches_that_touch_different_journeys_merge_without_a_conflict(
    parts: tuple[list[str], list[str], list[str]], one: str, other: str
) -> None:
    """With real git: whatever two branches do to their journeys and the baseline, the merge is clean and up to date."""
    mine, theirs, rest = parts
    there = [*rest, *(mine if one != "add" else []), *(theirs if other != "add" else [])]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        git(folder, "init", "--quiet", "--initial-branch", "main")
        lay_out(folder, there)
        assert run(folder, "update") == 0
        commit_all(folder)
        for branch, deed, names in (("one", one, mine), ("other", other, theirs)):
            git(folder, "switch", "--quiet", "--create", branch, "main")
            for journey in names:
                if deed == "remove":
                    os.unlink(folder / f"journeys/{journey}.json")  # noqa: PTH108 - text in
                else:
                    add_journey(folder, journey, is_mended=deed == "mend")
            assert run(folder, "update" if deed == "add" else "prune") == 0
            commit_all(folder)
        git(folder, "merge", "--quiet", "--no-edit", "one")
        before = tree(folder)
        assert_clean(folder)
        assert (run(folder, "update"), tree(folder)) == (0, before)


WORDS = AWKWARD.filter(bool) | st.sampled_from(
    ["Spring", "spring", "con", "NUL.x", ".git", "a.", "..", "%", "+", "é", "x" * 300]
)
IDENTITIES = st.builds(
    Identity, WORDS, WORDS.filter(lambda word: "/" not in word), WORDS.filter(lambda word: "/" not in word)
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | AWKWARD
)
ENTRIES = st.builds(
    Entry,
    WORDS,
    st.lists(AWKWARD, max_size=3).map(
        lambda tokens: "".join("/" + t.replace("~", "~0").replace("/", "~1") for t in tokens)
    ),
    st.just("") | SCALARS.map(spell_json),
    st.sampled_from(["", "2025-01-31", "9999-12-31"]),
)


@QUICK
@given(st.dictionaries(IDENTITIES, st.lists(ENTRIES, min_size=1, max_size=4), min_size=1, max_size=4))
def test_what_is_written_is_read_back_whatever_it_holds(content: dict[Identity, list[Entry]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for manifest, entries in content.items():
            write(folder, {file_of(manifest): spell_file(manifest, entries)})
        read = read_baseline(folder, working_directory=folder, loader=YamlLoader(), schema=schema_of("baseline"))
    assert {one: list(file.entries) for one, file in read.files.items()} == {
        manifest: sorted(entries) for manifest, entries in content.items()
    }


@QUICK
@given(IDENTITIES, st.lists(ENTRIES, min_size=1, max_size=4))
def test_both_ways_to_read_a_file_come_to_the_same(manifest: Identity, entries: list[Entry]) -> None:
    """What is written as we write it is read line by line, all else as YAML."""
    text = spell_file(manifest, entries)
    assert read_spelled(text) is not None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for content in (text, f"{text}# a note\n"):
            write(folder, {file_of(manifest): content})
            read = read_baseline(folder, working_directory=folder, loader=YamlLoader(), schema=schema_of("baseline"))
            assert read.files[manifest][1:] == read_spelled(text)
    assert read_spelled(f"{text}# a note\n") is None


@given(IDENTITIES, IDENTITIES)
def test_no_two_manifests_share_a_file_on_any_file_system(one: Identity, other: Identity) -> None:
    names = [file_of(manifest) for manifest in (one, other)]
    assert (names[0].casefold() == names[1].casefold()) == (one == other)
    for name in names:
        parts = name.split("/")
        assert len(parts) == 3
        assert all(part.isascii() and len(part) <= 205 and not part.startswith(".") for part in parts)
        assert not any(part.endswith((".", " ")) or set(part) & set('<>:"\\|?*') for part in parts)


@given(st.floats(-(2.0**60), 2.0**60) | st.integers(-(2**60), 2**60))
def test_a_number_has_one_spelling(number: float) -> None:
    assert json.loads(spell_json(number)) == number
    if isinstance(number, int) and abs(number) < 2**53:
        assert spell_json(number) == spell_json(float(number))
