"""A pull's client over `tests.odata_server`, in which nobody sleeps and chance is always nought."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from journeylint.import_ports import Table
from journeylint.web_api.address import read_address
from journeylint.web_api.client import WebApi
from journeylint.web_api.download import TableRead, download
from journeylint.web_api.errors import EnvironmentUnusable
from journeylint.web_api.patience import PATIENCE, Clock, Patience
from journeylint.web_api.transport import BOUNDS, Bounds, HttpTransport, Transport
from tests.odata_server import TOKEN, Collection, ODataServer, collection

NOW = datetime(2026, 11, 26, 12, 0, 0, tzinfo=UTC)

SEGMENTS = Table(
    system="dataverse",
    name="msdynmkt_segment",
    collection="msdynmkt_segments",
    key="msdynmkt_segmentid",
    columns=("msdynmkt_displayname", "msdynmkt_source", "ownerid"),
    read=lambda row: None,
    lookups=frozenset({"ownerid"}),
)
USAGES = Table(
    system="dataverse",
    name="msdynmkt_segmentusage",
    collection="msdynmkt_segmentusages",
    key="msdynmkt_segmentusageid",
    columns=("msdynmkt_usage",),
    read=lambda row: None,
)


def segment_rows(number: int) -> list[dict[str, object]]:
    """Synthetic rows of segments, as the Web API has them."""
    return [
        {
            "msdynmkt_segmentid": f"00000000-0000-4000-8000-{index:012}",
            "msdynmkt_displayname": f"Ségment {index}",
            "msdynmkt_source": 12,
            "msdynmkt_source@OData.Community.Display.V1.FormattedValue": "Real-time Journeys",
            "_ownerid_value": "11111111-1111-4111-8111-111111111111",
        }
        for index in range(number)
    ]


def segments(number: int) -> Collection:
    """A collection of *number* synthetic segments."""
    one = collection("msdynmkt_segment", "msdynmkt_segmentid", segment_rows(1))
    return one._replace(rows=tuple(segment_rows(number)))


def usages(number: int) -> Collection:
    """A collection of *number* synthetic uses of segments."""
    rows = [{"msdynmkt_segmentusageid": f"u{index:03}", "msdynmkt_usage": 1} for index in range(number)]
    return collection("msdynmkt_segmentusage", "msdynmkt_segmentusageid", rows)


@contextmanager
def serve(*, segments_there: int = 5, usages_there: int = 2) -> Iterator[ODataServer]:
    """A server with so many synthetic rows."""
    with ODataServer(
        {"msdynmkt_segments": segments(segments_there), "msdynmkt_segmentusages": usages(usages_there)}
    ) as server:
        yield server


class GivenTokens:
    """Gives *tokens* one after the other, the next whenever one was refused."""

    def __init__(self, *tokens: str) -> None:
        self._tokens = list(tokens)

    def token(self, *, renew: bool = False) -> str:
        if renew:
            self._tokens.pop(0)
        if not self._tokens:
            raise EnvironmentUnusable("there is no other token")
        return self._tokens[0]


class SeenProgress:
    """Keeps what it is shown."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, int, int | None]] = []

    def show(self, table: str, rows: int, total: int | None) -> None:
        self.shown.append((table, rows, total))


class Pulled(NamedTuple):
    """What came of a download: of each table, the seconds of each pause, the lines told, and the progress shown."""

    reads: list[TableRead]
    pauses: list[float]
    told: list[str]
    shown: list[tuple[str, int, int | None]]

    @property
    def problems(self) -> list[str]:
        """What is wrong with each table."""
        return [read.problem for read in self.reads]


def pull(
    url: str,
    folder: Path,
    *,
    tables: Iterable[Table] = (SEGMENTS,),
    page_size: int = 2,
    tokens: tuple[str, ...] = (TOKEN,),
    patience: Patience = PATIENCE,
    bounds: Bounds = BOUNDS,
    chance: float = 0.0,
    transport: Transport | None = None,
) -> Pulled:
    """Download *tables* from the environment at *url* into *folder*."""
    pauses: list[float] = []
    told: list[str] = []
    progress = SeenProgress()
    address = read_address(url)
    own = HttpTransport(is_encrypted=address.is_encrypted, bounds=bounds)
    api = WebApi(
        address,
        tokens=GivenTokens(*tokens),
        transport=transport or own,
        tell=told.append,
        patience=patience,
        clock=Clock(now=lambda: NOW, sleep=pauses.append, chance=lambda: chance),
    )
    try:
        reads = download(api, tables, folder, page_size=page_size, progress=progress)
    finally:
        own.close()
    return Pulled(reads, pauses, told, progress.shown)
