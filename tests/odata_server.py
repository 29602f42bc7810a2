"""A Dataverse environment in miniature: an HTTP server on this machine that speaks the part of OData that a pull uses.

It knows `$select`, `$orderby`, `$count`, pages that the server drives (`odata.maxpagesize`, `@odata.nextLink`), formatted
values where they are asked for, what the collection of a table is called, bearer tokens, and Dataverse's way of telling
errors. What it serves is made by tests.
Any request can be answered by a script instead, which is how faults are put in.

To try `journeylint pull` by hand, `python -m tests.odata_server FOLDER` serves a file `<collection>.json` for each
collection, a list of rows with their key first, and says at which address and with which token.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qs, quote, unquote, urlsplit

FORMATTED = "@OData.Community.Display.V1.FormattedValue"
SERVICE = "/api/data/v9.2/"
_DEFINITION = re.compile(rf"{SERVICE}EntityDefinitions\(LogicalName='(\w+)'\)\?\$select=EntitySetName")
TOKEN = "synthetic-token.for.tests"
LARGEST_COUNT = 5_000

Row = Mapping[str, Any]


class Collection(NamedTuple):
    """The rows of a table: values and annotations by their names in the Web API, each with all `properties` at least null.

    `relationships` may be selected, too, and then nothing is sent for them.
    """

    table: str
    key: str
    properties: tuple[str, ...]
    rows: tuple[Row, ...]
    relationships: tuple[str, ...] = ()


class Reply(NamedTuple):
    """An answer by script. `cut` is how many bytes of the body are sent before the connection is closed, None for all.

    One that `hangs` sends nothing until the server is closed.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = {}
    cut: int | None = None
    hangs: bool = False


class Request(NamedTuple):
    """A request that came: its path with its query, and its headers by their names in lower case."""

    target: str
    headers: Mapping[str, str]

    @property
    def selected(self) -> list[str]:
        """What `$select` asks for."""
        return parse_qs(urlsplit(self.target).query).get("$select", [""])[0].split(",")


def collection(table: str, key: str, rows: Iterable[Row]) -> Collection:
    """A collection whose properties are all that a row has."""
    rows = tuple(rows)
    properties = dict.fromkeys(name for row in rows for name in row if "@" not in name)
    return Collection(table, key, tuple(dict.fromkeys((key, *properties))), rows)


def error(status: int, message: str, *, code: str = "0x80060888", headers: Mapping[str, str] = {}) -> Reply:
    """A refusal in Dataverse's words."""
    body = json.dumps({"error": {"code": code, "message": message, "innererror": {"stacktrace": "at Microsoft"}}})
    return Reply(status, body.encode(), {"Content-Type": "application/json; odata.metadata=minimal", **headers})


