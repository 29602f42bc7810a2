"""Judging: every policy on every node that it selects, with a location and a message for each that fails.

Results are rows - plain tuples that sort as reports do and cross process borders cheaply; `report` makes findings of
them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from journeylint.cel import CelError, NoValue, Program, Scope
from journeylint.expressions import FACTS
from journeylint.fixes import REFUSAL, work_out
from journeylint.foresight import Foresight, HorizonRow, TurnRow
from journeylint.inquiry import FactsError, Inquiry
from journeylint.manifest_zones import ManifestZones
from journeylint.model import Detail, Failure, FailureCode, Manifest
from journeylint.passes import Pass
from journeylint.plan import (
    FAILED,
    LEFT_OUT,
    NOT_APPLICABLE,
    Chosen,
    Gate,
    KindPlan,
    RuledPolicy,
    Ruling,
    SelectionGroup,
    code_at,
    failing,
    put_code,
)
from journeylint.pointers import pointer_of, value_at
from journeylint.ports import Want
from journeylint.selection import Found
from journeylint.stable_pointers import StablePointers, spell_json
from journeylint.wording import add_sentence
from journeylint.workspace import WantedError, Workspace

LONGEST_EVIDENCE = 120
MOST_NODES_AT_ONCE = 250
"""Nodes of a manifest that a gate may judge: what CEL's `map` takes grows with the square of the list (8,000 take 1 GB)."""
_SAYS_NOTHING = ("", "true", "false", "none")
"""Evidence that only repeats that the policy applies."""

ExportRow: TypeAlias = "tuple[str, ...] | None"
"""The members of a `model.ExportedRow` in their order, or None where the place is in no export."""

_EXPORTS_ARE_READ = (
    "it stands in an export, which is only read - import it and fix what that writes, or change its source"
)

RelatedRow: TypeAlias = "tuple[str, str, int, str, tuple[int, ...], ExportRow]"
"""What is to be seen at a further place, and the place: path, document, pointer, span and row."""

DetailRow: TypeAlias = "list[Any]"
"""The members of a `model.Detail` in their order; `source_lines` fills in those that stand in the file."""

GateResult: TypeAlias = "tuple[Gate, list[Any]]"
"""A gate and what it gives, see there."""

STABLE_POINTER = Detail._fields.index("stable_pointer")
VALUE = Detail._fields.index("value")
FIX = Detail._fields.index("fix")
"""Where these stand in a `DetailRow`; the last is a `fixes.FixRow`, if anything."""

_OF_DETAIL = frozenset(
    {
        Want.LINES,
        Want.EVIDENCE,
        Want.ARGUMENTS,
        Want.STABLE_POINTERS,
        Want.LINE_HASHES,
        Want.VALUES,
        Want.FIXES,
    }
)


class FindingRow(NamedTuple):
    """A finding as plain data, in the order in which findings are sorted; `detail` is None unless a part of it is wanted."""

    path: str
    line: int
    column: int
    policy: str
    end_line: int
    end_column: int
    document: int
    pointer: str
    severity: str
    message: str
    environment: str
    kind: str
    name: str
    related: tuple[RelatedRow, ...]
    counts: bool
    detail: DetailRow | None
    horizon: HorizonRow | None = None
    fails_from: TurnRow | None = None
    row: ExportRow = None


class Verdicts:
    """What judging came to: `tallies` counts, per policy id, nodes not applicable, passed and failed.

    `upcoming` are the findings to come, if the run looks ahead, and `too_deep` the policies that are silent about them because
    CEL cannot nest their conditions once more. `judged` has, by the path of a file, the ids of the policies that judged
    something in it; only if it is wanted. `unjudged` has the id of a policy and the path of a file in which it met a manifest
    that could not be judged.
    """

    __slots__ = ("failures", "judged", "rows", "tallies", "too_deep", "unjudged", "upcoming")

    def __init__(self) -> None:
        self.rows: list[FindingRow] = []
        self.upcoming: list[FindingRow] = []
        self.too_deep: set[str] = set()
        self.failures: list[Failure] = []
        self.tallies: dict[str, list[int]] = {}
        self.judged: dict[str, set[str]] = {}
        self.unjudged: set[tuple[str, str]] = set()


