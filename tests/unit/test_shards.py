"""One run over several processes comes to what a run in one comes to, and leaves no process behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeylint.check_request import CheckRequest
from journeylint.engine import Engine
from journeylint.file_shard import FileShard, RankedFile
from journeylint.model import JsonObject, JsonValue, Report, SourceFile
from journeylint.report import assemble_report
from journeylint.settings.values import Settings
from journeylint.shards import WorkerError, run_shards
from journeylint.times import parse_instant
from journeylint.workspace import Answer, Demand, Key, Offer, Settlement, UnjudgedUse
from tests.judging import AS_OF, builtin_host, host_over, make_policy, write_pack, write_text_of
from tests.kinds import make_journey, make_segment

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="forking is for Linux")
NAME = "segment.metadata.name"
LIVE = "\"user.kind == 'Journey' && user.spec.state == 'live' && has(user.spec.endTime)\""
END = '"instant(user.spec.endTime, user.spec.timeZone)"'
POLICIES = [
    make_policy(
        1,
        each_="$.spec.segments[*]",
        as_="usage",
        let={
            "found": "lookup('Segment', usage.name)",
            "first": "found != null && has(found.spec.copyOf) ? found.spec.copyOf : ''",
        },
        require="found != null && (first == '' || lookup('Segment', first) != null)",
        message="${usage.name}: ${found}, ${first}",
        related=[{"manifest": "found", "at": "/spec/source", "message": "there"}],
    ),
    make_policy(
        2,
        kind="Segment",
        require=f"usersOf('Segment', {NAME}).size() == 0",
        message=f"${{usersOf('Segment', {NAME})}}",
    ),
    make_policy(
        3,
        kind="Segment",
        let={"count": f"usersCount('Segment', {NAME}, {LIVE})"},
        require="count == 0",
        message=f"${{count}} ${{usersLatest('Segment', {NAME}, {LIVE}, {END})}} "
        f"${{usersEarliest('Segment', {NAME}, {LIVE}, {END})}}",
    ),
    make_policy(
        4,
        each_="$.spec.segments[*]",
        as_="usage",
        let={"others": f"usersCount('Segment', usage.name, {LIVE})"},
        when_="others > 0",
        message=f"${{others}} ${{usersLatest('Segment', usage.name, {LIVE}, {END})}}",
    ),
    make_policy(5, require="journey.metadata.title == 'x'"),
]


def build_shard(folder: str, root: str | None, files: list[RankedFile]) -> FileShard:
    """A shard made from nothing, as a process that was spawned makes it."""
    host = builtin_host() if root is None else host_over(Path(root))
    request = CheckRequest((), Path(folder))
    return Engine(request, Settings(Path(folder)), host, parse_instant(AS_OF, "UTC")).shard(files)


def run_over(folder: Path, root: Path | None, count: int, start_method: str = "fork") -> Report:
    """The report over the files of *folder*, dealt out one by one to *count* shards."""
    files = [SourceFile(path.name, str(path)) for path in sorted(folder.glob("*.yaml"))]
    parts = [[(rank, file) for rank, file in enumerate(files) if rank % count == part] for part in range(count)]
    host = builtin_host() if root is None else host_over(root)
    now = parse_instant(AS_OF, "UTC")
    engine = Engine(CheckRequest((), folder), Settings(folder), host, now)
    build = partial(build_shard, str(folder), None if root is None else str(root))
    results = run_shards(engine.shard if start_method == "fork" else build, parts, start_method=start_method)
    return assemble_report(results, engine.policies_that_run([]), now)


names = st.sampled_from(["a", "b", "c"])
environments = st.sampled_from(["default", "other"])


@st.composite
def manifests(draw: st.DrawFn) -> JsonObject:
    """A journey or segment; some break their schema."""
    metadata: JsonObject = {"name": draw(names), "environment": draw(environments)}
    spec: dict[str, JsonValue] = {"nope": 1} if draw(st.integers(0, 7)) == 0 else {}
    if draw(st.booleans()):
        if draw(st.booleans()):
            spec["copyOf"] = draw(names)
        return make_segment(metadata, **spec)
    spec["segments"] = [{"name": name, "role": "audience"} for name in draw(st.lists(names, max_size=3))]
    spec["state"] = draw(st.sampled_from(["draft", "live"]))
    if draw(st.booleans()):
        spec["endTime"] = draw(st.sampled_from(["2025-01-01", "2025-02-02", "2025-03-03"]))
    return make_journey(metadata, **spec)


@linux_only
@settings(max_examples=12, deadline=None)
@given(st.lists(st.lists(manifests(), min_size=1, max_size=3), min_size=1, max_size=7))
def test_the_report_does_not_depend_on_the_number_of_processes(files: list[list[JsonObject]]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        root = write_pack(folder / "packs", *POLICIES)
        for number, documents in enumerate(files):
            (folder / f"{number}.yaml").write_text(write_text_of(documents))
        alone = run_over(folder, root, 1)
        assert [run_over(folder, root, count) for count in (2, 3, 5)] == [alone] * 3
    assert multiprocessing.active_children() == []


def write_workspace(folder: Path) -> None:
    for number in range(9):
        copies: dict[str, JsonValue] = {"copyOf": f"s{number - 1}"} if number % 3 else {}
        uses: list[JsonValue] = [{"name": f"s{(number * 5) % 11}", "role": "exclusion"}]
        documents = [
            make_segment({"name": f"s{number % 7}"}, source="outbound", **copies),
            make_journey({"name": f"j{number % 8}"}, segments=uses, startTime="2025-03-04", state="live"),
        ]
        (folder / f"{number}.yaml").write_text(write_text_of(documents))


def test_processes_that_start_from_nothing_come_to_the_same(tmp_path: Path) -> None:
    write_workspace(tmp_path)
    alone = run_over(tmp_path, None, 1)
    assert alone.findings
    assert alone.failures
    assert run_over(tmp_path, None, 2, "spawn") == alone
    assert multiprocessing.active_children() == []


@linux_only
def test_more_processes_than_files_do_no_harm(tmp_path: Path) -> None:
    write_workspace(tmp_path)
    for path in list(tmp_path.glob("*.yaml"))[2:]:
        path.unlink()
    assert run_over(tmp_path, None, 4) == run_over(tmp_path, None, 1)


class FakeShard:
    """Does nothing but, in one step of one shard, what it is told to."""

    def __init__(self, number: int, step: str, act: Callable[[], None]) -> None:
        self._acts = {step: act} if number == 1 else {}
        self._acts.get("build", lambda: None)()

    def _take(self, step: str) -> None:
        self._acts.get(step, lambda: None)()

    def load(self) -> Offer:
        self._take("load")
        return Offer({}, frozenset(), frozenset())

    def retract(self, earlier: set[Key]) -> frozenset[UnjudgedUse]:
        self._take("retract")
        return frozenset()

    def settle(self, settlement: Settlement) -> None:
        self._take("settle")

    def judge(self) -> set[Demand]:
        self._take("judge")
        return set()

    def answer(self, demands: set[Demand]) -> dict[Demand, Answer]:
        return {}

    def learn(self, answers: dict[Demand, Answer]) -> None:
        pass

    def finish(self) -> str:
        self._take("finish")
        return "done"


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def leave() -> None:
    os._exit(7)


@linux_only
@pytest.mark.parametrize("act", [die, leave])
@pytest.mark.parametrize("step", ["build", "load", "retract", "settle", "judge", "finish"])
def test_a_worker_that_dies_is_an_error_and_leaves_nobody_behind(step: str, act: Callable[[], None]) -> None:
    with pytest.raises(WorkerError, match=r"a worker process ended early \(exit code (-9|7)\)"):
        run_shards(lambda number: FakeShard(number, step, act), [0, 1, 2], start_method="fork")
    assert multiprocessing.active_children() == []


@linux_only
def test_an_error_in_the_first_shard_leaves_nobody_behind() -> None:
    def fail() -> None:
        raise ZeroDivisionError

    class First(FakeShard):
        def _take(self, step: str) -> None:
            if step == "judge" and self._acts:
                fail()

    with pytest.raises(ZeroDivisionError):
        run_shards(lambda number: First(1 - number, "judge", fail), [0, 1, 2], start_method="fork")
    assert multiprocessing.active_children() == []


@linux_only
def test_results_come_in_the_order_of_the_parts() -> None:
    assert run_shards(lambda number: FakeShard(number, "", die), [0, 1, 2], start_method="fork") == ["done"] * 3
