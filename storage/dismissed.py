"""What the user dismissed on the screens, for the whole installation, until it is wanted back."""

import time

from sqlalchemy import text

from storage.database import Database


def dismiss(database: Database, what: str) -> None:
    """Keep in mind that this is to be shown no more."""
    with database.writing() as connection:
        connection.execute(
            text("INSERT OR IGNORE INTO dismissed (what, dismissed_at) VALUES (:what, :now)"),
            {"what": what, "now": time.time()},
        )


def bring_back(database: Database, what: str) -> None:
    """Have it shown again."""
    with database.writing() as connection:
        connection.execute(text("DELETE FROM dismissed WHERE what = :what"), {"what": what})


def is_dismissed(database: Database, what: str) -> bool:
    """Tell whether it is to be shown no more."""
    with database.reading() as connection:
        found = connection.execute(text("SELECT 1 FROM dismissed WHERE what = :what"), {"what": what})
        return found.first() is not None
