"""The one place that knows the order of the stages: settings, policies, files, shards, report."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from journeylint.baseline.folder import find_folder
from journeylint.cel import CelEnvironment
from journeylint.configured_roots import add_configured_roots, anchor, patterns_of_cases
from journeylint.discover import StdinSource, discover
from journeylint.entry_points import EntryPoint
from journeylint.errors import JourneylintError, UsageError
from journeylint.export_files import find_exports
from journeylint.file_shard import FileShard, JudgingParts, RankedFile, ShardResult
from journeylint.formats.yaml import YamlLoader
from journeylint.host import Host, build_host, schema_of
from journeylint.inquiry import Inquiry, ManifestFunctions, typing_functions
from journeylint.load import FileReader
from journeylint.manifest_zones import ManifestZones
from journeylint.model import Manifest, Report, Repository, SourceFile
from journeylint.passes import Pass, divide
from journeylint.plan import KindPlan, Ruling
from journeylint.pointers import tokens_of
from journeylint.policies import Library, Policy
from journeylint.policy_library import load_library
from journeylint.ports import Want
from journeylint.references import ReferenceFinder
from journeylint.report import assemble_report
from journeylint.rulings import rule
from journeylint.settings.check import check_against, check_preset, check_selectors
from journeylint.settings.find import find_configuration
from journeylint.settings.instants import parse_as_of
from journeylint.settings.outdated import find_outdated
from journeylint.settings.resolve import Choices, PlanKey, PlanKeys, Resolution, resolve
from journeylint.settings.values import FailOn, Settings
from journeylint.shards import run_shards
from journeylint.stable_pointers import StablePointers
from journeylint.times import format_instant
from journeylint.validate import Validator
from journeylint.wording import quote_value

if TYPE_CHECKING:
    from journeylint.baseline.entries import Baseline
    from journeylint.statistics import Statistics
    from journeylint.suppressions.claims import Claim
    from journeylint.suppressions.settle import Settled

FILES_WORTH_A_PROCESS = 150
"""Below so many files a second process costs more time than it saves (measured)."""

_BLOCK = 16
"""Files are dealt to shards in blocks of so many, so that a folder of large files is not one shard's alone."""


class CheckRequest(NamedTuple):
    """What one run is asked for; None means that the configuration, or else the default, decides.

    With `focus` the paths are those that the report is on, and what is judged is as if there were none. Without
    `heeds_suppressions` it is as if nothing were suppressed. `outputs` are the files that its reports go to: they are not
    among the files that it looks at. `wants` are the parts of the report that its reporters need. `baseline` names the folder of
    the baseline; it is left out where the run does not `uses_baseline`. `within` is how far to look ahead of the run's instant
    for findings to come. Where there are `statistics`, the run fills them in, in one process whatever `jobs` says.
    `contents` has what is judged instead of what files hold, by
    `SourceFile.file`.
    """

    paths: tuple[str, ...]
    working_directory: Path
    config: Path | None = None
    preset: str | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    as_of: str | None = None
    fail_on: str | None = None
    jobs: int | None = None
    use_cache: bool = True
    stdin: bytes | None = None
    stdin_filename: str | None = None
    focus: bool = False
    heeds_suppressions: bool = True
    wants: frozenset[Want] = frozenset()
    outputs: tuple[Path, ...] = ()
    baseline: Path | None = None
    uses_baseline: bool = True
    within: timedelta | None = None
    contents: Mapping[str, bytes] | None = None
    statistics: Statistics | None = None


def check(request: CheckRequest, host: Host, settings: Settings | None = None) -> Report:
    """Judge what *request* asks for; raises JourneylintError where the run cannot happen.

    *settings* are those of the request, for a caller that has read them to choose the plugins of *host*.
    """
    return check_under(settings_of(request) if settings is None else settings, request, host)


def check_under(
    settings: Settings, request: CheckRequest, host: Host, *, known_elsewhere: Sequence[Policy] = ()
) -> Report:
    """Judge what *request* asks for under *settings*, whatever configuration there is.

    *settings* may name policies that are *known_elsewhere* only. More than one process is for those settings that
    `settings_of` finds: elsewhere than on Linux a process reads them itself.
    """
    with _without_garbage_collection():
        host = add_configured_roots(host, settings)
        as_of = instant_of(request, settings)
        request = request._replace(as_of=format_instant(as_of))
        engine = Engine(request, settings, host, as_of, known_elsewhere=known_elsewhere)
        engine.read_baseline()
        files, written = _files(request, settings, host)
        engine.spare_manifests(written)
        files = engine.take_exports(files)
        parts = _deal(files, 1 if request.statistics else _shard_count(request.jobs, _size(files)))
        if can_fork():
            results: list[ShardResult] = run_shards(engine.shard, parts, start_method="fork")
        else:
            results = run_shards(partial(_shard_from_scratch, request, host.entry_points), parts, start_method="spawn")
        if request.statistics is not None:
            request.statistics.turn_to_report()
        only = _focus(request, settings, host, files) if request.focus else None
        settled = engine.settle_suppressions(results, files, only)
        if only is not None and settled is not None:
            from journeylint.suppression_stage import widen_focus  # noqa: PLC0415 - most runs suppress nothing

            places = {identity: path for result in results for identity, path in result.places.items()}
            only = widen_focus(only, request.paths, settled.suppressions, places)
        return assemble_report(
            results,
            engine.policies_that_run(files, results),
            as_of,
            settled=settled,
            warnings=engine.warnings,
            wants=request.wants,
            only=only,
            repository=_repository(request),
            until=_end_of_sight(request, as_of),
            exports=(export for source in files for export in source.exports),
        )


class Preparation(NamedTuple):
    """What a run would judge, and by what. `only` are the paths of those of `files` that the request's paths stand for."""

    settings: Settings
    as_of: datetime
    library: Library
    files: list[SourceFile]
    only: frozenset[str]
    resolution_of: Callable[[str, str], Resolution]
    """From the path of a file, and the pointer of a place in it (`""` for the whole), to what holds for the policies there."""


def prepare(request: CheckRequest, host: Host, settings: Settings | None = None) -> Preparation:
    """What `check` would do first with the same arguments; raises JourneylintError where the run could not happen."""
    settings = settings_of(request) if settings is None else settings
    host = add_configured_roots(host, settings)
    as_of = instant_of(request, settings)
    engine = Engine(request, settings, host, as_of)
    files = engine.take_exports(_files(request, settings, host)[0])
    return Preparation(
        settings, as_of, engine.library, files, _focus(request, settings, host, files), engine.resolution_of
    )


