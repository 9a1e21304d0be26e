"""Notes that were read and agreed to, once for each installation, and when."""

import time

from sqlalchemy import text

from storage.database import Database

FIRST_CHECK = "first check"
"""The note on what a check does, and what to mind, that comes before the first one."""


def agree(database: Database, name: str = FIRST_CHECK) -> None:
    """Remember that a note was read and agreed to; the first time is the one that counts."""
    with database.writing() as connection:
        connection.execute(
            text("INSERT INTO agreement (name, agreed_at) VALUES (:name, :now) ON CONFLICT DO NOTHING"),
            {"name": name, "now": time.time()},
        )


def agreed_at(database: Database, name: str = FIRST_CHECK) -> float | None:
    """Say when a note was agreed to (Unix seconds); None where it never was."""
    with database.reading() as connection:
        at: float | None = connection.execute(
            text("SELECT agreed_at FROM agreement WHERE name = :name"), {"name": name}
        ).scalar()
    return at
