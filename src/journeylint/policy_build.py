"""From what policy and pack files hold to packs and policies, and what is wrong with their names and figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from journeylint.model import JsonObject, JsonValue, Severity, Span
from journeylint.params import param_from, value_problem
from journeylint.pointers import pointer_of
from journeylint.policies import (
    DEFAULT_PRESETS,
    PRESETS,
    Expression,
    Library,
    Pack,
    PlaceInManifest,
    Policy,
    PolicyFile,
    Shared,
)
from journeylint.policy_files import PackSource, ParsedPolicies, PolicySource
from journeylint.policy_fix import find_fix_problems, read_fix
from journeylint.policy_life import find_life_problems, find_period_problems, read_life
from journeylint.policy_template import UNCLOSED_PLACEHOLDER, read_template
from journeylint.ports import Loader
from journeylint.suggest import did_you_mean

NO_SHARED = Shared(None, {})


class _Built(NamedTuple):
    """A pack, its policies, and the names of the folders that it and they were found in."""

    pack: Pack
    folder: str
    policies: Sequence[tuple[Policy, str]]


def check_library(
    sources: Iterable[PackSource], parsed: ParsedPolicies, loader: Loader, *, is_part: bool = False
) -> tuple[Library, list[str]]:
    """The policies of all files that were parsed, and what is wrong with their names, ids, params and messages.

    Those whose ids are no prefix and number are left out. *is_part* says that there are other packs beside these, so that what
    one of those holds is not known to be missing.
    """
    found = _build(sources, parsed, loader)
    problems: list[str] = []
    for pack, pack_folder, policies in found:
        if pack.name != pack_folder:
            told = f"pack name {pack.name!r} is not its folder's, {pack_folder!r}"
            problems.append(pack.file.problem("/name", told))
        for policy, folder in policies:
            problems += _policy_problems(policy, pack, folder)
    problems += _find_doubles(found)
    library = _library_of(found)
    problems += find_life_problems(library.policies, is_part=is_part)
    return library, problems


def _build(sources: Iterable[PackSource], parsed: ParsedPolicies, loader: Loader) -> list[_Built]:
    built = []
    for source in sources:
        if source.pack.path in parsed:
            pack = _pack_from(parsed[source.pack.path], _file_of(source.pack, loader), source.plugin)
            policies = [
                (_policy_from(parsed[file.path], _file_of(file, loader), pack), file.folder)
                for file in source.policies
                if file.path in parsed
            ]
            built.append(_Built(pack, source.pack.folder, policies))
    return built


def _library_of(built: Sequence[_Built]) -> Library:
    policies = [policy for one in built for policy in _well_named(one)]
    return Library(tuple(one.pack for one in built), tuple(sorted(policies, key=lambda policy: policy.sort_key)))


def _well_named(built: _Built) -> list[Policy]:
    """The policies whose ids can be sorted."""
    return [policy for policy, _ in built.policies if policy.id[len(built.pack.prefix) :].isdigit()]


def _file_of(source: PolicySource, loader: Loader) -> PolicyFile:
    def span(pointer: str) -> Span:
        return loader.load(source.text)[0].locate(pointer)

    return PolicyFile(source.path, source.text, span)


class _Claim(NamedTuple):
    """That a pack or policy has a name, prefix or id, and which plugin brings it."""

    what: str
    key: str
    value: str
    file: PolicyFile
    plugin: str


def _find_doubles(built: Sequence[_Built]) -> list[str]:
    claims: list[_Claim] = []
    for pack, _, _ in built:
        claims.append(_Claim("pack", "name", pack.name, pack.file, pack.plugin))
        claims.append(_Claim("pack", "prefix", pack.prefix, pack.file, pack.plugin))
    for one in built:
        for policy in _well_named(one):
            claims.append(_Claim("policy", "id", policy.id, policy.file, one.pack.plugin))
            claims.append(_Claim("policy", "name", policy.name, policy.file, one.pack.plugin))
    first: dict[tuple[str, str, str], _Claim] = {}
    problems = []
    for claim in claims:
        other = first.setdefault((claim.what, claim.key, claim.value), claim)
        if other is not claim:
            who = "" if other.plugin == claim.plugin else f" of {other.plugin}; this one is of {claim.plugin}"
            told = f"{claim.what} {claim.key} {claim.value!r} is taken already by {other.file.path}{who}"
            problems.append(claim.file.problem(f"/{claim.key}", told))
    return problems


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
        message=read_template(str(data["message"]), "/message"),
        rationale=str(data["rationale"]).strip(),
        remediation=str(data["remediation"]).strip(),
        references=(*_references(data.get("references")), *pack.references),
        shared=pack.shared.get(kind, NO_SHARED),
        file=file,
        source=data,
        life=read_life(data),
        is_suppressible=data.get("suppressible") is not False,
        deadline=str(data.get("deadline", "")).strip(),
        fix=read_fix(data),
        presets=_words(data["presets"]) if "presets" in data else DEFAULT_PRESETS,
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
    problems += _preset_problems(policy)
    problems += find_period_problems(policy)
    if policy.message.is_unclosed:
        problems.append(file.problem("/message", UNCLOSED_PLACEHOLDER))
    problems += find_fix_problems(policy)
    return problems


def _preset_problems(policy: Policy) -> Iterator[str]:
    """A preset of a pack's own may be called anything, but not nearly as one that comes with journeylint."""
    for number, preset in enumerate(policy.presets):
        if preset not in PRESETS and (hint := did_you_mean(preset, PRESETS)):
            yield policy.file.problem(f"/presets/{number}", f"there is no preset {preset!r}{hint}")


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
