"""Tells our documents from others, and valid ones from those that cannot be judged.

Everything that is particular to a kind comes from its JSON Schema: `annotations` says which keywords count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from journeylint.annotations import Field, Tokens, find_places, keep_fields, read_annotations
from journeylint.model import (
    DEFAULT_ENVIRONMENT,
    Document,
    Failure,
    FailureCode,
    Identity,
    JsonObject,
    JsonValue,
    Location,
    Manifest,
    Problem,
)
from journeylint.pointers import pointer_of
from journeylint.references import ReferenceFinder
from journeylint.schema_check import SchemaGate
from journeylint.suggest import did_you_mean
from journeylint.times import TimeError, parse_instant, zone_exists
from journeylint.wording import join_choices, name_place, quote_value

if TYPE_CHECKING:
    from journeylint.ports import Kind

API_VERSION = "journeylint/v1"
API_PREFIX = "journeylint/"

_LocalTimes: TypeAlias = "dict[tuple[str, ...], list[str]]"
"""Times as written, by the names that lead to their zone."""

_LEAST_INTEGER, _GREATEST_INTEGER = -(2**63), 2**63 - 1


class Rejected(NamedTuple):
    """A document that cannot be judged, and why.

    `identity` and `references` are what can be read of it all the same, so that others need not take it for missing.
    `is_ours` says whether it counts as a manifest; it may not, where a file is too broken to tell.
    """

    failures: tuple[Failure, ...]
    identity: Identity | None
    references: tuple[Identity, ...]
    is_ours: bool


class Validator:
    """Admits the manifests of these *kinds*.

    A kind's schema is compiled when the first manifest of that kind comes; ValueError is raised then where it cannot be used.
    """

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._kinds = kinds
        self._made: dict[str, _KindCheck] = {}
        self._references = ReferenceFinder(kinds)

    def admit(self, path: str, document: Document) -> Manifest | Rejected | None:
        """The manifest that *document* of the file *path* is, what is wrong with it, or None where it is not ours.

        On success the schema's defaults are filled into the document's own data, and whole numbers written as `5.0`
        or `1e3` where the schema asks for integers become int. What the run itself made is taken as it is.
        """
        value = document.value
        if document.is_derived and isinstance(value, dict) and (identity := _read_identity(value)) is not None:
            return Manifest(identity, value, path, document.number, document.locate, document.row, is_derived=True)
        if not document.problems and isinstance(value, dict) and value.get("apiVersion") == API_VERSION:
            kind = value.get("kind")
            check = self._check_of(kind)
            identity = check.complete(value) if check is not None else None
            if identity is not None:
                return Manifest(identity, value, path, document.number, document.locate, document.row)
        return self._reject(path, document)

    def _check_of(self, kind: JsonValue) -> _KindCheck | None:
        if not isinstance(kind, str) or kind not in self._kinds:
            return None
        if kind not in self._made:
            self._made[kind] = _KindCheck(self._kinds[kind])
        return self._made[kind]

    def _reject(self, path: str, document: Document) -> Rejected | None:
        is_ours = self._claims_to_be_ours(document.value) or _claims_twice(document)
        if not is_ours and not _may_be_anything(document):
            return None
        identity = _read_identity(document.value)
        failures = [
            Failure(
                code,
                problem.message,
                Location(path, document.number, problem.pointer, problem.span, document.row),
                identity,
            )
            for code, problem in self._list_problems(document, is_ours=is_ours)
        ]
        return Rejected(tuple(failures), identity, self._read_references(document.value), is_ours)

    def _claims_to_be_ours(self, value: JsonValue) -> bool:
        if not isinstance(value, dict):
            return False
        version = value.get("apiVersion")
        if isinstance(version, str) and version.strip():
            return version.strip().startswith(API_PREFIX)
        kind = value.get("kind")
        return isinstance(kind, str) and kind in self._kinds

    def _list_problems(self, document: Document, *, is_ours: bool) -> list[tuple[FailureCode, Problem]]:
        """What kept the document from being read, then what is invalid in the rest of it."""
        found = [(FailureCode.UNREADABLE_MANIFEST, problem) for problem in document.problems]
        if is_ours and not any(problem.is_fatal for problem in document.problems):
            unread = [problem.pointer for problem in document.problems]
            found += [
                (FailureCode.INVALID_MANIFEST, problem)
                for problem in self._list_invalid(document)
                if not any(_overlap(problem.pointer, pointer) for pointer in unread)
            ]
        return found

    def _list_invalid(self, document: Document) -> tuple[Problem, ...]:
        value = document.value
        if not isinstance(value, dict):
            return ()
        version, kind = value.get("apiVersion"), value.get("kind")
        told: list[tuple[Tokens, str]] = []
        if isinstance(version, str) and version.strip() and version != API_VERSION:
            told.append((("apiVersion",), f"unknown apiVersion {quote_value(version)}: expected {API_VERSION!r}"))
        check = self._check_of(kind)
        if check is None:
            told.append(self._explain_kind(value))
        elif not told:
            return check.problems(document)
        return tuple(_place(document, tokens, message) for tokens, message in told)

    def _explain_kind(self, value: JsonObject) -> tuple[Tokens, str]:
        choices = join_choices(map(quote_value, sorted(self._kinds)))
        if "kind" not in value:
            return (), f"the document lacks the required property 'kind': expected {choices}"
        kind = value["kind"]
        hint = did_you_mean(kind, self._kinds) if isinstance(kind, str) else ""
        return ("kind",), f"unknown kind {quote_value(kind)}: expected {choices}{hint}"

    def _read_references(self, value: JsonValue) -> tuple[Identity, ...]:
        if not isinstance(value, dict) or not isinstance(kind := value.get("kind"), str):
            return ()
        environment = _read_environment(value.get("metadata"))
        if environment is None:
            return ()
        return tuple(Identity(*key) for key in self._references.read_keys(kind, environment, value))


class _KindCheck:
    """One kind's schema, compiled."""

    def __init__(self, kind: Kind) -> None:
        self._gate = SchemaGate(kind.schema)
        self._fields = keep_fields(read_annotations(kind.schema), _needs_care)

    def complete(self, data: JsonObject) -> Identity | None:
        """Fill in what the schema leaves to be filled in; None where *data* is not valid, whatever the reason."""
        if not self._gate.accepts(data):
            return None
        local_times: _LocalTimes = {}
        try:
            _complete(self._fields, data, local_times)
            for names, texts in local_times.items():
                zone = _find_zone(data, names)
                for text in texts:
                    parse_instant(text, zone)
        except (ValueError, OverflowError):  # a time that never was; a number that is no integer of 64 bits
            return None
        return _read_identity(data)

    def problems(self, document: Document) -> tuple[Problem, ...]:
        """All reasons why `complete` says no, sorted by position."""
        found = list(self._gate.problems(document))
        told = {problem.pointer for problem in found}
        for tokens, message in self._explain_values(document.value):
            if pointer_of(tokens) not in told:
                found.append(_place(document, tokens, message))
        if not found and _read_identity(document.value) is None:
            found.append(_place(document, ("metadata",), "the manifest has no name: expected text in 'metadata.name'"))
        return tuple(sorted(found, key=lambda problem: (problem.span.line, problem.span.column, problem.pointer)))

    def _explain_values(self, data: JsonValue) -> Iterator[tuple[Tokens, str]]:
        for tokens, one, value in find_places(self._fields, data):
            if one.zone is not None and isinstance(value, str):
                try:
                    parse_instant(value, _find_zone(data, one.zone))
                except TimeError as error:
                    yield tokens, str(error)
            elif one.is_integer and isinstance(value, int | float) and not _LEAST_INTEGER <= value <= _GREATEST_INTEGER:
                expected = f"a whole number from {_LEAST_INTEGER} to {_GREATEST_INTEGER}"
                yield tokens, f"{name_place(tokens)} is {quote_value(value)}: expected {expected}"


