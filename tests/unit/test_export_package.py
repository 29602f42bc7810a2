"""Configuration Migration packages become rows with places; hostile ones are refused. All packages are synthetic."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from journeylint.exports import archive, package_schema
from journeylint.exports import package as package_module
from journeylint.exports.package import PackageImporter
from journeylint.exports.xml_reading import CHUNK_BYTES, XmlReader
from journeylint.import_ports import FIRST_BYTES, ImportFile, SourceItem, SourceProblem
from tests.exports import JOURNEYS, SEGMENTS, data_xml, identifier, package, schema_xml
from tests.unit.test_export_web_api import problems_of, rows_of, text_at

DATA = data_xml({JOURNEYS: [{"id": identifier(1), "name": "A"}, {"id": identifier(2), "name": "B"}]})


def read_zip(folder: Path, content: bytes) -> list[SourceItem]:
    """What the importer makes of a package with this content."""
    file = folder / "data.zip"
    file.write_bytes(content)
    return list(PackageImporter().read(ImportFile("data.zip", str(file), content[:FIRST_BYTES])))


def read_xml(folder: Path, data: str | bytes, schema: str | None = None) -> list[SourceItem]:
    """What the importer makes of this `data.xml`, with the schema beside it."""
    file = folder / "data.xml"
    content = data.encode() if isinstance(data, str) else data
    file.write_bytes(content)
    if schema is not None:
        (folder / "data_schema.xml").write_text(schema)
    return list(PackageImporter().read(ImportFile("data.xml", str(file), content[:FIRST_BYTES])))


def told_of(read: list[SourceItem]) -> str:
    """The message of the only thing that was read, a problem."""
    assert rows_of(read) == []
    (problem,) = problems_of(read)
    return problem.message


def test_a_package_gives_its_records_in_their_order(tmp_path: Path) -> None:
    rows = rows_of(read_zip(tmp_path, package(DATA)))
    assert [(row.table, row.id, row.columns["name"], row.entry) for row in rows] == [
        (JOURNEYS, identifier(1), "A", "data.xml"),
        (JOURNEYS, identifier(2), "B", "data.xml"),
    ]


def test_data_with_its_schema_beside_it_is_read_like_a_package(tmp_path: Path) -> None:
    data = data_xml({SEGMENTS: [{"id": "s", "members": 12}]})
    (row,) = rows_of(read_xml(tmp_path, data, schema_xml({SEGMENTS: {"members": "number"}})))
    assert (row.columns["members"], row.entry) == (12, "")


def test_without_a_schema_values_are_text(tmp_path: Path) -> None:
    (row,) = rows_of(read_xml(tmp_path, data_xml({SEGMENTS: [{"id": "s", "members": 12}]})))
    assert row.columns["members"] == "12"


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        *(("number", "12", 12), ("number", "-3", -3), ("number", "x", "x"), ("number", "1.5", "1.5")),
        *(("number", "9" * 401, "9" * 401), ("optionsetvalue", "721460000", 721460000), ("state", "0", 0)),
        *(("decimal", "1.5", 1.5), ("money", "nan", "nan"), ("float", "1e999", "1e999"), ("double", "x", "x")),
        *(("bool", "True", True), ("bool", "0", False), ("bool", "yes", "yes")),
        *(("string", "12", "12"), ("datetime", "2025-01-01T00:00:00Z", "2025-01-01T00:00:00Z"), ("unheard", "1", "1")),
        ("guid", "{5F2B1C64-9D0E-4A53-8F0A-1C2D3E4F5A6B}", "5f2b1c64-9d0e-4a53-8f0a-1c2d3e4f5a6b"),
    ],
)
def test_the_schema_types_values_that_are_of_their_type(tmp_path: Path, kind: str, text: str, value: object) -> None:
    data = data_xml({SEGMENTS: [{"id": "s", "x": text}]})
    (row,) = rows_of(read_xml(tmp_path, data, schema_xml({SEGMENTS: {"x": kind}})))
    assert (row.columns["x"], type(row.columns["x"])) == (value, type(value))


def test_a_lookup_is_the_key_and_its_name_a_label(tmp_path: Path) -> None:
    field = (
        f'<field name="o" value="{identifier(10).upper()}" lookupentity="systemuser" lookupentityname="Jo &amp; Co" />'
    )
    data = f'<entities><entity name="t"><records><record id="a">{field}</record></records></entity></entities>'
    (row,) = rows_of(read_xml(tmp_path, data))
    assert (dict(row.columns), dict(row.labels)) == ({"o": identifier(10)}, {"o": "Jo & Co"})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_places_count_code_points_from_one_whatever_the_encoding(tmp_path: Path, encoding: str) -> None:
    declared = encoding.partition("-sig")[0].removesuffix("-le")
    prolog = f'<?xml version="1.0" encoding="{declared}"?>\n'
    text = prolog + (
        '<entities>\n<entity name="t"><records>\n'
        '<record id="a">é𝒳<field name="x" value="é𝒳\u200b" /><field name="y" value="1&#10;2"></field></record>\n'
        '</records></entity></entities>'
    )  # fmt: skip
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    (row,) = rows_of(read_xml(tmp_path, f"{mark}{text}".encode(encoding)))
    assert text_at(text, row.locate("x")) == '<field name="x" value="é𝒳\u200b" />'
    assert text_at(text, row.locate("y")) == '<field name="y" value="1&#10;2">'
    assert text_at(text, row.locate("")) == "<record"
    assert row.locate("missing") == row.locate("")
    assert row.columns["y"] == "1\n2"


def test_fields_of_what_stands_inside_a_field_are_not_the_records(tmp_path: Path) -> None:
    inner = '<activitypointerrecords id="i"><field name="x" value="inner" /></activitypointerrecords>'
    data = (
        f'<entities><entity name="t"><records><record id="a"><field name="to">{inner}</field>'
        '<field name="x" value="1" /></record></records>'
        '<m2mrelationships><m2mrelationship sourceid="a" /></m2mrelationships></entity></entities>'
    )
    (row,) = rows_of(read_xml(tmp_path, data))
    assert dict(row.columns) == {"x": "1"}


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (
            '<record id="b"><field name="x" value="1" /><field name="x" value="2" /></record>',
            "stands in the record twice",
        ),
        ('<record id="b"><field value="1" /></record>', "has no name"),
        ('<record><field name="x" value="1" /></record>', "has no id"),
    ],
)
def test_a_record_that_is_not_in_order_is_told_and_the_others_are_read(tmp_path: Path, record: str, told: str) -> None:
    data = f'<entities><entity name="t"><records>\n{record}<record id="c" /></records></entity></entities>'
    found = read_xml(tmp_path, data)
    assert [row.id for row in rows_of(found)] == ["c"]
    (problem,) = problems_of(found)
    assert told in problem.message
    assert (problem.table, problem.span.line) == ("t", 2)


def test_the_primary_field_is_the_key_of_a_record_without_id(tmp_path: Path) -> None:
    record = f'<record><field name="synthetic_segmentid" value="{identifier(3).upper()}" /></record>'
    data = f'<entities><entity name="{SEGMENTS}"><records>{record}</records></entity></entities>'
    (row,) = rows_of(read_xml(tmp_path, data, schema_xml({SEGMENTS: {}})))
    assert row.id == identifier(3)


BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(12))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (f"<!DOCTYPE entities [{BOMB}]><entities>&a11;</entities>", "it has a DOCTYPE"),
        ('<!DOCTYPE entities [<!ENTITY x SYSTEM "file:///etc/passwd">]><entities>&x;</entities>', "it has a DOCTYPE"),
        ('<!DOCTYPE entities SYSTEM "http://synthetic.example/x.dtd"><entities />', "it has a DOCTYPE"),
        ("<entities>&unknown;</entities>", "undefined entity"),
        ('<?xml version="1.0" encoding="utf-7"?><entities />', "expected UTF-8 or UTF-16"),
        ('<?xml version="1.0" encoding="windows-1252"?><entities />', "expected UTF-8 or UTF-16"),
        ("<other><entities /></other>", "expected <entities> as the root"),
        ("<entities>" + "<entity>" * 100, "levels deep"),
        ("<entities><entity", "not valid XML"),
        ("", "not valid XML"),
        (b"<entities>\xff</entities>", "not valid XML"),
    ],
)
def test_xml_that_is_up_to_something_is_refused(tmp_path: Path, data: str | bytes, told: str) -> None:
    assert told in told_of(read_xml(tmp_path, data))


def test_rows_before_a_break_are_read_and_the_break_is_placed(tmp_path: Path) -> None:
    cut = DATA[: DATA.index("</records>")] + "<record"
    found = read_xml(tmp_path, cut)
    assert [row.id for row in rows_of(found)] == [identifier(1), identifier(2)]
    (problem,) = problems_of(found)
    assert problem.span.line == 6


def test_an_element_that_does_not_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("journeylint.exports.xml_reading._MOST_TAG_BYTES", 1 << 17)
    assert "takes more than" in told_of(read_xml(tmp_path, f'<entities x="{"x" * (1 << 18)}" />'))


def test_a_value_of_one_megabyte_is_read(tmp_path: Path) -> None:
    text = "é" * (1 << 20)
    (row,) = rows_of(read_zip(tmp_path, package(data_xml({JOURNEYS: [{"id": "a", "json": text}]}))))
    assert row.columns["json"] == text


def test_a_record_that_grows_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("journeylint.exports.package_xml._MOST_FIELDS", 3)
    three = {"id": "a", **{f"c{number}": "x" for number in range(3)}}
    assert len(rows_of(read_xml(tmp_path, data_xml({JOURNEYS: [three]})))) == 1
    assert "a record of more than 3 fields" in told_of(read_xml(tmp_path, data_xml({JOURNEYS: [{**three, "d": "x"}]})))


@pytest.mark.parametrize("name", ["../data.xml", "..\\data.xml", "/etc/passwd", "C:/data.xml", "a/../../b"])
def test_a_package_with_a_name_that_leads_out_of_it_is_refused(tmp_path: Path, name: str) -> None:
    assert "leads out of the package" in told_of(read_zip(tmp_path, package(DATA, **{name: "x"})))


@pytest.mark.parametrize("name", ["media/x.xml", "a..b/x.xml", "nested.zip"])
def test_other_entries_are_left_alone(tmp_path: Path, name: str) -> None:
    assert len(rows_of(read_zip(tmp_path, package(DATA, **{name: "x"})))) == 2


def test_two_entries_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = package(DATA, **{"data.xml": DATA})
    assert "holds data.xml twice" in told_of(read_zip(tmp_path, content))
    assert "holds data.xml twice" in told_of(read_zip(tmp_path, package(DATA, **{"Data.xml": DATA})))


@pytest.mark.parametrize("inner", [{}, {"data/data.xml": "x"}, {"data.zip": "x"}])
def test_a_package_without_data_is_refused(tmp_path: Path, inner: dict[str, str]) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for name, text in {"[Content_Types].xml": "<Types />", **inner}.items():
            file.writestr(name, text)
    assert "holds no data.xml at its top" in told_of(read_zip(tmp_path, stream.getvalue()))


def test_an_encrypted_entry_is_refused(tmp_path: Path) -> None:
    content = bytearray(package(DATA))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(magic, at + 1)) >= 0:
            content[at + offset] |= 1
    assert "is encrypted" in told_of(read_zip(tmp_path, bytes(content)))


def test_an_entry_with_a_wrong_checksum_gives_no_rows(tmp_path: Path) -> None:
    content = bytearray(package(DATA))
    at = content.rfind(b"PK\x01\x02")
    content[at + 16] ^= 1
    assert "is damaged" in told_of(read_zip(tmp_path, bytes(content)))


def test_an_entry_in_an_unusual_compression_is_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as file:
        file.writestr("data.xml", DATA)
    assert "compressed in a way that is not read" in told_of(read_zip(tmp_path, stream.getvalue()))


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"PK\x03\x04" + b"x" * 100, b""])
def test_what_is_no_archive_is_told(tmp_path: Path, content: bytes) -> None:
    assert told_of(read_zip(tmp_path, content))


def test_a_cut_archive_is_told(tmp_path: Path) -> None:
    content = package(DATA)
    for length in range(0, len(content) - 1, 7):
        assert rows_of(read_zip(tmp_path, content[:length])) == []


def test_a_zip_bomb_is_refused_by_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(package(DATA))
    monkeypatch.setattr(package_module, "MOST_BYTES", len(DATA))
    assert len(rows_of(read_zip(tmp_path, package(DATA)))) == 2
    monkeypatch.setattr(package_module, "MOST_BYTES", len(DATA) - 1)
    assert "the most that is read" in told_of(read_zip(tmp_path, package(DATA)))
    assert size > 0


def test_a_zip_bomb_is_refused_by_its_ratio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_UNREMARKABLE_BYTES", 1 << 20)
    bomb = package(f"<entities>{' ' * (4 << 20)}</entities>")
    assert "grows to more than 300 times" in told_of(read_zip(tmp_path, bomb))
    monkeypatch.setattr(archive, "_UNREMARKABLE_BYTES", 8 << 20)
    assert read_zip(tmp_path, bomb) == []


def test_a_directory_of_endless_entries_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = package(DATA, **{f"x{number}": "" for number in range(10)})
    monkeypatch.setattr(archive, "_MOST_ENTRIES", 13)
    assert len(rows_of(read_zip(tmp_path, many))) == 2
    monkeypatch.setattr(archive, "_MOST_ENTRIES", 12)
    assert "more than 12 entries" in told_of(read_zip(tmp_path, many))
    monkeypatch.setattr(archive, "_MOST_DIRECTORY_BYTES", 200)
    assert "directory takes more than" in told_of(read_zip(tmp_path, many))


def test_a_zip64_package_is_read(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file,
        file.open("data.xml", "w", force_zip64=True) as entry,
    ):
        entry.write(DATA.encode())
    assert struct.pack("<H", 45) in stream.getvalue()
    assert len(rows_of(read_zip(tmp_path, stream.getvalue()))) == 2


def test_a_schema_that_is_not_in_order_is_told_as_the_schemas(tmp_path: Path) -> None:
    (problem,) = problems_of(read_zip(tmp_path, package(DATA, "<entities><entity")))
    assert problem.entry == "data_schema.xml"
    (beside,) = problems_of(read_xml(tmp_path, DATA, "<nothing />"))
    assert beside.message.startswith("data_schema.xml beside it cannot be read")


def test_a_schema_alone_holds_no_rows(tmp_path: Path) -> None:
    file = tmp_path / "data_schema.xml"
    file.write_text(schema_xml({}))
    offered = ImportFile("data_schema.xml", str(file), file.read_bytes())
    assert PackageImporter().recognizes(offered)
    assert list(PackageImporter().read(offered)) == []


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("a.zip", b"PK\x03\x04", True),
        ("a.ZIP", b"PK\x05\x06", True),
        ("a.zip", b"x", True),
        ("a.xml", b"<?xml?><entities>", True),
        ("a.xml", "<entities>".encode("utf-16"), True),
        ("a.xml", b"<other>", False),
        ("a.txt", b"PK\x03\x04", False),
    ],
)
def test_packages_are_recognized_by_name_and_beginning(name: str, head: bytes, expected: bool) -> None:
    assert PackageImporter().recognizes(ImportFile(name, name, head)) is expected


def test_a_record_of_one_field_again_and_again_is_refused(tmp_path: Path) -> None:
    """Fields that are at fault count as well: where they stand is kept of them, too."""
    fields = '<field name="a" value="1"/>'
    for count, told in ((5_000, "the field a stands in the record twice"), (5_001, "more than 5,000 fields")):
        data = f'<entities><entity name="t"><records><record id="x">{fields * count}</record></records></entity></entities>'
        assert told in told_of(read_xml(tmp_path, data))


def test_a_schema_of_nothing_but_tables_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table without fields takes memory as a field does."""
    monkeypatch.setattr(package_schema, "_MOST_FIELDS", 3)
    for count in (3, 4):
        tables = "".join(f'<entity name="t{number}"/>' for number in range(count))
        schema = f"<entities>{tables}</entities>"
        told = [problem.message for problem in problems_of(read_xml(tmp_path, "<entities/>", schema))]
        assert ["more than 3 tables and fields" in one for one in told] == [True] * (count - 3)


