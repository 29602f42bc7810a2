"""What holds of suppressions however they are written, and whatever they stand in."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from journeylint.check_request import CheckRequest
from journeylint.formats.comments import find_comments
from journeylint.model import Report
from journeylint.pipeline import check
from tests.judging import builtin_host

MARKER = "journeylint:"
AS_OF = "2025-03-01"
DAYS = ["2025-02-28", "2025-03-01", "2025-03-14", "2027-01-31", "2025-02-30"]


@pytest.fixture(autouse=True, scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache of this module's own: reading the policies takes most of a run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", os.fspath(tmp_path_factory.mktemp("cache")))
        yield


# -- comments are where YAML has them


PIECES = st.sampled_from(
    [
        *(
            "a",
            "b c",
            ": ",
            ":\n",
            "\n",
            "\n",
            " ",
            "  ",
            "- ",
            "'",
            '"',
            "|\n",
            ">-\n",
            "[",
            "]",
            "{",
            "}",
            ", ",
            "#",
            "\\",
        ),
        *(
            "# journeylint: x",
            " # journeylint: x\n",
            "  # journeylint: x\n",
            "&c ",
            "*c",
            "!d ",
            "\r\n",
            "é",
            "😀",
            "---\n",
            "? ",
        ),
    ]
)


def comments_by_tokens(text: str) -> dict[int, int]:
    """Where the comments of *text* begin, by their 1-based line: what PyYAML's own scanner makes no token of."""
    covered = bytearray(len(text) + 1)
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        start, end = token.start_mark.index, token.end_mark.index
        covered[start:end] = b"x" * (end - start)
        if isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
            head = re.compile(r"[|>][-+0-9]*([^\r\n]*)").match(text, start)
            assert head is not None
            covered[head.start(1) : head.end(1)] = bytes(head.end(1) - head.start(1))
    found: dict[int, int] = {}
    for line, match in enumerate(re.finditer(r"[^\r\n]*(?:\r\n|\r|\n|\Z)", text), 1):
        signs = [at for at in range(match.start(), match.end()) if text[at] == "#" and not covered[at]]
        if signs:
            found[line] = signs[0] - match.start() + 1
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(pieces=st.lists(PIECES, max_size=14))
@example(pieces=["[", "]", "#", " # journeylint: x\n"])
def test_comments_are_what_the_scanner_of_another_makes_no_token_of(pieces: list[str]) -> None:
    text = "".join(pieces)
    assume(MARKER in text)
    try:
        list(yaml.parse(text, Loader=yaml.SafeLoader))
        expected = comments_by_tokens(text)
    except yaml.YAMLError:
        assume(False)
    lines = re.split(r"\r\n|\r|\n", text)

    found = {one.line: one.column for one in find_comments(text, MARKER)}

    # The scanner takes `'a'#b` for a comment as well, which YAML does not: of such a line it says nothing to compare.
    clear = {line: at for line, at in expected.items() if at == 1 or lines[line - 1][at - 2] in " \t"}
    lax = expected.keys() - clear.keys()
    assert {line: at for line, at in found.items() if line not in lax} == {
        line: at for line, at in clear.items() if MARKER in lines[line - 1][at - 1 :]
    }


def test_a_sign_without_a_blank_before_it_begins_no_comment_and_one_behind_a_blank_does() -> None:
    assert [(one.line, one.column) for one in find_comments(f"[]# # {MARKER} x\n'a'#b\n", MARKER)] == [(1, 5)]


# -- workspaces with suppressions in all three forms


class Written(NamedTuple):
    """A suppression as it is drawn: its form, the number of the journey that it is about, and what it says."""

    form: str
    journey: int
    usage: int
    policy: str
    until: str
    reason: str


POLICIES = ["REF001", "OBS001", "OBS002", "OBS005", "OBS006", "OBS010", "unknown-segment", "OBS", "OBS099"]
USAGES = st.tuples(st.sampled_from(["vip", "fresh", "gone"]), st.sampled_from(["audience", "exclusion", "branch"]))
WORKSPACES = st.lists(st.lists(USAGES, min_size=1, max_size=3), min_size=1, max_size=3)
SUPPRESSIONS = st.lists(
    st.builds(
        Written,
        st.sampled_from(["comment", "metadata", "configuration"]),
        st.integers(0, 2),
        st.integers(0, 2),
        st.sampled_from(POLICIES),
        st.sampled_from(DAYS),
        st.sampled_from(["why", ""]),
    ),
    min_size=1,
    max_size=5,
)


def entry(one: Written) -> dict[str, str]:
    return {"policy": one.policy, "until": one.until, "reason": one.reason}


