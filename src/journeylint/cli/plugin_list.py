"""Plugins as a list for people and as data for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from journeylint.terminal import LINE_WIDTH, Painter, Style, count, make_visible, wrap

if TYPE_CHECKING:
    from journeylint.cli.plugin_options import CommandHost
    from journeylint.entry_points import EntryPoint
    from journeylint.loaded_plugin import LoadedPlugin
    from journeylint.plugin_choice import LeftOut
    from journeylint.policies import Library, Pack
    from journeylint.ports import CelFunction

SLOW_SECONDS = 0.25
"""An import that takes longer is told to people: every run waits for it."""

_LABEL_WIDTH = 13


def plugin_lines(found: CommandHost, library: Library, paint: Painter) -> Iterator[str]:
    """The lines of the list."""
    host = found.host
    for plugin in host.plugins:
        yield from _loaded_lines(plugin, _packs_of(plugin.title, library), library, paint)
        yield ""
    for one in found.left_out:
        yield f"{_heading(one.entry, paint)}, not loaded"
        yield from wrap(one.reason, first="  ", rest="  ")
        yield ""
    for root in _configured_roots(found):
        yield paint(make_visible(root), Style.BOLD)
        yield from _facts("packs", _pack_texts(_packs_of(root, library), library), paint)
        yield ""
    others = len(found.left_out)
    rest = f", and {others} that {'is' if others == 1 else 'are'} not loaded" if others else ""
    yield f"{count(len(host.plugins), 'plugin')}{rest}."


def plugin_data(found: CommandHost, library: Library) -> dict[str, object]:
    """The list as JSON has it."""
    plugins = [_loaded_data(plugin, _packs_of(plugin.title, library), library) for plugin in found.host.plugins]
    plugins += [_left_out_data(one) for one in found.left_out]
    roots: list[object] = [
        {"name": root, "packs": _packs_data(_packs_of(root, library), library)} for root in _configured_roots(found)
    ]
    return {"schemaVersion": "1", "plugins": plugins, "policyRoots": roots}


def _packs_of(supplier: str, library: Library) -> list[Pack]:
    return [pack for pack in library.packs if pack.plugin == supplier]


def _configured_roots(found: CommandHost) -> list[str]:
    titles = {plugin.title for plugin in found.host.plugins}
    return list(dict.fromkeys(root.plugin for root in found.host.policy_roots if root.plugin not in titles))


def _heading(entry: EntryPoint, paint: Painter) -> str:
    return paint(make_visible(entry.title), Style.BOLD)


def _loaded_lines(plugin: LoadedPlugin, packs: Iterable[Pack], library: Library, paint: Painter) -> Iterator[str]:
    yield _heading(plugin.entry, paint)
    facts = (
        ("hooks", [hook.removeprefix("journeylint_") for hook in plugin.hooks]),
        ("packs", _pack_texts(packs, library)),
        ("kinds", [kind.name for kind in plugin.kinds if not kind.is_derived]),
        ("facts", [f"about {kind.name}" for kind in plugin.kinds if kind.facts is not None]),
        ("functions", [_signature(function) for function in plugin.functions]),
        ("files", [suffix for loader in plugin.loaders for suffix in loader.suffixes]),
        ("reports", [entry.format for entry in plugin.reporters]),
        ("imports", [entry.format for entry in plugin.importers]),
        ("tables", [table.name for table in plugin.tables]),
    )
    for label, texts in facts:
        yield from _facts(label, texts, paint)
    if not any(texts for _, texts in facts):
        yield "  brings nothing: it has no hook, and no pack in its folder"
    if plugin.import_seconds > SLOW_SECONDS and not plugin.is_built_in:
        yield f"  takes {plugin.import_seconds:.1f} s to import, at every run"


def _facts(label: str, texts: list[str], paint: Painter) -> list[str]:
    """The *texts* after *label*, separated by commas; a line ends between two of them, unless one is longer."""
    if not texts:
        return []
    first = f"  {label:{_LABEL_WIDTH - 2}}"
    lines = _joined(texts, first)
    lines[0] = paint(first, Style.DIM) + lines[0][len(first) :]
    return lines


def _joined(texts: list[str], first: str) -> list[str]:
    lines = [first + make_visible(texts[0])]
    for text in map(make_visible, texts[1:]):
        lines[-1] += ","
        if len(lines[-1]) + len(text) + 2 > LINE_WIDTH:
            lines.append(" " * len(first) + text)
        else:
            lines[-1] += f" {text}"
    return lines


def _pack_texts(packs: Iterable[Pack], library: Library) -> list[str]:
    return [f"{pack.name} ({pack.prefix}, {count(_policies_in(pack, library), 'policy')})" for pack in packs]


def _policies_in(pack: Pack, library: Library) -> int:
    return sum(policy.pack == pack.name for policy in library.policies)


def _signature(function: CelFunction) -> str:
    return f"{function.name}({', '.join(function.parameters)}) -> {function.result}"


def _entry_data(entry: EntryPoint, *, is_built_in: bool = False) -> dict[str, object]:
    return {
        "name": entry.name,
        "distribution": entry.distribution or None,
        "version": entry.version or None,
        "path": entry.path or None,
        "builtIn": is_built_in,
    }


def _loaded_data(plugin: LoadedPlugin, packs: Iterable[Pack], library: Library) -> dict[str, object]:
    return {
        **_entry_data(plugin.entry, is_built_in=plugin.is_built_in),
        "loaded": True,
        "importMilliseconds": round(plugin.import_seconds * 1000, 1),
        "hooks": list(plugin.hooks),
        "packs": _packs_data(packs, library),
        "kinds": [kind.name for kind in plugin.kinds if not kind.is_derived],
        "facts": [kind.name for kind in plugin.kinds if kind.facts is not None],
        "functions": [
            {"signature": _signature(function), "summary": function.summary} for function in plugin.functions
        ],
        "loaders": [suffix for loader in plugin.loaders for suffix in loader.suffixes],
        "reports": [{"format": entry.format, "summary": entry.summary} for entry in plugin.reporters],
        "imports": [{"format": entry.format, "summary": entry.summary} for entry in plugin.importers],
        "tables": [table.name for table in plugin.tables],
    }


def _left_out_data(one: LeftOut) -> dict[str, object]:
    return {**_entry_data(one.entry), "loaded": False, "reason": one.reason}


def _packs_data(packs: Iterable[Pack], library: Library) -> list[dict[str, object]]:
    return [
        {"name": pack.name, "prefix": pack.prefix, "title": pack.title, "policies": _policies_in(pack, library)}
        for pack in packs
    ]
