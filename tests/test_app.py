"""The web door: its routes and middleware, spoken to over HTTP, and how the server is set up."""

import asyncio
import csv
import io
import json
import os
import socket
import subprocess
import sys
import time
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread

import pytest
import uvicorn
from starlette.applications import Starlette
from streamlit import config

import app as door
from engine.intake.read import read_sheet
from engine.never_probed import parse_listed
from engine.preflight.line import Check, Light
from engine.preflight.run import run_preflight
from engine.settings import Settings
from pages.parts.refusal import FILE_GONE, NO_TICKET
from pages.parts.tickets import Compared, Download, NeverAsked, Page, Rows, Suppression, Written, tickets
from runtime import Runtime, close_runtime, open_runtime
from storage.drafts import LIFE_S, drafts
from storage.exports import Export
from storage.files import FOR_SPREADSHEETS, Dialect
from storage.intake import save_upload
from storage.never_probed import Origin, write_lines
from storage.order import Kind, Order
from storage.uploads import Choice

ROOT = Path(door.__file__).parent
DEADLINE_S = 60.0
CELLS = ["quince@orchard.sandbox", "=1+1", "Größe"]


@pytest.fixture
def runtime(made_database: Path) -> Iterator[Runtime]:
    """A runtime that can reach nobody."""
    opened = open_runtime(Settings(database_url=f"sqlite:///{made_database}", resolvers=("127.0.0.1:9",)))
    yield opened
    close_runtime(opened)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Answer:
    """What an HTTP request came back with."""

    status: int
    headers: Message
    content: bytes


@pytest.fixture
def get(runtime: Runtime, eventually: Callable[..., None]) -> Iterator[Callable[..., Answer]]:
    """Ask our routes, behind our middleware, over HTTP; the pages are left out."""
    inner = Starlette(routes=door.app._user_routes, middleware=door.app._user_middleware)
    serving = uvicorn.Server(uvicorn.Config(inner, port=(port := free_port()), log_level="warning"))
    thread = Thread(target=serving.run)
    thread.start()
    eventually(lambda: serving.started)
    yield lambda path, host="localhost", method="GET": ask(port, path, host, method)
    serving.should_exit = True
    thread.join(DEADLINE_S)


def ask(port: int, path: str, host: str = "localhost", method: str = "GET") -> Answer:
    connection = HTTPConnection("127.0.0.1", port, timeout=DEADLINE_S)
    try:
        connection.request(method, path, headers={"Host": host})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


@pytest.fixture
def upload(runtime: Runtime) -> int:
    sheet = read_sheet("\n".join(["email", *CELLS]).encode(), "fruits.csv", has_header=True)
    return save_upload(runtime.database, sheet, Choice(("email",)))


def ticket_for(upload: int | None, content: object, name: str = "fruits - cleaned.csv") -> str:
    return tickets.hand_out(Download(upload, content, name))


def rows_of(upload: int, **dialect: object) -> Rows:
    return Rows(Export(upload, columns=("status",)), Dialect(**dialect))


def test_health_says_how_the_engine_is_and_what_waits(get, runtime):
    answer = get("/health")
    assert answer.status == 200
    told = json.loads(answer.content)
    assert told.keys() == {"engine", "queue"}
    assert told["queue"] == 0


def test_health_is_503_when_the_engine_is_dead(get, runtime, eventually):
    runtime.engine.stop()
    eventually(lambda: not runtime.engine.is_alive)
    assert get("/health").status == 503


def test_the_counters_are_given_as_a_scraper_reads_them(get, upload):
    answer = get("/metrics")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert b'winnow_queue{state="waiting"} 0.0' in answer.content
    assert b"# TYPE winnow_verdicts_total counter" in answer.content


def test_the_counters_are_for_this_machine_only(get):
    assert get("/metrics", host="rebound.example").status == 400


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8501", "[::1]:8501"])
def test_this_machine_s_names_are_answered(get, host):
    assert get("/health", host=host).status == 200


def test_a_foreign_host_name_is_refused(get):
    assert get("/health", host="rebound.example").status == 400


