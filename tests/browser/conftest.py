"""A real Chromium, and the real app over a sandbox."""

import os
import re
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from sandbox import EVERYTHING, Mix, Sandbox, build_world, sample_rows, write_xlsx
from storage.agreements import agree
from storage.database import open_database
from storage.lease import drop_lease, take_lease
from tests.browser.accessible import check_sample
from tests.browser.chromium import CHROMIUM, OPTIONS
from tests.browser.hands import DESK, PATIENCE_MS, PHONE, window
from tests.forked import HOUSE, fork

START_S = 60.0
STOP_S = 40.0
AN_HOUR_S = 3600.0
IN_A_HURRY = {
    "VALIDATOR_HELO": "winnow.sandbox",
    "SESSION_BACKOFF_MS": "0",
    "DOMAIN_SESSIONS_PER_MINUTE": "0",
    "GREYLIST_RETRY_SECONDS": "2.2,2.2,2.2",
    "OUTAGE_RETRY_SECONDS": "1,3",
    "BREAKER_MINUTES": "0.03",
    "DNS_TIMEOUT_MS": "2000",
    "SMTP_OP_TIMEOUT_MS": "5500",
    "TOTAL_BUDGET_MS": "17000",
}
"""Settings under which a list of the sandbox is soon done."""


# Playwright's loop runs while this is open, and no other can: so it closes with the module.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: the browser tests need one (apt-get install chromium)")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with window(browser, **DESK) as opened:
        yield opened


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    with window(browser, **PHONE) as opened:
        yield opened


@pytest.fixture(scope="module")
def mail_world() -> Iterator[Sandbox]:
    """A world in which each kind of host has a few addresses."""
    world = build_world(7, 240, greylist_delay_s=2.0, mix=Mix(EVERYTHING.weights, least_rows=2))
    with Sandbox(world, round_trip_ms=20.0) as sandbox:
        yield sandbox


@pytest.fixture
def start_app(mail_world: Sandbox, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Start the app on a fresh database as `make run` does, with further settings, and give its address.

    The note before the first check is agreed to already, unless that is told otherwise.
    """
    with _starting() as start:
        yield lambda *, is_agreed=True, **settings: start(
            tmp_path, mail_world.environment() | settings, is_agreed=is_agreed
        )


@pytest.fixture(scope="module")
def shared_app(mail_world: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the app once for all tests of a file, who leave what the others look at; give its address."""
    with _starting() as start:
        yield start(tmp_path_factory.mktemp("shared"), mail_world.environment())


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the demo as the app that tests share, and give its address."""
    with _starting() as start:
        yield start(tmp_path_factory.mktemp("demo"), {"WINNOW_DEMO": "1"})


@pytest.fixture(scope="module")
def checked_demo(browser: Browser, demo: str) -> str:
    """Have the demo's sample checked to its end; give the demo's address."""
    with window(browser) as page:
        check_sample(page, demo)
    return demo


@pytest.fixture
def let_engine_work(tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Keep the app's engine waiting, as another one would that holds its lease, until this is called.

    So what a page shows of a list that runs does not hang on how fast that is done.
    """
    database = open_database(f"sqlite:///{tmp_path / 'winnow.db'}")
    with database.writing() as connection:
        assert take_lease(connection, "another", time.time() + AN_HOUR_S)

    def let_go() -> None:
        with database.writing() as connection:
            drop_lease(connection, "another")

    yield let_go
    let_go()
    database.close()


@pytest.fixture
def hand_in(mail_world: Sandbox, tmp_path: Path) -> Callable[[Page, str], list[list[str]]]:
    """Hand the world's addresses in as a workbook, as a person does; give its rows, with their header."""

    def hand(page: Page, app: str) -> list[list[str]]:
        header, rows = sample_rows(mail_world.world, seed=7)
        source = tmp_path / "customers.xlsx"
        write_xlsx(source, header, rows)
        page.goto(f"{app}/new_list")
        page.locator("input[type=file]").set_input_files(source)
        page.get_by_role("button", name=re.compile(r"Check \d+ addresses")).click()
        expect(page.get_by_role("heading", name="Results")).to_be_visible()
        return [header, *rows]

    return hand


@contextmanager
def _starting() -> Iterator[Callable[..., str]]:
    """Give what starts an app that keeps its files in a folder; what was started ends with the block.

    The note before the first check is agreed to already, unless that is told otherwise.
    """
    servers: list[BaseProcess] = []

    def start(folder: Path, settings: dict[str, str], *, is_agreed: bool = True) -> str:
        port = _free_port()
        own = {"DATABASE_URL": f"sqlite:///{folder / 'winnow.db'}"}
        if is_agreed:
            _agree(own["DATABASE_URL"])
        command = ["streamlit", "run", "app.py", "--server.port", str(port)]
        environ = os.environ | IN_A_HURRY | own | settings
        log = folder / "app.log"
        servers.append(fork(_serve, command, environ, HOUSE, (log, log)))
        address = f"http://127.0.0.1:{port}"
        _wait_until_healthy(address, servers[-1])
        return address

    try:
        yield start
    finally:
        for server in servers:
            server.terminate()
        ended = [_has_ended(server) for server in servers]
        assert all(ended), "an app did not stop when it was told to"


def _has_ended(server: BaseProcess) -> bool:
    """Wait for a server that was told to stop; one that does not is killed, for pytest would wait for it."""
    server.join(STOP_S)
    has_ended = server.exitcode is not None
    if not has_ended:
        server.kill()
        server.join()
    return has_ended


def _serve() -> None:
    from streamlit.web.cli import main

    main()


def _agree(url: str) -> None:
    """Have the note agreed to that comes before the first check."""
    database = open_database(url)
    agree(database)
    database.close()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def _wait_until_healthy(address: str, server: BaseProcess) -> None:
    ends_at = time.monotonic() + START_S
    while time.monotonic() < ends_at and server.is_alive():
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the app did not start; it ended with {server.exitcode}")
