"""What the engine says it is doing, and how much waits: figures for a page and for /metrics."""

import time
from collections.abc import Mapping

from sqlalchemy import Connection, text

from engine.limits import LaneLimits
from engine.snapshot import Snapshot
from engine.taught import taught_limits
from engine.value import value
from storage.codec import load_snapshot
from storage.database import Database
from storage.lease import SILENCE_S
from storage.sampled import SAMPLE_LEFT


@value
class Heard:
    """The engine's last words: what it was doing, and when it said so (Unix seconds).

    `is_stale` where that is too long ago to be believed; `snapshot` is None where it has only just begun.
    """

    snapshot: Snapshot | None
    heard_at: float
    is_stale: bool


@value
class Backlog:
    """How much waits.

    `waiting` counts entries of running lists that have no outcome yet, due or not; where a sample is checked
    first, its entries alone. `deferred` are mailboxes of running lists that were put off; of the domains,
    `due` have somebody to ask about now, `held` wait as a whole, and `unresolved` wait for their look-up.
    `paused` lists wait for who paused them.
    """

    waiting: int = 0
    deferred: int = 0
    due_domains: int = 0
    held_domains: int = 0
    unresolved_domains: int = 0
    paused_lists: int = 0


def heard_of_engine(database: Database, now: float | None = None) -> Heard | None:
    """Give what the engine said last; None where none has the database."""
    now = time.time() if now is None else now
    with database.reading() as connection:
        return _heard(connection, now)


def limits_learned(connection: Connection, now: float) -> Mapping[str, LaneLimits]:
    """Give what hosts taught the engine that is at work of how much they bear, by lane."""
    heard = _heard(connection, now)
    known = heard and not heard.is_stale and heard.snapshot
    return taught_limits(known, now) if known else {}


def _heard(connection: Connection, now: float) -> Heard | None:
    row = connection.execute(text("SELECT heartbeat_at, snapshot FROM engine_lease")).one_or_none()
    if row is None:
        return None
    snapshot = load_snapshot(row.snapshot) if row.snapshot else None
    return Heard(snapshot, row.heartbeat_at, now - row.heartbeat_at > SILENCE_S)


def backlog(database: Database, now: float | None = None) -> Backlog:
    """Count what waits, from counters and from indexes that hold no more than what is counted."""
    now = time.time() if now is None else now
    with database.reading() as connection:
        row = connection.execute(_BACKLOG, {"now": now}).one()
    return Backlog(*row)


def waiting_entries(database: Database) -> int:
    """Count the entries that running lists still wait for: the queue's size."""
    with database.reading() as connection:
        waiting: int = connection.execute(text(f"SELECT {_WAITING}")).scalar_one()
    return waiting


_WAITING = (
    f"(SELECT coalesce(sum(iif(sample_size, {SAMPLE_LEFT}, entry_count - settled_count)), 0) FROM upload"  # noqa: S608
    " WHERE state = 'running')"
)
_BACKLOG = text(
    f"SELECT {_WAITING},"  # noqa: S608 - constants
    " (SELECT count(*) FROM mailbox"
    " WHERE state IN ('active', 'deferred') AND state = 'deferred' AND is_wanted = 1),"
    " (SELECT count(*) FROM domain WHERE due_at <= :now),"
    " (SELECT count(*) FROM hold CROSS JOIN domain ON domain.id = hold.domain_id"
    " WHERE hold.until > :now AND domain.due_at IS NOT NULL),"
    " (SELECT count(*) FROM domain WHERE resolve_at <= :now"
    " AND resolve_at IS NOT NULL AND (due_at IS NOT NULL OR is_awaited = 1)),"
    " (SELECT count(*) FROM upload WHERE state = 'paused' AND deleted_at IS NULL)"
)
