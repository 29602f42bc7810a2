"""Settings and policies made ready for judging: one engine a process."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from journeylint.baseline.folder import find_folder
from journeylint.cel import CelEnvironment
from journeylint.check_request import CheckRequest, end_of_sight
from journeylint.errors import JourneylintError, UsageError
from journeylint.export_files import find_exports
from journeylint.file_shard import FileShard, JudgingParts, RankedFile, ShardResult
from journeylint.formats.yaml import YamlLoader
from journeylint.host import Host, schema_of
from journeylint.inquiry import Inquiry, ManifestFunctions, typing_functions
from journeylint.load import FileReader
from journeylint.manifest_zones import ManifestZones
from journeylint.model import Manifest, SourceFile
from journeylint.passes import Pass, divide
from journeylint.plan import KindPlan, Ruling
from journeylint.pointers import tokens_of
from journeylint.policies import Library, Policy
from journeylint.policy_library import load_library
from journeylint.ports import Want
from journeylint.program_cache import ProgramCache
from journeylint.references import ReferenceFinder
from journeylint.rulings import rule
from journeylint.run_files import find_run_files
from journeylint.settings.check import check_against, check_preset, check_selectors
from journeylint.settings.outdated import find_outdated
from journeylint.settings.resolve import Choices, PlanKey, PlanKeys, Resolution, resolve
from journeylint.settings.values import FailOn, Settings
from journeylint.stable_pointers import StablePointers
from journeylint.validate import Validator

if TYPE_CHECKING:
    from journeylint.baseline.entries import Baseline
    from journeylint.suppressions.claims import Claim
    from journeylint.suppressions.settle import Settled


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
        self._programs = ProgramCache(self.library.key) if self.library.key else None
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
            until=end_of_sight(request, as_of),
            programs=self._programs,
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

    def keep_programs(self, results: Iterable[ShardResult]) -> None:
        """Keep for later runs what this one compiled, in whichever process."""
        if self._programs is not None:
            self._programs.save([self._programs.take_used(), *(result.programs for result in results)])

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
            project, _ = find_run_files(request._replace(paths=paths, focus=False, stdin=None), settings, self._host)
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
            self._plans[key, kind] = (
                KindPlan(kind, rulings, self._environment, cache=self._programs) if rulings else None
            )
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
        kept = None if self._programs is None else self._programs.programs_of(variables)
        return CelEnvironment(variables, self._functions, kept=kept)


def load_baseline(folder: Path, working_directory: Path) -> Baseline:
    """What the baseline in *folder*, a full path, holds; ConfigurationError, with all problems, where it cannot be used."""
    from journeylint.baseline.read import read_baseline  # noqa: PLC0415 - most runs have no baseline

    return read_baseline(folder, working_directory=working_directory, loader=YamlLoader(), schema=schema_of("baseline"))


def _choices(request: CheckRequest, library: Library) -> Choices:
    if request.preset is not None:
        check_preset("--preset", request.preset, library.policies)
    check_selectors("--select", request.select or (), library.policies)
    check_selectors("--ignore", request.ignore, library.policies)
    fail_on = None if request.fail_on is None else FailOn(request.fail_on)
    return Choices(request.preset, request.select, request.ignore, fail_on)
