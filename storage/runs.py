"""Starting, pausing and cancelling lists: which mailboxes are wanted, which answers still hold."""

import json
import time
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.never_probed import Listed, never_probed_of
from engine.reason import Reason
from engine.settings import Settings
from engine.verdict import Flag, LedgerLine, Status, Verdict
from storage.bulk import rows_of
from storage.codec import load_evidence
from storage.counters import end_if_done
from storage.database import Database
from storage.dns_only import await_no_more, await_routes
from storage.due import refresh_due
from storage.never_probed import wanted_under, withhold, write_lines
from storage.rejudge import finish_judging
from storage.settle import Settled, settle_entries
from storage.turns import MAILBOX_RANK, give_up_turn, rank_domains, take_turn
from storage.uploads import UploadState, upload_row

CHUNK_ROWS = 250
"""Rows of a list that one transaction takes: where each answer is reused, and read anew, some 200 ms."""
HOUR_S = 3600.0


def start_upload(database: Database, upload: int, settings: Settings) -> None:
    """Start or resume a list: reuse answers that still hold, and want the mailboxes of the others.

    What is on the never-probe list is settled as unknown. Other answers are reused unless the list was handed
    in to be checked again. In chunks; safe to repeat.
    """
    with database.writing() as connection:
        _change_state(connection, upload, UploadState.RUNNING)
        take_turn(connection, upload)
    _apply(database, upload, settings)


def pause_upload(database: Database, upload: int, settings: Settings) -> None:
    """Pause a list: its mailboxes are wanted no more, unless another running list wants them."""
    with database.writing() as connection:
        _change_state(connection, upload, UploadState.PAUSED)
        give_up_turn(connection, upload)
    _apply(database, upload, settings)


def check_by_dns_only(database: Database, upload: int, settings: Settings) -> None:
    """Go on with a list by DNS alone: what is still open is settled by its domain, and no host is asked."""
    with database.writing() as connection:
        connection.execute(
            text(
                "UPDATE upload SET is_dns_only = 1, applied = ''"
                " WHERE id = :upload AND state IN ('ready', 'running', 'paused')"
            ),
            {"upload": upload},
        )
    _apply(database, upload, settings)


def cancel_upload(database: Database, upload: int, settings: Settings) -> None:
    """End a list: entries without an outcome become unknown, `not_checked`; those with one keep it."""
    with database.writing() as connection:
        _change_state(connection, upload, UploadState.CANCELLED)
        give_up_turn(connection, upload)
    _apply(database, upload, settings)


def never_probe(database: Database, lines: Sequence[Listed], why: str) -> None:
    """Write lines of the never-probe list, and hold the lists that run to it from now on."""
    applied = {row.id: row.applied for row in _running(database)}
    write_lines(database, lines, why)
    mailboxes = wanted_under(database, never_probed_of(lines))
    for upload in (row.id for row in _running(database)):
        for start in range(0, len(mailboxes), CHUNK_ROWS):
            with database.writing() as connection:
                chunk = mailboxes[start : start + CHUNK_ROWS]
                _unwant(connection, withhold(connection, upload, chunk, time.time()))
                await_no_more(connection, chunk)
        with database.writing() as connection:
            connection.execute(_HELD, {"upload": upload, "applied": applied.get(upload, "")})


def _running(database: Database) -> Sequence[Row[Any]]:
    """Give the lists that run, those too whose start is not whole yet."""
    with database.reading() as connection:
        return connection.execute(_RUNNING).all()


_RUNNING = text("SELECT id, applied FROM upload WHERE state = 'running'")
_HELD = text("UPDATE upload SET applied = :applied WHERE id = :upload AND state = 'running' AND applied = ''")


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
    """Change where a list stands, unless it has come to its end."""
    connection.execute(
        text(
            "UPDATE upload SET state = :state, applied = ''"
            " WHERE id = :upload AND state IN ('ready', 'running', 'paused')"
        ),
        {"state": state, "upload": upload},
    )