class _Draft:
    """The verdicts on one manifest; they count only if nothing was wanted from another shard on the way."""

    __slots__ = ("failures", "rows", "unjudged", "upcoming", "verdicts")

    def __init__(self) -> None:
        self.rows: list[FindingRow] = []
        self.upcoming: list[FindingRow] = []
        self.failures: list[Failure] = []
        self.verdicts: list[tuple[SelectionGroup, list[int]]] = []
        self.unjudged: list[str] = []


class Judge:
    """Judges manifests, one at a time, by the plans of their kinds."""

    def __init__(
        self,
        inquiry: Inquiry,
        workspace: Workspace,
        now: datetime,
        *,
        wants: AbstractSet[Want] = frozenset(),
        stable_pointers: StablePointers | None = None,
        zones: ManifestZones | None = None,
        until: datetime | None = None,
    ) -> None:
        self._inquiry = inquiry
        self._workspace = workspace
        self._now = now
        self._wants_detail = not _OF_DETAIL.isdisjoint(wants)
        self._wants_evidence = Want.EVIDENCE in wants
        self._wants_arguments = Want.ARGUMENTS in wants
        self._wants_values = Want.VALUES in wants
        self._wants_fixes = Want.FIXES in wants
        self._wants_files = Want.FILES in wants
        self._stable_pointers = stable_pointers
        self._foresight = None if zones is None else Foresight(inquiry, now, zones)
        self._until = until
        self._counts: dict[int, tuple[SelectionGroup, defaultdict[int, int]]] = {}
        self._harmless: set[int] = {NOT_APPLICABLE}
        self._judging: dict[tuple[int, int], tuple[str, ...]] = {}
        self._found: tuple[Manifest | None, SelectionGroup | None, list[Found]] = (None, None, [])
        self.verdicts = Verdicts()
        inquiry.workspace = workspace

    def judge(self, manifest: Manifest, plan: KindPlan) -> bool:
        """Judge *manifest*; False where other shards must be asked first (see `Workspace.wanted`)."""
        return self.judge_in_passes(manifest, (Pass(plan),))

    def judge_in_passes(self, manifest: Manifest, passes: Sequence[Pass]) -> bool:
        """Judge *manifest* in several passes, each by its own plan; otherwise as `judge`."""
        draft = _Draft()
        self._workspace.lacks_answer = False
        for one in passes:
            if not self._take_pass(manifest, one, draft):
                return False
        self._keep(manifest, draft)
        return True

    def _scope(self, manifest: Manifest, plan: KindPlan, now: datetime, chosen: Chosen | None = None) -> Scope:
        """What expressions about *manifest* are evaluated in, as of *now*."""
        return plan.environment.scope(variables_of(manifest, plan, self._inquiry, now, chosen=chosen))

    def _take_pass(self, manifest: Manifest, one: Pass, draft: _Draft) -> bool:
        """Add the verdicts of a pass to *draft*; False where other shards must be asked first."""
        plan = one.plan
        self._inquiry.begin(manifest)
        chosen = plan.choose(manifest.data)
        scope = self._scope(manifest, plan, self._now, chosen)
        results = self._ask(manifest, plan, chosen, scope)
        if self._workspace.lacks_answer:
            return False
        try:
            if self._inquiry.met_unjudged or results is None:
                self._judge_one_by_one(manifest, one, scope, draft)
            else:
                for result in results:
                    self._read_gate(manifest, one, result, scope, draft)
            if self._until is not None:
                self._look_ahead(manifest, one, scope, draft)
        except WantedError:
            return False
        return not self._workspace.lacks_answer

    def _ask(self, _manifest: Manifest, plan: KindPlan, chosen: Chosen, scope: Scope) -> list[GateResult] | None:
        """What the gates of *plan* give, or None where they give nothing."""
        if chosen.most <= MOST_NODES_AT_ONCE:
            with suppress(CelError):
                return [(gate, gate.program.elements(scope)) for gate in plan.gates_of(chosen.groups)]
        return None

    def finish(self, passed_over: Mapping[KindPlan, int]) -> Verdicts:
        """The verdicts on all manifests judged so far, and on those that were *passed_over* (see `KindPlan.applies_to`)."""
        for plan, count in passed_over.items():
            for group in plan.groups:
                if group.selector.tokens == ():  # others have no nodes where they pass over a manifest
                    self._counts_of(group)[NOT_APPLICABLE] += count
        for group, counts in self._counts.values():
            for verdicts, count in counts.items():
                for position, ruled in enumerate(group.policies):
                    code = code_at(verdicts, position)
                    if code != LEFT_OUT:
                        self.verdicts.tallies.setdefault(ruled.policy.id, [0, 0, 0])[code] += count
        self._counts.clear()
        if self._foresight is not None:
            self.verdicts.too_deep = self._foresight.too_deep
        return self.verdicts

    def _keep(self, manifest: Manifest, draft: _Draft) -> None:
        self.verdicts.rows += draft.rows
        self.verdicts.upcoming += draft.upcoming
        self.verdicts.failures += draft.failures
        self.verdicts.unjudged.update((policy, manifest.path) for policy in draft.unjudged)
        for group, verdicts in draft.verdicts:
            counts = self._counts_of(group)
            count = len(verdicts)
            if count and verdicts.count(verdicts[0]) == count:  # so it is mostly: nothing applies
                counts[verdicts[0]] += count
            else:
                for one in verdicts:
                    counts[one] += 1
        if self._wants_files:
            judged = self.verdicts.judged.setdefault(manifest.path, set())
            for group, verdicts in draft.verdicts:
                judged.update(name for one in set(verdicts) for name in self._name_judging(group, one))

    def _name_judging(self, group: SelectionGroup, verdicts: int) -> tuple[str, ...]:
        """The ids of the policies of *group* that judged a node with these verdicts."""
        key = id(group), verdicts
        if key not in self._judging:
            self._judging[key] = tuple(
                ruled.policy.id
                for position, ruled in enumerate(group.policies)
                if code_at(verdicts, position) not in (NOT_APPLICABLE, LEFT_OUT)
            )
        return self._judging[key]

    def _counts_of(self, group: SelectionGroup) -> defaultdict[int, int]:
        """How many nodes have the same verdicts, for each of the verdicts that there are."""
        entry = self._counts.get(id(group))
        if entry is None:
            entry = self._counts[id(group)] = (group, defaultdict(int))
        return entry[1]

    # -- the gate

    def _read_gate(self, manifest: Manifest, one: Pass, verdicts_of: GateResult, scope: Scope, draft: _Draft) -> None:
        gate, blocks = verdicts_of
        results = (result for block in blocks for part in block for result in part)
        for group, result in zip(gate.groups, results, strict=True):
            verdicts: list[int] = [NOT_APPLICABLE] * result if isinstance(result, int) else result
            if one.keeps is not None:
                verdicts = [self._mask(manifest, one, group, index, found) for index, found in enumerate(verdicts)]
            if not self._harmless.issuperset(verdicts):
                self._add_findings(manifest, group, verdicts, scope, draft)
            draft.verdicts.append((group, verdicts))

    def _add_findings(
        self, manifest: Manifest, group: SelectionGroup, verdicts: list[int], scope: Scope, draft: _Draft
    ) -> None:
        """Add a finding for each failure in *verdicts*; where there can be none, the node is not applicable."""
        for index, found in enumerate(verdicts):
            positions = [*failing(found)]
            if not positions:
                self._harmless.add(found)
            for position in positions:
                if not self._add_finding(manifest, group.policies[position], index, scope, draft):
                    verdicts[index] ^= put_code(position, FAILED)

    def _mask(self, manifest: Manifest, one: Pass, group: SelectionGroup, index: int, verdicts: int) -> int:
        """*verdicts* without those on a node that are another pass's."""
        pointer = self._pointer(manifest, group, index)
        for position, ruled in enumerate(group.policies):
            if not one.judges(pointer, ruled.policy):
                verdicts |= put_code(position, LEFT_OUT)
        return verdicts

    # -- one by one

    def _judge_one_by_one(self, manifest: Manifest, one: Pass, scope: Scope, draft: _Draft) -> None:
        for group in one.plan.groups:
            verdicts = []
            for index in range(group.count_nodes(manifest.data)):
                found = NOT_APPLICABLE if one.keeps is None else self._mask(manifest, one, group, index, NOT_APPLICABLE)
                for position, ruled in enumerate(group.policies):
                    if code_at(found, position) != LEFT_OUT:
                        found |= put_code(position, self._code(manifest, ruled, index, scope, draft))
                verdicts.append(found)
            draft.verdicts.append((group, verdicts))

    def _code(self, manifest: Manifest, ruled: RuledPolicy, index: int, scope: Scope, draft: _Draft) -> int:
        """The verdict of one policy on one node; a node that could not be judged is not applicable."""
        self._inquiry.met_unjudged = False
        self._inquiry.index = index
        try:
            code = ruled.verdict.elements(scope)[0]
        except CelError as error:
            if self._inquiry.met_unjudged:
                draft.unjudged.append(ruled.policy.id)
            else:
                self._add_error(manifest, ruled, index, str(error), draft)
            return NOT_APPLICABLE
        if self._inquiry.met_unjudged:
            draft.unjudged.append(ruled.policy.id)
            return NOT_APPLICABLE
        if code == FAILED and not self._add_finding(manifest, ruled, index, scope, draft):
            return NOT_APPLICABLE
        return code if isinstance(code, int) else NOT_APPLICABLE

    # -- findings

    def _add_finding(self, manifest: Manifest, ruled: RuledPolicy, index: int, scope: Scope, draft: _Draft) -> bool:
        self._inquiry.index = index
        try:
            texts = list(map(str, ruled.message.elements(scope)))
        except CelError as error:
            self._add_error(manifest, ruled, index, f"its message: {error}", draft)
            return False
        row = self._row(manifest, ruled, ruling=ruled.ruling, index=index, texts=texts, scope=scope)
        if self._foresight is not None:
            row = row._replace(horizon=self._foresight.horizon(ruled, manifest, scope))
        draft.rows.append(row)
        return True

    def _row(
        self,
        manifest: Manifest,
        ruled: RuledPolicy,
        *,
        ruling: Ruling,
        index: int,
        texts: Sequence[str],
        scope: Scope,
    ) -> FindingRow:
        """The finding on the node with that *index*, with what *scope* is as of."""
        policy, identity = ruled.policy, manifest.identity
        pointer = self._pointer(manifest, ruled.group, index)
        if ruled.at:
            pointer = existing_pointer(manifest, pointer, ruled.at)
        span = manifest.locate(pointer)
        return FindingRow(
            manifest.path,
            span.line,
            span.column,
            policy.id,
            span.end_line,
            span.end_column,
            manifest.document,
            pointer,
            ruling.severity.value,
            add_sentence("".join(texts), ruling.notice),
            identity.environment,
            identity.kind,
            identity.name,
            tuple(self._related(ruled, scope)) if policy.related else (),
            ruling.counts,
            self._detail(manifest, ruled, scope, pointer=pointer, texts=texts) if self._wants_detail else None,
            row=None if manifest.row is None else tuple(manifest.row),
        )

    # -- what is to come

    def _look_ahead(self, manifest: Manifest, one: Pass, scope: Scope, draft: _Draft) -> None:
        """Add the findings that begin until the end of the time to look ahead."""
        for group in one.plan.groups:
            policies = [ruled for ruled in group.policies if ruled.turning_points is not None]
            for index in range(group.count_nodes(manifest.data) if policies else 0):
                pointer = self._pointer(manifest, group, index)
                for ruled in policies:
                    if one.judges(pointer, ruled.policy):
                        self._inquiry.index = index
                        self._add_upcoming(manifest, ruled, index, (one.plan, scope), draft)

    def _add_upcoming(
        self, manifest: Manifest, ruled: RuledPolicy, index: int, judged: tuple[KindPlan, Scope], draft: _Draft
    ) -> None:
        plan, scope = judged
        if self._foresight is None or self._until is None:
            return
        for begin, turn, horizon in self._foresight.stretches(ruled, manifest, scope, self._until):
            ruling = ruled.ruling if ruled.ruling.at is None else ruled.ruling.at(begin)
            if ruling is None:
                continue
            then = self._scope(manifest, plan, begin)
            try:
                texts = list(map(str, ruled.message.elements(then)))
            except CelError as error:
                texts = [f"It will not be possible to say what is wrong: {error}"]
            row = self._row(manifest, ruled, ruling=ruling, index=index, texts=texts, scope=then)
            draft.upcoming.append(row._replace(horizon=horizon, fails_from=turn))

    def _detail(
        self,
        manifest: Manifest,
        ruled: RuledPolicy,
        scope: Scope,
        *,
        pointer: str,
        texts: Sequence[str],
    ) -> DetailRow:
        """What is wanted beside the finding, but for what stands in the file."""
        evidence = tuple(self._evidence(ruled, scope)) if self._wants_evidence else ()
        arguments = tuple([texts[position] for position in ruled.argument_positions]) if self._wants_arguments else ()
        names = self._stable_pointers
        stable_pointer = names.name(manifest.identity.kind, manifest.data, pointer) if names is not None else ""
        value = spell_value(manifest, pointer) if self._wants_values else ""
        fix = None
        if self._wants_fixes and ruled.fix is not None:
            fix = work_out(*ruled.fix, scope, self._pointer(manifest, ruled.group, self._inquiry.index))
            if manifest.row is not None:
                fix[REFUSAL] = _EXPORTS_ARE_READ
        return [0, (), evidence, arguments, stable_pointer, "", value, fix]

    def _pointer(self, manifest: Manifest, group: SelectionGroup, index: int) -> str:
        if group.prefix is not None:
            return f"{group.prefix}/{index}"
        if group.selector.tokens == ():
            return ""
        if self._found[0] is not manifest or self._found[1] is not group:
            self._found = (manifest, group, group.selector.find(manifest.data))
        return self._found[2][index][0]

    def _related(self, ruled: RuledPolicy, scope: Scope) -> Iterator[RelatedRow]:
        for place, program in zip(ruled.policy.related, ruled.related, strict=True):
            identity = _value(program, scope)
            if identity is None:
                continue
            kind, name = identity
            location = self._workspace.place((self._inquiry.environment, str(kind), str(name)), place.at)
            if location is not None:
                row = None if location.row is None else tuple(location.row)
                yield place.message, location.path, location.document, location.pointer, tuple(location.span), row

    def _evidence(self, ruled: RuledPolicy, scope: Scope) -> Iterator[tuple[str, str]]:
        for name, program in ruled.evidence:
            spelt = _value(program, scope)
            if spelt is None:
                continue
            text, value = str(spelt[0]), spelt[1]
            if text not in _SAYS_NOTHING and not _has_parts(value):
                yield name, text if len(text) <= LONGEST_EVIDENCE else text[: LONGEST_EVIDENCE - 3] + "..."

    def _add_error(self, manifest: Manifest, ruled: RuledPolicy, index: int, reason: str, draft: _Draft) -> None:
        pointer = self._pointer(manifest, ruled.group, index)
        message = f"{ruled.policy.id} {ruled.policy.name} could not judge this: {reason}"
        draft.failures.append(
            Failure(FailureCode.PREDICATE_ERROR, message, manifest.location(pointer), manifest.identity)
        )


