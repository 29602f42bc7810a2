"""Field paths of expressions, checked against the schemas of the manifests that they read.

A *shape* is what is known of a value: a JSON Schema, or None where nothing is known. A field that no alternative of a
shape allows is a mistake of the policy's author that CEL itself would only tell when a manifest is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from journeylint.cel_ast import Call, Comprehension, Constant, Elements, Entries, Name, Node, Select
from journeylint.model import JsonObject, JsonValue
from journeylint.suggest import did_you_mean

Shape: TypeAlias = "JsonObject | None"
ShapeOfCall: TypeAlias = Callable[[Call], Shape]


class FieldProblem(NamedTuple):
    """A field, or a word as its value, that cannot be there; `offset` is its 0-based code point in the source."""

    offset: int
    message: str


def check_fields(
    tree: Node, shapes: Mapping[str, Shape], shape_of_call: ShapeOfCall
) -> tuple[list[FieldProblem], Mapping[str, Shape]]:
    """The impossible fields of *tree* and comparisons that no manifest meets, and the shapes of the names that it binds.

    *shapes* are those of its variables, *shape_of_call* tells that of what a function returns.
    """
    checker = _Checker(shape_of_call)
    checker.shape(tree, dict(shapes))
    return checker.problems, checker.bound


def member_shape(shape: Shape, name: str) -> Shape:
    """The shape of member *name*; raises KeyError, with the names that are allowed, where there can be none."""
    if shape is None:
        return None
    found: list[JsonObject] = []
    known: set[str] = set()
    for alternative in _alternatives(shape):
        properties = alternative.get("properties")
        names = properties if isinstance(properties, dict) else {}
        known.update(names)
        other = alternative.get("additionalProperties", _is_open(alternative))
        member = names.get(name, other)
        if isinstance(member, dict):
            found.append(member)
        elif member is not False:
            return None
    if not found:
        raise KeyError(sorted(known))
    return _union(found)


def item_shape(shape: Shape) -> Shape:
    """The shape of a list's items (of a map's keys nothing is known)."""
    if shape is None:
        return None
    found = [alternative["items"] for alternative in _alternatives(shape) if "items" in alternative]
    return _union([item for item in found if isinstance(item, dict)])


def words_of(shape: Shape) -> list[str] | None:
    """The texts that a value of *shape* can be, sorted, or None where it can be any."""
    if shape is None:
        return None
    words: set[str] = set()
    for alternative in _alternatives(shape):
        values = alternative.get("enum", [alternative["const"]] if "const" in alternative else None)
        if isinstance(values, list):
            words.update(value for value in values if isinstance(value, str))
        elif alternative.get("type") != "null":
            return None
    return sorted(words) or None


def _value_shape(shape: Shape) -> Shape:
    """The shape of the values of a mapping whose keys are not known: nothing is known of one that has fixed members, too."""
    if shape is None:
        return None
    found = [
        alternative.get("additionalProperties")
        for alternative in _alternatives(shape)
        if "properties" not in alternative
    ]
    return _union([one for one in found if isinstance(one, dict)])


def path_problem(shape: Shape, tokens: Iterable[str | int | tuple[str, ...] | None]) -> tuple[Shape, str | None]:
    """The shape at the end of a path of names, indexes, several names and None (any item), or why there is no such path."""
    for token in tokens:
        if isinstance(token, tuple):
            shapes = []
            for name in token:
                one, problem = path_problem(shape, (name,))
                if problem is not None:
                    return None, problem
                shapes.append(one)
            shape = any_of(shapes)
        elif isinstance(token, str) and not (token.isdigit() and _is_list(shape)):
            try:
                shape = member_shape(shape, token)
            except KeyError as error:
                return None, _no_such_field(token, error)
        else:
            shape = item_shape(shape)
    return shape, None


def list_of(shape: Shape) -> Shape:
    """The shape of a list whose items have *shape*."""
    return None if shape is None else {"type": "array", "items": shape}


def any_of(shapes: Iterable[Shape]) -> Shape:
    """What is known of a value that has one of *shapes*."""
    listed = list(shapes)
    if not listed or any(shape is None for shape in listed):
        return None
    return _union([shape for shape in listed if shape is not None])


def _union(shapes: list[JsonObject]) -> Shape:
    if not shapes:
        return None
    return shapes[0] if len(shapes) == 1 else {"anyOf": [*shapes]}


def _alternatives(shape: JsonObject) -> Iterator[JsonObject]:
    for word in ("anyOf", "oneOf"):
        branches = shape.get(word)
        if isinstance(branches, list) and "properties" not in shape:
            for branch in branches:
                if isinstance(branch, dict):
                    yield from _alternatives(branch)
            return
    yield shape


def _is_open(schema: JsonObject) -> JsonValue:
    """Whether a schema that says nothing of further members allows them: not where it is no object at all."""
    values = schema.get("enum", [schema["const"]] if "const" in schema else None)
    if isinstance(values, list) and not any(isinstance(value, dict) for value in values):
        return False
    kind = schema.get("type", "object")
    return "object" in kind if isinstance(kind, list) else kind == "object"


def _is_list(shape: Shape) -> bool:
    return shape is not None and any("items" in alternative for alternative in _alternatives(shape))


def _no_such_field(name: str, error: KeyError) -> str:
    known: list[str] = error.args[0]
    if not known:
        return f"there can be no field {name!r} here: the value has no fields"
    return f"there is no field {name!r} here" + (did_you_mean(name, known) or f": known are {', '.join(known)}")


def _fallback_shape(node: Node, shape: Shape, instead_of: Shape) -> Shape:
    """The shape of what `orValue` gives where there is nothing; a literal has no fields, and may be a word of its own."""
    if isinstance(node, Constant):
        return {"const": node.value} if isinstance(node.value, str) else instead_of
    return {"type": "array"} if isinstance(node, Elements) and not node.items else shape


class _Checker:
    """Walks a tree with the shapes of the variables in scope, collecting problems once each."""

    def __init__(self, shape_of_call: ShapeOfCall) -> None:
        self.problems: list[FieldProblem] = []
        self.bound: dict[str, Shape] = {}
        self._shape_of_call = shape_of_call

    def shape(self, node: Node, scope: dict[str, Shape]) -> Shape:
        match node:
            case Name():
                return scope.get(node.name)
            case Select():
                return self._member(self.shape(node.operand, scope), node.field, node.offset + 1)
            case Call():
                return self._call(node, scope)
            case Elements():
                return list_of(any_of([self.shape(item, scope) for item in node.items]))
            case Entries():
                return self._entries(node, scope)
            case Comprehension():
                return self._comprehension(node, scope)
            case Constant():
                return None

    def _entries(self, node: Entries, scope: dict[str, Shape]) -> Shape:
        members: JsonObject = {}
        for key, value in node.items:
            self.shape(key, scope)
            shape = self.shape(value, scope)
            if not (isinstance(key, Constant) and isinstance(key.value, str)):
                return None
            members[key.value] = shape or {}
        return {"type": "object", "properties": members, "additionalProperties": False}

    def _member(self, shape: Shape, name: str, offset: int) -> Shape:
        try:
            return member_shape(shape, name)
        except KeyError as error:
            self._tell(FieldProblem(offset, _no_such_field(name, error)))
            return None

    def _tell(self, problem: FieldProblem) -> None:
        if problem not in self.problems:
            self.problems.append(problem)

    def _call(self, node: Call, scope: dict[str, Shape]) -> Shape:
        target = self.shape(node.target, scope) if node.target is not None else None
        arguments = [self.shape(argument, scope) for argument in node.arguments]
        match node.function:
            case "_?_:_":
                return any_of(arguments[1:])
            case "_[_]" | "_[?_]" | "_?._":
                return self._index(node, arguments[0])
            case "dyn" | "optional.of":
                return arguments[0]
            case "orValue" | "or":
                return any_of([target, _fallback_shape(node.arguments[0], arguments[0], target)])
            case "value":
                return target
            case "_==_" | "_!=_":
                for index, other in ((0, 1), (1, 0)):
                    self._check_words([node.arguments[index]], arguments[other])
                return None
            case "@in":
                listed = node.arguments[1]
                self._check_words(listed.items if isinstance(listed, Elements) else (), arguments[0])
                self._check_words([node.arguments[0]], item_shape(arguments[1]))
                return None
            case _:
                return self._shape_of_call(node)

    def _check_words(self, nodes: Iterable[Node], shape: Shape) -> None:
        """Tell those of *nodes* that are texts which a value of *shape*, that they are compared with, never is."""
        words = words_of(shape)
        for node in nodes if words is not None else ():
            if (
                words is not None
                and isinstance(node, Constant)
                and isinstance(node.value, str)
                and node.value not in words
            ):
                known = did_you_mean(node.value, words) or f": known are {', '.join(filter(None, words))}"
                self._tell(FieldProblem(node.offset, f"{node.value!r} is none of the values of this field{known}"))

    def _index(self, node: Call, operand: Shape) -> Shape:
        index = node.arguments[1]
        if isinstance(index, Constant) and isinstance(index.value, str):
            return self._member(operand, index.value, index.offset)
        return any_of([one for one in (item_shape(operand), _value_shape(operand)) if one is not None])

    def _comprehension(self, node: Comprehension, scope: dict[str, Shape]) -> Shape:
        if node.is_bind:
            self.bound[node.accumulator] = self.shape(node.start, scope)
            return self.shape(node.result, {**scope, node.accumulator: self.bound[node.accumulator]})
        items = item_shape(self.shape(node.range, scope))
        inner = {**scope, node.variable: items, node.accumulator: None}
        step = self.shape(node.step, inner)
        self.shape(node.condition, inner)
        return self._collected(node, step, inner)

    def _collected(self, node: Comprehension, step: Shape, scope: dict[str, Shape]) -> Shape:
        """The shape of the list that `map` and `filter` build; nothing is known of what others return."""
        addition = node.step
        if isinstance(addition, Call) and addition.function == "_?_:_":
            addition = addition.arguments[1]
        if isinstance(addition, Call) and addition.function == "_+_" and isinstance(addition.arguments[1], Elements):
            return self.shape(addition.arguments[1], scope)
        return step
