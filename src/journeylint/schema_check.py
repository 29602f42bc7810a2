"""Checks data against a JSON Schema (2020-12) and says in plain words, and where, what breaks it.

`jsonschema-rs` alone decides and supplies the errors, so that no second validator can disagree with the first; the
words are ours (`schema_words`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from journeylint.model import Document, JsonObject, JsonValue, Problem
from journeylint.pointers import pointer_of
from journeylint.schema_formats import FORMAT_CHECKS

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

Tokens = tuple[str | int, ...]

# A file of nonsense has as many problems as keys: nobody reads them all, and each costs a search for the nearest name.
MOST_PROBLEMS = 100
DEEPEST = 200


class SchemaGate:
    """A compiled JSON Schema.

    Raises ValueError where *schema* is no valid schema, uses an unknown format or refers to another document.
    """

    def __init__(self, schema: JsonObject) -> None:
        from jsonschema_rs import validator_for  # noqa: PLC0415 - costs 14 ms, and a run may need no schema

        self._schema = schema
        self._validator = validator_for(
            schema,
            formats=dict(FORMAT_CHECKS),
            validate_formats=True,
            ignore_unknown_formats=False,
            retriever=_refuse_to_fetch,
        )

    def accepts(self, value: JsonValue) -> bool:
        """Whether *value* meets the schema; a value that cannot be told in JSON does not."""
        try:
            return self._validator.is_valid(value)
        except ValueError:
            return False

    def problems(self, document: Document) -> tuple[Problem, ...]:
        """All that breaks the schema, sorted by position; at least one for a document that is not accepted.

        An unknown property is told at that property, a missing one at the mapping that lacks it. After 100 problems
        one more tells how many are left out.
        """
        if self.accepts(document.value):
            return ()
        told = list(dict.fromkeys(self._explain(document.value)))
        if not told:
            told = [((), "the document does not meet its schema, in a way that cannot be told more exactly")]
        found = [_place_problem(document, tokens, message) for tokens, message in told]
        return tuple(sorted(found, key=_position_of))

    def _explain(self, value: JsonValue) -> Iterator[tuple[Tokens, str]]:
        from journeylint.schema_words import explain_error  # noqa: PLC0415 - only a run with a mistake to tell needs it

        untellable: list[tuple[Tokens, str]] = []
        try:
            errors = self._list_errors(value)
        except ValueError:
            tellable, untellable = _replace_untellable(value)
            errors = self._list_errors(tellable)
        told = (line for error in errors for line in explain_error(error, self._schema, value))
        yield from islice(told, MOST_PROBLEMS)
        yield from islice(untellable, MOST_PROBLEMS)
        if next(told, None) is not None:
            yield (), f"more than {MOST_PROBLEMS} problems: those that follow are left out"

    def _list_errors(self, value: JsonValue) -> list[ValidationError]:
        return _drop_narrower(list(self._validator.iter_errors(value)))


def _drop_narrower(errors: list[ValidationError]) -> list[ValidationError]:
    """*errors* without those that offer for a place only some of the words that another offers for it."""
    offered = [
        frozenset(map(str, error.kind.as_dict()["options"])) if error.kind.name == "enum" else None for error in errors
    ]
    by_place: dict[Tokens, list[frozenset[str]]] = {}
    for error, words in zip(errors, offered, strict=True):
        if words is not None:
            by_place.setdefault(tuple(error.instance_path), []).append(words)
    return [
        error
        for error, words in zip(errors, offered, strict=True)
        if words is None or not any(words < others for others in by_place[tuple(error.instance_path)])
    ]


def _refuse_to_fetch(uri: str) -> JsonValue:
    raise ValueError(f"a schema refers to {uri}: expected references inside the schema only")


def _place_problem(document: Document, tokens: Tokens, message: str) -> Problem:
    pointer = pointer_of(tokens)
    return Problem(message, pointer, document.locate(pointer))


def _position_of(problem: Problem) -> tuple[int, int, str, str]:
    return problem.span.line, problem.span.column, problem.pointer, problem.message


def _replace_untellable(value: JsonValue) -> tuple[JsonValue, list[tuple[Tokens, str]]]:
    """A copy of *value* that the validator can take, and where something had to be replaced."""
    replaced: list[tuple[Tokens, str]] = []

    def copy(node: object, tokens: Tokens) -> JsonValue:
        if len(tokens) > DEEPEST:
            replaced.append((tokens, f"nested deeper than {DEEPEST} levels"))
            return None
        if isinstance(node, dict):
            return {key: copy(item, (*tokens, key)) for key, item in copy_keys(node, tokens)}
        if isinstance(node, list):
            return [copy(item, (*tokens, index)) for index, item in enumerate(node)]
        return copy_text(node, tokens) if isinstance(node, str) else node  # type: ignore[return-value]  # a scalar

    def copy_keys(node: dict[object, object], tokens: Tokens) -> Iterator[tuple[str, object]]:
        for key, item in node.items():
            name = _replace_surrogates(str(key))
            if name != key:
                replaced.append(((*tokens, name), "has a name that is no text, or holds half of a surrogate pair"))
            yield name, item

    def copy_text(text: str, tokens: Tokens) -> str:
        whole = _replace_surrogates(text)
        if whole != text:
            replaced.append((tokens, "holds half of a surrogate pair (\\ud800 to \\udfff), which is no character"))
        return whole

    return copy(value, ()), replaced


def _replace_surrogates(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
