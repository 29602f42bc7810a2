"""Files taken into a workspace: read, validated, and put where others can ask for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from journeylint.load import FileReader, LoadedFile
from journeylint.model import Failure, Identity, Manifest, SourceFile
from journeylint.suppressions import MARKER
from journeylint.validate import Rejected, Validator
from journeylint.workspace import Workspace

if TYPE_CHECKING:
    from journeylint.stable_pointers import StablePointers
    from journeylint.suppressions.claims import Claim

_DOCUMENTS_A_FILE = 1 << 32


class Intake:
    """Takes files into *workspace*, and counts what came in.

    `files` are those that could be parsed, and `exports` the paths of such exports, of which others may have a part;
    `manifests` all documents of ours, valid or not; `derived` are those that the run itself made, which nobody can ask for and
    which count nowhere; `texts` has the files' texts by path, if they are to be kept; `claims`
    are the suppressions in files and manifests, if *names* are given, by which such a suppression may name items of lists.
    """

    def __init__(
        self,
        reader: FileReader,
        validator: Validator,
        workspace: Workspace,
        *,
        keeps_texts: bool = False,
        names: StablePointers | None = None,
    ) -> None:
        self._reader = reader
        self._validator = validator
        self._workspace = workspace
        self._keeps_texts = keeps_texts
        self._names = names
        self.claims: list[Claim] = []
        self.failures: list[Failure] = []
        self.files = 0
        self.exports: set[str] = set()
        self.manifests = 0
        self.derived: list[Manifest] = []
        self.skipped_documents = 0
        self.texts: dict[str, str] = {}

    def take(self, rank: int, source: SourceFile) -> Iterator[Manifest]:
        """Take in the documents of a file, and give its manifests that are the first of their identity.

        *rank* is the file's place among all files of the run.
        """
        loaded = self._reader.read(source)
        if loaded is None:
            return
        if self._keeps_texts and loaded.text is not None and not loaded.has_mark:
            self.texts[source.path] = loaded.text
        self._count(source, loaded)
        identities: list[Identity | None] = []
        for document in loaded.documents:
            if document.number in source.replaced:
                identities.append(None)
                continue
            admitted = self._validator.admit(source.path, document)
            identities.append(None if admitted is None else admitted.identity)
            if isinstance(admitted, Manifest) and admitted.is_derived:
                self.derived.append(admitted)
                yield admitted
            elif isinstance(admitted, Manifest):
                self.manifests += 1
                self._read_listed(admitted)
                if self._workspace.add(admitted, rank * _DOCUMENTS_A_FILE + document.number):
                    yield admitted
            elif isinstance(admitted, Rejected):
                self.manifests += admitted.is_ours
                self.failures += admitted.failures
                self._workspace.add_unjudged(admitted.identity, admitted.references)
            else:
                self.skipped_documents += 1
        if self._names is not None and loaded.is_yaml and loaded.text is not None and MARKER in loaded.text:
            claims = self._read_comments(loaded, loaded.text, identities)
            self.claims += [claim for claim in claims if claim.location.document not in source.replaced]

    def _count(self, source: SourceFile, loaded: LoadedFile) -> None:
        is_parsed = any(document.value is not None or not document.problems for document in loaded.documents)
        if source.documents is None:
            self.files += is_parsed
        elif is_parsed or not source.documents:
            self.exports.add(source.path)

    def _read_listed(self, manifest: Manifest) -> None:
        metadata = manifest.data.get("metadata")
        if self._names is not None and isinstance(metadata, dict) and "suppressions" in metadata:
            from journeylint.suppressions.listed import read_listed  # noqa: PLC0415 - most files suppress nothing

            self.claims += read_listed(manifest, self._names)

    def _read_comments(self, loaded: LoadedFile, text: str, identities: Iterable[Identity | None]) -> Iterator[Claim]:
        from journeylint.suppressions.comments import PlacedManifest, read_comments  # noqa: PLC0415 - as above

        placed = [
            PlacedManifest(document.number, document.locate("").line, identity)
            for document, identity in zip(loaded.documents, identities, strict=True)
        ]
        return read_comments(loaded.path, text, placed)
