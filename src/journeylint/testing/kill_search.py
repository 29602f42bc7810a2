"""A search for manifests on which a mutant and its policy differ.

It starts from the cases that there are, and changes a value or two of them: members of enumerations, figures next to those
that the policy names, times by as much as its durations, keys taken out or put in, another instant as now. What the JSON
Schema refuses is passed over. The order is fixed and the number of tries is bounded, so a run gives the same answer always.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from journeylint.errors import PolicyError
from journeylint.fields import path_problem
from journeylint.host import Host
from journeylint.model import JsonObject, JsonValue
from journeylint.params import Param
from journeylint.pointers import tokens_of
from journeylint.policies import Policy
from journeylint.testing.bench import Bench, ReadyCase
from journeylint.testing.cases import Case
from journeylint.testing.variants import Mutant, Subject, uses, with_mutant
from journeylint.times import TimeError, format_instant, parse_duration, parse_instant

if TYPE_CHECKING:
    from journeylint.plan import KindPlan

MOST_TRIES = 1_500
"""Manifests that are judged in a search for one policy's survivors."""

_FROM_A_CASE = 220
_INTEGER = re.compile(r"(?<![\w.'\"])\d+(?![\w.])")
_DURATION = re.compile(r"(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?")
_SECOND = timedelta(seconds=1)


class Try(NamedTuple):
    """Documents to be judged, and the instant that they are judged at."""

    documents: list[JsonObject]
    as_of: datetime


