"""Asks lists again as it was planned, a piece at a time; if nobody ran then, at the next start."""

import json
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.reason import NEVER_AGAIN
from engine.settings import Settings
from storage.again import MADE_TO_RUN, forget
from storage.bulk import rows_of
from storage.plans import SEND_LASTS_S
from storage.turns import take_turn
from storage.uploads import upload_row
from storage.wanting import want

CHUNK_ROWS = 250
"""Rows of a list that one transaction looks at: some 50 ms where all of them are asked again."""


def ask_next(connection: Connection, settings: Settings, now: float) -> bool:
    """Ask again about the next piece of a list whose time has come, and say whether there may be more now.

    Each piece is whole by itself, so a kill costs nothing. It begins with a list that has ended, and waits
    for one that runs or is paused; one that is ended early meanwhile is let be. After the day of the send
    nothing is begun.
    """
    connection.execute(_LET_BE, {"now": now})
    plan = connection.execute(_DUE, {"now": now, "lasts": SEND_LASTS_S}).first()
    if plan is None:
        return False
    if plan.begun_at is None:
        rows_of(connection, _ENDED_WHOLE, plan.upload_id)
    found = list(connection.execute(_WHOM, _names(plan)).scalars())
    if found:
        _ask(connection, plan.upload_id, found, settings)
    end = plan.next_row + CHUNK_ROWS
    asked_at = now if end >= plan.row_count else None
    connection.execute(
        _WRITTEN,
        {"upload": plan.upload_id, "end": end, "found": len(found), "now": now, "asked_at": asked_at},
    )
    return True


def _names(plan: Row[Any]) -> dict[str, Any]:
    return {
        "upload": plan.upload_id,
        "start": plan.next_row,
        "end": plan.next_row + CHUNK_ROWS,
        "send_at": plan.send_at,
        "scope": plan.scope,
        "never": json.dumps(NEVER_AGAIN),
    }


def _ask(connection: Connection, upload: int, mailboxes: list[int], settings: Settings) -> None:
    """Leave these mailboxes of a list open, and have the list run for them."""
    rows_of(connection, MADE_TO_RUN, upload)
    take_turn(connection, upload)
    forget(connection, upload, mailboxes)
    row = upload_row(connection, upload)
    assert row is not None, "a plan is some list's"
    want(connection, row, mailboxes, settings)


_LET_BE = text(
    "UPDATE planned_send SET asked_at = :now WHERE begun_at IS NOT NULL AND asked_at IS NULL"
    " AND EXISTS (SELECT 1 FROM upload WHERE upload.id = upload_id AND upload.state = 'cancelled')"
)
_DUE = text(
    "SELECT planned_send.*, upload.row_count FROM planned_send CROSS JOIN upload ON upload.id = upload_id"
    " WHERE asked_at IS NULL AND ask_at <= :now AND deleted_at IS NULL AND is_dns_only = 0"
    " AND iif(begun_at IS NULL, (state = 'done' OR state = 'cancelled' AND applied = 'cancelled')"
    " AND send_at + :lasts > :now, state IN ('running', 'done')) ORDER BY ask_at, upload_id LIMIT 1"
)
# A list that was ended early has all its outcomes too, once that is applied. From here on, that it is
# cancelled is news.
_ENDED_WHOLE = "UPDATE upload SET state = 'done', applied = 'done' WHERE id = ? AND state = 'cancelled'"
_WHOM = text(
    "SELECT DISTINCT entry.mailbox_id FROM entry JOIN mailbox ON mailbox.id = entry.mailbox_id"
    " WHERE entry.upload_id = :upload AND entry.row >= :start AND entry.row < :end"
    " AND entry.status IS NOT NULL AND entry.first_row IS NULL"
    " AND entry.reason NOT IN (SELECT value FROM json_each(:never))"
    " AND (entry.status = 'unknown' OR :scope = 'ageing' AND coalesce(mailbox.expires_at, 0) <= :send_at)"
)
_WRITTEN = text(
    "UPDATE planned_send SET next_row = :end, reopened = reopened + :found,"
    " begun_at = coalesce(begun_at, :now), asked_at = :asked_at WHERE upload_id = :upload"
)
