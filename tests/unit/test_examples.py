"""The examples of policies: read where they are, passed over where they are not, and such that people learn from them."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from journeylint.check_request import CheckRequest
from journeylint.formats.yaml import YamlLoader
from journeylint.model import PolicyPage, Report
from journeylint.pipeline import check
from journeylint.policies import Library, Policy
from journeylint.policy_files import read_examples
from journeylint.policy_library import load_library
from journeylint.ports import Want
from journeylint.testing import read_case
from tests.judging import AS_OF, builtin_host, host_over, make_policy, write_pack

PLAIN: dict[str, bytes] = {"fails.yaml": b"kind: Journey  # finds: TST001\n", "passes.yaml": b"kind: Segment\n"}


def policy_with(root: Path, cases: Mapping[str, bytes]) -> Policy:
    """A policy with these files among its cases."""
    write_pack(root, make_policy())
    folder = root / "pack" / "policy-1" / "cases"
    folder.mkdir()
    for name, content in cases.items():
        (folder / name).write_bytes(content)
    return load_library(host_over(root)).policies[0]


def test_the_examples_are_the_texts_of_the_two_cases_with_these_names(tmp_path: Path) -> None:
    policy = policy_with(tmp_path, {**PLAIN, "fails-otherwise.yaml": b"x", "passes-otherwise.yaml": b"x"})
    assert read_examples(policy) == ("kind: Journey  # finds: TST001\n", "kind: Segment\n")


@pytest.mark.parametrize(
    ("missing", "expected"),
    [("fails.yaml", ("", "kind: Segment\n")), ("passes.yaml", ("kind: Journey  # finds: TST001\n", ""))],
)
def test_one_example_alone_is_read(tmp_path: Path, missing: str, expected: tuple[str, str]) -> None:
    cases = {name: content for name, content in PLAIN.items() if name != missing}
    assert read_examples(policy_with(tmp_path, cases)) == expected


@pytest.mark.parametrize("name", ["fails-too.yaml", "fails.yml", "fails.json", "fails.yaml.orig"])
def test_other_cases_are_no_examples(tmp_path: Path, name: str) -> None:
    assert read_examples(policy_with(tmp_path, {name: b"kind: Journey\n"})) == ("", "")


def test_a_policy_without_cases_has_no_examples(tmp_path: Path) -> None:
    write_pack(tmp_path, make_policy())
    assert read_examples(load_library(host_over(tmp_path)).policies[0]) == ("", "")


def test_an_example_that_is_not_utf_8_is_passed_over(tmp_path: Path) -> None:
    assert read_examples(policy_with(tmp_path, {**PLAIN, "fails.yaml": b"title: \xff\n"})) == ("", "kind: Segment\n")


def test_a_folder_in_place_of_an_example_is_passed_over(tmp_path: Path) -> None:
    policy = policy_with(tmp_path, {})
    (tmp_path / "pack/policy-1/cases/fails.yaml").mkdir()
    assert read_examples(policy) == ("", "")


# -- the examples of the built-in policies


@cache
def library() -> Library:
    return load_library(builtin_host(), use_cache=True)


BY_ID = {policy.id: policy for policy in library().policies}
WITH_EXAMPLES = [name for name, policy in BY_ID.items() if policy.kind in builtin_host().manifest_kinds]
"""What a run makes itself is nothing that people could write as an example says."""
EVERY_POLICY = pytest.mark.parametrize("policy", WITH_EXAMPLES)
INEVITABLE = {"OBS012"}
"""What every journey with an outbound segment has, however well it follows the guidelines."""
COMPANIONS = {"OBS008": {"OBS007"}, "CMP002": {"CMP003"}, "RTD004": {"RTD009"}}
"""What cannot be broken alone.