def test_every_answer_keeps_the_browser_on_this_server(get):
    policy = get("/health").headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http:" not in policy
    assert "https:" not in policy


def test_a_ticket_downloads_the_exact_list_once(get, upload):
    ticket = ticket_for(upload, rows_of(upload))
    answer = get(f"/download/{ticket}")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows == [
        ["email", "status"],
        [CELLS[0], "unknown"],
        [CELLS[1], "invalid"],
        [CELLS[2], "invalid"],
    ]
    again = get(f"/download/{ticket}")
    assert (again.status, again.content.decode()) == (404, NO_TICKET)
    assert again.headers["content-type"].startswith("text/html")
    assert again.headers["cache-control"] == "no-store"


def test_who_only_looks_what_a_ticket_is_good_for_does_not_use_it_up(get, upload):
    ticket = ticket_for(upload, rows_of(upload))
    looked = get(f"/download/{ticket}", method="HEAD")
    assert (looked.status, looked.headers["allow"]) == (405, "GET")
    assert get(f"/download/{ticket}").status == 200


def test_a_ticket_is_good_for_nothing_once_its_list_is_deleted(get, upload, runtime):
    ticket = ticket_for(upload, rows_of(upload))
    runtime.delete_upload(upload)
    assert get(f"/download/{ticket}").status == 404


def test_a_ticket_downloads_a_comparison_unless_one_of_its_lists_is_gone(get, upload, runtime):
    sheet = read_sheet(b"email\nquince@orchard.sandbox\nnew@orchard.sandbox", "later.csv", has_header=True)
    later = save_upload(runtime.database, sheet, Choice(("email",)))
    compared = Compared(upload, later, FOR_SPREADSHEETS)
    answer = get(f"/download/{ticket_for(later, compared)}")
    assert answer.status == 200
    assert answer.content.decode("utf-8-sig").startswith("email,change,status_before")
    runtime.delete_upload(upload)
    assert get(f"/download/{ticket_for(later, compared)}").status == 410


@pytest.mark.parametrize("ticket", ["x", "..%2F..%2Fapp.py", "%00"])
def test_whoever_has_no_ticket_gets_nothing(get, upload, ticket):
    assert get(f"/download/{ticket}").status == 404


def test_a_page_that_says_no_tells_a_person_what_to_do_and_asks_nobody_else():
    for said in (NO_TICKET, FILE_GONE):
        assert "Back to Export" in said
        assert "http" not in said


def test_the_csv_for_excel_has_a_mark_and_no_formula(get, upload):
    answer = get(f"/download/{ticket_for(upload, rows_of(upload, has_mark=True, is_exact=False))}")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert b"\n'=1+1," in answer.content


def test_the_suppression_file_is_streamed(get, upload):
    answer = get(f"/download/{ticket_for(upload, Suppression(upload, Dialect()))}")
    assert answer.content == b"email\r\n"


def test_the_never_asked_list_is_streamed_though_there_is_no_list_to_hang_on(get, runtime):
    write_lines(runtime.database, [parse_listed("mx:mill.com")], Origin("a partner", "=Partners"))
    answer = get(f"/download/{ticket_for(None, NeverAsked(FOR_SPREADSHEETS), 'never-asked.csv')}")
    header, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert header == ["address or domain", "kind", "list", "note", "added"]
    assert row[:4] == ["mx:mill.com", "mx", "'=Partners", "a partner"]


def test_the_report_is_sent_as_a_page_to_keep(get, upload):
    answer = get(f"/download/{ticket_for(upload, Page('<p>Obst</p>'), 'fruits - report.html')}")
    assert answer.content == b"<p>Obst</p>"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment")


