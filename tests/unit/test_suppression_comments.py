"""What comments say, and which lines they are about."""

from __future__ import annotations

import pytest

from journeylint.model import Identity, Span
from journeylint.suppressions.claims import Claim, LineReach, Spot
from journeylint.suppressions.comments import PlacedManifest, read_comments

FIRST, SECOND = Identity("default", "Journey", "first"), Identity("default", "Journey", "second")


def read(text: str, documents: tuple[PlacedManifest, ...] = ()) -> list[Claim]:
    return list(read_comments("a.yaml", text, documents))


def read_one(said: str) -> Claim:
    """The claim of a comment that says this."""
    (claim,) = read(f"{said}\na: 1\n")
    return claim


def spots(text: str) -> list[tuple[Spot, ...]]:
    return [claim.reach.spots for claim in read(text) if isinstance(claim.reach, LineReach)]


# -- what it says


def test_all_parts_are_read() -> None:
    claim = read_one("# journeylint: ignore[OBS002] until 2027-01-31 by crm-team -- CRM-1: over -- soon")
    assert (claim.word, claim.until, claim.owner, claim.reason) == (
        "OBS002",
        "2027-01-31",
        "crm-team",
        "CRM-1: over -- soon",
    )
    assert claim.problems == ()


@pytest.mark.parametrize(
    "said",
    [
        "#journeylint:ignore[A]--why",
        "# journeylint:  ignore [ A ]   --  why  ",
        "## journeylint: ignore[A] -- why",
        "# see the ticket # journeylint: ignore[A] -- why",
        "# journeylint: ignore[A,] -- why",
        "# journeylint: ignore[A, A] -- why",
    ],
)
def test_blanks_and_what_stands_before_do_not_matter(said: str) -> None:
    claim = read_one(said)
    assert (claim.word, claim.reason, claim.problems) == ("A", "why", ())


def test_options_come_in_any_order() -> None:
    claim = read_one("# journeylint: ignore[A] by crm until 2027-01-31")
    assert (claim.owner, claim.until, claim.reason, claim.problems) == ("crm", "2027-01-31", "", ())


def test_each_policy_in_the_brackets_is_a_claim_of_its_own() -> None:
    claims = read("# journeylint: ignore[A, B] until 2027-01-31 -- why\na: 1\n")
    assert [(claim.word, claim.until, claim.reason) for claim in claims] == [
        ("A", "2027-01-31", "why"),
        ("B", "2027-01-31", "why"),
    ]


def test_a_comment_may_hold_several_directives() -> None:
    claims = read("a: 1  # journeylint: ignore[A] -- one # journeylint: ignore[B] -- two\n")
    assert [(claim.word, claim.reason, claim.location.span) for claim in claims] == [
        ("A", "one", Span(1, 7, 1, 38)),
        ("B", "two", Span(1, 39, 1, 70)),
    ]


@pytest.mark.parametrize(
    ("said", "begin"),
    [
        ("# journeylint: ignroe[A] -- why", "'ignroe' is no directive: expected '# journeylint: ignore["),
        ("# journeylint:", "'' is no directive: "),
        ("# journeylint: ignore -- why", "it names no policy: expected "),
        ("# journeylint: ignore A -- why", "it names no policy: expected "),
        ("# journeylint: ignore[A -- why", "it names no policy: expected "),
        ("# journeylint: ignore[A] until -- why", "'until -- why' is not understood: expected "),
        ("# journeylint: ignore[A] till 2027-01-31 -- why", "'till 2027-01-31 -- why' is not understood: "),
        ("# journeylint: ignore[A] by crm team -- why", "'team -- why' is not understood: "),
        ("# journeylint: ignore[A] until 2027-01-31 until 2027-02-28", "'until' is there twice: expected "),
        ("# journeylint: ignore[A] by a by b -- why", "'by' is there twice: expected "),
        ("# journeylint: ignore[A] — why", "'— why' is not understood: "),
    ],
)
def test_what_is_not_understood_is_told(said: str, begin: str) -> None:
    assert read_one(said).problems[0].startswith(begin)


@pytest.mark.parametrize("said", ["# journeylint: ignore[] -- why", "# journeylint: ignore[ , ] -- why"])
def test_empty_brackets_name_no_policy(said: str) -> None:
    assert read_one(said).word == ""


@pytest.mark.parametrize(
    "said", ["# journeylint", "# Journeylint: ignore[A]", "# journeylint/v1", "# journeylint ignore[A]"]
)
def test_other_comments_say_nothing(said: str) -> None:
    assert read(f"{said}\na: 1\n") == []


