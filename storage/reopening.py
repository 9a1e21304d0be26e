"""Entries that had their outcome wait for one again, and their lists' counters say so."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row

from storage.bulk import write_each
from storage.counters import count_taken_back
from storage.settle import OWN_FLAGS

REOPENED = (
    "SELECT entry.id, entry.upload_id, entry.ordinal, entry.flags, entry.status, entry.reason,"
    " entry.confidence, entry.mailbox_id, mailbox.domain_id FROM json_each(:mailboxes) AS reopened"
    " CROSS JOIN entry ON entry.mailbox_id = reopened.value"
    " CROSS JOIN mailbox ON mailbox.id = entry.mailbox_id"
    " CROSS JOIN upload ON upload.id = entry.upload_id WHERE +entry.status IS NOT NULL"
)
"""Selects what `leave_open` takes: the settled entries of `:mailboxes`, to be narrowed down."""


def leave_open(connection: Connection, entries: Sequence[Row[Any]]) -> None:
    """Leave entries, as `REOPENED` selects them, without an outcome; what speaks of their place stays."""
    rows = [{"id": entry.id, "flags": int(entry.flags & OWN_FLAGS)} for entry in entries]
    write_each(
        connection,
        "UPDATE entry SET status = NULL, reason = NULL, confidence = NULL, flags = :flags, suggestion = '',"
        " settled_at = NULL WHERE id = :id",
        rows,
    )
    count_taken_back(connection, [(entry, row["flags"]) for entry, row in zip(entries, rows, strict=True)])
