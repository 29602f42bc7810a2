"""How the files of a run are dealt to its processes, and how many these are."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence

from journeylint.file_shard import RankedFile
from journeylint.model import SourceFile

FILES_WORTH_A_PROCESS = 150
"""Below so many files a second process costs more time than it saves (measured)."""


_BLOCK = 16
"""Files are dealt to shards in blocks of so many, so that a folder of large files is not one shard's alone."""


def size_of(files: Iterable[SourceFile]) -> int:
    """How much there is to judge, counted in files: a row of an export, where it can be dealt to any shard, is as much as one."""
    deals_rows = can_fork()
    return sum(len(source.documents or (None,)) if deals_rows else 1 for source in files)


def count_shards(jobs: int | None, size: int) -> int:
    if jobs is None:
        return max(1, min(_processors(), size // FILES_WORTH_A_PROCESS))
    return max(1, min(jobs, size))


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def deal(files: Sequence[SourceFile], count: int) -> list[list[RankedFile]]:
    """The files with their ranks, in *count* parts.

    The documents of exports are here already. Each part gets some, if its process is a copy of this one: they lead to no other.
    """
    parts: list[list[RankedFile]] = [[] for _ in range(count)]
    for rank, source in enumerate(files):
        documents = source.documents
        if documents is None:
            parts[rank // _BLOCK % count].append((rank, source))
        elif count == 1 or not can_fork() or not documents:
            parts[0].append((rank, source))
        else:
            for number, part in enumerate(parts[: len(documents)]):
                part.append((rank, source._replace(documents=documents[number::count])))
    return parts


def can_fork() -> bool:
    """Whether a process can be copied safely: on Linux it can; elsewhere system libraries may not survive it."""
    return sys.platform == "linux"
