"""Rows of `msdynmkt_segmentusage`: which journey uses which segment, and for what, without reading its JSON.

They add `segments` to a Journey: the segment is `msdynmkt_targetsegmentid`, else `msdynmkt_segmentid`, the role `msdynmkt_usage`.
"""

from __future__ import annotations

from journeylint.dataverse_tables.members import make_item
from journeylint.dataverse_tables.options import SEGMENT_USAGE
from journeylint.dataverse_tables.row_reader import RowReader
from journeylint.import_ports import ImportedManifest, ImportedValue, RowError, RowReference, SourceRow
from journeylint.row_keys import read_guid

_JOURNEY, _SEGMENT, _USAGE = "msdynmkt_journeyid", "msdynmkt_targetsegmentid", "msdynmkt_usage"


def read_usage(row: SourceRow) -> ImportedManifest | None:
    """The use that *row* adds to the Journey; None where it is a segment that uses the other.

    Raises RowError where the row does not say who uses what. A use that is none of our roles is noted.
    """
    reader = RowReader(row)
    journey = reader.key(_JOURNEY)
    if journey is None:
        if reader.key("msdynmkt_dependententityid") is not None:
            return None
        raise RowError(f"which journey uses the segment is not known: {_JOURNEY} has no key of a row", _JOURNEY)
    segment = reader.key(_SEGMENT) or read_guid(reader.value("msdynmkt_segmentid"))
    if segment is None:
        raise RowError(f"which segment the journey uses is not known: {_SEGMENT} has no key of a row", _SEGMENT)
    role = reader.word(_USAGE, SEGMENT_USAGE)
    if role is not None:
        uses: list[ImportedValue] = [make_item(name=RowReference("Segment", segment), role=role)]
        reader.put("segments", _USAGE, uses)
    elif reader.value(_USAGE) is None:
        reader.notes.add(_USAGE, "what the journey uses the segment for is not said")
    return reader.manifest("Journey", "", id=journey, is_supplement=True)
