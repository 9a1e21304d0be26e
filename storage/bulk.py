"""Statements straight to the driver: for hot ones SQLAlchemy costs more than SQLite itself."""

import json
import sqlite3
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
    for start in range(0, len(rows), _MOST_ROWS):
        _write_part(connection, statement, rows[start : start + _MOST_ROWS])


def _write_part(connection: Connection, statement: str, rows: list[dict[str, Any]]) -> None:
    """Run it once for rows that one statement can take. It has room for a few numbers: few are prepared."""
    names, size = list(rows[0]), _size_for(len(rows))
    places = ", ".join([f"({', '.join('?' * len(names))})"] * size)
    values = [row[name] for row in rows for name in names]
    values += [None] * (len(names) * (size - len(rows)))
    driver_of(connection).execute(
        f"WITH new ({', '.join(names)}) AS (SELECT * FROM (VALUES {places}) LIMIT ?) {statement}",  # noqa: S608
        (*values, len(rows)),
    )


_MOST_ROWS = 256


def _size_for(count: int) -> int:
    """Give the power of two that is `count`, or the next above."""
    return 1 << (count - 1).bit_length()


def rows_of(connection: Connection, statement: str, *values: Any) -> sqlite3.Cursor:
    """Run a statement with `?` places. Its rows are plain tuples, and are read as they are asked for."""
    return driver_of(connection).execute(statement, values)


def read_set(connection: Connection, columns: str, query: str, *values: Any) -> list[list[Any]]:
    """Read all rows of a query with `?` places, which has these columns, at one stroke.

    SQLite makes one row of them, of JSON: with each row of its own it would hand the interpreter to another
    thread and wait to have it back. Floats come with 15 digits, too few for a time.
    """
    gathered = f"SELECT json_group_array(json_array({columns})) FROM ({query})"  # noqa: S608 - constants
    ((found,),) = driver_of(connection).execute(gathered, values)
    rows: list[list[Any]] = json.loads(found)
    return rows


def driver_of(connection: Connection) -> sqlite3.Connection:
    """Give SQLite's own connection."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver
