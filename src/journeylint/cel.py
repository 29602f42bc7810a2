"""The Common Expression Language: the only module that knows the library that evaluates it.

Expressions are type-checked and planned once (`CelEnvironment.compile`) and evaluated many times against a `Scope`,
which converts each variable at most once. An evaluation that fails raises `CelError`; it never returns something truthy.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple, Protocol

from cel_expr_python import cel  # type: ignore[import-untyped]  # it has no py.typed marker
from cel_expr_python.ext import (  # type: ignore[import-untyped]  # as above
    ext_bindings,
    ext_math,
    ext_optional,
    ext_strings,
)

from journeylint.ports import CelFunction

TYPES: Mapping[str, cel.Type] = {
    "bool": cel.Type.BOOL,
    "int": cel.Type.INT,
    "double": cel.Type.DOUBLE,
    "string": cel.Type.STRING,
    "timestamp": cel.Type.TIMESTAMP,
    "duration": cel.Type.DURATION,
    "null": cel.Type.NULL,
    "map": cel.Type.MAP,
    "list": cel.Type.LIST,
    "dyn": cel.Type.DYN,
}

_SOURCES_KEPT = 4096
"""Of how many sources it is remembered what they name: the same are asked about for every policy and every set of settings."""

LONGEST_DURATION = timedelta(seconds=315_576_000_000)
"""What a CEL duration can hold: about 10,000 years to either side."""

RESERVED_WORDS = frozenset(
    re.findall(
        r"\w+",
        "as break cel const continue else false for function if import in let loop math namespace null package return "
        "true var void while",
    )
)
"""Words that CEL keeps for itself, so that nothing can be called by them."""


class CelError(Exception):
    """An expression could not be evaluated; the text says why, for a person."""


class NoValue(NamedTuple):
    """Stands in a scope for a variable that has no value there: what names it fails, for this `reason`."""

    reason: str


class Scope(NamedTuple):
    """Values for the variables of an environment, and why some have none."""

    activation: cel.Activation
    reasons: Mapping[str, str] | None


class CelProblem(NamedTuple):
    """Why a source does not compile: 1-based line and code-point column in it; the unknown name if that is why."""

    line: int
    column: int
    message: str
    unknown_name: str = ""
    is_syntax: bool = False


class CelCompileError(Exception):
    """A source does not compile."""

    def __init__(self, problems: Sequence[CelProblem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


class Program:
    """A compiled expression."""

    __slots__ = ("_expression", "source")

    def __init__(self, expression: cel.Expression, source: str) -> None:
        self._expression = expression
        self.source = source

    def elements(self, scope: Scope) -> list[object]:
        """The list that the expression, which must be one, evaluates to in *scope*, as plain Python values.

        A list is what tells a value from a failure for certain, for a failure is returned as text. Raises CelError.
        """
        try:
            value = self._expression.eval(scope.activation).plain_value()
        except (RuntimeError, SystemError) as error:  # the latter for values that Python has no counterpart of
            raise CelError(_readable(str(error), scope.reasons)) from error
        if isinstance(value, list):
            return value
        raise CelError(_readable(str(value), scope.reasons))

    def serialized(self) -> bytes:
        """The checked syntax tree in its standard form, for `cel_ast.decode`."""
        serialized: bytes = self._expression.serialize()
        return serialized


class KeptPrograms(Protocol):
    """Programs of earlier runs in their serialized form, by their sources."""

    def find(self, source: str) -> bytes | None:
        """The program of *source*, if it was kept."""

    def keep(self, source: str, serialized: bytes) -> None:
        """Keep the program of *source*."""


class CelEnvironment:
    """What expressions may name: variables (name to type name) and functions; `names` are those of both.

    Programs that were *kept* by an environment with the same variables and functions are not compiled again.
    """

    def __init__(
        self, variables: Mapping[str, str], functions: Iterable[CelFunction], *, kept: KeptPrograms | None = None
    ) -> None:
        self._kept = kept
        self._knows_types = False
        by_name: dict[str, list[cel.Overload]] = {}
        for function in functions:
            overload = cel.Overload(
                "_".join((function.name, *function.parameters)) or function.name,
                return_type=TYPES[function.result],
                parameters=[TYPES[name] for name in function.parameters],
                impl=function.call,
            )
            by_name.setdefault(function.name, []).append(overload)
        self.names = frozenset((*variables, *by_name))
        self._environment = cel.NewEnv(
            variables={name: TYPES[kind] for name, kind in variables.items()},
            extensions=[
                ext_bindings.ExtBindings(),
                ext_strings.ExtStrings(),
                ext_math.ExtMath(),
                ext_optional.ExtOptional(),
            ],
            functions=[cel.FunctionDecl(name, overloads) for name, overloads in by_name.items()],
        )

    def compile(self, source: str, *, is_trial: bool = False) -> Program:
        """The program of *source*, which is not kept where it *is_trial*; raises CelCompileError with all its problems."""
        serialized = None if self._kept is None else self._kept.find(source)
        if serialized is not None:
            self._learn_types()
            with suppress(RuntimeError):
                return Program(self._environment.deserialize(serialized), source)
        try:
            program = Program(self._environment.compile(source), source)
        except RuntimeError as error:
            raise CelCompileError(_problems(str(error), source)) from error
        if self._kept is not None and not is_trial:
            self._kept.keep(source, program.serialized())
        return program

    def _learn_types(self) -> None:
        """Let the environment know the types of its variables: before its first `compile`, it takes no timestamp."""
        if not self._knows_types:
            self._environment.compile("1")
            self._knows_types = True

    def scope(self, variables: Mapping[str, object]) -> Scope:
        """Values for the variables: JSON-like data, aware datetimes for timestamps, timedeltas for durations, or `NoValue`."""
        reasons = None
        for name, value in variables.items():
            if isinstance(value, NoValue):
                reasons = {**(reasons or {}), name: value.reason}
        if reasons is not None:
            variables = {name: value for name, value in variables.items() if name not in reasons}
        return Scope(self._environment.Activation(variables), reasons)


def library_stamp() -> str:
    """What tells the library that is installed from another version of it; its metadata would take longer to read."""
    stat = os.stat(cel.__file__)  # noqa: PTH116 - a path takes as long again
    return f"{stat.st_size}-{stat.st_mtime_ns}"


def quote(text: str) -> str:
    """*text* as a CEL string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def bind(name: str, value: str, body: str) -> str:
    """*body* with *name* standing for *value*, which is evaluated at most once, and only where it is needed."""
    return f"cel.bind({name}, {value}, {body})"


