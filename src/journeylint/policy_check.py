"""What can be known to be wrong with a policy before any manifest is judged: types, names, fields, selections."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from journeylint.cel import RESERVED_WORDS, CelCompileError, CelEnvironment, names_in
from journeylint.cel_ast import Call, Constant, Node, decode
from journeylint.errors import PolicyError
from journeylint.expressions import FACTS, kind_variable, lets_of, lets_of_fix, nodes_of
from journeylint.fields import Shape, any_of, check_fields, item_shape, list_of, path_problem
from journeylint.params import map_literal, param_literals, value_problem
from journeylint.plan import KindPlan, Ruling
from journeylint.pointers import pointer_of, tokens_of
from journeylint.policies import ASKING, Expression, FixTemplate, Pack, Policy, PolicyFile
from journeylint.policy_fix import find_target_problems
from journeylint.policy_places import problem_in
from journeylint.ports import Kind
from journeylint.references import reference_targets
from journeylint.selection import Token, compile_selector
from journeylint.suggest import did_you_mean

SUMS = {"usersCount": 1, "usersLatest": 2, "usersEarliest": 2}
"""The functions over a manifest's users, and how many CEL sources each takes behind kind and name."""

_ASKING_ONE = frozenset(ASKING) - SUMS.keys()

CEL_FUNCTIONS = re.findall(
    r"\w+",
    "size matches contains startsWith endsWith has all exists exists_one map filter timestamp duration string int double bool "
    "type dyn charAt indexOf lastIndexOf join lowerAscii replace split substring trim upperAscii format getFullYear "
    "getMonth getDate getDayOfWeek getHours getMinutes getSeconds getMilliseconds orValue hasValue",
)
"""The functions of CEL itself and of its extensions, for the nearest name to one that is not known."""

LETS_BEYOND_DOUBT = 10
"""With so few `let`, expressions of common depth stay far from CEL's limit of 32 levels."""


class CheckingContext(NamedTuple):
    """What policies are checked against: the kinds, and an environment a kind and one for sums over users.

    `sums` has what was found of each text about users so far, by the kind that they use and the type that is needed: many
    policies ask with the same.
    """

    kinds: Mapping[str, Kind]
    environments: Mapping[str, CelEnvironment]
    user_environment: CelEnvironment
    sums: dict[tuple[str | None, str, str], tuple[tuple[int, str], ...]]


_Fragment: TypeAlias = tuple[str, Expression]
"""An expression, and the path of the file that it stands in."""

_Told: TypeAlias = tuple[_Fragment, str]
"""The fragment at fault, and the line about it."""


class _Asked(NamedTuple):
    """An expression of a file, and the function that says of which type it must be."""

    file: PolicyFile
    expression: Expression
    function: str


@dataclass(slots=True)
class _Source:
    """A source put together of fragments, each on lines of its own, so that a problem can be traced to its fragment."""

    text: str = ""
    fragments: list[tuple[int, int, Expression, PolicyFile]] = field(default_factory=list)

    def write(self, text: str) -> None:
        self.text += text

    def write_fragment(self, expression: Expression, file: PolicyFile) -> None:
        self.text += "\n"
        self.fragments.append((len(self.text), len(self.text) + len(expression.source), expression, file))
        self.text += expression.source + "\n"

    def offset(self, line: int, column: int) -> int:
        lines = self.text.split("\n")
        return sum(len(text) + 1 for text in lines[: line - 1]) + column - 1

    def syntax_problems(self, environment: CelEnvironment) -> list[_Told]:
        """The first mistake in the syntax of each fragment: together, one mistake is taken for several."""
        found: list[_Told] = []
        for _, _, expression, file in self.fragments:
            try:
                environment.compile(expression.source)
            except CelCompileError as error:
                first = error.problems[0]
                if first.is_syntax:
                    lines = expression.source.split("\n")
                    offset = sum(len(line) + 1 for line in lines[: first.line - 1]) + first.column - 1
                    found.append(((file.path, expression), problem_in(file, expression, offset, first.message)))
        return found

    def problem(self, offset: int, message: str) -> str:
        return self.told(offset, message)[1]

    def told(self, offset: int, message: str) -> _Told:
        index = max(bisect_right([fragment[0] for fragment in self.fragments], offset) - 1, 0)
        start, end, expression, file = self.fragments[index]
        if offset > end + 1 and index + 1 < len(self.fragments):  # at the call around the next one
            start, end, expression, file = self.fragments[index + 1]
        return (file.path, expression), problem_in(file, expression, min(max(offset, start), end) - start, message)


