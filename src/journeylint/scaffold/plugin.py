"""A new distribution that brings a pack of policies, as texts of files."""

from __future__ import annotations

from collections.abc import Iterator

from journeylint import __version__
from journeylint.host import Host
from journeylint.scaffold.example import make_example
from journeylint.scaffold.policy import NewPolicy, cases_of, pack_text, policy_text, title_of

_PYPROJECT = """\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "{name}"
version = "0.1.0"
description = "Policies for journeylint: {title}"
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["journeylint>={version}"]

[project.optional-dependencies]
test = ["pytest>=8"]

[project.entry-points.journeylint]
{name} = "{package}"

[tool.setuptools.packages.find]
where = ["src"]

[tool.setuptools.package-data]
{package} = ["*/pack.yaml", "*/*/policy.yaml", "*/*/cases/fails.yaml", "*/*/cases/passes.yaml"]
"""

_README = """\
# {name}

Policies for [journeylint](https://journeylint.dev): what {title} asks of its marketing journeys.

The packs stand in `src/{package}/`. To add a policy to one:

    journeylint new policy src/{package}/{pack}/NAME

To check the policies and to run their cases:

    journeylint check-policies src
    journeylint test src/{package}
    python -m pip install --editable '.[test]' && python -m pytest

To use them, install this distribution beside journeylint: `journeylint policies` lists them then. With pre-commit:

    repos:
      - repo: https://github.com/your-organisation/journeylint
        rev: v{version}
        hooks:
          - id: journeylint
            additional_dependencies: [{name}==0.1.0]
"""

_GITIGNORE = """\
__pycache__/
*.egg-info/
.pytest_cache/
.venv/
build/
dist/
"""

_TESTS = '''\
"""Every case of every policy holds, and every policy has one that fails and one that passes."""

from pathlib import Path

import pytest

from journeylint.testing import build_host, find_cases, read_case, read_policies, run_case

ROOT = Path(__file__).resolve().parents[1] / "src" / "{package}"
HOST = build_host({entry_points})
POLICIES = read_policies(ROOT, HOST).policies
CASES = [(policy, path) for policy in POLICIES for path in find_cases(policy)]


@pytest.mark.parametrize(("policy", "path"), CASES)
def test_a_policy_finds_what_its_case_marks(policy, path):
    result = run_case(read_case(path), policy, HOST)
    assert result.holds, result.describe()


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_has_both_examples(policy):
    names = [path.name for path in find_cases(policy)]
    assert {{"fails.yaml", "passes.yaml"}} <= set(names)
'''

_PYTHON = '''\
"""What {title} adds to journeylint in Python: a function for predicates and a report format. Its packs stand beside this."""

from collections.abc import Iterable
from typing import TextIO

from journeylint import hookimpl
from journeylint.model import Report
from journeylint.ports import CelFunction, ReporterEntry, Want


@hookimpl
def journeylint_functions() -> Iterable[CelFunction]:
    """A function for predicates: {function}('Spring sale') is 2."""
    return [CelFunction("{function}", ("string",), "int", _count_words, "how many words a text has")]


@hookimpl
def journeylint_reporters() -> Iterable[ReporterEntry]:
    """A report format: `journeylint check -o {format}`."""
    return [ReporterEntry("{format}", "a line a finding, for {title}", LineReporter, is_log=True)]


def _count_words(text: str) -> int:
    return len(text.split())


class LineReporter:
    """Writes a line for each finding and failure: id, place, message."""

    format = "{format}"
    wants: frozenset[Want] = frozenset()

    def write(self, report: Report, stream: TextIO, *, color: bool) -> None:
        """Write the whole report."""
        for finding in report.findings:
            place = finding.location
            stream.write(f"{{finding.policy}} {{place.path}}:{{place.span.line}} {{finding.message}}\\n")
        for failure in report.failures:
            place = failure.location
            stream.write(f"{{failure.code.value}} {{place.path}}:{{place.span.line}} {{failure.message}}\\n")

'''


def plugin_files(name: str, prefix: str, host: Host, *, with_python: bool) -> dict[str, str]:
    """The texts of the distribution *name* by path: its pack has one policy, whose ids begin with *prefix*."""
    package = name.replace("-", "_")
    pack = name.removesuffix("-policies")
    words = {
        "name": name,
        "package": package,
        "pack": pack,
        "title": title_of(pack),
        "version": __version__,
        "format": f"{pack}-lines",
        "function": f"{package}_words",
        "entry_points": "",
    }
    policy = f"{pack}-overlong-name"
    new = NewPolicy(pack, policy, f"{prefix}001", "Journey with an overlong name", "warning", "Journey", "$")
    example = make_example(host.kinds["Journey"], "$")
    root = f"src/{package}"
    files = {
        "pyproject.toml": _PYPROJECT.format_map(words),
        "README.md": _README.format_map(words),
        ".gitignore": _GITIGNORE,
        "tests/test_policies.py": _TESTS.format_map(words),
        f"{root}/__init__.py": _PYTHON.format_map(words) if with_python else "",
        f"{root}/{pack}/pack.yaml": pack_text(pack, prefix),
        f"{root}/{pack}/{policy}/policy.yaml": policy_text(new, example),
    }
    for case, text in cases_of(new, example, host.loaders[".yaml"]).items():
        files[f"{root}/{pack}/{policy}/cases/{case}"] = text
    return files


def next_steps(folder: str) -> Iterator[str]:
    """What to tell the author once the files are there."""
    yield "It passes as it is. Change the pack, then:"
    yield f"  journeylint check-policies {folder}"
    yield f"  journeylint test {folder}/src"
    yield f"  python -m pip install --editable {folder}"
