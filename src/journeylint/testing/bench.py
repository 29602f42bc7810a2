"""Where cases are judged: each is read and validated once, and judged by as many variants of its policy as are tried."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from journeylint.cel import CelEnvironment
from journeylint.evaluate import FindingRow, Judge
from journeylint.evidence import Trace
from journeylint.file_shard import duplicates_in
from journeylint.host import Host
from journeylint.inquiry import Inquiry, ManifestFunctions, typing_functions
from journeylint.intake import Intake
from journeylint.load import FileReader
from journeylint.model import Failure, JsonValue, Manifest, SourceFile
from journeylint.plan import KindPlan, Ruling
from journeylint.policies import Policy, PolicyFile
from journeylint.ports import CelFunction
from journeylint.references import ReferenceFinder
from journeylint.testing.cases import Case
from journeylint.trace import Tracer
from journeylint.traced_policy import TracingTools
from journeylint.validate import Validator
from journeylint.workspace import Settlement, Workspace


class ReadyCase(NamedTuple):
    """A case whose manifests are in a workspace; `failures` are those that could not be judged."""

    case: Case
    workspace: Workspace
    manifests: tuple[Manifest, ...]
    failures: tuple[Failure, ...]


class Verdict(NamedTuple):
    """What a policy found in a case, sorted by place, and what it could not judge."""

    rows: tuple[FindingRow, ...]
    failures: tuple[Failure, ...]


class Bench:
    """Judges cases with what *host* supplies, and with further *functions* that expressions may call."""

    def __init__(self, host: Host, functions: Iterable[CelFunction] = ()) -> None:
        pure = [*host.functions, *functions]
        self._reader = FileReader(tuple(dict.fromkeys(host.loaders.values())), host.kinds)
        self._validator = Validator(host.kinds)
        self._references = ReferenceFinder(host.kinds)
        self._inquiry = Inquiry(host.facts)
        self._asking = ManifestFunctions(self._inquiry, pure)
        self._functions = [*pure, *typing_functions(), *self._asking.entries()]
        self._environments: dict[tuple[tuple[str, str], ...], CelEnvironment] = {}
        self._tracers: dict[tuple[str, str], Tracer] = {}

    def prepare(self, case: Case) -> ReadyCase:
        """*case* with its manifests read and validated."""
        workspace = Workspace(self._references.keys_of)
        intake = Intake(self._reader, self._validator, workspace)
        files = [SourceFile(case.path, case.path, named=True, content=case.text.encode())]
        files += [SourceFile(file.path, file.path, named=True, content=file.content) for file in case.beside]
        manifests = [manifest for rank, file in enumerate(files) for manifest in intake.take(rank, file)]
        uses = workspace.retract(())
        workspace.settle(Settlement(workspace.offer().unjudged, uses, is_alone=True))
        failures = [*intake.failures, *duplicates_in(workspace)]
        return ReadyCase(case, workspace, tuple(manifests), tuple(failures))

    def plan(self, policy: Policy, params: Mapping[str, JsonValue]) -> KindPlan:
        """*policy* with *params*, compiled. Raises PolicyError where CEL cannot."""
        plan = KindPlan(policy.kind, [Ruling(policy, policy.severity, params, counts=True)], self._environment)
        assert plan.gates  # noqa: S101 - compiles them
        return plan

    def judge(self, ready: ReadyCase, plan: KindPlan) -> Verdict:
        """What the policy of *plan* finds in a case."""
        self._asking.turn_to(ready.workspace, ready.case.as_of)
        judge = Judge(self._inquiry, ready.workspace, ready.case.as_of)
        for manifest in ready.manifests:
            if manifest.identity.kind == plan.kind and plan.applies_to(manifest.data):
                judge.judge(manifest, plan)
        found = judge.verdicts
        return Verdict(tuple(sorted(found.rows)), (*ready.failures, *found.failures))

    def traces(self, ready: ReadyCase, policy: Policy, pack_file: PolicyFile) -> Iterator[Trace]:
        """The verdict of *policy*, whose pack's file is *pack_file*, on each node that it selects in a case."""
        self._asking.turn_to(ready.workspace, ready.case.as_of)
        tools = TracingTools(
            self._inquiry, tuple(self._functions), self._asking.user_environment, ready.case.as_of, with_message=True
        )
        key = policy.id, json.dumps(ready.case.params, sort_keys=True, default=str)
        if key not in self._tracers:
            self._tracers[key] = Tracer(policy, ready.case.params, tools, pack_file=pack_file)
        tracer = self._tracers[key]
        tracer.turn_to(tools)
        for manifest in ready.manifests:
            if manifest.identity.kind == policy.kind:
                for index in range(len(tracer.pointers(manifest))):
                    yield tracer.trace(manifest, index)

    def _environment(self, variables: Mapping[str, str]) -> CelEnvironment:
        key = tuple(variables.items())
        if key not in self._environments:
            self._environments[key] = CelEnvironment(variables, self._functions)
        return self._environments[key]