def write_workspace(
    folder: Path,
    journeys: Sequence[Sequence[tuple[str, str]]],
    written: Sequence[Written],
    *,
    without: Sequence[Written] = (),
) -> None:
    """Write it such that every node stands at the same place, whichever of the suppressions are left out."""
    for number, usages in enumerate(journeys):
        own = [one for one in written if one.journey == number]
        listed = [entry(one) for one in own if one.form == "metadata" and one not in without]
        lines = [
            "apiVersion: journeylint/v1",
            "kind: Journey",
            "metadata:",
            f"  name: j{number}",
            f"  suppressions: {json.dumps(listed)}",
            "spec:",
            "  frequency: one_time",
            "  segments:",
        ]
        for index, (name, role) in enumerate(usages):
            for one in own:
                if one.form == "comment" and one.usage == index:
                    said = f"journeylint: ignore[{one.policy}] until {one.until} -- {one.reason}"
                    lines.append("    # " + ("nothing" if one in without else said))
            lines.append(f"    - {{name: {name}, role: {role}}}")
        (folder / f"j{number}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    configured = [
        {**entry(one), "files": f"j{one.journey}.yaml"}
        for one in written
        if one.form == "configuration" and one not in without
    ]
    (folder / "journeylint.yaml").write_text(json.dumps({"suppressions": configured}), encoding="utf-8")
    head = "apiVersion: journeylint/v1\nkind: Segment\n"
    (folder / "segments.yaml").write_text(
        f"{head}metadata: {{name: vip}}\nspec: {{source: outbound}}\n---\n"
        f"{head}metadata: {{name: fresh}}\nspec: {{source: realtime}}\n",
        encoding="utf-8",
    )


def judge(folder: Path, **request: Any) -> Report:
    return check(CheckRequest((), folder, as_of=AS_OF, jobs=1, **request), builtin_host())


def without_suppressions(report: Report) -> Report:
    """*report* but for the list of suppressions and what is found about them."""
    return report._replace(
        suppressions=(),
        findings=tuple(finding for finding in report.findings if not finding.policy.startswith("SUP")),
        policies=tuple(tally for tally in report.policies if not tally.policy.startswith("SUP")),
        pages={},
    )


def is_without_effect(one: Written) -> bool:
    return one.until < AS_OF or one.until == "2025-02-30"


@settings(max_examples=30, deadline=None)
@given(journeys=WORKSPACES, written=SUPPRESSIONS)
def test_what_is_over_or_no_date_is_as_if_it_were_not_there(
    journeys: list[list[tuple[str, str]]], written: list[Written]
) -> None:
    void = [one for one in written if is_without_effect(one)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_workspace(folder, journeys, written)
        report = judge(folder, ignore=("SUP",))
        write_workspace(folder, journeys, written, without=void)
        other = judge(folder, ignore=("SUP",))

    assert report._replace(suppressions=(), suppressed=()) == other._replace(suppressions=(), suppressed=())
    accepted = [
        [(one.policy, one.location, one.suppression and one.suppression.form) for one in found.suppressed]
        for found in (report, other)
    ]
    assert accepted[0] == accepted[1]


@settings(max_examples=30, deadline=None)
@given(journeys=WORKSPACES, written=SUPPRESSIONS)
def test_suppressions_take_out_findings_of_their_policies_and_change_nothing_else(
    journeys: list[list[tuple[str, str]]], written: list[Written]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_workspace(folder, journeys, written)
        report, bare = (
            without_suppressions(judge(folder)),
            without_suppressions(judge(folder, heeds_suppressions=False)),
        )

    taken = [finding._replace(suppression=None) for finding in report.suppressed]
    assert sorted([*report.findings, *(one._replace(counts=one.severity.value == "error") for one in taken)]) == sorted(
        bare.findings
    )
    named = {"unknown-segment": "REF001"}
    valid = {
        named.get(one.policy, one.policy)
        for one in written
        if one.reason and not is_without_effect(one) and one.policy not in ("OBS", "OBS099")
    }
    assert {finding.policy for finding in taken} <= valid
    assert (report.failures, report.policies, report.kinds) == (bare.failures, bare.policies, bare.kinds)


@settings(max_examples=20, deadline=None)
@given(
    journeys=st.lists(st.lists(USAGES, min_size=1, max_size=4, unique=True), min_size=1, max_size=2),
    pointed=st.sampled_from(["vip", "fresh", "gone"]),
    form=st.sampled_from(["metadata", "configuration"]),
    shuffle=st.randoms(use_true_random=False),
    dump=st.sampled_from(["json", "block", "flow"]),
)
def test_suppressions_in_metadata_and_configuration_survive_another_order_and_format(
    journeys: list[list[tuple[str, str]]], pointed: str, form: str, shuffle: Any, dump: str
) -> None:
    item = {"policy": ["REF001", "OBS006"], "reason": "why", "pointer": f'/spec/segments/[name="{pointed}"]'}

    def accepted(*, changed: bool) -> list[tuple[str, str, str]]:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_workspace(folder, [], [])
            if form == "configuration":
                (folder / "journeylint.yaml").write_text(json.dumps({"suppressions": [item]}), encoding="utf-8")
            for number, usages in enumerate(journeys):
                uses = [{"name": name, "role": role} for name, role in usages]
                if changed:
                    shuffle.shuffle(uses)
                data = {
                    "apiVersion": "journeylint/v1",
                    "kind": "Journey",
                    "metadata": {"name": f"j{number}", **({"suppressions": [item]} if form == "metadata" else {})},
                    "spec": {"frequency": "one_time", "segments": uses},
                }
                is_json = not changed or dump == "json"
                text = json.dumps(data) if is_json else yaml.safe_dump(data, default_flow_style=dump == "flow")
                (folder / f"{'moved' if changed else 'j'}{number}.{'json' if is_json else 'yaml'}").write_text(
                    text, encoding="utf-8"
                )
            found = judge(folder, select=("REF001", "OBS006"))
            return sorted((one.policy, one.manifest.name, one.message) for one in found.suppressed)

    assert accepted(changed=True) == accepted(changed=False)