def _has_parts(value: object) -> bool:
    """Whether *value* is a mapping or a list of such: what of it a condition reads is evidence of its own."""
    if isinstance(value, dict):
        return True
    return isinstance(value, list) and any(isinstance(item, dict | list) for item in value)


def variables_of(
    manifest: Manifest, plan: KindPlan, inquiry: Inquiry, now: datetime, *, chosen: Chosen | None = None
) -> dict[str, object]:
    """The values of the variables that expressions about *manifest* may name, as of *now*; facts only if any names them.

    *chosen* is what the plan's selections have in it, if that is known.
    """
    chosen = plan.choose(manifest.data) if chosen is None else chosen
    variables: dict[str, object] = {plan.variable: manifest.data, "now": now, **chosen.lists}
    if chosen.groups & plan.asking_facts:
        try:
            variables[FACTS] = inquiry.facts_of(plan.kind, manifest.data)
        except FactsError as error:
            variables[FACTS] = NoValue(str(error))
    return variables


def _value(program: Program, scope: Scope) -> list[object] | None:
    """What *program* gives, or None where it gives nothing: such a value is beside the point of the finding."""
    try:
        return program.elements(scope)
    except CelError:
        return None


def spell_value(manifest: Manifest, pointer: str) -> str:
    """The value at *pointer* as JSON; nothing for a mapping or list, which a stable pointer tells apart well enough."""
    try:
        value = value_at(manifest.data, pointer)
    except LookupError:
        return ""
    return "" if isinstance(value, dict | list) else spell_json(value)


def existing_pointer(manifest: Manifest, node: str, at: Sequence[str]) -> str:
    """The pointer of the place *at* below *node*, or of the nearest node above it that is there."""
    data: object = value_at(manifest.data, node)
    for depth, token in enumerate(at):
        if isinstance(data, dict) and token in data:
            data = data[token]
        elif isinstance(data, list) and token.isascii() and token.isdigit() and int(token) < len(data):
            data = data[int(token)]
        else:
            return node + pointer_of(at[:depth])
    return node + pointer_of(at)
