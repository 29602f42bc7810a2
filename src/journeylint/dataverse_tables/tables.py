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


def _read_email(row: SourceRow) -> ImportedManifest | None:
    from journeylint.dataverse_tables.message import read_email  # noqa: PLC0415 - only an import has such rows

    return read_email(row)


def _read_text_message(row: SourceRow) -> ImportedManifest | None:
    from journeylint.dataverse_tables.message import read_text_message  # noqa: PLC0415 - only an import has such rows

    return read_text_message(row)


def _read_push_notification(row: SourceRow) -> ImportedManifest | None:
    from journeylint.dataverse_tables.message import read_push_notification  # noqa: PLC0415 - only an import has such rows

    return read_push_notification(row)


def _read_trigger(row: SourceRow) -> ImportedManifest | None:
    from journeylint.dataverse_tables.trigger import read_trigger  # noqa: PLC0415 - only an import has such rows

    return read_trigger(row)


_OF_MESSAGES = (
    "msdynmkt_name",
    "msdynmkt_purpose",
    "msdynmkt_topic",
    "msdynmkt_messagedesignation",
    "msdynmkt_placeholders",
    "owningbusinessunit",
    "statuscode",
)

_LOOKUPS_OF_MESSAGES = ("msdynmkt_purpose", "msdynmkt_topic", "owningbusinessunit")

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
        state="state",
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
        state="state",
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
        state="definitionState",
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
        state="state",
    ),
    Table(
        SYSTEM,
        "msdynmkt_email",
        "msdynmkt_emails",
        "msdynmkt_emailid",
        (
            *_OF_MESSAGES,
            "msdynmkt_compliancesettings4",
            "msdynmkt_subject",
            "msdynmkt_emailbody",
            "msdynmkt_textpart",
        ),
        _read_email,
        lookups=frozenset({*_LOOKUPS_OF_MESSAGES, "msdynmkt_compliancesettings4"}),
        state="state",
    ),
    Table(
        SYSTEM,
        "msdynmkt_sms",
        "msdynmkt_smses",
        "msdynmkt_smsid",
        (*_OF_MESSAGES, "msdynmkt_compliance", "msdynmkt_text"),
        _read_text_message,
        lookups=frozenset({*_LOOKUPS_OF_MESSAGES, "msdynmkt_compliance"}),
        state="state",
    ),
    Table(
        SYSTEM,
        "msdynmkt_pushnotification",
        "msdynmkt_pushnotifications",
        "msdynmkt_pushnotificationid",
        (*_OF_MESSAGES, "msdynmkt_compliance", "msdynmkt_message"),
        _read_push_notification,
        lookups=frozenset({*_LOOKUPS_OF_MESSAGES, "msdynmkt_compliance"}),
        state="state",
    ),
    Table(
        SYSTEM,
        "msdynmkt_eventmetadata",
        "msdynmkt_eventmetadataset",
        "msdynmkt_eventmetadataid",
        (
            "msdynmkt_name",
            "msdynmkt_uniquename",
            "msdynmkt_sourceentity",
            "msdynmkt_eventmetadatastatus",
            "msdynmkt_state",
            "msdynmkt_supportedtargetentities",
            "owningbusinessunit",
        ),
        _read_trigger,
        lookups=frozenset({"owningbusinessunit"}),
        state="state",
    ),
)
