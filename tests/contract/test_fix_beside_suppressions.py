"""What `journeylint fix` does where findings are suppressed: suppressions neither stop it nor hide anything behind it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.command_line import AS_OF, run_in, write

SEGMENTS = """\
apiVersion: journeylint/v1
kind: Segment
metadata: {name: old}
spec: {source: outbound, memberCount: 1000}
---
apiVersion: journeylint/v1
kind: Segment
metadata: {name: older}
spec: {source: outbound, memberCount: 1000}
"""
HEAD = "apiVersion: journeylint/v1\nkind: Journey\nmetadata: {{name: spring{listed}}}\nspec:\n  frequency: ongoing\n"


def journey(*usages: str, listed: str = "") -> str:
    items = "".join(f"    {line}\n" for usage in usages for line in usage.split("\n"))
    return f"{HEAD.format(listed=listed)}  segments:\n{items}"


def fix(folder: Path, *argv: str) -> tuple[int, str, str]:
    return run_in(folder, ("fix", "--as-of", AS_OF, *argv))


EXCLUSION = "- {name: old, role: exclusion}"
AUDIENCE = "- {name: older, role: audience}"


@pytest.mark.parametrize("how", ["baseline", "metadata", "configuration"])
def test_that_a_suppression_is_needed_no_more_does_not_stop_a_fix(tmp_path: Path, how: str) -> None:
    listed = ", suppressions: [{policy: OBS012, reason: known}]" if how == "metadata" else ""
    write(tmp_path, {"journeys/spring.yaml": journey(EXCLUSION, listed=listed), "segments.yaml": SEGMENTS})
    if how == "configuration":
        write(tmp_path, {"journeylint.yaml": "suppressions: [{policy: OBS012, reason: known}]\n"})
    if how == "baseline":
        assert run_in(tmp_path, ("baseline", "create", "--as-of", AS_OF, "--select", "OBS012"))[0] == 0
    status, out, _ = fix(tmp_path, "--unsafe")
    assert "OBS002" not in out.replace("OBS002 outbound-exclusion-segment: No longer", "")
    assert status == 0
    assert "exclusion" not in (tmp_path / "journeys/spring.yaml").read_text()


def test_a_fix_puts_nothing_under_a_comment_that_was_written_for_something_else(tmp_path: Path) -> None:
    comment = "# journeylint: ignore[OBS010] -- that one is known\n"
    text = journey(f"{comment}{EXCLUSION}", AUDIENCE)
    write(tmp_path, {"spring.yaml": text, "segments.yaml": SEGMENTS})
    status, out, _ = fix(tmp_path, "--unsafe", "--select", "OBS002")
    assert status == 1
    assert "a suppression would hide OBS010" in " ".join(out.split())
    assert (tmp_path / "spring.yaml").read_text() == text


def test_a_fix_hides_none_of_two_findings_that_are_alike(tmp_path: Path) -> None:
    comment = "# journeylint: ignore[OBS010] -- that one is known\n"
    text = journey(AUDIENCE, f"{comment}{EXCLUSION}  # gone soon", AUDIENCE).replace(
        "# journeylint", "\n    # journeylint"
    )
    text = text.replace(f"{comment}", f"{comment}\n")
    write(tmp_path, {"spring.yaml": text, "segments.yaml": SEGMENTS})
    assert fix(tmp_path, "--unsafe", "--select", "OBS002")[0] == 1
    assert (tmp_path / "spring.yaml").read_text() == text


def test_a_fix_puts_nothing_under_a_pointer_that_was_written_for_something_else(tmp_path: Path) -> None:
    listed = ", suppressions: [{policy: OBS010, pointer: /spec/segments/0, reason: that one}]"
    text = journey(EXCLUSION, AUDIENCE, listed=listed)
    write(tmp_path, {"spring.yaml": text, "segments.yaml": SEGMENTS})
    assert fix(tmp_path, "--unsafe", "--select", "OBS002")[0] == 1
    assert (tmp_path / "spring.yaml").read_text() == text


def test_what_is_suppressed_is_left_alone_unless_it_is_asked_for(tmp_path: Path) -> None:
    text = journey(AUDIENCE, f"{EXCLUSION}  # journeylint: ignore[OBS002] -- known")
    write(tmp_path, {"spring.yaml": text, "segments.yaml": SEGMENTS})
    assert "OBS002" not in fix(tmp_path, "--unsafe", "--select", "OBS002")[1]
    assert (tmp_path / "spring.yaml").read_text() == text
    fix(tmp_path, "--unsafe", "--select", "OBS002", "--no-suppressions")
    assert (tmp_path / "spring.yaml").read_text() == journey(AUDIENCE)


def test_what_the_baseline_accepts_can_be_mended_when_it_is_asked_for(tmp_path: Path) -> None:
    text = journey(AUDIENCE, EXCLUSION)
    write(tmp_path, {"journeys/spring.yaml": text, "segments.yaml": SEGMENTS})
    assert run_in(tmp_path, ("baseline", "create", "--as-of", AS_OF))[0] == 0
    assert fix(tmp_path, "--unsafe", "--select", "OBS002")[0] == 0
    assert (tmp_path / "journeys/spring.yaml").read_text() == text
    fix(tmp_path, "--unsafe", "--select", "OBS002", "--no-baseline")
    assert (tmp_path / "journeys/spring.yaml").read_text() == journey(AUDIENCE)


def test_no_end_at_all_is_not_the_same_as_an_empty_one(tmp_path: Path) -> None:
    for end in ("", "''", "' '"):
        listed = f", suppressions: [{{policy: OBS012, until: {end}, reason: known}}]"
        write(tmp_path, {"spring.yaml": journey(AUDIENCE, listed=listed), "segments.yaml": SEGMENTS})
        status, out, _ = run_in(tmp_path, ("check", "--as-of", AS_OF, "--select", "OBS012,SUP001"))
        assert (status, "'until' is empty" in " ".join(out.split())) == (0, True)
        assert "OBS012 unlinked" in out


def test_a_strict_check_of_a_baseline_needs_one(tmp_path: Path) -> None:
    write(tmp_path, {"spring.yaml": journey(AUDIENCE), "segments.yaml": SEGMENTS})
    status, _, err = run_in(tmp_path, ("check", "--no-suppressions", "--strict-baseline"))
    assert (status, "--no-suppressions leaves the baseline out" in err) == (2, True)