class KillSearch:
    """Searches with the tools of a bench."""

    def __init__(self, bench: Bench, host: Host) -> None:
        self._bench = bench
        self._host = host

    def find(self, subjects: Sequence[Subject], mutants: Sequence[Mutant]) -> dict[Mutant, str]:
        """The text of a case for each of *mutants* that one was found for."""
        found: dict[Mutant, str] = {}
        for subject in subjects:
            left = [
                one
                for one in mutants
                if one not in found and (not one.part.startswith("/shared/") or uses(subject.policy, one))
            ]
            if left:
                found.update(self._find_for(subject, left))
        return found

    def _find_for(self, subject: Subject, mutants: Sequence[Mutant]) -> dict[Mutant, str]:
        policy = subject.policy
        found: dict[Mutant, str] = {}
        plans: dict[str, tuple[KindPlan, dict[Mutant, KindPlan]]] = {}
        per_case = max(_FROM_A_CASE, MOST_TRIES // max(len(subject.cases), 1))
        tries = (
            (ready.case, one) for ready, _ in subject.cases for one in islice(self._tries(ready, policy), per_case)
        )
        for case, one in islice(tries, MOST_TRIES):
            if len(found) == len(mutants):
                break
            key = repr(case.params)
            if key not in plans:
                plans[key] = (self._bench.plan(policy, case.params), self._plans(policy, mutants, case))
            ready = self._ready(case, one)
            if ready is None:
                continue
            original = self._places(ready, plans[key][0])
            for mutant, plan in plans[key][1].items():
                if mutant not in found and self._places(ready, plan) != original and original is not None:
                    found[mutant] = _as_case(ready.case, policy, original)
        return found

    def _plans(self, policy: Policy, mutants: Iterable[Mutant], case: Case) -> dict[Mutant, KindPlan]:
        plans = {}
        for mutant in mutants:
            try:
                plans[mutant] = self._bench.plan(with_mutant(policy, mutant), case.params)
            except PolicyError:
                continue
        return plans

    def _ready(self, case: Case, one: Try) -> ReadyCase | None:
        text = _write(one.documents)
        ready = self._bench.prepare(case._replace(text=text, as_of=one.as_of, expected=()))
        return None if ready.failures else ready

    def _places(self, ready: ReadyCase, plan: KindPlan) -> tuple[int, ...] | None:
        """The lines of what is found; None where something cannot be judged."""
        verdict = self._bench.judge(ready, plan)
        return None if verdict.failures else tuple(row.line for row in verdict.rows if row.path == ready.case.path)

    # -- what is tried

    def _tries(self, ready: ReadyCase, policy: Policy) -> Iterator[Try]:
        documents = [copy.deepcopy(document) for document in self._documents(ready.case)]
        if not documents:
            return
        figures = _Figures(policy, documents, ready.case.as_of)
        yield Try(documents, ready.case.as_of)
        if len(documents) > 1:
            for number in range(len(documents)):
                yield Try(documents[:number] + documents[number + 1 :], ready.case.as_of)
        singles = list(self._changes(documents, figures))
        for change in singles:
            changed = copy.deepcopy(documents)
            if change.apply(changed):
                yield Try(changed, ready.case.as_of)
        for moment in figures.instants:
            yield Try(documents, moment)
        for first in singles[:40]:
            for second in singles[:40]:
                changed = copy.deepcopy(documents)
                if first.place < second.place and first.apply(changed) and second.apply(changed):
                    yield Try(changed, ready.case.as_of)

    def _documents(self, case: Case) -> list[JsonObject]:
        loaded = self._host.loaders[".yaml"].load(case.text)
        return [document.value for document in loaded if isinstance(document.value, dict) and not document.problems]

    def _changes(self, documents: Sequence[JsonObject], figures: _Figures) -> Iterator[_Change]:
        for number, document in enumerate(documents):
            kind = self._host.kinds.get(str(document.get("kind")))
            if kind is None:
                continue
            for pointer, value in _scalars(document, ""):
                if pointer in ("/apiVersion", "/kind"):
                    continue
                shape, _ = path_problem(kind.schema, _tokens(document, pointer))
                for other in figures.others(value, shape or {}):
                    yield _Change((number, pointer), other)
                if "/spec/" in pointer:
                    yield _Change((number, pointer), _GONE)
            yield from self._additions(number, document, kind.schema)
            yield from _of_lists(number, document)

    def _additions(self, number: int, document: JsonObject, schema: JsonObject) -> Iterator[_Change]:
        """Keys of `spec` that are not there, with the values that the schema has as examples."""
        shape, _ = path_problem(schema, ("spec",))
        properties = (shape or {}).get("properties")
        spec = document.get("spec")
        if isinstance(properties, dict) and isinstance(spec, dict):
            for name, member in properties.items():
                if name not in spec and isinstance(member, dict):
                    examples = member.get("examples") or member.get("enum")
                    for example in (examples if isinstance(examples, list) else [])[:2]:
                        yield _Change((number, f"/spec/{name}"), example)


_GONE = object()
_LIST = object()


class _Change(NamedTuple):
    """A value to be put at a place: a document's number and a pointer in it."""

    place: tuple[int, str]
    value: object

    def apply(self, documents: list[JsonObject]) -> bool:
        """Make the change; False where the place is not there (any more)."""
        number, pointer = self.place
        *above, last = tokens_of(pointer)
        holder: JsonValue = documents[number]
        for token in above:
            if isinstance(holder, list) and token.isdigit() and int(token) < len(holder):
                holder = holder[int(token)]
            elif isinstance(holder, dict) and token in holder:
                holder = holder[token]
            else:
                return False
        if isinstance(holder, dict):
            if self.value is _GONE:
                return holder.pop(last, _GONE) is not _GONE
            holder[last] = self.value  # type: ignore[assignment]  # JSON, as it comes from schemas and figures
            return True
        if isinstance(holder, list) and last.isdigit() and int(last) < len(holder):
            if self.value is _GONE:
                del holder[int(last)]
            elif self.value is _LIST:
                holder.append(copy.deepcopy(holder[int(last)]))
            else:
                holder[int(last)] = self.value  # type: ignore[call-overload]  # as above
            return True
        return False


class _Figures:
    """The numbers, durations and instants that a policy and its manifests name."""

    def __init__(self, policy: Policy, documents: Sequence[JsonObject], as_of: datetime) -> None:
        sources = [policy.require.source, *(one.source for one in policy.let.values())]
        sources += [one.source for one in policy.shared.let.values()]
        sources += [one.source for one in (policy.when, policy.shared.when) if one is not None]
        text = "\n".join(sources)
        values = [param.default for param in policy.params.values()]
        numbers = [int(found) for found in _INTEGER.findall(text)]
        numbers += [value for value in values if isinstance(value, int) and not isinstance(value, bool)]
        self.numbers = list(dict.fromkeys(number + step for number in numbers for step in (0, 1, -1)))[:30]
        self.spans = list(dict.fromkeys(_spans(policy.params.values(), text)))
        texts = [str(value) for document in documents for _, value in _scalars(document, "") if isinstance(value, str)]
        moments = [as_of]
        for word in chain(texts, (str(value) for value in values), _INSTANT.findall(text)):
            if _INSTANT.fullmatch(word):
                try:
                    moments.append(parse_instant(word, "UTC"))
                except TimeError:
                    continue
        self.moments = list(dict.fromkeys(moments))[:8]
        self.instants = list(
            dict.fromkeys(moment + step for moment in self.moments for step in (timedelta(), _SECOND, -_SECOND))
        )

    def others(self, value: JsonValue, shape: JsonObject) -> list[JsonValue]:
        """What could stand in the place of *value*, which has that *shape*."""
        options = shape.get("enum")
        if isinstance(options, list):
            return [option for option in options if option != value]
        match value:
            case bool():
                return [not value]
            case int():
                return [one for one in (value + 1, value - 1, *self.numbers) if one != value]
            case str() if _INSTANT.fullmatch(value):
                return self._times(value)
            case str() if not value.strip():
                return ["x"]
            case str():
                return ["", " "]
            case _:
                return []

    def _times(self, value: str) -> list[JsonValue]:
        found: list[datetime] = []
        for moment in self.moments:
            for span in (timedelta(), *self.spans):
                for step in (timedelta(), _SECOND, -_SECOND):
                    found += [moment + span + step, moment - span + step]
        return [text for text in dict.fromkeys(map(format_instant, found)) if text != value]


def _spans(params: Iterable[Param], text: str) -> Iterator[timedelta]:
    words = [str(param.default) for param in params if param.type == "duration"]
    for word in chain(words, re.findall(r"duration\(['\"]([^'\"]+)", text)):
        try:
            yield parse_duration(word)
        except TimeError:
            continue


def _scalars(value: JsonValue, pointer: str) -> Iterator[tuple[str, JsonValue]]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _scalars(member, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _scalars(item, f"{pointer}/{index}")
    else:
        yield pointer, value


def _of_lists(number: int, document: JsonObject) -> Iterator[_Change]:
    """Items of the lists in `spec` taken out, and put in once more."""
    spec = document.get("spec")
    for name, items in spec.items() if isinstance(spec, dict) else ():
        for index in range(len(items)) if isinstance(items, list) else ():
            yield _Change((number, f"/spec/{name}/{index}"), _GONE)
            yield _Change((number, f"/spec/{name}/{index}"), _LIST)


def _tokens(document: JsonObject, pointer: str) -> list[str | int | None]:
    tokens: list[str | int | None] = []
    value: JsonValue = document
    for token in tokens_of(pointer):
        if isinstance(value, list):
            tokens.append(int(token))
            value = value[int(token)]
        else:
            tokens.append(token)
            value = value.get(token) if isinstance(value, dict) else None
    return tokens


def _write(documents: Sequence[JsonObject]) -> str:
    import yaml  # noqa: PLC0415 - only a search writes YAML

    return "---\n".join(yaml.safe_dump(one, sort_keys=False, allow_unicode=True, width=100) for one in documents)


def _as_case(case: Case, policy: Policy, lines: Sequence[int]) -> str:
    """The text of a case file with what *policy* finds marked."""
    import json  # noqa: PLC0415 - as above

    text = case.text.split("\n")
    for line in dict.fromkeys(lines):
        text[line - 1] += f"  # finds: {', '.join([policy.id] * lines.count(line))}"
    header = [f"# as-of: {format_instant(case.as_of)}"]
    if case.params:
        header.append(f"# params: {json.dumps(case.params)}")
    return "\n".join([*header, *text])
