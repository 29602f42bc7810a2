"""Cases for policies: manifests that say themselves, line by line, what a policy finds in them.

A policy's cases stand in the folder `cases` beside its `policy.yaml`. Two of them, `fails.yaml` and `passes.yaml`, are the
examples that reports show; the others are `fails-<what>.yaml` and `passes-<what>.yaml`. Each is one or more manifests,
judged by that policy alone. The line where a finding's location begins ends with a comment:

    - {name: optouts, role: exclusion}  # finds: OBS002

Comments at the very top may set `# as-of: 2025-03-01T00:00:00Z` (that is the default) and
`# params: {maximumMembers: 500000}`. With pytest:

    HOST = build_host()
    POLICIES = read_policies(Path("policies"), HOST).policies

    @pytest.mark.parametrize(("policy", "path"), [(one, path) for one in POLICIES for path in find_cases(one)])
    def test_a_policy_finds_what_its_case_marks(policy, path):
        result = run_case(read_case(path), policy, HOST)
        assert result.holds, result.describe()
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from journeylint.cel import CelEnvironment
from journeylint.errors import PolicyError
from journeylint.file_shard import FileShard, JudgingParts, RankedFile
from journeylint.formats.yaml import YamlLoader
from journeylint.host import Host, build_host
from journeylint.inquiry import Inquiry, ManifestFunctions, typing_functions
from journeylint.load import FileReader
from journeylint.model import Failure, Finding, JsonValue, Report, SourceFile
from journeylint.params import value_problem
from journeylint.plan import KindPlan, Ruling
from journeylint.policies import Library, Policy
from journeylint.policy_library import load_library
from journeylint.ports import PolicyRoot, Supplied
from journeylint.references import ReferenceFinder
from journeylint.report import assemble_report
from journeylint.settings.instants import parse_as_of
from journeylint.settings.outdated import describe_outdated
from journeylint.shards import run_shards
from journeylint.suggest import did_you_mean, nearest
from journeylint.validate import Validator

__all__ = [
    "DEFAULT_AS_OF",
    "Case",
    "CaseResult",
    "CaseRunner",
    "Marker",
    "build_host",
    "find_cases",
    "read_case",
    "read_policies",
    "run_case",
]

DEFAULT_AS_OF = datetime(2025, 3, 1, tzinfo=UTC)
"""The instant that a case takes as now unless it says otherwise."""

_HEADERS = ("as-of", "params")
_HEADER = re.compile(r"#\s*([A-Za-z_-]+)\s*:\s*(.*?)\s*$")
_MARKER = re.compile(r"(?:^|\s)#\s*finds:\s*(.*?)\s*$")
_ID = re.compile(r"[A-Z]{2,8}[0-9]{3,}")


class Marker(NamedTuple):
    """What a case expects: a finding of `policy` (an id) whose location begins on `line` (1-based)."""

    line: int
    policy: str


class Case(NamedTuple):
    """A file of manifests with its markers, in the order of the file; `params` has only those that the case sets."""

    path: str
    as_of: datetime
    params: Mapping[str, JsonValue]
    text: str
    expected: tuple[Marker, ...]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How a policy's findings differ from a case's markers.

    `missing` were marked and not found, `unexpected` found and not marked; `failures` are manifests that could not be
    judged, of which a case has none. `warnings` are complete lines about ids that the policy had before.
    """

    case: Case
    missing: tuple[Marker, ...] = ()
    unexpected: tuple[Finding, ...] = ()
    failures: tuple[Failure, ...] = ()
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    warnings: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the policy found exactly what is marked, and everything could be judged."""
        return not (self.missing or self.unexpected or self.failures)

    def describe(self) -> str:
        """A line `path:line: …` for each difference, in the order of the file; empty where the case holds."""
        told = [(marker.line, f"{marker.policy} is marked here, but finds nothing") for marker in self.missing]
        for finding in self.unexpected:
            text = f"{finding.policy} finds something that is not marked: {finding.message}"
            told.append((finding.location.span.line, text))
        for failure in self.failures:
            text = f"{failure.code.value} {failure.code.label}: {failure.message}"
            told.append((failure.location.span.line, text))
        return "\n".join(f"{self.case.path}:{line}: {text}" for line, text in sorted(told))


def read_policies(root: Path, host: Host) -> Library:
    """The packs in the folder *root* (`<root>/<pack>/pack.yaml`), checked as they are for a run.

    Raises PolicyError with every problem of every file.
    """
    return load_library(
        host._replace(policy_roots=(Supplied("the folder under test", PolicyRoot(root)),)), is_part=True
    )


def find_cases(policy: Policy) -> list[Path]:
    """The case files of *policy*, sorted by name; relative where the policy was read by a relative path."""
    return sorted(Path(policy.file.path).parent.glob("cases/*.yaml"))


def read_case(path: Path) -> Case:
    """The case in *path*. Raises PolicyError, with all problems, for headers and markers that cannot be understood."""
    shown = path.as_posix()
    text = path.read_text(encoding="utf-8")
    reading = _CaseReading(shown)
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.startswith("#"):
            break
        reading.read_header(number, line)
    expected = tuple(marker for number, line in enumerate(lines, start=1) for marker in reading.markers(number, line))
    if reading.problems:
        raise PolicyError(reading.problems)
    return Case(shown, reading.as_of, reading.params, text, expected)


def run_case(case: Case, policy: Policy, host: Host) -> CaseResult:
    """What becomes of *case* under *policy*; `CaseRunner` is faster for many."""
    return CaseRunner(host).run(case, policy)


class CaseRunner:
    """Runs cases with what *host* supplies."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._reader = FileReader(tuple(dict.fromkeys(host.loaders.values())), host.kinds)
        self._validator = Validator(host.kinds)
        self._references = ReferenceFinder(host.kinds)

    def run(self, case: Case, policy: Policy) -> CaseResult:
        """What becomes of *case* under *policy*. Raises PolicyError for params that the policy does not take."""
        _check_params(case, policy)
        source = SourceFile(case.path, case.path, named=True, content=case.text.encode())
        parts = self._parts(case, policy)
        part: list[RankedFile] = [(0, source)]
        results = run_shards(lambda files: FileShard(parts, files), [part], start_method="fork")
        report = assemble_report(results, [policy], case.as_of)
        return _compare(case, policy, report)

    def _parts(self, case: Case, policy: Policy) -> JudgingParts:
        inquiry = Inquiry()
        functions = ManifestFunctions(inquiry, self._host.functions)
        functions.now = case.as_of
        own = [*self._host.functions, *typing_functions(), *functions.entries()]
        ruling = Ruling(policy, policy.severity, case.params, counts=True)
        plan = KindPlan(policy.kind, [ruling], lambda variables: CelEnvironment(variables, own))
        return JudgingParts(
            reader=self._reader,
            validator=self._validator,
            references=self._references,
            inquiry=inquiry,
            functions=functions,
            plan_for=lambda _, kind: plan if kind == policy.kind else None,
            now=case.as_of,
        )