@pytest.fixture
def temp(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()
    yield tmp_path / "temp"
    drafts.close()


def test_the_workbook_is_sent_whole_and_leaves_no_file_behind(get, runtime, upload, temp, eventually):
    order = Order(Kind.BOOK, Export(upload), len(CELLS))
    name = drafts.begin(runtime.settings.database_url, order)
    eventually(lambda: drafts.look(name).is_whole)
    answer = get(f"/download/{ticket_for(upload, Written(name), 'fruits.xlsx')}")
    sheet = read_sheet(answer.content, "fruits.xlsx")
    assert sheet.frame["email"].tolist() == CELLS
    assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None
    assert answer.headers["content-type"] == door.MEDIA_TYPES[".xlsx"]
    eventually(lambda: not [each for each in temp.rglob("*") if each.is_file()])
    again = get(f"/download/{ticket_for(upload, Written(name), 'fruits.xlsx')}")
    assert (again.status, again.content.decode()) == (410, FILE_GONE)


def test_while_the_app_serves_files_of_the_dead_are_cleared_and_at_its_end_its_own(
    runtime, upload, temp, eventually
):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(DEADLINE_S)
    (dead := temp / f"winnow-export-{ended.pid}-x").mkdir()

    async def serve() -> None:
        async with door._drafts_cleared():
            drafts.begin(runtime.settings.database_url, Order(Kind.BOOK, Export(upload), 3))
            assert not dead.exists()
            assert list(temp.iterdir())

    asyncio.run(serve())
    assert not list(temp.iterdir())


def test_a_file_that_nobody_fetched_is_removed_after_its_hour_while_the_app_serves(
    runtime, upload, temp, eventually, monkeypatch
):
    monkeypatch.setattr(door, "CLEARED_EVERY_S", 0.01)
    name = drafts.begin(runtime.settings.database_url, Order(Kind.BOOK, Export(upload), len(CELLS)))
    eventually(lambda: drafts.look(name).is_whole)
    monkeypatch.setattr(drafts, "_clock", lambda: time.monotonic() + LIFE_S)

    async def serve() -> None:
        async with door._drafts_cleared():
            await asyncio.to_thread(eventually, lambda: drafts.look(name) is None)
            await asyncio.to_thread(eventually, lambda: not any(each.is_file() for each in temp.rglob("*")))

    asyncio.run(serve())


def test_a_file_name_in_any_script_survives(get, upload):
    answer = get(f"/download/{ticket_for(upload, rows_of(upload), 'Äpfel & Birnen - cleaned.csv')}")
    assert answer.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''%C3%84pfel%20%26%20Birnen%20-%20cleaned.csv"
    )


def test_the_demo_s_machine_stands_well_with_the_hosts_of_its_world():
    with door._opened_demo() as demo:
        assert len(demo.landmarks) == door.DEMO_LANDMARKS
        found = asyncio.run(run_preflight(demo.settings, demo.landmarks))
    assert found.is_port_open
    assert [line.check for line in found.lines] == list(Check)
    assert found.worst is Light.GREEN


def test_a_demo_clears_away_after_those_that_were_killed_and_after_no_other(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(DEADLINE_S)
    dead, alive, nobodys = (
        tmp_path / f"winnow-demo-{owner}" for owner in (f"{ended.pid}-x", f"{os.getpid()}-x", "y-x")
    )
    for folder in (dead, alive, nobodys):
        folder.mkdir()
        folder.joinpath("demo.db").touch()
    with door._opened_demo():
        assert not dead.exists()
        assert alive.exists()
        assert nobodys.exists()
    assert {each.name for each in tmp_path.iterdir()} >= {alive.name, nobodys.name}


def test_the_hidden_option_that_spares_the_engine_still_exists():
    assert config._config_options_template["runner.postScriptGC"].visibility == "hidden"


def test_the_server_is_set_up_to_be_private(server_config):
    assert server_config == {
        "server.address": "127.0.0.1",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
        "runner.postScriptGC": False,
        "server.maxUploadSize": 200,
    }


@pytest.fixture
def server_config() -> dict[str, object]:
    written = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    wanted = (
        "server.address",
        "server.fileWatcherType",
        "browser.gatherUsageStats",
        "client.showErrorDetails",
        "client.toolbarMode",
        "runner.postScriptGC",
        "server.maxUploadSize",
    )
    return {name: written[name.split(".")[0]][name.split(".")[1]] for name in wanted}
