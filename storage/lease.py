"""One engine per database: the row that says which, kept alive by a heartbeat."""

import os
import socket
import time
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Row, text

from engine.value import value
from engine.work_queue import LeaseLost, Notice
from storage.bulk import rows_of
from storage.database import Database

SILENCE_S = 15.0
"""How long a lease is believed without a heartbeat."""


@value
class Holder:
    """Who works on the database, since when silent (Unix seconds), and what the engine says of itself."""

    host: str
    pid: int
    heartbeat_at: float
    notice: Notice


@cache
def _boot_id() -> str:
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text().strip() if path.exists() else ""


def take_lease(connection: Connection, token: str, now: float) -> bool:
    """Take the lease if it is free, ours already, expired, or its holder is known to be dead."""
    row = connection.execute(text("SELECT * FROM engine_lease WHERE id = 1")).one_or_none()
    if row is not None and row.token != token and not _is_free(row, now):
        return False
    connection.execute(
        text(
            "INSERT OR REPLACE INTO engine_lease (id, token, host, pid, boot_id, heartbeat_at, notice)"
            " VALUES (1, :token, :host, :pid, :boot_id, :now, :notice)"
        ),
        {
            "token": token,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "boot_id": _boot_id(),
            "now": now,
            "notice": Notice.RUNNING,
        },
    )
    return True


def _is_free(row: Row[tuple[object, ...]], now: float) -> bool:
    if now - row.heartbeat_at > SILENCE_S:
        return True
    is_here = row.host == socket.gethostname() and row.boot_id == _boot_id()
    return is_here and not _is_running(row.pid)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def beat(connection: Connection, token: str, now: float, notice: Notice, snapshot: str | None = None) -> None:
    """Keep the lease, with what the engine is doing (JSON). Raises LeaseLost where another engine has it."""
    kept = connection.execute(
        text(
            "UPDATE engine_lease SET heartbeat_at = :now, notice = :notice, snapshot = :snapshot"
            " WHERE token = :token"
        ),
        {"now": now, "notice": notice, "snapshot": snapshot, "token": token},
    )
    if kept.rowcount != 1:
        raise LeaseLost


def require_lease(connection: Connection, token: str) -> None:
    """Raise LeaseLost unless the lease is ours: whoever lost it may write nothing more."""
    if rows_of(connection, "SELECT token FROM engine_lease WHERE id = 1").fetchone() != (token,):
        raise LeaseLost


def drop_lease(connection: Connection, token: str) -> None:
    """Give the lease back."""
    connection.execute(text("DELETE FROM engine_lease WHERE token = :token"), {"token": token})


def lease_holder(connection: Connection, now: float) -> Holder | None:
    """Say which engine works on the database; None where none does."""
    row = connection.execute(text("SELECT * FROM engine_lease WHERE id = 1")).one_or_none()
    if row is None or _is_free(row, now):
        return None
    return Holder(row.host, row.pid, row.heartbeat_at, Notice(row.notice))


def engine_holder(database: Database) -> Holder | None:
    """Say which engine works on the database, and how it is; None where none does."""
    with database.reading() as connection:
        return lease_holder(connection, time.time())
