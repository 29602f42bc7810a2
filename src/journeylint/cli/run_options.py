"""The options that judging commands share, each declared once: a command decorates itself with those that it takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from journeylint.cli.color import CHOICES
from journeylint.cli.sections import SectionedOption
from journeylint.errors import UsageError

WHAT = "What is judged"
HOW = "Which policies, and how strictly"
REPORT = "Reports"
RUN = "The run"
"""Headings of options in the help of a command that has sections."""

SELECTORS = "ids, names, packs or tags"
"""What policies are selected by, in words."""

_Command = TypeVar("_Command", bound=Callable[..., int])


def demand_no_less_than(
    least: int, what: str = "too few"
) -> Callable[[click.Context, click.Parameter, int | None], int | None]:
    """The callback of an option whose value is a number from *least* on, if there is one; *what* is said of others."""

    def check(_context: click.Context, _option: click.Parameter, number: int | None) -> int | None:
        if number is not None and number < least:
            raise click.BadParameter(f"{number} is {what}: expected {least} or more")
        return number

    return check


def config_option(section: str = WHAT) -> Callable[[_Command], _Command]:
    """`--config FILE`, as `config`."""
    return click.option(
        "--config",
        cls=SectionedOption,
        section=section,
        type=click.Path(),
        metavar="FILE",
        help="Read this configuration instead of the nearest journeylint.yaml or pyproject.toml.",
    )


def preset_option(section: str = HOW) -> Callable[[_Command], _Command]:
    """`--preset NAME`, as `preset`."""
    return click.option(
        "--preset",
        cls=SectionedOption,
        section=section,
        metavar="NAME",
        help="Judge by the policies of this preset: recommended, strict, legacy-outbound, all, or one of a plugin. "
        "Default: the configuration's, or recommended.",
    )


def as_of_option(
    section: str = WHAT,
    *,
    text: str = "Take this as now: 2025-03-01T09:00:00Z, or 2025-03-01 for its first moment in UTC. Default: the clock.",
) -> Callable[[_Command], _Command]:
    """`--as-of INSTANT`, as `as_of`."""
    return click.option("--as-of", cls=SectionedOption, section=section, metavar="INSTANT", help=text)


def no_suppressions_option(
    section: str = HOW,
    *,
    text: str = "Judge as if nothing were suppressed: by no comment, manifest, configuration or baseline.",
) -> Callable[[_Command], _Command]:
    """`--no-suppressions`, as `no_suppressions`."""
    return click.option("--no-suppressions", cls=SectionedOption, section=section, is_flag=True, help=text)


def no_baseline_option(
    section: str = HOW, *, text: str = "Report what the baseline accepts, too."
) -> Callable[[_Command], _Command]:
    """`--no-baseline`, as `no_baseline`."""
    return click.option("--no-baseline", cls=SectionedOption, section=section, is_flag=True, help=text)


def color_option(section: str = REPORT, *, text: str) -> Callable[[_Command], _Command]:
    """`--color WHEN`, as `color`; what *text* says is coloured is the command's own."""
    return click.option(
        "--color", cls=SectionedOption, section=section, type=click.Choice(CHOICES), default="auto", help=text
    )


def jobs_option(section: str = RUN, *, text: str = "Use this many processes.") -> Callable[[_Command], _Command]:
    """`--jobs N`, as `jobs`: one or more, or None."""
    return click.option(
        "--jobs",
        cls=SectionedOption,
        section=section,
        type=int,
        callback=demand_no_less_than(1, "not a number of processes"),
        metavar="N",
        help=text,
    )


def no_cache_option(section: str = RUN) -> Callable[[_Command], _Command]:
    """`--no-cache`, as `no_cache`."""
    return click.option(
        "--no-cache", cls=SectionedOption, section=section, is_flag=True, help="Neither read nor write the cache."
    )


def split_words(values: tuple[str, ...], option: str, *, expected: str = SELECTORS) -> tuple[str, ...]:
    """The words of a repeatable *option* whose values may hold several, separated by commas.

    UsageError where there is nothing between two commas: it says that *expected* was.
    """
    words = tuple(word.strip() for value in values for word in value.split(","))
    if "" in words:
        raise UsageError(f"{option} {','.join(values)!r}: expected {expected}, separated by commas")
    return words
