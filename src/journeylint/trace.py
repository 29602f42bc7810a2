"""Judges one node again, condition by condition, and keeps what each of them came to and what it read.

Each condition is a program of its own inside the policy's bindings, evaluated in CEL's own order: what CEL does not ask is not
asked here. So a traced verdict is the engine's; tests hold that.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile

from journeylint.asking import Asker
from journeylint.cel import CelError, names_in
from journeylint.evaluate import existing_pointer
from journeylint.evidence import Part, Role, Step, Trace, Verdict
from journeylint.foresight import Foresight, horizon_from
from journeylint.model import Horizon, JsonValue, Manifest
from journeylint.policies import Policy, PolicyFile
from journeylint.spots import Came, Spot
from journeylint.traced_policy import TracedPolicy, TracingTools


class Tracer:
    """Traces the verdicts of one policy under given param values; compiles each condition once.

    *pack_file* is that of the policy's pack, in which what it shares stands.
    """

    def __init__(
        self,
        policy: Policy,
        params: Mapping[str, JsonValue],
        tools: TracingTools,
        *,
        pack_file: PolicyFile | None = None,
    ) -> None:
        self._policy = TracedPolicy(policy, params, tools, pack_file=pack_file)

    def turn_to(self, tools: TracingTools) -> None:
        """Trace with *tools* from now on: other manifests, another instant."""
        self._policy.tools = tools

    def pointers(self, manifest: Manifest) -> list[str]:
        """The pointers of the nodes that the policy selects in *manifest*, in the order of their indexes."""
        return self._policy.pointers(manifest)

    def trace(self, manifest: Manifest, index: int) -> Trace:
        """The verdict on the node with that 0-based *index*, and what it rests on."""
        return _Tracing(self._policy, manifest, index).trace()


class _Tracing:
    """One node."""

    def __init__(self, policy: TracedPolicy, manifest: Manifest, index: int) -> None:
        self._policy = policy
        self._manifest = manifest
        self._pointer = policy.pointers(manifest)[index]
        self._asker = Asker(policy, manifest, index)

    def trace(self) -> Trace:
        parts = self._policy.parts()
        conditions, (require,) = parts[:-1], parts[-1:]
        lets = set(self._policy.lets)
        early = list(takewhile(lambda part: not names_in(part.expression.source) & lets, conditions))
        steps: list[Step] = []
        verdict, error = None, ""
        for stage in (early, conditions[len(early) :], [require]):
            came = self._ask_all(stage, steps, is_reached=verdict is None)
            if verdict is None and stage:
                if came.error:
                    verdict, error = Verdict.ERROR, came.error
                elif stage[0].role is Role.REQUIRE:
                    verdict = Verdict.COMPLIES if came.value else Verdict.FAILS
                elif not came.value:
                    verdict = Verdict.NOT_APPLICABLE
        message = ""
        if self._policy.tools.inquiry.met_unjudged:
            verdict, error = Verdict.UNJUDGED, ""
        elif verdict is Verdict.FAILS:
            message, error = self._message()
            if self._policy.tools.with_message:
                self._note_message()
            verdict = Verdict.ERROR if error else verdict
        assert verdict is not None  # noqa: S101 - the last stage always has one
        at = self._policy.ruled.at
        points_at = existing_pointer(self._manifest, self._pointer, at) if at else self._pointer
        names, horizon = self._asker.names, self._horizon(verdict)
        return Trace(self._manifest, self._pointer, points_at, verdict, tuple(steps), names, message, error, horizon)

    def _horizon(self, verdict: Verdict) -> Horizon | None:
        tools = self._policy.tools
        if tools.zones is None or verdict in (Verdict.UNJUDGED, Verdict.ERROR):
            return None
        foresight = Foresight(tools.inquiry, tools.now, tools.zones)
        row = foresight.horizon(self._policy.ruled, self._manifest, self._asker.scope())
        return None if row is None else horizon_from(row)

    def _ask_all(self, stage: list[Part], steps: list[Step], *, is_reached: bool) -> Came:
        """All of *stage* as CEL asks the operands of `&&`."""
        came = Came(value=True)
        for part in stage:
            source = part.expression.source
            node = self._policy.tree(source)
            if is_reached and came.value is not False:
                step = self._asker.ask_part(Spot(part, source), node)
                came = came.joined(step, decisive=False)
            else:
                step = self._asker.unreached(Spot(part, source), node)
            steps.append(step)
        return came

    def _message(self) -> tuple[str, str]:
        """What a finding says, or why that cannot be told."""
        try:
            return "".join(map(str, self._asker.elements(self._policy.ruled.message))), ""
        except CelError as error:
            return "", f"its message: {error}"

    def _note_message(self) -> None:
        for expression in self._policy.policy.message.expressions:
            self._asker.note_names(self._policy.tree(expression.source))
