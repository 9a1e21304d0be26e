"""Opens the database: where the file is, how SQLite behaves, and that its schema is the newest."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy import Engine as SqlEngine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import QueuePool

from engine.work_queue import StoreFails
from storage.as_written import teach
from storage.bulk import driver_of
from storage.file_turn import FileTurn
from storage.turnstile import Turnstile

_LONGEST_WAIT_S = 30.0
_STATEMENTS = 512
"""Statements that a connection keeps prepared: a set that is written has one for each power of two."""
_PRAGMAS = (
    "PRAGMA synchronous=NORMAL",
    "PRAGMA busy_timeout=30000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-65536",
    "PRAGMA wal_autocheckpoint=4000",
)


class UnusableDatabase(Exception):
    """The database cannot be opened; the message says why in the operator's words."""


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Translate SQLite's trouble (disk full, locked, gone) into ours."""
    try:
        yield
    except OperationalError as error:
        raise StoreFails(f"The database cannot be used just now: {error.orig}") from None
    except PoolTimeoutError:
        raise StoreFails("The database cannot be used just now: all connections are in use") from None
    except sqlite3.OperationalError as error:
        raise StoreFails(f"The database cannot be used just now: {error}") from None


class Database:
    """The rows. `reading` sees one moment's rows, `writing` is one transaction that others wait for.

    Threads that write take turns, and among the processes that have the file open, so do these.
    """

    def __init__(self, file: Path, reading: SqlEngine, writing: SqlEngine) -> None:
        self._file = file
        self._reading = reading.execution_options(is_reading=True)
        self._writing = writing
        self._writers = Turnstile(_LONGEST_WAIT_S)
        self._processes = FileTurn(file)

    @property
    def place(self) -> str:
        """The file that the rows lie in: it tells one database from another."""
        return str(self._file)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read rows as they are at one moment. Raises StoreFails where they cannot be read."""
        with _said_plainly(), self._reading.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write rows, all or none, in one's turn. Keep it under 250 ms.

        Raises StoreFails where they cannot be written. No write may be within another of the same thread.
        """
        with self._in_turn(), _said_plainly(), self._writing.begin() as connection:
            yield connection

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        with self._writers.passed(), self._processes.passed():
            yield

    def close(self) -> None:
        """Close all connections."""
        self._reading.dispose()
        self._writing.dispose()
        self._processes.close()


def is_database_there(url: str) -> bool:
    """Tell whether there is a file at this URL already, which opening it would else make."""
    try:
        place = make_url(url).database
    except ArgumentError:
        return False
    return bool(place) and Path(str(place)).is_file()


def open_database(url: str) -> Database:
    """Open the database at this URL, making the file and bringing its schema up to date where needed.

    Raises UnusableDatabase where it is not SQLite, or the file cannot be read or written.
    """
    try:
        location = make_url(url)
    except ArgumentError:
        raise UnusableDatabase("DATABASE_URL is not a database's address; try sqlite:///winnow.db") from None
    if location.get_backend_name() != "sqlite" or not location.database:
        raise UnusableDatabase("DATABASE_URL must name an SQLite file, such as sqlite:///winnow.db")
    path = Path(location.database)
    from storage.migrate import migrate  # who only reads has no use for it, and it is large

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        migrate(writing := _one_writer(path), path)
        return Database(path, _readers(path), writing)
    except (DatabaseError, sqlite3.DatabaseError, OSError) as error:
        why = getattr(error, "orig", None) or error
        raise UnusableDatabase(f"The database {path} cannot be opened: {why}") from None


def open_beside(url: str) -> Database:
    """Open a database that another process has open, so that its schema is the newest."""
    path = Path(str(make_url(url).database))
    return Database(path, _readers(path), _one_writer(path))


def open_for_reading(url: str) -> Database:
    """Open a database that another process has open: its schema is the newest, and few connections do."""
    path = Path(str(make_url(url).database))
    engines = [_connect(path, pool_size=1, max_overflow=1) for _ in range(2)]
    for sql in engines:
        event.listen(sql, "connect", _use_little)
    return Database(path, *engines)


def _use_little(connection: Any, _record: Any) -> None:
    """Keep few pages in memory: who reads all rows in their order sees each page once."""
    connection.execute("PRAGMA cache_size=-4096")


def _readers(path: Path) -> SqlEngine:
    return _connect(path, pool_size=8, max_overflow=24)


def _one_writer(path: Path) -> SqlEngine:
    return _connect(path, pool_size=1, max_overflow=0)


def _connect(path: Path, pool_size: int, max_overflow: int) -> SqlEngine:
    sql = create_engine(
        f"sqlite:///{path}",
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_use_lifo=True,
        connect_args={"check_same_thread": False, "timeout": 30, "cached_statements": _STATEMENTS},
    )
    event.listen(sql, "connect", _set_up)
    event.listen(sql, "begin", _begin)
    return sql


def _set_up(connection: Any, _record: Any) -> None:
    """Take transactions into our own hands and set what every connection needs."""
    connection.isolation_level = None
    _use_log(connection)
    teach(connection)
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _use_log(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging; where two switch a new file at once, SQLite itself does not wait."""
    deadline = time.monotonic() + _LONGEST_WAIT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _begin(connection: Connection) -> None:
    is_reading = connection.get_execution_options().get("is_reading")
    driver_of(connection).execute("BEGIN" if is_reading else "BEGIN IMMEDIATE")
