"""One run over several processes: each loads and judges a part of the files, and asks the others for what it lacks.

All shards take the same steps together - load, settle who is first and what could not be judged, judge, answer each other's
demands, judge on - so a verdict does not depend on which shard holds what. With one shard no process is started.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from journeylint.workspace import Answer, Demand, Key, Offer, Settlement, UnjudgedUse, earlier_elsewhere, merge_answers

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Result_co = TypeVar("Result_co", covariant=True)
Part = TypeVar("Part")


_STOP = ("", ())
_PATIENCE = 1.0
"""Seconds that a worker gets to end by itself, if it is busy when the run fails."""


class Shard(Protocol[Result_co]):
    """A part of a run."""

    def load(self) -> Offer:
        """Read and validate the files."""
        ...

    def retract(self, earlier: set[Key]) -> frozenset[UnjudgedUse]:
        """See `Workspace.retract`."""
        ...

    def settle(self, settlement: Settlement) -> None:
        """See `Workspace.settle`."""
        ...

    def judge(self) -> set[Demand]:
        """Judge what is not judged yet and return what is wanted for the rest; nothing wanted means done."""
        ...

    def answer(self, demands: set[Demand]) -> dict[Demand, Answer]:
        """What this shard knows of *demands*."""
        ...

    def learn(self, answers: dict[Demand, Answer]) -> None:
        """Take in what all shards know."""
        ...

    def finish(self) -> Result_co:
        """What came out."""
        ...


class WorkerError(RuntimeError):
    """A worker process met a bug, in which case it has printed its traceback, or was ended from outside."""


def run_shards(
    build: Callable[[Part], Shard[Result_co]], parts: Sequence[Part], *, start_method: str
) -> list[Result_co]:
    """Run a shard a part, the first in this process, and return what came out, in order.

    *build* must survive pickling where *start_method* is not `fork`.
    """
    local = build(parts[0])
    remotes: list[_Remote[Part]] = []
    try:
        for part in parts[1:]:
            remotes.append(_Remote.start(build, part, start_method))  # noqa: PERF401 - those started are to be stopped
        return _take_steps(local, remotes)
    finally:
        for remote in remotes:
            remote.stop()


def _take_steps(local: Shard[Result_co], remotes: Sequence[_Remote[Any]]) -> list[Result_co]:
    def every(step: str, arguments: Sequence[tuple[object, ...]] | None = None) -> list[Any]:
        given = arguments or [()] * (len(remotes) + 1)
        for remote, arguments_of in zip(remotes, given[1:], strict=True):
            remote.send(step, arguments_of)
        own = getattr(local, step)(*given[0])
        return [own, *(remote.receive() for remote in remotes)]

    def same(argument: object) -> list[tuple[object, ...]]:
        return [(argument,)] * (len(remotes) + 1)

    offers: list[Offer] = every("load")
    earlier = earlier_elsewhere(offers)
    uses: list[frozenset[UnjudgedUse]] = every("retract", [(keys,) for keys in earlier])
    unjudged: frozenset[Key] = frozenset().union(*(offer.unjudged for offer in offers))
    every("settle", same(Settlement(unjudged, frozenset().union(*uses), is_alone=not remotes)))
    demands: set[Demand] = set()
    if remotes:
        demands = {Demand("data", key) for offer in offers for key in offer.missing}
        demands |= {Demand("place", key) for keys in earlier for key in keys}
    while True:
        if demands:
            answers: list[dict[Demand, Answer]] = every("answer", same(demands))
            every(
                "learn", same({demand: merge_answers(demand, [part[demand] for part in answers]) for demand in demands})
            )
        demands = set().union(*every("judge"))
        if not demands:
            return every("finish")


class _Remote(Generic[Part]):
    """A shard in a process of its own."""

    def __init__(self, process: BaseProcess, connection: Connection) -> None:
        self.process = process
        self.connection = connection

    @classmethod
    def start(cls, build: Callable[[Part], Shard[Any]], part: Part, start_method: str) -> _Remote[Part]:
        import multiprocessing  # noqa: PLC0415 - a run in one process need not pay for it

        context: Any = multiprocessing.get_context(start_method)
        here, there = context.Pipe()
        process = context.Process(target=_serve, args=(there, build, part), daemon=True)
        process.start()
        there.close()
        return cls(process, here)

    def send(self, step: str, arguments: tuple[object, ...]) -> None:
        try:
            self.connection.send((step, arguments))
        except OSError:
            raise self._end_of_worker() from None

    def receive(self) -> object:
        try:
            return self.connection.recv()
        except (EOFError, OSError):
            raise self._end_of_worker() from None

    def _end_of_worker(self) -> WorkerError:
        self.process.join(5)
        return WorkerError(f"a worker process ended early (exit code {self.process.exitcode})")

    def stop(self) -> None:
        """End the process: it is told to, for it holds the other end of the pipe too and would never see it close."""
        with contextlib.suppress(OSError):
            self.connection.send(_STOP)
        self.connection.close()
        self.process.join(_PATIENCE)
        if self.process.is_alive():
            self.process.terminate()
            self.process.join()


def _serve(connection: Connection, build: Callable[[Part], Shard[Any]], part: Part) -> None:
    """The life of a worker: take steps until the other end closes."""
    with contextlib.suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        shard = build(part)
        while (message := connection.recv()) != _STOP:
            step, arguments = message
            connection.send(getattr(shard, step)(*arguments))
        os._exit(0)  # without taking the manifests apart one by one
