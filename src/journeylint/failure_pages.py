"""What people are told about the failure codes, wherever they meet them."""

from __future__ import annotations

from typing import NamedTuple

from journeylint.model import FailureCode


class FailurePage(NamedTuple):
    """What a code stands for, as a title without a full stop and in a paragraph, and what to do about it."""

    title: str
    meaning: str
    remedy: str


FAILURE_PAGES = {
    FailureCode.UNREADABLE_MANIFEST: FailurePage(
        "Manifest that cannot be read",
        "The file or document could not be read: it cannot be opened, is not UTF-8, is not YAML or JSON, has a key twice, "
        "a key that is not text or an unknown tag, or is past a limit of size or depth.",
        "Mend the place that the failure points at, or take the file out of the paths that are judged.",
    ),
    FailureCode.INVALID_MANIFEST: FailurePage(
        "Manifest that breaks the schema of its kind",
        "The document is a manifest but breaks the schema of its kind: an unknown or missing property, a value that is "
        "not allowed, a time that does not exist, or a kind or apiVersion that is not known.",
        "Change the value as the message says; it names what was expected.",
    ),
    FailureCode.PREDICATE_ERROR: FailurePage(
        "Policy that could not decide",
        "A policy could not decide: its predicate or message failed on this manifest, or gave neither true nor false.",
        "Mend the policy, or the value in the manifest that the message names. A policy should ask has() before it "
        "reads a property that may be absent.",
    ),
    FailureCode.DUPLICATE_MANIFEST: FailurePage(
        "Second manifest with the same name",
        "An earlier manifest, by path and then position, has the same environment, kind and name. That one is judged, "
        "this one is not, because a reference could mean either.",
        "Rename or remove one of the two, or give one another metadata.environment.",
    ),
}
