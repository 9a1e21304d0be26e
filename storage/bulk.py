"""Statements straight to the driver: for hot ones SQLAlchemy costs more than SQLite itself."""

import sqlite3
from typing import Any

from sqlalchemy import Connection


def write_each(connection: Connection, statement: str, rows: list[dict[str, Any]]) -> None:
    """Run a statement with `:name` places once for each row; nothing for no rows."""
    if rows:
        driver_of(connection).executemany(statement, rows)


def rows_of(connection: Connection, statement: str, *values: Any) -> sqlite3.Cursor:
    """Run a statement with `?` places. Its rows are plain tuples, and are read as they are asked for."""
    return driver_of(connection).execute(statement, values)


def driver_of(connection: Connection) -> sqlite3.Connection:
    """Give SQLite's own connection."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver
