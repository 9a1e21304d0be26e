"""What tests of several rooms share: a database file, a mail world on loopback, settings for it.

`make unit` runs several files at a time, each in the one worker that takes it: its tests share the module's
fixtures, and what they listen on is at ports that were free (pytest-xdist, `--dist loadfile`).
"""

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine.settings import Settings
from sandbox import Mix, Sandbox, build_world

if TYPE_CHECKING:
    from runtime import Runtime
    from storage.summaries import Summary

QUICK_KINDS = ("plain", "role", "disabled", "full", "accept_all", "no_such_domain", "null_mx", "greylisting")
"""Kinds of domain whose answers take no time, but for greylisting's one delay."""
GREYLIST_S = 0.6
DEADLINE_S = 60.0

MOST_WORKERS = 8
LONG = ("browser", "test_crash.py", "test_questions.py", "cli", "postfix", "test_worker.py", "test_shift.py")
"""Folders and files whose tests take longest: they begin, so that no worker is left with them at the end."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Run two workers a core: tests wait for hosts and pages about as long as they compute."""
    return min(2 * (os.cpu_count() or 1), MOST_WORKERS)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put what takes longest first where workers share the files; alone, the order stays as it is."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _turn(item.path))


def _turn(path: Path) -> int:
    return next((turn for turn, name in enumerate(LONG) if name in path.parts), len(LONG))


def only(*kinds: str) -> Mix:
    """Mix a world of these kinds alone, so that little stands in it and all of it is quick."""
    from sandbox.kinds import kinds_of

    named = {kind.name for kind in kinds_of(greylist_delay_s=0, slow_banner_s=0)}
    assert set(kinds) <= named
    return Mix(weights=dict.fromkeys(named - set(kinds), 0), least_rows=5, largest_domain=12)


@pytest.fixture
def database_file(tmp_path: Path) -> Path:
    """Give a place for a database, in which there is none yet."""
    return tmp_path / "winnow.db"


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database without rows, of the newest schema, once: a copy of it takes less than making it."""
    from storage.database import open_database

    path = tmp_path_factory.mktemp("database") / "new.db"
    open_database(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def made_database(new_database: Path, database_file: Path) -> Path:
    """Give the place of a database in which no row is yet."""
    return Path(shutil.copyfile(new_database, database_file))


@pytest.fixture
def serve_world() -> Iterator[Callable[..., Sandbox]]:
    """Start a sandbox of so many addresses of these kinds; it stops with the test."""
    running: list[Sandbox] = []

    def start(seed: int, addresses: int, *kinds: str, round_trip_ms: float = 0.0) -> Sandbox:
        mix = only(*(kinds or QUICK_KINDS))
        world = build_world(seed, addresses, greylist_delay_s=GREYLIST_S, mix=mix)
        running.append(Sandbox(world, round_trip_ms=round_trip_ms))
        return running[-1].__enter__()

    yield start
    for each in running:
        each.__exit__()


@pytest.fixture
def environment_for(database_file: Path) -> Callable[[Sandbox], dict[str, str]]:
    """Give the settings, as environment variables, that make Winnow quick in a sandbox."""

    def give(sandbox: Sandbox) -> dict[str, str]:
        return {
            **sandbox.environment(),
            "DATABASE_URL": f"sqlite:///{database_file}",
            "VALIDATOR_HELO": "winnow.sandbox",
            "SESSION_BACKOFF_MS": "0",
            "DOMAIN_SESSIONS_PER_MINUTE": "0",
            "GREYLIST_RETRY_SECONDS": "0.8,0.8,0.8",
            "OUTAGE_RETRY_SECONDS": "0.5",
            "DNS_TIMEOUT_MS": "700",
        }

    return give


@pytest.fixture
def settings_for(environment_for: Callable[[Sandbox], dict[str, str]]) -> Callable[[Sandbox], Settings]:
    """Give the same settings as the value that is handed down."""

    def give(sandbox: Sandbox) -> Settings:
        return Settings.model_validate(
            {name.lower(): value for name, value in environment_for(sandbox).items()}
        )

    return give


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], None]:
    """Wait until a condition holds; where it never does, the test fails."""

    def wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < deadline, "the condition never came true"
            time.sleep(0.01)

    return wait


class House:
    """An installation that runs: lists are started in it and looked at."""

    def __init__(self, runtime: "Runtime") -> None:
        self.runtime = runtime

    def start(self, addresses: Iterable[str]) -> int:
        """Hand a list of addresses in and start it; gives its number."""
        from engine.intake.read import read_sheet
        from storage.intake import save_upload
        from storage.uploads import Choice

        sheet = read_sheet("\n".join(["email", *addresses]).encode(), "fruits.csv")
        upload = save_upload(self.runtime.database, sheet, Choice(("email",)))
        self.runtime.start_upload(upload)
        return upload

    def look(self, upload: int) -> "Summary":
        """Give a list's figures as they are now."""
        from storage.summaries import summarise

        summary = summarise(self.runtime.database, upload)
        assert summary is not None
        return summary


@pytest.fixture
def house(
    settings_for: Callable[[Sandbox], Settings],
    made_database: Path,
) -> Callable[..., AbstractContextManager[House]]:
    """Open an installation over a sandbox, the settings named changed; it is closed with the block.

    What it is made of is imported here, since most tests do without database and tables.
    """
    from runtime import close_runtime, open_runtime

    @contextmanager
    def opened(sandbox: Sandbox, **changed: object) -> Iterator[House]:
        own = {"database_url": f"sqlite:///{made_database}", **changed}
        runtime = open_runtime(settings_for(sandbox).model_copy(update=own))
        try:
            yield House(runtime)
        finally:
            close_runtime(runtime)

    return opened