# -- what it is about


def test_a_comment_behind_something_is_about_its_line() -> None:
    assert spots("a: 1\nb: 2  # journeylint: ignore[A]\nc: 3\n") == [(Spot(2),)]


@pytest.mark.parametrize("between", ["", "\n", "  \n", "# more\n", "\t\n\n# more\n\n"])
def test_a_comment_that_stands_alone_is_about_the_next_line_that_says_something(between: str) -> None:
    line = 2 + between.count("\n")
    assert spots(f"# journeylint: ignore[A]\n{between}a: 1\n") == [(Spot(line),)]


def test_several_comments_are_about_one_line() -> None:
    text = "# journeylint: ignore[A]\n# journeylint: ignore[B]\na: 1  # journeylint: ignore[C]\n"
    assert spots(text) == [(Spot(3),)] * 3


@pytest.mark.parametrize(
    "text", ["spec:  # journeylint: ignore[A]\n  a: 1\n", "spec:  # journeylint: ignore[A]\n\n  # x\n  a: 1\n"]
)
def test_a_comment_beside_a_key_is_about_the_block_below_too(text: str) -> None:
    assert spots(text) == [(Spot(1), Spot(text.count("\n"), 3))]


def test_a_comment_above_a_key_is_about_the_block_below_too() -> None:
    assert spots("# journeylint: ignore[A]\nspec:\n  - a\n") == [(Spot(2), Spot(3, 3))]
    assert spots("# journeylint: ignore[A]\nspec:\n- a\n") == [(Spot(2), Spot(3, 1))]


@pytest.mark.parametrize("text", ["a: 1  # journeylint: ignore[A]\nb: 2\n", "a:  # journeylint: ignore[A]\nb: 2\n"])
def test_the_next_line_is_not_meant_where_it_is_no_block_of_the_key(text: str) -> None:
    assert spots(text) == [(Spot(1),)]


@pytest.mark.parametrize("mark", ["---", "--- # one", "...", "...\n---", "%YAML 1.2\n---"])
def test_a_comment_above_the_mark_that_ends_its_document_is_about_nothing_and_says_so(mark: str) -> None:
    text = f"a: 1\n# journeylint: ignore[A]\n{mark}\nb: 1\n"
    documents = (PlacedManifest(1, 1, FIRST), PlacedManifest(2, text.count("\n"), SECOND))
    (claim,) = read(text, documents)
    assert (claim.reach, claim.manifest) == (LineReach("a.yaml", ()), FIRST)
    assert claim.location.document == 1
    assert claim.problems[0].startswith("no line of its document comes after it")


@pytest.mark.parametrize("mark", ["---", "--- # one", "%YAML 1.2\n---"])
def test_a_comment_above_the_first_document_is_about_that(mark: str) -> None:
    text = f"# journeylint: ignore[A]\n{mark}\nb: 1\n"
    (claim,) = read(text, (PlacedManifest(1, text.count("\n"), FIRST),))
    assert claim.reach == LineReach("a.yaml", (Spot(text.count("\n")),))


@pytest.mark.parametrize("end", ["", "\n", "\n\n# more\n", "\n---\n", "\n...\n"])
def test_a_comment_with_nothing_behind_it_is_about_nothing_and_says_so(end: str) -> None:
    (claim,) = read(f"a: 1\n# journeylint: ignore[A] -- why{end}", (PlacedManifest(1, 1, FIRST),))
    assert claim.reach == LineReach("a.yaml", ())
    assert claim.problems == (
        "no line of its document comes after it - put it on the line that it is about, or above that",
    )
    assert claim.manifest == FIRST


def test_lines_count_by_the_breaks_of_yaml() -> None:
    assert spots("a: x\u2028y\r\n# journeylint: ignore[A]\r\n\r\nb: 1\r\n") == [(Spot(4),)]


def test_a_claim_belongs_to_the_manifest_that_its_line_is_in() -> None:
    text = "a: 1  # journeylint: ignore[A]\n---\nb: 1  # journeylint: ignore[B]\n"
    first, second = read(text, (PlacedManifest(1, 1, FIRST), PlacedManifest(2, 3, None)))
    assert (first.manifest, first.location.document) == (FIRST, 1)
    assert (second.manifest, second.location.document) == (None, 2)


def test_a_file_of_comments_only_is_read() -> None:
    claims = read("# journeylint: ignore[A]\n" * 3_000)
    assert {claim.reach for claim in claims} == {LineReach("a.yaml", ())}
    assert len(claims) == 3_000
