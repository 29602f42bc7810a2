"""`journeylint test`: run the cases of policies, and tell what they leave untested."""

from __future__ import annotations

import math
import sys
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TextIO

import click

from journeylint.cli.color import CHOICES, wants_color
from journeylint.cli.exit_status import CLEAN, FINDINGS, NOT_JUDGED
from journeylint.cli.outputs import parse_outputs, write_file
from journeylint.cli.streams import write_standard_output
from journeylint.errors import UsageError
from journeylint.terminal import make_visible, painter

if TYPE_CHECKING:
    from journeylint.testing.suite import LibraryResult


class _Format(NamedTuple):
    """A format of the report."""

    is_log: bool


_FORMATS = {"text": _Format(is_log=True), "json": _Format(is_log=False), "junit": _Format(is_log=False)}


@click.command("test", short_help="Run the cases of policies, and measure their coverage.")
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATHS]...")
@click.option(
    "--select",
    multiple=True,
    metavar="WORD,...",
    help="Test these policies only: ids, names, packs or tags. Can be repeated.",
)
@click.option(
    "--min-coverage",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Fail where the coverage of a policy, or of what a pack shares, is below this.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help="Write the report as text, json or junit, into FILE or to standard output. Can be repeated. Default: text.",
)
@click.option(
    "--color",
    type=click.Choice(CHOICES),
    default="auto",
    help="Colour the report on standard output. Default: auto, on a terminal.",
)
def test(
    *, paths: tuple[str, ...], select: tuple[str, ...], min_coverage: float | None, outputs: tuple[str, ...], color: str
) -> int:
    """Run the cases of the policies in PATHS: folders, policy.yaml and pack.yaml files, or single cases.

    Without PATHS it is this folder or, if it has no policies, the policy-roots of the configuration. A case is a file of
    manifests in the folder `cases` of a policy; comments such as `# finds: ACME001` mark the lines where the policy
    finds something. Coverage is the part of the policy's conditions that the cases see both true and false.

    \b
    Examples:
      journeylint test
      journeylint test policies/acme/tiny-audience --min-coverage 100
      journeylint test policies/acme/tiny-audience/cases/fails.yaml
      journeylint test --select ACME001 -o text -o junit=cases.xml

    \b
    Exit codes:
      0  every policy finds exactly what its cases mark
      1  a case differs, or there is none that fails or none that passes,
         or coverage is too low
      2  the command line, a policy file or a case file is wrong
      3  there is nothing to test
    """
    from journeylint.cli.find_cases import choose_cases  # noqa: PLC0415 - `--help` needs no engine
    from journeylint.cli.find_packs import NoPolicyError  # noqa: PLC0415 - as above
    from journeylint.host import build_host  # noqa: PLC0415 - as above
    from journeylint.testing.suite import run_library  # noqa: PLC0415 - as above

    wanted = parse_outputs(outputs or ("text",), _FORMATS)
    words = _split(select)
    if min_coverage is not None and math.isnan(min_coverage):
        raise UsageError("--min-coverage: expected a number from 0 to 100, not nan")
    try:
        chosen = choose_cases(paths, words)
    except NoPolicyError as error:
        click.echo(f"error: {make_visible(str(error))}", err=True)
        return NOT_JUDGED
    result = run_library(chosen.library, build_host(), only=chosen.policies, cases=chosen.cases)
    for output in wanted:
        is_painted = output.file is None and wants_color(color, sys.stdout)
        write = partial(_write, output.format, result, min_coverage, is_painted)
        if output.file is None:
            write_standard_output(write)
        else:
            write_file(output.file, write)
    return _status(result, min_coverage)


test.__test__ = False  # type: ignore[attr-defined]  # pytest takes what is named so for a test


def _split(values: tuple[str, ...]) -> tuple[str, ...]:
    words = tuple(word.strip() for value in values for word in value.split(","))
    if "" in words:
        raise UsageError(f"--select {','.join(values)!r}: expected ids, names, packs or tags, separated by commas")
    return words


def _write(form: str, result: LibraryResult, minimum: float | None, is_painted: bool, stream: TextIO) -> None:  # noqa: FBT001 - bound by position
    if form == "json":
        import json  # noqa: PLC0415 - only this format needs it

        from journeylint.cli.cases_json import cases_data  # noqa: PLC0415 - as above
        from journeylint.terminal import defuse_json  # noqa: PLC0415 - as above

        stream.write(defuse_json(json.dumps(cases_data(result, minimum), indent=2, ensure_ascii=False)) + "\n")
    elif form == "junit":
        from journeylint.cli.cases_junit import cases_junit  # noqa: PLC0415 - only this format needs it

        stream.write(cases_junit(result, minimum))
    else:
        from journeylint.cli.cases_text import cases_page  # noqa: PLC0415 - only this format needs it
        from journeylint.terminal import defuse_commands  # noqa: PLC0415 - as above

        lines = cases_page(result, minimum, painter(color=is_painted))
        stream.write(defuse_commands("\n".join(lines)) + "\n")


def _status(result: LibraryResult, minimum: float | None) -> int:
    from journeylint.cli.cases_text import is_too_low  # noqa: PLC0415 - `--help` needs none of it

    if not result.policies:
        click.echo("error: no policy is left to test: --select leaves none of PATHS", err=True)
        return NOT_JUDGED
    is_low = any(is_too_low(one, minimum) for one in result.coverages)
    return CLEAN if result.holds and not is_low else FINDINGS
