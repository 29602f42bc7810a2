"""`journeylint docs`: pages about policies and packs, written into a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from journeylint.cli.find_packs import load_packs
from journeylint.cli.outputs import write_file
from journeylint.cli.plugin_options import build_command_host, config_option, plugin_options
from journeylint.cli.streams import write_standard_output
from journeylint.errors import PolicyError, UsageError
from journeylint.suggest import did_you_mean
from journeylint.terminal import count, show_path

if TYPE_CHECKING:
    from journeylint.host import Host
    from journeylint.model import Finding
    from journeylint.pages.content import JudgeExample
    from journeylint.plugin_choice import PluginOptions
    from journeylint.policies import Library, Policy

MARKER = ".journeylint-docs"


@click.command(short_help="Write pages about the policies.")
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATHS]...")
@click.option("--pack", "names", multiple=True, metavar="NAME", help="Only this pack; again for several.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("html", "markdown")),
    default="html",
    help="A site for a browser, or Markdown for a repository. Default: html.",
)
@config_option
@plugin_options
def docs(
    *, out: Path, paths: tuple[str, ...], names: tuple[str, ...], form: str, config: str | None, plugins: PluginOptions
) -> int:
    """Write a page for each pack and policy into the folder OUT: those of PATHS, or all that are installed.

    A page has the guideline, why it matters, what to do, examples from the policy's cases with what is found in them, params
    and sources. The pages need no network and no JavaScript. OUT has to be new, empty, or from an earlier run; pages
    that are no longer written are removed from it. The same policies give the same bytes.

    \b
    Examples:
      journeylint docs site
      journeylint docs site policies --format markdown
    """
    from journeylint.pages.content import gather_content  # noqa: PLC0415 - `--help` needs no engine
    from journeylint.pages.html_site import html_site  # noqa: PLC0415 - as above
    from journeylint.pages.markdown_site import markdown_site  # noqa: PLC0415 - as above
    from journeylint.policy_library import load_library  # noqa: PLC0415 - as above

    host = build_command_host(plugins, config=config).host
    library = _choose(load_packs(paths, host) if paths else load_library(host, use_cache=True), names)
    earlier = _read_marker(out)
    packs = gather_content(library, _make_judge(host))
    files = html_site(packs) if form == "html" else markdown_site(packs)
    _write(out, files, earlier)
    policies = sum(len(pack.policies) for pack in packs)
    told = f"Wrote {count(len(files), 'file')} about {count(policies, 'policy')} to {show_path(out.as_posix())}."
    write_standard_output(lambda stream: stream.write(f"{told}\n"))
    return 0


def _choose(library: Library, names: Sequence[str]) -> Library:
    known = [pack.name for pack in library.packs]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UsageError(
            f"--pack {name}: there is no such pack{did_you_mean(name, known) or ': expected one of ' + ', '.join(known)}"
            for name in unknown
        )
    if not names:
        return library
    packs = tuple(pack for pack in library.packs if pack.name in names)
    return library._replace(packs=packs, policies=tuple(one for one in library.policies if one.pack in names))


def _make_judge(host: Host) -> JudgeExample:
    from journeylint.testing import CaseRunner, read_case  # noqa: PLC0415 - `--help` needs no engine

    runner = CaseRunner(host)

    def judge(policy: Policy, name: str) -> Sequence[Finding]:
        """What the policy finds; nothing in a case that cannot be read as one."""
        try:
            return runner.run(read_case(Path(policy.file.path).parent / "cases" / name), policy).findings
        except PolicyError:
            return ()

    return judge


def _read_marker(out: Path) -> list[str]:
    """The files of an earlier run in *out*; UsageError where *out* holds something else than such a run."""
    try:
        if not out.exists() or not any(out.iterdir()):
            return []
        lines = (out / MARKER).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise UsageError(
            f"{show_path(out.as_posix())} holds files that journeylint did not write: name a new folder"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{show_path(out.as_posix())} cannot be written into: {error}") from error
    return [line for line in lines if line and _is_inside(line)]


def _is_inside(line: str) -> bool:
    path = PurePosixPath(line)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in line and ":" not in line


def _write(out: Path, files: Mapping[str, str], earlier: Sequence[str]) -> None:
    """Write *files*, and remove those of *earlier* that are not among them."""
    names = sorted(files)
    write_file(out / MARKER, lambda stream: stream.write("".join(f"{name}\n" for name in sorted({*names, *earlier}))))
    for name in names:
        _write_one(out / name, files[name])
    for name in earlier:
        if name not in files:
            (out / name).unlink(missing_ok=True)
            _remove_empty((out / name).parent, out)
    _write_one(out / MARKER, "".join(f"{name}\n" for name in names))


def _write_one(path: Path, text: str) -> None:
    write_file(path, lambda stream: stream.write(text))


def _remove_empty(folder: Path, out: Path) -> None:
    if folder != out and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
