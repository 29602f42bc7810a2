"""The life of a policy: preview and deprecated ones, former ids and names, and when a policy holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from journeylint.errors import PolicyError
from journeylint.model import JsonObject, JsonValue
from journeylint.testing import build_host, read_case, read_policies, run_case
from tests.contract.command_line import Outcome, check, journey, run_in, write
from tests.installed_pack import installed_pack
from tests.judging import make_policy, write_pack

COMING = make_policy(1, message="Coming", effective={"from": "2027-01-01"})
ENDING = make_policy(2, effective={"until": "2027-01-01"})
PREVIEW = make_policy(3, stage="preview", tags=["new"])
OLD: JsonObject = {
    **make_policy(4, stage="deprecated"),
    "replaced-by": "TST005",
    "former-ids": ["TST900"],
    "former-names": ["old-name"],
}
PLAIN: JsonObject = {
    **make_policy(5, history=[{"version": "0.2.0", "change": "Finds more."}]),
    "former-ids": ["TST901"],
}
ALL = (COMING, ENDING, PREVIEW, OLD, PLAIN)


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Path]:
    """A folder with one journey, where a pack with a policy of each sort is installed."""
    with ExitStack() as stack:
        stack.enter_context(installed_pack(tmp_path, *ALL))
        yield write(tmp_path / "work", {"j.yaml": journey()})


def found(outcome: Outcome) -> list[str]:
    """The policies of the test's pack that find something."""
    return [finding["policy"] for finding in outcome.findings if finding["policy"].startswith("TST")]


def finding(outcome: Outcome, policy: str) -> dict[str, Any]:
    (one,) = [finding for finding in outcome.findings if finding["policy"] == policy]
    return one


