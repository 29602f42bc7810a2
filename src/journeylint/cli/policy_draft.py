"""What a new policy is to be, worked out from the command line, the configuration and the pack that it joins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from journeylint.cli.new_names import check_free, check_id, check_name, check_prefix, check_title, find_kind
from journeylint.errors import UsageError
from journeylint.host import Host, build_host
from journeylint.policy_library import load_library
from journeylint.scaffold.example import ExampleError, make_example
from journeylint.scaffold.policy import NewPolicy, cases_of, pack_text, policy_text, prefix_of, title_of
from journeylint.settings import Settings

if TYPE_CHECKING:
    from journeylint.model import JsonObject


class PolicyDraft(NamedTuple):
    """The command line of `journeylint new policy`."""

    place: str
    kind: str
    each: str
    title: str | None
    severity: str
    identifier: str | None
    prefix: str | None
    settings: Settings
    host: Host

    def files(self) -> dict[Path, str]:
        """The new files by path; UsageError where the policy cannot be what is asked for."""
        host = build_host()
        folder = self._root() / self._pack
        kind = find_kind(self.kind, host)
        is_new = not (folder / "pack.yaml").exists()
        prefix = self._find_prefix(folder, host)
        others = [path.parent.name for path in folder.glob("*/policy.yaml")]
        taken = {str(_read(folder / name / "policy.yaml", host).get("id")) for name in others}
        check_free(load_library(host, use_cache=True), folder, prefix, self._name)
        identifier = self._find_id(prefix, taken)
        title = self.title or title_of(self._name)
        check_title(title)
        new = NewPolicy(self._pack, self._name, identifier, title, self.severity, self.kind, self.each)
        try:
            example = make_example(kind, self.each)
        except ValueError as error:
            option = "--each" if self.each != "$" else "--kind"
            raise UsageError(f"{option}: {error}" if isinstance(error, ExampleError) else f"--each: {error}") from error
        files = {folder / "pack.yaml": pack_text(self._pack, prefix)} if is_new else {}
        files[folder / self._name / "policy.yaml"] = policy_text(new, example)
        for name, text in cases_of(new, example, host.loaders[".yaml"]).items():
            files[folder / self._name / "cases" / name] = text
        return files

    def next_steps(self) -> Iterator[str]:
        """What to tell the author once the files are there."""
        root, settings = self._root(), self.settings
        yield "It passes as it is. Change policy.yaml and its cases, then:"
        yield f"  journeylint check-policies {(root / self._pack).as_posix()}"
        yield f"  journeylint test {(root / self._pack / self._name).as_posix()}"
        roots = {Path(settings.full_path(word)).resolve() for word in settings.policy_roots}
        if root.resolve() not in roots:
            where = settings.folder.resolve()
            shown = root.resolve().relative_to(where) if root.resolve().is_relative_to(where) else root.resolve()
            yield ""
            yield f"To judge journeys by it, say in {settings.path or 'journeylint.yaml'}:"
            yield f"  policy-roots: [{shown.as_posix()}]"

    @property
    def _pack(self) -> str:
        return self._split()[1]

    @property
    def _name(self) -> str:
        return self._split()[2]

    def _split(self) -> tuple[Path | None, str, str]:
        path = Path(self.place)
        if len(path.parts) < 2:
            hint = f" - for a new pack: journeylint new policy {self.place}/NAME" if path.parts else ""
            raise UsageError(f"{self.place!r} names no pack and policy: expected [ROOT/]PACK/NAME{hint}")
        *root, pack, name = path.parts
        check_name(pack, "pack")
        check_name(name, "policy")
        return (Path(*root) if root else None), pack, name

    def _root(self) -> Path:
        root = self._split()[0]
        if root is not None:
            return root
        if not self.settings.policy_roots:
            return Path("policies")
        full, here = Path(self.settings.full_path(self.settings.policy_roots[0])), Path.cwd()
        return full.relative_to(here) if full.is_relative_to(here) else full

    def _find_prefix(self, folder: Path, host: Host) -> str:
        if (folder / "pack.yaml").exists():
            prefix = str(_read(folder / "pack.yaml", host).get("prefix"))
            if self.prefix not in (None, prefix):
                raise UsageError(
                    f"--prefix {self.prefix}: the pack {self._pack} is there already, with prefix {prefix}"
                )
        else:
            prefix = self.prefix or prefix_of(self._pack)
        check_prefix(prefix)
        return prefix

    def _find_id(self, prefix: str, taken: set[str]) -> str:
        if self.identifier is not None:
            check_id(self.identifier, prefix, self._pack)
            if self.identifier in taken:
                raise UsageError(f"--id {self.identifier}: another policy of the pack {self._pack} has it")
            return self.identifier
        numbers = [int(rest) for one in taken if (rest := one.removeprefix(prefix)).isdecimal()]
        return f"{prefix}{max(numbers, default=0) + 1:03}"


def _read(path: Path, host: Host) -> JsonObject:
    """What a pack or policy file holds; UsageError where it cannot be used."""
    told = f"{path.as_posix()} cannot be used: journeylint check-policies {path.parent.as_posix()} tells why"
    try:
        documents = host.loaders[".yaml"].load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(told) from error
    value = documents[0].value if len(documents) == 1 and not documents[0].problems else None
    if not isinstance(value, dict):
        raise UsageError(told)
    return value
