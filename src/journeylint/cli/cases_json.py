"""What became of cases, as data for programs (`schemas/test-report.schema.json`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeylint import __version__
from journeylint.cli.cases_text import is_too_low
from journeylint.times import format_instant

if TYPE_CHECKING:
    from journeylint.model import JsonObject
    from journeylint.testing.coverage import Coverage
    from journeylint.testing.runner import CaseResult
    from journeylint.testing.suite import LibraryResult, PolicyResult


def cases_data(result: LibraryResult, minimum: float | None) -> JsonObject:
    """What *result* says, in version 1 of the format."""
    cases = [case for policy in result.policies for case in policy.cases]
    low = any(is_too_low(one, minimum) for one in result.coverages)
    return {
        "schemaVersion": "1",
        "tool": {"name": "journeylint", "version": __version__},
        "passed": result.holds and not low,
        "minimumCoverage": minimum,
        "summary": {
            "policies": len(result.policies),
            "cases": len(cases),
            "failedCases": sum(not case.holds for case in cases),
            "missingCases": sum(len(policy.lacks) for policy in result.policies),
            "subPredicates": result.coverage.total,
            "coveredSubPredicates": result.coverage.covered,
        },
        "policies": [_policy(one) for one in result.policies],
        "packs": [
            {"name": one.pack.name, "path": one.pack.file.path, "coverage": _coverage(one.coverage)}
            for one in result.packs
        ],
    }


def _policy(one: PolicyResult) -> JsonObject:
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
