"""What is told of packs and policies that cannot be used: all of it, each at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from journeylint.errors import PolicyError
from journeylint.model import JsonObject
from journeylint.policy_library import load_library
from tests.judging import builtin_host, host_over, make_policy, write_pack

BROKEN = Path(__file__).parents[1] / "data/broken_policies"


def errors_of(root: Path) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        load_library(host_over(root))
    return list(caught.value.messages)


@pytest.mark.parametrize("what", sorted(path.name for path in BROKEN.iterdir()))
def test_a_broken_policy_is_told_with_all_its_problems_in_order(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BROKEN / what)
    assert errors_of(Path()) == Path("errors.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("schema-error", "is not a known property of"),
        ("unknown-variable", "did you mean"),
        ("unknown-field", "there is no field"),
        ("type-errors", "does not take"),
        ("condition-not-bool", "bool"),
        ("open-placeholder", "${"),
        ("param-defaults", "the default does not fit"),
        ("id-of-another-pack", "does not begin with the prefix of its pack"),
        ("name-not-folder", "is not that of the policy's folder"),
        ("duplicates-in-a-pack", "is taken already by"),
        ("life-that-cannot-be", "is not an instant"),
    ],
)
def test_each_sort_of_mistake_has_a_broken_policy_that_shows_how_it_is_told(what: str, words: str) -> None:
    assert words in (BROKEN / what / "errors.txt").read_text(encoding="utf-8")


def test_the_built_in_policies_are_in_order() -> None:
    ids = [policy.id for policy in load_library(builtin_host()).policies]
    assert ids == sorted(ids)
    assert "OBS001" in ids


def test_a_policy_root_that_is_not_there_is_told_with_its_plugin(tmp_path: Path) -> None:
    (message,) = errors_of(tmp_path / "nowhere")
    assert "plugin test (test 1) names this policy root, but there is no such folder" in message


def test_a_policy_root_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "there is no such folder" in errors_of(tmp_path / "file")[0]


def test_policies_are_sorted_by_number_not_by_text(tmp_path: Path) -> None:
    policies = [make_policy(number) for number in (1000, 2, 999)]
    library = load_library(host_over(write_pack(tmp_path, *policies)))
    assert [policy.id for policy in library.policies] == ["TST002", "TST999", "TST1000"]


def test_folders_and_files_beside_the_policies_are_passed_over(tmp_path: Path) -> None:
    root = write_pack(tmp_path, make_policy())
    (root / "README.md").write_text("Our policies.")
    (root / "pack/docs").mkdir()
    (root / "pack/policy-1/cases").mkdir()
    (root / "pack/policy-1/cases/policy.yaml").write_text("no: policy")
    assert [policy.id for policy in load_library(host_over(root)).policies] == ["TST001"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "require",
    [
        "1 +\n  nothing == 2",
        "'1 +\n\n  nothing == 2'",
        '"1 +\n  nothing == 2"',
        "|\n  1\n  + nothing == 2",
        ">-  # folded\n\n  1\n\n  + nothing ==\n  2",
    ],
)
def test_a_problem_stands_at_its_word_however_the_text_is_written(tmp_path: Path, require: str, newline: str) -> None:
    root = write_pack(tmp_path, make_policy())
    file = root / "pack/policy-1/policy.yaml"
    members = {name: value for name, value in make_policy().items() if name not in ("match", "require")}
    text = "".join(f"{name}: {value}\n" for name, value in members.items())
    text += f"match: {{kind: Journey}}\nrequire: {require}\n"
    file.write_bytes(text.replace("\n", newline).encode())
    (message,) = errors_of(root)
    line, column, told = message.removeprefix(f"{file.as_posix()}:").split(":", 2)
    assert text.split("\n")[int(line) - 1][int(column) - 1 :].startswith("nothing")
    assert told.strip().startswith("unknown name 'nothing'")


@pytest.mark.parametrize(
    "require",
    [
        "journey.metadata.labels.anything == 'x'",
        "journey.metadata.labels['any thing'] == 'x'",
        "{'a': journey}.a.spec.state == 'draft'",
        "journey[journey.kind] == 1",
        "journey.spec.segments.exists(use, use.role == 'content')",
        "journey.spec.segments[0].name == 'x'",
        "cel.bind(spec, journey.spec, has(spec.startTime))",
        "journey.spec.?segments.orValue([]).size() == 0",
        "lookup(journey.kind, 'a').spec.anything == 1",
        "usersOf('Segment', 'a').all(user, user.spec.state == 'live' || user.spec.copyOf == '')",
        "manifest.spec.state == node.spec.state",
        "[journey, journey].all(one, one.spec.state == 'draft')",
        "[1, 2].map(number, {'n': number}).all(one, one.n > 0)",
        "journey.metadata.labels.exists(label, label == 'x')",
    ],
)
def test_a_field_that_can_be_there_is_no_problem(tmp_path: Path, require: str) -> None:
    load_library(host_over(write_pack(tmp_path, make_policy(require=require))))


@pytest.mark.parametrize(
    ("require", "name", "meant"),
    [
        ("{'a': journey}.a.spec.stat == ''", "stat", "state"),
        ("[journey].all(one, one.spec.stat == '')", "stat", "state"),
        ("(true ? journey : manifest).spec.stat == ''", "stat", "state"),
        ("node.spec.stat == ''", "stat", "state"),
        ("manifest.spc.state == ''", "spc", "spec"),
        ("dyn(journey).spec.stat == ''", "stat", "state"),
        ("has(journey.metadata.nme)", "nme", "name"),
        ("journey.spec.segments.map(use, use.role == 'content', use).exists(use, use.rule == '')", "rule", "role"),
        ("lookup('Segment', 'a').spec.sorce == ''", "sorce", "source"),
        ("usersOf('Segment', 'a')[0].spec.sorce == ''", "sorce", "source"),
    ],
)
def test_a_field_that_cannot_be_there_is_told_with_the_nearest_name(
    tmp_path: Path, require: str, name: str, meant: str
) -> None:
    (message,) = errors_of(write_pack(tmp_path, make_policy(require=require)))
    assert message.endswith(f"there is no field {name!r} here - did you mean {meant!r}?")


def test_a_field_of_text_is_told(tmp_path: Path) -> None:
    (message,) = errors_of(write_pack(tmp_path, make_policy(require="journey.spec.frequency.word == ''")))
    assert "there can be no field 'word' here: the value has no fields" in message


def test_a_shared_condition_may_be_about_what_a_shared_let_says_of_the_manifest(tmp_path: Path) -> None:
    shared: JsonObject = {
        "kinds": {"Journey": {"when": "isDraft", "let": {"isDraft": "journey.spec.state == 'draft'"}}}
    }
    assert (
        len(load_library(host_over(write_pack(tmp_path, make_policy(1), make_policy(2), shared=shared))).policies) == 2
    )


@pytest.mark.parametrize(
    ("message", "count"),
    [
        ("${'}'} and ${{'a': 1}.a}", 2),
        ('${"${"}', 1),
        ("$ {x} $$ } {", 0),
        ("${'a\\'}'}", 1),
    ],
)
def test_placeholders_may_hold_quotes_and_braces(tmp_path: Path, message: str, count: int) -> None:
    root = write_pack(tmp_path, make_policy(message=message))
    (policy,) = load_library(host_over(root)).policies
    assert len(policy.message.expressions) == count
