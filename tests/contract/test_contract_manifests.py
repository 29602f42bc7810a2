"""The contract on manifests and failures: what is read, how, where a node stands, and what is said of the rest."""

from __future__ import annotations

import codecs
import json
from pathlib import Path
from typing import Any

import pytest

from tests.contract.command_line import AUDIENCE, Outcome, check, journey, judge, segment, write

GONE = journey("", "name: gone, role: audience")
"""A journey with one finding, REF001, so that a test can tell that it was judged."""


def place(thing: dict[str, Any]) -> tuple[int, int, int, int]:
    """The span of a finding or failure: line, column, end line, end column."""
    at = thing["location"]
    return at["line"], at["column"], at["endLine"], at["endColumn"]


def span_of_usage(folder: Path, usages: str) -> tuple[int, int, int, int]:
    """The span of the first usage of a journey whose `segments` (line 6, indented by 2) are followed by *usages*."""
    text = f"apiVersion: journeylint/v1\nkind: Journey\nmetadata: {{name: a}}\nspec:\n  frequency: ongoing\n  segments:{usages}"
    write(folder, {"a.yaml": text})
    outcome = check(folder)
    assert outcome.failures == []
    return place(outcome.findings[0])


class TestDocuments:
    def test_many_documents_in_one_file_are_each_judged(self, tmp_path: Path) -> None:
        outcome = judge(tmp_path, segment("a"), segment("b", "source: data"), GONE)

        assert outcome.summary["manifests"] == 3
        assert outcome.summary["files"] == 1
        assert outcome.findings[0]["location"]["document"] == 3

    def test_foreign_documents_are_skipped_and_counted(self, tmp_path: Path) -> None:
        foreign = "apiVersion: apps/v1\nkind: Deployment\n"
        outcome = judge(tmp_path, foreign, GONE, "just text\n", "- a\n- list\n", "apiVersion: v1\n")

        assert outcome.summary["skippedDocuments"] == 4
        assert outcome.summary["manifests"] == 1
        assert outcome.failures == []

    @pytest.mark.parametrize(
        "head",
        [
            "kind: Journey\n",
            "kind: Segment\n",
            "apiVersion: journeylint/v2\nkind: Journey\n",
            "apiVersion: journeylint/\nkind: Anything\n",
            "apiVersion: journeylint/v1beta1\n",
            "apiVersion: journeylint/v1\n",
            "apiVersion: journeylint/v1\nkind: Jorney\n",
            "apiVersion: journeylint/v1\nkind: 7\n",
            "apiVersion:\nkind: Segment\n",
        ],
    )
    def test_documents_that_are_nearly_ours_are_failures(self, tmp_path: Path, head: str) -> None:
        outcome = judge(tmp_path, head + "metadata: {name: a}\nspec: {frequency: ongoing}\n", GONE)

        assert set(outcome.codes) == {"JL002"}, outcome.failures
        assert outcome.status == 3
        assert len(outcome.findings) == 1

    @pytest.mark.parametrize(
        "head", ["apiVersion: v1\nkind: Journey\n", "apiVersion: acme.org/v1\nkind: Segment\n", "kind: Deployment\n"]
    )
    def test_documents_of_others_are_not(self, tmp_path: Path, head: str) -> None:
        outcome = judge(tmp_path, head + "metadata: {name: a}\n", GONE)

        assert outcome.codes == []
        assert outcome.summary["skippedDocuments"] == 1

    def test_an_unknown_kind_gets_the_nearest_name(self, tmp_path: Path) -> None:
        outcome = judge(tmp_path, "apiVersion: journeylint/v1\nkind: Jorney\nmetadata: {name: a}\nspec: {}\n")

        assert "'Journey'" in outcome.failures[0]["message"]
        assert outcome.failures[0]["location"]["pointer"] == "/kind"
        assert place(outcome.failures[0]) == (2, 7, 2, 13)

    @pytest.mark.parametrize("name", ["a.yaml", "a.yml", "deep/er/a.yaml"])
    def test_yaml_files_of_a_folder_are_found(self, tmp_path: Path, name: str) -> None:
        write(tmp_path, {name: GONE, "a.txt": GONE})

        outcome = check(tmp_path)

        assert [f["location"]["path"] for f in outcome.findings] == [name]

    def test_documents_before_a_syntax_error_are_judged(self, tmp_path: Path) -> None:
        outcome = judge(tmp_path, segment("a"), GONE, "kind: Journey\nspec: [\n")

        assert outcome.codes == ["JL001"]
        assert outcome.pointers("REF001") == ["/spec/segments/0"]
        assert outcome.failures[0]["location"]["document"] == 3
        assert outcome.status == 3


