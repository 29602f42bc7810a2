"""A part of a run's files: read, validated, judged."""

from __future__ import annotations

import marshal
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from journeylint.evaluate import FIX, FindingRow, Judge
from journeylint.formats.yaml import BYTE_ORDER_MARK
from journeylint.inquiry import Inquiry, ManifestFunctions
from journeylint.intake import Intake
from journeylint.load import FileReader
from journeylint.manifest_zones import ManifestZones
from journeylint.model import Detail, Failure, FailureCode, Identity, Manifest, SourceFile
from journeylint.passes import Pass
from journeylint.plan import KindPlan
from journeylint.ports import Want
from journeylint.program_cache import Entries, ProgramCache
from journeylint.references import ReferenceFinder
from journeylint.source_lines import PlacedDetail, add_lines
from journeylint.stable_pointers import StablePointers
from journeylint.validate import Validator
from journeylint.workspace import Answer, Demand, Key, Offer, Settlement, UnjudgedUse, Workspace, key_of

if TYPE_CHECKING:
    from journeylint.suppressions.claims import Claim

RankedFile: TypeAlias = "tuple[int, SourceFile]"
"""A file and its place among all files of the run, by path."""

PlanFinder: TypeAlias = Callable[[str, str], "KindPlan | None"]
"""From a file's path and a kind to the plan for it."""

PassFinder: TypeAlias = Callable[[Manifest], "Sequence[Pass] | None"]
"""From a manifest to the passes over it, or None where it is judged as a whole by the plan for its file and kind."""


_ROWS = ("rows", "upcoming")
"""The members of a result that are rows."""


class ShardResult:
    """What came of a shard's files."""

    def __init__(self) -> None:
        self.rows: list[FindingRow] = []
        self.upcoming: list[FindingRow] = []
        self.too_deep: set[str] = set()
        self.failures: list[Failure] = []
        self.tallies: dict[str, list[int]] = {}
        self.judged: dict[str, set[str]] = {}
        self.claims: list[Claim] = []
        self.places: dict[Identity, str] = {}
        self.unjudged: set[tuple[str, str]] = set()
        self.kinds: Counter[str] = Counter()
        self.files = 0
        self.exports: set[str] = set()
        self.programs: Entries = {}
        self.manifests = 0
        self.skipped_documents = 0

    def __getstate__(self) -> dict[str, object]:
        """For another process: rows as `marshal` writes bare tuples, in a third of the time."""
        rows = {name: marshal.dumps(list(map(tuple, getattr(self, name)))) for name in _ROWS}
        return {**self.__dict__, **rows}

    def __setstate__(self, state: dict[str, Any]) -> None:
        rows = {name: marshal.loads(state[name]) for name in _ROWS}  # noqa: S302 - from a process of ours
        self.__dict__.update(state, **{name: list(map(FindingRow._make, rows[name])) for name in _ROWS})


class JudgingParts(NamedTuple):
    """What a shard works with, made once a process.

    `names` are for suppressions, None where there is none to heed; `tells_places` asks for the paths of manifests. `programs` are
    those that a process keeps for the next one, if it does.
    """

    reader: FileReader
    validator: Validator
    references: ReferenceFinder
    inquiry: Inquiry
    functions: ManifestFunctions
    plan_for: PlanFinder
    now: datetime
    wants: AbstractSet[Want] = frozenset()
    stable_pointers: StablePointers | None = None
    passes_over: PassFinder | None = None
    names: StablePointers | None = None
    tells_places: bool = False
    zones: ManifestZones | None = None
    until: datetime | None = None
    programs: ProgramCache | None = None


