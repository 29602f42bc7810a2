"""What journeylint supplies for Dataverse, where Customer Insights - Journeys keeps its rows: containers and tables."""

from __future__ import annotations

from collections.abc import Iterable

from journeylint import hookimpl
from journeylint.dataverse_tables.tables import TABLES
from journeylint.import_ports import ImporterEntry, Table


@hookimpl
def journeylint_importers() -> Iterable[ImporterEntry]:
    """Configuration Migration packages, and what the Web API returns."""
    return ()


@hookimpl
def journeylint_tables() -> Iterable[Table]:
    """The tables of Customer Insights - Journeys."""
    return TABLES
