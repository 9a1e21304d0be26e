"""Opens the house for one command, and says in one line what a person can mend."""

from collections.abc import Iterator
from contextlib import contextmanager

from cli.screen import refuse
from engine.expected import prove_priors
from engine.intake.sheet import UnreadableFile
from engine.name_lists import UnusableList, own_folder, use_lists
from engine.never_probed import Unlistable
from engine.policy_words import UnusablePolicy
from engine.settings import Settings, UnusableSettings, read_settings
from engine.traits import prove_tables
from engine.work_queue import StoreFails
from runtime import Runtime, close_runtime, open_runtime
from storage.database import Database, UnusableDatabase, open_database
from storage.policies import NoSuchPolicy, UnusableName
from storage.selection import UnknownWord


@contextmanager
def refusing() -> Iterator[None]:
    """End the program with one line where settings, lists, database, file or words are unusable."""
    try:
        yield
    except _MENDABLE as error:
        refuse(str(error))


_MENDABLE = (
    UnreadableFile,
    UnusableSettings,
    UnusableList,
    UnusableDatabase,
    UnusablePolicy,
    NoSuchPolicy,
    UnusableName,
    Unlistable,
    UnknownWord,
    StoreFails,
)


def read_house() -> Settings:
    """Read the settings, and use the lists beside the database, for a command that needs no more than that.

    Raises UnusableSettings and UnusableList.
    """
    settings = read_settings()
    lists = use_lists(own_folder(settings.database_url))
    prove_tables(lists)
    prove_priors(lists)
    return settings


@contextmanager
def open_rows() -> Iterator[Database]:
    """Keep the database open, without an engine, and use the lists beside it: judging rests on them."""
    database = open_database(read_house().database_url)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def open_house() -> Iterator[Runtime]:
    """Keep the runtime open, its engine at work."""
    runtime = open_runtime(read_settings())
    try:
        yield runtime
    finally:
        close_runtime(runtime)