class Engine:
    """Settings and policies made ready for judging; one a process."""

    def __init__(
        self,
        request: CheckRequest,
        settings: Settings,
        host: Host,
        as_of: datetime,
        *,
        known_elsewhere: Sequence[Policy] = (),
    ) -> None:
        inquiry = Inquiry(host.facts)
        functions = ManifestFunctions(inquiry, host.functions)
        functions.now = as_of
        self.library: Library = load_library(host, functions, use_cache=request.use_cache)
        self._settings = settings
        self._request = request
        self._host = host
        self._as_of = as_of
        self._choices = _choices(request, self.library)
        own = {policy.id for policy in self.library.policies}
        check_against(
            settings, [*self.library.policies, *(policy for policy in known_elsewhere if policy.id not in own)]
        )
        self.warnings = find_outdated(settings, self._choices, self.library.policies)
        self._keys = PlanKeys(settings, working_directory=request.working_directory)
        self._resolutions: dict[PlanKey, Resolution] = {}
        self._plans: dict[tuple[PlanKey, str], KindPlan | None] = {}
        self._by_kind: dict[str, list[Policy]] = {}
        self._functions = [*host.functions, *typing_functions(), *functions.entries()]
        self._on: dict[PlanKey, frozenset[str]] = {}
        self._baseline = self._find_baseline()
        self._claims = self._read_claims()
        wants = self._add_wants(request.wants)
        names = StablePointers(host.kinds)
        held = host.manifest_kinds
        self._parts = JudgingParts(
            reader=FileReader(tuple(dict.fromkeys(host.loaders.values())), held),
            validator=Validator(held),
            references=ReferenceFinder(held),
            inquiry=inquiry,
            functions=functions,
            plan_for=self._plan_for,
            now=as_of,
            wants=wants,
            stable_pointers=names if Want.STABLE_POINTERS in wants else None,
            passes_over=self._passes_over if self._keys.has_places else None,
            names=names if request.heeds_suppressions else None,
            tells_places=self._baseline is not None,
            zones=ManifestZones(host.kinds) if Want.HORIZON in request.wants or request.within else None,
            until=_end_of_sight(request, as_of),
        )

    def shard(self, files: Sequence[RankedFile]) -> FileShard:
        """A shard over *files*."""
        statistics = self._request.statistics
        return FileShard(self._parts, files) if statistics is None else statistics.shard(self._parts, files)

    def spare_manifests(self, written: Sequence[SourceFile]) -> None:
        """Raise UsageError where one of *written*, which reports go to, holds a manifest, or is an export: it would be gone."""
        for source in written:
            loaded = self._parts.reader.read(source)
            for document in loaded.documents if loaded else ():
                found = self._parts.validator.admit(source.path, document)
                if isinstance(found, Manifest) or (found is not None and found.is_ours):
                    raise UsageError(f"-o would overwrite {source.path!r}, which holds a manifest: name another file")
        for export in find_exports(written, self._host):
            raise UsageError(f"-o would overwrite {export.source.path!r}, which is an export: name another file")

    def take_exports(self, files: list[SourceFile]) -> list[SourceFile]:
        """*files*, with the documents of those that are exports."""
        exports = find_exports(files, self._host)
        if not exports:
            return files
        from journeylint.export_stage import take_exports  # noqa: PLC0415 - most runs have no exports

        placed = self._settings.export_environment
        environment = None if placed is None else placed.value
        return take_exports(exports, files, self._host, self._parts.reader, environment=environment)

    def policies_that_run(self, files: Iterable[SourceFile], results: Iterable[ShardResult] = ()) -> list[Policy]:
        """The policies that are on, by id: for the run, for an override, or for several that one of *files* meets.

        Those that some place in a file had under several overrides are known from what came of judging, in *results*.
        """
        scoped = (index for index, layer in enumerate(self._settings.layers) if layer.scope is not None)
        keys: set[PlanKey] = {(), *((index,) for index in scoped)}
        keys.update(self._keys.key(source.path) for source in files)
        derived = {kind.name for kind in self._host.kinds.values() if kind.is_derived}
        # Of what a run makes itself, there may be nothing to judge; then its policies are not worth a word.
        on = {ruling.policy.id for key in keys for ruling in self._rulings(key) if ruling.policy.kind not in derived}
        on.update(policy for result in results for policy in result.tallies)
        return [policy for policy in self.library.policies if policy.id in on]

    # -- suppressions

    def _read_claims(self) -> list[Claim]:
        """The suppressions that stand in no manifest."""
        if not (self._request.heeds_suppressions and self._settings.suppressions):
            return []
        from journeylint.suppressions.configured import read_configured  # noqa: PLC0415 - most configurations have none

        return list(read_configured(self._settings))

    def _add_wants(self, wants: frozenset[Want]) -> frozenset[Want]:
        """*wants*, and what it takes to tell what the suppressions cover."""
        if self._baseline is not None:
            return wants | {Want.STABLE_POINTERS, Want.VALUES}
        if not self._claims:
            return wants
        from journeylint.suppression_stage import wants_of  # noqa: PLC0415 - as above

        return wants | wants_of(self._claims)

    def _find_baseline(self) -> Path | None:
        """The folder of the baseline, if there is one and the run heeds it."""
        request = self._request
        folder = find_folder(self._settings, request.baseline, request.working_directory)
        if not (request.heeds_suppressions and request.uses_baseline):
            return None
        if folder.is_dir():
            return folder
        if request.baseline is not None:
            told = f"--baseline {request.baseline.as_posix()}: there is no such folder: nothing is accepted by it"
            self.warnings = (*self.warnings, told)
        return None

    def read_baseline(self) -> None:
        """Read the entries of the baseline, which one process needs to know; ConfigurationError where they cannot be used."""
        if self._baseline is None:
            return
        from journeylint.baseline.accepted import claims_of  # noqa: PLC0415 - most runs have no baseline

        self._claims += claims_of(load_baseline(self._baseline, self._request.working_directory))

    def settle_suppressions(
        self, results: list[ShardResult], files: Sequence[SourceFile], only: AbstractSet[str] | None = None
    ) -> Settled | None:
        """Tell which of what was found is suppressed; None where nothing is.

        What policies find about suppressions is added to *results*. *only* are the paths that the report is on, if not all.
        """
        claims = [*self._claims, *(claim for result in results for claim in result.claims)]
        if not claims:
            return None
        from journeylint.suppression_stage import settle_results  # noqa: PLC0415 - most runs suppress nothing
        from journeylint.suppressions.configured import rules_of  # noqa: PLC0415 - as above
        from journeylint.suppressions.settle import Surroundings  # noqa: PLC0415 - as above

        around = Surroundings(
            policies=self.library.policies,
            as_of=self._as_of,
            rules=rules_of(self._settings),
            working_directory=os.fspath(self._request.working_directory.absolute()),
            is_on=self._is_on,
            paths=[source.path for source in files],
            failures=[failure for result in results for failure in result.failures],
            is_whole=partial(self._is_whole, files),
            places={identity: path for result in results for identity, path in result.places.items()},
            unjudged={pair for result in results for pair in result.unjudged},
            only=only,
        )
        return settle_results(results, claims, around, self._parts, files=files)

    def _is_whole(self, files: Iterable[SourceFile]) -> bool:
        """Whether *files* are all of the project, from the folder of its configuration on, that say something of manifests."""
        request, settings = self._request, self._settings
        is_for_part = request.stdin is not None or (bool(request.paths) and not request.focus)
        root = settings.folder.absolute()
        if not is_for_part and (settings.targets is not None or root == request.working_directory.absolute()):
            return True
        paths = settings.targets or (os.fspath(root),)
        there = {source.file for source in files}
        try:
            project, _ = _files(request._replace(paths=paths, focus=False, stdin=None), settings, self._host)
        except JourneylintError:  # its `paths` stand for nothing, which is no matter of a run that was given others
            return False
        return all(source.file in there or self._parts.reader.read(source) is None for source in project)

    def _is_on(self, policy: str, path: str) -> bool:
        """Whether the policy with that id judges all that is in the file at *path*."""
        whole, places = self._keys.key(path), self._keys.places(path)
        keys = [whole] if places is None else [whole, *places.keys()]
        return all(policy in self._ids_on(key) for key in keys)

    def _ids_on(self, key: PlanKey) -> frozenset[str]:
        if key not in self._on:
            self._on[key] = frozenset(ruling.policy.id for ruling in self._rulings(key))
        return self._on[key]

    # -- plans

    def _plan_for(self, path: str, kind: str) -> KindPlan | None:
        return self._plan_of(self._keys.key(path), kind)

    def _passes_over(self, manifest: Manifest) -> list[Pass] | None:
        """The passes over *manifest* if some override is for a part of it, else None."""
        keys = self._keys.places(manifest.path)
        if keys is None:
            return None
        kind = manifest.identity.kind
        if kind not in self._by_kind:
            self._by_kind[kind] = [policy for policy in self.library.policies if policy.kind == kind]
        return divide(manifest, keys, self._by_kind[kind], lambda key: self._plan_of(key, kind))

    def _plan_of(self, key: PlanKey, kind: str) -> KindPlan | None:
        if (key, kind) not in self._plans:
            rulings = [ruling for ruling in self._rulings(key) if ruling.policy.kind == kind]
            self._plans[key, kind] = KindPlan(kind, rulings, self._environment) if rulings else None
        return self._plans[key, kind]

    def _rulings(self, key: PlanKey) -> list[Ruling]:
        return rule(self.library.policies, self._resolution(key), self._as_of)

    def resolution_of(self, path: str, pointer: str = "") -> Resolution:
        """What holds for the policies in the file at *path*, at the place with *pointer*."""
        places = self._keys.places(path)
        return self._resolution(self._keys.key(path) if places is None else places.key(tokens_of(pointer)))

    def _resolution(self, key: PlanKey) -> Resolution:
        if key not in self._resolutions:
            self._resolutions[key] = resolve(self._settings, self._choices, self.library.policies, key)
        return self._resolutions[key]

    def _environment(self, variables: Mapping[str, str]) -> CelEnvironment:
        return CelEnvironment(variables, self._functions)


