"""The tables of Customer Insights - Journeys that can be imported.

`TABLES` is made at every start, so what reads rows is imported when the first row of its table is met.
"""

from __future__ import annotations

from journeylint.import_ports import ImportedManifest, SourceRow, Table

SYSTEM = "dataverse"


def _read_journey(row: SourceRow) -> ImportedManifest | None:
    from journeylint.dataverse_tables.journey import read_journey  # noqa: PLC0415 - only an import has such rows

    return read_journey(row)


def _read_segment(row: SourceRow) -> ImportedManifest | None:
    from journeylint.dataverse_tables.segment import read_segment  # noqa: PLC0415 - only an import has such rows

    return read_segment(row)


def _read_segment_definition(row: SourceRow) -> ImportedManifest | None:
    from journeylint.dataverse_tables.segment import read_definition  # noqa: PLC0415 - only an import has such rows

    return read_definition(row)


def _read_segment_usage(row: SourceRow) -> ImportedManifest | None:
    from journeylint.dataverse_tables.segment_usage import read_usage  # noqa: PLC0415 - only an import has such rows

    return read_usage(row)


def _read_outbound_segment(row: SourceRow) -> ImportedManifest | None:
    from journeylint.dataverse_tables.segment import read_outbound_segment  # noqa: PLC0415 - only an import has such rows

    return read_outbound_segment(row)


TABLES = (
    Table(
        SYSTEM,
        "msdynmkt_journey",
        "msdynmkt_journeys",
        "msdynmkt_journeyid",
        (
            "msdynmkt_name",
            "msdynmkt_journeyjson",
            "msdynmkt_triggertype",
            "msdynmkt_journeystarttime",
            "msdynmkt_journeyendtime",
            "msdynmkt_frequencycaptype",
            "msdynmkt_purpose",
            "msdynmkt_versionnumber",
            "msdynmkt_baseversionjourneyid",
            "msdynmkt_issupersededbylaterversion",
            "msdynmkt_versiondescription",
            "owningbusinessunit",
            "statecode",
            "statuscode",
        ),
        _read_journey,
        lookups=frozenset({"owningbusinessunit"}),
    ),
    Table(
        SYSTEM,
        "msdynmkt_segment",
        "msdynmkt_segments",
        "msdynmkt_segmentid",
        (
            "msdynmkt_displayname",
            "msdynmkt_source",
            "msdynmkt_type",
            "msdynmkt_baseentitylogicalname",
            "msdynmkt_membercount",
            "msdynmkt_sourcesegmentuid",
            "msdynmkt_lastexportedat",
            "msdynmkt_lastusedinjourney",
            "msdynmkt_scope",
            "owningbusinessunit",
            "statuscode",
        ),
        _read_segment,
        lookups=frozenset({"owningbusinessunit"}),
    ),
    Table(
        SYSTEM,
        "msdynmkt_segmentdefinition",
        "msdynmkt_segmentdefinitions",
        "msdynmkt_segmentdefinitionid",
        (
            "msdynmkt_segmentquery",
            "msdynmkt_staticlistmembers",
            "msdynmkt_disablesegmentrefresh",
            "msdynmkt_segmentrefreshintervalminutes",
            "statuscode",
        ),
        _read_segment_definition,
    ),
    Table(
        SYSTEM,
        "msdynmkt_segmentusage",
        "msdynmkt_segmentusages",
        "msdynmkt_segmentusageid",
        (
            "msdynmkt_journeyid",
            "msdynmkt_dependententityid",
            "msdynmkt_targetsegmentid",
            "msdynmkt_segmentid",
            "msdynmkt_usage",
        ),
        _read_segment_usage,
        lookups=frozenset({"msdynmkt_journeyid", "msdynmkt_dependententityid", "msdynmkt_targetsegmentid"}),
    ),
    Table(
        SYSTEM,
        "msdyncrm_segment",
        "msdyncrm_segments",
        "msdyncrm_segmentid",
        (
            "msdyncrm_segmentname",
            "msdyncrm_segmentquery",
            "msdyncrm_segmentsize",
            "msdyncrm_segmenttype",
            "owningbusinessunit",
            "statuscode",
        ),
        _read_outbound_segment,
        lookups=frozenset({"owningbusinessunit"}),
    ),
)
