"""Asking again in a list that has ended: about all that nobody could tell, or about one address."""

import json
import time
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, text

from engine.reason import NEVER_AGAIN, Reason
from engine.settings import Settings
from storage.bulk import rows_of
from storage.database import Database
from storage.reopening import REOPENED, leave_open
from storage.runs import start_upload
from storage.turns import give_up_turn, put_first, take_turn
from storage.unasked import let_go
from storage.uploads import upload_row
from storage.wanting import CHUNK_KNOWN, pieces, want


def ask_unknown_again(database: Database, upload: int, settings: Settings) -> None:
    """Run a list that has ended again for its unknown addresses; all other answers stay.

    Who was held back by the never-probe list or a policy, and is no more, is asked about too; where it is
    checked by DNS alone, nobody else is looked up. It is paused meanwhile, so a kill in the middle leaves a
    list that goes on when it is resumed.
    """
    with database.writing() as connection:
        if not rows_of(connection, _PAUSED, upload).rowcount:
            return
        give_up_turn(connection, upload)
    for mailboxes in _unknown(database, upload):
        with database.writing() as connection:
            forget(connection, upload, mailboxes)
    start_upload(database, upload, settings)


def count_let_go(database: Database, upload: int) -> int:
    """Count the addresses of a list that were held back before anybody was asked, and are no more."""
    with database.reading() as connection:
        names = {"upload": upload, "mailboxes": json.dumps(let_go(connection, upload))}
        counted: int = connection.execute(_COUNTED, names).scalar_one()
    return counted


_COUNTED = text(
    "SELECT count(*) FROM json_each(:mailboxes) AS free CROSS JOIN entry ON entry.mailbox_id = free.value"
    " WHERE +entry.upload_id = :upload AND +entry.reason = 'never_probed'"
)


def ask_entry_again(database: Database, upload: int, entry: int, settings: Settings) -> None:
    """Ask about one address of a list again, before all others; the list runs until it has its answer."""
    with database.writing() as connection:
        found = rows_of(connection, _MAILBOX_OF, entry, upload).fetchone()
        if found is None or not rows_of(connection, MADE_TO_RUN, upload).rowcount:
            return
        take_turn(connection, upload)
        forget(connection, upload, found)
        row = upload_row(connection, upload)
        assert row is not None, "an entry is some list's"
        want(connection, row, found, settings)
        put_first(connection, found[0])


_PAUSED = (
    "UPDATE upload SET state = 'paused', applied = 'paused', finished_at = NULL"
    " WHERE id = ? AND state IN ('done', 'cancelled') AND deleted_at IS NULL"
)
MADE_TO_RUN = (
    "UPDATE upload SET state = 'running', applied = iif(state = 'running', applied, 'running'),"
    " finished_at = NULL WHERE id = ? AND state IN ('running', 'done', 'cancelled') AND is_dns_only = 0"
    " AND sample_size = 0 AND deleted_at IS NULL"
)
"""Has a list (its id is the one value) run from now on, if it stands where it can be asked again."""
_MAILBOX_OF = "SELECT mailbox_id FROM entry WHERE id = ? AND upload_id = ? AND mailbox_id IS NOT NULL"


def _unknown(database: Database, upload: int) -> Iterator[Sequence[int]]:
    """Walk the mailboxes of a list's unknown addresses, some at a time."""
    with database.reading() as connection:
        names = {"upload": upload, "never": json.dumps(NEVER_AGAIN)}
        mailboxes = [*connection.execute(_UNKNOWN, names).scalars(), *let_go(connection, upload)]
    yield from pieces(mailboxes, CHUNK_KNOWN)


_UNKNOWN = text(
    "SELECT DISTINCT mailbox_id FROM entry WHERE upload_id = :upload AND status = 'unknown'"
    " AND mailbox_id IS NOT NULL AND reason NOT IN (SELECT value FROM json_each(:never))"
    " AND (SELECT is_dns_only FROM upload WHERE id = :upload) = 0"
)


def forget(connection: Connection, upload: int, mailboxes: Sequence[int]) -> None:
    """Leave these mailboxes' entries of a list open, and let no answer be reused that they rest on.

    Nobody was asked for those that it left when it ended early, or held back: another list's answer is good
    for them.
    """
    names = {"mailboxes": json.dumps(list(mailboxes)), "upload": upload, "now": time.time()}
    entries = connection.execute(_OF_LIST, names).all()
    leave_open(connection, entries)
    asked = {each.mailbox_id for each in entries if each.reason not in _NOBODY_ASKED}
    connection.execute(_EXPIRED, names | {"mailboxes": json.dumps(list(asked))})


_NOBODY_ASKED = (Reason.NOT_CHECKED, Reason.NEVER_PROBED)
_OF_LIST = text(f"{REOPENED} AND upload.id = :upload")
_EXPIRED = text(
    "UPDATE mailbox SET expires_at = :now WHERE state = 'settled' AND expires_at > :now"
    " AND id IN (SELECT value FROM json_each(:mailboxes))"
)
