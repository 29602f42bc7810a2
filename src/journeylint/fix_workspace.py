"""The findings of a workspace mended in memory: which are to be mended, and by which policies that is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeylint.check_request import CheckRequest
from journeylint.fixing.run import FixRun
from journeylint.fixing.values import FixOutcome, key_of
from journeylint.load import FileReader
from journeylint.model import Finding
from journeylint.pipeline import Preparation, check_under, prepare
from journeylint.ports import Want
from journeylint.times import format_instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from journeylint.host import Host
    from journeylint.model import Report
    from journeylint.settings.values import Settings

_WANTS = frozenset({Want.FIXES, Want.REPLACEMENTS, Want.STABLE_POINTERS})


def fix_workspace(request: CheckRequest, host: Host, settings: Settings, *, with_unsafe: bool = False) -> FixOutcome:
    """Mend, in memory, the findings that `check` would have for the same *request*; nothing is written.

    `select`, `ignore` and `focus` of the request choose what is mended; what a fix does is judged by every policy that is
    on, in every file. Fixes that are not safe are made only *with_unsafe*. Raises JourneylintError where the run cannot
    happen.
    """
    prepared = prepare(request, host, settings)
    judged = request._replace(
        as_of=format_instant(prepared.as_of),
        wants=_WANTS,
        focus=False,
        paths=() if request.focus else request.paths,
        select=_judging(prepared, request, host, settings),
        ignore=(),
    )

    def judge(contents: Mapping[str, bytes]) -> Report:
        return check_under(settings, judged._replace(contents=contents), host)

    def is_chosen(finding: Finding) -> bool:
        location = finding.location
        resolved = prepared.resolution_of(location.path, location.pointer).policies[finding.policy]
        return resolved.is_enabled and (not request.focus or location.path in prepared.only)

    def may_fix(finding: Finding) -> bool:
        fix = finding.detail.fix if finding.detail is not None else None
        return fix is not None and (with_unsafe or fix.is_safe) and is_chosen(finding)

    reader = FileReader(tuple(dict.fromkeys(host.loaders.values())), host.kinds)
    run = FixRun(judge, prepared.files, reader.loader_of, may_fix=may_fix)
    run.run()
    left = tuple(filter(is_chosen, run.report.findings))
    taken_back = tuple(run.taken_back[key] for key in map(key_of, left) if key in run.taken_back)
    return FixOutcome(run.report, tuple(run.fixed_files()), taken_back, left)


def _judging(prepared: Preparation, request: CheckRequest, host: Host, settings: Settings) -> tuple[str, ...] | None:
    """What to select so that every policy judges that is on without the request's choice, or by it."""
    if request.select is None:
        return None
    unchosen = prepare(request._replace(select=None, ignore=()), host, settings)
    on, chosen = (
        {policy for policy, held in one.resolution_of("", "").policies.items() if held.is_enabled}
        for one in (unchosen, prepared)
    )
    return None if chosen <= on else tuple(sorted(on | chosen))