def _compare(case: Case, policy: Policy, report: Report) -> CaseResult:
    """Each marker answers for one finding; one with a former id of the policy for a finding of the policy."""
    former = [marker for marker in case.expected if marker.policy in policy.life.former_ids]
    present = [marker._replace(policy=policy.id) if marker in former else marker for marker in case.expected]
    open_markers = Counter(present)
    unexpected = []
    for finding in report.findings:
        marker = Marker(finding.location.span.line, finding.policy)
        if open_markers[marker] > 0:
            open_markers[marker] -= 1
        else:
            unexpected.append(finding)
    warnings = [
        f"{case.path}:{marker.line}: {told}" for marker in former for told in describe_outdated(marker.policy, [policy])
    ]
    missing = tuple(sorted(open_markers.elements()))
    return CaseResult(case, missing, tuple(unexpected), report.failures, report.findings, tuple(warnings))


def _check_params(case: Case, policy: Policy) -> None:
    problems = []
    for name, value in case.params.items():
        param = policy.params.get(name)
        if param is None:
            problems.append(f"{policy.id} has no param {name!r}{did_you_mean(name, policy.params)}")
        elif (problem := value_problem(param, value)) is not None:
            problems.append(f"param {name!r}: {problem}")
    if problems:
        raise PolicyError(f"{case.path}:1:1: {problem}" for problem in problems)


class _CaseReading:
    """What a case's comments say, and what is wrong with them."""

    def __init__(self, path: str) -> None:
        self.as_of = DEFAULT_AS_OF
        self.params: Mapping[str, JsonValue] = {}
        self.problems: list[str] = []
        self._path = path

    def read_header(self, number: int, line: str) -> None:
        """Take over a comment at the top if it is a header; others are just comments."""
        match = _HEADER.match(line)
        if match is None:
            return
        name, value = match.groups()
        if name == "as-of":
            try:
                self.as_of = parse_as_of(value)
            except ValueError as error:
                self._add(number, f"as-of: {error}")
        elif name == "params":
            self._read_params(number, value)
        elif (meant := nearest(name, _HEADERS)) is not None:
            self._add(number, f"there is no header {name!r} - did you mean {meant!r}?")

    def markers(self, number: int, line: str) -> Iterator[Marker]:
        """The markers on a line."""
        match = _MARKER.search(line)
        if match is None:
            return
        ids = match[1].replace(",", " ").split()
        for word in ids or [""]:
            if _ID.fullmatch(word):
                yield Marker(number, word)
            else:
                self._add(number, f"'finds:' is followed by policy ids such as OBS002, not {word!r}")

    def _read_params(self, number: int, value: str) -> None:
        documents = YamlLoader().load(value)
        params = documents[0].value if len(documents) == 1 and not documents[0].problems else None
        if isinstance(params, dict):
            self.params = params
        else:
            self._add(number, f"params: expected a mapping such as {{maximumMembers: 500000}}, not {value!r}")

    def _add(self, number: int, message: str) -> None:
        self.problems.append(f"{self._path}:{number}:1: {message}")
