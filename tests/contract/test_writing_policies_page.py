"""docs/writing-policies.md: the policy that it ends with is in order, and its cases hold and test it."""

from __future__ import annotations

from pathlib import Path

import pytest

from journeylint.testing import build_host, find_cases, read_case, read_policies, run_case
from tests.contract.test_docs import REPOSITORY, blocks_of

HOST = build_host(())


def write_page(folder: Path, replaced: tuple[str, str] = ("", "")) -> Path:
    """The files of the page, in a folder with the pack that `journeylint new` makes; *replaced* in the policy."""
    for block in blocks_of((REPOSITORY / "docs/writing-policies.md").read_text(encoding="utf-8")):
        name = block.options.get("file", "")
        if name.startswith("policies/"):
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            old, new = replaced
            is_changed = bool(old) and file.name == "policy.yaml"
            assert not is_changed or old in block.body
            file.write_text(block.body.replace(old, new) if is_changed else block.body, encoding="utf-8")
    (folder / "policies/acme/pack.yaml").write_text("name: acme\nprefix: ACME\ntitle: Acme\n", encoding="utf-8")
    return folder / "policies"


def cases_hold(root: Path) -> bool:
    (policy,) = read_policies(root, HOST).policies
    paths = find_cases(policy)
    assert len(paths) == 3
    return all(run_case(read_case(path), policy, HOST).holds for path in paths)


def test_the_cases_of_the_page_hold(tmp_path: Path) -> None:
    assert cases_hold(write_page(tmp_path))


@pytest.mark.parametrize(
    "replaced",
    [
        (">= params", "> params"),
        (">= params", "!= params"),
        ("default: 100", "default: 99"),
        ("default: 100", "default: 101"),
        ("usage.role == 'audience' && ", ""),
        ("usage.role == 'audience'", "usage.role != 'audience'"),
        ("segment != null", "segment == null"),
    ],
)
def test_the_cases_of_the_page_notice_a_change_of_the_policy(tmp_path: Path, replaced: tuple[str, str]) -> None:
    assert not cases_hold(write_page(tmp_path, replaced))
