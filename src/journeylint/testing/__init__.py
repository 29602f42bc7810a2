"""Cases for policies: manifests that say themselves, line by line, what a policy finds in them.

A policy's cases stand in the folder `cases` beside its `policy.yaml`. Two of them, `fails.yaml` and `passes.yaml`, are the
examples that reports show; the others are `fails-<what>.yaml` and `passes-<what>.yaml`. Each is one or more manifests,
judged by that policy alone. The line where a finding's location begins ends with a comment:

    - {name: optouts, role: exclusion}  # finds: OBS002

Comments at the very top may set `# as-of: 2025-03-01T00:00:00Z` (that is the default), `# params: {maximumMembers: 500000}`
and `# with: ../shared/segments.yaml`, further manifests to be judged with. `journeylint test` runs all cases, and tells
what they leave untested; so does `run_library`. With pytest:

    HOST = build_host()
    POLICIES = read_policies(Path("policies"), HOST).policies

    @pytest.mark.parametrize(("policy", "path"), [(one, path) for one in POLICIES for path in find_cases(one)])
    def test_a_policy_finds_what_its_case_marks(policy, path):
        result = run_case(read_case(path), policy, HOST)
        assert result.holds, result.describe()
"""

from journeylint.host import build_host
from journeylint.testing.cases import DEFAULT_AS_OF, Case, Marker, SideFile, find_cases, read_case
from journeylint.testing.coverage import Coverage, Sighting
from journeylint.testing.predicates import Predicate
from journeylint.testing.runner import CaseResult, CaseRunner, read_policies, run_case
from journeylint.testing.suite import LibraryResult, PackResult, PolicyResult, run_library

__all__ = [
    "DEFAULT_AS_OF",
    "Case",
    "CaseResult",
    "CaseRunner",
    "Coverage",
    "LibraryResult",
    "Marker",
    "PackResult",
    "PolicyResult",
    "Predicate",
    "SideFile",
    "Sighting",
    "build_host",
    "find_cases",
    "read_case",
    "read_policies",
    "run_case",
    "run_library",
]
