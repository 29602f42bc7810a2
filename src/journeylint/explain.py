"""The verdicts of one policy on the manifests of one file, each with the evidence that it rests on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from journeylint.errors import UsageError
from journeylint.evidence import Trace, Verdict
from journeylint.host import Host
from journeylint.inquiry import Inquiry, ManifestFunctions, typing_functions
from journeylint.load import FileReader
from journeylint.manifest_zones import ManifestZones
from journeylint.model import (
    Failure,
    FailureCode,
    Finding,
    Identity,
    JsonValue,
    Manifest,
    Severity,
    SourceFile,
    Suppression,
)
from journeylint.pipeline import Preparation
from journeylint.pointers import tokens_of
from journeylint.policies import Pack, Policy
from journeylint.references import ReferenceFinder
from journeylint.selection import compile_selector
from journeylint.settings.resolve import ResolvedPolicy
from journeylint.suggest import did_you_mean
from journeylint.trace import Tracer
from journeylint.traced_policy import TracingTools
from journeylint.validate import Rejected, Validator
from journeylint.wording import join_choices, quote_value
from journeylint.workspace import Settlement, Workspace


class ParamValue(NamedTuple):
    """A param's value and where it comes from: `default`, or the place in a configuration (`journeylint.yaml:4:20`)."""

    name: str
    value: JsonValue
    origin: str


class Unselected(NamedTuple):
    """A manifest of the policy's kind in which it selects no node."""

    manifest: Manifest
    each: str


class Held(NamedTuple):
    """What settings make of the policy somewhere; `severity_origin` is `default` or a place, as that of a param.

    `off_because` says why the policy is not asked in a run, and is empty where it is; it is explained all the same.
    """

    severity: Severity
    severity_origin: str
    params: tuple[ParamValue, ...]
    off_because: str


class Explanation(NamedTuple):
    """What became of the nodes that were asked about under one policy.

    `held` is what holds for the file as a whole, and `exceptions` what holds for nodes, by pointer, for which overrides say
    otherwise. `failures` are those of the file: what could not be judged. `suppressions` say what suppresses findings, by
    the manifest and the pointer that these point at.
    """

    policy: Policy
    pack: Pack
    as_of: datetime
    path: str
    held: Held
    traces: tuple[Trace, ...]
    exceptions: Mapping[str, Held] = MappingProxyType({})
    unselected: tuple[Unselected, ...] = ()
    failures: tuple[Failure, ...] = ()
    suppressions: Mapping[tuple[Identity, str], Suppression] = MappingProxyType({})

    def suppression_of(self, trace: Trace) -> Suppression | None:
        """What suppresses the finding of *trace*, if it has one that is suppressed."""
        key = (trace.manifest.identity, trace.points_at)
        return self.suppressions.get(key) if trace.verdict is Verdict.FAILS else None


class Target(NamedTuple):
    """What is asked about: a file, or a manifest as `Kind/name`, and a pointer in it, or None for all that is there."""

    place: str
    pointer: str | None = None


def parse_target(word: str, pointer: str | None, folder: Path) -> Target:
    """The target that *word*, `PATH`, `KIND/NAME` or either with `#POINTER`, and *pointer* stand for.

    Raises UsageError where a pointer is none, or given twice.
    """
    place = word
    if "#" in word and not (folder / word).exists():
        place, _, inside = word.partition("#")
        if pointer is not None:
            raise UsageError(f"two pointers are given, {quote_value(inside)} and {quote_value(pointer)}: give one")
        pointer = inside
    if pointer is not None:
        pointer = pointer.removeprefix("#")
        try:
            tokens_of(pointer)
        except ValueError as error:
            raise UsageError(str(error)) from error
    return Target(place, pointer)


def names_manifest(target: Target, host: Host, folder: Path) -> bool:
    """Whether *target* is `Kind/name`, and no file below *folder*."""
    kind, _, name = target.place.partition("/")
    return kind in host.kinds and bool(name) and not (folder / target.place).exists()