def read_run_settings(paths: Sequence[str], *, config: Path | None, working_directory: Path) -> Settings:
    """The settings of a run over *paths*: those of *config*, or of the nearest configuration file, or none.

    It needs no plugin, for the settings say which plugins there are. Raises ConfigurationError where they cannot be used.
    """
    file = config or find_configuration(paths, working_directory=working_directory)
    if file is None:
        return Settings(working_directory)
    from journeylint.settings.extend import read_settings  # noqa: PLC0415 - many runs have no configuration

    return read_settings(
        working_directory / file, working_directory=working_directory, loader=YamlLoader(), schema=schema_of("config")
    )


def settings_of(request: CheckRequest) -> Settings:
    """The configuration that *request* names or that is nearest; ConfigurationError where it cannot be used."""
    paths = () if request.focus else request.paths
    return read_run_settings(paths, config=request.config, working_directory=request.working_directory)


def instant_of(request: CheckRequest, settings: Settings) -> datetime:
    """The run's instant: the command line's, the configuration's, or the clock's to the second, read here only.

    SOURCE_DATE_EPOCH, where it is set, stands for the clock.
    """
    if request.as_of is not None:
        try:
            return parse_as_of(request.as_of)
        except ValueError as error:
            raise UsageError(f"--as-of: {error}") from error
    if settings.as_of is not None:
        return settings.as_of.value
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        if epoch.isascii() and epoch.isdigit():
            return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise UsageError(f"SOURCE_DATE_EPOCH is {quote_value(epoch)}: expected a number of seconds since 1970")