def bind_all(bindings: Iterable[tuple[str, str]], body: str) -> str:
    """*body* inside nested bindings, the first outermost, so that each sees those before it."""
    for name, value in reversed(tuple(bindings)):
        body = bind(name, value, body)
    return body


@lru_cache(_SOURCES_KEPT)
def names_in(source: str) -> frozenset[str]:
    """Every word of *source* that may be a variable: functions are among them, literals, comments and fields not."""
    return frozenset(_words(source)) - {""}


def count_name(source: str, name: str) -> int:
    """How often *source* names *name*."""
    return _words(source).count(name)


def replace_name(source: str, name: str, replacement: str) -> str:
    """*source* with *replacement* wherever it names *name*."""
    if name not in source:
        return source
    return _replace(source, _WORD, lambda word: replacement if word[1] == name else word[0])


def replace_members(source: str, name: str, members: Mapping[str, str]) -> str:
    """*source* with the replacement of `name.member` wherever it selects one of *members*; not where `has` asks for it."""
    if not members or name not in source:
        return source
    pattern = re.compile(rf"\bhas\s*\(\s*{name}\b|\.\s*\??\s*\w+|(?<!\w){name}\s*\.\s*(\w+)(?!\w|\s*\()")
    return _replace(source, pattern, lambda found: members.get(found[1] or "", found[0]))


def _replace(source: str, pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str]) -> str:
    """*source* with what *pattern* finds outside literals and comments replaced."""
    pieces, end = [], 0
    for said in (*_SAID.finditer(source), None):
        start = len(source) if said is None else said.start()
        pieces.append(pattern.sub(replacement, source[end:start]))
        if said is not None:
            pieces.append(said[0])
            end = said.end()
    return "".join(pieces)


@lru_cache(_SOURCES_KEPT)
def _words(source: str) -> tuple[str, ...]:
    """The words of *source* that are no fields, in order, with empty texts between them."""
    return tuple(_WORD.findall(_SAID.sub(" ", source)))


