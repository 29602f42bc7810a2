"""Runs a composite action as the runner of GitHub Actions would: its expressions, shells, files and workflow commands.

Only what actions here use: `run` steps in bash, and `uses` steps, which are answered by the test. How files, commands and
conditions are read follows the runner's source (FileCommandManager, ActionCommand, ScriptHandler, CompositeActionHandler).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.runner_protocol import Command, read_commands, read_pairs

Value = str | float | bool | None
Answer = Callable[[Mapping[str, str]], Mapping[str, str]]
BASH = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail"]
_TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^']|'')*')|(?P<operator>==|!=|&&|\|\||[!()])|(?P<name>[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*))"
)


@dataclass(slots=True)
class StepRun:
    """What became of a step: `outcome` is success, failure or skipped; `given` is what a `uses` step got."""

    id: str
    uses: str = ""
    outcome: str = "skipped"
    status: int = 0
    log: str = ""
    errors: str = ""
    summary: str = ""
    given: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)

    @property
    def commands(self) -> list[Command]:
        """The workflow commands in what the step wrote."""
        return [*read_commands(self.log), *read_commands(self.errors)]


class ActionRun(NamedTuple):
    """What became of an action."""

    steps: list[StepRun]
    outputs: dict[str, str]

    @property
    def has_failed(self) -> bool:
        """Whether the step that uses the action is red."""
        return any(step.outcome == "failure" for step in self.steps)

    @property
    def log(self) -> str:
        """All that the steps wrote to standard output."""
        return "".join(step.log for step in self.steps)

    @property
    def summary(self) -> str:
        """All that the steps wrote into the summary of the job."""
        return "".join(step.summary for step in self.steps)

    @property
    def commands(self) -> list[Command]:
        """The workflow commands of all steps."""
        return [command for step in self.steps for command in step.commands]

    def step(self, name: str) -> StepRun:
        """The step whose id, or whose action, is *name*."""
        return next(step for step in self.steps if name in (step.id, step.uses.partition("@")[0]))


class Runner(NamedTuple):
    """A machine: `temp` stays during a job; `answers` tells what an action (without its version) puts out."""

    workspace: Path
    temp: Path
    variables: Mapping[str, str]
    answers: Mapping[str, Answer]
    is_cancelled: bool = False

    def run(self, action: Path, inputs: Mapping[str, str]) -> ActionRun:
        """Run the action in the folder *action* with *inputs*."""
        metadata = yaml.safe_load((action / "action.yml").read_text(encoding="utf-8"))
        assert set(inputs) <= set(metadata["inputs"]), "an input that the action does not have"
        values = {name: str(about.get("default", "")) for name, about in metadata["inputs"].items()} | dict(inputs)
        job = _Job(self, action, values)
        for number, step in enumerate(metadata["runs"]["steps"]):
            job.run_step(step, number)
        outputs = {name: job.fill(about["value"]) for name, about in metadata["outputs"].items()}
        return ActionRun(job.steps, outputs)


def _answer_nothing(given: Mapping[str, str]) -> Mapping[str, str]:
    return {}


class _Job:
    """A run of an action, as far as it has come."""

    def __init__(self, runner: Runner, action: Path, inputs: Mapping[str, str]) -> None:
        self.runner = runner
        self.action = action
        self.steps: list[StepRun] = []
        self._inputs = inputs
        self._variables: dict[str, str] = {}
        self._path: list[str] = []

    def run_step(self, step: dict[str, Any], number: int) -> None:
        run = StepRun(step.get("id", f"__{number}"), step.get("uses", ""))
        self.steps.append(run)
        condition = re.sub(r"^\$\{\{(.*)\}\}$", r"\1", str(step.get("if", "success()")).strip(), flags=re.DOTALL)
        if not re.search(r"\b(success|failure|always|cancelled)\(\)", condition):
            condition = f"success() && ({condition})"
        if not is_truthy(self.evaluate(condition)):
            return
        run.outcome = "success"
        if run.uses:
            run.given = {name: self.fill(value) for name, value in step.get("with", {}).items()}
            answer = self.runner.answers.get(run.uses.partition("@")[0], _answer_nothing)
            run.outputs = dict(answer(run.given))
        else:
            self._run_script(step, run)

    def _run_script(self, step: dict[str, Any], run: StepRun) -> None:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"], "an input in a script is code"
        temp = self.runner.temp
        script = temp / f"{uuid.uuid4()}.sh"
        script.write_text(step["run"], encoding="utf-8")
        names = ("output", "env", "path", "step_summary", "state")
        files = {name: temp / "_runner_file_commands" / f"{name}_{uuid.uuid4()}" for name in names}
        (temp / "_runner_file_commands").mkdir(exist_ok=True)
        for file in files.values():
            file.touch()
        environment = dict(self.runner.variables) | self._variables
        environment |= {name: self.fill(value) for name, value in step.get("env", {}).items()}
        environment |= {f"GITHUB_{name.upper()}": str(file) for name, file in files.items()}
        environment |= {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(self.action),
            "GITHUB_WORKSPACE": str(self.runner.workspace),
            "RUNNER_TEMP": str(temp),
            "RUNNER_OS": "Linux",
            "PATH": os.pathsep.join([*reversed(self._path), environment["PATH"]]),
        }
        folder = self.runner.workspace / self.fill(step.get("working-directory", "."))
        ran = subprocess.run(
            [*BASH, script], cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        run.status, run.log, run.errors = ran.returncode, ran.stdout.decode(), ran.stderr.decode()
        run.outcome = "success" if run.status == 0 else "failure"
        run.outputs = read_pairs(files["output"].read_text(encoding="utf-8"))
        run.summary = files["step_summary"].read_text(encoding="utf-8")
        self._variables |= read_pairs(files["env"].read_text(encoding="utf-8"))
        self._path += [line for line in files["path"].read_text(encoding="utf-8").splitlines() if line]

    def fill(self, text: object) -> str:
        """*text* with its `${{ }}` replaced by their values."""
        return re.sub(r"\$\{\{(.*?)\}\}", lambda found: as_text(self.evaluate(found[1])), as_text(text))

    def evaluate(self, expression: str) -> Value:
        """The value of an expression."""
        tokens = []
        at = 0
        while at < len(expression.rstrip()):
            match = _TOKEN.match(expression, at)
            assert match, f"this runner does not know {expression[at:]!r}"
            tokens.append(match[match.lastgroup or 0])
            at = match.end()
        value, rest = self._any_of(tokens)
        assert not rest, f"this runner does not know {rest}"
        return value

    def _any_of(self, tokens: list[str]) -> tuple[Value, list[str]]:
        value, tokens = self._all_of(tokens)
        while tokens[:1] == ["||"]:
            other, tokens = self._all_of(tokens[1:])
            value = value if is_truthy(value) else other
        return value, tokens

    def _all_of(self, tokens: list[str]) -> tuple[Value, list[str]]:
        value, tokens = self._comparison(tokens)
        while tokens[:1] == ["&&"]:
            other, tokens = self._comparison(tokens[1:])
            value = other if is_truthy(value) else value
        return value, tokens

    def _comparison(self, tokens: list[str]) -> tuple[Value, list[str]]:
        value, tokens = self._operand(tokens)
        if tokens[:1] in (["=="], ["!="]):
            other, rest = self._operand(tokens[1:])
            value = (as_text(value).lower() == as_text(other).lower()) == (tokens[0] == "==")
            tokens = rest
        return value, tokens

    def _operand(self, tokens: list[str]) -> tuple[Value, list[str]]:
        first, *rest = tokens
        if first == "!":
            value, rest = self._operand(rest)
            return not is_truthy(value), rest
        if first == "(":
            value, rest = self._any_of(rest)
            assert rest[0] == ")"
            return value, rest[1:]
        if first.startswith("'"):
            return first[1:-1].replace("''", "'"), rest
        if rest[:2] == ["(", ")"]:
            return self._tells(first), rest[2:]
        return self._look_up(first), rest

    def _tells(self, function: str) -> bool:
        has_failed = any(step.outcome == "failure" for step in self.steps)
        return {
            "always": True,
            "cancelled": self.runner.is_cancelled,
            "failure": has_failed and not self.runner.is_cancelled,
            "success": not has_failed and not self.runner.is_cancelled,
        }[function]

    def _look_up(self, name: str) -> Value:
        match name.split("."):
            case ["true"] | ["false"]:
                return name == "true"
            case ["inputs", word]:
                return self._inputs[word]
            case ["steps", step_id, "outputs", word]:
                return next((step.outputs.get(word, "") for step in self.steps if step.id == step_id), "")
            case ["runner", "temp"]:
                return str(self.runner.temp)
            case ["github", "action_path"]:
                return str(self.action)
            case ["github", "workspace"]:
                return str(self.runner.workspace)
        raise AssertionError(f"this runner does not know {name}")


def is_truthy(value: Value) -> bool:
    """Whether an expression's value counts as true: an empty text does not."""
    return value not in (None, False, 0, "")


def as_text(value: object) -> str:
    """An expression's value, or one of the YAML, as text."""
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def plain_variables() -> dict[str, str]:
    """The variables of this process without those that are about Python, journeylint or another CI system."""
    left_out = ("PYTHON", "JOURNEYLINT", "GITHUB_", "INPUT_", "RUNNER_", "VIRTUAL_ENV", "COV")
    return {name: value for name, value in os.environ.items() if not name.startswith(left_out)}


def set_up_python(given: Mapping[str, str]) -> dict[str, str]:
    """What `actions/setup-python` puts out, as if the Python of the tests were the one that was asked for."""
    return {"python-path": sys.executable, "python-version": given["python-version"]}