def _end_of_sight(request: CheckRequest, as_of: datetime) -> datetime | None:
    """The last instant of which something is foreseen, if the run is to look ahead: none lies behind the year 9999."""
    if request.within is None:
        return None
    latest = datetime.max.replace(tzinfo=UTC)
    return as_of + request.within if request.within < latest - as_of else latest


def _choices(request: CheckRequest, library: Library) -> Choices:
    if request.preset is not None:
        check_preset("--preset", request.preset, library.policies)
    check_selectors("--select", request.select or (), library.policies)
    check_selectors("--ignore", request.ignore, library.policies)
    fail_on = None if request.fail_on is None else FailOn(request.fail_on)
    return Choices(request.preset, request.select, request.ignore, fail_on)


def _files(request: CheckRequest, settings: Settings, host: Host) -> tuple[list[SourceFile], list[SourceFile]]:
    """The files to look at, and those that are left out because reports go to them."""
    paths = () if request.focus else request.paths
    if not paths and request.stdin is None:
        paths = settings.targets or ()
    files = discover_paths(paths, request, settings, host)
    if request.focus and request.paths:
        files = _add_exports(files, discover_paths(request.paths, request, settings, host), host)
    contents = request.contents
    if contents:
        files = [one._replace(content=contents.get(one.file, one.content)) for one in files]
    if not request.outputs:
        return files, []
    full = [(request.working_directory / output).absolute() for output in request.outputs]
    # Not `resolve`, which fails where links lead in a circle.
    spelt = [path for output in full for path in (os.path.normpath(output), os.path.realpath(output))]
    outputs = {path.replace(os.sep, "/") for path in spelt}
    return [one for one in files if one.file not in outputs], [one for one in files if one.file in outputs]


def _add_exports(files: list[SourceFile], asked: Iterable[SourceFile], host: Host) -> list[SourceFile]:
    """*files*, and those of *asked* that are exports: an export that a report is to be on has to be judged."""
    known = {one.file for one in files}
    exports = [export.source for export in find_exports((one for one in asked if one.file not in known), host)]
    return sorted((*files, *exports), key=lambda one: (one.path, one.file)) if exports else files


