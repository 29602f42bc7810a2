"""What is over counts for nothing: every front end says byte for byte what it says where the suppression is not there.

The findings about suppressions themselves are left out (`ignore: [suppressions]`); they are what an expired one is told by.
Two things stand for "not there": the same files under `--no-suppressions`, and files in which text of the same length
says nothing.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from journeylint.builtins.report_entries import entries
from tests.contract.command_line import run_in, segment, write

FORMATS = tuple(entry.format for entry in entries())
POLICIES = Path(__file__).parents[2] / "policies"
TODAY = date(2025, 3, 1)
MIDNIGHT, LAST_SECOND = "2025-03-01T00:00:00Z", "2025-03-01T23:59:59Z"
YESTERDAY = TODAY - timedelta(days=1)
FORMS = ("inline", "above", "metadata", "configuration")
USES = ("role: exclusion", "role: branch", "role: audience", "role: exclusion, justification: why")
WORDS = ("OBS002", "outbound-exclusion-segment", "OBS003", "OBS010", "OBS012", "OBS002, OBS010")
HASH = re.compile(r'"primaryLocationLineHash": ?"[^"]*"')
SAID = re.compile(r"# [jx][\w:,\[\]. -]*")  # the text report may show its beginning only
SLOW = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # an example takes a second: shrinking one would take minutes
)


class Written(NamedTuple):
    """A suppression: where it is written, what for, its last day, and the use of a segment (0-based) that it is beside."""

    form: str
    words: str
    until: date
    beside: int


Outcome = tuple[tuple[int, str], ...]
"""What several command lines came to: exit codes, and all that was written."""


def written(until: st.SearchStrategy[date]) -> st.SearchStrategy[Written]:
    return st.builds(
        Written,
        st.sampled_from(FORMS),
        st.sampled_from(WORDS),
        until,
        st.integers(0, len(USES) - 1),
    )


OVER = st.integers(1, 400).map(lambda days: TODAY - timedelta(days=days))
IN_FORCE = st.integers(0, 400).map(lambda days: TODAY + timedelta(days=days))


def comment(one: Written, *, says: bool) -> str:
    text = f"# journeylint: ignore[{one.words}] until {one.until} -- why"
    return text if says else "# " + "x" * (len(text) - 2)


def item(one: Written, form: str) -> str:
    """The suppression as a mapping; *form* is for the place that it names."""
    policy = one.words if "," not in one.words else f"[{one.words}]"
    return f"{{policy: {policy}, {form}until: {one.until}, reason: why}}"


def items(suppressions: Sequence[Written], form: str, place: str, left_out: Sequence[Written]) -> str:
    """A flow sequence of those of *form*, with blanks for those that are *left_out*; these come last."""
    own = sorted((one for one in suppressions if one.form == form), key=lambda one: one in left_out)
    said = [item(one, place) for one in own if one not in left_out]
    room = len(", ".join(item(one, place) for one in own)) - len(", ".join(said))
    return f"[{', '.join(said)}{' ' * room}]"


def journey(suppressions: Sequence[Written], left_out: Sequence[Written]) -> str:
    def comments(form: str, beside: int) -> list[str]:
        own = [one for one in suppressions if (one.form, one.beside) == (form, beside)]
        return [comment(one, says=one not in left_out) for one in own]

    metadata = f"name: spring, suppressions: {items(suppressions, 'metadata', '', left_out)}"
    lines = ["apiVersion: journeylint/v1", "kind: Journey", f"metadata: {{{metadata}}}", "spec:"]
    lines += ["  frequency: ongoing", "  segments:"]
    for number, use in enumerate(USES):
        lines += [f"  {line}" for line in comments("above", number)]
        inline = " ".join(comments("inline", number)[:1])
        lines.append(f"  - {{name: vip, {use}}} {inline}".rstrip())
    return "\n".join(lines) + "\n"


@contextmanager
def project(suppressions: Sequence[Written], left_out: Sequence[Written] = ()) -> Iterator[Path]:
    """A folder with *suppressions*, of which those that are *left_out* say nothing, in as many characters."""
    configured = items(suppressions, "configuration", "files: journeys/, ", left_out)
    with tempfile.TemporaryDirectory() as name:
        files = {
            "journeylint.yaml": f"suppressions: {configured}\nignore: [suppressions]\n",
            "journeys/spring.yaml": journey(suppressions, left_out),
            "journeys/other.yaml": segment("other", "source: outbound, copyOf: gone"),
            "segments/vip.yaml": segment("vip", "source: outbound, memberCount: 5"),
        }
        write(Path(name, "work"), files)
        yield Path(name)


def outcome(folder: Path, as_of: str, *more: str) -> Outcome:
    """What all front ends say of *folder*; *more* are options that all of them take."""
    outs = [word for form in FORMATS for word in ("-o", f"{form}=../out/{form}")]
    when, work = ("--as-of", as_of, *more), folder / "work"
    typed = b"---\n".join((work / name).read_bytes() for name in ("journeys/spring.yaml", "segments/vip.yaml"))
    command_lines: Mapping[str, tuple[tuple[str, ...], bytes]] = {
        "check": (("check", *outs, *when), b""),
        "strict": (("check", "-o", "json", "--fail-on", "info", *when), b""),
        "focus": (("check", "--focus", "--allow-empty", "journeys/spring.yaml", "-o", "json", *when), b""),
        "elsewhere": (("check", "--focus", "--allow-empty", "journeys/other.yaml", "-o", "json", *when), b""),
        "editor": (("check", "--stdin-filename", "journeys/spring.yaml", "-", "-o", "json", *when), typed),
        "impact": (
            ("impact", "--policies", str(POLICIES / "references"), "--policies", str(POLICIES), "-o", "json", *when),
            b"",
        ),
    }
    said = []
    for name, (argv, stdin) in command_lines.items():
        status, out, err = run_in(work, argv, stdin=stdin)
        assert status in (0, 1), (name, err)
        said.append((status, out + err))
    said += [(0, (folder / "out" / form).read_bytes().decode()) for form in FORMATS]
    return tuple(said)


def masked(said: Outcome) -> Outcome:
    """*said* without what depends on the very words of a comment beside a finding: source lines, and hashes of lines."""
    return tuple((status, HASH.sub("", SAID.sub("#", text))) for status, text in said)


@SLOW
@given(st.lists(written(OVER), min_size=1, max_size=4, unique=True), st.sampled_from([MIDNIGHT, LAST_SECOND]))
def test_what_is_over_is_as_if_nothing_were_heeded(suppressions: list[Written], as_of: str) -> None:
    with project(suppressions) as folder:
        assert outcome(folder, as_of) == outcome(folder, as_of, "--no-suppressions")


@SLOW
@given(
    st.lists(written(OVER), min_size=1, max_size=3, unique=True),
    st.lists(written(IN_FORCE), max_size=2, unique=True),
    st.sampled_from([MIDNIGHT, LAST_SECOND]),
)
def test_what_is_over_is_as_if_it_were_not_written(over: list[Written], others: list[Written], as_of: str) -> None:
    with project([*others, *over]) as there, project([*others, *over], left_out=over) as absent:
        assert masked(outcome(there, as_of)) == masked(outcome(absent, as_of))


@pytest.mark.parametrize(
    ("form", "until", "as_of", "is_over"),
    [
        *((form, TODAY, LAST_SECOND, False) for form in FORMS),
        *((form, YESTERDAY, MIDNIGHT, True) for form in FORMS),
        ("inline", TODAY, MIDNIGHT, False),
        ("inline", YESTERDAY, "2025-02-28T23:59:59.999999Z", False),
        ("inline", YESTERDAY, "2025-03-01T00:30:00+01:00", False),
        ("inline", YESTERDAY, "2025-02-28T23:30:00-01:00", True),
    ],
)
def test_the_last_day_ends_at_midnight_in_utc_for_every_front_end(
    form: str, until: date, as_of: str, *, is_over: bool
) -> None:
    with project([Written(form, "OBS002", until, 0)]) as folder:
        heeded, unheeded = outcome(folder, as_of), outcome(folder, as_of, "--no-suppressions")
    same = [one == other for one, other in zip(heeded, unheeded, strict=True)]
    # The first command only writes files; where a comment suppresses one of two errors, it fails all the same. All others
    # tell what is suppressed, or how much.
    fails_anyway = form in ("inline", "above")
    assert same == [is_over or (number == 0 and fails_anyway) for number in range(len(same))]


def test_the_instants_are_on_the_day_that_is_meant() -> None:
    for instant in (MIDNIGHT, LAST_SECOND):
        assert datetime.fromisoformat(instant).astimezone(UTC).date() == TODAY


def test_the_project_is_one_in_which_suppressions_matter() -> None:
    with project([Written("inline", "OBS002", TODAY, 0)]) as folder:
        status, out, err = run_in(folder / "work", ("check", "-o", "json", "--as-of", MIDNIGHT))
    assert (status, err) == (1, "")
    assert '"suppressed": 1' in out
    assert '"form": "comment"' in out
