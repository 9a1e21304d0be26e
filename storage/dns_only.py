"""Lists that are checked by DNS alone: which domains they await, and settling their entries by the routes."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, text

from engine.address import Address
from engine.dns_only import evidence_by_dns
from storage.bulk import rows_of
from storage.codec import load_facts
from storage.settle import Settled, settle_entries

CHUNK_MAILBOXES = 500
"""Mailboxes that one transaction settles: some 60 ms."""


def await_routes(
    connection: Connection, upload: int, mailboxes: Sequence[int], *, now: float, stale: float
) -> None:
    """Have the domains of a list's open mailboxes looked up; a route found before `stale` is too old.

    Entries at domains whose route is known are settled at once.
    """
    names = {"mailboxes": json.dumps(list(mailboxes)), "upload": upload, "now": now, "stale": stale}
    connection.execute(_AWAITED, names)
    _answer(connection, upload, mailboxes, now)


_AWAITED = text(
    "UPDATE domain SET is_awaited = 1, resolve_at = CASE WHEN resolve_at IS NULL AND (resolved_at IS NULL"
    " OR resolved_at < :stale OR route_kind = 'dns_failed') THEN :now ELSE resolve_at END"
    " WHERE id IN (SELECT mailbox.domain_id FROM json_each(:mailboxes) AS wanted"
    " CROSS JOIN mailbox ON mailbox.id = wanted.value WHERE EXISTS (SELECT 1 FROM entry"
    " WHERE entry.mailbox_id = mailbox.id AND +entry.upload_id = :upload AND +entry.status IS NULL))"
)


def await_no_more(connection: Connection, mailboxes: Sequence[int]) -> None:
    """Have the domains of these mailboxes awaited no more where nothing of theirs is open."""
    connection.execute(_OPEN_NOWHERE, {"mailboxes": json.dumps(list(mailboxes))})


_OPEN_NOWHERE = text(
    "UPDATE domain SET is_awaited = 0 WHERE is_awaited = 1 AND id IN (SELECT domain_id FROM mailbox"
    " WHERE id IN (SELECT value FROM json_each(:mailboxes))) AND NOT EXISTS (SELECT 1 FROM mailbox"
    " CROSS JOIN entry ON entry.mailbox_id = mailbox.id CROSS JOIN upload ON upload.id = entry.upload_id"
    " WHERE mailbox.domain_id = domain.id AND +entry.status IS NULL"
    " AND upload.is_dns_only = 1 AND upload.state = 'running')"
)


def awaited_domains(connection: Connection) -> list[int]:
    """Give the domains that a list awaits and whose route has come."""
    return [domain for (domain,) in rows_of(connection, ANSWERED)]


ANSWERED = "SELECT id FROM domain WHERE is_awaited = 1 AND resolve_at IS NULL AND facts IS NOT NULL"


def answer_next(connection: Connection, domain: int, after: str, now: float) -> str | None:
    """Settle the entries of the next mailboxes of an awaited domain, behind the name `after`.

    Give the name to go on behind; None when the domain is done, and awaited no more.
    """
    rows = connection.execute(_OPEN_AT, {"domain": domain, "after": after, "limit": CHUNK_MAILBOXES}).all()
    for upload in {row.upload_id for row in rows}:
        _answer(connection, upload, [row.id for row in rows if row.upload_id == upload], now)
    if len(rows) == CHUNK_MAILBOXES:
        return str(rows[-1].folded)
    connection.execute(
        text("UPDATE domain SET is_awaited = 0 WHERE id = :domain AND resolve_at IS NULL"), {"domain": domain}
    )
    return None


# Several entries of a list may name a mailbox, and several lists: the last name of a chunk comes again.
_OPEN_AT = text(
    "SELECT DISTINCT mailbox.id, mailbox.folded, entry.upload_id FROM mailbox"
    " CROSS JOIN entry ON entry.mailbox_id = mailbox.id CROSS JOIN upload ON upload.id = entry.upload_id"
    " WHERE mailbox.domain_id = :domain AND mailbox.folded >= :after AND +entry.status IS NULL"
    " AND upload.is_dns_only = 1 AND upload.state = 'running' ORDER BY mailbox.folded LIMIT :limit"
)


def _answer(connection: Connection, upload: int, mailboxes: Sequence[int], now: float) -> None:
    """Settle a list's entries that name these mailboxes, where the route of their domain is known."""
    rows = connection.execute(
        text(
            "SELECT mailbox.id, mailbox.local_part, domain.name, domain.facts"
            " FROM json_each(:mailboxes) AS wanted CROSS JOIN mailbox ON mailbox.id = wanted.value"
            " CROSS JOIN domain ON domain.id = mailbox.domain_id"
            " WHERE domain.resolve_at IS NULL AND domain.facts IS NOT NULL"
        ),
        {"mailboxes": json.dumps(list(mailboxes))},
    ).all()
    facts = {stored: load_facts(stored) for stored in {row.facts for row in rows}}
    settled = [
        Settled(row.id, evidence_by_dns(Address(row.local_part, row.name), facts[row.facts]), now)
        for row in rows
    ]
    settle_entries(connection, settled, upload=upload)
