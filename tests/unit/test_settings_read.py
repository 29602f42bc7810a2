"""What a configuration file says, and what is told about a wrong one."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeylint.errors import ConfigurationError
from journeylint.formats.yaml import YamlLoader
from journeylint.model import JsonObject, Severity
from journeylint.schema_check import SchemaGate
from journeylint.settings import FailOn, Settings, parse_as_of
from journeylint.settings.extend import read_settings
from journeylint.settings.values import ConfigurationFile, Placed

Value = TypeVar("Value")
SCHEMA_FILE = Path(__file__).parents[2] / "schemas/config.schema.json"
SCHEMA = cast("JsonObject", json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))

EVERYTHING = """\
paths: [journeys, "segments"]
exclude: [drafts/]
as-of: 2025-03-10T09:00:00.25+01:00
fail-on: warning
select: [OBS, references]
ignore:
  - OBS012
policies:
  OBS004:
    severity: info
    params: {maximumMembers: 500000}
  references: {enabled: false}
overrides:
  - files: [legacy/, "!legacy/live.yaml"]
    fail-on: never
    ignore: [export]
    policies: {OBS004: {severity: warning}}
"""
EVERYTHING_TOML = """\
[project]
name = "x"
[tool.journeylint]
paths = ["journeys", "segments"]
exclude = ["drafts/"]
as-of = 2025-03-10T09:00:00.25+01:00
fail-on = "warning"
select = ["OBS", "references"]
ignore = ["OBS012"]
policies.references.enabled = false
[tool.journeylint.policies.OBS004]
severity = "info"
params = {maximumMembers = 500000}
[[tool.journeylint.overrides]]
files = ["legacy/", "!legacy/live.yaml"]
fail-on = "never"
ignore = ["export"]
policies.OBS004.severity = "warning"
"""


def read(folder: Path, content: str | bytes, name: str = "journeylint.yaml") -> Settings:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_settings(file, working_directory=folder, loader=YamlLoader(), schema=SCHEMA)


def value_of(placed: Placed[Value] | None) -> Value:
    assert placed is not None
    return placed.value


def complaints(folder: Path, content: str | bytes, name: str = "journeylint.yaml") -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as caught:
        read(folder, content, name)
    return caught.value.messages


@pytest.mark.parametrize(("name", "content"), [("journeylint.yaml", EVERYTHING), ("pyproject.toml", EVERYTHING_TOML)])
def test_every_key_is_read_from_either_format(tmp_path: Path, name: str, content: str) -> None:
    found = read(tmp_path, content, name)
    assert found.folder == tmp_path
    assert found.path == name
    assert [word.text for word in found.paths or ()] == ["journeys", "segments"]
    assert [word.text for word in found.exclude] == ["drafts/"]
    assert value_of(found.as_of) == datetime(2025, 3, 10, 8, 0, 0, 250_000, UTC)
    top, override = found.layers
    assert top.scope is None
    assert value_of(top.fail_on) is FailOn.WARNING
    assert [word.text for word in top.select or ()] == ["OBS", "references"]
    assert [word.text for word in top.ignore] == ["OBS012"]
    by_target = {one.target.text: one for one in top.policies}
    assert value_of(by_target["OBS004"].severity) is Severity.INFO
    assert [(one.name.text, one.value) for one in by_target["OBS004"].params] == [("maximumMembers", 500_000)]
    assert value_of(by_target["references"].enabled) is False
    assert override.scope is not None
    assert override.scope.files == ("legacy/", "!legacy/live.yaml")
    assert value_of(override.fail_on) is FailOn.NEVER
    assert override.select is None
    assert [word.text for word in override.ignore] == ["export"]
    assert value_of(override.policies[0].severity) is Severity.WARNING


def test_places_are_those_of_the_words(tmp_path: Path) -> None:
    found = read(tmp_path, EVERYTHING)
    assert str((found.paths or ())[1].place) == "journeylint.yaml:1:19"
    assert str(found.layers[0].ignore[0].place) == "journeylint.yaml:7:5"
    assert str(found.layers[0].policies[0].target.place) == "journeylint.yaml:9:3"
    param = found.layers[0].policies[0].params[0]
    assert (str(param.name.place), str(param.place)) == ("journeylint.yaml:11:14", "journeylint.yaml:11:30")
    assert str(found.layers[0].policies[1].target.place) == "journeylint.yaml:12:3"


def test_places_in_toml_are_the_lines_of_the_keys(tmp_path: Path) -> None:
    found = read(tmp_path, EVERYTHING_TOML, "pyproject.toml")
    by_target = {one.target.text: one for one in found.layers[0].policies}
    assert str((found.paths or ())[1].place) == "pyproject.toml:4:1"
    assert str(by_target["references"].target.place) == "pyproject.toml:10:1"
    assert str(by_target["OBS004"].target.place) == "pyproject.toml:11:1"
    assert str(by_target["OBS004"].params[0].place) == "pyproject.toml:13:1"
    assert str(found.layers[1].policies[0].target.place) == "pyproject.toml:18:1"


def test_configured_paths_are_found_from_the_folder_of_the_file(tmp_path: Path) -> None:
    found = read(tmp_path, "paths: [journeys]\n")
    assert found.targets == (f"{tmp_path.as_posix()}/journeys",)
    assert found.origins == {f"{tmp_path.as_posix()}/journeys": "journeylint.yaml:1:9"}
    assert read(tmp_path, "").targets is None


@pytest.mark.parametrize("content", ["", "# nothing yet\n", "---\n", "{}", "~", "\ufeff", "---\n# x\n...\n"])
def test_an_empty_file_has_no_settings(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, content) == Settings(
        tmp_path, "journeylint.yaml", files=(ConfigurationFile("journeylint.yaml"),)
    )


def test_an_empty_table_has_no_settings(tmp_path: Path) -> None:
    assert read(tmp_path, "[tool.journeylint]\r\n", "pyproject.toml") == Settings(
        tmp_path, "pyproject.toml", files=(ConfigurationFile("pyproject.toml"),)
    )


def test_all_problems_of_a_file_are_told_at_once_in_order(tmp_path: Path) -> None:
    messages = complaints(
        tmp_path,
        "fail-on: warn\nselct: [OBS]\nas-of: 2025-13-01\nexclude: drafts\noverrides:\n- ignore: [OBS]\nfail-on: info\n",
    )
    assert [message.split(": ")[0] for message in messages] == [
        "journeylint.yaml:1:10",
        "journeylint.yaml:2:8",
        "journeylint.yaml:3:8",
        "journeylint.yaml:4:10",
        "journeylint.yaml:6:3",
        "journeylint.yaml:7:1",
    ]
    assert "did you mean 'warning'?" in messages[0]
    assert "did you mean 'select'?" in messages[1]
    assert "such as 2025-03-10T08:00:00Z" in messages[2]
    assert "duplicate key 'fail-on'" in messages[5]


@pytest.mark.parametrize("key", ["extend", "plugin-paths", "colour"])
def test_an_unknown_key_is_an_error(tmp_path: Path, key: str) -> None:
    assert f"'{key}'" in complaints(tmp_path, f"{key}: [x]\n")[0]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("polices:\n  OBS002: {severity: info}\n", "1:1"),
        ("# ours\nselct:\n# none\n- OBS\n", "2:1"),
        ("fail-on: info\npolicies:\n  OBS002:\n    parms: # new\n      x: 1\n", "4:5"),
        ("overrides:\n  - files: [a]\n    exclude:\n      - b\n", "3:5"),
        ("polices:\r\n  OBS002: {severity: info}\r\n", "1:1"),
        ("polices: {OBS002: {}}\n", "1:10"),
        ("overrides:\n  - ignore: [OBS]\n", "2:5"),
    ],
)
def test_a_misspelt_key_of_a_block_is_told_at_the_key(tmp_path: Path, content: str, place: str) -> None:
    (message,) = complaints(tmp_path, content)
    assert message.startswith(f"journeylint.yaml:{place}: ")


@pytest.mark.parametrize(("key", "value"), [("paths", "[a]"), ("exclude", "[a]"), ("as-of", "2025-03-10")])
def test_what_holds_for_the_whole_run_cannot_be_overridden_and_the_error_says_why(
    tmp_path: Path, key: str, value: str
) -> None:
    (message,) = complaints(tmp_path, f"overrides:\n  - files: [a]\n    {key}: {value}\n")
    assert message.startswith("journeylint.yaml:3:")
    assert f"{key!r} cannot be overridden for some files: " in message
    assert message.endswith("set it at the top level")


@pytest.mark.parametrize(
    "content",
    [
        "- a\n",
        "text\n",
        "3\n",
        "[]\n",
        "select: []\n",
        "paths: []\n",
        "select: OBS\n",
        "select: [3]\n",
        "fail-on: high\n",
        "fail-on: no\n",
        "as-of: 2025\n",
        "as-of: yesterday\n",
        "policies: [OBS]\n",
        "policies: {OBS004: }\n",
        "policies: {OBS004: {severity: never}}\n",
        "policies: {OBS004: {enabled: yes}}\n",
        "policies: {OBS004: {params: [1]}}\n",
        "overrides: {files: [a]}\n",
        "overrides: [{files: []}]\n",
        "overrides: [{files: [a], overrides: []}]\n",
        "a: 1\n---\nb: 1\n",
        "a: [\n",
        "\tx: 1\n",
        "x: *y\n",
        "fail-on: !never info\n",
    ],
)
def test_what_is_no_configuration_is_an_error_with_a_position(tmp_path: Path, content: str) -> None:
    for message in complaints(tmp_path, content):
        path, line, column, _ = message.split(":", 3)
        assert path == "journeylint.yaml"
        assert int(line) >= 1
        assert int(column) >= 1


def test_a_file_that_is_no_utf8_is_an_error_at_its_first_wrong_byte(tmp_path: Path) -> None:
    (message,) = complaints(tmp_path, b"\xef\xbb\xbfpaths: [a]\n# caf\xc3\xa9 caf\xe9\n")
    assert message.startswith("journeylint.yaml:2:11: not UTF-8")


@pytest.mark.parametrize("name", ["journeylint.yaml", "pyproject.toml", "other.txt"])
def test_a_file_that_is_not_there_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match="does not exist"):
        read_settings(tmp_path / name, working_directory=tmp_path, loader=YamlLoader(), schema=SCHEMA)


def test_a_folder_is_no_configuration_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_settings(tmp_path, working_directory=tmp_path, loader=YamlLoader(), schema=SCHEMA)


def test_a_toml_file_without_the_table_is_an_error(tmp_path: Path) -> None:
    assert "no [tool.journeylint] table" in complaints(tmp_path, "[tool]\nx = 1\n", "settings.toml")[0]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("[tool.journeylint]\nselect = \n", "pyproject.toml:2:10"),
        ("[tool.journeylint]\nselect = [", "pyproject.toml:2:11"),
        ("[tool.journeylint]\nfail-on = 'info'\nfail-on = 'error'\n", "pyproject.toml:3:"),
        ("[tool.journeylint]\nselect = " + "[" * 5000, "pyproject.toml:"),
    ],
)
def test_a_file_that_is_no_toml_is_an_error_with_its_position(tmp_path: Path, content: str, place: str) -> None:
    (message,) = complaints(tmp_path, content, "pyproject.toml")
    assert message.startswith(place)


def test_problems_in_toml_are_told_at_the_lines_of_their_keys(tmp_path: Path) -> None:
    content = """\
