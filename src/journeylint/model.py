"""The values that flow through a run, and nothing that acts on them.

Every stage takes and returns these. Counting bases are said once, here: lines, columns and document numbers are
1-based, columns count Unicode code points, ends are exclusive, pointers are RFC 6901.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
JsonObject: TypeAlias = "dict[str, JsonValue]"

DEFAULT_ENVIRONMENT = "default"


class Severity(enum.Enum):
    """How bad a finding is; `rank` 0 is the worst."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for error, 1 for warning, 2 for info."""
        return _RANKS[self]


_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


class FailureCode(enum.Enum):
    """Why something could not be judged: the value is the code, `label` its name."""

    UNREADABLE_MANIFEST = "JL001"
    INVALID_MANIFEST = "JL002"
    PREDICATE_ERROR = "JL003"
    DUPLICATE_MANIFEST = "JL004"

    @property
    def label(self) -> str:
        """The name that reports print, such as `unreadable-manifest`."""
        return self.name.lower().replace("_", "-")


class Span(NamedTuple):
    """Where a node stands in its file: 1-based lines and code-point columns, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class ExportedRow(NamedTuple):
    """The row of an export that a document was made of.

    `entry` is the path of what holds the row inside the export, `""` where that is the export itself. `table`, `id` and
    `title` say which row it is, each empty where that is not known.
    """

    entry: str
    table: str = ""
    id: str = ""
    title: str = ""


class Location(NamedTuple):
    """A node of a document of a file.

    `path` is relative to the working directory, with forward slashes; `document` is 1-based within the file;
    `pointer` is an RFC 6901 pointer inside that document, `""` for its root. In an export, `row` says which row the document
    was made of; then `document` is its number in the entry, and `span` counts the lines of that.
    """

    path: str
    document: int
    pointer: str
    span: Span
    row: ExportedRow | None = None

    @property
    def full_path(self) -> str:
        """The path of what `span` counts the lines of: `exports/data.zip!/data.xml` for an entry of a package."""
        return self.path if self.row is None or not self.row.entry else f"{self.path}!/{self.row.entry}"


class Identity(NamedTuple):
    """What makes a manifest the one that others refer to: unique per environment, kind and name."""

    environment: str
    kind: str
    name: str


class Problem(NamedTuple):
    """One reason why a document cannot be read or is not valid, at a node of it.

    A problem that is fatal kept the document from being read to its end, so that nobody knows what else it holds.
    """

    message: str
    pointer: str
    span: Span
    is_fatal: bool = False


class Document(NamedTuple):
    """One document of a file, as plain data: what a loader returns.

    `value` is built of fresh dicts, lists and scalars that nothing else holds (an alias becomes a copy). Where there
    are `problems` it is what could be read nevertheless, good for telling what the document is, not for judging it.
    `locate` gives the span of the node at a pointer, or of its nearest ancestor that is there. `row` is the row of an export
    that it was made of, if it was. One that `is_derived` is a manifest of a derived kind, complete, which the run itself made.
    """

    number: int
    value: JsonValue
    locate: Callable[[str], Span]
    problems: tuple[Problem, ...] = ()
    row: ExportedRow | None = None
    is_derived: bool = False


class Manifest(NamedTuple):
    """A valid document of ours, ready to be judged: `data` has the schema's defaults filled in.

    Of one that `is_derived` nothing is written anywhere: the places in it lead to what it is about.
    """

    identity: Identity
    data: JsonObject
    path: str
    document: int
    locate: Callable[[str], Span]
    row: ExportedRow | None = None
    is_derived: bool = False

    def location(self, pointer: str) -> Location:
        """The place of the node at *pointer* (of its nearest ancestor where there is none: then `pointer` is as given)."""
        return Location(self.path, self.document, pointer, self.locate(pointer), self.row)


class Related(NamedTuple):
    """A further place that a finding points at, and what is to be seen there."""

    message: str
    location: Location


class Operation(enum.Enum):
    """What an edit does; the value is the word for it in a policy's `fix`."""

    SET = "set"
    REMOVE = "remove"
    INSERT = "insert"
    MOVE = "move"


class Edit(NamedTuple):
    """One edit of a document's data.

    `SET` gives the node at `pointer` a value, or its mapping a member where there is none; `INSERT` adds a member that
    is not there, or an item at the end of a list (`/-`); `MOVE` takes the node to the place `to`, where there is none.
    """

    operation: Operation
    pointer: str
    value: JsonValue = None
    to: str = ""


class Replacement(NamedTuple):
    """What stands at `span` becomes `text`; line breaks in it are those of the file. An empty span is a place between."""

    span: Span
    text: str


