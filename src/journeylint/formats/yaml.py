"""YAML 1.2 (core schema): documents as plain data, the span of every node, and all that is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeylint.formats.limits import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from journeylint.model import Document

BYTE_ORDER_MARK = "\ufeff"


class YamlLoader:
    """Reads YAML streams. libyaml finds the tokens; what they mean is decided here, as YAML 1.2 says."""

    suffixes = (".yaml", ".yml")

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits

    def load(self, text: str) -> list[Document]:
        """The documents of *text* in order; what is wrong is in their `problems`, and a syntax error ends the list.

        A byte order mark at the beginning is accepted and no column.
        """
        # libyaml's binding costs 28 ms to import; not every run meets a YAML file.
        from journeylint.formats.compose import compose_documents  # noqa: PLC0415 - see above

        return compose_documents(text.removeprefix(BYTE_ORDER_MARK), self._limits)
