"""What became of cases, as data for programs (`schemas/test-report.schema.json`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeylint import __version__
from journeylint.times import format_instant

if TYPE_CHECKING:
    from journeylint.cli.cases_report import CasesReport
    from journeylint.model import JsonObject
    from journeylint.testing.coverage import Coverage
    from journeylint.testing.mutation import Score
    from journeylint.testing.runner import CaseResult
    from journeylint.testing.suite import PolicyResult


def cases_data(report: CasesReport) -> JsonObject:
    """What *report* says, in version 1 of the format."""
    result, mutation = report.result, report.mutation
    cases = [case for policy in result.policies for case in policy.cases]
    return {
        "schemaVersion": "1",
        "tool": {"name": "journeylint", "version": __version__},
        "passed": report.passed,
        "minimumCoverage": report.min_coverage,
        "minimumScore": report.min_score,
        "summary": {
            "policies": len(result.policies),
            "cases": len(cases),
            "failedCases": sum(not case.holds for case in cases),
            "missingCases": sum(len(policy.lacks) for policy in result.policies),
            "subPredicates": result.coverage.total,
            "coveredSubPredicates": result.coverage.covered,
            "mutants": None if mutation is None else mutation.score.total,
            "killedMutants": None if mutation is None else mutation.score.killed,
            "arguedMutants": None if mutation is None else mutation.score.argued,
        },
        "policies": [
            _policy(one, None if mutation is None else mutation.policies.get(one.policy.id)) for one in result.policies
        ],
        "packs": [
            {
                "name": one.pack.name,
                "path": one.pack.file.path,
                "coverage": _coverage(one.coverage),
                "mutation": _score(None if mutation is None else mutation.packs.get(one.pack.name)),
            }
            for one in result.packs
        ],
        "staleSurvivors": [] if mutation is None else list(mutation.stale),
    }


def _policy(one: PolicyResult, score: Score | None) -> JsonObject:
    policy = one.policy
    return {
        "id": policy.id,
        "name": policy.name,
        "pack": policy.pack,
        "path": policy.file.path,
        "passed": one.holds,
        "lacks": list(one.lacks),
        "cases": [_case(case) for case in one.cases],
        "coverage": None if one.coverage is None else _coverage(one.coverage),
        "mutation": _score(score),
    }


def _score(score: Score | None) -> JsonObject | None:
    if score is None:
        return None
    return {
        "percent": round(score.percent, 2) if score.killed + score.argued < score.total else 100.0,
        "total": score.total,
        "killed": score.killed,
        "argued": score.argued,
        "survivors": [
            {
                "place": one.mutant.place,
                "part": one.mutant.part,
                "operator": one.mutant.operator,
                "original": one.mutant.original,
                "mutated": one.mutant.mutated,
                "reason": one.reason,
                "killer": one.killer,
            }
            for one in score.survivors
        ],
    }


def _case(result: CaseResult) -> JsonObject:
    return {
        "path": result.case.path,
        "asOf": format_instant(result.case.as_of),
        "passed": result.holds,
        "differences": [{"path": path, "line": line, "message": text} for path, line, text in result.differences()],
    }


def _coverage(coverage: Coverage) -> JsonObject:
    return {
        "percent": round(coverage.percent, 2) if coverage.gaps else 100.0,
        "total": coverage.total,
        "covered": coverage.covered,
        "gaps": [
            {
                "path": one.predicate.path,
                "line": one.predicate.line,
                "column": one.predicate.column,
                "expression": one.predicate.text,
                "neverSeen": list(one.missing),
            }
            for one in coverage.gaps
        ],
    }
