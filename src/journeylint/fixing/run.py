"""Mending in rounds: some fixes are made in memory, the whole workspace is judged again, and what harms is taken back.

A fix is kept if its finding is gone, and no finding and no failure is there that was not there before. So with each fix the
findings become fewer, and the rounds come to an end by themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from journeylint.edits.apply import EditableText
from journeylint.edits.errors import EditError
from journeylint.edits.file_text import content_of, text_of
from journeylint.fixing.batch import keep_apart_in_files, make_together
from journeylint.fixing.harm import blame, find_harm
from journeylint.fixing.values import Candidate, FindingKey, FixedFile, TakenBack, key_of
from journeylint.formats.limits import DEFAULT_LIMITS
from journeylint.model import Finding, Identity, Report, SourceFile
from journeylint.ports import Loader

MOST_TRIED_ALONE = 16
"""Where harm shows in the manifest of each of more fixes than these, one that is alone in its manifest is not tried again."""

MOST_IN_VAIN = 100
"""After so many runs that showed harm, fixes in whose manifests it shows are not tried again."""

Judge: TypeAlias = Callable[[Mapping[str, bytes]], Report]
"""Judges the workspace with these contents, by `SourceFile.file`, instead of what the files hold."""


class FixRun:
    """Mends findings one round after another.

    `report` is on the workspace with all fixes made so far; `taken_back` has those that were tried in vain, by their keys.
    """

    def __init__(
        self,
        judge: Judge,
        files: Iterable[SourceFile],
        loader_of: Callable[[str, str], Loader],
        *,
        may_fix: Callable[[Finding], bool],
    ) -> None:
        self._judge = judge
        self._files = {one.path: one for one in files}
        self._loader_of = loader_of
        self._may_fix = may_fix
        self._originals = dict(_read_all(self._files.values()))
        self._contents = self._originals
        self._made: dict[str, list[Candidate]] = {}
        self._in_vain = 0
        self._may_have_become_harmless: list[FindingKey] = []
        self.taken_back: dict[FindingKey, TakenBack] = {}
        self.report = judge(self._contents)

    def run(self) -> None:
        """Mend what can be mended.

        What was taken back before another fix was made may do no harm any more, so it is tried again as long as any is made.
        """
        self._mend()
        while self._may_have_become_harmless:
            for key in self._may_have_become_harmless:
                del self.taken_back[key]
            self._may_have_become_harmless = []
            self._mend()

    def _mend(self) -> None:
        while batch := keep_apart_in_files(self._candidates()):
            self._settle(batch)

    def fixed_files(self) -> Iterator[FixedFile]:
        """The files that change, sorted by path."""
        for path in sorted(self._made):
            source = self._files[path]
            yield FixedFile(source, self._originals[source.file], self._contents[source.file], tuple(self._made[path]))

    def _candidates(self) -> Iterator[Candidate]:
        """The fixes that may be made in the workspace as it is by now, but for those that were taken back."""
        for finding in self.report.findings:
            fix = finding.detail.fix if finding.detail is not None else None
            source = self._files.get(finding.location.path)
            if fix is None or fix.refusal or source is None or source.file not in self._contents:
                continue
            if key_of(finding) not in self.taken_back and self._may_fix(finding):
                yield Candidate(finding, fix, source)

    def _settle(self, batch: Sequence[Candidate]) -> None:
        """Make the fixes of *batch*, all of the workspace as it is by now, that do no harm."""
        contents, made = self._try(batch)
        if not made:
            return
        report = self._judge(contents)
        harm = find_harm(self.report, report, made)
        if not harm:
            self._keep(contents, made, report)
            return
        self._in_vain += 1
        blamed = blame(harm, made)
        hopeless = {id(one) for one in self._find_hopeless(made, blamed)}
        for one in made:
            if id(one) in hopeless:
                self._take_back(one, blamed.get(key_of(one.finding), harm[0].reason))
        left = [one for one in made if id(one) not in hopeless]
        if 0 < len(blamed) < len(made):
            parts = (
                [one for one in left if key_of(one.finding) not in blamed],
                [one for one in left if key_of(one.finding) in blamed],
            )
        else:
            parts = _halve(left)
        for part in parts:
            self._settle(self._renewed(part))

    def _renewed(self, batch: Sequence[Candidate]) -> list[Candidate]:
        """*batch* as it is after other fixes were made: places have moved, and what is mended needs no mending."""
        keys = {key_of(one.finding) for one in batch}
        return keep_apart_in_files(one for one in self._candidates() if key_of(one.finding) in keys)

    def _find_hopeless(self, made: Sequence[Candidate], blamed: Collection[FindingKey]) -> Iterable[Candidate]:
        """Those of the fixes *made* in vain that are not tried again."""
        if self._in_vain > MOST_IN_VAIN or len(made) == 1:
            return [one for one in made if not blamed or key_of(one.finding) in blamed]
        if len(blamed) < len(made) or len(made) <= MOST_TRIED_ALONE:
            return ()
        fixes = Counter(one.finding.manifest for one in made)
        return [one for one in made if fixes[one.finding.manifest] == 1]

    def _try(self, batch: Sequence[Candidate]) -> tuple[dict[str, bytes], list[Candidate]]:
        """What the files hold with the fixes of *batch*, and those that could be made."""
        contents, made = dict(self._contents), list[Candidate]()
        by_path: dict[str, list[Candidate]] = {}
        for one in batch:
            by_path.setdefault(one.source.path, []).append(one)
        for path, candidates in by_path.items():
            source = candidates[0].source
            try:
                before = contents[source.file]
                text = text_of(before)
                text, done = make_together(EditableText(text, self._loader_of(path, text)), candidates)
            except (EditError, UnicodeDecodeError) as error:
                for one in candidates:
                    self._take_back(one, _tell(error))
            else:
                contents[source.file] = content_of(text, before)
                made += done
        return contents, made

    def _keep(self, contents: dict[str, bytes], made: Iterable[Candidate], report: Report) -> None:
        self._contents, self.report = contents, report
        self._may_have_become_harmless = list(self.taken_back)
        for one in made:
            self._made.setdefault(one.source.path, []).append(one)

    def _take_back(self, candidate: Candidate, reason: str) -> None:
        self.taken_back[key_of(candidate.finding)] = TakenBack(candidate.finding, candidate.fix, reason)


def _read_all(files: Iterable[SourceFile]) -> Iterator[tuple[str, bytes]]:
    """The contents of *files*, so that everything is judged and mended as it was at one time.

    Not of what is never judged, and not of exports, in which nothing is mended.
    """
    for source in files:
        if source.documents is not None:
            continue
        path = Path(source.file)
        with suppress(OSError):
            if path.is_file() and path.stat().st_size <= DEFAULT_LIMITS.file_bytes:
                yield source.file, path.read_bytes()


def _halve(fixes: Sequence[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    """*fixes* in two parts: half of those of each manifest, so that it takes no more runs for many manifests than for one."""
    by_manifest: dict[Identity | None, list[Candidate]] = {}
    for one in fixes:
        by_manifest.setdefault(one.finding.manifest, []).append(one)
    groups = list(by_manifest.values())
    if all(len(group) == 1 for group in groups):
        groups = [list(fixes)]
    parts = [(group[: (len(group) + 1) // 2], group[(len(group) + 1) // 2 :]) for group in groups]
    return [one for first, _ in parts for one in first], [one for _, second in parts for one in second]


def _tell(error: EditError | UnicodeDecodeError) -> str:
    return "the file is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
