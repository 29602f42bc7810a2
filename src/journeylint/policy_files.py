"""Policy and pack files: found in their folders, read, and held against their schemas."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple, TypeAlias

from journeylint.key_places import place_at_keys
from journeylint.model import JsonObject
from journeylint.policies import Policy
from journeylint.ports import Loader, PolicyRoot, Supplied
from journeylint.schema_check import SchemaGate

PACK_FILE = "pack.yaml"
POLICY_FILE = "policy.yaml"


class PolicySource(NamedTuple):
    """The text of a policy or pack file; `folder` is the name of the one that it is in."""

    path: str
    folder: str
    text: str


class PackSource(NamedTuple):
    """The texts of a pack's files, and the plugin that brought it."""

    plugin: str
    pack: PolicySource
    policies: tuple[PolicySource, ...]


def read_sources(
    roots: Iterable[Supplied], *, without: AbstractSet[str] = frozenset()
) -> tuple[list[PackSource], list[str]]:
    """The files of every pack below *roots*, and a line for each root or file that cannot be read.

    Packs in folders with names in *without* are left out.
    """
    sources: list[PackSource] = []
    problems: list[str] = []
    for root in roots:
        if isinstance(root.value, PolicyRoot):
            folder = root.value.folder
            if folder.is_dir():
                packs = sorted(path.parent for path in folder.glob(f"*/{PACK_FILE}") if path.parent.name not in without)
                found, unreadable = read_packs(packs, root.plugin)
                sources += found
                problems += unreadable
            else:
                problems.append(
                    f"{folder}:1:1: plugin {root.plugin} names this policy root, but there is no such folder"
                )
    return sources, problems


def read_packs(folders: Iterable[Path], plugin: str) -> tuple[list[PackSource], list[str]]:
    """The files of the packs in *folders*, which *plugin* brings, and a line for each file that cannot be read."""
    problems: list[str] = []
    return list(filter(None, (_read_pack(folder, plugin, problems) for folder in folders))), problems


def _read_pack(folder: Path, plugin: str, problems: list[str]) -> PackSource | None:
    full, shown = os.fspath(folder), shown_path(folder / PACK_FILE).removesuffix(PACK_FILE)
    pack = _read_source(full, shown, "", problems)
    try:
        names = sorted(os.listdir(full))
    except OSError as error:
        problems.append(f"{shown}{PACK_FILE}:1:1: its folder cannot be listed: {error.strerror}")
        return None
    policies = tuple(filter(None, (_read_source(full, shown, name, problems) for name in names)))
    return None if pack is None else PackSource(plugin, pack, policies)


def _read_source(pack: str, shown_pack: str, policy: str, problems: list[str]) -> PolicySource | None:
    """The file of the *policy* in the folder of that name, or of the *pack* itself; None where there is none.

    *shown_pack* is what messages put before the path in the pack. Texts, not paths: every run reads hundreds of files.
    """
    within = f"{policy}/{POLICY_FILE}" if policy else PACK_FILE
    shown = shown_pack + within
    try:
        with open(f"{pack}/{within}", encoding="utf-8") as file:  # noqa: PTH123 - as said
            return PolicySource(shown, policy or os.path.basename(pack), file.read())  # noqa: PTH119 - as said
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeDecodeError as error:
        problems.append(f"{shown}:1:1: is not UTF-8 (the byte at position {error.start}): save it as UTF-8")
        return None
    except OSError as error:
        problems.append(f"{shown}:1:1: cannot be read: {error.strerror}")
        return None


def read_examples(policy: Policy) -> tuple[str, str]:
    """The texts of the policy's cases `fails.yaml` and `passes.yaml`; empty where there is no such case."""
    cases = Path(policy.file.path).parent / "cases"
    return _read_example(cases / "fails.yaml"), _read_example(cases / "passes.yaml")


def _read_example(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


ParsedPolicies: TypeAlias = "Mapping[str, JsonObject]"
"""What policy and pack files hold, by path."""


def parse_sources(
    sources: Iterable[PackSource], loader: Loader, schemas: Mapping[str, JsonObject]
) -> tuple[dict[str, JsonObject], list[str]]:
    """The data of the files that are fit to use, and what is wrong with the others.

    *schemas* are those of `policy` and `pack` files.
    """
    parsed: dict[str, JsonObject] = {}
    problems: list[str] = []
    gates = {kind: SchemaGate(schemas[kind]) for kind in ("pack", "policy")}
    for source in sources:
        for kind, file in (("pack", source.pack), *(("policy", policy) for policy in source.policies)):
            data = _parse(file, loader, gates[kind], problems)
            if data is not None:
                parsed[file.path] = data
    return parsed, problems


def _parse(file: PolicySource, loader: Loader, gate: SchemaGate, problems: list[str]) -> JsonObject | None:
    documents = loader.load(file.text)
    if len(documents) != 1:
        problems.append(f"{file.path}:1:1: holds {len(documents)} documents: a policy or pack file holds one")
        return None
    document = documents[0]
    found = document.problems or place_at_keys(gate.problems(document), _LINE_BREAK.split(file.text))
    problems += [f"{file.path}:{one.span.line}:{one.span.column}: {one.message}" for one in found]
    return None if found or not isinstance(document.value, dict) else document.value


def sort_messages(messages: Iterable[str]) -> list[str]:
    """Lines `path:line:column: …` in the order of file and position, each once."""

    def key(message: str) -> tuple[str, int, int, str]:
        match = _POSITION.match(message)
        return (match[1], int(match[2]), int(match[3]), message) if match else (message, 0, 0, message)

    return sorted(set(messages), key=key)


def path_of_message(message: str) -> str:
    """The path in a line `path:line:column: …`, or nothing."""
    match = _POSITION.match(message)
    return match[1] if match else ""


_LINE_BREAK = re.compile(r"\r\n?|\n")
_POSITION = re.compile(r"(.*?):(\d+):(\d+): ")


def shown_path(path: Path) -> str:
    """*path* as messages have it: relative to the working directory where it is below that."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
