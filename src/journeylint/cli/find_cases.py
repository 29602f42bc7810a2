"""The policies and cases that the paths of `journeylint test` ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from journeylint.cli.find_packs import NoPolicyError, load_packs
from journeylint.errors import UsageError
from journeylint.suggest import did_you_mean

if TYPE_CHECKING:
    from journeylint.host import Host
    from journeylint.policies import Library, Policy
    from journeylint.settings.values import Settings

_CASES = "cases"


class Chosen(NamedTuple):
    """What is to be tested: policies of `library` by id, and of some of them no more than the named cases."""

    library: Library
    policies: frozenset[str]
    cases: Mapping[str, Sequence[Path]]


def choose_cases(paths: Sequence[str], words: Sequence[str], settings: Settings, host: Host) -> Chosen:
    """What *paths* name, less what *words* (ids, names, packs and tags; none for all) leave out.

    Without *paths* it is this folder or, if there are no policies in it, the `policy-roots` of *settings*. Raises
    NoPolicyError where there is no policy, and UsageError for a word that fits none.
    """
    targets, named = _sort(paths)
    if targets:
        library = load_packs(targets, host)
    else:
        try:
            library = load_packs((), host)
            targets = ["."]
        except NoPolicyError:
            targets = [settings.full_path(word) for word in settings.policy_roots]
            if not targets:
                raise
            library = load_packs(targets, host)
    wanted = [Path(target).resolve() for target in targets]
    whole = {one.id for one in library.policies if any(_holds(path, one) for path in wanted)}
    cases = {
        one.id: tuple(named[_folder(one)])
        for one in library.policies
        if _folder(one) in named and not _is_asked_whole(one, paths)
    }
    policies = frozenset(whole) & _select(words, library)
    return Chosen(library, policies, cases)


def _sort(paths: Sequence[str]) -> tuple[list[str], dict[Path, list[Path]]]:
    """What `load_packs` is to look for, and by the folder of their policy the cases among *paths*."""
    targets: list[str] = []
    cases: dict[Path, list[Path]] = {}
    for word in paths:
        path = Path(word)
        if path.is_dir() and path.absolute().name == _CASES and (_above(path) / "policy.yaml").is_file():
            targets.append((_above(path) / "policy.yaml").as_posix())
        elif path.is_file() and path.absolute().parent.name == _CASES:
            policy = _above(path.parent) / "policy.yaml"
            targets.append(policy.as_posix())
            cases.setdefault(policy.resolve().parent, []).append(path)
        else:
            targets.append(word)
    return targets, cases


def _above(folder: Path) -> Path:
    """The folder around *folder*, as it is named from here."""
    return folder.parent if folder.name else Path("..")


def _is_asked_whole(policy: Policy, paths: Sequence[str]) -> bool:
    return any(
        _holds(Path(word).resolve(), policy) or Path(word).resolve() == _folder(policy) / _CASES for word in paths
    )


def _holds(path: Path, policy: Policy) -> bool:
    """Whether *path* is the policy's file, its pack's file, or a folder around it."""
    file = Path(policy.file.path).resolve()
    return file == path or path in file.parents or (path.name == "pack.yaml" and path.parent == file.parents[1])


def _folder(policy: Policy) -> Path:
    return Path(policy.file.path).resolve().parent


def _select(words: Sequence[str], library: Library) -> frozenset[str]:
    if not words:
        return frozenset(policy.id for policy in library.policies)
    chosen, problems = set(), []
    for word in words:
        folded = word.casefold()
        fitting = {one.id for one in library.policies if folded in {label.casefold() for label in _labels(one)}}
        if not fitting:
            known = list(dict.fromkeys(label for one in library.policies for label in _labels(one)))
            problems.append(f"--select: there is no policy, pack or tag {word!r}{did_you_mean(word, known)}")
        chosen |= fitting
    if problems:
        raise UsageError(problems)
    return frozenset(chosen)


def _labels(policy: Policy) -> Iterator[str]:
    yield from (policy.id, policy.name, policy.pack, *policy.tags, *policy.life.former_ids, *policy.life.former_names)
