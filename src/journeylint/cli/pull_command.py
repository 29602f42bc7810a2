"""`journeylint pull`: manifests from what is in a Dataverse environment."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from journeylint.cli.plugin_options import plugin_options
from journeylint.cli.run_options import RUN, color_option, config_option, demand_no_less_than
from journeylint.cli.sections import SectionedCommand, SectionedOption
from journeylint.web_api.tokens import METHODS, TOKEN_VARIABLE

if TYPE_CHECKING:
    from journeylint.plugin_choice import PluginOptions

_WHAT = "What is read, and where it goes"
_HOW = "How it is read"


@click.command(cls=SectionedCommand, short_help="Make manifests of what is in an environment.")
@click.argument("url", required=False, metavar="URL")
@click.option(
    "-o",
    "--output",
    "folder",
    cls=SectionedOption,
    section=_WHAT,
    type=click.Path(),
    metavar="FOLDER",
    help="The folder of the manifests. Those in it that were imported before are brought up to date.",
)
@click.option(
    "--environment",
    cls=SectionedOption,
    section=_WHAT,
    metavar="NAME",
    help="The environment that new manifests belong to. Only manifests of it are brought up to date.",
)
@click.option(
    "--table",
    "tables",
    cls=SectionedOption,
    section=_WHAT,
    multiple=True,
    metavar="NAME",
    help="Read only this table, such as msdynmkt_segment; again for several. Default: all that are known.",
)
@click.option(
    "--prune",
    cls=SectionedOption,
    section=_WHAT,
    is_flag=True,
    help="Delete manifests whose rows are gone: of a table that the pull has, but not these rows of it.",
)
@config_option(_WHAT)
@click.option(
    "--auth",
    cls=SectionedOption,
    section=_HOW,
    type=click.Choice(METHODS),
    default="default",
    metavar="HOW",
    help="Who signs in: the user of the Azure CLI (cli), whom the variables AZURE_... name (environment), the"
    " managed-identity of this machine, a person in a browser (interactive, or elsewhere with a device-code), or whose"
    f" token {TOKEN_VARIABLE} holds (token). Default: default, the first way of azure-identity's usual ones that works.",
)
@click.option(
    "--page-size",
    cls=SectionedOption,
    section=_HOW,
    type=int,
    default=200,
    callback=demand_no_less_than(1),
    metavar="N",
    help="Ask for this many rows at a time, 5,000 at most. Default: 200.",
)
@click.option(
    "--keep-pages",
    "pages",
    cls=SectionedOption,
    section=_HOW,
    type=click.Path(),
    metavar="DIR",
    help="Keep what the Web API returned in this folder, which is new or empty: journeylint import reads it.",
)
@click.option(
    "--dry-run", cls=SectionedOption, section=RUN, is_flag=True, help="Tell what would change, and write nothing."
)
@click.option(
    "--format",
    "format_name",
    cls=SectionedOption,
    section=RUN,
    type=click.Choice(("text", "json")),
    default="text",
    help="How to tell what came of it. Default: text.",
)
@color_option(RUN, text="Colour what is told. Default: auto, on a terminal; NO_COLOR and FORCE_COLOR are heeded.")
@plugin_options
def pull(
    *,
    url: str | None,
    folder: str | None,
    environment: str | None,
    tables: tuple[str, ...],
    prune: bool,
    config: str | None,
    auth: str,
    page_size: int,
    pages: str | None,
    dry_run: bool,
    format_name: str,
    color: str,
    plugins: PluginOptions,
) -> int:
    """Read journeys, segments, messages and triggers from the environment at URL, and write a manifest into FOLDER for each.

    The Dataverse Web API is read as whoever signs in may read it, and nothing is changed there. What comes is imported as
    journeylint import does it. Needs more libraries: pip install 'journeylint[dataverse]'.

    \b
    Examples:
      journeylint pull https://contoso.crm4.dynamics.com -o contoso
      journeylint pull https://contoso.crm4.dynamics.com -o contoso --auth cli
      journeylint pull https://contoso.crm4.dynamics.com -o contoso --dry-run

    \b
    Exit codes:
      0  all was read and imported
      2  the command line, configuration or a plugin is wrong, libraries are
         missing, or signing in or reaching URL failed: nothing was written
      3  a table could not be read, and nothing was written; or some rows
         could not be imported, and the rest was
      4  a bug in journeylint
    """
    from journeylint.cli.import_run import Asked, check_asked  # noqa: PLC0415 - `--help` needs no engine
    from journeylint.cli.plugin_options import build_command_host  # noqa: PLC0415 - as above
    from journeylint.cli.pull_run import Source, run_pull  # noqa: PLC0415 - as above
    from journeylint.errors import UsageError  # noqa: PLC0415 - as above

    if url is None:
        raise UsageError("name the environment: journeylint pull https://contoso.crm4.dynamics.com -o FOLDER")
    if folder is None:
        raise UsageError("-o FOLDER is missing: say where the manifests are")
    asked = Asked(folder, environment, prune, dry_run, format_name, color)
    check_asked(asked)
    host = build_command_host(plugins, config=config).host
    return run_pull(Source(url, auth, tables, page_size, pages), host, asked, stream=sys.stdout)
