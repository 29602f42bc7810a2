"""How fixes are made together, held against what they do, and taken back one by one where they do harm."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from journeylint.check_request import CheckRequest
from journeylint.cli.file_replacement import replace_content
from journeylint.edits.apply import EditableText
from journeylint.fixing import run as rounds
from journeylint.fixing.batch import make_together
from journeylint.fixing.run import FixRun
from journeylint.fixing.values import Candidate
from journeylint.formats.yaml import YamlLoader
from journeylint.host import Host
from journeylint.load import FileReader
from journeylint.model import Edit, Finding, Fix, Identity, Location, Operation, Report, Severity, SourceFile, Span
from journeylint.pipeline import check
from journeylint.ports import Want
from tests.contract.command_line import AS_OF, AUDIENCE, journey, segment, write
from tests.judging import builtin_host, host_over, make_policy, write_pack

VIP = segment("vip", "source: outbound, memberCount: 1000")


class Rounds:
    """A run over the YAML files in a folder, and what was judged in it."""

    def __init__(
        self, folder: Path, host: Host | None = None, *, may_fix: Callable[[Finding], bool] = lambda _: True
    ) -> None:
        self.judged: list[Mapping[str, bytes]] = []
        self._host = host or builtin_host()
        wants = frozenset({Want.FIXES, Want.REPLACEMENTS, Want.STABLE_POINTERS})
        self._request = CheckRequest((), folder, as_of=AS_OF, wants=wants)
        reader = FileReader(tuple(self._host.loaders.values()), self._host.kinds)
        files = [SourceFile(path.name, path.as_posix()) for path in sorted(folder.glob("*.yaml"))]
        self.run = FixRun(self._judge, files, reader.loader_of, may_fix=may_fix)

    def _judge(self, contents: Mapping[str, bytes]) -> Report:
        self.judged.append(contents)
        return check(self._request._replace(contents=contents), self._host)

    @property
    def fixed(self) -> int:
        """How many fixes were made."""
        return sum(len(one.fixes) for one in self.run.fixed_files())

    @property
    def reasons(self) -> list[str]:
        """Why fixes were taken back."""
        return [one.reason for one in self.run.taken_back.values()]


def candidate(*edits: Edit) -> Candidate:
    location = Location("j.yaml", 1, "", Span(1, 1, 1, 1))
    finding = Finding("TST001", "policy-1", Severity.ERROR, "", Identity("Journey", "j", "default"), location)
    return Candidate(finding, Fix("", is_safe=True, edits=edits), SourceFile("j.yaml", "j.yaml"))


@pytest.mark.parametrize("is_turned", [False, True])
def test_a_fix_of_several_items_hits_the_items_that_it_meant_beside_one_that_removes_an_item_between(
    *, is_turned: bool
) -> None:
    sets = candidate(*(Edit(Operation.SET, f"/spec/segments/{n}/role", "new") for n in (0, 3)))
    removes = candidate(Edit(Operation.REMOVE, "/spec/segments/2"))
    text = "spec:\n  segments:\n" + "".join(f"  - {{name: s{n}, role: old}}\n" for n in range(5))
    together = [removes, sets] if is_turned else [sets, removes]
    after, made = make_together(EditableText(text, YamlLoader()), together)
    assert made == together
    roles = {n: "new" if n in (0, 3) else "old" for n in (0, 1, 3, 4)}
    assert after == "spec:\n  segments:\n" + "".join(f"  - {{name: s{n}, role: {r}}}\n" for n, r in roles.items())


def test_of_two_items_that_are_alike_the_first_is_removed_and_the_other_is_left(tmp_path: Path) -> None:
    text = journey("", AUDIENCE, "name: vip, role: exclusion", "name: vip, role: exclusion")
    write(tmp_path, {"j.yaml": text, "s.yaml": VIP})
    asked: list[Finding] = []

    def is_first(finding: Finding) -> bool:
        if finding.policy != "OBS002" or asked or finding.location.pointer != "/spec/segments/1":
            return False
        asked.append(finding)
        return True

    rounds_of = Rounds(tmp_path, may_fix=is_first)
    rounds_of.run.run()
    assert rounds_of.reasons == []
    (fixed,) = rounds_of.run.fixed_files()
    assert fixed.after.decode().count("role: exclusion") == 1


def test_a_finding_more_that_is_named_like_another_is_seen(tmp_path: Path) -> None:
    host = host_over(
        write_pack(
            tmp_path / "packs",
            make_policy(
                1,
                each_="$.spec.segments[*]",
                as_="usage",
                require="usage.role != 'branch'",
                fix={"title": "T", "safe": True, "edits": [{"set": "/role", "value": "'exclusion'"}]},
            ),
            make_policy(2, each_="$.spec.segments[*]", as_="usage", require="usage.role != 'exclusion'"),
        )
    )
    write(tmp_path, {"j.yaml": journey("", "name: vip, role: exclusion", "name: vip, role: branch")})
    rounds_of = Rounds(tmp_path, host)
    rounds_of.run.run()
    assert rounds_of.fixed == 0
    assert [reason.partition(" at ")[0] for reason in rounds_of.reasons] == ["it would add TST002 policy-2"]


def objecting_to(root: Path, name: str) -> Host:
    """Uses of segments are to have a justification; the one that the fix writes for *name* is objected to."""
    return host_over(
        write_pack(
            root,
            make_policy(
                1,
                each_="$.spec.segments[*]",
                as_="usage",
                require="has(usage.justification)",
                fix={"title": "T", "safe": True, "edits": [{"set": "/justification", "value": "usage.name"}]},
            ),
            make_policy(
                2,
                each_="$.spec.segments[*]",
                as_="usage",
                require=f"!has(usage.justification) || !usage.justification.matches('{name}')",
            ),
        )
    )


@pytest.mark.parametrize("bad", [0, 17, 39])
def test_one_bad_fix_among_many_in_a_manifest_is_the_only_one_that_is_taken_back(tmp_path: Path, bad: int) -> None:
    write(tmp_path, {"j.yaml": journey("", *(f"name: s{n}, role: audience" for n in range(40)))})
    rounds_of = Rounds(tmp_path, objecting_to(tmp_path / "packs", f"^s{bad}$"))
    rounds_of.run.run()
    assert (rounds_of.fixed, len(rounds_of.reasons)) == (39, 1)
    assert len(rounds_of.judged) <= 20


def test_bad_fixes_in_many_manifests_take_as_few_runs_as_in_one(tmp_path: Path) -> None:
    uses = [f"name: s{n}, role: audience" for n in range(8)]
    write(tmp_path, {"j.yaml": "---\n".join(journey("", *uses, name=f"j{n}") for n in range(20))})
    rounds_of = Rounds(tmp_path, objecting_to(tmp_path / "packs", "^s5$"))
    rounds_of.run.run()
    assert (rounds_of.fixed, len(rounds_of.reasons)) == (140, 20)
    assert len(rounds_of.judged) <= 20


def test_runs_in_vain_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "MOST_IN_VAIN", 5)
    write(tmp_path, {"j.yaml": journey("", *(f"name: s{n}, role: audience" for n in range(30)))})
    rounds_of = Rounds(tmp_path, objecting_to(tmp_path / "packs", "^s"))
    rounds_of.run.run()
    assert (rounds_of.fixed, len(rounds_of.reasons)) == (0, 30)
    assert len(rounds_of.judged) <= 1 + 5 + 6


def test_what_is_judged_and_mended_is_what_a_file_held_first(tmp_path: Path) -> None:
    text = journey("", AUDIENCE, "name: vip, role: exclusion")
    write(tmp_path, {"j.yaml": text, "k.yaml": text.replace("name: spring", "name: k"), "s.yaml": VIP})
    rounds_of = Rounds(tmp_path, may_fix=lambda finding: finding.policy == "OBS002")
    write(tmp_path, {"j.yaml": journey("", AUDIENCE, "name: else, role: audience", "name: vip, role: exclusion")})
    rounds_of.run.run()
    assert rounds_of.reasons == []
    (one, _) = rounds_of.run.fixed_files()
    assert (one.before.decode(), one.after.decode()) == (text, journey("", AUDIENCE))
    assert replace_content(one.source.file, one.before, one.after) is not None, "it holds something else by now"
