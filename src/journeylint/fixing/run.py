"""Mending in rounds: some fixes are made in memory, the whole workspace is judged again, and what harms is taken back.

A fix is kept if its finding is gone, and no finding and no failure is there that was not there before. So with each fix the
findings become fewer, and the rounds come to an end by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from journeylint.edits.apply import EditableText
from journeylint.edits.errors import EditError
from journeylint.fixing.batch import keep_apart, make_together
from journeylint.fixing.file_text import content_of, text_of
from journeylint.fixing.harm import blame, find_harm
from journeylint.fixing.values import Candidate, FindingKey, FixedFile, TakenBack, key_of
from journeylint.model import Finding, Report, SourceFile
from journeylint.ports import Loader

MOST_TRIED_ALONE = 16
"""Of more fixes in whose own manifests harm shows, none is tried again without the others."""

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
        self._originals: dict[str, bytes] = {}
        self._contents: dict[str, bytes] = {}
        self._made: dict[str, list[Candidate]] = {}
        self._changed: set[tuple[str, int]] = set()
        self.taken_back: dict[FindingKey, TakenBack] = {}
        self.report = judge({})

    def run(self) -> None:
        """Mend what can be mended."""
        while batch := self._next_batch():
            self._changed.clear()
            self._settle(batch)

    def fixed_files(self) -> Iterator[FixedFile]:
        """The files that change, sorted by path."""
        for path in sorted(self._made):
            source = self._files[path]
            yield FixedFile(source, self._originals[source.file], self._contents[source.file], tuple(self._made[path]))

    def _next_batch(self) -> list[Candidate]:
        by_path: dict[str, list[Candidate]] = {}
        for finding in self.report.findings:
            fix = finding.detail.fix if finding.detail is not None else None
            source = self._files.get(finding.location.path)
            if fix is None or fix.refusal or source is None or key_of(finding) in self.taken_back:
                continue
            if self._may_fix(finding):
                by_path.setdefault(finding.location.path, []).append(Candidate(finding, fix, source))
        return [one for candidates in by_path.values() for one in keep_apart(candidates)]

    def _settle(self, batch: Sequence[Candidate]) -> None:
        """Make the fixes of *batch* that do no harm. What meets a change made on the way is left for the next round."""
        batch = [one for one in batch if _document_of(one) not in self._changed]
        contents, made = self._try(batch)
        if not made:
            return
        report = self._judge(contents)
        harm = find_harm(self.report, report, made)
        if not harm:
            self._keep(contents, made, report)
            return
        blamed = blame(harm, made)
        if len(made) == 1 or (len(blamed) == len(made) > MOST_TRIED_ALONE):
            for one in made:
                self._take_back(one, blamed.get(key_of(one.finding), harm[0].reason))
            return
        guilty = [one for one in made if key_of(one.finding) in blamed]
        others = [one for one in made if key_of(one.finding) not in blamed]
        if not (guilty and others):
            others, guilty = made[: len(made) // 2], made[len(made) // 2 :]
        self._settle(others)
        self._settle(guilty)

    def _try(self, batch: Sequence[Candidate]) -> tuple[dict[str, bytes], list[Candidate]]:
        """What the files hold with the fixes of *batch*, and those that could be made."""
        contents, made = dict(self._contents), list[Candidate]()
        by_path: dict[str, list[Candidate]] = {}
        for one in batch:
            by_path.setdefault(one.source.path, []).append(one)
        for path, candidates in by_path.items():
            source = candidates[0].source
            try:
                before = contents.get(source.file) or self._read(source)
                text = text_of(before)
                text, done = make_together(EditableText(text, self._loader_of(path, text)), candidates)
            except (EditError, OSError, UnicodeDecodeError) as error:
                for one in candidates:
                    self._take_back(one, _tell(error))
            else:
                contents[source.file] = content_of(text, before)
                made += done
        return contents, made

    def _read(self, source: SourceFile) -> bytes:
        if source.file not in self._originals:
            self._originals[source.file] = Path(source.file).read_bytes()
        return self._originals[source.file]

    def _keep(self, contents: dict[str, bytes], made: Iterable[Candidate], report: Report) -> None:
        self._contents, self.report = contents, report
        for one in made:
            self._made.setdefault(one.source.path, []).append(one)
            self._changed.add(_document_of(one))

    def _take_back(self, candidate: Candidate, reason: str) -> None:
        self.taken_back[key_of(candidate.finding)] = TakenBack(candidate.finding, candidate.fix, reason)


def _document_of(candidate: Candidate) -> tuple[str, int]:
    return candidate.source.path, candidate.finding.location.document


def _tell(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"the file cannot be read: {(error.strerror or 'the system gives no reason').lower()}"
    return "the file is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