def _needs_care(one: Field) -> bool:
    return bool(one.defaults) or one.zone is not None or one.is_integer


def _complete(  # noqa: C901, PLR0912 - one call a node: nothing else costs as much here
    one: Field, value: JsonValue, local_times: _LocalTimes
) -> JsonValue:
    """*value* with defaults filled in below it and whole numbers converted, its local times added to *local_times*."""
    if isinstance(value, dict):
        for name, default in one.defaults.items():
            if name not in value:
                value[name] = deepcopy(default) if isinstance(default, (list, dict)) else default
        for name, inner in one.members.items():
            if name in value:
                value[name] = _complete(inner, value[name], local_times)
        if one.rest is not None:
            for name in value.keys() - one.members.keys():
                value[name] = _complete(one.rest, value[name], local_times)
    elif isinstance(value, str):
        if one.zone is not None:
            local_times.setdefault(one.zone, []).append(value)
    elif isinstance(value, list):
        if one.items is not None:
            value[:] = [_complete(one.items, item, local_times) for item in value]
    elif one.is_integer and value is not None:
        whole = int(value)
        if not _LEAST_INTEGER <= whole <= _GREATEST_INTEGER:
            raise OverflowError
        return whole if isinstance(value, float) else value
    return value


def _find_zone(data: JsonValue, names: tuple[str, ...]) -> str:
    """The zone that the document names at *names*; UTC where it names none, or none that there is."""
    for name in names:
        data = data.get(name) if isinstance(data, dict) else None
    return data if isinstance(data, str) and zone_exists(data) else "UTC"


def _read_identity(value: JsonValue) -> Identity | None:
    """Who a document says it is, valid or not."""
    if not isinstance(value, dict) or not isinstance(metadata := value.get("metadata"), dict):
        return None
    kind, name, environment = value.get("kind"), metadata.get("name"), metadata.get("environment", DEFAULT_ENVIRONMENT)
    if isinstance(kind, str) and isinstance(name, str) and isinstance(environment, str):
        told = environment + kind + name
        return Identity(environment, kind, name) if told.isascii() or _is_tellable(told) else None
    return None


def _is_tellable(text: str) -> bool:
    """Whether *text* can be written: half a surrogate pair is no character."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _read_environment(metadata: JsonValue) -> str | None:
    environment = metadata.get("environment", DEFAULT_ENVIRONMENT) if isinstance(metadata, dict) else None
    return environment if isinstance(environment, str) else None


def _claims_twice(document: Document) -> bool:
    """Whether it cannot be told what a document is, since the key that tells is there twice or has an unknown tag."""
    unread = {problem.pointer for problem in document.problems}
    if "/apiVersion" in unread:
        return True
    version = document.value.get("apiVersion") if isinstance(document.value, dict) else None
    return "/kind" in unread and not isinstance(version, str)


def _may_be_anything(document: Document) -> bool:
    """Whether what was read does not suffice to say that the document is somebody else's."""
    return bool(document.problems) and (
        document.value is None or any(problem.is_fatal for problem in document.problems)
    )


def _overlap(pointer: str, other: str) -> bool:
    """Whether one of two nodes is, or is inside, the other."""
    return f"{pointer}/".startswith(f"{other}/") or f"{other}/".startswith(f"{pointer}/")


def _place(document: Document, tokens: Tokens, message: str) -> Problem:
    pointer = pointer_of(tokens)
    return Problem(message, pointer, document.locate(pointer))
