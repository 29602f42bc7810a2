"""The impact of a change for people: counts by policy and by manifest, then each finding that appears, vanishes or changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from journeylint.cli.policy_page import SEVERITY_STYLES
from journeylint.model import DEFAULT_ENVIRONMENT, Identity, Location, Severity
from journeylint.terminal import Painter, Style, cells_of, count, make_visible, shorten, show_path, wrap
from journeylint.times import format_instant

if TYPE_CHECKING:
    from journeylint.impact import FindingChange, Impact
    from journeylint.model import Failure

_INDENT = "  "
_WIDEST_NAME = 50
_MARKS = {"appears": ("+", Style.ERROR), "vanishes": ("-", Style.SUCCESS), "changes": ("~", Style.WARNING)}


def impact_lines(impact: Impact, paint: Painter) -> Iterator[str]:
    """The lines of the report on *impact*."""
    yield from wrap(f"From {impact.before} to {impact.after}, over {count(impact.manifests, 'manifest')}:")
    yield ""
    if impact.by_policy:
        header = ("policy", "", "appear", "vanish", "change", "stay")
        rows = [
            (
                row.policy,
                _name_policy(row.name, row.state),
                *map(_number, (row.appear, row.vanish, row.change, row.stay)),
            )
            for row in impact.by_policy
        ]
        yield from _table(header, rows, paint)
        yield ""
    if impact.by_manifest:
        rows = [
            (
                shorten(name_manifest(row.manifest), _WIDEST_NAME),
                "",
                *map(_number, (row.appear, row.vanish, row.change)),
            )
            for row in impact.by_manifest
        ]
        yield from _table(("manifest", "", "appear", "vanish", "change"), rows, paint)
        yield ""
    for change in impact.changes:
        yield from _change_lines(change, paint)
    for failure, is_new in impact.failures:
        yield from _failure_lines(failure, is_new=is_new, paint=paint)
    yield tell_result(impact)
    yield paint(f"As of {format_instant(impact.as_of)}.", Style.DIM)


def tell_result(impact: Impact) -> str:
    """The result in a sentence or two: `3 findings appear (2 errors, 1 warning), 1 vanishes, 12 stay.`"""
    parts = [_tell(impact.of("appears"), "appear"), _tell(impact.of("vanishes"), "vanish")]
    parts.append(_tell(impact.of("changes"), "change"))
    told = [part for part in parts if part]
    if not told:
        line = f"No finding appears, vanishes or changes; {_agree(impact.stay, 'stay')}."
    else:
        line = f"{', '.join(told)}; {_agree(impact.stay, 'stay')}."
    if impact.failures:
        new = f", {impact.new_failures:,} of them new" if impact.new_failures else ""
        line += f" {count(len(impact.failures), 'failure')}{new}: what could not be judged is not compared."
    return line


def name_manifest(manifest: Identity) -> str:
    """`Journey spring-sale`, with its environment unless that is the default one."""
    name = f"{manifest.kind} {manifest.name}"
    return name if manifest.environment == DEFAULT_ENVIRONMENT else f"{name} of {manifest.environment}"


def tell_severity(change: FindingChange) -> str:
    """The severity, or, where that is what changes, both: `warning -> error`."""
    finding = change.finding
    if change.before is None or change.before.severity is finding.severity:
        return finding.severity.value
    return f"{change.before.severity.value} -> {finding.severity.value}"


def _tell(changes: Sequence[FindingChange], verb: str) -> str:
    if not changes:
        return ""
    severities = Counter(change.finding.severity for change in changes)
    parts = ", ".join(count(severities[severity], severity.value) for severity in Severity if severities[severity])
    return f"{_agree(len(changes), verb, 'finding')} ({parts})"


def _agree(number: int, verb: str, noun: str = "") -> str:
    """`1 finding appears`, `2 findings appear`, `1 stays`, `2 stay`."""
    subject = count(number, noun) if noun else f"{number:,}"
    ending = "" if number != 1 else "es" if verb.endswith("sh") else "s"
    return f"{subject} {verb}{ending}"


def _name_policy(name: str, state: str) -> str:
    return shorten(name, _WIDEST_NAME) + (f" ({state})" if state else "")


def _number(number: int) -> str:
    return f"{number:,}" if number else "-"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], paint: Painter) -> Iterator[str]:
    """*rows* in columns: the first two to the left, numbers to the right."""
    widths = [max(cells_of(row[column]) for row in (header, *rows)) for column in range(len(header))]
    for number, row in enumerate((header, *rows)):
        cells = [
            cell + " " * (width - cells_of(cell)) if column < 2 else " " * (width - cells_of(cell)) + cell
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
            if width
        ]
        line = f"{_INDENT}{'  '.join(cells)}".rstrip()
        yield paint(line, Style.DIM) if number == 0 else line


def _change_lines(change: FindingChange, paint: Painter) -> Iterator[str]:
    finding = change.finding
    mark, style = _MARKS[change.what]
    title = paint(
        f"{tell_severity(change)} {make_visible(f'{finding.policy} {finding.name}')}", SEVERITY_STYLES[finding.severity]
    )
    place = paint(_place(finding.location), Style.BOLD)
    manifest = paint(f"in {make_visible(name_manifest(finding.manifest))}", Style.DIM)
    yield f"{paint(f'{mark} {change.what:8}', style)} {place}: {title} {manifest}"
    if change.before is not None and change.after is not None and change.before.message != change.after.message:
        yield from wrap(change.before.message, first=f"{_INDENT}was: ", rest=f"{_INDENT}     ")
        yield from wrap(change.after.message, first=f"{_INDENT}is:  ", rest=f"{_INDENT}     ")
    else:
        yield from wrap(finding.message, first=_INDENT, rest=_INDENT)
    yield ""


def _failure_lines(failure: Failure, *, is_new: bool, paint: Painter) -> Iterable[str]:
    title = paint(f"error {failure.code.value} {failure.code.label}", Style.ERROR)
    yield f"{paint('! new     ' if is_new else '!         ', Style.ERROR)} {paint(_place(failure.location), Style.BOLD)}: {title}"
    yield from wrap(failure.message, first=_INDENT, rest=_INDENT)
    yield ""


def _place(location: Location) -> str:
    return f"{show_path(location.full_path)}:{location.span.line}:{location.span.column}"
