"""From claims to what they come to: which findings are accepted, and what became of each suppression.

This is the one way of all front ends, so that what has expired, or is not in order, counts for nothing wherever it is written.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from journeylint.evaluate import FindingRow
from journeylint.model import Failure, FailureCode, Identity, Suppression, SuppressionForm, SuppressionState
from journeylint.path_patterns import PathPatterns, read_patterns
from journeylint.pointers import tokens_of
from journeylint.rooted_patterns import relative_to
from journeylint.suggest import did_you_mean
from journeylint.suppressions.claims import Claim, FileReach, KeyReach, LineReach, NodeReach, covers_place, names_items
from journeylint.suppressions.dealing import Dealing, stable_pointer
from journeylint.times import format_span

if TYPE_CHECKING:
    from journeylint.policies import Policy
    from journeylint.suppressions.rules import SuppressionRules

_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


class Surroundings(NamedTuple):
    """What there is to know of a run for telling what a suppression means in it.

    `is_on` tells for a policy's id and a path whether the policy judges there. `paths` are those that were looked at,
    `failures` what could not be judged; `is_whole` says that no manifest of the project was left out. `places` are the paths of
    the manifests that were judged, if anybody asks for them by their identity. `unjudged` are policies, and paths in which
    they met a manifest that could not be judged. Where *only* is given, entries of the baseline are told to be unused in
    files with these paths only.
    """

    policies: Sequence[Policy]
    as_of: datetime
    rules: SuppressionRules
    working_directory: str
    is_on: Callable[[str, str], bool]
    paths: Sequence[str]
    failures: Sequence[Failure]
    is_whole: bool
    places: Mapping[Identity, str] = MappingProxyType({})
    unjudged: AbstractSet[tuple[str, str]] = frozenset()
    only: AbstractSet[str] | None = None


class Settled(NamedTuple):
    """The rows that are left, those that are suppressed with the number of the suppression, and all suppressions.

    Numbers are 0-based indexes into `suppressions`, which are sorted by place and policy.
    """

    rows: list[FindingRow]
    suppressed: list[tuple[FindingRow, int]]
    suppressions: tuple[Suppression, ...]


def settle(rows: Iterable[FindingRow], claims: Iterable[Claim], around: Surroundings) -> Settled:
    """Take the *rows* that *claims* cover out; one that several cover is the first one's, but all of these are used.

    The order is that of the forms, so that what stands beside a finding comes before what is said elsewhere.
    """
    ordered = sorted(claims, key=_order)
    words = _Words(around)
    drafts = [words.read(claim) for claim in ordered]
    index = _Index(ordered, drafts, around)
    kept: list[FindingRow] = []
    taken: list[tuple[FindingRow, int]] = []
    counts = [0] * len(ordered)
    listed = list(rows)
    coverings = [index.find(row) for row in listed]
    index.dealing.deal(listed, coverings)
    for row, covering in zip(listed, coverings, strict=True):
        for number in covering:
            counts[number] += 1
        if covering:
            taken.append((row, min(covering, key=lambda number: (_RANKS[ordered[number].form], number))))
        else:
            kept.append(row)
    ends = _Ends(around)
    occurring = index.dealing.occurring
    settled = [
        ends.tell(claim, draft, count, occurs=number in occurring)
        for number, (claim, draft, count) in enumerate(zip(ordered, drafts, counts, strict=True))
    ]
    return Settled(kept, taken, tuple(settled))


_RANKS = {form: rank for rank, form in enumerate(SuppressionForm)}


def _order(claim: Claim) -> tuple[str, int, int, str, str, str]:
    span = claim.location.span
    return claim.location.path, span.line, span.column, claim.location.pointer, claim.word, claim.scope


class _Draft(NamedTuple):
    """A claim understood: the policy's id, or its word; the day until which it holds; what is wrong with it."""

    policy: str
    until: date | None
    problems: tuple[str, ...]
    is_over: bool

    @property
    def is_in_force(self) -> bool:
        return not self.problems and not self.is_over


