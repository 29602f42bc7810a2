"""Names of imported manifests do not depend on the order of rows, pages and files, and stay once they are given."""

from __future__ import annotations

import re
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from journeylint.import_ports import ImportedManifest, ImportFile, SourceRow, Table
from journeylint.importing.names import KnownNames, choose_names
from journeylint.importing.translate import Translated, Translation
from journeylint.model import JsonValue, Span
from tests.exports import identifier

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
FILE = ImportFile("export.json", "/export.json", b"")
TITLES = st.one_of(
    st.sampled_from(["Welcome", "welcome!", "Wélcome", "", "日本", "-", "Welcome v2", "a" * 200]), st.text(max_size=8)
)
ROWS = st.lists(
    st.tuples(TITLES, st.integers(1, 3), st.sampled_from(["Journey", "Segment"])), min_size=1, max_size=10
).flatmap(lambda rows: st.permutations(list(enumerate(rows))).map(lambda order: (list(enumerate(rows)), order)))


def translate(rows: list[tuple[int, tuple[str, int, str]]]) -> list[Translated]:
    """What rows with these numbers, titles, versions and kinds say."""

    def read(row: SourceRow) -> ImportedManifest:
        version = row.columns["version"]
        return ImportedManifest(
            str(row.columns["kind"]), row.id, str(row.columns["title"]), {"version": {"number": version}}
        )

    table = Table("synthetic", "t", "ts", "tid", (), read)
    translation = Translation({"t": table})
    for number, (title, version, kind) in rows:
        columns: dict[str, JsonValue] = {"title": title, "version": version, "kind": kind}
        translation.take(FILE, [SourceRow("t", identifier(number), columns, {}, "", lambda _: Span(1, 1, 1, 1))])
    assert translation.failures == []
    return translation.manifests


@given(ROWS)
def test_the_order_of_rows_does_not_matter(rows: tuple[list[tuple[int, tuple[str, int, str]]], ...]) -> None:
    given_order, other_order = rows
    assert choose_names(translate(given_order)) == choose_names(translate(list(other_order)))


@given(ROWS)
def test_names_can_be_names_and_no_two_of_a_kind_are_the_same(
    rows: tuple[list[tuple[int, tuple[str, int, str]]], ...],
) -> None:
    names = choose_names(translate(rows[0]))
    assert all(NAME.fullmatch(name) and name == name.lower() and len(name) <= 110 for name in names.values())
    assert set(Counter((kind, name) for (kind, _), name in names.items()).values()) <= {1}


@given(ROWS, st.data())
def test_a_name_stays_whatever_comes_later(
    rows: tuple[list[tuple[int, tuple[str, int, str]]], ...], data: st.DataObject
) -> None:
    every = translate(rows[0])
    first = data.draw(st.lists(st.sampled_from(every), unique_by=lambda one: one.key))
    before = choose_names(first)
    taken: dict[str, set[str]] = {}
    for (kind, _), name in before.items():
        taken.setdefault(kind, set()).add(name)
    known = KnownNames(before, {kind: frozenset(names) for kind, names in taken.items()})
    after = choose_names(every, known)
    assert {place: after[place] for place in before} == before
    assert set(Counter((kind, name) for (kind, _), name in after.items()).values()) <= {1}


def test_no_name_is_that_of_a_device_of_windows() -> None:
    """A repository with `con.yaml` in it cannot be checked out there."""
    titles = ["CON", "Nul", "com1", "lpt9", "Contoso", "com10"]
    names = choose_names(translate([(number, (title, 1, "Journey")) for number, title in enumerate(titles, 1)]))
    assert list(names.values()) == ["journey-con", "journey-nul", "journey-com1", "journey-lpt9", "contoso", "com10"]


def test_the_rules_of_names() -> None:
    rows = [
        (1, ("Spring Sale 2025", 1, "Journey")),
        (2, ("Größe & Æther", 1, "Journey")),
        (3, ("Twin", 1, "Journey")),
        (4, ("twin", 1, "Journey")),
        (5, ("Spring Sale 2025", 2, "Journey")),
        (6, ("Spring Sale 2025", 1, "Segment")),
        (7, ("", 1, "Segment")),
        (8, ("日本", 1, "Journey")),
        (9, ("word " * 30, 1, "Journey")),
        (10, ("x" * 99, 1, "Journey")),
    ]
    names = {row.id: name for (_, row), name in choose_names(translate(rows)).items()}
    assert [names[identifier(number)] for number, _ in rows] == [
        "spring-sale-2025",
        "grosse-aether",
        "twin-00000003",
        "twin-00000004",
        "spring-sale-2025-v2",
        "spring-sale-2025",
        "segment",
        "journey",
        "word-" * 11 + "word",
        "x" * 60,
    ]


def test_a_new_row_makes_way_for_a_known_one_and_for_names_that_are_taken() -> None:
    (one, two) = translate([(1, ("Welcome", 1, "Journey")), (2, ("Hello", 1, "Journey"))])
    known = KnownNames({}, {"Journey": frozenset({"welcome", "hello", "hello-00000002"})})
    names = choose_names([one, two], known)
    assert names["Journey", one.key] == "welcome-00000001"
    assert names["Journey", two.key] == f"hello-{identifier(2)}"