class FileShard:
    """Implements `shards.Shard` over files."""

    def __init__(
        self, parts: JudgingParts, files: Sequence[RankedFile], *, judge_type: Callable[..., Judge] = Judge
    ) -> None:
        self._parts = parts
        self._files = files
        self._workspace = Workspace(parts.references.keys_of)
        self._judge = judge_type(
            parts.inquiry,
            self._workspace,
            parts.now,
            wants=parts.wants,
            stable_pointers=parts.stable_pointers,
            zones=parts.zones,
            until=parts.until,
        )
        self._result = ShardResult()
        self._pending: list[Manifest] = []
        self._passed_over: Counter[KindPlan] = Counter()
        self._wants_lines = bool(parts.wants & {Want.LINES, Want.LINE_HASHES})
        self._wants_texts = self._wants_lines or Want.REPLACEMENTS in parts.wants
        self._intake = Intake(
            parts.reader, parts.validator, self._workspace, keeps_texts=self._wants_texts, names=parts.names
        )

    def load(self) -> Offer:
        """Read and validate the files; see `shards.Shard`."""
        for rank, source in self._files:
            for manifest in self._intake.take(rank, source):
                self._put_down(manifest)
        return self._workspace.offer()

    def retract(self, earlier: set[Key]) -> frozenset[UnjudgedUse]:
        """See `Workspace.retract`."""
        for manifest in self._workspace.among(earlier):
            plan = None if self._passes_over(manifest) is not None else self._plan_of(manifest)
            if plan is not None and not plan.applies_to(manifest.data):
                self._passed_over[plan] -= 1
        self._pending = [manifest for manifest in self._pending if manifest.identity not in earlier]
        return self._workspace.retract(earlier)

    def settle(self, settlement: Settlement) -> None:
        """See `Workspace.settle`."""
        self._workspace.settle(settlement)

    def judge(self) -> set[Demand]:
        """Judge what is not judged yet; see `shards.Shard`."""
        self._workspace.wanted.clear()
        self._pending = [manifest for manifest in self._pending if not self._judge_one(manifest)]
        return set(self._workspace.wanted)

    def answer(self, demands: set[Demand]) -> dict[Demand, Answer]:
        """What this shard knows of *demands*."""
        return {demand: self._workspace.own_answer(demand, self._parts.functions.folds) for demand in demands}

    def learn(self, answers: dict[Demand, Answer]) -> None:
        """See `Workspace.learn`."""
        self._workspace.learn(answers)

    def finish(self) -> ShardResult:
        """Everything that came out; the manifests are gone afterwards, for the report needs the room."""
        verdicts, result, intake = self._judge.finish(self._passed_over), self._result, self._intake
        result.rows, result.upcoming, result.too_deep = verdicts.rows, verdicts.upcoming, verdicts.too_deep
        result.failures = [*intake.failures, *verdicts.failures, *duplicates_in(self._workspace)]
        result.files, result.exports, result.manifests = intake.files, intake.exports, intake.manifests
        result.skipped_documents = intake.skipped_documents
        result.tallies = verdicts.tallies
        result.judged = verdicts.judged
        result.unjudged = verdicts.unjudged
        result.claims = intake.claims
        if self._parts.tells_places:
            result.places = {**self._workspace.paths(), **{one.identity: one.path for one in intake.derived}}
        result.kinds = Counter(self._workspace.kinds)
        if Want.REPLACEMENTS in self._parts.wants:
            self._plan_fixes()
        if self._wants_lines:
            self._add_lines()
        self._workspace.forget()
        if self._parts.programs is not None:
            result.programs = self._parts.programs.take_used()
        return result

    def _put_down(self, manifest: Manifest) -> None:
        """Put *manifest* down for judging, unless no policy can apply to it: now it is at hand, later it must be fetched."""
        plan = self._plan_of(manifest)
        if self._passes_over(manifest) is not None or (plan is not None and plan.applies_to(manifest.data)):
            self._pending.append(manifest)
        elif plan is not None:
            self._passed_over[plan] += 1

    def _plan_of(self, manifest: Manifest) -> KindPlan | None:
        return self._parts.plan_for(manifest.path, manifest.identity.kind)

    def _passes_over(self, manifest: Manifest) -> Sequence[Pass] | None:
        find = self._parts.passes_over
        return None if find is None else find(manifest)

    def _judge_one(self, manifest: Manifest) -> bool:
        passes = self._passes_over(manifest)
        if passes is not None:
            return self._judge.judge_in_passes(manifest, passes)
        plan = self._plan_of(manifest)
        return plan is None or self._judge.judge(manifest, plan)

    def _add_lines(self) -> None:
        """Let findings and failures have what reports say of the lines that they point at."""
        result = self._result
        rows = [*result.rows, *result.upcoming]
        details = details_of(rows)
        described = [(failure, list(Detail())) for failure in result.failures]
        for failure, detail in described:
            if failure.location.row is None:
                details.setdefault(failure.location.path, []).append((failure.location.span, detail))
        for _, source in self._files:
            if source.path in details:
                add_lines(details[source.path], self._text(source), self._parts.wants)
        if any(source.documents is not None for _, source in self._files):
            self._add_export_lines(rows, described)
        result.failures = [failure._replace(detail=Detail._make(detail)) for failure, detail in described]

    def _add_export_lines(self, rows: Iterable[FindingRow], described: Iterable[tuple[Failure, list[Any]]]) -> None:
        from journeylint.export_lines import add_export_lines, exported_details  # noqa: PLC0415 - few runs have exports

        details = exported_details(rows, described)
        for _, source in self._files:
            if source.path in details:
                add_export_lines(source.file, details[source.path], self._parts.wants)

    def _plan_fixes(self) -> None:
        """Let findings that can be mended say how the text of their file changes."""
        rows: dict[str, list[FindingRow]] = {}
        for row in self._result.rows:
            if row.detail is not None and row.detail[FIX] is not None and row.row is None:
                rows.setdefault(row.path, []).append(row)
        if not rows:
            return
        from journeylint.fix_plan import plan_fixes  # noqa: PLC0415 - most runs need no edits

        for _, source in self._files:
            if source.path in rows:
                text = self._intake.texts.get(source.path)
                text = read_text(source).removeprefix(BYTE_ORDER_MARK) if text is None else text
                plan_fixes(rows[source.path], text, self._parts.reader.loader_of(source.path, text))

    def _text(self, source: SourceFile) -> str:
        text = self._intake.texts.pop(source.path, None)
        return read_text(source) if text is None else text