An outbound segment that is not too large exports in less than 4 hours: who has too little time for it breaks both. A message
goes by an unchecked purpose of its Environment, and what takes a day to send at the lower rate is for more people than may be
written to.
"""
REARRANGED = {"RTL002", "RTL007", "RTL008", "RTL014", "RTL016", "RTL021", "RTL024", "RTL025", "RTL063"}
"""Policies about what is too long or too many: their passing example is another arrangement, not the same with less."""


def example_path(policy: str, name: str) -> Path:
    return Path(BY_ID[policy].file.path).absolute().parent / "cases" / name


def judge(policy: str, name: str, folder: Path) -> Report:
    """The report of the policies of its pack that are recommended on an example, as of its instant; *folder* is an empty one.

    Messages, segments and triggers that are described elsewhere are the business of other packs.
    """
    case = read_case(example_path(policy, name))
    pack = [one for one in BY_ID.values() if one.pack == BY_ID[policy].pack]
    judging = {policy, *(one.id for one in pack if "recommended" in one.presets)}
    if case.params:
        settings = {"policies": {policy: {"params": case.params}}}
        (folder / "journeylint.yaml").write_text(json.dumps(settings), encoding="utf-8")
    request = CheckRequest(
        ("-",), folder, as_of=case.as_of.isoformat(), stdin=case.text.encode(), jobs=1, select=tuple(judging)
    )
    return check(request, builtin_host())


def policies_in(report: Report) -> set[str]:
    assert report.failures == ()
    return {finding.policy for finding in report.findings}


def test_pages_have_the_examples_of_every_policy(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("apiVersion: journeylint/v1\nkind: Journey\n")
    request = CheckRequest((), tmp_path, preset="all", as_of=AS_OF, wants=frozenset({Want.EXAMPLES}))
    pages: Mapping[str, PolicyPage] = check(request, builtin_host()).pages
    assert {name: (page.failing_example, page.passing_example) for name, page in pages.items()} == {
        name: tuple(example_path(name, file).read_text(encoding="utf-8") for file in ("fails.yaml", "passes.yaml"))
        for name in WITH_EXAMPLES
    }


def test_a_policy_about_what_no_file_holds_has_no_examples() -> None:
    others = [policy for name, policy in BY_ID.items() if name not in WITH_EXAMPLES]
    assert others
    assert {read_examples(policy) for policy in others} == {("", "")}


@EVERY_POLICY
def test_a_failing_example_breaks_no_other_guideline_of_its_pack(policy: str, tmp_path: Path) -> None:
    report = judge(policy, "fails.yaml", tmp_path)
    assert policies_in(report) - INEVITABLE - COMPANIONS.get(policy, set()) == {policy} - INEVITABLE
    assert sum(finding.policy == policy for finding in report.findings) == 1


@EVERY_POLICY
def test_a_passing_example_follows_every_guideline_of_its_pack(policy: str, tmp_path: Path) -> None:
    assert policies_in(judge(policy, "passes.yaml", tmp_path)) - INEVITABLE == set()


def test_the_passing_example_of_what_is_inevitable_does_not_have_it(tmp_path: Path) -> None:
    assert [policies_in(judge(policy, "passes.yaml", tmp_path)) for policy in sorted(INEVITABLE)] == [set()]


@EVERY_POLICY
def test_examples_are_the_same_manifests_but_for_the_mistake(policy: str) -> None:
    failing, passing = (
        [line.partition("#")[0].rstrip() for line in text.splitlines()] for text in read_examples(BY_ID[policy])
    )
    assert failing != passing
    assert difflib.SequenceMatcher(None, failing, passing).ratio() >= (0.25 if policy in REARRANGED else 0.6)


@EVERY_POLICY
@pytest.mark.parametrize("name", ["fails.yaml", "passes.yaml"])
def test_an_example_says_as_much_as_is_needed_and_no_more(policy: str, name: str) -> None:
    text = example_path(policy, name).read_text(encoding="utf-8")
    assert 6 <= len(text.splitlines()) <= 40
    assert [document.problems for document in YamlLoader().load(text)] == [()] * (text.count("\n---\n") + 1)


@EVERY_POLICY
@pytest.mark.parametrize("name", ["fails.yaml", "passes.yaml"])
def test_an_example_stands_in_a_code_block_as_it_is(policy: str, name: str) -> None:
    text = example_path(policy, name).read_bytes()
    assert text.isascii()
    assert text.endswith(b"\n")
    assert not any(mark in text for mark in (b"```", b"\r", b"\t", b" \n", b"\n\n"))
