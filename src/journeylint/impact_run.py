"""Judges the same manifests twice, by what policies and configuration were and by what they are, and compares.

What changes is taken from a commit (`from_commit`) or from two folders of packs (`from_folders`). The manifests, and the
instant that both runs take as now, are those of today.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TypeAlias

from journeylint.check_request import CheckRequest, instant_of, read_run_settings, settings_of
from journeylint.configured_roots import patterns_of_cases
from journeylint.errors import JourneylintError, UsageError
from journeylint.file_parts import can_fork
from journeylint.git_tree import find_commit, find_root, write_files
from journeylint.host import Host, PacksByHand
from journeylint.impact import Impact, Side, compare
from journeylint.pipeline import check_under
from journeylint.policies import Library
from journeylint.policy_files import PACK_FILE
from journeylint.policy_library import load_library
from journeylint.ports import Want
from journeylint.settings.find import find_configuration
from journeylint.settings.scopes import scope_from
from journeylint.settings.values import Layer, Settings, Word
from journeylint.times import format_instant

HostFinder: TypeAlias = Callable[[Settings], Host]
"""From settings to the host with the plugins and policy roots that they let in."""

_READ = (".yaml", ".yml", ".toml", ".py")
"""Endings of the files of a commit that configurations, packs and plugins can be in."""


class Rules(NamedTuple):
    """What manifests are judged by on one side, and what that side is called."""

    label: str
    settings: Settings
    host: Host


def measure_impact(request: CheckRequest, before: Rules, after: Rules) -> Impact:
    """What going from *before* to *after* does to the findings on what *request* asks for.

    Raises JourneylintError where one of the runs cannot happen; the messages say on which side.
    """
    request = request._replace(
        as_of=format_instant(instant_of(request, after.settings)),
        wants=frozenset({Want.STABLE_POINTERS}),
        jobs=request.jobs if can_fork() else 1,
        uses_baseline=False,
    )
    old, new = (_load_library(rules, request) for rules in (before, after))
    reports = []
    for rules, other in ((before, new), (after, old)):
        with _told_of(rules):
            reports.append(check_under(rules.settings, request, rules.host, known_elsewhere=other.policies))
    renamed = {former: policy.id for policy in new.policies for former in policy.life.former_ids}
    return compare(Side(before.label, reports[0]), Side(after.label, reports[1]), renamed=renamed)


def from_folders(request: CheckRequest, folders: Sequence[Path], host_for: HostFinder) -> tuple[Rules, Rules]:
    """The two sides that the packs in the old and the new of *folders* make, under the configuration that there is.

    A folder is a pack, or holds some. Packs with the names of those in either folder count there only.
    """
    settings = settings_of(request)
    host = host_for(settings)
    packs = [_find_packs(request.working_directory / folder, folder) for folder in folders]
    replaced = frozenset(pack.name for found in packs for pack in found)
    before, after = (
        Rules(
            f"the policies in {folder.as_posix()}",
            settings,
            host._replace(packs_by_hand=PacksByHand(found, replaced, f"--policies {folder.as_posix()}")),
        )
        for folder, found in zip(folders, packs, strict=True)
    )
    return before, after


@contextmanager
def from_commit(request: CheckRequest, revision: str, host_for: HostFinder) -> Iterator[tuple[Rules, Rules]]:
    """The two sides that a commit and the working tree make; what the commit holds is there as long as this lasts.

    Of the commit come the configuration, what it extends in the repository, and its `policy-roots`. What is installed is
    the same on both sides.
    """
    here = request.working_directory.absolute()
    root = find_root(here)
    commit = find_commit(root, revision)
    settings = settings_of(request)
    after = Rules("the working tree", settings, host_for(settings))
    with tempfile.TemporaryDirectory(prefix="journeylint-") as folder:
        tree = Path(os.path.realpath(folder))
        write_files(root, commit, tree, wanted=lambda path: path.endswith(_READ))
        old = Rules(f"{revision} ({commit[:10]})", Settings(here), after.host)
        with _told_of(old, tree):
            found = _find_old_configuration(request, tree, root)
            if found is not None:
                read = read_run_settings((), config=found, working_directory=tree / here.relative_to(root))
                old = old._replace(settings=_moved(read, tree, root), host=host_for(read))
        yield old, after


def _load_library(rules: Rules, request: CheckRequest) -> Library:
    with _told_of(rules):
        return load_library(rules.host, use_cache=request.use_cache)


@contextmanager
def _told_of(rules: Rules, tree: Path | None = None) -> Iterator[None]:
    """Let whatever ends a run say which side it was about."""
    try:
        yield
    except JourneylintError as error:
        shown = [message.replace(f"{tree.as_posix()}/", "") if tree else message for message in error.messages]
        raise type(error)([f"on the side of {rules.label}: {message}" for message in shown]) from error


def _find_packs(folder: Path, shown: Path) -> tuple[Path, ...]:
    if (folder / PACK_FILE).is_file():
        return (folder,)
    packs = tuple(sorted(path.parent for path in folder.glob(f"*/{PACK_FILE}")))
    if not packs:
        what = "there is no such folder" if not folder.is_dir() else f"it holds neither {PACK_FILE} nor a pack"
        raise UsageError(f"--policies {shown.as_posix()}: {what}: expected a folder of packs, or a pack")
    return packs


def _find_old_configuration(request: CheckRequest, tree: Path, root: Path) -> Path | None:
    """The configuration file that a run over *request* would have had, in *tree* or above the repository at *root*."""
    here = tree / request.working_directory.absolute().relative_to(root)
    here.mkdir(parents=True, exist_ok=True)
    if request.config is not None:
        file = (request.working_directory / request.config).absolute()
        if not file.is_relative_to(root):
            return file
        old = tree / file.relative_to(root)
        return old if old.is_file() else None
    paths = [_in_tree(path, tree, root) for path in request.paths]
    found = find_configuration(paths, working_directory=here)
    if found is not None and found.is_relative_to(tree):
        return found
    return find_configuration((), working_directory=root.parent)


def _in_tree(path: str, tree: Path, root: Path) -> str:
    full = Path(path)
    is_inside = full.is_absolute() and full.is_relative_to(root)
    return (tree / full.relative_to(root)).as_posix() if is_inside else path


def _moved(settings: Settings, tree: Path, root: Path) -> Settings:
    """*settings* that were read in *tree*, about the files below *root*; policies and plugins stay those of *tree*."""

    def move(folder: Path) -> Path:
        return root / folder.relative_to(tree) if folder.is_relative_to(tree) else folder

    def move_words(words: Sequence[Word]) -> tuple[Word, ...]:
        return tuple(word._replace(folder=move(settings.folder / word.folder)) for word in words)

    def move_layer(layer: Layer) -> Layer:
        return layer if layer.scope is None else layer._replace(scope=scope_from(move_words(layer.scope.written)))

    # The cases of the policies stand in the working tree too, where they are no more journeys than in the commit.
    cases = [Word(text, settings.policy_roots[0].place, settings.folder) for text in patterns_of_cases(settings)]
    return settings._replace(
        folder=move(settings.folder),
        paths=None if settings.paths is None else move_words(settings.paths),
        exclude=move_words([*settings.exclude, *cases]),
        policy_roots=tuple(word._replace(folder=settings.folder / word.folder) for word in settings.policy_roots),
        layers=tuple(map(move_layer, settings.layers)),
        suppressions=tuple(one._replace(folder=move(settings.folder / one.folder)) for one in settings.suppressions),
        baseline=None if settings.baseline is None else move_words([settings.baseline])[0],
    )
