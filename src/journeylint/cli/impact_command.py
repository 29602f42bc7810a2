"""`journeylint impact`: what a change of policies, params or configuration does to the findings."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from journeylint.cli.color import wants_color
from journeylint.cli.exit_status import CLEAN, FINDINGS, NOT_JUDGED
from journeylint.cli.outputs import OwnFormat, parse_outputs, write_file
from journeylint.cli.plugin_options import host_under, plugin_options
from journeylint.cli.run_options import (
    as_of_option,
    color_option,
    config_option,
    demand_no_less_than,
    jobs_option,
    no_cache_option,
    no_suppressions_option,
)
from journeylint.cli.sections import SectionedCommand, SectionedOption
from journeylint.cli.streams import write_standard_output
from journeylint.errors import UsageError

if TYPE_CHECKING:
    from journeylint.check_request import CheckRequest
    from journeylint.impact import Impact
    from journeylint.plugin_choice import PluginOptions

_FORMATS = {"text": OwnFormat(), "json": OwnFormat(), "markdown": OwnFormat()}
_COMPARED = "What is compared"
_REPORT = "Report and exit code"


@click.command(cls=SectionedCommand, short_help="Tell what a change of policies does to the findings.")
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATHS]...")
@click.option(
    "--base",
    cls=SectionedOption,
    section=_COMPARED,
    metavar="REV",
    help="Compare with the configuration and policies of this commit, branch or tag of git.",
)
@click.option(
    "--policies",
    "folders",
    cls=SectionedOption,
    section=_COMPARED,
    multiple=True,
    metavar="FOLDER",
    help="Compare two folders of packs: give it twice, the old one first.",
)
@config_option(_COMPARED)
@as_of_option(
    _COMPARED,
    text="Take this as now on both sides: 2025-03-01T09:00:00Z, or 2025-03-01. Default: the clock.",
)
@no_suppressions_option(_COMPARED)
@click.option(
    "-o",
    "--output",
    "outputs",
    cls=SectionedOption,
    section=_REPORT,
    multiple=True,
    metavar="FORMAT[=FILE]",
    help="Report in this format (text, json, markdown), into FILE or to standard output. Repeat it for several reports.",
)
@click.option(
    "--fail-on",
    cls=SectionedOption,
    section=_REPORT,
    type=click.Choice(("error", "warning", "info", "never")),
    default="error",
    help="The least severity of a finding whose appearing makes the exit code 1. Default: error.",
)
@click.option(
    "--max-new",
    cls=SectionedOption,
    section=_REPORT,
    type=int,
    default=0,
    callback=demand_no_less_than(0),
    metavar="N",
    help="How many such findings may appear before the exit code is 1. Default: 0.",
)
@color_option(_REPORT, text="Colour the report on standard output. Default: auto, on a terminal.")
@jobs_option()
@no_cache_option()
@plugin_options
def impact(
    *,
    paths: tuple[str, ...],
    base: str | None,
    folders: tuple[str, ...],
    config: str | None,
    as_of: str | None,
    no_suppressions: bool,
    outputs: tuple[str, ...],
    fail_on: str,
    max_new: int,
    color: str,
    jobs: int | None,
    no_cache: bool,
    plugins: PluginOptions,
) -> int:
    """Judge the manifests in PATHS as they are by policies and configuration as they were, and as they are now.

    Findings that appear, vanish or change are told by policy and by manifest. A finding keeps its identity when lines move
    and items of lists change places.

    \b
    Examples:
      journeylint impact --base main
      journeylint impact --base v1.2 -o markdown=comment.md --fail-on never
      journeylint impact journeys --policies /srv/acme-1.1 --policies policies

    \b
    Exit codes:
      0  no more than --max-new findings at or above --fail-on appear
      1  more of them appear
      2  the command line, a configuration, a policy or a plugin is wrong,
         on either side: nothing was compared
      3  something could not be judged, or no manifest was found
    """
    _check_sides(base, folders)
    wanted = parse_outputs(outputs or ("text",), _FORMATS)
    from journeylint.check_request import CheckRequest  # noqa: PLC0415 - `--help` needs no engine
    from journeylint.settings.values import FailOn  # noqa: PLC0415 - as above

    request = CheckRequest(
        paths=paths,
        working_directory=Path.cwd(),
        config=None if config is None else Path(config),
        as_of=as_of,
        jobs=jobs,
        use_cache=not no_cache,
        heeds_suppressions=not no_suppressions,
        outputs=tuple(output.file for output in wanted if output.file is not None),
    )
    result = _measure(request, base, folders, plugins)
    for output in wanted:
        if output.file is None:
            write_standard_output(partial(_write, result, output.format, color=wants_color(color, sys.stdout)))
        else:
            write_file(output.file, partial(_write, result, output.format, color=False))
    if result.failures or not result.manifests:
        return NOT_JUDGED
    return FINDINGS if len(result.worsening(FailOn(fail_on))) > max_new else CLEAN


def _check_sides(base: str | None, folders: tuple[str, ...]) -> None:
    if base is not None and folders:
        raise UsageError("--base and --policies do not go together: compare with a commit, or two folders")
    if base is None and not folders:
        raise UsageError(
            "there is nothing to compare with: name a commit (--base main), or two folders (--policies, twice)"
        )
    if folders and len(folders) != 2:
        raise UsageError(f"--policies is given {len(folders)} times: expected the old folder and the new one")


def _measure(request: CheckRequest, base: str | None, folders: tuple[str, ...], plugins: PluginOptions) -> Impact:
    from journeylint.impact_run import from_commit, from_folders, measure_impact  # noqa: PLC0415 - as above

    host_for = partial(host_under, plugins)
    if base is None:
        return measure_impact(request, *from_folders(request, [Path(folder) for folder in folders], host_for))
    with from_commit(request, base, host_for) as (before, after):
        return measure_impact(request, before, after)


def _write(result: Impact, form: str, stream: TextIO, *, color: bool) -> None:
    if form == "json":
        from journeylint.cli.impact_json import write_impact_json  # noqa: PLC0415 - one format is enough

        stream.write(write_impact_json(result))
    elif form == "markdown":
        from journeylint.cli.impact_markdown import write_impact_markdown  # noqa: PLC0415 - as above

        stream.write(write_impact_markdown(result))
    else:
        from journeylint.cli.impact_text import impact_lines  # noqa: PLC0415 - as above
        from journeylint.terminal import painter  # noqa: PLC0415 - as above

        stream.write("\n".join(impact_lines(result, painter(color=color))) + "\n")
