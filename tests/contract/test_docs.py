"""The pages say what the program says: what they show is run, and compared.

In README.md and every page under docs/:

- A block ```` ```yaml file=journeys/a.yaml ```` (or json, or any other language) is a file of that page.
- A block ```` ```console ```` with a line `$ journeylint ...` is run. The blocks of a page run from top to bottom in a
  scratch folder that holds the page's files so far and copies of examples/contoso, examples/fabrikam and
  examples/export; ```` ```console in=examples/contoso ```` runs in that folder of it.
- `$ pip install ./folder`, a folder of the page with a `pyproject.toml`, is done without a network, for that page alone.
- Lines without `$ ` are what the command before them prints; a line `...` stands for any number of lines, and
  `$ echo $?` shows an exit code. Blocks without a journeylint command (`$ pip install ...`) are left alone.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]
FENCE = re.compile(r"^(?P<fence>```+)(?P<opening>[^`\n]*)\n(?P<body>.*?)^(?P=fence)[ \t]*$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]\n]*\]\((?P<target>[^)\s]+)\)")
RUNNABLE = re.compile(r"(?:[A-Z_]+=\S* )*(?:journeylint|echo|cat|mkdir)\b|pip install (?:--upgrade )?\./")
OURS = re.compile(r"^\$ (?:(?:[A-Z_]+=\S* )*journeylint\b|pip install (?:--upgrade )?\./)", re.MULTILINE)
OFFLINE = "--quiet --disable-pip-version-check --no-deps --no-index --no-build-isolation --upgrade --target"


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page: `line` is the 1-based line of its opening fence."""

    language: str
    options: dict[str, str]
    body: str
    line: int


@dataclass(frozen=True, slots=True)
class Step:
    """A command of a console block, and the lines shown below it."""

    command: str
    shown: tuple[str, ...]


def blocks_of(text: str) -> Iterator[Block]:
    for match in FENCE.finditer(text):
        language, *words = match["opening"].split() or [""]
        options = dict(word.split("=", 1) for word in words if "=" in word)
        yield Block(language, options, match["body"], text.count("\n", 0, match.start()) + 1)


def steps_of(block: Block) -> list[Step]:
    """The steps of a console block that has a journeylint command, or installs a plugin of the page; none of another."""
    if block.language != "console" or not OURS.search(block.body):
        return []
    parts = re.split(r"^\$ ", block.body, flags=re.MULTILINE)
    assert not parts[0].strip(), f"line {block.line}: output stands before the first command"
    steps = []
    for part in parts[1:]:
        command, _, shown = part.partition("\n")
        steps.append(Step(command, trimmed(shown)))
    return steps


def trimmed(output: str) -> tuple[str, ...]:
    """The lines of *output* without trailing blanks, and without blank lines at either end."""
    lines = [line.rstrip() for line in output.splitlines()]
    return tuple("\n".join(lines).strip("\n").split("\n")) if any(lines) else ()


def is_shown(shown: tuple[str, ...], printed: tuple[str, ...]) -> bool:
    """Whether *shown* is *printed*, a line `...` standing for any number of lines."""
    pattern = "".join(r"(?:[^\n]*\n)*?" if line == "..." else re.escape(line) + r"\n" for line in shown)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def offline(command: str, site: Path) -> str:
    """*command*, or, where it installs a folder, one that does so from what is there, into *site*."""
    match = re.match(r"pip install (?:--upgrade )?(\./\S+)\Z", command)
    if match is None:
        return command
    return f"{shlex.quote(sys.executable)} -m pip install {OFFLINE} {shlex.quote(str(site))} {match[1]}"


def run_step(step: Step, folder: Path, *, last_exit: int, site: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JOURNEYLINT")}
    environment |= {
        "NO_COLOR": "1",
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(site),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
    }
    return subprocess.run(
        ["sh", "-c", f"(exit {last_exit}); {offline(step.command, site)}"],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )


def check_block(block: Block, scratch: Path) -> list[str]:
    """What the program prints otherwise than *block* shows, told for a person."""
    differences = []
    last_exit = 0
    for step in steps_of(block):
        assert RUNNABLE.match(step.command), f"line {block.line}: {step.command!r} is not run in tests"
        ran = run_step(step, scratch / block.options.get("in", "."), last_exit=last_exit, site=scratch / "site")
        last_exit = ran.returncode
        if not is_shown(step.shown, trimmed(ran.stdout)):
            differences.append(
                f"line {block.line}: `{step.command}` printed (exit code {ran.returncode})\n{ran.stdout}"
                f"where the page shows\n" + "\n".join(step.shown)
            )
    return differences


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    for example in ("contoso", "export", "fabrikam"):
        shutil.copytree(REPOSITORY / "examples" / example, tmp_path / "examples" / example)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(REPOSITORY).as_posix())
def test_what_a_page_shows_is_what_the_program_prints(page: Path, scratch: Path) -> None:
    differences = []
    for block in blocks_of(page.read_text(encoding="utf-8")):
        if "file" in block.options:
            file = scratch / block.options["file"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.body, encoding="utf-8")
        differences += check_block(block, scratch)
    assert not differences, "\n\n".join(differences)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(REPOSITORY).as_posix())
def test_links_inside_the_repository_lead_to_files(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    targets = [match["target"] for match in LINK.finditer(text)]
    inside = [target.partition("#")[0] for target in targets if not re.match(r"[a-z]+:|#", target)]
    assert [target for target in inside if not (page.parent / target).exists()] == []


def test_the_readme_shows_a_run() -> None:
    assert any(steps_of(block) for block in blocks_of((REPOSITORY / "README.md").read_text(encoding="utf-8")))


def test_left_out_lines_stand_for_any_number_of_lines() -> None:
    assert is_shown(("a", "...", "c"), ("a", "b", "b", "c"))
    assert is_shown(("a", "...", "c"), ("a", "c"))
    assert not is_shown(("a", "...", "c"), ("a", "b"))


def test_a_shown_line_is_compared_to_its_end() -> None:
    assert not is_shown(("a.",), ("ab",))
    assert not is_shown(("a",), ("a", "b"))


def test_a_block_without_our_command_is_not_run() -> None:
    [block] = blocks_of("```console\n$ pip install journeylint\n```\n")
    assert steps_of(block) == []


def test_output_belongs_to_the_command_before_it() -> None:
    [block] = blocks_of("text\n```console in=x\n$ journeylint check\nfound\n\n$ echo $?\n1\n```\n")
    assert (block.line, block.options) == (2, {"in": "x"})
    assert steps_of(block) == [Step("journeylint check", ("found",)), Step("echo $?", ("1",))]
