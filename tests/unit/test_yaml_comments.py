"""Comments are found where YAML has them, and nowhere else."""

from __future__ import annotations

import pytest

from journeylint.formats.comments import Comment, find_comments

MARKER = "mark:"


def found(text: str) -> list[tuple[int, int, str]]:
    return [(one.line, one.column, one.text) for one in find_comments(text, MARKER)]


def test_a_comment_goes_from_its_sign_to_the_end_of_its_line() -> None:
    assert list(find_comments("a: 1  # mark: one \nb: 2\n", MARKER)) == [
        Comment(1, 7, "# mark: one", stands_alone=False)
    ]


def test_a_comment_with_nothing_but_blanks_before_it_stands_alone() -> None:
    assert list(find_comments("a:\n \t # mark: one", MARKER)) == [Comment(2, 4, "# mark: one", stands_alone=True)]


def test_comments_without_the_marker_are_left_out() -> None:
    assert found("# one\na: 1  # two\n") == []


@pytest.mark.parametrize(
    "text",
    [
        'a: "x # mark: no"\n',
        "a: 'x # mark: no'\n",
        "a: 'it''s # mark: no\n  # mark: no'\n",
        "a: x#mark: no\n",
        "a: |\n  # mark: no\n",
        "a: >-\n  x\n\n  # mark: no\n",
        "a#b mark:: 1\n",
        '"# mark:": 1\n',
        "[a, '# mark: no']\n",
    ],
)
def test_a_sign_inside_a_value_or_key_begins_no_comment(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('a: "x # mark: no"  # mark: yes\n', (1, 20)),
        ("a: 'x # no' # mark: yes\n", (1, 13)),
        ("a: |  # mark: yes\n  # mark: no\n", (1, 7)),
        ("a: |\n  # mark: no\n# mark: yes\nb: 1\n", (3, 1)),
        ("a: |\n    x\n  # mark: yes\nb: 1\n", (3, 3)),
        ("{a: 1,  # mark: yes\n b: 2}\n", (1, 9)),
        ("--- # mark: yes\na: 1\n", (1, 5)),
        ("a: 1\n... # mark: yes\n", (2, 5)),
        ("a: &x 1  # mark: yes\nb: *x\n", (1, 10)),
        ("\t# mark: yes\na: 1\n", (1, 2)),
        ("a: 1  # mark: yes", (1, 7)),
        ("? a # mark: yes\n: b\n", (1, 5)),
        ("a: &x  # mark: yes\n  b # no\n", (1, 8)),
        ("a: &x # no\n  !!str # mark: yes\n  'b # mark: no'\n", (2, 9)),
        ("a: !!str |  # mark: yes\n  # mark: no\n", (1, 13)),
        ("a: &x  # mark: yes\nb: *x\n", (1, 8)),
    ],
)
def test_a_comment_is_found_beside_whatever_stands_there(text: str, place: tuple[int, int]) -> None:
    assert [(line, column) for line, column, _ in found(text)] == [place]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_lines_end_as_yaml_has_it(line_break: str) -> None:
    text = line_break.join(["a: 'é😀'  # mark: one", "", "# mark: two", "b: 2", ""])
    assert found(text) == [(1, 10, "# mark: one"), (3, 1, "# mark: two")]


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85"])
def test_what_ends_lines_for_others_ends_none_here(character: str) -> None:
    assert found(f"a: x{character}# mark: no\nb: 1 # mark: {character}yes\n") == [(2, 6, f"# mark: {character}yes")]


def test_comments_before_and_behind_a_mistake_in_the_syntax_are_found() -> None:
    assert [line for line, _, _ in found("# mark: one\na: [\n}\n# mark: two\n")] == [1, 4]


@pytest.mark.parametrize(
    "text", ["# mark:\n" + "[" * 100_000, "# mark:\n" + "- " * 50_000, "# mark:\na: '" + "\n" * 100_000]
)
def test_hostile_files_are_read_to_their_end(text: str) -> None:
    assert len(found(text)) == 1