def conjuncts_of(source: str) -> tuple[str, ...]:
    """The operands of the `&&` that *source* is, or just *source*.

    An operand that could mean something else alone, beside `||` or `? :`, keeps the whole together.
    """
    parts, depth, start = [], 0, 0
    for said in _JOINTS.finditer(source):
        if said[0] in "([{":
            depth += 1
        elif said[0] in ")]}":
            depth -= 1
        elif depth == 0 and said[0] == "&&":
            parts.append(source[start : said.start()].strip())
            start = said.end()
        elif depth == 0 and said[0] in ("||", "?"):
            return (source.strip(),)
    return (*parts, source[start:].strip())


def count_nesting(source: str) -> int:
    """How deep *source* is nested at least, as CEL counts: a bracket is one level, and that of a binding two."""
    levels: list[int] = []
    deepest = 0
    for said in _BRACKETS.finditer(source):
        more = _LEVELS.get(said[0])
        if more is not None:
            levels.append((levels[-1] if levels else 0) + more)
            deepest = max(deepest, levels[-1])
        elif said[0] in ")]}":
            levels.pop()
    return deepest


def paths_in(source: str) -> tuple[str, ...]:
    """The chains of names, such as `segment.spec.memberCount`, that *source* reads, each once, in order."""
    return tuple(dict.fromkeys(_PATH.findall(_SAID.sub(" ", source))))


def members_of(source: str, name: str) -> frozenset[tuple[str, ...]]:
    """The paths of the members of *name* that *source* reads, such as `("spec", "state")`; empty for the whole of it."""
    pattern = rf"\.\s*(?:\?\s*)?\w+|(?<!\w)({name})(?!\w)((?:\.[A-Za-z_]\w*)*+)(\s*\()?"
    found = set()
    for named, chain, is_call in re.findall(pattern, _SAID.sub(" ", source)):
        if named:
            path = chain.split(".")[1:]
            found.add(tuple(path[:-1] if is_call else path))
    return frozenset(found)


@lru_cache(_SOURCES_KEPT)
def macro_variables(source: str) -> frozenset[str]:
    """The names that the macros of *source* bind."""
    return frozenset(_MACRO.findall(_SAID.sub(" ", source)))


_SAID = re.compile(  # literals and comments
    r"""(?=[bBrR"'/])(?:[bB]?[rR][bB]?(?:\"{3}.*?\"{3}|'{3}.*?'{3}|"[^"\n]*"|'[^'\n]*')"""  # raw: a backslash ends nothing
    r"""|\"{3}(?:\\.|.)*?\"{3}|'{3}(?:\\.|.)*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|//[^\n]*)""",
    re.DOTALL,
)
_MACRO = re.compile(
    r"(?:\.\s*(?:all|exists|exists_one|existsOne|map|filter|transformList|transformMap)|\bcel\s*\.\s*bind)\s*\(\s*(\w+)\s*,"
)
_JOINTS = re.compile(_SAID.pattern + r"|[()\[\]{}]|&&|\|\||(?<!\.)\?")
_BRACKETS = re.compile(_SAID.pattern + r"|\bcel\.bind\(|[()\[\]{}]", re.DOTALL)
_LEVELS = {"(": 1, "[": 1, "{": 1, "cel.bind(": 2}
_PATH = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?![\w(.])")
_WORD = re.compile(  # a field, in which nothing is caught, or a word, which is
    r"\.\s*(?:\?\s*)?(?:[A-Za-z_][A-Za-z0-9_]*|`[^`\n]*`)|(?<![A-Za-z0-9_])([A-Za-z_][A-Za-z0-9_]*)"
)
_PROBLEM = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")
_STATUS = re.compile(r"^[A-Z_]+: | \[[A-Z_]+\]$")
_UNKNOWN = re.compile(r"undeclared reference to '(.*)'")
_EXPECTED = re.compile(
    r"(?:mismatched|extraneous) input '(.*)' expecting (.*)|no viable alternative at input '(.*)'", re.DOTALL
)
_UNREADABLE = re.compile(r"token recognition error at: '(.*)'", re.DOTALL)
_ABSENT = re.compile(r'^Key not found in map : "?(.*?)"?$')
_NO_VALUE = re.compile(r'^No value with name "(.*?)" found')
_OVERLOAD = re.compile(r"found no matching overload for '(.*?)' applied to '\((.*)\)'")
_NO_OVERLOAD = re.compile(r"No matching overloads found : (.*)")
_WRONG_RESULT = re.compile(
    r"(?:Unexpected|Non-CEL) value type for 'Python function .*?': (\S+?)\.?(?: \(Expected (\w+)\))?$"
)
_TOO_DEEP = re.compile(r"(?:max recursion depth|recursion limit exceeded)")
_OPERATORS = {"_?_:_": "? :", "_[_]": "[ ]", "_[?_]": "[? ]", "_?._": ".?", "@in": "in"}
_TYPES = {
    "google.protobuf.Timestamp": "timestamp",
    "google.protobuf.Duration": "duration",
    "int64": "int",
    "null_type": "null",
}


