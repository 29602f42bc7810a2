"""`journeylint import`: manifests from exports of other systems."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from journeylint.cli.plugin_options import plugin_options
from journeylint.cli.run_options import RUN, color_option, config_option
from journeylint.cli.sections import SectionedCommand, SectionedOption

if TYPE_CHECKING:
    from journeylint.plugin_choice import PluginOptions

_WHAT = "What is imported"


@click.command("import", cls=SectionedCommand, short_help="Make manifests of exports.")
@click.argument("sources", nargs=-1, type=click.Path(), metavar="SOURCE...")
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
    "--prune",
    cls=SectionedOption,
    section=_WHAT,
    is_flag=True,
    help="Delete manifests whose rows are gone: of a table that the import has, but not these rows of it.",
)
@config_option(_WHAT)
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
def import_(
    *,
    sources: tuple[str, ...],
    folder: str | None,
    environment: str | None,
    prune: bool,
    config: str | None,
    dry_run: bool,
    format_name: str,
    color: str,
    plugins: PluginOptions,
) -> int:
    """Write a manifest into FOLDER for each journey, segment, message and trigger in SOURCE.

    A SOURCE is a package of the Configuration Migration tool (data.zip, or data.xml with data_schema.xml beside it), JSON
    that the Dataverse Web API returned, or a folder of either. Imported again, manifests keep their names, their files and
    what people wrote into them: comments, labels, annotations, justifications and suppressions.

    \b
    Examples:
      journeylint import data.zip -o contoso
      journeylint import pages -o contoso --environment contoso-prod
      journeylint import data.zip -o contoso --prune --dry-run

    \b
    Exit codes:
      0  all was imported
      2  the command line, configuration or a plugin is wrong, or nothing in
         SOURCE is an export: nothing was written
      3  some rows, or files, could not be imported, and the rest was; or there
         is no row of a table that is read
      4  a bug in journeylint
    """
    from journeylint.cli.import_run import Asked, run_import  # noqa: PLC0415 - `--help` needs no engine
    from journeylint.cli.plugin_options import build_command_host  # noqa: PLC0415 - as above
    from journeylint.errors import UsageError  # noqa: PLC0415 - as above

    if not sources:
        raise UsageError("name what is to be imported: journeylint import data.zip -o FOLDER")
    if folder is None:
        raise UsageError("-o FOLDER is missing: say where the manifests are")
    host = build_command_host(plugins, config=config).host
    asked = Asked(folder, environment, prune, dry_run, format_name, color)
    return run_import(sources, host, asked, stream=sys.stdout)
