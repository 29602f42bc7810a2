"""What a configuration comes to, as lists for people: a setting a line, its value, and where it was set."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from journeylint.effective import DEFAULT, Setting
from journeylint.rulings import name_instant
from journeylint.settings.resolve import NOT_RECOMMENDED
from journeylint.terminal import Painter, Style, cells_of, make_visible, show_path

if TYPE_CHECKING:
    from journeylint.effective import EffectiveFile, EffectivePolicy, EffectiveSettings
    from journeylint.settings.values import Word

_INDENT = "  "
_WIDEST_VALUE = 40


class _Row(NamedTuple):
    """A line of a table; one that is `set` says something else than the default."""

    label: str
    value: str
    origin: str


def list_run(found: EffectiveSettings, paint: Painter, *, everything: bool) -> Iterator[str]:
    """The lines about the settings of a run: files, what there is one of, policies, and which overrides there are."""
    settings = found.settings
    if settings.files:
        yield paint("Configuration", Style.BOLD) + (
            ", a later file wins over an earlier one" if settings.files[1:] else ""
        )
        rows = [
            _Row(show_path(file.path), "", "" if file.extended_at is None else f"extended at {file.extended_at}")
            for file in settings.files
        ]
        yield from _table(rows, paint, _INDENT)
    else:
        yield "There is no configuration: every setting is the default."
    yield ""
    yield paint("Settings", Style.BOLD)
    yield from _table(list(_run_rows(found)), paint, _INDENT)
    yield ""
    yield from _list_policies(found.policies, paint, "", everything=everything)
    scopes = [layer.scope for layer in settings.layers if layer.scope is not None]
    if scopes:
        yield ""
        yield paint("Overrides", Style.BOLD) + ", a later one wins over an earlier one"
        yield from _table([row for scope in scopes for row in _word_rows("", scope.written)], paint, _INDENT)
        yield "What they come to for a file: journeylint config show FILE"


def list_file(file: EffectiveFile, found: EffectiveSettings, paint: Painter, *, everything: bool) -> Iterator[str]:
    """The lines about what holds for *file*, and for the places in it that have settings of their own."""
    yield paint(show_path(file.path), Style.BOLD)
    scopes = [found.settings.layers[index].scope for index in file.overrides]
    rows = [row for scope in scopes if scope is not None for row in _word_rows("override", scope.written)]
    rows += [_row("fail-on", file.fail_on), _row("preset", file.preset)]
    yield from _table(rows, paint, _INDENT)
    yield from _list_policies(file.policies, paint, _INDENT, everything=everything)
    whole = {policy.id: policy for policy in file.policies}
    for place in file.places:
        pointer = make_visible(place.pointer) or "the whole document"
        yield f"{_INDENT}{paint('at', Style.DIM)} {paint(pointer, Style.BOLD)} {paint('and below', Style.DIM)}"
        others = {"fail-on": (place.fail_on, file.fail_on), "preset": (place.preset, file.preset)}
        rows = [_row(key, here) for key, (here, around) in others.items() if here != around]
        yield from _table(rows, paint, _INDENT * 2)
        own = [policy for policy in place.policies if policy != whole[policy.id]]
        yield from _list_policies(own, paint, _INDENT * 2, everything=everything, other="as everywhere in the file")


def _list_policies(
    policies: Sequence[EffectivePolicy],
    paint: Painter,
    indent: str,
    *,
    everything: bool,
    other: str = "as they are by default",
) -> Iterator[str]:
    shown = [policy for policy in policies if everything or policy.note or _changed(policy)]
    yield (
        indent
        + paint("Policies", Style.BOLD)
        + ("" if everything else f", the others are {other}" if shown else f": {other}")
    )
    for policy in shown:
        yield f"{indent}{_INDENT}{policy.id} {policy.name}"
        named = policy.settings if everything else _changed(policy)
        yield from _table([_row(key, setting) for key, setting in named.items()], paint, indent + _INDENT * 2)
        if policy.note:
            yield f"{indent}{_INDENT * 2}{policy.note}"


def _changed(policy: EffectivePolicy) -> dict[str, Setting]:
    """The settings that somebody set."""
    return {key: one for key, one in policy.settings.items() if one.origin not in (DEFAULT, NOT_RECOMMENDED)}


def _run_rows(found: EffectiveSettings) -> Iterator[_Row]:
    settings, rules = found.settings, found.settings.plugins
    yield from _word_rows("paths", settings.paths, otherwise="the working directory")
    yield from _word_rows("exclude", settings.exclude, otherwise="none")
    if settings.as_of is None:
        yield _Row("as-of", "the clock", DEFAULT)
    else:
        yield _Row("as-of", name_instant(settings.as_of.value), str(settings.as_of.place))
    yield _row("fail-on", found.fail_on)
    yield _row("preset", found.preset)
    if settings.baseline is not None:
        yield from _word_rows("baseline", [settings.baseline])
    if settings.export_environment is not None:
        yield _Row("export-environment", settings.export_environment.value, str(settings.export_environment.place))
    yield from _word_rows("policy-roots", settings.policy_roots, otherwise="none")
    yield from _word_rows("plugins.allow", rules.allow, otherwise="all")
    yield from _word_rows("plugins.block", rules.block, otherwise="none")
    yield from _word_rows("plugins.paths", rules.paths, otherwise="none")
    for number, suppression in enumerate(settings.suppressions):
        data = suppression.data
        named = [data.get("policy"), data.get("files"), data.get("pointer")]
        words = [str(word) for one in named for word in (one if isinstance(one, list) else [one]) if word is not None]
        yield _Row("" if number else "suppressions", " ".join(words), str(suppression.place))
    for key, rule in settings.suppression_rules.by_key.items():
        yield _row(f"suppression-rules.{key}", Setting(rule.value, str(rule.place)))


def _word_rows(label: str, words: Iterable[Word] | None, *, otherwise: str = "") -> Iterator[_Row]:
    listed = list(words or ())
    for number, word in enumerate(listed):
        yield _Row("" if number else label, word.text, str(word.place))
    if not listed and otherwise:
        yield _Row(label, otherwise, DEFAULT)


def _row(label: str, setting: Setting) -> _Row:
    value = setting.value if isinstance(setting.value, str) else json.dumps(setting.value, ensure_ascii=False)
    return _Row(label, value, setting.origin)


def _table(rows: Sequence[_Row], paint: Painter, indent: str) -> Iterator[str]:
    """*rows* in columns; a value that is too wide for its column pushes the origin along."""
    shown = [_Row(*map(make_visible, row)) for row in rows]
    labels = max((cells_of(row.label) for row in shown), default=0)
    values = min(max((cells_of(row.value) for row in shown), default=0), _WIDEST_VALUE)
    for row in shown:
        label = row.label + " " * (labels - cells_of(row.label) + 2) if labels else ""
        value = row.value + " " * (max(values - cells_of(row.value), 0) + 2) if values else ""
        yield f"{indent}{label}{value}{paint(row.origin, Style.DIM) if row.origin else ''}".rstrip()
