"""Opens the house for one command, and says in one line what a person can mend."""

from collections.abc import Iterator
from contextlib import contextmanager

from cli.screen import refuse
from engine.intake.sheet import UnreadableFile
from engine.settings import UnusableSettings, read_settings
from engine.work_queue import StoreFails
from runtime import Runtime, close_runtime, open_runtime
from storage.database import UnusableDatabase
from storage.exports import UnknownWord


@contextmanager
def refusing() -> Iterator[None]:
    """End the program with one line where settings, database, file or words are unusable."""
    try:
        yield
    except (UnreadableFile, UnusableSettings, UnusableDatabase, UnknownWord, StoreFails) as error:
        refuse(str(error))


@contextmanager
def open_house() -> Iterator[Runtime]:
    """Keep the runtime open, its engine at work."""
    runtime = open_runtime(read_settings())
    try:
        yield runtime
    finally:
        close_runtime(runtime)