class TestEffective:
    @pytest.mark.parametrize(
        ("as_of", "told"),
        [
            ("2026-11-25", "Coming. Will be an error from 2027-01-01, in 37 days."),
            ("2026-11-24T23:59:59Z", "Coming. Will be an error from 2027-01-01, in 38 days."),
            ("2026-11-25T00:00:01Z", "Coming. Will be an error from 2027-01-01, in 37 days."),
            ("2026-12-30T23:59:59Z", "Coming. Will be an error from 2027-01-01, in 2 days."),
            ("2026-12-31", "Coming. Will be an error from 2027-01-01, in 1 day."),
            ("2026-12-31T23:59:59.999999Z", "Coming. Will be an error from 2027-01-01, in 1 day."),
            ("2027-01-01T00:30:00+01:00", "Coming. Will be an error from 2027-01-01, in 1 day."),
        ],
    )
    def test_before_it_holds_a_finding_is_an_info_that_says_when(self, work: Path, as_of: str, told: str) -> None:
        outcome = check(work, "--select", "TST001", as_of=as_of)

        one = finding(outcome, "TST001")
        assert (one["severity"], one["message"], one["effectiveFrom"]) == ("info", told, "2027-01-01T00:00:00Z")
        assert outcome.status == 0
        assert outcome.summary["infos"] == 1
        assert check(work, "--select", "TST001", "--fail-on", "info", as_of=as_of).status == 1

    @pytest.mark.parametrize("as_of", ["2027-01-01", "2027-01-01T00:00:00.000001Z", "2030-01-01"])
    def test_from_its_first_instant_on_it_is_as_any_other(self, work: Path, as_of: str) -> None:
        outcome = check(work, "--select", "TST001", as_of=as_of)

        one = finding(outcome, "TST001")
        assert (one["severity"], one["message"]) == ("error", "Coming")
        assert "effectiveFrom" not in one
        assert outcome.status == 1

    @pytest.mark.parametrize(
        ("severity", "told"),
        [("warning", "Coming. Will be a warning from"), ("info", "Coming. Holds from")],
    )
    def test_the_severity_that_it_will_have_is_the_configured_one(self, work: Path, severity: str, told: str) -> None:
        write(work, {"journeylint.yaml": f"policies: {{TST001: {{severity: {severity}}}}}\n"})

        one = finding(check(work, "--select", "TST001", as_of="2026-12-31"), "TST001")

        assert one["severity"] == "info"
        assert one["message"].startswith(told)

    def test_sarif_says_when_and_keeps_to_the_text(self, work: Path) -> None:
        _, out, _ = run_in(work, ("check", "--select", "TST001", "--as-of", "2026-12-31", "-o", "sarif"))

        (result,) = json.loads(out)["runs"][0]["results"]
        assert result["level"] == "note"
        assert result["message"] == {"text": "Coming. Will be an error from 2027-01-01, in 1 day."}
        assert result["properties"] == {"effectiveFrom": "2027-01-01T00:00:00Z"}

    @pytest.mark.parametrize(
        ("as_of", "expected"),
        [("2026-12-31T23:59:59.999999Z", ["TST002"]), ("2027-01-01", []), ("2027-01-01T00:00:01Z", [])],
    )
    def test_it_holds_until_before_its_end(self, work: Path, as_of: str, expected: list[str]) -> None:
        outcome = check(work, "--select", "TST002", as_of=as_of)

        assert found(outcome) == expected
        assert outcome.report is not None
        assert [row["policy"] for row in outcome.report["policies"]] == expected

    def test_instants_that_are_no_midnight_are_said_in_full(self, tmp_path: Path) -> None:
        policy = make_policy(1, message="Stop!", effective={"from": "2027-01-01T09:00:00+01:00"})
        with installed_pack(tmp_path, policy):
            work = write(tmp_path / "work", {"j.yaml": journey()})
            one = finding(check(work, "--select", "TST001", as_of="2026-12-31T08:00:00Z"), "TST001")

        assert one["message"] == "Stop! Will be an error from 2027-01-01T08:00:00Z, in 1 day."

    def test_config_show_and_policies_say_what_time_does(self, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(work, {"journeylint.yaml": "as-of: 2026-11-25\n"})
        before = run_in(work, ("config", "show"))[1]
        write(work, {"journeylint.yaml": "as-of: 2027-01-01\n"})
        after = run_in(work, ("config", "show"))[1]
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1798761600")  # 2027-01-01
        listed = run_in(work, ("policies",))[1]

        assert "Will be an error from 2027-01-01, in 37 days.\n" in before
        assert "Off from 2027-01-01.\n" in before
        assert "TST001" not in after
        assert "enabled  false  effective until 2027-01-01\n" in after
        assert "holds: until 2027-01-01, so it is off\n" in listed
        assert "holds: from 2027-01-01\n" in listed


class TestPreview:
    @pytest.mark.parametrize(
        ("settings", "argv"),
        [
            ("", ()),
            ("select: [TST]\n", ()),
            ("select: [pack]\n", ()),
            ("select: [new]\n", ()),
            ("policies: {TST: {enabled: true}}\n", ()),
            ("policies: {pack: {enabled: true}}\n", ()),
            ("policies: {TST003: {enabled: false}}\n", ()),
            ("policies: {TST003: {severity: info}}\n", ()),
            ("", ("--select", "TST")),
            ("", ("--select", "new")),
        ],
    )
    def test_is_off_until_it_is_named(self, work: Path, settings: str, argv: tuple[str, ...]) -> None:
        write(work, {"journeylint.yaml": settings})
        assert "TST003" not in found(check(work, *argv))

    @pytest.mark.parametrize(
        ("settings", "argv"),
        [
            ("select: [TST003]\n", ()),
            ("select: [policy-3]\n", ()),
            ("select: [TST, TST003]\n", ()),
            ("policies: {TST003: {enabled: true}}\n", ()),
            ("policies: {policy-3: {enabled: true}}\n", ()),
            ("policies: {TST: {enabled: false}, TST003: {enabled: true}}\n", ()),
            ("overrides: [{files: [j.yaml], policies: {TST003: {enabled: true}}}]\n", ()),
            ("", ("--select", "TST003")),
            ("", ("--select", "policy-3")),
        ],
    )
    def test_is_on_when_it_is_named(self, work: Path, settings: str, argv: tuple[str, ...]) -> None:
        write(work, {"journeylint.yaml": settings})
        assert "TST003" in found(check(work, *argv))

    def test_config_show_says_why_it_is_off(self, work: Path) -> None:
        out = run_in(work, ("config", "show"))[1]
        assert "TST003 policy-3\n    enabled  false  stage: preview\n" in out


class TestNames:
    @pytest.mark.parametrize("word", ["TST900", "old-name", "TST004", "policy-4"])
    def test_a_former_id_or_name_selects_ignores_and_sets(self, work: Path, word: str) -> None:
        assert found(check(work, "--select", word)) == ["TST004"]
        assert "TST004" not in found(check(work, "--ignore", word))
        write(work, {"journeylint.yaml": f"select: [{word}]\n"})
        assert found(check(work)) == ["TST004"]
        write(work, {"journeylint.yaml": f"overrides: [{{files: [j.yaml], ignore: [{word}]}}]\n"})
        assert "TST004" not in found(check(work))
        write(work, {"journeylint.yaml": f"policies: {{{word}: {{severity: info}}}}\n"})
        assert finding(check(work), "TST004")["severity"] == "info"
        assert finding(check(work), "TST005")["severity"] == "error"

    def test_each_is_warned_of_where_it_stands(self, work: Path) -> None:
        settings = "select: [TST901, TST]\npolicies:\n  old-name: {severity: info}\n"
        write(work, {"journeylint.yaml": settings + "overrides:\n- {files: [a], ignore: [TST900]}\n"})

        one, two = (check(work, "--ignore", "TST901,TST901", "--jobs", jobs) for jobs in ("1", "2"))

        gone = "TST004 policy-4 is deprecated and will go - use TST005 in its place"
        assert one.err.splitlines() == [
            "warning: journeylint.yaml:1:10: 'TST901' is a former id of TST005 policy-5 - write 'TST005'",
            "warning: journeylint.yaml:3:3: 'old-name' is a former name of TST004 policy-4 - write 'policy-4'",
            f"warning: journeylint.yaml:3:3: {gone}",
            "warning: journeylint.yaml:5:25: 'TST900' is a former id of TST004 policy-4 - write 'TST004'",
            f"warning: journeylint.yaml:5:25: {gone}",
            "warning: --ignore: 'TST901' is a former id of TST005 policy-5 - write 'TST005'",
        ]
        assert (one.out, one.err) == (two.out, two.err)

    def test_sarif_has_the_warnings_as_notifications_of_the_configuration(self, work: Path) -> None:
        def invocation(word: str) -> dict[str, Any]:
            out = run_in(work, ("check", "--select", word, "--as-of", "2025-03-01", "-o", "sarif"))[1]
            found: dict[str, Any] = json.loads(out)["runs"][0]["invocations"][0]
            return found

        (one,) = invocation("TST901")["toolConfigurationNotifications"]
        assert one["descriptor"]["id"] == "JLN004"
        assert one["message"]["text"].startswith("--select: 'TST901' is a former id of TST005")
        assert "toolConfigurationNotifications" not in invocation("TST005")

    @pytest.mark.parametrize("argv", [(), ("--select", "TST"), ("--select", "TST005")])
    def test_what_is_called_by_its_present_name_is_not_warned_of(self, work: Path, argv: tuple[str, ...]) -> None:
        write(work, {"journeylint.yaml": "ignore: [policy-5]\npolicies: {TST001: {severity: info}}\n"})
        assert check(work, *argv).err == ""

    def test_a_deprecated_policy_runs_without_a_word_unless_it_is_named(self, work: Path) -> None:
        outcome = check(work)
        assert ("TST004" in found(outcome), outcome.err) == (True, "")
        told = "warning: --select: TST004 policy-4 is deprecated and will go - use TST005 in its place\n"
        assert check(work, "--select", "TST004").err == told

    @pytest.mark.parametrize("word", ["TST900", "tst900", "old-name", "Old-Name"])
    def test_explain_takes_a_former_name_with_a_warning(self, work: Path, word: str) -> None:
        status, out, err = run_in(work, ("explain", word))
        assert (status, out.split()[0]) == (0, "TST004")
        assert err.startswith("warning: ")
        assert "of TST004 policy-4 - write " in err

    def test_an_unknown_name_is_still_an_error_with_the_nearest_present_one(self, work: Path) -> None:
        outcome = check(work, "--select", "TST9000")
        assert outcome.status == 2
        assert "unknown policy, pack or tag 'TST9000'" in outcome.err

    def test_markers_of_cases_may_have_a_former_id(self, tmp_path: Path) -> None:
        host = build_host([])
        root = write_pack(tmp_path, OLD, PLAIN)
        policies = {policy.id: policy for policy in read_policies(root, host).policies}
        case = tmp_path / "fails.yaml"
        case.write_text(journey().replace("\nkind", "  # finds: TST900\nkind", 1))

        held = run_case(read_case(case), policies["TST004"], host)
        other = run_case(read_case(case), policies["TST005"], host)

        assert held.holds
        assert [line.partition(": ")[2] for line in held.warnings][:1] == [
            "'TST900' is a former id of TST004 policy-4 - write 'TST004'"
        ]
        assert not other.holds
        assert other.warnings == ()


class TestPages:
    def test_policies_lists_what_is_not_settled(self, work: Path) -> None:
        out = run_in(work, ("policies",))[1]
        assert "stage: preview, off until it is selected by its id or name\n" in out
        assert "stage: deprecated, use TST005 in its place\n" in out
        assert "was: TST900, old-name\n" in out

    def test_policies_has_the_life_as_data(self, work: Path) -> None:
        packs = json.loads(run_in(work, ("policies", "--format", "json"))[1])["packs"]
        (own,) = [pack["policies"] for pack in packs if pack["name"] == "pack"]
        by_id = {policy["id"]: policy for policy in own}
        assert by_id["TST001"]["effective"] == {"from": "2027-01-01T00:00:00Z"}
        assert by_id["TST003"]["stage"] == "preview"
        assert (by_id["TST004"]["stage"], by_id["TST004"]["replacedBy"]) == ("deprecated", "TST005")
        assert (by_id["TST004"]["formerIds"], by_id["TST004"]["formerNames"]) == (["TST900"], ["old-name"])
        assert by_id["TST005"]["history"] == [{"version": "0.2.0", "change": "Finds more."}]
        assert by_id["TST005"]["stage"] == "stable"
        assert "effective" not in by_id["TST005"]

    def test_the_page_of_a_policy_has_its_life(self, work: Path) -> None:
        old, plain = (run_in(work, ("explain", policy))[1] for policy in ("TST004", "TST005"))
        assert "\nstage   deprecated, use TST005 in its place\nwas     TST900, old-name\n" in old
        assert "\nHistory\n  0.2.0  Finds more.\n" in plain
        assert "\nstage " not in plain


class TestMistakes:
    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"former-ids": ["TST002"]}, "former id 'TST002' is that of "),
            ({"former-names": ["policy-2"]}, "former name 'policy-2' is that of "),
            ({"former-ids": ["TST001"]}, "former id 'TST001' is its own at present"),
            ({"former-ids": ["TST900"]}, "former id 'TST900' is taken already by "),
            ({"former-names": ["gone"]}, "former name 'gone' is taken already by "),
            ({"stage": "deprecated", "replaced-by": "TST003"}, "there is no policy 'TST003' - did you mean 'TST002'?"),
            ({"stage": "deprecated", "replaced-by": "TST001"}, "'TST001' is the policy itself"),
            ({"replaced-by": "TST002"}, "only a deprecated policy is replaced"),
            ({"effective": {"from": "2027-01-01", "until": "2027-01-01"}}, "it ends before it begins"),
            ({"effective": {"from": "2027-13-01"}}, "2027-13-01"),
        ],
    )
    def test_of_one_policy_are_told_with_their_place(
        self, tmp_path: Path, changes: dict[str, JsonValue], told: str
    ) -> None:
        claims: dict[str, JsonValue] = {"former-ids": ["TST900"], "former-names": ["gone"]}
        first = make_policy(0, **claims)
        root = write_pack(tmp_path, first, make_policy(1, **changes), make_policy(2))

        with pytest.raises(PolicyError) as caught:
            read_policies(root, build_host([]))

        (message,) = caught.value.messages
        assert "policy-1/policy.yaml:" in message
        assert told in message

    @pytest.mark.parametrize(
        "changes",
        [
            {"stage": "deprecated", "replaced-by": "TST002"},
            {"stage": "deprecated", "replaced-by": "OBS015"},
            {"former-ids": ["TST901", "OTHER001"], "former-names": ["policy-901"]},
            {"effective": {"from": "2027-01-01", "until": "2027-01-02"}},
        ],
    )
    def test_what_is_in_order_is_loaded(self, tmp_path: Path, changes: dict[str, JsonValue]) -> None:
        root = write_pack(tmp_path, make_policy(1, **changes), make_policy(2))
        assert len(read_policies(root, build_host([])).policies) == 2

    def test_what_replaces_a_policy_has_to_be_there_in_a_run(self, tmp_path: Path) -> None:
        policy = make_policy(1, stage="deprecated", **{"replaced-by": "OBS904"})
        with installed_pack(tmp_path, policy):
            outcome = check(write(tmp_path / "work", {"j.yaml": journey()}))
        assert outcome.status == 2
        assert "there is no policy 'OBS904' - did you mean 'OBS014'?" in outcome.err