class _Words:
    """Reads what claims say, and tells what is wrong with it."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._today = around.as_of.date()
        self._ids = {
            name: policy
            for policy in around.policies
            for name in (*policy.life.former_names, *policy.life.former_ids, policy.name, policy.id)
        }
        self._groups = {
            name: what
            for policy in around.policies
            for name, what in (
                *((tag, "a tag") for tag in policy.tags),
                (policy.prefix, "a pack"),
                (policy.pack, "a pack"),
            )
        }
        pattern = around.rules.ticket_pattern
        self._ticket = None if pattern is None else re.compile(pattern)

    def read(self, claim: Claim) -> _Draft:
        problems = list(claim.problems)
        policy = self._ids.get(claim.word)
        if policy is None:
            problems += [] if problems and not claim.word else [self._explain_word(claim.word)]
        elif not policy.is_suppressible:
            problems.append(f"{policy.id} cannot be suppressed: its policy says so - mend what it finds")
        until, problem = self._read_until(claim)
        problems += problem
        if claim.form is not SuppressionForm.BASELINE:
            problems += self._judge_reason(claim.reason)
        is_over = until is not None and self._today > until
        return _Draft(claim.word if policy is None else policy.id, until, tuple(problems), is_over)

    def _explain_word(self, word: str) -> str:
        if not word:
            return "it names no policy: name one by its id or name - what is accepted should not grow by itself"
        if word in {code.value for code in FailureCode} | {code.label for code in FailureCode}:
            return f"{word!r} is a failure: what could not be judged cannot be suppressed"
        if word in self._groups:
            return f"{word!r} is {self._groups[word]}: name each policy by its id or name"
        return f"there is no policy {word!r}{did_you_mean(word, self._ids) or ' - see `journeylint policies`'}"

    def _read_until(self, claim: Claim) -> tuple[date | None, list[str]]:
        rules = self._around.rules
        limit = None if claim.form is SuppressionForm.BASELINE else rules.longest_term
        if not claim.until:
            if limit is None:
                return None, []
            last = self._today + limit
            return None, [f"it has no end, and the longest term is {format_span(limit)} - write 'until {last}'"]
        until = _read_date(claim.until)
        if until is None:
            return None, [f"{claim.until!r} is no date: expected a day such as 2027-01-31, the last on which it holds"]
        if limit is not None and until - self._today > limit:
            last = self._today + limit
            return until, [f"it would hold longer than {format_span(limit)} from now on - write 'until {last}'"]
        return until, []

    def _judge_reason(self, reason: str) -> list[str]:
        rules = self._around.rules
        if not reason:
            return ["it has no reason: say why this is accepted"] if rules.is_reason_required else []
        if len(reason) < rules.reason_length:
            return [f"its reason has {len(reason)} characters: expected {rules.reason_length} or more"]
        if self._ticket is not None and self._ticket.search(reason) is None:
            return [f"its reason names no ticket: expected something that matches {rules.ticket_pattern!r}"]
        return []


def _read_date(text: str) -> date | None:
    if re.fullmatch(_DATE, text, re.ASCII) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class _Index:
    """Finds the claims in force that cover a finding, in a time that does not grow with their number."""

    def __init__(self, claims: Sequence[Claim], drafts: Sequence[_Draft], around: Surroundings) -> None:
        self._lines: dict[tuple[str, int], list[tuple[str, int | None, int]]] = {}
        self._nodes: dict[tuple[str, int, str], list[tuple[NodeReach, int]]] = {}
        self.dealing = Dealing()
        self._files: dict[str, list[tuple[FilePatterns, FileReach, int]]] = {}
        for number, (claim, draft) in enumerate(zip(claims, drafts, strict=True)):
            if isinstance(claim.reach, KeyReach) and not draft.problems:
                self.dealing.add(draft.policy, claim.reach, number, is_over=draft.is_over)
            elif draft.is_in_force:
                self._add(claim, draft.policy, number, around.working_directory)

    def _add(self, claim: Claim, policy: str, number: int, here: str) -> None:
        reach = claim.reach
        match reach:
            case LineReach():
                for spot in reach.spots:
                    self._lines.setdefault((reach.path, spot.line), []).append((policy, spot.column, number))
            case NodeReach():
                self._nodes.setdefault((reach.path, reach.document, policy), []).append((reach, number))
            case FileReach():
                self._files.setdefault(policy, []).append((FilePatterns(reach, here), reach, number))

    def find(self, row: FindingRow) -> list[int]:
        """The numbers of the claims that cover *row*, but for entries of the baseline."""
        found = [
            number
            for policy, column, number in self._lines.get((row.path, row.line), ())
            if policy == row.policy and column in (None, row.column)
        ]
        nodes = self._nodes.get((row.path, row.document, row.policy))
        files = self._files.get(row.policy)
        if nodes or files:
            place = tokens_of(row.pointer)
            found += [
                number for reach, number in nodes or () if any(covers_place(tokens, place) for tokens in reach.places)
            ]
            for patterns, reach, number in files or ():
                where = tokens_of(stable_pointer(row)) if names_items(reach.tokens) else place
                if covers_place(reach.tokens, where) and patterns.cover(row.path):
                    found.append(number)
        return found


class FilePatterns:
    """Tells which paths, as reports have them, a reach means; the answers are kept."""

    def __init__(self, reach: FileReach, working_directory: str) -> None:
        self._folder = reach.folder
        self._here = working_directory
        self._patterns: PathPatterns | None = read_patterns(reach.patterns) if reach.patterns else None
        self._known: dict[str, bool] = {}

    def cover(self, path: str) -> bool:
        """Whether the file at *path*, relative to the working directory, is meant."""
        if self._patterns is None:
            return True
        if path not in self._known:
            full = os.path.normpath(os.path.join(self._here, path)).replace(os.sep, "/")  # noqa: PTH118 - text in and out
            self._known[path] = self._patterns.covers(relative_to(full, self._folder))
        return self._known[path]


class _Ends:
    """Tells what became of claims."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._unjudged = {failure.location.path for failure in around.failures}
        self._unjudged_manifests = {failure.manifest for failure in around.failures}
        knows_all = around.is_whole and None not in self._unjudged_manifests
        self._uncertain = set() if knows_all else {one.id for one in around.policies if one.asks_about_others}

    def tell(self, claim: Claim, draft: _Draft, count: int, *, occurs: bool = False) -> Suppression:
        """What *claim* came to, which suppressed *count* findings.

        An entry of the baseline that is over is expired if what it was about still *occurs*: else it is not needed.
        """
        is_entry = claim.form is SuppressionForm.BASELINE
        if draft.problems:
            state = SuppressionState.INVALID
        elif draft.is_over and (occurs or not is_entry):
            state = SuppressionState.EXPIRED
        elif count:
            state = SuppressionState.USED
        elif self._was_checked(claim, draft.policy):
            state = SuppressionState.UNUSED
        else:
            state = SuppressionState.UNCHECKED
        return Suppression(
            claim.form,
            draft.policy,
            state,
            claim.reason,
            claim.owner,
            draft.until,
            claim.location,
            claim.manifest,
            claim.scope,
            count,
            draft.problems,
        )

    def _was_checked(self, claim: Claim, policy: str) -> bool:
        """Whether all that *claim* covers was judged by *policy*, which then has nothing more to say there."""
        reach = claim.reach
        match reach:
            case LineReach() | NodeReach():
                return self._was_judged(policy, reach.path)
            case KeyReach():
                path, only = self._around.places.get(reach.manifest), self._around.only
                if path is None or (only is not None and path not in only):
                    runs = only is None and self._around.is_on(policy, claim.location.path)
                    return path is None and runs and self._is_gone(reach.manifest)
                return self._was_judged(policy, path)
            case FileReach():
                patterns = FilePatterns(reach, self._around.working_directory)
                paths = [path for path in self._around.paths if patterns.cover(path)]
                is_on = any(self._around.is_on(policy, path) for path in paths) or not paths
                is_unsure = policy in self._uncertain or any((policy, path) in self._around.unjudged for path in paths)
                return self._around.is_whole and is_on and not is_unsure and self._unjudged.isdisjoint(paths)

    def _was_judged(self, policy: str, path: str) -> bool:
        is_unsure = policy in self._uncertain or (policy, path) in self._around.unjudged or path in self._unjudged
        return not is_unsure and self._around.is_on(policy, path)

    def _is_gone(self, manifest: Identity) -> bool:
        """Whether there is no such manifest any more, not even one that could not be judged."""
        return self._around.is_whole and self._unjudged_manifests.isdisjoint({manifest, None})
