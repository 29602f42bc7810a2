"""Follows one table from page to page: asks for the columns that are of use, and holds every page to what it should be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from journeylint.import_ports import Table
from journeylint.web_api.address import Address
from journeylint.web_api.answers import Answer, Refusal
from journeylint.web_api.client import WebApi
from journeylint.web_api.errors import AnswerTooLarge, TableMissing, TableUnreadable

MOST_PAGES = 100_000
"""How many pages of one table are read. Whoever sends more does not come to an end."""

COUNTED_ROWS = 5_000
"""Up to here Dataverse counts the rows of a table; the count of a larger one is this, and says nothing."""

_LABELS = "OData.Community.Display.V1.FormattedValue"
_HEADERS = {"OData-MaxVersion": "4.0", "OData-Version": "4.0"}
_NEXT = "@odata.nextLink"


class Page(NamedTuple):
    """A page of a table: `content` as it came from `url`, and how many rows it has.

    `members` are all names that a row has. `total` is how many rows the table has, None where Dataverse does not say.
    `next_url` is where the next page is, if any.
    """

    url: str
    content: bytes
    rows: int
    members: frozenset[str]
    total: int | None
    next_url: str | None


class TableReader:
    """Reads the pages of *table*, whose rows come ordered by their key: *page_size* a page, or fewer where they are large.

    `left_out` are those of its columns that the environment turned out not to have, once the first page is there.
    """

    def __init__(self, api: WebApi, table: Table, *, page_size: int) -> None:
        self._api = api
        self._table = table
        self._collection = table.collection
        self._page_size = page_size
        columns = dict.fromkeys((table.key, *table.columns))
        self._properties = {_name_lookup(one) if one in table.lookups else one: one for one in columns}
        self.left_out: list[str] = []

    def pages(self) -> Iterator[Page]:
        """The pages, each when it is asked for. Raises TableUnreadable, TableMissing and EnvironmentUnusable."""
        page = self._read_first()
        seen = {page.url}
        while True:
            yield page
            if page.next_url is None:
                return
            number = len(seen) + 1
            about = f"{self._collection}, page {number}"
            if page.next_url in seen:
                raise TableUnreadable(f"{about}: it is a page that was read before: the pages go round in a circle")
            if number > MOST_PAGES:
                raise TableUnreadable(f"{about}: there are more than {MOST_PAGES:,} pages")
            seen.add(page.next_url)
            outcome = self._get(page.next_url, about)
            if isinstance(outcome, Refusal):
                raise TableUnreadable(f"{about}: {outcome}")
            page = read_page(outcome, self._api.address, about=about, url=page.next_url)

    def _get(self, url: str, about: str) -> Answer | Refusal:
        """What the environment answers, asked for half the rows as often as an answer would be too large."""
        while True:
            prefer = f'odata.maxpagesize={self._page_size},odata.include-annotations="{_LABELS}"'
            try:
                return self._api.get(url, {**_HEADERS, "Prefer": prefer}, about=about)
            except AnswerTooLarge as error:
                if self._page_size == 1:
                    raise TableUnreadable(f"{about}: a single row is larger than {error}") from None
                self._page_size //= 2

    def _read_first(self) -> Page:
        """The first page, asked for without what the table does not have."""
        while True:
            about = f"{self._collection}, page 1"
            url = self._api.address.resolve(self._query())
            if url is None:
                raise TableUnreadable(f"{about}: that is no name of a collection")
            outcome = self._get(url, about)
            if isinstance(outcome, Answer):
                page = read_page(outcome, self._api.address, about=about, url=url)
                if not self._leave_out(self._find_not_sent(page)):
                    return page
                continue
            if outcome.status == 404 and outcome.message:
                self._collection = self._find_collection(outcome)
            elif not self._leave_out(outcome.unknown_property):
                raise TableUnreadable(f"{about}: {outcome}")

    def _find_collection(self, refusal: Refusal) -> str:
        """What the environment itself says that the table's collection is called; TableMissing where that was asked for."""
        name = quote(self._table.name)
        url = self._api.address.resolve(f"EntityDefinitions(LogicalName='{name}')?$select=EntitySetName")
        outcome = refusal if url is None else self._get(url, f"the name of the collection of {self._table.name}")
        try:
            said = None if isinstance(outcome, Refusal) else json.loads(outcome.body).get("EntitySetName")
        except (ValueError, AttributeError, RecursionError):
            said = None
        if not isinstance(said, str) or not said or said in (self._collection, self._table.collection):
            raise TableMissing(str(refusal))
        return said

    def _query(self) -> str:
        table = self._table
        select = ",".join(quote(name) for name in self._properties)
        return f"{quote(self._collection)}?$select={select}&$orderby={quote(table.key)}%20asc&$count=true"

    def _find_not_sent(self, page: Page) -> str | None:
        """A property that no row has, though it was asked for: the Web API takes some names and then leaves them out.

        They are names of relationships, which it has beside those of columns.
        """
        return next((name for name in self._properties if name not in page.members), None) if page.members else None

    def _leave_out(self, name: str | None) -> bool:
        """Whether another attempt without the property *name* is of use: as a lookup first, if it may be one."""
        column = self._properties.get(name or "")
        if name is None or column is None or column == self._table.key:
            return False
        names = dict(self._properties)
        del names[name]
        if name == column:
            names[_name_lookup(column)] = column
        else:
            self.left_out.append(column)
        self._properties = names
        return True


def read_page(answer: Answer, address: Address, *, about: str, url: str) -> Page:
    """The page that *answer* to a GET of *url* holds; TableUnreadable, beginning with *about*, where it holds none."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise TableUnreadable(f"{about}: the answer is {kind or 'of no type'}: expected application/json")
    try:
        data = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise TableUnreadable(f"{about}: the answer is no JSON, or breaks off") from None
    if not isinstance(data, dict) or not isinstance(data.get("value"), list):
        raise TableUnreadable(f"{about}: the answer has no list of rows under 'value'")
    total = data.get("@odata.count")
    is_counted = isinstance(total, int) and 0 <= total < COUNTED_ROWS
    next_url = _next_url(data, address, about, url)
    rows = data["value"]
    members = frozenset().union(*(row for row in rows if isinstance(row, dict)))
    return Page(url, answer.body, len(rows), members, total if is_counted else None, next_url)


def _next_url(data: dict[str, object], address: Address, about: str, url: str) -> str | None:
    link = data.get(_NEXT)
    if link is None:
        return None
    resolved = address.resolve(link, url) if isinstance(link, str) else None
    if resolved is None:
        raise TableUnreadable(f"{about}: it names a next page outside of {address.origin}, where a token does not go")
    return resolved


def _name_lookup(column: str) -> str:
    """What the Web API calls the key in a lookup."""
    return f"_{column}_value"
