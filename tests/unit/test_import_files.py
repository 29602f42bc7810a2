"""Files of an import that was interrupted hold what they held before."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from journeylint.cli.import_files import ReversibleWriter, file_writer
from journeylint.importing.drafts import Draft
from journeylint.importing.plan import ChangeKind, FileChange
from journeylint.importing.targets import Target


def change(file: Path, before: bytes | None, after: bytes) -> FileChange:
    kind = ChangeKind.CREATED if before is None else ChangeKind.CHANGED
    return FileChange(kind, cast("Draft", None), file.name, file, before, after)


def target(file: Path) -> Target:
    return Target(file.name, str(file), 1, 1, "Segment", "a", "default")


def contents(folder: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def test_what_was_created_changed_and_deleted_is_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "empty").mkdir()
    (folder / "changed.yaml").write_bytes(b"old")
    (folder / "deleted.yaml").write_bytes(b"gone")
    before = contents(tmp_path)
    files = ReversibleWriter(file_writer(folder, "import"), folder)
    assert files.writer.write(change(folder / "segments/new.yaml", None, b"new")) is None
    assert files.writer.write(change(folder / "changed.yaml", b"old", b"newer")) is None
    assert files.writer.write(change(folder / "changed.yaml", b"newer", b"newest")) is None
    assert files.writer.delete(target(folder / "deleted.yaml")) is None
    assert contents(tmp_path) != before
    files.take_back()
    assert contents(tmp_path) == before


def test_a_folder_that_was_empty_is_there_and_empty(tmp_path: Path) -> None:
    files = ReversibleWriter(file_writer(tmp_path, "import"), tmp_path)
    files.writer.write(change(tmp_path / "segments/new.yaml", None, b"new"))
    files.writer.write(change(tmp_path / "new.yaml", None, b"new"))
    files.take_back()
    assert tmp_path.is_dir()
    assert contents(tmp_path) == {}


def test_a_folder_that_was_not_there_is_not_there_again(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    files = ReversibleWriter(file_writer(folder, "import"), folder)
    files.writer.write(change(folder / "segments/new.yaml", None, b"new"))
    files.take_back()
    assert contents(tmp_path) == {}


def test_what_somebody_else_wrote_meanwhile_stays(tmp_path: Path) -> None:
    file = tmp_path / "changed.yaml"
    file.write_bytes(b"theirs")
    files = ReversibleWriter(file_writer(tmp_path, "import"), tmp_path)
    assert files.writer.write(change(file, b"old", b"ours")) is not None
    files.take_back()
    assert file.read_bytes() == b"theirs"


def test_nothing_is_taken_back_twice(tmp_path: Path) -> None:
    file = tmp_path / "changed.yaml"
    file.write_bytes(b"old")
    files = ReversibleWriter(file_writer(tmp_path, "import"), tmp_path)
    files.writer.write(change(file, b"old", b"new"))
    files.take_back()
    files.take_back()
    assert file.read_bytes() == b"old"
