"""Entries that come back later, by reason: counted without looking at each."""

import time

from sqlalchemy import Connection, text

from engine.reason import Reason
from engine.value import replace, value
from storage.database import Database
from storage.holds import HELD_DOMAINS, held_entries


@value
class Deferred:
    """Entries that come back later, for one reason: how many, the first and the last time (Unix seconds)."""

    why: Reason
    count: int
    first_at: float
    last_at: float


def deferred_of(connection: Connection, upload: int) -> tuple[Deferred, ...]:
    """Count what of a list waits for a later time: by held domains and deferred mailboxes, not by entries."""
    now = time.time()
    rows = connection.execute(
        text(
            "SELECT mailbox.why, count(*) AS entries, min(mailbox.due_at) AS first_at,"  # noqa: S608
            " max(mailbox.due_at) AS last_at FROM mailbox INDEXED BY ix_mailbox_state"
            " CROSS JOIN entry INDEXED BY ix_entry_mailbox ON entry.mailbox_id = mailbox.id"
            " WHERE mailbox.state IN ('active', 'deferred') AND mailbox.state = 'deferred'"
            " AND entry.upload_id = :upload AND entry.status IS NULL"
            f" AND mailbox.domain_id NOT IN ({HELD_DOMAINS}) GROUP BY mailbox.why"
        ),
        {"upload": upload, "now": now},
    )
    alone = [Deferred(Reason(row.why), row.entries, row.first_at, row.last_at) for row in rows]
    held = [
        Deferred(each.why, each.count, each.first_at, each.last_at)
        for each in held_entries(connection, upload, now)
    ]
    return _by_why([*alone, *held])


def deferred_everywhere(database: Database) -> tuple[Deferred, ...]:
    """Count the entries of all running lists that wait for a later time, by reason, most first."""
    with database.reading() as connection:
        running = connection.execute(text("SELECT id FROM upload WHERE state = 'running'")).scalars().all()
        return _by_why([each for upload in running for each in deferred_of(connection, upload)])


def _by_why(deferred: list[Deferred]) -> tuple[Deferred, ...]:
    """Join what waits for the same reason, most first."""
    joined: dict[Reason, Deferred] = {}
    for each in deferred:
        same = joined.get(each.why, replace(each, count=0))
        joined[each.why] = Deferred(
            each.why,
            same.count + each.count,
            min(same.first_at, each.first_at),
            max(same.last_at, each.last_at),
        )
    return tuple(sorted(joined.values(), key=lambda each: -each.count))
