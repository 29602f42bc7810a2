"""Asks one condition after the other about a node, in CEL's own order, and keeps what each came to and what it read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

from journeylint.cel import CelEnvironment, CelError, Program, Scope
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
from journeylint.evaluate import variables_of
from journeylint.evidence import Consultation, NamedValue, Step
from journeylint.expressions import kind_variable
from journeylint.model import Manifest
from journeylint.readings import Frame, is_chain, read_chain, read_presence, resolve
from journeylint.spots import Came, Found, Spot, each_asked_once, each_once
from journeylint.traced_policy import DEEPEST_LOOP, TracedPolicy
from journeylint.wording import quote_value
from journeylint.workspace import Workspace

MOST_ITEMS = 20
"""Items of a macro, or users, that are looked at one by one; the one that decides is always among them."""


_SUMS = ("usersCount", "usersLatest", "usersEarliest")
_ASKING = frozenset({*_SUMS, "lookup", "lookupAll", "factsOf", "isDefined", "usersOf"})


class UncompilableError(CelError):
    """A part cannot stand alone."""


class Asker:
    """Conditions of a policy about the node with the 0-based *index* in *manifest*.

    `names` are the values of the `let` that were named, in the order in which they were.
    """

    def __init__(self, policy: TracedPolicy, manifest: Manifest, index: int) -> None:
        self._policy = policy
        self._manifest = manifest
        self._inquiry = policy.tools.inquiry
        self._names: dict[str, NamedValue | None] = {}
        self._inquiry.begin(manifest)
        self._inquiry.index = index
        self._index = index
        self._pointer = policy.pointers(manifest)[index]
        plan = policy.plan
        variables = variables_of(manifest, plan, self._inquiry, policy.tools.now)
        variables.update({f"item_{level}_": 0 for level in range(DEEPEST_LOOP)})
        places = {kind_variable(policy.policy.kind): (manifest, ""), "manifest": (manifest, "")}
        places[policy.policy.as_name] = (manifest, self._pointer)
        sources = policy.ruled.sources
        self._base = Frame(
            evaluate_in=self._evaluator(plan.environment, sources.within, variables),
            places=places,
            let_tree=lambda name: (policy.tree(policy.lets[name]), policy.lets[name]) if name in policy.lets else None,
            manifest_of=self._manifest_of,
        )
        self._variables = variables

    @property
    def names(self) -> tuple[NamedValue, ...]:
        """The values of the `let` that were named so far."""
        return tuple(one for one in self._names.values() if one is not None)

    # -- conditions

    def ask_part(self, spot: Spot, node: Node) -> Step:
        """What *node*, a whole part of the policy, comes to."""
        try:
            return self._ask(spot, node, self._base)
        except UncompilableError as error:
            return spot.step(node, error=str(error))

    def _ask(self, spot: Spot, node: Node, frame: Frame, label: str = "") -> Step:
        """What *node*, a condition, comes to; its operands are asked one by one."""
        try:
            step = self._take_apart(spot, node, frame)
        except UncompilableError:
            step = None
        if step is None:
            step = self._ask_whole(spot, node, frame)
        return step._replace(label=label) if label else step

    def _take_apart(self, spot: Spot, node: Node, frame: Frame) -> Step | None:
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
                part = self._policy.part_of_let(node.name)
                source = part.expression.source
                inner = self._ask(Spot(part, source), self._policy.tree(source), self._base)
                return spot.step(node, "let", value=inner.value, error=inner.error, steps=(inner,))
            case Call(function="bind") if (macro := macro_of(node)) is not None:
                inner_frame = self._bound(spot, macro, frame)
                inner = self._ask(spot, macro.bodies[0], inner_frame)
                return spot.step(node, "bind", value=inner.value, error=inner.error, steps=(inner,))
            case _:
                return None

    def _ask_logical(self, spot: Spot, node: Logical, frame: Frame) -> Step:
        decisive = node.operator == "||"
        came, steps = Came(value=not decisive), []
        for operand in node.operands:
            if came.value is decisive:
                steps.append(self.unreached(spot, operand))
                continue
            step = self._ask(spot, operand, frame)
            came = came.joined(step, decisive=decisive)
            steps.append(step)
        return spot.step(node, node.operator, value=came.value, error=came.error, steps=tuple(steps))

    def _ask_conditional(self, spot: Spot, node: Conditional, frame: Frame) -> Step:
        condition = self._ask(spot, node.condition, frame)
        yes, no = (
            self._ask(spot, branch, frame) if condition.value is wanted else self.unreached(spot, branch)
            for branch, wanted in ((node.yes, True), (node.no, False))
        )
        chosen = condition if condition.value is None else yes if condition.value else no
        return spot.step(node, "?:", value=chosen.value, error=chosen.error, steps=(condition, yes, no))

    def _ask_whole(self, spot: Spot, node: Node, frame: Frame) -> Step:
        value, error = None, ""
        try:
            result = frame.evaluate(text_of(spot.source, node))
            if isinstance(result, bool):
                value = result
            else:
                error = f"true or false is needed here, not {quote_value(result)}"
        except UncompilableError:
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
            readings=each_once(found.readings),
            consultations=each_asked_once(found.consultations),
        )

    def unreached(self, spot: Spot, node: Node) -> Step:
        """*node*, which is not asked."""
        return spot.step(node, is_reached=False)

    # -- what is inside

    def _look_inside(self, spot: Spot, node: Node, frame: Frame) -> Found:
        found = Found([], [], [])
        with suppress(UncompilableError):
            self._search(spot, node, frame, found)
        return found

    def _search(self, spot: Spot, node: Node, frame: Frame, found: Found) -> None:  # noqa: C901 - one case a kind
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

    def _read(self, spot: Spot, node: Node, frame: Frame, found: Found) -> None:
        reading = read_chain(node, spot.source, frame)
        if reading is not None:
            found.readings.append(reading)
        self._note_lets(node, frame)

    def note_names(self, tree: Node) -> None:
        """Put down the values of the `let` that *tree*, an expression of the message, names."""
        with self._quietly():
            for node in walk(tree):
                if isinstance(node, Name):
                    self._note_lets(node, self._base)

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
        part = self._policy.part_of_let(name)
        source = part.expression.source
        found = self._look_inside(Spot(part, source), self._policy.tree(source), self._base)
        value, error = None, ""
        try:
            value = self._base.evaluate(name)
        except CelError as failed:
            error = str(failed)
        return NamedValue(
            part, value, error, tuple(found.steps), each_once(found.readings), each_asked_once(found.consultations)
        )

    # -- macros

    def _bound(self, spot: Spot, macro: Macro, frame: Frame) -> Frame:
        """The frame inside a `cel.bind`."""
        name, value = macro.variables[0], text_of(spot.source, macro.over)
        return frame.bind(
            name,
            lambda body: f"cel.bind({name}, ({value}\n), {body}\n)",
            place=resolve(macro.over, spot.source, frame),
        )

    def _search_macro(self, spot: Spot, node: Call, macro: Macro, frame: Frame, found: Found) -> None:
        self._search(spot, macro.over, frame, found)
        if macro.function == "bind":
            self._search(spot, macro.bodies[0], self._bound(spot, macro, frame), found)
        elif macro.function in LOOPS and frame.level < DEEPEST_LOOP:
            has_condition = macro.function != "map" or len(macro.bodies) > 1
            if has_condition:
                found.steps.append(self._loop(spot, node, macro, frame))

    def _loop(self, spot: Spot, node: Call, macro: Macro, frame: Frame) -> Step:
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

    def _consult(self, spot: Spot, node: Call, frame: Frame, found: Found) -> None:
        workspace, text = self._workspace(), text_of(spot.source, node)
        words = [self._text(argument, spot, frame) for argument in node.arguments]
        if workspace is None or words[0] is None or words[1] is None:
            return
        key = (self._inquiry.environment, words[0], words[1])
        if node.function in ("lookup", "factsOf", "isDefined"):
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

    def _sum(self, spot: Spot, node: Call, users: tuple[Manifest, ...], found: Found) -> None:
        """The condition, and the value, of a sum for each user."""
        texts = [one for one in node.arguments[2:] if isinstance(one, Literal) and one.text_start is not None]
        if len(texts) != len(node.arguments) - 2:
            return
        steps: list[Step] = []
        for user in users[:MOST_ITEMS]:
            variables: dict[str, object] = {"user": user.data, "now": self._policy.tools.now}
            frame = Frame(
                evaluate_in=self._evaluator(self._policy.tools.user_environment, lambda body: body, variables),
                places={"user": (user, "")},
                let_tree=lambda _: None,
                manifest_of=self._manifest_of,
                level=DEEPEST_LOOP,
            )
            label = f"{user.identity.kind} '{user.identity.name}'"
            for position, literal in enumerate(texts):
                source = str(literal.value)
                inner = Spot(spot.part, source, spot.offset + (literal.text_start or 0))
                tree = self._policy.tree(source)
                if position == 0:
                    step = self._ask(inner, tree, frame, label)
                    steps.append(step)
                    if step.value is not True:
                        break
                else:
                    inside = self._look_inside(inner, tree, frame)
                    steps += [one._replace(label=label) for one in inside.steps]
        found.steps.append(spot.step(node, node.function, steps=tuple(steps), omitted=max(len(users) - MOST_ITEMS, 0)))

    def _text(self, node: Node, spot: Spot, frame: Frame) -> str | None:
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
        scopes: dict[tuple[tuple[str, object], ...], Scope] = {}

        def evaluate(text: str, more: Mapping[str, object]) -> object:
            program = self._policy.program(environment, f"[({text}\n)]", within)
            if program is None:
                raise UncompilableError("it is nested too deeply to be asked alone")
            key = tuple(more.items())
            if key not in scopes:
                scopes[key] = environment.scope({**variables, **more})
            self._inquiry.index = self._index
            return _in_order(program.elements(scopes[key])[0])

        return evaluate

    def elements(self, program: Program) -> list[object]:
        """What *program*, one of the policy's own, gives for the node; it has no part in the verdict. Raises CelError."""
        with self._quietly():
            return program.elements(self.scope())

    def scope(self) -> Scope:
        """What the policy's own programs about the node are evaluated in."""
        self._inquiry.index = self._index
        return self._policy.plan.environment.scope(self._variables)

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """What is asked inside is asked for people: it has no part in the verdict."""
        met = self._inquiry.met_unjudged
        try:
            yield
        finally:
            self._inquiry.met_unjudged = met


def _in_order(value: object) -> object:
    """*value* with the members of its mappings sorted: CEL hands them over in any order."""
    if isinstance(value, dict):
        return {name: _in_order(value[name]) for name in sorted(value, key=str)}
    return [_in_order(item) for item in value] if isinstance(value, list) else value