def _apply(database: Database, upload: int, settings: Settings) -> None:
    """Write what a list's state means for its mailboxes, chunk by chunk, each by the state as it is then."""
    state = _state(database, upload)
    for chunk in _unsettled_mailboxes(database, upload):
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
        _want(connection, row, mailboxes, settings)
        return
    _unwant(connection, mailboxes)
    await_no_more(connection, mailboxes)
    if row.state == UploadState.CANCELLED:
        settled = [Settled(mailbox, _NOT_CHECKED, time.time()) for mailbox in mailboxes]
        settle_entries(connection, settled, upload=upload)


_NOT_CHECKED = Verdict(
    Status.UNKNOWN, Reason.NOT_CHECKED, 20, (LedgerLine("the list was ended before it was asked about", 20),)
)


def _unsettled_mailboxes(database: Database, upload: int) -> Iterator[list[int]]:
    """Walk the mailboxes of a list's entries without an outcome, by some rows of the list at a time."""
    with database.reading() as connection:
        row = upload_row(connection, upload)
    for start in range(0, row.row_count if row else 0, CHUNK_ROWS):
        with database.reading() as connection:
            mailboxes = connection.execute(
                text(
                    "SELECT DISTINCT mailbox_id FROM entry WHERE upload_id = :upload AND status IS NULL"
                    " AND row >= :start AND row < :end AND mailbox_id IS NOT NULL"
                ),
                {"upload": upload, "start": start, "end": start + CHUNK_ROWS},
            ).scalars()
            chunk = list(mailboxes)
        if chunk:
            yield chunk


def _want(connection: Connection, row: Row[Any], mailboxes: Sequence[int], settings: Settings) -> None:
    now = time.time()
    _unwant(connection, withhold(connection, row.id, mailboxes, now))
    _reuse(connection, row.id, mailboxes, now)
    stale = now - settings.domain_cache_ttl_hours * HOUR_S
    if row.is_dns_only:
        _unwant(connection, mailboxes)
        await_routes(connection, row.id, mailboxes, now=now, stale=stale)
        rank_domains(connection, _domains_of(connection, mailboxes))
        return
    names = {
        "mailboxes": json.dumps(list(mailboxes)),
        "now": now,
        "upload": row.id,
        "is_anew": row.is_fresh_wanted and row.started_at is None,
        "long_ago": now - settings.unknown_ttl_hours * HOUR_S,
        "stale": stale,
    }
    connection.execute(_FORGOTTEN, names)
    connection.execute(_WANTED, names)
    domains = _domains_of(connection, mailboxes)
    connection.execute(_LOOKED_UP, names | {"domains": json.dumps(domains)})
    rank_domains(connection, domains)
    refresh_due(connection, domains)


def _reuse(connection: Connection, upload: int, mailboxes: Sequence[int], now: float) -> None:
    """Settle this list's entries from answers that still hold."""
    rows = connection.execute(
        text(
            "SELECT mailbox.id, mailbox.evidence, mailbox.checked_at FROM json_each(:mailboxes) AS wanted"
            " CROSS JOIN mailbox ON mailbox.id = wanted.value JOIN upload ON upload.id = :upload"
            " WHERE mailbox.state = 'settled' AND mailbox.expires_at > :now"
            " AND (upload.is_fresh_wanted = 0 OR mailbox.checked_at >= upload.created_at)"
        ),
        {"mailboxes": json.dumps(list(mailboxes)), "upload": upload, "now": now},
    )
    settled = [Settled(row.id, load_evidence(row.evidence), row.checked_at) for row in rows]
    settle_entries(connection, settled, upload=upload, extra=Flag.REUSED)


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


def _unwant(connection: Connection, mailboxes: Sequence[int]) -> None:
    """Hold back the mailboxes that no running list wants."""
    names = {"mailboxes": json.dumps(list(mailboxes))}
    connection.execute(
        text(
            "UPDATE mailbox SET is_wanted = 0 WHERE id IN (SELECT value FROM json_each(:mailboxes))"
            " AND NOT EXISTS (SELECT 1 FROM entry CROSS JOIN upload ON upload.id = entry.upload_id"
            " WHERE entry.mailbox_id = mailbox.id AND +entry.status IS NULL AND upload.state = 'running'"
            " AND upload.is_dns_only = 0)"
        ),
        names,
    )
    refresh_due(connection, _domains_of(connection, mailboxes))
