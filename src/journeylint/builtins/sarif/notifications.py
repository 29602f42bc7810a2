"""What a SARIF log says of the run itself: that nothing was judged, that not all is in the log, what its settings name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from journeylint.builtins.sarif.rules import HOME_PAGE, describe_code
from journeylint.builtins.sarif.texts import end_sentence, unlink
from journeylint.failure_pages import FAILURE_PAGES
from journeylint.terminal import count

if TYPE_CHECKING:
    from journeylint.model import JsonObject, Report

RANKS = ("failure", "error", "warning", "info", "suppressed finding")
"""The kinds of results, the worst first."""

_TITLES = {
    "JLN001": (
        "NoManifestFound",
        "No manifest was found",
        "Nothing was judged, which is not the same as nothing is wrong.",
    ),
    "JLN002": (
        "ResultsLeftOut",
        "Not every result is in the log",
        "GitHub code scanning would have refused the whole log.",
    ),
    "JLN003": ("FindingsElsewhere", "The report is on some files only", "Findings in other files are not in the log."),
    "JLN004": (
        "OutdatedName",
        "A policy is named in a way that will not do for ever",
        "It was called so before, or it is deprecated.",
    ),
}
_LEVELS = {"JLN001": "warning", "JLN002": "warning", "JLN003": "note", "JLN004": "warning"}


def describe_notifications() -> list[JsonObject]:
    """The descriptors of all notifications: failure codes come first, in their order."""
    return [*(describe_code(code, page) for code, page in FAILURE_PAGES.items()), *map(_describe, _TITLES)]


def _describe(notification: str) -> JsonObject:
    name, title, meaning = _TITLES[notification]
    return {
        "id": notification,
        "name": name,
        "shortDescription": {"text": f"{title}."},
        "fullDescription": {"text": meaning},
        "help": {"text": meaning},
        "helpUri": HOME_PAGE,
        "defaultConfiguration": {"level": _LEVELS[notification]},
    }


def notify(report: Report, left_out: Mapping[str, int], *, total: int) -> list[JsonObject]:
    """What is to be said of the run; *left_out* counts, of *total* results, those not in the log by what they are (`RANKS`)."""
    summary = report.summary
    notifications: list[JsonObject] = []
    if summary.is_empty:
        looked = (
            f"{count(summary.files, 'file')} read, {count(summary.skipped_documents, 'document')} of others skipped"
        )
        notifications.append(
            _notification("JLN001", f"No manifest was found, so nothing was judged ({looked}). Check the paths.")
        )
    if lost := sum(left_out.values()):
        notifications.append(_notification("JLN002", _tell_left_out(lost, total, left_out)))
    if summary.elsewhere:
        elsewhere = count(summary.elsewhere, "finding")
        notifications.append(
            _notification("JLN003", f"The report is on some files only: {elsewhere} in other files left out.")
        )
    return notifications


def notify_of_settings(report: Report) -> list[JsonObject]:
    """What is to be said of the settings of the run: its warnings."""
    return [_notification("JLN004", end_sentence(unlink(warning))) for warning in report.warnings]


def _tell_left_out(lost: int, total: int, left_out: Mapping[str, int]) -> str:
    """Which results are missing, why, and how to get them all."""
    ranks = Counter(left_out)
    parts = ", ".join(count(ranks[rank], rank) for rank in RANKS if ranks[rank])
    return (
        f"{lost:,} of {count(total, 'result')} left out, the least severe ones ({parts}): GitHub code scanning takes at most "
        "25,000 results and 10 MB (gzip) a log. To have them all, split the report: run 'journeylint check --focus FOLDER' "
        "for each of several folders, or 'journeylint check --select PACK' for each pack, and upload each log under a "
        "category of its own."
    )


def _notification(notification: str, text: str) -> JsonObject:
    index = len(FAILURE_PAGES) + list(_TITLES).index(notification)
    return {
        "descriptor": {"id": notification, "index": index},
        "level": _LEVELS[notification],
        "message": {"text": text},
    }