def check_pack(pack: Pack, kinds: Mapping[str, Kind]) -> list[str]:
    """What is wrong with what *pack* shares, apart from its expressions, which are checked with each policy."""
    return [
        pack.file.problem(
            pointer_of(("shared", "kinds", kind)), f"there is no kind {kind!r}{did_you_mean(kind, kinds)}"
        )
        for kind in pack.shared
        if kind not in kinds
    ]


def check_policy(policy: Policy, pack: Pack, context: CheckingContext) -> list[str]:
    """Everything wrong with the expressions, paths and names of *policy*, as lines `path:line:column: …`."""
    kind = context.kinds.get(policy.kind)
    if kind is None:
        hint = did_you_mean(policy.kind, context.kinds)
        return [policy.file.problem("/match/kind", f"there is no kind {policy.kind!r}{hint}")]
    if any(value_problem(param, param.default) is not None for param in policy.params.values()):
        return []  # told already, and what expressions would read cannot be told
    return _PolicyCheck(policy, pack, kind, context).problems()


class _PolicyCheck:
    def __init__(self, policy: Policy, pack: Pack, kind: Kind, context: CheckingContext) -> None:
        self._policy = policy
        self._pack = pack
        self._kind = kind
        self._context = context
        self._held = {name: kind for name, kind in context.kinds.items() if not kind.is_derived}
        self._found: list[str] = []

    def problems(self) -> list[str]:
        self._check_names()
        self._check_names_of_others()
        if self._kind.is_judged_last and self._policy.is_suppressible:
            told = f"findings about a {self._kind.name} cannot be suppressed: add 'suppressible: false'"
            self._add("/suppressible" if "suppressible" in self._policy.source else "/match/kind", told)
        if self._kind.is_derived:
            for key, has_it in (("fix", self._policy.fix is not None), ("deadline", bool(self._policy.deadline))):
                if has_it:
                    self._add(f"/{key}", f"a {self._kind.name} is no part of a file: a policy about it has no '{key}'")
        shape, is_selection = self._check_selection()
        if not self._found:
            self._check_expressions()
        if self._policy.deadline and not self._found:
            self._check_deadline()
        if is_selection:
            self._check_pointer("/at", self._policy.at, shape)
            if self._policy.fix is not None:
                for place, problem in find_target_problems(self._policy.fix, shape, self._kind.schema):
                    self._add(place, problem)
        return self._found

    def _check_names(self) -> None:
        policy, variable = self._policy, kind_variable(self._policy.kind)
        taken = {variable, "manifest", "params", "now"}
        if policy.as_name in taken | RESERVED_WORDS and "as" in _member(policy.source, "match"):
            self._add("/match/as", f"the name {policy.as_name!r} is taken: choose another for the node")
        for name in policy.let:
            if name in taken | RESERVED_WORDS | {policy.as_name}:
                self._add(pointer_of(("let", name)), f"the name {name!r} is taken: choose another")
        if FACTS in policy.let and FACTS in names_in(policy.let[FACTS].source):
            self._add(pointer_of(("let", FACTS)), f"the name {FACTS!r} would stand for itself: choose another")
        for name in policy.fix.let if policy.fix is not None else ():
            if name in taken | RESERVED_WORDS | {policy.as_name, *policy.let}:
                self._add(pointer_of(("fix", "let", name)), f"the name {name!r} is taken: choose another")

    def _check_names_of_others(self) -> None:
        policy = self._policy
        names = {kind_variable(policy.kind), "manifest", policy.as_name, *policy.let, *policy.shared.let}
        for index, place in enumerate(policy.related):
            if place.manifest not in names:
                hint = did_you_mean(place.manifest, names)
                self._add(f"/related/{index}/manifest", f"there is no variable {place.manifest!r}{hint}")
        if any(not expression.source.strip() for expression in policy.message.expressions):
            self._add("/message", "a ${} is empty: write ${expression}")
        if policy.fix is not None and any(not one.source.strip() for one in policy.fix.title.expressions):
            self._add("/fix/title", "a ${} is empty: write ${expression}")
        self._check_shared_condition()

    def _check_shared_condition(self) -> None:
        shared, node = self._policy.shared, self._policy.as_name
        if shared.when is None:
            return
        names = set(names_in(shared.when.source))
        for name in reversed(list(shared.let)):
            if name in names:
                names |= names_in(shared.let[name].source)
        if node in names:
            message = f"a pack's condition is about the manifest, but this one needs {node!r}, the node that is judged"
            self._found.append(problem_in(self._pack.file, shared.when, 0, message))

    def _check_deadline(self) -> None:
        from journeylint.clock_dependence import clock_dependence  # noqa: PLC0415 - few policies have a deadline

        if clock_dependence(self._policy) is None:
            message = (
                "nothing can be too late: the verdict does not hang on now - compare a time with it, or leave this out"
            )
            self._add("/deadline", message)

    def _check_selection(self) -> tuple[Shape, bool]:
        """The shape of the nodes that are judged, and whether there can be any."""
        policy = self._policy
        try:
            selector = compile_selector(policy.each)
        except ValueError as error:
            self._add("/match/each", str(error))
            return None, False
        if selector.tokens is None:
            return None, True
        shape, problem = path_problem(self._kind.schema, selector.tokens)
        if problem is not None:
            self._add("/match/each", f"{policy.each!r} selects nothing: {problem}")
        elif selector.cel_path is not None and not self._may_be_list(selector.tokens[:-1]):
            problem = f"{policy.each!r} is about a mapping: write '.*' instead of '[*]'"
            self._add("/match/each", problem)
        return shape, problem is None

    def _may_be_list(self, tokens: tuple[Token, ...]) -> bool:
        parent, _ = path_problem(self._kind.schema, tokens)
        return parent is None or item_shape(parent) is not None or not parent.keys() & {"type", "properties"}

    def _check_pointer(self, place: str, pointer: str, shape: Shape) -> None:
        _, problem = path_problem(shape, tokens_of(pointer))
        if problem is not None:
            self._add(place, f"{pointer!r} leads nowhere: {problem}")

    def _check_expressions(self) -> None:
        policy = self._policy
        source, tree = self._compile(self._asked_of_nodes())
        if policy.fix is not None:
            self._check_fix_expressions(policy.fix)
        if tree is None:
            return
        shapes = self._shapes()
        problems, bound = check_fields(tree, shapes, lambda call: self._shape_of_call(call, source))
        self._found += [source.problem(problem.offset, problem.message) for problem in problems]
        bound = {**shapes, **bound}
        for index, place in enumerate(policy.related):
            shape = bound.get(place.manifest)
            if path_problem(shape, ("metadata", "name"))[1] is not None:
                self._add(f"/related/{index}/manifest", f"{place.manifest!r} is no manifest")
            else:
                self._check_pointer(f"/related/{index}/at", place.at, shape)
        most_lets = max(len(lets_of(policy)), len(lets_of_fix(policy)))
        if not self._found and most_lets > LETS_BEYOND_DOUBT:
            self._check_depth()

    def _check_fix_expressions(self, fix: FixTemplate) -> None:
        """Apart from the others: together they would be nested too deeply."""
        asked = [_Asked(self._policy.file, one, "text(") for one in fix.title.expressions]
        asked += [_Asked(self._policy.file, value, "json_(") for value in fix.values if value.source.strip() != "null"]
        asked += [] if fix.when is None else [_Asked(self._policy.file, fix.when, "bool_(")]
        source, tree = self._compile(asked, lets_of_fix(self._policy))
        if tree is not None:
            problems, _ = check_fields(tree, self._shapes(), lambda call: self._shape_of_call(call, source))
            self._found += [source.problem(problem.offset, problem.message) for problem in problems]

    def _shapes(self) -> dict[str, Shape]:
        """The shapes of the variables."""
        facts = self._kind.facts
        shapes: dict[str, Shape] = {} if facts is None else {FACTS: facts.schema}
        return {**shapes, kind_variable(self._policy.kind): self._kind.schema}

    def _asked_of_nodes(self) -> list[_Asked]:
        policy, own, shared = self._policy, self._policy.file, self._pack.file
        conditions = [(shared, policy.shared.when), (own, policy.when), (own, policy.require)]
        asked = [_Asked(file, one, "bool_(") for file, one in conditions if one is not None]
        return [*asked, *(_Asked(own, one, "text(") for one in policy.message.expressions)]

    def _compile(self, asked: Sequence[_Asked], lets: Mapping[str, str] | None = None) -> tuple[_Source, Node | None]:
        """The policy's expressions without those that do not compile, which are told: none hides what is wrong elsewhere."""
        environment = self._context.environments[self._policy.kind]
        left_out: set[_Fragment] = set()
        while True:
            source = self._source(asked, lets_of(self._policy) if lets is None else lets, left_out)
            try:
                return source, decode(environment.compile(source.text).serialized())
            except CelCompileError as error:
                told = source.syntax_problems(environment) or [
                    source.told(source.offset(one.line, one.column), one.message + self._hint(one.unknown_name))
                    for one in error.problems
                ]
                self._found += [message for _, message in told]
                if not source.fragments or any((one.line, one.column) == (1, 1) for one in error.problems):
                    return source, None  # it is about all of them: they are nested too deeply
                left_out.update(fragment for fragment, _ in told)

    def _hint(self, unknown: str) -> str:
        policy, lets = self._policy, lets_of(self._policy)
        if unknown == FACTS and self._kind.facts is None:
            return f": nothing is derived from a {self._kind.name}"
        if unknown in lets:
            return " yet: a `let` sees those above it only"
        names = {"manifest", "params", policy.as_name, *lets, *lets_of_fix(policy), *CEL_FUNCTIONS}
        return did_you_mean(unknown, names | self._context.environments[policy.kind].names) if unknown else ""

    def _check_depth(self) -> None:
        """Compile what judging will need, which may nest deeper than the expressions do by themselves."""
        policy = self._policy
        environment = self._context.environments[policy.kind]
        plan = KindPlan(policy.kind, [Ruling(policy, policy.severity, {}, counts=False)], lambda _: environment)
        try:
            for ruled in plan.groups[0].policies:
                ruled.compile_all()
            assert plan.gates  # noqa: S101 - compiles them
        except PolicyError as error:
            self._found += error.messages

    def _source(self, asked: Sequence[_Asked], lets: Mapping[str, str], left_out: Collection[_Fragment]) -> _Source:
        """What is *asked* in one source, with each of *lets* bound around it.

        Of a `let` that is *left_out* nothing is known.
        """
        policy, own, shared = self._policy, self._policy.file, self._pack.file
        nodes = nodes_of(compile_selector(policy.each), kind_variable(policy.kind), "nodes_0")
        source = _Source()
        source.write(f"cel.bind(manifest, {kind_variable(policy.kind)}, cel.bind({policy.as_name}, {nodes.one}, ")
        source.write(f"cel.bind(params, {map_literal(param_literals(policy.params, {}))}, ")
        for name in lets:
            file, let = own, self._let(name, lets[name])
            if let is None:
                file, let = shared, policy.shared.let[name]
            source.write(f"cel.bind({name}, (")
            if (file.path, let) in left_out:
                source.write("dyn(null)")
            else:
                source.write_fragment(let, file)
            source.write("), ")
        source.write("[")
        for one in asked:
            if (one.file.path, one.expression) not in left_out:
                source.write(one.function)
                source.write_fragment(one.expression, one.file)
                source.write("), " if one.function == "bool_(" else ") != '', ")
        source.write("true]" + ")" * (len(lets) + 3))
        return source

    def _let(self, name: str, source: str) -> Expression | None:
        """The `let` of the policy, or of its fix, that is called so and has this source."""
        places = [self._policy.let] if self._policy.fix is None else [self._policy.let, self._policy.fix.let]
        return next((one[name] for one in places if name in one and one[name].source == source), None)

    def _shape_of_call(self, call: Call, source: _Source) -> Shape:
        if call.function not in SUMS and call.function not in _ASKING_ONE:
            return None
        if self._kind.is_judged_last:
            told = f"there is nothing to look up for a policy about a {self._kind.name}, which a run makes itself"
            self._found.append(source.problem(call.arguments[0].offset, f"{told}: expected what is in it"))
            return None
        kind = _literal(call.arguments[0])
        if kind is not None and kind not in self._held:
            hint = did_you_mean(kind, self._held)
            self._found.append(source.problem(call.arguments[0].offset, f"there is no kind {kind!r}{hint}"))
            return None
        if call.function == "lookup":
            return None if kind is None else self._shape_of_lookup(call, self._context.kinds[kind].schema, source)
        if call.function == "factsOf":
            return None if kind is None else self._shape_of_facts(call, self._context.kinds[kind], source)
        if call.function == "lookupAll":
            return (
                None if kind is None else list_of(self._shape_of_value(call, self._context.kinds[kind].schema, source))
            )
        if call.function == "usersOf":
            return list_of(self._shape_of_users(kind))
        if call.function in SUMS:
            self._check_sum(call, self._shape_of_users(kind), source)
        return None

    def _shape_of_users(self, kind: str | None) -> Shape:
        """The shape of the manifests that may refer to some of *kind*."""
        users = [item.schema for item in self._context.kinds.values() if kind in reference_targets(item)]
        return None if kind is None else any_of(users)

    def _shape_of_lookup(self, call: Call, document: Shape, source: _Source) -> Shape:
        """The shape of the document, or of the value in it that is asked for."""
        return document if len(call.arguments) < 3 else self._shape_of_value(call, document, source)

    def _shape_of_facts(self, call: Call, kind: Kind, source: _Source) -> Shape:
        if kind.facts is None:
            message = f"nothing is derived from a {kind.name}: expected a kind that has facts"
            self._found.append(source.problem(call.arguments[0].offset, message))
            return None
        return kind.facts.schema

    def _shape_of_value(self, call: Call, document: Shape, source: _Source) -> Shape:
        """The shape of what is at the pointer that is the call's last argument."""
        pointer = _literal(call.arguments[-1])
        if pointer is None:
            return None
        try:
            shape, problem = path_problem(document, tokens_of(pointer))
        except ValueError as error:
            shape, problem = None, str(error)
        if problem is not None:
            self._found.append(source.problem(call.arguments[-1].offset, problem))
        return shape

    def _check_sum(self, call: Call, users: Shape, source: _Source) -> None:
        for argument, wrapper in zip(call.arguments[2:], ("bool_", "timestamp_"), strict=False):
            text = _literal(argument)
            if text is None:
                message = f"{call.function} takes its condition as literal text, so that it can be checked here"
                self._found.append(source.problem(argument.offset, message))
                continue
            key = (_literal(call.arguments[0]), wrapper, text)
            if key not in self._context.sums:
                self._context.sums[key] = tuple(self._find_sum_problems(wrapper, text, users))
            for at, message in self._context.sums[key]:
                self._found.append(source.problem(argument.offset + at, message))

    def _find_sum_problems(self, wrapper: str, text: str, users: Shape) -> Iterator[tuple[int, str]]:
        """What is wrong with a condition or value of a sum, and where: counted from before the quote that it begins with."""
        environment = self._context.user_environment
        try:
            program = environment.compile(f"{wrapper}({text}\n)")
        except CelCompileError as error:
            for problem in error.problems:
                hint = did_you_mean(problem.unknown_name, environment.names) if problem.unknown_name else ""
                inside = problem.column - len(wrapper) - 1 if problem.line == 1 else 0
                yield max(inside, 0), problem.message + hint
            return
        problems, _ = check_fields(decode(program.serialized()), {"user": users}, lambda _: None)
        for field_problem in problems:
            yield 1 + field_problem.offset - len(wrapper) - 1, field_problem.message

    def _add(self, pointer: str, message: str) -> None:
        self._found.append(self._policy.file.problem(pointer, message))


def _literal(node: Node) -> str | None:
    return node.value if isinstance(node, Constant) and isinstance(node.value, str) else None


def _member(data: object, name: str) -> Mapping[str, object]:
    member = data.get(name) if isinstance(data, dict) else None
    return member if isinstance(member, dict) else {}
