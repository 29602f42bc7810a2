"""How much a file may ask of the reader before it is refused."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    """Bounds that every legitimate file keeps with room to spare; past one, a document ends with a problem.

    `file_bytes` bounds a file, `nodes` what all its documents hold together (copies made by aliases included) and
    `documents` their number. `depth` counts nested mappings and lists, `alias_nodes` what the aliases of one document
    add to it, `number_characters` the characters of one number.
    """

    file_bytes: int = 64 * 1024 * 1024
    nodes: int = 4_000_000
    documents: int = 200_000
    depth: int = 64
    alias_nodes: int = 100_000
    number_characters: int = 400


DEFAULT_LIMITS = Limits()
