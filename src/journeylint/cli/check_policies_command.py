"""`journeylint check-policies`: tell everything that is wrong with policy files, without judging a manifest."""

from __future__ import annotations

import click

from journeylint.cli.find_packs import load_packs
from journeylint.cli.streams import write_standard_output
from journeylint.terminal import count


@click.command("check-policies", short_help="Check the policy files that you write.")
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATHS]...")
def check_policies(*, paths: tuple[str, ...]) -> int:
    """Check the packs that PATHS belong to: pack.yaml and policy.yaml files, or folders to search (default: this one).

    What is wrong with any of their files is told at once, each problem with its line: misspelt keys and fields, types that
    do not fit, ids that are taken. The installed packs are read with them, but a pack of PATHS replaces the installed
    one whose folder has the same name.

    \b
    Examples:
      journeylint check-policies
      journeylint check-policies policies/acme/tiny-audience/policy.yaml

    \b
    Exit codes:
      0  all are in order
      2  there are problems, or there is no policy in PATHS
    """
    library = load_packs(paths)
    are = "is" if len(library.policies) == 1 else "are"
    told = f"{count(len(library.policies), 'policy')} in {count(len(library.packs), 'pack')} {are} in order."
    write_standard_output(lambda stream: stream.write(f"{told}\n"))
    return 0
