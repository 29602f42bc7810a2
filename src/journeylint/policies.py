"""Policies and packs as data: read from their folders, checked against their schemas, not yet compiled."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from journeylint.key_places import place_at_keys
from journeylint.model import JsonObject, JsonValue, Severity, Span
from journeylint.params import Param, param_from, value_problem
from journeylint.pointers import pointer_of
from journeylint.ports import Loader, PolicyRoot, Supplied
from journeylint.schema_check import SchemaGate


class Expression(NamedTuple):
    """A CEL source and where it stands: the pointer of its node in the policy (or pack) file."""

    source: str
    pointer: str


class PlaceInManifest(NamedTuple):
    """A further place of a finding: `manifest` names the variable that holds the manifest, `at` a pointer inside it."""

    manifest: str
    at: str
    message: str


class Template(NamedTuple):
    """A message: literal texts around expressions, `texts` one longer than `expressions`."""

    texts: tuple[str, ...]
    expressions: tuple[Expression, ...]


class Shared(NamedTuple):
    """What a pack's policies over one kind share."""

    when: Expression | None
    let: Mapping[str, Expression]


class PolicyFile(NamedTuple):
    """A policy or pack file, for telling where something in it stands."""

    path: str
    text: str
    span: Callable[[str], Span]
    """From a pointer to the span of its node."""

    def problem(self, pointer: str, message: str) -> str:
        """A complete line about the node at *pointer*."""
        span = self.span(pointer)
        return f"{self.path}:{span.line}:{span.column}: {message}"


class Pack(NamedTuple):
    """A folder of policies with one id prefix."""

    name: str
    prefix: str
    title: str
    description: str
    plugin: str
    file: PolicyFile
    tags: tuple[str, ...] = ()
    references: tuple[Mapping[str, str], ...] = ()
    shared: Mapping[str, Shared] = MappingProxyType({})
    presets: Mapping[str, JsonValue] = MappingProxyType({})


class Policy(NamedTuple):
    """One policy as its file says it; `tags` and `references` include those of its pack."""

    id: str
    name: str
    pack: str
    prefix: str
    title: str
    severity: Severity
    since: str
    tags: tuple[str, ...]
    kind: str
    each: str
    as_name: str
    when: Expression | None
    let: Mapping[str, Expression]
    params: Mapping[str, Param]
    require: Expression
    at: str
    related: tuple[PlaceInManifest, ...]
    message: Template
    rationale: str
    remediation: str
    references: tuple[Mapping[str, str], ...]
    shared: Shared
    file: PolicyFile
    source: JsonObject

    @property
    def sort_key(self) -> tuple[str, int]:
        """Ids in the order in which people count them."""
        return self.prefix, int(self.id[len(self.prefix) :])


class Library(NamedTuple):
    """All packs and their policies, sorted by id."""

    packs: tuple[Pack, ...]
    policies: tuple[Policy, ...]


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
                packs = sorted(path.parent for path in folder.glob("*/pack.yaml") if path.parent.name not in without)
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
    pack = _read_source(folder / "pack.yaml", problems)
    files = sorted(folder.glob("*/policy.yaml"))
    policies = tuple(filter(None, (_read_source(file, problems) for file in files)))
    return None if pack is None else PackSource(plugin, pack, policies)


def _read_source(path: Path, problems: list[str]) -> PolicySource | None:
    shown = _shown_path(path)
    try:
        return PolicySource(shown, path.parent.name, path.read_text(encoding="utf-8"))
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


def build_library(sources: Iterable[PackSource], parsed: ParsedPolicies, loader: Loader) -> tuple[Library, list[str]]:
    """The policies of all files that were parsed, and what is wrong with their names, ids, params and messages."""
    packs: list[Pack] = []
    policies: list[Policy] = []
    problems: list[str] = []
    for source in sources:
        if source.pack.path not in parsed:
            continue
        pack = _pack_from(parsed[source.pack.path], _file_of(source.pack, loader), source.plugin)
        packs.append(pack)
        if pack.name != source.pack.folder:
            told = f"pack name {pack.name!r} is not its folder's, {source.pack.folder!r}"
            problems.append(pack.file.problem("/name", told))
        for file in source.policies:
            if file.path in parsed:
                policy = _policy_from(parsed[file.path], _file_of(file, loader), pack)
                problems += _policy_problems(policy, pack, file.folder)
                if policy.id[len(pack.prefix) :].isdigit():
                    policies.append(policy)
    problems += _find_doubles(packs, policies)
    return Library(tuple(packs), tuple(sorted(policies, key=lambda policy: policy.sort_key))), problems


def _file_of(source: PolicySource, loader: Loader) -> PolicyFile:
    def span(pointer: str) -> Span:
        return loader.load(source.text)[0].locate(pointer)

    return PolicyFile(source.path, source.text, span)


def _find_doubles(packs: Iterable[Pack], policies: Iterable[Policy]) -> list[str]:
    claims: list[tuple[str, str, str, PolicyFile]] = []
    for pack in packs:
        claims += [("pack", "name", pack.name, pack.file), ("pack", "prefix", pack.prefix, pack.file)]
    for policy in policies:
        claims += [("policy", "id", policy.id, policy.file), ("policy", "name", policy.name, policy.file)]
    first: dict[tuple[str, str, str], PolicyFile] = {}
    return [
        file.problem(f"/{word}", f"{what} {word} {value!r} is taken already by {first[what, word, value].path}")
        for what, word, value, file in claims
        if first.setdefault((what, word, value), file) is not file
    ]


