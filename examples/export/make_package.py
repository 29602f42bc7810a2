"""Makes data.zip of the files beside this one, as the Configuration Migration tool packs what it exports.

The package is made up: it shows the form of an export, and no row in it comes from anybody's environment. It is the same to
the byte wherever this runs, so its entries are stored and not compressed, and carry no time.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ENTRIES = ("[Content_Types].xml", "data.xml", "data_schema.xml")
CONTENT_TYPES = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/octet-stream" /></Types>'
)


def make_package(file: Path) -> None:
    """Write the package to *file*."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as package:
        for name in ENTRIES:
            content = CONTENT_TYPES if name == ENTRIES[0] else (FOLDER / name).read_text(encoding="utf-8")
            entry = zipfile.ZipInfo(name)
            entry.create_system = 0  # as the tool runs on Windows, and the same wherever this runs
            package.writestr(entry, content.encode())


if __name__ == "__main__":
    make_package(FOLDER / "data.zip")
