"""CEL functions and facts that other distributions bring: whatever goes wrong in one is told as theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import datetime, timedelta

from journeylint.guarded_call import describe_error, output_on_standard_error
from journeylint.model import JsonObject
from journeylint.plugin_values import is_json, show
from journeylint.ports import CelFunction, Kind

_LIMIT = 1 << 63


class FunctionError(RuntimeError):
    """A function of a plugin failed; the text says which one, of whom, and how."""


def guard_function(function: CelFunction, plugin: str) -> CelFunction:
    """*function*, whose failures name it and *plugin*; what it prints goes to standard error.

    CEL makes a failure of the predicate out of whatever a function raises.
    """
    told = f"{function.name}({', '.join(function.parameters)}) of plugin {plugin}"
    fits, words = _RESULTS[function.result]

    def call(*arguments: object) -> object:
        try:
            with output_on_standard_error():
                result = function.call(*arguments)
        except BaseException as error:  # CEL would swallow even a KeyboardInterrupt, and not say whose it was
            raise FunctionError(f"{told} raised {describe_error(error)}") from error
        if not fits(result):
            raise FunctionError(f"{told} returned {show(result)}: expected {words}")
        return result

    return function._replace(call=call)


def guard_kind(kind: Kind, plugin: str) -> Kind:
    """*kind* whose facts, where they fail, name it and *plugin*; they are derived from a copy of each document."""
    if kind.facts is None:
        return kind
    derive = kind.facts.derive
    told = f"what plugin {plugin} derives from a {kind.name}"

    def call(document: JsonObject) -> JsonObject:
        try:
            with output_on_standard_error():
                facts = derive(deepcopy(document))
        except BaseException as error:  # as with functions, whatever it is, it is the plugin's
            raise FunctionError(f"{told} raised {describe_error(error)}") from error
        if not isinstance(facts, dict) or not is_json(facts):
            raise FunctionError(f"{told} is {show(facts)}: expected a dict of JSON values")
        return facts

    return kind._replace(facts=kind.facts._replace(derive=call))


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -_LIMIT <= value < _LIMIT


def _is_number(value: object) -> bool:
    return isinstance(value, float) or _is_int(value)


def _is_instant(value: object) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None


def _is_plain(value: object) -> bool:
    """Whether CEL can hold *value* where it does not know its type; of what is inside it tells itself."""
    return _is_int(value) or value is None or isinstance(value, bool | float | str | list | dict)


_RESULTS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "bool": (lambda value: isinstance(value, bool), "true or false"),
    "int": (_is_int, "a whole number of at most 64 bits"),
    "double": (_is_number, "a number"),
    "string": (lambda value: isinstance(value, str), "text"),
    "timestamp": (_is_instant, "a datetime with a time zone"),
    "duration": (lambda value: isinstance(value, timedelta), "a timedelta"),
    "null": (lambda value: value is None, "None"),
    "map": (lambda value: isinstance(value, dict), "a dict"),
    "list": (lambda value: isinstance(value, list), "a list"),
    "dyn": (_is_plain, "None, true, false, a number, text, a list or a dict"),
}
