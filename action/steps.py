"""The two steps of the action that are more than a line: `install` journeylint, and `check` with it.

Both read the action's inputs from variables INPUT_*, in which nothing is code, and write outputs for the steps that
follow. `install` runs on the job's Python, `check` on that of the environment which `install` made. Only the standard
library is there.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ACTION = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)
# With these the job would have pip install elsewhere, or look for modules elsewhere.
UNHEEDED = ("PYTHON", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_PYTHON")
NOT_THE_PACKAGE = shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "tests", "benchmarks", "docs", "examples")
COUNTS = ("errors", "warnings", "infos", "failures", "suppressed")
MEANINGS = {
    0: "everything was judged, and no finding is as bad as fail-on.",
    1: "there are findings as bad as fail-on, or worse.",
    2: "the run did not happen, because an input, the configuration, a policy or a plugin is wrong.",
    3: "something could not be judged, or no manifest was found.",
    4: "that is a bug in journeylint.",
}
LONGEST_MESSAGE = 3000


class InputError(Exception):
    """An input of the action that cannot be meant so; the text tells a person what to do."""


def install() -> int:
    """Make an environment with journeylint and its plugins in it, and put out the path of its Python."""
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:2]))
        raise InputError(f"journeylint needs Python 3.11 or newer, and this is {found}: set the input python-version")
    version = read_input("VERSION")
    if version and not (
        version[0].isdigit() and set(version.lower()) <= set("0123456789abcdefghijklmnopqrstuvwxyz.+!-_")
    ):
        raise InputError(f"version: {version!r} is no version: expected one such as 0.1.0, or nothing")
    folder = working_directory()
    lines = [line for line in read_lines("PLUGINS") if not line.startswith("#")]
    plugins = [str((folder / line).resolve()) if (folder / line).exists() else line for line in lines]
    options = [line for line in plugins if line.startswith("-")]
    if options:
        raise InputError(f"plugins: {options[0]!r} is an option: expected names of distributions, or folders")
    told_apart_by = [sys.executable, str(ACTION), version, plugins]
    key = hashlib.sha256(json.dumps(told_apart_by).encode()).hexdigest()[:16]
    environment = Path(os.environ["RUNNER_TEMP"]) / f"journeylint-{key}"
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    is_installed = environment / "installed"  # a job may use the action several times
    if not is_installed.exists():
        run_or_fail([sys.executable, "-I", "-m", "venv", "--clear", "--without-pip", str(environment)], folder)
        what = f"journeylint=={version}" if version else copy_action(environment / "source")
        pip = [sys.executable, "-I", "-m", "pip", "--python", str(python), "--disable-pip-version-check", "--no-input"]
        run_or_fail([*pip, "install", "--quiet", "--", what, *plugins], folder)
        is_installed.touch()
    write_outputs({"python": str(python)})
    return 0


def copy_action(to: Path) -> str:
    """Copy what the package is built from to *to*: building leaves files behind, and the action may be read-only."""
    shutil.copytree(ACTION, to, ignore=NOT_THE_PACKAGE)
    return str(to)


def run_or_fail(command: list[str], folder: Path) -> None:
    """Run *command* in *folder*, with what it says in the log; SystemExit with its exit code where that is not 0."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith(UNHEEDED)}
    ran = subprocess.run(command, cwd=folder, env=variables, stdin=subprocess.DEVNULL, check=False)  # noqa: S603 - no shell
    if ran.returncode != 0:
        annotate("journeylint could not be installed", "The log of this step says why.")
        sys.exit(ran.returncode)


def check() -> int:
    """Judge, show the reports, and put out the counts, the files and the exit code. Returns 0 whatever the verdict."""
    reports = Path(tempfile.mkdtemp(prefix="journeylint-reports-", dir=os.environ["RUNNER_TEMP"]))
    try:
        folder = working_directory(must_exist=True)
        sarif = folder / (read_input("SARIF_FILE") or reports / "journeylint.sarif")
        wants_upload = is_true("UPLOAD")
        command = build_command(reports, sarif)
    except InputError as error:
        annotate("journeylint did not run", str(error))
        write_outputs({"exit-code": "2", "meaning": MEANINGS[2]})
        return 0
    status, errors = run_unheeded(command, folder)
    outputs = {"exit-code": str(status), "meaning": MEANINGS.get(status, "it did not end by itself.")}
    if status in (0, 1, 3):
        show_annotations(reports / "annotations")
        summary = json.loads((reports / "report.json").read_bytes())["summary"]
        outputs |= {name: str(summary[name]) for name in COUNTS}
        set_category(sarif, read_input("CATEGORY"))
        outputs["sarif-file"] = str(sarif)
        # A log of nothing would close every alert: it is only sent where nothing is what the caller expects.
        outputs["upload"] = str(wants_upload and (summary["manifests"] > 0 or status == 0)).lower()
    elif status == 2:
        annotate("journeylint did not run", errors.strip())
    else:
        annotate(
            "journeylint failed", f"Exit code {status}: {outputs['meaning']} The log of this step has what it said."
        )
    write_outputs(outputs)
    return 0


