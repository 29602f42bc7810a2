"""The key `fix` of a policy: what is wrong with one is told when it is loaded, on its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.command_line import run_in, write

PACK = "name: acme\nprefix: ACME\ntitle: Acme\n"
POLICY = """\
id: ACME001
name: tiny
title: Tiny
severity: error
since: 0.1.0
match: {kind: Journey, each: "$.spec.segments[*]", as: usage}
require: usage.name != 'x'
message: It is x.
rationale: Why.
remediation: What.
"""


def problems(folder: Path, fix: str, *, policy: str = POLICY) -> list[str]:
    write(folder, {"acme/pack.yaml": PACK, "acme/tiny/policy.yaml": policy + fix})
    status, out, err = run_in(folder, ("check-policies", "."))
    if status == 0:
        assert out == "1 policy in 1 pack is in order.\n"
        return []
    assert (status, out) == (2, "")
    return [line.removeprefix("error: ").removeprefix("acme/tiny/policy.yaml:") for line in err.splitlines()]


def fix_of(edit: str, *, more: str = "", title: str = "Mend it") -> str:
    return f"fix:\n  title: {title}\n  safe: true\n{more}  edits:\n    - {edit}\n"


@pytest.mark.parametrize(
    "edit",
    [
        'remove: ""',
        "remove: /justification",
        "{set: /role, value: \"'audience'\"}",
        "{insert: /justification, value: \"'why ' + usage.name\"}",
        "{set: /spec/startTime, of: manifest, value: \"'2025-01-01'\"}",
        "{insert: /spec/segments/-, of: manifest, value: \"{'name': usage.name, 'role': 'audience'}\"}",
        "{move: /justification, to: /role}",
        "{set: /role, value: 'null'}",
        "{set: /metadata/labels/team, of: manifest, value: '[1, null, 2.5, true].size()'}",
    ],
)
def test_an_edit_that_makes_sense_is_in_order(tmp_path: Path, edit: str) -> None:
    assert problems(tmp_path, fix_of(edit)) == []


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ("{value: '1'}", "15:7: an edit says not what it does: expected one of set, remove, insert or move"),
        (
            "{set: /role, remove: /name}",
            "15:7: an edit has set and remove: expected one of set, remove, insert or move",
        ),
        ("{set: /role}", "15:7: the edit 'set' needs 'value'"),
        ("{insert: /role}", "15:7: the edit 'insert' needs 'value'"),
        ("{move: /role}", "15:7: the edit 'move' needs 'to'"),
        ("{remove: /role, value: '1'}", "15:7: the edit 'remove' takes no 'value'"),
        ("{set: /role, value: '1', to: /name}", "15:7: the edit 'set' takes no 'to'"),
        ("{remove: '', of: manifest}", "15:7: the edit 'remove' is of the whole manifest: name a part of it"),
        ("{insert: '', value: '1'}", "15:7: the edit 'insert' adds a member or an item: its pointer names it"),
        (
            "{set: /rloe, value: '1'}",
            "15:13: '/rloe' leads nowhere: there is no field 'rloe' here - did you mean 'role'?",
        ),
        (
            "{move: /role, to: /rolle}",
            "15:25: '/rolle' leads nowhere: there is no field 'rolle' here - did you mean 'role'?",
        ),
        ("{remove: /spec/segments/-, of: manifest}", "15:16: '/spec/segments/-' is the place behind a list's items"),
        ("{insert: /role/-, value: '1'}", "15:16: '/role/-' leads nowhere: it adds an item, and that is no list"),
        ("{set: /role, value: usage.rloe}", "15:33: there is no field 'rloe' here - did you mean 'role'?"),
        ("{set: /role, value: usgae.role}", "15:27: unknown name 'usgae' - did you mean 'usage'?"),
        ("{set: /role, value: '1 +'}", "the expression ends where"),
        (
            "{set: /role, value: now}",
            "15:27: a value that a manifest can hold is needed here, not timestamp: write it as text",
        ),
        ("{set: role, value: '1'}", "set"),
        ("{sett: /role, value: '1'}", "did you mean 'set'?"),
    ],
)
def test_an_edit_that_makes_none_is_told_on_its_line(tmp_path: Path, edit: str, told: str) -> None:
    found = problems(tmp_path, fix_of(edit))
    assert [line for line in found if told in line], found


def test_the_manifest_itself_is_not_removed(tmp_path: Path) -> None:
    of_manifest = POLICY.replace(', each: "$.spec.segments[*]", as: usage', "").replace(
        "usage.name", "journey.metadata.name"
    )
    (told,) = problems(tmp_path, fix_of('remove: ""'), policy=of_manifest)
    assert "the edit 'remove' is of the whole manifest: name a part of it" in told


@pytest.mark.parametrize(
    ("title", "more", "told"),
    [
        ("Mend ${usage.nmae}", "", "12:23: there is no field 'nmae' here - did you mean 'name'?"),
        ("Mend ${usage.name", "", "12:10: a ${ is not closed by a matching }"),
        ("Mend ${}", "", "12:10: a ${} is empty"),
        ("Mend", "  when: usage.role\n  otherwise: no\n", None),
        ("Mend", "  when: size(usage.role)\n  otherwise: it is no role\n", "14:9: a bool is needed here, not int"),
        ("Mend ${what}", "  let: {what: usage.name}\n", None),
        ("Mend ${what}", "  let: {what: usage.nmae}\n", "14:21: there is no field 'nmae' here - did you mean 'name'?"),
        ("Mend", "  let: {what: usage.nmae}\n", "14:21: there is no field 'nmae' here - did you mean 'name'?"),
        ("Mend ${waht}", "  let: {what: usage.name}\n", "12:17: unknown name 'waht' - did you mean 'what'?"),
        ("Mend ${usage}", "  let: {usage: '1'}\n", "14:16: the name 'usage' is taken: choose another"),
        ("Mend", "  when: 'true'\n", "'when' and 'otherwise' go together"),
        ("Mend", "  otherwise: it is no role\n", "'when' and 'otherwise' go together"),
    ],
)
def test_titles_and_conditions_are_checked(tmp_path: Path, title: str, more: str, told: str | None) -> None:
    found = problems(tmp_path, fix_of("remove: /justification", title=title, more=more))
    assert found == [] if told is None else [line for line in found if told in line], found


@pytest.mark.parametrize("lacking", ["title", "safe", "edits"])
def test_every_fix_says_what_it_does_and_whether_that_is_safe(tmp_path: Path, lacking: str) -> None:
    lines = fix_of("remove: /justification").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith((f"  {lacking}:", "    -" if lacking == "edits" else "?"))]
    assert any(f"'{lacking}'" in line for line in problems(tmp_path, "".join(kept)))
