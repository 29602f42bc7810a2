"""Policies and packs as data: read from their folders, checked against their schemas, not yet compiled."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from journeylint.errors import PolicyError
from journeylint.model import Document, JsonObject, JsonValue, Severity, Span
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
    document: Document

    def span(self, pointer: str) -> Span:
        """The span of the node at *pointer*."""
        return self.document.locate(pointer)

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


def read_library(roots: Iterable[Supplied], loader: Loader, schemas: Mapping[str, JsonObject]) -> Library:
    """Read every pack below *roots*; *schemas* are those of `policy` and `pack` files.

    Raises PolicyError with all problems of all files, sorted by file and position.
    """
    reading = _Reading(loader, SchemaGate(schemas["policy"]), SchemaGate(schemas["pack"]))
    for root in roots:
        if isinstance(root.value, PolicyRoot):
            reading.read_root(root.value.folder, root.plugin)
    reading.check_unique()
    if reading.problems:
        raise PolicyError(sort_messages(reading.problems))
    return Library(tuple(reading.packs), tuple(sorted(reading.policies, key=lambda policy: policy.sort_key)))


def sort_messages(messages: Iterable[str]) -> list[str]:
    """Lines `path:line:column: …` in the order of file and position, each once."""

    def key(message: str) -> tuple[str, int, int, str]:
        match = _POSITION.match(message)
        return (match[1], int(match[2]), int(match[3]), message) if match else (message, 0, 0, message)

    return sorted(set(messages), key=key)


_POSITION = re.compile(r"(.*?):(\d+):(\d+): ")
_PLACEHOLDER = re.compile(r"\$\{((?:[^{}\"']|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\{[^{}]*\})*)\}")
NO_SHARED = Shared(None, {})


class _Reading:
    def __init__(self, loader: Loader, policy_gate: SchemaGate, pack_gate: SchemaGate) -> None:
        self.packs: list[Pack] = []
        self.policies: list[Policy] = []
        self.problems: list[str] = []
        self._loader = loader
        self._policy_gate = policy_gate
        self._pack_gate = pack_gate

    def read_root(self, folder: Path, plugin: str) -> None:
        if not folder.is_dir():
            self.problems.append(f"{folder}:1:1: plugin {plugin} names this policy root, but there is no such folder")
            return
        for pack_folder in sorted(entry for entry in folder.iterdir() if (entry / "pack.yaml").is_file()):
            self._read_pack(pack_folder, plugin)

    def _read_pack(self, folder: Path, plugin: str) -> None:
        loaded = self._load(folder / "pack.yaml", self._pack_gate)
        if loaded is None:
            return
        file, data = loaded
        pack = _pack_from(data, file, plugin)
        if pack.name != folder.name:
            self.problems.append(file.problem("/name", f"pack name {pack.name!r} is not its folder's, {folder.name!r}"))
        self.packs.append(pack)
        for entry in sorted(folder.iterdir()):
            if (entry / "policy.yaml").is_file():
                self._read_policy(entry, pack)

    def _read_policy(self, folder: Path, pack: Pack) -> None:
        loaded = self._load(folder / "policy.yaml", self._policy_gate)
        if loaded is None:
            return
        file, data = loaded
        policy = _policy_from(data, file, pack)
        self.problems += _policy_problems(policy, pack, folder.name)
        if policy.id.startswith(pack.prefix):
            self.policies.append(policy)

    def _load(self, path: Path, gate: SchemaGate) -> tuple[PolicyFile, JsonObject] | None:
        shown = _shown_path(path)
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self.problems.append(f"{shown}:1:1: cannot be read: {error}")
            return None
        documents = self._loader.load(text)
        if len(documents) != 1:
            self.problems.append(f"{shown}:1:1: holds {len(documents)} documents: a policy or pack file holds one")
            return None
        document = documents[0]
        file = PolicyFile(shown, text, document)
        problems = document.problems or gate.problems(document)
        self.problems += [
            f"{shown}:{problem.span.line}:{problem.span.column}: {problem.message}" for problem in problems
        ]
        return None if problems or not isinstance(document.value, dict) else (file, document.value)

    def check_unique(self) -> None:
        seen: dict[tuple[str, str], Policy | Pack] = {}
        for pack in self.packs:
            for word, value in (("name", pack.name), ("prefix", pack.prefix)):
                self._claim(seen, ("pack " + word, value), pack, word)
        for policy in self.policies:
            for word, value in (("id", policy.id), ("name", policy.name)):
                self._claim(seen, ("policy " + word, value), policy, word)

    def _claim(
        self, seen: dict[tuple[str, str], Policy | Pack], key: tuple[str, str], claimant: Policy | Pack, word: str
    ) -> None:
        first = seen.setdefault(key, claimant)
        if first is not claimant:
            taken = f"{key[0]} {key[1]!r} is taken already by {first.file.path}"
            self.problems.append(claimant.file.problem(f"/{word}", taken))


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
    if (len(policy.message.expressions)) != str(policy.source["message"]).count("${"):
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


def read_schema(path: Path) -> JsonObject:
    """The JSON Schema in *path*."""
    schema: JsonObject = json.loads(path.read_text(encoding="utf-8"))
    return schema
