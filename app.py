"""The web door: opens the house while the server runs, and answers /health, /metrics and /download besides.

streamlit run app.py                     at http://localhost:8501
WINNOW_DEMO=1 streamlit run app.py       the same in a made-up mail world on this machine
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.beforehand import spare_what_stays
from engine.settings import Settings, UnusableSettings, read_settings
from engine.thread import EngineGone
from engine_process import EngineProcess, logged
from pages.parts.refusal import FILE_GONE, NO_TICKET
from pages.parts.tickets import Compared, Download, NeverAsked, Page, Rows, Suppression, Written, tickets
from runtime import Runtime, close_runtime, current, open_runtime
from storage.comparison_file import comparison_lines
from storage.database import Database, UnusableDatabase
from storage.drafts import FOLDER as DRAFTS_FOLDER
from storage.drafts import drafts
from storage.files import csv_lines
from storage.lease import engine_holder
from storage.leftovers import clear_leftovers, folder_prefix
from storage.never_asked import never_asked_lines
from storage.pace import backlog, waiting_entries
from storage.undeliverable import suppression_lines
from storage.uploads import is_there

THIS_MACHINE = ["localhost", "127.0.0.1", "[::1]"]
NOT_KEPT = {"Cache-Control": "no-store"}
CLEARED_EVERY_S = 60.0

DEMO_ADDRESSES = 600
DEMO_GREYLIST_S = 4.0
DEMO_ROUND_TRIP_MS = 40.0
DEMO_FILE = "Sample customers.csv"
DEMO_HELO = "winnow.sandbox"
DEMO_LANDMARKS = 5
DEMO_FOLDER = "winnow-demo-"
DEMO_SETTINGS = {
    "VALIDATOR_HELO": DEMO_HELO,
    "DOMAIN_SESSIONS_PER_MINUTE": "0",
    "SESSION_BACKOFF_MS": "100",
    "GREYLIST_RETRY_SECONDS": "5,5,10",
    "OUTAGE_RETRY_SECONDS": "5,5",
    "BREAKER_MINUTES": "0.2",
}
"""What makes retries quick: in the sandbox nobody minds."""

SAFE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self' ws: wss:; worker-src 'self' blob:; frame-ancestors 'none'; object-src 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What keeps the browser from calling anybody but this server; Streamlit needs the `unsafe` ones."""


class SafeHeaders:
    """Middleware that puts the headers above on every answer."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the inner application does (ASGI 3.0), with the headers."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SAFE_HEADERS)
            await send(message)

        await self._inner(scope, receive, send_safely)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Open the house when the server starts and close it when it stops, once each."""
    spare_what_stays()
    with logged(), _opened_demo() if os.environ.get("WINNOW_DEMO") == "1" else _opened(os.environ):
        async with _drafts_cleared():
            yield


@asynccontextmanager
async def _drafts_cleared() -> AsyncIterator[None]:
    """Clear away files that nobody fetched: those of the dead at once, ours each after its hour."""
    clear_leftovers(DRAFTS_FOLDER)
    clearing = asyncio.create_task(_clear_again_and_again())
    try:
        yield
    finally:
        clearing.cancel()
        drafts.close()


async def _clear_again_and_again() -> None:
    while True:
        await asyncio.sleep(CLEARED_EVERY_S)
        await asyncio.to_thread(drafts.clear)


@contextmanager
def _opened(
    environ: Mapping[str, str],
    sample: Callable[[], tuple[str, bytes]] | None = None,
    landmarks: tuple[str, ...] = (),
) -> Iterator[Runtime]:
    """Keep the runtime open. Ends the program with one sentence where settings or database are unusable."""
    try:
        runtime = open_runtime(read_settings(environ), sample, landmarks, engine_beside)
    except (UnusableSettings, UnusableDatabase) as error:
        raise SystemExit(f"Winnow cannot start. {error}") from None
    try:
        yield runtime
    finally:
        close_runtime(runtime)


def engine_beside(settings: Settings, _database: Database) -> EngineProcess:
    """Make an engine that runs in a process of its own."""
    return EngineProcess(settings)


