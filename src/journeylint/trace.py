"""Judges one node again, condition by condition, and keeps what each of them came to and what it read.

Each condition is a program of its own inside the policy's bindings, evaluated in CEL's own order: what CEL does not ask is not
asked here. So a traced verdict is the engine's; a property test holds that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import takewhile
from typing import NamedTuple

from journeylint.cel import CelCompileError, CelEnvironment, CelError, Program, names_in
from journeylint.cel_nodes import (
    LOOPS,
    Call,
    Conditional,
    Literal,
    Logical,
    Macro,
    Name,
    Node,
    Unary,
    children,
    macro_of,
    text_of,
    walk,
)
from journeylint.cel_syntax import parse
from journeylint.evaluate import existing_pointer
from journeylint.evidence import Consultation, NamedValue, Part, Reading, Role, Step, Trace, Verdict
from journeylint.expressions import kind_variable, lets_of
from journeylint.inquiry import Inquiry
from journeylint.model import JsonValue, Manifest
from journeylint.plan import KindPlan, Ruling
from journeylint.policies import Policy, PolicyFile
from journeylint.ports import CelFunction
from journeylint.readings import Frame, is_chain, read_chain, read_presence, resolve
from journeylint.wording import quote_value
from journeylint.workspace import Workspace

MOST_ITEMS = 20
"""Items of a macro, or users, that are looked at one by one; the one that decides is always among them."""

DEEPEST_LOOP = 6
"""Macros inside macros whose items are looked at one by one."""

_SUMS = ("usersCount", "usersLatest", "usersEarliest")
_ASKING = frozenset({*_SUMS, "lookup", "lookupAll", "isDefined", "usersOf"})


class TracingTools(NamedTuple):
    """What conditions are evaluated with; `inquiry` has the workspace that they ask.

    *with_message* asks to trace the `let` values that the message of a finding names, too.
    """

    inquiry: Inquiry
    functions: tuple[CelFunction, ...]
    user_environment: CelEnvironment
    now: datetime
    with_message: bool = False


class Tracer:
    """Traces the verdicts of one policy under given param values; compiles each condition once."""

    def __init__(
        self,
        policy: Policy,
        params: Mapping[str, JsonValue],
        tools: TracingTools,
        *,
        pack_file: PolicyFile | None = None,
    ) -> None:
        self.policy = policy
        self.tools = tools
        ruling = Ruling(policy, policy.severity, params, counts=False)
        indexes = {f"item_{level}_": "int" for level in range(DEEPEST_LOOP)}
        plan = KindPlan(
            policy.kind, [ruling], lambda variables: CelEnvironment({**variables, **indexes}, tools.functions)
        )
        self.plan = plan
        self.group = plan.groups[0]
        self.ruled = self.group.policies[0]
        self.lets = lets_of(policy)
        self._pack_file = pack_file or policy.file
        self._programs: dict[tuple[int, str], Program | None] = {}
        self._trees: dict[str, Node] = {}

    def pointers(self, manifest: Manifest) -> list[str]:
        """The pointers of the nodes that the policy selects in *manifest*, in the order of their indexes."""
        return [pointer for pointer, _ in self.group.selector.find(manifest.data)]

    def trace(self, manifest: Manifest, index: int) -> Trace:
        """The verdict on the node with that 0-based *index*, and what it rests on."""
        return _Tracing(self, manifest, index).trace()

    def parts(self) -> list[Part]:
        """The conditions in the order in which they are asked."""
        policy, pack = self.policy, self._pack_file
        asked = [
            (Role.PACK_WHEN, pack, policy.shared.when),
            (Role.WHEN, policy.file, policy.when),
            (Role.REQUIRE, policy.file, policy.require),
        ]
        return [Part(role, file, expression) for role, file, expression in asked if expression is not None]

    def part_of_let(self, name: str) -> Part:
        """The part that a `let` is."""
        if name in self.policy.let:
            return Part(Role.LET, self.policy.file, self.policy.let[name], name)
        return Part(Role.LET, self._pack_file, self.policy.shared.let[name], name)

    def tree(self, source: str) -> Node:
        """The syntax tree of *source*."""
        if source not in self._trees:
            self._trees[source] = parse(source)
        return self._trees[source]

    def program(self, environment: CelEnvironment, text: str, within: Callable[[str], str]) -> Program | None:
        """The program of *text* and what *within* puts around it; None where CEL cannot have it, so deeply it is nested."""
        key = id(environment), text
        if key not in self._programs:
            try:
                self._programs[key] = environment.compile(within(text))
            except CelCompileError:
                self._programs[key] = None
        return self._programs[key]


class _UncompilableError(CelError):
    """A part cannot stand alone."""


class _Found(NamedTuple):
    """What is inside a condition that is asked whole."""

    steps: list[Step]
    readings: list[Reading]
    consultations: list[Consultation]


class _Tracing:
    """One node."""

    def __init__(self, tracer: Tracer, manifest: Manifest, index: int) -> None:
        self._tracer = tracer
        self._manifest = manifest
        self._inquiry = tracer.tools.inquiry
        self._names: dict[str, NamedValue | None] = {}
        self._inquiry.begin(manifest)
        self._inquiry.index = index
        self._index = index
        self._pointer = tracer.pointers(manifest)[index]
        policy, plan = tracer.policy, tracer.plan
        variables: dict[str, object] = {plan.variable: manifest.data, "now": tracer.tools.now}
        for name, selector in plan.listed:
            variables[name] = [node for _, node in selector.find(manifest.data)]
        variables.update({f"item_{level}_": 0 for level in range(DEEPEST_LOOP)})
        places = {kind_variable(policy.kind): (manifest, ""), "manifest": (manifest, "")}
        places[policy.as_name] = (manifest, self._pointer)
        sources = tracer.ruled.sources
        self._base = Frame(
            evaluate_in=self._evaluator(plan.environment, sources.within, variables),
            places=places,
            let_tree=lambda name: (tracer.tree(tracer.lets[name]), tracer.lets[name]) if name in tracer.lets else None,
            manifest_of=self._manifest_of,
        )
        self._variables = variables

    # -- the verdict

    def trace(self) -> Trace:
        parts = self._tracer.parts()
        conditions, (require,) = parts[:-1], parts[-1:]
        lets = set(self._tracer.lets)
        early = list(takewhile(lambda part: not names_in(part.expression.source) & lets, conditions))
        steps: list[Step] = []
        verdict, error = None, ""
        for stage in (early, conditions[len(early) :], [require]):
            came = self._ask_all(stage, steps, is_reached=verdict is None)
            if verdict is None and stage:
                if came.error:
                    verdict, error = Verdict.ERROR, came.error
                elif stage[0].role is Role.REQUIRE:
                    verdict = Verdict.COMPLIES if came.value else Verdict.FAILS
                elif not came.value:
                    verdict = Verdict.NOT_APPLICABLE
        message = ""
        if self._inquiry.met_unjudged:
            verdict, error = Verdict.UNJUDGED, ""
        elif verdict is Verdict.FAILS:
            message, error = self._message()
            if self._tracer.tools.with_message:
                self._note_message()
            verdict = Verdict.ERROR if error else verdict
        assert verdict is not None  # noqa: S101 - the last stage always has one
        at = self._tracer.ruled.at
        points_at = existing_pointer(self._manifest, self._pointer, at) if at else self._pointer
        names = tuple(one for one in self._names.values() if one is not None)
        return Trace(self._manifest, self._pointer, points_at, verdict, tuple(steps), names, message, error)

    def _ask_all(self, stage: list[Part], steps: list[Step], *, is_reached: bool) -> _Came:
        """All of *stage* as CEL asks the operands of `&&`."""
        came = _Came(value=True)
        for part in stage:
            source = part.expression.source
            node = self._tracer.tree(source)
            if is_reached and came.value is not False:
                step = self._ask_part(_Spot(part, source), node)
                came = came.joined(step, decisive=False)
            else:
                step = self._unreached(_Spot(part, source), node)
            steps.append(step)
        return came

    def _message(self) -> tuple[str, str]:
        self._inquiry.index = self._index
        scope = self._tracer.plan.environment.scope(self._variables)
        with self._quietly():
            try:
                return "".join(map(str, self._tracer.ruled.message.elements(scope))), ""
            except CelError as error:
                return "", f"its message: {error}"

    def _note_message(self) -> None:
        for expression in self._tracer.policy.message.expressions:
            for node in walk(self._tracer.tree(expression.source)):
                if isinstance(node, Name):
                    with self._quietly():
                        self._note_lets(node, self._base)

    # -- conditions

    def _ask_part(self, spot: _Spot, node: Node) -> Step:
        try:
            return self._ask(spot, node, self._base)
        except _UncompilableError as error:
            return spot.step(node, error=str(error))

    def _ask(self, spot: _Spot, node: Node, frame: Frame, label: str = "") -> Step:
        """What *node*, a condition, comes to; its operands are asked one by one."""
        try:
            step = self._take_apart(spot, node, frame)
        except _UncompilableError:
            step = None
        if step is None:
            step = self._ask_whole(spot, node, frame)
        return step._replace(label=label) if label else step

    def _take_apart(self, spot: _Spot, node: Node, frame: Frame) -> Step | None:
        match node:
            case Logical():
                return self._ask_logical(spot, node, frame)
            case Unary(operator="!"):
                inner = self._ask(spot, node.operand, frame)
                value = None if inner.value is None else not inner.value
                return spot.step(node, "!", value=value, error=inner.error, steps=(inner,))
            case Conditional():
                return self._ask_conditional(spot, node, frame)
            case Name() if frame.is_let(node.name):
                part = self._tracer.part_of_let(node.name)
                source = part.expression.source
                inner = self._ask(_Spot(part, source), self._tracer.tree(source), self._base)
                return spot.step(node, "let", value=inner.value, error=inner.error, steps=(inner,))
            case Call(function="bind") if (macro := macro_of(node)) is not None:
                inner_frame = self._bound(spot, macro, frame)
                inner = self._ask(spot, macro.bodies[0], inner_frame)
                return spot.step(node, "bind", value=inner.value, error=inner.error, steps=(inner,))
            case _:
                return None

    def _ask_logical(self, spot: _Spot, node: Logical, frame: Frame) -> Step:
        decisive = node.operator == "||"
        came, steps = _Came(value=not decisive), []
        for operand in node.operands:
            if came.value is decisive:
                steps.append(self._unreached(spot, operand))
                continue
            step = self._ask(spot, operand, frame)
            came = came.joined(step, decisive=decisive)
            steps.append(step)
        return spot.step(node, node.operator, value=came.value, error=came.error, steps=tuple(steps))

    def _ask_conditional(self, spot: _Spot, node: Conditional, frame: Frame) -> Step:
        condition = self._ask(spot, node.condition, frame)
        yes, no = (
            self._ask(spot, branch, frame) if condition.value is wanted else self._unreached(spot, branch)
            for branch, wanted in ((node.yes, True), (node.no, False))
        )
        chosen = condition if condition.value is None else yes if condition.value else no
        return spot.step(node, "?:", value=chosen.value, error=chosen.error, steps=(condition, yes, no))

    def _ask_whole(self, spot: _Spot, node: Node, frame: Frame) -> Step:
        value, error = None, ""
        try:
            result = frame.evaluate(text_of(spot.source, node))
            if isinstance(result, bool):
                value = result
            else:
                error = f"true or false is needed here, not {quote_value(result)}"
        except _UncompilableError:
            raise
        except CelError as failed:
            error = str(failed)
        with self._quietly():
            found = self._look_inside(spot, node, frame)
        return spot.step(
            node,
            value=value,
            error=error,
            steps=tuple(found.steps),
            readings=_each_once(found.readings),
            consultations=_consulted_once(found.consultations),
        )

    def _unreached(self, spot: _Spot, node: Node) -> Step:
        return spot.step(node, is_reached=False)

    # -- what is inside

    def _look_inside(self, spot: _Spot, node: Node, frame: Frame) -> _Found:
        found = _Found([], [], [])
        with suppress(_UncompilableError):
            self._search(spot, node, frame, found)
        return found

    def _search(self, spot: _Spot, node: Node, frame: Frame, found: _Found) -> None:  # noqa: C901 - one case a kind
        match node:
            case Literal():
                return
            case Call(function="has", target=None, arguments=(argument,)):
                found.readings.append(read_presence(argument, spot.source, frame))
                self._note_lets(argument, frame)
            case _ if is_chain(node):
                self._read(spot, node, frame, found)
            case Conditional():
                condition = self._ask(spot, node.condition, frame)
                found.steps.append(condition)
                if condition.value is not None:
                    self._search(spot, node.yes if condition.value else node.no, frame, found)
            case Logical() | Unary(operator="!"):
                found.steps.append(self._ask(spot, node, frame))
            case Call() if (macro := macro_of(node)) is not None:
                self._search_macro(spot, node, macro, frame, found)
            case Call() if node.target is None and node.function in _ASKING:
                for argument in node.arguments[:2]:
                    self._search(spot, argument, frame, found)
                self._consult(spot, node, frame, found)
            case _:
                for child in children(node):
                    self._search(spot, child, frame, found)

    def _read(self, spot: _Spot, node: Node, frame: Frame, found: _Found) -> None:
        reading = read_chain(node, spot.source, frame)
        if reading is not None:
            found.readings.append(reading)
        self._note_lets(node, frame)

    def _note_lets(self, node: Node, frame: Frame) -> None:
        """Put down the values of the `let` that *node* names."""
        while not isinstance(node, Name):
            below = children(node)
            for key in below[1:]:
                self._note_lets(key, frame)
            if not below:
                return
            node = below[0]
        if frame.is_let(node.name) and node.name not in self._names:
            self._names[node.name] = None  # its place in the order; itself it cannot name
            self._names[node.name] = self._value_of_let(node.name)

    def _value_of_let(self, name: str) -> NamedValue:
        part = self._tracer.part_of_let(name)
        source = part.expression.source
        found = self._look_inside(_Spot(part, source), self._tracer.tree(source), self._base)
        value, error = None, ""
        try:
            value = self._base.evaluate(name)
        except CelError as failed:
            error = str(failed)
        return NamedValue(
            part, value, error, tuple(found.steps), _each_once(found.readings), _consulted_once(found.consultations)
        )

    # -- macros

    def _bound(self, spot: _Spot, macro: Macro, frame: Frame) -> Frame:
        """The frame inside a `cel.bind`."""
        name, value = macro.variables[0], text_of(spot.source, macro.over)
        return frame.bind(
            name,
            lambda body: f"cel.bind({name}, ({value}\n), {body}\n)",
            place=resolve(macro.over, spot.source, frame),
        )

    def _search_macro(self, spot: _Spot, node: Call, macro: Macro, frame: Frame, found: _Found) -> None:
        self._search(spot, macro.over, frame, found)
        if macro.function == "bind":
            self._search(spot, macro.bodies[0], self._bound(spot, macro, frame), found)
        elif macro.function in LOOPS and frame.level < DEEPEST_LOOP:
            has_condition = macro.function != "map" or len(macro.bodies) > 1
            if has_condition:
                found.steps.append(self._loop(spot, node, macro, frame))

    def _loop(self, spot: _Spot, node: Call, macro: Macro, frame: Frame) -> Step:
        name, over = macro.variables[0], text_of(spot.source, macro.over)
        body, omitted = macro.bodies[0], 0
        steps: list[Step] = []
        try:
            count = frame.evaluate(f"size({over}\n)")
        except CelError:
            count = 0
        place = resolve(macro.over, spot.source, frame)
        decisive = {"all": False, "exists": True}.get(macro.function)
        for position in range(count if isinstance(count, int) else 0):
            index = f"item_{frame.level}_"
            item = frame.bind(
                name,
                lambda inner, at=index: f"cel.bind({name}, ({over}\n).map({name}, {name})[{at}], {inner}\n)",  # type: ignore[misc]  # mypy does not see the default
                place=None if place is None else (place[0], f"{place[1]}/{position}"),
                variables={index: position},
            )
            if len(steps) < MOST_ITEMS:
                steps.append(self._ask(spot, body, item, f"{name} = {self._label(name, item)}"))
                value = steps[-1].value
            elif decisive is None:
                omitted = int(count) - position  # type: ignore[call-overload]  # a whole number, as seen above
                break
            else:
                value = self._whole_value(text_of(spot.source, body), item)
                if value is decisive:
                    steps.append(self._ask(spot, body, item, f"{name} = {self._label(name, item)}"))
                else:
                    omitted += 1
            if decisive is not None and value is decisive:
                break
        value = self._whole_value(text_of(spot.source, node), frame)
        return spot.step(node, macro.function, value=value, steps=tuple(steps), omitted=omitted)

    def _whole_value(self, text: str, frame: Frame) -> bool | None:
        with suppress(CelError):
            value = frame.evaluate(text)
            return value if isinstance(value, bool) else None
        return None

    def _label(self, name: str, frame: Frame) -> str:
        try:
            value = frame.evaluate(name)
        except CelError:
            return "?"
        if isinstance(value, dict):
            known = value.get("metadata", value)
            told = known.get("name") if isinstance(known, dict) else None
            return quote_value(told) if isinstance(told, str) else "a mapping"
        return quote_value(value)

    # -- other manifests

    def _consult(self, spot: _Spot, node: Call, frame: Frame, found: _Found) -> None:
        workspace, text = self._workspace(), text_of(spot.source, node)
        words = [self._text(argument, spot, frame) for argument in node.arguments]
        if workspace is None or words[0] is None or words[1] is None:
            return
        key = (self._inquiry.environment, words[0], words[1])
        if node.function in ("lookup", "isDefined"):
            met = tuple(workspace.among([key]))
            missing = "" if met else f"{key[1]} '{key[2]}'"
            found.consultations.append(Consultation(text, met, missing, workspace.is_unjudged(key)))
        elif node.function == "lookupAll":
            keys = [one for one in workspace.references_of(self._manifest) if one[1] == words[0]]
            is_unjudged = any(map(workspace.is_unjudged, keys))
            found.consultations.append(Consultation(text, tuple(workspace.among(keys)), "", is_unjudged))
        else:
            own = self._manifest.identity
            met = tuple(
                user
                for kind, name, _ in workspace.users(key)
                for user in workspace.among([(key[0], kind, name)])
                if user.identity != own
            )
            is_unjudged = bool(tuple(workspace.kinds_of_unjudged_users(key)))
            found.consultations.append(Consultation(text, met, "", is_unjudged))
            if node.function in _SUMS:
                self._sum(spot, node, met, found)

    def _sum(self, spot: _Spot, node: Call, users: tuple[Manifest, ...], found: _Found) -> None:
        """The condition, and the value, of a sum for each user."""
        texts = [one for one in node.arguments[2:] if isinstance(one, Literal) and one.text_start is not None]
        if len(texts) != len(node.arguments) - 2:
            return
        steps: list[Step] = []
        for user in users[:MOST_ITEMS]:
            variables: dict[str, object] = {"user": user.data, "now": self._tracer.tools.now}
            frame = Frame(
                evaluate_in=self._evaluator(self._tracer.tools.user_environment, lambda body: body, variables),
                places={"user": (user, "")},
                let_tree=lambda _: None,
                manifest_of=self._manifest_of,
                level=DEEPEST_LOOP,
            )
            label = f"{user.identity.kind} '{user.identity.name}'"
            for position, literal in enumerate(texts):
                source = str(literal.value)
                inner = _Spot(spot.part, source, spot.offset + (literal.text_start or 0))
                tree = self._tracer.tree(source)
                if position == 0:
                    step = self._ask(inner, tree, frame, label)
                    steps.append(step)
                    if step.value is not True:
                        break
                else:
                    inside = self._look_inside(inner, tree, frame)
                    steps += [one._replace(label=label) for one in inside.steps]
        found.steps.append(spot.step(node, node.function, steps=tuple(steps), omitted=max(len(users) - MOST_ITEMS, 0)))

    def _text(self, node: Node, spot: _Spot, frame: Frame) -> str | None:
        with suppress(CelError):
            value = frame.evaluate(text_of(spot.source, node))
            return value if isinstance(value, str) else None
        return None

    def _workspace(self) -> Workspace | None:
        return self._inquiry.workspace

    def _manifest_of(self, kind: str, name: str) -> Manifest | None:
        workspace = self._workspace()
        found = workspace.among([(self._inquiry.environment, kind, name)]) if workspace is not None else []
        return found[0] if found else None

    # -- evaluation

    def _evaluator(
        self, environment: CelEnvironment, within: Callable[[str], str], variables: Mapping[str, object]
    ) -> Callable[[str, Mapping[str, object]], object]:
        scopes: dict[tuple[tuple[str, object], ...], object] = {}

        def evaluate(text: str, more: Mapping[str, object]) -> object:
            program = self._tracer.program(environment, f"[({text}\n)]", within)
            if program is None:
                raise _UncompilableError("it is nested too deeply to be asked alone")
            key = tuple(more.items())
            if key not in scopes:
                scopes[key] = environment.scope({**variables, **more})
            self._inquiry.index = self._index
            return program.elements(scopes[key])[0]

        return evaluate

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """What is asked inside is asked for people: it has no part in the verdict."""
        met = self._inquiry.met_unjudged
        try:
            yield
        finally:
            self._inquiry.met_unjudged = met


class _Came(NamedTuple):
    """What a chain of conditions came to so far."""

    value: bool | None = None
    error: str = ""

    def joined(self, step: Step, *, decisive: bool) -> _Came:
        """With one more operand: the *decisive* value wins, else the first error."""
        if step.value is decisive:
            return _Came(decisive)
        if self.error or step.error:
            return _Came(None, self.error or step.error)
        return _Came(step.value)


class _Spot(NamedTuple):
    """The source that nodes are of, and where it begins in its part's."""

    part: Part
    source: str
    offset: int = 0

    def step(
        self,
        node: Node,
        operator: str = "",
        *,
        value: bool | None = None,
        error: str = "",
        is_reached: bool = True,
        steps: tuple[Step, ...] = (),
        readings: tuple[Reading, ...] = (),
        consultations: tuple[Consultation, ...] = (),
        omitted: int = 0,
    ) -> Step:
        """The step that *node* is."""
        start, end, text = node.start + self.offset, node.end + self.offset, text_of(self.source, node)
        return Step(
            self.part, start, end, text, operator, value, error, is_reached, "", steps, readings, consultations, omitted
        )


def _each_once(readings: list[Reading]) -> tuple[Reading, ...]:
    return tuple({reading.text: reading for reading in reversed(readings)}.values())[::-1]


def _consulted_once(consultations: list[Consultation]) -> tuple[Consultation, ...]:
    return tuple({one.text: one for one in consultations}.values())
