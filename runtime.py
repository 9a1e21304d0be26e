"""The one place that joins settings, database and engine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from engine.expected import prove_priors
from engine.intake.cell import Found
from engine.name_lists import UnusableList, own_folder, read_lists, use_lists
from engine.settings import Settings, UnusableSettings
from engine.thread import EngineThread
from engine.traits import prove_tables
from storage.again import ask_entry_again, ask_unknown_again
from storage.database import Database, open_database
from storage.policies import NamedPolicy
from storage.progress import Tell, tell_nobody
from storage.queue import SqlWorkQueue
from storage.runs import (
    cancel_upload,
    check_by_dns_only,
    check_whole,
    delete_upload,
    finish_changes,
    pause_upload,
    start_upload,
)
from storage.sampling import draw_sample
from storage.singles import ask_single, remove_single


class Engine(Protocol):
    """What asks: a thread of this process, or a process beside it (`engine_process`)."""

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""

    def start(self) -> None:
        """Have it run."""

    def wake(self) -> None:
        """Tell it that there is new work."""

    def stop(self) -> None:
        """Let it finish or give back what is in hand, and end it."""

    def exposition(self, accept: str, queue: Mapping[str, int]) -> tuple[bytes, str]:
        """Write what it counted. Raises engine.thread.EngineGone where it does not run."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """Settings, database and engine, joined: what every door of the house works with."""

    settings: Settings
    database: Database
    engine: Engine
    sample: Callable[[], tuple[str, bytes]] | None = None
    """Gives a sample list's file name and content; None where there is no demo."""
    landmarks: tuple[str, ...] = ()
    """Domains whose hosts Preflight greets; none for the large ones that everybody knows."""

    def start_upload(self, upload: int, tell: Tell = tell_nobody) -> None:
        """Start or resume a list, and tell the engine; `tell` hears the share (0-1) that is done."""
        start_upload(self.database, upload, self.settings, tell)
        self.engine.wake()

    def start_sample(self, upload: int, tell: Tell = tell_nobody) -> None:
        """Start a list with a sample of its addresses, and tell the engine."""
        draw_sample(self.database, upload)
        self.start_upload(upload, tell)

    def check_whole(self, upload: int) -> None:
        """Start or resume a list as a whole, whatever sample of it was checked, and tell the engine."""
        check_whole(self.database, upload, self.settings)
        self.engine.wake()

    def pause_upload(self, upload: int) -> None:
        """Hold a list back."""
        pause_upload(self.database, upload, self.settings)

    def check_by_dns_only(self, upload: int) -> None:
        """Go on with a list by DNS alone, and tell the engine."""
        check_by_dns_only(self.database, upload, self.settings)
        self.engine.wake()

    def cancel_upload(self, upload: int) -> None:
        """End a list; what has no outcome becomes unknown."""
        cancel_upload(self.database, upload, self.settings)

    def delete_upload(self, upload: int) -> None:
        """Delete a list; it can be brought back for some days."""
        delete_upload(self.database, upload, self.settings)

    def ask_unknown_again(self, upload: int) -> None:
        """Run a list that has ended again for its unknown addresses, and tell the engine."""
        ask_unknown_again(self.database, upload, self.settings)
        self.engine.wake()

    def ask_entry_again(self, upload: int, entry: int) -> None:
        """Ask about one address of a list again, before all others, and tell the engine."""
        ask_entry_again(self.database, upload, entry, self.settings)
        self.engine.wake()

    def ask_single(self, found: Found, named: NamedPolicy) -> int:
        """Ask about one address by itself, before all others, and tell the engine; give the check's id."""
        upload = ask_single(self.database, found, self.settings, named)
        self.engine.wake()
        return upload

    def remove_single(self, upload: int) -> None:
        """Forget a single check."""
        remove_single(self.database, upload, self.settings)


class NotRunning(RuntimeError):
    """Nobody has opened the house yet."""


_current: list[Runtime] = []


def engine_here(settings: Settings, database: Database) -> Engine:
    """Make an engine that runs in a thread of this process."""
    return EngineThread(lambda: SqlWorkQueue(database, settings), settings)


def open_runtime(
    settings: Settings,
    sample: Callable[[], tuple[str, bytes]] | None = None,
    landmarks: tuple[str, ...] = (),
    engine_of: Callable[[Settings, Database], Engine] = engine_here,
) -> Runtime:
    """Open the database, start the engine, and make both the current ones; use the lists beside the database.

    Raises storage.database.UnusableDatabase, and UnusableSettings for a list that cannot be read.
    """
    _use_own_lists(settings)
    database = open_database(settings.database_url)
    finish_changes(database, settings)
    engine = engine_of(settings, database)
    engine.start()
    runtime = Runtime(settings, database, engine, sample, landmarks)
    _current.append(runtime)
    return runtime


def _use_own_lists(settings: Settings) -> None:
    folder = own_folder(settings.database_url)
    try:
        lists = read_lists(folder)
        prove_tables(lists)
        prove_priors(lists)
        use_lists(folder)
    except UnusableList as error:
        raise UnusableSettings(str(error)) from None


def close_runtime(runtime: Runtime) -> None:
    """Stop the engine, which finishes or gives back what it has in hand, and close the database."""
    _current.remove(runtime)
    runtime.engine.stop()
    runtime.database.close()


def current() -> Runtime:
    """Give the runtime that is open. Raises NotRunning."""
    if not _current:
        raise NotRunning("no runtime is open")
    return _current[-1]
