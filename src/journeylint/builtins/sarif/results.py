"""The results of a SARIF log, a line each: one for each finding, and one for each failure with its notification."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from journeylint.builtins.fingerprints import Fingerprints
from journeylint.builtins.sarif.places import Places
from journeylint.builtins.sarif.properties import PropertyWriter
from journeylint.builtins.sarif.rules import FAILURE_LEVEL, LEVELS, has_message
from journeylint.builtins.sarif.texts import cut, end_sentence, escape_link_words, may_be_changed, quote, unlink
from journeylint.horizon_words import announce
from journeylint.model import SuppressionForm

if TYPE_CHECKING:
    from journeylint.model import (
        Detail,
        Failure,
        Finding,
        Identity,
        Location,
        PolicyPage,
        Related,
        Report,
        Severity,
        Suppression,
    )

_MOST_LOCATIONS = 1000  # GitHub takes no more of a result
_MOST_MENTIONS = 10
_LONGEST_LABEL = 1000
_NOT_SAFE = "This fix is not safe: somebody has to look at what it changes."


class ResultLine(NamedTuple):
    """A result as JSON, and for a failure its notification, else empty.

    `rank` is 0 for a failure and more for what is less bad.
    """

    rank: int
    text: str
    notification: str = ""


def rank_finding(finding: Finding) -> int:
    """How bad the result of *finding* is beside others; that of a failure is 0, the worst, and what is suppressed comes last."""
    return _GRADES[finding.severity][0] if finding.suppression is None else _SUPPRESSED_RANK


def has_baseline(report: Report) -> bool:
    """Whether something in *report* is suppressed by an entry of a baseline."""
    return any(_is_in_baseline(finding) for finding in report.suppressed)


def _is_in_baseline(finding: Finding) -> bool:
    return finding.suppression is not None and finding.suppression.form is SuppressionForm.BASELINE


_GRADES = {severity: (severity.rank + 1, level) for severity, level in LEVELS.items()}
_SUPPRESSED_RANK = len(_GRADES) + 1
_KINDS = {
    SuppressionForm.COMMENT: "inSource",
    SuppressionForm.METADATA: "inSource",
    SuppressionForm.CONFIGURATION: "external",
    SuppressionForm.BASELINE: "external",
}


class RuleKey(NamedTuple):
    """What results need of a rule: its place in the log and how many gaps its message has, -1 for no message."""

    place: int
    gaps: int


class ResultWriter:
    """Writes results; numbers those that have the same fingerprint in the order in which it is asked for them.

    If it *tells_suppressions*, each result has a list of them, and if the run *has_baseline*, each says whether it is new to
    that: SARIF asks that all results of a run have such a member, or none.
    """

    def __init__(
        self,
        pages: Sequence[PolicyPage],
        failure_indexes: Mapping[str, int],
        places: Places,
        *,
        tells_suppressions: bool = False,
        has_baseline: bool = False,
    ) -> None:
        self._rules = {
            page.id: RuleKey(place, len(page.message) - 1 if has_message(page) else -1)
            for place, page in enumerate(pages)
        }
        self._pages = {page.id: page for page in pages}
        self._failure_indexes = failure_indexes
        self._places = places
        self._tells_suppressions = tells_suppressions
        self._has_baseline = has_baseline
        self._not_accepted = self._standing(None)
        self._properties = PropertyWriter()
        self._known = Fingerprints()
        self._openings: dict[tuple[str, Severity], str] = {}

    def finding(self, finding: Finding) -> ResultLine:
        """The result of a finding."""
        policy, severity, said, related, detail = (
            finding.policy,
            finding.severity,
            finding.message,
            finding.related,
            finding.detail,
        )
        opening = self._openings.get((policy, severity)) or self._add_opening(policy, severity)
        text = said if said[-1:] == "." and not may_be_changed(said) else _say(said)
        if finding.fails_from is not None:
            text = f"{_say(announce(finding, self._pages.get(policy)))} {text}"
        message = quote(text + _mention(related) if related else text)
        # What says when the policy will be in force, or from when on it will fail, is no part of the rule's message.
        is_plain = finding.effective_from is None and finding.fails_from is None
        if is_plain and detail is not None and len(detail.arguments) == self._rules[policy].gaps:
            given = ",".join(map(quote, detail.arguments))
            if may_be_changed(given):
                given = ",".join([quote(unlink(one)) for one in detail.arguments])
            message += f',"id":"default","arguments":[{given}]'
        known = (
            f'"primaryLocationLineHash":{quote(detail.line_hash)},' if detail is not None and detail.line_hash else ""
        )
        return ResultLine(
            rank_finding(finding),
            f'{opening}{message}}},"locations":[{{"physicalLocation":{self._places.physical(finding.location, detail)},'
            f'"logicalLocations":[{self._places.logical(finding.manifest, finding.location.pointer)}]}}],'
            f"{self._related(related) if related else ''}"
            f"{self._fixes(finding)}"
            f'"partialFingerprints":{{{known}"journeylint/v1":"{self._known.of_finding(finding)}"}}'
            f"{self._not_accepted if finding.suppression is None else self._standing(finding.suppression)}"
            f"{self._properties.of(finding)}}}",
        )

    def _add_opening(self, policy: str, severity: Severity) -> str:
        opening = self._openings[policy, severity] = (
            f'{{"ruleId":{quote(policy)},"ruleIndex":{self._rules[policy].place},"level":"{_GRADES[severity][1]}",'
            '"kind":"fail","message":{"text":'
        )
        return opening

    def failure(self, failure: Failure) -> ResultLine:
        """The result of a failure and its notification, which say the same to readers of either."""
        code, location = failure.code.value, failure.location
        index = self._failure_indexes[code]
        text = quote(_say(failure.message))
        argument = quote(unlink(failure.message.rstrip().removesuffix(".")))
        shown = self._location(location, failure.manifest, failure.detail)
        told = self._location(location, failure.manifest, None)
        rule = f'{{"id":"{code}","index":{index}}}'
        number = list(self._failure_indexes).index(code)
        fingerprints = _fingerprints(self._known.of_failure(failure), failure.detail)
        return ResultLine(
            0,
            f'{{"ruleId":"{code}","ruleIndex":{index},"level":"{FAILURE_LEVEL}","kind":"fail",'
            f'"message":{{"text":{text},"id":"default","arguments":[{argument}]}},"locations":[{shown}],'
            f'"partialFingerprints":{fingerprints}{self._not_accepted}}}',
            f'{{"descriptor":{{"id":"{code}","index":{number}}},"level":"{FAILURE_LEVEL}",'
            f'"message":{{"text":{text}}},"locations":[{told}],"associatedRule":{rule}}}',
        )

    def _standing(self, suppression: Suppression | None) -> str:
        """What suppresses a result, and whether the baseline has it, as members of that result."""
        members = ""
        if self._tells_suppressions:
            members += f',"suppressions":[{"" if suppression is None else self._suppression(suppression)}]'
        if self._has_baseline:
            is_known = suppression is not None and suppression.form is SuppressionForm.BASELINE
            members += f',"baselineState":"{"unchanged" if is_known else "new"}"'
        return members

    def _suppression(self, suppression: Suppression) -> str:
        properties = {
            "form": suppression.form.value,
            **({"owner": cut(suppression.owner)} if suppression.owner else {}),
            **({"until": suppression.until.isoformat()} if suppression.until is not None else {}),
        }
        justification = f'"justification":{quote(cut(suppression.reason))},' if suppression.reason else ""
        written = ",".join(f'"{name}":{quote(value)}' for name, value in properties.items())
        return (
            f'{{"kind":"{_KINDS[suppression.form]}","status":"accepted",{justification}'
            f'"location":{{"physicalLocation":{self._places.physical(suppression.location)}}},"properties":{{{written}}}}}'
        )

    def _location(self, location: Location, identity: Identity | None, detail: Detail | None) -> str:
        physical = self._places.physical(location, detail)
        if identity is None:
            return f'{{"physicalLocation":{physical}}}'
        return (
            f'{{"physicalLocation":{physical},"logicalLocations":[{self._places.logical(identity, location.pointer)}]}}'
        )

    def _fixes(self, finding: Finding) -> str:
        """How the finding can be mended: nothing, or a member and a comma."""
        fix = None if finding.detail is None else finding.detail.fix
        if fix is None or not fix.replacements:
            return ""
        said = _say(fix.title) if fix.is_safe else f"{_say(fix.title)} {_NOT_SAFE}"
        change = self._places.change(finding.location, fix.replacements)
        return f'"fixes":[{{"description":{{"text":{quote(said)}}},"artifactChanges":[{change}]}}],'

    def _related(self, related: Sequence[Related]) -> str:
        places = [
            f'{{"id":{number},"message":{{"text":{quote(_say(one.message))}}},'
            f'"physicalLocation":{self._places.physical(one.location)}}}'
            for number, one in enumerate(islice(related, _MOST_LOCATIONS - 1), 1)
        ]
        return f'"relatedLocations":[{",".join(places)}],'


def _fingerprints(own: str, detail: Detail | None) -> str:
    """GitHub's, if there is one, and ours."""
    if detail is None or not detail.line_hash:
        return f'{{"journeylint/v1":"{own}"}}'
    return f'{{"primaryLocationLineHash":{quote(detail.line_hash)},"journeylint/v1":"{own}"}}'


def _say(message: str) -> str:
    return end_sentence(unlink(message))


def _mention(related: Sequence[Related]) -> str:
    """A sentence that links to the related places: GitHub shows only those that a message links to."""
    links = [
        f"[{escape_link_words(cut(one.message.strip().removesuffix('.'), _LONGEST_LABEL)) or 'this place'}]({number})"
        for number, one in enumerate(islice(related, _MOST_MENTIONS), 1)
    ]
    return f" See {', '.join(links)}."
