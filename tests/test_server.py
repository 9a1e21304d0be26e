"""The whole app as people start it: a server in a process of its own, and a visitor's browser."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.browser.chromium import CHROMIUM, OPTIONS

ROOT = Path(__file__).resolve().parent.parent
DEADLINE_S = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """The app as `streamlit run app.py` starts it, in its demo."""

    def __init__(self, folder: Path, **environ: str) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.log = folder / "server.log"
        with self.log.open("w") as log:
            self.running = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "streamlit",
                    "run",
                    str(ROOT / "app.py"),
                    "--server.port",
                    str(port),
                ],
                cwd=ROOT,
                env={**os.environ, "TMPDIR": str(folder), **environ},
                stdout=log,
                stderr=log,
            )

    def is_up(self) -> bool:
        assert self.running.poll() is None, self.log.read_text()
        try:
            with urlopen(f"{self.url}/health", timeout=DEADLINE_S) as answer:
                return answer.status == 200
        except OSError:
            return False

    def stop(self) -> int:
        self.running.send_signal(signal.SIGTERM)
        return self.running.wait(DEADLINE_S)


@pytest.fixture
def server(tmp_path: Path, eventually: Callable[..., None]) -> Iterator[Server]:
    started = Server(tmp_path, WINNOW_DEMO="1")
    try:
        eventually(started.is_up)
        yield started
    finally:
        started.stop()


def test_the_demo_throws_its_database_away_when_the_server_stops(server, tmp_path):
    assert list(tmp_path.glob("winnow-demo-*/demo.db"))
    server.stop()
    assert not list(tmp_path.glob("winnow-demo-*"))
    assert "Traceback" not in server.log.read_text()


def test_an_unusable_setting_ends_the_start_with_one_sentence(tmp_path):
    started = Server(tmp_path, DATABASE_URL="bogus", WINNOW_DEMO="")
    assert started.running.wait(DEADLINE_S) != 0
    assert "Winnow cannot start. DATABASE_URL is not a database's address" in started.log.read_text()


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium")
def test_a_visitor_checks_the_sample_and_downloads_the_cleaned_list(server, eventually):
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        visitor = browser.new_context()
        visitor.set_default_timeout(DEADLINE_S * 1000)
        expect.set_options(timeout=DEADLINE_S * 1000)
        page = visitor.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))

        # a deep link first, on a fresh server: the guard, the navigation and the empty state are there
        page.goto(f"{server.url}/export")
        expect(page.get_by_role("heading", name="Export")).to_be_visible()
        expect(page.get_by_test_id("stSidebarNav")).to_be_visible()
        expect(page.get_by_text("There is no list yet.")).to_be_visible()

        page.goto(server.url)
        page.get_by_role("button", name="Try it with a sample list").click()
        page.get_by_role("button", name=re.compile("^.*Check 600 addresses")).click()
        expect(page.get_by_role("heading", name="Results")).to_be_visible()

        page.get_by_role("link", name="Export", exact=True).first.click()
        link = page.get_by_role("link", name="Download the cleaned list")
        first = link.get_attribute("href")
        kept: list[object] = []

        def keep(download: object) -> None:
            kept.append(download)

        visitor.on("page", lambda popup: popup.on("download", keep))
        page.on("download", keep)
        link.click()
        expect(link).not_to_have_attribute("href", first)

        def has_come() -> bool:
            page.wait_for_timeout(50)  # while the browser tells what happened
            return bool(kept)

        eventually(has_come)
        (download,) = kept
        assert re.fullmatch(r"Sample customers - cleaned.*\.csv", download.suggested_filename)
        assert Path(download.path()).read_bytes().startswith(b"\xef\xbb\xbfCustomer no.,Company,")
        assert all(url.startswith((server.url, "data:", "blob:")) for url in asked), asked
        browser.close()