def _problems(text: str, source: str) -> list[CelProblem]:
    lines = source.split("\n")
    found = []
    for line, column, told in _PROBLEM.findall(text):
        message = re.sub(r" \(in container '.*?'\)", "", _STATUS.sub("", told))
        at, unknown = int(column), _UNKNOWN.match(message)
        name = "" if unknown is None else unknown[1]
        if name and int(line) <= len(lines):
            begin = lines[int(line) - 1].rfind(name, 0, at - 1 + len(name))  # CEL points at what follows the name
            is_call = lines[int(line) - 1].startswith("(", begin + len(name))
            at, name = (begin + 1 or at), (name if is_call else name.split(".")[0])
        found.append(CelProblem(int(line), at, _explain(message, name), name, message.startswith("Syntax error: ")))
    return found or [CelProblem(1, 1, _readable(text.splitlines()[0]))]


def _explain(message: str, unknown_name: str) -> str:
    if unknown_name:
        return f"unknown name {unknown_name!r}"
    if match := _OVERLOAD.match(message):
        if match[1] in ("bool_", "timestamp_"):  # see `inquiry.typing_functions`
            return f"a {match[1][:-1]} is needed here, not {_types(match[2])}"
        if match[1] == "json_":
            return f"a value that a manifest can hold is needed here, not {_types(match[2])}: write it as text"
        return f"{_operator(match[1])!r} does not take ({_types(match[2])})"
    message = message.removeprefix("Syntax error: ")
    if match := _UNREADABLE.match(message):
        return f"{match[1]!r} is not CEL"
    if match := _EXPECTED.match(message):
        expected = match[2] if match[2] and len(match[2]) < 8 else "something else"
        if match[1] == "<EOF>":
            return f"the expression ends where {expected.replace('something else', 'more')} is expected"
        return f"{expected} is expected instead of {(match[1] or match[3])!r}"
    return message.replace(" at '<EOF>'", " at the end")


def _readable(text: str, reasons: Mapping[str, str] | None = None) -> str:
    text = _STATUS.sub("", _STATUS.sub("", text.strip()))
    if reasons and (match := _NO_VALUE.match(text)) and match[1] in reasons:
        return reasons[match[1]]
    if match := _ABSENT.match(text):
        return f"there is no {match[1]!r} here (guard it with has())"
    if match := _NO_OVERLOAD.match(text):
        return "a value is not of the type that is needed" if "<" in match[1] else _no_operation(match[1])
    if match := _WRONG_RESULT.match(text):
        return f"a function returned a value of type {match[1]}" + (f", not {match[2].lower()}" if match[2] else "")
    if _TOO_DEEP.search(text):
        return "it is nested too deeply: CEL allows 32 levels, and each `let` that is used more than once is one"
    if text.startswith("<built-in method plain_value"):
        return "a value is optional: take it with orValue()"
    if text == "Applying SELECT to non-message type":
        return "a field of something without fields, such as null, is asked for (guard it with != null)"
    return text


def _no_operation(text: str) -> str:
    name, _, arguments = text.partition("(")
    taken = f" does not take ({_types(arguments.rstrip(')'))})" if arguments else " is given a value of a wrong type"
    return f"{_operator(name)!r}{taken}"


def _operator(name: str) -> str:
    return _OPERATORS.get(name, name.strip("_"))


def _types(text: str) -> str:
    for name, shown in _TYPES.items():
        text = text.replace(name, shown)
    return text


def _keep_none_alive() -> None:
    """Stop cel-expr-python from freeing None: it gives away a reference that it does not own for each null it returns.

    From CPython 3.12 on None is immortal (PEP 683) and no harm is done; before, the interpreter would abort after some
    thousand nulls. Seen with cel-expr-python 0.1.3: `CelValueToPyObject` returns None without taking a reference.
    """
    import ctypes  # noqa: PLC0415 - only where it is needed

    ctypes.c_ssize_t.from_address(id(None)).value += 1 << 48


if sys.version_info < (3, 12):
    _keep_none_alive()
