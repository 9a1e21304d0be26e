"""Many rows by one statement, straight to the driver: SQLAlchemy's compiler costs more than SQLite itself."""

from typing import Any

from sqlalchemy import Connection


def write_each(connection: Connection, statement: str, rows: list[dict[str, Any]]) -> None:
    """Run a statement with `:name` places once for each row; nothing for no rows."""
    if rows:
        connection.exec_driver_sql(statement, rows)