def sort_messages(messages: Iterable[str]) -> list[str]:
    """Lines `path:line:column: …` in the order of file and position, each once."""

    def key(message: str) -> tuple[str, int, int, str]:
        match = _POSITION.match(message)
        return (match[1], int(match[2]), int(match[3]), message) if match else (message, 0, 0, message)

    return sorted(set(messages), key=key)


_LINE_BREAK = re.compile(r"\r\n?|\n")
_POSITION = re.compile(r"(.*?):(\d+):(\d+): ")
_PLACEHOLDER = re.compile(r"\$\{((?:[^{}\"']|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\{[^{}]*\})*)\}")
NO_SHARED = Shared(None, {})


def _shown_path(path: Path) -> str:
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def _pack_from(data: JsonObject, file: PolicyFile, plugin: str) -> Pack:
    shared = _mapping(data.get("shared"))
    return Pack(
        name=str(data["name"]),
        prefix=str(data["prefix"]),
        title=str(data["title"]),
        description=str(data.get("description", "")).strip(),
        plugin=plugin,
        file=file,
        tags=_words(shared.get("tags")),
        references=_references(shared.get("references")),
        shared={kind: _shared_from(kind, _mapping(body)) for kind, body in _mapping(shared.get("kinds")).items()},
        presets=_mapping(data.get("presets")),
    )


def _shared_from(kind: str, body: JsonObject) -> Shared:
    when = body.get("when")
    return Shared(
        Expression(when, pointer_of(("shared", "kinds", kind, "when"))) if isinstance(when, str) else None,
        _expressions(body.get("let"), ("shared", "kinds", kind, "let")),
    )


def _policy_from(data: JsonObject, file: PolicyFile, pack: Pack) -> Policy:
    match = _mapping(data["match"])
    kind, when = str(match["kind"]), match.get("when")
    return Policy(
        id=str(data["id"]),
        name=str(data["name"]),
        pack=pack.name,
        prefix=pack.prefix,
        title=str(data["title"]),
        severity=Severity(data["severity"]),
        since=str(data["since"]),
        tags=tuple(dict.fromkeys((*_words(data.get("tags")), *pack.tags))),
        kind=kind,
        each=str(match.get("each", "$")),
        as_name=str(match.get("as", "node")),
        when=Expression(when, "/match/when") if isinstance(when, str) else None,
        let=_expressions(data.get("let"), ("let",)),
        params={name: param_from(name, _mapping(schema)) for name, schema in _mapping(data.get("params")).items()},
        require=Expression(str(data["require"]), "/require"),
        at=str(data.get("at", "")),
        related=tuple(_related_from(_mapping(item)) for item in _items(data.get("related"))),
        message=_template_from(str(data["message"]).strip(), "/message"),
        rationale=str(data["rationale"]).strip(),
        remediation=str(data["remediation"]).strip(),
        references=(*_references(data.get("references")), *pack.references),
        shared=pack.shared.get(kind, NO_SHARED),
        file=file,
        source=data,
    )


def _policy_problems(policy: Policy, pack: Pack, folder: str) -> list[str]:
    file = policy.file
    problems = []
    if not policy.id.startswith(pack.prefix):
        problems.append(
            file.problem("/id", f"id {policy.id!r} does not begin with the prefix of its pack, {pack.prefix!r}")
        )
    elif not policy.id[len(pack.prefix) :].isdigit():
        problems.append(file.problem("/id", f"id {policy.id!r} is not the pack's prefix {pack.prefix!r} and a number"))
    if policy.name != folder:
        problems.append(file.problem("/name", f"name {policy.name!r} is not that of the policy's folder, {folder!r}"))
    for name, param in policy.params.items():
        problem = value_problem(param, param.default)
        if problem is not None:
            problems.append(
                file.problem(pointer_of(("params", name, "default")), f"the default does not fit: {problem}")
            )
    if any("${" in text for text in policy.message.texts):
        problems.append(file.problem("/message", "a ${ is not closed by a matching }: write ${expression}"))
    return problems


def _template_from(text: str, pointer: str) -> Template:
    texts, expressions, end = [], [], 0
    for match in _PLACEHOLDER.finditer(text):
        texts.append(text[end : match.start()])
        expressions.append(Expression(match[1], pointer))
        end = match.end()
    return Template((*texts, text[end:]), tuple(expressions))


def _related_from(item: JsonObject) -> PlaceInManifest:
    return PlaceInManifest(str(item["manifest"]), str(item.get("at", "")), str(item["message"]))


def _expressions(value: JsonValue, place: Sequence[str]) -> dict[str, Expression]:
    return {name: Expression(str(source), pointer_of((*place, name))) for name, source in _mapping(value).items()}


def _references(value: JsonValue) -> tuple[Mapping[str, str], ...]:
    return tuple({key: str(text) for key, text in _mapping(item).items()} for item in _items(value))


def _words(value: JsonValue) -> tuple[str, ...]:
    return tuple(str(item) for item in _items(value))


def _items(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _mapping(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}
