"""The reading of tables over the Web API, held against a server on this machine that has faults put in."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from journeylint.errors import UsageError
from journeylint.web_api import pages
from journeylint.web_api.address import read_address
from journeylint.web_api.client import WebApi
from journeylint.web_api.errors import EnvironmentUnusable, NoAnswer
from journeylint.web_api.patience import Patience
from journeylint.web_api.transport import BOUNDS, HttpTransport
from tests.odata_server import TOKEN, ODataServer, Reply, error, page, throttled
from tests.web_api import SEGMENTS, USAGES, GivenTokens, pull, segment_rows, serve

NAME = "msdynmkt_segments"


@pytest.fixture
def server() -> Iterator[ODataServer]:
    with serve() as running:
        yield running


def names_in(folder: Path) -> list[str]:
    rows = [row for file in sorted(folder.iterdir()) for row in json.loads(file.read_bytes())["value"]]
    return [row["msdynmkt_displayname"] for row in rows]


ALL_NAMES = [row["msdynmkt_displayname"] for row in segment_rows(5)]


# What is asked for, and what comes.


def test_all_pages_of_a_table_are_kept_as_they_came(server: ODataServer, tmp_path: Path) -> None:
    [read] = pull(server.url, tmp_path).reads
    assert (read.rows, read.is_missing, read.problem) == (5, False, "")
    assert list(read.files) == sorted(file.name for file in tmp_path.iterdir())
    assert names_in(tmp_path) == ALL_NAMES


def test_only_the_columns_of_the_table_are_asked_for_and_lookups_by_their_name_in_the_web_api(
    server: ODataServer, tmp_path: Path
) -> None:
    pull(server.url, tmp_path)
    asked = server.asked_for(NAME)[0].selected
    assert asked == ["msdynmkt_segmentid", "msdynmkt_displayname", "msdynmkt_source", "_ownerid_value"]


def test_every_page_is_asked_for_with_its_size_the_labels_and_who_asks(server: ODataServer, tmp_path: Path) -> None:
    pull(server.url, tmp_path)
    requests = server.asked_for(NAME)
    assert len(requests) == 3
    for request in requests:
        wanted = 'odata.maxpagesize=2,odata.include-annotations="OData.Community.Display.V1.FormattedValue"'
        assert request.headers["prefer"] == wanted
        assert request.headers["authorization"] == f"Bearer {TOKEN}"
        assert request.headers["user-agent"].startswith("journeylint/")
        assert request.headers["odata-version"] == "4.0"
    first = json.loads((tmp_path / f"{NAME}-00001.json").read_bytes())["value"][0]
    assert first["msdynmkt_source@OData.Community.Display.V1.FormattedValue"] == "Real-time Journeys"


@pytest.mark.parametrize(("there", "asked"), [(0, 1), (1, 1), (2, 1), (3, 2)])
def test_a_page_that_is_just_full_is_followed_by_no_request(there: int, asked: int, tmp_path: Path) -> None:
    with serve(segments_there=there) as server:
        [read] = pull(server.url, tmp_path).reads
        assert (read.rows, len(server.asked_for(NAME))) == (there, asked)


def test_progress_counts_rows_against_the_total(server: ODataServer, tmp_path: Path) -> None:
    name = "msdynmkt_segment"
    assert pull(server.url, tmp_path).shown == [(name, 0, None), (name, 2, 5), (name, 4, 5), (name, 5, 5)]


@pytest.mark.parametrize(("count", "total"), [(4_999, 4_999), (5_000, None), (-1, None), ("7", None)])
def test_a_count_that_says_nothing_is_no_total(count: object, total: int | None, tmp_path: Path) -> None:
    with serve() as server:
        server.script(NAME, page([], **{"@odata.count": count}))
        assert pull(server.url, tmp_path).shown[-1] == ("msdynmkt_segment", 0, total)


def test_a_table_of_which_fewer_rows_came_than_were_counted_was_not_read_to_its_end(
    server: ODataServer, tmp_path: Path
) -> None:
    server.script(NAME, page(segment_rows(2), **{"@odata.count": 3}))
    [read] = pull(server.url, tmp_path).reads
    assert (read.rows, read.problem) == (2, f"{NAME}: 2 rows came where 3 were counted - pull again")


# Throttling, and servers that are not up to it for a while.


def test_a_server_that_says_how_long_is_left_alone_that_long(server: ODataServer, tmp_path: Path) -> None:
    server.script(NAME, throttled(retry_after="17"), None, throttled(retry_after="3", status=503))
    pulled = pull(server.url, tmp_path)
    assert (pulled.reads[0].rows, pulled.pauses) == (5, [17.0, 3.0])
    limit = "429: Number of requests exceeded the limit of 6000 over time window of 300 seconds."
    assert pulled.told == [f"{NAME}, page 1: {limit} - asking again in 17 s"]


def test_a_pause_may_be_told_as_a_time(server: ODataServer, tmp_path: Path) -> None:
    until = throttled(retry_after="Thu, 26 Nov 2026 12:00:42 GMT")
    server.script(NAME, until._replace(headers={**until.headers, "Date": "Thu, 26 Nov 2026 12:00:02 GMT"}), None)
    assert pull(server.url, tmp_path).pauses == [40.0]


@pytest.mark.parametrize("retry_after", [None, "soon", "", "-5", "٣"])
def test_without_a_clear_word_pauses_double(retry_after: str | None, tmp_path: Path) -> None:
    with serve() as server:
        header = retry_after if retry_after is None or retry_after.isascii() else retry_after.encode().decode("latin-1")
        server.script(NAME, *[throttled(retry_after=header)] * 7)
        pulled = pull(server.url, tmp_path)
        assert (pulled.problems, pulled.pauses) == ([""], [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0])


def test_chance_makes_pauses_longer(server: ODataServer, tmp_path: Path) -> None:
    server.script(NAME, throttled(retry_after=None), throttled(retry_after="17"))
    assert pull(server.url, tmp_path, chance=0.5).pauses == [0.75, 17.5]


def test_a_time_that_is_over_asks_for_no_pause(server: ODataServer, tmp_path: Path) -> None:
    server.script(NAME, throttled(retry_after="Thu, 26 Nov 2020 12:00:42 GMT"))
    assert pull(server.url, tmp_path).pauses == [0.0]


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_may_pass_is_asked_again(status: int, tmp_path: Path) -> None:
    with serve() as server:
        server.script(NAME, Reply(status, b"<html>wait</html>", {"Content-Type": "text/html"}))
        assert pull(server.url, tmp_path).problems == [""]


def test_a_request_is_sent_eight_times_and_no_more(server: ODataServer, tmp_path: Path) -> None:
    server.script(NAME, *[error(503, "The service is busy.")] * 8, None)
    pulled = pull(server.url, tmp_path)
    assert pulled.problems == [f"{NAME}, page 1: 503: The service is busy., 8 times"]
    assert len(pulled.pauses) == 7


@pytest.mark.parametrize(("seconds", "comes"), [(60.0, True), (59.9, False)])
def test_all_pauses_together_have_a_bound(seconds: float, comes: bool, tmp_path: Path) -> None:
    with serve() as server:
        server.script(NAME, throttled(retry_after="20"), None, throttled(retry_after="40"))
        pulled = pull(server.url, tmp_path, patience=Patience(seconds=seconds))
        assert (pulled.problems == [""]) is comes
        assert pulled.pauses == ([20.0, 40.0] if comes else [20.0])


def test_a_server_that_wants_an_hour_is_told_at_once(server: ODataServer, tmp_path: Path) -> None:
    server.script(NAME, throttled(retry_after="999999999999"))
    pulled = pull(server.url, tmp_path)
    assert pulled.pauses == []
    assert pulled.problems[0].endswith("a pause of 999,999,999 s is due, and a pull waits no more than 1,800 s in all")


# Tokens.


def test_a_token_that_is_over_is_renewed_once(server: ODataServer, tmp_path: Path) -> None:
    server.script(NAME, None, Reply(401))
    pulled = pull(server.url, tmp_path, tokens=(TOKEN, TOKEN))
    assert (pulled.problems, pulled.pauses) == ([""], [])
    assert names_in(tmp_path) == ALL_NAMES


def test_a_new_token_that_is_refused_too_ends_the_pull(server: ODataServer, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentUnusable, match=r"127\.0\.0\.1:\d+ does not accept the token \(401\)$"):
        pull(server.url, tmp_path, tokens=("old", "new"))
    assert len(server.requests) == 2


def test_no_message_repeats_a_token_that_the_server_sends_back(server: ODataServer, tmp_path: Path) -> None:
    server.script(NAME, error(403, f"Bearer {TOKEN} is missing prvRead"))
    assert pull(server.url, tmp_path).problems == [f"{NAME}, page 1: 403: Bearer *** is missing prvRead"]


def test_somebody_whom_the_environment_does_not_know_ends_the_pull(server: ODataServer, tmp_path: Path) -> None:
    server.script(NAME, error(403, "The user is not a member of the organization.", code="0x80072560"))
    with pytest.raises(EnvironmentUnusable, match=r"does not know who signs in .* add an application user for it"):
        pull(server.url, tmp_path, tables=[SEGMENTS, USAGES])


# Tables that cannot be had.


def test_a_table_that_may_not_be_read_leaves_the_others_to_be_read(server: ODataServer, tmp_path: Path) -> None:
    told = "Principal user (Id=1) is missing prvReadmsdynmkt_segment privilege"
    server.script(NAME, error(403, told, code="0x80040220"))
    pulled = pull(server.url, tmp_path, tables=[SEGMENTS, USAGES])
    assert pulled.problems == [f"{NAME}, page 1: 403: {told}", ""]
    assert [read.rows for read in pulled.reads] == [0, 2]
    assert pulled.pauses == []


def test_a_table_that_the_environment_lacks_is_told_apart(server: ODataServer, tmp_path: Path) -> None:
    del server.collections[NAME]
    segments, uses = pull(server.url, tmp_path, tables=[SEGMENTS, USAGES]).reads
    assert (segments.is_missing, segments.files) == (True, ())
    assert segments.problem == f"404: Resource not found for the segment '{NAME}'."
    assert (uses.rows, uses.problem) == (2, "")


def test_the_environment_says_what_a_collection_is_called_that_is_not_there(
    server: ODataServer, tmp_path: Path
) -> None:
    server.collections["msdynmkt_segmentset"] = server.collections.pop(NAME)
    [read] = pull(server.url, tmp_path).reads
    assert (read.rows, read.problem, len(server.asked_for("msdynmkt_segmentset"))) == (5, "", 3)
    assert names_in(tmp_path) == ALL_NAMES


@pytest.mark.parametrize(
    "reply",
    [page([]), page([])._replace(body=b"{"), error(403, "no"), page([], EntitySetName=NAME), page([], EntitySetName=7)],
)
def test_an_answer_about_a_collection_that_says_nothing_leaves_it_missing(reply: Reply, tmp_path: Path) -> None:
    with serve() as server:
        del server.collections[NAME]
        server.script("EntityDefinitions(LogicalName='msdynmkt_segment')", reply)
        [read] = pull(server.url, tmp_path).reads
    assert (read.is_missing, len(server.requests)) == (True, 2)


def test_a_404_that_is_not_dataverses_is_no_missing_table(server: ODataServer, tmp_path: Path) -> None:
    server.script(NAME, Reply(404, b"<html>nothing here</html>"))
    [read] = pull(server.url, tmp_path).reads
    assert (read.is_missing, read.problem) == (False, f"{NAME}, page 1: 404")


def test_a_column_that_the_environment_lacks_is_left_out_and_told(server: ODataServer, tmp_path: Path) -> None:
    table = SEGMENTS._replace(columns=("msdynmkt_timerequiredby", *SEGMENTS.columns, "msdynmkt_scope"))
    [read] = pull(server.url, tmp_path, tables=[table]).reads
    assert (read.rows, read.left_out) == (5, ("msdynmkt_timerequiredby", "msdynmkt_scope"))


def test_a_lookup_that_is_not_declared_is_found_as_one(server: ODataServer, tmp_path: Path) -> None:
    table = SEGMENTS._replace(lookups=frozenset())
    [read] = pull(server.url, tmp_path, tables=[table]).reads
    assert (read.left_out, server.asked_for(NAME)[-1].selected[-1]) == ((), "_ownerid_value")


def test_a_lookup_whose_name_is_that_of_a_relationship_is_found_as_one(server: ODataServer, tmp_path: Path) -> None:
    server.collections[NAME] = server.collections[NAME]._replace(relationships=("ownerid",))
    [read] = pull(server.url, tmp_path, tables=[SEGMENTS._replace(lookups=frozenset())]).reads
    assert (read.rows, read.left_out, server.asked_for(NAME)[-1].selected[-1]) == (5, (), "_ownerid_value")


def test_a_column_that_is_only_a_relationship_is_left_out_and_told(server: ODataServer, tmp_path: Path) -> None:
    server.collections[NAME] = server.collections[NAME]._replace(relationships=("uses",))
    [read] = pull(server.url, tmp_path, tables=[SEGMENTS._replace(columns=(*SEGMENTS.columns, "uses"))]).reads
    assert (read.rows, read.left_out) == (5, ("uses",))


def test_an_unknown_key_and_other_bad_requests_are_not_sent_again(server: ODataServer, tmp_path: Path) -> None:
    pulled = pull(server.url, tmp_path, tables=[SEGMENTS._replace(key="nokey", lookups=frozenset({"x"}))])
    assert pulled.problems[0].startswith(f"{NAME}, page 1: 400: Could not find a property named 'nokey'")
    assert len(server.requests) == 1


def test_a_server_that_complains_about_what_was_not_asked_for_is_not_asked_for_ever(
    server: ODataServer, tmp_path: Path
) -> None:
    server.script(NAME, *[error(400, "Could not find a property named 'elsewhere' on type 'x'.")] * 2)
    assert pull(server.url, tmp_path).problems[0].endswith("named 'elsewhere' on type 'x'.")
    assert len(server.requests) == 1


def test_a_refusal_on_a_later_page_names_the_page_and_keeps_what_came(server: ODataServer, tmp_path: Path) -> None:
    server.script(NAME, None, error(404, "Resource not found for the segment 'x'."))
    [read] = pull(server.url, tmp_path).reads
    assert read.problem == f"{NAME}, page 2: 404: Resource not found for the segment 'x'."
    assert (read.rows, read.is_missing) == (2, False)


def test_a_long_refusal_is_cut_and_made_one_line(server: ODataServer, tmp_path: Path) -> None:
    server.script(NAME, error(403, "a\nb" + "x" * 5_000))
    [problem] = pull(server.url, tmp_path).problems
    assert problem.startswith(f"{NAME}, page 1: 403: a bxxx")
    assert len(problem) < 400


# Broken pages.

BROKEN: Mapping[str, tuple[Reply, str]] = {
    "no JSON": (page([])._replace(body=b'{"value": [{"a": 1}, {"a"'), "the answer is no JSON, or breaks off"),
    "no UTF-8": (page([])._replace(body=b'{"value": ["\xff"]}'), "the answer is no JSON, or breaks off"),
    "nothing": (page([])._replace(body=b""), "the answer is no JSON, or breaks off"),
    "too deep": (page([])._replace(body=b"[" * 100_000), "the answer is no JSON, or breaks off"),
    "a list": (page([])._replace(body=b"[]"), "the answer has no list of rows under 'value'"),
    "no value": (page([])._replace(body=b"{}"), "the answer has no list of rows under 'value'"),
    "a value that is one row": (
        page([])._replace(body=b'{"value": {}}'),
        "the answer has no list of rows under 'value'",
    ),
    "a page for people": (
        Reply(200, b"<html>sign in</html>", {"Content-Type": "text/html; charset=utf-8"}),
        "the answer is text/html: expected application/json",
    ),
    "of no type": (Reply(200, b'{"value": []}'), "the answer is of no type: expected application/json"),
    "a packed body that is none": (
        page([])._replace(body=b"no gzip", headers={"Content-Type": "application/json", "Content-Encoding": "gzip"}),
        "the answer cannot be unpacked",
    ),
    "a body that is packed twice": (
        page([])._replace(
            body=gzip.compress(gzip.compress(b'{"value": []}')),
            headers={"Content-Type": "application/json", "Content-Encoding": "gzip, gzip"},
        ),
        "the answer is packed more than once",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("number", [1, 2])
def test_a_broken_page_is_told_by_its_number_and_others_are_kept(name: str, number: int, tmp_path: Path) -> None:
    reply, told = BROKEN[name]
    with serve() as server:
        server.script(NAME, *[None] * (number - 1), reply)
        segments, uses = pull(server.url, tmp_path, tables=[SEGMENTS, USAGES]).reads
    assert segments.problem == f"{NAME}, page {number}: {told}"
    assert (segments.rows, uses.rows, uses.problem) == (2 * (number - 1), 2, "")


def test_a_body_that_breaks_off_is_asked_for_again(server: ODataServer, tmp_path: Path) -> None:
    server.script(NAME, page(segment_rows(5))._replace(cut=30))
    pulled = pull(server.url, tmp_path)
    assert (pulled.problems, pulled.pauses) == ([""], [0.5])
    assert names_in(tmp_path) == ALL_NAMES


def test_a_body_that_always_breaks_off_is_told(server: ODataServer, tmp_path: Path) -> None:
    server.script(NAME, None, *[page(segment_rows(5))._replace(cut=30)] * 8)
    assert pull(server.url, tmp_path).problems == [f"{NAME}, page 2: the answer broke off, 8 times"]


@pytest.mark.parametrize(("room", "comes"), [(0, True), (-1, False)])
def test_a_body_has_a_bound(room: int, comes: bool, tmp_path: Path) -> None:
    reply = page(segment_rows(1))
    with serve() as server:
        server.script(NAME, reply)
        pulled = pull(server.url, tmp_path, page_size=1, bounds=BOUNDS._replace(body=len(reply.body) + room))
    told = f"a single row is larger than {len(reply.body) - 1:,} bytes"
    assert pulled.problems == ["" if comes else f"{NAME}, page 1: {told}"]
    assert pulled.pauses == []


def test_fewer_rows_are_asked_for_where_a_page_is_too_large(server: ODataServer, tmp_path: Path) -> None:
    large = page([])._replace(body=b" " * 5_000)
    server.script(NAME, large, None, large)
    [read] = pull(server.url, tmp_path, page_size=4, bounds=BOUNDS._replace(body=4_000)).reads
    assert (read.rows, read.problem, names_in(tmp_path)) == (5, "", ALL_NAMES)
    sizes = [request.headers["prefer"].partition(",")[0] for request in server.asked_for(NAME)]
    assert sizes == [f"odata.maxpagesize={size}" for size in (4, 2, 2, 1, 1, 1)]


def test_a_server_that_never_answers_is_given_up(server: ODataServer, tmp_path: Path) -> None:
    server.script(NAME, None, *[Reply(hangs=True)] * 2)
    pulled = pull(server.url, tmp_path, bounds=BOUNDS._replace(read=0.05), patience=Patience(tries=2))
    assert pulled.problems == [f"{NAME}, page 2: no answer came in time, 2 times"]


def test_a_server_that_sends_too_slowly_is_given_up(server: ODataServer) -> None:
    seconds = iter(range(0, 10_000, 601))
    transport = HttpTransport(is_encrypted=False, clock=lambda: float(next(seconds)))
    try:
        with pytest.raises(NoAnswer, match=r"the answer was not complete after 600 s"):
            transport.get(
                f"{server.url}/api/data/v9.2/{NAME}?$orderby=msdynmkt_segmentid%20asc",
                {"Authorization": f"Bearer {TOKEN}"},
            )
    finally:
        transport.close()


def closed_port() -> int:
    """A port of this machine at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


