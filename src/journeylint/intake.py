"""Files taken into a workspace: read, validated, and put where others can ask for them."""

from __future__ import annotations

from collections.abc import Iterator

from journeylint.load import FileReader
from journeylint.model import Failure, Manifest, SourceFile
from journeylint.validate import Rejected, Validator
from journeylint.workspace import Workspace

_DOCUMENTS_A_FILE = 1 << 32


class Intake:
    """Takes files into *workspace*, and counts what came in.

    `files` are those that could be parsed; `manifests` all documents of ours, valid or not; `texts` has the files' texts by
    path, if they are to be kept.
    """

    def __init__(
        self, reader: FileReader, validator: Validator, workspace: Workspace, *, keeps_texts: bool = False
    ) -> None:
        self._reader = reader
        self._validator = validator
        self._workspace = workspace
        self._keeps_texts = keeps_texts
        self.failures: list[Failure] = []
        self.files = 0
        self.manifests = 0
        self.skipped_documents = 0
        self.texts: dict[str, str] = {}

    def take(self, rank: int, source: SourceFile) -> Iterator[Manifest]:
        """Take in the documents of a file, and give its manifests that are the first of their identity.

        *rank* is the file's place among all files of the run.
        """
        loaded = self._reader.read(source)
        if loaded is None:
            return
        if self._keeps_texts and loaded.text is not None:
            self.texts[source.path] = loaded.text
        self.files += any(document.value is not None or not document.problems for document in loaded.documents)
        for document in loaded.documents:
            admitted = self._validator.admit(source.path, document)
            if isinstance(admitted, Manifest):
                self.manifests += 1
                if self._workspace.add(admitted, rank * _DOCUMENTS_A_FILE + document.number):
                    yield admitted
            elif isinstance(admitted, Rejected):
                self.manifests += admitted.is_ours
                self.failures += admitted.failures
                self._workspace.add_unjudged(admitted.identity, admitted.references)
            else:
                self.skipped_documents += 1
