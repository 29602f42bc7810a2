"""A traced verdict is the engine's, for every case of every policy and for the example journeys."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from journeylint.check_request import CheckRequest
from journeylint.evidence import Verdict
from journeylint.explain import read_workspace, tracing_tools
from journeylint.model import SourceFile
from journeylint.pipeline import check
from journeylint.policies import Policy
from journeylint.testing import CaseRunner, build_host, find_cases, read_case, read_policies
from journeylint.testing.bench import Bench
from journeylint.trace import Tracer

ROOT = Path(__file__).parents[2]
HOST = build_host()
LIBRARY = read_policies(ROOT / "policies", HOST)
CASES = [(policy, path) for policy in LIBRARY.policies for path in find_cases(policy)]
PACKS = {pack.name: pack.file for pack in LIBRARY.packs}
BENCH = Bench(HOST)
RUNNER = CaseRunner(HOST)


@pytest.mark.parametrize(("policy", "path"), CASES, ids=[f"{one.id}-{path.stem}" for one, path in CASES])
def test_a_case_is_traced_as_it_is_judged(policy: Policy, path: Path) -> None:
    case = read_case(path)
    traces = [
        one for one in BENCH.traces(BENCH.prepare(case), policy, PACKS[policy.pack]) if one.manifest.path == case.path
    ]
    found = sorted((one.points_at, one.message) for one in traces if one.verdict is Verdict.FAILS)
    result = RUNNER.run(case, policy)
    assert found == sorted((one.location.pointer, one.message) for one in result.findings)
    assert not any(one.verdict in (Verdict.ERROR, Verdict.UNJUDGED) for one in traces)
    for trace in traces:
        assert all(step.text for step in trace.predicates())


@pytest.mark.parametrize("as_of", ["2025-03-01", "2026-06-01"])
def test_the_example_journeys_are_traced_as_they_are_judged(as_of: str) -> None:
    folder = ROOT / "examples/contoso"
    report = check(CheckRequest((), folder, as_of=as_of), HOST)
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))
    files = [SourceFile(path, str(folder / path)) for path in paths if not path.endswith("journeylint.yaml")]
    contents = read_workspace(files, HOST)
    tools = tracing_tools(contents.workspace, HOST, datetime.fromisoformat(as_of).replace(tzinfo=UTC))
    for policy in LIBRARY.policies:
        tally = next((one for one in report.policies if one.policy == policy.id), None)
        if tally is None or HOST.kinds[policy.kind].is_derived:
            continue
        tracer = Tracer(policy, {}, tools, pack_file=PACKS[policy.pack])
        traces = [
            tracer.trace(manifest, index)
            for manifests in contents.manifests.values()
            for manifest in manifests
            if manifest.identity.kind == policy.kind
            for index in range(len(tracer.pointers(manifest)))
        ]
        counts = Counter(one.verdict for one in traces)
        assert counts[Verdict.COMPLIES] == tally.passed
        assert counts[Verdict.FAILS] == tally.failed
        assert len(traces) - counts[Verdict.COMPLIES] - counts[Verdict.FAILS] == tally.not_applicable