def build_command(reports: Path, sarif: Path) -> list[str]:
    """The call of journeylint that the inputs ask for. An option and its value are one word, and paths come last."""
    command = [sys.executable, "-I", "-X", "utf8", "-m", "journeylint", "check", "--no-cache", "--color=always"]
    for option in ("CONFIG", "FAIL_ON", "AS_OF"):
        value = read_input(option)
        if value:
            command.append(f"--{option.lower().replace('_', '-')}={value}")
    for option in ("SELECT", "IGNORE"):
        command += [f"--{option.lower()}={line.rstrip(', ')}" for line in read_lines(option)]
    command += [f"--{option.lower().replace('_', '-')}" for option in ("FOCUS", "ALLOW_EMPTY") if is_true(option)]
    command += ["--output=text", f"--output=json={reports / 'report.json'}", f"--output=sarif={sarif}"]
    if is_true("ANNOTATIONS"):
        command.append(f"--output=github={reports / 'annotations'}")
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if is_true("SUMMARY") and summary:
        command.append(f"--output=markdown={summary}")
    # `-` would be standard input, which a step has none of.
    return [*command, "--", *(f".{os.sep}-" if path == "-" else path for path in read_lines("PATHS"))]


def run_unheeded(command: list[str], folder: Path) -> tuple[int, str]:
    """Run *command* in *folder*: its exit code, and what it said on standard error.

    All that it says is shown, but the runner is told not to look for workflow commands in it: journeylint writes none
    there, and what plugins print is anybody's text.
    """
    token = secrets.token_hex(16)
    show(f"::stop-commands::{token}\n")
    try:
        ran = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)  # noqa: S603 - no shell
        errors = ran.stderr.decode("utf-8", "replace")
        # On standard output: the runner reads the other stream at its own pace, and might do so after the token.
        show(errors)
    finally:
        show(f"\n::{token}::\n")
    return (ran.returncode if ran.returncode >= 0 else 128 - ran.returncode), errors


def show_annotations(file: Path) -> None:
    """Show the workflow commands in *file*, if it was asked for: the runner makes annotations of them."""
    if file.exists():
        show(file.read_text(encoding="utf-8", errors="replace"))


def annotate(title: str, message: str) -> None:
    """Annotate the job with an error."""
    text = message if len(message) <= LONGEST_MESSAGE else f"{message[:LONGEST_MESSAGE]} ..."
    show(f"::error title={title}::{text.replace('%', '%25').replace(chr(13), '%0D').replace(chr(10), '%0A')}\n")


def set_category(sarif: Path, category: str) -> None:
    """Let the log say which analysis it is: a category that goes beside it is not heeded where it says so itself."""
    if category:
        log = json.loads(sarif.read_bytes())
        for run in log["runs"]:
            run["automationDetails"] = {**run.get("automationDetails", {}), "id": f"{category.rstrip('/')}/"}
        draft = sarif.with_name(f"{sarif.name}.draft")
        draft.write_text(
            json.dumps(log) + "\n", encoding="utf-8", newline="\n"
        )  # ASCII: halves of characters stay escapes
        draft.replace(sarif)


def read_input(name: str) -> str:
    """The input as it was given, without blanks around it; empty where it was not."""
    return os.environ.get(f"INPUT_{name}", "").strip()


def read_lines(name: str) -> list[str]:
    """The lines of an input that are not blank, without blanks around them."""
    return [line.strip() for line in read_input(name).split("\n") if line.strip()]


def is_true(name: str) -> bool:
    """Whether an input that is 'true' or 'false' is 'true'; InputError where it is neither."""
    value = read_input(name).lower()
    if value not in ("true", "false"):
        raise InputError(f"{name.lower().replace('_', '-')}: expected 'true' or 'false', and it is {value!r}")
    return value == "true"


def working_directory(*, must_exist: bool = False) -> Path:
    """The folder to work in, or the workspace where it does not exist; if it must, InputError instead."""
    workspace = Path(os.environ["GITHUB_WORKSPACE"])
    folder = workspace / read_input("WORKING_DIRECTORY")
    if folder.is_dir():
        return folder
    if must_exist:
        raise InputError(f"working-directory: there is no folder {read_input('WORKING_DIRECTORY')!r} in the workspace")
    return workspace


def write_outputs(values: dict[str, str]) -> None:
    """Give the step these outputs. No value can end early and begin another: nobody can guess the delimiter."""
    delimiter = f"end-{secrets.token_hex(16)}"
    text = "".join(f"{name}<<{delimiter}\n{value}\n{delimiter}\n" for name, value in values.items())
    with Path(os.environ["GITHUB_OUTPUT"]).open(
        "a", encoding="utf-8", errors="surrogateescape", newline="\n"
    ) as stream:
        stream.write(text)


def show(text: str) -> None:
    """Write *text* into the log now, before what a process started later says."""
    sys.stdout.write(text)
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Run the step that is named; its exit code."""
    steps = {"install": install, "check": check}
    try:
        return steps[arguments[0]]()
    except InputError as error:
        annotate("journeylint could not be installed", str(error))
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