def test_an_environment_that_is_not_there_is_told(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{closed_port()}"
    with pytest.raises(EnvironmentUnusable, match=r"127\.0\.0\.1:\d+ cannot be reached: no connection can be made"):
        pull(url, tmp_path)


# Links to elsewhere.


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example/api/data/v9.2/msdynmkt_segments?$skiptoken=2",
        "//elsewhere.example/api/data/v9.2/msdynmkt_segments",
        "{origin}.elsewhere.example/api/data/v9.2/msdynmkt_segments",
        "http://user@{host}/api/data/v9.2/msdynmkt_segments",
        "https://{host}/api/data/v9.2/msdynmkt_segments",
        "{origin}/elsewhere",
        "{origin}/api/data/../../elsewhere",
        "http://127.0.0.1/api/data/v9.2/msdynmkt_segments",
        "http://[/",
        7,
        "",
    ],
)
def test_a_next_page_elsewhere_is_not_asked_for(link: str | int, tmp_path: Path) -> None:
    with serve() as server:
        host = server.url.removeprefix("http://")
        written = link.format(origin=server.url, host=host) if isinstance(link, str) else link
        server.script(NAME, page(segment_rows(2), next_link=written))
        [read] = pull(server.url, tmp_path).reads
        assert read.rows in (0, 2)
        assert read.problem.startswith(
            (f"{NAME}, page 1: it names a next page outside of {server.url}", f"{NAME}, page 2: ")
        )
        assert len(server.requests) <= 2