class Fix(NamedTuple):
    """How a finding can be mended. A fix that is safe keeps what the journey is meant to do.

    `replacements` are in the order of the file and do not overlap. Where the file cannot be edited safely there are none,
    and `refusal` says why, to go on behind `cannot be fixed here: `.
    """

    title: str
    is_safe: bool
    edits: tuple[Edit, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    refusal: str = ""


class Detail(NamedTuple):
    """What some reports say beside a finding or failure; a part is filled only if a reporter of the run wants it.

    `lines` are the source lines from `first_line` on (1-based); `evidence` are the `let` values that the verdict
    rests on, as text, in the policy's order; `arguments` are the texts that fill the gaps in the policy's message, in
    order. `stable_pointer` names the place of a finding so that it stays when items of a list move (see
    `stable_pointers`); `line_hash` is GitHub's fingerprint of the first line (see `line_hashes`). `value` is what stands at a
    finding's place, as JSON in one way (see `stable_pointers`); nothing where that is a mapping or a list.
    `fix` is there where the policy of a finding has one.
    """

    first_line: int = 0
    lines: tuple[str, ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    arguments: tuple[str, ...] = ()
    stable_pointer: str = ""
    line_hash: str = ""
    value: str = ""
    fix: Fix | None = None


class SuppressionForm(enum.Enum):
    """Where a suppression is written; `BASELINE` is an entry of the baseline."""

    COMMENT = "comment"
    METADATA = "metadata"
    CONFIGURATION = "configuration"
    BASELINE = "baseline"


class SuppressionState(enum.Enum):
    """What became of a suppression in a run.

    Only one that is `USED` suppresses anything. `UNCHECKED` ones suppressed nothing either, which says nothing about them:
    their policy did not run, or what they are about was not judged.
    """

    USED = "used"
    UNUSED = "unused"
    EXPIRED = "expired"
    INVALID = "invalid"
    UNCHECKED = "unchecked"


class Suppression(NamedTuple):
    """That findings of a policy are accepted: by whom, why and until when.

    `policy` is the policy's id, or the word that was written where it is none of a policy that can be suppressed. The day
    `until` is the last one on which it holds, in UTC. `location` is where it is written, `manifest` the one that it is
    written in, and `scope` says what it covers as it is written: a pointer, patterns of files, or nothing. `findings` counts
    those that it suppressed, `problems` say why it is invalid.
    """

    form: SuppressionForm
    policy: str
    state: SuppressionState
    reason: str
    owner: str
    until: date | None
    location: Location
    manifest: Identity | None = None
    scope: str = ""
    findings: int = 0
    problems: tuple[str, ...] = ()


class Outcome(enum.Enum):
    """What can become of a node under a policy; the value is how reports for programs say it."""

    NOT_APPLICABLE = "notApplicable"
    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"


class Turn(NamedTuple):
    """An instant at which a verdict changes, if nothing but the time does: the one that the policy's conditions compare with.

    If `is_after`, the old verdict still holds at `at` itself and the new one from the microsecond after it on, as where
    exactly 4 hours are enough; else the new one holds at `at` already. `zone` is the manifest's time zone, as written there.
    One that `ends_suppression` changes no verdict: from it on, nothing suppresses the finding any more.
    """

    at: datetime
    is_after: bool = False
    zone: str = "UTC"
    ends_suppression: bool = False

    @property
    def first(self) -> datetime:
        """The first instant with the new verdict, exactly; times are whole microseconds."""
        return self.at + timedelta(microseconds=1) if self.is_after else self.at


class Horizon(NamedTuple):
    """Until when a verdict of a policy that reads `now` holds, if nothing but the time changes.

    `turn` is when it becomes another, and `then` which; both are None where it holds for good. Where not `is_known`, nobody
    can tell, and both are None too.
    """

    turn: Turn | None = None
    then: Outcome | None = None
    is_known: bool = True


class Finding(NamedTuple):
    """A policy's predicate was false for a node. `counts` tells whether it is at or above the run's `fail-on`.

    `effective_from` is there where the policy is not in force yet: until then the finding is an info. `suppression` is there
    where the finding is accepted; then it counts nowhere. `horizon` is there for policies that read `now`, if a reporter of
    the run wants it. `fails_from` is there for a finding to come (see `Outlook`): everything it says is what a run as of
    `fails_from.first` would say.
    """

    policy: str
    name: str
    severity: Severity
    message: str
    manifest: Identity
    location: Location
    related: tuple[Related, ...] = ()
    counts: bool = False
    detail: Detail | None = None
    effective_from: datetime | None = None
    suppression: Suppression | None = None
    horizon: Horizon | None = None
    fails_from: Turn | None = None

    @property
    def holds_until(self) -> datetime | None:
        """The instant named by the change that ends the finding; it still holds then if `horizon.turn.is_after`.

        None where it holds for good, where nobody can tell, and where nobody asked: see `horizon`.
        """
        turn = None if self.horizon is None else self.horizon.turn
        return None if turn is None else turn.at


class Failure(NamedTuple):
    """Something could not be judged: never suppressible, never a pass."""

    code: FailureCode
    message: str
    location: Location
    manifest: Identity | None = None
    detail: Detail | None = None


class PolicyTally(NamedTuple):
    """What became of a policy's nodes: judged and passed, judged and failed, selected but not judged."""

    policy: str
    name: str
    kind: str
    passed: int = 0
    failed: int = 0
    not_applicable: int = 0

    @property
    def matched(self) -> int:
        """How many nodes were judged."""
        return self.passed + self.failed


class Summary(NamedTuple):
    """The counts of a run. `files` are those parsed; `manifests` all documents of ours, judged or not.

    `errors`, `warnings` and `infos` count findings that are not suppressed, `suppressed` those that are. `elsewhere` counts
    the findings that are not reported because the report is on some files only.
    """

    files: int
    manifests: int
    skipped_documents: int
    errors: int
    warnings: int
    infos: int
    failures: int
    suppressed: int = 0
    elsewhere: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to judge, which is not the same as clean."""
        return not self.manifests and not self.failures


class PolicyPage(NamedTuple):
    """What reports and pages say about a policy, for people.

    `message` are the literal texts of its message, one more than there are gaps between them. The examples are the
    texts of two of its cases, if a reporter of the run wants them and the policy has them. Findings of one that is not
    `is_suppressible` cannot be accepted. `deadline` is what somebody has to do before a verdict that holds for some time only
    becomes a finding, such as `publish the journey`, or empty.
    """

    id: str
    name: str
    pack: str
    title: str
    severity: Severity
    rationale: str
    remediation: str
    references: tuple[Mapping[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    message: tuple[str, ...] = ("",)
    failing_example: str = ""
    passing_example: str = ""
    is_suppressible: bool = True
    deadline: str = ""


class JudgedFile(NamedTuple):
    """A file and the ids of the policies that judged at least one node in it, in the order of the report."""

    path: str
    policies: tuple[str, ...]


class Repository(NamedTuple):
    """The git repository that the working directory is in.

    `prefix` leads from its root to the working directory: empty, or a path with a slash at the end. `uri` is that of
    its remote (without credentials), `revision` the commit and `branch` the branch that is checked out; each is empty
    where there is none, or git does not tell.
    """

    prefix: str
    uri: str = ""
    revision: str = ""
    branch: str = ""


class Unforeseen(NamedTuple):
    """A policy whose verdicts hang on `now` in a way from which nobody can tell when they change: `reads` is how, in CEL."""

    policy: str
    name: str
    reads: str


class Outlook(NamedTuple):
    """What a run that looks ahead foresees after its as-of, up to and with `until`, if nothing but the time changes.

    `findings` are those that are not there yet and begin in that time, sorted as findings are and then by their begin; a
    node that fails, passes and fails again has one there. `unknown` are the policies that say nothing of the time ahead.
    """

    until: datetime
    findings: tuple[Finding, ...] = ()
    unknown: tuple[Unforeseen, ...] = ()


class ExportedTable(NamedTuple):
    """What became of the rows of one table in an export.

    `rows` are all of them; `manifests` those that became one, `supplements` those that add to the manifests of others,
    `failed` those that could not be read. Nothing is said by rows of a table that is not `is_read`.
    """

    table: str
    rows: int
    manifests: int
    supplements: int
    failed: int
    is_read: bool


class JudgedExport(NamedTuple):
    """What a run covers of the `entry` of the export at `path` (`""` for the file itself); `tables` are sorted by name.

    It `is_whole` unless it could not be read to its end, or something in it is of no known table: that is among the
    failures.
    """

    path: str
    entry: str
    is_whole: bool
    tables: tuple[ExportedTable, ...]


class Report(NamedTuple):
    """What one run returns; findings and failures are sorted by path, line, column and policy (code).

    `kinds` counts the judged manifests of each kind; `pages` has every policy that ran. `files` and `repository` are
    filled only if a reporter of the run wants them; `files` are sorted by path. `warnings` are complete lines about the
    settings of the run, not about what was judged. `suppressed` are the findings that are accepted, sorted as findings are;
    `suppressions` are all that the run knows, used or not, sorted by place and policy. `outlook` is there if the run was
    asked to look ahead. `exports` are those among the files, sorted by path and entry.
    """

    tool_version: str
    as_of: datetime
    summary: Summary
    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]
    policies: tuple[PolicyTally, ...]
    kinds: Mapping[str, int] = MappingProxyType({})
    pages: Mapping[str, PolicyPage] = MappingProxyType({})
    files: tuple[JudgedFile, ...] = ()
    repository: Repository | None = None
    warnings: tuple[str, ...] = ()
    suppressed: tuple[Finding, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    outlook: Outlook | None = None
    exports: tuple[JudgedExport, ...] = ()


class SourceFile(NamedTuple):
    """A file to be looked at. `path` is what reports say; `content` holds it where it came by standard input.

    `named` files were asked for by name: they are parsed whatever their text; others only if they mention ours. `documents`
    are there for an export, whose rows are documents already, and `exports` say what they cover. `replaced` are the numbers
    of the documents that are not to be judged, because the row that they were imported from is judged instead.
    """

    path: str
    file: str
    named: bool = False
    content: bytes | None = None
    documents: tuple[Document, ...] | None = None
    replaced: frozenset[int] = frozenset()
    exports: tuple[JudgedExport, ...] = ()
