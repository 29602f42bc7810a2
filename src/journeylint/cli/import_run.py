"""An import from the files that are named to the account of it."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

from journeylint.cli.color import wants_color
from journeylint.cli.exit_status import CLEAN, NOT_JUDGED
from journeylint.cli.import_files import ReversibleWriter, file_writer
from journeylint.cli.import_json import write_import_json
from journeylint.cli.import_text import ImportAccount, account_lines
from journeylint.cli.streams import write_standard_output
from journeylint.discover import say_missing
from journeylint.errors import UsageError
from journeylint.importing.outcome import DRY, ImportRequest, carry_out
from journeylint.importing.sources import Importers, sort_files
from journeylint.importing.targets import TargetFolder
from journeylint.importing.translate import ImportFailure, Translation
from journeylint.load import tell_os_error
from journeylint.model import Span
from journeylint.terminal import defuse_commands, painter

if TYPE_CHECKING:
    from journeylint.host import Host

_ENVIRONMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_TOP = Span(1, 1, 1, 1)
_JSON = ".json"
"""Of what may hold a manifest, the one that may be an export too."""


class Asked(NamedTuple):
    """What the command line asks of an import, in the words of its options."""

    folder: str
    environment: str | None = None
    prune: bool = False
    dry_run: bool = False
    format: str = "text"
    color: str = "auto"


class Reading(NamedTuple):
    """What was read: the rows, as they were translated, how many there were in how many files, and the files passed over."""

    translation: Translation
    files: int
    rows: int
    skipped: tuple[str, ...] = ()


def run_import(sources: Sequence[str], host: Host, asked: Asked, *, stream: TextIO) -> int:
    """Import *sources* and tell what came of it; the exit code. Raises UsageError where nothing in them is an export."""
    check_asked(asked)
    reading = read_sources(sources, host)
    return finish_import(reading, host, asked, command="import", stream=stream)


def check_asked(asked: Asked) -> None:
    """Raise UsageError for what cannot be carried out."""
    if asked.environment is not None and _ENVIRONMENT.fullmatch(asked.environment) is None:
        told = "expected letters, digits, '.', '_' and '-', with a letter or digit first"
        raise UsageError(f"--environment {asked.environment!r}: {told}")
    folder = Path(asked.folder)
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"-o {asked.folder}: it is a file, expected a folder")


def read_sources(sources: Sequence[str], host: Host) -> Reading:
    """All rows in *sources*. Raises UsageError for one that is not there, and where nothing in them is an export."""
    here = Path.cwd()
    if problems := [*filter(None, (_find_fault(source, here) for source in sources))]:
        raise UsageError(problems)
    importers = Importers(host.importers, host.tables)
    translation = Translation(host.tables)
    files, rows = 0, 0
    skipped: list[str] = []
    manifests = tuple(suffix for suffix in host.loaders if suffix != _JSON)
    for path, file in sort_files(sources, here):
        try:
            recognized = importers.recognize(path, file)
        except OSError as error:
            told = f"cannot be read: {tell_os_error(error)}"
            translation.failures.append(ImportFailure(path, "", _TOP, told))
            continue
        if recognized is None:
            if not path.lower().endswith(manifests):
                skipped.append(path)
            continue
        files += 1
        rows += translation.take(recognized.file, recognized.importer.read(recognized.file))
    if not files and not translation.failures:
        formats = "; ".join(f"{entry.format} ({entry.summary})" for entry in host.importers.values())
        raise UsageError(
            f"nothing in {', '.join(sources)} is an export: expected {formats or 'an importer to be installed'}"
        )
    return Reading(translation, files, rows, tuple(skipped))


def _find_fault(source: str, here: Path) -> str | None:
    """Why *source* cannot be imported, if it cannot."""
    full = here / source
    if full.is_dir() or full.is_file():
        return None
    if full.exists():
        return f"{source}: it is no ordinary file"
    return say_missing(source, os.fspath(here))


def finish_import(reading: Reading, host: Host, asked: Asked, *, command: str, stream: TextIO) -> int:
    """Bring what was read into the folder, tell what came of it, and return the exit code.

    *command* is what is to be run again where a file has changed meanwhile.
    """
    target = TargetFolder(asked.folder, Path.cwd(), loaders=host.loaders, kinds=host.manifest_kinds)
    files = ReversibleWriter(DRY if asked.dry_run else file_writer(target.folder, command), target.folder)
    request = ImportRequest(asked.environment, asked.prune and not asked.dry_run)
    try:
        outcome = carry_out(reading.translation, target, request, kinds=host.manifest_kinds, writer=files.writer)
    except KeyboardInterrupt:
        files.take_back()
        raise
    account = ImportAccount(
        outcome, asked.folder, reading.files, reading.rows, reading.skipped, asked.dry_run, asked.prune
    )
    if asked.format == "json":
        text = write_import_json(account)
    else:
        paint = painter(color=wants_color(asked.color, stream))
        text = defuse_commands("".join(f"{line}\n" for line in account_lines(account, paint)))
    write_standard_output(partial(_write, text))
    return NOT_JUDGED if outcome.failures or account.is_about_nothing else CLEAN


def _write(text: str, stream: TextIO) -> None:
    stream.write(text)