def test_a_link_that_is_relative_is_one_to_the_same_place(server: ODataServer, tmp_path: Path) -> None:
    server.script(NAME, page(segment_rows(2), next_link=f"{NAME}?$orderby=msdynmkt_segmentid%20asc&$skiptoken=2"))
    assert pull(server.url, tmp_path).reads[0].rows == 5


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int, tmp_path: Path) -> None:
    with serve() as server, serve() as other:
        server.script(NAME, Reply(status, b"", {"Location": f"{other.url}/api/data/v9.2/{NAME}?secret=1"}))
        told = rf"answers with a redirect to 127\.0\.0\.1 \({status}\), which a token does not follow"
        with pytest.raises(EnvironmentUnusable, match=told) as raised:
            pull(server.url, tmp_path)
        assert "secret" not in str(raised.value)
        assert other.requests == []


def test_a_redirect_to_the_environment_itself_is_not_followed_either(server: ODataServer, tmp_path: Path) -> None:
    server.script(NAME, Reply(302, b"", {"Location": "/api/data/v9.2/other"}))
    with pytest.raises(EnvironmentUnusable, match="answers with a redirect"):
        pull(server.url, tmp_path)
    assert len(server.requests) == 1


def test_pages_that_go_round_in_a_circle_are_left(server: ODataServer, tmp_path: Path) -> None:
    there, back = (f"{server.url}/api/data/v9.2/{NAME}?$skiptoken={name}" for name in ("there", "back"))
    server.script(
        NAME, page([], next_link=there), page([], next_link=back), page([], next_link=there), page([], next_link=back)
    )
    [read] = pull(server.url, tmp_path).reads
    assert read.problem == f"{NAME}, page 4: it is a page that was read before: the pages go round in a circle"
    assert len(server.requests) == 3