def duplicates_in(workspace: Workspace) -> list[Failure]:
    """The failures of the manifests in *workspace* whose identity is taken by an earlier one."""
    return [_duplicate(manifest, workspace) for manifest in workspace.later]


def _duplicate(manifest: Manifest, workspace: Workspace) -> Failure:
    identity = manifest.identity
    first = workspace.place(key_of(identity), "")
    place = f"{first.full_path}:{first.span.line}" if first is not None else "an earlier place"
    told = f"{identity.kind} '{identity.name}' is there already in environment '{identity.environment}'"
    message = f"{told}: the first, at {place}, is judged, this one is not - rename or delete one of them"
    return Failure(FailureCode.DUPLICATE_MANIFEST, message, manifest.location(""), identity)


def details_of(rows: Iterable[FindingRow]) -> dict[str, list[PlacedDetail]]:
    """The details of *rows* that have some, with the spans that they are about, by the path of the file.

    Those about rows of exports are left out: `export_lines` has a word for their lines.
    """
    details: dict[str, list[PlacedDetail]] = {}
    for row in rows:
        if row.detail is not None and row.row is None:
            span = (row.line, row.column, row.end_line, row.end_column)
            details.setdefault(row.path, []).append((span, row.detail))
    return details


def read_text(source: SourceFile) -> str:
    """The text of a file; nothing where it cannot be read (any more), or is no text."""
    content = source.content
    if content is None:
        try:
            with open(source.file, "rb") as file:  # noqa: PTH123 - as it was opened for loading
                content = file.read()
        except OSError:
            return ""
    return "" if b"\0" in content else content.decode("utf-8", errors="replace")
