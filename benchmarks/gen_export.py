"""Makes synthetic exports of journeys: a Configuration Migration package, and pages of the Web API. The same bytes each time.

    python -m benchmarks.gen_export FOLDER SIZE

Each journey has a definition of about 10 KB, as JSON in a column; nothing in it was ever in a real environment.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

PAGE_ROWS = 1_000
_STEPS = 14
_TABLE = "msdynmkt_journey"
_SET = "https://contoso.crm4.dynamics.com/api/data/v9.2/$metadata#msdynmkt_journeys"
_SCHEMA = f"""<entities><entity name="{_TABLE}" primaryidfield="{_TABLE}id" primarynamefield="msdynmkt_name"><fields>\
<field name="{_TABLE}id" type="guid" /><field name="msdynmkt_name" type="string" />\
<field name="msdynmkt_journeyjson" type="string" /><field name="msdynmkt_triggertype" type="optionsetvalue" />\
<field name="statecode" type="state" /><field name="statuscode" type="status" />\
<field name="msdynmkt_journeystarttime" type="datetime" /><field name="msdynmkt_versionnumber" type="number" />\
</fields></entity></entities>"""
_TIME = (2025, 1, 1, 0, 0, 0)


def key(number: int, part: int = 0) -> str:
    """A GUID of the row, or of a part of it."""
    return f"{number:08x}-{part:04x}-4000-8000-{number * 64 + part:012x}"


def definition(number: int) -> str:
    """The JSON of a journey: waits and messages by turns, with what the designer adds to each."""
    actions: dict[str, Any] = {}
    before = ""
    for step in range(1, _STEPS + 1):
        action: dict[str, Any] = {"runAfter": {before: {"result": "Success"}} if before else {}}
        if step % 2:
            action |= {"type": "Delay", "parameters": {"type": "Wait", "count": 1 + (number + step) % 9, "unit": 3}}
        else:
            action |= {"type": "Email", "parameters": _email(number, step)}
        before = key(number, step)
        actions[before] = action
    whole = {
        "type": 1,
        "typeName": "scheduled",
        "contentVersion": "1.0.0.0",
        "name": title(number),
        "targetEntityLogicalNames": ["contact"],
        "goal": {},
        "exitCriteria": {"exitEvents": [], "suppressionSegments": []},
        "trigger": {
            "type": "OneTime",
            "audience": key(number % 500, 40),
            "parameters": {"startTime": "2025-06-01T08:00:00Z"},
            "exclusionSegments": [key(number % 7, 41)],
        },
        "actions": actions,
        "timeZoneCode": 105,
        "timeZoneWindowsName": "Romance Standard Time",
        "uiMetadata": {"zoom": 1, "notes": f"Row {number} of a synthetic export. " * 20},
        "journeyUiFeatureFlags": {},
    }
    return json.dumps(whole)


def _email(number: int, step: int) -> dict[str, Any]:
    return {
        "contentId": key(number % 2_000, 32 + step % 8),
        "purposeId": key(1, 50),
        "messageDesignation": 534120000,
        "complianceSettingsId": key(1, 51),
        "contentReadyToSend": True,
        "recipient": {"binding": {"source": "CdsProfileDataSource", "outputPath": "emailaddress1"}},
        "placeholderBindings": [{"name": f"p{slot}", "path": f"contact.column{slot}"} for slot in range(6)],
        "persistedUIState": {"cachedEmailEntity": {"msdynmkt_name": f"Message {step}", "thumbnail": "x" * 300}},
        "quietTimeSettingsSelectedOption": "ApplyDefaultQuietTime",
    }


def title(number: int) -> str:
    """What marketers call the journey; one of ten has the name of another."""
    return f"Campaign {number - number % 10 + min(number % 10, 8)} for Contoso"


def columns(number: int) -> dict[str, Any]:
    """The columns of a row."""
    return {
        f"{_TABLE}id": key(number),
        "msdynmkt_name": title(number),
        "msdynmkt_journeyjson": definition(number),
        "msdynmkt_triggertype": 2,
        "msdynmkt_journeystarttime": "2025-06-01T08:00:00Z",
        "msdynmkt_versionnumber": 1,
        "statecode": 0,
        "statuscode": 1,
    }


def write_package(file: Path, size: int) -> None:
    """A Configuration Migration package."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("[Content_Types].xml", _TIME), "<Types />")
        archive.writestr(zipfile.ZipInfo("data_schema.xml", _TIME), _SCHEMA)
        entry = zipfile.ZipInfo("data.xml", _TIME)
        entry.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(entry, "w", force_zip64=True) as stream:
            for text in _data_lines(size):
                stream.write(text.encode())


def _data_lines(size: int) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="utf-8"?>\n<entities>\n<entity name="{_TABLE}" displayname="Journey"><records>\n'
    for number in range(size):
        yield f'<record id="{key(number)}">'
        for name, value in columns(number).items():
            yield f"<field name={quoteattr(name)} value={quoteattr(str(value))} />\n"
        yield "</record>\n"
    yield "</records><m2mrelationships /></entity>\n</entities>\n"


def write_pages(folder: Path, size: int) -> None:
    """Pages of the Web API, a file each."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = iter(range(size))
    index = 0
    while rows := [columns(number) for number in islice(numbers, PAGE_ROWS)]:
        index += 1
        label = "@OData.Community.Display.V1.FormattedValue"
        for row in rows:
            row[f"statuscode{label}"] = "Draft"
        page: dict[str, Any] = {"@odata.context": _SET, "value": rows}
        if (index * PAGE_ROWS) < size:
            page["@odata.nextLink"] = f"{_SET.partition('/$')[0]}/msdynmkt_journeys?$skiptoken={index}"
        (folder / f"page-{index:03}.json").write_text(json.dumps(page), encoding="utf-8")


if __name__ == "__main__":
    target, rows = Path(sys.argv[1]), int(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    write_package(target / "data.zip", rows)
    write_pages(target / "pages", rows)