def throttled(*, retry_after: str | None, status: int = 429) -> Reply:
    """What Dataverse answers to whoever asks too often."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    told = "Number of requests exceeded the limit of 6000 over time window of 300 seconds."
    return error(status, told, code="0x80072322", headers=headers)


def page(rows: Iterable[Row], *, next_link: object = None, **more: object) -> Reply:
    """A page by script."""
    link = {} if next_link is None else {"@odata.nextLink": next_link}
    return _json({"value": list(rows), **link, **more})


class ODataServer:
    """The server, which runs while it is entered. `collections` are by their names in the Web API."""

    def __init__(self, collections: Mapping[str, Collection], *, tokens: Iterable[str] = (TOKEN,)) -> None:
        self.collections = dict(collections)
        self.tokens = set(tokens)
        self.requests: list[Request] = []
        self._scripts: dict[str, list[Reply | None]] = defaultdict(list)
        self._is_over = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._make_handler())
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        """The environment's address."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def script(self, name: str, *replies: Reply | None) -> None:
        """Answer the next requests for the collection *name* with *replies*; None leaves one to what is served."""
        self._scripts[name] += replies

    def asked_for(self, name: str) -> list[Request]:
        """The requests for the collection *name*, in order."""
        return [request for request in self.requests if _collection_of(request.target) == name]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def reply_to(self, request: Request) -> Reply:
        """The answer to *request*."""
        self.requests.append(request)
        name = _collection_of(request.target)
        script = self._scripts[name]
        scripted = script.pop(0) if script else None
        if scripted is not None:
            return scripted
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return Reply(401, b"", {"WWW-Authenticate": "Bearer authorization_uri=https://login.example/common"})
        asked = _DEFINITION.fullmatch(unquote(request.target))
        if asked is not None:
            found = [one for one, served in self.collections.items() if served.table == asked[1]]
            told = f"Could not find an entity with the specified entity name: '{asked[1]}'."
            return _json({"EntitySetName": found[0]}) if found else error(404, told, code="0x80060891")
        if not request.target.startswith(SERVICE) or name not in self.collections:
            return error(404, f"Resource not found for the segment '{name}'.")
        return self._serve(name, request)

    def _serve(self, name: str, request: Request) -> Reply:
        served = self.collections[name]
        query = {key: values[0] for key, values in parse_qs(urlsplit(request.target).query).items()}
        selected = request.selected if "$select" in query else list(served.properties)
        unknown = next((one for one in selected if one not in (*served.properties, *served.relationships)), None)
        if unknown is not None:
            told = f"Could not find a property named '{unknown}' on type 'Microsoft.Dynamics.CRM.{served.table}'."
            return error(400, told, code="0x0")
        assert query.get("$orderby") == f"{served.key} asc", "the order of pages has to be that of the key"
        rows = sorted(served.rows, key=lambda row: str(row[served.key]))
        prefer = request.headers.get("prefer", "")
        size = int(found[1]) if (found := re.search(r"odata\.maxpagesize=(\d+)", prefer)) else LARGEST_COUNT
        start = int(query.get("$skiptoken", "0"))
        context = f"{self.url}{SERVICE}$metadata#{name}({','.join(selected)})"
        data: dict[str, object] = {"@odata.context": context}
        if query.get("$count") == "true":
            data["@odata.count"] = min(len(rows), LARGEST_COUNT)
        keeps_labels = FORMATTED.removeprefix("@") in prefer
        data["value"] = [
            _project(row, served, [served.key, *selected], keeps_labels) for row in rows[start : start + size]
        ]
        if start + size < len(rows):
            kept = "&".join(f"{key}={quote(value)}" for key, value in query.items() if key != "$skiptoken")
            data["@odata.nextLink"] = f"{self.url}{SERVICE}{name}?{kept}&$skiptoken={start + size}"
        return _json(data)

    def _make_handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            """Answers GET."""

            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                reply = server.reply_to(Request(self.path, headers))
                if reply.hangs:
                    server._is_over.wait()
                    self.close_connection = True
                    return
                self.send_response_only(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                with suppress(ConnectionError):  # whoever asked has read enough
                    self.wfile.write(reply.body[: reply.cut])
                if reply.cut is not None:
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the class above
                pass

        return Handler


def _json(data: Mapping[str, object]) -> Reply:
    body = json.dumps(data, ensure_ascii=False).encode()
    return Reply(200, body, {"Content-Type": "application/json; odata.metadata=minimal"})


def _collection_of(target: str) -> str:
    return unquote(urlsplit(target).path).rpartition("/")[2]


def _project(row: Row, served: Collection, selected: list[str], keeps_labels: bool) -> dict[str, object]:
    """What is sent of *row*: its etag, then in the order of `$select` each value behind what is shown for it."""
    sent: dict[str, object] = {"@odata.etag": 'W/"1"'}
    for name in dict.fromkeys(selected):
        if keeps_labels and name + FORMATTED in row:
            sent[name + FORMATTED] = row[name + FORMATTED]
        if name not in served.relationships:
            sent[name] = row.get(name)
    return sent


def main(folder: Path) -> None:
    """Serve the files of *folder* until it is interrupted."""
    collections = {}
    for file in sorted(folder.glob("*.json")):
        rows = json.loads(file.read_text(encoding="utf-8"))
        key = next(iter(rows[0]))
        collections[file.stem] = collection(key.removesuffix("id"), key, rows)
    with ODataServer(collections) as server:
        print(f"JOURNEYLINT_DATAVERSE_TOKEN={TOKEN} journeylint pull {server.url} --auth token -o journeys", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