@pytest.mark.parametrize(("most", "comes"), [(3, True), (2, False)])
def test_pages_have_a_bound(
    most: int, comes: bool, server: ODataServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_PAGES", most)
    assert pull(server.url, tmp_path).problems == ["" if comes else f"{NAME}, page 3: there are more than 2 pages"]


def test_what_is_no_url_of_the_environment_is_never_sent(server: ODataServer) -> None:
    transport = HttpTransport(is_encrypted=False)
    try:
        api = WebApi(read_address(server.url), tokens=GivenTokens(TOKEN), transport=transport, tell=print)
        with pytest.raises(ValueError, match="a token goes nowhere but to its environment"):
            api.get("https://elsewhere.example/api/data/v9.2/x", {}, about="x")
    finally:
        transport.close()


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "ALL_PROXY"])
@pytest.mark.parametrize("value", ["ftp://me:hunter2@proxy.example", "socks5://me:hunter2@a", "http://me:hunter2@a:b"])
def test_a_proxy_that_cannot_be_used_is_told_without_its_password(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(UsageError) as raised:
        HttpTransport()
    assert str(raised.value) == "an environment variable about proxies or certificates cannot be used"
    assert raised.value.__suppress_context__


def test_certificates_that_are_not_there_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    with pytest.raises(UsageError, match="an environment variable about proxies or certificates cannot be used"):
        HttpTransport()


def test_a_proxy_that_refuses_is_told_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:hunter2@127.0.0.1:{closed_port()}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    transport = HttpTransport()
    try:
        with pytest.raises(NoAnswer, match="no connection can be made") as raised:
            transport.get("https://contoso.crm4.dynamics.com/api/data/v9.2/x", {"Authorization": f"Bearer {TOKEN}"})
    finally:
        transport.close()
    assert not raised.value.was_reached
    assert "hunter2" not in str(raised.value)


def test_a_proxy_is_not_sent_what_goes_to_this_machine_without_encryption(
    server: ODataServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://proxy.invalid:1")
    assert pull(server.url, tmp_path).problems == [""]
