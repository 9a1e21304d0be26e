"""Removes deleted lists whose days are over, with all that no other list names, a piece at a time."""

import json
from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from storage.bulk import rows_of
from storage.deletion import KEPT_S
from storage.due import refresh_due

CHUNK_ENTRIES = 500
"""Entries that one transaction removes, with their mailboxes: some 50 ms."""
CHUNK_ROWS = 5_000
"""Rows of other tables that one transaction removes."""


def purge_next(connection: Connection, now: float) -> bool:
    """Remove the next piece of a list whose days are over, and say whether there may be more of them now.

    Each piece is whole by itself, so whoever comes after a kill goes on where it happened. The list's own row
    goes last. A mailbox that is being asked about keeps its entries until its answer is in: its number could
    else be another's by then.
    """
    upload = rows_of(connection, _OVER, now - KEPT_S).fetchone()
    return upload is not None and any(step(connection, upload[0]) for step in _STEPS)


_OVER = "SELECT id FROM upload WHERE deleted_at <= ? ORDER BY deleted_at, id LIMIT 1"


def _close(connection: Connection, upload: int) -> int:
    """Make it so that nothing brings the list back once a part of it is gone, whatever the clock says."""
    return rows_of(
        connection, "UPDATE upload SET deleted_at = 0 WHERE id = ? AND deleted_at > 0", upload
    ).rowcount


def _purge_entries(connection: Connection, upload: int) -> int:
    found = rows_of(connection, _ENTRIES, upload, CHUNK_ENTRIES).fetchall()
    rows_of(connection, _ENTRIES_GONE, json.dumps([entry for entry, _ in found]))
    _purge_mailboxes(connection, [mailbox for _, mailbox in found if mailbox is not None])
    return len(found)


_ENTRIES = (
    "SELECT entry.id, entry.mailbox_id FROM entry LEFT JOIN mailbox ON mailbox.id = entry.mailbox_id"
    " WHERE entry.upload_id = ? AND coalesce(mailbox.state, '') <> 'active'"
    " ORDER BY entry.row, entry.ordinal LIMIT ?"
)
_ENTRIES_GONE = "DELETE FROM entry WHERE id IN (SELECT value FROM json_each(?))"


def _purge_mailboxes(connection: Connection, mailboxes: Sequence[int]) -> None:
    """Remove those that no list names any more, with their checks, and then domains without a mailbox."""
    orphans = rows_of(connection, _MAILBOXES_GONE, json.dumps(list(mailboxes))).fetchall()
    domains = list({domain for (domain,) in orphans})
    rows_of(connection, _DOMAINS_GONE, json.dumps(domains))
    refresh_due(connection, domains)


_MAILBOXES_GONE = (
    "DELETE FROM mailbox WHERE id IN (SELECT value FROM json_each(?))"
    " AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.mailbox_id = mailbox.id) RETURNING domain_id"
)
_DOMAINS_GONE = (
    "DELETE FROM domain WHERE id IN (SELECT value FROM json_each(?))"
    " AND NOT EXISTS (SELECT 1 FROM mailbox WHERE mailbox.domain_id = domain.id)"
)


def _purge_rows(connection: Connection, upload: int) -> int:
    return rows_of(connection, _ROWS_GONE, upload, upload, CHUNK_ROWS).rowcount


_ROWS_GONE = (
    "DELETE FROM sheet_row WHERE upload_id = ? AND number IN"
    " (SELECT number FROM sheet_row WHERE upload_id = ? ORDER BY number LIMIT ?)"
)


def _purge_domains(connection: Connection, upload: int) -> int:
    return rows_of(connection, _PLACES_GONE, upload, upload, CHUNK_ROWS).rowcount


_PLACES_GONE = (
    "DELETE FROM upload_domain WHERE upload_id = ? AND domain_id IN"
    " (SELECT domain_id FROM upload_domain WHERE upload_id = ? ORDER BY domain_id LIMIT ?)"
)


def _purge_list(connection: Connection, upload: int) -> int:
    """Remove the list itself, with its counters and its turn, once nothing else of it is left."""
    return rows_of(connection, _LIST_GONE, upload).rowcount


_LIST_GONE = (
    "DELETE FROM upload WHERE id = ? AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.upload_id = upload.id)"
)

_STEPS: tuple[Callable[[Connection, int], int], ...] = (
    _close,
    _purge_entries,
    _purge_rows,
    _purge_domains,
    _purge_list,
)
"""What is removed, in this order; each says how much that was."""
