"""YAML 1.2 (core schema): documents as plain data, the span of every node, and all that is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeylint.formats.block_yaml import BlockReader
from journeylint.formats.limits import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from journeylint.model import Document

BYTE_ORDER_MARK = "\ufeff"


class YamlLoader:
    """Reads YAML streams. libyaml finds the tokens; what they mean is decided here, as YAML 1.2 says."""

    suffixes = (".yaml", ".yml")

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._block_reader = BlockReader(limits)

    def load(self, text: str) -> list[Document]:
        """The documents of *text* in order; what is wrong is in their `problems`, and a syntax error ends the list.

        A byte order mark at the beginning is accepted and no column.
        """
        text = text.removeprefix(BYTE_ORDER_MARK)
        documents = self._block_reader.read(text)
        if documents is None:
            # libyaml's binding costs 28 ms to import; most files do without.
            from journeylint.formats.compose import compose_documents  # noqa: PLC0415 - see above

            documents = [_name_templates(one, text) for one in compose_documents(text, self._limits)]
        return documents


def _name_templates(document: Document, text: str) -> Document:
    if not document.problems:
        return document
    from journeylint.formats.templates import name_templates  # noqa: PLC0415 - most files have no problems

    return document._replace(problems=name_templates(document.problems, text))