@contextmanager
def _opened_demo() -> Iterator[Runtime]:
    """Keep the runtime open in a made-up mail world, with a database that is thrown away afterwards."""
    from sandbox import Sandbox, build_world, sample_rows, with_asker, write_csv  # only the demo needs them

    world = with_asker(build_world(1, DEMO_ADDRESSES, greylist_delay_s=DEMO_GREYLIST_S), DEMO_HELO)
    ordinary = (domain.name for domain in world.domains.values() if domain.kind == "plain")
    landmarks = tuple(islice(ordinary, DEMO_LANDMARKS))
    clear_leftovers(DEMO_FOLDER)
    with TemporaryDirectory(prefix=folder_prefix(DEMO_FOLDER)) as folder:
        sample = Path(folder) / DEMO_FILE
        write_csv(sample, *sample_rows(world, seed=1))
        with Sandbox(world, round_trip_ms=DEMO_ROUND_TRIP_MS) as sandbox:
            own = {"DATABASE_URL": f"sqlite:///{Path(folder) / 'demo.db'}"}
            environ = {**os.environ, **DEMO_SETTINGS, **sandbox.environment(), **own}
            with _opened(environ, lambda: (DEMO_FILE, sample.read_bytes()), landmarks) as runtime:
                yield runtime


def health(_request: Request) -> JSONResponse:
    """Say how the engine is and how many mailboxes wait; 503 where its thread is dead."""
    runtime = current()
    holder = engine_holder(runtime.database)
    told = {"engine": holder.notice.value if holder else "none", "queue": waiting_entries(runtime.database)}
    return JSONResponse(told, status_code=200 if runtime.engine.is_alive else 503)


def metrics(request: Request) -> Response:
    """Give the engine's counters and the queue's sizes to a Prometheus scraper; 503 where it does not run.

    Only on this machine, as all that the app serves: a scraper elsewhere comes through a proxy with a login.
    """
    runtime = current()
    queue = asdict(backlog(runtime.database))
    try:
        written, media_type = runtime.engine.exposition(request.headers.get("accept", ""), queue)
    except EngineGone:
        return Response(status_code=503, headers=NOT_KEPT)
    return Response(written, headers={"Content-Type": media_type} | NOT_KEPT)


MEDIA_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}


def download(request: Request) -> Response:
    """Stream what a ticket is good for; 404 where it is good for nothing, 410 where that is gone by now.

    To HEAD (RFC 9110, 9.3.2) it says no, since a ticket is good once: who looks first would have used it up.
    """
    if request.method != "GET":
        return Response(status_code=405, headers={"Allow": "GET"} | NOT_KEPT)
    wanted = tickets.take_back(request.path_params["ticket"])
    if wanted is None or not _is_good(wanted):
        return HTMLResponse(NO_TICKET, status_code=404, headers=NOT_KEPT)
    content = _content(current().database, wanted)
    if content is None:
        return HTMLResponse(FILE_GONE, status_code=410, headers=NOT_KEPT)
    named = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(wanted.file_name)}"}
    return StreamingResponse(content, 200, named | NOT_KEPT, MEDIA_TYPES[Path(wanted.file_name).suffix])


def _is_good(wanted: Download) -> bool:
    return wanted.upload is None or is_there(current().database, wanted.upload)


def _content(database: Database, wanted: Download) -> Iterator[bytes] | None:
    match wanted.content:
        case Rows(export, dialect):
            return _octets(csv_lines(database, export, dialect))
        case Suppression(upload, dialect, has_listed):
            return _octets(suppression_lines(database, upload, dialect, has_listed=has_listed))
        case Compared(earlier, later, dialect):
            return _octets(comparison_lines(database, earlier, later, dialect))
        case NeverAsked(dialect):
            return _octets(never_asked_lines(database, dialect))
        case Written(draft):
            return drafts.fetch(draft)
        case Page(html):
            return _octets(iter([html]))


def _octets(lines: Iterator[str] | None) -> Iterator[bytes] | None:
    return lines and (each.encode(errors="replace") for each in lines)


app = st.App(
    "pages/router.py",
    lifespan=lifespan,
    routes=[Route("/health", health), Route("/metrics", metrics), Route("/download/{ticket}", download)],
    middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=THIS_MACHINE), Middleware(SafeHeaders)],
)

if __name__ == "__main__":
    app.run()
