"""Mutants that no case can kill, and why: `survivors.yaml` beside a `policy.yaml` or a `pack.yaml`.

    - at: /require
      mutant: segment.spec.memberCount < params.maximumMembers || true
      reason: Every journey that has no such segment is left out by `when`.

`mutant` is the whole mutated expression, or the mutated default of a param; blanks do not count.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from journeylint.errors import PolicyError
from journeylint.host import Host, schema_of
from journeylint.schema_check import SchemaGate

if TYPE_CHECKING:
    from journeylint.testing.variants import Mutant

FILE_NAME = "survivors.yaml"


class Argued(NamedTuple):
    """A survivor for which a reason is given; `place` is where, `path:line:column`."""

    place: str
    at: str
    mutant: str
    reason: str

    def is_about(self, mutant: Mutant) -> bool:
        """Whether *mutant* is the one that is meant."""
        return self.at == mutant.part and self.mutant.split() == mutant.mutated.split()


def read_argued(folder: Path, host: Host) -> list[Argued]:
    """What `survivors.yaml` in *folder* holds; nothing where there is none. Raises PolicyError with all that is wrong in it."""
    file = folder / FILE_NAME
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"{file.as_posix()}:1:1: cannot be read: {error}") from error
    documents = host.loaders[".yaml"].load(text)
    if len(documents) != 1:
        raise PolicyError(f"{file.as_posix()}:1:1: holds {len(documents)} documents: it is one list")
    document = documents[0]
    problems = document.problems or SchemaGate(schema_of("survivors")).problems(document)
    if problems:
        raise PolicyError(f"{file.as_posix()}:{one.span.line}:{one.span.column}: {one.message}" for one in problems)
    argued = []
    for index, item in enumerate(document.value if isinstance(document.value, list) else []):
        if isinstance(item, dict):
            span = document.locate(f"/{index}")
            place = f"{file.as_posix()}:{span.line}:{span.column}"
            argued.append(Argued(place, str(item["at"]), str(item["mutant"]), str(item["reason"]).strip()))
    return argued