@pytest.mark.parametrize("count", [1_000, 1_001])
def test_after_a_thousand_problems_the_rest_is_given_up(tmp_path: Path, count: int) -> None:
    """All of up to 1,000 problems are told, and the rows behind them read; one more ends it."""
    records = "<record/>" * count + '<record id="x"/>'
    read = read_xml(tmp_path, f'<entities><entity name="t"><records>{records}</records></entity></entities>')
    assert isinstance(read[-1], SourceProblem) == (count > 1_000)
    assert len(read) == 1_001


def test_a_long_tag_is_given_to_the_parser_in_few_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Older versions of expat begin a tag anew with each piece: a tag of 16 MiB took 12 seconds."""
    given: list[int] = []
    reader = XmlReader(lambda *_: None, lambda _: None)
    parse = reader._parse

    def count(data: bytes, *, is_last: bool) -> None:
        given.append(len(data))
        parse(data, is_last=is_last)

    monkeypatch.setattr(reader, "_parse", count)
    text = f'<a b="{"x" * 4_000_000}"/>'.encode()
    pieces = [text[at : at + CHUNK_BYTES] for at in range(0, len(text), CHUNK_BYTES)]
    assert list(reader.read(pieces, tuple)) == []
    assert sum(given) == len(text)
    assert len(given) < 12
