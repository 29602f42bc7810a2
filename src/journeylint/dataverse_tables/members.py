"""Mappings of imported manifests, as the type checker can follow them."""

from __future__ import annotations

from journeylint.import_ports import ImportedValue


def make_item(**members: ImportedValue) -> dict[str, ImportedValue]:
    """An item of a list: its *members* but those that are None."""
    return {name: value for name, value in members.items() if value is not None}
