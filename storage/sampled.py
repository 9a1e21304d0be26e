"""The part of a list that is checked first: who is meant by it, who of it waits, and when it is through."""

from sqlalchemy import Connection, text

from storage.bulk import rows_of
from storage.turns import give_up_turn

IS_MEANT = (
    "(upload.sample_size = 0 OR EXISTS (SELECT 1 FROM sampled"
    " WHERE sampled.upload_id = upload.id AND sampled.mailbox_id = mailbox.id))"
)
"""Where `upload` and `mailbox` are joined: the whole list is checked, or the mailbox is in its sample."""

_OPEN = (
    " FROM sampled CROSS JOIN entry ON entry.mailbox_id = sampled.mailbox_id"
    " AND +entry.upload_id = sampled.upload_id"
    " WHERE sampled.upload_id = {} AND +entry.status IS NULL"
)
SAMPLE_LEFT = f"(SELECT count(*){_OPEN.format('upload.id')})"
"""Entries of a list's sample that have no outcome yet, where `upload` is read."""


def open_in_sample(connection: Connection, upload: int) -> list[int]:
    """Give the mailboxes of a list's sample that have no outcome yet."""
    rows = rows_of(connection, f"SELECT DISTINCT sampled.mailbox_id{_OPEN.format('?')}", upload)
    return [mailbox for (mailbox,) in rows]


def pause_if_sampled(connection: Connection, upload: int) -> None:
    """Pause a running list whose sample has all its outcomes: its owner decides about the rest."""
    if connection.execute(_THROUGH, {"upload": upload}).rowcount:
        give_up_turn(connection, upload)


_THROUGH = text(
    "UPDATE upload SET state = 'paused', applied = 'paused',"  # noqa: S608 - constants
    " started_at = coalesce(started_at, CAST(strftime('%s', 'now') AS REAL))"
    f" WHERE id = :upload AND state = 'running' AND sample_size > 0 AND {SAMPLE_LEFT} = 0"
)