class TestWalks:
    HELM = "apiVersion: v1\nkind: ConfigMap\ndata: {{- toYaml .Values | nindent 4 }}\n"
    CLOUD = "Resources:\n  A: !GetAtt B.Arn\n"

    def test_other_peoples_yaml_in_a_folder_is_not_looked_at(self, tmp_path: Path) -> None:
        write(tmp_path, {"chart.yaml": self.HELM, "stack.yml": self.CLOUD, "bad.json": "{", "a.yaml": GONE})

        outcome = check(tmp_path, ".")

        assert outcome.failures == []
        assert outcome.summary["files"] == 1

    def test_a_file_named_on_the_command_line_always_is(self, tmp_path: Path) -> None:
        write(tmp_path, {"chart.yaml": self.HELM, "stack.yml": self.CLOUD})

        outcome = check(tmp_path, "chart.yaml", "stack.yml")

        assert outcome.summary["files"] == 2
        assert {failure["location"]["path"] for failure in outcome.failures} == {"chart.yaml"}
        assert set(outcome.codes) == {"JL001"}
        assert outcome.summary["skippedDocuments"] == 1

    @pytest.mark.parametrize(
        "mention",
        [
            "kind: Journey",
            "kind : Journey",
            "'kind': 'Journey'",
            '"kind" : "Segment"',
            "kind:   Segment",
            "{apiVersion: x, kind: Segment}",
            "# journeylint/",
            'apiVersion: "journeylint/v9"',
        ],
    )
    def test_a_file_that_mentions_ours_is_looked_at(self, tmp_path: Path, mention: str) -> None:
        write(tmp_path, {"x.yaml": f"{mention}\n---\n[\n"})

        assert "JL001" in check(tmp_path).codes

    @pytest.mark.parametrize("mention", ["kind: Journeys", "mankind: Journey", "Journey: kind"])
    def test_a_file_with_a_similar_text_only_is_not(self, tmp_path: Path, mention: str) -> None:
        write(tmp_path, {"x.yaml": f"{mention}\n---\n[\n", "a.yaml": GONE})

        assert check(tmp_path).codes == []

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
    @pytest.mark.parametrize("suffix", ["yaml", "json"])
    def test_other_encodings_that_mention_ours_are_failures(self, tmp_path: Path, encoding: str, suffix: str) -> None:
        write(
            tmp_path, {f"x.{suffix}": GONE.encode(encoding), "other.yaml": "kind: Pod".encode(encoding), "a.yaml": GONE}
        )

        outcome = check(tmp_path)

        assert outcome.codes == ["JL001"]
        assert outcome.failures[0]["location"]["path"] == f"x.{suffix}"
        assert "UTF-" in outcome.failures[0]["message"]
        assert outcome.status == 3

    def test_a_utf8_byte_order_mark_is_no_harm(self, tmp_path: Path) -> None:
        write(tmp_path, {"x.yaml": codecs.BOM_UTF8 + GONE.encode(), "y.json": codecs.BOM_UTF8 + b'{"kind": "Pod"}'})

        outcome = check(tmp_path, "x.yaml")

        assert outcome.codes == []
        assert outcome.pointers("REF001") == ["/spec/segments/0"]

    def test_bytes_that_are_not_utf8_are_a_failure_at_their_place(self, tmp_path: Path) -> None:
        write(tmp_path, {"x.yaml": GONE.encode() + b"# caf\xe9\n"})

        outcome = check(tmp_path)

        assert outcome.codes == ["JL001"]
        assert place(outcome.failures[0])[:2] == (GONE.count("\n") + 1, 6)

    def test_gitignored_files_are_left_out_of_walks_but_not_when_named(self, tmp_path: Path) -> None:
        write(tmp_path, {".gitignore": "build/\n", "build/x.yaml": GONE, "a.yaml": segment()})
        (tmp_path / ".git").mkdir()

        assert check(tmp_path).summary["files"] == 1
        assert check(tmp_path, "build/x.yaml").summary["files"] == 1


