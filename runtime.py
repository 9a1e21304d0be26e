"""The one place that joins settings, database and engine."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.settings import Settings
from engine.thread import EngineThread
from storage.database import Database, open_database
from storage.queue import SqlWorkQueue
from storage.runs import cancel_upload, finish_changes, pause_upload, start_upload


@dataclass(frozen=True, slots=True)
class Runtime:
    """Settings, database and engine, joined: what every door of the house works with."""

    settings: Settings
    database: Database
    engine: EngineThread
    sample: Callable[[], tuple[str, bytes]] | None = None
    """Gives a sample list's file name and content; None where there is no demo."""

    def start_upload(self, upload: int) -> None:
        """Start or resume a list, and tell the engine."""
        start_upload(self.database, upload, self.settings)
        self.engine.wake()

    def pause_upload(self, upload: int) -> None:
        """Hold a list back."""
        pause_upload(self.database, upload, self.settings)

    def cancel_upload(self, upload: int) -> None:
        """End a list; what has no outcome becomes unknown."""
        cancel_upload(self.database, upload, self.settings)


class NotRunning(RuntimeError):
    """Nobody has opened the house yet."""


_current: list[Runtime] = []


def open_runtime(settings: Settings, sample: Callable[[], tuple[str, bytes]] | None = None) -> Runtime:
    """Open the database, start the engine, and make both the current ones.

    Raises storage.database.UnusableDatabase.
    """
    database = open_database(settings.database_url)
    finish_changes(database, settings)
    engine = EngineThread(lambda: SqlWorkQueue(database, settings), settings)
    engine.start()
    runtime = Runtime(settings, database, engine, sample)
    _current.append(runtime)
    return runtime


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
