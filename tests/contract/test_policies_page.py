"""docs/policies.md and docs/testing-policies.md: their policies and cases are run, and they leave out no key and no function."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from journeylint.errors import PolicyError
from journeylint.inquiry import Inquiry, ManifestFunctions
from journeylint.rulings import announce
from journeylint.settings import parse_as_of
from journeylint.testing import build_host, find_cases, read_case, read_policies, run_case

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = "".join(
    (REPOSITORY / "docs" / name).read_text(encoding="utf-8") for name in ("policies.md", "testing-policies.md")
)
BLOCK = re.compile(
    r"^```(?P<language>\w+) (?P<what>[\w-]+)=(?P<name>\S+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)
HOST = build_host(())


def blocks(what: str) -> dict[str, str]:
    return {match["name"]: match["body"] for match in BLOCK.finditer(PAGE) if match["what"] == what}


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder with the page's files, as the working directory."""
    for name, body in blocks("file").items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(body, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("root", ["policies", "shared", "life"])
def test_the_policies_of_the_page_can_be_loaded(scratch: Path, root: str) -> None:
    assert len(read_policies(Path(root), HOST).policies) == 1


def test_the_cases_of_the_page_hold(scratch: Path) -> None:
    (policy,) = read_policies(Path("policies"), HOST).policies
    results = [run_case(read_case(path), policy, HOST) for path in find_cases(policy)]

    assert [result.describe() for result in results] == ["", "", ""]


def test_the_test_module_of_the_page_names_what_there_is(scratch: Path) -> None:
    names: dict[str, Any] = {}
    exec(compile(blocks("file")["test_policies.py"], "test_policies.py", "exec"), names)

    for policy, path in names["CASES"]:
        names["test_a_policy_finds_what_its_case_marks"](policy, path)
    assert len(names["CASES"]) == 3


def test_the_message_of_a_policy_to_come_ends_as_the_page_says(scratch: Path) -> None:
    (policy,) = read_policies(Path("life"), HOST).policies
    told = announce(policy, policy.severity, parse_as_of("2026-11-25"))

    assert told.startswith("Will be an error from ")
    assert f"> Journey 'spring' has no label 'season'. {told}\n" in PAGE


@pytest.mark.parametrize("root", blocks("problems-of"))
def test_the_problems_that_the_page_shows_are_told(scratch: Path, root: str) -> None:
    with pytest.raises(PolicyError) as caught:
        read_policies(Path(root), HOST)

    assert list(caught.value.messages) == blocks("problems-of")[root].splitlines()


@pytest.mark.parametrize("name", blocks("differences-of"))
def test_the_differences_that_the_page_shows_are_told(scratch: Path, name: str) -> None:
    path = Path(name)
    path.write_text(re.sub(r" *# finds:.*", "", path.read_text(encoding="utf-8")), encoding="utf-8")
    (policy,) = read_policies(Path("policies"), HOST).policies

    assert run_case(read_case(path), policy, HOST).describe() + "\n" == blocks("differences-of")[name]


@pytest.mark.parametrize(
    ("schema", "tables", "elsewhere"),
    [
        ("policy", ("match",), ()),
        ("pack", ("shared",), ("shared",)),
    ],
)
def test_the_page_names_every_key(schema: str, tables: tuple[str, ...], elsewhere: tuple[str, ...]) -> None:
    properties = read_properties(schema)
    inner = [f"{name}.{key}" for name in tables for key in properties[name]["properties"]]
    assert inner
    assert [key for key in (*properties, *inner) if f"| `{key}` |" not in PAGE and key not in elsewhere] == []


def read_properties(schema: str) -> dict[str, Any]:
    text = (REPOSITORY / "schemas" / f"{schema}.schema.json").read_text(encoding="utf-8")
    properties: dict[str, Any] = json.loads(text)["properties"]
    return properties


def test_the_page_names_every_key_within_a_key() -> None:
    """Those that have no row of their own stand, as code, in the row of the key that holds them."""
    policy, pack = read_properties("policy"), read_properties("pack")
    kinds = pack["shared"]["properties"]["kinds"]["additionalProperties"]["properties"]
    presets = pack["presets"]["additionalProperties"]["properties"]
    inner = {
        "related": policy["related"]["items"]["properties"],
        "effective": policy["effective"]["properties"],
        "history": policy["history"]["items"]["properties"],
        "references": json.loads((REPOSITORY / "schemas/policy.schema.json").read_text())["$defs"]["references"][
            "items"
        ]["properties"],
        "shared.kinds": kinds,
        "presets": presets,
    }
    rows = {line.split("`")[1]: line for line in PAGE.splitlines() if line.startswith("| `")}
    assert [f"{key}: {name}" for key, names in inner.items() for name in names if f"`{name}`" not in rows[key]] == []


@pytest.mark.parametrize("key", ["type", "default", "description"])
def test_the_page_names_every_key_of_a_param(key: str) -> None:
    assert key in read_properties("policy")["params"]["additionalProperties"]["properties"]
    assert f"| `{key}` |" in PAGE


def test_the_page_names_every_function() -> None:
    own = ManifestFunctions(Inquiry(), HOST.functions).entries()
    names = {function.name for function in (*HOST.functions, *own) if not function.name.endswith("_")}

    assert [name for name in sorted(names) if f"`{name}(" not in PAGE] == []
