"""What a suppression says is understood by one measure, and what is wrong with it is said so that it can be mended."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest

from journeylint.model import Location, Span, SuppressionForm
from journeylint.policies import Policy
from journeylint.policy_library import load_library
from journeylint.suppressions.claims import Claim, LineReach
from journeylint.suppressions.meaning import Meaning, MeaningReader
from journeylint.suppressions.rules import SuppressionRules
from tests.judging import builtin_host

AS_OF = datetime(2027, 1, 10, 12, 0, tzinfo=UTC)
FORMS = [form for form in SuppressionForm if form is not SuppressionForm.BASELINE]


@cache
def policies() -> tuple[Policy, ...]:
    """The built-in ones, of which one had other names before."""
    found = load_library(builtin_host()).policies
    return tuple(
        one._replace(life=one.life._replace(former_ids=("OLD001",), former_names=("old-name",)))
        if one.id == "REF001"
        else one
        for one in found
    )


def claim(
    word: str = "REF001",
    reason: str = "why",
    *,
    until: str = "",
    form: SuppressionForm = SuppressionForm.COMMENT,
    problems: tuple[str, ...] = (),
) -> Claim:
    location = Location("a.yaml", 1, "", Span(1, 1, 1, 2))
    return Claim(form, word, reason, "", until, location, LineReach("a.yaml", ()), problems=problems)


def read(one: Claim, rules: SuppressionRules = SuppressionRules(), as_of: datetime = AS_OF) -> Meaning:  # noqa: B008 - a value
    return MeaningReader(policies(), rules, as_of).read(one)


def problem_of(one: Claim, rules: SuppressionRules = SuppressionRules()) -> str:  # noqa: B008 - a value
    """The only problem of *one*, or nothing."""
    problems = read(one, rules).problems
    assert len(problems) <= 1
    return "".join(problems)


# -- the policy


@pytest.mark.parametrize("word", ["REF001", "unknown-segment", "OLD001", "old-name"])
def test_a_policy_is_meant_by_any_id_or_name_that_it_has_or_had(word: str) -> None:
    meaning = read(claim(word))
    assert (meaning.policy, meaning.problems, meaning.is_in_force) == ("REF001", (), True)


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("", "it names no policy: name one by its id or name"),
        ("REF", "'REF' is a pack: name each policy by its id or name"),
        ("references", "'references' is a pack: name each policy by its id or name"),
        ("audience", "'audience' is a tag: name each policy by its id or name"),
        ("JL002", "'JL002' is a failure: what could not be judged cannot be suppressed"),
        ("invalid-manifest", "'invalid-manifest' is a failure: what could not be judged cannot be suppressed"),
        ("SUP004", "SUP004 says that what it finds cannot be suppressed"),
        ("unused-suppression", "SUP004 says that what it finds cannot be suppressed"),
        ("ref001", "there is no policy 'ref001' - the nearest is 'REF001'"),
        ("%", "there is no policy '%' - see journeylint policies"),
        ("x" * 99, f"there is no policy '{'x' * 60}'… - see journeylint policies"),
    ],
)
def test_what_is_no_policy_that_can_be_suppressed_is_told(word: str, told: str) -> None:
    assert problem_of(claim(word)) == told
    assert not read(claim(word)).is_in_force


def test_what_a_front_end_found_comes_first_and_a_missing_word_is_not_told_again() -> None:
    assert read(claim("", problems=("odd",))).problems == ("odd",)
    assert read(claim("REF", problems=("odd",))).problems[0] == "odd"
    assert len(read(claim("REF", problems=("odd",))).problems) == 2


# -- until


@pytest.mark.parametrize(
    ("as_of", "is_over"),
    [
        (datetime(2027, 1, 31, 0, 0, tzinfo=UTC), False),
        (datetime(2027, 1, 31, 23, 59, 59, tzinfo=UTC), False),
        (datetime(2027, 2, 1, 0, 0, tzinfo=UTC), True),
        (datetime(2026, 1, 1, tzinfo=UTC), False),
    ],
)
def test_the_last_day_counts_to_its_end_in_utc(as_of: datetime, *, is_over: bool) -> None:
    meaning = read(claim(until="2027-01-31"), as_of=as_of)
    assert (meaning.until, meaning.is_over, meaning.is_in_force) == (date(2027, 1, 31), is_over, not is_over)


@pytest.mark.parametrize(
    "text",
    [
        "2027-02-30",
        "2027-13-01",
        "2027-1-31",
        "27-01-31",
        "20270131",
        "2027-W04-7",
        "2027-01-31T00:00:00Z",
        "31.01.2027",
        "tomorrow",
        "\u0662\u0660\u0662\u0667-\u0660\u0661-\u0663\u0661",
        "0000-01-01",
    ],
)
def test_what_is_no_day_suppresses_nothing(text: str) -> None:
    assert problem_of(claim(until=text)).startswith(f"'{text}' is no date: expected a day such as 2027-01-31")
    assert not read(claim(until=text)).is_in_force


@pytest.mark.parametrize(("until", "fits"), [("2027-01-20", True), ("2027-01-21", False)])
def test_the_longest_term_counts_from_the_day_of_the_run(until: str, *, fits: bool) -> None:
    told = problem_of(claim(until=until), SuppressionRules(longest_term=timedelta(days=10)))
    assert told == ("" if fits else "it would hold longer than 10 d from now on - write 'until 2027-01-20'")


def test_with_a_longest_term_each_needs_an_end() -> None:
    rules = SuppressionRules(longest_term=timedelta(days=10))
    assert problem_of(claim(), rules) == "it has no end, and the longest term is 10 d - write 'until 2027-01-20'"
    assert problem_of(claim()) == ""


def test_the_longest_term_of_all_ends_with_the_last_day_that_there_is() -> None:
    assert problem_of(claim(), SuppressionRules(longest_term=timedelta(days=3_652_059))).endswith("'until 9999-12-31'")
    assert problem_of(claim(until="9999-12-31"), SuppressionRules(longest_term=timedelta(days=3_652_059))) == ""


def test_what_is_over_may_have_been_longer_than_is_allowed_today() -> None:
    assert problem_of(claim(until="2020-01-01"), SuppressionRules(longest_term=timedelta(0))) == ""


# -- the reason


@pytest.mark.parametrize("form", FORMS)
def test_a_reason_is_needed_unless_somebody_says_otherwise(form: SuppressionForm) -> None:
    assert problem_of(claim(reason="", form=form)) == "it has no reason: say why this is accepted"
    assert problem_of(claim(reason="", form=form), SuppressionRules(is_reason_required=False)) == ""


@pytest.mark.parametrize(("reason", "fits"), [("abcde", True), ("abcd", False), ("é😀éé", False), ("é😀ééé", True)])
def test_a_reason_has_as_many_characters_as_are_asked_for(reason: str, *, fits: bool) -> None:
    told = problem_of(claim(reason=reason), SuppressionRules(reason_length=5))
    assert told == ("" if fits else "its reason has 4 characters: expected 5 or more")


def test_one_character_is_counted_as_one() -> None:
    assert problem_of(claim(reason="a"), SuppressionRules(reason_length=5)).startswith("its reason has 1 character: ")


@pytest.mark.parametrize(("reason", "fits"), [("see CRM-12", True), ("CRM-x", False), ("crm-12", False)])
def test_a_reason_names_a_ticket_where_one_is_asked_for(reason: str, *, fits: bool) -> None:
    told = problem_of(claim(reason=reason), SuppressionRules(ticket_pattern="CRM-[0-9]+"))
    assert told == ("" if fits else "its reason names no ticket: expected something that matches 'CRM-[0-9]+'")


def test_rules_about_a_reason_do_not_ask_for_one() -> None:
    rules = SuppressionRules(is_reason_required=False, reason_length=5, ticket_pattern="CRM")
    assert problem_of(claim(reason=""), rules) == ""
    assert problem_of(claim(reason="abc"), rules) != ""


def test_entries_of_the_baseline_need_neither_reason_nor_end() -> None:
    rules = SuppressionRules(longest_term=timedelta(days=1), reason_length=5)
    assert problem_of(claim(reason="", form=SuppressionForm.BASELINE), rules) == ""
    assert problem_of(claim(reason="x", until="2029-01-01", form=SuppressionForm.BASELINE), rules) == ""
    assert problem_of(claim("SUP001", form=SuppressionForm.BASELINE), rules) != ""