def discover_paths(paths: Sequence[str], request: CheckRequest, settings: Settings, host: Host) -> list[SourceFile]:
    """The files that *paths* stand for under *settings*; see `discover`."""
    return discover(
        paths,
        working_directory=request.working_directory,
        exclude=[
            *_baselines(request, settings),
            *((word.folder, word.text) for word in settings.exclude),
            *((settings.folder, pattern) for pattern in patterns_of_cases(settings)),
        ],
        stdin=None if request.stdin is None else StdinSource(request.stdin, request.stdin_filename),
        suffixes=host.loaders,
        origins=settings.origins,
    )


def load_baseline(folder: Path, working_directory: Path) -> Baseline:
    """What the baseline in *folder*, a full path, holds; ConfigurationError, with all problems, where it cannot be used."""
    from journeylint.baseline.read import read_baseline  # noqa: PLC0415 - most runs have no baseline

    return read_baseline(folder, working_directory=working_directory, loader=YamlLoader(), schema=schema_of("baseline"))


def _baselines(request: CheckRequest, settings: Settings) -> Iterator[tuple[Path, str]]:
    """Patterns of the folders of baselines: what is in them is no manifest, whether the run heeds it or not."""
    for named in dict.fromkeys((None, request.baseline)):
        folder = find_folder(settings, named, request.working_directory)
        if folder.is_dir():
            yield folder.parent, f"{anchor(folder.name)}/"


def _focus(request: CheckRequest, settings: Settings, host: Host, files: Iterable[SourceFile]) -> frozenset[str]:
    """The paths of those of *files* that the request's paths stand for."""
    asked: set[str] = set()
    for one in discover_paths(request.paths, request, settings, host) if request.paths else ():
        asked.add(one.file)
        if one.named:  # by a link, perhaps, to one that a walk finds under its own name
            asked.add(os.path.realpath(one.file).replace(os.sep, "/"))
    return frozenset(one.path for one in files if one.file in asked)


def _repository(request: CheckRequest) -> Repository | None:
    if Want.REPOSITORY not in request.wants:
        return None
    from journeylint.repository import find_repository  # noqa: PLC0415 - reports that need no git do not wait for it

    return find_repository(request.working_directory)


def _size(files: Iterable[SourceFile]) -> int:
    """How much there is to judge, counted in files: a row of an export, where it can be dealt to any shard, is as much as one."""
    deals_rows = can_fork()
    return sum(len(source.documents or (None,)) if deals_rows else 1 for source in files)


def _shard_count(jobs: int | None, size: int) -> int:
    if jobs is None:
        return max(1, min(_processors(), size // FILES_WORTH_A_PROCESS))
    return max(1, min(jobs, size))


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _deal(files: Sequence[SourceFile], count: int) -> list[list[RankedFile]]:
    """The files with their ranks, in *count* parts.

    The documents of exports are here already. Each part gets some, if its process is a copy of this one: they lead to no other.
    """
    parts: list[list[RankedFile]] = [[] for _ in range(count)]
    for rank, source in enumerate(files):
        documents = source.documents
        if documents is None:
            parts[rank // _BLOCK % count].append((rank, source))
        elif count == 1 or not can_fork() or not documents:
            parts[0].append((rank, source))
        else:
            for number, part in enumerate(parts[: len(documents)]):
                part.append((rank, source._replace(documents=documents[number::count])))
    return parts


def can_fork() -> bool:
    """Whether a process can be copied safely: on Linux it can; elsewhere system libraries may not survive it."""
    return sys.platform == "linux"


def _shard_from_scratch(
    request: CheckRequest, entry_points: Sequence[EntryPoint], files: Sequence[RankedFile]
) -> FileShard:
    """A shard in a process that has nothing yet, with the plugins of *entry_points*."""
    gc.disable()
    settings = settings_of(request)
    host = add_configured_roots(build_host(entry_points), settings)
    return Engine(request, settings, host, instant_of(request, settings)).shard(files)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """A run makes many values and no cycles: looking for some costs a quarter of its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
