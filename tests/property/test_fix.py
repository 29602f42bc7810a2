"""Properties of mending: a second run changes nothing, no file is broken, and nothing is found that was not there before."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from hypothesis import event, example, given
from hypothesis import strategies as st

from journeylint.edits.data import is_same
from journeylint.formats.json import JsonLoader
from journeylint.formats.yaml import YamlLoader
from journeylint.load import FileReader
from journeylint.model import JsonValue, SourceFile
from tests.contract.command_line import AS_OF, check, run_in, write
from tests.property.test_invariance import (
    AWKWARD,
    NAMES,
    QUICK,
    WORKSPACES,
    Documents,
    optional,
    unique,
    write_yaml,
)

USES = st.builds(
    lambda name, role, more: {"name": name, "role": role, **more},
    st.sampled_from(["vip", "huge", "native", "gone"]),
    st.sampled_from(["audience", "exclusion", "exclusion", "suppression", "branch"]),
    optional(justification=AWKWARD),
)
JOURNEYS = st.builds(
    lambda metadata, spec: {"apiVersion": "journeylint/v1", "kind": "Journey", "metadata": metadata, "spec": spec},
    st.builds(lambda name, more: {"name": name, **more}, st.sampled_from(NAMES), optional(title=AWKWARD)),
    st.fixed_dictionaries(
        {
            "frequency": st.sampled_from(["ongoing", "one_time"]),
            "publishTime": st.sampled_from(["2025-03-29T22:15", "2025-10-25T22:40:30", "2026-04-30T20:00Z"]),
            "startTime": st.sampled_from(["2025-03-29", "2025-03-29T23:00:00Z", "2026-04-30T21:30:00+01:00"]),
            "segments": st.lists(USES, min_size=1, max_size=5),
        },
        optional={
            "endTime": st.sampled_from(["2025-03-30T04:00", "2027-01-01"]),
            "timeZone": st.sampled_from(["Europe/Berlin", "W. Europe Standard Time"]),
            "state": st.sampled_from(["draft", "live"]),
        },
    ),
)
SEGMENTS: Documents = [
    {"apiVersion": "journeylint/v1", "kind": "Segment", "metadata": {"name": name}, "spec": spec}
    for name, spec in (
        ("vip", {"source": "outbound", "memberCount": 5}),
        ("huge", {"source": "outbound", "memberCount": 5_130_000}),
        ("native", {"source": "realtime"}),
    )
]
READER = FileReader([YamlLoader(), JsonLoader()], ["Journey", "Segment"])


@st.composite
def files_of(draw: st.DrawFn) -> dict[str, bytes]:
    """A workspace in YAML of any style, or JSON, in one file or several, with line ends of either kind."""
    documents: Documents = draw(
        st.lists(JOURNEYS, min_size=1, max_size=4, unique_by=unique).map(lambda journeys: [*SEGMENTS, *journeys])
        | WORKSPACES
    )

    def choose(count: int) -> int:
        return draw(st.integers(0, count - 1))

    files: dict[str, str] = {}
    for number, document in enumerate(documents):
        match choose(3):
            case 0:
                files[f"{number}.json"] = json.dumps(
                    document, indent=(None, 2)[choose(2)], ensure_ascii=bool(choose(2))
                )
            case 1:
                files[f"{number}.yaml"] = write_yaml([document], choose)
            case _:
                more = write_yaml([document], choose)
                files["all.yaml"] = f"{files['all.yaml']}---\n{more}" if "all.yaml" in files else more
    break_ = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    mark = draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf"]))
    return {name: mark + text.replace("\n", break_).encode() for name, text in files.items()}


def told_by(folder: Path) -> tuple[set[tuple[str, str, str]], list[tuple[str, str]]]:
    """The findings by policy, manifest and place without the numbers of items, and the failures."""
    outcome = check(folder)
    found = {
        (one["policy"], json.dumps(one["manifest"]), "".join(c for c in one["location"]["pointer"] if not c.isdigit()))
        for one in outcome.findings
    }
    return found, [(one["code"], one["location"]["path"]) for one in outcome.failures]


def values_of(path: str, content: bytes) -> list[JsonValue]:
    loaded = READER.read(SourceFile(path, path, named=True, content=content))
    assert loaded is not None
    return [document.value for document in loaded.documents]


def without_mended(document: JsonValue) -> JsonValue:
    """*document* without what the fixes of the built-in policies may change."""
    if not isinstance(document, dict) or not isinstance(spec := document.get("spec"), dict):
        return document
    uses = spec.get("segments")
    rest = {key: value for key, value in spec.items() if key not in ("startTime", "segments")}
    if isinstance(uses, list):
        rest["segments"] = [
            {key: value for key, value in use.items() if key != "justification"} if isinstance(use, dict) else use
            for use in uses
            if not isinstance(use, dict) or use.get("role") not in ("exclusion", "suppression")
        ]
    return {**document, "spec": rest}


HARMS_BESIDE_ANOTHER = {
    "1.json": b'{"apiVersion": "journeylint/v1", "kind": "Segment", "metadata": {"name": "huge"}, '
    b'"spec": {"source": "outbound", "memberCount": 5130000}}',
    "6.yaml": b"""\
{metadata: {name: vip}, kind: Journey, spec: {segments: [{role: branch, name: vip},
{name: gone, justification: a, role: suppression}, {role: exclusion, justification: b, name: huge}],
startTime: "2025-03-29", publishTime: "2026-04-30T20:00Z", state: live, frequency: ongoing, endTime: "2027-01-01",
timeZone: Europe/Berlin}, apiVersion: journeylint/v1}
""",
    "all.yaml": b"""\
apiVersion: journeylint/v1
kind: Segment
metadata: {name: vip}
spec: {source: outbound, memberCount: 5}
""",
}
"""A later start adds a finding as long as 'huge' is used, and that use is removed by another fix of the same run."""


@QUICK
@given(files_of(), st.sampled_from([(), ("--unsafe",)]))
@example(HARMS_BESIDE_ANOTHER, ("--unsafe",))
def test_mending_is_done_at_once_breaks_nothing_and_changes_nothing_else(
    files: dict[str, bytes], words: tuple[str, ...]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = write(Path(name), dict(files))
        found, failures = told_by(folder)
        run_in(folder, ("fix", "--as-of", AS_OF, *words))
        mended = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        assert mended.keys() == files.keys()
        event("mended" if mended != files else "as it was")
        for path, content in mended.items():
            before, after = values_of(path, files[path]), values_of(path, content)
            assert is_same(list(map(without_mended, before)), list(map(without_mended, after)))
            assert content.startswith(b"\xef\xbb\xbf") == files[path].startswith(b"\xef\xbb\xbf")
            assert (b"\r" in content) == (b"\r" in files[path])
        again, failures_again = told_by(folder)
        assert again <= found
        assert failures_again == failures
        run_in(folder, ("fix", "--as-of", AS_OF, *words))
        assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == mended