[tool.journeylint]
select = [
  "OBS",
  3,
]
"fail-on" = "warn"
[tool.journeylint.policies."OBS004"]
severity = "bad"
[[tool.journeylint.overrides]]
files = ["a"]
[[tool.journeylint.overrides]]
files = ["b"]
exclude = ["a"]
[tool.journeylint.overrides.policies.OBS001]
enabled = 1
"""
    places = [message.split(": ")[0] for message in complaints(tmp_path, content, "pyproject.toml")]
    assert places == [f"pyproject.toml:{line}:1" for line in (2, 6, 8, 13, 15)]


def test_a_toml_time_without_offset_is_an_error_that_says_what_is_missing(tmp_path: Path) -> None:
    (message,) = complaints(tmp_path, "[tool.journeylint]\nas-of = 2025-03-10T08:00:00\n", "pyproject.toml")
    assert "lacks its offset" in message


def test_a_configuration_elsewhere_is_told_by_the_way_there(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "journeylint.yaml").write_text("x: 1\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"\A\.\./journeylint\.yaml:1:4: "):
        read_settings(
            tmp_path / "journeylint.yaml", working_directory=tmp_path / "sub", loader=YamlLoader(), schema=SCHEMA
        )


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=80), st.text(alphabet="paths:-[]{} \n'\"select1", max_size=60)), st.booleans())
def test_any_text_is_read_or_refused(tmp_path: Path, text: str, is_toml: bool) -> None:
    content = text.encode("utf-8", "replace")
    messages: tuple[str, ...] = ()
    try:
        if is_toml:
            read(tmp_path, b"[tool.journeylint]\n" + content, "pyproject.toml")
        else:
            read(tmp_path, content)
    except ConfigurationError as error:
        messages = error.messages
    assert all(message.split(":")[1].isdigit() for message in messages)


def test_every_key_of_the_schema_has_a_description_and_examples() -> None:
    def keys(schema: JsonObject) -> list[JsonObject]:
        found = [cast("JsonObject", one) for one in cast("JsonObject", schema.get("properties", {})).values()]
        inner = [one.get(key) for one in [schema, *found] for key in ("items", "additionalProperties")]
        return found + [deep for one in inner if isinstance(one, dict) for deep in keys(one)]

    definitions = cast("dict[str, JsonObject]", SCHEMA["$defs"])
    for key in [*keys(SCHEMA), *definitions.values(), *(deep for one in definitions.values() for deep in keys(one))]:
        assert "$ref" in key or (key.get("description") and key.get("examples"))


def test_the_examples_of_the_schema_meet_it() -> None:
    definitions = cast("dict[str, JsonObject]", SCHEMA["$defs"])
    properties = cast("dict[str, JsonObject]", SCHEMA["properties"])
    for key in [*properties.values(), *definitions.values(), SCHEMA]:
        for example in cast("list[object]", key.get("examples", [])):
            gate = SchemaGate({**key, "$defs": SCHEMA["$defs"]})
            assert gate.accepts(cast("JsonObject", example)), example


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-03-10", datetime(2025, 3, 10, tzinfo=UTC)),
        ("2025-03-10T08:00:00Z", datetime(2025, 3, 10, 8, tzinfo=UTC)),
        ("2025-03-10t08:00:00z", datetime(2025, 3, 10, 8, tzinfo=UTC)),
        ("2025-03-10T08:00:00+05:30", datetime(2025, 3, 10, 2, 30, tzinfo=UTC)),
        ("2025-03-10T00:00:00-00:00", datetime(2025, 3, 10, tzinfo=UTC)),
        ("2025-03-10T23:30:00-01:00", datetime(2025, 3, 11, 0, 30, tzinfo=UTC)),
        ("2025-03-10T08:00:00.1Z", datetime(2025, 3, 10, 8, 0, 0, 100_000, UTC)),
        ("2025-03-10T08:00:00.123456999Z", datetime(2025, 3, 10, 8, 0, 0, 123_456, UTC)),
        ("2024-02-29", datetime(2024, 2, 29, tzinfo=UTC)),
        ("0001-01-01", datetime.min.replace(tzinfo=UTC)),
        ("9999-12-31T23:59:59.999999Z", datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_an_instant_or_a_date_is_read_as_utc(text: str, expected: datetime) -> None:
    found = parse_as_of(text)
    assert found == expected
    assert found.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2025-03",
        "2025-3-1",
        "2025-02-29",
        "2025-13-01",
        "2025-03-10T08:00Z",
        "2025-03-10T08:00:00",
        "2025-03-10T08:00",
        "2025-03-10 08:00:00Z",
        "2025-03-10T24:00:00Z",
        "2025-03-10T08:60:00Z",
        "2025-03-10T08:00:60Z",
        "2025-03-10T08:00:00+24:00",
        "2025-03-10T08:00:00+01:60",
        "2025-03-10T08:00:00+0100",
        "2025-03-10T08:00:00.Z",
        "2025-03-10Z",
        "2025-03-10\n",
        " 2025-03-10",
        "٢٠٢٥-03-10",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "0000-01-01",
        "1741593600",
        "x" * 10_000,
    ],
)
def test_anything_else_is_refused_and_told_what_is_accepted(text: str) -> None:
    with pytest.raises(ValueError, match="such as 2025-03-10T08:00:00Z, or a date") as caught:
        parse_as_of(text)
    assert len(str(caught.value)) < 300
