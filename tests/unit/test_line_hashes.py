"""GitHub's fingerprints of lines: those that GitHub itself publishes, and what does and does not change them."""

from __future__ import annotations

import pytest

from journeylint.line_hashes import hash_lines


def every_line(text: str) -> dict[int, str]:
    """The hashes of more lines than any text here has."""
    return hash_lines(text, set(range(1, 400)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["c129715d7a2bc9a3:1"]),
        (" a\nb\n  \t\tc\n d", ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]),
        (
            " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End",
            [
                "8b7cf3e952e7aeb2:1",
                "b1ae1287ec4718d9:1",
                "bff680108adb0fcc:1",
                "c6805c5e1288b612:1",
                "b86d3392aea1be30:1",
                "e6ceba753e1a442:1",
            ],
        ),
        (
            " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n",
            [
                "e9496ae3ebfced30:1",
                "fb7c023a8b9ccb3f:1",
                "ce8ba1a563dcdaca:1",
                "e20e36e16fcb0cc8:1",
                "b3edc88f2938467e:1",
                "c8e28b0b4002a3a0:1",
                "c129715d7a2bc9a3:1",
            ],
        ),
        (
            " hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r",
            [
                "e9496ae3ebfced30:1",
                "fb7c023a8b9ccb3f:1",
                "ce8ba1a563dcdaca:1",
                "e20e36e16fcb0cc8:1",
                "b3edc88f2938467e:1",
                "c8e28b0b4002a3a0:1",
                "c129715d7a2bc9a3:1",
            ],
        ),
        (
            "x = 2\nx = 1\nprint(x)\nx = 3\nprint(x)\nx = 4\nprint(x)\n",
            [
                "e54938cc54b302f1:1",
                "bb609acbe9138d60:1",
                "1131fd5871777f34:1",
                "5c482a0f8b35ea28:1",
                "54517377da7028d2:1",
                "2c644846cb18d53e:1",
                "f1b89f20de0d133:1",
                "c129715d7a2bc9a3:1",
            ],
        ),
    ],
)
def test_the_published_hashes_come_out(text: str, expected: list[str]) -> None:
    assert list(every_line(text).values()) == expected


def test_lines_are_counted_from_one() -> None:
    assert list(every_line("a\nb")) == [1, 2]


def test_only_wanted_lines_have_hashes_and_they_are_those_of_a_full_run() -> None:
    text = "a\nb\nc\nd\n"
    every = every_line(text)
    assert hash_lines(text, {2, 4}) == {2: every[2], 4: every[4]}


@pytest.mark.parametrize("wanted", [set(), {0}, {-1}, {3}, {3, 10**9}])
def test_lines_that_are_not_there_are_left_out(wanted: set[int]) -> None:
    assert hash_lines("a\nb", wanted) == {}


@pytest.mark.parametrize(("text", "lines"), [("", 1), ("\n", 2), ("a", 1), ("a\n", 2), ("a\r\n", 2), ("\r\n\r\n", 3)])
def test_what_follows_the_last_line_break_is_a_line_even_if_it_is_empty(text: str, lines: int) -> None:
    assert list(every_line(text)) == list(range(1, lines + 1))


def test_the_same_text_again_is_told_by_its_number() -> None:
    line = "x" * 120 + "\n"
    hashes = every_line(line * 3).values()
    assert [one.partition(":")[2] for one in hashes] == ["1", "2", "3", "1"]


def test_lines_that_are_not_wanted_count_as_earlier_ones() -> None:
    line = "x" * 120 + "\n"
    assert hash_lines(line * 4, {3})[3].endswith(":3")


@pytest.mark.parametrize("same", ["a: 1\r\nb: 2\r\n", "a: 1\rb: 2\r", "  a:1\n\tb :2 \n", "a : 1\t\nb:  2\n"])
def test_blanks_tabs_and_kinds_of_line_breaks_do_not_count(same: str) -> None:
    assert every_line(same) == every_line("a: 1\nb: 2\n")


@pytest.mark.parametrize("text", ["\r \n", "\r\t\n", "\n\r", "\n\n"])
def test_a_line_break_is_two_units_only_where_nothing_stands_between_them(text: str) -> None:
    assert every_line(text) == every_line("\n\n")
    assert every_line(text) != every_line("\r\n")


@pytest.mark.parametrize("other", ["a:\xa01", "\ufeffa:1", "a:1\u2028", "a:1\x00", "a:1\x0b", "A:1"])
def test_every_other_character_counts(other: str) -> None:
    assert hash_lines(other, {1}) != hash_lines("a:1", {1})


def test_a_character_beyond_the_first_plane_is_two_units() -> None:
    assert every_line("\U0001f600") == every_line("\ud83d\ude00")


@pytest.mark.parametrize(("distance", "is_seen"), [(99, True), (100, False)])
def test_a_line_is_told_by_its_first_hundred_units(distance: int, is_seen: bool) -> None:
    text = "x" * 150
    changed = text[:distance] + "y" + text[distance + 1 :]
    assert (hash_lines(text, {1}) != hash_lines(changed, {1})) is is_seen


@pytest.mark.parametrize(("distance", "is_seen"), [(99, True), (100, False)])
def test_a_character_beyond_the_first_plane_takes_the_room_of_two(distance: int, is_seen: bool) -> None:
    text = "\U0001f600" + "x" * 150
    changed = text[: distance - 1] + "y" + text[distance:]
    assert (hash_lines(text, {1}) != hash_lines(changed, {1})) is is_seen