class TestUnreadable:
    @pytest.mark.parametrize(
        ("line", "word"),
        [
            ("  team: a\n    team: b", "team"),
            ("  1: x", ""),
            ("  null: x", ""),
            ("  true: x", ""),
            ("  [a]: x", ""),
            ("  x: !GetAtt y", "GetAtt"),
            ("  x: !!python/object:os.system y", ""),
            ("  x: *nowhere", "nowhere"),
            ("  x: [", ""),
            ("  x: \x01", ""),
            ("\tx: y", "tab"),
        ],
    )
    def test_what_nobody_can_read_for_sure_is_a_failure(self, tmp_path: Path, line: str, word: str) -> None:
        text = GONE.replace("metadata: {name: spring}", f"metadata:\n  name: spring\n  labels:\n  {line}")
        outcome = judge(tmp_path, segment(), text)

        assert outcome.codes == ["JL001"], outcome.failures
        assert word in outcome.failures[0]["message"]
        assert outcome.failures[0]["location"]["line"] > 5
        assert outcome.summary["manifests"] >= 1
        assert outcome.status == 3

    def test_a_duplicate_key_is_told_at_the_second_one(self, tmp_path: Path) -> None:
        write(tmp_path, {"x.yaml": GONE + "kind: Segment\n"})

        outcome = check(tmp_path)

        assert outcome.codes == ["JL001"]
        line = GONE.count("\n") + 1
        assert place(outcome.failures[0])[:2] == (line, 1)

    def test_a_bomb_of_aliases_is_a_failure(self, tmp_path: Path) -> None:
        lines = ["apiVersion: journeylint/v1", "kind: Journey", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
        lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
        outcome = judge(tmp_path, "\n".join(lines) + "\n", GONE)

        assert "JL001" in outcome.codes
        assert outcome.status == 3

    @pytest.mark.parametrize("nesting", ["[" * 50_000, "{a: " * 20_000, "\n".join(" " * i + "a:" for i in range(2000))])
    def test_nesting_without_end_is_a_failure(self, tmp_path: Path, nesting: str) -> None:
        write(tmp_path, {"x.yaml": f"# journeylint/\n{nesting}", "x.json": '{"kind": "Journey", "a": ' + "[" * 50_000})

        outcome = check(tmp_path)

        assert outcome.codes == ["JL001", "JL001"]

    def test_an_alias_of_its_own_parent_is_a_failure(self, tmp_path: Path) -> None:
        outcome = judge(
            tmp_path, "apiVersion: journeylint/v1\nkind: Journey\nmetadata: &m {name: a, labels: *m}\nspec: {}\n"
        )

        assert set(outcome.codes) <= {"JL001", "JL002"}
        assert outcome.codes[0] == "JL001"

    def test_a_number_of_many_digits_is_a_failure(self, tmp_path: Path) -> None:
        outcome = judge(tmp_path, segment("vip", f"source: outbound, memberCount: {'9' * 100_000}"))

        assert outcome.status == 3
        assert len(outcome.failures[0]["message"]) < 1000

    @pytest.mark.parametrize(
        "text",
        [
            '{"kind": "Journey",}',
            "{'kind': 'Journey'}",
            '{"kind": "Journey", "a": NaN}',
            '{"kind": "Journey", "a": 01}',
            '{"kind": "Journey", "kind": "Journey"}',
            '{"kind": "Journey"} x',
            '{"kind": "Journey"} // note',
            '{"kind": "Journey", "a": "\t"}',
            '{"kind": "Journey", "a": Infinity}',
            '{"kind": "Journey", "a": 1.}',
            "kind: Journey",
        ],
    )
    def test_json_has_none_of_the_laxness_of_yaml(self, tmp_path: Path, text: str) -> None:
        write(tmp_path, {"x.json": text})

        assert check(tmp_path, "x.json").codes == ["JL001"]

    def test_json_has_every_escape(self, tmp_path: Path) -> None:
        title = '\U0001f600 \x7f \u2028 / " \\ \b\f\n\r\t'
        document = {
            "apiVersion": "journeylint/v1",
            "kind": "Journey",
            "metadata": {"name": "a", "title": title, "labels": {"k" * 2000: "v"}},
            "spec": {"frequency": "ongoing", "segments": [{"name": "gone", "role": "audience"}]},
        }
        write(tmp_path, {"x.json": json.dumps(document).replace("/ ", "\\/ ")})

        outcome = check(tmp_path)

        assert outcome.failures == []
        assert outcome.pointers("REF001") == ["/spec/segments/0"]

    def test_a_file_that_cannot_be_opened_is_a_failure(self, tmp_path: Path) -> None:
        write(tmp_path, {"a.yaml": GONE})
        (tmp_path / "lost.yaml").symlink_to(tmp_path / "nowhere.yaml")

        outcome = check(tmp_path)

        assert outcome.codes in (["JL001"], [])
        assert outcome.pointers("REF001") == ["/spec/segments/0"]

    @pytest.mark.parametrize("content", ["", "\n", "# nothing\n", "---\n", "---\n---\n", "\ufeff"])
    def test_an_empty_file_is_no_manifest_and_no_failure(self, tmp_path: Path, content: str) -> None:
        write(tmp_path, {"x.yaml": content})

        outcome = check(tmp_path, "x.yaml")

        assert outcome.failures == []
        assert outcome.status == 3
        assert check(tmp_path, "x.yaml", "--allow-empty").status == 0


class TestInvalid:
    @pytest.mark.parametrize(
        ("change", "pointer", "words"),
        [
            (("frequency: ongoing", "frequncy: ongoing"), None, ["frequncy", "frequency"]),
            (("frequency: ongoing", "frequency: ongoin"), "/spec/frequency", ["ongoing"]),
            (("role: audience", "role: Audience"), "/spec/segments/0/role", ["audience"]),
            (("name: spring", "name: -spring"), "/metadata/name", []),
            (("name: spring", "name: 1.10"), "/metadata/name", []),
            (("name: spring", "name: a b"), "/metadata/name", []),
            (("name: spring", "title: x"), "/metadata", ["name"]),
            (("name: gone, ", ""), "/spec/segments/0", ["name"]),
            (("frequency: ongoing", "state: NO\n  frequency: ongoing"), "/spec/state", []),
            (("frequency: ongoing", "publishTime: tomorrow\n  frequency: ongoing"), "/spec/publishTime", []),
            (("frequency: ongoing", "timeZone: Mars/Phobos\n  frequency: ongoing"), "/spec/timeZone", ["Mars/Phobos"]),
            (("{name: spring}", "{name: spring, labels: {a: 1}}"), "/metadata/labels/a", []),
            (("frequency: ongoing", "startTme: 2025-01-01\n  frequency: ongoing"), "/spec/startTme", ["startTime"]),
        ],
    )
    def test_a_breach_of_the_schema_is_told_at_its_place(
        self, tmp_path: Path, change: tuple[str, str], pointer: str | None, words: list[str]
    ) -> None:
        outcome = judge(tmp_path, GONE.replace(*change), segment())

        assert set(outcome.codes) == {"JL002"}
        assert outcome.findings == []
        text = " ".join(failure["message"] for failure in outcome.failures)
        assert [word for word in words if word not in text] == []
        if pointer is not None:
            assert pointer in [failure["location"]["pointer"] for failure in outcome.failures]

    def test_all_breaches_of_a_document_are_told(self, tmp_path: Path) -> None:
        outcome = judge(
            tmp_path,
            "apiVersion: journeylint/v1\nkind: Segment\nmetadata: {name: a}\n"
            "spec: {source: x, type: y, state: z, memberCount: -1}\n",
        )

        assert [f["location"]["pointer"] for f in outcome.failures] == [
            "/spec/source",
            "/spec/type",
            "/spec/state",
            "/spec/memberCount",
        ]

    def test_a_missing_property_points_at_the_mapping_that_lacks_it(self, tmp_path: Path) -> None:
        write(
            tmp_path,
            {"x.yaml": "apiVersion: journeylint/v1\nkind: Segment\nmetadata: {name: a}\nspec:\n  type: static\n"},
        )

        outcome = check(tmp_path)

        assert [f["location"]["pointer"] for f in outcome.failures] == ["/spec"]
        assert place(outcome.failures[0]) == (5, 3, 5, 15)

    @pytest.mark.parametrize(
        ("count", "is_valid"), [("0", True), (str(2**63 - 1), True), (str(2**63), False), ("-1", False)]
    )
    def test_member_counts_have_bounds(self, tmp_path: Path, count: str, is_valid: bool) -> None:
        outcome = judge(tmp_path, segment("vip", f"source: data, memberCount: {count}"))

        assert (outcome.codes == []) is is_valid

    @pytest.mark.parametrize("state", ["draft", "live", "exporting", "computing", "error", "expired", "deleted"])
    def test_all_segment_states_are_known(self, tmp_path: Path, state: str) -> None:
        assert judge(tmp_path, segment("vip", f"source: data, state: {state}, type: static")).failures == []

    @pytest.mark.parametrize("entity", ["contact", "lead", "profile"])
    def test_all_target_entities_are_known(self, tmp_path: Path, entity: str) -> None:
        assert judge(tmp_path, journey(f"targetEntity: {entity}")).failures == []
        assert judge(tmp_path, journey("targetEntity: account")).codes == ["JL002"]


class TestScalars:
    @pytest.mark.parametrize(
        "text", ["NO", "on", "off", "yes", "Y", "22:00", "1_000", "0b11", "0o9", "2025-01-01", "=", "<<"]
    )
    def test_text_in_yaml_1_2_stays_text(self, tmp_path: Path, text: str) -> None:
        outcome = judge(
            tmp_path, GONE.replace("{name: spring}", f"{{name: spring, title: {text}, labels: {{a: {text}}}}}")
        )

        assert outcome.codes == []

    @pytest.mark.parametrize(
        "text", ["1.10", "010", "0x1F", "0o17", "1e3", "true", "False", "null", "~", ".inf", "-.INF", ".nan"]
    )
    def test_numbers_booleans_and_null_are_no_text(self, tmp_path: Path, text: str) -> None:
        outcome = judge(tmp_path, GONE.replace("{name: spring}", f"{{name: spring, title: {text}}}"))

        assert "JL002" in outcome.codes or "JL001" in outcome.codes

    @pytest.mark.parametrize(("text", "members"), [("010", "10"), ("0o10", "8"), ("0x10", "16"), ("+7", "7")])
    def test_integers_are_read_as_yaml_1_2_has_them(self, tmp_path: Path, text: str, members: str) -> None:
        (tmp_path / "journeylint.yaml").write_text(f"policies: {{OBS004: {{params: {{maximumMembers: {members}}}}}}}\n")
        below = judge(tmp_path, segment("vip", f"source: outbound, memberCount: {text}"), journey("", AUDIENCE))
        (tmp_path / "journeylint.yaml").write_text(
            f"policies: {{OBS004: {{params: {{maximumMembers: {int(members) + 1}}}}}}}\n"
        )
        above = judge(tmp_path, segment("vip", f"source: outbound, memberCount: {text}"), journey("", AUDIENCE))

        assert (below.tally("OBS004"), above.tally("OBS004")) == ((0, 1, 0), (1, 0, 0))

    def test_a_quoted_number_is_text(self, tmp_path: Path) -> None:
        assert (
            judge(
                tmp_path, segment().replace("name: vip", "name: '010'"), journey("", "name: '010', role: branch")
            ).codes
            == []
        )

    def test_merge_keys_are_no_silent_guess(self, tmp_path: Path) -> None:
        outcome = judge(
            tmp_path,
            "apiVersion: journeylint/v1\nkind: Journey\nmetadata: &m {name: a}\nspec: {<<: *m, frequency: ongoing}\n",
        )

        assert outcome.status == 3


def start_is(folder: Path, start: str, zone: str, expected: str) -> None:
    """Assert that *start* in *zone* is the instant *expected*, by the boundary of OBS001."""
    spec = f"startTime: {start}\ntimeZone: {zone}" if zone else f"startTime: {start}"
    for removed, count in ((f"{expected}Z", 1), (f"{expected[:-2]}01Z" if expected.endswith("00") else "", 0)):
        (folder / "journeylint.yaml").write_text(f"policies: {{OBS001: {{params: {{removedFrom: {removed}}}}}}}\n")
        outcome = judge(folder, segment(), journey(spec, AUDIENCE), as_of="2000-01-01")
        assert outcome.failures == []
        assert len(outcome.pointers("OBS001")) == count, removed


class TestTimes:
    @pytest.mark.parametrize(
        ("start", "zone", "expected"),
        [
            ("2025-03-03T09:00:00", "", "2025-03-03T09:00:00"),
            ("2025-03-03T09:00", "", "2025-03-03T09:00:00"),
            ("2025-03-03", "", "2025-03-03T00:00:00"),
            ("2025-03-03", "W. Europe Standard Time", "2025-03-02T23:00:00"),
            ("2025-07-03", "W. Europe Standard Time", "2025-07-02T22:00:00"),
            ("2025-07-03T10:00", "Europe/Berlin", "2025-07-03T08:00:00"),
            ("2025-07-03T10:00", "Pacific Standard Time", "2025-07-03T17:00:00"),
            ("2025-07-03T10:00", "India Standard Time", "2025-07-03T04:30:00"),
            ("2025-07-03T10:00:00+02:00", "Pacific Standard Time", "2025-07-03T08:00:00"),
            ("2025-07-03T10:00Z", "Pacific Standard Time", "2025-07-03T10:00:00"),
            ("2025-07-03T10:00:00-05:30", "", "2025-07-03T15:30:00"),
            ("2025-10-26T02:30:00", "Europe/Berlin", "2025-10-26T00:30:00"),  # twice: the earlier
            ("2025-10-26T03:00:00", "Europe/Berlin", "2025-10-26T02:00:00"),
            ("2025-11-02T01:30", "Eastern Standard Time", "2025-11-02T05:30:00"),
            ("2025-03-30T01:59", "Europe/Berlin", "2025-03-30T00:59:00"),
            ("2025-03-30T03:00", "Europe/Berlin", "2025-03-30T01:00:00"),
            ("2024-02-29", "UTC", "2024-02-29T00:00:00"),
        ],
    )
    def test_are_the_instants_that_they_say(self, tmp_path: Path, start: str, zone: str, expected: str) -> None:
        start_is(tmp_path, start, zone, expected)

    @pytest.mark.parametrize(
        ("start", "zone"),
        [
            ("2025-03-30T02:00", "Europe/Berlin"),
            ("2025-03-30T02:30:00", "W. Europe Standard Time"),
            ("2025-03-30T02:59:59", "Europe/Berlin"),
            ("2025-03-09T02:30", "Eastern Standard Time"),
            ("2018-11-04", "America/Sao_Paulo"),
        ],
    )
    def test_a_skipped_local_time_is_a_failure_that_says_so(self, tmp_path: Path, start: str, zone: str) -> None:
        outcome = judge(tmp_path, segment(), journey(f"startTime: {start}\ntimeZone: {zone}", AUDIENCE))

        assert outcome.codes == ["JL002"]
        assert "skip" in outcome.failures[0]["message"] or "does not exist" in outcome.failures[0]["message"]
        assert outcome.failures[0]["location"]["pointer"] == "/spec/startTime"

    @pytest.mark.parametrize("key", ["publishTime", "startTime", "endTime"])
    @pytest.mark.parametrize(
        "value",
        [
            "2025-02-29",
            "2025-13-01",
            "2025-01-01T25:00",
            "2025-01-01T10:60",
            "2025-01-01T10",
            "01/02/2025",
            "20250101",
            "2025-1-1",
            "now",
            "''",
            "2025-01-01T10:00+25:00",
            "2025-W01-1",
            "2025-01-01T10:00:00 Europe/Berlin",
            "\uff12\uff10\uff12\uff15-01-01",
        ],
    )
    def test_impossible_times_are_failures(self, tmp_path: Path, key: str, value: str) -> None:
        outcome = judge(tmp_path, journey(f"{key}: {value}"))

        assert outcome.codes == ["JL002"]
        assert outcome.failures[0]["location"]["pointer"] == f"/spec/{key}"

    def test_a_segment_has_no_time_zone(self, tmp_path: Path) -> None:
        assert judge(tmp_path, segment("vip", "source: data, lastExportedAt: 2025-03-30T02:30:00")).codes == []
        assert judge(tmp_path, segment("vip", "source: data, lastExportedAt: 2025-02-30")).codes == ["JL002"]
        assert judge(tmp_path, segment("vip", "source: data, timeZone: UTC")).codes == ["JL002"]

    def test_an_unknown_zone_gets_the_nearest_name(self, tmp_path: Path) -> None:
        outcome = judge(tmp_path, journey("timeZone: Europe/Berlim"))

        assert "Europe/Berlin" in outcome.failures[0]["message"]

    @pytest.mark.parametrize("zone", ["../../etc/passwd", "/etc/localtime", "''", "posixrules", "Europe", "~", "7"])
    def test_hostile_zones_are_failures(self, tmp_path: Path, zone: str) -> None:
        assert judge(tmp_path, journey(f"timeZone: {zone}\nstartTime: 2025-01-01")).status == 3


class TestSpans:
    @pytest.mark.parametrize(
        ("usages", "expected"),
        [
            ("\n  - name: x\n    role: audience\n", (7, 5, 8, 19)),
            ("\n  - name: x\n    role: audience   # note\n\n\n# end\n", (7, 5, 8, 19)),
            ("\n  - {name: x, role: audience}   \n", (7, 5, 7, 30)),
            (" [{name: x, role: audience}]\n", (6, 14, 6, 39)),
            ("\n  - name: 'x'\n    role: 'audience' \n", (7, 5, 8, 21)),
            ('\n  - name: x\n    role: "audience" # c\n', (7, 5, 8, 21)),
            ("\n  - name: x\n    role: audience\n    justification: >\n      two\n      lines\n\n\n", (7, 5, 11, 12)),
            ("\n  - name: x\n    role: audience\n    justification: plain\n      two # c\n", (7, 5, 10, 10)),
            ("\n  -\n    name: x\n    role: audience\n...\n", (8, 5, 9, 19)),
            ("\n  - {\n      name: x,\n      role: audience\n    }\n", (7, 5, 10, 6)),
            ("\n  - justification: 'é😀'\n    name: x\n    role: audience", (7, 5, 9, 19)),
            ("\n  - {justification: '😀', name: x, role: audience}\n", (7, 5, 7, 50)),
            ("\r\n  - name: x\r\n    role: audience  \r\n", (7, 5, 8, 19)),
        ],
    )
    def test_end_with_the_last_character(
        self, tmp_path: Path, usages: str, expected: tuple[int, int, int, int]
    ) -> None:
        assert span_of_usage(tmp_path, usages) == expected

    def test_of_an_alias_is_the_alias(self, tmp_path: Path) -> None:
        write(
            tmp_path,
            {
                "a.yaml": "apiVersion: journeylint/v1\nkind: Journey\nmetadata: {name: a}\nspec:\n  frequency: ongoing\n"
                "  segments:\n  - &use {name: x, role: audience}\n  - *use  # again\n"
            },
        )

        assert [place(f) for f in check(tmp_path).findings][1] == (8, 5, 8, 9)

    def test_the_same_holds_in_json(self, tmp_path: Path) -> None:
        text = (
            '{"apiVersion":"journeylint/v1","kind":"Journey","metadata":{"name":"a"},\n'
            ' "spec":{"frequency":"ongoing",\n  "segments":[ {"justification":"😀","name":"x","role":"audience"} ]}}'
        )
        write(tmp_path, {"a.json": text})

        start = text.splitlines()[2].index('{"just') + 1
        assert place(check(tmp_path).findings[0]) == (3, start, 3, text.splitlines()[2].index("} ]") + 2)

    def test_lines_after_a_foreign_line_separator_are_not_shifted(self, tmp_path: Path) -> None:
        write(tmp_path, {"a.yaml": GONE.replace("{name: spring}", '{name: spring, title: "a\u2028b"}')})

        outcome = check(tmp_path)

        assert outcome.codes == []
        assert outcome.findings[0]["location"]["line"] == 7


class TestDuplicates:
    def test_each_later_one_names_the_first(self, tmp_path: Path) -> None:
        write(
            tmp_path,
            {"b.yaml": segment() + "---\n" + segment(), "a.yaml": segment("vip", "source: data"), "c.json": "{}"},
        )

        outcome = check(tmp_path)

        assert outcome.codes == ["JL004", "JL004"]
        assert [(f["location"]["path"], f["location"]["document"]) for f in outcome.failures] == [
            ("b.yaml", 1),
            ("b.yaml", 2),
        ]
        assert all("a.yaml" in f["message"] for f in outcome.failures)
        assert outcome.failures[0]["manifest"] == {"kind": "Segment", "name": "vip", "environment": "default"}
        assert outcome.failures[0]["name"] == "duplicate-manifest"

    def test_the_first_is_judged(self, tmp_path: Path) -> None:
        write(tmp_path, {"a.yaml": GONE, "b.yaml": journey("", AUDIENCE)})

        outcome = check(tmp_path)

        assert [f["location"]["path"] for f in outcome.findings] == ["a.yaml"]
        assert outcome.codes == ["JL004"]

    @pytest.mark.parametrize("argv", [("b.yaml", "a.yaml"), ("a.yaml", "b.yaml"), ("b.yaml", "."), ()])
    def test_the_first_is_the_same_whatever_the_order_of_paths(self, tmp_path: Path, argv: tuple[str, ...]) -> None:
        write(tmp_path, {"a.yaml": GONE, "b.yaml": GONE})

        assert [f["location"]["path"] for f in check(tmp_path, *argv).failures] == ["b.yaml"]

    def test_kind_and_environment_make_a_difference(self, tmp_path: Path) -> None:
        outcome = judge(tmp_path, segment("a"), journey(name="a"), segment("a", environment="x"), segment("A"))

        assert outcome.failures == []

    def test_a_file_named_twice_is_read_once(self, tmp_path: Path) -> None:
        write(tmp_path, {"a.yaml": GONE})

        outcome = check(tmp_path, "a.yaml", "./a.yaml", ".", str(tmp_path / "a.yaml"))

        assert outcome.failures == []
        assert outcome.summary["files"] == 1


class TestUnjudged:
    """A reference to a manifest that is there but could not be judged is not reported a second time."""

    def broken(self, folder: Path, *documents: str, argv: tuple[str, ...] = ()) -> Outcome:
        return judge(folder, segment().replace("source: outbound", "source: outbond"), *documents, argv=argv)

    def test_policies_that_look_it_up_do_not_apply(self, tmp_path: Path) -> None:
        outcome = self.broken(tmp_path, journey("startTime: 2025-04-01", AUDIENCE))

        assert outcome.codes == ["JL002"]
        assert outcome.findings == []
        assert outcome.tally("REF001") == (0, 0, 1)

    def test_original_segments_too(self, tmp_path: Path) -> None:
        outcome = self.broken(tmp_path, segment("copy", "source: data, copyOf: vip"))

        assert outcome.findings == []

    def test_obs011_is_not_kept_from_judging_by_a_segment_that_could_not_be_judged(self, tmp_path: Path) -> None:
        copy = segment("copy", "source: realtime, copyOf: vip")
        newcomer = journey("startTime: 2025-03-20", "name: copy, role: audience", name="newcomer")
        ended = journey("state: completed\nendTime: 2025-03-01", "name: copy, role: audience", name="ended")
        broken = segment("broken", "source: nowhere, copyOf: vip")
        outcome = judge(tmp_path, copy, segment(), newcomer, ended, broken, argv=("--select", "OBS011"))
        assert outcome.codes == ["JL002"]
        assert outcome.tally("OBS011") == (0, 1, 1)

    def test_obs011_does_not_apply_where_an_unjudged_journey_uses_the_segment(self, tmp_path: Path) -> None:
        copy = segment("copy", "source: realtime, copyOf: vip")
        newcomer = journey("startTime: 2025-03-10", "name: copy, role: audience")
        ended = journey("state: stopped", "name: copy, role: audience", name="ended")
        for use in ("copy", "vip"):
            unjudged = journey("endTime: never", f"name: {use}, role: audience", name="unjudged")
            outcome = judge(tmp_path, copy, segment(), newcomer, ended, unjudged, argv=("--select", "OBS011"))
            assert outcome.codes == ["JL002"]
            assert outcome.findings == []
        unrelated = journey("endTime: never", "name: other, role: audience", name="unjudged")
        outcome = judge(tmp_path, copy, segment(), newcomer, ended, unrelated, argv=("--select", "OBS011"))
        assert [f["manifest"]["name"] for f in outcome.findings] == ["spring"]

    def test_a_segment_with_a_duplicate_key_is_there_too(self, tmp_path: Path) -> None:
        outcome = judge(tmp_path, segment("vip", "source: outbound, source: data"), journey("", AUDIENCE))

        assert outcome.codes == ["JL001"]
        assert outcome.findings == []

    def test_one_bad_file_never_stops_the_others(self, tmp_path: Path) -> None:
        write(
            tmp_path,
            {
                "a.yaml": "kind: Journey\n: [",
                "b.yaml": GONE,
                "c.yaml": b"\xff\xfe\x00kind: Journey",
                "d.json": '{"kind": "Journey"',
            },
        )

        outcome = check(tmp_path)

        assert outcome.pointers("REF001") == ["/spec/segments/0"]
        assert outcome.status == 3

    def test_failures_cannot_be_turned_off(self, tmp_path: Path) -> None:
        write(tmp_path, {"a.yaml": "kind: Journey\n"})

        assert check(tmp_path, "--exit-zero", "--fail-on", "never", "--allow-empty").status == 3
        assert check(tmp_path, "--ignore", "JL002").status in (2, 3)
