"""Puts lines on the never-probe list, and holds the lists that run to it from then on."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text

from engine.never_probed import Listed, never_probed_of
from storage.database import Database
from storage.listed_rows import open_as_written
from storage.never_probed import Origin, wanted_under, write_lines
from storage.progress import Tell, tell_nobody
from storage.wanting import hold_back


def never_probe(
    database: Database, lines: Sequence[Listed], origin: Origin, tell: Tell = tell_nobody
) -> None:
    """Write lines of the never-probe list, and hold the lists that run to it from now on.

    `tell` hears the share (0-1) of the lines that is written.
    """
    applied = {row.id: row.applied for row in _running(database)}
    write_lines(database, lines, origin, tell)
    mailboxes = wanted_under(database, never_probed_of(lines))
    for upload in (row.id for row in _running(database)):
        hold_back(database, upload, [*mailboxes, *_as_written(database, upload)])
        with database.writing() as connection:
            connection.execute(_HELD, {"upload": upload, "applied": applied.get(upload, "")})


def _as_written(database: Database, upload: int) -> list[int]:
    """Give those whose line names them as they were written: their mailbox has another name."""
    with database.reading() as connection:
        return open_as_written(connection, upload)


def _running(database: Database) -> Sequence[Row[Any]]:
    """Give the lists that run, those too whose start is not whole yet."""
    with database.reading() as connection:
        return connection.execute(_RUNNING).all()


_RUNNING = text("SELECT id, applied FROM upload WHERE state = 'running'")
_HELD = text("UPDATE upload SET applied = :applied WHERE id = :upload AND state = 'running' AND applied = ''")
