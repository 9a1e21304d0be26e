"""The pages, run without a browser on a real database, with an engine that can reach nobody."""

import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from engine.intake.read import read_sheet
from engine.settings import Settings
from engine.work_queue import Notice
from pages.parts.tour import TOUR
from runtime import Runtime, close_runtime, open_runtime
from storage.agreements import agree
from storage.dismissed import dismiss
from storage.intake import save_upload
from storage.lease import beat, take_lease
from storage.runs import start_upload
from storage.uploads import Choice
from tests.pages.answers import settle_all
from tests.pages.standing import watch

SCRIPT = """
import streamlit as st
from pages.parts import frame
from pages.parts.together import remember_choices
remember_choices()
st.navigation([st.Page(each, default=each == frame.{screen}) for each in frame.SCREENS]).run()
"""
SAMPLE = ("Sample fruits.csv", b"fruit,email\nquince,quince@orchard.sandbox\nplum,plum@orchard.sandbox\n")


@pytest.fixture(autouse=True)
def _watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Find where a page moves what it sets."""
    watch(monkeypatch)


@pytest.fixture(autouse=True)
def _own_program() -> Iterator[None]:
    """Give the tests' own program back: a page that runs takes its place, and a fork would begin there."""
    program = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = program


@pytest.fixture
def session() -> Iterator[None]:
    """The state of a visit: empty before and after."""
    st.session_state.clear()
    yield
    st.session_state.clear()


@pytest.fixture
def settings(made_database: Path) -> Settings:
    """Settings under which nobody is reached: names are asked for on a port where nobody listens."""
    return Settings(database_url=f"sqlite:///{made_database}", resolvers=("127.0.0.1:9",))


@pytest.fixture
def runtime(settings: Settings) -> Iterator[Runtime]:
    """A runtime in which the note that comes before the first check was read, and the tour was seen."""
    opened = open_runtime(settings)
    agree(opened.database)
    dismiss(opened.database, TOUR)
    yield opened
    close_runtime(opened)


@pytest.fixture
def new_runtime(settings: Settings) -> Iterator[Runtime]:
    """A runtime in which nobody has checked anything yet."""
    opened = open_runtime(settings)
    dismiss(opened.database, TOUR)
    yield opened
    close_runtime(opened)


@pytest.fixture
def demo_runtime(settings: Settings) -> Iterator[Runtime]:
    """A runtime that has a sample list to offer."""
    opened = open_runtime(settings, lambda: SAMPLE)
    dismiss(opened.database, TOUR)
    yield opened
    close_runtime(opened)


@pytest.fixture(scope="session", autouse=True)
def _scan_once() -> Iterator[None]:
    """Have Streamlit look through what is installed once, not for each page that is shown."""
    with pytest.MonkeyPatch.context() as patch:
        once = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", once)
        yield


@pytest.fixture(autouse=True)
def _forget() -> None:
    """Let go of figures kept from an earlier test's database."""
    st.cache_data.clear()


@pytest.fixture
def tell(runtime: Runtime, eventually: Callable[..., None]) -> Callable[[Notice], None]:
    """Have the engine say this of itself: another one takes its place, which only says that."""

    def say(notice: Notice) -> None:
        runtime.engine.stop()
        eventually(lambda: not runtime.engine.is_alive)
        with runtime.database.writing() as connection:
            assert take_lease(connection, "another", time.time())
            beat(connection, "another", time.time(), notice)

    return say


@pytest.fixture
def show() -> Callable[..., AppTest]:
    """Show a screen, by the name it has in the frame, as a visitor first sees it."""

    def run(screen: str, **asked: str) -> AppTest:
        page = AppTest.from_string(SCRIPT.format(screen=screen), default_timeout=30)
        for name, value in asked.items():
            page.query_params[name] = value
        return page.run()

    return run


@pytest.fixture
def save(runtime: Runtime) -> Callable[..., int]:
    """Save a list of one column `email`, or of whole CSV lines under `head`, and start it where wanted."""

    def save_list(
        *cells: str,
        name: str = "customers.csv",
        head: str = "email",
        column: str = "email",
        is_started: bool = False,
        reuse_days: float | None = None,
        is_dns_only: bool = False,
    ) -> int:
        sheet = read_sheet("\n".join([head, *cells]).encode(), name, has_header=True)
        choice = Choice((column,), reuse_days=reuse_days, is_dns_only=is_dns_only)
        upload = save_upload(runtime.database, sheet, choice)
        if is_started:
            start_upload(runtime.database, upload, runtime.settings)
        return upload

    return save_list


@pytest.fixture
def settle(runtime: Runtime) -> Callable[[], None]:
    """Settle every waiting mailbox by the word it begins with (see tests/pages/answers.py)."""
    return lambda: settle_all(runtime.database)
