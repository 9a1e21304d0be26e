"""Statements straight to the driver: for hot ones SQLAlchemy costs more than SQLite itself."""

import sqlite3
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection


def write_each(connection: Connection, statement: str, rows: list[dict[str, Any]]) -> None:
    """Run a statement with `:name` places once for each row; nothing for no rows."""
    if rows:
        driver_of(connection).executemany(statement, rows)


def write_set(connection: Connection, statement: str, rows: list[dict[str, Any]]) -> None:
    """Run a statement once for many rows, which it finds as the table `new`; nothing for no rows.

    All rows have the same columns, and no two of them mean one row of the table. For each row of its own,
    SQLite would hand the interpreter to another thread and wait to have it back.
    """
    for part in _parts(rows):
        columns = ", ".join(part[0])
        places = ", ".join([f"({', '.join('?' * len(part[0]))})"] * len(part))
        values = [value for row in part for value in row.values()]
        driver_of(connection).execute(f"WITH new ({columns}) AS (VALUES {places}) {statement}", values)


def _parts(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Cut rows into parts of a few sizes, so that few statements are ever prepared."""
    start = 0
    for size in _SIZES:
        while len(rows) - start >= size:
            yield rows[start : start + size]
            start += size


_SIZES = (64, 16, 4, 1)


def rows_of(connection: Connection, statement: str, *values: Any) -> sqlite3.Cursor:
    """Run a statement with `?` places. Its rows are plain tuples, and are read as they are asked for."""
    return driver_of(connection).execute(statement, values)


def driver_of(connection: Connection) -> sqlite3.Connection:
    """Give SQLite's own connection."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver
