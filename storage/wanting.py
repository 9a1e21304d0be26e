"""What it means for mailboxes that a list runs, or runs no more."""

import json
import time
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.settings import Settings
from engine.verdict import Flag
from storage.bulk import rows_of
from storage.codec import load_evidence
from storage.database import Database
from storage.dns_only import await_no_more, await_routes
from storage.due import refresh_due
from storage.sampled import IS_MEANT
from storage.settle import Settled, settle_entries
from storage.turns import MAILBOX_RANK, rank_domains
from storage.unasked import withhold

HOUR_S = 3600.0
CHUNK_KNOWN = 250
"""Mailboxes that one transaction takes, where each answer is reused, and read anew: some 50 ms."""
_YOUNG_ENOUGH = (
    "(upload.reuse_days IS NULL OR mailbox.checked_at >= upload.created_at - 86400 * upload.reuse_days)"
)


def want(connection: Connection, row: Row[Any], mailboxes: Sequence[int], settings: Settings) -> None:
    """Want the mailboxes of a list that runs (`row`), or their domains' routes; reuse what still holds."""
    now = time.time()
    unwant(connection, withhold(connection, row.id, mailboxes, now))
    _reuse(connection, row.id, mailboxes, now)
    stale = now - settings.domain_cache_ttl_hours * HOUR_S
    if row.is_dns_only:
        unwant(connection, mailboxes)
        await_routes(connection, row.id, mailboxes, now=now, stale=stale)
        rank_domains(connection, _domains_of(connection, mailboxes))
        return
    names = {
        "mailboxes": json.dumps(list(mailboxes)),
        "now": now,
        "upload": row.id,
        "is_anew": row.reuse_days == 0 and row.started_at is None,
        "long_ago": now - settings.unknown_ttl_hours * HOUR_S,
        "stale": stale,
    }
    connection.execute(_FORGOTTEN, names)
    connection.execute(_WANTED, names)
    domains = _domains_of(connection, mailboxes)
    connection.execute(_LOOKED_UP, names | {"domains": json.dumps(domains)})
    rank_domains(connection, domains)
    refresh_due(connection, domains)


def pieces(mailboxes: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Cut mailboxes into pieces, one for a transaction."""
    return (mailboxes[start : start + size] for start in range(0, len(mailboxes), size))


def hold_back(database: Database, upload: int, mailboxes: Sequence[int]) -> None:
    """Settle those of these that nobody is to be asked about for a list, and want them for it no more."""
    for chunk in pieces(mailboxes, CHUNK_KNOWN):
        with database.writing() as connection:
            unwant(connection, withhold(connection, upload, chunk, time.time()))
            await_no_more(connection, chunk)


def _reuse(connection: Connection, upload: int, mailboxes: Sequence[int], now: float) -> None:
    """Settle this list's entries from answers that still hold."""
    rows = connection.execute(
        text(
            "SELECT mailbox.id, mailbox.evidence, mailbox.checked_at"  # noqa: S608 - constants
            " FROM json_each(:mailboxes) AS wanted"
            " CROSS JOIN mailbox ON mailbox.id = wanted.value JOIN upload ON upload.id = :upload"
            " WHERE mailbox.state = 'settled' AND mailbox.expires_at > :now"
            f" AND {_YOUNG_ENOUGH}"
        ),
        {"mailboxes": json.dumps(list(mailboxes)), "upload": upload, "now": now},
    )
    settled = [Settled(row.id, load_evidence(row.evidence), row.checked_at) for row in rows]
    settle_entries(connection, settled, upload=upload, extra=Flag.REUSED)


def give_answers_back(connection: Connection, upload: int, mailboxes: Sequence[int]) -> None:
    """Settle a list's open entries from the answers that it had, or might have had, before it ended.

    That is what was asked about again and is not answered yet. An answer that was taken back is none.
    """
    rows = connection.execute(_HAD, {"mailboxes": json.dumps(list(mailboxes)), "upload": upload})
    settled = [Settled(row.id, load_evidence(row.evidence), row.checked_at) for row in rows]
    settle_entries(connection, settled, upload=upload)


_HAD = text(
    "SELECT mailbox.id, mailbox.evidence, mailbox.checked_at"  # noqa: S608 - constants
    " FROM json_each(:mailboxes) AS wanted"
    " CROSS JOIN mailbox ON mailbox.id = wanted.value JOIN upload ON upload.id = :upload"
    " WHERE mailbox.evidence IS NOT NULL AND mailbox.expires_at >= upload.created_at"
    f" AND {_YOUNG_ENOUGH}"
)

# A unary + keeps the planner from walking all of a list's entries for each of a mailbox's few.
_OPEN = (
    "id IN (SELECT value FROM json_each(:mailboxes)) AND EXISTS (SELECT 1 FROM entry"
    " WHERE entry.mailbox_id = mailbox.id AND +entry.upload_id = :upload AND +entry.status IS NULL)"
)
# What nobody wanted for long, or is to be checked anew, starts again: its half answers are of another time.
_FORGOTTEN = text(
    "UPDATE mailbox SET state = 'waiting', due_at = NULL, why = NULL, attempts = 0, recipient = NULL"  # noqa: S608
    " WHERE is_wanted = 0 AND state <> 'active' AND due_at IS NOT NULL AND (due_at < :long_ago OR :is_anew)"
    f" AND {_OPEN}"
)
_WANTED = text(
    "UPDATE mailbox SET is_wanted = 1,"  # noqa: S608 - a constant
    " attempts = iif(due_at IS NULL, 0, attempts), recipient = iif(due_at IS NULL, NULL, recipient),"
    " state = iif(due_at IS NULL, 'waiting', state), due_at = coalesce(due_at, :now),"
    f" rank = iif(is_wanted = 1 AND due_at IS NOT NULL, min(rank, {MAILBOX_RANK}), {MAILBOX_RANK})"
    f" WHERE {_OPEN}"
)
_LOOKED_UP = text(
    "UPDATE domain SET resolve_at = :now WHERE id IN (SELECT value FROM json_each(:domains))"
    " AND resolve_at IS NULL AND (resolved_at IS NULL OR resolved_at < :stale OR route_kind = 'dns_failed')"
)


def _domains_of(connection: Connection, mailboxes: Sequence[int]) -> list[int]:
    return [row[0] for row in rows_of(connection, _DOMAINS_OF, json.dumps(list(mailboxes)))]


_DOMAINS_OF = "SELECT DISTINCT domain_id FROM mailbox WHERE id IN (SELECT value FROM json_each(?))"


def unwant(connection: Connection, mailboxes: Sequence[int]) -> None:
    """Hold back the mailboxes that no running list wants."""
    names = {"mailboxes": json.dumps(list(mailboxes))}
    connection.execute(
        text(
            "UPDATE mailbox SET is_wanted = 0 WHERE id IN (SELECT value FROM json_each(:mailboxes))"  # noqa: S608
            " AND NOT EXISTS (SELECT 1 FROM entry CROSS JOIN upload ON upload.id = entry.upload_id"
            " WHERE entry.mailbox_id = mailbox.id AND +entry.status IS NULL AND upload.state = 'running'"
            f" AND upload.is_dns_only = 0 AND {IS_MEANT})"
        ),
        names,
    )
    refresh_due(connection, _domains_of(connection, mailboxes))
