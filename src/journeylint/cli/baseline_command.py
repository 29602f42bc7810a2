"""`journeylint baseline`: accept the findings that there are, and keep what is accepted up to date."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from journeylint.cli.plugin_options import plugin_options
from journeylint.cli.run_options import (
    HOW,
    RUN,
    as_of_option,
    config_option,
    jobs_option,
    no_cache_option,
    preset_option,
)
from journeylint.cli.sections import SectionedCommand, SectionedOption

if TYPE_CHECKING:
    from journeylint.plugin_choice import PluginOptions


_WHAT = "What is accepted"


_PATHS = click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATHS]...")
_BASELINE = click.option(
    "--baseline",
    "folder",
    cls=SectionedOption,
    section=_WHAT,
    type=click.Path(),
    metavar="DIR",
    help="The folder of the baseline. Default: the configuration's, or journeylint-baseline beside it.",
)
_TTL = click.option(
    "--ttl",
    cls=SectionedOption,
    section=_WHAT,
    metavar="DAYS",
    help="Accept what is added for so long only, such as 90d from the day that is taken as now.",
)
_RENEW = click.option(
    "--renew",
    cls=SectionedOption,
    section=_WHAT,
    is_flag=True,
    help="Accept anew what entries were about whose time is over; otherwise they stay over.",
)
_RUN_OPTIONS = (
    config_option(HOW),
    as_of_option(HOW, text="Take this as now, as `check` does. Default: the clock."),
    preset_option(),
    click.option(
        "--select",
        cls=SectionedOption,
        section=HOW,
        multiple=True,
        metavar="POLICIES",
        help="Judge by these policies only: ids, names, packs or tags, separated by commas. Entries of others stay.",
    ),
    click.option(
        "--ignore",
        cls=SectionedOption,
        section=HOW,
        multiple=True,
        metavar="POLICIES",
        help="Leave these policies out. Their entries stay.",
    ),
    click.option(
        "--dry-run", cls=SectionedOption, section=RUN, is_flag=True, help="Tell what would change, and write nothing."
    ),
    jobs_option(),
    no_cache_option(),
)


def _run_options(command: Callable[..., int]) -> Callable[..., int]:
    """*command* with what it needs to judge, as keyword arguments."""
    with_options = plugin_options(command)
    for option in (*reversed(_RUN_OPTIONS), _BASELINE, _PATHS):
        with_options = option(with_options)
    return with_options


@click.group(short_help="Accept the findings that there are now.", invoke_without_command=True)
@click.pass_context
def baseline(context: click.Context) -> int | None:
    """Accept the findings that there are now, so that `check` reports what is new.

    \b
    journeylint baseline create      accept all that is found now
    journeylint baseline update      accept what is new, drop what is mended
    journeylint baseline prune       only drop what is mended

    \b
    Exit codes:
      0  the baseline is as it should be
      2  the command line, configuration, a policy, a plugin or the
         baseline itself is wrong: nothing was judged
      3  something could not be judged, or no manifest was found: create
         and update change nothing, prune keeps what it cannot tell about
    """
    if context.invoked_subcommand is not None:
        return None
    click.echo(context.get_help(), err=True)
    return 2


@baseline.command(cls=SectionedCommand, short_help="Accept all that is found now.")
@_TTL
@_run_options
def create(*, ttl: str | None, plugins: PluginOptions, **options: Any) -> int:
    """Write a baseline that accepts all findings there are now: a folder with a file for each manifest, to be committed.

    With PATHS the whole project is judged, as with `check --focus`, and what is found in PATHS is accepted. Failures are
    never accepted, nor are findings of policies that cannot be suppressed.

    \b
    Examples:
      journeylint baseline create
      journeylint baseline create --ttl 90d
      journeylint baseline create --select outbound-segments
    """
    from journeylint.cli.baseline_run import Asked, run_create  # noqa: PLC0415 - `--help` needs no engine

    return run_create(Asked(ttl=ttl, plugins=plugins, **_as_asked(options)))


@baseline.command(cls=SectionedCommand, short_help="Accept what is new, and drop what is mended.")
@_TTL
@_RENEW
@_run_options
def update(*, ttl: str | None, renew: bool, plugins: PluginOptions, **options: Any) -> int:
    """Accept what is found and not accepted yet, and drop the entries that no longer occur; the others stay as they are.

    With PATHS the whole project is judged, and what changes is what PATHS hold.

    \b
    Examples:
      journeylint baseline update
      journeylint baseline update journeys/spring-sale.yaml --ttl 30d
      journeylint baseline update --dry-run
    """
    from journeylint.cli.baseline_run import Asked, run_update  # noqa: PLC0415 - `--help` needs no engine

    return run_update(Asked(ttl=ttl, renews=renew, plugins=plugins, **_as_asked(options)))


@baseline.command(cls=SectionedCommand, short_help="Drop what is mended, and accept nothing.")
@_run_options
def prune(*, plugins: PluginOptions, **options: Any) -> int:
    """Drop the entries that no longer occur; nothing is added.

    With PATHS the whole project is judged, and what changes is what PATHS hold.

    \b
    Examples:
      journeylint baseline prune
      journeylint baseline prune --dry-run
    """
    from journeylint.cli.baseline_run import Asked, run_prune  # noqa: PLC0415 - `--help` needs no engine

    return run_prune(Asked(plugins=plugins, **_as_asked(options)))


def _as_asked(options: dict[str, Any]) -> dict[str, Any]:
    """The options that all three have, in the words of `baseline_run.Asked`."""
    config, folder = options["config"], options.pop("folder")
    return {
        **options,
        "config": None if config is None else Path(config),
        "baseline": None if folder is None else Path(folder),
    }
