"""`journeylint pull`, from an environment on this machine to manifests. All rows are synthetic."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from journeylint.host import build_host
from tests.contract.command_line import run_in
from tests.odata_server import FORMATTED, TOKEN, Collection, ODataServer, Reply, Request, Row, error, page

JOURNEYS, SEGMENTS, USAGES = "msdynmkt_journeys", "msdynmkt_segments", "msdynmkt_segmentusages"


def key(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-{number:012x}"


def journey(number: int) -> dict[str, object]:
    definition = {
        "type": 1,
        "name": f"Journey {number}",
        "trigger": {"type": "OneTime", "audience": key(1), "parameters": {"startTime": "2026-12-01T09:00:00Z"}},
        "actions": {},
    }
    return {
        "msdynmkt_journeyid": key(100 + number),
        "msdynmkt_name": f"Journey {number}",
        "msdynmkt_journeyjson": json.dumps(definition),
        "msdynmkt_triggertype": 2,
        f"msdynmkt_triggertype{FORMATTED}": "OneTime",
        "statecode": 0,
        "statuscode": 1,
        "_owningbusinessunit_value": key(9),
        f"_owningbusinessunit_value{FORMATTED}": "Contoso Europe",
    }


def segment(number: int) -> dict[str, object]:
    return {
        "msdynmkt_segmentid": key(number),
        "msdynmkt_displayname": f"Ségment {number}",
        "msdynmkt_source": 12,
        "msdynmkt_type": 11,
        "msdynmkt_membercount": 1000 + number,
        "statuscode": 1,
    }


def usage(number: int) -> dict[str, object]:
    return {
        "msdynmkt_segmentusageid": key(200 + number),
        "_msdynmkt_journeyid_value": key(100 + number),
        "_msdynmkt_targetsegmentid_value": key(2),
        "msdynmkt_usage": 2,
    }


def serve_all(tables: Mapping[str, Iterable[Row]]) -> dict[str, Collection]:
    """Collections with these rows and all columns that are asked for; those of which there are none are empty."""
    served = {}
    for table in build_host([]).tables.values():
        names = (f"_{one}_value" if one in table.lookups else one for one in (table.key, *table.columns))
        served[table.collection] = Collection(
            table.name, table.key, tuple(dict.fromkeys(names)), tuple(tables.get(table.collection, ()))
        )
    return served


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ODataServer]:
    monkeypatch.setenv("JOURNEYLINT_DATAVERSE_TOKEN", TOKEN)
    rows = {
        JOURNEYS: map(journey, range(5)),
        SEGMENTS: map(segment, range(1, 4)),
        USAGES: map(usage, range(5)),
    }
    with ODataServer(serve_all(rows)) as running:
        yield running


def serve_segments(server: ODataServer, numbers: Iterable[int]) -> None:
    """Let the server have the segments with these numbers."""
    server.collections[SEGMENTS] = server.collections[SEGMENTS]._replace(rows=tuple(map(segment, numbers)))


def pull(folder: Path, server: ODataServer, *argv: str) -> tuple[int, str, str]:
    return run_in(folder, ["pull", server.url, "-o", "out", "--auth", "token", "--page-size", "2", *argv])


def contents(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()
    }


def test_a_pull_writes_what_an_import_of_its_pages_writes_to_the_byte(server: ODataServer, tmp_path: Path) -> None:
    status, out, _ = pull(tmp_path, server, "--keep-pages", "pages", "--environment", "contoso-prod")
    imported = run_in(tmp_path, ["import", "pages", "-o", "again", "--environment", "contoso-prod"])
    assert (status, imported[0]) == (0, 0)
    assert out.replace(" out", " again").replace("out/", "again/") == imported[1]
    assert contents(tmp_path / "out") == contents(tmp_path / "again")
    assert len(contents(tmp_path / "out")) == 8
    written = (tmp_path / "out/journeys/journey-0.yaml").read_text(encoding="utf-8")
    assert "environment: contoso-prod" in written
    assert "Contoso Europe" in written
    assert "role: suppression" in written


def test_a_pull_without_kept_pages_writes_the_same_and_leaves_nothing_else(server: ODataServer, tmp_path: Path) -> None:
    pull(tmp_path, server, "--keep-pages", "pages")
    kept = contents(tmp_path / "out")
    other = tmp_path / "other"
    other.mkdir()
    assert pull(other, server)[0] == 0
    assert contents(other / "out") == kept
    assert [path.name for path in other.iterdir()] == ["out"]


def test_a_second_pull_changes_nothing(server: ODataServer, tmp_path: Path) -> None:
    pull(tmp_path, server)
    before = contents(tmp_path)
    status, out, _ = pull(tmp_path, server)
    assert (status, contents(tmp_path)) == (0, before)
    assert "0 created, 0 changed, 8 as they were" in out


def test_the_size_of_pages_changes_nothing(server: ODataServer, tmp_path: Path) -> None:
    pull(tmp_path, server)
    before = contents(tmp_path / "out")
    assert pull(tmp_path, server, "--page-size", "999999")[0] == 0
    assert contents(tmp_path / "out") == before
    assert "odata.maxpagesize=5000" in server.requests[-1].headers["prefer"]


def test_kept_pages_are_what_came(server: ODataServer, tmp_path: Path) -> None:
    pull(tmp_path, server, "--keep-pages", "kept/pages")
    names = sorted(path.name for path in (tmp_path / "kept/pages").iterdir())
    assert [name for name in names if name.startswith((JOURNEYS, f"{SEGMENTS}-", USAGES))] == [
        *(f"{JOURNEYS}-0000{number}.json" for number in (1, 2, 3)),
        *(f"{SEGMENTS}-0000{number}.json" for number in (1, 2)),
        *(f"{USAGES}-0000{number}.json" for number in (1, 2, 3)),
    ]
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["pages"]


@pytest.mark.parametrize("is_folder", [True, False])
def test_pages_are_not_kept_where_something_is(is_folder: bool, server: ODataServer, tmp_path: Path) -> None:
    there = tmp_path / "pages"
    (there / "old").mkdir(parents=True) if is_folder else there.write_text("old")
    status, out, err = pull(tmp_path, server, "--keep-pages", "pages")
    assert (status, out) == (2, "")
    assert err == "error: --keep-pages pages: there is something already: name a folder that is new or empty\n"
    assert server.requests == []


def test_a_dry_run_reads_and_writes_nothing(server: ODataServer, tmp_path: Path) -> None:
    status, out, _ = pull(tmp_path, server, "--dry-run")
    assert (status, list(tmp_path.iterdir())) == (0, [])
    assert "Would write 8 manifests" in out


def test_only_the_tables_that_are_named_are_read(server: ODataServer, tmp_path: Path) -> None:
    assert pull(tmp_path, server, "--table", "msdynmkt_segment")[0] == 0
    assert {request.target.partition("?")[0].rpartition("/")[2] for request in server.requests} == {SEGMENTS}
    assert len(contents(tmp_path)) == 3


def test_an_unknown_table_is_told_with_the_nearest(server: ODataServer, tmp_path: Path) -> None:
    status, _, err = pull(tmp_path, server, "--table", "msdynmkt_segmnet")
    assert (status, server.requests) == (2, [])
    assert err == "error: --table msdynmkt_segmnet: there is no such table - did you mean 'msdynmkt_segment'?\n"


def test_a_collection_of_another_name_is_found_and_read_as_the_table_that_it_is(
    server: ODataServer, tmp_path: Path
) -> None:
    server.collections["msdynmkt_segmentset"] = server.collections.pop(SEGMENTS)
    status, _, err = pull(tmp_path, server, "--table", "msdynmkt_segment")
    assert (status, err, len(contents(tmp_path))) == (0, "", 3)


# What cannot be had.


NOTHING = "warning: nothing is written, for a table that could not be read may say more about what is in others"


@pytest.mark.parametrize("name", [JOURNEYS, SEGMENTS, USAGES])
def test_a_table_that_may_not_be_read_is_a_failure_and_nothing_is_written(
    name: str, server: ODataServer, tmp_path: Path
) -> None:
    pull(tmp_path, server)
    before = contents(tmp_path)
    serve_segments(server, range(2, 6))
    server.script(name, error(403, "Principal user is missing prvRead", code="0x80040220"))
    status, out, err = pull(tmp_path, server, "--prune")
    assert (status, contents(tmp_path)) == (3, before)
    assert f"  {name}, page 1: 403: Principal user is missing prvRead" in out
    assert err.startswith(NOTHING)


def test_what_only_an_unreadable_table_knows_stays_in_the_manifests_of_others(
    server: ODataServer, tmp_path: Path
) -> None:
    pull(tmp_path, server)
    server.script(USAGES, None, error(500, "x")._replace(status=403))
    assert pull(tmp_path, server)[0] == 3
    assert b"role: suppression" in (tmp_path / "out/journeys/journey-4.yaml").read_bytes()


def test_all_tables_that_cannot_be_read_are_told_at_once(server: ODataServer, tmp_path: Path) -> None:
    server.script(JOURNEYS, error(403, "no"))
    server.script(USAGES, None, page([])._replace(body=b'{"value": ['))
    status, out, _ = pull(tmp_path, server)
    assert (status, list(tmp_path.iterdir())) == (3, [])
    assert f"{JOURNEYS}, page 1: 403: no" in out
    assert f"{USAGES}, page 2: the answer is no JSON, or breaks off" in out


def test_a_row_that_cannot_be_imported_is_a_failure_and_the_rest_is_imported(
    server: ODataServer, tmp_path: Path
) -> None:
    broken = {**journey(7), "msdynmkt_journeyjson": "{"}
    server.collections[JOURNEYS] = server.collections[JOURNEYS]._replace(rows=(journey(1), broken))
    status, out, err = pull(tmp_path, server)
    assert (status, err) == (3, "")
    assert f"{JOURNEYS}-00001.json:1:" in out
    assert (tmp_path / "out/journeys/journey-1.yaml").exists()


def test_rows_that_are_gone_are_told_and_deleted_when_asked(server: ODataServer, tmp_path: Path) -> None:
    pull(tmp_path, server)
    serve_segments(server, range(1, 3))
    status, out, _ = pull(tmp_path, server)
    assert status == 0
    assert "out/segments/segment-3.yaml: its row is gone" in out
    assert pull(tmp_path, server, "--prune")[0] == 0
    assert not (tmp_path / "out/segments/segment-3.yaml").exists()


def test_a_table_that_the_environment_lacks_is_told_and_no_failure(server: ODataServer, tmp_path: Path) -> None:
    del server.collections[USAGES]
    first = pull(tmp_path, server)
    del server.collections["msdynmkt_smses"]
    second = pull(tmp_path, server)
    known = ": nothing is known of what would be there\n"
    told = "warning: the environment does not have the"
    assert (first[0], first[2]) == (0, f"{told} table msdynmkt_segmentusage{known}")
    assert (second[0], second[2]) == (0, f"{told} tables msdynmkt_segmentusage, msdynmkt_sms{known}")


def test_columns_that_the_environment_lacks_are_told(server: ODataServer, tmp_path: Path) -> None:
    served = server.collections[SEGMENTS]
    left = tuple(name for name in served.properties if name not in ("msdynmkt_scope", "statuscode"))
    server.collections[SEGMENTS] = served._replace(properties=left)
    _, _, err = pull(tmp_path, server)
    table = "warning: the environment's table msdynmkt_segment"
    assert err == f"{table} does not have msdynmkt_scope, statuscode: nothing is known of what that would say\n"


def test_an_environment_without_any_table_ends_the_pull(server: ODataServer, tmp_path: Path) -> None:
    server.collections.clear()
    status, out, err = pull(tmp_path, server)
    assert (status, out, list(tmp_path.iterdir())) == (2, "", [])
    assert err.startswith(f"error: {server.url} has none of the tables msdynmkt_journey, ")


def test_a_token_that_is_not_accepted_ends_the_pull_before_anything_is_written(
    server: ODataServer, tmp_path: Path
) -> None:
    server.tokens.clear()
    status, out, err = pull(tmp_path, server)
    assert (status, out, list(tmp_path.iterdir())) == (2, "", [])
    told = "the token in JOURNEYLINT_DATAVERSE_TOKEN is not accepted: it may be over, or for another URL"
    assert err == f"error: {told}\n"


def test_no_output_holds_the_token(server: ODataServer, tmp_path: Path) -> None:
    server.script(JOURNEYS, error(403, f"{TOKEN}"))
    server.script(SEGMENTS, None, Reply(302, b"", {"Location": f"https://elsewhere.example/?t={TOKEN}"}))
    _, out, err = pull(tmp_path, server)
    server.script(JOURNEYS, error(403, f"Bearer {TOKEN} is no good"))
    _, second, _ = pull(tmp_path, server, "--format", "json")
    assert "elsewhere.example" in err
    assert "Bearer ***" in second
    assert TOKEN not in out + err + second


def test_what_a_server_says_cannot_give_orders_to_a_terminal_or_a_log(server: ODataServer, tmp_path: Path) -> None:
    server.script(JOURNEYS, error(403, "\x1b[2J\n::error::x ##vso[task.complete]"))
    _, out, _ = pull(tmp_path, server)
    assert "\x1b" not in out
    assert "##vso" not in out
    assert "\n::" not in out


class Interrupting(ODataServer):
    """A server at which somebody loses patience after some requests."""

    patience = 4

    def reply_to(self, request: Request) -> Reply:
        self.patience -= 1
        if self.patience < 0:
            main = threading.main_thread().ident
            assert main is not None
            signal.pthread_kill(main, signal.SIGINT)
            return Reply(hangs=True)
        return super().reply_to(request)


def test_ctrl_c_leaves_the_folder_as_it_was(tmp_path: Path, server: ODataServer) -> None:
    pull(tmp_path, server)
    before = contents(tmp_path)
    serve_segments(server, range(4, 9))
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background has it ignored
    try:
        with Interrupting(server.collections) as interrupting:
            status, out, _ = pull(tmp_path, interrupting, "--keep-pages", "pages")
    finally:
        signal.signal(signal.SIGINT, handler)
    assert (status, out) == (130, "")
    assert contents(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_page_names_every_table_that_is_read() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs/pulling.md").read_text(encoding="utf-8")
    assert [name for name in build_host([]).tables if f"`{name}`" not in text] == []


# The command line.


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        ([], "name the environment: journeylint pull https://contoso.crm4.dynamics.com -o FOLDER"),
        (["https://contoso.crm4.dynamics.com"], "-o FOLDER is missing: say where the manifests are"),
        (
            ["http://contoso.crm4.dynamics.com", "-o", "x"],
            "http://contoso.crm4.dynamics.com: a token must not be sent without encryption: expected https",
        ),
        (
            ["https://contoso.crm4.dynamics.com", "-o", "x", "--auth", "token"],
            "--auth token: the environment variable JOURNEYLINT_DATAVERSE_TOKEN is not set",
        ),
    ],
)
def test_what_cannot_be_carried_out_is_told(
    argv: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JOURNEYLINT_DATAVERSE_TOKEN", raising=False)
    status, out, err = run_in(tmp_path, ["pull", *argv])
    assert (status, out, err) == (2, "", f"error: {told}\n")


@pytest.mark.parametrize(("library", "auth"), [("httpx", "token"), ("azure", "default"), ("azure.identity", "cli")])
def test_without_its_libraries_the_command_says_what_to_install(library: str, auth: str, tmp_path: Path) -> None:
    program = (
        f"import sys; sys.modules[{library!r}] = None; from journeylint.cli import main\n"
        f"sys.exit(main(['pull', 'https://contoso.crm4.dynamics.com', '-o', 'x', '--auth', {auth!r}]))"
    )
    environment = {"JOURNEYLINT_DATAVERSE_TOKEN": TOKEN, "PATH": ""}
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    name = library.partition(".")[0]
    told = f"journeylint pull needs libraries that are not installed ({name}): pip install 'journeylint[dataverse]'"
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", f"error: {told}\n")


def test_a_check_imports_nothing_that_could_use_a_network(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "apiVersion: journeylint/v1\nkind: Segment\nmetadata: {name: a}\nspec: {source: realtime}\n", encoding="utf-8"
    )
    program = (
        "import sys; from journeylint.cli import main\n"
        "status = main(['check', '.'])\n"
        "names = {name.partition('.')[0] for name in sys.modules} & {'httpx', 'httpcore', 'azure', 'msal', 'requests', 'ssl'}\n"
        "ours = {name for name in sys.modules if name.startswith('journeylint.web_api')}\n"
        "sys.exit(f'{status} {sorted(names | ours)}')"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.stderr == "0 []\n"