def explain(policy: Policy, target: Target, preparation: Preparation, host: Host) -> Explanation:
    """The verdicts of *policy* on what *target* names, among all that *preparation* would judge.

    Raises UsageError, with the nearest that there is, where the target has no manifest of the policy's kind or no such node.
    """
    if host.kinds[policy.kind].is_judged_last:
        raise UsageError(
            f"{policy.id} judges manifests of kind {policy.kind}, which a run makes itself and no file holds"
        )
    contents = read_workspace(preparation.files, host)
    manifests, failures, path = _choose(policy, target, preparation, contents, host)
    pack = next(one for one in preparation.library.packs if one.name == policy.pack)
    tools = tracing_tools(contents.workspace, host, preparation.as_of)
    tracers: dict[str, Tracer] = {}
    whole = preparation.resolution_of(path, "").policies[policy.id]
    traces: list[Trace] = []
    unselected: list[Unselected] = []
    exceptions: dict[str, Held] = {}
    for manifest in manifests:
        pointers = compile_selector(policy.each).find(manifest.data)
        for index, (pointer, _) in enumerate(pointers):
            here = preparation.resolution_of(path, pointer + policy.at).policies[policy.id]
            key = json.dumps(here.params, sort_keys=True)
            if key not in tracers:
                tracers[key] = Tracer(policy, here.params, tools, pack_file=pack.file)
            traces.append(tracers[key].trace(manifest, index))
            if here != whole:
                exceptions[pointer] = _held(policy, here, preparation.as_of)
        if not pointers:
            unselected.append(Unselected(manifest, policy.each))
    if target.pointer:
        traces, unselected = _at(target.pointer, traces), []
    return Explanation(
        policy,
        pack,
        preparation.as_of,
        path,
        _held(policy, whole, preparation.as_of),
        tuple(traces),
        exceptions,
        tuple(unselected),
        tuple(failures),
    )


def with_suppressions(explanation: Explanation, suppressed: Iterable[Finding]) -> Explanation:
    """*explanation*, and what suppresses its findings: *suppressed* are the findings of a run that are suppressed."""
    own = (finding for finding in suppressed if finding.policy == explanation.policy.id)
    found = {(one.manifest, one.location.pointer): one.suppression for one in own if one.suppression is not None}
    return explanation._replace(suppressions=found)


def _held(policy: Policy, resolved: ResolvedPolicy, as_of: datetime) -> Held:
    origins = resolved.origins
    return Held(
        resolved.severity or policy.severity,
        "default" if origins.severity is None else str(origins.severity),
        tuple(
            ParamValue(name, resolved.params.get(name, param.default), str(origins.params.get(name, "default")))
            for name, param in policy.params.items()
        ),
        _why_off(policy, resolved, as_of),
    )


def _why_off(policy: Policy, resolved: ResolvedPolicy, as_of: datetime) -> str:
    if policy.life.effective.is_over(as_of):
        return "it no longer holds"
    if resolved.is_enabled:
        return ""
    where = "" if resolved.origins.enabled is None else f" ({resolved.origins.enabled})"
    return f"it is switched off, or not selected{where}"


def _choose(
    policy: Policy, target: Target, preparation: Preparation, contents: Contents, host: Host
) -> tuple[list[Manifest], Sequence[Failure], str]:
    kind, _, name = target.place.partition("/")
    if kind in host.manifest_kinds and name and not preparation.only:
        return _named(policy, kind, name, contents)
    paths = sorted(preparation.only)
    if len(paths) != 1:
        what = "no file that is judged" if not paths else f"{len(paths)} files"
        raise UsageError(f"{target.place!r} is {what}: expected the path of one file, or a manifest as Kind/name")
    (path,) = paths
    failures = contents.failures.get(path, ())
    there = contents.manifests.get(path, ())
    manifests = [manifest for manifest in there if manifest.identity.kind == policy.kind]
    if not manifests and not failures:
        held = join_choices(sorted({one.identity.kind for one in there}), last="and") or "no manifest"
        others = [
            one for one, found in contents.manifests.items() if any(m.identity.kind == policy.kind for m in found)
        ]
        hint = did_you_mean(path, others)
        raise UsageError(f"{path!r} holds {held}, and {policy.id} judges manifests of kind {policy.kind}{hint}")
    return manifests, failures, path


