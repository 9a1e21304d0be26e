"""Lists that were deleted lately: which there are, and how one comes back."""

import time

from sqlalchemy import text

from engine.value import value
from storage.database import Database
from storage.uploads import UploadState

KEPT_S = 7 * 86_400.0
"""Seconds for which a deleted list can be brought back."""


@value
class Deleted:
    """A list that was deleted (Unix seconds) and can still be brought back; `name` is what it goes by."""

    upload: int
    name: str
    rows: int
    state: UploadState
    deleted_at: float

    @property
    def gone_at(self) -> float:
        """When it goes for good (Unix seconds)."""
        return self.deleted_at + KEPT_S


def deleted_lists(database: Database, now: float | None = None) -> list[Deleted]:
    """Give the lists that can be brought back, the one deleted last first."""
    with database.reading() as connection:
        rows = connection.execute(_DELETED, {"since": _since(now)}).all()
    return [
        Deleted(row.id, row.title or row.name, row.row_count, UploadState(row.state), row.deleted_at)
        for row in rows
    ]


_DELETED = text(
    "SELECT id, name, title, row_count, state, deleted_at FROM upload"
    " WHERE deleted_at > :since AND is_single = 0 ORDER BY deleted_at DESC, id DESC"
)


def restore_list(database: Database, upload: int, now: float | None = None) -> UploadState | None:
    """Bring a deleted list back and say where it stands (one that ran is paused); None if it is too late."""
    with database.writing() as connection:
        found = connection.execute(_RESTORED, {"upload": upload, "since": _since(now)}).scalar()
    return None if found is None else UploadState(found)


_RESTORED = text(
    "UPDATE upload SET deleted_at = NULL WHERE id = :upload AND deleted_at > :since RETURNING state"
)


def _since(now: float | None) -> float:
    """Say since when a list was deleted that can be brought back (Unix seconds)."""
    return (time.time() if now is None else now) - KEPT_S


def delete_for_good(database: Database, upload: int) -> None:
    """Let a deleted list's days be over now: from here on nothing brings it back."""
    with database.writing() as connection:
        connection.execute(
            text("UPDATE upload SET deleted_at = 0 WHERE id = :upload AND deleted_at IS NOT NULL"),
            {"upload": upload},
        )
