"""Suppressions as something that policies judge: a manifest of kind `Suppression` for each, which no file holds."""

from __future__ import annotations

from collections.abc import Sequence

from journeylint.evaluate import STABLE_POINTER, FindingRow
from journeylint.model import DEFAULT_ENVIRONMENT, Identity, JsonObject, Manifest, Suppression

KIND = "Suppression"
"""The kind's name."""


def fact_of(suppression: Suppression, number: int) -> Manifest:
    """What policies are asked about *suppression*; its name is *number*, which tells it from the others of a run."""
    spec: JsonObject = {
        "form": suppression.form.value,
        "policy": suppression.policy,
        "state": suppression.state.value,
        "findings": suppression.findings,
        "problems": list(suppression.problems),
    }
    written = (("reason", suppression.reason), ("owner", suppression.owner), ("scope", suppression.scope))
    spec.update({name: text for name, text in written if text})
    if suppression.until is not None:
        spec["until"] = suppression.until.isoformat()
    if suppression.manifest is not None:
        spec["manifest"] = {"kind": suppression.manifest.kind, "name": suppression.manifest.name}
    location = suppression.location
    data: JsonObject = {
        "apiVersion": "journeylint/v1",
        "kind": KIND,
        "metadata": {"name": str(number), "environment": DEFAULT_ENVIRONMENT},
        "spec": spec,
    }
    return Manifest(
        Identity(DEFAULT_ENVIRONMENT, KIND, str(number)),
        data,
        location.path,
        location.document,
        lambda _: location.span,
        location.row,
    )


def at_its_place(row: FindingRow, suppressions: Sequence[Suppression]) -> FindingRow:
    """*row*, found in the fact about one of *suppressions*, as a finding in what that suppression is written in.

    Where that is no manifest, it is said to be in a `File` with that path as its name.
    """
    suppression = suppressions[int(row.name)]
    manifest = suppression.manifest or Identity(DEFAULT_ENVIRONMENT, "File", suppression.location.path)
    if row.detail is not None:
        row.detail[STABLE_POINTER] = f"{suppression.location.pointer}/suppression[{suppression.policy}]"
    return row._replace(
        pointer=suppression.location.pointer, environment=manifest.environment, kind=manifest.kind, name=manifest.name
    )
