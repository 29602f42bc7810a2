"""The verdicts of one policy on the manifests of one file, each with the evidence that it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from journeylint.host import Host
from journeylint.inquiry import Inquiry, ManifestFunctions, typing_functions
from journeylint.load import FileReader
from journeylint.model import Failure, Manifest, SourceFile
from journeylint.references import ReferenceFinder
from journeylint.trace import TracingTools
from journeylint.validate import Rejected, Validator
from journeylint.workspace import Settlement, Workspace


class Contents(NamedTuple):
    """What some files hold: the manifests to judge by path, in the order of their files, and the failures by path."""

    workspace: Workspace
    manifests: Mapping[str, Sequence[Manifest]]
    failures: Mapping[str, Sequence[Failure]]


def read_workspace(files: Iterable[SourceFile], host: Host) -> Contents:
    """The manifests in *files*, which are in the order of their paths, ready to be asked about."""
    reader = FileReader(tuple(dict.fromkeys(host.loaders.values())), host.kinds)
    validator, references = Validator(host.kinds), ReferenceFinder(host.kinds)
    workspace = Workspace(references.keys_of)
    manifests: dict[str, list[Manifest]] = {}
    failures: dict[str, list[Failure]] = {}
    rank = 0
    for source in files:
        loaded = reader.read(source)
        for document in loaded.documents if loaded is not None else ():
            rank += 1
            admitted = validator.admit(source.path, document)
            if isinstance(admitted, Manifest):
                if workspace.add(admitted, rank):
                    manifests.setdefault(source.path, []).append(admitted)
            elif isinstance(admitted, Rejected):
                failures.setdefault(source.path, []).extend(admitted.failures)
                workspace.add_unjudged(admitted.identity, admitted.references)
    offer = workspace.offer()
    workspace.settle(Settlement(offer.unjudged, workspace.retract(()), is_alone=True))
    return Contents(workspace, manifests, failures)


def tracing_tools(workspace: Workspace, host: Host, now: datetime) -> TracingTools:
    """What conditions about the manifests of *workspace* are evaluated with, as of *now*."""
    inquiry = Inquiry()
    inquiry.workspace = workspace
    asking = ManifestFunctions(inquiry, host.functions)
    asking.now = now
    functions = (*host.functions, *typing_functions(), *asking.entries())
    return TracingTools(inquiry, functions, asking.user_environment, now)
