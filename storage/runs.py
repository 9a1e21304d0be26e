"""Starting, pausing, cancelling and deleting lists: which mailboxes are wanted, which answers still hold."""

import time
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, text

from engine.reason import Reason
from engine.settings import Settings
from engine.verdict import LedgerLine, Status, Verdict
from storage.bulk import rows_of
from storage.counters import end_if_done
from storage.database import Database
from storage.dns_only import await_no_more
from storage.plans import drop_plan
from storage.progress import Tell, tell_nobody
from storage.rejudge import finish_judging
from storage.sampled import open_in_sample
from storage.settle import Settled, settle_entries
from storage.turns import give_up_turn, take_turn
from storage.uploads import UploadState, upload_row
from storage.wanting import CHUNK_KNOWN, give_answers_back, pieces, unwant, want

CHUNK_ROWS = 2_000
"""Rows of a list that one transaction takes, where nothing is known of their mailboxes: some 50 ms."""


def start_upload(database: Database, upload: int, settings: Settings, tell: Tell = tell_nobody) -> None:
    """Start or resume a list: reuse answers that still hold, and want the mailboxes of the others.

    What is on the never-probe list is settled as unknown. Other answers are reused unless the list was handed
    in to be checked again. In chunks; safe to repeat. `tell` hears the share (0-1) of rows that is done.
    """
    with database.writing() as connection:
        _let_run(connection, upload)
    _apply(database, upload, settings, tell)


def check_whole(database: Database, upload: int, settings: Settings) -> None:
    """Start or resume a list as a whole, also where only a sample of it was to be checked so far."""
    with database.writing() as connection:
        connection.execute(_WHOLE, {"upload": upload})
        _let_run(connection, upload)
    _apply(database, upload, settings)


_WHOLE = text(
    "UPDATE upload SET sample_size = 0, started_at = NULL WHERE id = :upload AND sample_size > 0"
    " AND state IN ('ready', 'running', 'paused') AND deleted_at IS NULL"
)


def _let_run(connection: Connection, upload: int) -> None:
    _change_state(connection, upload, UploadState.RUNNING)
    take_turn(connection, upload)


def pause_upload(database: Database, upload: int, settings: Settings) -> None:
    """Pause a list: its mailboxes are wanted no more, unless another running list wants them."""
    with database.writing() as connection:
        _change_state(connection, upload, UploadState.PAUSED)
        give_up_turn(connection, upload)
    _apply(database, upload, settings)


def check_by_dns_only(database: Database, upload: int, settings: Settings) -> None:
    """Go on with a list by DNS alone: what is still open is settled by its domain, and no host is asked.

    One of which a sample was checked goes on as a whole. A planned send is given up: nobody could be asked
    before it.
    """
    with database.writing() as connection:
        if rows_of(connection, _BY_DNS_ONLY, upload).rowcount:
            drop_plan(connection, upload)
    _apply(database, upload, settings)


_BY_DNS_ONLY = (
    "UPDATE upload SET is_dns_only = 1, applied = '', sample_size = 0"
    " WHERE id = ? AND state IN ('ready', 'running', 'paused') AND deleted_at IS NULL"
)


def cancel_upload(database: Database, upload: int, settings: Settings) -> None:
    """End a list: entries without an outcome become unknown, `not_checked`; those with one keep it.

    What is asked about again keeps the answer that it had.
    """
    with database.writing() as connection:
        _change_state(connection, upload, UploadState.CANCELLED)
        give_up_turn(connection, upload)
    _apply(database, upload, settings)


def delete_upload(database: Database, upload: int, settings: Settings) -> None:
    """Delete a list: it is shown nowhere from now on, and asks nobody. One that ran is paused.

    storage/deletion brings it back; storage/purge removes it when its days are over. A list that is still
    being read is not deleted.
    """
    with database.writing() as connection:
        row = connection.execute(_DELETED, {"upload": upload, "now": time.time()}).one_or_none()
        give_up_turn(connection, upload)
    if row is not None and row.state == UploadState.PAUSED:
        _apply(database, upload, settings)
    if row is not None and row.state == UploadState.DONE:
        _want_no_more(database, upload)


def _want_no_more(database: Database, upload: int) -> None:
    """Hold back those of a done list whose answer was taken back: else they would be asked for it."""
    with database.reading() as connection:
        mailboxes = [mailbox for (mailbox,) in rows_of(connection, _TAKEN_BACK, upload)]
    for chunk in pieces(mailboxes, CHUNK_ROWS):
        with database.writing() as connection:
            unwant(connection, chunk)


