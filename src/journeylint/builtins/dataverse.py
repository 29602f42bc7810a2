"""What journeylint supplies for Dataverse, where Customer Insights - Journeys keeps its rows: containers and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from journeylint import hookimpl
from journeylint.dataverse_tables.tables import TABLES
from journeylint.import_ports import Importer, ImporterEntry, Table


@hookimpl
def journeylint_importers() -> Iterable[ImporterEntry]:
    """Configuration Migration packages, and what the Web API returns."""
    return (
        ImporterEntry(
            "configuration-migration",
            "packages of the Configuration Migration tool: data.zip, or data.xml with data_schema.xml beside it",
            _create_package_importer,
        ),
        ImporterEntry("web-api", "rows and pages of rows of the Dataverse Web API, as JSON", _create_web_api_importer),
    )


def _create_package_importer(_: Sequence[Table]) -> Importer:
    from journeylint.exports.package import PackageImporter  # noqa: PLC0415 - few runs read exports

    return PackageImporter()


def _create_web_api_importer(tables: Sequence[Table]) -> Importer:
    from journeylint.exports.web_api import WebApiImporter  # noqa: PLC0415 - as above

    return WebApiImporter(tables)


@hookimpl
def journeylint_tables() -> Iterable[Table]:
    """The tables of Customer Insights - Journeys."""
    return TABLES
