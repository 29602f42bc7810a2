"""Which manifests a manifest refers to, as the schemas of its kind annotate it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from journeylint.annotations import Field, KeptTrees, read_annotations
from journeylint.model import JsonValue, Manifest

if TYPE_CHECKING:
    from journeylint.ports import Kind

Key: TypeAlias = "tuple[str, str, str]"
"""Environment, kind and name."""


class ReferenceFinder:
    """Finds the references of manifests of these *kinds*; each schema is read once, when it is needed."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._trees = KeptTrees({name: kind.schema for name, kind in kinds.items()}, _is_reference)

    def keys_of(self, manifest: Manifest) -> list[Key]:
        """What *manifest* refers to directly, in its own environment: one key a reference, in the schema's order."""
        identity = manifest.identity
        return self.read_keys(identity.kind, identity.environment, manifest.data)

    def read_keys(self, kind: str, environment: str, data: JsonValue) -> list[Key]:
        """As `keys_of`, from a document that need not be valid: what is no text where it must be is left out."""
        tree = self._trees.of(kind)
        found: list[Key] = []
        if tree is not None:
            _collect(tree, data, environment, found)
        return found


def reference_targets(kind: Kind) -> frozenset[str]:
    """The names of the kinds that manifests of *kind* may refer to."""
    return read_annotations(kind.schema).references


def _is_reference(one: Field) -> bool:
    return one.reference is not None


def _collect(one: Field, value: JsonValue, environment: str, found: list[Key]) -> None:
    if isinstance(value, dict):
        for name, inner in one.members.items():
            item = value.get(name)
            if isinstance(item, str) and inner.reference is not None:  # most are, and need no call
                found.append((environment, inner.reference, item))
            elif item:
                _collect(inner, item, environment, found)
        if one.rest is not None:
            for name in value.keys() - one.members.keys():
                _collect(one.rest, value[name], environment, found)
    elif isinstance(value, list) and one.items is not None:
        for item in value:
            _collect(one.items, item, environment, found)
    elif one.reference is not None and isinstance(value, str):
        found.append((environment, one.reference, value))