# The planner takes the index over both states only where both are named.
_TAKEN_BACK = (
    "SELECT id FROM mailbox WHERE state IN ('active', 'deferred') AND state = 'deferred' AND is_wanted = 1"
    " AND expires_at = 0 AND EXISTS (SELECT 1 FROM entry"
    " WHERE entry.mailbox_id = mailbox.id AND +entry.upload_id = ?)"
)
_DELETED = text(
    "UPDATE upload SET deleted_at = :now, applied = iif(state = 'running', '', applied),"
    " state = iif(state = 'running', 'paused', state)"
    " WHERE id = :upload AND deleted_at IS NULL AND state <> 'reading' RETURNING state"
)


def finish_changes(database: Database, settings: Settings) -> None:
    """Do again what a kill broke off: while a list was started, paused, cancelled, or judged again."""
    finish_judging(database)
    with database.reading() as connection:
        rows = connection.execute(
            text(
                "SELECT id FROM upload WHERE applied <> state AND state IN ('running', 'paused', 'cancelled')"
            )
        ).scalars()
        broken_off = list(rows)
    for upload in broken_off:
        _apply(database, upload, settings)


def _change_state(connection: Connection, upload: int, state: UploadState) -> None:
    """Change where a list stands, unless it has come to its end, or was deleted."""
    connection.execute(
        text(
            "UPDATE upload SET state = :state, applied = '',"
            " sample_size = iif(:state = 'cancelled', 0, sample_size)"
            " WHERE id = :upload AND state IN ('ready', 'running', 'paused') AND deleted_at IS NULL"
        ),
        {"state": state, "upload": upload},
    )


def _apply(database: Database, upload: int, settings: Settings, tell: Tell = tell_nobody) -> None:
    """Write what a list's state means for its mailboxes, chunk by chunk, each by the state as it is then."""
    state = _state(database, upload)
    for chunk in _unsettled_mailboxes(database, upload, tell):
        with database.writing() as connection:
            _apply_to(connection, upload, chunk, settings)
    with database.writing() as connection:
        connection.execute(
            text(
                "UPDATE upload SET applied = :state, started_at = coalesce(started_at, :now)"
                " WHERE id = :upload AND state = :state"
            ),
            {"state": state, "upload": upload, "now": time.time()},
        )
        end_if_done(connection, upload)


def _state(database: Database, upload: int) -> UploadState | None:
    with database.reading() as connection:
        row = upload_row(connection, upload)
    return UploadState(row.state) if row else None


def _apply_to(connection: Connection, upload: int, mailboxes: Sequence[int], settings: Settings) -> None:
    row = upload_row(connection, upload)
    if row is None:
        return
    if row.state == UploadState.RUNNING:
        want(connection, row, mailboxes, settings)
        return
    unwant(connection, mailboxes)
    await_no_more(connection, mailboxes)
    if row.state == UploadState.CANCELLED:
        give_answers_back(connection, upload, mailboxes)
        settled = [Settled(mailbox, _NOT_CHECKED, time.time()) for mailbox in mailboxes]
        settle_entries(connection, settled, upload=upload)


_NOT_CHECKED = Verdict(
    Status.UNKNOWN, Reason.NOT_CHECKED, 20, (LedgerLine("the list was ended before it was asked about", 20),)
)


def _unsettled_mailboxes(database: Database, upload: int, tell: Tell) -> Iterator[Sequence[int]]:
    """Walk the mailboxes of a list's entries without an outcome, by some rows of the list at a time.

    While only a sample of the list is meant, nobody else's are walked.
    """
    with database.reading() as connection:
        row = upload_row(connection, upload)
        sampled = open_in_sample(connection, upload) if row and row.sample_size else None
    if sampled is not None:
        yield from pieces(sampled, CHUNK_KNOWN)
        return
    rows = row.row_count if row else 0
    for start in range(0, rows, CHUNK_ROWS):
        with database.reading() as connection:
            found = rows_of(connection, _OPEN_IN_ROWS, upload, start, start + CHUNK_ROWS).fetchall()
        yield from pieces([mailbox for mailbox, is_known in found if not is_known], CHUNK_ROWS)
        yield from pieces([mailbox for mailbox, is_known in found if is_known], CHUNK_KNOWN)
        tell(min((start + CHUNK_ROWS) / rows, 1.0))


_OPEN_IN_ROWS = (
    "SELECT DISTINCT mailbox.id, mailbox.evidence IS NOT NULL FROM entry"
    " CROSS JOIN mailbox ON mailbox.id = entry.mailbox_id"
    " WHERE entry.upload_id = ? AND entry.status IS NULL AND entry.row >= ? AND entry.row < ?"
)