def _named(policy: Policy, kind: str, name: str, contents: Contents) -> tuple[list[Manifest], Sequence[Failure], str]:
    if kind != policy.kind:
        raise UsageError(f"{policy.id} judges manifests of kind {policy.kind}, not {kind}")
    every = [one for found in contents.manifests.values() for one in found if one.identity.kind == kind]
    manifests = [one for one in every if one.identity.name == name]
    paths = {one.path for one in manifests}
    if not manifests:
        raise UsageError(f"there is no {kind} {name!r}{did_you_mean(name, [one.identity.name for one in every])}")
    if len(paths) > 1:
        raise UsageError(f"{kind} {name!r} is in several files: name one of {join_choices(sorted(paths))}")
    (path,) = paths
    return manifests, (), path


def _at(pointer: str, traces: Sequence[Trace]) -> list[Trace]:
    """The traces of nodes at or below *pointer*, else of those whose finding points there."""
    found = [one for one in traces if f"{one.pointer}/".startswith(f"{pointer}/")]
    found = found or [one for one in traces if one.points_at == pointer]
    if not found:
        known = list(dict.fromkeys(one.pointer for one in traces))
        hint = did_you_mean(pointer, known)
        if not hint and known:
            hint = f": judged are {join_choices(map(repr, known[:5]), last='and')}" + (
                ", ..." if len(known) > 5 else ""
            )
        raise UsageError(f"the policy judges no node at {pointer!r}{hint}")
    return found


class Contents(NamedTuple):
    """What some files hold: the manifests to judge by path, in the order of their files, and the failures by path."""

    workspace: Workspace
    manifests: Mapping[str, Sequence[Manifest]]
    failures: Mapping[str, Sequence[Failure]]


def read_workspace(files: Iterable[SourceFile], host: Host) -> Contents:
    """The manifests in *files*, which are in the order of their paths, ready to be asked about."""
    reader = FileReader(tuple(dict.fromkeys(host.loaders.values())), host.manifest_kinds)
    validator, references = Validator(host.manifest_kinds), ReferenceFinder(host.manifest_kinds)
    workspace = Workspace(references.keys_of)
    manifests: dict[str, list[Manifest]] = {}
    failures: dict[str, list[Failure]] = {}
    rank = 0
    for source in files:
        loaded = reader.read(source)
        for document in loaded.documents if loaded is not None else ():
            if document.number in source.replaced:
                continue
            rank += 1
            admitted = validator.admit(source.path, document)
            if isinstance(admitted, Manifest):
                if workspace.add(admitted, rank):
                    manifests.setdefault(source.path, []).append(admitted)
                else:
                    failures.setdefault(source.path, []).append(_duplicate(admitted))
            elif isinstance(admitted, Rejected):
                failures.setdefault(source.path, []).extend(admitted.failures)
                workspace.add_unjudged(admitted.identity, admitted.references)
    offer = workspace.offer()
    workspace.settle(Settlement(offer.unjudged, workspace.retract(()), is_alone=True))
    return Contents(workspace, manifests, failures)


def _duplicate(manifest: Manifest) -> Failure:
    identity = manifest.identity
    message = f"{identity.kind} '{identity.name}' is there already: this one is not judged"
    return Failure(FailureCode.DUPLICATE_MANIFEST, message, manifest.location(""), identity)


def tracing_tools(workspace: Workspace, host: Host, now: datetime) -> TracingTools:
    """What conditions about the manifests of *workspace* are evaluated with, as of *now*."""
    inquiry = Inquiry(host.facts)
    inquiry.workspace = workspace
    asking = ManifestFunctions(inquiry, host.functions)
    asking.now = now
    functions = (*host.functions, *typing_functions(), *asking.entries())
    return TracingTools(inquiry, functions, asking.user_environment, now, zones=ManifestZones(host.kinds))
